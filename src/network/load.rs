//! A network from a file of any format, told apart by content.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};

use super::onnx::{self, ModelOptions, OnnxModel};
use super::{Example, Network, file};
use crate::error::{Error, Invalid, Malformed};

/// A network, and what it was read from.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// The network.
    pub network: Network,
    /// The bytes of the file, unpacked; none of an ONNX model that is too large to be held, whose weights are read one after
    /// the other.
    pub text: Vec<u8>,
    /// What is told of an ONNX model; none of a network file.
    pub model: Option<OnnxModel>,
    /// The other files that weights and biases were read from.
    pub weights: Vec<PathBuf>,
}

impl Loaded {
    /// A model that was read, with its bytes where they are held.
    fn of_model((network, model, weights): onnx::ReadModel, text: Vec<u8>) -> Self {
        Self {
            network,
            text,
            model: Some(model),
            weights,
        }
    }
}

/// ONNX models of more bytes are not held as a whole.
const LARGE: u64 = 64 << 20;
/// No model can have more bytes: protobuf's own limit.
const LARGEST: u64 = (1 << 31) - 1;

/// A file that is a model too large to be held, with its size; what cannot be read is told by who reads it whole.
fn large(path: &Path) -> Option<(File, u64)> {
    // A pipe is opened once: who writes to it would lose its reader.
    if !path.metadata().ok()?.is_file() {
        return None;
    }
    let mut file = File::open(path).ok()?;
    let bytes = file.metadata().ok()?.len();
    if !(LARGE..=LARGEST).contains(&bytes) {
        return None;
    }
    let mut first = [0; 16];
    file.read_exact(&mut first).ok()?;
    file.rewind().ok()?;
    onnx::begins_as_model(&first).then_some((file, bytes))
}

/// Whether a path leads to a file, not to the standard input or an example.
fn is_file(path: &Path) -> bool {
    path != Path::new("-") && Example::of_path(path).is_none()
}

/// Reads a file, of any name, the standard input where it is `-`, or an example.
pub(super) fn load(path: &Path, options: &ModelOptions) -> Result<Loaded, Error> {
    let is_file = is_file(path);
    if let Some((file, bytes)) = is_file.then(|| large(path)).flatten() {
        let read = onnx::read_large(path, &file, bytes, options);
        let read =
            read.map_err(|invalid| Malformed::without_place(path.to_string_lossy(), invalid))?;
        return Ok(Loaded::of_model(read, Vec::new()));
    }
    let (name, text) = file::source(path)?;
    let beside = is_file.then_some(path);
    let is_known = || onnx::foreign(&text).is_some();
    let is_model = || onnx::is_model(&text) || is_called_onnx(path) && !is_known();
    if is_text(&text) || !is_model() {
        let (network, weights) = of_text(beside, &name, &text, options)?;
        return Ok(Loaded {
            network,
            text,
            model: None,
            weights,
        });
    }
    let read = onnx::read_model(beside, &text, options)
        .map_err(|invalid| Malformed::without_place(&name, invalid))?;
    Ok(Loaded::of_model(read, text))
}

/// Reads the bytes of a file that lies in no folder.
pub(super) fn parse(name: &str, bytes: &[u8]) -> Result<Network, Error> {
    let options = ModelOptions::default();
    if is_text(bytes) || !onnx::is_model(bytes) {
        return of_text(None, name, bytes, &options).map(|(network, _)| network);
    }
    let read = onnx::read_model(None, bytes, &options);
    read.map(|(network, ..)| network)
        .map_err(|invalid| Malformed::without_place(name, invalid))
}

/// The network of a network file, and the files that its weights were read from.
fn of_text(
    path: Option<&Path>,
    name: &str,
    text: &[u8],
    options: &ModelOptions,
) -> Result<(Network, Vec<PathBuf>), Error> {
    if let Some(foreign) = onnx::foreign(text) {
        let invalid = Invalid::new("", "expected a network file or an ONNX model", foreign.what);
        return Err(Malformed::without_place(name, invalid.help(foreign.help)));
    }
    let read = file::parse_beside(path, name, text)?;
    if options.is_empty() {
        return Ok(read);
    }
    let expected = "expected an ONNX model, whose input and output can be chosen";
    let invalid = Invalid::new("", expected, "a network file");
    Err(Malformed::without_place(
        name,
        invalid.help("leave out --model-input, --model-output and --input-shape"),
    ))
}

/// Whether bytes begin as a network file does, with an object of JSON.
fn is_text(bytes: &[u8]) -> bool {
    let first = file::without_mark(bytes).trim_ascii_start().first();
    first == Some(&b'{')
}

fn is_called_onnx(path: &Path) -> bool {
    path.extension()
        .is_some_and(|end| end.eq_ignore_ascii_case("onnx"))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use super::{
        Error, LARGE, LARGEST, ModelOptions, Path, is_called_onnx, is_file, is_text, large, load,
        parse,
    };

    #[test]
    fn a_model_is_large_from_64_mib_to_what_protobuf_can_have() {
        // The version of the format, and the tag of a producer's name.
        let (model, other) = ([8, 8, 0x12, 0], *b"{   ");
        for (begin, bytes, is_large) in [
            (model, LARGE - 1, false),
            (model, LARGE, true),
            (model, LARGEST, true),
            (model, LARGEST + 1, false),
            (other, LARGE, false),
        ] {
            let mut file = tempfile::NamedTempFile::new().expect("a file");
            file.write_all(&begin).expect("written");
            file.as_file().set_len(bytes).expect("a longer file");
            let found = large(file.path()).map(|(_, bytes)| bytes);
            assert_eq!(found, is_large.then_some(bytes), "{begin:?}, {bytes}");
        }
        let folder = tempfile::tempdir().expect("a folder");
        assert!(large(folder.path()).is_none());
        assert!(large(&folder.path().join("nothing")).is_none());
    }

    #[test]
    fn a_file_is_told_by_its_content_from_text_and_by_its_name_from_all_else() {
        for (path, in_folder, called) in [
            ("-", false, false),
            ("example:xor", false, false),
            ("net.json", true, false),
            ("a/net.ONNX", true, true),
            ("onnx", true, false),
        ] {
            let path = Path::new(path);
            assert_eq!((is_file(path), is_called_onnx(path)), (in_folder, called));
        }
        for (bytes, expected) in [
            (&b"{}"[..], true),
            (b" \n {", true),
            (b"\xef\xbb\xbf{", true),
            (b"[", false),
            (b"", false),
        ] {
            assert_eq!(is_text(bytes), expected, "{bytes:?}");
        }
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("net.onnx");
        let text = r#"{ "input": { "shape": [2] }, "layers": [ { "type": "sum_pool" } ] }"#;
        fs::write(&file, text).expect("written");
        let loaded = load(&file, &ModelOptions::default()).expect("a network file");
        assert_eq!(loaded.text, text.as_bytes());
        assert!(loaded.model.is_none());
        // What is neither is told as a text that is wrong, with its place.
        let Err(Error::Malformed(wrong)) = parse("bytes", b"neither") else {
            panic!("it is no network");
        };
        assert!(wrong.position.is_some(), "{wrong}");
    }
}
