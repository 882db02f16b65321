//! Numbers of the command line, and in plain words what is wrong with them.

use std::fmt::Display;
use std::str::FromStr;

use deeptaylor::words::thousands;

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

/// Reads how many of something: a whole number, however large.
pub fn how_many(text: &str) -> Result<usize, String> {
    text.parse()
        .map_err(|_| "expected a whole number, for instance 10".to_owned())
}
