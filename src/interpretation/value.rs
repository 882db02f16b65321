//! How sentences show exact numbers and numbers beyond f64.

use super::numbers::figure;
use crate::result::Amount;

/// How a number is called that f64 cannot hold.
const BEYOND: &str = "beyond 1.8e308";

/// A longer fraction is shown as a decimal in a sentence.
const LONGEST_IN_TEXT: usize = 20;

/// An amount in words and cells.
pub(crate) trait Shown: Amount {
    /// As a sentence says it: `3.785`, `757/200 (3.785)`, or `0.4382…` for a long fraction.
    fn shown(&self) -> String {
        match self.fraction() {
            None if self.decimal().is_finite() => figure(self.decimal()),
            None => BEYOND.to_owned(),
            Some(fraction) if fraction.len() > LONGEST_IN_TEXT => about(self.decimal(), fraction),
            Some(fraction) if fraction.contains('/') => {
                format!("{fraction} ({})", figure(self.decimal()))
            }
            Some(fraction) => fraction.to_owned(),
        }
    }

    /// Whether the fraction, where it has one, has no more than `longest` digits.
    fn is_short(&self, longest: usize) -> bool {
        (self.fraction()).is_none_or(|fraction| fraction.len() <= longest)
    }
}

impl<N: Amount> Shown for N {}

/// The nearest f64 of a fraction, where there is one that says anything.
pub(crate) fn about(decimal: f64, fraction: &str) -> String {
    match decimal {
        f64::INFINITY => "more than 1.8e308".to_owned(),
        f64::NEG_INFINITY => "less than -1.8e308".to_owned(),
        0.0 if fraction != "0" => "less than 1e-323 in size".to_owned(),
        x => figure(x) + "…",
    }
}
