//! What is refused: by node, with what can be done.

#![allow(clippy::too_many_lines, reason = "tables are as long as they are")]

use std::fs;

use deeptaylor::Network;
use deeptaylor::network::ModelOptions;

use super::build::{self, Is, Model, bytes, int, raw, tensor};

pub fn error(file: &[u8]) -> String {
    let read = Network::parse("m.onnx", file);
    read.err()
        .map_or("none".to_owned(), |error| error.to_string())
}

/// A model of two values with one node behind the input.
fn one(operator: &str, inputs: &[&str], attributes: &[(&str, Is)]) -> Model {
    let model = Model::reading(&[0, 2])
        .floats("w", &[2, 2], &[1.0; 4])
        .floats("c", &[2], &[1.0, 2.0]);
    model.node(operator, inputs, "y", attributes).output("y")
}

#[test]
fn what_does_not_fit_is_refused_by_node_with_what_can_be_done() {
    let picture = |sides: &[i64]| Model::reading(sides).floats("k", &[1, 1, 2, 2], &[1.0; 4]);
    let cases: Vec<(Model, &[&str])> = vec![
        (
            one("LeakyRelu", &["x"], &[]),
            &["LeakyRelu at node /LeakyRelu", "deep Taylor needs ReLU"],
        ),
        (
            one("QuantizeLinear", &["x", "c"], &[]),
            &["QuantizeLinear at node", "export the float model"],
        ),
        (
            one("FusedConv", &["x", "w"], &[]),
            &["FusedConv at node", "onnxruntime's optimisation"],
        ),
        (
            picture(&[0, 1, 4, 4])
                .ints("0", &[0])
                .ints("3", &[3])
                .node("Slice", &["x", "0", "0", "3"], "p", &[])
                .node(
                    "MaxPool",
                    &["p"],
                    "y",
                    &[("kernel_shape", Is::Ints(&[2, 2]))],
                )
                .output("y"),
            &[
                "MaxPool at node",
                "one picture at a time, found [1, 1, 4, 0]",
            ],
        ),
        (
            picture(&[0, 1, 4, 4])
                .ints("0", &[0])
                .ints("1", &[1])
                .node("Slice", &["x", "0", "0", "1"], "p", &[])
                .node(
                    "MaxPool",
                    &["p"],
                    "y",
                    &[("kernel_shape", Is::Ints(&[2, 2]))],
                )
                .output("y"),
            &[
                "MaxPool at node",
                "one picture at a time, found [1, 0, 4, 4]",
            ],
        ),
        (
            picture(&[0, 1, 4, 4])
                .node_of(
                    "com.microsoft",
                    "FusedConv",
                    (&["x", "k"], &["y"]),
                    &[("activation", Is::Text("Tanh"))],
                )
                .output("y"),
            &["FusedConv at node", "onnxruntime's optimisation"],
        ),
        (
            picture(&[0, 1, 4, 4])
                .node(
                    "Pad",
                    &["x"],
                    "p",
                    &[
                        ("pads", Is::Ints(&[0, 0, 1, 1, 0, 0, 1, 1])),
                        ("value", Is::Float(f32::NEG_INFINITY)),
                    ],
                )
                .node("Conv", &["p", "k"], "y", &[])
                .output("y"),
            &["Conv at node", "padded by −∞", "a max pool"],
        ),
        (
            picture(&[0, 1, 4, 4])
                .node(
                    "Pad",
                    &["x"],
                    "p",
                    &[
                        ("pads", Is::Ints(&[0, 0, 2, 2, 0, 0, 0, 0])),
                        ("value", Is::Float(f32::NEG_INFINITY)),
                    ],
                )
                .node(
                    "MaxPool",
                    &["p"],
                    "y",
                    &[("kernel_shape", Is::Ints(&[2, 2]))],
                )
                .output("y"),
            &["MaxPool at node", "padding"],
        ),
        (
            one("LSTM", &["x", "w"], &[]),
            &["LSTM at node", "--model-output NAME"],
        ),
        (
            one("Where", &["x", "x", "x"], &[]),
            &["a choice between values", "a multiple of those of the pool"],
        ),
        (
            one("Einsum", &["x", "w"], &[]),
            &["a product of tensors", "x @ w"],
        ),
        (
            one("Frobnicate", &["x"], &[]),
            &["the operator Frobnicate is not read"],
        ),
        (one("If", &["x"], &[]), &["control flow", "model.eval()"]),
        (
            one(
                "Clip",
                &["x"],
                &[("min", Is::Float(-1.0)), ("max", Is::Float(1.0))],
            ),
            &["Clip at node", "-1..1", "ReLU"],
        ),
        (
            one("Mul", &["x", "x"], &[]),
            &["Mul at node", "depend on the sample", "--model-output"],
        ),
        (
            one("MatMul", &["x", "x"], &[]),
            &["multiplies values with values"],
        ),
        (one("MatMul", &["x", "c"], &[]), &["none"]),
        (
            one("Gemm", &["x", "w", "c2"], &[]),
            &["Gemm at node /Gemm", "nothing in the graph makes `c2`"],
        ),
        (
            one(
                "Pad",
                &["x"],
                &[("pads", Is::Ints(&[0, 1, 0, 1])), ("value", Is::Float(2.0))],
            ),
            &["padding by 0, or by −∞ before a max pool, found 2"],
        ),
        (
            one(
                "Pad",
                &["x"],
                &[
                    ("pads", Is::Ints(&[0, 1, 0, 1])),
                    ("mode", Is::Text("mirror")),
                ],
            ),
            &["expected constant, edge, reflect or wrap, found mirror"],
        ),
        (
            one("Reshape", &["x", "s"], &[]).ints("s", &[3]),
            &["Reshape at node", "a shape of 2 values", "batch of 1"],
        ),
        (
            one("Transpose", &["x"], &[("perm", Is::Ints(&[0, 0]))]),
            &["axis 0 is named twice"],
        ),
        (
            one("Squeeze", &["x"], &[("axes", Is::Ints(&[1]))]),
            &["a side of 1 at axis 1, found 2"],
        ),
        (
            one("Add", &["x", "d"], &[]).floats("d", &[2, 2], &[1.0; 4]),
            &["repeats values of shape [1, 2]"],
        ),
        (
            one("Add", &["x", "d"], &[]).floats("d", &[3], &[1.0; 3]),
            &["expected shapes that go together"],
        ),
        (
            one("Div", &["x", "d"], &[]).floats("d", &[1], &[0.0]),
            &["divides by 0"],
        ),
        (
            one("Cast", &["x"], &[("to", Is::Int(7))]),
            &["makes whole numbers"],
        ),
        (
            one("Identity", &["x"], &[]),
            &["is the input: there is nothing to explain"],
        ),
        (
            one("Identity", &["w"], &[]),
            &["does not depend on the input"],
        ),
        (
            one("ArgMax", &["x"], &[]),
            &["is a class", "--model-output NAME"],
        ),
        (
            one("Softmax", &["x"], &[])
                .node("MatMul", &["y", "w"], "z", &[])
                .output("z")
                .label("class"),
            &[
                "expected one output of values, found `y` and `z`\n",
                "--model-output NAME",
            ],
        ),
        (
            Model::reading(&[0, 2])
                .floats("w", &[2, 2], &[1.0; 4])
                .node("Sigmoid", &["x"], "s", &[])
                .node("MatMul", &["s", "w"], "y", &[])
                .output("y"),
            &[
                "m.onnx: Sigmoid at node /Sigmoid: Sigmoid is an activation that is not ReLU",
                "MatMul at node /MatMul reads this one",
                "deep Taylor needs ReLU",
                "--model-output NAME explains the value before it",
            ],
        ),
        (
            Model::reading(&[0, 2])
                .floats("w", &[2, 2], &[1.0; 4])
                .node("MatMul", &["x", "w"], "y", &[])
                .node("Sigmoid", &["y"], "s", &[])
                .node("Mul", &["y", "s"], "silu", &[])
                .output("silu"),
            &[
                "m.onnx: Sigmoid at node /Sigmoid: Sigmoid is an activation that is not ReLU",
                "Mul at node /Mul multiplies values by it, as SiLU or a gate does",
                "--model-output y explains the value before it",
            ],
        ),
        (
            Model::reading(&[0, 2])
                .floats("w", &[2, 2], &[1.0; 4])
                .node("MatMul", &["x", "w"], "y", &[])
                .node("Softmax", &["y"], "a", &[])
                .node("MatMul", &["a", "w"], "z", &[])
                .output("z"),
            &[
                "m.onnx: Softmax at node /Softmax: Softmax is neither a linear map nor ReLU",
                "--model-output y explains the value before it",
            ],
        ),
        (
            Model::reading(&[0, 2])
                .floats("w", &[2, 2], &[1.0; 4])
                .node("MatMul", &["x", "w"], "y", &[])
                .node("ReduceMean", &["y"], "m", &[("axes", Is::Ints(&[-1]))])
                .node("Sub", &["y", "m"], "d", &[])
                .output("d"),
            &[
                "Sub at node /Sub: it takes a mean of the sample's own values from them",
                "use batch normalisation",
            ],
        ),
        (
            Model::reading(&[0, 2])
                .floats("w", &[2, 2], &[1.0; 4])
                .node("MatMul", &["x", "w"], "y", &[])
                .node("Mul", &["y", "y"], "z", &[])
                .output("z"),
            &["Mul at node", "--model-output y explains a value before it"],
        ),
        (
            picture(&[0, 1, 1, 1])
                .node("Conv", &["x", "k"], "y", &[])
                .output("y"),
            &["Conv at node /Conv", "a window inside of the picture"],
        ),
        (
            picture(&[0, 3, 4, 4])
                .node("Conv", &["x", "k"], "y", &[])
                .output("y"),
            &["Conv at node /Conv", "weights for 3 channels in 1 groups"],
        ),
        (
            picture(&[0, 1, 4, 4])
                .floats("b", &[2], &[1.0; 2])
                .node("Conv", &["x", "k", "b"], "y", &[])
                .output("y"),
            &[
                "Conv at node /Conv",
                "bias",
                "1 numbers, one a channel, found [2]",
            ],
        ),
        (
            picture(&[0, 1, 4, 4])
                .node("MaxPool", &["x"], "y", &[("kernel_shape", Is::Ints(&[2]))])
                .output("y"),
            &["MaxPool at node", "a number for each side"],
        ),
        (
            Model::reading(&[0, 1, 2, 2, 2])
                .floats("k", &[1, 1, 1, 1, 1], &[1.0])
                .node("Conv", &["x", "k"], "y", &[])
                .output("y"),
            &["Conv at node", "one or two sides"],
        ),
        (
            Model::reading(&[0, 0, 4])
                .node("Relu", &["x"], "y", &[])
                .output("y"),
            &[
                "leaves the shape of its input `x` open",
                "--input-shape 3x32x32",
            ],
        ),
        (
            Model::reading(&[0, 2])
                .input("z", &[0, 2])
                .node("Relu", &["x"], "y", &[])
                .output("y"),
            &["several inputs: `x` and `z`", "--model-input NAME"],
        ),
        (
            Model::reading(&[0, 2])
                .node("Relu", &["a"], "b", &[])
                .node("Relu", &["b"], "a", &[])
                .output("a"),
            &["it needs `", "which is made from what it makes"],
        ),
        (
            Model::reading(&[0, 2])
                .node("Relu", &["x"], "y", &[])
                .node("Relu", &["x"], "y", &[])
                .output("y"),
            &["it makes `y`, which", "makes too"],
        ),
        (Model::reading(&[0, 2]), &["the graph has no output"]),
        (Model::new(17).output("y"), &["the graph has no input"]),
        (
            Model::new(99)
                .input("x", &[0, 2])
                .node("Relu", &["x"], "y", &[])
                .output("y"),
            &["opset 6 to 28, found 99"],
        ),
    ];
    for (model, parts) in cases {
        let error = error(&model.file());
        for part in parts {
            assert!(error.contains(part), "{error}\nhas not {part}");
        }
    }
}

