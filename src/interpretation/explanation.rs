//! What the numbers of one sample say, in plain language.

use super::expansion;
use super::gathered::{gathered, most};
use super::linear;
use super::names::output_in_words;
use super::numbers::{figure, percent};
use crate::error::Error;
use crate::measure::argmax;
use crate::network::each_sample;
use crate::relevance::{Batch, GradientBatch, Plan, Rule, audit::Silent};
use crate::result::{Amount, ExactSample, Layer, NetworkInfo, Sample, Whole};
use crate::words::{agree, count, grouped, listed};

impl Sample {
    /// The results for all samples of a batch, in their order, each with its interpretation; of several targets those of a sample
    /// one behind the other.
    pub fn of_batch(network: &NetworkInfo, plan: &Plan, batch: &Batch) -> Vec<Self> {
        let values = (0..batch.levels()).map(|l| batch.relevance(l).len()).sum();
        let order: Vec<usize> = batch.by_sample().collect();
        each_sample(order.len(), values, |n| {
            Self::new(network, plan, batch, order[n]).interpreted(network)
        })
    }

    /// The same as [bare](Self::bare) as rows of figures show them, which have no words.
    pub fn bare_of_batch(network: &NetworkInfo, batch: &Batch, whole: &Whole) -> Vec<Self> {
        let values = (0..batch.levels()).map(|l| batch.relevance(l).len()).sum();
        let order: Vec<usize> = batch.by_sample().collect();
        each_sample(order.len(), values, |n| {
            Self::bare(network, batch, order[n], whole)
        })
    }

    /// The results of a gradient method for all samples of a batch, in their order, each with its interpretation where `words`
    /// are asked for.
    pub fn of_gradient_batch(
        network: &NetworkInfo,
        batch: &GradientBatch,
        words: bool,
    ) -> Vec<Self> {
        let values = batch.relevance().len();
        let order: Vec<usize> = batch.by_sample().collect();
        each_sample(order.len(), values, |n| {
            let sample = Self::by_gradient(network, batch, order[n]);
            if words {
                sample.interpreted(network)
            } else {
                sample
            }
        })
    }
}

impl<N: Amount> Sample<N> {
    /// The same sample, with what its numbers say.
    #[must_use]
    pub fn interpreted(mut self, network: &NetworkInfo) -> Self {
        // The sentences are those of the same figures in decimals.
        self.interpretation = sentences(network, &self.decimals());
        self
    }
}

impl ExactSample {
    /// The same sample, with why f64 has no result for it.
    #[must_use]
    pub fn beyond_f64(mut self, why: &Error) -> Self {
        let sentence = format!("f64 cannot compute this: {why}.");
        self.interpretation.push(sentence);
        self
    }
}

/// Sentences about one sample, the most important first.
fn sentences(network: &NetworkInfo, sample: &Sample) -> Vec<String> {
    let reader = Reader { network, sample };
    if let (Some(gradient), Some(completeness)) = (&network.gradient, sample.completeness) {
        return reader.of_gradient(gradient, completeness);
    }
    let levels = network.layers.iter();
    let levels: Vec<_> = levels
        .map(|level| (level.kind, level.activation, &level.from[..]))
        .collect();
    let mut sentences: Vec<String> = reader.fault().into_iter().collect();
    sentences.extend(linear::without_relu(&levels));
    if !sample.carries_relevance() {
        sentences.push(format!(
            "{} = 0: there is nothing to redistribute, and every relevance is 0.",
            reader.explained()
        ));
        sentences.push("The checks hold trivially: there is nothing to conserve.".to_owned());
        sentences.extend(reader.outside_bounds());
        return sentences;
    }
    sentences.extend(reader.tie());
    sentences.extend(reader.contrast());
    sentences.extend(reader.sign());
    sentences.extend(reader.outside_bounds());
    sentences.extend(reader.cancellation());
    sentences.extend(reader.leading_input());
    sentences.extend(reader.spread());
    sentences.extend(reader.bias_shares());
    sentences.extend(reader.resting());
    sentences.extend(reader.silent());
    sentences.extend(reader.below_0_under_z_plus());
    if let Some(expansion) = &sample.expansion {
        sentences.extend(expansion::of_figures(network, expansion));
    }
    sentences.extend(reader.lost());
    sentences.extend(reader.absorbed());
    sentences.push(reader.checks());
    sentences
}

pub(crate) struct Reader<'a> {
    pub(crate) network: &'a NetworkInfo,
    pub(crate) sample: &'a Sample,
}

