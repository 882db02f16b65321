//! A network out of bytes: branches, levels read again, every kind of layer, numbers of every size.

use deeptaylor::ndarray::Array2;
use deeptaylor::network::linear::{Conv2d, Gather, MaxPool2d, Pool2d, Scale, SumPool, Window};
use deeptaylor::network::{Linear, Shape};
use deeptaylor::{Activation, Bounds, Error, Input, Invalid, Layer, Network};

/// No level has more units.
const MOST: usize = 48;

/// Bytes, taken one after the other; 0 when there are no more.
pub struct Choices<'b>(pub &'b [u8]);

impl Choices<'_> {
    pub fn byte(&mut self) -> u8 {
        match self.0 {
            [first, rest @ ..] => {
                self.0 = rest;
                *first
            }
            [] => 0,
        }
    }

    /// From 0 to n − 1.
    pub fn below(&mut self, n: usize) -> usize {
        usize::from(self.byte()) % n
    }

    pub fn among<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())]
    }

    /// Whether what happens once in n times happens.
    pub fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }

    fn pair(&mut self, values: &[usize]) -> [usize; 2] {
        [self.among(values), self.among(values)]
    }
}

/// How numbers are made.
#[derive(Clone, Copy)]
pub enum Numbers {
    /// Small multiples of 1/2: sums are exact, and cancel, tie and vanish.
    Coarse,
    /// Of [-1, 1).
    Generic,
    /// The same among others at the ends of what f64 holds.
    Extreme,
    /// The same times 2⁻⁶⁰⁰, or 2⁶⁰⁰.
    Tiny,
    Huge,
}

const EXTREMES: [f64; 16] = [
    f64::MAX,
    f64::MIN,
    f64::MIN_POSITIVE,
    5e-324,
    -5e-324,
    1e154,
    -1e154,
    1e-154,
    -1e-200,
    1e200,
    -0.0,
    1e16,
    -1e-16,
    1e300,
    1.5,
    1e-310,
];

impl Numbers {
    pub fn of(choices: &mut Choices) -> Self {
        choices.among(&[
            Self::Coarse,
            Self::Generic,
            Self::Extreme,
            Self::Generic,
            Self::Coarse,
            Self::Tiny,
            Self::Huge,
        ])
    }

    pub fn one(self, choices: &mut Choices) -> f64 {
        let byte = choices.byte();
        let generic = |choices: &mut Choices| {
            let [low, high] = [choices.byte(), byte];
            f64::from(i16::from_le_bytes([low, high])) / 32768.0
        };
        match self {
            Self::Coarse => f64::from(i16::from(byte % 9) - 4) / 2.0,
            Self::Extreme if byte >= 208 => EXTREMES[usize::from(byte) % EXTREMES.len()],
            Self::Extreme => f64::from(i16::from(byte) - 104) / 16.0,
            Self::Generic => generic(choices),
            Self::Tiny => generic(choices) * 2.0_f64.powi(-600),
            Self::Huge => generic(choices) * 2.0_f64.powi(600),
        }
    }

    pub fn many(self, n: usize, choices: &mut Choices) -> Vec<f64> {
        (0..n).map(|_| self.one(choices)).collect()
    }
}

/// Layers on their way to a network.
struct Builder<'c, 'b> {
    choices: &'c mut Choices<'b>,
    weights: Numbers,
    biases: Numbers,
    shapes: Vec<Shape>,
    layers: Vec<Layer>,
}

/// The network that bytes say.
///
/// # Errors
///
/// Where its numbers, or bounds, are none that a network can have.
pub fn network(choices: &mut Choices, values: Numbers, weights: Numbers) -> Result<Network, Error> {
    let biases = if choices.once_in(2) { weights } else { values };
    let shape = match choices.below(3) {
        0 => vec![1 + choices.below(6)],
        _ => vec![
            1 + choices.below(3),
            1 + choices.below(4),
            1 + choices.below(4),
        ],
    };
    let units: usize = shape.iter().product();
    let bounds = bounds(choices, units, values);
    let input = Input {
        shape,
        bounds,
        ..Input::flat(units)
    };
    let mut builder = Builder {
        choices,
        weights,
        biases,
        shapes: vec![input.level_shape()],
        layers: Vec::new(),
    };
    let layers = 1 + builder.choices.below(7);
    for _ in 0..layers {
        // What does not fit is no layer; what fits is one.
        if let Ok(Some((layer, from))) = builder.layer() {
            builder.push(layer, &from);
        }
    }
    builder.close()?;
    Ok(Network::new(input, builder.layers)?)
}

