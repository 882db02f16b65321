//! Small models by hand: what each operator makes of a sample, and as which layers.

#![allow(clippy::too_many_lines, reason = "tables are as long as they are")]

use deeptaylor::ndarray::Array2;
use deeptaylor::network::Order;
use deeptaylor::{Error, Input, Levels, Network};

use super::build::{Is, Model, bytes, int, raw_ints, tensor};

pub fn read(model: &Model) -> Network {
    Network::parse("hand.onnx", &model.file()).unwrap_or_else(|error| panic!("{error}"))
}

/// The layers as their types, `+` behind one with an activation, and what they make of a sample.
pub fn made(network: &Network, x: &[f64]) -> (String, Vec<f64>) {
    let kinds = network.layers().iter().map(|layer| {
        let plus = if layer.activation().detects() {
            "+"
        } else {
            ""
        };
        format!("{}{plus}", layer.kind().name())
    });
    let x = Array2::from_shape_vec((1, x.len()), x.to_vec()).expect("a row");
    let mut levels = Levels::default();
    network.forward(x.view(), &mut levels).expect("finite");
    let outputs = levels.level(network.top()).row(0).to_vec();
    (kinds.collect::<Vec<String>>().join(" "), outputs)
}

/// A model, a sample, and what is expected of them.
pub type Case = (&'static str, Model, Vec<f64>, &'static str, Vec<f64>);

pub fn check(cases: Vec<Case>) {
    for (what, model, x, layers, outputs) in cases {
        assert_eq!(
            made(&read(&model), &x),
            (layers.to_owned(), outputs),
            "{what}"
        );
    }
}

/// A model of two values, and weights `w` of 2 × 2: y = (x₁ + 3 x₂, 2 x₁ + 4 x₂).
pub fn two() -> Model {
    Model::reading(&[0, 2]).floats("w", &[2, 2], &[1.0, 2.0, 3.0, 4.0])
}

/// A model of a picture of these sides, and a convolution `k` of one tap of weight 2 on one channel.
pub fn picture(sides: &[i64]) -> Model {
    Model::reading(sides).floats("k", &[1, 1, 1, 1], &[2.0])
}

#[test]
fn dense_layers_are_read_in_all_of_their_spellings() {
    check(vec![
        (
            "MatMul, Add and Relu",
            two()
                .floats("b", &[2], &[-20.0, 1.0])
                .node("MatMul", &["x", "w"], "m", &[])
                .node("Add", &["m", "b"], "a", &[])
                .node("Relu", &["a"], "y", &[])
                .output("y"),
            vec![1.0, 2.0],
            "dense+",
            vec![0.0, 11.0],
        ),
        (
            "Gemm with transB, alpha and beta",
            two()
                .floats("b", &[2], &[1.0, 2.0])
                .node(
                    "Gemm",
                    &["x", "w", "b"],
                    "y",
                    &[
                        ("transB", Is::Int(1)),
                        ("alpha", Is::Float(2.0)),
                        ("beta", Is::Float(3.0)),
                    ],
                )
                .output("y"),
            vec![1.0, 2.0],
            "dense",
            vec![13.0, 28.0],
        ),
        (
            "a matrix times a column",
            Model::reading(&[2, 1])
                .floats("w", &[2, 2], &[1.0, 2.0, 3.0, 4.0])
                .node("MatMul", &["w", "x"], "y", &[])
                .output("y"),
            vec![1.0, 2.0],
            "dense",
            vec![5.0, 11.0],
        ),
        (
            "a constant on either side, and a division",
            two()
                .floats("c", &[], &[2.0])
                .node("MatMul", &["x", "w"], "m", &[])
                .node("Sub", &["c", "m"], "s", &[])
                .node("Div", &["s", "c"], "y", &[])
                .output("y"),
            vec![1.0, 2.0],
            "dense",
            vec![-2.5, -4.0],
        ),
        (
            "a scaler of scikit-learn",
            two()
                .node_of(
                    "ai.onnx.ml",
                    "Scaler",
                    (&["x"], &["s"]),
                    &[
                        ("offset", Is::Floats(&[1.0, 0.0])),
                        ("scale", Is::Floats(&[2.0])),
                    ],
                )
                .node("MatMul", &["s", "w"], "y", &[])
                .output("y"),
            vec![1.0, 2.0],
            "dense",
            vec![12.0, 16.0],
        ),
        (
            "a permutation before weights is one of their rows",
            two()
                .ints("i", &[1, 0])
                .node("Gather", &["x", "i"], "g", &[("axis", Is::Int(1))])
                .node("MatMul", &["g", "w"], "y", &[])
                .output("y"),
            vec![1.0, 2.0],
            "dense",
            vec![5.0, 8.0],
        ),
        (
            "rows of one list each are a convolution",
            Model::reading(&[0, 2, 2])
                .floats("w", &[2, 1], &[1.0, 10.0])
                .node("MatMul", &["x", "w"], "y", &[])
                .output("y"),
            vec![1.0, 2.0, 3.0, 4.0],
            "gather conv2d",
            vec![21.0, 43.0],
        ),
    ]);
}

