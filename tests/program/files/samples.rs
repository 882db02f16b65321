//! Samples in every spelling: the same numbers come out of each, and what can be read in two ways is asked about.
#![allow(clippy::too_many_lines, reason = "tables are as long as they are")]

use std::fs;
use std::path::{Path, PathBuf};

use crate::gzip::gzipped;
use crate::program::{fed, json, program, run};
use crate::refusal::{assert_refused, deeptaylor};
use crate::result::printed;
use deeptaylor::Network;
use serde_json::{Value, json};

/// Three named inputs without bounds; f = x1 + 2 x2 + 3 x3.
const NAMED: &str = r#"{"input":{"shape":[3],"names":["x1","x2","x3"]},
 "layers":[{"type":"dense","weights":[[1],[2],[3]]}],"inputs":[[1,0,0],[0,1,0],[0,0,1]]}"#;

/// The same without names.
const NAMELESS: &str =
    r#"{"input":{"shape":[3]},"layers":[{"type":"dense","weights":[[1],[2],[3]]}]}"#;

/// Four pixels between 0 and 1.
const PIXELS: &str = r#"{"input":{"shape":[1,2,2],"bounds":[0,1]},
 "layers":[{"type":"dense","weights":[[1],[2],[3],[4]],"activation":"relu"}]}"#;

/// A folder with the three networks and these files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let networks = [
        ("named.json", NAMED),
        ("nameless.json", NAMELESS),
        ("pixels.json", PIXELS),
    ];
    for (name, text) in networks.iter().chain(files) {
        fs::write(folder.path().join(name), text).expect("the file can be written");
    }
    folder
}

fn case(name: &str) -> String {
    format!("tests/cases/{name}")
}

/// The JSON result of a run in a folder, and what it says on stderr.
fn result(folder: &Path, arguments: &[&str]) -> (Value, String) {
    let arguments = [arguments, &["--format", "json"]].concat();
    let output = deeptaylor(folder, &arguments);
    let stderr = String::from_utf8(output.stderr).expect("UTF-8");
    let result = serde_json::from_slice(&output.stdout);
    (
        result.unwrap_or_else(|error| panic!("{arguments:?}: {error}: {stderr}")),
        stderr,
    )
}

/// What was explained: number, id, label, values of every sample.
fn explained(result: &Value) -> Vec<(Value, Value, Value, Value)> {
    let samples = result["samples"].as_array().expect("samples").iter();
    samples
        .map(|s| {
            (
                s["sample"].clone(),
                s["id"].clone(),
                s["label"].clone(),
                s["layers"][0]["activations"].clone(),
            )
        })
        .collect()
}

#[test]
fn a_header_is_known_by_the_names_of_the_inputs() {
    let arguments = [
        "explain",
        &case("digit-names.json"),
        "--inputs",
        &case("digit-names.csv"),
    ];
    let output = run(&[&arguments[..], &["--format", "json"]].concat());
    let one: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(
        explained(&one),
        [(json!(0), Value::Null, Value::Null, json!([7.0, 6.0, 5.0]))]
    );
    assert_eq!(one["samples"][0]["target"]["value"], 34.0);
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(
        said.starts_with("note: ") && said.contains("--header no"),
        "{said}"
    );
    let two = json(&[&arguments[..], &["--header", "no"]].concat());
    assert_eq!(explained(&two).len(), 2);
}

#[test]
fn a_first_line_that_could_be_names_or_a_sample_is_asked_about() {
    let folder = folder(&[("s.csv", "0,1,2\n5,6,7\n")]);
    let arguments = ["explain", "nameless.json", "--inputs", "s.csv"];
    let said = [
        "s.csv:1:1",
        "could be either",
        "--header yes",
        "--header no",
    ];
    assert_refused("0,1,2", &deeptaylor(folder.path(), &arguments), &said);
    for (said, samples) in [("yes", 1), ("no", 2)] {
        let (result, _) = result(
            folder.path(),
            &[&arguments[..], &["--header", said]].concat(),
        );
        assert_eq!(explained(&result).len(), samples, "{said}");
    }
}

#[test]
fn names_and_classes_stay_with_their_sample_in_every_format() {
    let folder = folder(&[
        ("s.csv", "id,x1,x2,x3,label\nb17,1,0,0,cat\n7,0,1,0,\n"),
        (
            "s.jsonl",
            "{\"id\":\"b17\",\"x\":[1,0,0],\"label\":\"cat\"}\n{\"x3\":0,\"id\":7,\"x1\":0,\"x2\":1,\"label\":null}\n",
        ),
        (
            "s.tsv",
            "who\tx1\tx2\tx3\twhat\nb17\t1\t0\t0\tcat\n7\t0\t1\t0\t\n",
        ),
    ]);
    let expected = [
        (json!(0), json!("b17"), json!("cat"), json!([1.0, 0.0, 0.0])),
        (json!(1), json!(7), Value::Null, json!([0.0, 1.0, 0.0])),
    ];
    for arguments in [
        &["explain", "named.json", "--inputs", "s.csv"][..],
        &["explain", "named.json", "--inputs", "s.jsonl"],
        &[
            "explain",
            "named.json",
            "--inputs",
            "s.tsv",
            "--id",
            "who",
            "--label",
            "what",
        ],
        &[
            "explain",
            "named.json",
            "--inputs",
            "s.tsv",
            "--id",
            "1",
            "--label",
            "last",
        ],
    ] {
        let (found, said) = result(folder.path(), arguments);
        assert_eq!(
            (&explained(&found)[..], said.as_str()),
            (&expected[..], ""),
            "{arguments:?}"
        );
        let (exact, _) = result(folder.path(), &[arguments, &["--exact"]].concat());
        for (n, sample) in exact["samples"]
            .as_array()
            .expect("samples")
            .iter()
            .enumerate()
        {
            assert_eq!(
                (&sample["sample"], &sample["id"], &sample["label"]),
                (&expected[n].0, &expected[n].1, &expected[n].2)
            );
        }
        for format in ["jsonl", "csv", "text"] {
            let output = deeptaylor(folder.path(), &[arguments, &["--format", format]].concat());
            let text = String::from_utf8(output.stdout).expect("UTF-8");
            let said = match format {
                "jsonl" => [
                    "{\"rule\":\"w2\",\"sample\":0,\"id\":\"b17\",\"label\":\"cat\",\"target\"",
                    "{\"rule\":\"w2\",\"sample\":1,\"id\":7,\"target\"",
                ],
                "csv" => [
                    "sample,target,layer,type,unit,name,activation,relevance,share,id,label",
                    ",b17,cat\n",
                ],
                _ => ["sample 0, id b17, label cat: f(x)", "sample 1, id 7: f(x)"],
            };
            assert!(
                said.iter().all(|said| text.contains(said)),
                "{format}: {text}"
            );
        }
    }
    let (taylor, _) = result(
        folder.path(),
        &["taylor", "named.json", "--inputs", "s.csv", "--sample", "1"],
    );
    assert_eq!((&taylor["sample"], &taylor["id"]), (&json!(1), &json!(7)));
}

