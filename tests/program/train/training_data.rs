//! What train makes of data: which column is the class, what pixels are divided by, which images are held out, and what
//! is said of it.

use std::fs;

use crate::program::{json, run};
use crate::refusal::{assert_refused, deeptaylor, is_done};
use serde_json::Value;

const CASES: &str = "tests/cases";

/// The digits of a training, small and quick.
fn trained(data: &str, more: &[&str]) -> Value {
    json(&[&["train", "--data", data, "--steps", "0"], more].concat())
}

fn text(value: &Value) -> &str {
    value
        .as_str()
        .unwrap_or_else(|| panic!("text, not {value}"))
}

/// 24 images of 2 × 2 in two classes, `class` and `pixel` spelling one and the other, the pixels up to 16.
fn rows(class: fn(usize) -> String, pixel: fn(usize) -> String) -> String {
    let row = |n: usize| {
        let pixels: Vec<String> = (0..4).map(|i| pixel((5 * n + 3 * i) % 17)).collect();
        format!("{},{}\n", class(n % 2), pixels.join(","))
    };
    (0..24).map(row).collect()
}

fn whole(n: usize) -> String {
    n.to_string()
}

fn decimal(n: usize) -> String {
    format!("{n}.0")
}

/// A training on a file with this text.
fn of(text: &str, more: &[&str]) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("t.csv");
    fs::write(&file, text).expect("written");
    let usual: &[&str] = if more.contains(&"--layers") {
        &[]
    } else {
        &["--layers", "4,6,pool:3"]
    };
    let mut training = trained(file.to_str().expect("UTF-8"), &[usual, more].concat());
    training["made_by"] = Value::Null;
    let data = text_of(&training, "data");
    training["setting"]["data"] = data.replace(file.to_str().expect("UTF-8"), "t.csv").into();
    training
}

fn text_of(training: &Value, key: &str) -> String {
    text(&training["setting"][key]).to_owned()
}

#[test]
fn the_class_is_never_guessed_from_a_file_without_names() {
    let file = format!("{CASES}/label-last-no-header.csv");
    let arguments = [
        "train",
        "--data",
        &file,
        "--layers",
        "1x8x8,30,pool:3",
        "--steps",
        "0,200",
    ];
    assert_refused(
        &file,
        &run(&arguments),
        &["which column is the class?", "--label last", "1 to 65"],
    );
    let training = json(&[&arguments[..], &["--label", "last"]].concat());
    let said = text_of(&training, "data");
    assert!(
        said.ends_with("held out, drawn by seed 1; pixels 0 to 16, divided by 16"),
        "{said}"
    );
    assert!(training["steps"][1]["accuracy"].as_f64() > Some(0.7));
    let first = trained(&file, &["--label", "1", "--layers", "1x8x8,30,pool:3"]);
    assert_eq!(
        first["digits"].as_array().map(Vec::len),
        Some(1),
        "pixel 0 is always 0"
    );
}

