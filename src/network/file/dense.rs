//! A dense layer in the network file.

use schemars::JsonSchema;
use serde::Deserialize;

use super::beside::Written;
use super::decimals::{LayerDecimals, Texts};
use super::numbers::{Numbers, Stored};
use super::raw::given;
use super::site::Site;
use super::tensors::Weights;
use super::write::rows;
use crate::error::Invalid;
use crate::network::linear::Dense;
use crate::network::matrix::Matrix;
use crate::network::{Activation, Layer};

/// A dense layer: every input is tied to every unit by a weight of its own.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, bound = "N: Deserialize<'de>")]
#[schemars(rename = "dense", bound = "")]
pub(super) struct RawDense<N> {
    /// weights[i][j] leads from input i to unit j (the other way round with "out_in"); or a tensor of this shape.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "super::tensors::schema::<2>", required)]
    weights: Option<Weights<N>>,
    /// Whether weights[i][j] or PyTorch's weights[j][i] is meant.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "RawOrder")]
    weights_order: Option<RawOrder>,
    /// One number for each unit; zeros where it is left out.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "super::tensors::schema::<1>")]
    bias: Option<Weights<N>>,
}

#[derive(Deserialize, JsonSchema, Clone, Copy)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum RawOrder {
    InOut,
    OutIn,
}

impl RawDense<Numbers> {
    /// The layer; where a part alone is wrong, one that is not sound. Where weights fit in the other order, nothing else is held
    /// against the shape of theirs or of later ones.
    pub(super) fn build(self, site: &mut Site, activation: Activation) -> Option<Layer> {
        let source = site.source();
        let order = self.weights_order.unwrap_or(RawOrder::InOut);
        let weights = site.weights(self.weights);
        let weights = weights.and_then(|weights| site.note(matrix(weights, order)));
        let sides = weights.as_ref().map(|weights| weights.view().dim());
        if let (Some(sides), Some(source)) = (sides, source) {
            let units = source.units();
            let fits = site.note_part(fitting(sides, order, units, site.below));
            site.faults.turned |= fits.is_none() && sides.1 == units;
        }
        if site.faults.turned {
            return None;
        }
        let units = sides.map(|(_, units)| units);
        let bias = site.bias(self.bias, units, "unit");
        let map = site.note(Dense::of(weights?.for_use()))?;
        site.note(Layer::of_dense(map, bias, activation))
    }
}

impl<'t> RawDense<Texts<'t>> {
    pub(super) fn decimals(self) -> LayerDecimals<'t> {
        LayerDecimals::of(self.weights, self.bias)
    }
}

/// Weights as inputs × units, stored in whichever order they are written.
fn matrix(numbers: Stored, order: RawOrder) -> Result<Matrix, Invalid> {
    let [rows, columns] = numbers.shape[..] else {
        return Err(Invalid::new(
            "weights",
            "expected a list of rows, one row for each input",
            numbers.lists(),
        ));
    };
    let found = numbers.values.len();
    let matrix = Matrix::by_rows(numbers.values, [rows, columns]).ok_or_else(|| {
        let expected = format!("expected {rows} rows of {columns}");
        Invalid::new("weights", expected, found)
    })?;
    Ok(match order {
        RawOrder::InOut => matrix,
        RawOrder::OutIn => matrix.transposed(),
    })
}

/// Whether weights of so many inputs and outputs fit on a level of `units` units; a fault tells of them as they are written.
fn fitting(
    (inputs, outputs): (usize, usize),
    order: RawOrder,
    units: usize,
    below: &str,
) -> Result<(), Invalid> {
    if inputs == units {
        return Ok(());
    }
    let (expected, found, help) = match order {
        RawOrder::InOut => (
            format!("expected {units} rows, one for each unit of the level below{below}"),
            format!("{inputs} rows of {outputs}"),
            "PyTorch lays weights out [unit][input]: say \"weights_order\": \"out_in\"",
        ),
        RawOrder::OutIn => (
            format!("expected rows of {units}, one number for each unit of the level below{below}"),
            format!("{outputs} rows of {inputs}"),
            "the file says \"out_in\", but these weights fit as \"in_out\": leave `weights_order` out",
        ),
    };
    let invalid = Invalid::new("weights", expected, found);
    Err(if outputs == units {
        invalid.help(help)
    } else {
        invalid
    })
}

/// The keys behind the type: a line for each row of weights, or the tensor that they are in the order that they have in memory.
pub(super) fn json<'n>(layer: &'n Layer, map: &'n Dense, numbers: &mut Written<'n>) -> String {
    let (weights, stored) = (map.weights(), layer.linear().stored());
    let (inputs, units) = weights.dim();
    let turned = !numbers.is_inline() && weights.is_by_column();
    let shape = if turned {
        [units, inputs]
    } else {
        [inputs, units]
    };
    let order = if turned {
        ", \"weights_order\": \"out_in\""
    } else {
        ""
    };
    let text = || rows(weights.to_f64().rows().into_iter(), "        ", "      ");
    let value = numbers.weights(&shape, stored, text);
    format!(",\n      \"weights\": {value}{order}") + &numbers.bias(layer.bias())
}