#[test]
fn results_with_and_without_the_number_of_their_samples_are_reported() {
    let folder = folder(&[("s.csv", "id,x1,x2,x3\na,1,0,0\nb,0,1,0\n")]);
    let (mut new, _) = result(
        folder.path(),
        &[
            "explain",
            "named.json",
            "--inputs",
            "s.csv",
            "--first-sample",
            "5",
        ],
    );
    let page = fed(
        &["report", "-", "--format", "markdown"],
        new.to_string().as_bytes(),
    );
    let page = String::from_utf8(page.stdout).expect("UTF-8");
    assert!(
        page.contains("sample 5, id a") && page.contains("sample 6, id b"),
        "{page}"
    );
    for sample in new["samples"].as_array_mut().expect("samples") {
        let sample = sample.as_object_mut().expect("an object");
        sample.remove("sample");
        sample.remove("id");
    }
    let page = fed(
        &["report", "-", "--format", "markdown"],
        new.to_string().as_bytes(),
    );
    let page = String::from_utf8(page.stdout).expect("UTF-8");
    assert!(
        page.contains("sample 0: ") && page.contains("sample 1: "),
        "{page}"
    );
}

#[test]
fn the_results_of_shards_join() {
    let lines: Vec<String> = (0..6).map(|n| format!("[{n}, 1, 0]")).collect();
    let whole = lines.join("\n");
    let (first, second) = (lines[..2].join("\n"), lines[2..].join("\n"));
    let folder = folder(&[
        ("whole.jsonl", &whole),
        ("a.jsonl", &first),
        ("b.jsonl", &second),
    ]);
    let stream = |file: &str, first: &str| {
        let arguments = [
            "explain",
            "named.json",
            "--inputs",
            file,
            "--first-sample",
            first,
            "--format",
            "jsonl",
        ];
        deeptaylor(folder.path(), &arguments).stdout
    };
    assert_eq!(
        stream("whole.jsonl", "0"),
        [stream("a.jsonl", "0"), stream("b.jsonl", "2")].concat()
    );
    // An object that brings its number keeps it.
    let text = "{\"sample\":41,\"x\":[1,0,0]}\n{\"x\":[0,1,0]}\n";
    let output = fed(
        &[
            "explain",
            &case("no-names.json"),
            "--inputs",
            "-",
            "--format",
            "jsonl",
        ],
        text.as_bytes(),
    );
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(
        text.starts_with("{\"rule\":\"w2\",\"sample\":41,")
            && text.contains("\n{\"rule\":\"w2\",\"sample\":1,"),
        "{text}"
    );
}

#[test]
fn samples_are_chosen_by_their_numbers() {
    let folder = folder(&[("s.jsonl", "[1,0,0]\n[0,1,0]\n[0,0,1]\n[1,1,1]\n")]);
    let numbers = |arguments: &[&str]| -> Vec<Value> {
        let (result, _) = result(folder.path(), arguments);
        explained(&result)
            .into_iter()
            .map(|(number, ..)| number)
            .collect()
    };
    assert_eq!(
        numbers(&["explain", "named.json", "--sample", "2"]),
        [json!(2)]
    );
    assert_eq!(
        numbers(&["explain", "named.json", "--sample", "2,0"]),
        [json!(0), json!(2)]
    );
    let file = ["explain", "named.json", "--inputs", "s.jsonl"];
    assert_eq!(
        numbers(&[&file[..], &["--sample", "1-2", "--sample", "0"]].concat()),
        [json!(0), json!(1), json!(2)]
    );
    assert_eq!(
        numbers(&[&file[..], &["--first-sample", "10", "--sample", "12"]].concat()),
        [json!(12)]
    );
    let (taylor, _) = result(
        folder.path(),
        &[
            "taylor",
            "named.json",
            "--inputs",
            "s.jsonl",
            "--sample",
            "3",
            "--exact",
        ],
    );
    assert_eq!(taylor["target"]["value"], "6");
    let first = deeptaylor(
        folder.path(),
        &["taylor", "named.json", "--inputs", "s.jsonl"],
    );
    let note = "note: s.jsonl: sample 0 is expanded; --sample N chooses another\n";
    assert_eq!(String::from_utf8(first.stderr).expect("UTF-8"), note);
    for (arguments, said) in [
        (
            &["explain", "named.json", "--sample", "3"][..],
            "--sample 3: there is no such sample; the network file has 3, counted from 0",
        ),
        (
            &[
                "explain",
                "named.json",
                "--inputs",
                "s.jsonl",
                "--sample",
                "4",
            ],
            "s.jsonl has 4, counted from 0",
        ),
        (
            &["taylor", "named.json", "--sample", "0,1"],
            "--sample N chooses one",
        ),
        (
            &["explain", "named.json", "--sample", "x"],
            "expected the numbers of samples",
        ),
        (
            &["explain", "named.json", "--sample", "-1"],
            "expected the numbers of samples",
        ),
    ] {
        assert_refused(
            &arguments.join(" "),
            &deeptaylor(folder.path(), arguments),
            &[said],
        );
    }
}

#[test]
fn a_table_that_train_reads_is_explained_at_the_scale_that_is_said() {
    let folder = folder(&[("digits.csv", "label,p0,p1,p2,p3\n3,0,16,4,1\n5,8,0,16,2\n")]);
    let plain = ["explain", "pixels.json", "--inputs", "digits.csv"];
    let said = [
        "digits.csv:2:1",
        "bounds",
        "found 16",
        "column 3 `p1`",
        "--scale max divides every value by the largest of the file (16 in this sample); --scale none",
        "--scale none",
    ];
    assert_refused("unscaled", &deeptaylor(folder.path(), &plain), &said);
    let scaled = |scale: &str| {
        let (result, said) = result(folder.path(), &[&plain[..], &["--scale", scale]].concat());
        (explained(&result), said)
    };
    let (by_16, said) = scaled("16");
    let expected = [
        (
            json!(0),
            Value::Null,
            json!(3),
            json!([0.0, 1.0, 0.25, 0.0625]),
        ),
        (
            json!(1),
            Value::Null,
            json!(5),
            json!([0.5, 0.0, 1.0, 0.125]),
        ),
    ];
    assert_eq!((&by_16[..], said.as_str()), (&expected[..], ""));
    let (by_largest, said) = scaled("max");
    assert_eq!(by_largest, by_16);
    assert!(said.contains("divided by 16, the largest"), "{said}");
    assert_eq!(scaled("none").0[0].3, json!([0.0, 16.0, 4.0, 1.0]));
    let (exact, _) = result(
        folder.path(),
        &[&plain[..], &["--scale", "3", "--exact"]].concat(),
    );
    assert_eq!(
        exact["samples"][0]["layers"][0]["activations"],
        json!(["0", "16/3", "4/3", "1/3"])
    );
    for scale in ["0", "-1", "x", "inf"] {
        let output = deeptaylor(
            folder.path(),
            &[&plain[..], &[&format!("--scale={scale}")]].concat(),
        );
        assert_refused(scale, &output, &["expected a number above 0"]);
    }
    let output = fed(&["explain", "--inputs", "-", "--scale", "max"], b"1,2,3\n");
    assert_refused("a pipe", &output, &["--scale max", "found a pipe"]);
}