#[test]
fn every_class_is_held_out_in_proportion_and_the_seed_draws_which() {
    let file = format!("{CASES}/cyclic-digits.csv");
    let of = |seed: &str| trained(&file, &["--layers", "1x10x10,30,pool:3", "--seed", seed]);
    let training = of("1");
    let classes = training["digits"].as_array().expect("a list").iter();
    let classes: Vec<&Value> = classes.map(|digit| &digit["class"]).collect();
    assert_eq!(classes, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    let said = text_of(&training, "data");
    assert!(
        said.contains("150 images to train on and 30 images held out, drawn by seed 1"),
        "{said}"
    );
    let notes = training["setting"]["notes"].to_string();
    assert!(
        notes.contains(
            "Fewer than five images of classes 0, 1, 2, 3, 4, 5, 6, 7, 8 and 9 are held out."
        ),
        "{notes}"
    );
    assert_eq!(of("1")["digits"], training["digits"]);
    assert_ne!(of("2")["digits"], training["digits"]);
}

#[test]
fn a_folder_whose_test_file_has_no_classes_holds_out_rows_of_its_train_file() {
    let folder = format!("{CASES}/kaggle-folder");
    let training = trained(&folder, &["--layers", "1x8x8,9,pool:3"]);
    let said = text_of(&training, "data");
    assert!(
        said.contains("75 images to train on and 15 images held out, drawn by seed 1"),
        "{said}"
    );
    let notes = training["setting"]["notes"].to_string();
    assert!(
        notes.contains("test.csv has no column with classes, so images of"),
        "{notes}"
    );
    // A test file with classes is what is held out.
    let copy = tempfile::tempdir().expect("a folder");
    for file in ["train.csv", "test.csv"] {
        fs::copy(format!("{folder}/train.csv"), copy.path().join(file)).expect("copied");
    }
    let training = trained(
        copy.path().to_str().expect("UTF-8"),
        &["--layers", "1x8x8,9,pool:3"],
    );
    let said = text_of(&training, "data");
    assert!(
        said.contains("90 images to train on and 90 images held out; pixels"),
        "{said}"
    );
}

#[test]
fn pixels_are_divided_by_the_largest_in_whatever_unit_they_come() {
    let names = "label,a,b,c,d\n";
    let expected = of(&(names.to_owned() + &rows(whole, whole)), &[]);
    assert_eq!(expected["setting"]["scale"], 16.0);
    assert!(text_of(&expected, "data").ends_with("values 0 to 16, divided by 16"));
    let same = |text: &str, scale: f64, largest: &str| {
        let mut training = of(text, &[]);
        assert_eq!(training["setting"]["scale"], scale);
        let said = text_of(&training, "data");
        assert!(
            said.ends_with(&format!("values 0 to {largest}, divided by {largest}")),
            "{said}"
        );
        training["setting"] = expected["setting"].clone();
        assert_eq!(training, expected, "{text}");
    };
    same(&(names.to_owned() + &rows(decimal, decimal)), 16.0, "16");
    same(
        &(names.to_owned() + &rows(whole, |n| (n * 8).to_string())),
        128.0,
        "128",
    );
    same(
        &(names.to_owned() + &rows(whole, |n| (n as f64 / 32.0).to_string())),
        0.5,
        "0.5",
    );
    same(
        &(names.to_owned() + &rows(whole, |n| (n * 4096).to_string())),
        65536.0,
        "65536",
    );
    let settled = of(
        &(names.to_owned() + &rows(whole, whole)),
        &["--scale", "255"],
    );
    assert_eq!(settled["setting"]["scale"], 255.0);
    assert!(text_of(&settled, "data").ends_with("values 0 to 16, divided by 255"));
    assert_ne!(settled["steps"], expected["steps"]);
}

#[test]
fn columns_are_found_by_their_names_wherever_they_stand() {
    let plain = of(&("label,a,b,c,d\n".to_owned() + &rows(whole, whole)), &[]);
    let moved = |header: &str, order: &dyn Fn(&str, usize) -> String, more: &[&str]| {
        let rows = rows(whole, whole);
        let rows = rows
            .lines()
            .enumerate()
            .map(|(n, line)| order(line, n) + "\n");
        let mut training = of(&(format!("{header}\n") + &rows.collect::<String>()), more);
        for place in ["notes", "label"] {
            training["setting"][place] = plain["setting"][place].clone();
        }
        assert_eq!(training, plain, "{header}");
    };
    let last = |line: &str, _: usize| {
        let (label, pixels) = line.split_once(',').expect("a row");
        format!("{pixels},{label}")
    };
    moved("a,b,c,d,label", &last, &[]);
    moved("0,1,2,3,target", &last, &[]);
    moved("0,1,2,3,digit", &last, &["--label", "digit"]);
    moved("a,b,c,d,digit", &last, &["--label", "5"]);
    moved("0,1,2,3,4", &last, &["--label", "last", "--header", "yes"]);
    moved(",label,a,b,c,d", &|line, n| format!("{n},{line}"), &[]);
    moved(
        "name,label,a,b,c,d",
        &|line, n| format!("n{n},{line}"),
        &["--id", "name"],
    );
    moved("label;a;b;c;d", &|line, _| line.replace(',', ";"), &[]);
    moved("label\ta\tb\tc\td", &|line, _| line.replace(',', "\t"), &[]);
}

#[test]
fn classes_with_names_are_outputs_in_their_order() {
    let names = |n: usize| ["dog", "cat"][n].to_owned();
    let text = "label,a,b,c,d\n".to_owned() + &rows(names, whole);
    let training = of(&text, &["--classes", "dog"]);
    assert_eq!(
        training["setting"]["classes"],
        serde_json::json!(["cat", "dog"])
    );
    assert_eq!(training["digits"][0]["class"], 1);
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("t.csv"), &text).expect("written");
    let train = |more: &[&str]| {
        deeptaylor(
            folder.path(),
            &[&["train", "--data", "t.csv", "--steps", "0"], more].concat(),
        )
    };
    assert_refused(
        "three outputs",
        &train(&["--layers", "4,6,pool:2"]),
        &["expected 2 outputs, one for each class, found 3"],
    );
    assert_refused(
        "fish",
        &train(&["--layers", "4,2", "--digits", "fish"]),
        &["cat, dog", "`fish`"],
    );
    assert!(
        train(&["--layers", "4,6,pool:3", "--out", "o"])
            .status
            .success()
    );
    let network = deeptaylor::Network::read(
        folder
            .path()
            .join("o/step-00000.json")
            .to_str()
            .expect("UTF-8"),
    );
    assert_eq!(network.expect("a network").output_names(), ["cat", "dog"]);
}

