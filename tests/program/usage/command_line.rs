//! What every command has in common: names that are harmless to look at, files of any name, outputs that arrive or
//! fail, limits that are told, and options by one vocabulary.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::program::{fed, json, program, run};
use crate::refusal::{assert_refused, deeptaylor};
use crate::result::printed;
use deeptaylor::printable::steers;
use serde_json::{Value, json};

/// A file of tests/cases.
fn case(name: &str) -> String {
    format!("tests/cases/{name}.json")
}

/// That nothing of a run steers a terminal, turns a line around or hides.
fn assert_harmless(what: &str, output: &Output) {
    for stream in [&output.stdout, &output.stderr] {
        let text = String::from_utf8(stream.clone()).expect("UTF-8");
        let found = text.chars().find(|&c| c != '\n' && steers(c));
        assert_eq!(found, None, "{what}: {text:?}");
    }
}

#[test]
fn no_command_hands_what_steers_a_terminal_from_a_file_to_it() {
    for file in [case("esc"), case("oob")] {
        for arguments in [
            "explain FILE",
            "explain FILE --rule zB",
            "explain FILE --rule z+ --edges=all",
            "explain FILE --target nobody",
            "explain FILE --input 1",
            "explain FILE --input 1,2 --format html",
            "explain FILE --format json",
            "explain FILE --format jsonl",
            "explain FILE --exact",
            "explain FILE --exact --format json",
            "explain FILE --layer-rule 9=w2",
            "explain FILE --inputs FILE",
            "taylor FILE",
            "taylor FILE --format json",
            "taylor FILE --at nearest",
            "taylor FILE --at origin --exact",
            "taylor FILE --sample 9",
            "compare FILE --seeds 1",
            "compare FILE --with FILE --seeds 1 --format json",
            "compare --with FILE --seeds 1",
            "compare --layers 7,1 --with FILE --seeds 1",
            "inspect FILE",
            "inspect FILE --format json",
            "train --data FILE --steps 0",
            "report FILE",
        ] {
            let arguments = arguments.replace("FILE", &file);
            let words: Vec<&str> = arguments.split(' ').collect();
            assert_harmless(&arguments, &run(&words));
        }
        for format in ["html", "markdown"] {
            let result = run(&["explain", &file, "--rule", "w2", "--format", "json"]).stdout;
            assert_harmless(format, &fed(&["report", "--format", format], &result));
        }
    }
    let result = "{\"kind\": \"\\u001b[2J\\u202ex\", \"made_by\": {\"program\": \"\\u001b[31m\"}}";
    assert_harmless("a kind", &fed(&["report"], result.as_bytes()));
    let table = "\u{1b}[2Ja,\u{202e}b,\u{feff}c\n1,2,\u{1b}]0;x\u{7}\n";
    assert_harmless(
        "a table",
        &fed(&["explain", "--inputs", "-"], table.as_bytes()),
    );
    let rows = "1,2,\u{1b}]0;x\u{7}\n";
    assert_harmless(
        "a cell",
        &fed(&["explain", "--inputs", "-"], rows.as_bytes()),
    );
    let sample = r#"{"id": "\u001b[2Jx\u202e", "label": "\u200b", "x": [1, 0.5, -0.25]}"#;
    for format in ["text", "json", "jsonl", "html"] {
        let arguments = ["explain", "--inputs", "-", "--format", format];
        let output = fed(&arguments, sample.as_bytes());
        assert_eq!(output.status.code(), Some(0), "{format}");
        assert_harmless(format, &output);
        if format == "json" {
            for format in ["html", "markdown"] {
                assert_harmless(
                    format,
                    &fed(&["report", "--format", format], &output.stdout),
                );
            }
        }
    }
    let network = "{\"input\": {\"shape\": [1], \"\u{1b}[2J\u{202e}\": 1}}";
    assert_harmless("a key", &fed(&["explain", "-"], network.as_bytes()));
    let network = "\t{\"input\": {\"shape\": [1], \"n\u{202e}\": \"\u{9b}\u{200b}";
    assert_harmless("a line", &fed(&["explain", "-"], network.as_bytes()));
}

