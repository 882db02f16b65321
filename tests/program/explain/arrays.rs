//! Results as arrays and as tables with a row a sample: the numbers of the JSON, and the same bytes however they come about.

use std::fs;
use std::path::Path;

use crate::npz::{Array, Values, npz};
use crate::program::{fed, json, piped, program, run};
use crate::refusal::{assert_refused, deeptaylor};
use crate::result::NETWORKS;
use serde_json::Value;

/// What a run writes to a pipe; it may fail a check.
fn written(arguments: &[&str]) -> Vec<u8> {
    let output = run(arguments);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.code().is_some_and(|code| code < 2),
        "{arguments:?}: {told}"
    );
    output.stdout
}

fn samples(result: &Value) -> &[Value] {
    result["samples"].as_array().expect("a list")
}

/// What each sample has at a place of its JSON, in one list.
fn numbers(result: &Value, place: &str) -> Vec<f64> {
    let each = samples(result)
        .iter()
        .map(|sample| sample.pointer(place).expect("it is there"));
    let flat = each.flat_map(|found| match found.as_array() {
        Some(list) => list.clone(),
        None => vec![found.clone()],
    });
    flat.map(|number| number.as_f64().expect("a number"))
        .collect()
}

/// The places of figures in the JSON of a sample.
const FIGURES: [(&str, &str); 4] = [
    ("value", "/target/value"),
    ("worst_gap", "/checks/conservation/worst_gap"),
    ("least", "/checks/positivity/least"),
    ("lost", "/balance/lost"),
];

#[test]
fn every_array_has_the_numbers_of_the_json_in_the_shape_of_its_level() {
    for (network, _, number) in NETWORKS {
        let command = [
            "explain",
            &format!("networks/{network}.json"),
            "--levels",
            "all",
        ];
        let (result, (arrays, names)) = (
            json(&command),
            npz(&written(&[&command[..], &["--format", "npz"]].concat())),
        );
        for (name, place) in FIGURES {
            assert_eq!(arrays[name].shape, [number], "{network} {name}");
            assert_eq!(
                arrays[name].floats(),
                numbers(&result, place),
                "{network} {name}"
            );
        }
        let counted: Vec<i64> = (0..).take(number).collect();
        assert_eq!(arrays["sample"].whole(), counted);
        let targets = samples(&result)
            .iter()
            .map(|sample| &sample["target"]["index"]);
        let targets: Vec<Option<i64>> = targets.map(Value::as_i64).collect();
        let found: Vec<Option<i64>> = arrays["target"].whole().iter().copied().map(Some).collect();
        assert_eq!(found, targets);
        let layers = result["network"]["layers"].as_array().expect("levels");
        for (l, level) in layers.iter().enumerate() {
            let name = if l == 0 {
                "relevance".to_owned()
            } else {
                format!("level_{l}")
            };
            let shape = level["shape"].as_array().cloned();
            let shape = shape.unwrap_or_else(|| vec![level["units"].clone()]);
            let mut shape: Vec<u64> = shape.iter().filter_map(Value::as_u64).collect();
            shape.insert(0, number as u64);
            let found: Vec<u64> = arrays[&name]
                .shape
                .iter()
                .map(|&side| side as u64)
                .collect();
            assert_eq!(found, shape, "{network} {name}");
            let place = format!("/layers/{l}/relevance");
            assert_eq!(
                arrays[&name].floats(),
                numbers(&result, &place),
                "{network} {name}"
            );
        }
        assert_eq!(names.len(), 9 + layers.len() - 1);
    }
}

