//! VGG-16 at 224 × 224 with random weights: one image, deep Taylor, every level kept.

use deeptaylor::network::Shape;
use deeptaylor::network::linear::{Conv2d, Dense, MaxPool2d, Window};
use deeptaylor::{
    Activation, Bounds, Error, Explainer, Input, Invalid, Layer, Levels, Linear, Network, Plan,
    Preset, Target,
};
use ndarray::Array2;

use super::{Random, peak_mib, rounded, seconds};

/// Output channels of the convolutions; 0 is a max pool.
const CHANNELS: [usize; 18] = [
    64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0,
];
const DENSE: [usize; 3] = [4096, 4096, 1000];
const ROUNDS: usize = 5;

/// Seconds of a forward pass, how many of them an explanation takes, and the most memory that the process held.
pub fn measure(random: &mut Random) -> Result<serde_json::Value, Error> {
    let network = network(random)?;
    let image = Array2::from_shape_simple_fn((1, network.input_units()), || random.unit());
    let plan = Plan::of(&network, Preset::DeepTaylor)?;
    let mut explainer = Explainer::new(&plan);
    let (mut forward, mut explain) = (f64::INFINITY, f64::INFINITY);
    let mut activations = Levels::default();
    for _ in 0..ROUNDS {
        forward = forward.min(seconds(|| network.forward(image.view(), &mut activations))?);
    }
    // The explainer has levels of its own.
    drop(activations);
    for _ in 0..ROUNDS {
        explain = explain.min(seconds(|| {
            explainer.explain(image.view(), &Target::Max).map(|_| ())
        })?);
    }
    Ok(serde_json::json!({
        "forward_seconds": rounded(forward, 1e3),
        "explain_over_forward": rounded(explain / forward, 100.0),
        "peak_mib": peak_mib(),
    }))
}

fn network(random: &mut Random) -> Result<Network, Error> {
    let mut shape = [3, 224, 224];
    let mut layers = Vec::new();
    for channels in CHANNELS {
        let (layer, made) = match channels {
            0 => max_pool(shape)?,
            _ => convolution(random, shape, channels)?,
        };
        layers.push(layer);
        shape = made;
    }
    let mut inputs = shape.iter().product();
    for (l, units) in DENSE.into_iter().enumerate() {
        let activation = match l {
            2 => Activation::Identity,
            _ => Activation::Relu,
        };
        let map = Dense::single(singles(random, inputs, units))?;
        layers.push(Layer::of_dense(map, Vec::new(), activation)?);
        inputs = units;
    }
    let input = Input {
        shape: vec![3, 224, 224],
        bounds: Some(Bounds::Same([0.0, 1.0])),
        ..Input::flat(1)
    };
    Ok(Network::new(input, layers)?)
}

/// Weights, inputs × units, of 32 bits and unit by unit, as PyTorch writes them.
fn singles(random: &mut Random, inputs: usize, units: usize) -> Array2<f32> {
    let bound = (6.0 / inputs as f64).sqrt();
    #[allow(clippy::cast_possible_truncation, reason = "any number will do")]
    let number = || (bound * (2.0 * random.unit() - 1.0)) as f32;
    Array2::from_shape_simple_fn((units, inputs), number).reversed_axes()
}

fn convolution(
    random: &mut Random,
    input: [usize; 3],
    channels: usize,
) -> Result<(Layer, [usize; 3]), Invalid> {
    let window = Window {
        kernel: [3, 3],
        stride: [1, 1],
        dilation: [1, 1],
        padding: [1; 4],
    };
    let weights = random.weights(input[0] * 9, channels).into_iter().collect();
    let conv = Conv2d::new(input, weights, [channels, input[0], 3, 3], window, 1)?;
    let made = conv.output();
    let shape = Shape::Image(made);
    let layer = Layer::new(Linear::Conv2d(conv), shape, Vec::new(), Activation::Relu)?;
    Ok((layer, made))
}

fn max_pool(input: [usize; 3]) -> Result<(Layer, [usize; 3]), Invalid> {
    let window = Window {
        kernel: [2, 2],
        stride: [2, 2],
        dilation: [1, 1],
        padding: [0; 4],
    };
    let pool = MaxPool2d::new(input, window)?;
    let made = pool.output();
    let shape = Shape::Image(made);
    let layer = Layer::new(
        Linear::MaxPool2d(pool),
        shape,
        Vec::new(),
        Activation::Identity,
    )?;
    Ok((layer, made))
}
