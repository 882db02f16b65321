//! A network in exact fractions.

use super::domain::{ExactDomain, Interval};
use super::layer::{ExactLayer, LayerNumbers};
use super::number::{Number, binary, decimal, fractions};
use crate::error::{Error, Invalid};
use crate::network::{Bounds, Domain, Layer, Network, decimals, is_model};
use crate::words::grouped;

/// As fractions they fill half a gigabyte.
const MOST_NUMBERS: usize = 10_000_000;

/// A network whose every number is the decimal in its file, or, where it was not written as one, its binary value.
#[derive(Debug, Clone)]
pub struct ExactNetwork {
    network: Network,
    /// The numbers of every layer, from the input up.
    numbers: Vec<LayerNumbers>,
    /// `[l_i, h_i]` of every input, where there are bounds.
    pub(super) bounds: Option<Vec<[Number; 2]>>,
    /// Where the values of every level may lie, input first.
    domains: Vec<ExactDomain>,
    samples: Vec<Vec<Number>>,
}

impl From<Network> for ExactNetwork {
    /// Every number is its binary value.
    fn from(network: Network) -> Self {
        let inputs = network.input_units();
        let of_all = |bounds: &Bounds| -> Vec<[Number; 2]> {
            let side = |side: usize| (0..inputs).map(|i| bounds.at(i)[side]).collect::<Vec<_>>();
            let [low, high] = [0, 1].map(|bound| binary(&side(bound)));
            low.into_iter().zip(high).map(<[Number; 2]>::from).collect()
        };
        let samples = network.samples().rows().into_iter();
        Self {
            numbers: network.layers().iter().map(LayerNumbers::binary).collect(),
            bounds: network.input().bounds.as_ref().map(of_all),
            domains: Vec::new(),
            samples: samples.map(|row| binary(&row.to_vec())).collect(),
            network,
        }
        .with_domains()
    }
}