#[test]
fn tensors_that_lie_are_refused_before_anything_is_made_of_them() {
    let with = |message: Vec<u8>| {
        let model = Model::reading(&[0, 2]).tensor(&message);
        error(
            &model
                .node("MatMul", &["x", "w"], "y", &[])
                .output("y")
                .file(),
        )
    };
    for (what, message, said) in [
        (
            "too few",
            tensor("w", 1, &[2, 2], &raw(&[1.0; 3])),
            "expected 4 numbers as its sides say, found 3",
        ),
        (
            "more than memory",
            tensor("w", 1, &[1 << 40, 1 << 20], &raw(&[1.0])),
            "numbers as its sides say",
        ),
        (
            "more than can be counted",
            tensor("w", 1, &[i64::MAX, i64::MAX], &[]),
            "expected a shape of a tensor",
        ),
        (
            "far fewer than its sides say",
            tensor("w", 1, &[1_000_000, 1_000_000], &[]),
            "bytes that hold fewer",
        ),
        (
            "below 0",
            tensor("w", 1, &[-2, 2], &[]),
            "expected a shape of a tensor",
        ),
        ("text", tensor("w", 8, &[2, 2], &[]), "found text"),
        (
            "of another field",
            tensor("w", 1, &[1], &int(7, 3)),
            "expected 1 number as its sides say, found 0",
        ),
        (
            "NaN",
            tensor("w", 1, &[2, 1], &raw(&[f32::NAN, 1.0])),
            "expected a finite number, found NaN",
        ),
    ] {
        let error = with(message);
        assert!(
            error.contains(said) && error.contains("MatMul at node /MatMul"),
            "{what}: {error}"
        );
    }
}