#[test]
fn convolutions_and_pools_have_the_padding_that_the_graph_says() {
    let ramp = || (1..=4).map(f64::from).collect::<Vec<f64>>();
    let pads = |model: Model| model.ints("p", &[0, 0, 0, 0, 0, 0, 1, 1]);
    let kernel = |n| {
        [
            ("kernel_shape", Is::Ints(&[2, 2])),
            ("strides", Is::Ints(n)),
        ]
    };
    check(vec![
        (
            "a pad before a convolution is its padding",
            pads(picture(&[0, 1, 2, 2]))
                .node("Pad", &["x", "p"], "p1", &[])
                .node("Conv", &["p1", "k"], "y", &[("strides", Is::Ints(&[2, 2]))])
                .output("y"),
            ramp(),
            "conv2d",
            vec![2.0, 0.0, 0.0, 0.0],
        ),
        (
            "a list is a picture of height 1",
            Model::reading(&[0, 1, 4])
                .floats("k", &[1, 1, 2], &[1.0, -1.0])
                .node("Conv", &["x", "k"], "y", &[("pads", Is::Ints(&[0, 1]))])
                .output("y"),
            ramp(),
            "conv2d",
            vec![-1.0, -1.0, -1.0, 4.0],
        ),
        (
            "SAME_UPPER pads behind first",
            Model::reading(&[0, 1, 4])
                .floats("k", &[1, 1, 2], &[1.0, -1.0])
                .node(
                    "Conv",
                    &["x", "k"],
                    "y",
                    &[("auto_pad", Is::Text("SAME_UPPER"))],
                )
                .output("y"),
            ramp(),
            "conv2d",
            vec![-1.0, -1.0, -1.0, 4.0],
        ),
        (
            "SAME_LOWER in front",
            Model::reading(&[0, 1, 4])
                .floats("k", &[1, 1, 2], &[1.0, -1.0])
                .node(
                    "Conv",
                    &["x", "k"],
                    "y",
                    &[("auto_pad", Is::Text("SAME_LOWER"))],
                )
                .output("y"),
            ramp(),
            "conv2d",
            vec![-1.0, -1.0, -1.0, -1.0],
        ),
        (
            "a pad before an average counts",
            pads(picture(&[0, 1, 2, 2]))
                .node("Pad", &["x", "p"], "p1", &[])
                .node("AveragePool", &["p1"], "y", &kernel(&[1, 1]))
                .output("y"),
            ramp(),
            "avg_pool2d",
            vec![2.5, 1.5, 1.75, 1.0],
        ),
        (
            "own padding of an average does not, unless it says so",
            picture(&[0, 1, 1, 2])
                .node(
                    "AveragePool",
                    &["x"],
                    "y",
                    &[
                        ("kernel_shape", Is::Ints(&[1, 2])),
                        ("pads", Is::Ints(&[0, 1, 0, 1])),
                    ],
                )
                .output("y"),
            vec![1.0, 2.0],
            "avg_pool2d",
            vec![1.0, 1.5, 2.0],
        ),
        (
            "a padded 0 is a value before a maximum of values below 0",
            pads(picture(&[0, 1, 2, 2]))
                .node("Pad", &["x", "p"], "p1", &[])
                .node("MaxPool", &["p1"], "y", &kernel(&[1, 1]))
                .output("y"),
            vec![-1.0, -2.0, -3.0, -4.0],
            "gather max_pool2d",
            vec![-1.0, 0.0, 0.0, 0.0],
        ),
        (
            "and none where values are not below 0",
            pads(picture(&[0, 1, 2, 2]))
                .node("Conv", &["x", "k"], "c", &[])
                .node("Relu", &["c"], "r", &[])
                .node("Pad", &["r", "p"], "p1", &[])
                .node("MaxPool", &["p1"], "y", &kernel(&[1, 1]))
                .output("y"),
            ramp(),
            "conv2d+ max_pool2d",
            vec![8.0, 8.0, 8.0, 8.0],
        ),
        (
            "padding by −∞ is padding of a maximum, whatever the values are",
            pads(picture(&[0, 1, 2, 2]))
                .floats("least", &[], &[f32::NEG_INFINITY])
                .node("Pad", &["x", "p", "least"], "p1", &[])
                .node("MaxPool", &["p1"], "y", &kernel(&[1, 1]))
                .output("y"),
            vec![-1.0, -2.0, -3.0, -4.0],
            "max_pool2d",
            vec![-1.0, -2.0, -3.0, -4.0],
        ),
        (
            "padding by the edge is a gather",
            Model::reading(&[0, 3])
                .node(
                    "Pad",
                    &["x"],
                    "y",
                    &[
                        ("pads", Is::Ints(&[0, 2, 0, 1])),
                        ("mode", Is::Text("edge")),
                    ],
                )
                .output("y"),
            vec![1.0, 2.0, 3.0],
            "gather",
            vec![1.0, 1.0, 1.0, 2.0, 3.0, 3.0],
        ),
        (
            "padding by reflection leaves the edge out",
            Model::reading(&[0, 3])
                .node(
                    "Pad",
                    &["x"],
                    "y",
                    &[
                        ("pads", Is::Ints(&[0, 2, 0, 1])),
                        ("mode", Is::Text("reflect")),
                    ],
                )
                .output("y"),
            vec![1.0, 2.0, 3.0],
            "gather",
            vec![3.0, 2.0, 1.0, 2.0, 3.0, 2.0],
        ),
        (
            "padding by the other end",
            Model::reading(&[0, 3])
                .node(
                    "Pad",
                    &["x"],
                    "y",
                    &[
                        ("pads", Is::Ints(&[0, 1, 0, 2])),
                        ("mode", Is::Text("wrap")),
                    ],
                )
                .output("y"),
            vec![1.0, 2.0, 3.0],
            "gather",
            vec![3.0, 1.0, 2.0, 3.0, 1.0, 2.0],
        ),
        (
            "an average times its window is a sum",
            picture(&[0, 1, 2, 2])
                .floats("taps", &[], &[4.0])
                .node("AveragePool", &["x"], "a", &kernel(&[1, 1]))
                .node("Mul", &["a", "taps"], "y", &[])
                .output("y"),
            ramp(),
            "sum_pool2d",
            vec![10.0],
        ),
        (
            "a convolution with its ReLU, as onnxruntime writes it",
            picture(&[0, 1, 2, 2])
                .floats("b", &[1], &[-5.0])
                .node_of(
                    "com.microsoft",
                    "FusedConv",
                    (&["x", "k", "b"], &["y"]),
                    &[("activation", Is::Text("Relu"))],
                )
                .output("y"),
            ramp(),
            "conv2d+",
            vec![0.0, 0.0, 1.0, 3.0],
        ),
        (
            "places rounded up are padding below and on the right",
            picture(&[0, 1, 1, 3])
                .node(
                    "MaxPool",
                    &["x"],
                    "y",
                    &[
                        ("kernel_shape", Is::Ints(&[1, 2])),
                        ("strides", Is::Ints(&[1, 2])),
                        ("ceil_mode", Is::Int(1)),
                    ],
                )
                .output("y"),
            vec![1.0, 2.0, -3.0],
            "max_pool2d",
            vec![2.0, -3.0],
        ),
        (
            "a mean over rows and columns is a pool of the whole picture",
            picture(&[0, 1, 2, 2])
                .node(
                    "ReduceMean",
                    &["x"],
                    "y",
                    &[("axes", Is::Ints(&[-1, -2])), ("keepdims", Is::Int(0))],
                )
                .output("y"),
            ramp(),
            "avg_pool2d",
            vec![2.5],
        ),
        (
            "a sum over a list is a sum pool",
            two()
                .node("MatMul", &["x", "w"], "m", &[])
                .node("Relu", &["m"], "r", &[])
                .ints("a", &[1])
                .node("ReduceSum", &["r", "a"], "y", &[])
                .output("y"),
            vec![1.0, 2.0],
            "dense+ sum_pool",
            vec![17.0],
        ),
    ]);
}

