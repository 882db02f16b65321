//! One sample as it was explained.

use super::{Checked, magnitude};
use crate::relevance::audit::{Checks, Conservation, Positivity, TOLERANCE};
use crate::relevance::{Batch, GradientBatch};

/// What the audit of one sample comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Explained {
    /// f(x)
    pub f: f64,
    /// The two properties.
    pub checks: Checks,
    /// `Σ |R_lost|`: what units could not hand on.
    pub lost: f64,
    /// What units carry that did not fire, on the level where it is most.
    pub silent: f64,
    /// Whether its balance holds; if not, the program has a fault.
    pub balanced: bool,
}

impl Explained {
    /// Sample `n` of a batch.
    ///
    /// # Panics
    ///
    /// When the batch has no such sample.
    pub fn of(batch: &Batch, n: usize) -> Self {
        let audit = &batch.audits()[n];
        let silent = audit.silent.iter().map(|level| level.relevance.abs());
        Self {
            f: batch.chosen()[n].value,
            checks: audit.checks,
            lost: magnitude(audit.lost.iter().map(|stuck| &stuck.relevance)),
            silent: silent.fold(0.0, f64::max),
            balanced: audit.balance.holds,
        }
    }

    /// Explanation `n` by a gradient method: the checks are of its input, and promised is none of them.
    ///
    /// # Panics
    ///
    /// When the batch has no such explanation.
    pub fn by_gradient(batch: &GradientBatch, n: usize) -> Self {
        let f = batch.chosen()[n].value;
        let gap = (batch.completeness()[n].sum - f).abs().min(f64::MAX);
        let relevance = batch.relevance();
        let least = relevance
            .row(n)
            .iter()
            .copied()
            .fold(f64::INFINITY, f64::min);
        Self {
            f,
            checks: Checks {
                conservation: Conservation {
                    holds: gap <= TOLERANCE * f.abs(),
                    promised: false,
                    worst_gap: gap,
                },
                positivity: Positivity {
                    holds: least >= 0.0,
                    promised: false,
                    least,
                },
            },
            lost: 0.0,
            silent: 0.0,
            balanced: true,
        }
    }
}

impl FromIterator<Explained> for Checked {
    fn from_iter<T: IntoIterator<Item = Explained>>(each: T) -> Self {
        let mut checked = Self::default();
        for explained in each {
            checked.add(explained.checks);
            checked.unbalanced += usize::from(!explained.balanced);
        }
        checked
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::Explained;
    use crate::measure::Checked;
    use crate::network::{Activation, Input, Layer, Network};
    use crate::relevance::audit::Checks;
    use crate::relevance::{Gradient, GradientExplainer, Target};

    #[test]
    fn a_gradient_conserves_what_its_inputs_sum_to_but_for_a_billionth_of_f() {
        // x · ∂f/∂x is w·x, and the bias is what it falls short of f.
        for (w, bias, conserved) in [
            (1.0, 0.0, true),
            (1.0, 1.0, false),
            (1024.0, 2.0_f64.powi(-20), true),
            (1024.0, 2.0_f64.powi(-19), false),
        ] {
            let layer = Layer::dense(
                Array2::from_elem((1, 1), w),
                vec![bias],
                Activation::Identity,
            );
            let network = Network::new(Input::flat(1), vec![layer.expect("a layer")]);
            let network = network.expect("a network");
            let explainer = GradientExplainer::new(&network, Gradient::TimesInput);
            let mut explainer = explainer.expect("finite at 0");
            let batch = explainer.explain_each(array![[1.0]].view(), &[Target::Max], &[0]);
            let found = Explained::by_gradient(&batch.expect("finite"), 0);
            let conservation = found.checks.conservation;
            assert_eq!(
                (conservation.holds, conservation.worst_gap),
                (conserved, bias)
            );
        }
    }

    #[test]
    fn explanations_that_are_not_balanced_are_counted() {
        let explained = |balanced| Explained {
            f: 1.0,
            checks: Checks::NONE,
            lost: 0.0,
            silent: 0.0,
            balanced,
        };
        let mut some: Checked = [explained(true), explained(false)].into_iter().collect();
        some.and([explained(false)].into_iter().collect());
        assert_eq!((some.conserved, some.unbalanced), (3, 2));
    }
}
