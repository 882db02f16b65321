//! What a file is, by its content.

use super::wire::{Fields, Value};
use crate::network::pointer::{DOWNLOAD, FETCH, IS_PAGE, IS_POINTER, POINTER};

/// A file of a kind that is known and not read: what it is, and how a model in it is exported.
pub(crate) struct Foreign {
    pub what: &'static str,
    pub help: &'static str,
}

/// Whether a file is an ONNX model, whole or cut short.
pub(crate) fn is_model(bytes: &[u8]) -> bool {
    begins_as_model(bytes) || has_graph(bytes)
}

/// Whether bytes begin as a model: the first field is the version, as exporters write it, and the second one that a model has.
pub(in crate::network) fn begins_as_model(bytes: &[u8]) -> bool {
    let mut fields = Fields::of(bytes);
    let version = matches!(fields.next(), Some(Ok((1, Value::Number(1..=30)))));
    // What follows may be cut short; its tag is there.
    let tags = [0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42, 0x72];
    version && bytes.get(2).is_some_and(|tag| tags.contains(tag))
}

/// Whether all of a file is a message with a graph in it.
fn has_graph(bytes: &[u8]) -> bool {
    let mut graph = false;
    for field in Fields::of(bytes) {
        match field {
            Ok((7, Value::Bytes(_))) => graph = true,
            Ok((1..=30, _)) => {}
            Ok(_) | Err(_) => return false,
        }
    }
    graph
}

/// What else a file is, where it is of a kind that is known.
pub(crate) fn foreign(bytes: &[u8]) -> Option<Foreign> {
    const TORCH: Foreign = Foreign {
        what: "a file of PyTorch",
        help: "export the model as ONNX: torch.onnx.export(model.eval(), (example,), \"model.onnx\")",
    };
    const KERAS: Foreign = Foreign {
        what: "a file of Keras (HDF5)",
        help: "export the model as ONNX: m = keras.models.load_model(file); m(keras.ops.zeros((1, *m.input_shape[1:]))); m.export(\"model.onnx\", format=\"onnx\")",
    };
    let is_zip = bytes.starts_with(b"PK\x03\x04");
    if is_zip && has_member(bytes, b"data.pkl") {
        return Some(TORCH);
    }
    if is_zip && has_member(bytes, b"config.json") {
        return Some(Foreign {
            what: "a file of Keras",
            ..KERAS
        });
    }
    if is_zip {
        return Some(Foreign {
            what: "a zip archive",
            help: "arrays of samples (.npz) go to --inputs; NETWORK is a network file or an ONNX model",
        });
    }
    if bytes.starts_with(b"\x89HDF\r\n\x1a\n") {
        return Some(KERAS);
    }
    if bytes.get(4..8) == Some(b"TFL3") {
        return Some(Foreign {
            what: "a TensorFlow Lite model",
            help: "convert it to ONNX: python -m tf2onnx.convert --tflite model.tflite --output model.onnx",
        });
    }
    if bytes.starts_with(b"\x93NUMPY") {
        return Some(Foreign {
            what: "an array of numpy",
            help: "arrays of samples go to --inputs; NETWORK is a network file or an ONNX model",
        });
    }
    if bytes.starts_with(POINTER) {
        return Some(Foreign {
            what: IS_POINTER,
            help: FETCH,
        });
    }
    if is_page(bytes) {
        return Some(Foreign {
            what: IS_PAGE,
            help: DOWNLOAD,
        });
    }
    if is_safetensors(bytes) {
        return Some(Foreign {
            what: "a safetensors file, which has weights and no layers",
            help: "name its tensors in a network file, or export the model as ONNX: torch.onnx.export(model.eval(), (example,), \"model.onnx\")",
        });
    }
    let is_pickle = matches!(bytes, [0x80, 2..=5, ..]);
    is_pickle.then_some(Foreign {
        what: "a pickle of Python",
        help: "export the model as ONNX: torch.onnx.export of PyTorch, skl2onnx.to_onnx of scikit-learn",
    })
}

/// Whether a file begins as pages of the web do.
fn is_page(bytes: &[u8]) -> bool {
    let start = bytes.trim_ascii_start();
    let begins = |with: &[u8]| {
        let start = start.get(..with.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(with))
    };
    begins(b"<!doctype html") || begins(b"<html")
}

/// Whether a zip archive names a file that ends so: names stand before each file and in the directory at the end.
fn has_member(zip: &[u8], end: &[u8]) -> bool {
    const LOOKED_AT: usize = 1 << 16;
    let (first, last) = (
        &zip[..zip.len().min(LOOKED_AT)],
        &zip[zip.len().saturating_sub(LOOKED_AT)..],
    );
    [first, last]
        .iter()
        .any(|part| part.windows(end.len()).any(|window| window == end))
}

/// Whether a file begins with the length of a header that is an object of JSON.
fn is_safetensors(bytes: &[u8]) -> bool {
    let Some((length, header)) = bytes.split_first_chunk() else {
        return false;
    };
    let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
    header.first() == Some(&b'{') && length <= header.len()
}

#[cfg(test)]
mod tests {
    use super::{foreign, is_model};

    #[test]
    fn files_are_known_by_their_content() {
        let what = |bytes: &[u8]| foreign(bytes).map_or("", |foreign| foreign.what);
        assert_eq!(what(b"PK\x03\x04....archive/data.pkl"), "a file of PyTorch");
        assert_eq!(what(b"PK\x03\x04....config.json"), "a file of Keras");
        assert_eq!(what(b"\x89HDF\r\n\x1a\n..."), "a file of Keras (HDF5)");
        assert_eq!(what(b"....TFL3"), "a TensorFlow Lite model");
        assert!(what(b"\x02\0\0\0\0\0\0\0{}").starts_with("a safetensors file"));
        assert_eq!(what(b"\x80\x04\x95"), "a pickle of Python");
        assert_eq!(
            what(b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n"),
            "a pointer of Git LFS that stands for the file"
        );
        assert_eq!(what(b"\n<!DOCTYPE html><html>"), "a page of HTML");
        assert_eq!(what(b"{ \"input\": 1 }"), "");
    }

    #[test]
    fn a_model_is_known_whole_or_cut_short_and_a_text_is_none() {
        assert!(is_model(b"\x08\x08\x3a\x02\x12\x00"));
        assert!(is_model(b"\x08\x08\x3a\x7f\x12"), "cut short");
        assert!(is_model(b"\x3a\x00\x08\x08"), "in another order");
        for text in [
            &b"{ \"layers\": [] }"[..],
            b"",
            b"not a network",
            b"1,2,3\n",
        ] {
            assert!(!is_model(text), "{text:?}");
        }
    }
}
