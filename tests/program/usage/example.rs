//! `deeptaylor example` and `deeptaylor guide`, and `example:NAME` wherever a network is asked for.

use std::fs;

use deeptaylor::guide::Chapter;
use deeptaylor::network::Example;

use crate::program::{json, program, run};

/// What a run prints that must succeed.
fn printed(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn an_example_is_the_file_in_networks_byte_for_byte() {
    for example in Example::ALL {
        let file = fs::read(format!("networks/{}.json", example.name)).expect("its file");
        assert_eq!(run(&["example", example.name]).stdout, file);
        assert_eq!(example.file, file);
        assert!(printed(&["example"]).contains(example.shows), "{example:?}");
    }
    let files = fs::read_dir("networks").expect("the networks").count();
    assert_eq!(files, Example::ALL.len());
}

#[test]
fn an_example_stands_for_its_file_in_every_command_that_takes_a_network() {
    let commands: [&[&str]; 5] = [
        &["explain", "NETWORK"],
        &["taylor", "NETWORK"],
        &["inspect", "NETWORK"],
        &["compare", "NETWORK", "--seeds", "2"],
        &["compare", "--with", "NETWORK", "--seeds", "2"],
    ];
    for command in commands {
        let of = |network: &str| {
            let words = command.iter();
            let words: Vec<&str> = words
                .map(|word| if *word == "NETWORK" { network } else { word })
                .collect();
            words.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let result = |network: &str| {
            let words = of(network);
            let mut result = json(&words.iter().map(String::as_str).collect::<Vec<_>>());
            let made = result.as_object_mut().expect("an object").remove("made_by");
            (result, made.map(|made| made["files"].clone()))
        };
        let (from_file, files) = result("networks/two-stage.json");
        let (from_name, named) = result("example:two-stage");
        assert_eq!(from_file, from_name, "{command:?}");
        if let (Some(files), Some(named)) = (files, named) {
            assert_eq!(files[0]["sha256"], named[0]["sha256"], "{command:?}");
            assert_eq!(named[0]["name"], "example:two-stage", "{command:?}");
        }
        let words = of("example:two-stages");
        let output = run(&words.iter().map(String::as_str).collect::<Vec<_>>());
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{command:?}");
        assert!(told.contains("did you mean `two-stage`?"), "{told}");
        assert!(told.contains("deeptaylor example lists them"), "{told}");
    }
}

#[test]
fn an_example_is_written_whole_and_over_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("mine.json");
    let name = file.to_str().expect("UTF-8");
    assert_eq!(printed(&["example", "lines", "-o", name]), "");
    assert_eq!(fs::read(&file).ok(), fs::read("networks/lines.json").ok());
    let again = run(&["example", "xor", "-o", name]);
    assert_eq!(again.status.code(), Some(2));
    assert_eq!(fs::read(&file).ok(), fs::read("networks/lines.json").ok());
}

#[test]
fn a_chapter_is_printed_as_text_and_a_misspelt_one_is_guessed() {
    let list = printed(&["guide"]);
    for chapter in Chapter::ALL {
        assert!(list.contains(&format!("{}  ", chapter.name)), "{list}");
        // Where stdout is no terminal, there is no pager to wait for.
        let mut guide = program(&["guide", chapter.name]);
        let output = guide.env("PAGER", "false").output().expect("it runs");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(!text.contains('\u{1b}') && !text.contains("```"), "{text}");
        let title = chapter.text.lines().next().expect("a title");
        assert_eq!(text.lines().next(), title.strip_prefix("# "));
    }
    let told = String::from_utf8(run(&["guide", "glosary"]).stderr).expect("UTF-8");
    assert!(told.contains("'glossary'"), "{told}");
    let completions = printed(&["completions", "bash"]);
    assert!(completions.contains("glossary") && completions.contains("silent-pool"));
}
