//! Attributes of nodes: each of its type, once, and known; else refused, and never read as 0.

use super::build::{Is, Model, bytes, int, number, tensor};
use super::contradictions::{check, one, two};

/// A model of a picture with one node.
fn picture(operator: &str, attributes: &[(&str, Is)]) -> Model {
    Model::reading(&[0, 1, 4, 4])
        .floats("k", &[1, 1, 2, 2], &[1.0; 4])
        .node(operator, &["x", "k"], "y", attributes)
        .output("y")
}

#[test]
fn an_attribute_of_another_type_is_refused_and_never_read_as_0() {
    let gemm = |name, value| one("Gemm", &["x", "w", "b"], &[(name, value)]);
    let conv = |name, value| picture("Conv", &[(name, value)]);
    let pool = |name, value| {
        let kernel = ("kernel_shape", Is::Ints(&[2, 2]));
        picture("AveragePool", &[kernel, (name, value)])
    };
    check(vec![
        (
            gemm("alpha", Is::Int(2)),
            "m.onnx: Gemm at node /Gemm: expected the attribute alpha as FLOAT, found INT\n  help: export the model anew",
        ),
        (gemm("alpha", Is::Text("2")), "alpha as FLOAT, found STRING"),
        (
            gemm("alpha", Is::Floats(&[2.0])),
            "alpha as FLOAT, found FLOATS",
        ),
        (gemm("beta", Is::Int(2)), "beta as FLOAT, found INT"),
        (gemm("transB", Is::Float(1.0)), "transB as INT, found FLOAT"),
        (gemm("transA", Is::Ints(&[1])), "transA as INT, found INTS"),
        (gemm("alpha", Is::Float(2.0)), "none"),
        (
            conv("auto_pad", Is::Int(1)),
            "auto_pad as STRING, found INT",
        ),
        (
            conv("auto_pad", Is::Texts(&["VALID"])),
            "auto_pad as STRING, found STRINGS",
        ),
        (
            conv("strides", Is::Floats(&[2.0; 2])),
            "strides as INTS, found FLOATS",
        ),
        (conv("strides", Is::Int(2)), "strides as INTS, found INT"),
        (
            conv("pads", Is::Floats(&[1.0; 4])),
            "pads as INTS, found FLOATS",
        ),
        (conv("group", Is::Float(1.0)), "group as INT, found FLOAT"),
        (conv("group", Is::Int(1)), "none"),
        (
            pool("count_include_pad", Is::Float(1.0)),
            "count_include_pad as INT, found FLOAT",
        ),
        (
            pool("ceil_mode", Is::Tensor(tensor("", 7, &[], &int(7, 1)))),
            "ceil_mode as INT, found TENSOR",
        ),
        (
            two()
                .node("Constant", &[], "c", &[("value", Is::Float(1.0))])
                .node("Add", &["x", "c"], "y", &[])
                .output("y"),
            "Constant at node /Constant: expected the attribute value as TENSOR, found FLOAT",
        ),
        (
            two()
                .node_of(
                    "ai.onnx.ml",
                    "Scaler",
                    (&["x"], &["y"]),
                    &[("offset", Is::Ints(&[1]))],
                )
                .output("y"),
            "offset as FLOATS, found INTS",
        ),
        (
            two()
                .node("MatMul", &["x", "w"], "y", &[])
                .node_of(
                    "ai.onnx.ml",
                    "ZipMap",
                    (&["y"], &["z"]),
                    &[("classlabels_strings", Is::Ints(&[1, 2]))],
                )
                .output("z"),
            "classlabels_strings as STRINGS, found INTS",
        ),
    ]);
}

