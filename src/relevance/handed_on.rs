//! How large the parts are that the layers of one explanation hand on: what the rounding of its balance is measured by where
//! parts of both signs cancel inside of a level, so that the level itself does not show them.

use super::plan::Plan;
use super::term::{Fraction, Units};
use crate::network::Layer;

/// One layer of an explanation: its level, the values that each branch reads, and the relevance of its units.
pub(super) type Step = (usize, Vec<Vec<f64>>, Vec<f64>);

/// `Σ_j (Σ_i |R_{i←j}| + |lost| + |absorbed|)` of the layer where it is largest.
pub(super) fn largest_parts(plan: &Plan, steps: impl Iterator<Item = Step>) -> f64 {
    let sizes = steps.map(|(level, x, r)| {
        let layer = plan.network().layer(level);
        let fractions = plan.rule(level).fractions(true, plan.domain(level));
        let carrying = r.iter().enumerate().filter(|(_, r)| **r != 0.0);
        let of_unit = carrying.map(|(j, r)| {
            let unit = UnitAt { layer, j, x: &x };
            let bias = plan.rule_bias().is_in_denominators(plan.rule(level));
            let negative = unit.pre_activation() < 0.0;
            let own = fractions.iter().filter(|fraction| match fraction.units {
                Units::All => true,
                Units::NotNegative => !negative,
                Units::Negative => negative,
            });
            own.map(|fraction| unit.parts(fraction, bias) * (fraction.factor * r).abs())
                .sum::<f64>()
        });
        of_unit.sum()
    });
    sizes.fold(0.0, f64::max)
}

/// A unit at a sample.
struct UnitAt<'a> {
    layer: &'a Layer,
    j: usize,
    x: &'a [Vec<f64>],
}

impl UnitAt<'_> {
    /// The inputs that the unit sees, each with its value and weight.
    fn seen(&self) -> impl Iterator<Item = (usize, f64, f64)> {
        let branches = self.layer.branches().iter().zip(self.x);
        branches.flat_map(|(branch, x)| {
            let weights = branch.weights_at(self.j, x);
            weights.map(|(i, w)| (i, x[i], w))
        })
    }

    fn pre_activation(&self) -> f64 {
        let weighed = self.seen().map(|(_, x, w)| x * w);
        weighed.sum::<f64>() + self.layer.bias_of(self.j)
    }

    /// The sizes of the shares that a fraction makes of what the unit carries, those of bias and ε too: 1 where no part cancels
    /// another, and where nothing is handed on.
    fn parts(&self, fraction: &Fraction, with_bias: bool) -> f64 {
        let q = self.seen().map(|(i, x, w)| {
            let terms = fraction.terms.iter().map(|(seed, of_w)| {
                let [w, again] = of_w.factors(w);
                seed.at(i, x) * w * again
            });
            terms.sum::<f64>()
        });
        let bias = if with_bias {
            fraction.share_of_bias(self.layer.bias_of(self.j))
        } else {
            0.0
        };
        let start = (bias, bias.abs() + fraction.epsilon);
        let (mass, size) = q.fold(start, |(mass, size), q| (mass + q, size + q.abs()));
        if size == 0.0 {
            return 1.0;
        }
        // A mass of 0 is known to its last digit only.
        let denominator = (mass.abs() + fraction.epsilon).max(f64::EPSILON * size);
        size / denominator
    }
}
