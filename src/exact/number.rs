//! Decimals as exact fractions.

use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;

use crate::error::Invalid;

/// An exact fraction, in lowest terms.
pub type Number = RBig;

/// Decimals with a larger power of ten than f64 has are refused: their fractions would fill the memory.
const LARGEST_EXPONENT: i64 = 400;

/// The decimal `-1.25e-3` as the fraction that it is.
///
/// # Errors
///
/// [`Invalid`] when it is no decimal, or its power of ten lies beyond 1e±400.
pub fn decimal(text: &str) -> Result<Number, Invalid> {
    let no_number = || Invalid::new("", "expected a number", format!("`{text}`"));
    let text = text.trim();
    let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (negative, digits) = match digits.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, digits.strip_prefix('+').unwrap_or(digits)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let digits = format!("{whole}{part}");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(no_number());
    }
    let exponent: i64 = exponent.parse().map_err(|_| no_number())?;
    let mantissa = UBig::from_str_radix(&digits, 10).map_err(|_| no_number())?;
    if mantissa == UBig::ZERO {
        return Ok(Number::ZERO);
    }
    let places = i64::try_from(part.len()).map_err(|_| no_number())?;
    if exponent.abs() > LARGEST_EXPONENT {
        return Err(Invalid::new(
            "",
            "exact fractions take powers of ten up to 1e±400",
            format!("`{text}`"),
        ));
    }
    let power = exponent - places;
    let ten =
        UBig::from(10_u8).pow(usize::try_from(power.unsigned_abs()).map_err(|_| no_number())?);
    let mantissa = if negative {
        -IBig::from(mantissa)
    } else {
        IBig::from(mantissa)
    };
    Ok(if power >= 0 {
        Number::from(mantissa * ten)
    } else {
        Number::from_parts(mantissa, ten)
    })
}

/// A sample as it is typed: `1,0.5,-0.25`, with or without brackets.
///
/// # Errors
///
/// [`Invalid`] as with [`decimal`].
pub fn sample(text: &str) -> Result<Vec<Number>, Invalid> {
    let text = text.trim().trim_start_matches('[').trim_end_matches(']');
    text.split(',').map(decimal).collect()
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

/// Every number of a JSON list of lists, in reading order.
pub(super) fn all_of(json: &str) -> Result<Vec<Number>, Invalid> {
    json.split(|c: char| matches!(c, '[' | ']' | ',') || c.is_whitespace())
        .filter(|token| !token.is_empty())
        .map(decimal)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn a_decimal_becomes_the_fraction_that_it_is() {
        for (text, fraction) in [
            ("0", "0"),
            ("-0.0", "0"),
            ("0.1", "1/10"),
            ("-1.25", "-5/4"),
            ("1e3", "1000"),
            ("2.50E-2", "1/40"),
            (
                "0.3333333333333333333",
                "3333333333333333333/10000000000000000000",
            ),
            ("0e999999999", "0"),
        ] {
            assert_eq!(
                decimal(text).map(|x| x.to_string()).ok().as_deref(),
                Some(fraction)
            );
        }
    }

    #[test]
    fn what_is_no_decimal_or_would_fill_the_memory_is_refused() {
        for text in [
            "",
            "-",
            ".",
            "1..2",
            "0x1",
            "NaN",
            "inf",
            "1e",
            "1e-999999999",
            "1e401",
            "--1",
        ] {
            assert!(decimal(text).is_err(), "{text} is refused");
        }
    }
}