#[test]
fn no_command_line_hands_what_steers_a_terminal_to_it() {
    let evil = "\u{1b}[5m\u{1b}]0;x\u{7}\u{202e}e\u{200f}\u{2028}\u{feff}.json";
    let folder = tempfile::tempdir().expect("a folder");
    for arguments in [
        &["explain", evil][..],
        &["explain", "--rule", evil],
        &["explain", "--top", evil],
        &["explain", "--layer-rule", evil],
        &["explain", "--input", evil],
        &["explain", "--inputs", evil],
        &["explain", "--target", evil],
        &["explain", "--output", "no/folder", evil],
        &["taylor", "--at", evil],
        &["compare", "--schemes", evil],
        &["compare", "--with", evil],
        &["init", "--layers", evil],
        &["init", "--layers", "3,2", "-o", "nowhere/\u{1b}[2J"],
        &["train", "--data", evil],
        &["report", evil],
        &["inspect", evil],
        &["schema", evil],
        &[evil],
        &["--\u{1b}[2J"],
    ] {
        let output = deeptaylor(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_harmless(&format!("{arguments:?}"), &output);
    }
    // A result names its files and its command line.
    let named = folder.path().join("\u{1b}[5m\u{202e}.json");
    fs::copy("networks/xor.json", &named).expect("the file can be written");
    let named = named.to_str().expect("UTF-8");
    for format in ["text", "json", "html"] {
        assert_harmless(format, &run(&["explain", named, "--format", format]));
    }
    assert_eq!(
        json(&["explain", named])["made_by"]["files"][0]["name"],
        named
    );
}

#[test]
fn a_name_as_long_as_its_file_is_cut() {
    let accents = format!("e{}", "\u{301}".repeat(50_000));
    let network = json!({ "name": accents, "input": { "shape": [1], "names": [accents] },
        "layers": [{ "type": "dense", "weights": [[1]] }], "inputs": [[1]] });
    let output = fed(&["explain", "-"], network.to_string().as_bytes());
    assert!(output.stdout.len() < 5_000, "{} bytes", output.stdout.len());
    let long = "n".repeat(1_000_000);
    let output = run(&["explain", "--target", &long[..100_000]]);
    assert!(output.stderr.len() < 5_000, "{} bytes", output.stderr.len());
}

#[test]
fn a_line_with_more_pieces_than_anyone_can_count_is_left_with_how_far_it_was_followed() {
    let fold = case("fold");
    let taylor = |rest: &[&str]| {
        run(&[&["taylor", &fold, "--input", "0.3", "--at", "origin"], rest].concat())
    };
    for (rest, said) in [
        (&[][..], "the first 10,000 linear pieces"),
        (&["--max-pieces", "50"], "--max-pieces 500 looks further"),
        (
            &["--exact", "--max-pieces", "20"],
            "the first 20 linear pieces",
        ),
        (
            &[
                "--exact",
                "--exact-limit",
                "0.5",
                "--max-pieces",
                "1000000000",
            ],
            "--exact-limit 5 looks further",
        ),
    ] {
        assert_refused(
            &format!("{rest:?}"),
            &taylor(rest),
            &["--at origin: no root", said],
        );
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_what_takes_long() {
    use std::os::unix::process::ExitStatusExt;
    let fold = case("fold");
    let mut child = program(&[
        "taylor",
        &fold,
        "--input",
        "0.3",
        "--at",
        "origin",
        "--max-pieces",
        "1000000000",
    ])
    .spawn()
    .expect("the program runs");
    std::thread::sleep(std::time::Duration::from_millis(300));
    let kill = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(kill.expect("kill runs").success());
    let status = child.wait().expect("it ends");
    // A shell gives 130 for both.
    assert!(
        status.signal() == Some(2) || status.code() == Some(130),
        "{status}"
    );
}

#[cfg(unix)]
#[test]
fn an_output_that_arrives_nowhere_is_an_error() {
    let program = env!("CARGO_BIN_EXE_deeptaylor");
    let commands = [
        "--help",
        "--version",
        "explain --help",
        "completions bash",
        "man",
        "schema network",
        "",
        "explain",
        "explain --format json",
        "explain --format jsonl",
        "explain --format csv",
        "explain --format html",
        "taylor",
        "inspect networks/xor.json",
        "compare --seeds 1 --schemes zeros",
        "init --layers 3,2",
    ];
    for command in commands {
        for nowhere in [">&-", ">/dev/full"] {
            if nowhere == ">/dev/full" && !Path::new("/dev/full").exists() {
                continue;
            }
            let shell = Command::new("sh")
                .args(["-c", &format!("exec '{program}' {command} {nowhere}")])
                .output()
                .expect("a shell");
            let said = String::from_utf8_lossy(&shell.stderr).into_owned();
            assert_eq!(shell.status.code(), Some(2), "{command} {nowhere}: {said}");
            assert!(
                said.contains("the output cannot be written: "),
                "{command} {nowhere}: {said}"
            );
        }
        let piped = Command::new("sh")
            .args(["-c", &format!("'{program}' {command} | true")])
            .output()
            .expect("a shell");
        assert!(piped.stderr.is_empty(), "{command}: a closed pipe is quiet");
    }
    // Where nothing is printed nothing is missed.
    let quiet = Command::new("sh")
        .args(["-c", &format!("'{program}' explain --quiet >&-")])
        .status();
    assert!(quiet.expect("a shell").success());
}

#[cfg(unix)]
#[test]
fn a_file_whose_name_is_not_utf_8_is_opened_and_written() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().expect("a folder");
    let network = folder.path().join(OsStr::from_bytes(b"x\xe9.json"));
    fs::copy("networks/xor.json", &network).expect("the file can be written");
    let written = folder.path().join(OsStr::from_bytes(b"\xffout.json"));
    let ran = |arguments: &[&OsStr]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_deeptaylor"));
        command.args(arguments).output().expect("the program runs")
    };
    let word = OsStr::new;
    for command in ["explain", "inspect", "taylor"] {
        let output = ran(&[word(command), network.as_os_str()]);
        assert_eq!(output.status.code(), Some(0), "{command}: {output:?}");
    }
    let picture = folder.path().join(OsStr::from_bytes(b"\xfe.png"));
    let output = ran(&[
        word("explain"),
        network.as_os_str(),
        word("--format"),
        word("json"),
        word("-o"),
        written.as_os_str(),
        word("--input"),
        word("0,1"),
        word("--quiet"),
    ]);
    assert_eq!(
        (output.status.code(), output.stdout.len()),
        (Some(0), 0),
        "{output:?}"
    );
    let result: Value =
        serde_json::from_slice(&fs::read(&written).expect("it is written")).expect("JSON");
    let name = result["made_by"]["files"][0]["name"]
        .as_str()
        .expect("a name");
    assert!(name.ends_with("x\u{fffd}.json"), "{name}");
    let page = folder.path().join(OsStr::from_bytes(b"\xfe.html"));
    let output = ran(&[
        word("report"),
        written.as_os_str(),
        word("-o"),
        page.as_os_str(),
    ]);
    assert_eq!(
        (output.status.code(), page.exists()),
        (Some(0), true),
        "{output:?}"
    );
    let output = ran(&[
        word("compare"),
        word("--with"),
        network.as_os_str(),
        word("--seeds"),
        word("1"),
    ]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let lines = fs::canonicalize("networks/lines.json").expect("a file");
    let output = ran(&[
        word("explain"),
        lines.as_os_str(),
        word("--heatmap"),
        picture.as_os_str(),
    ]);
    assert_eq!(
        (output.status.code(), picture.exists()),
        (Some(0), true),
        "{output:?}"
    );
    let output = ran(&[word("explain"), OsStr::from_bytes(b"no\xe9.json")]);
    assert_refused(
        "no such file",
        &output,
        &["no\u{fffd}.json: cannot be read"],
    );
}

#[test]
fn a_heatmap_is_a_png_or_svg_file_of_as_many_samples_as_can_be_looked_at() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    for name in ["x.jpg", "x.pdf", "x", ".png", ".svg"] {
        let output = run(&["explain", "networks/lines.json", "--heatmap", name]);
        assert_refused(
            name,
            &output,
            &["expected a name that ends in .png or .svg"],
        );
    }
    let rows = |number| "0,0,0,1,1,1,0,0,0\n".repeat(number);
    fs::write(path.join("101.csv"), rows(101)).expect("the file can be written");
    fs::write(path.join("100.csv"), rows(100)).expect("the file can be written");
    let lines = fs::canonicalize("networks/lines.json").expect("a file");
    let lines = lines.to_str().expect("UTF-8");
    let drawn = |rows| {
        deeptaylor(
            path,
            &["explain", lines, "--inputs", rows, "--heatmap", "h.PNG"],
        )
    };
    assert_refused(
        "101 samples",
        &drawn("101.csv"),
        &["at most 100 samples", "--sample"],
    );
    assert!(!path.join("h.PNG").exists());
    assert_eq!(drawn("100.csv").status.code(), Some(0));
    // Those that are typed one by one are drawn, however many they are.
    let typed = ["--input", "0,0,0,1,1,1,0,0,0"].repeat(101);
    let arguments = ["explain", lines, "--heatmap", "t.png", "-q"];
    let output = deeptaylor(path, &[&arguments, &typed[..]].concat());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

#[test]
fn a_result_goes_to_a_file_or_nowhere_as_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("out");
    let file = file.to_str().expect("UTF-8");
    for arguments in [
        &["explain", "networks/xor.json"][..],
        &["explain", "networks/xor.json", "--exact"],
        &["explain", "networks/xor.json", "--format", "jsonl"],
        &["explain", "networks/xor.json", "--format", "csv"],
        &["explain", "networks/xor.json", "--format", "html"],
        &["taylor", "networks/xor.json", "--sample", "0"],
        &["inspect", "networks/xor.json"],
        &["inspect", "networks/xor.json", "--format", "json"],
        &["schema", "network"],
        &["compare", "--seeds", "2", "--schemes", "he-normal"],
        &[
            "compare",
            "--seeds",
            "2",
            "--schemes",
            "he-normal",
            "--format",
            "csv",
        ],
    ] {
        let shown = program(arguments)
            .env_remove("COLUMNS")
            .output()
            .expect("it runs")
            .stdout;
        let written = run(&[arguments, &["-o", file]].concat());
        assert!(
            written.stdout.is_empty() && written.stderr.is_empty(),
            "{arguments:?}: {written:?}"
        );
        let kept = fs::read(file).expect("it is written");
        if arguments.contains(&"html") {
            // A page names the command line that made it.
            assert!(kept.starts_with(b"<!DOCTYPE html>"));
        } else {
            assert!(kept == shown, "{arguments:?}");
        }
        let again = run(&[arguments, &["-o", file]].concat());
        assert_refused("again", &again, &["already exists", "--force"]);
        assert_eq!(
            run(&[arguments, &["-o", file, "--force"]].concat()).status,
            written.status
        );
        fs::remove_file(file).expect("it is there");
    }
    let arguments = [
        "explain",
        "networks/xor.json",
        "--color",
        "always",
        "-o",
        file,
    ];
    assert!(run(&arguments).status.success());
    let kept = fs::read(file).expect("it is written");
    assert!(!kept.contains(&0x1b), "no styles in a file");
    for (network, status) in [("figure-4", 0), ("lost-relevance", 1)] {
        let file = format!("networks/{network}.json");
        for rest in [
            &["-q"][..],
            &["--quiet", "--exact"],
            &["-q", "--format", "jsonl"],
        ] {
            let output = run(&[&["explain", &file], rest].concat());
            assert_eq!(output.status.code(), Some(status), "{network} {rest:?}");
            assert!(
                output.stdout.is_empty() && output.stderr.is_empty(),
                "{network} {rest:?}"
            );
        }
    }
    assert_eq!(
        run(&["explain", "--quiet", "--input", "1"]).status.code(),
        Some(2)
    );
}

#[test]
fn no_command_writes_over_what_it_reads() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let file = folder.path().join(name);
        fs::write(&file, text).expect("written");
        file.to_str().expect("UTF-8").to_owned()
    };
    let network = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/networks/xor.json"))
        .expect("a network");
    let (network, samples) = (write("net.json", &network), write("s.csv", "0,1\n1,1\n"));
    for command in ["explain", "taylor", "compare"] {
        let arguments = [command, &network, "--inputs", &samples, "--force", "-o"];
        for file in [&samples, &network] {
            let output = run(&[&arguments[..], &[file]].concat());
            assert_refused(command, &output, &[file, "would be lost"]);
        }
        let output = program(&[
            command, &network, "--inputs", "-", "--force", "-o", &samples,
        ])
        .stdin(fs::File::open(&samples).expect("it is there"))
        .output()
        .expect("it runs");
        assert_refused(command, &output, &[&samples, "from stdin", "would be lost"]);
    }
    assert_eq!(fs::read(&samples).expect("it is there"), b"0,1\n1,1\n");
}