#[test]
fn columns_beside_the_inputs_are_told_once_and_chosen_ones_are_not() {
    let folder = folder(&[
        ("s.csv", "x1,note,x2,x3,more\n1,a,2,3,b\n4,a,5,6,b\n"),
        (
            "s.jsonl",
            "{\"x1\":1,\"x2\":2,\"x3\":3,\"y\":0}\n{\"x1\":4,\"x2\":5,\"x3\":6,\"z\":0}\n",
        ),
        ("bare.csv", "7;1;2;3;cat\n8;4;5;6;dog\n"),
    ]);
    for (arguments, note) in [
        (
            &["--inputs", "s.csv"][..],
            "note: s.csv: the columns note, more are left out\n",
        ),
        (
            &["--inputs", "s.jsonl"],
            "note: s.jsonl: the key y is left out\n",
        ),
        (&["--inputs", "s.csv", "--columns", "x1,x2,x3"], ""),
        (&["--inputs", "s.csv", "--columns", "1,3-4"], ""),
        (&["--inputs", "bare.csv", "--columns", "2-4"], ""),
        (
            &["--inputs", "bare.csv", "--id", "1", "--label", "last"],
            "",
        ),
    ] {
        let (found, said) = result(
            folder.path(),
            &[&["explain", "named.json"], arguments].concat(),
        );
        let values: Vec<Value> = explained(&found)
            .into_iter()
            .map(|(.., values)| values)
            .collect();
        assert_eq!(
            values,
            [json!([1.0, 2.0, 3.0]), json!([4.0, 5.0, 6.0])],
            "{arguments:?}"
        );
        assert_eq!(said, note, "{arguments:?}");
    }
}

#[test]
fn what_cannot_be_read_is_told_with_its_place_and_what_to_do() {
    for (name, text, said) in [
        (
            "s.csv",
            "x1,x2,X3\n1,2,3\n",
            &[
                "s.csv:1:1",
                "expected a column for the input x3",
                "did you mean `X3`?",
                "--columns",
            ][..],
        ),
        (
            "s.csv",
            "x1,x2,x3,x2\n1,2,3,4\n",
            &["s.csv:1:1", "expected one column `x2`, found 2 columns"],
        ),
        (
            "s.csv",
            "x1,x2,x3\n1,0,0,5,-0,25\n",
            &["s.csv:2:1", "expected 3 columns", "found 6", "semicolons"],
        ),
        (
            "s.csv",
            "x1;x2;x3\n1,5;2.5;3\n",
            &[
                "s.csv:2:1",
                "column 2 `x2`",
                "expected decimals behind a `,`",
                "found `2.5`",
            ],
        ),
        (
            "s.csv",
            "x1;x2;x3\n1.000,5;2;3\n",
            &[
                "s.csv:2:1",
                "column 1 `x1`: expected a number, found `1.000,5`",
            ],
        ),
        (
            "s.csv",
            "x1,x2,x3,y\n1,2,3\n",
            &[
                "s.csv:2:1",
                "expected 4 columns, as in the first line, found 3",
            ],
        ),
        (
            "s.csv",
            "\n\n1,2,3\n\n\n4,x,6\n",
            &["s.csv:6:1", "column 2: expected a number, found `x`"],
        ),
        (
            "s.csv",
            "x1|x2|x3\n1|2|3\n",
            &[
                "expected a column for the input x1, found none",
                "semicolons, tabs or spaces",
            ],
        ),
        (
            "s.csv",
            "1 2\n",
            &[
                "expected 3 columns, one for each input, found 2",
                "semicolons, tabs or spaces",
            ],
        ),
        (
            "s.csv",
            "1,2,3,4\n",
            &["expected 3 columns", "found 4", "--columns", "--label"],
        ),
        (
            "s.jsonl",
            "[1,2,3]\n[4,5,6]\n[7,8\n[0,0,0]\n",
            &[
                "s.jsonl:3:4",
                "found the end of the line",
                "every line is one JSON value",
            ],
        ),
        (
            "s.jsonl",
            "[1,2,3]\n{\"x1\":1,\"x2\":2,\"X3\":3}\n",
            &[
                "s.jsonl:2:1",
                "expected a value for the input x3",
                "did you mean `X3`?",
            ],
        ),
        (
            "s.jsonl",
            "{\"x1\":1,\"x2\":\"2\",\"x3\":3}\n",
            &["s.jsonl:1:14", "x2: expected a number, found `\"2\"`"],
        ),
        (
            "s.jsonl",
            "{\"x1\":1,\"x2\":1e999,\"x3\":3}\n",
            &["x2: expected a number within"],
        ),
        (
            "s.jsonl",
            "{\"x1\":1,\"x2\":2,\"x3\":3,\"x1\":4}\n",
            &["x1: expected every key once"],
        ),
        (
            "s.jsonl",
            "{\"x\":[1,2]}\n",
            &["s.jsonl:1:6", "x: expected samples of 3 numbers"],
        ),
        (
            "s.jsonl",
            "{\"x\":[1,2,3],\"sample\":-1}\n",
            &["sample: expected a whole number"],
        ),
        (
            "s.jsonl",
            "{\"x\":[1,2,3],\"id\":[7]}\n",
            &["id: expected a number or a word"],
        ),
        (
            "s.json",
            "[[1,2,3],\n [4,5,6],\n [7,8]]",
            &[
                "s.json:3:2",
                "[2]: expected samples of 3 numbers",
                "found 2",
            ],
        ),
        (
            "s.json",
            "[[1,2,3],\n [4,NaN,6]]",
            &["s.json:2:5", "[1][1]: expected a finite number, found NaN"],
        ),
        (
            "s.json",
            "[[1,2,3],\n [4,5,6]",
            &["s.json:2:9", "expected `,` or `]`", "cut short"],
        ),
        (
            "s.json",
            "[[1,2,3] [4,5,6]]",
            &[
                "s.json:1:10",
                "expected `,` or `]` behind a sample, found `[`",
            ],
        ),
        (
            "s.json",
            "[{\"x1\":1,\"x2\":2,\"x3\":3},\n {\"x1\":1,\"x2\":null,\"x3\":3}]",
            &["s.json:2:15", "[1].x2: expected a number, found `null`"],
        ),
        (
            "s.json",
            "[[1,2,3],",
            &["s.json:1:10", "expected a sample, found the end"],
        ),
        ("s.json", "[[1,2,3],]", &["[1]", "found `]`"]),
    ] {
        let folder = folder(&[(name, text)]);
        let output = deeptaylor(folder.path(), &["explain", "named.json", "--inputs", name]);
        assert_refused(text, &output, said);
    }
    let utf_16: Vec<u8> = "\u{feff}1,2,3\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let cut = &gzipped(b"1,2,3\n4,5,6\n")[..20];
    for (what, bytes, said) in [
        ("UTF-16 with a mark", &utf_16[..], "UTF-16"),
        ("UTF-16 without one", &utf_16[2..], "UTF-16"),
        (
            "Latin-1",
            b"x1,x2,x3,\xe9\n1,2,3,4\n",
            "expected CSV in UTF-8",
        ),
        (
            "half a packed file",
            cut,
            "expected gzipped data, found its end too early: the file is cut short",
        ),
    ] {
        let folder = folder(&[]);
        fs::write(folder.path().join("s.csv"), bytes).expect("the file can be written");
        let output = deeptaylor(
            folder.path(),
            &["explain", "named.json", "--inputs", "s.csv"],
        );
        assert_refused(what, &output, &["s.csv", said]);
    }
}

