//! A gather in the network file.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use super::raw::given;
use super::site::Site;
use crate::error::Invalid;
use crate::network::linear::{Gather, Linear};
use crate::network::{Activation, Layer, Shape};
use crate::words::count;

/// A gather: values picked from a level, in any order.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "gather")]
pub(super) struct RawGather {
    /// For each unit the index of the value that it is, from 0 in the order channel, row, column; null is the constant 0.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "indices", required)]
    indices: Option<Vec<Option<usize>>>,
    /// The shape of the level that it makes, [n] or [channels, height, width]; [n] where it is left out.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Vec<usize>", length(min = 1, max = 3), inner(range(min = 1)))]
    shape: Option<Vec<usize>>,
}

impl RawGather {
    pub(super) fn build(self, site: &mut Site, activation: Activation) -> Option<Layer> {
        let source = site.source();
        let indices = site.required("indices", self.indices)?;
        let shape = match self.shape {
            None => Some(Shape::Flat(indices.len())),
            Some(sides) => site.note(shape(&sides, indices.len())),
        };
        let map = site.note(Gather::new(source?.units(), indices));
        let layer = Layer::new(Linear::Gather(map?), shape?, Vec::new(), activation);
        site.note(layer)
    }
}

/// The shape with these sides, of so many values.
fn shape(sides: &[usize], units: usize) -> Result<Shape, Invalid> {
    let product = (sides.iter()).try_fold(1_usize, |product, &side| product.checked_mul(side));
    let fits = product == Some(units);
    match sides {
        [_] if fits => Ok(Shape::Flat(units)),
        &[channels, height, width] if fits => Ok(Shape::Image([channels, height, width])),
        [_] | [_, _, _] => {
            let expected = format!(
                "expected the sides of {}, as many as `indices` has",
                count(units, "value")
            );
            Err(Invalid::new("shape", expected, format!("{sides:?}")))
        }
        _ => Err(Invalid::new(
            "shape",
            "expected [n] or [channels, height, width]",
            count(sides.len(), "number"),
        )),
    }
}

fn indices(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "array", "minItems": 1, "items": { "type": ["integer", "null"], "minimum": 0 }
    })
}

/// The keys behind the type.
pub(super) fn json(layer: &Layer, map: &Gather) -> String {
    let spelt = |index: &Option<usize>| index.map_or("null".to_owned(), |i| i.to_string());
    let indices: Vec<String> = map.indices().iter().map(spelt).collect();
    let indices = format!(", \"indices\": [{}]", indices.join(", "));
    match layer.shape() {
        Shape::Flat(_) => indices,
        Shape::Image(sides) => format!("{indices}, \"shape\": {sides:?}"),
    }
}
