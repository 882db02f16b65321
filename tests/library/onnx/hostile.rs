//! Files that are damaged or made to do harm: an error, no panic, and no memory or time without bound.

use std::fs;
use std::time::{Duration, Instant};

use chacha20::ChaCha8Rng;
use chacha20::rand_core::{Rng, SeedableRng};
use deeptaylor::Network;

use super::build::{Is, Model, bytes, int};
use super::models::folder;

/// So long a file may be looked at.
const LONGEST: Duration = Duration::from_mins(1);

/// A small model of most kinds of nodes.
fn small() -> Vec<u8> {
    let model = Model::reading(&[0, 1, 4, 4])
        .floats("k", &[2, 1, 2, 2], &[0.5; 8])
        .floats("b", &[2], &[0.1; 2]);
    let model = model
        .ints("p", &[0, 0, 0, 0, 0, 0, 1, 1])
        .node("Pad", &["x", "p"], "p1", &[]);
    let model = model.node(
        "Conv",
        &["p1", "k", "b"],
        "c",
        &[("strides", Is::Ints(&[1, 1]))],
    );
    let model = model.floats("g", &[2], &[1.0; 2]).node(
        "BatchNormalization",
        &["c", "g", "b", "b", "g"],
        "n",
        &[],
    );
    let model = model
        .node("Relu", &["n"], "r", &[])
        .node("Shape", &["r"], "s", &[]);
    let model = model.node(
        "MaxPool",
        &["r"],
        "m",
        &[
            ("kernel_shape", Is::Ints(&[2, 2])),
            ("strides", Is::Ints(&[2, 2])),
        ],
    );
    let model = model.node(
        "Transpose",
        &["m"],
        "t",
        &[("perm", Is::Ints(&[0, 2, 3, 1]))],
    );
    let model = model
        .node("Flatten", &["t"], "f", &[])
        .floats("w", &[8, 3], &[0.25; 24]);
    let model =
        model
            .node("Gemm", &["f", "w"], "q", &[])
            .node("Slice", &["q", "o", "e", "o"], "y", &[]);
    model.ints("o", &[1]).ints("e", &[3]).output("y").file()
}

/// Whether a file is read or refused, in the time that it may take.
fn survives(file: &[u8], what: &str) -> bool {
    let start = Instant::now();
    let read = Network::parse("m.onnx", file);
    assert!(start.elapsed() < LONGEST, "{what}: {:?}", start.elapsed());
    read.is_ok()
}

#[test]
fn a_model_cut_short_anywhere_is_refused_or_read() {
    let file = small();
    assert!(survives(&file, "the whole"));
    for end in 0..file.len() {
        assert!(
            !survives(&file[..end], "cut short") || end > file.len() - 8,
            "{end} of {}",
            file.len()
        );
    }
}

#[test]
fn ten_thousand_changes_of_a_model_make_no_panic() {
    let file = small();
    let mut random = ChaCha8Rng::seed_from_u64(18);
    let mut read = 0;
    for n in 0..10_000 {
        let mut changed = file.clone();
        for _ in 0..=random.next_u32() % 4 {
            let at = random.next_u32() as usize % changed.len();
            #[allow(clippy::cast_possible_truncation, reason = "a random byte")]
            let byte = random.next_u32() as u8;
            match random.next_u32() % 4 {
                0 => changed[at] = byte,
                1 => changed[at] ^= 1 << (byte % 8),
                2 => drop(changed.remove(at)),
                _ => changed.insert(at, byte),
            }
        }
        read += usize::from(survives(&changed, &format!("change {n}")));
    }
    // Most changes of a weight leave a network, most others do not.
    assert!((200..9_800).contains(&read), "{read} were read");
}

#[test]
fn changes_of_real_models_make_no_panic() {
    let Some(folder) = folder() else { return };
    let mut random = ChaCha8Rng::seed_from_u64(19);
    for model in [
        "mnist-cntk",
        "acas-xu-1-1",
        "mnist-softmax",
        "cifar10-resnet20",
    ] {
        let file = fs::read(folder.join(format!("{model}.onnx"))).expect("a file");
        for n in 0..30 {
            let mut changed = file.clone();
            for _ in 0..8 {
                // What is no weight stands at the ends.
                let at = random.next_u32() as usize % 3000.min(changed.len());
                let at = if n % 2 == 0 {
                    at
                } else {
                    changed.len() - 1 - at
                };
                changed[at] ^= 1 << (random.next_u32() % 8);
            }
            survives(&changed, &format!("{model}, change {n}"));
        }
        for part in 1..8 {
            survives(&file[..file.len() * part / 8], model);
        }
    }
}

#[test]
fn counts_without_end_are_refused() {
    let graph = |graph: Vec<u8>| [int(1, 8), bytes(7, &graph)].concat();
    let empty_nodes = graph([0x0a, 0x00].repeat(5_000_000));
    let empty_inputs = graph(bytes(1, &[0x0a, 0x00].repeat(5_000_000)));
    let empty_tensors = graph([0x2a, 0x00].repeat(5_000_000));
    let nested = (0..20_000).fold(Vec::new(), |inner, _| {
        bytes(1, &bytes(5, &bytes(6, &inner[..inner.len().min(1 << 16)])))
    });
    for (what, file) in [
        ("nodes", empty_nodes),
        ("names", empty_inputs),
        ("tensors", empty_tensors),
        ("subgraphs", graph(nested)),
        (
            "a length that lies",
            [int(1, 8), vec![0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f]].concat(),
        ),
    ] {
        assert!(!survives(&file, what), "{what}");
    }
}

#[test]
fn a_small_file_cannot_ask_for_all_of_the_memory_or_for_hours() {
    let huge = |sides: &[i64]| {
        Model::reading(&[0, 2])
            .ints("s", sides)
            .node("ConstantOfShape", &["s"], "c", &[])
    };
    let sums = |model: Model| model.node("Add", &["x", "c"], "y", &[]).output("y").file();
    let mut moved = Model::reading(&[1, 3, 500, 500]);
    for n in 0..3000 {
        let (from, to) = (
            if n == 0 {
                "x".to_owned()
            } else {
                format!("t{n}")
            },
            format!("t{}", n + 1),
        );
        moved = moved.node(
            "Transpose",
            &[&from],
            &to,
            &[("perm", Is::Ints(&[0, 2, 3, 1]))],
        );
    }
    for (what, file) in [
        ("a constant", sums(huge(&[1 << 40]))),
        ("one that can be counted", sums(huge(&[1 << 29]))),
        (
            "a product of sides",
            sums(huge(&[1 << 31, 1 << 31, 1 << 31])),
        ),
        (
            "sides of 0 beside others",
            sums(huge(&[0, i64::MAX, i64::MAX])),
        ),
        (
            "an input",
            Model::reading(&[0, 1 << 40])
                .node("Relu", &["x"], "y", &[])
                .output("y")
                .file(),
        ),
        (
            "an expansion",
            Model::reading(&[0, 1])
                .ints("s", &[1, 1 << 30])
                .node("Expand", &["x", "s"], "y", &[])
                .output("y")
                .file(),
        ),
        (
            "a padding",
            Model::reading(&[0, 2])
                .node(
                    "Pad",
                    &["x"],
                    "y",
                    &[("pads", Is::Ints(&[0, 0, 0, 1 << 40]))],
                )
                .output("y")
                .file(),
        ),
        ("transpositions", moved.output("t3000").file()),
    ] {
        assert!(!survives(&file, what), "{what}");
    }
}
