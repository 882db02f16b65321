//! Bad network files in tables: each is refused in one message that names the place, what was expected and what
//! was found. None ends in a panic.

#![allow(clippy::too_many_lines, reason = "tables are as long as they are")]

use std::fs;
use std::process::Output;

use crate::refusal::{LAYER, assert_refused, deeptaylor, dense, network, with_input};

/// Explains a network file that holds `text`.
fn explain(text: impl AsRef<[u8]>) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("net.json"), text).expect("the file can be written");
    deeptaylor(folder.path(), &["explain", "net.json", "--input", "1,1"])
}

#[test]
fn keys_and_words_that_are_misspelt_are_told_with_the_right_ones() {
    for (what, text, said) in [
        (
            "a key of the file",
            network(LAYER, r#", "outptus": ["y"]"#),
            vec![
                "net.json:2:",
                "outptus: unknown key `outptus`",
                "did you mean `outputs`?",
            ],
        ),
        (
            "a key of the input",
            with_input(r#""shape": [2], "bonds": [0, 1]"#, LAYER, ""),
            vec![
                "net.json:1:",
                "input.bonds: unknown key",
                "did you mean `bounds`?",
            ],
        ),
        (
            "a key of a layer",
            network(&dense(r#""wieghts": [[1], [2]]"#), ""),
            vec!["layers[0].wieghts", "did you mean `weights`?"],
        ),
        (
            "a type",
            network(r#"{ "type": "sumpool" }"#, ""),
            vec![
                "layers[0].type: unknown type `sumpool`",
                "did you mean `sum_pool`?",
            ],
        ),
        (
            "a type that is none",
            network(r#"{ "type": "lstm" }"#, ""),
            vec![
                "unknown type `lstm`",
                "known here: dense, conv2d, sum_pool, ",
            ],
        ),
        (
            "an activation",
            network(&dense(r#""weights": [[1], [2]], "activation": "rleu""#), ""),
            vec![
                "layers[0].activation: unknown activation `rleu`",
                "did you mean `relu`?",
            ],
        ),
        (
            "an order",
            network(
                &dense(r#""weights": [[1], [2]], "weights_order": "outin""#),
                "",
            ),
            vec!["unknown weights order `outin`", "did you mean `out_in`?"],
        ),
    ] {
        assert_refused(what, &explain(text), &said);
    }
}

#[test]
fn keys_that_are_missing_twice_there_or_out_of_place_are_named() {
    for (what, text, said) in [
        (
            "no layers",
            r#"{ "input": { "shape": [2] } }"#.to_owned(),
            vec!["net.json:1:1", "the key `layers` is missing"],
        ),
        (
            "no input",
            format!(r#"{{ "layers": [{LAYER}] }}"#),
            vec!["the key `input` is missing"],
        ),
        (
            "no type",
            network(r#"{ "weights": [[1], [2]] }"#, ""),
            vec!["net.json:2:14", "layers[0]: the key `type` is missing"],
        ),
        (
            "no weights",
            network(r#"{ "type": "dense" }"#, ""),
            vec!["layers[0]: a dense layer needs the key `weights`"],
        ),
        (
            "twice there",
            network(LAYER, ",\n  \"name\": \"a\",\n  \"name\": \"b\""),
            vec!["net.json:4:3", "the key `name` is here twice"],
        ),
        (
            "the layers twice there",
            network(LAYER, &format!(",\n  \"layers\": [{LAYER}]")),
            vec!["net.json:3:3", "the key `layers` is here twice"],
        ),
        (
            "an input twice there, once as a number",
            network(LAYER, ",\n  \"input\": 3"),
            vec!["net.json:3:3", "the key `input` is here twice"],
        ),
        (
            "weights of a pool",
            network(r#"{ "type": "sum_pool", "weights": [[1]] }"#, ""),
            vec![
                "layers[0].weights: a sum_pool layer has no `weights`",
                "help: ",
            ],
        ),
        (
            "size of a dense layer",
            network(&dense(r#""weights": [[1], [2]], "size": 2"#), ""),
            vec!["layers[0].size: a dense layer has no `size`"],
        ),
        (
            "a key of a layer without a type",
            network(r#"{ "weights": [[1], [2]], "tpye": "dense" }"#, ""),
            vec!["layers[0].tpye: unknown key `tpye`", "did you mean `type`?"],
        ),
        (
            "weights of a pool before its type",
            network(r#"{ "weights": [[1]], "type": "sum_pool" }"#, ""),
            vec!["net.json:2:27", "a sum_pool layer has no `weights`"],
        ),
        (
            "a list for the input",
            format!(r#"{{ "input": [[2]], "layers": [{LAYER}] }}"#),
            vec!["input: expected an object, found a list"],
        ),
        (
            "a list for a layer",
            network(r#"["sum_pool"]"#, ""),
            vec!["layers[0]: expected an object, found a list"],
        ),
        (
            "a list for the file",
            "[1]".to_owned(),
            vec!["expected an object, found a list"],
        ),
        (
            "a number for the file",
            "3".to_owned(),
            vec!["expected an object, found 3"],
        ),
        (
            "a number for the name",
            network(LAYER, r#", "name": 3"#),
            vec!["name: expected a string, found 3"],
        ),
    ] {
        assert_refused(what, &explain(text), &said);
    }
}

#[test]
fn two_units_of_one_name_are_refused_with_both_places() {
    for (what, text, said) in [
        (
            "inputs",
            with_input(r#""shape": [2], "names": ["a", "a"]"#, LAYER, ""),
            [
                "net.json:1:",
                "input.names[1]: the name `a` is that of names[0] too",
                "help: give every input its own name",
            ],
        ),
        (
            "outputs",
            network(
                &dense(r#""weights": [[1, 1, 1], [2, 2, 2]]"#),
                r#", "outputs": ["y", "z", "y"]"#,
            ),
            [
                "net.json:2:",
                "outputs[2]: the name `y` is that of outputs[0] too",
                "help: give every output its own name",
            ],
        ),
    ] {
        assert_refused(what, &explain(text), &said);
    }
}

#[test]
fn words_of_other_programs_are_answered_with_what_to_do() {
    let layers = [
        ("softmax", "leave it out and explain the logit before it"),
        ("LogSoftmax", "leave it out and explain the logit before it"),
        ("sigmoid", "at the end: leave it out and explain the logit"),
        ("tanh", "the theory covers ReLU"),
        ("LeakyReLU", "the theory covers ReLU"),
        ("leaky_relu", "the theory covers ReLU"),
        (
            "flatten",
            "it is not needed, because values are flat already",
        ),
        (
            "relu",
            "write \"activation\": \"relu\" in the layer before it",
        ),
        (
            "ReLU",
            "write \"activation\": \"relu\" in the layer before it",
        ),
        ("Linear", "a layer with weights is of type \"dense\""),
        ("conv", "did you mean `conv2d`?"),
        ("Conv1d", "write \"conv2d\" on a level of [channels, 1, n]"),
        (
            "relu6",
            "write \"activation\": \"relu6\" in the layer before",
        ),
        ("BatchNorm1d", "fold it into the layer before it"),
        ("batch_norm", "fold it into the layer before it"),
        ("MaxPool2d", "did you mean `max_pool2d`?"),
        ("avgpool", "did you mean `avg_pool2d`?"),
        ("GlobalAveragePool", "write \"avg_pool2d\", with the height"),
        ("dropout", "it does nothing in a trained network: remove it"),
        ("SumPool", "did you mean `sum_pool`?"),
        ("pool", "write \"type\": \"sum_pool\", with \"size\""),
        ("pool:10", "write \"type\": \"sum_pool\", \"size\": 10"),
        ("Dense", "did you mean `dense`?"),
    ];
    for (word, advice) in layers {
        // Keys that belong to it are no faults of their own.
        let layer = format!(r#"{{ "type": "{word}", "kernel": 3, "p": 0.5 }}"#);
        let unknown = format!("layers[0].type: unknown type `{word}`");
        assert_refused(word, &explain(network(&layer, "")), &[&unknown, advice]);
    }
    let activations = [
        ("softmax", "leave it out and explain the logit before it"),
        ("sigmoid", "at the end: leave it out and explain the logit"),
        ("logistic", "at the end: leave it out and explain the logit"),
        ("tanh", "the theory covers ReLU"),
        ("leaky_relu", "the theory covers ReLU"),
        ("GELU", "the theory covers ReLU"),
        ("Relu", "did you mean `relu`?"),
        ("none", "remove the key, or write \"identity\""),
        ("cube", "known here: "),
    ];
    for (word, advice) in activations {
        let layer = dense(&format!(r#""weights": [[1], [2]], "activation": "{word}""#));
        let unknown = format!("layers[0].activation: unknown activation `{word}`");
        assert_refused(word, &explain(network(&layer, "")), &[&unknown, advice]);
    }
}

#[test]
fn a_key_that_may_be_left_out_is_not_null() {
    let layer = |rest: &str| dense(&format!(r#""weights": [[1], [2]]{rest}"#));
    let network_with = |rest: &str| network(LAYER, &format!(", {rest}"));
    for (key, text) in [
        ("activation", network(&layer(r#", "activation": null"#), "")),
        ("bias", network(&layer(r#", "bias": null"#), "")),
        (
            "weights_order",
            network(&layer(r#", "weights_order": null"#), ""),
        ),
        (
            "size",
            network(r#"{ "type": "sum_pool", "size": null }"#, ""),
        ),
        (
            "names",
            with_input(r#""shape": [2], "names": null"#, LAYER, ""),
        ),
        (
            "bounds",
            with_input(r#""shape": [2], "bounds": null"#, LAYER, ""),
        ),
        ("name", network_with(r#""name": null"#)),
        ("description", network_with(r#""description": null"#)),
        ("outputs", network_with(r#""outputs": null"#)),
        ("inputs", network_with(r#""inputs": null"#)),
    ] {
        let said = [
            &format!("{key}: expected a value, found null")[..],
            &format!("leave `{key}` out"),
        ];
        assert_refused(key, &explain(text), &said);
    }
}

#[test]
fn a_shape_or_names_as_numbers_are_answered_with_how_they_are_written() {
    let shape = with_input(r#""shape": 4"#, LAYER, "");
    assert_refused(
        "shape",
        &explain(shape),
        &["input.shape: expected a list, found 4", "write [4]"],
    );
    let activation = dense(r#""weights": [[1], [2]], "activation": 3"#);
    assert_refused(
        "activation",
        &explain(network(&activation, "")),
        &["layers[0].activation: expected a string, found 3"],
    );
    let outputs = network(LAYER, r#", "outputs": [0]"#);
    assert_refused(
        "outputs",
        &explain(outputs),
        &["outputs[0]: expected a string, found 0", "quotes: \"0\""],
    );
}

#[test]
fn a_place_is_marked_no_wider_than_a_terminal() {
    let row = vec!["0.125"; 3000].join(", ");
    let output = explain(network(
        &format!(r#"{{ "weights": [[{row}], [{row}]] }}"#),
        "",
    ));
    assert_refused("a long layer", &output, &["the key `type` is missing"]);
    let stderr = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(
        stderr.lines().all(|line| line.chars().count() <= 120),
        "{stderr}"
    );
    assert!(stderr.contains('^'), "{stderr}");
}

#[test]
fn all_faults_of_a_file_are_told_in_one_go_in_their_order_each_with_its_place() {
    let text = r#"{ "nmae": "n",
  "input": { "shape": [2], "names": ["a"], "bounds": [1, 0] },
  "layers": [
    { "type": "dense", "weights": [[1, 2], [3, null]], "bias": [0, 0, 0], "activation": "rleu" },
    { "type": "lstm", "kernel": 3 },
    { "type": "sum_pool", "bias": [1] },
    { "type": "dense", "weights": [[1, 2, 3]], "size": 1, "bias": [0] },
    { "type": "dense", "weights": [[1], [2]] } ],
  "outputs": ["y", "z"],
  "inputs": [[1], [1, 2], [1, 2, 3]] }"#;
    let output = explain(text);
    assert_refused("many faults", &output, &[]);
    let stderr = String::from_utf8(output.stderr).expect("UTF-8");
    let told = [
        "net.json: 13 faults, of which the first 10:",
        "nmae: unknown key `nmae`",
        "net.json:1:3",
        "input.names: expected 2 names, one for each input, found 1",
        "net.json:2:37",
        "input.bounds: expected finite l ≤ h, found [1, 0]",
        "layers[0].weights[1][1]: expected a number, found null",
        "net.json:4:48",
        "layers[0].activation: unknown activation `rleu`",
        "layers[1].type: unknown type `lstm`",
        "layers[2].bias: a sum_pool layer has no `bias`",
        "layers[3].size: a dense layer has no `size`",
        "layers[3].bias: expected 3 numbers, one for each unit, found 1",
        "layers[4].weights: expected 3 rows",
    ];
    let mut rest = &stderr[..];
    for said in told {
        let at = rest.find(said);
        let at = at.unwrap_or_else(|| panic!("no `{said}` where it belongs in\n{stderr}"));
        rest = &rest[at + said.len()..];
    }
    assert!(
        !stderr.contains("kernel`"),
        "of an unknown type no key is judged"
    );
}

#[test]
fn a_fault_hides_no_other_and_makes_none_that_is_not_there() {
    // What a misspelt, unreadable or unknown part leaves open is not held against the rest of the file.
    for (what, layers, faults) in [
        (
            "a misspelt key",
            r#"{ "type": "dense", "wieghts": [[1], [2]] }"#.to_owned(),
            1,
        ),
        ("a word for weights", dense(r#""weights": "w""#), 1),
        (
            "an unknown layer below",
            format!(
                r#"{{ "type": "relu" }}, {}"#,
                dense(r#""weights": [[1], [2], [3]]"#)
            ),
            1,
        ),
        (
            "a pool on an unknown layer",
            r#"{ "type": "relu" }, { "type": "sum_pool", "size": 7 }"#.to_owned(),
            1,
        ),
        ("a list for a layer", format!(r#"["dense"], {LAYER}"#), 1),
        (
            "two unknown words",
            r#"{ "type": "relu" }, { "type": "softmax" }"#.to_owned(),
            2,
        ),
        (
            "weights and bias",
            dense(r#""weights": [[1], [2], [3]], "bias": [1, 2]"#),
            2,
        ),
        (
            "twice there, and no weights",
            r#"{ "type": "dense", "bias": [1], "bias": [2] }"#.to_owned(),
            2,
        ),
    ] {
        let error = deeptaylor::Network::parse("n", network(&layers, "").as_bytes());
        let told = error.expect_err("it is refused").to_string();
        let headline = format!("n: {faults} faults:");
        assert_eq!(told.starts_with(&headline), faults > 1, "{what}: {told}");
        assert_eq!(
            told.matches("\nn:").count(),
            if faults > 1 { faults } else { 0 },
            "{what}: {told}"
        );
    }
}

#[test]
fn a_byte_order_mark_a_schema_and_names_of_pytorch_are_read() {
    let text = network(
        &dense(
            r#""weights": [[1], [2]], "activation": "ReLU" }, { "type": "dense", "weights": [[3]], "activation": "linear""#,
        ),
        r#", "$schema": "network.schema.json""#,
    );
    for text in [text.clone(), format!("\u{feff}{text}")] {
        let output = explain(&text);
        assert_eq!(
            output.status.code(),
            Some(0),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(String::from_utf8_lossy(&output.stdout).contains("f(x) = output 0 = 9"));
    }
    // Columns are counted as an editor shows them: without the mark.
    let output = explain("\u{feff}{ \"input\": 3 }");
    assert_refused("a fault behind a mark", &output, &["net.json:1:12"]);
}

#[test]
fn utf_16_is_named_as_such() {
    let units: Vec<u16> = format!("\u{feff}{}", network(LAYER, ""))
        .encode_utf16()
        .collect();
    let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    for (what, text) in [
        ("little", &little[..]),
        ("big", &big),
        ("little without a mark", &little[2..]),
        ("big without a mark", &big[2..]),
    ] {
        assert_refused(
            what,
            &explain(text),
            &["found UTF-16", "save the file as UTF-8"],
        );
    }
}

#[test]
fn numbers_that_are_none_or_beyond_f64_are_told_with_their_place() {
    for (found, said) in [
        (
            "NaN",
            vec!["expected a finite number, found NaN", "JSON has no NaN"],
        ),
        (
            "-Infinity",
            vec!["expected a finite number, found -Infinity"],
        ),
        (
            "1e999",
            vec!["expected a number within ±1.797e308, found 1e999"],
        ),
        ("null", vec!["expected a number, found null"]),
        ("\"2\"", vec!["expected a number, found string \"2\""]),
        ("true", vec!["expected a number, found true"]),
    ] {
        let weights = format!("\"weights\": [[1],\n [{found}]]");
        for layer in [
            dense(&weights),
            format!("{{ {weights}, \"type\": \"dense\" }}"),
        ] {
            let output = explain(network(&layer, ""));
            assert_refused(
                found,
                &output,
                &["net.json:3:3", "layers[0].weights[1][0]: "],
            );
            assert_refused(found, &output, &said);
        }
    }
}

#[test]
fn sizes_that_do_not_fit_are_told_with_both_numbers() {
    for (what, layers, rest, said) in [
        (
            "ragged rows",
            dense(r#""weights": [[1, 2], [3]]"#),
            "",
            vec!["layers[0].weights[1]: expected 2 entries, as in the rows before it, found 1"],
        ),
        (
            "too many rows",
            dense(r#""weights": [[1], [2], [3]]"#),
            "",
            vec!["layers[0].weights: expected 2 rows", "found 3 rows of 1"],
        ),
        (
            "rows of PyTorch",
            dense(r#""weights": [[1, 2], [3, 4], [5, 6]]"#),
            "",
            vec!["expected 2 rows", "\"weights_order\": \"out_in\""],
        ),
        (
            "rows of a layer that is said to be PyTorch's",
            dense(
                r#""weights": [[1, 2, 3], [3, 4, 5]], "bias": [1, 1, 1], "weights_order": "out_in""#,
            ),
            "",
            vec![
                "error: layers[0].weights: expected rows of 2",
                "found 2 rows of 3",
                "these weights fit as \"in_out\": leave `weights_order` out",
            ],
        ),
        (
            "a second layer that does not fit",
            format!("{LAYER}, {LAYER}"),
            "",
            vec!["layers[1].weights: expected 1 row"],
        ),
        (
            "a long bias",
            dense(r#""weights": [[1], [2]], "bias": [1, 2]"#),
            "",
            vec!["layers[0].bias: expected 1 number, one for each unit, found 2"],
        ),
        (
            "an empty bias",
            dense(r#""weights": [[1], [2]], "bias": []"#),
            "",
            vec!["layers[0].bias: expected 1 number, one for each unit, found 0"],
        ),
        (
            "a nested bias",
            dense(r#""weights": [[1], [2]], "bias": [[1]]"#),
            "",
            vec!["layers[0].bias: expected a list of numbers"],
        ),
        (
            "no weights",
            dense(r#""weights": []"#),
            "",
            vec!["layers[0].weights: expected a list of rows"],
        ),
        (
            "empty rows",
            dense(r#""weights": [[], []]"#),
            "",
            vec!["layers[0].weights: expected at least one input and one unit, found 2 × 0"],
        ),
        (
            "flat weights",
            dense(r#""weights": [1, 2]"#),
            "",
            vec!["layers[0].weights: expected a list of rows"],
        ),
        (
            "no layers",
            String::new(),
            "",
            vec!["layers: expected at least one layer, found none"],
        ),
        (
            "a pool over 0",
            r#"{ "type": "sum_pool", "size": 0 }"#.to_owned(),
            "",
            vec!["layers[0].size: expected a number that divides the 2 units below, found 0"],
        ),
        (
            "a pool over 3",
            r#"{ "type": "sum_pool", "size": 3 }"#.to_owned(),
            "",
            vec!["divides the 2 units below, found 3"],
        ),
        (
            "a pool over 2^64 - 1",
            r#"{ "type": "sum_pool", "size": 18446744073709551615 }"#.to_owned(),
            "",
            vec!["divides the 2 units below"],
        ),
        (
            "names of outputs",
            LAYER.to_owned(),
            r#", "outputs": ["a", "b"]"#,
            vec!["outputs: expected 1 name, one for each output, found 2"],
        ),
        (
            "samples",
            LAYER.to_owned(),
            r#", "inputs": [[1, 2], [1]]"#,
            vec!["inputs[1]: expected 2 numbers, one for each input, found 1"],
        ),
        (
            "a flat list of samples",
            LAYER.to_owned(),
            r#", "inputs": [1, 2]"#,
            vec!["inputs[0]: expected numbers or lists of numbers, found 1"],
        ),
    ] {
        assert_refused(what, &explain(network(&layers, rest)), &said);
    }
}

#[test]
fn inputs_that_contradict_themselves_are_refused_before_anything_is_allocated() {
    for (input, said) in [
        (
            r#""shape": []"#,
            "input.shape: expected [n] or [channels, height, width], found 0 numbers",
        ),
        (
            r#""shape": [2, 1]"#,
            "expected [n] or [channels, height, width], found 2 numbers",
        ),
        (
            r#""shape": [0]"#,
            "input.shape: expected between 1 and 134,217,728 inputs, found [0]",
        ),
        (
            r#""shape": [1000000000000000000]"#,
            "expected between 1 and 134,217,728 inputs",
        ),
        (
            r#""shape": [1000000, 1000000, 1000000]"#,
            "expected between 1 and 134,217,728 inputs",
        ),
        (
            r#""shape": [10000000000, 10000000000, 10000000000]"#,
            "expected between 1 and 134,217,728 inputs",
        ),
        (
            r#""shape": [100000000000000000000000]"#,
            "input.shape[0]: expected a whole number, 0 or more, found 1e+23",
        ),
        (
            r#""shape": [-2]"#,
            "input.shape[0]: expected a whole number, 0 or more, found -2",
        ),
        (
            r#""shape": [2.5]"#,
            "input.shape[0]: expected a whole number, 0 or more, found 2.5",
        ),
        (r#""shape": 2"#, "input.shape: expected a list, found 2"),
        (
            r#""shape": [2], "names": ["a"]"#,
            "input.names: expected 2 names, one for each input, found 1",
        ),
        (
            r#""shape": [2], "bounds": [1, -1]"#,
            "input.bounds: expected finite l ≤ h, found [1, -1]",
        ),
        (
            r#""shape": [2], "bounds": [1, 2, 3]"#,
            "input.bounds: expected [l, h] or a list of every l and a list of every h",
        ),
        (
            r#""shape": [2], "bounds": [[0, 0, 0], [1, 1, 1]]"#,
            "input.bounds: expected two numbers, or two lists of 2 numbers, found lists of 3",
        ),
    ] {
        let output = explain(with_input(input, r#"{ "type": "sum_pool" }"#, ""));
        assert_refused(input, &output, &["net.json:1:", said]);
    }
}

#[test]
fn what_is_no_json_is_told_with_line_and_column() {
    let deep = "[".repeat(100_000);
    let deep_weights = network(&format!(r#"{{ "type": "dense", "weights": {deep}"#), "");
    let whole = network(LAYER, "");
    let files: [(&str, &[u8], &str); 8] = [
        (
            "an empty file",
            b"",
            "expected a JSON object, found an empty file",
        ),
        (
            "a file that is cut off",
            &whole.as_bytes()[..60],
            "the file is cut short",
        ),
        (
            "more behind the end",
            &[whole.as_bytes(), b" x"].concat(),
            "trailing characters, found `x`",
        ),
        ("words", b"hello", "not JSON"),
        (
            "deep nesting",
            deep.as_bytes(),
            "expected an object, found a list",
        ),
        (
            "deep weights",
            deep_weights.as_bytes(),
            "lists nested deeper than 127",
        ),
        ("a pickle", b"\x80\x02}q\x00(X\x00", "a pickle of Python"),
        ("zeros", b"\0\0\0", "not JSON"),
    ];
    for (what, text, said) in files {
        let output = explain(text);
        assert_refused(what, &output, &["net.json:", said]);
        assert!(output.stderr.len() < 1000, "{what}: a message, not a dump");
    }
}
