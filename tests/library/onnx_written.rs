//! Networks written as ONNX: the bytes, what every operation reads, what is rounded, and what is refused. That runtimes compute
//! the same with them is what tests/python/onnx_written.py looks at.

use std::collections::HashSet;

use deeptaylor::network::linear::{Conv2d, Linear, MaxPool2d, Pool2d, Window};
use deeptaylor::network::{Levels, Precision, Shape};
use deeptaylor::{Activation, Input, Layer, Network};
use ndarray::{Array2, array};
use proptest::prelude::*;

use crate::random::cases;

use crate::network_files::Random;

/// A field with a length: its tag, how long it is, what is in it.
fn field(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let inner = parts.concat();
    let length = u8::try_from(inner.len()).expect("a short one");
    let length = match length {
        0..0x80 => vec![length],
        _ => vec![length, 1],
    };
    [&[tag][..], &length, &inner].concat()
}

fn text(tag: u8, text: &str) -> Vec<u8> {
    field(tag, &[text.as_bytes()])
}

#[test]
fn a_network_of_one_layer_is_written_in_these_bytes() {
    let layer = Layer::dense(array![[2.0], [-0.5]], vec![1.0], Activation::Relu);
    let network = Network::new(Input::flat(2), vec![layer.expect("a layer")]).expect("a network");
    let written = network.to_onnx(Precision::Single).expect("an ONNX file");
    assert_eq!(written.rounding, None);
    let gemm = field(
        0x0a,
        &[
            &text(0x0a, "input"),
            &text(0x0a, "level-1.weight"),
            &text(0x0a, "level-1.bias"),
            &text(0x12, "level-1/Gemm"),
            &text(0x1a, "level-1/Gemm"),
            &text(0x22, "Gemm"),
            // transB = 0, a whole number.
            &field(0x2a, &[&text(0x0a, "transB"), &[0x18, 0, 0xa0, 1, 2]]),
        ],
    );
    let relu = field(
        0x0a,
        &[
            &text(0x0a, "level-1/Gemm"),
            &text(0x12, "output"),
            &text(0x1a, "level-1/Relu"),
            &text(0x22, "Relu"),
        ],
    );
    // Sides, float, name, the numbers.
    let weights = field(
        0x2a,
        &[
            &[8, 2, 8, 1, 0x10, 1],
            &text(0x42, "level-1.weight"),
            &field(0x4a, &[&[0, 0, 0, 0x40, 0, 0, 0, 0xbf]]),
        ],
    );
    let bias = field(
        0x2a,
        &[
            &[8, 1, 0x10, 1],
            &text(0x42, "level-1.bias"),
            &field(0x4a, &[&[0, 0, 0x80, 0x3f]]),
        ],
    );
    let end = |tag: u8, name: &str, side: u8| {
        let shape = field(
            0x12,
            &[
                &field(0x0a, &[&text(0x12, "n")]),
                &field(0x0a, &[&[8, side]]),
            ],
        );
        let tensor = field(0x0a, &[&[8, 1], &shape]);
        field(tag, &[&text(0x0a, name), &field(0x12, &[&tensor])])
    };
    let graph = [
        gemm,
        relu,
        text(0x12, "network"),
        weights,
        bias,
        end(0x5a, "input", 2),
        end(0x62, "output", 1),
    ]
    .concat();
    let length = graph.len();
    assert!((0x80..0x4000).contains(&length));
    let length =
        [0x80 | (length & 0x7f), length >> 7].map(|group| u8::try_from(group).expect("7 bits"));
    let model = [
        vec![8, 8],
        text(0x12, "deeptaylor"),
        text(0x1a, env!("CARGO_PKG_VERSION")),
        vec![0x3a],
        length.to_vec(),
        graph,
        field(0x42, &[&[0x0a, 0, 0x10, 17]]),
    ];
    assert_eq!(written.bytes, model.concat());
}

/// The fields of a message: number, and bytes or a whole number's own.
fn fields(mut bytes: &[u8]) -> Vec<(u64, &[u8])> {
    fn varint<'b>(bytes: &mut &'b [u8]) -> (u64, &'b [u8]) {
        let length = bytes
            .iter()
            .position(|byte| byte & 0x80 == 0)
            .expect("its end")
            + 1;
        let (own, rest) = bytes.split_at(length);
        *bytes = rest;
        let groups = own.iter().rev();
        (
            groups.fold(0, |all, byte| all << 7 | u64::from(byte & 0x7f)),
            own,
        )
    }
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let (tag, _) = varint(&mut bytes);
        let value = match tag & 7 {
            0 => varint(&mut bytes).1,
            2 => {
                let length = usize::try_from(varint(&mut bytes).0).expect("a length");
                let (value, rest) = bytes.split_at(length);
                bytes = rest;
                value
            }
            kind => panic!("no kind {kind} is written"),
        };
        found.push((tag >> 3, value));
    }
    found
}

