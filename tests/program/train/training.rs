//! `deeptaylor train`: what it learns, what it writes, what it measures, and what it refuses.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::gzip;
use crate::program::{json, program, run};
use crate::refusal::{assert_refused, is_done};
use crate::result::{figures, without_origin};
use deeptaylor::evolution::INK;
use deeptaylor::{Explainer, Network, Target};
use serde_json::Value;

const SMALL: [&str; 11] = [
    "train",
    "--layers",
    "784,12,20,pool:2",
    "--explain",
    "12",
    "--digits",
    "0-9",
    "--steps",
    "0,3,40",
    "--batch",
    "20",
];

fn number(value: &Value) -> f64 {
    value
        .as_f64()
        .unwrap_or_else(|| panic!("a number, not {value}"))
}

fn train(out: &Path, more: &[&str]) -> Value {
    let out = out.to_str().expect("UTF-8");
    json(&[&SMALL, &["--out", out][..], more].concat())
}

#[test]
fn a_run_without_options_tells_nine_of_ten_held_out_digits_after_1000_steps_and_every_check_holds()
{
    let output = run(&["train", "--steps", "0,10,100,1000", "--format", "json"]);
    assert_eq!(output.status.code(), Some(0));
    let training: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let steps = training["steps"].as_array().expect("steps");
    let of = |key: &str| steps.iter().map(|s| number(&s[key])).collect::<Vec<f64>>();
    assert_eq!(of("step"), [0.0, 10.0, 100.0, 1000.0]);
    let (accuracy, loss) = (of("accuracy"), of("loss"));
    assert!(accuracy[3] >= 0.9, "{accuracy:?}");
    assert!(loss.windows(2).all(|pair| pair[1] < pair[0]), "{loss:?}");
    // zB on the first layer sees the pixels before any training, w2 does not.
    let ink = |step: usize, rule: usize| number(&steps[step]["rules"][rule]["ink_share"]);
    let chance = number(&training["chance"]["ink_share"]);
    assert!((ink(0, 0) - chance).abs() < 0.01, "w2 begins as chance");
    assert!(ink(0, 1) > chance + 0.01, "deep-taylor does not");
    assert!(
        ink(3, 0) > 1.5 * chance,
        "w2 comes to the ink by its weights"
    );
}

#[test]
fn the_same_seed_gives_the_same_bytes_on_any_number_of_threads() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = |threads: &str| {
        let out = folder.path().join(threads);
        let mut command = program(&SMALL);
        command.args([
            "--out",
            out.to_str().expect("UTF-8"),
            "--rules",
            "w2,zB,deep-taylor",
        ]);
        let output = command
            .env("RAYON_NUM_THREADS", threads)
            .output()
            .expect("runs");
        assert_eq!(output.status.code(), Some(0));
        let names = [
            "step-00000.json",
            "step-00003.json",
            "step-00040.json",
            "training.json",
            "relevance.png",
        ];
        names.map(|name| {
            let bytes = fs::read(out.join(name)).expect("written");
            // The command line names the folder.
            if name == "training.json" {
                without_origin(&bytes)
            } else {
                bytes
            }
        })
    };
    let one = files("1");
    assert!(one == files("3"));
    assert_ne!(one[0], one[2], "training changes the network");
}

#[test]
fn a_step_is_a_network_that_gives_the_figures_it_is_listed_with() {
    let folder = tempfile::tempdir().expect("a folder");
    let training = train(folder.path(), &["--rules", "zB"]);
    let written: Value =
        serde_json::from_slice(&fs::read(folder.path().join("training.json")).expect("written"))
            .expect("JSON");
    assert_eq!(written, training);
    for step in training["steps"].as_array().expect("steps") {
        let file = folder
            .path()
            .join(format!("step-{:05}.json", number(&step["step"])));
        let network = Network::read(file.to_str().expect("UTF-8")).expect("a network");
        let nonpositive = network
            .layers()
            .iter()
            .all(|layer| layer.bias().iter().all(|b| *b <= 0.0));
        assert!(nonpositive, "b_j ≤ 0 unless --bias free");
        let plan = deeptaylor::Plan::of(&network, deeptaylor::Rule::WSquared)
            .and_then(|plan| plan.with(1, deeptaylor::Rule::ZBox))
            .expect("a plan");
        let mut explainer = Explainer::new(&plan);
        for (n, x) in network.samples().rows().into_iter().enumerate() {
            let sample = x.insert_axis(ndarray::Axis(0));
            let batch = explainer
                .explain(sample, &Target::Output(n))
                .expect("explained");
            let digit = &step["rules"][0]["digits"][n];
            let f = batch.chosen()[0].value;
            assert!((number(&digit["f"]) - f).abs() <= 1e-12 * f.abs());
            let r = batch.relevance(0);
            let all: f64 = r.iter().map(|r| r.abs()).sum();
            let ink: f64 = r
                .iter()
                .zip(&x)
                .filter(|(_, x)| **x > INK)
                .map(|(r, _)| r.abs())
                .sum();
            if all > 0.0 {
                assert!((number(&digit["ink_share"]) - ink / all).abs() < 1e-12);
            }
            let listed = digit["relevance"].as_array().expect("a list");
            assert!(
                listed
                    .iter()
                    .zip(&r)
                    .all(|(a, b)| (number(a) - b).abs() <= 1e-12 * all.max(1.0))
            );
        }
    }
}