#[test]
fn batch_normalisation_goes_into_the_layer_before_or_after_or_is_a_scale() {
    let norm = |from: &str, to: &str, model: Model| {
        let model = model
            .floats("g", &[1], &[6.0])
            .floats("beta", &[1], &[1.0])
            .floats("mean", &[1], &[0.5])
            .floats("var", &[1], &[3.0]);
        model.node(
            "BatchNormalization",
            &[from, "g", "beta", "mean", "var"],
            to,
            &[("epsilon", Is::Float(1.0))],
        )
    };
    let ramp = || vec![1.0, 2.0, 3.0, 4.0];
    let model = picture(&[0, 1, 2, 2]).node("Conv", &["x", "k"], "c", &[]);
    let before = norm("c", "n", model)
        .node("Relu", &["n"], "y", &[])
        .output("y");
    let after = norm("x", "n", picture(&[0, 1, 2, 2]))
        .node("Conv", &["n", "k"], "y", &[])
        .output("y");
    let padded = norm("x", "n", picture(&[0, 1, 2, 2]))
        .node(
            "Conv",
            &["n", "k"],
            "y",
            &[("pads", Is::Ints(&[1, 0, 0, 0]))],
        )
        .output("y");
    check(vec![
        (
            "into the convolution before",
            before,
            ramp(),
            "conv2d+",
            vec![5.5, 11.5, 17.5, 23.5],
        ),
        (
            "into the convolution after",
            after,
            ramp(),
            "conv2d",
            vec![5.0, 11.0, 17.0, 23.0],
        ),
        (
            "not through padding",
            padded,
            ramp(),
            "scale conv2d",
            vec![0.0, 0.0, 5.0, 11.0, 17.0, 23.0],
        ),
    ]);
}