impl Reader<'_> {
    pub(crate) fn explained(&self) -> String {
        let target = &self.sample.target;
        match (target.index, &target.minus) {
            (None, _) => "The sum of all outputs".to_owned(),
            (Some(_), None) => target.name.clone(),
            (Some(_), Some(_)) => target.in_words(),
        }
    }

    /// ` (61 %)`, where shares are defined.
    pub(crate) fn of_f(&self, relevance: f64) -> String {
        let f = self.sample.target.value;
        if f == 0.0 {
            String::new()
        } else {
            format!(" ({})", percent(relevance / f))
        }
    }

    pub(crate) fn unit(&self, layer: usize, unit: usize) -> String {
        let named = self.network.layers[layer].names.get(unit);
        match (named, layer) {
            (Some(name), _) => name.clone(),
            (None, 0) => format!("input {unit}"),
            (None, _) => format!("unit {unit} of {}", self.network.layer_in_words(layer)),
        }
    }

    /// The rule that put relevance on a level without looking at its activations, as far up as it was.
    fn rule_above(&self, layer: usize) -> Option<Rule> {
        let mut first = None;
        let mut level = layer;
        // Upwards by the first of the layers that read a level.
        while let Some(&reader) = self.network.readers(level).first() {
            let rule = self.network.layers[reader].rule?;
            if !rule.is_of_a_kind() {
                return Some(rule);
            }
            first = first.or(Some(rule));
            level = reader;
        }
        first
    }

    /// The rules of the layers.
    pub(crate) fn rules(&self) -> impl Iterator<Item = Rule> + Clone {
        self.network.layers.iter().filter_map(|layer| layer.rule)
    }

    /// The outputs that tie, of which one is explained.
    pub(crate) fn tie(&self) -> Option<String> {
        const SAID: usize = 4;
        let (tied, top) = (&self.sample.target.tied, self.network.layers.len() - 1);
        let names = tied.iter().take(SAID).map(|&k| self.unit(top, k));
        (!tied.is_empty()).then(|| {
            format!(
                "{} tie for the largest output, {} each: the first of them, {}, is explained.",
                listed(names.collect(), tied.len()),
                figure(self.sample.target.value),
                self.explained()
            )
        })
    }

    /// What a contrast is made of, and that its relevance may be negative.
    fn contrast(&self) -> Option<String> {
        let target = &self.sample.target;
        let (output, minus) = (target.index?, target.minus.as_ref()?);
        let top = self.network.layers.len() - 1;
        let carried = &self.sample.layers[top].relevance;
        let [name, other] = [&target.name, &minus.name].map(|name| output_in_words(name));
        let equal = if target.value == 0.0 {
            " They are equal, so shares of f(x) are not defined."
        } else {
            ""
        };
        let below = if carried[minus.index] < 0.0 {
            format!(": what speaks for {other} is below 0")
        } else {
            String::new()
        };
        Some(format!(
            "The contrast begins with {name} at {} and {other}, the sign turned, at {}.{equal} Positivity is not promised of a contrast{below}.",
            figure(carried[output]),
            figure(carried[minus.index]),
        ))
    }

    /// Units that carry relevance without having fired; those that lost it are named as losses.
    fn silent(&self) -> Vec<String> {
        const WHY: &str = "gives units a share whether they fired or not. The sums can still hold, but R_j = c_j·x_j, which \
                           the theory assumes, does not hold there.";
        let above = |silent: &Silent| {
            self.rule_above(silent.layer)
                .map_or("the rule", Rule::symbol)
        };
        let found = |silent: &Silent| {
            format!(
                "{} did not fire and still {} {}{}",
                count(silent.units, "unit"),
                agree(silent.units, "carries", "carry"),
                figure(silent.relevance),
                self.of_f(silent.relevance)
            )
        };
        let named = |silent: &Silent| self.network.layer_in_words(silent.layer);
        let carrying = self
            .sample
            .silent
            .iter()
            .filter(|silent| !self.has_lost_all(silent));
        let carrying: Vec<&Silent> = carrying.collect();
        let pools = carrying.iter().filter(|silent| silent.equal_shares > 0);
        let pools: Vec<String> = pools.map(|silent| self.equal_shares(silent)).collect();
        let each = |silent: &&Silent| {
            format!(
                "In {}, {}: {} above {WHY}",
                named(silent),
                found(silent),
                above(silent)
            )
        };
        let mut sentences = gathered(carrying, each, |all| {
            let units = all.iter().map(|silent| silent.units).sum();
            let largest = most(all, |silent| silent.relevance.abs());
            format!(
                "In {} layers, {} did not fire and still carry relevance: {} above {WHY} Where they carry most, in {}, {}.",
                all.len(),
                count(units, "unit"),
                above(largest),
                named(largest),
                found(largest)
            )
        });
        sentences.extend(pools);
        sentences
    }

    /// Whether all silent units of a level have lost what they carried.
    fn has_lost_all(&self, silent: &Silent) -> bool {
        let x = &self.sample.layers[silent.layer].activations;
        let lost = self.sample.lost.iter();
        let lost = lost.filter(|lost| lost.layer == silent.layer && x[lost.unit] == 0.0);
        lost.count() == silent.units
    }

    /// Pools over inputs that are all 0.
    fn equal_shares(&self, silent: &Silent) -> String {
        let pools = silent.equal_shares;
        format!(
            "{} in {} {} inputs that are all 0, where no proportion is defined: {} relevance goes to these in equal parts.",
            count(pools, self.network.layers[silent.layer].kind.noun()),
            self.network.layer_in_words(silent.layer),
            agree(pools, "has", "have"),
            agree(pools, "its", "their"),
        )
    }

    /// What is to be said of f(x) where it is not above 0, and of relevance that is negative all the same.
    fn sign(&self) -> Vec<String> {
        let f = self.sample.target.value;
        let mut sentences = Vec::new();
        if self.sample.target.minus.is_some() {
            return sentences;
        }
        if f < 0.0 {
            return vec![format!(
                "{} = {} is below 0. The theory explains f ≥ 0: relevance that sums to less than 0 is negative somewhere, \
                 and positivity fails.",
                self.explained(),
                figure(f)
            )];
        }
        if f == 0.0 {
            sentences.push(
                "The explained outputs add up to 0, so shares of them are not defined.".to_owned(),
            );
        }
        let layers = &self.sample.layers;
        let top = layers.len() - 1;
        if let Some(layer) = (0..=top).rev().find(|&l| layers[l].least() < 0.0) {
            let unit = argmax(layers[layer].relevance.iter().map(|r| -r)).unwrap_or(0);
            let carried = figure(layers[layer].least());
            sentences.push(if layer == top {
                let name = self.network.layers[top].names.get(unit);
                let name = name.map_or_else(|| format!("Output {unit}"), Clone::clone);
                format!("{name} is {carried}. The theory explains f ≥ 0: an output below 0 has negative relevance.")
            } else {
                // What hands on in proportion can bring a sign about; else the first that reads the level is said.
                let readers = self.network.readers(layer);
                let shares = |reader: &&usize| {
                    let rule = self.network.layers[**reader].rule;
                    rule.is_some_and(|rule| rule.is_of_a_kind() && !rule.is_fixed())
                };
                let above = readers.iter().find(shares).or(readers.first());
                let above = above.map(|&above| &self.network.layers[above]);
                let noun = above.map_or("layer", |above| above.kind.noun());
                let rule = above.and_then(|above| above.rule);
                let shares = match rule.filter(|rule| !rule.is_of_a_kind()) {
                    Some(rule) => format!("shares by contributions of both signs, as {} does", rule.symbol()),
                    None => "shares in proportion to values of both signs".to_owned(),
                };
                format!(
                    "Negative relevance begins in {}, where unit {unit} carries {carried}: the {noun} above {shares}.",
                    self.network.layer_in_words(layer)
                )
            });
        }
        sentences
    }

    /// The units of hidden levels that did not fire and carry nothing.
    fn resting(&self) -> Vec<String> {
        let hidden = 1..self.network.layers.len() - 1;
        let resting = hidden.filter_map(|l| {
            let Layer {
                activations: x,
                relevance: r,
                ..
            } = &self.sample.layers[l];
            let units = (0..x.len()).filter(|&j| x[j] == 0.0 && r[j] == 0.0);
            let units: Vec<usize> = units.collect();
            (!units.is_empty()).then_some((l, units, x.len()))
        });
        let each = |(l, resting, of): &(usize, Vec<usize>, usize)| {
            let (layer, all) = (self.network.layer_in_words(*l), grouped(*of));
            if let [unit] = resting[..] {
                return format!(
                    "Unit {unit} of {layer} did not fire and passes nothing on (1 of {all})."
                );
            }
            let names = resting.iter().take(4).map(usize::to_string).collect();
            let names = listed(names, resting.len());
            let number = grouped(resting.len());
            format!(
                "Units {names} of {layer} did not fire and pass nothing on ({number} of {all})."
            )
        };
        gathered(resting.collect(), each, |all| {
            let resting: usize = all.iter().map(|(_, units, _)| units.len()).sum();
            let of = all.iter().map(|(_, _, of)| of).sum();
            format!(
                "In {} layers, {} of {} units did not fire and pass nothing on.",
                all.len(),
                grouped(resting),
                grouped(of)
            )
        })
    }
}