#[test]
fn where_no_type_of_an_attribute_is_said_its_field_tells_it() {
    let float = |field: u64| [number(field << 3 | 5), 1_f32.to_le_bytes().to_vec()].concat();
    let gemm = |value: &[Vec<u8>]| {
        let attribute = [bytes(1, b"transB"), value.concat()].concat();
        let node = [
            bytes(1, b"x"),
            bytes(1, b"w"),
            bytes(2, b"y"),
            bytes(4, b"Gemm"),
            bytes(5, &attribute),
        ];
        two().with(1, &node.concat()).output("y")
    };
    check(vec![
        (gemm(&[int(3, 1)]), "none"),
        // A value of 0 may be left out, with its type and without.
        (gemm(&[]), "none"),
        (gemm(&[int(20, 2)]), "none"),
        (gemm(&[float(2)]), "transB as INT, found FLOAT"),
        (gemm(&[float(2), int(20, 2)]), "transB as INT, found FLOAT"),
        (gemm(&[int(3, 1), int(20, 1)]), "transB as INT, found FLOAT"),
        (
            gemm(&[int(3, 1), int(20, 99)]),
            "transB as INT, found an unknown type",
        ),
        (
            gemm(&[bytes(6, b""), int(20, 5)]),
            "transB as INT, found GRAPH",
        ),
    ]);
}

#[test]
fn an_attribute_that_is_multiplied_with_is_finite() {
    let gemm = |name, value| one("Gemm", &["x", "w", "b"], &[(name, Is::Float(value))]);
    let normalised = [("epsilon", Is::Float(f32::INFINITY))];
    check(vec![
        (
            gemm("alpha", f32::NAN),
            "alpha: expected a finite number, found NaN",
        ),
        (
            gemm("alpha", f32::INFINITY),
            "alpha: expected a finite number, found inf",
        ),
        (
            gemm("beta", f32::NAN),
            "beta: expected a finite number, found NaN",
        ),
        (
            one(
                "BatchNormalization",
                &["x", "b", "b", "b", "b"],
                &normalised,
            ),
            "epsilon: expected a finite number, found inf",
        ),
    ]);
}

#[test]
fn an_attribute_that_is_not_read_or_comes_twice_is_refused() {
    let gemm = |attributes: &[(&str, Is)]| one("Gemm", &["x", "w"], attributes);
    check(vec![
        (
            gemm(&[("frobnicate", Is::Int(2))]),
            "Gemm at node /Gemm: it has the attribute frobnicate, which is not read and may change what it computes",
        ),
        (gemm(&[("transb", Is::Int(1))]), "did you mean `transB`?"),
        (gemm(&[("", Is::Int(1))]), "it has the attribute , which"),
        (
            one("Relu", &["x"], &[("alpha", Is::Float(0.1))]),
            "Relu has no attributes",
        ),
        (
            one("LeakyRelu", &["x"], &[("alpha", Is::Float(0.1))]),
            "an activation that is not ReLU",
        ),
        (
            one("Add", &["x", "b"], &[("broadcast", Is::Int(1))]),
            "none",
        ),
        // What a program keeps for itself.
        (
            gemm(&[("__origin", Is::Int(1)), ("__origin", Is::Int(2))]),
            "none",
        ),
        (
            gemm(&[("alpha", Is::Float(2.0)), ("alpha", Is::Float(3.0))]),
            "Gemm at node /Gemm: it has the attribute alpha twice",
        ),
        (
            Model::reading(&[0, 1, 4, 4])
                .floats("k", &[1, 1, 2, 2], &[1.0; 4])
                .node_of(
                    "com.microsoft",
                    "FusedConv",
                    (&["x", "k"], &["y"]),
                    &[("alpha", Is::Float(1.0))],
                )
                .output("y"),
            "FusedConv at node /FusedConv: it has the attribute alpha",
        ),
    ]);
}

