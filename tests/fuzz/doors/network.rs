//! The network file.

use deeptaylor::Network;

use super::held;

/// A text or a model, from memory.
pub fn network(bytes: &[u8]) {
    match Network::parse("network.json", bytes) {
        Ok(network) => {
            held::comes_back(&network);
            held::explains(&network);
        }
        Err(error) => held::told(&error),
    }
}
