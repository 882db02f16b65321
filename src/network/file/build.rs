//! Raw shapes → a well-formed [`Network`]. A check that fails is a fault, and the others go on wherever they can.

use ndarray::Array2;

use super::faults::FaultLog;
use super::layer::RawLayer;
use super::numbers::Numbers;
use super::raw::{Object, RawInput, RawNetwork};
use crate::error::Invalid;
use crate::network::{Bounds, Input, Layer, Network, check_names};
use crate::words::count;

/// The network, or none where there are faults.
pub(super) fn network(raw: RawNetwork<Numbers>, faults: &mut FaultLog) -> Option<Network> {
    let input = required(faults, "", "input", raw.input);
    let (input, inputs) = input.map_or((None, None), |Object(raw)| self::input(raw, faults));
    let of_layers = required(faults, "", "layers", raw.layers);
    // A pool takes its size from the units below, so these are to be known first.
    let mut units = inputs;
    let mut layers = Vec::new();
    let mut whole = of_layers.is_some();
    for (l, raw) in of_layers.into_iter().flatten().enumerate() {
        let (layer, outputs) = layer(raw, units, &format!("layers[{l}]"), faults);
        whole &= layer.is_some();
        layers.extend(layer);
        units = outputs;
    }
    let samples = raw.inputs.unwrap_or_default();
    let (Some(input), true) = (input, whole) else {
        if let (Some(units), Some(outputs)) = (units, raw.outputs) {
            faults.note("", check_names("outputs", &outputs, units, "output"));
        }
        inputs.and_then(|inputs| self::samples(inputs, &samples, faults));
        return None;
    };
    let network = faults.note("", Network::new(input, layers))?;
    let samples = self::samples(network.input_units(), &samples, faults);
    let mut network = network
        .named(raw.name.unwrap_or_default())
        .described(raw.description.unwrap_or_default());
    if let Some(outputs) = raw.outputs {
        network = faults.note("", network.with_outputs(outputs))?;
    }
    faults.note("", network.with_samples(samples?))
}

fn required<T>(faults: &mut FaultLog, parent: &str, key: &str, value: Option<T>) -> Option<T> {
    faults.required(parent, key, value, || format!("the key `{key}` is missing"))
}

/// The input level where all of it is sound, and its number of units where that is known.
fn input(raw: RawInput<Numbers>, faults: &mut FaultLog) -> (Option<Input>, Option<usize>) {
    const AT: &str = "input";
    let domain = match raw.bounds.map(bounds) {
        None => Some(None),
        Some(bounds) => faults.note(AT, bounds).map(Some),
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
    let Some(units) = faults.note(AT, input.units()) else {
        return (None, None);
    };
    let names = faults.note(AT, input.check_names(units));
    let inside = faults.note(AT, input.check_bounds(units));
    let scale = faults.note(AT, input.check_scale());
    let sound = domain.and(names).and(inside).and(scale).is_some();
    (sound.then_some(input), Some(units))
}

fn bounds(numbers: Numbers) -> Result<Bounds, Invalid> {
    let values = &numbers.values;
    match numbers.shape[..] {
        [2] => Ok(Bounds::Same([values[0], values[1]])),
        [2, units] => {
            let each = (0..units).map(|i| [values[i], values[units + i]]);
            Ok(Bounds::Each(each.collect()))
        }
        _ => Err(Invalid::new(
            "bounds",
            "expected [l, h] or a list of every l and a list of every h",
            numbers.lists(),
        )),
    }
}

/// A layer on a level of `units` units, where that is known: the layer if it is sound, and the units that it makes
/// as far as they are known.
fn layer(
    raw: RawLayer<Numbers>,
    units: Option<usize>,
    at: &str,
    faults: &mut FaultLog,
) -> (Option<Layer>, Option<usize>) {
    let mut sound = true;
    let layer = raw.build(units, at, faults, &mut sound);
    let outputs = layer.as_ref().map(|layer| layer.linear().outputs());
    (layer.filter(|_| sound), outputs)
}

/// Samples × inputs; none where one has another number of values.
fn samples(units: usize, inputs: &[Numbers], faults: &mut FaultLog) -> Option<Array2<f64>> {
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
