//! Bad samples, files and arguments in tables: each is refused in one message that says what to do instead.
#![allow(clippy::too_many_lines, reason = "tables are as long as they are")]

use std::fs;

use crate::refusal::{LAYER, assert_refused, deeptaylor, dense, network, with_input};
use tempfile::TempDir;

/// A network on three named, bounded inputs, and a folder for samples.
fn named_inputs() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let text = with_input(
        r#""shape": [3], "names": ["a", "b", "c"], "bounds": [-1, 1]"#,
        r#"{ "type": "dense", "weights": [[1], [2], [3]], "activation": "relu" }"#,
        r#", "outputs": ["yes"]"#,
    );
    fs::write(folder.path().join("net.json"), text).expect("the file can be written");
    folder
}

#[test]
fn samples_that_do_not_fit_are_told_with_file_and_line() {
    let folder = named_inputs();
    for (file, text, said) in [
        (
            "s.json",
            "[[1, 2, 3],\n [1, 2]]",
            vec![
                "s.json:2:2",
                "[1]: expected samples of 3 numbers",
                "found 2",
            ],
        ),
        (
            "s.json",
            "[[1, 2], [1, 2]]",
            vec![
                "s.json:1:2",
                "expected samples of 3 numbers, one for each input, found 2",
            ],
        ),
        (
            "s.json",
            "[[1, 2, 1e999]]",
            vec!["s.json:1:9", "within ±1.797e308"],
        ),
        (
            "s.json",
            "{\"a\": 1}",
            vec!["s.json:1:1", "expected a value for the input b, found none"],
        ),
        ("s.json", "[]", vec!["s.json: expected samples, found none"]),
        (
            "s.jsonl",
            "[1, 2, 3]\n[1, 2]\n",
            vec!["s.jsonl:2:1", "expected samples of 3 numbers"],
        ),
        (
            "s.jsonl",
            "[1, 2, 3]\n\n[1, 2, \"x\"]\n",
            vec!["s.jsonl:3:8", "expected a number, found string \"x\""],
        ),
        (
            "s.jsonl",
            "\n",
            vec!["s.jsonl: expected samples, found none"],
        ),
        (
            "s.csv",
            "a,b,d\n1,2,3\n",
            vec![
                "s.csv:1:1",
                "expected a column for the input c, found none",
                "known here: d",
            ],
        ),
        (
            "s.csv",
            "a,b\n1,2\n",
            vec!["s.csv:1:1", "expected a column for the input c, found none"],
        ),
        (
            "s.csv",
            "a,a,c\n1,2,3\n",
            vec!["expected one column `a`, found 2 columns"],
        ),
        (
            "s.csv",
            "a,b,c\n1,2,3\n1,2\n",
            vec![
                "s.csv:3:1",
                "expected 3 columns, as in the first line, found 2",
            ],
        ),
        (
            "s.csv",
            "a,b,c\n1,2,3\n1,2,x\n",
            vec!["s.csv:3:1", ": expected a number, found `x`"],
        ),
        (
            "s.csv",
            "1,2,3\n1,,3\n",
            vec!["s.csv:2:1", ": expected a number, found nothing"],
        ),
        ("s.csv", "1,2,inf\n", vec![": expected a finite number"]),
        (
            "s.csv",
            "a,b,c\n",
            vec!["s.csv: expected samples, found none"],
        ),
        ("s.csv", "", vec!["s.csv: expected samples, found none"]),
        ("s.txt", "1 2\n", vec!["s.txt:1:1"]),
    ] {
        fs::write(folder.path().join(file), text).expect("the file can be written");
        let output = deeptaylor(folder.path(), &["explain", "net.json", "--inputs", file]);
        assert_refused(text, &output, &said);
    }
    fs::write(folder.path().join("bytes.csv"), b"\xff\xfe\n").expect("the file can be written");
    let output = deeptaylor(
        folder.path(),
        &["explain", "net.json", "--inputs", "bytes.csv"],
    );
    assert_refused(
        "bytes",
        &output,
        &["bytes.csv:1:1", "expected text in UTF-8", "UTF-16"],
    );
}

