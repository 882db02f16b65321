//! Numbers as they are written: decimals, and fractions of them.

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
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) || !is_whole(exponent)
    {
        return Err(no_number());
    }
    let mantissa = UBig::from_str_radix(&digits, 10).map_err(|_| no_number())?;
    if mantissa == UBig::ZERO {
        return Ok(Number::ZERO);
    }
    let places = i64::try_from(part.len()).map_err(|_| no_number())?;
    let exponent = exponent.parse::<i64>().ok();
    let Some(exponent) = exponent.filter(|exponent| exponent.abs() <= LARGEST_EXPONENT) else {
        return Err(Invalid::new(
            "",
            "exact fractions take powers of ten up to 1e±400",
            format!("`{text}`"),
        ));
    };
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

/// Whether a text is a whole number, of any size.
fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The number `1/3` or `-0.5/1.5`, or the decimal `0.25`, as the fraction that it is.
///
/// # Errors
///
/// [`Invalid`] as with [`decimal`], and when it is divided by 0.
pub fn fraction(text: &str) -> Result<Number, Invalid> {
    let Some((above, below)) = text.split_once('/') else {
        return decimal(text);
    };
    let whole = |part| decimal(part).map_err(|invalid| of_fraction(text, invalid));
    let (above, below) = (whole(above)?, whole(below)?);
    if below == Number::ZERO {
        return Err(Invalid::new(
            "",
            "expected a number",
            format!("`{text}`: a division by 0"),
        ));
    }
    Ok(above / below)
}

/// What is wrong with a part of a fraction, as what is wrong with all of it where it is no number.
fn of_fraction(text: &str, invalid: Invalid) -> Invalid {
    if invalid.message.starts_with("expected a number") {
        return Invalid::new("", "expected a number", format!("`{text}`"));
    }
    invalid
}

/// One finite number, a decimal: the nearest f64.
pub(super) fn number(text: &str) -> Result<f64, Invalid> {
    let text = text.trim();
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        Ok(value) if value.is_nan() => Err(Invalid::new(
            "",
            "expected a number",
            format!("{text} (not a number)"),
        )),
        Ok(_) => Err(not_finite(text)),
        Err(_) if text.is_empty() => Err(Invalid::new("", "expected a number", "nothing")),
        Err(_) => Err(Invalid::new("", "expected a number", format!("`{text}`"))),
    }
}

/// One finite number as it is typed, a decimal or a fraction: the nearest f64.
pub(super) fn typed(text: &str) -> Result<f64, Invalid> {
    if !text.contains('/') {
        return number(text);
    }
    let value = fraction(text)?.to_f64().value();
    if value.is_finite() {
        Ok(value)
    } else {
        Err(not_finite(text))
    }
}

/// A number as it is written, divided by another, as `16/3` is written.
pub(super) fn divided(text: &str, by: &str) -> String {
    match (fraction(text), fraction(by)) {
        (Ok(number), Ok(by)) if text.contains('/') && by != Number::ZERO => {
            (number / by).to_string()
        }
        _ => format!("{text}/{by}"),
    }
}

fn not_finite(text: &str) -> Invalid {
    Invalid::new("", "expected a finite number within ±1.797e308", text)
}

#[cfg(test)]
mod tests {
    use super::{decimal, fraction, typed};

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

    #[test]
    fn a_fraction_is_exactly_that_and_in_f64_the_nearest_value() {
        for (text, exact, nearest) in [
            ("1/3", "1/3", 1.0 / 3.0),
            ("-1/4", "-1/4", -0.25),
            ("0.5/1.5", "1/3", 1.0 / 3.0),
            (" 2 / -6 ", "-1/3", -1.0 / 3.0),
            ("0.1/3", "1/30", 1.0 / 30.0),
            ("1e200/1e300", &format!("1/1{}", "0".repeat(100)), 1e-100),
            ("0.7", "7/10", 0.7),
        ] {
            assert_eq!(fraction(text).map(|x| x.to_string()), Ok(exact.to_owned()));
            assert_eq!(typed(text), Ok(nearest), "{text}");
        }
        for text in [
            "1/0",
            "0/0",
            "1/",
            "/2",
            "1/2/3",
            "x/2",
            "1/inf",
            "1e300/1e-300",
        ] {
            assert!(typed(text).is_err(), "{text} is refused");
        }
    }

    #[test]
    fn both_ways_of_reading_take_the_same_words_for_numbers() {
        let is_no_number = |error: crate::Invalid| error.message.starts_with("expected a number,");
        for text in [
            "1",
            "+1",
            "-.5",
            "1.",
            "1e5",
            "1E+5",
            "1e-99999999999999999999",
            "0e99999999999999999999",
            "1e99999999999999999999",
            "1e-500",
            "",
            ".",
            "e5",
            "1e",
            "1e+",
            "1e5.0",
            "1 2",
            "--1",
            "0x1",
        ] {
            let in_f64 = typed(text).err().is_some_and(is_no_number);
            let exactly = fraction(text).err().is_some_and(is_no_number);
            assert_eq!(in_f64, exactly, "{text}");
        }
        assert_eq!(fraction("0e99999999999999999999"), Ok(super::Number::ZERO));
    }
}
