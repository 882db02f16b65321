//! Random networks that are graphs: branches, levels read again, every kind of layer, rules mixed by layer.

use super::case::Case;
use super::oracle::Asked;
use super::plain::{Function, Graph, Map, Node, Window, sides, size};

/// No level has more units.
const MOST: usize = 60;

/// The tests' own random numbers, the same on every machine (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to n − 1.
    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n as u64).expect("below n")
    }

    /// Whether what happens once in n times happens.
    fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn among<T: Clone>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())].clone()
    }

    fn pair(&mut self, of: impl Fn(&mut Self) -> usize) -> [usize; 2] {
        [of(self), of(self)]
    }
}

/// How the numbers of a case are drawn.
#[derive(Clone, Copy)]
enum Numbers {
    /// Small multiples of 1/2: sums are exact, and cancel, tie and vanish.
    Coarse,
    /// Of [-1, 1), now and then 0.
    Generic,
}

struct Builder {
    random: Random,
    numbers: Numbers,
    graph: Graph,
}

impl Builder {
    fn number(&mut self) -> f64 {
        match self.numbers {
            Numbers::Coarse => self.among_halves(-4, 4),
            Numbers::Generic if self.random.once_in(10) => 0.0,
            Numbers::Generic => (self.random.next() >> 11) as f64 / (1_u64 << 52) as f64 - 1.0,
        }
    }

    fn among_halves(&mut self, from: i32, to: i32) -> f64 {
        let all: Vec<i32> = (from..=to).collect();
        f64::from(self.random.among(&all)) / 2.0
    }

    fn numbers(&mut self, n: usize) -> Vec<f64> {
        (0..n).map(|_| self.number()).collect()
    }

    /// A bias for each, or none.
    fn bias(&mut self, n: usize) -> Vec<f64> {
        if self.random.once_in(4) {
            Vec::new()
        } else {
            self.numbers(n)
        }
    }

    fn activation(&mut self, detecting: usize) -> Function {
        match self.random.below(10) {
            n if n >= detecting => Function::Identity,
            0 => Function::Relu6,
            _ => Function::Relu,
        }
    }

    /// A window that fits on a picture of these sides; one of a pool sees something everywhere.
    fn window(&mut self, picture: [usize; 2], pool: bool) -> Window {
        loop {
            let window = Window {
                kernel: self.random.pair(|random| 1 + random.below(3)),
                stride: self.random.pair(|random| random.among(&[1, 1, 2, 3])),
                dilation: match pool {
                    true => [1, 1],
                    false => self.random.pair(|random| random.among(&[1, 1, 1, 2])),
                },
                padding: [(); 4].map(|()| self.random.among(&[0, 0, 1, 2])),
            };
            let [top, left, bottom, right] = window.padding;
            let around = [[top, bottom], [left, right]];
            let fits = (0..2).all(|k| {
                let span = window.dilation[k] * (window.kernel[k] - 1) + 1;
                let inside = around[k].iter().all(|padding| *padding < window.kernel[k]);
                span <= picture[k] + around[k][0] + around[k][1] && (inside || !pool)
            });
            if fits {
                return window;
            }
        }
    }

    fn dense(&mut self, inputs: usize) -> (Map, usize) {
        let units = 1 + self.random.below(5);
        let weights = (0..inputs).map(|_| self.numbers(units)).collect();
        (Map::Dense { weights }, units)
    }

    fn conv(&mut self, [channels, height, width]: [usize; 3]) -> (Map, usize) {
        let groups: Vec<usize> = (1..=channels).filter(|n| channels % n == 0).collect();
        let groups = self.random.among(&groups);
        let out = groups * (1 + self.random.below(2));
        let window = self.window([height, width], false);
        let [rows, columns] = window.kernel;
        let taps = channels / groups * rows * columns;
        let weights = (0..out).map(|_| {
            let flat = self.numbers(taps);
            let row = |row: &[f64]| row.to_vec();
            let channel = |channel: &[f64]| channel.chunks(columns).map(row).collect();
            flat.chunks(rows * columns).map(channel).collect()
        });
        let weights = weights.collect();
        let conv = Map::Conv {
            weights,
            window,
            groups,
        };
        (conv, out)
    }

    /// A pool over windows.
    fn pool2d(&mut self, [_, height, width]: [usize; 3]) -> Map {
        let window = self.window([height, width], true);
        match self.random.below(4) {
            0 => Map::SumPool2d { window },
            1 => Map::AvgPool2d {
                window,
                count_padding: self.random.once_in(2),
            },
            _ => Map::MaxPool2d { window },
        }
    }

