//! Networks that are graphs, in plain numbers: what a layer is, and every layer as one explicit matrix.
//!
//! It shares no code with the library; it is slow on purpose, and easy to hold against the definitions.

/// A network in plain numbers.
#[derive(Debug, Clone)]
pub struct Graph {
    /// Of the input: one number, or channels, height and width.
    pub shape: Vec<usize>,
    /// An interval for each input.
    pub bounds: Option<Vec<[f64; 2]>>,
    /// Node l makes level l + 1.
    pub nodes: Vec<Node>,
}

/// A layer in plain numbers.
#[derive(Debug, Clone)]
pub struct Node {
    pub map: Map,
    /// The levels that it reads.
    pub from: Vec<usize>,
    /// One number a unit or a channel; empty for zeros.
    pub bias: Vec<f64>,
    pub activation: Function,
}

/// What happens to a pre-activation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Function {
    Relu,
    Relu6,
    Identity,
}

/// The kinds of layer.
#[derive(Debug, Clone)]
pub enum Map {
    /// `weights[i][j]`
    Dense {
        weights: Vec<Vec<f64>>,
    },
    /// `weights[out][in / groups][row][column]`
    Conv {
        weights: Vec<Vec<Vec<Vec<f64>>>>,
        window: Window,
        groups: usize,
    },
    /// Runs of `size` values.
    SumPool {
        size: usize,
    },
    SumPool2d {
        window: Window,
    },
    AvgPool2d {
        window: Window,
        count_padding: bool,
    },
    MaxPool2d {
        window: Window,
    },
    Add,
    Concat,
    /// One weight a value or a channel.
    Scale {
        weights: Vec<f64>,
    },
    /// No index is the constant 0.
    Gather {
        indices: Vec<Option<usize>>,
        shape: Vec<usize>,
    },
}

/// Taps that move over a picture; padding at the top, left, bottom and right.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    pub kernel: [usize; 2],
    pub stride: [usize; 2],
    pub dilation: [usize; 2],
    pub padding: [usize; 4],
}

/// A layer as one matrix: i runs over the inputs of all its branches.
#[derive(Debug)]
pub struct Whole {
    /// Level and unit of every input.
    pub inputs: Vec<(usize, usize)>,
    /// Whether an input is 0 whatever the network reads.
    pub constant: Vec<bool>,
    /// `weights[i][j]`; none where unit j does not see input i.
    pub weights: Vec<Vec<Option<f64>>>,
    /// One a unit.
    pub bias: Vec<f64>,
    pub activation: Function,
    /// Whether the largest input is handed on, not the sum.
    pub largest: bool,
}

impl Window {
    /// Rows and columns of places over a picture.
    pub fn places(&self, picture: [usize; 2]) -> [usize; 2] {
        let [top, left, bottom, right] = self.padding;
        let around = [top + bottom, left + right];
        [0, 1].map(|k| {
            let span = self.dilation[k] * (self.kernel[k] - 1) + 1;
            (picture[k] + around[k] - span) / self.stride[k] + 1
        })
    }

    /// Row and column under a tap at a place, if that is not padding.
    fn under(&self, place: [usize; 2], tap: [usize; 2], picture: [usize; 2]) -> Option<[usize; 2]> {
        let mut found = [0; 2];
        for k in 0..2 {
            let from_padding = place[k] * self.stride[k] + tap[k] * self.dilation[k];
            found[k] = from_padding.checked_sub(self.padding[k])?;
            if found[k] >= picture[k] {
                return None;
            }
        }
        Some(found)
    }
}

/// How many values a shape has.
pub fn size(shape: &[usize]) -> usize {
    shape.iter().product()
}

/// Channels, height and width; a list has a channel for each value.
pub fn sides(shape: &[usize]) -> [usize; 3] {
    match *shape {
        [channels, height, width] => [channels, height, width],
        _ => [size(shape), 1, 1],
    }
}

/// All places of a box, the last side the fastest.
fn each<const N: usize>(ends: [usize; N]) -> Vec<[usize; N]> {
    let mut all = vec![[0; N]];
    for side in 0..N {
        all = (all.iter())
            .flat_map(|place| {
                (0..ends[side]).map(move |k| {
                    let mut next = *place;
                    next[side] = k;
                    next
                })
            })
            .collect();
    }
    all
}

