//! Random networks that are graphs, with every kind of layer, built in code: small whole numbers throughout, so that every value
//! is exact in f64 and what differs is relevance alone.

use deeptaylor::network::linear::{Conv2d, Gather, MaxPool2d, Pool2d, Scale, Window};
use deeptaylor::network::{Shape, linear::Linear};
use deeptaylor::{Activation, Bounds, Input, Layer, Network, Plan, Rule};
use ndarray::Array2;

/// Inputs lie in this box.
const LOW: i64 = -2;
const HIGH: i64 = 3;

/// A generator of its own: the same numbers on every machine.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A whole number from `low` to `high`.
    pub fn whole(&mut self, low: i64, high: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let span = u64::try_from(high - low + 1).expect("low is not above high");
        low + i64::try_from((self.0 >> 11) % span).expect("small")
    }

    fn index(&mut self, below: usize) -> usize {
        let below = i64::try_from(below).expect("small");
        usize::try_from(self.whole(0, below - 1)).expect("not negative")
    }

    fn numbers(&mut self, count: usize, low: i64, high: i64) -> Vec<f64> {
        (0..count).map(|_| self.whole(low, high) as f64).collect()
    }

    fn activation(&mut self) -> Activation {
        let all = [
            Activation::Relu,
            Activation::Relu,
            Activation::Relu6,
            Activation::Identity,
        ];
        all[self.index(all.len())]
    }

    /// A bias a channel, or none.
    fn bias(&mut self, channels: usize) -> Vec<f64> {
        match self.whole(0, 1) {
            0 => Vec::new(),
            _ => self.numbers(channels, -2, 2),
        }
    }

    fn window(&mut self, kernel: [usize; 2], most_padding: usize) -> Window {
        let padding = [0; 4].map(|_: usize| self.index(most_padding + 1));
        Window {
            kernel,
            stride: [0; 2].map(|_: usize| 1 + self.index(2)),
            dilation: [1 + self.index(2), 1],
            padding,
        }
    }
}

/// A network that grows: the shape of every level, and what makes it.
struct Growing {
    shapes: Vec<Shape>,
    layers: Vec<Layer>,
}

impl Growing {
    fn push(&mut self, layer: Layer, from: &[usize]) {
        self.shapes.push(layer.shape());
        self.layers.push(layer.reading(from));
    }

    /// Adds a layer of a random kind, where it fits the levels drawn for it.
    fn grow(&mut self, random: &mut Random) {
        let from = random.index(self.shapes.len());
        let (shape, activation) = (self.shapes[from], random.activation());
        if let (Some(sides), true) = (shape.image(), random.whole(0, 3) > 0) {
            if let Some((map, sides)) = of_image(sides, random) {
                let bias = match map {
                    Linear::Conv2d(_) => random.bias(sides[0]),
                    _ => Vec::new(),
                };
                let layer = Layer::new(map, Shape::Image(sides), bias, activation);
                self.push(layer.expect("it fits"), &[from]);
            }
            return;
        }
        match random.index(5) {
            0 => {
                let of_shape = |level: &usize| self.shapes[*level] == shape;
                let alike: Vec<usize> = (0..self.shapes.len()).filter(of_shape).collect();
                let other = alike[random.index(alike.len())];
                let layer = Layer::add(&[shape, shape], activation).expect("one shape");
                self.push(layer, &[from, other]);
            }
            1 => {
                let other = random.index(self.shapes.len());
                if let Ok(layer) = Layer::concat(&[shape, self.shapes[other]], Activation::Identity)
                {
                    self.push(layer, &[from, other]);
                }
            }
            2 => {
                let each = shape.units() / shape.channels();
                let weights = random.numbers(shape.channels(), -2, 2);
                let map = Linear::Scale(Scale::new(weights, each).expect("weights"));
                let bias = random.bias(shape.channels());
                let layer = Layer::new(map, shape, bias, Activation::Identity);
                self.push(layer.expect("it fits"), &[from]);
            }
            3 => {
                let picked = |_| Some(random.index(shape.units())).filter(|i| i % 4 != 3);
                let indices: Vec<Option<usize>> = (0..6).map(picked).collect();
                let map = Linear::Gather(Gather::new(shape.units(), indices).expect("inputs"));
                let layer = Layer::new(
                    map,
                    Shape::Image([1, 2, 3]),
                    Vec::new(),
                    Activation::Identity,
                );
                self.push(layer.expect("it fits"), &[from]);
            }
            _ => {
                let units = shape.units();
                let size = if units.is_multiple_of(2) { 2 } else { units };
                self.push(Layer::sum_pool(units, size).expect("it divides"), &[from]);
            }
        }
    }