#[test]
fn the_input_is_in_the_shape_of_its_file_and_levels_are_there_where_they_are_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, input: &str| {
        let path = folder.path().join(name);
        let weights = ["[1]"; 12].join(",");
        let network = format!(
            r#"{{"input":{input},"layers":[{{"type":"dense","weights":[{weights}]}}],"inputs":[[{}]]}}"#,
            (1..=12)
                .map(|n| n.to_string())
                .collect::<Vec<_>>()
                .join(",")
        );
        fs::write(&path, network).expect("written");
        path.to_str().expect("UTF-8").to_owned()
    };
    for (input, shape) in [
        (r#"{"shape":[12]}"#, &[1, 12][..]),
        (r#"{"shape":[3,2,2]}"#, &[1, 3, 2, 2]),
        (r#"{"shape":[3,2,2],"order":"hwc"}"#, &[1, 2, 2, 3]),
        (r#"{"shape":[12],"array":[12,1]}"#, &[1, 12, 1]),
    ] {
        let file = write("net.json", input);
        let (arrays, names) = npz(&written(&[
            "explain", &file, "--rule", "z+", "--format", "npz",
        ]));
        assert_eq!(arrays["relevance"].shape, shape, "{input}");
        let values: Vec<f64> = (1..=12).map(f64::from).collect();
        assert_eq!(
            arrays["relevance"].floats(),
            values,
            "z+ on one unit of weights 1 gives x"
        );
        assert!(
            !names.iter().any(|name| name.starts_with("level_")),
            "{names:?}"
        );
    }
    let levels = [
        "explain",
        "networks/residual.json",
        "--format",
        "npz",
        "--levels",
    ];
    for (asked, found) in [
        ("input", &[][..]),
        ("0,4", &["level_4"]),
        ("both,1-2", &["level_1", "level_2", "level_3"]),
    ] {
        let (_, names) = npz(&written(&[&levels[..], &[asked]].concat()));
        assert_eq!(names[9..], *found, "{asked}");
    }
}

#[test]
fn every_machine_format_takes_the_same_words_for_levels() {
    for asked in ["input", "all", "0,4", "both,1-2", "stem"] {
        let command = [
            "explain",
            "networks/residual.json",
            "--levels",
            asked,
            "--format",
        ];
        let with = |format| written(&[&command[..], &[format]].concat());
        let result: Value = serde_json::from_slice(&with("json")).expect("JSON");
        let layers = samples(&result)[0]["layers"].as_array().expect("levels");
        let expected: Vec<usize> = (0..layers.len())
            .filter(|&l| layers[l]["left_out"].is_null())
            .collect();
        let line: Value =
            serde_json::from_slice(with("jsonl").split(|&b| b == b'\n').next().expect("a line"))
                .expect("JSON");
        assert_eq!(line["layers"], samples(&result)[0]["layers"]);
        let rows = with("csv");
        let mut rows = csv::Reader::from_reader(&rows[..]);
        let mut of_csv: Vec<usize> = (rows.records())
            .map(|row| row.expect("a row")[2].parse().expect("a level"))
            .collect();
        of_csv.dedup();
        of_csv.truncate(expected.len());
        assert_eq!(of_csv, expected, "{asked}");
        let number = |name: &str, prefix: &str| {
            name.strip_prefix(prefix)?
                .split('.')
                .next()?
                .parse::<usize>()
                .ok()
        };
        let (_, names) = npz(&with("npz"));
        let of_npz = names.iter().filter_map(|name| number(name, "level_"));
        assert_eq!(
            [0].into_iter().chain(of_npz).collect::<Vec<_>>(),
            expected,
            "{asked}"
        );
        let wide = with("csv-wide");
        let mut wide = csv::Reader::from_reader(&wide[..]);
        let mut of_wide: Vec<usize> = (wide.headers().expect("names").iter())
            .filter_map(|name| {
                if name.starts_with('x') {
                    Some(0)
                } else {
                    number(name, "level_")
                }
            })
            .collect();
        of_wide.dedup();
        assert_eq!(of_wide, expected, "{asked}");
    }
}

#[test]
fn a_row_of_the_wide_table_has_the_numbers_of_its_sample() {
    for (network, _, number) in NETWORKS {
        let command = ["explain", &format!("networks/{network}.json")];
        let result = json(&command);
        let table = written(&[&command[..], &["--format", "csv-wide"]].concat());
        let mut table = csv::Reader::from_reader(&table[..]);
        let input = &result["network"]["layers"][0];
        let names = input["names"].as_array().expect("a list");
        let mut titles: Vec<String> = ["sample", "id", "label", "target", "value"]
            .map(str::to_owned)
            .to_vec();
        let units = usize::try_from(input["units"].as_u64().expect("a number"));
        titles.extend((0..units.expect("it is small")).map(|n| {
            names.get(n).map_or_else(
                || format!("x{}", n + 1),
                |name| name.as_str().expect("text").to_owned(),
            )
        }));
        titles.extend(["worst_gap", "least", "lost"].map(str::to_owned));
        assert_eq!(
            table.headers().expect("names").iter().collect::<Vec<_>>(),
            titles
        );
        let rows: Vec<csv::StringRecord> = table.records().map(|row| row.expect("a row")).collect();
        assert_eq!(rows.len(), number);
        for (row, sample) in rows.iter().zip(samples(&result)) {
            assert_eq!(row[3], *sample["target"]["name"].as_str().expect("text"));
            let relevance = sample["layers"][0]["relevance"]
                .as_array()
                .expect("numbers");
            let figures = FIGURES.map(|(_, place)| sample.pointer(place).expect("a figure"));
            let expected: Vec<f64> = ([figures[0]].into_iter())
                .chain(relevance)
                .chain(figures[1..].iter().copied())
                .map(|number| number.as_f64().expect("a number"))
                .collect();
            let found: Vec<f64> = row
                .iter()
                .skip(4)
                .map(|cell| cell.parse().expect("a number"))
                .collect();
            assert_eq!(found, expected, "{network}");
        }
    }
}

/// 300 samples of three values, named and labelled in the scripts of the world, as lines of JSON.
fn many() -> String {
    let names = ["a", "Ünïcödé", "日本語", "🦀", "=1+1", "x,\"y\"", ""];
    let line = |n: usize| {
        let x = n as f64;
        format!(
            "{{\"id\":{},\"label\":{},\"x\":[{},{},{}]}}\n",
            serde_json::to_string(&format!("{}{}", names[n % names.len()], "s".repeat(n % 4)))
                .expect("text"),
            n % 3,
            1.0 - x / 150.0,
            (x * 0.37).sin(),
            -x / 300.0
        )
    };
    (0..300).map(line).collect()
}

#[test]
fn the_same_samples_give_the_same_bytes_from_a_file_a_pipe_in_any_batch_on_any_number_of_threads() {
    let folder = tempfile::tempdir().expect("a folder");
    let (file, out) = (folder.path().join("s.jsonl"), folder.path().join("out"));
    fs::write(&file, many()).expect("written");
    let (file, out) = (file.to_str().expect("UTF-8"), out.to_str().expect("UTF-8"));
    for format in ["npz", "csv", "csv-wide", "jsonl"] {
        let command = [
            "explain",
            "networks/figure-4.json",
            "--levels",
            "all",
            "--format",
            format,
            "--inputs",
        ];
        let usual = written(&[&command[..], &[file]].concat());
        assert!(usual.len() > 10_000, "{format}");
        let piped = fed(&[&command[..], &["-"]].concat(), many().as_bytes()).stdout;
        assert!(piped == usual, "{format} from a pipe");
        for memory in ["1", "4kB", "1GiB"] {
            let found = written(&[&command[..], &[file, "--memory", memory]].concat());
            assert!(found == usual, "{format} with {memory}");
        }
        for threads in ["1", "3"] {
            let mut program = program(&[&command[..], &[file]].concat());
            let found = program
                .env("RAYON_NUM_THREADS", threads)
                .output()
                .expect("it runs");
            assert!(found.stdout == usual, "{format} on {threads} threads");
        }
        written(&[&command[..], &[file, "-o", out, "--force"]].concat());
        assert!(
            fs::read(out).expect("it is there") == usual,
            "{format} in a file"
        );
    }
}

#[test]
fn a_sample_alone_has_the_row_that_it_has_among_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("s.jsonl");
    fs::write(&file, many()).expect("written");
    let command = [
        "explain",
        "networks/figure-4.json",
        "--inputs",
        file.to_str().expect("UTF-8"),
    ];
    let all = written(&[&command[..], &["--format", "csv-wide"]].concat());
    let one = written(&[&command[..], &["--format", "csv-wide", "--sample", "71"]].concat());
    let lines = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    let (all, one) = (lines(&all), lines(&one));
    let lines: Vec<&str> = one.lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(
        lines
            .iter()
            .all(|line| all.lines().any(|of_all| of_all == *line)),
        "{one}"
    );
    let (all, _) = npz(&written(&[&command[..], &["--format", "npz"]].concat()));
    let (one, _) = npz(&written(
        &[&command[..], &["--format", "npz", "--sample", "71"]].concat(),
    ));
    let row = |array: &Array, n: usize| {
        let width = array.shape[1..].iter().product::<usize>();
        let row = n * width..(n + 1) * width;
        match &array.values {
            Values::Floats(values) => format!("{:?}", &values[row]),
            Values::Whole(values) => format!("{:?}", &values[row]),
            Values::Texts(values) => values[n].clone(),
        }
    };
    for (name, array) in &one {
        assert_eq!(row(array, 0), row(&all[name], 71), "{name}");
    }
}

#[test]
fn ids_and_labels_keep_their_letters_and_their_order() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("s.jsonl"), many()).expect("written");
    let network = concat!(env!("CARGO_MANIFEST_DIR"), "/networks/figure-4.json");
    let command = [
        "explain", network, "--inputs", "s.jsonl", "--format", "npz", "-o", "r.npz",
    ];
    let output = deeptaylor(folder.path(), &command[..4]);
    assert!(output.status.success());
    // The ending alone says the format.
    let by_ending = deeptaylor(folder.path(), &[&command[..4], &command[6..]].concat());
    assert_eq!(String::from_utf8_lossy(&by_ending.stderr), "");
    let (arrays, _) = npz(&fs::read(folder.path().join("r.npz")).expect("it is there"));
    let lines = many();
    let lines = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    for (n, line) in lines.enumerate() {
        assert_eq!(arrays["ids"].texts()[n], line["id"].as_str().expect("text"));
        assert_eq!(arrays["labels"].texts()[n], line["label"].to_string());
    }
    let (bare, _) = npz(&written(&[
        "explain",
        "networks/xor.json",
        "--format",
        "npz",
    ]));
    assert_eq!(bare["ids"].texts(), ["", "", "", ""], "none has one");
    let all = written(&[
        "explain",
        "networks/xor.json",
        "--target",
        "all",
        "--format",
        "npz",
    ]);
    assert_eq!(
        npz(&all).0["target"].whole(),
        [-1; 4],
        "all outputs together are none of them"
    );
}

