//! Models that contradict ONNX or themselves: refused, never read as one of the things that may be meant.

use super::build::{Is, Model, bytes, int, raw, tensor};
use super::refusals::error;

/// A model of two values and what may be read beside them.
pub fn two() -> Model {
    Model::reading(&[0, 2])
        .floats("w", &[2, 2], &[1.0; 4])
        .floats("b", &[2], &[1.0, 2.0])
}

/// The same with one node, whose output is that of the model.
pub fn one(operator: &str, inputs: &[&str], attributes: &[(&str, Is)]) -> Model {
    two().node(operator, inputs, "y", attributes).output("y")
}

/// Checks what is said of each model; `none` of one that is read.
pub fn check(cases: Vec<(Model, &str)>) {
    for (model, said) in cases {
        let error = error(&model.file());
        assert!(error.contains(said), "{error}\nhas not {said}");
    }
}

#[test]
fn a_name_stands_for_one_thing() {
    let w = tensor("w", 1, &[2, 2], &raw(&[3.0; 4]));
    let unnamed = tensor("", 1, &[1], &raw(&[1.0]));
    check(vec![
        (
            one("MatMul", &["x", "w"], &[]).tensor(&w),
            "m.onnx: two initializers are called `w`\n  help: which of the two is meant is not said",
        ),
        // A copy is no other thing.
        (
            one("MatMul", &["x", "w"], &[]).tensor(&tensor("w", 1, &[2, 2], &raw(&[1.0; 4]))),
            "none",
        ),
        (
            one("MatMul", &["x", "w"], &[])
                .tensor(&unnamed)
                .tensor(&unnamed),
            "none",
        ),
        (
            one("MatMul", &["x", "w"], &[]).node("Relu", &["y"], "w", &[]),
            "Relu at node /Relu: it makes `w`, which is an input or initializer of the graph, too",
        ),
        (
            one("MatMul", &["x", "w"], &[]).node("Relu", &["y"], "x", &[]),
            "it makes `x`, which is an input or initializer",
        ),
    ]);
}

/// A model of two numbers of this type with `w`, `b` and the kernel `k` of signed bytes.
fn of_bytes(kind: i64) -> Model {
    let shape = bytes(
        2,
        &[bytes(1, &bytes(2, b"n")), bytes(1, &int(1, 2))].concat(),
    );
    let tensor_type = bytes(2, &bytes(1, &[int(1, kind), shape].concat()));
    let ones = |name: &str, sides: &[i64], units: usize| {
        tensor(name, 3, sides, &bytes(9, &vec![1; units]))
    };
    Model::new(17)
        .with(11, &[bytes(1, b"x"), tensor_type].concat())
        .floats("f", &[2, 2], &[1.0; 4])
        .tensor(&ones("w", &[2, 2], 4))
        .tensor(&ones("b", &[2], 2))
        .tensor(&ones("k", &[1, 1, 1], 1))
}

#[test]
fn whole_numbers_beside_values_of_floating_point_are_refused() {
    let of_kind = |kind: i64, operator: &str, inputs: &[&str]| {
        of_bytes(kind).node(operator, inputs, "y", &[]).output("y")
    };
    let refused = "in numbers of floating point, as the values are, found whole numbers\n  help: export the float model";
    let mut cases = vec![
        (
            of_kind(1, "Gemm", &["x", "w"]),
            "Gemm at node /Gemm: expected input 1 in numbers",
        ),
        (
            of_kind(1, "Gemm", &["x", "f", "b"]),
            "expected input 2 in numbers",
        ),
        // Whole numbers beside whole ones are of one type.
        (of_kind(7, "MatMul", &["x", "w"]), "none"),
        (of_kind(7, "Add", &["x", "b"]), "none"),
    ];
    for kind in [1, 10, 11, 16] {
        cases.push((of_kind(kind, "MatMul", &["x", "w"]), refused));
    }
    for (operator, inputs) in [
        ("MatMul", &["w", "x"][..]),
        ("Add", &["x", "b"]),
        ("Mul", &["b", "x"]),
        ("BatchNormalization", &["x", "b", "b", "b", "b"]),
    ] {
        cases.push((of_kind(1, operator, inputs), refused));
    }
    let row = of_bytes(1)
        .ints("s", &[0, 1, 2])
        .node("Reshape", &["x", "s"], "r", &[]);
    cases.push((row.node("Conv", &["r", "k"], "y", &[]).output("y"), refused));
    for to in [1, 10, 11, 16] {
        let cast = of_bytes(1).node("Cast", &["w"], "c", &[("to", Is::Int(to))]);
        cases.push((cast.node("Gemm", &["x", "c"], "y", &[]).output("y"), "none"));
    }
    check(cases);
}

