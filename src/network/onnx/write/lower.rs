//! Each kind of layer in the operators of ONNX.

use super::graph::{Graph, sides, whole};
use super::model::Attribute;
use super::window::{attributes, dilations, is_narrow, trimmed};
use crate::error::Invalid;
use crate::network::linear::{
    Conv2d, Dense, Gather, Linear, MaxPool2d, Pool2d, Scale, SumPool, Window,
};
use crate::network::{Activation, FloatSlice, Kind, Layer, Precision, Shape};

/// A value, and its shape.
type Made = Result<(String, Shape), Invalid>;

impl Graph {
    /// Writes a layer: its maps, then the shape of its level, its bias where no operator has taken it, its activation.
    pub(super) fn layer(&mut self, layer: &Layer) -> Result<(), Invalid> {
        let from = layer.branches()[0].from();
        let (mut value, made) = match layer.linear() {
            Linear::Dense(map) => self.dense(layer, map, from)?,
            Linear::Conv2d(map) => self.conv2d(layer, map, from)?,
            Linear::SumPool(map) => self.sum_pool(*map, from),
            Linear::Pool2d(map) => self.pool2d(*map, from)?,
            Linear::MaxPool2d(map) => self.max_pool2d(*map, from),
            Linear::Place(_) => self.places(layer)?,
            Linear::Scale(map) => self.scale(layer, map, from)?,
            Linear::Gather(map) => self.gather(map, from),
        };
        if made != layer.shape() {
            value = self.reshaped(value, layer.shape());
        }
        if !layer.bias().is_empty() && !takes_bias(layer) {
            let (numbers, shape) = spread(layer.bias(), layer.shape());
            let bias = self.numbers("bias", &shape, FloatSlice::Double(&numbers))?;
            value = self.node("Add", vec![value, bias], Vec::new());
        }
        let value = self.activation(layer.activation(), value);
        self.push_level(layer.shape(), value);
        Ok(())
    }

    fn activation(&mut self, activation: Activation, value: String) -> String {
        match activation {
            Activation::Identity => value,
            Activation::Relu => self.node("Relu", vec![value], Vec::new()),
            Activation::Relu6 => {
                let low = self.constant("low", &[], &[0.0]);
                let high = [Activation::SATURATION.into()];
                let high = self.constant("high", &[], &high);
                self.node("Clip", vec![value, low, high], Vec::new())
            }
        }
    }

    /// `Gemm`, with the weights in the order that they have in memory.
    fn dense(&mut self, layer: &Layer, map: &Dense, from: usize) -> Made {
        let (inputs, units) = map.weights().dim();
        let turned = map.weights().is_by_column();
        let shape = if turned {
            [units, inputs]
        } else {
            [inputs, units]
        };
        let weights = self.numbers("weights", &sides(&shape), layer.linear().stored())?;
        let mut values = vec![self.level(from, Shape::Flat(inputs)), weights];
        values.extend(self.bias_taken(layer)?);
        let turned = Attribute::Int("transB", i64::from(turned));
        let value = self.node("Gemm", values, vec![turned]);
        Ok((value, Shape::Flat(units)))
    }

    /// `Conv`
    fn conv2d(&mut self, layer: &Layer, map: &Conv2d, from: usize) -> Made {
        self.refuse_double("convolution")?;
        let [picture, [_, rows, columns]] = [map.input(), map.output()];
        let [_, height, width] = picture;
        let window = trimmed(map.window(), [height, width], [rows, columns]);
        let weights = self.numbers("weights", &sides(&map.shape()), layer.linear().stored())?;
        let mut values = vec![self.level(from, Shape::Image(picture)), weights];
        values.extend(self.bias_taken(layer)?);
        let mut attributes = attributes(window);
        attributes.extend(dilations(window));
        attributes.push(Attribute::Int("group", whole(map.groups())));
        let value = self.node("Conv", values, attributes);
        Ok((value, Shape::Image(map.output())))
    }

    fn bias_taken(&mut self, layer: &Layer) -> Result<Option<String>, Invalid> {
        if layer.bias().is_empty() || !takes_bias(layer) {
            return Ok(None);
        }
        let length = whole(layer.bias().len());
        self.numbers("bias", &[length], FloatSlice::Double(layer.bias()))
            .map(Some)
    }

    /// `ReduceSum` over runs.
    fn sum_pool(&mut self, map: SumPool, from: usize) -> (String, Shape) {
        let (linear, size) = (Linear::SumPool(map), map.size());
        let units = linear.outputs();
        let value = self.level(from, Shape::Flat(linear.inputs()));
        let value = self.reshaped_to(value, &[whole(units), whole(size)]);
        let axes = self.integers("axes", &[2]);
        let keep = Attribute::Int("keepdims", 0);
        let value = self.node("ReduceSum", vec![value, axes], vec![keep]);
        (value, Shape::Flat(units))
    }

    /// `AveragePool`, times what makes a sum or another average of it.
    fn pool2d(&mut self, map: Pool2d, from: usize) -> Made {
        self.refuse_double("average pool")?;
        let [picture, output] = [map.input(), map.output()];
        let [[_, height, width], [_, rows, columns]] = [picture, output];
        let mut window = trimmed(map.window(), [height, width], [rows, columns]);
        let taps = window.kernel.iter().product::<usize>() as f64;
        let mut value = self.level(from, Shape::Image(picture));
        let narrow = is_narrow(window);
        if !narrow {
            value = self.padded(value, window.padding, 0.0);
            window.padding = [0; 4];
        }
        let of_taps = !map.is_average() || map.counts_padding() || !narrow;
        let mut attributes = attributes(window);
        attributes.push(Attribute::Int("count_include_pad", of_taps.into()));
        if let Some(dilations) = dilations(window) {
            // Before, average pools had none.
            self.opset = 19;
            attributes.push(dilations);
        }
        value = self.node("AveragePool", vec![value], attributes);
        if !map.is_average() && taps > 1.0 {
            let factor = self.constant("taps", &[], &[taps]);
            value = self.node("Mul", vec![value, factor], Vec::new());
        } else if map.is_average() && !map.counts_padding() && !narrow {
            let linear = Linear::Pool2d(map);
            let inside = (0..rows * columns).map(|place| linear.ties(place).len());
            let factors: Vec<f64> = inside.map(|inside| taps / inside as f64).collect();
            let factors = self.constant("taps", &sides(&[1, 1, rows, columns]), &factors);
            value = self.node("Mul", vec![value, factors], Vec::new());
        }
        Ok((value, Shape::Image(output)))
    }

