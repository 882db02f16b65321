//! A layer while the graph is being read: what follows may still be folded into it.

use super::places::NOWHERE;
use crate::error::Invalid;
use crate::network::linear::{Conv2d, Dense, Gather, MaxPool2d, Pool2d, Scale, Window};
use crate::network::matrix::Matrix;
use crate::network::{Activation, Layer, Linear, Shape};

/// A layer that may still change.
pub(super) struct Draft {
    /// What the graph calls it.
    pub name: String,
    /// The operator of its node.
    pub operator: String,
    /// Where it stands in the graph, for messages.
    pub place: String,
    /// The levels that it reads, one a branch.
    pub reads: Vec<usize>,
    pub map: Map,
    /// One a channel or one a unit, or none.
    pub bias: Vec<f64>,
    pub activation: Activation,
    pub shape: Shape,
    /// Whether values that it reads can be negative.
    pub reads_negative: bool,
}

/// The linear map of a draft.
pub(super) enum Map {
    /// Weights of inputs × units.
    Weights(Matrix),
    Kernel(Kernel),
    Average {
        input: [usize; 3],
        window: Window,
        count_padding: bool,
    },
    Sum {
        input: [usize; 3],
        window: Window,
    },
    /// The sums of runs of so many of so many values.
    Runs {
        inputs: usize,
        size: usize,
    },
    Largest {
        input: [usize; 3],
        window: Window,
    },
    Addition(Vec<Shape>),
    Beside(Vec<Shape>),
    /// Weights, each of so many values.
    Scaled {
        weights: Vec<f64>,
        each: usize,
    },
    /// These units of so many.
    Picked {
        inputs: usize,
        indices: Vec<u32>,
    },
}

impl Map {
    /// The bytes of its numbers.
    pub(super) fn bytes(&self) -> u64 {
        match self {
            Self::Weights(weights) => weights.view().numbers().bytes() as u64,
            Self::Kernel(kernel) => kernel.weights.len() as u64 * 8,
            Self::Scaled { weights, .. } => weights.len() as u64 * 8,
            // An index, and its place among the ties of a layer.
            Self::Picked { indices, .. } => indices.len() as u64 * 32,
            Self::Average { .. }
            | Self::Sum { .. }
            | Self::Runs { .. }
            | Self::Largest { .. }
            | Self::Addition(_)
            | Self::Beside(_) => 0,
        }
    }
}

/// A convolution.
pub(super) struct Kernel {
    pub input: [usize; 3],
    pub weights: Vec<f64>,
    pub shape: [usize; 4],
    pub window: Window,
    pub groups: usize,
}

impl Draft {
    /// Whether values that it makes can be negative, as far as its kind shows.
    pub(super) fn can_be_negative(&self) -> bool {
        if self.activation.detects() {
            return false;
        }
        let below_0 = |numbers: &[f64]| numbers.iter().any(|number| *number < 0.0);
        match &self.map {
            Map::Weights(_) | Map::Kernel(_) => true,
            Map::Scaled { weights, .. } => {
                self.reads_negative || below_0(weights) || below_0(&self.bias)
            }
            Map::Average { .. }
            | Map::Sum { .. }
            | Map::Runs { .. }
            | Map::Largest { .. }
            | Map::Addition(_)
            | Map::Beside(_)
            | Map::Picked { .. } => self.reads_negative,
        }
    }

    /// Folds `z ↦ s z + t` into a map with weights, s and t one a channel or one a unit; whether that could be done.
    pub(super) fn take(&mut self, scale: &[f64], shift: &[f64]) -> bool {
        let (units, channels) = (self.shape.units(), self.shape.channels());
        let scales = scale.iter().any(|s| s.to_bits() != 1_f64.to_bits());
        match &mut self.map {
            // A bias alone leaves weights as they are.
            Map::Weights(_) | Map::Kernel(_) if !scales => {}
            Map::Weights(weights) => {
                for mut row in weights.to_mut().rows_mut() {
                    row.iter_mut().zip(scale).for_each(|(w, s)| *w *= s);
                }
            }
            Map::Kernel(kernel) => {
                let Some(scale) = by_channel(scale, channels) else {
                    return false;
                };
                let taps = kernel.weights.len() / kernel.shape[0].max(1);
                let each = kernel.weights.chunks_mut(taps.max(1)).zip(scale);
                each.for_each(|(taps, s)| taps.iter_mut().for_each(|w| *w *= s));
            }
            Map::Scaled { weights, each } => {
                let all = weights.len().max(scale.len());
                let pairs = spread(weights, all, 1.0).zip(spread(scale, all, 1.0));
                *weights = fewest(pairs.map(|(w, s)| w * s).collect(), channels);
                *each = units / weights.len();
            }
            Map::Average { .. }
            | Map::Sum { .. }
            | Map::Runs { .. }
            | Map::Largest { .. }
            | Map::Addition(_)
            | Map::Beside(_)
            | Map::Picked { .. } => return false,
        }
        let all = self.bias.len().max(scale.len()).max(shift.len());
        let summands = spread(&self.bias, all, 0.0).zip(spread(shift, all, 0.0));
        let bias: Vec<f64> = (summands.zip(spread(scale, all, 1.0)))
            .map(|((b, t), s)| b * s + t)
            .collect();
        self.bias = if bias.iter().all(|b| *b == 0.0) {
            Vec::new()
        } else {
            fewest(bias, channels)
        };
        true
    }