#[test]
fn an_output_that_cannot_be_written_is_refused_before_anything_is_drawn() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path().to_str().expect("UTF-8");
    // Were it drawn first, the memory would be complained about.
    let layers = ["init", "--layers", "100000,2", "--samples", "1000000", "-o"];
    let output = run(&[&layers[..], &[folder]].concat());
    assert_refused("a folder", &output, &["expected a file, found a folder"]);
}

#[test]
fn an_error_late_in_the_samples_leaves_nothing_on_stdout() {
    let samples = "[1, 0, 0]\n".repeat(3000) + "[1, 0]\n";
    for format in ["text", "json", "npz", "html"] {
        let output = fed(
            &["explain", "--inputs", "-", "--format", format],
            samples.as_bytes(),
        );
        assert_refused(format, &output, &["standard input:3001:1"]);
    }
}

#[test]
fn the_z_box_rule_is_on_the_first_layer_with_w_squared_above_in_every_command() {
    let rules = |result: &Value| -> Vec<String> {
        let layers = result["network"]["layers"].as_array().expect("levels");
        let rules = layers.iter().filter_map(|layer| layer["rule"].as_str());
        rules.map(str::to_owned).collect()
    };
    let expected = ["zB", "proportional", "w2", "proportional"];
    for command in ["explain", "taylor"] {
        let result = json(&[command, "networks/two-stage.json", "--rule", "ZB"]);
        assert_eq!(rules(&result), expected, "{command}");
    }
    let above = json(&[
        "explain",
        "networks/two-stage.json",
        "--rule",
        "zB",
        "--layer-rule",
        "3=z+",
    ]);
    assert_eq!(rules(&above), ["zB", "proportional", "z+", "proportional"]);
    let figures = |rest: &[&str]| -> Value {
        let arguments = [
            "compare",
            "--with",
            "networks/two-stage.json",
            "--schemes",
            "zeros",
            "--seeds",
            "1",
        ];
        let mut own = json(&[&arguments, rest].concat())["schemes"][1].take();
        own["rule"] = Value::Null;
        own["plan"] = Value::Null;
        own
    };
    assert_eq!(
        figures(&["--rule", "zB"]),
        figures(&["--rule", "w2", "--layer-rule", "1=zB"])
    );
}

