//! What `cargo package` would publish: all that the crate is built from, and not the tests. And what it is built from itself: the
//! crates in Cargo.lock, which want no newer Rust than is promised.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use deeptaylor::guide::Chapter;
use serde_json::Value;

#[test]
fn the_package_holds_what_the_crate_is_built_from_and_no_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(env!("CARGO"))
        .args([
            "package",
            "--list",
            "--allow-dirty",
            "--offline",
            "--locked",
        ])
        .current_dir(root)
        .output()
        .expect("cargo can be started");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    let list = String::from_utf8(output.stdout).expect("UTF-8");
    let files: Vec<&str> = list.lines().collect();
    for needed in [
        "Cargo.lock",
        "Cargo.toml",
        "LICENSE",
        "README.md",
        "examples/data/mnist-small/train-images-idx3-ubyte.gz",
        "networks/figure-4.json",
        "networks/mnist-32.json",
        "src/lib.rs",
        "src/main.rs",
        "src/render/style.css",
    ] {
        assert!(files.contains(&needed), "{needed} is not in\n{list}");
    }
    // `Cargo.toml.orig` and `.cargo_vcs_info.json` are made by cargo.
    let made = ["Cargo.toml.orig", ".cargo_vcs_info.json"];
    let others = files.iter().filter(|file| !made.contains(file));
    let size: u64 = others
        .map(|file| {
            let folder = file.split('/').next().unwrap_or_default();
            assert!(!["tests", ".ci", "target"].contains(&folder), "{file}");
            root.join(file).metadata().expect("it is there").len()
        })
        .sum();
    // crates.io takes 10 MB, packed.
    assert!(size < 7_000_000, "{size} bytes");
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn text(path: &str) -> String {
    fs::read_to_string(here(path)).unwrap_or_else(|fault| panic!("{path}: {fault}"))
}

/// What `cargo metadata` says of the crates of this platform.
fn crates() -> Vec<Value> {
    let rustc = Command::new("rustc").arg("-vV").output().expect("rustc");
    let rustc = String::from_utf8(rustc.stdout).expect("UTF-8");
    let host = rustc.lines().find_map(|line| line.strip_prefix("host: "));
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .args(["--filter-platform", host.expect("a platform")])
        .current_dir(here(""))
        .output()
        .expect("cargo can be started");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    let all: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let packages = all["packages"].as_array().expect("a list").clone();
    assert!(packages.len() > 100, "crates");
    packages
}

#[test]
fn no_crate_wants_a_newer_rust_than_is_promised() {
    let version = |of: &Value| -> Vec<u32> {
        let text = of["rust_version"].as_str().unwrap_or("1");
        let parts = text.split('.').map(str::parse);
        let parts: Result<_, _> = parts.collect();
        parts.unwrap_or_else(|_| panic!("{text}"))
    };
    let crates = crates();
    let own = crates.iter().find(|one| one["name"] == "deeptaylor");
    let promised = version(own.expect("this crate"));
    assert!(promised > vec![1, 80], "{promised:?}");
    let said = crates.iter().filter(|one| one["rust_version"].is_string());
    assert!(said.count() > 50, "many say it");
    for one in &crates {
        assert!(
            version(one) <= promised,
            "{} {}",
            one["name"],
            one["rust_version"]
        );
    }
}

/// Commands of cargo that build of no crates, or, as the README's, of those that were looked at before.
const WITHOUT_LOCKED: [&str; 7] = [
    "cargo fmt --check",
    "cargo test",
    "cargo deny --version",
    "cargo fuzz --version",
    "cargo --version",
    // Behind a command that asks for the lock file.
    "cargo fuzz build",
    "cargo fuzz run",
];

#[test]
fn every_script_builds_of_the_crates_in_the_lock_file() {
    let folder = fs::read_dir(here("examples")).expect("the recipes");
    let paths = folder.map(|entry| entry.expect("a recipe").path());
    let scripts = paths.filter(|path| path.extension().is_some_and(|end| end == "sh"));
    let mut seen = 0;
    for script in scripts.chain([".ci/run", ".ci/reproducible.sh", "tests/fuzz/run.sh"].map(here)) {
        let script = script.display().to_string();
        let text = text(&script).replace("\\\n", "");
        let commands = text
            .lines()
            .filter(|line| !line.trim_start().starts_with('#'));
        for line in commands.filter(|line| line.split_whitespace().any(|word| word == "cargo")) {
            seen += 1;
            let free = WITHOUT_LOCKED.iter().any(|command| line.contains(command));
            assert!(line.contains("--locked") || free, "{script}: {line}");
        }
    }
    assert!(seen > 8, "{seen} commands");
    // Without being told, `cargo install` takes whatever is newest.
    let chapters = Chapter::ALL.iter().map(|chapter| chapter.text.to_owned());
    for manual in chapters.chain([text("README.md")]) {
        for line in manual.lines().filter(|line| line.contains("cargo install")) {
            assert!(line.contains("--locked"), "{line}");
        }
    }
    let run = text(".ci/run");
    let place = |command: &str| run.find(command).unwrap_or_else(|| panic!("{command}"));
    assert!(place("\ncargo fetch --locked") < place("\ncargo test\n"));
}

#[test]
fn ci_checks_the_crates_as_the_manual_says() {
    let (run, manual, list) = (
        text(".ci/run"),
        text("src/guide/contributing.md"),
        text(".ci/deny.toml"),
    );
    let check = "cargo deny --config .ci/deny.toml --all-features --locked check";
    assert!(run.contains(&format!("\n{check} ")) && run.contains(" bans licenses sources\n"));
    assert!(manual.contains(&format!("\n{check} bans licenses sources\n")));
    for text in [manual, list.clone()] {
        assert!(text.contains(&format!("{check} advisories\n")));
    }
    // Every exception has its reason.
    let exceptions = list.lines().map(str::trim_start);
    let exceptions =
        exceptions.filter(|line| line.starts_with("{ crate") || line.starts_with("{ id"));
    let exceptions: Vec<_> = exceptions.collect();
    assert!(exceptions.len() > 10, "{exceptions:?}");
    for line in exceptions {
        assert!(line.contains("reason = \""), "{line}");
    }
}
