//! The gate: text → raw shapes → a well-formed [`Network`], or an error with its place.
//!
//! The raw shapes are private. What serde refuses is told with the path it stood at; what the gate refuses
//! is told with the path it is about; both are looked up in the text, so that line, column and an excerpt
//! go with every message.

mod complaint;
mod numbers;
mod place;
mod raw;

use std::fs;
use std::io::{self, Read};

use ndarray::{Array2, ShapeBuilder};
use serde::Deserialize;

pub(crate) use complaint::did_you_mean;
pub(crate) use numbers::Numbers;
use raw::{Object, RawActivation, RawInput, RawKind, RawLayer, RawNetwork, RawOrder};

use super::{Activation, Bounds, Input, Layer, Network};
use crate::error::{Error, Invalid, count};

/// The JSON Schema of the network file.
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(RawNetwork)
}

pub(super) fn read(file: &str) -> Result<Network, Error> {
    let (file, text) = source(file)?;
    parse(&file, &text)
}

pub(super) fn source(file: &str) -> Result<(String, Vec<u8>), Error> {
    let mut text = Vec::new();
    let (file, read) = if file == "-" {
        ("standard input", io::stdin().read_to_end(&mut text))
    } else {
        (file, read_into(file, &mut text))
    };
    match read {
        Ok(_) => Ok((file.to_owned(), text)),
        Err(reason) => Err(Error::Unreadable {
            file: file.to_owned(),
            reason,
        }),
    }
}

fn read_into(file: &str, text: &mut Vec<u8>) -> io::Result<usize> {
    *text = fs::read(file)?;
    Ok(text.len())
}

pub(super) fn parse(file: &str, text: &[u8]) -> Result<Network, Error> {
    let Object(raw): Object<RawNetwork> =
        from_json(text).map_err(|(path, error)| complaint::of_json(file, text, &path, &error))?;
    network(raw).map_err(|invalid| complaint::of_gate(file, text, invalid).into())
}

/// Reads one JSON value of a file of samples that begins at this line and column.
pub(crate) fn json<'t, T: Deserialize<'t>>(
    file: &str,
    text: &'t [u8],
    (line, column): (usize, usize),
) -> Result<T, Error> {
    from_json(text).map_err(|(path, error)| {
        let mut malformed = complaint::of_json(file, text, &path, &error);
        let before = column - 1;
        malformed.position = malformed.position.map(|within| match within {
            (1, column) => (line, before + column),
            (below, column) => (line + below - 1, column),
        });
        // The excerpt has the value alone: where more stands before it, it would be shown in the wrong column.
        malformed.excerpt = malformed.excerpt.filter(|_| before == 0);
        malformed.into()
    })
}

/// One JSON value, or the error and the path it stands at.
///
/// Keeping track of the path costs time, so it is looked for only where there is an error.
fn from_json<'t, T: Deserialize<'t>>(text: &'t [u8]) -> Result<T, (String, serde_json::Error)> {
    serde_json::from_slice(text).map_err(|error| {
        let mut json = serde_json::Deserializer::from_slice(text);
        let path = serde_path_to_error::deserialize::<_, T>(&mut json).err();
        (
            path.map_or_else(String::new, |error| error.path().to_string()),
            error,
        )
    })
}

fn network(raw: RawNetwork) -> Result<Network, Invalid> {
    let of_input = |invalid: Invalid| invalid.below("input");
    let input = input(raw.input.0).map_err(of_input)?;
    // A pool takes its size from the units below, so these are to be known first.
    let mut units = input.check().map_err(of_input)?;
    let mut layers = Vec::with_capacity(raw.layers.len());
    for (l, Object(raw)) in raw.layers.into_iter().enumerate() {
        let layer = layer(raw, units).map_err(|invalid| invalid.below(&format!("layers[{l}]")))?;
        units = layer.linear().outputs();
        layers.push(layer);
    }
    let mut network = Network::new(input, layers)?
        .named(raw.name.unwrap_or_default())
        .described(raw.description.unwrap_or_default());
    if let Some(outputs) = raw.outputs {
        network = network.with_outputs(outputs)?;
    }
    match raw.inputs {
        Some(inputs) => {
            let samples = samples(&network, &inputs)?;
            network.with_samples(samples)
        }
        None => Ok(network),
    }
}

