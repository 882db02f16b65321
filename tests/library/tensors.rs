//! Weights in a safetensors file beside the network file: read as they are, and refused with what is wrong with them.

#![allow(clippy::too_many_lines, reason = "tables are as long as they are")]

use std::fs;
use std::path::Path;

use deeptaylor::Network;
use proptest::prelude::*;

use crate::gzip::gzipped;
use crate::random::cases;
use tempfile::TempDir;

/// A tensor of a file: its name, type and shape, and the bytes of its numbers.
type Tensor<'a> = (&'a str, &'a str, &'a [usize], Vec<u8>);

/// A safetensors file: the length of its header, the header, the numbers.
fn file(tensors: &[Tensor]) -> Vec<u8> {
    let (mut entries, mut data) = (Vec::new(), Vec::new());
    for (name, kind, shape, bytes) in tensors {
        let start = data.len();
        data.extend(bytes);
        let end = data.len();
        entries.push(format!(
            r#""{name}": {{ "dtype": "{kind}", "shape": {shape:?}, "data_offsets": [{start}, {end}] }}"#
        ));
    }
    let header = format!("{{ {} }}", entries.join(", "));
    let length = (header.len() as u64).to_le_bytes();
    [&length[..], header.as_bytes(), &data].concat()
}

fn f64s(numbers: &[f64]) -> Vec<u8> {
    numbers.iter().flat_map(|x| x.to_le_bytes()).collect()
}

fn f32s(numbers: &[f32]) -> Vec<u8> {
    numbers.iter().flat_map(|x| x.to_le_bytes()).collect()
}

/// A network of one layer with these keys, on two inputs.
fn network(layer: &str) -> String {
    format!("{{ \"input\": {{ \"shape\": [2] }},\n  \"layers\": [{{ {layer} }}] }}")
}

/// A folder with these tensors in net.safetensors, and a network of one layer with these keys in net.json.
fn folder(tensors: &[u8], layer: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("net.safetensors"), tensors).expect("a file");
    fs::write(folder.path().join("net.json"), network(layer)).expect("a file");
    folder
}

fn read(folder: &Path) -> Result<Network, String> {
    Network::read(folder.join("net.json")).map_err(|error| error.to_string())
}

const W: &str = r#""type": "dense", "weights": { "file": "net.safetensors", "tensor": "w" }"#;

#[test]
fn a_tensor_stands_for_the_same_numbers_in_the_file() {
    let tensors = file(&[
        (
            "w",
            "F64",
            &[2, 3],
            f64s(&[0.1, -2.0, 3.0, 1e-300, 5.0, -0.0]),
        ),
        ("b", "F32", &[3], f32s(&[0.1, -1.0, 2.0])),
    ]);
    let bias = r#", "bias": { "tensor": "b", "file": "./net.safetensors" }"#;
    let read = read(folder(&tensors, &format!("{W}{bias}")).path()).expect("a network");
    let written = format!(
        r#""type": "dense", "weights": [[0.1, -2, 3], [1e-300, 5, -0.0]], "bias": [{}, -1, 2]"#,
        f64::from(0.1_f32)
    );
    assert_eq!(read, network(&written).parse().expect("a network"));
    // What is written has the numbers in it.
    assert_eq!(read.to_json().parse::<Network>().expect("a network"), read);
}

#[test]
fn a_gzipped_file_of_tensors_is_read_as_the_same_unpacked() {
    let tensors = file(&[("w", "F64", &[2, 1], f64s(&[0.1, -2.0]))]);
    let unpacked = read(folder(&tensors, W).path()).expect("a network");
    let packed = read(folder(&gzipped(&tensors), W).path()).expect("a network");
    assert_eq!(packed, unpacked);
    assert_eq!(packed.layer(1).linear().stored(), [0.1, -2.0]);
}

#[test]
fn halves_are_read_and_a_tensor_may_be_in_the_order_of_pytorch() {
    let tensors = file(&[
        ("w", "F16", &[1, 2], vec![0x00, 0x3c, 0x55, 0x35]),
        ("b", "BF16", &[1], vec![0x80, 0xbf]),
    ]);
    let rest =
        r#", "weights_order": "out_in", "bias": { "file": "net.safetensors", "tensor": "b" }"#;
    let read = read(folder(&tensors, &format!("{W}{rest}")).path()).expect("a network");
    assert_eq!(read.layer(1).linear().stored(), [1.0, 0.333_251_953_125]);
    assert_eq!(read.layer(1).bias(), [-1.0]);
}