impl Map {
    /// The shape of the level that it makes of levels with these shapes.
    pub fn shape(&self, from: &[Vec<usize>]) -> Vec<usize> {
        let [channels, height, width] = sides(&from[0]);
        match self {
            Self::Dense { weights } => vec![weights[0].len()],
            Self::Conv {
                weights, window, ..
            } => {
                let [rows, columns] = window.places([height, width]);
                vec![weights.len(), rows, columns]
            }
            Self::SumPool { size: run } => vec![size(&from[0]) / run],
            Self::SumPool2d { window }
            | Self::AvgPool2d { window, .. }
            | Self::MaxPool2d { window } => {
                let [rows, columns] = window.places([height, width]);
                vec![channels, rows, columns]
            }
            Self::Add | Self::Scale { .. } => from[0].clone(),
            Self::Concat => concatenated(from),
            Self::Gather { shape, .. } => shape.clone(),
        }
    }

    /// The weights of the branch that reads the k-th of these levels: inputs × units.
    fn weights(&self, from: &[Vec<usize>], k: usize) -> Vec<Vec<Option<f64>>> {
        let (inputs, units) = (size(&from[k]), size(&self.shape(from)));
        let mut found = vec![vec![None; units]; inputs];
        match self {
            Self::Dense { weights } => {
                for [i, j] in each([inputs, units]) {
                    found[i][j] = Some(weights[i][j]);
                }
            }
            Self::Conv {
                weights,
                window,
                groups,
            } => {
                let [channels, ..] = sides(&from[k]);
                let (of_in, of_out) = (channels / groups, weights.len() / groups);
                windows(*window, &from[k], weights.len(), |out, i, j, tap| {
                    let c = i / (inputs / channels);
                    if c / of_in == out / of_out {
                        found[i][j] = Some(weights[out][c % of_in][tap[0]][tap[1]]);
                    }
                });
            }
            Self::SumPool { size } => (0..inputs).for_each(|i| found[i][i / size] = Some(1.0)),
            Self::SumPool2d { window } | Self::MaxPool2d { window } => {
                pooled(*window, &from[k], |i, j| found[i][j] = Some(1.0));
            }
            Self::AvgPool2d {
                window,
                count_padding,
            } => {
                let mut seen = vec![0; units];
                pooled(*window, &from[k], |_, j| seen[j] += 1);
                let taps = window.kernel[0] * window.kernel[1];
                pooled(*window, &from[k], |i, j| {
                    let of = if *count_padding { taps } else { seen[j] };
                    found[i][j] = Some(1.0 / f64::from(u32::try_from(of).expect("small")));
                });
            }
            Self::Add => (0..inputs).for_each(|i| found[i][i] = Some(1.0)),
            Self::Concat => {
                let before: usize = from[..k].iter().map(|shape| size(shape)).sum();
                (0..inputs).for_each(|i| found[i][before + i] = Some(1.0));
            }
            Self::Scale { weights } => {
                let each = inputs / weights.len();
                (0..inputs).for_each(|i| found[i][i] = Some(weights[i / each]));
            }
            Self::Gather { indices, .. } => {
                let picked = indices.iter().enumerate();
                picked.for_each(|(j, index)| {
                    if let Some(i) = *index {
                        found[i][j] = Some(1.0);
                    }
                });
            }
        }
        found
    }
}

/// Pictures of one height and width one channel after the other; else one value after the other.
fn concatenated(from: &[Vec<usize>]) -> Vec<usize> {
    let all: Vec<[usize; 3]> = from.iter().map(|shape| sides(shape)).collect();
    let pictures = from.iter().all(|shape| shape.len() == 3);
    if pictures && all.iter().all(|sides| sides[1..] == all[0][1..]) {
        vec![all.iter().map(|s| s[0]).sum(), all[0][1], all[0][2]]
    } else {
        vec![from.iter().map(|shape| size(shape)).sum()]
    }
}