#[test]
fn what_arrays_cannot_hold_is_refused_and_leaves_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let write =
        |name: &str, text: String| fs::write(folder.path().join(name), text).expect("written");
    let network = concat!(env!("CARGO_MANIFEST_DIR"), "/networks/figure-4.json");
    write(
        "long.jsonl",
        format!("{{\"id\":\"{}\",\"x\":[1,0,0]}}\n", "ü".repeat(1001)),
    );
    write(
        "fits.jsonl",
        format!("{{\"id\":\"{}\",\"x\":[1,0,0]}}\n", "ü".repeat(1000)),
    );
    write(
        "far.jsonl",
        "{\"sample\":9223372036854775808,\"x\":[1,0,0]}\n".to_owned(),
    );
    let explain =
        |options: &[&str]| deeptaylor(folder.path(), &[&["explain", network], options].concat());
    let fits = explain(&["--inputs", "fits.jsonl", "--format", "npz"]);
    assert_eq!(npz(&fits.stdout).0["ids"].texts()[0].chars().count(), 1000);
    for (options, said) in [
        (
            &["--inputs", "long.jsonl", "--format", "npz"][..],
            &[
                "the id of sample 0 has 1,001 characters",
                "1,000 at the most",
                "jsonl has it whole",
            ][..],
        ),
        (
            &["--inputs", "far.jsonl", "--format", "npz"],
            &["sample 9223372036854775808 is beyond the whole numbers"],
        ),
        (
            &["--format", "npz", "--exact"],
            &["not csv, csv-wide or npz"],
        ),
        (
            &["--format", "csv-wide", "--exact"],
            &["not csv, csv-wide or npz"],
        ),
        (&["-o", "r.npy"], &["the ending says npy", "csv-wide, npz"]),
        (
            &["--format", "npz", "--summary"],
            &["choose what the text shows"],
        ),
    ] {
        assert_refused(&options.join(" "), &explain(options), said);
    }
    assert!(!Path::new(&folder.path().join("r.npy")).exists());
}