#[test]
fn a_rule_is_understood_as_people_write_it() {
    for (spelt, rule) in [
        ("W²", "w2"),
        ("WSquare", "w2"),
        ("w-squared", "w2"),
        ("ZPlus", "z+"),
        ("z⁺", "z+"),
        ("zbox", "zB"),
        ("Flat", "flat"),
    ] {
        let result = json(&["explain", "networks/two-stage.json", "--rule", spelt]);
        assert_eq!(result["network"]["layers"][1]["rule"], rule, "{spelt}");
        let layer = format!("1={spelt}");
        let result = json(&["explain", "networks/two-stage.json", "--layer-rule", &layer]);
        assert_eq!(
            result["network"]["layers"][1]["rule"], rule,
            "{spelt} on a layer"
        );
    }
    for spelt in ["deep_taylor", "DeepTaylor", "DTD"] {
        let result = json(&["explain", "networks/two-stage.json", "--rule", spelt]);
        assert_eq!(result["network"]["layers"][3]["rule"], "z+", "{spelt}");
    }
    assert_refused(
        "zbx on a layer",
        &run(&["explain", "--layer-rule", "1=zbx"]),
        &["did you mean `zbox`?"],
    );
}

#[test]
fn networks_of_your_own_bring_their_layers_and_samples_and_are_told_apart() {
    let with = json(&[
        "compare",
        "--with",
        "networks/xor.json",
        "--schemes",
        "zeros",
        "--seeds",
        "1",
    ]);
    let beside = json(&[
        "compare",
        "networks/xor.json",
        "--with",
        "networks/xor.json",
        "--schemes",
        "zeros",
        "--seeds",
        "1",
    ]);
    for key in ["layers", "inputs", "schemes"] {
        assert_eq!(with[key], beside[key], "{key}");
    }
    assert_eq!(with["inputs"]["samples"], 4);
    let folder = tempfile::tempdir().expect("a folder");
    let copies = ["a.json", "b.json"].map(|name| folder.path().join(name));
    for copy in &copies {
        fs::copy("networks/xor.json", copy).expect("the file can be written");
    }
    let [a, b] = copies.each_ref().map(|copy| copy.to_str().expect("UTF-8"));
    let both = json(&[
        "compare",
        "--with",
        a,
        "--with",
        b,
        "--schemes",
        "zeros",
        "--seeds",
        "1",
    ]);
    let names: Vec<&str> = both["schemes"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|entry| entry["scheme"].as_str())
        .collect();
    assert!(
        names[1].ends_with("a.json)") && names[2].ends_with("b.json)"),
        "{names:?}"
    );
    assert_refused(
        "stdin",
        &fed(&["compare", "--with", "-"], b""),
        &["needs a NETWORK or --layers"],
    );
}