#[test]
fn what_others_read_too_is_left_as_it_is() {
    check(vec![
        (
            "a sum that is read with and without ReLU",
            two()
                .node("MatMul", &["x", "w"], "m", &[])
                .node("Relu", &["m"], "r", &[])
                .node("Add", &["m", "r"], "y", &[])
                .output("y"),
            vec![-1.0, 0.0],
            "dense scale+ add",
            vec![-1.0, -2.0],
        ),
        (
            "an addition takes its ReLU",
            two()
                .node("MatMul", &["x", "w"], "m", &[])
                .node("Add", &["m", "x"], "a", &[])
                .node("Relu", &["a"], "y", &[])
                .output("y"),
            vec![-1.0, 1.0],
            "dense add+",
            vec![1.0, 3.0],
        ),
        (
            "a mean of levels is a part of their sum",
            two()
                .node("MatMul", &["x", "w"], "m", &[])
                .node("Mean", &["m", "x"], "y", &[])
                .output("y"),
            vec![-1.0, 1.0],
            "dense add scale",
            vec![0.5, 1.5],
        ),
        (
            "a level that only its shape is asked of is nobody's",
            two()
                .node("MatMul", &["x", "w"], "m", &[])
                .node("Shape", &["m"], "s", &[])
                .node("Relu", &["m"], "r", &[])
                .node("Reshape", &["r", "s"], "y", &[])
                .output("y"),
            vec![1.0, -1.0],
            "dense+",
            vec![0.0, 0.0],
        ),
    ]);
}

