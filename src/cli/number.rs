//! Numbers and words of the command line, and in plain words what is wrong with them.

use std::fmt::Display;
use std::str::FromStr;

use deeptaylor::words::{grouped, thousands};

/// Reads a whole number from `low` to `high`.
pub fn whole<N>(
    low: N,
    high: N,
) -> impl Fn(&str) -> Result<N, String> + Clone + Send + Sync + 'static
where
    N: FromStr + PartialOrd + Display + Copy + Send + Sync + 'static,
{
    move |text| match text.parse::<N>() {
        Ok(number) if (low..=high).contains(&number) => Ok(number),
        _ => Err(format!(
            "expected a whole number from {low} to {}",
            thousands(&high.to_string())
        )),
    }
}

/// Reads a number above 0, as `example` is one.
pub fn above_0(
    example: &'static str,
) -> impl Fn(&str) -> Result<f64, String> + Clone + Send + Sync + 'static {
    number(move |number| number > 0.0, "above 0", example)
}

/// Reads `--tolerance`.
pub fn tolerance(text: &str) -> Result<f64, String> {
    number(|number| number >= 0.0, "≥ 0", "1e-9")(text)
}

/// Reads a finite number that is as it should be, which `such` says in words.
fn number(
    fits: impl Fn(f64) -> bool + Clone + Send + Sync + 'static,
    such: &'static str,
    example: &'static str,
) -> impl Fn(&str) -> Result<f64, String> + Clone + Send + Sync + 'static {
    move |text| match text.parse::<f64>() {
        Ok(number) if number.is_finite() && fits(number) => Ok(number),
        _ => Err(format!("expected a number {such}, for instance {example}")),
    }
}

/// Reads one of two words, as what it stands for.
pub fn either<T: Copy + Send + Sync + 'static>(
    words: [(&'static str, T); 2],
) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static {
    move |text| {
        let said = words.iter().find(|(word, _)| *word == text);
        let [(one, _), (other, _)] = words;
        said.map(|(_, value)| *value)
            .ok_or_else(|| format!("expected {one} or {other}"))
    }
}

/// Reads how many of something: a whole number, however large.
pub fn how_many(text: &str) -> Result<usize, String> {
    text.parse()
        .map_err(|_| "expected a whole number, for instance 10".to_owned())
}

/// Reads the numbers of samples, `3` or `0-9`, of at most so many.
pub fn samples(text: &str, most: usize) -> Result<(usize, usize), String> {
    let number = |text: &str| {
        let expected = "expected the numbers of samples, counted from 0, as 3 or 0-9";
        text.trim().parse().map_err(|_| expected.to_owned())
    };
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last): (usize, usize) = (number(first)?, number(last)?);
    if first > last {
        return Err(format!("the range runs backwards: write {last}-{first}"));
    }
    let more = last - first;
    if more >= most {
        let (found, most) = (more.saturating_add(1), grouped(most));
        return Err(format!(
            "the range has {} samples; at most {most}",
            grouped(found)
        ));
    }
    Ok((first, last))
}
