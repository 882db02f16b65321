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

#[cfg(test)]
mod tests {
    use super::{Bounds, GivenBounds, Network};

    fn bounds(text: &str, input: &str) -> Result<Bounds, String> {
        let file = format!(r#"{{ "input": {input}, "layers": [ {{ "type": "sum_pool" }} ] }}"#);
        let network: Network = file.parse().expect("a network");
        let given: GivenBounds = text.parse()?;
        given.of(&network).map_err(|invalid| invalid.to_string())
    }

    #[test]
    fn bounds_are_one_pair_or_one_for_each_channel_or_input() {
        let (list, picture) = (r#"{ "shape": [3] }"#, r#"{ "shape": [2, 1, 2] }"#);
        let turned = r#"{ "shape": [2, 1, 2], "order": "hwc" }"#;
        let (a, b, c, d) = ([0.0, 1.0], [-2.1, 2.6], [3.0, 3.0], [-1.0, 0.0]);
        for (text, input, expected) in [
            ("0,1", list, Bounds::Same(a)),
            (" -2.1 , 2.6; ", picture, Bounds::Same(b)),
            ("0,1;-2.1,2.6;3,3", list, Bounds::Each(vec![a, b, c])),
            ("0,1;-2.1,2.6", picture, Bounds::Each(vec![a, a, b, b])),
            ("0,1;-2.1,2.6", turned, Bounds::Each(vec![a, b, a, b])),
            (
                "0,1;-2.1,2.6;3,3;-1,0",
                picture,
                Bounds::Each(vec![a, b, c, d]),
            ),
        ] {
            assert_eq!(bounds(text, input), Ok(expected), "{text} of {input}");
        }
    }

    #[test]
    fn what_are_no_bounds_of_a_network_is_refused() {
        let (list, picture) = (r#"{ "shape": [3] }"#, r#"{ "shape": [2, 1, 2] }"#);
        let pair = "expected two numbers l ≤ h, for instance 0,1";
        let pairs =
            "expected two numbers l ≤ h, for instance 0,1, and `;` between the pairs of channels";
        for (text, input, expected) in [
            ("", list, pair),
            ("0", list, pair),
            ("0,1,2", list, pair),
            ("1,0", list, pair),
            ("0,inf", list, pair),
            ("-inf,0", list, pair),
            ("0,x", list, pair),
            ("0,1;1", list, pairs),
            (
                "0,1;0,2",
                list,
                "expected one pair, or one for each of 3 inputs, found 2",
            ),
            (
                "0,1;0,2;0,3",
                picture,
                "expected one pair, or one for each of 2 channels, found 3",
            ),
        ] {
            assert_eq!(bounds(text, input), Err(expected.to_owned()), "{text}");
        }
    }
}
