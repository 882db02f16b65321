//! The reading: what the numbers of one sample say, in plain language.
//!
//! Every sentence states a figure of the result, and none says what the figures do not show.

mod comparison;
mod expansion;
mod training;

pub(super) use comparison::of_comparison;
pub(super) use expansion::{of_expansions, of_function};
pub(super) use training::of_training;

use super::format::{figure, percent};
use super::{Layer, NetworkInfo, Sample};
use crate::error::{count, listed};
use crate::relevance::{Plan, Rule};

/// Sentences about one sample, the most important first.
pub(super) fn of(network: &NetworkInfo, plan: &Plan, sample: &Sample) -> Vec<String> {
    let reader = Reader {
        network,
        plan,
        sample,
    };
    if sample
        .layers
        .iter()
        .all(|layer| layer.relevance.iter().all(|&r| r == 0.0))
    {
        return vec![format!(
            "{} = 0: there is nothing to hand back, and every relevance is 0.",
            reader.explained()
        )];
    }
    let mut sentences = Vec::new();
    sentences.extend(reader.sign());
    sentences.extend(reader.leading_input());
    sentences.extend(reader.spread());
    for layer in 1..network.layers.len() - 1 {
        sentences.extend(reader.resting(layer));
    }
    sentences.extend(sample.silent.iter().map(|silent| {
        format!(
            "In layer {}, {} did not fire and still {} {}{}: {} above gives units a share whether they fired or not. \
             The sums can hold all the same, but R_j = c_j·x_j, on which the theory builds, does not hold there.",
            silent.layer,
            count(silent.units, "unit"),
            if silent.units == 1 { "carries" } else { "carry" },
            figure(silent.relevance),
            reader.of_f(silent.relevance),
            reader.rule_above(silent.layer).symbol(),
        )
    }));
    if let Some(expansion) = &sample.expansion {
        sentences.extend(expansion::of_figures(network, expansion));
    }
    sentences.extend(reader.lost());
    sentences.push(reader.checks());
    sentences
}

struct Reader<'a> {
    network: &'a NetworkInfo,
    plan: &'a Plan,
    sample: &'a Sample,
}

