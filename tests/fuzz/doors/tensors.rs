//! Weights that stand beside the network file.

use std::fs;

use deeptaylor::Network;

use super::{file, held};

/// How the network file calls its tensors.
const TENSORS: &str = "w.safetensors";

/// Two files: the bytes up to the first 0 are the network file, and those behind it its tensors.
pub fn tensors(bytes: &[u8]) {
    let mut parts = bytes.splitn(2, |byte| *byte == 0);
    let (text, tensors) = (
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
    );
    file::file(TENSORS, tensors);
    let path = file::file("beside.json", text);
    match Network::read(&path) {
        Ok(network) => {
            held::comes_back(&network);
            held::explains(&network);
            if held::can_be_written(&network) {
                beside(&network);
            }
        }
        Err(error) => held::told(&error),
    }
}

/// That a network whose numbers are written beside it is read again to the last bit.
fn beside(network: &Network) {
    let written = match network.to_json_with_tensors("again.safetensors") {
        Ok(written) => written,
        Err(invalid) => return held::plain(&invalid.to_string()),
    };
    fs::write(file::folder().join("again.safetensors"), &written.tensors)
        .expect("a file can be written");
    let path = file::file("again.json", written.json.as_bytes());
    match Network::read(&path) {
        Ok(again) => assert_eq!(
            again.to_json(),
            network.to_json(),
            "another network comes back"
        ),
        Err(error) => panic!("what was written is refused: {error}\n{}", written.json),
    }
}
