//! The shape of a network without its weights, as `--layers` spells it.

use std::fmt;
use std::str::FromStr;

use super::{Bias, Random, Scheme};
use crate::error::Invalid;
use crate::network::{Activation, Input, Layer, Linear, Network};
use crate::words::{count, grouped};

/// More weights than this are taken for a mistake: they alone would fill 1 GiB.
const MOST_WEIGHTS: usize = 1 << 27;

/// An input level and the layers above it, without weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Architecture {
    input: Input,
    layers: Vec<Shape>,
    outputs: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Dense {
        units: usize,
        activation: Activation,
    },
    /// Over every `size` units.
    SumPool { inputs: usize, size: usize },
}

impl Architecture {
    /// That of a network: its input with names and bounds, its layers, the names of its outputs.
    pub fn of(network: &Network) -> Self {
        let layers = network.layers().iter().map(|layer| match layer.linear() {
            Linear::Dense(_) => Shape::Dense {
                units: layer.linear().outputs(),
                activation: layer.activation(),
            },
            Linear::SumPool(pool) => Shape::SumPool {
                inputs: layer.linear().inputs(),
                size: pool.size(),
            },
        });
        Self {
            input: network.input().clone(),
            layers: layers.collect(),
            outputs: network.output_names().to_vec(),
        }
    }

    /// The same with this domain of the inputs.
    #[must_use]
    pub fn bounded(mut self, bounds: crate::network::Bounds) -> Self {
        self.input.bounds = Some(bounds);
        self
    }

    /// The same with another input level of as many units: its names, its shape, its domain, its scale.
    ///
    /// # Panics
    ///
    /// When it has another number of units.
    #[must_use]
    pub fn with_input(mut self, input: Input) -> Self {
        let units = |input: &Input| input.shape.iter().product::<usize>();
        assert_eq!(units(&input), units(&self.input), "units of the input");
        self.input = input;
        self
    }

    /// The input level.
    pub fn input(&self) -> &Input {
        &self.input
    }

    /// A network of this shape, its weights drawn by `scheme`; its biases by `bias`, or as the scheme has them.
    ///
    /// Every layer has two sequences of random numbers of its own, one for its weights and one for its biases: the
    /// same weights come with every bias.
    ///
    /// # Errors
    ///
    /// [`Invalid`] where a number drawn is beyond f64.
    pub fn draw(&self, scheme: Scheme, bias: Option<Bias>, seed: u64) -> Result<Network, Invalid> {
        let mut inputs: usize = self.input.shape.iter().product();
        let mut layers = Vec::with_capacity(self.layers.len());
        for (&shape, stream) in self.layers.iter().zip((0..).step_by(2)) {
            let layer = match shape {
                Shape::SumPool { inputs, size } => Layer::sum_pool(inputs, size)?,
                Shape::Dense { units, activation } => {
                    let weights = scheme.weights(inputs, units, &mut Random::new(seed, stream));
                    let random = &mut Random::new(seed, stream + 1);
                    let biases = match bias {
                        Some(bias) => bias.numbers(units, random),
                        None => scheme.biases(inputs, units, random),
                    };
                    Layer::dense(weights, biases, activation)?
                }
            };
            inputs = layer.linear().outputs();
            layers.push(layer);
        }
        let network = Network::new(self.input.clone(), layers)?;
        if self.outputs.is_empty() {
            Ok(network)
        } else {
            network.with_outputs(self.outputs.clone())
        }
    }
}

impl FromStr for Architecture {
    type Err = String;

    /// `3,5,pool`: the inputs, then a number of ReLU units, or a pool, for each layer.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut entries = text.split(',').map(str::trim);
        let shape = entries
            .next()
            .map_or_else(|| Err(String::new()), input_shape);
        let shape = shape.map_err(|found| {
            format!("expected the number of inputs, or their shape as 1x28x28, found `{found}`")
        })?;
        let Some(mut units) = shape
            .iter()
            .try_fold(1_usize, |n, &side| n.checked_mul(side))
        else {
            return Err(format!("too many inputs: {text}"));
        };
        let input = Input {
            shape,
            ..Input::flat(units)
        };
        let mut weights = 0_usize;
        let mut layers = Vec::new();
        for entry in entries {
            let layer = layer(entry, units)?;
            match layer {
                Shape::Dense { units: above, .. } => {
                    weights = weights.saturating_add(units.saturating_mul(above));
                    units = above;
                }
                Shape::SumPool { inputs, size } => units = inputs / size,
            }
            layers.push(layer);
        }
        if layers.is_empty() {
            return Err("expected a layer after the inputs, as in 3,5,pool".to_owned());
        }
        if weights > MOST_WEIGHTS {
            return Err(format!(
                "{} weights; expected at most {}",
                grouped(weights),
                grouped(MOST_WEIGHTS)
            ));
        }
        Ok(Self {
            input,
            layers,
            outputs: Vec::new(),
        })
    }
}

/// `784` or `1x28x28`; on failure what was found.
fn input_shape(text: &str) -> Result<Vec<usize>, String> {
    let sides: Result<Vec<usize>, _> = text.split(['x', '×']).map(str::parse).collect();
    match sides {
        Ok(sides) if matches!(sides.len(), 1 | 3) && !sides.contains(&0) => Ok(sides),
        _ => Err(text.to_owned()),
    }
}

/// One layer on top of `inputs` units.
fn layer(text: &str, inputs: usize) -> Result<Shape, String> {
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
        (Ok(units @ 1..), Some(activation), ..) => Ok(Shape::Dense { units, activation }),
        (_, _, "pool", None) => Ok(Shape::SumPool {
            inputs,
            size: inputs,
        }),
        (_, _, "pool" | "pools", Some(number)) => {
            let number = number.parse().ok();
            let fits = number.filter(|&n: &usize| n > 0 && inputs.is_multiple_of(n));
            let shape = fits.map(|number| Shape::SumPool {
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

impl fmt::Display for Architecture {
    /// As it is read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sides: Vec<String> = self.input.shape.iter().map(ToString::to_string).collect();
        write!(f, "{}", sides.join("x"))?;
        for layer in &self.layers {
            match layer {
                Shape::Dense {
                    units,
                    activation: Activation::Relu,
                } => write!(f, ",{units}")?,
                Shape::Dense {
                    units,
                    activation: Activation::Identity,
                } => write!(f, ",{units}:linear")?,
                Shape::SumPool { inputs, size } if inputs == size => write!(f, ",pool")?,
                Shape::SumPool { size, .. } => write!(f, ",pool:{size}")?,
            }
        }
        Ok(())
    }
}
