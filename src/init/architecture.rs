//! The shape of a network without its weights, as `--layers` spells it.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::draw::{of_layer, redrawn};
use super::piece::{Piece, written};
use super::{Bias, Scheme};
use crate::error::Invalid;
use crate::network::{Input, Layer, Network};
use crate::words::{count, grouped};

/// More weights than this are taken for a mistake: they alone would fill 1 GiB.
const MOST_WEIGHTS: usize = 1 << 27;

/// An input level and the layers above it, whose weights do not count.
#[derive(Debug, Clone, PartialEq)]
pub struct Architecture {
    input: Input,
    layers: Arc<[Layer]>,
    outputs: Vec<String>,
    /// How it is written.
    written: String,
}

impl Architecture {
    /// That of a network, of whatever shape: its input with names and bounds, its layers, the names of its outputs.
    pub fn of(network: &Network) -> Self {
        Self {
            input: network.input().clone(),
            layers: network.layers().into(),
            outputs: network.output_names().to_vec(),
            written: layers_of(network),
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

    /// A network of this shape, the weights of its dense and convolutional layers drawn by `scheme`; their biases by `bias`,
    /// or as the scheme has them. Other layers stay as they are.
    ///
    /// Every layer has two sequences of random numbers of its own, one for its weights and one for its biases: the
    /// same weights come with every bias.
    ///
    /// # Errors
    ///
    /// [`Invalid`] where a number drawn is beyond f64.
    pub fn draw(&self, scheme: Scheme, bias: Option<Bias>, seed: u64) -> Result<Network, Invalid> {
        let layers = self.layers.iter().zip(1..);
        let layers =
            layers.map(|(layer, level)| redrawn(layer, scheme, bias, of_layer(seed, level)));
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

    /// `3,5,pool`: the inputs, then a number of ReLU units, a convolution or a pool, for each layer.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut entries = text.split(',').map(str::trim);
        let shape = entries
            .next()
            .map_or_else(|| Err(String::new()), input_shape);
        let shape = shape.map_err(|found| {
            format!("expected the number of inputs, or their shape as 1x28x28, found `{found}`")
        })?;
        let Some(units) = shape
            .iter()
            .try_fold(1_usize, |n, &side| n.checked_mul(side))
        else {
            return Err(format!("too many inputs: {text}"));
        };
        let input = Input {
            shape,
            ..Input::flat(units)
        };
        let mut level = input.level_shape();
        let mut weights = 0_usize;
        let mut pieces = Vec::new();
        for entry in entries {
            let piece = Piece::read(entry, level)?;
            weights = weights.saturating_add(piece.weights());
            level = piece.shape().map_err(|invalid| unfit(entry, &invalid))?;
            pieces.push((entry, piece));
        }
        if pieces.is_empty() {
            return Err("expected a layer after the inputs, as in 3,5,pool".to_owned());
        }
        if weights > MOST_WEIGHTS {
            return Err(format!(
                "{} weights; expected at most {}",
                grouped(weights),
                grouped(MOST_WEIGHTS)
            ));
        }
        let layers = pieces.iter().map(|(entry, piece)| {
            let layer = piece.layer();
            layer.map_err(|invalid| unfit(entry, &invalid))
        });
        let layers: Arc<[Layer]> = layers.collect::<Result<_, _>>()?;
        Ok(Self {
            written: spelt(&input, &layers).unwrap_or_else(|| text.to_owned()),
            input,
            layers,
            outputs: Vec::new(),
        })
    }
}

/// Why a piece makes no layer on the level below.
fn unfit(text: &str, invalid: &Invalid) -> String {
    let said = invalid.to_string();
    format!("`{text}`: {}", said.trim_start_matches(": "))
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
    /// As it is read, or by the name of the network.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

/// The layers of a network as `--layers` spells them; its name where it cannot, as of a graph.
pub fn layers_of(network: &Network) -> String {
    let chain = network.is_chain();
    let spelt = chain.then(|| spelt(network.input(), network.layers()));
    spelt.flatten().unwrap_or_else(|| match network.name() {
        "" => format!(
            "a network of {} and {}",
            count(network.input_units(), "input"),
            count(network.layers().len(), "layer")
        ),
        name => name.to_owned(),
    })
}

/// As it is read; none where there is no such spelling.
fn spelt(input: &Input, layers: &[Layer]) -> Option<String> {
    let sides: Vec<String> = input.shape.iter().map(ToString::to_string).collect();
    let pieces = std::iter::once(Some(sides.join("x"))).chain(layers.iter().map(written));
    Some(pieces.collect::<Option<Vec<_>>>()?.join(","))
}
