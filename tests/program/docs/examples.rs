//! Runs the shell recipes of examples/ and reads a network file written from code.
//!
//! `cargo test` builds the example programs beside the tests; this runs them.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use deeptaylor::Network;

use crate::python::python;
use crate::skip::skip;

fn folder() -> PathBuf {
    let program = Path::new(env!("CARGO_BIN_EXE_deeptaylor"));
    program
        .parent()
        .expect("the program lies in a folder")
        .to_owned()
}

/// What a command prints; it must succeed.
#[track_caller]
fn output(command: &mut Command) -> String {
    let path = format!(
        "{}:{}",
        folder().display(),
        env::var("PATH").unwrap_or_default()
    );
    let output = command
        .env("PATH", path)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("it can be started");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("it prints UTF-8")
}

/// What an example program prints; none where only some targets were built.
fn example(name: &str) -> Option<String> {
    let program = folder().join("examples").join(name);
    if program.is_file() {
        Some(output(&mut Command::new(program)))
    } else {
        skip(&format!(
            "for {name} is not built: run the whole of cargo test"
        ));
        None
    }
}

#[test]
fn a_network_file_written_from_code_is_read_back() {
    let Some(file) = example("write_network") else {
        return;
    };
    let network =
        Network::parse("edges.json", file.as_bytes()).expect("the written file is a network");
    assert_eq!((network.input_units(), network.output_units()), (5, 1));
    assert_eq!(network.to_json(), file);
}

#[test]
fn explaining_in_ten_lines_prints_every_level() {
    let Some(printed) = example("explain") else {
        return;
    };
    assert_eq!(printed.lines().next(), Some("R on level 2: [3.7850]"));
    assert_eq!(printed.lines().last(), Some("conserved and positive: true"));
}

#[test]
fn the_proof_finds_every_layer_equal_to_f_in_fractions() {
    let Some(printed) = example("proof") else {
        return;
    };
    let sums = printed
        .lines()
        .filter(|line| line.contains("ΣR = 757/200 = f(x)"));
    assert_eq!(sums.count(), 3, "{printed}");
}

#[test]
fn in_a_batch_silent_units_carry_relevance_under_w2_and_none_under_z_plus() {
    let Some(printed) = example("batch") else {
        return;
    };
    let lines: Vec<&str> = printed.lines().collect();
    assert!(
        lines
            .iter()
            .all(|line| line.contains("10000 of 10000 samples hold")),
        "{printed}"
    );
    assert!(lines[0].contains("1879 have silent units"), "{printed}");
    assert!(lines[1].contains(" 0 have silent units"), "{printed}");
}

#[test]
fn the_recipes_make_a_markdown_table_and_a_csv_of_every_network() {
    if Command::new("jq").arg("--version").output().is_err() {
        skip("for there is no jq");
        return;
    }
    for network in [
        "figure-4",
        "two-stage",
        "lines",
        "xor",
        "lost-relevance",
        "silent-pool",
    ] {
        let file = format!("networks/{network}.json");
        let samples = Network::read(format!("{}/{file}", env!("CARGO_MANIFEST_DIR")))
            .expect("a network")
            .samples()
            .nrows();
        let table = output(Command::new("examples/report.sh").arg(&file));
        assert_eq!(table.lines().count(), samples + 2, "{table}");
        assert!(
            table
                .lines()
                .all(|line| line.starts_with('|') && line.ends_with('|')),
            "{table}"
        );
        let csv = output(Command::new("examples/sums.sh").arg(&file));
        let mut rows = csv::Reader::from_reader(csv.as_bytes());
        assert!(
            rows.records()
                .all(|row| row.is_ok_and(|row| row.len() == 6)),
            "{csv}"
        );
    }
}

