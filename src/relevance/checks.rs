//! The two properties of the theory: whether they hold, and whether the rules promise them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The two properties that the theory promises.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Checks<N = f64> {
    /// Every cut sums to f(x).
    pub conservation: Conservation,
    /// No relevance is below 0.
    pub positivity: Positivity<N>,
}

/// Every cut sums to f(x), to within the tolerance times `Σ|R|` of the output level.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Conservation {
    /// Whether every one does.
    pub holds: bool,
    /// Whether the rules promise it; older results checked nothing else.
    #[serde(default = "promised")]
    pub promised: bool,
    /// The largest `|Σ R − f(x)|` of a cut.
    pub worst_gap: f64,
}

/// No relevance is below 0.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Positivity<N = f64> {
    /// Whether none is, on any level.
    pub holds: bool,
    /// Whether the rules promise it; older results checked nothing else.
    #[serde(default = "promised")]
    pub promised: bool,
    /// The least relevance of any unit.
    pub least: N,
}

/// What results of versions say that had no rules without promises.
fn promised() -> bool {
    true
}

impl<N> Checks<N> {
    /// Whether both properties hold.
    pub fn hold(&self) -> bool {
        self.conservation.holds && self.positivity.holds
    }

    /// Whether the properties hold that are promised.
    pub fn keep_promises(&self) -> bool {
        (self.conservation.holds || !self.conservation.promised)
            && (self.positivity.holds || !self.positivity.promised)
    }

    /// Whether the properties hold that count: those that are promised, or, to be strict, both.
    pub fn pass(&self, strict: bool) -> bool {
        if strict {
            self.hold()
        } else {
            self.keep_promises()
        }
    }
}

impl Checks {
    /// The checks of no sample at all: nothing fails.
    pub const NONE: Self = Self {
        conservation: Conservation {
            holds: true,
            promised: true,
            worst_gap: 0.0,
        },
        positivity: Positivity {
            holds: true,
            promised: true,
            least: 0.0,
        },
    };

    /// The checks of this and that together: both must hold, the worse figure counts, and a promise that is broken stays one.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            conservation: Conservation {
                holds: self.conservation.holds && other.conservation.holds,
                promised: both_promise(
                    (self.conservation.promised, self.conservation.holds),
                    (other.conservation.promised, other.conservation.holds),
                ),
                worst_gap: self
                    .conservation
                    .worst_gap
                    .max(other.conservation.worst_gap),
            },
            positivity: Positivity {
                holds: self.positivity.holds && other.positivity.holds,
                promised: both_promise(
                    (self.positivity.promised, self.positivity.holds),
                    (other.positivity.promised, other.positivity.holds),
                ),
                least: self.positivity.least.min(other.positivity.least),
            },
        }
    }
}

impl Checks {
    /// The same of two explanations of one kind: where one breaks a promise that the other does not make, the figure is that of
    /// the broken promise.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        let mut both = self.and(other);
        let states = |of: fn(&Self) -> (bool, bool)| [of(&self), of(&other)];
        let conservation = states(|it| (it.conservation.promised, it.conservation.holds));
        if let Some(broken) = only_broken(conservation) {
            both.conservation.worst_gap = [self, other][broken].conservation.worst_gap;
        }
        let positivity = states(|it| (it.positivity.promised, it.positivity.holds));
        if let Some(broken) = only_broken(positivity) {
            both.positivity.least = [self, other][broken].positivity.least;
        }
        both
    }
}

/// Which of two, each promising a property or not and keeping it or not, breaks a promise that the other does not make.
fn only_broken(states: [(bool, bool); 2]) -> Option<usize> {
    match states {
        [(true, false), (false, _)] => Some(0),
        [(false, _), (true, false)] => Some(1),
        _ => None,
    }
}

/// Whether a property of two explanations, each promised or not and holding or not, is promised of both; a broken promise of one
/// is a broken one of both.
fn both_promise(one: (bool, bool), other: (bool, bool)) -> bool {
    let is_broken = |(promised, holds): (bool, bool)| promised && !holds;
    one.0 && other.0 || is_broken(one) || is_broken(other)
}

#[cfg(test)]
mod tests {
    use super::{Checks, Conservation, Positivity, only_broken};

    fn checks(conservation: (bool, bool, f64), positivity: (bool, bool, f64)) -> Checks {
        let (promised, holds, worst_gap) = conservation;
        let conservation = Conservation {
            holds,
            promised,
            worst_gap,
        };
        let (promised, holds, least) = positivity;
        let positivity = Positivity {
            holds,
            promised,
            least,
        };
        Checks {
            conservation,
            positivity,
        }
    }

    #[test]
    fn results_that_do_not_speak_of_promises_are_of_rules_that_promised_both() {
        let read: Checks = serde_json::from_str(
            r#"{"conservation": {"holds": true, "worst_gap": 0.5}, "positivity": {"holds": false, "least": -1}}"#,
        )
        .expect("a result of an older version");
        assert_eq!(read, checks((true, true, 0.5), (true, false, -1.0)));
    }

    #[test]
    fn both_properties_must_hold_and_of_promises_those_that_are_made() {
        for (conserved, positive) in [(true, true), (true, false), (false, true), (false, false)] {
            let of = |promised| checks((promised, conserved, 0.0), (promised, positive, 0.0));
            let hold = conserved && positive;
            assert_eq!(of(true).hold(), hold);
            assert_eq!((of(true).pass(false), of(true).pass(true)), (hold, hold));
            assert_eq!((of(false).pass(false), of(false).pass(true)), (true, hold));
        }
    }

    #[test]
    fn of_two_the_one_that_alone_promised_and_failed_is_the_broken_one() {
        let (kept, broken) = ((true, true), (true, false));
        for (unpromised, beside) in [((false, true), 0), ((false, false), 1)] {
            assert_eq!(only_broken([broken, unpromised]), Some(0), "{beside}");
            assert_eq!(only_broken([unpromised, broken]), Some(1), "{beside}");
            assert_eq!(only_broken([kept, unpromised]), None);
            assert_eq!(only_broken([unpromised, kept]), None);
            assert_eq!(only_broken([unpromised, unpromised]), None);
        }
        for of_both in [
            [kept, broken],
            [broken, kept],
            [broken, broken],
            [kept, kept],
        ] {
            assert_eq!(only_broken(of_both), None);
        }
    }

    #[test]
    fn beside_a_broken_promise_the_figure_of_what_was_not_promised_does_not_count() {
        // What promises nothing is further off than what promised and failed.
        let broken = checks((true, false, 0.25), (true, false, -0.25));
        let worse = checks((false, false, 4.0), (false, false, -4.0));
        for both in [broken.with(worse), worse.with(broken)] {
            assert_eq!(both, broken);
        }
        // Where both promised, or neither did, the worse figure counts.
        let failed = checks((true, false, 4.0), (true, false, -4.0));
        assert_eq!(broken.with(failed), failed);
        let neither = checks((false, false, 0.5), (false, false, -0.5));
        assert_eq!(neither.with(worse), worse);
    }
}
