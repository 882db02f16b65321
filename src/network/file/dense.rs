//! A dense layer in the network file.

use std::fmt::Write as _;

use ndarray::{Array2, ShapeBuilder};
use schemars::JsonSchema;
use serde::Deserialize;

use super::decimals::{LayerDecimals, Texts};
use super::faults::FaultLog;
use super::numbers::Numbers;
use super::raw::{RawActivation, given};
use super::write::{list, rows};
use crate::error::Invalid;
use crate::network::{Layer, linear::Dense};

/// A dense layer: every input is tied to every unit by a weight of its own.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, bound = "N: Deserialize<'de>")]
#[schemars(rename = "dense", bound = "")]
pub(super) struct RawDense<N> {
    /// weights[i][j] leads from input i to unit j (the other way round with "out_in").
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Vec<Vec<f64>>", required)]
    weights: Option<N>,
    /// Whether weights[i][j] or PyTorch's weights[j][i] is meant.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "RawOrder")]
    weights_order: Option<RawOrder>,
    /// One number for each unit; zeros where it is left out.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Vec<f64>")]
    bias: Option<N>,
    /// What happens to the pre-activation; identity where it is left out.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "RawActivation")]
    activation: Option<RawActivation>,
}

#[derive(Deserialize, JsonSchema, Clone, Copy)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum RawOrder {
    InOut,
    OutIn,
}

impl RawDense<Numbers> {
    /// The layer on a level of `units` units, where these are known; where a part alone is wrong, one that is not
    /// `sound`. Where weights fit in the other order, nothing else is held against the shape of theirs or of later ones.
    pub(super) fn build(
        self,
        units: Option<usize>,
        at: &str,
        faults: &mut FaultLog,
        sound: &mut bool,
    ) -> Option<Layer> {
        let weights = faults.required(at, "weights", self.weights, || {
            "a dense layer needs the key `weights`".to_owned()
        });
        let order = self.weights_order.unwrap_or(RawOrder::InOut);
        let weights = weights.and_then(|weights| faults.note(at, matrix(weights, order)));
        if let (Some(weights), Some(units)) = (&weights, units) {
            let fits = faults.note(at, fitting(weights.dim(), order, units));
            *sound &= fits.is_some();
            faults.turned |= fits.is_none() && weights.ncols() == units;
        }
        if faults.turned {
            return None;
        }
        let units = weights.as_ref().map(Array2::ncols);
        let bias = match self.bias {
            None => Some(Vec::new()),
            Some(bias) => faults.note(at, bias.each("bias", units, "unit")),
        };
        *sound &= bias.is_some();
        let activation = self.activation.map(Into::into).unwrap_or_default();
        let layer = Layer::dense(weights?, bias.unwrap_or_default(), activation);
        faults.note(at, layer)
    }
}

impl<'t> RawDense<Texts<'t>> {
    pub(super) fn decimals(self) -> LayerDecimals<'t> {
        LayerDecimals {
            stored: self.weights.unwrap_or_default().0,
            bias: self.bias.unwrap_or_default().0,
        }
    }
}

/// Weights as inputs × units, stored in whichever order they are written.
fn matrix(numbers: Numbers, order: RawOrder) -> Result<Array2<f64>, Invalid> {
    let [rows, columns] = numbers.shape[..] else {
        return Err(Invalid::new(
            "weights",
            "expected a list of rows, one row for each input",
            numbers.lists(),
        ));
    };
    let order = match order {
        RawOrder::InOut => (rows, columns).into_shape_with_order(),
        RawOrder::OutIn => (columns, rows).f(),
    };
    Array2::from_shape_vec(order, numbers.values).map_err(|error| {
        let expected = format!("expected {rows} rows of {columns}");
        Invalid::new("weights", expected, error)
    })
}

/// Whether weights of so many inputs and outputs fit on a level of `units` units; a fault tells of them as they are written.
fn fitting(
    (inputs, outputs): (usize, usize),
    order: RawOrder,
    units: usize,
) -> Result<(), Invalid> {
    if inputs == units {
        return Ok(());
    }
    let (expected, found, help) = match order {
        RawOrder::InOut => (
            format!("expected {units} rows, one for each unit of the level below"),
            format!("{inputs} rows of {outputs}"),
            "PyTorch lays weights out [unit][input]: say \"weights_order\": \"out_in\"",
        ),
        RawOrder::OutIn => (
            format!("expected rows of {units}, one number for each unit of the level below"),
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

/// The keys behind the type: a line for each row of weights.
pub(super) fn json(layer: &Layer, map: &Dense) -> String {
    let weights = rows(map.weights().rows().into_iter(), "        ", "      ");
    let mut json = format!(",\n      \"weights\": {weights}");
    if !layer.bias().is_empty() {
        let _ = write!(json, ",\n      \"bias\": {}", list(layer.bias()));
    }
    let activation = layer.activation().name();
    let _ = write!(json, ",\n      \"activation\": \"{activation}\"");
    json
}