#[test]
fn a_closed_pipe_ends_arrays_and_tables_quietly() {
    for format in ["npz", "csv", "csv-wide"] {
        let arguments = [
            "explain",
            "networks/figure-4.json",
            "--inputs",
            "-",
            "--format",
            format,
        ];
        let mut child = piped(&arguments);
        drop(child.stdout.take());
        let mut stdin = child.stdin.take().expect("a pipe");
        let sent = std::io::Write::write_all(&mut stdin, b"[1, 0, 0]\n[1, 0.5, -0.5]\n");
        assert!(sent.is_ok() || format != "npz", "npz waits for all");
        drop(stdin);
        let output = child.wait_with_output().expect("it ends");
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), &*told), (Some(0), ""), "{format}");
    }
}

#[test]
fn rows_arrive_before_the_next_sample_is_written() {
    use std::io::{BufRead, BufReader, Write};
    for (format, rows) in [("csv", 8), ("csv-wide", 1)] {
        let arguments = [
            "explain",
            "networks/figure-4.json",
            "--inputs",
            "-",
            "--format",
            format,
        ];
        let mut child = piped(&arguments);
        let mut stdin = child.stdin.take().expect("a pipe");
        let mut results = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut line = String::new();
        for n in 0..3 {
            writeln!(stdin, "[{n}, 0, 0]").expect("it reads");
            stdin.flush().expect("it reads");
            // Were the program to wait for more, this read would never end.
            let title = usize::from(n == 0);
            for _ in 0..rows + title {
                line.clear();
                results.read_line(&mut line).expect("it writes");
            }
            assert!(line.starts_with(&format!("{n},")), "{line}");
        }
        drop(stdin);
        assert!(child.wait().expect("it ends").success());
    }
}