#[test]
fn samples_are_drawn_along_by_the_seed_and_within_the_bounds() {
    let drawn = |rest: &[&str]| -> Value {
        let text = printed(&[&["init", "--layers", "4,3,pool", "--samples", "3"], rest].concat());
        serde_json::from_str(&text).expect("JSON")
    };
    let within = drawn(&["--bounds", "-1,0.5"]);
    let samples = within["inputs"].as_array().expect("samples");
    let values = samples
        .iter()
        .flat_map(|sample| sample.as_array().expect("numbers"));
    assert_eq!(samples.len(), 3);
    assert!(
        values
            .clone()
            .all(|x| (-1.0..=0.5).contains(&x.as_f64().expect("a number")))
    );
    assert_eq!(drawn(&["--bounds", "-1,0.5"]), within);
    assert_ne!(
        drawn(&["--bounds", "-1,0.5", "--seed", "2"])["inputs"],
        within["inputs"]
    );
    // The weights do not depend on them.
    let alone: Value =
        serde_json::from_str(&printed(&["init", "--layers", "4,3,pool"])).expect("JSON");
    assert_eq!(
        (alone.get("inputs"), &alone["layers"]),
        (None, &drawn(&[])["layers"])
    );
    let text = printed(&["init", "--layers", "4,3,pool", "--samples", "3"]);
    assert_eq!(
        fed(&["explain", "-", "-q"], text.as_bytes()).status.code(),
        Some(0)
    );
}