#[test]
fn columns_that_are_not_there_are_told_with_those_that_are() {
    let folder = folder(&[("s.csv", "a,b,c,d\n1,2,3,4\n"), ("bare.csv", "1,2,4,8\n")]);
    for (arguments, said) in [
        (
            "--inputs s.csv --columns a,b,e",
            "--columns: expected a column, found `e`",
        ),
        (
            "--inputs s.csv --columns a,b",
            "--columns: expected 3 columns, one for each input, found 2",
        ),
        (
            "--inputs s.csv --columns a,b,c --label e",
            "--label: expected a column, found `e`",
        ),
        (
            "--inputs bare.csv --columns 1-5",
            "columns are numbered from 1; this file has 4",
        ),
        (
            "--inputs bare.csv --columns 1-3 --id 0",
            "--id: expected a column, found `0`",
        ),
        ("--inputs s.csv --header maybe", "expected yes or no"),
        ("--inputs s.csv --decimals ,", "expected point or comma"),
        ("--columns a,b,c", "--inputs <FILE>"),
        ("--input 1,2,3 --inputs s.csv", "cannot be used with"),
        ("--inputs 1,0.5", "did you mean --input 1,0.5?"),
        ("--input s.csv", "did you mean --inputs s.csv?"),
    ] {
        let arguments: Vec<&str> = "explain nameless.json"
            .split(' ')
            .chain(arguments.split(' '))
            .collect();
        assert_refused(
            &arguments.join(" "),
            &deeptaylor(folder.path(), &arguments),
            &[said],
        );
    }
}

#[test]
fn the_nearest_of_all_names_is_meant_and_the_first_of_many_are_listed() {
    let names: Vec<String> = (0..40).map(|n| format!("pixel{n:02}")).collect();
    let table = format!("{}\n{}\n", names.join(","), vec!["1"; 40].join(","));
    let network = r#"{"input":{"shape":[2],"names":["pixel00","pixxel39"]},"layers":[{"type":"dense","weights":[[1],[1]]}]}"#;
    let object: Vec<String> = names.iter().map(|name| format!("\"{name}\":1")).collect();
    let object = format!("{{{}}}\n", object.join(","));
    let folder = folder(&[
        ("s.csv", &table),
        ("s.jsonl", &object),
        ("net.json", network),
    ]);
    for (arguments, said) in [
        ("--inputs s.csv", "did you mean `pixel39`?"),
        ("--inputs s.jsonl", "did you mean `pixel39`?"),
        (
            "--inputs s.csv --columns pixel00,pixxel38",
            "did you mean `pixel38`?",
        ),
        (
            "--inputs s.csv --columns pixel00,qqq",
            "pixel22, pixel23, …",
        ),
    ] {
        let arguments: Vec<&str> = "explain net.json"
            .split(' ')
            .chain(arguments.split(' '))
            .collect();
        let output = deeptaylor(folder.path(), &arguments);
        assert_refused(&arguments.join(" "), &output, &[said]);
    }
}