#[test]
fn biases_that_are_free_and_adam_learn_too() {
    for more in [["--bias", "free"], ["--optimiser", "adam"]] {
        let training = json(&[&SMALL[..], &more].concat());
        let loss = |step: usize| number(&training["steps"][step]["loss"]);
        assert!(loss(2) < loss(0), "{more:?}");
    }
}

#[test]
fn the_contact_sheet_has_an_image_for_each_digit_step_and_rule() {
    let images = |digits: &str, steps: &str| {
        let folder = tempfile::tempdir().expect("a folder");
        train_with(folder.path(), digits, steps);
        let sheet = fs::read_to_string(folder.path().join("relevance.svg")).expect("written");
        sheet.matches("<image").count()
    };
    // Two rules, the digit itself, and a colour bar.
    assert_eq!(images("0-9", "0,1,2"), 10 * (2 * 3 + 1) + 1);
    assert_eq!(images("0-4", "0,1,2,3"), 5 * (2 * 4 + 1) + 1);
}

fn train_with(out: &Path, digits: &str, steps: &str) {
    let out = out.to_str().expect("UTF-8");
    let arguments = [
        "train",
        "--layers",
        "784,10",
        "--explain",
        "1",
        "--digits",
        digits,
        "--steps",
        steps,
        "--out",
        out,
    ];
    let output = run(&arguments);
    assert!(is_done(output.status.code()), "{output:?}");
}

#[test]
fn a_folder_with_something_in_it_is_left_alone_without_force() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().to_str().expect("UTF-8");
    fs::write(folder.path().join("mine.txt"), "mine").expect("written");
    let arguments = [
        "train",
        "--layers",
        "784,10",
        "--steps",
        "0,5",
        "--explain",
        "10",
        "--out",
        out,
    ];
    assert_refused("not empty", &run(&arguments), &["not empty", "--force"]);
    assert!(is_done(
        run(&[&arguments[..], &["--force"]].concat()).status.code()
    ));
    let other = [
        "train",
        "--layers",
        "784,10",
        "--steps",
        "0,1",
        "--explain",
        "10",
        "--out",
        out,
        "--force",
    ];
    assert!(is_done(run(&other).status.code()));
    let there = |name: &str| folder.path().join(name).exists();
    assert!(
        there("step-00001.json") && !there("step-00005.json"),
        "no step of the earlier training stays"
    );
    assert!(there("mine.txt"));
}

/// Two images of 28 × 28 and their labels, as IDX.
fn idx(folder: &Path, labels: [u8; 2], gzipped: bool) {
    for part in ["train", "t10k"] {
        let mut images = vec![0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 28, 0, 0, 0, 28];
        images.extend((0..2 * 784).map(|n| u8::try_from(n % 251).expect("a byte")));
        let classes = [&[0, 0, 8, 1, 0, 0, 0, 2][..], &labels].concat();
        for (name, bytes) in [("images-idx3", images), ("labels-idx1", classes)] {
            let file = folder.join(format!("{part}-{name}-ubyte"));
            if gzipped {
                let packed = gzip::gzipped(&bytes);
                fs::write(file.with_extension("gz"), packed).expect("written");
            } else {
                fs::write(file, bytes).expect("written");
            }
        }
    }
}