#[test]
fn what_moves_values_is_a_gather_only_where_their_order_changes() {
    let nhwc = || {
        let model = picture(&[0, 1, 2, 1]).node(
            "Transpose",
            &["x"],
            "t",
            &[("perm", Is::Ints(&[0, 3, 1, 2]))],
        );
        model.node("Conv", &["t", "k"], "c", &[]).node(
            "Transpose",
            &["c"],
            "b",
            &[("perm", Is::Ints(&[0, 2, 3, 1]))],
        )
    };
    check(vec![
        (
            "a transposition of one channel",
            nhwc().output("b"),
            vec![1.0, 2.0],
            "conv2d",
            vec![2.0, 4.0],
        ),
        (
            "a slice and a concatenation",
            two()
                .ints("0", &[0])
                .ints("1", &[1])
                .ints("2", &[2])
                .node("Slice", &["x", "0", "1", "1"], "a", &[])
                .node("Slice", &["x", "1", "2", "1"], "b", &[])
                .node("Concat", &["b", "a", "b"], "y", &[("axis", Is::Int(1))])
                .output("y"),
            vec![1.0, 2.0],
            "gather",
            vec![2.0, 1.0, 2.0],
        ),
        (
            "levels side by side",
            two()
                .node("MatMul", &["x", "w"], "m", &[])
                .node("Concat", &["x", "m"], "y", &[("axis", Is::Int(-1))])
                .output("y"),
            vec![1.0, 2.0],
            "dense concat",
            vec![1.0, 2.0, 7.0, 10.0],
        ),
        (
            "halves of a split",
            two()
                .node_of("", "Split", (&["x"], &["a", "b"]), &[("axis", Is::Int(1))])
                .node("Add", &["a", "b"], "y", &[])
                .output("y"),
            vec![1.0, 2.0],
            "gather gather add",
            vec![3.0],
        ),
    ]);
}

#[test]
fn numbers_of_every_type_have_their_exact_value() {
    let one = f64::from(0.1_f32);
    let sides: &[i64] = &[2, 1];
    let halves = bytes(9, &[0x00, 0x3c, 0x00, 0xc0]);
    let cases: Vec<(&str, Vec<u8>, Vec<f64>)> = vec![
        (
            "float",
            tensor("w", 1, sides, &super::build::raw(&[0.1, -2.0])),
            vec![one],
        ),
        ("float16", tensor("w", 10, sides, &halves), vec![1.0]),
        (
            "float16 as whole numbers",
            tensor("w", 10, sides, &[int(5, 0x3c00), int(5, 0xc000)].concat()),
            vec![1.0],
        ),
        (
            "bfloat16",
            tensor("w", 16, sides, &bytes(9, &[0x80, 0x3f, 0x00, 0xc0])),
            vec![1.0],
        ),
        (
            "double",
            tensor(
                "w",
                11,
                sides,
                &bytes(9, &[0.1_f64.to_le_bytes(), 1_f64.to_le_bytes()].concat()),
            ),
            vec![0.1],
        ),
        (
            "int64",
            tensor("w", 7, sides, &raw_ints(&[3, -4])),
            vec![3.0],
        ),
        (
            "int32 in its field",
            tensor("w", 6, sides, &[int(5, -3), int(5, 4)].concat()),
            vec![-3.0],
        ),
        (
            "int8",
            tensor("w", 3, sides, &bytes(9, &[0xff, 2])),
            vec![-1.0],
        ),
    ];
    for (what, message, outputs) in cases {
        let model = Model::reading(&[0, 2])
            .tensor(&message)
            .node("Cast", &["w"], "c", &[("to", Is::Int(1))])
            .node("MatMul", &["x", "c"], "y", &[])
            .output("y");
        assert_eq!(made(&read(&model), &[1.0, 0.0]).1, outputs, "{what}");
    }
}

#[test]
fn constants_and_the_arithmetic_of_shapes_are_known() {
    let constant = |name: &str, values: &[i64]| {
        let sides = [i64::try_from(values.len()).expect("few")];
        (
            name.to_owned(),
            Is::Tensor(tensor("", 7, &sides, &raw_ints(values))),
        )
    };
    let mut model = Model::reading(&[0, 1, 2, 2]).node("Shape", &["x"], "s", &[]);
    for (name, value) in [
        constant("zero", &[0]),
        constant("rest", &[-1]),
        constant("two", &[2]),
    ] {
        model = model.node("Constant", &[], &name, &[("value", value)]);
    }
    let model = model.node("Gather", &["s", "zero"], "n", &[]).node(
        "Concat",
        &["n", "rest"],
        "t",
        &[("axis", Is::Int(0))],
    );
    let model = model.node("Mul", &["two", "two"], "four", &[]).node(
        "Concat",
        &["n", "four"],
        "u",
        &[("axis", Is::Int(0))],
    );
    let model = model
        .node("Reshape", &["x", "t"], "f", &[])
        .node("Reshape", &["f", "u"], "g", &[]);
    let model = model.node(
        "Constant",
        &[],
        "w",
        &[(
            "value",
            Is::Tensor(tensor(
                "",
                1,
                &[4, 1],
                &super::build::raw(&[1.0, 2.0, 3.0, 4.0]),
            )),
        )],
    );
    let model = model.node("MatMul", &["g", "w"], "y", &[]).output("y");
    check(vec![(
        "shapes",
        model,
        vec![1.0, 1.0, 1.0, 2.0],
        "dense",
        vec![14.0],
    )]);
}