impl ExactNetwork {
    /// Reads the text of a network file.
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`] when it is not a network, and [`Error::Invalid`] where a number cannot be taken as an exact
    /// fraction.
    pub fn parse(text: &[u8]) -> Result<Self, Error> {
        Self::with_decimals(Network::parse("network", text)?, text)
    }

    /// The same network in the decimals of the text that it was read from; what this does not write out, as the weights of a
    /// tensor or of an ONNX model, keeps its binary value.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] where a number cannot be taken as an exact fraction, or there are too many.
    pub fn with_decimals(network: Network, text: &[u8]) -> Result<Self, Error> {
        check_size(&network, MOST_NUMBERS)?;
        if is_model(text) {
            return Ok(network.into());
        }
        let decimals = decimals(text)?;
        let mut exact = Self::from(network);
        let layers = decimals.layers.iter().zip(&mut exact.numbers).enumerate();
        for (l, (texts, numbers)) in layers {
            numbers
                .read(texts)
                .map_err(|invalid| invalid.below(&format!("layers[{l}]")))?;
        }
        let (listed, inputs) = (
            fractions("input.bounds", &decimals.bounds)?,
            exact.network.input_units(),
        );
        if let Some(bounds) = &exact.network.input().bounds {
            let written = bounds_of(bounds, &listed, inputs);
            exact.bounds = Some(if are_nearest(bounds, &written, inputs) {
                written
            } else {
                shortest(bounds, inputs)?
            });
        }
        let samples = fractions("inputs", &decimals.samples)?;
        exact.samples = samples.chunks(inputs).map(<[Number]>::to_vec).collect();
        Ok(exact.with_domains())
    }

    /// The samples that the file brings along.
    pub fn samples(&self) -> &[Vec<Number>] {
        &self.samples
    }

    /// The same network in f64.
    pub(super) fn rounded(&self) -> &Network {
        &self.network
    }

    /// The level of the outputs.
    pub(super) fn top(&self) -> usize {
        self.network.top()
    }

    /// The layer that makes a level, from 1 up.
    pub(super) fn layer(&self, level: usize) -> ExactLayer<'_> {
        ExactLayer::new(
            self.network.layer(level),
            &self.numbers[level - 1],
            self.network.shares_in_proportion(level),
        )
    }

    /// Every layer with the level that it makes, from the input up.
    pub(super) fn by_level(
        &self,
    ) -> impl DoubleEndedIterator<Item = (usize, ExactLayer<'_>)> + ExactSizeIterator {
        let levels = self.network.by_level();
        levels.map(|(level, _)| (level, self.layer(level)))
    }

    /// What every branch of the layer of a level reads, of the values of all levels.
    pub(super) fn read<'v>(&self, level: usize, values: &'v [Vec<Number>]) -> Vec<&'v [Number]> {
        let sources = self.network.layer(level).sources();
        sources.map(|from| &values[from][..]).collect()
    }

    /// Where the values of a level may lie.
    pub(super) fn domain(&self, level: usize) -> &ExactDomain {
        &self.domains[level]
    }

    /// `[l_i, h_i]` of what the layer of a level reads, for the zᴮ rule: the bounds of the input, moved through the routing and
    /// the pools between.
    pub(super) fn bounds_below<'n>(
        &'n self,
        level: usize,
    ) -> impl Fn(usize) -> Option<[&'n Number; 2]> {
        let from = match self.network.layer(level).branches() {
            [branch] => Some(branch.from()),
            // Only additions and concatenations have several, and no rule of theirs looks at bounds.
            _ => None,
        };
        move |i| self.domains[from?].bounds(i)
    }

    /// Settles the domain of every level: of the form that it has in f64, its bounds without rounding.
    fn with_domains(mut self) -> Self {
        self.domains.clear();
        for (level, domain) in self.network.domains().iter().enumerate() {
            let domain = match domain {
                Domain::Unbounded => ExactDomain::Unbounded,
                Domain::NonNegative => ExactDomain::NonNegative,
                Domain::Box(_) => ExactDomain::Box(self.intervals(level)),
            };
            self.domains.push(domain);
        }
        self
    }

    /// The intervals of a level's values, given those of every level below.
    fn intervals(&self, level: usize) -> Vec<Interval> {
        if level == 0 {
            let bounds = self.bounds.iter().flatten();
            return bounds.map(|bounds| bounds.clone().map(Some)).collect();
        }
        let layer = self.layer(level);
        let sources: Vec<usize> = layer.sources().collect();
        let below = |branch: usize, i: usize| self.domains[sources[branch]].at(i);
        let interval = |j: usize| layer.interval(j, below);
        (0..layer.units()).map(interval).collect()
    }
}

/// Whether there are no more than `most` weights, biases and units.
fn check_size(network: &Network, most: usize) -> Result<(), Invalid> {
    let numbers = |layer: &Layer| layer.linear().parameters() + layer.bias().len();
    let numbers = network.layers().iter().map(numbers);
    let found = numbers
        .chain(network.units())
        .fold(0, usize::saturating_add);
    if found <= most {
        return Ok(());
    }
    let expected = format!(
        "exact fractions are for networks of up to {} weights, biases and units",
        grouped(most)
    );
    Err(Invalid::new("layers", expected, grouped(found)).help("leave out --exact"))
}

/// Whether bounds are those that were written, and no others that took their place.
fn are_nearest(bounds: &Bounds, written: &[[Number; 2]], inputs: usize) -> bool {
    let nearest = |n: &Number| n.to_f64().value();
    let mut pairs = written.iter().enumerate();
    written.len() == inputs
        && pairs.all(|(i, [l, h])| {
            [nearest(l), nearest(h)].map(f64::to_bits) == bounds.at(i).map(|x| (x + 0.0).to_bits())
        })
}

/// Bounds as the shortest decimals that are nearest to them.
fn shortest(bounds: &Bounds, inputs: usize) -> Result<Vec<[Number; 2]>, Invalid> {
    let number = |x: f64| decimal(&format!("{x:?}")).map_err(|invalid| invalid.below("bounds"));
    let pair = |i| {
        let [l, h] = bounds.at(i);
        Ok([number(l)?, number(h)?])
    };
    (0..inputs).map(pair).collect()
}

/// The bounds of every input, of the numbers that a file lists: two for all, two lists, or two a channel.
fn bounds_of(bounds: &Bounds, listed: &[Number], inputs: usize) -> Vec<[Number; 2]> {
    let pair = |low: &Number, high: &Number| [low.clone(), high.clone()];
    match bounds {
        Bounds::Each(_) if listed.len() == 2 * inputs => {
            let (low, high) = listed.split_at(inputs);
            low.iter().zip(high).map(|(l, h)| pair(l, h)).collect()
        }
        Bounds::Each(_) | Bounds::Same(_) => {
            let each = inputs * 2 / listed.len().max(1);
            let pairs = listed.chunks_exact(2);
            pairs
                .flat_map(|both| std::iter::repeat_n(pair(&both[0], &both[1]), each))
                .collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ExactNetwork, MOST_NUMBERS, check_size};
    use crate::exact::{Number, decimal};

    fn numbers(texts: &[&str]) -> Vec<Number> {
        let numbers = texts.iter().map(|text| decimal(text).expect("a decimal"));
        numbers.collect()
    }

    fn network(layer: &str) -> ExactNetwork {
        let text = format!(
            r#"{{ "input": {{ "shape": [3], "bounds": [[0, -1, 0], [1, 1, 2]] }}, "layers": [
                {{ "type": "sum_pool", "size": 1 }}, {layer}, {{ "type": "sum_pool" }} ] }}"#
        );
        ExactNetwork::parse(text.as_bytes()).expect("a network")
    }

    #[test]
    fn numbers_are_the_decimals_of_the_file_in_either_order_of_weights() {
        let layers = [
            r#"{ "type": "dense", "weights": [[0.1, 1], [0.2, 2], [-0.3, 3]], "bias": [0, 0.5] }"#,
            r#"{ "weights": [[0.1, 0.2, -0.3], [1, 2, 3]], "weights_order": "out_in",
                 "bias": [0, 5e-1], "type": "dense" }"#,
        ];
        for layer in layers {
            let (network, x) = (network(layer), numbers(&["1", "1", "1"]));
            let dense = network.layer(2);
            let z: Vec<Number> = (0..2).map(|j| dense.pre_activation(j, &[&x])).collect();
            assert_eq!(z, numbers(&["0", "6.5"]), "{layer}");
            let bounds = network.intervals(2).into_iter().flatten();
            let bounds: Vec<Number> = bounds.map(|bound| bound.expect("finite")).collect();
            assert_eq!(bounds, numbers(&["-0.8", "0.3", "-1.5", "9.5"]), "{layer}");
        }
    }

    #[test]
    fn bounds_are_the_decimals_of_the_file_for_all_inputs_for_each_and_for_each_channel() {
        // More digits than tell an f64 from the next.
        let long = "0.10000000000000000001";
        for (input, low, high) in [
            (
                r#""shape": [3], "bounds": [-0.0, LONG]"#,
                &["0"; 3][..],
                &[long; 3][..],
            ),
            (
                r#""shape": [3], "bounds": [[-LONG, -1, 0], [2, LONG, 3]]"#,
                &["-0.10000000000000000001", "-1", "0"],
                &["2", long, "3"],
            ),
            (
                r#""shape": [2, 1, 2], "bounds": [[-1, LONG], [-2, 3]]"#,
                &["-1", "-1", "-2", "-2"],
                &[long, long, "3", "3"],
            ),
        ] {
            let text =
                format!(r#"{{ "input": {{ {input} }}, "layers": [{{ "type": "sum_pool" }}] }}"#);
            let network = ExactNetwork::parse(text.replace("LONG", long).as_bytes());
            let bounds = network.expect("a network").bounds.expect("bounds");
            let side = |side: usize| {
                bounds
                    .iter()
                    .map(|both| both[side].clone())
                    .collect::<Vec<_>>()
            };
            assert_eq!([side(0), side(1)], [low, high].map(numbers), "{input}");
        }
    }

    #[test]
    fn a_network_of_more_weights_biases_and_units_than_fit_is_refused_with_both_numbers() {
        let layer = r#"{ "type": "dense", "weights": [[1, 2], [3, 4], [5, 6]], "bias": [7, 8] }"#;
        let network = network(layer).network;
        assert_eq!(check_size(&network, MOST_NUMBERS), Ok(()));
        assert_eq!(check_size(&network, 17), Ok(()));
        let refused = check_size(&network, 16).expect_err("a weight too many");
        assert_eq!(
            refused.to_string(),
            "layers: exact fractions are for networks of up to 16 weights, biases and units, found 17\n  help: leave out --exact"
        );
    }
}
