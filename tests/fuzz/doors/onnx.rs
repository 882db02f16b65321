//! Models in ONNX.

use deeptaylor::Network;
use deeptaylor::network::{ModelOptions, Precision};

use super::{file, held};

/// A model from memory, or, where the last byte is odd, from a file, beside which its weights may stand.
pub fn onnx(bytes: &[u8]) {
    let read = match bytes.last() {
        Some(last) if last % 8 == 7 => {
            let path = file::file("model.onnx", bytes);
            let loaded = Network::load(path, &ModelOptions::default());
            loaded.map(|loaded| {
                let notes = loaded.model.map(|model| model.notes()).unwrap_or_default();
                for note in notes {
                    held::plain(&note);
                }
                loaded.network
            })
        }
        _ => Network::parse("model.onnx", bytes),
    };
    match read {
        Ok(network) => {
            held::comes_back(&network);
            held::explains(&network);
            if held::can_be_written(&network) {
                written(&network);
            }
        }
        Err(error) => held::told(&error),
    }
}

/// That what is written as ONNX is read again with the same input, names and units, and computes the same.
fn written(network: &Network) {
    let written = match network.to_onnx(Precision::Double) {
        Ok(written) => written,
        Err(invalid) => return held::plain(&invalid.to_string()),
    };
    let again = match Network::parse("written.onnx", &written.bytes) {
        Ok(again) => again,
        Err(error) => panic!(
            "what was written is refused: {error}\n{}",
            network.to_json()
        ),
    };
    assert_eq!(again.input(), network.input(), "{}", network.to_json());
    assert_eq!(
        again.output_names(),
        network.output_names(),
        "{}",
        network.to_json()
    );
    assert_eq!(
        again.output_units(),
        network.output_units(),
        "{}",
        network.to_json()
    );
    held::alike(network, &again);
}
