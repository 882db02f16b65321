//! Holds the house to its plan: data goes one way, files stay small, `unsafe` stays in one place.

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms from the ground up: each may use those before it.
const FLOORS: [&str; 19] = [
    "printable",
    "words",
    "spelling",
    "error",
    "network",
    "init",
    "samples",
    "data",
    "train",
    "relevance",
    "measure",
    "compare",
    "evolution",
    "exact",
    "result",
    "interpretation",
    "render",
    "guide",
    "cli",
];
/// No file of the house is longer.
const LONGEST_FILE: usize = 400;

fn sources() -> Vec<PathBuf> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("src can be read") {
            let path = entry.expect("src can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    assert!(files.len() > 30, "the house has rooms");
    files
}

fn text(file: &Path) -> String {
    fs::read_to_string(file).expect("a source file can be read")
}

/// The room of a file: the first step of its path below src.
fn room(file: &Path) -> String {
    let below = file
        .strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
        .expect("a file of src");
    let first = below
        .iter()
        .next()
        .expect("a path has a first step")
        .to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|known| *known == room)
}

/// The rooms that a file imports, by `use crate::` or by a path inside the code.
fn imported(text: &str) -> Vec<String> {
    let name = |rest: &str| {
        rest.chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let code = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let paths = code.flat_map(|line| {
        line.split("crate::")
            .skip(1)
            .map(name)
            .collect::<Vec<String>>()
    });
    paths.filter(|room| floor(room).is_some()).collect()
}

#[test]
fn no_room_imports_one_that_stands_later_on_the_way_of_the_data() {
    let mut imports = 0;
    for file in sources() {
        let (own, text) = (room(&file), text(&file));
        let Some(own_floor) = floor(&own) else {
            continue;
        };
        for other in imported(&text) {
            imports += 1;
            assert!(
                floor(&other) <= Some(own_floor),
                "{}: `{own}` imports `{other}`, which stands above it",
                file.display()
            );
        }
    }
    assert!(imports > 20, "the imports were found");
}

#[test]
fn every_room_has_its_floor() {
    for file in sources() {
        let room = room(&file);
        assert!(
            floor(&room).is_some() || room == "main" || room == "lib",
            "{room} has no floor yet"
        );
    }
}

#[test]
fn no_file_is_longer_than_a_head_can_hold() {
    for file in sources() {
        let lines = text(&file).lines().count();
        assert!(
            lines <= LONGEST_FILE,
            "{} has {lines} lines",
            file.display()
        );
    }
}

#[test]
fn a_rule_is_named_where_it_is_defined_and_nowhere_else() {
    const NAMES: [&str; 10] = [
        "::WSquared",
        "::Flat",
        "::ZPlus",
        "::ZBox",
        "::Proportional",
        "\"w2\"",
        "\"flat\"",
        "\"z+\"",
        "\"zB\"",
        "\"deep-taylor\"",
    ];
    // Its row, its terms, the presets, the rule of pools, its formulas in fractions; and what a command takes where no
    // rule is given.
    const NAMING: [&str; 7] = [
        "cli/compare.rs",
        "cli/request.rs",
        "exact/rule.rs",
        "relevance/plan.rs",
        "relevance/policy.rs",
        "relevance/rule.rs",
        "relevance/term.rs",
    ];
    for file in sources() {
        let text = text(&file);
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let mut code = code
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        let names = code.any(|line| NAMES.iter().any(|name| line.contains(name)));
        assert_eq!(
            names,
            NAMING.iter().any(|naming| file.ends_with(naming)),
            "{}",
            file.display()
        );
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for file in sources() {
        let purpose = match file.extension().and_then(|extension| extension.to_str()) {
            Some("rs") => "//!",
            // A chapter of the manual begins with its title.
            Some("md") => "# ",
            // Style and script of the pages begin with a comment of their own language.
            _ => "/* ",
        };
        assert!(
            text(&file).starts_with(purpose),
            "{} begins with its purpose",
            file.display()
        );
    }
}

#[test]
fn unsafe_stands_in_the_matrix_product_only() {
    for file in sources() {
        let code = text(&file);
        let has = code
            .lines()
            .any(|line| !line.trim_start().starts_with("//") && line.contains("unsafe "));
        assert_eq!(
            has,
            file.ends_with("network/matmul.rs"),
            "{}",
            file.display()
        );
    }
}
