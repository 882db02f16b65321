//! The gate: raw shapes → a well-formed [`Network`]. It goes on past a fault wherever it can.

use ndarray::{Array2, ShapeBuilder};

use super::faults::Faults;
use super::numbers::Numbers;
use super::raw::{Object, RawActivation, RawInput, RawKind, RawLayer, RawNetwork, RawOrder};
use crate::error::Invalid;
use crate::network::{Activation, Bounds, Input, Layer, Network, check_names, on_top};
use crate::words::count;

/// The network, or none where there are faults.
pub(super) fn network(raw: RawNetwork, faults: &mut Faults) -> Option<Network> {
    let input = required(faults, "", "input", raw.input);
    let (input, inputs) = input.map_or((None, None), |Object(raw)| self::input(raw, faults));
    let of_layers = required(faults, "", "layers", raw.layers);
    // A pool takes its size from the units below, so these are to be known first.
    let mut units = inputs;
    let mut layers = Vec::new();
    let mut whole = of_layers.is_some();
    for (l, Object(raw)) in of_layers.into_iter().flatten().enumerate() {
        let (layer, outputs) = layer(raw, units, &format!("layers[{l}]"), faults);
        whole &= layer.is_some();
        layers.extend(layer);
        units = outputs;
    }
    let samples = raw.inputs.unwrap_or_default();
    let (Some(input), true) = (input, whole) else {
        if let (Some(units), Some(outputs)) = (units, raw.outputs) {
            faults.keep("", check_names("outputs", &outputs, (units, "output")));
        }
        inputs.and_then(|inputs| self::samples(inputs, &samples, faults));
        return None;
    };
    let network = faults.keep("", Network::new(input, layers))?;
    let samples = self::samples(network.input_units(), &samples, faults);
    let mut network = network
        .named(raw.name.unwrap_or_default())
        .described(raw.description.unwrap_or_default());
    if let Some(outputs) = raw.outputs {
        network = faults.keep("", network.with_outputs(outputs))?;
    }
    faults.keep("", network.with_samples(samples?))
}

fn required<T>(faults: &mut Faults, parent: &str, key: &str, value: Option<T>) -> Option<T> {
    faults.required(parent, key, value, || format!("the key `{key}` is missing"))
}

/// The input level where all of it is sound, and its number of units where that is known.
fn input(raw: RawInput, faults: &mut Faults) -> (Option<Input>, Option<usize>) {
    const AT: &str = "input";
    let domain = match raw.bounds.map(bounds) {
        None => Some(None),
        Some(bounds) => faults.keep(AT, bounds).map(Some),
    };
    let Some(shape) = required(faults, AT, "shape", raw.shape) else {
        return (None, None);
    };
    let names = raw.names.unwrap_or_default();
    let input = Input {
        shape,
        names,
        bounds: domain.clone().flatten(),
        scale: raw.scale,
    };
    let Some(units) = faults.keep(AT, input.units()) else {
        return (None, None);
    };
    let names = faults.keep(AT, input.check_names(units));
    let inside = faults.keep(AT, input.check_bounds(units));
    let scale = faults.keep(AT, input.check_scale());
    let sound = domain.and(names).and(inside).and(scale).is_some();
    (sound.then_some(input), Some(units))
}

fn bounds(Numbers { values, shape }: Numbers) -> Result<Bounds, Invalid> {
    match shape[..] {
        [2] => Ok(Bounds::Same([values[0], values[1]])),
        [2, units] => {
            let each = (0..units).map(|i| [values[i], values[units + i]]);
            Ok(Bounds::Each(each.collect()))
        }
        _ => Err(Invalid::new(
            "bounds",
            "expected [l, h] or a list of every l and a list of every h",
            lists(&shape),
        )),
    }
}

