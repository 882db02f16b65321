//! Raw shapes → a well-formed [`Network`]. A check that fails is a fault, and the others go on wherever they can.

use ndarray::Array2;

use super::bounds::{Spelt, check_channels, of_channels};
use super::faults::FaultLog;
use super::layer::RawLayer;
use super::numbers::Numbers;
use super::raw::{Object, RawInput, RawNetwork};
use super::reads::LayerNames;
use super::site::Site;
use super::tensors::TensorFiles;
use crate::error::Invalid;
use crate::network::{
    Bounds, Input, Kind, Layer, Nesting, Network, Order, Shape, check_names, sources,
};
use crate::words::{count, listed};

/// The network, or none where there are faults.
pub(super) fn network(
    raw: RawNetwork<Numbers>,
    tensors: &mut TensorFiles,
    faults: &mut FaultLog,
) -> Option<Network> {
    let input = required(faults, "", "input", raw.input);
    let (input, shape) = input.map_or((None, None), |Object(raw)| self::input(raw, faults));
    let of_layers = required(faults, "", "layers", raw.layers);
    let stack = of_layers.map(|layers| self::layers(layers, shape, tensors, faults));
    let inputs = shape.map(Shape::units);
    let (units, layers) = stack.map_or((None, None), |stack| (stack.units, stack.layers));
    let (Some(input), Some(layers)) = (input, layers) else {
        if let (Some(units), Some(outputs)) = (units, raw.outputs) {
            faults.note("", check_names("outputs", &outputs, units, "output"));
        }
        let samples = raw.inputs.unwrap_or_default();
        inputs.and_then(|inputs| self::samples(inputs, None, &samples, faults));
        return None;
    };
    let network = faults.note("", Network::new(input, layers))?;
    let samples = raw.inputs.unwrap_or_default();
    let nesting = Nesting::of(network.input());
    let samples = self::samples(network.input_units(), Some(&nesting), &samples, faults);
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

/// The input level where all of it is sound, and its shape where that is known.
fn input(raw: RawInput<Numbers>, faults: &mut FaultLog) -> (Option<Input>, Option<Shape>) {
    const AT: &str = "input";
    let order = raw.order.unwrap_or_default();
    let domain = match raw.bounds {
        None => Some(None),
        Some(numbers) => {
            let bounds = bounds(&numbers, raw.shape.as_deref(), order);
            faults.note(AT, bounds).map(Some)
        }
    };
    let Some(shape) = required(faults, AT, "shape", raw.shape) else {
        return (None, None);
    };
    let names = raw.names.unwrap_or_default();
    let input = Input {
        shape,
        order,
        order_is_guessed: false,
        array: raw.array,
        names,
        bounds: domain.clone().flatten(),
        scale: raw.scale,
    };
    let Some(units) = faults.note(AT, input.units()) else {
        return (None, None);
    };
    let array = faults.note(AT, input.check_array(units));
    let names = faults.note(AT, input.check_names(units));
    let inside = faults.note(AT, input.check_bounds(units));
    let scale = faults.note(AT, input.check_scale());
    let sound = domain
        .and(array)
        .and(names)
        .and(inside)
        .and(scale)
        .is_some();
    let shape = input.level_shape();
    (sound.then_some(input), Some(shape))
}

fn bounds(numbers: &Numbers, shape: Option<&[usize]>, order: Order) -> Result<Bounds, Invalid> {
    let Numbers {
        values,
        shape: lists,
    } = numbers;
    match Spelt::of(lists, shape) {
        Some(Spelt::Same) => Ok(Bounds::Same([values[0], values[1]])),
        Some(Spelt::Lists) => {
            let (low, high) = values.split_at(values.len() / 2);
            let each = low.iter().zip(high).map(|(l, h)| [*l, *h]);
            Ok(Bounds::Each(each.collect()))
        }
        Some(Spelt::Channels { values: each }) => {
            let (pairs, _) = values.as_chunks::<2>();
            check_channels(pairs.len(), each)?;
            Ok(Bounds::Each(of_channels(pairs, each, order)))
        }
        None => Err(Invalid::new(
            "bounds",
            "expected [l, h] or a list of every l and a list of every h, or for a picture an [l, h] for each channel",
            numbers.lists(),
        )),
    }
}

/// The layers of a file.
struct Stack {
    /// None where one of them is wrong.
    layers: Option<Vec<Layer>>,
    /// How many units the last one makes, where that is known.
    units: Option<usize>,
}

fn layers(
    raw: Vec<RawLayer<Numbers>>,
    input: Option<Shape>,
    tensors: &mut TensorFiles,
    faults: &mut FaultLog,
) -> Stack {
    let name = |raw: &RawLayer<_>| raw.common.name.clone().unwrap_or_default();
    let names = LayerNames(raw.iter().map(name).collect());
    let (mut shapes, mut layers) = (vec![input], Vec::new());
    let mut sizes: Vec<Option<String>> = vec![None];
    // What every layer reads, where all of that is known.
    let mut read = Some(Vec::new());
    let mut whole = names.check(&raw, faults);
    for (l, mut raw) in raw.into_iter().enumerate() {
        let at = format!("layers[{l}]");
        let levels = names.levels(l, raw.common.from.take(), faults);
        let of_level = |level: &Option<usize>| level.and_then(|level| shapes[level]);
        let sources: Vec<Option<Shape>> = levels.iter().map(of_level).collect();
        let Some(kind) = raw.kind() else {
            let missing = || "the key `type` is missing".to_owned();
            faults.required::<()>(&at, "type", None, missing);
            shapes.push(None);
            sizes.push(None);
            (whole, read) = (false, None);
            continue;
        };
        let unsure = faults.hides_a_key(&at, &["name", "from", "activation", "bias"]);
        // The level that is missing here may be one that nobody else reads.
        if levels.len() < usize::from(kind.reads_several()) + 1 {
            read = None;
        }
        let mut site = Site {
            at: &at,
            kind,
            sources: &sources,
            below: &names.below(levels.first().copied().flatten(), &shapes),
            sizes: levels.first().and_then(|level| sizes[(*level)?].as_deref()),
            faults,
            tensors,
            unsure,
            sound: true,
        };
        let layer = raw.build(&mut site);
        let layer = layer.filter(|layer| site.note(sources::check_size(layer)).is_some());
        let sound = site.sound;
        sizes.push(
            layer
                .as_ref()
                .and_then(|layer| several_sizes(layer, &sources)),
        );
        shapes.push(layer.as_ref().filter(|_| !unsure).map(Layer::shape));
        let levels: Option<Vec<usize>> = levels.into_iter().collect();
        let layer = layer.filter(|layer| {
            sound
                && !unsure
                && levels
                    .as_ref()
                    .is_some_and(|levels| levels.len() == layer.branches().len())
        });
        whole &= layer.is_some();
        layers.extend(
            layer
                .zip(levels.as_ref())
                .map(|(layer, levels)| layer.named(&names.0[l]).reading(levels)),
        );
        read = read.zip(levels).map(|(mut read, levels)| {
            read.extend(levels);
            read
        });
    }
    let unread = read.map(|read| sources::unread(&names.0, read));
    for invalid in unread.into_iter().flatten() {
        whole = false;
        faults.add(invalid);
    }
    let top = shapes.last().copied().flatten();
    Stack {
        layers: whole.then_some(layers),
        units: top.map(Shape::units),
    }
}

/// The shapes of the pictures that a layer puts together to a list, because they have no one height and width.
fn several_sizes(layer: &Layer, sources: &[Option<Shape>]) -> Option<String> {
    let pictures: Option<Vec<String>> = sources
        .iter()
        .map(|source| source.filter(|shape| shape.image().is_some()))
        .map(|shape| shape.map(|shape| shape.to_string()))
        .collect();
    let is_list = layer.kind() == Kind::Concat && layer.shape().image().is_none();
    let pictures = pictures.filter(|_| is_list)?;
    let all = pictures.len();
    Some(listed(pictures, all))
}

/// Samples × inputs; none where they have not as many values. Of a file with a fault no network is made, whatever they are.
fn samples(
    units: usize,
    nesting: Option<&Nesting>,
    inputs: &[Numbers],
    faults: &mut FaultLog,
) -> Option<Array2<f64>> {
    for (n, sample) in inputs.iter().enumerate() {
        let checked = check_sample(sample, units, nesting);
        faults.note(&format!("inputs[{n}]"), checked);
    }
    // Room is made for the numbers that are there: a sample of one says nothing of how many the inputs are.
    let values = inputs.iter().flat_map(|sample| &sample.values);
    Array2::from_shape_vec((inputs.len(), units), values.copied().collect()).ok()
}

fn check_sample(sample: &Numbers, units: usize, nesting: Option<&Nesting>) -> Result<(), Invalid> {
    if sample.values.len() != units {
        let expected = format!("expected {}, one for each input", count(units, "number"));
        return Err(Invalid::new("", expected, sample.values.len()));
    }
    nesting.map_or(Ok(()), |nesting| nesting.check(&sample.shape))
}