#[test]
fn the_axis_of_sums_and_products_is_that_of_ordinary_broadcasting() {
    let row = |operator, axis| {
        let broadcast = ("broadcast", Is::Int(1));
        one(operator, &["x", "b"], &[broadcast, ("axis", Is::Int(axis))])
    };
    let planes = |axis| {
        Model::reading(&[0, 1, 4, 4])
            .floats("c", &[4], &[1.0; 4])
            .node("Add", &["x", "c"], "y", &[("axis", Is::Int(axis))])
            .output("y")
    };
    let other = "puts its second input elsewhere than at the last sides of the first\n  help: export the model with opset 7 or later";
    let mut cases = vec![
        // The second input is the larger one.
        (one("Add", &["b", "x"], &[("axis", Is::Int(0))]), other),
        (one("Add", &["b", "x"], &[("axis", Is::Int(-1))]), other),
        (planes(3), "none"),
        // A number for each row.
        (
            planes(2),
            "Add at node /Add: axis = 2 puts its second input",
        ),
        (
            one("Add", &["x", "b"], &[("axis", Is::Float(1.0))]),
            "axis as INT, found FLOAT",
        ),
        (
            one("Sum", &["x", "b"], &[("axis", Is::Int(1))]),
            "Sum has no attributes",
        ),
    ];
    for operator in ["Add", "Sub", "Mul", "Div"] {
        cases.push((row(operator, 1), "none"));
        cases.extend([-1, 0, 2].map(|axis| (row(operator, axis), other)));
    }
    check(cases);
}

#[test]
fn attributes_of_older_versions_are_answered_with_a_newer_one() {
    let newer = "which is not read and may change what it computes\n  help: export the model with opset 7 or later";
    let consumed =
        |operator, inputs: &[&str]| one(operator, inputs, &[("consumed_inputs", Is::Ints(&[0]))]);
    check(vec![
        (consumed("Relu", &["x"]), newer),
        (consumed("Add", &["x", "b"]), newer),
        (consumed("Clip", &["x"]), newer),
        (
            one("Reshape", &["x"], &[("shape", Is::Ints(&[-1, 2]))]),
            newer,
        ),
        (
            one("Pad", &["x"], &[("paddings", Is::Ints(&[0; 4]))]),
            newer,
        ),
        (
            one("Pad", &["x"], &[("pad", Is::Ints(&[0; 4]))]),
            "did you mean `pads`?",
        ),
    ]);
}

#[test]
fn padding_is_said_once_or_twice_the_same() {
    let both = |operator, auto, pads: &[i64]| {
        let sides = ("kernel_shape", Is::Ints(&[2, 2]));
        let both = [
            sides,
            ("auto_pad", Is::Text(auto)),
            ("pads", Is::Ints(pads)),
        ];
        picture(operator, &both)
    };
    let conv = |auto, pads: &[i64]| both("Conv", auto, pads);
    let halves = |pads: &[i64]| {
        let keys = [
            ("kernel_shape", Is::Ints(&[2, 2])),
            ("strides", Is::Ints(&[2, 2])),
            ("auto_pad", Is::Text("SAME_UPPER")),
            ("pads", Is::Ints(pads)),
        ];
        picture("MaxPool", &keys)
    };
    let twice = "auto_pad: expected NOTSET where `pads` says another padding, found ";
    check(vec![
        (
            conv("SAME_UPPER", &[1; 4]),
            &(twice.to_owned() + "SAME_UPPER"),
        ),
        (
            conv("SAME_LOWER", &[0; 4]),
            &(twice.to_owned() + "SAME_LOWER"),
        ),
        (conv("VALID", &[1; 4]), &(twice.to_owned() + "VALID")),
        (conv("VALID", &[0; 4]), "none"),
        (conv("SAME_UPPER", &[0, 0, 1, 1]), "none"),
        (conv("SAME_LOWER", &[1, 1, 0, 0]), "none"),
        (
            conv("SAME_LOWER", &[0, 0, 1, 1]),
            &(twice.to_owned() + "SAME_LOWER"),
        ),
        (both("AveragePool", "SAME_UPPER", &[0, 0, 1, 1]), "none"),
        // There is nothing to pad.
        (halves(&[0; 4]), "none"),
        (halves(&[1; 4]), &(twice.to_owned() + "SAME_UPPER")),
        (conv("NOTSET", &[1; 4]), "none"),
        (conv("", &[1; 4]), "none"),
    ]);
}