#[test]
fn images_that_are_no_squares_have_the_sides_of_the_layers_or_of_the_shape() {
    let row = |n: usize| format!("{},{},255,0,{n},1,2\n", n % 2, 7 * n);
    let text = "label,a,b,c,d,e,f\n".to_owned() + &(0..12).map(row).collect::<String>();
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("t.csv"), &text).expect("written");
    let data = folder.path().join("t.csv");
    let data = data.to_str().expect("UTF-8");
    for more in [
        ["--layers", "1x2x3,2"].as_slice(),
        &["--layers", "6,2", "--shape", "2x3"],
    ] {
        assert_eq!(trained(data, more)["shape"], serde_json::json!([2, 3]));
    }
    for (more, said) in [
        (["--layers", "6,2"].as_slice(), "--shape HEIGHTxWIDTH"),
        (
            &["--layers", "6,2", "--shape", "2x2"],
            "expected 2 × 2 pixels, as --shape says, found 6",
        ),
        (
            &["--layers", "1x2x3,2", "--shape", "3x2"],
            "expected inputs of shape 1x3x2",
        ),
    ] {
        assert_refused(
            said,
            &run(&[&["train", "--data", data], more].concat()),
            &[said],
        );
    }
}

#[test]
fn what_may_be_read_in_two_ways_or_in_none_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let refused = |text: &[u8], more: &str, said: &[&str]| {
        fs::write(folder.path().join("t.csv"), text).expect("written");
        let more = more.split(' ').filter(|word| !word.is_empty());
        let arguments: Vec<&str> = ["train", "--data", "t.csv", "--layers", "1,2"]
            .into_iter()
            .chain(more)
            .collect();
        assert_refused(
            &said.join(" "),
            &deeptaylor(folder.path(), &arguments),
            said,
        );
    };
    refused(
        b"a,,class\n1,2\n",
        "",
        &["t.csv: line 2: expected 3 fields as in the first line, found 2"],
    );
    refused(
        b"0,1\n0,5\n1,6\n",
        "--label first",
        &["--header yes", "--header no"],
    );
    refused(b"cat,3\ndog,5\n", "--label first", &["--header yes"]);
    refused(
        b"label,a\n0,5\n1,6\n",
        "",
        &["expected a class with two or more images"],
    );
    refused(
        b"label,a\n0,0\n0,0\n",
        "",
        &["expected pixels, found 0 everywhere"],
    );
    refused(
        b"label,a\n0,-1\n0,1\n",
        "",
        &["line 2, column 2 (`a`): expected a pixel of 0 or more, found `-1`"],
    );
    refused(
        b"label,a\n0,1\n7,1\n7,1\n",
        "",
        &["line 3: expected a class from 0 to 1", "found class 7"],
    );
    refused(
        b"label,a\n0,9\n0,1\n",
        "--scale 8",
        &["--scale: expected no pixel beyond 8, found 9"],
    );
    refused(
        b"label,a\n0,9\n0,1\n",
        "--label b",
        &["--label: expected a column, found `b`", "label, a"],
    );
    refused(
        b"\xff\xfel\0a\0",
        "",
        &["expected CSV in UTF-8, found UTF-16"],
    );
    refused(b"", "", &["expected images, found none"]);
    let two = |train: &str, test: &str, said: &[&str]| {
        fs::create_dir_all(folder.path().join("d")).expect("a folder");
        fs::write(folder.path().join("d/train.csv"), train).expect("written");
        fs::write(folder.path().join("d/test.csv"), test).expect("written");
        let arguments = ["train", "--data", "d", "--layers", "1,2"];
        assert_refused(
            &said.join(" "),
            &deeptaylor(folder.path(), &arguments),
            said,
        );
    };
    two(
        "label,a\n0,255\n1,3\n",
        "label,a\n0,1\n1,0\n",
        &["one scale for all images", "is 255, found 1", "--scale 255"],
    );
    two(
        "label,a\n0,255\n1,3\n",
        "a,label\n255,0\n",
        &[
            "test.csv: line 1, column 1: expected `label` as in",
            "found `a`",
        ],
    );
}

