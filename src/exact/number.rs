//! Decimals as exact fractions.

pub use crate::samples::decimal::{Number, decimal, fraction};

use crate::error::Invalid;
use crate::samples::Record;

/// The values of a sample as they were written; where it was not, the shortest decimals that are the same in f64.
///
/// # Errors
///
/// [`Invalid`] as with [`fraction`].
pub fn sample(record: &Record) -> Result<Vec<Number>, Invalid> {
    match &record.written {
        Some(written) => written.iter().map(|text| fraction(text)).collect(),
        None => (record.values.iter())
            .map(|value| decimal(&format!("{value:?}")))
            .collect(),
    }
}

/// Sums of fractions, which the library that brings them leaves to its users.
pub(super) trait Total: Iterator<Item = Number> {
    /// Their sum, from the first to the last.
    fn total(self) -> Number;
}

impl<I: Iterator<Item = Number>> Total for I {
    fn total(self) -> Number {
        self.fold(Number::ZERO, |sum, x| sum + x)
    }
}

/// |x|
pub(super) fn size(x: &Number) -> Number {
    if *x < Number::ZERO {
        -x.clone()
    } else {
        x.clone()
    }
}

/// Finite numbers as the fractions that they are.
pub(super) fn binary(numbers: &[f64]) -> Vec<Number> {
    let exact = |x: &f64| Number::try_from(*x).expect("the numbers of a network are finite");
    numbers.iter().map(exact).collect()
}

/// The numbers of a list as fractions; `key` says whose they are.
pub(super) fn fractions(key: &str, texts: &[&str]) -> Result<Vec<Number>, Invalid> {
    let fractions = texts.iter().map(|text| decimal(text));
    fractions
        .collect::<Result<_, Invalid>>()
        .map_err(|invalid| invalid.below(key))
}

#[cfg(test)]
mod tests {
    use super::{Number, decimal, size};

    #[test]
    fn the_size_of_a_number_has_no_sign() {
        let number = |text: &str| decimal(text).expect("a decimal");
        assert_eq!(size(&number("-2.5")), number("2.5"));
        assert_eq!(size(&number("0.125")), number("0.125"));
        assert_eq!(size(&Number::ZERO), Number::ZERO);
    }
}