/// Shows every output channel, input, unit and tap at which the window sees the input.
fn windows(
    window: Window,
    from: &[usize],
    out: usize,
    mut see: impl FnMut(usize, usize, usize, [usize; 2]),
) {
    let [channels, height, width] = sides(from);
    let [rows, columns] = window.places([height, width]);
    let [tall, wide] = window.kernel;
    for [o, row, column, c, down, along] in each([out, rows, columns, channels, tall, wide]) {
        if let Some([y, x]) = window.under([row, column], [down, along], [height, width]) {
            let (i, j) = (
                (c * height + y) * width + x,
                (o * rows + row) * columns + column,
            );
            see(o, i, j, [down, along]);
        }
    }
}

/// Shows every input and unit of one channel that the window ties.
fn pooled(window: Window, from: &[usize], mut see: impl FnMut(usize, usize)) {
    let [channels, height, width] = sides(from);
    windows(window, from, channels, |out, i, j, _| {
        if i / (height * width) == out {
            see(i, j);
        }
    });
}

impl Graph {
    /// The shape of every level, input first.
    pub fn shapes(&self) -> Vec<Vec<usize>> {
        let mut shapes = vec![self.shape.clone()];
        for node in &self.nodes {
            let from: Vec<_> = node
                .from
                .iter()
                .map(|&level| shapes[level].clone())
                .collect();
            shapes.push(node.map.shape(&from));
        }
        shapes
    }

    /// Every layer as one matrix.
    pub fn wholes(&self) -> Vec<Whole> {
        let shapes = self.shapes();
        let mut constant = vec![vec![false; size(&self.shape)]];
        let mut wholes = Vec::new();
        for (l, node) in self.nodes.iter().enumerate() {
            let from: Vec<_> = node
                .from
                .iter()
                .map(|&level| shapes[level].clone())
                .collect();
            let units = size(&shapes[l + 1]);
            let mut whole = Whole {
                inputs: Vec::new(),
                constant: Vec::new(),
                weights: Vec::new(),
                bias: vec![0.0; units],
                activation: node.activation,
                largest: matches!(node.map, Map::MaxPool2d { .. }),
            };
            for (k, &level) in node.from.iter().enumerate() {
                whole
                    .inputs
                    .extend((0..size(&shapes[level])).map(|i| (level, i)));
                whole.constant.extend(&constant[level]);
                whole.weights.extend(node.map.weights(&from, k));
            }
            if !node.bias.is_empty() {
                let each = units / node.bias.len();
                (0..units).for_each(|j| whole.bias[j] = node.bias[j / each]);
            }
            let is_constant = |j: usize| whole.bias[j] == 0.0 && whole.ties(j).is_empty();
            constant.push((0..units).map(is_constant).collect());
            wholes.push(whole);
        }
        wholes
    }
}

impl Whole {
    /// The inputs that unit j sees and that are not constant, each with its weight.
    pub fn ties(&self, j: usize) -> Vec<(usize, f64)> {
        let seen = (0..self.inputs.len()).filter(|&i| !self.constant[i]);
        seen.filter_map(|i| Some((i, self.weights[i][j]?)))
            .collect()
    }

    /// The values of all inputs.
    pub fn values(&self, activations: &[Vec<f64>]) -> Vec<f64> {
        let value = |&(level, unit): &(usize, usize)| activations[level][unit];
        self.inputs.iter().map(value).collect()
    }

    /// `z_j`, and `Σ_i |x_i w_ij| + |b_j|`: the scale of its rounding.
    pub fn weigh(&self, x: &[f64], j: usize) -> [f64; 2] {
        let seen: Vec<f64> = (0..x.len())
            .filter_map(|i| Some(x[i] * self.weights[i][j]?))
            .collect();
        if self.largest {
            let most = seen.iter().fold(f64::NEG_INFINITY, |most, x| most.max(*x));
            return [most + self.bias[j], most.abs() + self.bias[j].abs()];
        }
        let z = seen.iter().sum::<f64>() + self.bias[j];
        let size = seen.iter().map(|x| x.abs()).sum::<f64>() + self.bias[j].abs();
        [z, size]
    }
}

impl Function {
    pub fn of(self, z: f64) -> f64 {
        match self {
            Self::Identity => z,
            Self::Relu if z < 0.0 => 0.0,
            Self::Relu6 if z < 0.0 => 0.0,
            Self::Relu6 if z > 6.0 => 6.0,
            Self::Relu | Self::Relu6 => z,
        }
    }
}
