//! A layer without its weights: how `--layers` spells it, how many units and weights it has, how it is drawn.

use std::fmt;

use super::{Bias, Random, Scheme};
use crate::error::Invalid;
use crate::network::{Activation, Layer, Linear};
use crate::words::count;

/// A layer without its weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Dense {
        inputs: usize,
        units: usize,
        activation: Activation,
    },
    /// Over every `size` units.
    SumPool { inputs: usize, size: usize },
}

impl Shape {
    pub(super) fn of(layer: &Layer) -> Self {
        let inputs = layer.linear().inputs();
        match layer.linear() {
            Linear::Dense(_) => Self::Dense {
                inputs,
                units: layer.linear().outputs(),
                activation: layer.activation(),
            },
            Linear::SumPool(pool) => Self::SumPool {
                inputs,
                size: pool.size(),
            },
            // Not in a chain: no network with one comes here.
            _ => Self::SumPool { inputs, size: 1 },
        }
    }

    pub(super) fn units(self) -> usize {
        match self {
            Self::Dense { units, .. } => units,
            Self::SumPool { inputs, size } => inputs / size,
        }
    }

    /// Number of weights to be drawn; the largest number where there are more.
    pub(super) fn weights(self) -> usize {
        match self {
            Self::Dense { inputs, units, .. } => inputs.saturating_mul(units),
            Self::SumPool { .. } => 0,
        }
    }

    /// The layer, its weights and biases drawn from random numbers of their own.
    pub(super) fn draw(
        self,
        scheme: Scheme,
        bias: Option<Bias>,
        [mut of_weights, mut of_biases]: [Random; 2],
    ) -> Result<Layer, Invalid> {
        match self {
            Self::Dense {
                inputs,
                units,
                activation,
            } => {
                let weights = scheme.weights(inputs, units, &mut of_weights);
                let biases = match bias {
                    Some(bias) => bias.numbers(units, &mut of_biases),
                    None => scheme.biases(inputs, units, &mut of_biases),
                };
                Layer::dense(weights, biases, activation)
            }
            Self::SumPool { inputs, size } => Layer::sum_pool(inputs, size),
        }
    }

    /// A layer on top of `inputs` units, as `--layers` spells it.
    pub(super) fn read(text: &str, inputs: usize) -> Result<Self, String> {
        let (word, rest) = match text.split_once(':') {
            Some((word, rest)) => (word, Some(rest)),
            None => (text, None),
        };
        let activation = match rest {
            None | Some("relu") => Some(Activation::Relu),
            Some("linear" | "identity") => Some(Activation::Identity),
            Some(_) => None,
        };
        match (word.parse::<usize>(), activation, word, rest) {
            (Ok(units @ 1..), Some(activation), ..) => Ok(Self::Dense {
                inputs,
                units,
                activation,
            }),
            (_, _, "pool", None) => Ok(Self::SumPool {
                inputs,
                size: inputs,
            }),
            (_, _, "pool" | "pools", Some(number)) => {
                let number = number.parse().ok();
                let fits = number.filter(|&n: &usize| n > 0 && inputs.is_multiple_of(n));
                let shape = fits.map(|number| Self::SumPool {
                    inputs,
                    size: if word == "pool" {
                        number
                    } else {
                        inputs / number
                    },
                });
                shape.ok_or_else(|| unpooled(text, number, inputs))
            }
            _ => Err(format!(
                "`{text}`: expected a number of ReLU units, N:linear for units without ReLU, pool, pool:N for pools of N \
             units each, or pools:N for N pools"
            )),
        }
    }
}

impl fmt::Display for Shape {
    /// As it is read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dense {
                units, activation, ..
            } => match activation {
                Activation::Relu => write!(f, "{units}"),
                Activation::Relu6 => write!(f, "{units}:relu6"),
                Activation::Identity => write!(f, "{units}:linear"),
            },
            Self::SumPool { inputs, size } if inputs == size => write!(f, "pool"),
            Self::SumPool { size, .. } => write!(f, "pool:{size}"),
        }
    }
}

/// Why `inputs` units cannot be pooled so: what stands after the colon of `pool` is a size, of `pools` a number.
fn unpooled(text: &str, number: Option<usize>, inputs: usize) -> String {
    let below = count(inputs, "unit");
    let rule = format!("expected pool, or pool:N with an N that divides the {below} below");
    match number {
        Some(n) if n > 0 && text.starts_with("pools") => {
            format!(
                "`{text}`: {below} cannot be shared evenly among {}; {rule}",
                count(n, "pool")
            )
        }
        Some(n) if n > 0 => {
            format!(
                "`{text}`: pools of {n} units each, which {below} do not make; {rule} (for {n} pools say pools:{n})"
            )
        }
        _ => format!("`{text}`: {rule}, or pools:N for N pools"),
    }
}
