//! Numbers as people read them.

use crate::measure::largest_size;
use crate::words::thousands;

/// A number with up to four significant digits: `2.311`, `0.5`, `12,346`, `4.4e-16`; said in words beyond f64.
pub(crate) fn figure(x: f64) -> String {
    if x == 0.0 {
        return "0".to_owned();
    }
    if !x.is_finite() {
        return beyond(x);
    }
    // Rounded first: 9999.9 has one digit more than it seems.
    let rounded: f64 = format!("{x:.3e}").parse().unwrap_or(x);
    if (1e-4..1e6).contains(&rounded.abs()) {
        thousands(&trimmed(&format!("{rounded:.*}", decimals(rounded.abs()))))
    } else {
        scientific(x, 0)
    }
}

/// A number near 1 with two decimals; rounding leaves no sign before a 0.
pub(crate) fn two_decimals(x: f64) -> String {
    format!("{:.2}", if x.abs() < 0.005 { 0.0 } else { x })
}

/// A part of a whole in percent: `61 %`, `0.4 %`, `99.7 %`, `1e11 %`; 0 and 100 are said only of 0 and 1.
pub(crate) fn percent(share: f64) -> String {
    const LARGEST_IN_DIGITS: f64 = 1e4;
    if !share.is_finite() {
        return match share {
            f64::INFINITY => "more than 1e310 %".to_owned(),
            f64::NEG_INFINITY => "less than -1e310 %".to_owned(),
            _ => beyond(share),
        };
    }
    if share.abs() >= LARGEST_IN_DIGITS {
        // A hundred times the share may lie beyond f64.
        return scientific(share, 2) + " %";
    }
    let percent = share * 100.0;
    let rounded = format!("{percent:.0}");
    if percent == 0.0 {
        "0 %".to_owned()
    } else if (rounded == "100" || rounded == "-100") && (percent.abs() - 100.0).abs() > 1e-6 {
        if percent.abs() > 99.95 && percent.abs() < 100.05 {
            format!("{percent:.4} %")
        } else {
            format!("{percent:.1} %")
        }
    } else if percent.abs() < 0.1 {
        format!("{} %", figure(percent))
    } else if percent.abs() < 9.95 {
        format!("{percent:.1} %")
    } else {
        thousands(&rounded) + " %"
    }
}

/// A share as a column or a picture shows it: as [`percent`] does, but for small ones, of which it is said only that
/// they are small.
pub(crate) fn small_percent(share: f64) -> String {
    const LEAST: f64 = 1e-3;
    match share {
        _ if share == 0.0 || share.abs() >= LEAST || share.is_nan() => percent(share),
        _ if share > 0.0 => "< 0.1 %".to_owned(),
        _ => "> -0.1 %".to_owned(),
    }
}

/// `10^power · x` with up to four significant digits and an exponent: `4.4e-16`.
fn scientific(x: f64, power: i32) -> String {
    let text = format!("{x:.3e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    format!("{}e{}", trimmed(digits), exponent + power)
}

/// What is no number of f64.
fn beyond(x: f64) -> String {
    match x {
        f64::INFINITY => "more than 1.8e308",
        f64::NEG_INFINITY => "less than -1.8e308",
        _ => "undefined",
    }
    .to_owned()
}

/// Whether a property holds, in a word.
pub(crate) fn verdict(holds: bool, promised: bool) -> &'static str {
    match (holds, promised) {
        (true, _) => "holds",
        (false, true) => "FAILS",
        (false, false) => "not promised",
    }
}

/// A column of numbers with the same number of decimals, so that their points stand below each other; what
/// would round to 0 and is not 0 is shown as a power of ten.
pub(crate) fn column(values: &[f64]) -> Vec<String> {
    let largest = largest_size(values);
    let fixed = largest == 0.0 || (1e-3..1e7).contains(&largest);
    let decimals = decimals(largest).max(2);
    let show = |&x: &f64| {
        let text = format!("{x:.decimals$}");
        let vanishes = x != 0.0 && text.bytes().all(|byte| matches!(byte, b'0' | b'.' | b'-'));
        if x == 0.0 || !x.is_finite() {
            figure(x)
        } else if !fixed || vanishes {
            format!("{x:.2e}")
        } else {
            thousands(&text)
        }
    };
    values.iter().map(show).collect()
}

/// Decimals with which a number of this size shows four significant digits.
fn decimals(size: f64) -> usize {
    let mut decimals: usize = 3;
    let mut power = 10.0;
    while power <= size && decimals > 0 {
        decimals -= 1;
        power *= 10.0;
    }
    power = 1.0;
    while size > 0.0 && size < power && decimals < 12 {
        decimals += 1;
        power /= 10.0;
    }
    decimals
}

fn trimmed(digits: &str) -> String {
    if digits.contains('.') {
        digits
            .trim_end_matches('0')
            .trim_end_matches('.')
            .to_owned()
    } else {
        digits.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{column, figure, percent, small_percent};

    #[test]
    fn a_figure_has_four_significant_digits_and_no_idle_zeros() {
        for (x, text) in [
            (0.0, "0"),
            (0.5, "0.5"),
            (2.311_4, "2.311"),
            (-1.0, "-1"),
            (1234.56, "1,235"),
            (99999.6, "100,000"),
            (0.000_123_45, "0.0001234"),
            (4.441e-16, "4.441e-16"),
            (1e200, "1e200"),
            (9.999_96, "10"),
            (f64::MAX, "1.798e308"),
            (5e-324, "4.941e-324"),
            (f64::INFINITY, "more than 1.8e308"),
            (f64::NEG_INFINITY, "less than -1.8e308"),
            (f64::NAN, "undefined"),
        ] {
            assert_eq!(figure(x), text);
        }
    }

    #[test]
    fn a_percentage_says_0_and_100_only_when_it_is_so() {
        for (share, text) in [
            (0.0, "0 %"),
            (1.0, "100 %"),
            (0.999, "99.9 %"),
            (0.999_999, "99.9999 %"),
            (0.612, "61 %"),
            (0.004, "0.4 %"),
            (1e-9, "1e-7 %"),
            (-0.25, "-25 %"),
            (12.5, "1,250 %"),
            (1_000_000_028.28, "1e11 %"),
            (-1e308, "-1e310 %"),
            (5e-324, "4.941e-322 %"),
            (f64::INFINITY, "more than 1e310 %"),
        ] {
            assert_eq!(percent(share), text);
        }
    }

    #[test]
    fn a_small_share_in_a_table_is_told_as_small_and_nothing_else_changes() {
        for (share, text) in [
            (0.0, "0 %"),
            (6.307e-32, "< 0.1 %"),
            (0.000_541_2, "< 0.1 %"),
            (0.000_999_9, "< 0.1 %"),
            (-1e-9, "> -0.1 %"),
            (0.001, "0.1 %"),
            (-0.001, "-0.1 %"),
            (0.088, "8.8 %"),
            (f64::INFINITY, "more than 1e310 %"),
        ] {
            assert_eq!(small_percent(share), text);
        }
    }

    #[test]
    fn a_column_keeps_its_points_below_each_other_and_hides_no_value() {
        assert_eq!(column(&[1.25, 0.0, 0.5]), ["1.250", "0", "0.500"]);
        assert_eq!(column(&[1.0, 1e-9]), ["1.000", "1.00e-9"]);
        assert_eq!(column(&[f64::INFINITY]), ["more than 1.8e308"]);
        assert_eq!(column(&[123_456.0, 2.0]), ["123,456.00", "2.00"]);
    }
}