#[test]
fn chosen_columns_are_matched_to_the_inputs_by_name_or_it_is_said_what_is_taken_for_what() {
    let folder = folder(&[
        ("s.csv", "x1,x2,x3,y\n1,2,3,9\n"),
        ("other.csv", "c,a,b\n3,1,2\n"),
        ("list.jsonl", "[1,2,3]\n"),
        ("s.jsonl", "{\"x1\":1,\"x2\":2,\"x3\":3,\"y\":9}\n"),
    ]);
    for (arguments, values, note) in [
        (
            "s.csv --columns x3,x1,x2",
            [1.0, 2.0, 3.0],
            "note: s.csv: the columns of --columns are matched to the inputs by their names\n",
        ),
        (
            "s.csv --columns 3,1,2",
            [1.0, 2.0, 3.0],
            "note: s.csv: the columns of --columns are matched to the inputs by their names\n",
        ),
        ("s.csv --columns x1,x2,x3", [1.0, 2.0, 3.0], ""),
        (
            "s.csv --columns x1,y,x3",
            [1.0, 9.0, 3.0],
            "note: s.csv: taken in their order: `y` for the input x2\n",
        ),
        (
            "other.csv --columns a,b,c",
            [1.0, 2.0, 3.0],
            "note: other.csv: taken in their order: `a` for the input x1, `b` for the input x2, `c` for the input x3\n",
        ),
        (
            "s.jsonl --columns x3,x1,x2",
            [1.0, 2.0, 3.0],
            "note: s.jsonl: the keys of --columns are matched to the inputs by their names\n",
        ),
        (
            "s.jsonl --columns x1,y,x3",
            [1.0, 9.0, 3.0],
            "note: s.jsonl: taken in their order: `y` for the input x2\n",
        ),
    ] {
        let arguments: Vec<&str> = "explain named.json --inputs"
            .split(' ')
            .chain(arguments.split(' '))
            .collect();
        let (found, said) = result(folder.path(), &arguments);
        assert_eq!(
            (&explained(&found)[0].3, said.as_str()),
            (&json!(values), note),
            "{arguments:?}"
        );
    }
    for (arguments, said) in [
        (
            "s.csv --columns x2,y,x3",
            "--columns: expected a column for the input x1, found `x2`, the name of another input",
        ),
        (
            "s.jsonl --columns x2,y,x3",
            "--columns: expected a key for the input x1, found `x2`, the name of another input",
        ),
        (
            "s.csv --columns 1,1,2",
            "--columns: expected every column once, found column 1 `x1` twice",
        ),
        (
            "s.csv --columns 1,1,1-3",
            "--columns: expected every column once, found column 1 `x1` twice",
        ),
        (
            "s.jsonl --columns x1,x1,x3",
            "--columns: expected every key once, found `x1` twice",
        ),
        ("s.jsonl --columns 1-3", "numbers and ranges are for tables"),
        ("s.jsonl --columns 1,2,3", "(names, not numbers)"),
        (
            "s.csv --label x1",
            "--label: expected a column that is not an input, found column 1 `x1`, which is an input",
        ),
        (
            "s.csv --label 1",
            "--label: expected a column that is not an input, found column 1 `x1`, which is an input",
        ),
        (
            "s.csv --columns 1-3 --id 2",
            "--id: expected a column that is not an input, found column 2 `x2`, which is an input",
        ),
        (
            "s.jsonl --label x1",
            "--label: expected a key that is not an input, found `x1`, which is an input",
        ),
        (
            "list.jsonl --columns x1,x2,x3",
            "--columns: expected objects, which have keys, found a list",
        ),
        (
            "list.jsonl --label y",
            "--label: expected objects, which have keys, found a list",
        ),
        (
            "list.jsonl --header yes",
            "--header: expected a table, found JSON",
        ),
        (
            "list.jsonl --decimals comma",
            "--decimals: expected a table, found JSON",
        ),
        (
            "s.csv --columns 0-2",
            "columns are numbered from 1; this file has 4",
        ),
        (
            "s.csv --columns 2-70",
            "columns are numbered from 1; this file has 4",
        ),
        (
            "s.csv --columns 4-1",
            "columns are numbered from 1; this file has 4",
        ),
        (
            "s.csv --label 0",
            "columns are numbered from 1; this file has 4",
        ),
        (
            "s.csv --label -1",
            "columns are numbered from 1; this file has 4",
        ),
    ] {
        let arguments: Vec<&str> = "explain named.json --inputs"
            .split(' ')
            .chain(arguments.split(' '))
            .collect();
        assert_refused(
            &arguments.join(" "),
            &deeptaylor(folder.path(), &arguments),
            &[said],
        );
    }
}

#[test]
fn options_for_files_are_refused_beside_a_typed_sample() {
    for command in ["explain", "taylor", "compare"] {
        for option in [
            "--scale 2",
            "--columns 3,2,1",
            "--label 1",
            "--id 1",
            "--header no",
            "--decimals comma",
        ] {
            let mut arguments = vec![command, "--input", "1,0.5,-0.25"];
            arguments.extend(option.split(' '));
            assert_refused(
                &arguments.join(" "),
                &run(&arguments),
                &["cannot be used with", "--input"],
            );
        }
    }
}

#[test]
fn a_value_outside_the_bounds_is_told_with_its_column_and_what_it_may_be() {
    let folder = folder(&[
        ("named.csv", "a,p1,p2,p3,digit\n0.5,0.1,0.2,0.3,7\n"),
        ("bare.csv", "0.5,0.1,0.2,0.3,7\n"),
        ("first.csv", "7,0.1,0.2,0.3,0.5\n"),
        ("bytes.csv", "0,200,16,255,0.5\n"),
        ("dim.csv", "0,16,4,1\n8,0,16,2\n"),
    ]);
    let scale = "--scale max divides every value by the largest of the file (7 in this sample); --scale none";
    for (arguments, said) in [
        (
            "named.csv --columns 2-5",
            &[
                "column 5 `digit`: expected values within the bounds",
                "is this the class? --label digit; else",
                scale,
            ][..],
        ),
        (
            "bare.csv --columns 2-5",
            &[
                "column 5: expected",
                "is this the class? --label last; else",
                scale,
            ],
        ),
        (
            "first.csv --columns 1-4",
            &[
                "column 1: expected",
                "is this the class? --label 1; else",
                scale,
            ],
        ),
        (
            "bytes.csv --columns 1-4",
            &[
                "column 2: expected",
                "help: --scale max divides",
                "(255 in this sample), --scale 255 by 255;",
            ],
        ),
        (
            "dim.csv --scale -16",
            &["expected a number above 0, as 255, or max or none"],
        ),
    ] {
        let arguments: Vec<&str> = "explain pixels.json --inputs"
            .split(' ')
            .chain(arguments.split(' '))
            .collect();
        assert_refused(
            &arguments.join(" "),
            &deeptaylor(folder.path(), &arguments),
            said,
        );
    }
    let said = |scale: &str| {
        result(
            folder.path(),
            &[
                "explain",
                "pixels.json",
                "--inputs",
                "dim.csv",
                "--scale",
                scale,
            ],
        )
        .1
    };
    let sliver = said("255");
    assert!(
        sliver.contains("values reach at most 0.0627") && sliver.contains("--scale max"),
        "{sliver}"
    );
    assert_eq!(said("16"), "");
}

#[test]
fn samples_out_of_order_or_twice_are_said_to_come_in_order_and_once() {
    let folder = folder(&[]);
    let note = "note: the network file: the samples of --sample come in the order of their numbers, each once\n";
    for (chosen, numbers, said) in [
        ("2,0", &[0, 2][..], note),
        ("1,1", &[1], note),
        ("0-2,1", &[0, 1, 2], note),
        ("0,2", &[0, 2], ""),
    ] {
        let (found, told) = result(
            folder.path(),
            &["explain", "named.json", "--sample", chosen],
        );
        let taken: Vec<Value> = explained(&found)
            .into_iter()
            .map(|(number, ..)| number)
            .collect();
        assert_eq!(
            (json!(taken), told.as_str()),
            (json!(numbers), said),
            "{chosen}"
        );
    }
    let (one, _) = result(folder.path(), &["taylor", "named.json", "--sample", "1,1"]);
    assert_eq!(one["target"]["value"], 2.0);
}

