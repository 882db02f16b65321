//! `--bounds`: the bounds of the inputs in the place of those in the file.

use std::sync::atomic::{AtomicBool, Ordering};

use deeptaylor::network::GivenBounds;
use deeptaylor::{Error, Network};

use super::Failure;

/// Whether bounds were given: a message then speaks of these.
static GIVEN: AtomicBool = AtomicBool::new(false);

/// The network with the bounds that were given, where there are any.
pub fn bounded(network: Network, given: Option<&GivenBounds>) -> Result<Network, Failure> {
    let Some(given) = given else {
        return Ok(network);
    };
    GIVEN.store(true, Ordering::Relaxed);
    let bounds = given.of(&network);
    bounds
        .and_then(|bounds| network.with_bounds(bounds))
        .map_err(|invalid| Failure::Usage(format!("--bounds: {invalid}")))
}

/// The failure with `--bounds` in its help, where these are the bounds that an input lies outside of.
pub fn told(failure: Failure) -> Failure {
    match failure {
        Failure::Library(error) if GIVEN.load(Ordering::Relaxed) && is_of_input(&error) => {
            let message = error.to_string();
            Failure::Usage(message.replace("`bounds` in the network file", "--bounds"))
        }
        other => other,
    }
}

/// Whether it is of an input outside of its bounds.
fn is_of_input(error: &Error) -> bool {
    match error {
        Error::OutOfBounds { name, .. } => name.starts_with("input "),
        Error::Of { error, .. } => is_of_input(error),
        _ => false,
    }
}