#[test]
fn a_pool_has_a_size_and_pools_have_a_number() {
    let sizes = |layers: &str| -> Value {
        let text = printed(&["init", "--layers", layers]);
        serde_json::from_str::<Value>(&text).expect("JSON")["layers"][1]["size"].clone()
    };
    assert_eq!(
        (
            sizes("4,30,pool:10"),
            sizes("4,30,pools:10"),
            sizes("4,30,pools:1")
        ),
        (json!(10), json!(3), json!(30))
    );
    for (layers, said) in [
        (
            "4,25,pool:10",
            vec!["pools of 10 units each", "for 10 pools say pools:10"],
        ),
        (
            "4,25,pools:10",
            vec!["25 units cannot be shared evenly among 10 pools"],
        ),
        ("4,25,pool:0", vec!["an N that divides the 25 units below"]),
        ("4,25,pools", vec!["pools:N for N pools"]),
    ] {
        assert_refused(layers, &run(&["init", "--layers", layers]), &said);
    }
}

#[test]
fn every_command_has_a_sentence_in_the_list_of_all_commands() {
    for help in ["--help", "-h"] {
        let help = printed(&[help]);
        let commands = help.split("Commands:\n").nth(1).expect("a list");
        let commands = commands.split("\n\n").next().expect("its end");
        // A long sentence goes on, further in, on the next line.
        let rows = commands.lines().filter(|row| !row.starts_with("   "));
        let alone: Vec<&str> = (rows.clone())
            .filter(|row| row.split_whitespace().count() < 3)
            .collect();
        assert!(rows.count() > 10 && alone.is_empty(), "{alone:?}");
    }
}