#[test]
fn a_typed_sample_is_divided_by_commas_semicolons_or_blanks() {
    let values = |text: &str| {
        json(&["explain", "--input", text])["samples"][0]["layers"][0]["activations"].clone()
    };
    for text in [
        "1,0.5,-0.25",
        "1 0.5 -0.25",
        "1;0.5;-0.25",
        " 1 ; 1/2 ;-1/4",
        "[1  1/2\t-1/4]",
    ] {
        assert_eq!(values(text), json!([1.0, 0.5, -0.25]), "{text}");
    }
    for text in ["1,0.5 -0.25", "1,5;0,5;1"] {
        assert_refused(
            text,
            &run(&["explain", "--input", text]),
            &["separate values by commas; decimals have a point"],
        );
    }
}

#[test]
fn fractions_in_files_are_exact_in_fractions_and_the_nearest_f64_else() {
    let folder = folder(&[
        ("s.csv", "x1,x2,x3\n1/3,0.5,-1/4\n"),
        ("bare.csv", "1/3,0.5,-1/4\n"),
        ("s.jsonl", "{\"x1\":\"1/3\",\"x2\":0.5,\"x3\":\"-1/4\"}\n"),
        ("list.json", "[[\"1/3\", 0.5, \"-1/4\"]]"),
        ("one.json", "{\"x\": [\"1/3\", 0.5, \"-1/4\"]}"),
    ]);
    for file in ["s.csv", "bare.csv", "s.jsonl", "list.json", "one.json"] {
        let arguments = ["explain", "named.json", "--inputs", file];
        let values = |more: &[&str]| {
            explained(&result(folder.path(), &[&arguments[..], more].concat()).0)[0]
                .3
                .clone()
        };
        assert_eq!(values(&[]), json!([1.0 / 3.0, 0.5, -0.25]), "{file}");
        assert_eq!(
            values(&["--exact"]),
            json!(["1/3", "1/2", "-1/4"]),
            "{file}"
        );
        assert_eq!(
            values(&["--exact", "--scale", "2"]),
            json!(["1/6", "1/4", "-1/8"]),
            "{file}"
        );
    }
}

#[test]
fn digits_beside_a_fraction_in_quotes_are_no_part_of_it() {
    for text in [
        "[5\"6.1/3\"1, 1, 3]",
        "[\"1/3\"1, 1, 3]",
        "[1\"1/3\", 1, 3]",
        "[1, 1, \"1/3\"e5]",
        "[-\"1/3\", 1, 3]",
    ] {
        let folder = folder(&[("s.jsonl", text)]);
        let output = deeptaylor(
            folder.path(),
            &["explain", "named.json", "--inputs", "s.jsonl"],
        );
        assert_refused(text, &output, &["s.jsonl:1"]);
    }
}

#[test]
fn a_value_that_its_scale_makes_too_large_is_told_with_its_place() {
    let folder = folder(&[
        ("s.csv", "x1,x2,x3\n1,-1.7e308,2\n"),
        ("s.jsonl", "[1, -1.7e308, 2]"),
    ]);
    for (file, place) in [
        ("s.csv", "s.csv:2:1: column 2 `x2`"),
        ("s.jsonl", "s.jsonl:1"),
    ] {
        let line = ["explain", "named.json", "--inputs", file, "--scale", "0.5"];
        let said = [place, "expected a finite number, once divided by 0.5"];
        assert_refused(file, &deeptaylor(folder.path(), &line), &said);
    }
}

#[test]
fn an_index_without_a_name_of_its_own_is_taken_for_names_and_told_once() {
    for (name, called) in [
        ("", "the first column, which has no name,"),
        ("Unnamed: 0", "the column Unnamed: 0"),
        ("index", "the column index"),
    ] {
        for network in ["named.json", "nameless.json"] {
            let folder = folder(&[("s.csv", &format!("{name},x1,x2,x3\n4,1,2,3\n5,4,5,6\n"))]);
            let (found, said) = result(folder.path(), &["explain", network, "--inputs", "s.csv"]);
            let ids: Vec<Value> = explained(&found)
                .into_iter()
                .map(|(_, id, ..)| id)
                .collect();
            let note = format!(
                "note: s.csv: {called} is read as the names of the samples; --id chooses another\n"
            );
            assert_eq!((ids, said), (vec![json!(4), json!(5)], note), "{name}");
        }
    }
}

#[test]
fn what_is_no_file_of_samples_is_called_what_it_is() {
    let cases: [(&str, &[u8], &str); 19] = [
        (
            "s.csv",
            b"x1,x2,x3\n1,,3\n",
            "column 2 `x2`: expected a number, found nothing\n  help: every sample needs a value here",
        ),
        (
            "s.pkl",
            b"\x80\x04\x95\x10\0\0",
            "expected samples: CSV, JSON, JSON lines, .npy, .npz, IDX, PNG or JPEG, found a pickle of Python",
        ),
        (
            "s.npz",
            b"PK\x03\x04\0\0",
            "expected the list of its members at its end",
        ),
        (
            "s.json",
            NAMED.as_bytes(),
            "expected samples, found a network: this is a network file",
        ),
        (
            "s.csv",
            b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n",
            "found a pointer of Git LFS that stands for the file\n  help: `git lfs pull`",
        ),
        (
            "s.csv.xz",
            b"\xfd7zXZ\0\0\x04",
            "found a file packed by xz\n  help: unpack it",
        ),
        ("s.csv.bz2", b"BZh91AY&SY\0", "found a file packed by bzip2"),
        (
            "s.csv.zst",
            b"\x28\xb5\x2f\xfd\x24",
            "found a file packed by zstd",
        ),
        (
            "s.csv",
            b"<!DOCTYPE html>\n<html>",
            "found a page of HTML\n  help: download the file itself",
        ),
        ("s.csv", b"<HTML><HEAD>\n", "found a page of HTML"),
        (
            "s.onnx",
            b"\x08\x0a\x12\x01a:\0",
            "expected text in UTF-8, found a byte 0\n  help: the file is of a kind that is not read as samples",
        ),
        (
            "s.csv",
            b"x1,x2,x3,label\n1,2,3,caf\xe9\n",
            "expected CSV in UTF-8, found other bytes\n  help: save it as UTF-8",
        ),
        (
            "s.csv",
            b"x1,x2,x3\n1,#DIV/0!,3\n",
            "column 2 `x2`: expected a number, found `#DIV/0!`",
        ),
        (
            "s.csv",
            b"version,x1,x2,x3\n1,0.5.1,2,3\n",
            "column 2 `x1`: expected a number, found `0.5.1`",
        ),
        ("s.json", b"[1,2,3", "the file is cut short"),
        ("s.json", b"{\"x1\":1,\"x2", "the file is cut short"),
        ("s.json", b"[[1,2,3],[4,5", "the file is cut short"),
        ("s.jsonl", b"[1,2,3]\n[4,5", "the file may be cut short"),
        ("s", b"[1,2,3", "the file is cut short"),
    ];
    for (name, bytes, said) in cases {
        let folder = folder(&[]);
        fs::write(folder.path().join(name), bytes).expect("the file can be written");
        let output = deeptaylor(folder.path(), &["explain", "named.json", "--inputs", name]);
        assert_refused(name, &output, &[said]);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(!stderr.contains("EOF"), "{stderr}");
    }
}

