//! Numbers as people read them.

/// A number with up to four significant digits: `2.311`, `0.5`, `4.4e-16`.
pub(super) fn figure(x: f64) -> String {
    if x == 0.0 {
        return "0".to_owned();
    }
    // Rounded first: 9999.9 has one digit more than it seems.
    let rounded: f64 = format!("{x:.3e}").parse().unwrap_or(x);
    let exponent = rounded.abs().log10().floor();
    if (-4.0..6.0).contains(&exponent) {
        trimmed(&format!("{rounded:.*}", decimals(rounded.abs())))
    } else {
        let scientific = format!("{x:.3e}");
        match scientific.split_once('e') {
            Some((digits, exponent)) => format!("{}e{exponent}", trimmed(digits)),
            None => scientific,
        }
    }
}

/// A part of a whole in percent: `61 %`, `0.4 %`, `99.7 %`; 0 and 100 are said only of 0 and 1.
pub(super) fn percent(share: f64) -> String {
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
        format!("{rounded} %")
    }
}

/// A column of numbers with the same number of decimals, so that their points stand below each other; what
/// would round to 0 and is not 0 is shown as a power of ten.
pub(super) fn column(values: &[f64]) -> Vec<String> {
    let largest = values
        .iter()
        .fold(0.0_f64, |largest, x| largest.max(x.abs()));
    let fixed = largest == 0.0 || (1e-3..1e7).contains(&largest);
    let decimals = decimals(largest).max(2);
    let show = |&x: &f64| {
        let text = format!("{x:.decimals$}");
        let vanishes = x != 0.0 && text.bytes().all(|byte| matches!(byte, b'0' | b'.' | b'-'));
        if x == 0.0 {
            "0".to_owned()
        } else if !fixed || vanishes {
            format!("{x:.2e}")
        } else {
            text
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
    use super::{column, figure, percent};

    #[test]
    fn a_figure_has_four_significant_digits_and_no_idle_zeros() {
        for (x, text) in [
            (0.0, "0"),
            (0.5, "0.5"),
            (2.311_4, "2.311"),
            (-1.0, "-1"),
            (1234.56, "1235"),
            (99999.6, "100000"),
            (0.000_123_45, "0.0001234"),
            (4.441e-16, "4.441e-16"),
            (1e200, "1e200"),
            (9.999_96, "10"),
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
        ] {
            assert_eq!(percent(share), text);
        }
    }

    #[test]
    fn a_column_keeps_its_points_below_each_other_and_hides_no_value() {
        assert_eq!(column(&[1.25, 0.0, 0.5]), ["1.250", "0", "0.500"]);
        assert_eq!(column(&[1.0, 1e-9]), ["1.000", "1.00e-9"]);
        assert_eq!(column(&[123_456.0, 2.0]), ["123456.00", "2.00"]);
    }
}
