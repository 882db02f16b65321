//! The bounds of the inputs as they are spelt: `0,1`, or `-2.1,2.6;-2,2.4;-1.8,2.6`.

use std::str::FromStr;

use super::{Bounds, Network};
use crate::error::Invalid;
use crate::words::count;

/// Pairs `l,h` with `l ≤ h`, of any network: one for all inputs, or one for each channel or input.
#[derive(Debug, Clone, PartialEq)]
pub struct GivenBounds(Vec<[f64; 2]>);

/// Reads one pair: `0,1`.
///
/// # Errors
///
/// What was expected, where there are not two finite numbers, or the first is the larger one.
pub fn bounds_pair(text: &str) -> Result<[f64; 2], String> {
    let numbers: Result<Vec<f64>, _> = text
        .split(',')
        .map(|number| number.trim().parse())
        .collect();
    match numbers.as_deref() {
        Ok(&[low, high]) if low.is_finite() && high.is_finite() && low <= high => Ok([low, high]),
        _ => Err("expected two numbers l ≤ h, for instance 0,1".to_owned()),
    }
}

impl FromStr for GivenBounds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let pairs = text.trim().trim_end_matches(';').split(';');
        let pairs: Result<Vec<[f64; 2]>, String> = pairs.map(bounds_pair).collect();
        pairs.map(Self).map_err(|expected| {
            if text.contains(';') {
                format!("{expected}, and `;` between the pairs of channels")
            } else {
                expected
            }
        })
    }
}

impl GivenBounds {
    /// The bounds of each input of a network.
    ///
    /// # Errors
    ///
    /// Where there are several pairs, and neither as many channels nor as many inputs.
    pub fn of(&self, network: &Network) -> Result<Bounds, Invalid> {
        let (Self(pairs), input, inputs) = (self, network.input(), network.input_units());
        let channels = match input.shape[..] {
            [channels, _, _] => Some(channels),
            _ => None,
        };
        match pairs[..] {
            [same] => Ok(Bounds::Same(same)),
            _ if Some(pairs.len()) == channels => Ok(Bounds::Each(
                (0..inputs).map(|i| pairs[input.channel(i)]).collect(),
            )),
            _ if pairs.len() == inputs => Ok(Bounds::Each(pairs.clone())),
            _ => {
                let each = channels.map_or(count(inputs, "input"), |n| count(n, "channel"));
                let expected = format!("expected one pair, or one for each of {each}");
                Err(Invalid::new("", expected, pairs.len()))
            }
        }
    }
}