fn input(raw: RawInput) -> Result<Input, Invalid> {
    let bounds = match raw.bounds {
        None => None,
        Some(Numbers { values, shape }) => Some(match shape[..] {
            [2] => Bounds::Same([values[0], values[1]]),
            [2, units] => {
                Bounds::Each((0..units).map(|i| [values[i], values[units + i]]).collect())
            }
            _ => {
                return Err(Invalid::new(
                    "bounds",
                    "expected [l, h] or a list of every l and a list of every h",
                    lists(&shape),
                ));
            }
        }),
    };
    Ok(Input {
        shape: raw.shape,
        names: raw.names.unwrap_or_default(),
        bounds,
    })
}

fn layer(raw: RawLayer, units: usize) -> Result<Layer, Invalid> {
    match raw.kind {
        RawKind::Dense => {
            refuse("dense", &[("size", raw.size.is_some())])?;
            dense(raw)
        }
        RawKind::SumPool => {
            let keys = [
                ("weights", raw.weights.is_some()),
                ("weights_order", raw.weights_order.is_some()),
                ("bias", raw.bias.is_some()),
                ("activation", raw.activation.is_some()),
            ];
            refuse("sum_pool", &keys)?;
            Layer::sum_pool(units, raw.size.unwrap_or(units))
        }
    }
}

fn dense(raw: RawLayer) -> Result<Layer, Invalid> {
    let Some(Numbers { values, shape }) = raw.weights else {
        return Err(Invalid {
            path: String::new(),
            message: "a dense layer needs the key `weights`".to_owned(),
            help: None,
        });
    };
    let [rows, columns] = shape[..] else {
        return Err(Invalid::new(
            "weights",
            "expected a list of rows, one row for each input",
            lists(&shape),
        ));
    };
    let order = match raw.weights_order.unwrap_or(RawOrder::InOut) {
        RawOrder::InOut => (rows, columns).into_shape_with_order(),
        RawOrder::OutIn => (columns, rows).f(),
    };
    let weights = Array2::from_shape_vec(order, values).map_err(|error| {
        Invalid::new(
            "weights",
            format!("expected {rows} rows of {columns}"),
            error,
        )
    })?;
    let bias = match raw.bias {
        Some(bias) if bias.shape.len() != 1 => {
            return Err(Invalid::new(
                "bias",
                "expected a list of numbers",
                lists(&bias.shape),
            ));
        }
        // An empty bias would pass for "no bias" further on.
        Some(bias) if bias.values.is_empty() => {
            return Err(Invalid::new(
                "bias",
                format!(
                    "expected {}, one for each unit",
                    count(weights.ncols(), "number")
                ),
                0,
            ));
        }
        Some(bias) => bias.values,
        None => Vec::new(),
    };
    let activation = match raw.activation {
        Some(RawActivation::Relu) => Activation::Relu,
        Some(RawActivation::Identity) | None => Activation::Identity,
    };
    Layer::dense(weights, bias, activation)
}

fn samples(network: &Network, inputs: &[Numbers]) -> Result<Array2<f64>, Invalid> {
    let units = network.input_units();
    let mut samples = Array2::zeros((inputs.len(), units));
    for (n, (sample, mut row)) in inputs.iter().zip(samples.rows_mut()).enumerate() {
        if sample.values.len() != units {
            return Err(Invalid::new(
                format!("inputs[{n}]"),
                format!("expected {}, one for each input", count(units, "number")),
                sample.values.len(),
            ));
        }
        row.iter_mut()
            .zip(&sample.values)
            .for_each(|(x, &value)| *x = value);
    }
    Ok(samples)
}

/// Refuses keys that belong to another type of layer.
fn refuse(kind: &str, keys: &[(&str, bool)]) -> Result<(), Invalid> {
    match keys.iter().find(|(_, present)| *present) {
        Some((key, _)) => Err(Invalid {
            path: (*key).to_owned(),
            message: format!("a {kind} layer has no `{key}`"),
            help: Some(format!("take `{key}` out, or change the layer's type")),
        }),
        None => Ok(()),
    }
}

/// The shape of a nest of numbers in words.
fn lists(shape: &[usize]) -> String {
    match shape {
        [length] => format!("a list of {length}"),
        _ => format!(
            "lists of {}",
            shape
                .iter()
                .map(usize::to_string)
                .collect::<Vec<_>>()
                .join(" × ")
        ),
    }
}
