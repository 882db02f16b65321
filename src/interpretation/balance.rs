//! Sentences about the sums: what was lost, what comes from biases, what cancels, and whether the
//! checks hold.

use std::collections::BTreeSet;

use super::explanation::Reader;
use super::gathered::{gathered, most};
use crate::interpretation::names::capitalised;
use crate::interpretation::numbers::{figure, percent};
use crate::measure::{by_size, largest_size, magnitude};
use crate::result::{Absorbed, Absorber, Layer, Lost};
use crate::words::count;

/// So many units that lost relevance are named one by one.
pub(crate) const LOST_SAID: usize = 3;
/// Parts of f(x) that are absorbed are told one by one from here on.
const ABSORBED_SAID: f64 = 1e-4;
/// Biases are spoken of where they bring about more than this part.
const BIAS_SHARE: f64 = 0.1;
/// Parts that are so many times what is explained cancel: shares of f(x) say little there.
pub(super) const LARGE: f64 = 10.0;
/// What layers lack of f(x) besides what was lost is spoken of above this part of the gap.
const UNEXPLAINED: f64 = 1e-6;

impl Reader<'_> {
    /// What the biases of each layer brought about, where that is much.
    pub(crate) fn bias_shares(&self) -> Vec<String> {
        let layers = self.sample.layers.iter().enumerate();
        let large = layers.filter_map(|(l, layer)| {
            let share = layer.bias_share.filter(|share| *share > BIAS_SHARE)?;
            Some((l, layer, share))
        });
        let of_layer = |&(l, layer, share): &(usize, &Layer, f64)| {
            let whole = if self.is_all_of_f(l, layer) {
                "f(x)".to_owned()
            } else {
                format!(
                    "what the firing units of {} carry",
                    self.network.layer_in_words(l)
                )
            };
            format!(
                "Bias share of {}: {} of {whole} comes from its biases, not from its inputs.",
                self.network.layer_in_words(l),
                percent(share)
            )
        };
        gathered(large.collect(), of_layer, |all| {
            let largest = most(all, |(_, _, share)| *share);
            format!(
                "{} layers have a bias share above {}. The largest: {}",
                all.len(),
                percent(BIAS_SHARE),
                of_layer(largest).replacen("Bias", "bias", 1)
            )
        })
    }

    /// Whether the firing units of a level carry f(x) together.
    fn is_all_of_f(&self, l: usize, layer: &Layer) -> bool {
        let f = self.sample.target.value;
        (layer.sum() - f).abs() <= 1e-9 * f.abs() && self.sample.silent.iter().all(|s| s.layer != l)
    }

    /// `Σ|R_out|`: what is explained, without its signs.
    fn explained_magnitude(&self) -> f64 {
        let output = self.sample.layers.last();
        output.map_or(0.0, |layer| magnitude(&layer.relevance))
    }

    /// The uppermost level on which relevance of both signs is many times what is explained, and the largest of
    /// any level in size.
    fn large_parts(&self) -> Option<(usize, f64)> {
        let limit = LARGE * self.explained_magnitude();
        let is_large = |layer: &Layer| magnitude(&layer.relevance) > limit;
        let level = self.sample.layers.iter().rposition(is_large)?;
        let all = self.sample.layers.iter().flat_map(|layer| &layer.relevance);
        Some((level, largest_size(all)))
    }

    /// What cuts lack of f(x) though it was neither lost nor absorbed, at the most: what rounding makes of it.
    fn unexplained(&self) -> f64 {
        let lacks = self.sample.layers.iter().enumerate().map(|(l, layer)| {
            let withheld = self.sample.withheld_above(l);
            if self.network.is_cut(l) {
                (self.sample.target.value - layer.sum() - withheld).abs()
            } else {
                (layer.gap() - withheld.abs()).abs()
            }
        });
        lacks.fold(0.0, f64::max)
    }

    /// Relevance of both signs that cancels, and what rounding then does to the sums.
    pub(crate) fn cancellation(&self) -> Option<String> {
        let (conservation, f) = (self.sample.checks.conservation, self.sample.target.value);
        let unexplained = self.unexplained();
        let rounded = !conservation.holds && unexplained > UNEXPLAINED * conservation.worst_gap;
        let parts = self.large_parts().map(|(layer, largest)| {
            let times = if f == 0.0 {
                String::new()
            } else {
                format!(", {} times that", figure((largest / f).abs()))
            };
            format!(
                "Relevance of both signs cancels in {}: f(x) is {}, the parts are up to {}{times}",
                self.network.layer_in_words(layer),
                figure(f),
                figure(largest)
            )
        });
        match (parts, rounded) {
            (None, false) => None,
            (Some(parts), false) => Some(format!("{parts}. Shares of f(x) mean little there.")),
            (Some(parts), true) => Some(format!(
                "{parts}. Their rounding makes a gap of {}; --exact computes without rounding.",
                figure(unexplained)
            )),
            (None, true) => Some(format!(
                "Rounding makes a gap of {}, more than allowed; --exact computes without rounding.",
                figure(unexplained)
            )),
        }
    }

    /// What could not be handed on, where and why, the largest first.
    pub(crate) fn lost(&self) -> Vec<String> {
        let lost = &self.sample.lost;
        let order = by_size(lost.len(), |n| lost[n].relevance);
        let lost: Vec<&Lost> = order.into_iter().map(|n| &lost[n]).collect();
        let mut sentences: Vec<String> = lost
            .iter()
            .take(LOST_SAID)
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
        if lost.len() > LOST_SAID {
            let rest: f64 = lost[LOST_SAID..].iter().map(|lost| lost.relevance).sum();
            sentences.push(format!(
                "Lost: {}{} more in {}.",
                figure(rest),
                self.of_f(rest),
                count(lost.len() - LOST_SAID, "other unit")
            ));
        }
        sentences
    }

    /// That f(x) is not where the balance says, which no network brings about: with the layer to look at.
    pub(crate) fn fault(&self) -> Option<String> {
        let balance = self.sample.balance.filter(|balance| !balance.holds)?;
        let missing = |(l, layer): (usize, &Layer)| {
            let missing = (layer.gap() - self.sample.withheld_above(l).abs()).abs();
            (missing > 0.5 * balance.gap).then_some(l)
        };
        let levels = self.sample.layers.iter().enumerate();
        let layer = levels.rev().find_map(missing).unwrap_or(0);
        let absorbed = balance.absorbed_by_bias + balance.absorbed_by_epsilon;
        Some(format!(
            "The balance does not hold, which is an error in this program and not in the network: f(x) is {}, the inputs carry \
             {}, {} was lost and {} absorbed, and {} is missing, first in {}. Please report it with the network and \
             the sample.",
            figure(balance.value),
            figure(balance.input),
            figure(balance.lost),
            figure(absorbed),
            figure(balance.gap),
            self.network.layer_in_words(layer)
        ))
    }

    /// The two properties in one sentence. On a chain a cut is a layer.
    pub(crate) fn checks(&self) -> String {
        let (checks, f) = (self.sample.checks, figure(self.sample.target.value));
        let gap = checks.conservation.worst_gap;
        let every = if self.network.is_chain() {
            "layer"
        } else {
            "cut"
        };
        let conservation = match checks.conservation.holds {
            true if gap == 0.0 => format!("Every {every} sums to {f} exactly"),
            true => format!("Every {every} sums to {f}, to within {}", figure(gap)),
            false => self.broken(&f),
        };
        let positivity = if checks.positivity.holds {
            "no relevance is below 0".to_owned()
        } else {
            format!("the least relevance is {}", figure(checks.positivity.least))
        };
        format!("{conservation}; {positivity}.{}", self.not_promised())
    }

    /// Which property that does not hold the rules do not promise, so that no check fails by it.
    fn not_promised(&self) -> String {
        let checks = self.sample.checks;
        let (conservation, positivity) = (checks.conservation, checks.positivity);
        // Of a contrast no rule could promise it, which is said of it.
        let is_contrast = self.sample.target.minus.is_some();
        let open = [
            ("conservation", conservation.holds || conservation.promised),
            (
                "positivity",
                positivity.holds || positivity.promised || is_contrast,
            ),
        ];
        let names = open.iter().filter(|(_, is_settled)| !is_settled);
        let names: Vec<&str> = names.map(|(name, _)| *name).collect();
        match names[..] {
            [] => String::new(),
            _ => format!(" The rules do not promise {} here.", names.join(" and ")),
        }
    }

    /// What biases and ε absorbed, layer by layer; of many small parts only how much they are together.
    pub(crate) fn absorbed(&self) -> Vec<String> {
        let f = self.sample.target.value.abs();
        let parts = self.sample.absorbed.iter();
        let (small, large): (Vec<&Absorbed>, Vec<&Absorbed>) =
            parts.partition(|part| part.relevance.abs() < ABSORBED_SAID * f);
        let each = |part: &&Absorbed| {
            let layer = self.network.layer_in_words(part.layer);
            let by = absorbers(&[part]);
            let amount = figure(part.relevance);
            let of_f = self.of_f(part.relevance);
            format!("Absorbed: {amount}{of_f} by {by} of {layer}.")
        };
        let together = |parts: &[&Absorbed]| {
            let whole: f64 = parts.iter().map(|part| part.relevance).sum();
            format!(
                "Absorbed: {}{} by {}",
                figure(whole),
                self.of_f(whole),
                absorbers(parts)
            )
        };
        let mut sentences = gathered(large, each, |all| {
            let largest = most(all, |part| part.relevance.abs());
            let largest = each(largest).replacen("Absorbed: ", "", 1);
            format!("{}. The largest: {largest}", together(all))
        });
        match &small[..] {
            [] => (),
            [part] => sentences.push(each(part)),
            parts => sentences.push(format!(
                "{} of {}, less than {} each.",
                together(parts),
                count(
                    parts
                        .iter()
                        .map(|part| part.layer)
                        .collect::<BTreeSet<_>>()
                        .len(),
                    "layer"
                ),
                percent(ABSORBED_SAID)
            )),
        }
        sentences
    }

    /// The cut that is farthest from f(x); a level that is one by itself is told with its sum.
    fn broken(&self, f: &str) -> String {
        let layers = self.sample.layers.iter().enumerate();
        let worst = layers.max_by(|a, b| a.1.gap().total_cmp(&b.1.gap()));
        let (l, sum, gap) = worst.map_or((0, 0.0, 0.0), |(l, layer)| (l, layer.sum(), layer.gap()));
        let (layer, sum, gap) = (self.network.layer_in_words(l), figure(sum), figure(gap));
        if !self.network.is_cut(l) {
            format!("The cut at {layer} does not sum to {f}: the gap is {gap}")
        } else if sum == f {
            let layer = capitalised(&layer);
            format!("{layer} sums to {f} with a gap of {gap}, more than the tolerance allows")
        } else {
            let layer = capitalised(&layer);
            format!("{layer} sums to {sum} and not to {f}: the gap is {gap}")
        }
    }
}

/// What absorbed these parts, in words.
fn absorbers(parts: &[&Absorbed]) -> &'static str {
    let some = |by: Absorber| parts.iter().any(|part| part.by == by);
    match (some(Absorber::Bias), some(Absorber::Epsilon)) {
        (true, true) => "biases and ε",
        (true, false) => "the biases",
        _ => "ε",
    }
}
