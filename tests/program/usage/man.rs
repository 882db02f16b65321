//! The man pages: that every page which another names is there, and files that are whole or untouched.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::program::run;
use crate::refusal::{assert_refused, deeptaylor};
use crate::skip::skip;

/// The names of the files in a folder.
fn files(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let names = entries.map(|entry| entry.expect("a file").file_name());
    names.map(|name| name.display().to_string()).collect()
}

/// What a successful run prints.
fn printed(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn every_page_that_the_first_one_names_can_be_printed_and_is_among_the_files() {
    let folder = tempfile::tempdir().expect("a folder");
    // Folders above it are made, too.
    let man1 = folder.path().join("share/man1");
    let written = run(&["man", "--all", man1.to_str().expect("UTF-8")]);
    assert!(written.status.success() && written.stdout.is_empty());
    let first = printed(&["man"]);
    let named = first.lines().filter_map(|line| {
        let name = line.strip_prefix("deeptaylor\\-")?;
        name.strip_suffix("(1)")
    });
    let mut expected = BTreeSet::from(["deeptaylor.1".to_owned()]);
    for command in named {
        let page = printed(&["man", command]);
        assert!(
            page.contains(&format!("\n.TH deeptaylor-{command} 1 ")),
            "{page}"
        );
        let file = format!("deeptaylor-{command}.1");
        let text = fs::read_to_string(man1.join(&file)).expect("a page");
        assert_eq!(text, page, "{file}");
        expected.insert(file);
    }
    assert!(expected.len() > 13, "{expected:?}");
    assert_eq!(files(&man1), expected);
    let text = fs::read_to_string(man1.join("deeptaylor.1")).expect("a page");
    assert_eq!(text, first);
}

#[test]
fn pages_are_roff_without_complaints_and_keep_the_columns_of_their_examples() {
    if Command::new("groff").arg("--version").output().is_err() {
        skip("for there is no groff");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("UTF-8");
    assert!(run(&["man", "--all", path]).status.success());
    for file in files(folder.path()) {
        let output = Command::new("groff")
            .args(["-man", "-Kutf8", "-Tutf8", "-ww", "-rLL=120n"])
            .arg(folder.path().join(&file))
            .output()
            .expect("groff runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.is_empty(), "{file}: {said}");
        let shown = String::from_utf8_lossy(&output.stdout);
        if file == "deeptaylor.1" {
            let example = "deeptaylor explain mine.json                           your own network";
            assert!(shown.contains(example), "{shown}");
        }
    }
}

#[test]
fn pages_are_written_all_or_none_and_over_others_only_by_force() {
    let folder = tempfile::tempdir().expect("a folder");
    let there = folder.path().join("deeptaylor-train.1");
    fs::write(&there, "mine").expect("a file");
    let here = |arguments: &[&str]| deeptaylor(folder.path(), arguments);
    let refused = here(&["man", "--all", "."]);
    assert_refused(
        "a page is there",
        &refused,
        &["train.1 already exists", "--force"],
    );
    assert_eq!(files(folder.path()).len(), 1, "none was written");
    assert!(here(&["man", "--all", ".", "--force"]).status.success());
    assert_eq!(
        fs::read_to_string(&there).expect("a page"),
        printed(&["man", "train"])
    );
    let cases: [(&[&str], &[&str]); 4] = [
        (
            &["man", "explian"],
            &[
                "expected a command",
                "found explian",
                "did you mean `explain`?",
            ],
        ),
        (
            &["man", "--all", "-"],
            &["expected a folder", "man COMMAND prints"],
        ),
        (
            &["man", "--all", "deeptaylor-train.1"],
            &["--all deeptaylor-train.1", "cannot be made a folder"],
        ),
        (&["man", "explain", "--all", "."], &["cannot be used with"]),
    ];
    for (arguments, said) in cases {
        assert_refused(&format!("{arguments:?}"), &here(arguments), said);
    }
}