    /// Every level that none reads gets a dense layer, and these are added up.
    fn close(&mut self, random: &mut Random) {
        let is_read = |level: usize| {
            let mut sources = self.layers.iter().flat_map(Layer::sources);
            sources.any(|from| from == level)
        };
        let open: Vec<usize> = (0..self.shapes.len())
            .filter(|level| !is_read(*level))
            .collect();
        let mut ends = Vec::new();
        for from in open {
            let units = self.shapes[from].units();
            let weights = random.numbers(units * 2, -2, 2);
            let weights = Array2::from_shape_vec((units, 2), weights).expect("units × 2");
            let layer = Layer::dense(weights, random.bias(2), random.activation());
            self.push(layer.expect("finite"), &[from]);
            ends.push(self.shapes.len() - 1);
        }
        if ends.len() > 1 {
            let shapes = vec![Shape::Flat(2); ends.len()];
            self.push(
                Layer::add(&shapes, Activation::Identity).expect("one shape"),
                &ends,
            );
        }
    }
}

/// A convolution or a pool of a picture, and what it makes; none where the window does not fit.
fn of_image(sides: [usize; 3], random: &mut Random) -> Option<(Linear, [usize; 3])> {
    let channels = sides[0];
    match random.index(5) {
        0 | 1 => {
            let kernel = [0; 2].map(|_: usize| 1 + random.index(3));
            let window = random.window(kernel, 1);
            let groups = if random.whole(0, 2) == 0 { channels } else { 1 };
            let (out, of_group) = (groups * (1 + random.index(2)), channels / groups);
            let shape = [out, of_group, kernel[0], kernel[1]];
            let weights = random.numbers(shape.iter().product(), -2, 2);
            let map = Conv2d::new(sides, weights, shape, window, groups).ok()?;
            let made = map.output();
            Some((Linear::Conv2d(map), made))
        }
        kind => {
            // Halves and quarters are exact in f64.
            let window = random.window([2, 2], 1);
            let pool = match kind {
                2 => Pool2d::sum(sides, window),
                3 => Pool2d::average(sides, window, random.whole(0, 1) == 0),
                _ => {
                    let map = MaxPool2d::new(sides, window).ok()?;
                    return Some((Linear::MaxPool2d(map), map.output()));
                }
            };
            let map = pool.ok()?;
            Some((Linear::Pool2d(map), map.output()))
        }
    }
}

/// A random network.
pub fn network(random: &mut Random) -> Network {
    let sides = [
        1 + random.index(2),
        2 + random.index(2),
        2 + random.index(3),
    ];
    let mut growing = Growing {
        shapes: vec![Shape::Image(sides)],
        layers: Vec::new(),
    };
    let layers = 2 + random.index(5);
    for _ in 0..layers {
        growing.grow(random);
    }
    growing.close(random);
    let input = Input {
        shape: sides.to_vec(),
        bounds: Some(Bounds::Same([LOW as f64, HIGH as f64])),
        ..Input::flat(1)
    };
    Network::new(input, growing.layers).expect("every level is read")
}

/// A sample of a network.
pub fn sample(network: &Network, random: &mut Random) -> Vec<f64> {
    random.numbers(network.input_units(), LOW, HIGH)
}

/// A rule of its own for every layer that can have it.
pub fn plan<'n>(network: &'n Network, random: &mut Random) -> Plan<'n> {
    let start = Plan::of(network, Rule::WSquared).expect("defined everywhere");
    (1..=network.top()).fold(start, |plan, level| {
        let rule = Rule::ALL[random.index(Rule::ALL.len())];
        // zᴮ holds the values that it reads to their bounds, and only the input keeps to them.
        if rule == Rule::ZBox && !network.is_first(level) {
            return plan;
        }
        plan.clone().with(level, rule).unwrap_or(plan)
    })
}