#[test]
fn help_is_in_groups_with_colour_last_and_defaults_as_one_types_them() {
    let help = printed(&["explain", "--help"]);
    let places: Vec<Option<usize>> = ["\nInput:", "\nRule:", "\nOutput:", "\nPicture:"]
        .map(|group| help.find(group))
        .to_vec();
    assert!(places.iter().all(Option::is_some), "{help}");
    assert!(
        help.contains("[default: 1e-9]") && !help.contains("0.000000001"),
        "{help}"
    );
    for command in ["explain", "compare", "taylor", "init", "report", "inspect"] {
        let help = printed(&[command, "-h"]);
        let colour = help.find("--color <WHEN>").expect("there is colour");
        let heading = help[..colour].rfind("\n\n").expect("a group");
        let group = help[heading..]
            .trim_start()
            .split("\n\n")
            .next()
            .expect("a group");
        let last = group
            .lines()
            .filter(|line| line.trim_start().starts_with('-'))
            .rev();
        let last: Vec<&str> = last.take(3).collect();
        assert!(
            last.iter().any(|line| line.contains("--color")),
            "{command}: {group}"
        );
    }
    assert_eq!(run(&["--colour", "never"]).status.code(), Some(0));
    assert!(printed(&["completions", "bash"]).contains("glorot-uniform"));
    let result = run(&["explain", "--format", "json"]).stdout;
    assert_eq!(
        fed(&["report", "--format", "md"], &result).stdout,
        fed(&["report", "--format", "markdown"], &result).stdout
    );
}

#[test]
fn the_help_of_a_command_begins_with_its_sentence_in_the_list_of_all() {
    let help = |arguments: &[&str]| String::from_utf8(run(arguments).stdout).expect("UTF-8");
    let list = help(&["-h"]);
    let commands = list.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands = commands.take_while(|line| !line.is_empty());
    let mut seen = 0;
    for line in commands {
        // A sentence that is too long goes on in lines of its own.
        let Some((command, sentence)) = line.trim().split_once("  ") else {
            continue;
        };
        if command == "help" || line.starts_with("    ") {
            continue;
        }
        let own = help(&[command, "--help"]);
        let begins = own.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(begins.starts_with(sentence.trim()), "{command}: {own}");
        seen += 1;
    }
    assert!(seen > 12, "{list}");
}