#[test]
fn arguments_that_cannot_be_met_are_told_with_what_can() {
    let folder = named_inputs();
    for (arguments, said) in [
        (
            "explain net.json",
            vec!["there is no sample to explain", "--input 1,0.5,-0.25"],
        ),
        (
            "explain net.json --input 1,2",
            vec!["--input 1,2: expected 3 numbers, one for each input, found 2"],
        ),
        (
            "explain net.json --input 1,2,x",
            vec!["expected a number, found `x`"],
        ),
        (
            "explain net.json --input 1,2,",
            vec!["expected a number, found nothing"],
        ),
        (
            "explain net.json --input 1,2,NaN",
            vec!["expected a number", "found NaN (not a number)"],
        ),
        (
            "explain net.json --input 1,2,3 --inputs s.csv",
            vec!["cannot be used with"],
        ),
        ("explain - --inputs -", vec!["cannot both come from stdin"]),
        (
            "explain net.json --rule w3",
            vec![
                "'w3'",
                "w2, flat, z+, zB, z, epsilon, gamma, alpha-beta, deep-taylor, epsilon-plus",
            ],
        ),
        (
            "explain net.json --layer-rule 0=w2",
            vec!["layer 0: there is no such layer", "(0 is the input)"],
        ),
        (
            "explain net.json --layer-rule 5=w2",
            vec!["layer 5: there is no such layer"],
        ),
        (
            "explain net.json --layer-rule 1=w3",
            vec!["unknown rule `w3`: the rules are w2, flat, z+, zB"],
        ),
        (
            "explain net.json --layer-rule x=w2",
            vec!["expected a whole number from 1 to 1, or the name of a layer, found `x`"],
        ),
        (
            "explain net.json --layer-rule w2",
            vec!["expected LAYER=RULE, for instance 1=zB"],
        ),
        ("explain --layer-rule 2=flat", vec!["layer 2 is a sum pool"]),
        (
            "explain net.json --input 0,0,2 --rule zB",
            vec![
                "sample 0: input 2 (c) is 2, outside its bounds [-1, 1]",
                "help: ",
            ],
        ),
        (
            "explain net.json --input 0,0,2 --rule zB --bounds -1,1",
            vec![
                "input 2 (c) is 2, outside its bounds [-1, 1]",
                "help: widen its bounds (`bounds` in the network file, or --bounds), ",
            ],
        ),
        (
            "explain net.json --sample 3-1",
            vec!["--sample", "the range runs backwards: write 1-3"],
        ),
        (
            "explain net.json --sample 0-1000000",
            vec!["the range has 1,000,001 samples; at most 1,000,000"],
        ),
        (
            "explain net.json --sample x",
            vec!["expected the numbers of samples, counted from 0, as 3 or 0-9"],
        ),
        (
            "explain net.json --layer-rule 5-2=z+",
            vec!["expected the lower number first, found 5-2", "write 2-5"],
        ),
        (
            "explain net.json --layer-rule -1=w2",
            vec!["expected a whole number from 1 to 1, or the name of a layer, found `-1`"],
        ),
        (
            "explain net.json --memory -5",
            vec!["expected a size, for instance 2GiB"],
        ),
        (
            "explain net.json --rule smoothgrad --seed -1",
            vec!["expected a whole number from 0 to 18,446,744,073,709,551,615"],
        ),
        (
            "explain net.json --input 1,1,1 --target ye",
            vec!["target `ye`", "did you mean `yes`?"],
        ),
        (
            "explain net.json --input 1,1,1 --target 3",
            vec!["target 3: there is no such output; this network has 1"],
        ),
        (
            "explain net.json --input 1,1,1 --target -1",
            vec!["target `-1`: expected max, all, an index below 1"],
        ),
        (
            "explain net.json --top some",
            vec!["'some' for '--top <N>': expected a whole number from 1, or all"],
        ),
        ("explain net.json --top -1", vec!["expected a whole number"]),
        (
            "compare --seeds 0",
            vec!["expected a whole number from 1 to 1,000,000"],
        ),
        (
            "compare --threads many",
            vec!["expected a whole number from 1 to 1,024"],
        ),
        ("taylor net.json --layer x", vec!["expected a whole number"]),
        (
            "explain net.json --tolerance -1",
            vec!["expected a number ≥ 0"],
        ),
        (
            "explain net.json --tolerance nan",
            vec!["expected a number ≥ 0"],
        ),
        (
            "explain net.json --exact --expansion",
            vec!["cannot be used with", "--exact", "--expansion"],
        ),
        (
            "explain net.json --tolerance 0.1 --exact",
            vec!["cannot be used with", "--exact"],
        ),
        // Nothing is computed: there is not even a file.
        (
            "explain none.json --exact --format csv",
            vec!["--exact prints text, json, jsonl or html, not csv"],
        ),
        (
            "explain net.json --first-sample -1",
            vec!["expected a whole number from 0 to 9,"],
        ),
        (
            "init --layers 2,2 --seed -1",
            vec!["expected a whole number from 0 to 18,446,744,073,709,551,615"],
        ),
        (
            "explain net.json --exact --exact-limit 0",
            vec!["expected a number above 0, for instance 600"],
        ),
        ("explain net.json --fromat json", vec!["'--format'"]),
        ("exlain net.json", vec!["'explain'"]),
        (
            "net.json",
            vec!["to explain this network: deeptaylor explain net.json"],
        ),
        ("inspect", vec!["<NETWORK>"]),
        ("schema netwrok", vec!["'network'"]),
    ] {
        let arguments: Vec<&str> = arguments.split(' ').collect();
        assert_refused(
            &arguments.join(" "),
            &deeptaylor(folder.path(), &arguments),
            &said,
        );
    }
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    assert_refused(
        "no such file",
        &deeptaylor(path, &["explain", "nope.json"]),
        &["nope.json: cannot be read"],
    );
    assert_refused(
        "a folder",
        &deeptaylor(path, &["inspect", "."]),
        &[".: cannot be read"],
    );
    assert_refused(
        "no such samples",
        &deeptaylor(path, &["explain", "--inputs", "nope.csv"]),
        &["nope.csv: cannot be read"],
    );
    assert_refused(
        "a folder of samples",
        &deeptaylor(path, &["explain", "--inputs", "."]),
        &[".: expected PNG or JPEG pictures in this folder"],
    );
}