fn all(bytes: &[u8], field: u64) -> Vec<&[u8]> {
    let fields = fields(bytes).into_iter();
    let fields = fields.filter(|(number, _)| *number == field);
    fields.map(|(_, value)| value).collect()
}

fn names(bytes: &[u8], field: u64) -> Vec<String> {
    let names = all(bytes, field).into_iter();
    names
        .map(|name| String::from_utf8(name.to_vec()).expect("UTF-8"))
        .collect()
}

/// That every operation reads what stands before it, and every value and constant has a name of its own and is read.
fn assert_well_formed(network: &Network) {
    let model = network
        .to_onnx(Precision::Single)
        .expect("an ONNX file")
        .bytes;
    let graph = all(&model, 7)[0];
    let constants = all(graph, 5).into_iter();
    let constants = constants.flat_map(|constant| names(constant, 8));
    let mut known: Vec<String> = constants.chain(["input".to_owned()]).collect();
    let mut read = HashSet::from(["output".to_owned()]);
    for node in all(graph, 1) {
        for input in names(node, 1) {
            assert!(known.contains(&input), "{input} is read too early");
            read.insert(input);
        }
        known.extend(names(node, 2));
    }
    let own: HashSet<String> = known.iter().cloned().collect();
    assert_eq!(own.len(), known.len(), "names that come twice: {known:?}");
    assert_eq!(own, read, "what is written is read");
}

#[test]
fn names_of_layers_never_meet_those_of_values_and_constants() {
    let layers = ["output", "a", "a/Gemm", "a.weight", "", "level-4", "a/Relu"].map(|name| {
        let layer = Layer::dense(array![[1.0]], vec![1.0], Activation::Relu).expect("a layer");
        layer.named(name)
    });
    assert_well_formed(&Network::new(Input::flat(1), layers.to_vec()).expect("a network"));
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn every_network_is_written_as_a_graph_in_order(seed in any::<u64>()) {
        assert_well_formed(&Random(seed).network());
    }
}

fn convolution() -> Layer {
    let window = Window {
        kernel: [1, 1],
        stride: [1, 1],
        dilation: [1, 1],
        padding: [0; 4],
    };
    let conv = Conv2d::new([1, 2, 2], vec![1.0], [1; 4], window, 1).expect("it fits");
    let shape = Shape::Image(conv.output());
    Layer::new(Linear::Conv2d(conv), shape, Vec::new(), Activation::Relu).expect("a layer")
}

#[test]
fn the_largest_rounding_is_told_and_numbers_of_64_bits_have_none() {
    let weights = array![[0.1, 100.1], [0.5, 1e-60]];
    let layer = Layer::dense(weights, vec![0.25, 0.3], Activation::Relu).expect("a layer");
    let network = Network::new(Input::flat(2), vec![layer]).expect("a network");
    let single = network.to_onnx(Precision::Single).expect("an ONNX file");
    let rounding = single.rounding.expect("0.1 is no number of 32 bits");
    assert_eq!(rounding.place, "layers[0].weights");
    assert_eq!(
        (rounding.exact, rounding.written),
        (100.1, f64::from(100.1_f32))
    );
    let double = network.to_onnx(Precision::Double).expect("an ONNX file");
    assert_eq!(double.rounding, None);
    let weights = 100.1_f64.to_le_bytes();
    assert!(double.bytes.windows(8).any(|bytes| bytes == weights));
}

#[test]
fn what_the_format_cannot_hold_is_refused_by_layer() {
    let picture = Input {
        shape: vec![1, 2, 2],
        ..Input::flat(0)
    };
    let network = Network::new(picture, vec![convolution()]).expect("a network");
    let refused = network
        .to_onnx(Precision::Double)
        .expect_err("no such operator");
    assert_eq!(
        refused.to_string(),
        "layers[0]: onnxruntime has no convolution of numbers of 64 bits\n  help: write numbers of 32 bits: leave --double out"
    );
    let large = Layer::dense(
        Array2::from_elem((1, 1), 1e39),
        Vec::new(),
        Activation::Relu,
    );
    let network = Network::new(Input::flat(1), vec![large.expect("a layer")]).expect("a network");
    let refused = network.to_onnx(Precision::Single).expect_err("too large");
    assert!(
        refused
            .to_string()
            .starts_with("layers[0].weights: expected numbers that 32 bits can hold"),
        "{refused}"
    );
    assert!(network.to_onnx(Precision::Double).is_ok());
}

