//! The bounds of the inputs as they are given on the command line.

use deeptaylor::{Bounds, Network};

use super::{Failure, initialisation};

/// Pairs `l,h`: one for all inputs, or one for each channel or input.
#[derive(Debug, Clone, PartialEq)]
pub struct GivenBounds(Vec<[f64; 2]>);

impl GivenBounds {
    /// Reads `--bounds`: `0,1` or `-2.1,2.6;-2,2.4;-1.8,2.6`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let pairs = text.trim().trim_end_matches(';').split(';');
        let pairs: Result<Vec<[f64; 2]>, String> = pairs.map(initialisation::bounds).collect();
        pairs.map(Self).map_err(|expected| {
            if text.contains(';') {
                format!("{expected}, and `;` between the pairs of channels")
            } else {
                expected
            }
        })
    }
}

/// The network with the bounds that were given, where there are any.
pub fn bounded(network: Network, given: Option<&GivenBounds>) -> Result<Network, Failure> {
    let Some(GivenBounds(pairs)) = given else {
        return Ok(network);
    };
    let (input, inputs) = (network.input(), network.input_units());
    let channels = match input.shape[..] {
        [channels, _, _] => channels,
        _ => inputs,
    };
    let bounds = match pairs[..] {
        [same] => Bounds::Same(same),
        _ if pairs.len() == channels && input.shape.len() == 3 => {
            Bounds::Each((0..inputs).map(|i| pairs[input.channel(i)]).collect())
        }
        _ if pairs.len() == inputs => Bounds::Each(pairs.clone()),
        _ => {
            let each = if input.shape.len() == 3 {
                "channels"
            } else {
                "inputs"
            };
            return Err(Failure::Usage(format!(
                "--bounds: expected one pair, or one for each of {channels} {each}, found {}",
                pairs.len()
            )));
        }
    };
    (network.with_bounds(bounds)).map_err(|invalid| Failure::Usage(format!("--bounds: {invalid}")))
}