    /// A layer that reads one level of this shape.
    fn single(&mut self, shape: &[usize], kind: usize) -> (Map, Vec<f64>, Function) {
        let (inputs, [channels, ..]) = (size(shape), sides(shape));
        match kind {
            0 if shape.len() == 3 => {
                let (map, out) = self.conv(sides(shape));
                (map, self.bias(out), self.activation(8))
            }
            1 if shape.len() == 3 => (self.pool2d(sides(shape)), Vec::new(), self.activation(2)),
            2 => {
                let sizes: Vec<usize> = (1..=inputs).filter(|n| inputs % n == 0).collect();
                let size = self.random.among(&sizes);
                (Map::SumPool { size }, Vec::new(), self.activation(2))
            }
            3 => {
                let n = if self.random.once_in(2) {
                    channels
                } else {
                    inputs
                };
                let weights = self.numbers(n);
                (
                    Map::Scale { weights },
                    self.bias(channels),
                    self.activation(3),
                )
            }
            4 => {
                let shape = match self.random.below(3) {
                    0 => shape.to_vec(),
                    1 => vec![1 + self.random.below(2), 1 + self.random.below(3), 2],
                    _ => vec![1 + self.random.below(6)],
                };
                let index =
                    |random: &mut Random| (!random.once_in(3)).then(|| random.below(inputs));
                let indices = (0..size(&shape)).map(|_| index(&mut self.random)).collect();
                (
                    Map::Gather { indices, shape },
                    Vec::new(),
                    self.activation(2),
                )
            }
            _ => {
                let (map, units) = self.dense(inputs);
                (map, self.bias(units), self.activation(8))
            }
        }
    }

    /// The levels that an addition or concatenation with this one can read.
    fn companions(&self, level: usize, add: bool) -> Vec<usize> {
        let shapes = self.graph.shapes();
        let alike = |other: &usize| {
            let (one, other) = (&shapes[level], &shapes[*other]);
            let sides = [sides(one), sides(other)];
            let beside =
                one.len() == other.len() && (one.len() == 1 || sides[0][1..] == sides[1][1..]);
            if add { one == other } else { beside }
        };
        (0..shapes.len()).filter(alike).collect()
    }

    fn push(&mut self, map: Map, from: Vec<usize>, bias: Vec<f64>, activation: Function) {
        self.graph.nodes.push(Node {
            map,
            from,
            bias,
            activation,
        });
        let last = self.graph.shapes().pop().expect("a level");
        if size(&last) > MOST {
            self.graph.nodes.pop();
        }
    }

    /// One layer more, of any kind and on any level.
    fn grow(&mut self) {
        let shapes = self.graph.shapes();
        let last = shapes.len() - 1;
        let level = if self.random.once_in(3) {
            self.random.below(last + 1)
        } else {
            last
        };
        let kind = self.random.below(9);
        if kind < 6 {
            let (map, bias, activation) = self.single(&shapes[level], kind);
            return self.push(map, vec![level], bias, activation);
        }
        let companions = self.companions(level, kind < 8);
        let mut from = vec![level];
        for _ in 0..=self.random.below(2) {
            from.push(self.random.among(&companions));
        }
        let activation = self.activation(3);
        let map = if kind < 8 { Map::Add } else { Map::Concat };
        self.push(map, from, Vec::new(), activation);
    }

    /// Lets every level be read: a dense layer on each that is not, and their sum or concatenation.
    fn close(&mut self) {
        let shapes = self.graph.shapes();
        let is_read = |level: &usize| {
            self.graph
                .nodes
                .iter()
                .any(|node| node.from.contains(level))
        };
        let unread: Vec<usize> = (1..shapes.len()).filter(|level| !is_read(level)).collect();
        if unread.len() < 2 {
            return;
        }
        let units = 1 + self.random.below(3);
        let mut from = Vec::new();
        for level in unread {
            let weights = (0..size(&shapes[level]))
                .map(|_| self.numbers(units))
                .collect();
            let (bias, activation) = (self.bias(units), self.activation(8));
            self.push(Map::Dense { weights }, vec![level], bias, activation);
            from.push(self.graph.nodes.len());
        }
        let map = if self.random.once_in(2) {
            Map::Add
        } else {
            Map::Concat
        };
        self.push(map, from, Vec::new(), Function::Identity);
    }