#[test]
fn an_input_of_text_is_refused() {
    let read = |kind: i64| {
        of_bytes(kind)
            .node("MatMul", &["x", "f"], "y", &[])
            .output("y")
    };
    check(vec![
        (
            read(8),
            "m.onnx: input `x`: expected floating-point or whole numbers, found text",
        ),
        (
            read(14),
            "input `x`: expected floating-point or whole numbers, found complex numbers",
        ),
        (read(0), "none"),
        (read(2), "none"),
    ]);
}

#[test]
fn the_version_of_the_operators_is_said_and_known() {
    let of = |opset: i64| {
        let model = Model::new(opset).input("x", &[0, 2]);
        model.node("Relu", &["x"], "y", &[]).output("y")
    };
    let refused = "expected operators of opset 6 to 28, found ";
    check(vec![
        (of(0), &(refused.to_owned() + "0")),
        (of(1), &(refused.to_owned() + "1")),
        (
            of(5),
            &(refused.to_owned() + "5\n  help: export the model with `opset_version=17`"),
        ),
        (of(6), "none"),
        (of(28), "none"),
        (of(29), &(refused.to_owned() + "29")),
    ]);
}

#[test]
fn the_version_is_that_of_the_operators_that_are_there() {
    /// What is said of a model whose domains have these versions.
    fn said(model: &Model, domains: &[(&str, i64)]) -> String {
        let import = |domain: &str, version| {
            bytes(8, &[bytes(1, domain.as_bytes()), int(2, version)].concat())
        };
        // The version is the last field of a file.
        let (mut file, own) = (model.file(), import("", 17));
        assert!(file.ends_with(&own));
        file.truncate(file.len() - own.len());
        file.extend(
            domains
                .iter()
                .flat_map(|(of, version)| import(of, *version)),
        );
        error(&file)
    }
    let relu = one("Relu", &["x"], &[]);
    let scale = ("scale", Is::Floats(&[2.0]));
    let scaler = [("offset", Is::Floats(&[1.0])), scale];
    let scaler = two()
        .node_of("ai.onnx.ml", "Scaler", (&["x"], &["y"]), &scaler)
        .output("y");
    let missing = "expected operators of opset 6 to 28, found none (`opset_import`)";
    let both = "m.onnx: `opset_import` says both 17 and 1 of ONNX's own operators\n  help: which of the two is meant is not said";
    for (model, domains, expected) in [
        (&relu, &[][..], missing),
        (&relu, &[("ai.onnx.ml", 3)], missing),
        (&relu, &[("ai.onnx", 17)], "none"),
        (&scaler, &[("ai.onnx.ml", 3)], "none"),
        (&scaler, &[("ai.onnx.ml", 3), ("", 17)], "none"),
        // One domain has two names.
        (&relu, &[("", 17), ("ai.onnx", 1)], both),
        (&relu, &[("ai.onnx", 17), ("", 17), ("", 1)], both),
        (&relu, &[("", 17), ("ai.onnx", 17)], "none"),
        (&relu, &[("", 17), ("ai.onnx.ml", 1)], "none"),
    ] {
        let found = said(model, domains);
        assert!(found.contains(expected), "{domains:?}: {found}");
    }
}