#[test]
fn tensors_of_convolutions_and_scales_are_read() {
    let tensors = file(&[
        ("k", "F64", &[1, 1, 1, 2], f64s(&[1.0, -1.0])),
        ("s", "F64", &[1], f64s(&[3.0])),
    ]);
    let folder = folder(&tensors, "");
    let text = r#"{ "input": { "shape": [1, 1, 3] }, "layers": [
      { "type": "conv2d", "weights": { "file": "net.safetensors", "tensor": "k" } },
      { "type": "scale", "weights": { "file": "net.safetensors", "tensor": "s" } } ] }"#;
    fs::write(folder.path().join("net.json"), text).expect("a file");
    let network = read(folder.path()).expect("a network");
    assert_eq!(network.units(), [3, 2, 2]);
}

#[test]
fn a_file_that_is_not_there_is_told_of_once() {
    let layer = r#"{ "type": "dense", "weights": { "file": "nat.safetensors", "tensor": "w" },
        "bias": { "file": "nat.safetensors", "tensor": "b" } }"#;
    let other = r#"{ "type": "dense", "weights": { "file": "net.safetensors", "tensor": "w" } }"#;
    let folder = folder(&file(&[]), "");
    let layers =
        format!(r#"{{ "input": {{ "shape": [2] }}, "layers": [{layer}, {layer}, {other}] }}"#);
    fs::write(folder.path().join("net.json"), layers).expect("a file");
    let refused = read(folder.path()).expect_err("a file is not there");
    assert!(refused.contains("2 faults"), "{refused}");
    assert_eq!(
        refused.matches("nat.safetensors: cannot be read").count(),
        1,
        "{refused}"
    );
    assert!(
        refused.contains("net.safetensors: has no tensor `w`"),
        "{refused}"
    );
}

