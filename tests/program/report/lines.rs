//! `report` of lines of `explain --format jsonl`: the page of the whole result, and what is refused.

use std::fs;

use crate::program::{fed, run};

fn markdown(result: &[u8], arguments: &[&str]) -> String {
    let output = fed(
        &[&["report", "--format", "markdown"], arguments].concat(),
        result,
    );
    assert!(
        output.stderr.is_empty(),
        "{:?}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn lines_with_their_network_say_what_the_whole_result_says() {
    for explained in [
        &["explain", "example:xor"][..],
        &["explain", "example:xor", "--rule", "w2,z+"],
        &[
            "explain",
            "example:residual",
            "--rule",
            "deep-taylor,epsilon:0.01",
        ],
        &["explain", "example:lines", "--target", "all"],
    ] {
        let lines = run(&[explained, &["--format", "jsonl"]].concat()).stdout;
        let whole = run(&[explained, &["--format", "json"]].concat()).stdout;
        let of_whole = markdown(&whole, &[]);
        let of_lines = markdown(&lines, &["--network", explained[1]]);
        // Lines do not say which command made them; what only a single sample of a page has is asked for with --expansion.
        let without = |text: &str| -> Vec<String> {
            let left_out = |line: &&str| {
                line.is_empty() || line.starts_with("- expansion") || line.starts_with("Made by")
            };
            let lines = text.lines().filter(|line| !left_out(line));
            lines.map(str::to_owned).collect()
        };
        let (of_lines, of_whole) = (without(&of_lines), without(&of_whole));
        assert_eq!(of_lines, of_whole, "{explained:?}");
    }
}

#[test]
fn lines_of_another_network_or_other_options_are_refused() {
    let lines = |arguments: &[&str]| run(&[arguments, &["--format", "jsonl"]].concat()).stdout;
    let xor = lines(&["explain", "example:xor"]);
    let by_layer = lines(&["explain", "example:figure-4", "--layer-rule", "1=z+"]);
    let gradient = lines(&["explain", "example:xor", "--rule", "gradient"]);
    let uneven = [
        &lines(&["explain", "example:xor", "--rule", "w2,z+"])[..],
        &xor,
    ]
    .concat();
    let json = run(&["explain", "example:xor", "--format", "json"]).stdout;
    let mixed = [&xor[..], &json].concat();
    for (text, network, expected) in [
        (
            &xor,
            "example:lines",
            "samples[0].layers[0]: expected 9 units, found 2",
        ),
        (
            &by_layer,
            "example:figure-4",
            "sample 0 is of another network, or was explained with other options",
        ),
        (
            &gradient,
            "example:xor",
            "the lines are of gradient, which is no rule by itself",
        ),
        (
            &uneven,
            "example:xor",
            "rule: expected 8 lines under each rule, found 4 under z+",
        ),
        (
            &mixed,
            "example:xor",
            "expected another line of --format jsonl",
        ),
        (
            &json,
            "example:xor",
            "--network is for lines of explain --format jsonl, and there is none",
        ),
        (&xor, "nowhere.json", "nowhere.json"),
    ] {
        let output = fed(&["report", "--network", network], text);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(output.stdout.is_empty(), "{message}");
        assert!(message.contains(expected), "{message} has not {expected}");
    }
}

#[test]
fn the_exit_status_is_that_of_the_lines() {
    let lines = run(&["explain", "example:lost-relevance", "--format", "jsonl"]).stdout;
    let output = fed(&["report", "--network", "example:lost-relevance"], &lines);
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn lines_in_a_file_and_another_result_become_a_page_of_two_sections() {
    let folder = tempfile::tempdir().expect("a folder");
    let [lines, json] = ["lines.jsonl", "result.json"].map(|name| folder.path().join(name));
    fs::write(
        &lines,
        run(&["explain", "example:xor", "--format", "jsonl"]).stdout,
    )
    .expect("written");
    fs::write(&json, run(&["explain", "--format", "json"]).stdout).expect("written");
    let [lines, json] = [&lines, &json].map(|path| path.to_str().expect("UTF-8"));
    let output = run(&["report", lines, json, "--network", "example:xor"]);
    let page = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(page.matches("<section id=\"result-").count(), 2);
}
