//! A scale in the network file.

use schemars::JsonSchema;
use serde::Deserialize;

use super::beside::Written;
use super::decimals::{LayerDecimals, Texts};
use super::numbers::Numbers;
use super::raw::given;
use super::site::Site;
use super::tensors::Weights;
use super::write::list;
use crate::error::Invalid;
use crate::network::linear::{Linear, Scale};
use crate::network::{Activation, Layer, Shape};
use crate::words::count;

/// A scale: every value times a weight of its own or of its channel, plus a bias.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, bound = "N: Deserialize<'de>")]
#[schemars(rename = "scale", bound = "")]
pub(super) struct RawScale<N> {
    /// One number for each channel, or one for each value; or a tensor of them.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "super::tensors::schema::<1>", required)]
    weights: Option<Weights<N>>,
    /// One number for each channel, or one for each value; zeros where it is left out.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "super::tensors::schema::<1>")]
    bias: Option<Weights<N>>,
}

impl RawScale<Numbers> {
    pub(super) fn build(self, site: &mut Site, activation: Activation) -> Option<Layer> {
        let shape = site.source();
        let weights = site.weights(self.weights);
        let weights = weights.and_then(|weights| site.note(weights.each("weights", None, "")));
        let bias = site.bias(self.bias, None, "");
        let (weights, shape) = (weights?, shape?);
        site.note_part(each("weights", &weights, shape));
        if !bias.is_empty() {
            site.note_part(each("bias", &bias, shape));
        }
        if !site.sound {
            return None;
        }
        let each = shape.units() / weights.len();
        let map = site.note(Scale::new(weights, each))?;
        site.note(Layer::new(Linear::Scale(map), shape, bias, activation))
    }
}

/// Whether there is a number for each channel or each value.
fn each(key: &str, numbers: &[f64], shape: Shape) -> Result<(), Invalid> {
    let (channels, units) = (shape.channels(), shape.units());
    if [channels, units].contains(&numbers.len()) {
        return Ok(());
    }
    let mut expected = format!("expected {}", count(channels, "number"));
    expected += &match shape {
        Shape::Flat(_) => ", one for each value".to_owned(),
        Shape::Image(_) => format!(", one for each channel, or {units}, one for each value"),
    };
    Err(Invalid::new(key, expected, numbers.len()))
}

impl<'t> RawScale<Texts<'t>> {
    pub(super) fn decimals(self) -> LayerDecimals<'t> {
        LayerDecimals::of(self.weights, self.bias)
    }
}

/// The keys behind the type.
pub(super) fn json<'n>(layer: &'n Layer, map: &'n Scale, numbers: &mut Written<'n>) -> String {
    let weights = map.weights();
    let value = numbers.weights(&[weights.len()], layer.linear().stored(), || list(weights));
    format!(",\n      \"weights\": {value}") + &numbers.bias(layer.bias())
}