#[test]
fn plain_and_gzipped_files_and_csv_give_the_same() {
    let [plain, packed, table] = [0; 3].map(|_| tempfile::tempdir().expect("a folder"));
    idx(plain.path(), [3, 9], false);
    idx(packed.path(), [3, 9], true);
    let row = |n: usize, label: u8| {
        let pixels: Vec<String> = (0..784)
            .map(|i| ((n * 784 + i) % 251).to_string())
            .collect();
        format!("{label},{}\n", pixels.join(","))
    };
    for file in ["train.csv", "test.csv"] {
        fs::write(table.path().join(file), row(0, 3) + &row(1, 9)).expect("written");
    }
    let of = |folder: &Path, more: &[&str]| {
        let data = folder.to_str().expect("UTF-8");
        let arguments = [
            "train", "--layers", "784,10", "--steps", "0,2", "--digits", "3,9", "--data", data,
        ];
        let mut training = figures(&[&arguments, more].concat());
        for of_the_file in ["data", "notes", "label", "pixel_columns"] {
            training["setting"][of_the_file] = Value::Null;
        }
        training
    };
    let expected = of(plain.path(), &[]);
    assert_eq!(expected["explained"], 2);
    assert_eq!(of(packed.path(), &[]), expected);
    assert_eq!(of(table.path(), &["--label", "first"]), expected);
}

#[test]
fn what_is_wrong_with_the_data_is_said_with_its_file() {
    let corrupt = |what: &dyn Fn(&Path), said: &[&str]| {
        let folder = tempfile::tempdir().expect("a folder");
        idx(folder.path(), [3, 9], false);
        what(folder.path());
        let data = folder.path().to_str().expect("UTF-8");
        let output = run(&[
            "train", "--layers", "784,10", "--steps", "0", "--digits", "3", "--data", data,
        ]);
        assert_refused(&said.join(" "), &output, said);
    };
    let images = "train-images-idx3-ubyte";
    let cut = |file: &'static str, to: usize| {
        move |folder: &Path| {
            let bytes = fs::read(folder.join(file)).expect("there");
            fs::write(folder.join(file), &bytes[..to]).expect("written");
        }
    };
    corrupt(
        &cut(images, 500),
        &[
            images,
            "expected 2 × 28 × 28 bytes after the header, found 484",
        ],
    );
    corrupt(&cut(images, 3), &[images, "expected an IDX file"]);
    corrupt(
        &cut("t10k-labels-idx1-ubyte", 9),
        &["t10k-labels-idx1-ubyte", "expected 2 bytes"],
    );
    corrupt(
        &|folder| fs::write(folder.join(images), [0x1f, 0x8b, 8, 0, 1, 2]).expect("written"),
        &[images, "expected gzipped data"],
    );
    corrupt(
        &|folder| fs::remove_file(folder.join(images)).expect("there"),
        &[images, "No such file or directory", "--data takes a folder"],
    );
    corrupt(
        &|folder| idx(folder, [3, 12], false),
        &[
            "labels-idx1-ubyte",
            "image 1: expected a class from 0 to 9",
            "found class 12",
        ],
    );
}

#[test]
fn every_class_that_is_held_out_is_shown_unless_some_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("three.csv");
    let rows = (0..18).map(|n| format!("{},{n},{},0,255\n", n % 3, 9 * n));
    fs::write(
        &file,
        "label,a,b,c,d\n".to_owned() + &rows.collect::<String>(),
    )
    .expect("written");
    let data = file.to_str().expect("UTF-8");
    let arguments = [
        "train",
        "--data",
        data,
        "--layers",
        "4,6,pool:2",
        "--steps",
        "0,3",
    ];
    let training = json(&arguments);
    let classes: Vec<&Value> = (training["digits"].as_array().expect("a list").iter())
        .map(|digit| &digit["class"])
        .collect();
    assert_eq!(classes, [0, 1, 2]);
    let named = run(&[&arguments[..], &["--digits", "7"]].concat());
    assert_refused(
        "7",
        &named,
        &["no held-out image of class 7", "without --digits"],
    );
}

#[test]
fn a_heatmap_does_not_go_where_the_explanation_goes() {
    let output = run(&["explain", "networks/lines.json", "--heatmap", "-"]);
    assert_refused("-", &output, &["--heatmap: expected the name of a file"]);
}