#[test]
fn what_is_wrong_with_a_tensor_is_told_with_its_place() {
    let sound = file(&[("w", "F64", &[2, 1], f64s(&[1.0, 2.0]))]);
    let of = |kind: &str, shape: &[usize], bytes: Vec<u8>| file(&[("w", kind, shape, bytes)]);
    let tensor = |keys: &str| format!(r#""type": "dense", "weights": {{ {keys} }}"#);
    let nan = f64s(&[1.0, f64::NAN]);
    for (what, tensors, layer, said) in [
        (
            "another name",
            sound.clone(),
            tensor(r#""file": "net.safetensors", "tensor": "W""#),
            vec![
                "net.json:2:",
                "layers[0].weights.tensor: net.safetensors: has no tensor `W`",
                "did you mean `w`?",
            ],
        ),
        (
            "no such file",
            sound.clone(),
            tensor(r#""file": "nat.safetensors", "tensor": "w""#),
            vec!["layers[0].weights.file: nat.safetensors: cannot be read: "],
        ),
        (
            "a file above",
            sound.clone(),
            tensor(r#""file": "../net.safetensors", "tensor": "w""#),
            vec![
                "layers[0].weights.file: expected a file in the folder of the network file, found `../net.safetensors`",
                "put the tensors beside",
            ],
        ),
        (
            "an absolute path",
            sound.clone(),
            tensor(r#""file": "/etc/passwd", "tensor": "w""#),
            vec!["expected a file in the folder of the network file, found `/etc/passwd`"],
        ),
        (
            "no path",
            sound.clone(),
            tensor(r#""file": "", "tensor": "w""#),
            vec!["expected a file in the folder"],
        ),
        (
            "a folder",
            sound.clone(),
            tensor(r#""file": ".", "tensor": "w""#),
            vec!["layers[0].weights.file: .: cannot be read: it is no file"],
        ),
        (
            "cut short",
            sound[..sound.len() - 1].to_vec(),
            W.to_owned(),
            vec!["net.safetensors: is no whole safetensors file"],
        ),
        (
            "cut in its header",
            sound[..20].to_vec(),
            W.to_owned(),
            vec!["is no whole safetensors file: invalid header length"],
        ),
        (
            "no header behind its length",
            sound[..8].to_vec(),
            W.to_owned(),
            vec!["is no whole safetensors file: invalid header length"],
        ),
        (
            "empty",
            Vec::new(),
            W.to_owned(),
            vec!["is no whole safetensors file: header too small"],
        ),
        (
            "a pickle",
            b"\x80\x02}q\x00(X\x00 and so on".to_vec(),
            W.to_owned(),
            vec!["is no whole safetensors file"],
        ),
        (
            "a pointer of Git LFS",
            b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 80\n".to_vec(),
            W.to_owned(),
            vec![
                "is no whole safetensors file",
                "it is a pointer of Git LFS: `git lfs pull`",
            ],
        ),
        (
            "whole numbers",
            of("I64", &[2, 1], vec![0; 16]),
            W.to_owned(),
            vec![
                "layers[0].weights.tensor: expected `w` to hold F64, F32, F16 or BF16, found I64",
                "save it in floating point",
            ],
        ),
        (
            "another shape",
            of("F64", &[3, 1], f64s(&[1.0; 3])),
            W.to_owned(),
            vec!["layers[0].weights: expected 2 rows", "found 3 rows of 1"],
        ),
        (
            "a list",
            of("F64", &[2], f64s(&[1.0; 2])),
            W.to_owned(),
            vec![
                "layers[0].weights: expected a list of rows",
                "found a list of 2",
            ],
        ),
        (
            "a single number",
            of("F64", &[], f64s(&[1.0])),
            W.to_owned(),
            vec!["found a single number"],
        ),
        (
            "a shape beyond the bytes",
            of("F64", &[1 << 40, 1 << 40], f64s(&[1.0])),
            W.to_owned(),
            vec!["is no whole safetensors file"],
        ),
        (
            "not a number",
            of("F64", &[2, 1], nan),
            W.to_owned(),
            vec!["layers[0].weights.tensor: expected finite numbers in `w`, found NaN at [1][0]"],
        ),
        (
            "infinite",
            of("F32", &[2, 1], f32s(&[f32::NEG_INFINITY, 1.0])),
            W.to_owned(),
            vec!["found -inf at [0][0]"],
        ),
        (
            "no name",
            sound.clone(),
            tensor(r#""file": "net.safetensors""#),
            vec!["layers[0].weights: a tensor needs the key `tensor`"],
        ),
        (
            "no file",
            sound.clone(),
            tensor(r#""tensor": "w""#),
            vec!["layers[0].weights: a tensor needs the key `file`"],
        ),
        (
            "a key misspelt",
            sound,
            tensor(r#""file": "net.safetensors", "tensr": "w""#),
            vec![
                "layers[0].weights.tensr: unknown key `tensr`",
                "did you mean `tensor`?",
            ],
        ),
    ] {
        let error = read(folder(&tensors, &layer).path()).expect_err(what);
        for said in said {
            assert!(error.contains(said), "{what}: no `{said}` in\n{error}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_link_may_lead_to_a_file_in_the_folder_and_not_out_of_it() {
    let sound = file(&[("w", "F64", &[2, 1], f64s(&[1.0, 2.0]))]);
    let (inside, outside) = (folder(&sound, ""), folder(&sound, ""));
    let link = |to: &Path, name: &str| {
        std::os::unix::fs::symlink(to, inside.path().join(name)).expect("a link");
    };
    link(&outside.path().join("net.safetensors"), "out.safetensors");
    link(outside.path(), "folder");
    link(Path::new("net.safetensors"), "in.safetensors");
    let layer = |file: &str| {
        let tensor =
            format!(r#""type": "dense", "weights": {{ "file": "{file}", "tensor": "w" }}"#);
        fs::write(inside.path().join("net.json"), network(&tensor)).expect("a file");
        read(inside.path())
    };
    for file in ["out.safetensors", "folder/net.safetensors"] {
        let error = layer(file).expect_err("it leads out");
        assert!(
            error.contains(&format!("found `{file}`, a link out of it")),
            "{error}"
        );
    }
    assert!(layer("in.safetensors").is_ok());
}

#[test]
fn a_network_of_no_file_has_no_tensors_beside_it() {
    let error = network(W)
        .parse::<Network>()
        .expect_err("a text has no folder");
    let error = error.to_string();
    for said in [
        "text:2:",
        "layers[0].weights.file: `net.safetensors` is looked for beside the network file, and this network is read from no file",
        "help: save the network as a file beside it",
    ] {
        assert!(error.contains(said), "no `{said}` in\n{error}");
    }
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn a_file_of_tensors_changed_at_random_is_refused_or_read_as_finite_numbers(
        place in any::<prop::sample::Index>(),
        taken in 0..9_usize,
        piece in prop::collection::vec(any::<u8>(), 0..9),
        digits in any::<bool>(),
    ) {
        let mut tensors = file(&[("v", "I8", &[4], vec![1; 4]), ("w", "F64", &[2, 1], f64s(&[1.0, 2.0]))]);
        let start = place.index(tensors.len());
        let end = (start + taken).min(tensors.len());
        // Digits make other lengths and offsets.
        let piece = piece.into_iter().map(|byte| if digits { b'0' + byte % 10 } else { byte });
        tensors.splice(start..end, piece);
        match read(folder(&tensors, W).path()) {
            Ok(network) => prop_assert!(network.layer(1).linear().stored().iter().all(f64::is_finite)),
            Err(error) => prop_assert!(error.contains("layers[0].weights"), "{}", error),
        }
    }
}

#[test]
fn a_file_of_tensors_that_is_too_large_is_called_that_and_the_way_around_is_told() {
    let folder = folder(&[], W);
    let tensors = fs::File::create(folder.path().join("net.safetensors")).expect("made");
    tensors.set_len((1 << 31) + 1).expect("a file with a hole");
    let error = read(folder.path()).expect_err("it is too large");
    for said in [
        "it has more than 2,147,483,648 bytes, the limit for a network, a file of tensors or a result",
        "help: put the tensors into several files",
    ] {
        assert!(error.contains(said), "{error}");
    }
    assert!(!error.contains("cut short"), "{error}");
}