#[test]
fn the_summary_counts_samples_by_their_own_numbers_and_labels_that_are_the_largest_output() {
    let network = r#"{"input":{"shape":[2]},"outputs":["cat","dog"],"layers":[{"type":"dense","weights":[[1,-1],[-1,1]]}]}"#;
    let samples = "x,y,label,id\n2,1,cat,a\n1,2,cat,b\n1,2,1,c\n1,2,bird,d\n1,1,dog,e\n";
    let folder = folder(&[("net.json", network), ("s.csv", samples)]);
    let explain = [
        "explain",
        "net.json",
        "--inputs",
        "s.csv",
        "--first-sample",
        "100",
    ];
    let (found, said) = result(folder.path(), &[&explain[..], &["--rule", "w2"]].concat());
    assert_eq!(said, "");
    let summary = &found["summary"];
    // Of two outputs that tie the first is the largest, and bird is none.
    assert_eq!(
        summary["labels"],
        json!({"labelled": 4, "correct": 2, "unknown": 1})
    );
    assert_eq!(
        summary["without_relevance"],
        json!({"samples": 1, "first": [104]})
    );
    let (exact, _) = result(folder.path(), &[&explain[..], &["--exact"]].concat());
    assert_eq!(exact["summary"], *summary);
    let (chosen, _) = result(
        folder.path(),
        &[&explain[..], &["--sample", "102,104"]].concat(),
    );
    assert_eq!(
        chosen["summary"]["without_relevance"]["first"],
        json!([104])
    );
    let text = deeptaylor(folder.path(), &explain).stdout;
    let text = String::from_utf8(text).expect("UTF-8");
    let accuracy = "50 %: the label is the largest output in 2 of 4 samples; the label of 1 other is no output";
    let words: Vec<&str> = text.split_whitespace().collect();
    assert!(words.join(" ").contains(accuracy), "{text}");
    fs::write(folder.path().join("r.json"), found.to_string()).expect("written");
    let page = deeptaylor(folder.path(), &["report", "r.json", "--format", "md"]).stdout;
    let page = String::from_utf8(page).expect("UTF-8");
    assert!(page.contains(accuracy), "{page}");
    let titles = "| sample | id | label | wrong answer | target |";
    assert!(page.contains(titles), "{page}");
    for row in [
        "| 101 | b | cat | × says dog, label cat |",
        "| 104 | e | dog | × says cat, label dog |",
        "| 102 | c | 1 | – |",
    ] {
        assert!(page.contains(row), "{page}");
    }
}

#[test]
fn an_expansion_says_which_sample_it_is_of() {
    let folder = folder(&[("s.csv", "x1,x2,x3,id\n1,0.5,-0.25,a\n1,1,1,b\n")]);
    let arguments = ["taylor", "--inputs", "s.csv", "--sample", "1"];
    for at in [&[][..], &["--at", "origin"], &["--at", "origin", "--exact"]] {
        let output = deeptaylor(folder.path(), &[&arguments[..], at].concat());
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(text.contains("sample 1, id b: "), "{text}");
    }
}

