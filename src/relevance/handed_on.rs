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

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::{Step, largest_parts};
    use crate::network::Network;
    use crate::relevance::{Plan, Rule, RuleBias};

    /// `z_1 = 2 x_1 − 3 x_2 + 3` and `z_2 = 3 x_1 − x_2`, and a sum of both.
    const NETWORK: &str = r#"{"input": {"shape": [2]}, "layers": [
        {"type": "dense", "weights": [[2, 3], [-3, -1]], "bias": [3, 0], "activation": "relu"},
        {"type": "sum_pool"}]}"#;

    /// The parts of the first layer, whose units carry 1 and −2.
    fn parts(rule: Rule, bias: RuleBias, x: [f64; 2]) -> f64 {
        let network = Network::parse("net.json", NETWORK.as_bytes()).expect("a network");
        let plan = Plan::of(&network, rule).expect("a plan").with_bias(bias);
        let steps: [Step; 1] = [(1, vec![x.to_vec()], vec![1.0, -2.0])];
        largest_parts(&plan, steps.into_iter())
    }

    #[test]
    fn parts_are_the_sizes_of_what_is_handed_on_and_taken_off_over_what_is_carried() {
        let (drop, keep) = (RuleBias::Drop, RuleBias::Keep);
        let epsilon = Rule::Epsilon(0.5);
        for (rule, bias, x, expected) in [
            // q = 4, −6 and 6, −2: 10/2 · 1 + 8/4 · 2.
            (Rule::Z, drop, [2.0, 2.0], 9.0),
            // The mass of the first unit is 4 − 6 + 3 = 1: 13/1 + 8/4 · 2.
            (Rule::Z, keep, [2.0, 2.0], 17.0),
            // 10.5/2.5 + 8.5/4.5 · 2.
            (epsilon, drop, [2.0, 2.0], 21.0 / 5.0 + 34.0 / 9.0),
            // 13.5/1.5 + 8.5/4.5 · 2.
            (epsilon, keep, [2.0, 2.0], 9.0 + 34.0 / 9.0),
            // Both z are positive, the first by its bias alone: what supports counts twice, 8, −6 and 12, −2.
            (Rule::Gamma(1.0), drop, [2.0, 2.0], 7.0 + 14.0 / 5.0),
            // Now z_1 = −5: what opposes it counts twice. q = 4, −24; of z_2 = 2, 12 and −4: 28/20 + 16/8 · 2.
            (
                Rule::Gamma(1.0),
                drop,
                [2.0, 4.0],
                28.0 / 20.0 + 16.0 / 8.0 * 2.0,
            ),
            // At z_1 = 0 what supports it counts twice. q = 12, −9; of z_2 = 6, 18 and −3: 21/3 + 21/15 · 2.
            (Rule::Gamma(1.0), drop, [3.0, 3.0], 7.0 + 14.0 / 5.0),
            // q = 6, −6: a mass of 0 is known to its last digit, 12 · 2^−52. q = 9, −2: 11/7 · 2.
            (Rule::Z, drop, [3.0, 2.0], f64::EPSILON.recip() + 22.0 / 7.0),
        ] {
            let found = parts(rule, bias, x);
            assert_relative_eq!(found, expected, max_relative = 1e-14);
        }
    }

    #[test]
    fn the_layer_of_the_largest_parts_counts_and_units_without_relevance_do_not() {
        let network = Network::parse("net.json", NETWORK.as_bytes()).expect("a network");
        let plan = Plan::of(&network, Rule::Z).expect("a plan");
        let dense: Step = (1, vec![vec![2.0, 2.0]], vec![0.0, -2.0]);
        // The pool hands on 7 as 3 and 4.
        let pool: Step = (2, vec![vec![3.0, 4.0]], vec![7.0]);
        assert_relative_eq!(largest_parts(&plan, [dense.clone()].into_iter()), 4.0);
        assert_relative_eq!(
            largest_parts(&plan, [dense.clone(), pool.clone()].into_iter()),
            7.0
        );
        assert_relative_eq!(largest_parts(&plan, [pool, dense].into_iter()), 7.0);
        let silent: Step = (1, vec![vec![0.0, 0.0]], vec![1.0, 0.0]);
        assert_relative_eq!(largest_parts(&plan, [silent].into_iter()), 1.0);
    }
}