    /// `MaxPool`
    fn max_pool2d(&mut self, map: MaxPool2d, from: usize) -> (String, Shape) {
        let [picture, output] = [map.input(), map.output()];
        let [[_, height, width], [_, rows, columns]] = [picture, output];
        let mut window = trimmed(map.window(), [height, width], [rows, columns]);
        let mut value = self.level(from, Shape::Image(picture));
        if !is_narrow(window) {
            value = self.padded(value, window.padding, f64::NEG_INFINITY);
            window = Window {
                padding: [0; 4],
                ..window
            };
        }
        let mut attributes = attributes(window);
        attributes.extend(dilations(window));
        let value = self.node("MaxPool", vec![value], attributes);
        (value, Shape::Image(output))
    }

    /// `Add` or `Sum` of the branches, or `Concat`.
    fn places(&mut self, layer: &Layer) -> Made {
        if layer.kind() == Kind::Add {
            let sources = layer.sources();
            let values: Vec<String> = sources
                .map(|from| self.level(from, layer.shape()))
                .collect();
            let operator = if values.len() == 2 { "Add" } else { "Sum" };
            return Ok((self.node(operator, values, Vec::new()), layer.shape()));
        }
        let branches = layer.branches().iter();
        let filled: usize = branches.map(|branch| branch.map().inputs()).sum();
        if filled != layer.units() {
            let expected = format!("expected branches that fill {} places", layer.units());
            return Err(Invalid::new("from", expected, filled));
        }
        let shapes: Vec<Shape> = layer.sources().map(|from| self.shape_of(from)).collect();
        let whole = shapes[1..].iter().fold(shapes[0], |a, b| a.beside(*b));
        // Pictures of one size go beside each other; all else is laid flat first.
        let pictures = whole == layer.shape() && whole.image().is_some();
        let sources = layer.sources().zip(shapes);
        let values = sources.map(|(from, shape)| {
            let flat = Shape::Flat(shape.units());
            self.level(from, if pictures { shape } else { flat })
        });
        let values = values.collect();
        let value = self.node("Concat", values, vec![Attribute::Int("axis", 1)]);
        let flat = Shape::Flat(layer.units());
        Ok((value, if pictures { whole } else { flat }))
    }

    /// `Mul`
    fn scale(&mut self, layer: &Layer, map: &Scale, from: usize) -> Made {
        let (numbers, shape) = spread(map.weights(), layer.shape());
        let weights = self.numbers("weights", &shape, FloatSlice::Double(&numbers))?;
        let value = self.level(from, layer.shape());
        let value = self.node("Mul", vec![value, weights], Vec::new());
        Ok((value, layer.shape()))
    }

    /// `Gather`, on values behind which stands a 0 where some are the constant 0.
    fn gather(&mut self, map: &Gather, from: usize) -> (String, Shape) {
        let (inputs, indices) = (self.shape_of(from).units(), map.indices());
        let mut value = self.level(from, Shape::Flat(inputs));
        if indices.iter().any(Option::is_none) {
            let pads = self.integers("pads", &[0, 0, 0, 1]);
            let zero = self.constant("pad", &[], &[0.0]);
            value = self.node("Pad", vec![value, pads, zero], Vec::new());
        }
        let picked = indices.iter().map(|index| whole(index.unwrap_or(inputs)));
        let picked: Vec<i64> = picked.collect();
        let picked = self.integers("indices", &picked);
        let axis = Attribute::Int("axis", 1);
        let value = self.node("Gather", vec![value, picked], vec![axis]);
        (value, Shape::Flat(indices.len()))
    }

    /// No runtime has these operators for numbers of 64 bits.
    fn refuse_double(&self, what: &str) -> Result<(), Invalid> {
        match self.precision {
            Precision::Single => Ok(()),
            Precision::Double => Err(Invalid {
                path: String::new(),
                message: format!("onnxruntime has no {what} of numbers of 64 bits"),
                help: Some("write numbers of 32 bits: leave --double out".to_owned()),
            }),
        }
    }
}

/// Whether the operator of a layer takes its bias along.
fn takes_bias(layer: &Layer) -> bool {
    match layer.linear() {
        Linear::Dense(_) => true,
        Linear::Conv2d(map) => layer.bias().len() == map.output()[0],
        _ => false,
    }
}

/// Numbers for the channels or the values of a level, in a shape that goes with every sample.
fn spread(numbers: &[f64], shape: Shape) -> (Vec<f64>, Vec<i64>) {
    let (channels, units) = (shape.channels(), shape.units());
    let (mut sides, one) = (sides(&shape.sides()), 1);
    sides.insert(0, one);
    if numbers.len() == channels {
        sides[2..].fill(one);
        return (numbers.to_vec(), sides);
    }
    let each = units / numbers.len();
    let numbers = numbers.iter();
    let numbers = numbers.flat_map(|number| std::iter::repeat_n(*number, each));
    (numbers.collect(), sides)
}