#[test]
fn a_file_beyond_the_limit_is_refused_before_it_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = fs::File::create(folder.path().join("huge.csv")).expect("made");
    // It has no blocks on the disk.
    file.set_len(2 << 30).expect("sparse");
    let output = deeptaylor(folder.path(), &["train", "--data", "huge.csv"]);
    assert_refused(
        "2 GiB",
        &output,
        &["huge.csv", "expected at most 1 GiB of data, found 2.0 GiB"],
    );
}

#[test]
fn what_is_not_explained_is_told_by_class() {
    let of = |more: &[&str]| json(&[&["train", "--layers", "784,20,pool:2"], more].concat());
    for (more, at) in [
        (["--scheme", "zeros", "--steps", "0"].as_slice(), 0),
        (&["--rate", "50", "--steps", "0,50"], 1),
    ] {
        let training = of(more);
        let unexplained = &training["steps"][at]["unexplained"];
        assert_eq!(unexplained["images"], 100);
        let all = serde_json::json!([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        assert_eq!(
            (&unexplained["classes"], &unexplained["silent_outputs"]),
            (&all, &all)
        );
        let reading = training["interpretation"].to_string();
        assert!(reading.contains("f(x) = 0 for 100 of 100 images (classes 0, 1, 2, 3, 4, 5, 6, 7, 8 and 9): nothing is explained there"), "{reading}");
        assert!(reading.contains("never fire"), "{reading}");
        assert!(!reading.contains("for all 100 images"), "{reading}");
    }
    let said = String::from_utf8(run(&["train", "--scheme", "zeros", "--steps", "0"]).stdout)
        .expect("UTF-8");
    assert!(
        said.contains("f(x) = 0") && !said.contains("hold"),
        "{said}"
    );
}

#[test]
fn options_have_the_names_that_other_tools_give_them() {
    let small = ["train", "--layers", "784,10", "--explain", "1"];
    let of = |more: &[&str]| {
        let mut training = json(&[&small, more].concat());
        training["made_by"] = Value::Null;
        training
    };
    let here = of(&[
        "--optimiser",
        "adam",
        "--rate",
        "0.01",
        "--batch",
        "900",
        "--steps",
        "0,6",
    ]);
    for rate in ["--lr", "--learning-rate"] {
        let there = [
            "--optimizer",
            "adam",
            rate,
            "0.01",
            "--batch-size",
            "900",
            "--steps",
            "0,6",
        ];
        assert_eq!(of(&there), here);
    }
    let mut epochs = of(&[
        "--optimizer",
        "adam",
        "--lr",
        "0.01",
        "--batch",
        "900",
        "--epochs",
        "0,1",
    ]);
    assert_eq!(
        epochs["setting"]["notes"],
        serde_json::json!(["An epoch is 6 steps."])
    );
    epochs["setting"]["notes"] = serde_json::json!([]);
    assert_eq!(epochs, here);
    assert_refused(
        "both",
        &run(&["train", "--epochs", "1", "--steps", "1"]),
        &["cannot be used with"],
    );
}

fn count(value: &Value) -> usize {
    let number = value.as_u64().and_then(|number| number.try_into().ok());
    number.expect("a number")
}

/// Digits of 4 × 4 with values up to 16, in three classes, as others write them: a first line, and rows of a number, a
/// class and values.
fn digits(header: &str, row: fn(usize, usize, &str) -> String) -> String {
    let rows = (0..48).map(|n| {
        let values: Vec<String> = (0..16)
            .map(|i| ((7 * n + 5 * i) % 17).to_string())
            .collect();
        row(n, n % 3, &values.join(",")) + "\n"
    });
    format!("{header}\n") + &rows.collect::<String>()
}

#[test]
fn what_train_wrote_explains_the_file_that_it_was_trained_on() {
    let pixels: Vec<String> = (0..16)
        .map(|i| format!("pixel_{}_{}", i / 4, i % 4))
        .collect();
    let pixels = pixels.join(",");
    let divided = "note: t.csv: values are divided by 16, as the network file says; --scale none uses them as they are\n";
    let index = "note: t.csv: the first column, which has no name, is read as the names of the samples; --id chooses another\n";
    let left_out = "note: t.csv: the column species is left out\n";
    for (header, row, label, notes) in [
        (
            format!("{pixels},target"),
            (|_, class, values| format!("{values},{class}")) as fn(usize, usize, &str) -> String,
            None,
            divided.to_owned(),
        ),
        (
            format!("label,{pixels}"),
            |_, class, values| format!("{class},{values}"),
            None,
            divided.to_owned(),
        ),
        (
            format!(",{pixels},class"),
            |n, class, values| format!("{n},{values},{class}"),
            None,
            divided.to_owned() + index,
        ),
        (
            format!("{pixels},species"),
            |_, class, values| format!("{values},{}", ["ant", "bee", "cat"][class]),
            Some("species"),
            divided.to_owned() + left_out,
        ),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("t.csv"), digits(&header, row)).expect("written");
        let mut train = vec![
            "train",
            "--data",
            "t.csv",
            "--layers",
            "16,9,pools:3",
            "--steps",
            "0,5",
        ];
        train.extend(["--out", "course", "--format", "json"]);
        train.extend(label.iter().flat_map(|label| ["--label", label]));
        let output = deeptaylor(folder.path(), &train);
        assert!(is_done(output.status.code()), "{output:?}");
        let training: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let explain = ["explain", "course/step-00005.json", "--format", "json"];
        let output = deeptaylor(
            folder.path(),
            &[&explain[..], &["--inputs", "t.csv"]].concat(),
        );
        assert!(is_done(output.status.code()), "{output:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), notes, "{header}");
        let explained: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(explained["network"]["shape"], serde_json::json!([1, 4, 4]));
        let samples = explained["samples"].as_array().expect("a list");
        assert_eq!(samples.len(), 48);
        if label.is_none() {
            assert_eq!(samples[4]["label"], 1, "{header}");
        }
        // The samples of the network file are held-out rows of the same file, divided already.
        let own = deeptaylor(folder.path(), &explain);
        assert!(own.stderr.is_empty());
        let own: Value = serde_json::from_slice(&own.stdout).expect("JSON");
        let lines = training["setting"]["held_out_lines"]
            .as_array()
            .expect("a list");
        for (digit, own) in training["digits"]
            .as_array()
            .expect("a list")
            .iter()
            .zip(own["samples"].as_array().expect("a list"))
        {
            let image = count(&digit["image"]);
            let line = count(&lines[image]);
            let sample = &samples[line - 2];
            assert_eq!(sample["layers"], own["layers"], "{header}: line {line}");
        }
        let drawn = [
            &explain[..],
            &["--inputs", "t.csv", "--sample", "0", "--heatmap", "r.png"],
        ]
        .concat();
        assert!(is_done(deeptaylor(folder.path(), &drawn).status.code()));
    }
}

#[test]
fn the_class_the_pixels_and_the_held_out_lines_of_a_file_are_told() {
    let training = of(
        &digits(
            "a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,target",
            |_, class, values| format!("{values},{class}"),
        ),
        &["--layers", "16,9,pools:3"],
    );
    let setting = &training["setting"];
    assert_eq!(
        setting["label"],
        serde_json::json!({ "column": 17, "name": "target" })
    );
    assert_eq!(setting["pixel_columns"], 16);
    assert_eq!(
        setting["images"],
        serde_json::json!({ "train": 39, "held_out": 9 })
    );
    let lines = setting["held_out_lines"].as_array().expect("a list");
    assert_eq!(lines.len(), 9);
    assert!(
        lines
            .iter()
            .all(|line| (2..50).contains(&line.as_u64().expect("a number")))
    );
    let notes = setting["notes"].to_string();
    for said in [
        "The class is column 17 (`target`); 16 columns are inputs.",
        "16 columns read as 4 × 4 pixels; --layers 1xHxW changes that.",
        "A batch of 50 is larger than the 39 samples to train on",
    ] {
        assert!(notes.contains(said), "{notes}");
    }
    assert_eq!(setting["subject"], "table");
    let reading = training["interpretation"].to_string();
    for word in ["image", "digit", "pixel", "ink "] {
        assert!(!reading.contains(word), "{word}: {reading}");
    }
    // The file, by its bytes.
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("t.csv");
    fs::write(&file, "label,a\n0,1\n0,2\n1,1\n1,2\n").expect("written");
    let training = trained(file.to_str().expect("UTF-8"), &["--layers", "1,2"]);
    assert_eq!(
        training["made_by"]["files"][0]["sha256"],
        "41408a21d276d62a3322db9f168e0bece41fa19915950cada1323f1e130da61a"
    );
}

#[test]
fn a_column_named_as_a_class_that_becomes_a_pixel_and_one_left_out_are_told_with_the_reason() {
    let row = |n: usize| format!("{n},{},3,{}\n", n % 2, n % 2);
    let text = ",a,b,target\n".to_owned() + &(0..12).map(row).collect::<String>();
    let training = of(
        &text,
        &["--label", "a", "--layers", "2,2", "--shape", "1x2"],
    );
    let notes = training["setting"]["notes"].to_string();
    for said in [
        "Column 1 is left out: it is the index that pandas writes.",
        "Column 4 (`target`) is read as an input, although its name is that of a class: --label 4 makes it the class",
    ] {
        assert!(notes.contains(said), "{notes}");
    }
}

#[test]
fn columns_of_very_different_ranges_are_told() {
    let row = |n: usize| format!("{},{},{}\n", n % 2, 0.1 * (n % 3) as f64, 100 * (n % 5));
    let text = "label,hue,proline\n".to_owned() + &(0..30).map(row).collect::<String>();
    let training = of(&text, &["--layers", "2,2", "--shape", "1x2"]);
    let notes = training["setting"]["notes"].to_string();
    let said = "Columns differ up to 2,000-fold in range (`hue`, `proline`): scale them first";
    assert!(notes.contains(said), "{notes}");
    let images = of(
        &("label,p1,p2,p3,p4\n".to_owned() + &rows(whole, whole)),
        &[],
    );
    assert!(!images["setting"]["notes"].to_string().contains("-fold"));
}

#[test]
fn scale_max_is_what_is_done_where_nothing_is_said() {
    let text = "label,a,b,c,d\n".to_owned() + &rows(whole, whole);
    assert_eq!(of(&text, &["--scale", "max"]), of(&text, &[]));
}

#[test]
fn too_few_outputs_are_answered_with_layers_that_have_enough() {
    let folder = tempfile::tempdir().expect("a folder");
    let names = |n: usize| ["dog", "cat"][n].to_owned();
    fs::write(
        folder.path().join("names.csv"),
        "label,a,b,c,d\n".to_owned() + &rows(names, whole),
    )
    .expect("written");
    fs::write(
        folder.path().join("numbers.csv"),
        "label,a,b,c,d\n".to_owned() + &rows(whole, whole),
    )
    .expect("written");
    for file in ["names.csv", "numbers.csv"] {
        let train = ["train", "--data", file, "--steps", "0", "--layers"];
        let output = deeptaylor(folder.path(), &[&train[..], &["4,6,pool"]].concat());
        assert_refused(file, &output, &["--layers 4,12,pools:2 has 2 outputs"]);
        let output = deeptaylor(folder.path(), &[&train[..], &["4,12,pools:2"]].concat());
        assert!(is_done(output.status.code()), "{output:?}");
    }
}
