//! The shape of a network without its weights, as `--layers` spells it.

use std::fmt;
use std::str::FromStr;

use super::shape::Shape;
use super::{Bias, Random, Scheme};
use crate::error::Invalid;
use crate::network::{Input, Network};
use crate::words::grouped;

/// More weights than this are taken for a mistake: they alone would fill 1 GiB.
const MOST_WEIGHTS: usize = 1 << 27;

/// An input level and the layers above it, without weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Architecture {
    input: Input,
    layers: Vec<Shape>,
    outputs: Vec<String>,
}

impl Architecture {
    /// That of a network: its input with names and bounds, its layers, the names of its outputs.
    pub fn of(network: &Network) -> Self {
        Self {
            input: network.input().clone(),
            layers: network.layers().iter().map(Shape::of).collect(),
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
        let layers = (self.layers.iter().zip((0..).step_by(2))).map(|(shape, stream)| {
            let random = [stream, stream + 1].map(|stream| Random::new(seed, stream));
            shape.draw(scheme, bias, random)
        });
        let network = Network::new(self.input.clone(), layers.collect::<Result<_, _>>()?)?;
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
            let layer = Shape::read(entry, units)?;
            weights = weights.saturating_add(layer.weights());
            units = layer.units();
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

impl fmt::Display for Architecture {
    /// As it is read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sides: Vec<String> = self.input.shape.iter().map(ToString::to_string).collect();
        write!(f, "{}", sides.join("x"))?;
        let mut layers = self.layers.iter();
        layers.try_for_each(|layer| write!(f, ",{layer}"))
    }
}