    /// Makes a sum of an average over windows of so many values; whether it is one.
    pub(super) fn take_taps(&mut self, taps: f64) -> bool {
        let Map::Average {
            input,
            window,
            count_padding,
        } = self.map
        else {
            return false;
        };
        let all = window.kernel[0] as f64 * window.kernel[1] as f64;
        let is_sum = (count_padding || window.padding == [0; 4])
            && taps.to_bits() == all.to_bits()
            && !self.activation.detects();
        if is_sum {
            self.map = Map::Sum { input, window };
        }
        is_sum
    }

    /// The layer, reading what `level` makes of the levels that it reads.
    pub(super) fn build(self, level: impl Fn(usize) -> usize) -> Result<Layer, Invalid> {
        let (shape, bias, activation) = (self.shape, self.bias, self.activation);
        let layer = match self.map {
            Map::Weights(weights) => {
                Layer::of_dense(Dense::of(weights.for_use())?, bias, activation)?
            }
            Map::Runs { inputs, size } => Layer::sum_pool(inputs, size)?,
            Map::Addition(shapes) => Layer::add(&shapes, activation)?,
            Map::Beside(shapes) => Layer::concat(&shapes, activation)?,
            Map::Kernel(kernel) => {
                let (weights, sides) = (kernel.weights, kernel.shape);
                let map = Conv2d::new(kernel.input, weights, sides, kernel.window, kernel.groups)?;
                Layer::new(Linear::Conv2d(map), shape, bias, activation)?
            }
            Map::Average {
                input,
                window,
                count_padding,
            } => {
                let map = Pool2d::average(input, window, count_padding)?;
                Layer::new(Linear::Pool2d(map), shape, bias, activation)?
            }
            Map::Sum { input, window } => {
                let map = Pool2d::sum(input, window)?;
                Layer::new(Linear::Pool2d(map), shape, bias, activation)?
            }
            Map::Largest { input, window } => {
                let map = MaxPool2d::new(input, window)?;
                Layer::new(Linear::MaxPool2d(map), shape, bias, activation)?
            }
            Map::Scaled { weights, each } => {
                let map = Scale::new(weights, each)?;
                Layer::new(Linear::Scale(map), shape, bias, activation)?
            }
            Map::Picked { inputs, indices } => {
                let index = |k: u32| (k != NOWHERE).then_some(k as usize);
                let map = Gather::new(inputs, indices.into_iter().map(index).collect())?;
                Layer::new(Linear::Gather(map), shape, bias, activation)?
            }
        };
        let reads: Vec<usize> = self.reads.into_iter().map(level).collect();
        Ok(layer.named(self.name).reading(&reads))
    }
}

/// So many numbers of fewer, each for as many as the others; of none, the same for all.
pub(super) fn spread(
    numbers: &[f64],
    all: usize,
    missing: f64,
) -> impl Iterator<Item = f64> + use<'_> {
    let each = all / numbers.len().max(1);
    let none = if numbers.is_empty() { all } else { 0 };
    let given = numbers
        .iter()
        .flat_map(move |x| std::iter::repeat_n(*x, each));
    given.chain(std::iter::repeat_n(missing, none))
}

/// One number a channel, where all units of a channel have the same.
pub(super) fn by_channel(numbers: &[f64], channels: usize) -> Option<Vec<f64>> {
    let each = numbers.len() / channels.max(1);
    let channels = numbers.chunks(each.max(1));
    let same = |numbers: &[f64]| {
        let first = *numbers.first()?;
        let all = numbers
            .iter()
            .all(|number| number.to_bits() == first.to_bits());
        all.then_some(first)
    };
    channels.map(same).collect()
}

/// Numbers of units or channels, as few as say the same.
pub(super) fn fewest(numbers: Vec<f64>, channels: usize) -> Vec<f64> {
    by_channel(&numbers, channels).unwrap_or(numbers)
}
