//! Figures as files of their own: what they hold, and when none is written.
//!
//! `UPDATE_FIGURES=1 cargo test --test program figures` writes the drawings of tests/golden/figures as they are today: look at
//! them before they are committed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use crate::program::{fed, json};
use roxmltree::{Document, Node};
use serde_json::json;

/// What makes each result, and those of its figures that are kept.
const GOLDEN: [(&[&str], &[&str]); 4] = [
    (&["explain"], &["flow"]),
    (
        &["taylor", "networks/xor.json", "--sample", "1"],
        &["plane-1-1"],
    ),
    (
        &[
            "compare",
            "--seeds",
            "5",
            "--schemes",
            "he-normal,he-uniform",
            "--rule",
            "w2,z+",
        ],
        &["effective-inputs"],
    ),
    (
        &[
            "evaluate",
            "networks/xor.json",
            "--rule",
            "w2,flat,z+",
            "--no-time",
        ],
        &["flipping"],
    ),
];

/// All kinds of results that have figures.
fn results() -> Vec<Vec<u8>> {
    let train = [
        "train",
        "--layers",
        "784,8,20,pool:2",
        "--steps",
        "0,3",
        "--digits",
        "0,1",
        "--explain",
        "4",
    ];
    let all = [
        &["explain", "networks/residual.json"][..],
        &["explain", "networks/mnist-32.json", "--rule", "w2,z"],
        &train,
    ];
    let all = all
        .into_iter()
        .chain(GOLDEN.map(|(arguments, _)| arguments));
    all.map(|arguments| json(arguments).to_string().into_bytes())
        .collect()
}

/// A report with its figures in this folder.
fn report(result: &[u8], folder: &Path, more: &[&str]) -> Output {
    let folder = folder.to_str().expect("UTF-8");
    fed(&[&["report", "--figures", folder], more].concat(), result)
}

/// What is in a folder, by name.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let files = fs::read_dir(folder).expect("a folder");
    let file = |path: PathBuf| {
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        (name, fs::read_to_string(path).expect("text"))
    };
    files
        .map(|entry| file(entry.expect("a file").path()))
        .collect()
}

/// The figures of a result.
fn figures(result: &[u8]) -> BTreeMap<String, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let output = report(result, folder.path(), &[]);
    assert!(
        !output.stdout.is_empty(),
        "the page goes where it always goes"
    );
    files(folder.path())
}

fn holds_nothing_from_elsewhere(name: &str, file: &str) {
    let document = Document::parse(file).unwrap_or_else(|error| panic!("{name}: {error}"));
    let root = document.root_element();
    let svg = "http://www.w3.org/2000/svg";
    assert_eq!(
        (root.tag_name().name(), root.tag_name().namespace()),
        ("svg", Some(svg))
    );
    let title = root
        .children()
        .find(|node| node.has_tag_name((svg, "title")));
    assert!(
        title
            .and_then(|title| title.text())
            .is_some_and(|text| !text.is_empty()),
        "{name}"
    );
    let parts = || document.descendants().filter(Node::is_element);
    assert!(
        !parts().any(|part| part.has_tag_name((svg, "script"))),
        "{name}"
    );
    for attribute in parts().flat_map(|part| part.attributes()) {
        let (key, value) = (attribute.name(), attribute.value());
        assert!(!key.starts_with("on"), "{name}: {key}");
        assert!(
            key != "href" || value.starts_with("data:image/png;base64,"),
            "{name}: {value}"
        );
    }
    for word in ["url(", "@import", "var(", ":hover"] {
        assert!(!file.contains(word), "{name}: {word}");
    }
    let fonts = |mark: &str, end: char| {
        let each = file.split(mark).skip(1);
        let each = each.filter_map(|rest| rest.split(end).next());
        each.map(str::to_owned).collect::<Vec<_>>()
    };
    let fonts = [fonts("font-family: ", ';'), fonts("font-family=\"", '"')].concat();
    let generic = |font: &String| font.ends_with(", sans-serif");
    assert!(
        !fonts.is_empty() && fonts.iter().all(generic),
        "{name}: {fonts:?}"
    );
}

#[test]
fn the_drawings_are_those_that_were_looked_at() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/figures");
    for (arguments, names) in GOLDEN {
        let figures = figures(json(arguments).to_string().as_bytes());
        for name in names {
            let ending = format!("-{name}.svg");
            let drawn = figures.iter().find(|(file, _)| file.ends_with(&ending));
            let (_, drawn) = drawn.expect("a figure of this name");
            let file = folder.join(arguments[0].to_owned() + &ending);
            if std::env::var_os("UPDATE_FIGURES").is_some() {
                fs::write(&file, drawn).expect("written");
            }
            let golden = fs::read_to_string(&file).expect("a golden drawing");
            assert!(*drawn == golden, "{}: not as it was", file.display());
        }
    }
}