    /// Bounds that hold 0, the same for all inputs or not.
    fn bounds(&mut self, inputs: usize) -> Option<Vec<[f64; 2]>> {
        if self.random.once_in(3) {
            return None;
        }
        let interval =
            |builder: &mut Self| [builder.among_halves(-4, 0), builder.among_halves(0, 6)];
        if self.random.once_in(2) {
            return Some(vec![interval(self); inputs]);
        }
        Some((0..inputs).map(|_| interval(self)).collect())
    }

    fn sample(&mut self) -> Vec<f64> {
        let inputs = size(&self.graph.shape);
        let bounds = self
            .graph
            .bounds
            .clone()
            .unwrap_or(vec![[-2.0, 2.0]; inputs]);
        let value = |[low, high]: [f64; 2]| match self.numbers {
            _ if self.random.once_in(4) => 0.0,
            Numbers::Coarse => self.among_halves((2.0 * low) as i32, (2.0 * high) as i32),
            Numbers::Generic => low + (high - low) * (self.number() + 1.0) / 2.0,
        };
        bounds.into_iter().map(value).collect()
    }

    /// One of the rules that look at contributions of both signs, with parameters.
    fn published(&mut self) -> Asked {
        self.random.among(&[
            Asked::Z,
            Asked::Epsilon(0.25),
            Asked::Epsilon(1e-6),
            Asked::Gamma(0.25),
            Asked::Gamma(2.0),
            Asked::Gamma(0.0),
            Asked::AlphaBeta(2.0, 1.0),
            Asked::AlphaBeta(1.5, 0.5),
            Asked::AlphaBeta(1.0, 0.0),
        ])
    }

    /// Rules of their own for some of the layers that follow one.
    fn exceptions(&mut self, every: bool) -> Vec<(usize, Asked)> {
        let levels = 1..=self.graph.nodes.len();
        let follow = levels.filter(|&level| self.graph.own(level).is_none());
        let mut exceptions = Vec::new();
        for level in follow.collect::<Vec<_>>() {
            let asked = if every && self.random.once_in(2) {
                self.published()
            } else {
                self.random
                    .among(&[Asked::WSquared, Asked::Flat, Asked::ZPlus, Asked::ZBox])
            };
            let is_addition = matches!(self.graph.nodes[level - 1].map, Map::Add);
            let bounded = self.graph.bounds.is_some() && self.graph.is_first(level);
            if self.random.once_in(3) && (asked != Asked::ZBox || bounded || is_addition) {
                exceptions.push((level, asked));
            }
        }
        exceptions
    }
}

/// The case of a number: every third has any rule, and biases in denominators or not; the others have the rules of deep Taylor
/// decomposition.
pub fn case(number: u64) -> Case {
    let every = number % 3 == 2;
    let mut random = Random(number);
    let shape = if random.once_in(3) {
        vec![1 + random.below(6)]
    } else {
        vec![
            1 + random.below(3),
            1 + random.below(4),
            1 + random.below(4),
        ]
    };
    let mut builder = Builder {
        numbers: if random.once_in(2) {
            Numbers::Coarse
        } else {
            Numbers::Generic
        },
        random,
        graph: Graph {
            shape,
            bounds: None,
            nodes: Vec::new(),
        },
    };
    builder.graph.bounds = builder.bounds(size(&builder.graph.shape));
    let layers = 1 + builder.random.below(9);
    while builder.graph.nodes.len() < layers {
        builder.grow();
    }
    builder.close();
    let presets = [
        Asked::WSquared,
        Asked::Flat,
        Asked::ZPlus,
        Asked::DeepTaylor,
        Asked::ZBox,
    ];
    let presets = if builder.graph.bounds.is_some() {
        &presets[..]
    } else {
        &presets[..4]
    };
    let asked = if every && !builder.random.once_in(4) {
        builder.published()
    } else {
        builder.random.among(presets)
    };
    let exceptions = builder.exceptions(every);
    let keep = every && builder.random.once_in(2);
    let samples = 1 + builder.random.below(4);
    let samples = (0..samples).map(|_| builder.sample()).collect();
    let outputs = builder.graph.shapes().pop().expect("a level");
    let target = (!builder.random.once_in(3)).then(|| builder.random.below(size(&outputs)));
    let unit = builder
        .random
        .among(&[1.0, 1.0, 1.0, 2.0_f64.powi(-600), 2.0_f64.powi(600)]);
    let mut case = Case {
        graph: builder.graph,
        asked,
        exceptions,
        keep,
        samples,
        target,
    };
    case.measure_in(unit);
    case
}