#[test]
fn attributes_that_became_inputs_are_read_in_either_form() {
    let sides: &[i64] = &[0, 1, 1, 2];
    for (what, model) in [
        (
            "Clip of opset 6",
            Model::new(6).input("x", sides).node(
                "Clip",
                &["x"],
                "y",
                &[("min", Is::Float(0.0)), ("max", Is::Float(6.0))],
            ),
        ),
        (
            "Clip of opset 13",
            Model::new(13)
                .input("x", sides)
                .floats("0", &[], &[0.0])
                .floats("6", &[], &[6.0])
                .node("Clip", &["x", "0", "6"], "y", &[]),
        ),
        (
            "Squeeze of opset 11",
            Model::new(11)
                .input("x", sides)
                .node("Squeeze", &["x"], "s", &[("axes", Is::Ints(&[2]))])
                .node("Unsqueeze", &["s"], "u", &[("axes", Is::Ints(&[2]))])
                .node(
                    "Clip",
                    &["u"],
                    "y",
                    &[("min", Is::Float(0.0)), ("max", Is::Float(6.0))],
                ),
        ),
        (
            "Pad of opset 2",
            Model::new(6)
                .input("x", sides)
                .node(
                    "Pad",
                    &["x"],
                    "p",
                    &[("pads", Is::Ints(&[0; 8])), ("mode", Is::Text("constant"))],
                )
                .node(
                    "Clip",
                    &["p"],
                    "y",
                    &[("min", Is::Float(0.0)), ("max", Is::Float(6.0))],
                ),
        ),
        (
            "Slice of opset 9",
            Model::new(9)
                .input("x", sides)
                .node(
                    "Slice",
                    &["x"],
                    "p",
                    &[
                        ("starts", Is::Ints(&[0])),
                        ("ends", Is::Ints(&[9])),
                        ("axes", Is::Ints(&[3])),
                    ],
                )
                .node(
                    "Clip",
                    &["p"],
                    "y",
                    &[("min", Is::Float(0.0)), ("max", Is::Float(6.0))],
                ),
        ),
    ] {
        assert_eq!(
            made(&read(&model.output("y")), &[-1.0, 7.0]),
            ("scale+".to_owned(), vec![0.0, 6.0]),
            "{what}"
        );
    }
}

#[test]
fn samples_keep_the_order_and_shape_of_the_file() {
    let dense = |sides: &[i64], units: i64| {
        let flat = Model::reading(sides).node("Flatten", &["x"], "f", &[]);
        let weights = vec![1.0; usize::try_from(units).expect("few")];
        read(
            &flat
                .floats("w", &[units, 1], &weights)
                .node("MatMul", &["f", "w"], "y", &[])
                .output("y"),
        )
    };
    for (sides, units, shape, array) in [
        (&[0, 1, 28, 28][..], 784, &[1, 28, 28][..], &[1, 28, 28][..]),
        (&[1, 784, 1], 784, &[784], &[784, 1]),
        (&[1, 1, 1, 5], 5, &[5], &[1, 1, 5]),
        (&[0, 8, 8, 3], 192, &[3, 8, 8], &[8, 8, 3]),
        (&[0, 7], 7, &[7], &[7]),
    ] {
        let network = dense(sides, units);
        assert_eq!(network.input().shape, shape, "{sides:?}");
        assert_eq!(network.input().array_shape(), array, "{sides:?}");
        let last = if shape.len() == 3 && shape != array {
            Order::ChannelsLast
        } else {
            Order::ChannelsFirst
        };
        assert_eq!(network.input().order, last, "{sides:?}");
        let again: Network = network.to_json().parse().expect("it was written");
        assert_eq!(again.layers(), network.layers(), "{sides:?}");
        assert_eq!(again.to_json(), network.to_json(), "{sides:?}");
        // A file that is written says its order.
        let said = Input {
            order_is_guessed: false,
            ..network.input().clone()
        };
        assert_eq!(again.input(), &said, "{sides:?}");
    }
}

