//! The checks of many explanations: how many pass, and the worst figures.

use crate::relevance::audit::Checks;

/// How many explanations pass each check.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Checked {
    /// For how many every level sums to f(x).
    pub conserved: usize,
    /// For how many no relevance is below 0.
    pub positive: usize,
    /// How many are not where their balance says: a fault of the program.
    pub unbalanced: usize,
    /// Of all together; none of no explanation.
    all: Option<Checks>,
}

impl Checked {
    /// Counts an explanation in.
    pub fn add(&mut self, checks: Checks) {
        self.and(Self {
            conserved: usize::from(checks.conservation.holds),
            positive: usize::from(checks.positivity.holds),
            unbalanced: 0,
            all: Some(checks),
        });
    }

    /// Counts others in.
    pub fn and(&mut self, others: Self) {
        self.conserved += others.conserved;
        self.positive += others.positive;
        self.unbalanced += others.unbalanced;
        self.all = self.all.into_iter().chain(others.all).reduce(Checks::and);
    }

    /// The checks of all together; none where there was no explanation.
    pub fn any(&self) -> Option<Checks> {
        self.all
    }

    /// The same; those of no explanation hold.
    pub fn together(&self) -> Checks {
        self.all.unwrap_or(Checks::NONE)
    }
}

impl FromIterator<Checks> for Checked {
    fn from_iter<T: IntoIterator<Item = Checks>>(each: T) -> Self {
        let mut checked = Self::default();
        each.into_iter().for_each(|checks| checked.add(checks));
        checked
    }
}

/// The checks of all together; those of nothing hold.
pub fn together(each: impl IntoIterator<Item = Checks>) -> Checks {
    each.into_iter().reduce(Checks::and).unwrap_or(Checks::NONE)
}

/// The checks of several rules together: each property over those that promise it, over all where none does.
pub fn of_promises(each: &[Checks]) -> Checks {
    let over = |promises: fn(&&Checks) -> bool| {
        let promising: Vec<Checks> = each.iter().filter(promises).copied().collect();
        together(if promising.is_empty() {
            each.to_vec()
        } else {
            promising
        })
    };
    Checks {
        conservation: over(|checks| checks.conservation.promised).conservation,
        positivity: over(|checks| checks.positivity.promised).positivity,
    }
}

#[cfg(test)]
mod tests {
    use super::{Checked, of_promises, together};
    use crate::relevance::audit::{Checks, Conservation, Positivity};

    fn checks(worst_gap: f64, least: f64) -> Checks {
        Checks {
            conservation: Conservation {
                holds: worst_gap <= 0.1,
                promised: true,
                worst_gap,
            },
            positivity: Positivity {
                holds: least >= 0.0,
                promised: true,
                least,
            },
        }
    }

    #[test]
    fn the_worse_figures_of_all_count_and_each_is_counted() {
        let (mut some, others): (Checked, Checked) = (
            [checks(0.0, 2.0)].into_iter().collect(),
            [checks(0.5, 1.0), checks(0.2, -1.0)].into_iter().collect(),
        );
        assert_eq!(some.together(), checks(0.0, 2.0), "nothing is below 2");
        some.and(others);
        assert_eq!((some.conserved, some.positive), (1, 2));
        assert_eq!(some.together(), checks(0.5, -1.0));
    }

    #[test]
    fn a_promise_that_is_broken_is_not_excused_by_an_explanation_without_promises() {
        let mut without = checks(0.5, -1.0);
        (without.conservation.promised, without.positivity.promised) = (false, false);
        assert!(without.pass(false) && !without.pass(true));
        assert!(together([checks(0.0, 1.0), without]).pass(false));
        for broken in [checks(0.5, 1.0), checks(0.0, -1.0)] {
            assert!(!together([without, broken]).pass(false));
            assert!(!together([broken, without]).pass(false));
        }
    }

    #[test]
    fn of_several_rules_those_that_promise_a_property_speak_for_it() {
        let mut without = checks(0.5, -1.0);
        (without.conservation.promised, without.positivity.promised) = (false, false);
        assert_eq!(of_promises(&[without, checks(0.0, 2.0)]), checks(0.0, 2.0));
        assert_eq!(of_promises(&[checks(0.2, 1.0), without]), checks(0.2, 1.0));
        assert_eq!(of_promises(&[without]), without, "nobody promises");
        assert_eq!(of_promises(&[]), Checks::NONE);
    }

    #[test]
    fn checks_of_nothing_hold() {
        assert_eq!(together([]), Checks::NONE);
        assert_eq!(Checked::default().any(), None);
        assert_eq!(Checked::default().together(), Checks::NONE);
    }
}