#[test]
fn what_cannot_be_trained_is_refused_before_it_is_tried() {
    for (arguments, said) in [
        ("--layers 700,10", vec!["700 inputs", "784 pixels"]),
        ("--layers 784,5", vec!["expected a class from 0 to 4"]),
        (
            "--layers 1x14x56,10",
            vec!["expected inputs of shape 1x28x28"],
        ),
        ("--digits 0-x", vec!["expected classes as 0-9 or 3,5"]),
        ("--digits 11", vec!["no held-out image of class 11"]),
        ("--rate 0", vec!["expected a number above 0"]),
        ("--rate 1e300 --steps 5", vec!["leave", "a smaller --rate"]),
        ("--rules w3", vec!["w3", "w2, flat, z+, zB, z, epsilon"]),
        ("--steps 0,x", vec!["invalid value 'x'"]),
        (
            "--data no/such",
            vec!["no/such: cannot be read: No such file or directory"],
        ),
        ("--out Cargo.toml", vec!["expected a folder, found a file"]),
        ("--out -", vec!["expected a folder", "--format json"]),
        (
            "--layers 784,60,pools:6",
            vec!["a class from 0 to 5", "--layers 784,60,pools:10"],
        ),
        ("--out /proc/none", vec!["/proc/none", "cannot be written"]),
    ] {
        let arguments: Vec<&str> = ["train"].into_iter().chain(arguments.split(' ')).collect();
        assert_refused(&arguments.join(" "), &run(&arguments), &said);
    }
}

#[test]
#[cfg(unix)]
fn ctrl_c_keeps_what_was_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().to_str().expect("UTF-8");
    let mut child = program(&[
        "train",
        "--layers",
        "784,10",
        "--steps",
        "0,10000000",
        "--out",
        out,
    ])
    .stdout(std::process::Stdio::piped())
    .stderr(std::process::Stdio::piped())
    .spawn()
    .expect("runs");
    while !folder.path().join("step-00000.json").exists() {
        assert!(
            child.try_wait().expect("a child").is_none(),
            "it still trains"
        );
        std::thread::yield_now();
    }
    let killed = Command::new("sh")
        .args(["-c", &format!("kill -INT {}", child.id())])
        .status();
    assert!(killed.expect("sh runs").success());
    let output = child.wait_with_output().expect("ends");
    assert_eq!(output.status.code(), Some(130));
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("interrupted after step "));
    let training: Value =
        serde_json::from_slice(&fs::read(folder.path().join("training.json")).expect("kept"))
            .expect("whole");
    assert_eq!(training["steps"].as_array().expect("steps").len(), 1);
    assert!(folder.path().join("relevance.png").exists());
}

#[test]
fn a_heatmap_is_a_picture_of_square_inputs_and_refused_for_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("r.png");
    let name = file.to_str().expect("UTF-8");
    for overlay in ["beside", "over", "alone"] {
        let arguments = [
            "explain",
            "networks/lines.json",
            "--heatmap",
            name,
            "--overlay",
            overlay,
            "--force",
        ];
        assert_eq!(run(&arguments).status.code(), Some(0));
        let reader = png::Decoder::new(std::io::BufReader::new(
            fs::File::open(&file).expect("written"),
        ));
        assert!(
            reader.read_info().expect("a PNG").info().height > 2 * 168,
            "three samples in two rows"
        );
    }
    let again = run(&["explain", "networks/lines.json", "--heatmap", name]);
    assert_refused("there already", &again, &["already exists", "--force"]);
    let other = folder.path().join("no.png");
    let refused = run(&["explain", "--heatmap", other.to_str().expect("UTF-8")]);
    assert_refused(
        "three inputs",
        &refused,
        &["--heatmap", "a square number", "[3]"],
    );
    assert!(!other.exists());
}

#[test]
fn the_networks_that_come_along_tell_digits_as_well_as_they_say() {
    for (file, accuracy, bytes) in [
        ("networks/mnist-32.json", 0.914, 702_000),
        ("networks/mnist-conv.json", 0.975, 100_000),
    ] {
        let network = Network::read(file).expect("a network");
        let data = deeptaylor::data::Data::built_in();
        let score = deeptaylor::train::score(&network, &data.test).expect("finite");
        assert!(
            (score.accuracy - accuracy).abs() < 1e-9,
            "{file}: {}",
            score.accuracy
        );
        let description = network.description();
        assert!(description.contains("on held-out images"), "{description}");
        assert!(fs::metadata(file).expect("a file").len() < bytes, "{file}");
        let explained = json(&["explain", file, "--rule", "deep-taylor"]);
        assert_eq!(explained["samples"].as_array().map(Vec::len), Some(10));
        for property in ["conservation", "positivity"] {
            assert_eq!(explained["checks"][property]["holds"], true, "{file}");
        }
        assert_eq!((data.train.len(), data.test.len()), (5000, 1000));
    }
}