#[cfg(unix)]
#[test]
fn a_file_without_permission_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("locked.json");
    fs::write(&file, network(LAYER, "")).expect("the file can be written");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).expect("its mode can be set");
    // Root may read everything.
    if fs::read(&file).is_err() {
        let output = deeptaylor(folder.path(), &["explain", "locked.json"]);
        assert_refused("a locked file", &output, &["locked.json: cannot be read"]);
    }
}

#[test]
fn the_z_box_rule_is_refused_where_it_is_not_defined() {
    for (what, text, rule, said) in [
        (
            "no bounds",
            network(LAYER, ""),
            "--rule=zB",
            "none are given",
        ),
        (
            "bounds without 0",
            with_input(r#""shape": [2], "bounds": [1, 2]"#, LAYER, ""),
            "--rule=zB",
            "l ≤ 0 ≤ h, found [1, 2]",
        ),
        (
            "bounds of each input, above the first layer",
            with_input(
                r#""shape": [2], "bounds": [[0, 0], [1, 1]]"#,
                &format!("{LAYER}, {}", dense(r#""weights": [[1]]"#)),
                "",
            ),
            "--layer-rule=2=zB",
            "layer 2: the zB rule needs bounds",
        ),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("net.json"), text).expect("the file can be written");
        let output = deeptaylor(
            folder.path(),
            &["explain", "net.json", rule, "--input", "1,1"],
        );
        assert_refused(what, &output, &[said]);
    }
}

#[test]
fn overflow_on_the_way_names_layer_unit_and_sample() {
    let huge = dense(r#""weights": [[1e300]]"#);
    let text = with_input(
        r#""shape": [1]"#,
        &format!("{huge}, {huge}"),
        r#", "inputs": [[0], [1]]"#,
    );
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("net.json"), text).expect("the file can be written");
    for format in ["text", "json", "csv"] {
        let output = deeptaylor(folder.path(), &["explain", "net.json", "--format", format]);
        let said = "layer 2: the activation of unit 0 overflows f64 (beyond 1.8e308) for sample 1";
        assert_refused(format, &output, &[said]);
    }
}

#[test]
fn what_is_meant_most_likely_is_said_where_something_else_is_given() {
    let folder = named_inputs();
    let path = folder.path();
    fs::write(path.join("s.csv"), "a,b,c\n1,NaN,3\n").expect("the file can be written");
    for (arguments, said) in [
        ("explain xor", vec!["did you mean example:xor?"]),
        ("inspect xor", vec!["did you mean example:xor?"]),
        ("xor", vec!["deeptaylor explain example:xor"]),
        ("--input 1,2,3", vec!["deeptaylor explain --input"]),
        (
            "explain net.json s.csv",
            vec!["samples go to --inputs: --inputs s.csv"],
        ),
        ("explain s.csv", vec!["a table of samples goes to --inputs"]),
        (
            "explain net.json --inputs s.csv",
            vec!["found NaN (not a number)", "fill it in"],
        ),
        ("schema", vec!["WHAT is one of network, explanation"]),
    ] {
        let words: Vec<&str> = arguments.split(' ').collect();
        assert_refused(arguments, &deeptaylor(path, &words), &said);
    }
}

#[test]
fn a_hidden_layer_without_relu_is_the_first_finding_and_a_network_without_a_name_is_called_by_its_file()
 {
    let folder = named_inputs();
    let layers = format!("{}, {LAYER}", dense(r#""weights": [[1, 1], [2, -1]]"#));
    let text = network(&layers, r#", "inputs": [[1, 2]]"#);
    fs::write(folder.path().join("iris.json"), text).expect("the file can be written");
    let said =
        |words: &[&str]| String::from_utf8(deeptaylor(folder.path(), words).stdout).expect("UTF-8");
    let inspected = said(&["inspect", "iris.json"]);
    assert!(inspected.starts_with("iris\n"), "{inspected}");
    let first = inspected.split('·').nth(1).unwrap_or_default();
    assert!(
        first.contains("Layer 1 is hidden and has no ReLU"),
        "{inspected}"
    );
    let explained = said(&["explain", "iris.json"]);
    assert!(explained.starts_with("iris  2 inputs"), "{explained}");
    assert!(explained.contains("has no ReLU"), "{explained}");
    let page = said(&["explain", "iris.json", "--format", "html"]);
    assert!(page.contains("<h1>iris</h1>"));
    let json = said(&["explain", "iris.json", "--format", "json"]);
    assert!(json.contains(r#""name":"""#) || json.contains(r#""name": """#));
    assert!(said(&["explain", "iris.json", "-q"]).is_empty());
    assert!(said(&["taylor", "iris.json", "-q"]).is_empty());
}