#[test]
fn every_figure_of_a_page_is_a_whole_file_that_asks_for_nothing() {
    for result in results() {
        let page = String::from_utf8(fed(&["report"], &result).stdout).expect("UTF-8");
        let figures = figures(&result);
        let number = |text: &str, end: char| text.split(end).next().and_then(|n| n.parse().ok());
        let on_page = page.split("<b>Figure ").skip(1);
        let mut on_page: Vec<usize> = on_page.filter_map(|text| number(text, '.')).collect();
        on_page.sort_unstable();
        let numbers: Vec<usize> = figures
            .keys()
            .filter_map(|name| number(name, '-'))
            .collect();
        assert!(!numbers.is_empty());
        assert_eq!(numbers, on_page, "{:?}", figures.keys());
        for (name, file) in &figures {
            assert!(name.strip_suffix(".svg").is_some(), "{name}");
            holds_nothing_from_elsewhere(name, file);
        }
    }
}

#[test]
fn names_from_a_file_stay_text_in_a_figure() {
    let bad = "</title><script>x</script>\u{fffe}\u{1}&<\"";
    let network = json!({
        "name": bad, "input": { "shape": [2], "names": [bad, "ok"] }, "outputs": [bad], "inputs": [[1, 2]],
        "layers": [{ "type": "dense", "name": bad, "weights": [[1.0], [1.0]], "activation": "relu" }],
    });
    let result = fed(
        &["explain", "-", "--format", "json"],
        network.to_string().as_bytes(),
    )
    .stdout;
    for (name, file) in figures(&result) {
        holds_nothing_from_elsewhere(&name, &file);
        let document = Document::parse(&file).expect("XML");
        let texts: String = document
            .descendants()
            .filter_map(|node| node.text())
            .collect();
        assert!(texts.contains("</ti") && texts.contains("&<\""), "{texts}");
    }
}

#[test]
fn figures_are_written_all_or_none_and_never_over_others_unasked() {
    let result = json(&["explain"]).to_string().into_bytes();
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path().join("figures");
    let written = report(&result, &here, &[]);
    assert_eq!(written.status.code(), Some(0));
    let said = String::from_utf8(written.stderr).expect("UTF-8");
    assert_eq!(
        said,
        format!(
            "note: 1 figure written to {}: 01-flow.svg\n",
            here.display()
        )
    );
    let first = files(&here);
    fs::write(here.join("01-flow.svg"), "mine").expect("written");
    let refused = |folder: &Path, expected: &str| {
        let output = report(&result, folder, &[]);
        let said = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(
            (output.status.code(), output.stdout.len()),
            (Some(2), 0),
            "{said}"
        );
        assert!(said.contains(expected), "{said}");
    };
    refused(
        &here,
        "01-flow.svg already exists\n  help: --force overwrites it",
    );
    assert_eq!(files(&here)["01-flow.svg"], "mine");
    refused(&here.join("01-flow.svg"), "expected a folder, found a file");
    let parent = folder.path().join("not");
    refused(
        &parent.join("there"),
        &format!("there is no folder {}", parent.display()),
    );
    assert_eq!(report(&result, &here, &["--force"]).status.code(), Some(0));
    assert_eq!(files(&here), first);
    let quiet = report(&result, &folder.path().join("quiet"), &["--quiet"]);
    assert_eq!((quiet.status.code(), quiet.stdout.len()), (Some(0), 0));
    assert_eq!(files(&folder.path().join("quiet")), first);
}

#[test]
fn figures_of_several_samples_have_their_numbers_and_what_is_left_of_others_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    let run = |samples: &str| {
        let arguments = ["explain", "networks/mnist-32.json", "--sample", samples];
        let result = json(&arguments).to_string().into_bytes();
        let output = report(&result, here, &["--force"]);
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    assert_eq!(run("4,7").lines().count(), 1);
    let of = |sample: usize| {
        files(here)
            .into_keys()
            .filter(|name| name.contains(&format!("-sample-{sample}-")))
            .count()
    };
    assert!(of(4) > 1 && of(4) == of(7), "{:?}", files(here).keys());
    fs::write(here.join("notes.svg"), "mine").expect("written");
    let told = run("7");
    let all = files(here);
    let old: Vec<&String> = all
        .keys()
        .filter(|name| name.contains("-sample-"))
        .collect();
    let more = told.lines().nth(1).expect("what is left");
    assert!(
        more.contains("figures more, which were not written now"),
        "{told}"
    );
    assert!(
        old.iter().all(|name| more.contains(&name[..])) && !more.contains("notes"),
        "{told}"
    );
}
