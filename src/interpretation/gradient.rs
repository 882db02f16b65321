//! Sentences about a sample that a gradient method explained.

use super::explanation::Reader;
use super::numbers::{figure, percent};
use crate::measure::{by_size, range};
use crate::relevance::{Completeness, Gradient};
use crate::result::GradientInfo;
use crate::words::{count, listed};

/// The gap is told as a part of f(x) − f(x') where it is more than this.
const ROUNDING: f64 = 1e-9;

impl Reader<'_> {
    /// What a gradient method says of the inputs, and what of it adds up.
    pub(crate) fn of_gradient(
        &self,
        gradient: &GradientInfo,
        completeness: Completeness,
    ) -> Vec<String> {
        let mut sentences = vec![format!(
            "{} explains the input only: no layer above it has a relevance, and nothing is conserved on the way.",
            gradient.method
        )];
        sentences.extend(self.tie());
        sentences.extend(self.outside_bounds());
        sentences.extend(self.how(gradient, completeness));
        sentences.extend(self.largest());
        sentences.extend(self.spread());
        sentences.push(Self::completeness(gradient.method, completeness));
        sentences
    }

    /// From which baseline, or with how much noise.
    fn how(&self, gradient: &GradientInfo, completeness: Completeness) -> Option<String> {
        match gradient.method {
            Gradient::Plain | Gradient::TimesInput => None,
            Gradient::Integrated { .. } => Some(format!(
                "The baseline x' is {}; f(x') = {}.",
                if gradient.baseline.is_empty() {
                    "0 for every input"
                } else {
                    "the one that was given"
                },
                figure(completeness.baseline)
            )),
            Gradient::Smooth { copies, noise } => {
                let [least, most] = range(self.sample.layers[0].activations.iter().copied());
                Some(if most - least == 0.0 {
                    "All values are equal, so that no copy gets any noise: this is the gradient."
                        .to_owned()
                } else {
                    format!(
                        "Each of {} has noise of standard deviation {}: {} of the range of the values, from {} to {}. The seed is {}.",
                        count(copies, "copy"),
                        figure(noise * (most - least)),
                        percent(noise),
                        figure(least),
                        figure(most),
                        gradient.seed.unwrap_or_default()
                    )
                })
            }
        }
    }

    /// The inputs whose relevance is the largest in size.
    fn largest(&self) -> Option<String> {
        const SAID: usize = 4;
        let r = &self.sample.layers[0].relevance;
        let order = by_size(r.len(), |i| r[i]);
        let largest = r[*order.first()?];
        if largest == 0.0 {
            return Some("Every relevance is 0: no derivative of f counts here.".to_owned());
        }
        let is_largest = |i: &&usize| r[**i].abs().total_cmp(&largest.abs()).is_eq();
        let leaders: Vec<&usize> = order.iter().take_while(is_largest).collect();
        let names = leaders.iter().take(SAID).map(|&&i| self.unit(0, i));
        Some(match leaders.len() {
            1 => format!(
                "The largest relevance in size is that of {}: {}.",
                self.unit(0, order[0]),
                figure(largest)
            ),
            all => format!(
                "The largest relevance in size, {} each, is that of {}.",
                figure(largest.abs()),
                listed(names.collect(), all)
            ),
        })
    }

    /// Whether relevance adds up, and what the method promises of it.
    fn completeness(method: Gradient, completeness: Completeness) -> String {
        let Completeness {
            value,
            baseline,
            sum,
            gap,
            holds,
            promised,
            tolerance,
            ..
        } = completeness;
        let sums = format!(
            "Relevance sums to {}, and f(x) − f(x') is {}",
            figure(sum),
            figure(value - baseline)
        );
        let difference = (value - baseline).abs();
        let part = if gap > ROUNDING * difference && difference > 0.0 {
            format!(", {} of that", percent(gap / difference))
        } else {
            String::new()
        };
        match method {
            Gradient::Plain | Gradient::Smooth { .. } => format!(
                "Relevance sums to {}. It says how f(x) changes, not what it is made of: no sum is promised.",
                figure(sum)
            ),
            Gradient::TimesInput if !promised => format!(
                "{sums}, with x' = 0: a network with biases or ReLU6 need not be complete under x · gradient."
            ),
            Gradient::TimesInput if holds => {
                format!(
                    "{sums}: without biases and ReLU6, x · gradient is complete. The gap is {}.",
                    figure(gap)
                )
            }
            Gradient::TimesInput => {
                format!(
                    "{sums}: x · gradient is complete here but for rounding, which makes a gap of {}{part}.",
                    figure(gap)
                )
            }
            Gradient::Integrated { .. } if holds => format!(
                "{sums}: complete to within {}{part}; the tolerance is {} %.",
                figure(gap),
                figure(100.0 * tolerance)
            ),
            Gradient::Integrated { steps } => format!(
                "{sums}: the gap is {}{part}, more than the tolerance of {} %. More steps make it smaller: integrated-gradients:{}.",
                figure(gap),
                figure(100.0 * tolerance),
                steps.saturating_mul(10)
            ),
        }
    }
}
