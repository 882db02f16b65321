//! `--bounds`: the bounds of the inputs in the place of those in the file.

use deeptaylor::Network;
use deeptaylor::network::GivenBounds;

use super::Failure;

/// The network with the bounds that were given, where there are any.
pub fn bounded(network: Network, given: Option<&GivenBounds>) -> Result<Network, Failure> {
    let Some(given) = given else {
        return Ok(network);
    };
    let bounds = given.of(&network);
    bounds
        .and_then(|bounds| network.with_bounds(bounds))
        .map_err(|invalid| Failure::Usage(format!("--bounds: {invalid}")))
}