fn bounds(choices: &mut Choices, units: usize, values: Numbers) -> Option<Bounds> {
    let mut pair = || {
        let [a, b] = [values.one(choices).abs(), values.one(choices).abs()];
        [-a, b]
    };
    let first = pair();
    match choices.below(4) {
        0 => None,
        1 => Some(Bounds::Each(
            (0..units)
                .map(|i| if i % 2 == 0 { first } else { [0.0, first[1]] })
                .collect(),
        )),
        _ => Some(Bounds::Same(first)),
    }
}

/// A layer, and what it reads.
type Found = Option<(Layer, Vec<usize>)>;

impl Builder<'_, '_> {
    fn push(&mut self, layer: Layer, from: &[usize]) {
        if layer.units() > MOST {
            return;
        }
        self.shapes.push(layer.shape());
        self.layers.push(
            layer
                .named(format!("level {}", self.layers.len() + 1))
                .reading(from),
        );
    }

    fn activation(&mut self) -> Activation {
        self.choices.among(&[
            Activation::Relu,
            Activation::Identity,
            Activation::Relu6,
            Activation::Relu,
        ])
    }

    fn bias(&mut self, n: usize) -> Vec<f64> {
        if self.choices.once_in(3) {
            Vec::new()
        } else {
            self.biases.many(n, self.choices)
        }
    }

    /// One layer more, of any kind and on any level.
    fn layer(&mut self) -> Result<Found, Invalid> {
        let last = self.shapes.len() - 1;
        let level = if self.choices.once_in(3) {
            self.choices.below(last + 1)
        } else {
            last
        };
        let shape = self.shapes[level];
        let picture = match shape {
            Shape::Image(picture) => Some(picture),
            Shape::Flat(_) => None,
        };
        let (kind, inputs) = (self.choices.below(9), shape.units());
        let layer = match (kind, picture) {
            (0 | 1, Some(picture)) => self.conv(picture)?,
            (2 | 3, Some(picture)) => self.pool(picture)?,
            (4, _) => {
                let size = 1 + self.choices.below(inputs);
                let map = SumPool::new(inputs, size)?;
                let shape = Shape::Flat(inputs / size);
                Layer::new(Linear::SumPool(map), shape, Vec::new(), self.activation())?
            }
            (5, _) => self.scale(shape)?,
            (6, _) => self.gather(inputs)?,
            (7, _) => return self.several(level),
            _ => {
                let units = 1 + self.choices.below(5);
                self.dense(inputs, units)?
            }
        };
        Ok(Some((layer, vec![level])))
    }

    fn dense(&mut self, inputs: usize, units: usize) -> Result<Layer, Invalid> {
        let weights = self.weights.many(inputs * units, self.choices);
        let weights =
            Array2::from_shape_vec((inputs, units), weights).expect("a weight for each pair");
        let bias = self.bias(units);
        Layer::dense(weights, bias, self.activation())
    }

    fn window(&mut self) -> Window {
        Window {
            kernel: self.choices.pair(&[1, 2, 3]),
            stride: self.choices.pair(&[1, 1, 2, 3]),
            dilation: self.choices.pair(&[1, 1, 1, 2]),
            padding: [(); 4].map(|()| self.choices.among(&[0, 0, 1, 2])),
        }
    }

    fn conv(&mut self, picture: [usize; 3]) -> Result<Layer, Invalid> {
        let (window, channels) = (self.window(), picture[0]);
        let groups = if self.choices.once_in(3) { channels } else { 1 };
        let out = groups * (1 + self.choices.below(2));
        let sides = [out, channels / groups, window.kernel[0], window.kernel[1]];
        let weights = self.weights.many(sides.iter().product(), self.choices);
        let map = Conv2d::new(picture, weights, sides, window, groups)?;
        let bias = self.bias(out);
        self.of_picture(Linear::Conv2d(map), out, bias)
    }