/// A layer on a level of `units` units, where that is known: the layer if it is sound, and the units that it makes
/// as far as they can be told.
fn layer(
    raw: RawLayer,
    units: Option<usize>,
    at: &str,
    faults: &mut Faults,
) -> (Option<Layer>, Option<usize>) {
    let Some(kind) = required(faults, at, "type", raw.kind) else {
        return (None, None);
    };
    let foreign = match kind {
        RawKind::Dense => vec![("size", raw.size.is_some())],
        RawKind::SumPool => vec![
            ("weights", raw.weights.is_some()),
            ("weights_order", raw.weights_order.is_some()),
            ("bias", raw.bias.is_some()),
            ("activation", raw.activation.is_some()),
        ],
    };
    let mut sound = true;
    for (key, _) in foreign.into_iter().filter(|(_, present)| *present) {
        faults.add(foreign_key(at, kind, key));
        sound = false;
    }
    let layer = match kind {
        RawKind::Dense => dense(raw, at, faults, &mut sound),
        // Over how many units, where those below are not known, nobody can say.
        RawKind::SumPool => units
            .and_then(|units| faults.keep(at, Layer::sum_pool(units, raw.size.unwrap_or(units)))),
    };
    let outputs = layer.as_ref().map(|layer| layer.linear().outputs());
    if let (Some(layer), Some(units)) = (&layer, units) {
        sound &= faults.keep(at, on_top(layer, units)).is_some();
    }
    (layer.filter(|_| sound), outputs)
}

/// The complaint about a key that belongs to another type of layer.
fn foreign_key(at: &str, kind: RawKind, key: &str) -> Invalid {
    let kind = match kind {
        RawKind::Dense => "dense",
        RawKind::SumPool => "sum_pool",
    };
    Invalid {
        path: format!("{at}.{key}"),
        message: format!("a {kind} layer has no `{key}`"),
        help: Some(format!("take `{key}` out, or change the layer's type")),
    }
}

/// A dense layer; where its biases alone are wrong, one without them that is not `sound`.
fn dense(raw: RawLayer, at: &str, faults: &mut Faults, sound: &mut bool) -> Option<Layer> {
    let weights = faults.required(at, "weights", raw.weights, || {
        "a dense layer needs the key `weights`".to_owned()
    });
    let order = raw.weights_order.unwrap_or(RawOrder::InOut);
    let weights = weights.and_then(|weights| faults.keep(at, matrix(weights, order)));
    let units = weights.as_ref().map(Array2::ncols);
    let bias = match raw.bias {
        None => Some(Vec::new()),
        Some(bias) => faults.keep(at, vector(bias, units)),
    };
    *sound &= bias.is_some();
    let activation = match raw.activation {
        Some(RawActivation::Relu) => Activation::Relu,
        Some(RawActivation::Identity) | None => Activation::Identity,
    };
    let layer = Layer::dense(weights?, bias.unwrap_or_default(), activation);
    faults.keep(at, layer)
}

/// Weights as inputs × units, in whichever order they are written.
fn matrix(Numbers { values, shape }: Numbers, order: RawOrder) -> Result<Array2<f64>, Invalid> {
    let [rows, columns] = shape[..] else {
        return Err(Invalid::new(
            "weights",
            "expected a list of rows, one row for each input",
            lists(&shape),
        ));
    };
    let order = match order {
        RawOrder::InOut => (rows, columns).into_shape_with_order(),
        RawOrder::OutIn => (columns, rows).f(),
    };
    Array2::from_shape_vec(order, values).map_err(|error| {
        let expected = format!("expected {rows} rows of {columns}");
        Invalid::new("weights", expected, error)
    })
}

/// Biases, one for each of so many units where their number is known.
fn vector(Numbers { values, shape }: Numbers, units: Option<usize>) -> Result<Vec<f64>, Invalid> {
    if shape.len() != 1 {
        let found = lists(&shape);
        return Err(Invalid::new("bias", "expected a list of numbers", found));
    }
    match units {
        Some(units) if values.len() != units => {
            let expected = format!("expected {}, one for each unit", count(units, "number"));
            Err(Invalid::new("bias", expected, values.len()))
        }
        _ => Ok(values),
    }
}

/// Samples × inputs; none where one has another number of values.
fn samples(units: usize, inputs: &[Numbers], faults: &mut Faults) -> Option<Array2<f64>> {
    let mut samples = Array2::zeros((inputs.len(), units));
    let mut sound = true;
    for (n, (sample, mut row)) in inputs.iter().zip(samples.rows_mut()).enumerate() {
        if sample.values.len() == units {
            row.iter_mut()
                .zip(&sample.values)
                .for_each(|(x, &value)| *x = value);
        } else {
            let expected = format!("expected {}, one for each input", count(units, "number"));
            let found = sample.values.len();
            faults.add(Invalid::new(format!("inputs[{n}]"), expected, found));
            sound = false;
        }
    }
    sound.then_some(samples)
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