#[test]
fn fractions_take_the_binary_values_of_a_model() -> Result<(), Error> {
    let model = two()
        .floats("b", &[2], &[0.1, 0.0])
        .node("MatMul", &["x", "w"], "m", &[])
        .node("Add", &["m", "b"], "y", &[])
        .output("y");
    let exact = deeptaylor::exact::ExactNetwork::parse(&model.file())?;
    assert!(exact.samples().is_empty());
    Ok(())
}

#[test]
fn both_probabilities_of_a_sigmoid_are_followed_back_to_its_value() {
    let model = || {
        Model::reading(&[0, 2])
            .floats("w", &[2, 1], &[1.0, 2.0])
            .floats("one", &[], &[1.0])
            .node("MatMul", &["x", "w"], "m", &[])
            .node("Sigmoid", &["m"], "p", &[])
            .node("Sub", &["one", "p"], "q", &[])
    };
    let both = model().node("Concat", &["q", "p"], "y", &[("axis", Is::Int(1))]);
    check(vec![(
        "scikit-learn's classifier of two classes",
        both.clone().output("y"),
        vec![1.0, 2.0],
        "dense",
        vec![5.0],
    )]);
    let keys = [("classlabels_int64s", Is::Ints(&[4, 9]))];
    let named = (both.clone()).node_of("ai.onnx.ml", "ZipMap", (&["y"], &["z"]), &keys);
    let named = read(&named.output("z"));
    assert_eq!(
        named.output_names(),
        ["9"],
        "its value speaks for the second"
    );
    let one = [("classlabels_int64s", Is::Ints(&[7]))];
    let alone = (both.clone()).node_of("ai.onnx.ml", "ZipMap", (&["y"], &["z"]), &one);
    assert_eq!(read(&alone.output("z")).output_names(), ["7"], "one name");
    let refused = |model: Model| match Network::parse("m.onnx", &model.file()) {
        Ok(_) => panic!("it is read"),
        Err(error) => error.to_string(),
    };
    let apart = both
        .ints("0", &[0])
        .ints("1", &[1])
        .node("Slice", &["y", "0", "1", "1"], "a", &[]);
    let apart = refused(apart.output("a"));
    assert!(
        apart.contains("takes the probabilities 1 − p and p apart"),
        "{apart}"
    );
    let falls = refused(model().output("q"));
    assert!(
        falls.contains("the output `q` is 1 − p of a sigmoid p"),
        "{falls}"
    );
    let other = model().node("Concat", &["q", "x"], "y", &[("axis", Is::Int(1))]);
    let other = refused(other.output("y"));
    assert!(
        other.contains("Sigmoid at node /Sigmoid: 1 − Sigmoid is neither a linear map nor ReLU"),
        "{other}"
    );
}

#[test]
fn a_graph_for_several_samples_at_a_time_is_read_for_each() {
    let model = |target: &[i64]| {
        Model::reading(&[4, 1, 2, 2])
            .floats("k", &[1, 1, 1, 1], &[2.0])
            .floats("g", &[1], &[6.0])
            .floats("z", &[1], &[0.0])
            .floats("w", &[4, 1], &[1.0; 4])
            .ints("s", target)
            .node("BatchNormalization", &["x", "g", "z", "z", "g"], "n", &[])
            .node("Conv", &["n", "k"], "c", &[])
            .node("Reshape", &["c", "s"], "f", &[])
            .node("MatMul", &["f", "w"], "y", &[])
            .output("y")
    };
    for target in [&[4, 4][..], &[4, -1], &[0, -1]] {
        let network = read(&model(target));
        assert_eq!(network.input().array_shape(), [1, 2, 2], "{target:?}");
        assert_eq!(network.output_units(), 1, "{target:?}");
    }
}