/// The operators that a network is written with, in their order.
fn operators(network: &Network) -> Vec<String> {
    let model = network.to_onnx(Precision::Single).expect("an ONNX file");
    let graph = all(&model.bytes, 7)[0];
    let nodes = all(graph, 1).into_iter();
    nodes.flat_map(|node| names(node, 4)).collect()
}

#[test]
fn a_pool_is_padded_and_multiplied_only_where_it_has_to_be() {
    let picture = || Input {
        shape: vec![1, 3, 3],
        ..Input::flat(0)
    };
    let window = |kernel: usize, dilation: usize, padding: usize| Window {
        kernel: [kernel; 2],
        stride: [1; 2],
        dilation: [dilation; 2],
        padding: [padding; 4],
    };
    // With taps two apart a padding of two is as wide as the kernel, and every window sees part of the picture.
    let (one, whole, narrow, wide) = (
        window(1, 1, 0),
        window(2, 1, 0),
        window(2, 1, 1),
        window(2, 2, 2),
    );
    let input = [1, 3, 3];
    let sum = |window| Pool2d::sum(input, window).map(Linear::Pool2d);
    let average = |window, count| Pool2d::average(input, window, count).map(Linear::Pool2d);
    let most = |window| MaxPool2d::new(input, window).map(Linear::MaxPool2d);
    for (map, expected) in [
        (sum(one), &["AveragePool"][..]),
        (sum(whole), &["AveragePool", "Mul"]),
        (sum(narrow), &["AveragePool", "Mul"]),
        (sum(wide), &["Pad", "AveragePool", "Mul"]),
        (average(narrow, false), &["AveragePool"]),
        (average(narrow, true), &["AveragePool"]),
        (average(wide, false), &["Pad", "AveragePool", "Mul"]),
        (average(wide, true), &["Pad", "AveragePool"]),
        (most(narrow), &["MaxPool"]),
        (most(wide), &["Pad", "MaxPool"]),
    ] {
        let map = map.expect("a pool");
        let sides = match &map {
            Linear::Pool2d(pool) => pool.output(),
            Linear::MaxPool2d(pool) => pool.output(),
            _ => unreachable!("a pool"),
        };
        let layer = Layer::new(
            map.clone(),
            Shape::Image(sides),
            Vec::new(),
            Activation::Identity,
        );
        let network = Network::new(picture(), vec![layer.expect("a layer")]).expect("a network");
        assert_eq!(operators(&network), expected, "{map:?}");
        // What is read back gives the same values.
        let model = network.to_onnx(Precision::Single).expect("an ONNX file");
        let read = Network::parse("model", &model.bytes).expect("a network");
        let x = Array2::from_shape_fn((1, 9), |(_, i)| (i * 5 % 9) as f64 - 3.0);
        let [own, back] = [&network, &read].map(|network| {
            let mut levels = Levels::default();
            network.forward(x.view(), &mut levels).expect("finite");
            levels.level(network.top()).to_owned()
        });
        let apart = (&own - &back).fold(0.0, |most: f64, d| most.max(d.abs()));
        assert!(apart < 1e-6, "{own} and {back} of {map:?}");
    }
}

#[test]
fn levels_are_added_and_put_side_by_side_in_their_own_shape() {
    let network = |shape: &str, layers: &str| -> Network {
        let text = format!(r#"{{ "input": {{ "shape": {shape} }}, "layers": [ {layers} ] }}"#);
        text.parse().expect("a network")
    };
    for (shape, layers, expected) in [
        (
            "[2]",
            r#"{ "type": "add", "from": ["input", "input"] }"#,
            "Add",
        ),
        (
            "[2]",
            r#"{ "type": "add", "from": ["input", "input", "input"] }"#,
            "Sum",
        ),
        (
            "[1, 2, 2]",
            r#"{ "type": "concat", "from": ["input", "input"] }"#,
            "Concat",
        ),
        (
            "[2]",
            r#"{ "type": "concat", "from": ["input", "input"] }"#,
            "Concat",
        ),
    ] {
        let operators = operators(&network(shape, layers));
        let reshaped = operators.iter().filter(|name| *name == "Reshape").count();
        assert_eq!(
            operators.first().map(String::as_str),
            Some(expected),
            "{operators:?}"
        );
        // A picture is laid flat once, at the end.
        assert!(reshaped <= 1, "{operators:?}");
    }
}