#[test]
fn inputs_outside_of_their_bounds_are_told_once_where_the_format_does_not() {
    let network =
        r#"{"input":{"shape":[2],"bounds":[0,1]},"layers":[{"type":"dense","weights":[[1],[1]]}]}"#;
    let samples = "0.5,1.5\n1.25,1.5\n0,1\n";
    let folder = folder(&[("net.json", network), ("s.csv", samples)]);
    let explain = ["explain", "net.json", "--inputs", "s.csv", "--format"];
    let note = "note: 3 inputs of 2 samples lie outside the bounds [0, 1]\n";
    for (format, rest, said) in [
        ("jsonl", &[][..], note),
        ("csv", &[], note),
        ("jsonl", &["--exact"], note),
        ("json", &[], ""),
        ("jsonl", &["-q"], ""),
        ("csv", &["--sample", "2"], ""),
        (
            "csv",
            &["--sample", "0"],
            "note: 1 input of 1 sample lies outside the bounds [0, 1]\n",
        ),
    ] {
        let output = deeptaylor(folder.path(), &[&explain[..], &[format], rest].concat());
        assert_eq!(
            String::from_utf8_lossy(&output.stderr),
            said,
            "{format} {rest:?}"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_file_without_an_end_is_no_text() {
    let output = run(&["explain", "--inputs", "/dev/zero"]);
    assert_refused("/dev/zero", &output, &["/dev/zero: expected text"]);
}

#[test]
fn typed_fractions_are_exact_in_fractions_and_the_nearest_f64_else() {
    let exact = json(&["explain", "--input", "1/3,1/2,-1/4", "--exact"]);
    assert_eq!(
        exact["samples"][0]["layers"][0]["activations"],
        json!(["1/3", "1/2", "-1/4"])
    );
    assert_eq!(exact["samples"][0]["target"]["value"], "1243/600");
    let fast = json(&["explain", "--input", "1/3,1/2,-1/4"]);
    assert_eq!(
        fast["samples"][0]["layers"][0]["activations"],
        json!([1.0 / 3.0, 0.5, -0.25])
    );
    let function = json(&["taylor", "--at", "1/3,0,-1/7", "--exact"]);
    assert_eq!(function["kind"], "taylor-function");
    assert_refused(
        "1/0",
        &run(&["explain", "--input", "1/0,1,1"]),
        &["a division by 0"],
    );
}

#[test]
fn the_hint_has_as_many_numbers_as_the_network_has_inputs() {
    for (inputs, hint) in [
        (1, "--input 1, "),
        (3, "--input 1,0.5,-0.25, "),
        (5, "--input 1,0.5,-0.25,0,1, "),
        (9, "--input X1,X2,…,X9, "),
    ] {
        let weights = vec!["[1]"; inputs].join(",");
        let text = format!(
            "{{\"input\":{{\"shape\":[{inputs}]}},\"layers\":[{{\"type\":\"dense\",\"weights\":[{weights}]}}]}}"
        );
        for command in ["explain", "taylor"] {
            assert_refused(hint, &fed(&[command, "-"], text.as_bytes()), &[hint]);
        }
    }
}

#[test]
fn compare_reads_the_same_files() {
    let folder = folder(&[("s.csv", "id,x1,x2,x3,label\n1,1,0,0,a\n2,0,1,0,b\n")]);
    let packed = gzipped(b"x3;x1;x2\n0,0;1,0;0\n0;0;1\n");
    fs::write(folder.path().join("s.csv.gz"), packed).expect("the file can be written");
    let figures = |arguments: &[&str]| {
        let arguments = [
            &[
                "compare",
                "named.json",
                "--seeds",
                "2",
                "--schemes",
                "he-normal",
            ],
            arguments,
        ]
        .concat();
        result(folder.path(), &arguments).0["schemes"].clone()
    };
    let typed = figures(&["--input", "1,0,0", "--input", "0,1,0"]);
    assert_eq!(figures(&["--inputs", "s.csv"]), typed);
    assert_eq!(figures(&["--inputs", "s.csv.gz"]), typed);
    assert_eq!(figures(&["--sample", "0-1"]), typed, "of the network file");
}

#[cfg(target_os = "linux")]
#[test]
fn a_path_that_is_not_utf_8_is_opened() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = folder(&[]);
    let file: PathBuf = folder.path().join(OsStr::from_bytes(b"s\xe9.csv"));
    fs::write(&file, "1,2,3\n").expect("the file can be written");
    let output = program(&["explain", "tests/cases/no-names.json", "--inputs"])
        .arg(&file)
        .output();
    assert_eq!(output.expect("it runs").status.code(), Some(0));
}

#[test]
fn the_cases_that_went_wrong_are_read() {
    for (file, id, label) in [
        ("semicolon.csv", Value::Null, Value::Null),
        ("with-label.csv", Value::Null, json!("cat")),
        ("with-index.csv", json!(0), Value::Null),
        ("records.jsonl", Value::Null, Value::Null),
    ] {
        let result = json(&["explain", "networks/figure-4.json", "--inputs", &case(file)]);
        assert_eq!(
            explained(&result),
            [(json!(0), id, label, json!([1.0, 0.5, -0.25]))],
            "{file}"
        );
    }
    let output = run(&["explain", "--inputs", &case("open-bracket.jsonl")]);
    assert_refused("open-bracket", &output, &["open-bracket.jsonl:3:6"]);
    assert!(printed(&["explain", "--inputs", &case("records.jsonl")]).contains("3.785"));
}

/// A network of three inputs in [0, 1], trained on values divided by 16.
const SCALED: &str = r#"{ "input": { "shape": [3], "names": ["a", "b", "c"], "bounds": [0, 1], "scale": 16 },
  "layers": [ { "type": "dense", "weights": [[1], [1], [1]], "activation": "relu" } ], "inputs": [[0.5, 1, 0]] }"#;

#[test]
fn the_scale_of_the_network_file_divides_what_lies_outside_its_bounds() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    at("n.json", SCALED);
    at("raw.csv", "a,b,c,target\n1,0,1,7\n8,16,0,3\n");
    at(
        "raw.jsonl",
        "{\"a\":1,\"b\":0,\"c\":1,\"target\":7}\n[8,16,0]\n",
    );
    at("in.csv", "a,b,c\n0.0625,0,0.0625\n0.5,1,0\n");
    at("large.csv", "a,b,c\n255,0,1\n");
    let divided = |file: &str| {
        format!(
            "note: {file}: values are divided by 16, as the network file says; --scale none uses them as they are\n"
        )
    };
    let scaled = [json!([0.0625, 0.0, 0.0625]), json!([0.5, 1.0, 0.0])];
    for (arguments, note) in [
        (&["--inputs", "raw.csv"][..], divided("raw.csv")),
        (&["--inputs", "raw.jsonl"], divided("raw.jsonl")),
        (&["--inputs", "in.csv"], String::new()),
        (&["--inputs", "raw.csv", "--scale", "16"], String::new()),
        (
            &["--inputs", "raw.csv", "--scale", "max"],
            "note: raw.csv: values are divided by 16, the largest of them\n".to_owned(),
        ),
    ] {
        let (found, said) = result(folder.path(), &[&["explain", "n.json"], arguments].concat());
        let values: Vec<Value> = explained(&found)
            .into_iter()
            .map(|(.., values)| values)
            .collect();
        assert_eq!((&values[..], said), (&scaled[..], note), "{arguments:?}");
    }
    let (found, _) = result(folder.path(), &["explain", "n.json", "--inputs", "raw.csv"]);
    assert_eq!(found["samples"][0]["label"], 7);
    let (_, said) = result(
        folder.path(),
        &[
            "explain",
            "n.json",
            "--inputs",
            "large.csv",
            "--scale",
            "max",
        ],
    );
    assert!(
        said.contains("divided by 255, the largest of them; the network file says 16"),
        "{said}"
    );
    // What is typed, and what the network file brings along, are inputs already.
    for arguments in [&["--input", "0.5,1,0"][..], &[]] {
        let (found, said) = result(folder.path(), &[&["explain", "n.json"], arguments].concat());
        assert_eq!(
            (explained(&found)[0].3.clone(), said),
            (scaled[1].clone(), String::new())
        );
    }
    let output = deeptaylor(
        folder.path(),
        &["explain", "n.json", "--inputs", "large.csv"],
    );
    assert_refused(
        "large",
        &output,
        &["large.csv:2:1", "once divided by 16", "--scale"],
    );
    let network = folder.path().join("n.json");
    let network = network.to_str().expect("UTF-8");
    let output = fed(&["explain", network, "--inputs", "-"], b"1,0,1\n8,16,0\n");
    assert_refused(
        "pipe",
        &output,
        &["standard input:2:1", "--scale 16", "--scale none"],
    );
    for (scale, said) in [
        ("0", "input.scale: expected a number above 0"),
        ("-16", "input.scale: expected a number above 0"),
        ("\"16\"", "input.scale: expected a number, found"),
    ] {
        at(
            "wrong.json",
            &SCALED.replace("\"scale\": 16", &format!("\"scale\": {scale}")),
        );
        let output = deeptaylor(folder.path(), &["explain", "wrong.json"]);
        assert_refused(scale, &output, &[said]);
    }
    // It is kept, and told.
    let network = Network::parse("n.json", SCALED.as_bytes()).expect("a network");
    let again = Network::parse("n.json", network.to_json().as_bytes()).expect("a network");
    assert_eq!((again.input().scale, &again), (Some(16.0), &network));
    let inspected = deeptaylor(folder.path(), &["inspect", "n.json"]).stdout;
    let inspected = String::from_utf8(inspected).expect("UTF-8");
    assert!(inspected.contains("divided by 16"), "{inspected}");
}
