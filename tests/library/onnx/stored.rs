//! Tensors as files store them: every type, every field, and other files.

use std::fs;

use deeptaylor::Network;

use super::build::{Is, Model, bytes, int, raw, tensor};
use super::hand::{made, read};
use super::refusals::error;

/// A model of two values times a tensor `w`, as numbers of 32 bits.
fn times(message: &[u8]) -> Model {
    Model::reading(&[0, 2])
        .tensor(message)
        .node("Cast", &["w"], "c", &[("to", Is::Int(1))])
        .node("MatMul", &["x", "c"], "y", &[])
        .output("y")
}

fn doubles(values: &[f64]) -> Vec<u8> {
    values.iter().flat_map(|x| x.to_le_bytes()).collect()
}

#[test]
fn both_numbers_of_a_tensor_have_their_value_in_every_type_and_field() {
    let of = |kind: i64, data: &[u8]| tensor("w", kind, &[2, 1], data);
    let alone = |number: f64| [&[10 << 3 | 1][..], &number.to_le_bytes()].concat();
    let packed_sides = [
        bytes(1, &[2, 1]),
        int(2, 1),
        bytes(8, b"w"),
        raw(&[0.5, 3.0]),
    ];
    for (what, message, [one, other]) in [
        ("uint8", of(2, &bytes(9, &[200, 1])), [200.0, 1.0]),
        ("bool", of(9, &bytes(9, &[1, 0])), [1.0, 0.0]),
        ("uint16", of(4, &bytes(9, &[0, 0x80, 1, 0])), [32768.0, 1.0]),
        ("int16", of(5, &bytes(9, &[0xff, 0xff, 2, 0])), [-1.0, 2.0]),
        (
            "uint32",
            of(12, &bytes(9, &[0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0])),
            [4_294_967_295.0, 1.0],
        ),
        (
            "uint64",
            of(
                13,
                &bytes(9, &[0, 0, 0, 0, 0, 1, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0]),
            ),
            [1_099_511_627_776.0, 3.0],
        ),
        (
            "double in its field",
            of(11, &bytes(10, &doubles(&[0.5, 3.0]))),
            [0.5, 3.0],
        ),
        (
            "double, one after the other",
            of(11, &[alone(0.5), alone(3.0)].concat()),
            [0.5, 3.0],
        ),
        (
            "float in its field",
            of(1, &bytes(4, &[0, 0, 0, 0x3f, 0, 0, 0x40, 0x40])),
            [0.5, 3.0],
        ),
        ("int32 in a row", of(6, &bytes(5, &[3, 4])), [3.0, 4.0]),
        (
            "int64 in its field",
            of(7, &[int(7, -3), int(7, 4)].concat()),
            [-3.0, 4.0],
        ),
        (
            "uint64 in its field",
            of(13, &[int(11, 5), int(11, 6)].concat()),
            [5.0, 6.0],
        ),
        ("sides in a row", packed_sides.concat(), [0.5, 3.0]),
    ] {
        let network = read(&times(&message));
        for (x, output) in [([1.0, 0.0], one), ([0.0, 1.0], other)] {
            assert_eq!(made(&network, &x).1, [output], "{what}");
        }
    }
}

#[test]
fn tensors_of_types_that_no_network_has_are_refused_by_what_they_hold() {
    for (kind, what) in [
        (8, "found text"),
        (14, "found complex numbers"),
        (15, "found complex numbers"),
        (17, "found numbers of 8 bits"),
        (20, "found numbers of 8 bits"),
        (21, "found numbers of 4 or 2 bits"),
        (25, "found numbers of 4 or 2 bits"),
        (99, "found numbers of an unknown type"),
    ] {
        let error = error(&times(&tensor("w", kind, &[2, 1], &[])).file());
        assert!(error.contains(what), "{kind}: {error}");
    }
}

#[test]
fn a_tensor_of_as_many_numbers_as_its_message_has_bytes_is_counted() {
    let message = tensor("w", 1, &[11, 1], &int(7, 3));
    assert_eq!(message.len(), 11);
    let error = error(&times(&message).file());
    let said = "expected 11 numbers as its sides say, found 0";
    assert!(error.contains(said), "{error}");
}

#[test]
fn numbers_of_another_file_are_of_any_type_and_from_any_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let outside = |kind: i64, offset: &str| {
        let place = [("location", "w.data"), ("offset", offset)];
        let entry = |(key, value): (&str, &str)| {
            let entry = [bytes(1, key.as_bytes()), bytes(2, value.as_bytes())];
            bytes(13, &entry.concat())
        };
        let place: Vec<u8> = place.into_iter().flat_map(entry).collect();
        times(&tensor("w", kind, &[2, 1], &[place, int(14, 1)].concat()))
    };
    let read = |model: Model, data: &[u8]| {
        fs::write(folder.path().join("w.data"), data).expect("a file");
        fs::write(folder.path().join("m.onnx"), model.file()).expect("a file");
        let network = Network::read(folder.path().join("m.onnx"));
        network.unwrap_or_else(|error| panic!("{error}"))
    };
    let ints: Vec<u8> = [9_i64, 3, -4]
        .iter()
        .flat_map(|x| x.to_le_bytes())
        .collect();
    let network = read(outside(7, "8"), &ints);
    assert_eq!(made(&network, &[10.0, 1.0]).1, [26.0]);
    // It begins as a pointer of Git LFS does, and is as long as none of them.
    let mut long = b"version https://git-lfs.github.com/spec/v1\n".to_vec();
    long.resize(1016, b'\n');
    long.extend([0, 0, 0, 0x3f, 0, 0, 0x40, 0x40]);
    assert_eq!(long.len(), 1024);
    let network = read(outside(1, "1016"), &long);
    assert_eq!(made(&network, &[1.0, 1.0]).1, [3.5]);
}