/// A message of a tensor `w` of 2 × 1 numbers that stand in another file.
fn outside(file: &str, offset: &str, length: &str) -> Vec<u8> {
    let place = [("location", file), ("offset", offset), ("length", length)];
    build::outside("w", &[2, 1], &place)
}

fn model_of(message: &[u8]) -> Vec<u8> {
    let model = Model::reading(&[0, 2]).tensor(message);
    model
        .node("MatMul", &["x", "w"], "y", &[])
        .output("y")
        .file()
}

/// What Git LFS puts in place of a file.
const POINTER: &[u8] = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 8000\n";

#[test]
fn weights_in_other_files_are_read_from_the_folder_of_the_model_alone() {
    let root = tempfile::tempdir().expect("a folder");
    let folder = root.path().join("model");
    fs::create_dir(&folder).expect("a folder");
    let numbers: Vec<u8> = [9.0_f32, 1.0, 2.0]
        .iter()
        .flat_map(|x| x.to_le_bytes())
        .collect();
    fs::write(folder.join("w.data"), &numbers).expect("a file");
    fs::write(root.path().join("out.data"), &numbers).expect("a file");
    fs::write(folder.join("pointer.data"), POINTER).expect("a file");
    #[cfg(unix)]
    std::os::unix::fs::symlink("../out.data", folder.join("link.data")).expect("a link");
    let read = |message: Vec<u8>| {
        fs::write(folder.join("m.onnx"), model_of(&message)).expect("a file");
        Network::read(folder.join("m.onnx")).map_err(|error| error.to_string())
    };
    let network = read(outside("w.data", "4", "8")).expect("a network");
    assert_eq!(network.layers()[0].linear().stored(), [1.0, 2.0]);
    for (message, said) in [
        (
            outside("../out.data", "0", "8"),
            "expected a file in the folder of the model, found `",
        ),
        (
            outside("/etc/passwd", "0", "8"),
            "expected a file in the folder of the model, found `",
        ),
        #[cfg(unix)]
        (outside("link.data", "0", "8"), "a link out of it"),
        (outside("gone.data", "0", "8"), "gone.data: cannot be read"),
        (
            outside("gone.data", "0", "8"),
            "help: the model was exported as two files: copy gone.data into the folder",
        ),
        (
            outside("pointer.data", "0", "8"),
            "expected the weights in pointer.data, found a pointer of Git LFS\n  help: `git lfs pull`",
        ),
        (
            outside("w.data", "8", "8"),
            "expected 8 bytes from 8 on in w.data",
        ),
        (
            outside("w.data", "18446744073709551615", "8"),
            "expected 8 bytes",
        ),
        (
            outside("w.data", "0", "7"),
            "expected `length` 8 as its sides say, found 7",
        ),
        (outside("w.data", "x", "8"), "cannot be read"),
    ] {
        let error = read(message).expect_err(said);
        assert!(error.contains(said), "{error}\nhas not {said}");
    }
    let error = error(&model_of(&outside("w.data", "4", "8")));
    assert!(error.contains("read from no file"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_model_that_is_a_link_may_have_weights_that_are_a_link_to_the_same_folder() {
    use std::os::unix::fs::symlink;

    let root = tempfile::tempdir().expect("a folder");
    let [names, blobs, other] = ["names", "blobs", "other"].map(|name| root.path().join(name));
    for folder in [&names, &blobs, &other] {
        fs::create_dir(folder).expect("a folder");
    }
    let weights: Vec<u8> = [1.0_f32, 2.0]
        .iter()
        .flat_map(|x| x.to_le_bytes())
        .collect();
    fs::write(blobs.join("1"), model_of(&outside("w.data", "0", "8"))).expect("a file");
    fs::write(blobs.join("2"), &weights).expect("a file");
    fs::write(other.join("2"), &weights).expect("a file");
    symlink("../blobs/1", names.join("m.onnx")).expect("a link");
    symlink("../blobs/2", names.join("w.data")).expect("a link");
    let network = Network::read(names.join("m.onnx")).expect("a network");
    assert_eq!(network.layers()[0].linear().stored(), [1.0, 2.0]);
    fs::remove_file(names.join("w.data")).expect("a link");
    symlink("../other/2", names.join("w.data")).expect("a link");
    let error = Network::read(names.join("m.onnx")).expect_err("another folder");
    assert!(error.to_string().contains("a link out of it"), "{error}");
}

#[test]
fn inputs_outputs_and_open_sides_can_be_chosen() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("m.onnx");
    let model = Model::reading(&[0, 0, 0]).input("z", &[0, 2]);
    let model = model
        .node("Relu", &["x"], "h", &[])
        .node("Neg", &["h"], "y", &[])
        .node("Neg", &["z"], "u", &[]);
    fs::write(&file, model.output("y").output("u").label("l").file()).expect("a file");
    let load = |input: &str, output: &str, shape: &[usize]| {
        let options = ModelOptions {
            input: Some(input.to_owned()),
            output: Some(output.to_owned()),
            input_shape: (!shape.is_empty()).then(|| shape.to_vec()),
        };
        Network::load(&file, &options).map_err(|error| error.to_string())
    };
    let loaded = load("x", "y", &[2, 3]).expect("a network");
    assert_eq!(loaded.network.input_units(), 6);
    let about = loaded.model.expect("a model");
    assert_eq!((&*about.input, &*about.output), ("x", "y"));
    assert_eq!(about.other_outputs, ["u", "l"]);
    let hidden = load("x", "h", &[2, 3]).expect("a network").network;
    assert_eq!(hidden.top(), 1);
    for (input, output, shape, said) in [
        ("q", "y", &[2, 3][..], "no input `q`"),
        ("x", "q", &[2, 3], "nothing in the graph is called `q`"),
        (
            "x",
            "y",
            &[2],
            "expected --input-shape as the input `x`, nxn, found 2",
        ),
        ("z", "y", &[2], "the network reads the input `x` too"),
    ] {
        let error = load(input, output, shape).expect_err(said);
        assert!(error.contains(said), "{error}\nhas not {said}");
    }
}

#[test]
fn a_softmax_at_the_end_is_left_off_and_classes_are_no_output() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("m.onnx");
    let scikit = Model::reading(&[0, 2])
        .floats("w", &[2, 2], &[1.0, 2.0, 3.0, 4.0])
        .node("MatMul", &["x", "w"], "m", &[]);
    let scikit = scikit
        .node("Softmax", &["m"], "p", &[])
        .node("ArgMax", &["p"], "a", &[]);
    let zip = [("classlabels_strings", Is::Texts(&["cat", "dog"]))];
    let scikit = scikit.node_of("ai.onnx.ml", "ZipMap", (&["p"], &["probabilities"]), &zip);
    fs::write(&file, scikit.label("a").output("probabilities").file()).expect("a file");
    let loaded = Network::load(&file, &ModelOptions::default()).expect("a network");
    assert_eq!(loaded.network.output_names(), ["cat", "dog"]);
    assert_eq!(
        loaded.model.as_ref().expect("a model").classes,
        ["cat", "dog"]
    );
    let about = loaded.model.expect("a model");
    assert_eq!(about.other_outputs, ["a"]);
    assert_eq!(about.left_off[0].operator, "Softmax");
    assert!(
        about.notes()[0].contains("the value before it"),
        "{:?}",
        about.notes()
    );
}

#[test]
fn what_the_graph_calls_its_classes_are_the_names_of_the_outputs_that_they_are_made_of() {
    let named = |classes: &dyn Fn(Model) -> Model, output: &str| {
        let model = Model::reading(&[0, 2])
            .floats("v", &[2, 2], &[1.0, 2.0, 3.0, 4.0])
            .floats("w", &[2, 2], &[1.0, 2.0, 3.0, 4.0])
            .node("MatMul", &["x", "v"], "h", &[])
            .node("Relu", &["h"], "r", &[])
            .node("MatMul", &["r", "w"], "m", &[])
            .node("Softmax", &["m"], "p", &[])
            .node("ArgMax", &["p"], "a", &[]);
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("m.onnx");
        fs::write(&file, classes(model).output("p").file()).expect("a file");
        let options = ModelOptions {
            output: Some(output.to_owned()),
            ..ModelOptions::default()
        };
        let loaded = Network::load(&file, &options).expect("a network");
        let classes = loaded.model.expect("a model").classes;
        assert_eq!(loaded.network.output_names(), classes);
        classes
    };
    let picked = |model: Model| {
        let picks = (&["c", "a"][..], &["l"][..]);
        model.node_of("ai.onnx.ml", "ArrayFeatureExtractor", picks, &[])
    };
    let ints = |model: Model| picked(model).ints("c", &[7, -1]);
    let texts = tensor("c", 8, &[2], &[bytes(6, b"cat"), bytes(6, b"dog")].concat());
    let texts = |model: Model| picked(model).tensor(&texts);
    let mapped = |model: Model| {
        let keys = [("classlabels_int64s", Is::Ints(&[3, 4]))];
        model.node_of("ai.onnx.ml", "ZipMap", (&["p"], &["z"]), &keys)
    };
    assert_eq!(named(&ints, "p"), ["7", "-1"]);
    assert_eq!(
        named(&ints, "m"),
        ["7", "-1"],
        "the value before the softmax"
    );
    assert!(
        named(&ints, "r").is_empty(),
        "other values of as many units"
    );
    assert_eq!(named(&texts, "p"), ["cat", "dog"]);
    assert_eq!(named(&mapped, "z"), ["3", "4"]);
    assert_eq!(named(&mapped, "p"), ["3", "4"]);
    let three = |model: Model| picked(model).ints("c", &[1, 2, 3]);
    assert!(named(&three, "p").is_empty(), "more classes than outputs");
    let twice = |model: Model| picked(model).ints("c", &[1, 1]);
    assert!(named(&twice, "p").is_empty(), "a name of two outputs");
}

#[test]
fn what_is_called_a_model_and_is_none_is_told_by_its_content() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("m.onnx");
    for (content, said) in [
        (
            POINTER,
            "found a pointer of Git LFS that stands for the file\n  help: `git lfs pull`",
        ),
        (b"<!DOCTYPE html>\n<html>", "found a page of HTML"),
        (b"PK\x03\x04..archive/data.pkl", "found a file of PyTorch"),
        (b"", "the file is empty"),
        (b"no model", "copy or export it anew"),
    ] {
        fs::write(&file, content).expect("a file");
        let error = Network::read(&file).expect_err(said).to_string();
        assert!(error.contains(said), "{error}\nhas not {said}");
    }
}

#[test]
fn files_of_other_programs_are_known_and_refused_with_the_line_that_exports_them() {
    for (file, what, help) in [
        (
            &b"PK\x03\x04..archive/data.pkl"[..],
            "a file of PyTorch",
            "torch.onnx.export",
        ),
        (
            b"PK\x03\x04..config.json",
            "a file of Keras",
            "format=\"onnx\"",
        ),
        (
            b"\x89HDF\r\n\x1a\n",
            "a file of Keras (HDF5)",
            "format=\"onnx\"",
        ),
        (b"\x1c\0\0\0TFL3", "a TensorFlow Lite model", "tf2onnx"),
        (
            b"\x02\0\0\0\0\0\0\0{}",
            "a safetensors file",
            "network file",
        ),
        (b"\x80\x04\x95", "a pickle of Python", "skl2onnx"),
        (b"\x93NUMPY", "an array of numpy", "--inputs"),
    ] {
        let error = error(file);
        assert!(error.contains(what) && error.contains(help), "{error}");
    }
}
