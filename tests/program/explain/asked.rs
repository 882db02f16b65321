//! What is asked for on the command line: said where it can be taken in two ways, and kept to in every output.

use std::fs;
use std::path::Path;

use crate::program::program;
use crate::refusal::assert_refused;
use serde_json::Value;

/// Outputs that are named by digits, in another order than theirs; a box that does not hold 0.
const DIGITS: &str = r#"{ "name": "digits",
  "input": { "shape": [2], "names": ["a", "b"], "bounds": [[4.3, 0], [7.9, 1]] },
  "layers": [
    { "type": "dense", "weights": [[1, 0.3, -1], [0.25, 1, 0.1]], "activation": "relu" },
    { "type": "dense", "weights": [[1, 0, 0.1], [0.7, 1, 0], [0, 0, 1]] }],
  "outputs": ["2", "1", "0"],
  "inputs": [[5, 0.5], [6, 0.333333333333333333333333333333333333333]] }"#;

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("net.json"), DIGITS).expect("written");
    folder
}

/// Exit status, stdout and stderr of a run in a folder.
fn run(folder: &Path, arguments: &str) -> (Option<i32>, String, String) {
    let arguments: Vec<&str> = arguments.split_whitespace().collect();
    let output = program(&arguments).current_dir(folder).output();
    let output = output.expect("the program runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[test]
fn a_number_that_is_a_name_and_another_index_is_taken_as_the_name_and_said_to_be() {
    let folder = folder();
    for command in [
        "explain net.json --sample 0",
        "taylor net.json",
        "compare net.json --seeds 1 --schemes zeros",
    ] {
        let (_, _, told) = run(folder.path(), &format!("{command} --target 2"));
        let note =
            "note: output 0 is named 2 and is explained; there is also an output with index 2";
        assert!(told.contains(note), "{command}: {told}");
        let (_, _, told) = run(folder.path(), &format!("{command} --target 1"));
        assert!(
            !told.contains("index"),
            "{command}: one and the same: {told}"
        );
    }
}

#[test]
fn an_output_named_by_digits_is_called_an_output_in_every_headline() {
    let folder = folder();
    for command in [
        "explain net.json --sample 0",
        "explain net.json --sample 0 --exact",
        "taylor net.json --sample 0",
        "taylor net.json --sample 0 --exact",
        "taylor net.json --sample 0 --at origin",
    ] {
        let (_, text, told) = run(folder.path(), command);
        assert!(text.contains("output 2"), "{command}: {text}{told}");
        assert!(!text.contains("f(x) = 2 ="), "{command}: {text}");
        assert!(text.contains("sample 0: "), "{command}: {text}");
    }
}

#[test]
fn a_sample_that_stands_alone_for_it_was_chosen_has_its_number_whichever_it_is() {
    let folder = folder();
    for n in [0, 1] {
        let (_, text, _) = run(folder.path(), &format!("explain net.json --sample {n}"));
        assert!(text.contains(&format!("sample {n}: f(x)")), "{text}");
    }
    let (_, text, _) = run(folder.path(), "explain net.json --input 5,1");
    assert!(
        !text.contains("sample 0"),
        "one that is typed has none: {text}"
    );
}

#[test]
fn a_file_is_written_in_the_format_that_its_ending_says() {
    let folder = folder();
    let at = folder.path();
    for (command, file, begins) in [
        ("explain net.json", "a.html", "<!DOCTYPE html>"),
        ("explain net.json", "a.HTM", "<!DOCTYPE html>"),
        ("explain net.json", "a.json", "{\"kind\":\"explanation\""),
        (
            "explain net.json",
            "a.jsonl",
            "{\"rule\":\"w2\",\"sample\":0",
        ),
        ("explain net.json", "a.csv", "sample,"),
        ("explain net.json", "a.txt", "digits  2 inputs"),
        ("explain net.json", "a.log", "digits  2 inputs"),
        ("explain net.json --exact", "b.html", "<!DOCTYPE html>"),
        ("taylor net.json", "t.json", "{\"kind\":\"taylor\""),
        (
            "compare net.json --seeds 1 --schemes zeros",
            "c.json",
            "{\"kind\":\"comparison\"",
        ),
        (
            "compare net.json --seeds 1 --schemes zeros",
            "c.csv",
            "scheme,",
        ),
        ("report a.json", "r.md", "#"),
        ("report a.json", "r.html", "<!DOCTYPE html>"),
    ] {
        let (status, out, told) = run(at, &format!("{command} -o {file}"));
        assert_ne!(status, Some(2), "{command} {file}: {told}");
        assert_eq!(out, "", "{command} {file}");
        let written = fs::read_to_string(at.join(file)).expect("it is there");
        let shown: String = written.chars().take(80).collect();
        assert!(written.starts_with(begins), "{command} {file}: {shown}");
        assert!(!told.contains("ending"), "{told}");
    }
}

#[test]
fn an_ending_that_contradicts_is_told_and_one_that_cannot_be_written_is_refused() {
    let folder = folder();
    let at = folder.path();
    let (_, _, told) = run(at, "explain net.json --format csv -o x.html");
    let note = "note: x.html is written as csv, as --format says, although its ending says html";
    assert!(told.contains(note), "{told}");
    for (arguments, said) in [
        (
            ["taylor", "net.json", "-o", "y.html"],
            "this command writes text, json",
        ),
        (
            ["explain", "net.json", "-o", "y.md"],
            "the ending says markdown",
        ),
        (
            ["explain", "net.json", "-o", "y.tsv"],
            "the ending says tsv",
        ),
        (
            ["report", "x.json", "-o", "y.csv"],
            "this command writes html, markdown",
        ),
    ] {
        let output = crate::refusal::deeptaylor(at, &arguments);
        assert_refused(
            &arguments.join(" "),
            &output,
            &[said, "--format chooses one"],
        );
        assert!(!at.join(arguments[3]).exists());
    }
    for arguments in [
        "inspect net.json -o y.csv",
        "explain net.json -o y.json.gz",
        "init --layers 3,5,pool -o y.html",
        "schema explanation -o y.html",
    ] {
        let words: Vec<&str> = arguments.split(' ').collect();
        let output = crate::refusal::deeptaylor(at, &words);
        assert_refused(arguments, &output, &["but this command writes", "json"]);
    }
    let (_, _, told) = run(at, "inspect net.json -o inspected.json");
    assert_eq!(told, "");
    let inspected = fs::read(at.join("inspected.json")).expect("written");
    assert!(inspected.starts_with(b"{\"kind\":\"inspection\""));
}

#[test]
fn bounds_without_0_are_told_with_their_input_and_what_to_do() {
    let folder = folder();
    for rule in ["--rule=deep-taylor", "--rule=zB", "--layer-rule=1=zB"] {
        let output = crate::refusal::deeptaylor(folder.path(), &["explain", "net.json", rule]);
        let said = [
            "found [4.3, 7.9] for input 0 (a)",
            "as [0, 7.9]",
            "--layer-rule 1=w2 (or z+)",
        ];
        assert_refused(rule, &output, &said);
    }
}

#[test]
fn of_two_rules_for_one_layer_the_later_counts_and_is_noted() {
    let folder = folder();
    let (status, out, told) = run(
        folder.path(),
        "explain net.json --layer-rule 1=zB --layer-rule 1=z+ --sample 0",
    );
    assert_eq!(status, Some(0), "{told}");
    assert!(
        told.contains("layer 1 is given zB and then z+; z+ is used"),
        "{told}"
    );
    assert!(out.contains("z⁺"), "{out}");
    let twice = "explain net.json --layer-rule 1=z+ --layer-rule 1=z+ --sample 0";
    assert_eq!(run(folder.path(), twice).2, "", "the same twice is one");
}

#[test]
fn a_misspelt_rule_is_answered_with_what_to_write() {
    let folder = folder();
    for (rule, said) in [
        ("zbx", "did you mean `zbox`?"),
        ("w2,zbx", "did you mean `zbox`?"),
    ] {
        let output =
            crate::refusal::deeptaylor(folder.path(), &["explain", "net.json", "--rule", rule]);
        assert_refused(rule, &output, &[said]);
    }
}

#[test]
fn fractions_too_long_to_show_leave_decimals_once_and_no_column_is_of_both() {
    let folder = folder();
    let (_, text, _) = run(folder.path(), "explain net.json --exact --sample 1");
    assert!(!text.contains("in decimals"), "{text}");
    assert_eq!(
        text.matches("--format json has the fractions").count(),
        1,
        "{text}"
    );
    assert!(!text.contains("…, exactly"), "{text}");
    assert!(text.contains("layer 1  dense, relu"), "{text}");
    let table = text.lines().filter(|line| line.contains(" %"));
    assert!(
        table.clone().count() > 5 && table.clone().all(|row| !row.contains(['/', '…'])),
        "{text}"
    );
    let (_, text, _) = run(folder.path(), "explain net.json --exact --sample 0");
    assert!(
        text.contains("in decimals") && text.contains(", exactly"),
        "{text}"
    );
}

#[test]
fn a_result_names_the_file_of_its_samples_and_the_page_shows_it() {
    let folder = folder();
    let at = folder.path();
    fs::write(at.join("s.csv"), "a,b\n5,1\n").expect("written");
    for command in [
        "explain net.json",
        "explain net.json --exact",
        "taylor net.json",
        "compare net.json --seeds 1 --schemes zeros",
    ] {
        let (_, json, _) = run(at, &format!("{command} --inputs s.csv --format json"));
        let result: Value = serde_json::from_str(&json).expect("JSON");
        let files = &result["made_by"]["files"];
        assert_eq!(files[0]["name"], "net.json", "{command}");
        assert_eq!(files[1]["name"], "s.csv", "{command}");
        // sha256sum of the file.
        let digest = SAMPLES;
        assert_eq!(files[1]["sha256"], digest, "{command}");
    }
    let (_, page, _) = run(at, "explain net.json --inputs s.csv --format html");
    assert!(page.contains(SAMPLES));
}

/// SHA-256 of the file of samples.
const SAMPLES: &str = "62fb4cc77b958595e1f295d3897fe5a59928678a17d248a577dcc9c66362c917";

#[test]
fn a_picture_has_the_number_of_its_sample_in_its_caption() {
    let folder = folder();
    let at = folder.path();
    let net = r#"{ "input": { "shape": [4] }, "outputs": ["1", "0"],
      "layers": [{ "type": "dense", "weights": [[1, 0], [0, 1], [1, 1], [0, 1]] }],
      "inputs": [[1, 2, 3, 4], [1, 2, 3, 4]] }"#;
    fs::write(at.join("image.json"), net).expect("written");
    let drawn = |arguments: &str, picture: &str| {
        let (status, _, told) = run(
            at,
            &format!("explain image.json {arguments} --heatmap {picture}"),
        );
        assert_eq!(status, Some(0), "{told}");
        fs::read(at.join(picture)).expect("a picture")
    };
    // The same values and colours: what differs are the captions.
    assert_ne!(drawn("--sample 0", "a.png"), drawn("--sample 1", "b.png"));
}

#[test]
fn the_page_of_an_expansion_says_which_sample_it_is_of() {
    let folder = folder();
    let at = folder.path();
    for (command, said) in [
        (
            "taylor net.json --sample 0 -o t.json",
            "sample 0: f(x) = output 2 = ",
        ),
        (
            "taylor net.json --sample 1 --at origin -o f.json",
            "sample 1: output 2 as one function, x̃ sought at origin",
        ),
    ] {
        let (_, _, told) = run(at, command);
        let file = command.rsplit(' ').next().expect("a file");
        let (_, page, _) = run(at, &format!("report {file}"));
        assert!(page.contains(said), "{command}: {told}");
    }
}

#[test]
fn a_bias_above_0_is_said_to_lose_relevance_only_where_nothing_supports_its_unit() {
    let folder = folder();
    let net = r#"{ "input": { "shape": [1] },
      "layers": [{ "type": "dense", "weights": [[1]], "bias": [1], "activation": "relu" }], "inputs": [[1]] }"#;
    fs::write(folder.path().join("bias.json"), net).expect("written");
    let (_, json, _) = run(folder.path(), "inspect bias.json --format json");
    assert!(
        json.contains("is lost where it fires on its bias alone"),
        "{json}"
    );
    let (status, _, told) = run(folder.path(), "explain bias.json --rule z+");
    assert_eq!(status, Some(0), "here an input supports it: {told}");
}
