//! How exact numbers and those beyond f64 are told.

use super::numbers::figure;
use crate::result::Value;

/// How a number is called that f64 cannot hold.
const BEYOND: &str = "beyond 1.8e308";

/// A longer fraction is told by its decimal in a sentence.
const LONGEST_IN_TEXT: usize = 20;

impl Value {
    /// The number as a sentence says it: `3.785`, `757/200 (3.785)`, or `0.4382…` for a long fraction.
    pub(crate) fn shown(&self) -> String {
        match &self.fraction {
            None if self.decimal.is_finite() => figure(self.decimal),
            None => BEYOND.to_owned(),
            Some(fraction) if fraction.len() > LONGEST_IN_TEXT => self.about(),
            Some(fraction) if fraction.contains('/') => {
                format!("{fraction} ({})", figure(self.decimal))
            }
            Some(fraction) => fraction.clone(),
        }
    }

    /// The nearest f64, where there is one that says anything.
    fn about(&self) -> String {
        let vanishes = self.decimal == 0.0 && self.fraction.as_deref().is_some_and(|p| p != "0");
        match self.decimal {
            x if x == f64::INFINITY => "more than 1.8e308".to_owned(),
            x if x == f64::NEG_INFINITY => "less than -1.8e308".to_owned(),
            _ if vanishes => "less than 1e-323 in size".to_owned(),
            x => figure(x) + "…",
        }
    }

    /// The number as a column of exact numbers shows it: the fraction, or about how much where that is
    /// longer than `longest` digits.
    pub(crate) fn cell(&self, longest: usize) -> String {
        match &self.fraction {
            Some(fraction) if fraction.len() <= longest => fraction.clone(),
            Some(_) => self.about(),
            None => self.shown(),
        }
    }

    /// Whether the fraction, where it has one, has no more than `longest` digits.
    pub(crate) fn is_short(&self, longest: usize) -> bool {
        (self.fraction.as_ref()).is_none_or(|fraction| fraction.len() <= longest)
    }
}