impl Reader<'_> {
    fn explained(&self) -> String {
        match self.sample.target.index {
            Some(_) => self.sample.target.name.clone(),
            None => "The sum of all outputs".to_owned(),
        }
    }

    /// ` (61 %)`, where shares are defined.
    fn of_f(&self, relevance: f64) -> String {
        let f = self.sample.target.value;
        if f == 0.0 {
            String::new()
        } else {
            format!(" ({})", percent(relevance / f))
        }
    }

    fn unit(&self, layer: usize, unit: usize) -> String {
        let named = self.network.layers[layer].names.get(unit);
        match (named, layer) {
            (Some(name), _) => name.clone(),
            (None, 0) => format!("input {unit}"),
            (None, _) => format!("unit {unit} of layer {layer}"),
        }
    }

    /// The rule that put relevance on a level without looking at its activations, as far up as it was.
    fn rule_above(&self, layer: usize) -> Rule {
        let above = &self.plan.rules()[layer..];
        *above
            .iter()
            .find(|rule| **rule != Rule::Proportional)
            .unwrap_or(&above[0])
    }

    /// What is to be said of f(x) where it is not above 0, and of relevance that is negative all the same.
    fn sign(&self) -> Vec<String> {
        let f = self.sample.target.value;
        let mut sentences = Vec::new();
        if f < 0.0 {
            return vec![format!(
                "{} = {} is below 0. The theory explains f ≥ 0: relevance that sums to less than 0 is negative somewhere, \
                 and positivity fails.",
                self.explained(),
                figure(f)
            )];
        }
        if f == 0.0 {
            sentences
                .push("The outputs explained add up to 0: no share of that is defined.".to_owned());
        }
        let layers = &self.sample.layers;
        let top = layers.len() - 1;
        if let Some(layer) = (0..=top).rev().find(|&l| layers[l].least < 0.0) {
            let unit = extreme(&layers[layer].relevance, |a, b| a < b);
            let carried = figure(layers[layer].least);
            sentences.push(if layer == top {
                let name = self.network.layers[top].names.get(unit);
                let name = name.map_or_else(|| format!("Output {unit}"), Clone::clone);
                format!("{name} is {carried}. The theory explains f ≥ 0: an output below 0 brings negative relevance with it.")
            } else {
                format!(
                    "Negative relevance begins in layer {layer}, where unit {unit} carries {carried}: \
                     the pool above shares in proportion to values of both signs."
                )
            });
        }
        sentences
    }

    /// The input that carries most, held against its value.
    fn leading_input(&self) -> Option<String> {
        let Layer {
            activations: x,
            relevance: r,
            ..
        } = &self.sample.layers[0];
        // Where relevance has both signs, a part of f(x) says little.
        if self.sample.target.value <= 0.0 || !self.sample.checks.positivity.holds || x.len() < 2 {
            return None;
        }
        if r.iter().all(|&r| r == 0.0) {
            return Some("No input carries any relevance.".to_owned());
        }
        let all = if x.len() == 2 {
            "Both".to_owned()
        } else {
            format!("All {}", x.len())
        };
        if r.iter()
            .all(|&other| (other - r[0]).abs() <= 1e-12 * r[0].abs())
        {
            return Some(format!(
                "{all} inputs carry the same: {} each{}.",
                figure(r[0]),
                self.of_f(r[0])
            ));
        }
        let lead = extreme(r, |a, b| a > b);
        let leaders: Vec<usize> = (0..r.len())
            .filter(|&i| r[lead] - r[i] <= 1e-12 * r[lead])
            .collect();
        if leaders.len() > 1 {
            let shown = leaders.iter().take(4).map(|&i| self.network.label(0, i));
            let names = listed(shown.collect(), leaders.len());
            return Some(format!(
                "Inputs {names} carry the most: {} each{}.",
                figure(r[lead]),
                self.of_f(r[lead])
            ));
        }
        let name = self.network.layers[0].names.get(lead);
        let name = name.map_or_else(|| format!("Input {lead}"), Clone::clone);
        let (smallest, largest) = (
            extreme(x, |a, b| a.abs() < b.abs()),
            extreme(x, |a, b| a.abs() > b.abs()),
        );
        let part = format!(
            "{name} carries {} of the relevance",
            percent(r[lead] / self.sample.target.value)
        );
        let rule = self.plan.rules()[0];
        let blind = matches!(rule, Rule::WSquared | Rule::Flat);
        let why = if rule == Rule::WSquared {
            ": w² looks at weights, not at values"
        } else {
            ""
        };
        let tie = |i: usize| {
            x.iter()
                .filter(|other| other.abs().total_cmp(&x[i].abs()).is_eq())
                .count()
                > 1
        };
        Some(match () {
            () if blind && lead == smallest && !tie(lead) => {
                format!(
                    "{part} although its value, {}, is the smallest in size{why}.",
                    figure(x[lead])
                )
            }
            () if blind && x[lead].abs() < x[largest].abs() => format!(
                "{part} although {} has the larger value ({} beside {}){why}.",
                self.unit(0, largest),
                figure(x[largest]),
                figure(x[lead])
            ),
            () if lead == largest && !tie(lead) => format!(
                "{part}; its value, {}, is the largest in size too.",
                figure(x[lead])
            ),
            () => format!("{part}, with the value {}.", figure(x[lead])),
        })
    }

    /// How many inputs carry half of the relevance, where there are many.
    fn spread(&self) -> Option<String> {
        let relevance = &self.sample.layers[0].relevance;
        let whole: f64 = relevance.iter().map(|r| r.abs()).sum();
        if relevance.len() <= 10 || whole == 0.0 {
            return None;
        }
        let mut sizes: Vec<f64> = relevance.iter().map(|r| r.abs()).collect();
        sizes.sort_by(|a, b| b.total_cmp(a));
        let carried = sizes.iter().scan(0.0, |carried, size| {
            *carried += size;
            Some(*carried)
        });
        let half = carried.take_while(|carried| *carried < whole / 2.0).count() + 1;
        Some(format!(
            "Half of the relevance lies on {} of the {} inputs.",
            half,
            relevance.len()
        ))
    }

    /// The units of a level that did not fire and carry nothing.
    fn resting(&self, layer: usize) -> Option<String> {
        let Layer {
            activations: x,
            relevance: r,
            ..
        } = &self.sample.layers[layer];
        let resting: Vec<usize> = (0..x.len())
            .filter(|&j| x[j] == 0.0 && r[j] == 0.0)
            .collect();
        match resting[..] {
            [] => None,
            [unit] => Some(format!(
                "Unit {unit} of layer {layer} did not fire and passes nothing on (1 of {}).",
                x.len()
            )),
            _ => {
                let names = listed(
                    resting.iter().take(4).map(usize::to_string).collect(),
                    resting.len(),
                );
                let figures = format!("{} of {}", resting.len(), x.len());
                Some(format!(
                    "Units {names} of layer {layer} did not fire and pass nothing on ({figures})."
                ))
            }
        }
    }

    fn lost(&self) -> Vec<String> {
        const SAID: usize = 3;
        let lost = &self.sample.lost;
        let mut sentences: Vec<String> = lost
            .iter()
            .take(SAID)
            .map(|lost| {
                let unit = self.unit(lost.layer, lost.unit);
                format!(
                    "Lost: {}{} in {unit}: {}.",
                    figure(lost.relevance),
                    self.of_f(lost.relevance),
                    lost.cause
                )
            })
            .collect();
        if lost.len() > SAID {
            let rest: f64 = lost[SAID..].iter().map(|lost| lost.relevance).sum();
            sentences.push(format!(
                "Lost: {}{} more in {}.",
                figure(rest),
                self.of_f(rest),
                count(lost.len() - SAID, "other unit")
            ));
        }
        sentences
    }

    fn checks(&self) -> String {
        let (checks, f) = (self.sample.checks, figure(self.sample.target.value));
        let gap = checks.conservation.worst_gap;
        let conservation = match checks.conservation.holds {
            true if gap == 0.0 => format!("Every layer sums to {f} exactly"),
            true => format!("Every layer sums to {f}, to within {}", figure(gap)),
            false => {
                let layers = self.sample.layers.iter().enumerate();
                let worst = layers.max_by(|a, b| a.1.gap.total_cmp(&b.1.gap));
                let (layer, sum) = worst.map_or((0, 0.0), |(l, layer)| (l, layer.sum));
                format!(
                    "Layer {layer} sums to {} and not to {f}: the gap is {}",
                    figure(sum),
                    figure(gap)
                )
            }
        };
        let positivity = if checks.positivity.holds {
            "no relevance is below 0".to_owned()
        } else {
            format!("the least relevance is {}", figure(checks.positivity.least))
        };
        format!("{conservation}; {positivity}.")
    }
}

/// The index of the value that beats all before it.
fn extreme(values: &[f64], beats: impl Fn(f64, f64) -> bool) -> usize {
    let mut best = 0;
    for (i, &value) in values.iter().enumerate() {
        if beats(value, values[best]) {
            best = i;
        }
    }
    best
}