#[test]
fn nothing_is_said_in_two_ways() {
    // An input beside the attribute that says the same in older versions.
    let both = |operator, inputs: &[&str], attribute: (&str, Is)| {
        let model = two().ints("i", &[0, 0]).floats("f", &[], &[0.0]);
        model.node(operator, inputs, "y", &[attribute]).output("y")
    };
    let said = |name: &str, n: usize| {
        format!(
            "it has both the attribute {name} and input {n}, which is the same\n  help: which of the two is meant is not said"
        )
    };
    let mut cases = Vec::new();
    for (operator, name, n) in [
        ("Squeeze", "axes", 1),
        ("Unsqueeze", "axes", 1),
        ("ReduceMean", "axes", 1),
        ("ReduceSum", "axes", 1),
        ("Slice", "starts", 1),
        ("Slice", "ends", 2),
        ("Slice", "axes", 3),
        ("Split", "split", 1),
        ("Pad", "pads", 1),
    ] {
        let inputs = [&["x", "", "", ""][..n], &["i"]].concat();
        let attribute = (name, Is::Ints(&[0, 0]));
        cases.push((both(operator, &inputs, attribute), said(name, n)));
    }
    for (operator, name, n) in [("Clip", "min", 1), ("Clip", "max", 2), ("Pad", "value", 2)] {
        let inputs = [&["x", "", ""][..n], &["f"]].concat();
        let attribute = || (name, Is::Float(0.0));
        cases.push((both(operator, &inputs, attribute()), said(name, n)));
    }
    // An input that is left out says nothing, and neither does another one.
    let (min, max) = (("min", Is::Float(0.0)), ("max", Is::Float(6.0)));
    cases.push((both("Clip", &["x", "", ""], min), "none".to_owned()));
    cases.push((both("Clip", &["x", "f"], max), "none".to_owned()));
    let (float, list) = (
        ("value_float", Is::Float(1.0)),
        ("value_ints", Is::Ints(&[1])),
    );
    let constant = |values: &[(&str, Is)]| {
        let model = two().node("Constant", &[], "c", values);
        model.node("Add", &["x", "c"], "y", &[]).output("y")
    };
    cases.push((
        constant(&[list, float]),
        "Constant at node /Constant: it has both the attributes value_float and value_ints"
            .to_owned(),
    ));
    cases.push((
        constant(&[("value_float", Is::Float(1.0))]),
        "none".to_owned(),
    ));
    let cases = cases.iter().map(|(model, said)| (model.clone(), &said[..]));
    check(cases.collect());
}

#[test]
fn values_that_are_turned_are_named_where_the_weights_do_not_fit() {
    let gemm = |rows: i64| {
        let weights = vec![1.0; usize::try_from(rows).expect("few")];
        Model::reading(&[0, 4])
            .floats("w", &[rows, 1], &weights)
            .node("Gemm", &["x", "w"], "y", &[("transA", Is::Int(1))])
            .output("y")
    };
    check(vec![
        (
            gemm(4),
            "Gemm at node /Gemm.transA = 1 makes [4, 1] of values of shape [1, 4]: expected weights for 1 values, found weights for 4\n  help: export the model with transA = 0",
        ),
        (gemm(1), "none"),
    ]);
}

#[test]
fn an_output_has_the_sides_that_the_graph_says() {
    // Of a side 0 an open one is made.
    let saying = |model: Model, sides: &[i64]| {
        let side = |side: &i64| match side {
            0 => bytes(1, &bytes(2, b"n")),
            side => bytes(1, &int(1, *side)),
        };
        let shape = bytes(2, &sides.iter().flat_map(side).collect::<Vec<u8>>());
        let kind = bytes(2, &bytes(1, &[int(1, 1), shape].concat()));
        model.with(12, &[bytes(1, b"y"), kind].concat())
    };
    let product = |batch: i64, output: &str| {
        let model = Model::reading(&[batch, 2]).floats("v", &[2, 3], &[1.0; 6]);
        model.node("MatMul", &["x", "v"], output, &[])
    };
    let said = |sides: &[i64]| saying(product(0, "y"), sides);
    let turned = |batch: i64, sides: &[i64]| {
        let turns = product(batch, "z").node("Transpose", &["z"], "y", &[]);
        saying(turns, sides)
    };
    check(vec![
        (said(&[0, 3]), "none"),
        (said(&[0, 0]), "none"),
        // The batch that it was exported with.
        (said(&[7, 3]), "none"),
        (
            said(&[0, 5]),
            "m.onnx: output `y`: expected the shape [n, 5], which the graph says, found [n, 3]\n  help: the nodes or weights",
        ),
        (
            said(&[1, 2]),
            "expected the shape [1, 2], which the graph says, found [1, 3]",
        ),
        // The batch stands behind the values.
        (turned(0, &[3, 0]), "none"),
        (turned(0, &[3, 8]), "none"),
        (turned(1, &[3, 1]), "none"),
        (
            turned(0, &[5, 8]),
            "expected the shape [5, 8], which the graph says, found [3, 8]",
        ),
        (
            turned(1, &[3, 8]),
            "expected the shape [3, 8], which the graph says, found [3, 1]",
        ),
    ]);
}