    fn pool(&mut self, picture: [usize; 3]) -> Result<Layer, Invalid> {
        let window = Window {
            dilation: [1, 1],
            ..self.window()
        };
        let map = match self.choices.below(4) {
            0 => Linear::Pool2d(Pool2d::sum(picture, window)?),
            1 => Linear::Pool2d(Pool2d::average(picture, window, self.choices.once_in(2))?),
            _ => Linear::MaxPool2d(MaxPool2d::new(picture, window)?),
        };
        self.of_picture(map, picture[0], Vec::new())
    }

    /// A layer whose map says how large its picture is.
    fn of_picture(
        &mut self,
        map: Linear,
        channels: usize,
        bias: Vec<f64>,
    ) -> Result<Layer, Invalid> {
        let sides = match &map {
            Linear::Conv2d(map) => map.output(),
            Linear::Pool2d(map) => map.output(),
            Linear::MaxPool2d(map) => map.output(),
            _ => [channels, 1, 1],
        };
        Layer::new(map, Shape::Image(sides), bias, self.activation())
    }

    fn scale(&mut self, shape: Shape) -> Result<Layer, Invalid> {
        let n = if self.choices.once_in(2) {
            shape.channels()
        } else {
            shape.units()
        };
        let weights = self.weights.many(n, self.choices);
        let map = Scale::new(weights, shape.units() / n)?;
        let bias = self.bias(shape.channels());
        Layer::new(Linear::Scale(map), shape, bias, self.activation())
    }

    fn gather(&mut self, inputs: usize) -> Result<Layer, Invalid> {
        let shape = match self.choices.below(3) {
            0 => Shape::Image([1 + self.choices.below(2), 1 + self.choices.below(3), 2]),
            _ => Shape::Flat(1 + self.choices.below(6)),
        };
        let index = |choices: &mut Choices| (!choices.once_in(4)).then(|| choices.below(inputs));
        let indices = (0..shape.units()).map(|_| index(self.choices)).collect();
        let map = Gather::new(inputs, indices)?;
        Layer::new(Linear::Gather(map), shape, Vec::new(), self.activation())
    }

    /// An addition, or a concatenation.
    fn several(&mut self, level: usize) -> Result<Found, Invalid> {
        let add = !self.choices.once_in(3);
        let alike = |other: &usize| match (self.shapes[level], self.shapes[*other]) {
            (one, other) if add => one == other,
            (Shape::Flat(_), Shape::Flat(_)) => true,
            (Shape::Image([_, h, w]), Shape::Image([_, height, width])) => {
                [h, w] == [height, width]
            }
            _ => false,
        };
        let companions: Vec<usize> = (0..self.shapes.len()).filter(alike).collect();
        let mut from = vec![level];
        for _ in 0..=self.choices.below(2) {
            from.push(self.choices.among(&companions));
        }
        let shapes: Vec<Shape> = from.iter().map(|level| self.shapes[*level]).collect();
        let activation = self.activation();
        let layer = if add {
            Layer::add(&shapes, activation)?
        } else {
            Layer::concat(&shapes, activation)?
        };
        Ok(Some((layer, from)))
    }

    /// Lets every level be read: a dense layer on each that is not, and their sum or concatenation.
    fn close(&mut self) -> Result<(), Invalid> {
        if self.layers.is_empty() {
            let layer = self.dense(self.shapes[0].units(), 1)?;
            self.push(layer, &[0]);
        }
        let is_read = |level: &usize| {
            self.layers
                .iter()
                .any(|layer| layer.sources().any(|from| from == *level))
        };
        let unread: Vec<usize> = (1..self.shapes.len())
            .filter(|level| !is_read(level))
            .collect();
        if unread.len() < 2 {
            return Ok(());
        }
        let units = 1 + self.choices.below(3);
        let mut from = Vec::new();
        for level in unread {
            let layer = self.dense(self.shapes[level].units(), units)?;
            self.push(layer, &[level]);
            from.push(self.layers.len());
        }
        let shapes = vec![Shape::Flat(units); from.len()];
        let layer = match self.choices.below(2) {
            0 => Layer::add(&shapes, Activation::Identity)?,
            _ => Layer::concat(&shapes, Activation::Identity)?,
        };
        self.push(layer, &from);
        Ok(())
    }
}