#[test]
fn the_recipe_for_schemes_makes_a_row_of_each_under_each_rule() {
    if Command::new("jq").arg("--version").output().is_err() {
        skip("for there is no jq");
        return;
    }
    let table =
        output(Command::new("examples/schemes.sh").args(["--seeds", "2", "--rule", "w2,flat"]));
    assert_eq!(table.lines().count(), 2 + 2 * 12, "{table}");
    let is_row = |line: &str| line.starts_with('|') && line.matches('|').count() == 7;
    assert!(table.lines().all(is_row), "{table}");
}

/// A network of every module that is read, with statistics of its batch normalisation that are not those of the beginning.
const MODEL: &str = "
import torch
from torch import nn
torch.manual_seed(1)
model = nn.Sequential(
    nn.BatchNorm2d(3),
    nn.Conv2d(3, 8, 3, padding='same', dilation=2, bias=False), nn.BatchNorm2d(8), nn.ReLU6(), nn.MaxPool2d(3, 2, 1, ceil_mode=True),
    nn.Sequential(nn.Conv2d(8, 8, 3, padding=1, groups=4), nn.ReLU(), nn.BatchNorm2d(8)),
    nn.AvgPool2d(2, 1, 1), nn.ReLU(), nn.ReLU6(), nn.AdaptiveAvgPool2d(1), nn.Identity(),
    nn.Flatten(), nn.Dropout(), nn.Linear(8, 10), nn.BatchNorm1d(10), nn.ReLU(), nn.Linear(10, 4), nn.Softmax(1))
for module in model.modules():
    if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
        module.running_mean.uniform_(-1, 1), module.running_var.uniform_(0.5, 2)
        module.weight.data.uniform_(-1, 2), module.bias.data.uniform_(-1, 1)
tanh = nn.Sequential(nn.Linear(4, 3), nn.Tanh())
rows = nn.Sequential(nn.Conv2d(1, 3, 3), nn.Linear(3, 2))
branches = nn.ModuleList([nn.Linear(4, 3)])
";

#[test]
fn a_sequential_of_torch_is_written_as_a_network_with_its_outputs() {
    let Some(python) = python(&["torch"]) else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let [model, file] = ["model.py", "net.json"].map(|name| folder.path().join(name));
    fs::write(&model, MODEL).expect("a file");
    let written = |rest: &[&str]| {
        let mut command = Command::new(&python);
        let command = command
            .arg("examples/from_pytorch.py")
            .arg(&model)
            .args(rest);
        command
            .arg("-o")
            .arg(&file)
            .env("DEEPTAYLOR", env!("CARGO_BIN_EXE_deeptaylor"));
        let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).output();
        let output = output.expect("it can be started");
        let text = [output.stdout, output.stderr].concat();
        (
            output.status.code(),
            String::from_utf8(text).expect("UTF-8"),
        )
    };
    let (status, said) = written(&["--input-shape", "3x17x14", "--bounds", "0,1"]);
    assert_eq!(status, Some(0), "{said}");
    for part in ["gives torch's outputs", "Softmax 17 at the end is left off"] {
        assert!(said.contains(part), "no `{part}` in\n{said}");
    }
    let network = Network::read(&file).expect("a network");
    assert_eq!(network.shape(0).to_string(), "3 × 17 × 14");
    for (rest, expected) in [
        (
            ["--input-shape", "4", "--variable", "tanh"],
            "Tanh 1: deep Taylor decomposition is for ReLU networks",
        ),
        (
            ["--input-shape", "1x5x5", "--variable", "rows"],
            "Linear 1: it is applied to each row",
        ),
        (
            ["--input-shape", "4", "--variable", "branches"],
            "expected an nn.Sequential, found ModuleList",
        ),
        (
            ["--input-shape", "4x", "--variable", "tanh"],
            "invalid literal",
        ),
    ] {
        let (status, said) = written(&rest);
        assert_ne!(status, Some(0), "{rest:?}");
        assert!(
            said.contains(expected) && !said.contains("Traceback"),
            "{said}"
        );
    }
}
