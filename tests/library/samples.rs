//! Samples in every spelling: the same numbers come out of each, and no text breaks the reader.
#![allow(clippy::too_many_lines, reason = "tables are as long as they are")]

use std::fs;

use crate::gzip::gzipped;
use deeptaylor::samples::{ReadOptions, Record, Scale, Tag};
use deeptaylor::{Input, Layer, Network, Samples};
use ndarray::Array2;
use proptest::prelude::*;

/// Three named inputs without bounds; f = x1 + 2 x2 + 3 x3.
const NAMED: &str = r#"{"input":{"shape":[3],"names":["x1","x2","x3"]},
 "layers":[{"type":"dense","weights":[[1],[2],[3]]}],"inputs":[[1,0,0],[0,1,0],[0,0,1]]}"#;

/// The same without names.
const NAMELESS: &str =
    r#"{"input":{"shape":[3]},"layers":[{"type":"dense","weights":[[1],[2],[3]]}]}"#;

#[test]
fn whether_the_first_line_is_a_header_follows_from_its_content() {
    for (network, text, read) in [
        (NAMED, "x1,x2,x3\n1,2,3\n", Some(1)),
        (NAMED, "x3,x1,x2\n1,2,3\n", Some(1)),
        (NAMED, "1,2,3\n4,5,6\n", Some(2)),
        (NAMED, "0,1,2\n4,5,6\n", None),
        (NAMED, "a,b,c\n4,5,6\n", None),
        (NAMELESS, "a,b,c\n4,5,6\n", Some(1)),
        (NAMELESS, "4,5,6\n0,1,2\n", Some(2)),
        (NAMELESS, "0.0,1.0,2.0\n", Some(1)),
        (PIXELS, "0,0.1,0.2,0.3\n0,0,0,1\n", None),
        (NAMELESS, "label,0,1,2\n4,5,6,7\n", Some(1)),
        (NAMELESS, ",0,1,2\n4,5,6,7\n", Some(1)),
        (NAMELESS, "cat,0,1,2\n4,5,6,7\n", None),
        (NAMELESS, "4,5,6,cat\n", None),
        (NAMELESS, "id,a,b,c,class\n1,2,3,4,5\n", Some(1)),
        (NAMELESS, "a,b,c,d\n1,2,3,4\n", None),
    ] {
        let network = Network::parse("n", network.as_bytes()).expect("a network");
        let found = read_all("s.csv", text.as_bytes(), &network, ReadOptions::default());
        assert_eq!(found.as_ref().ok().map(Vec::len), read, "{text}: {found:?}");
    }
}

const PIXELS: &str = r#"{"input":{"shape":[1,2,2],"bounds":[0,1]},
 "layers":[{"type":"dense","weights":[[1],[2],[3],[4]],"activation":"relu"}]}"#;

/// The samples in a file of this name and content.
fn read_all(
    name: &str,
    bytes: &[u8],
    network: &Network,
    options: ReadOptions,
) -> Result<Vec<Record>, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join(name);
    fs::write(&file, bytes).expect("the file can be written");
    let samples = Samples::open(&file, network, options).map_err(|error| error.to_string())?;
    samples
        .collect::<Result<_, _>>()
        .map_err(|error| error.to_string())
}

/// A network whose inputs have these names.
fn network_of(names: &[String]) -> Network {
    let input = Input {
        names: names.to_vec(),
        ..Input::flat(names.len())
    };
    let layer = Layer::dense(
        Array2::ones((names.len(), 1)),
        Vec::new(),
        deeptaylor::Activation::Relu,
    );
    Network::new(input, vec![layer.expect("finite")]).expect("a network")
}

/// A way to write samples: name of the file, text.
fn spelt(samples: &[Vec<f64>], order: &[usize], spelling: usize, extra: bool) -> (String, String) {
    let end = if spelling.is_multiple_of(2) {
        "\n"
    } else {
        "\r\n"
    };
    let names = order.iter().map(|i| format!("x{i}"));
    let objects = samples.iter().map(|sample| {
        let mut fields: Vec<String> = order
            .iter()
            .map(|&i| format!("\"x{i}\": {:?}", sample[i]))
            .collect();
        if extra {
            fields.push("\"more\": [\"]}\", {\"a\": null}]".to_owned());
        }
        format!("{{{}}}", fields.join(", "))
    });
    let table = |divider: &str, comma: bool| {
        let number = |x: f64| {
            if comma {
                format!("{x:?}").replace('.', ",")
            } else {
                format!("{x:?}")
            }
        };
        let header = names.clone().chain(extra.then(|| "more".to_owned()));
        let mut lines = vec![header.collect::<Vec<_>>().join(divider)];
        for sample in samples {
            let cells = order.iter().map(|&i| number(sample[i]));
            lines.push(
                cells
                    .chain(extra.then(|| "\"m\"".to_owned()))
                    .collect::<Vec<_>>()
                    .join(divider),
            );
        }
        lines.join(end) + end
    };
    match spelling / 2 {
        0 => ("s.csv".to_owned(), table(",", false)),
        1 => ("s.csv".to_owned(), table(";", true)),
        2 => ("s.tsv".to_owned(), table("\t", false)),
        3 => ("s.txt".to_owned(), table("  ", false)),
        4 => ("s.txt".to_owned(), table(" \t", true)),
        5 => ("s.jsonl".to_owned(), objects.collect::<Vec<_>>().join(end)),
        6 => (
            "s.json".to_owned(),
            format!("[{}]", objects.collect::<Vec<_>>().join(&format!(",{end}"))),
        ),
        7 => {
            let lists = samples
                .iter()
                .map(|sample| format!("{{\"x\": {sample:?}}}"));
            ("s".to_owned(), lists.collect::<Vec<_>>().join(end))
        }
        8 => {
            let nested = samples.iter().map(|sample| format!("[{sample:?}]"));
            ("s".to_owned(), nested.collect::<Vec<_>>().join(end))
        }
        _ => (
            "s.json".to_owned(),
            format!("{end}{samples:?}").replace("], ", &format!("]{end}, ")),
        ),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn headers_orders_dividers_and_encodings_do_not_change_the_samples(
        (samples, order) in (2..5_usize).prop_flat_map(|inputs| {
            let value = (-6400..=6400_i32).prop_map(|n| f64::from(n) / 64.0);
            let sample = prop::collection::vec(value, inputs);
            let order = Just((0..inputs).collect::<Vec<usize>>()).prop_shuffle();
            (prop::collection::vec(sample, 1..6), order)
        }),
        spelling in 0..20_usize,
        mark in any::<bool>(),
        packed in 0..3_usize,
        extra in any::<bool>(),
    ) {
        let names: Vec<String> = (0..order.len()).map(|i| format!("x{i}")).collect();
        let (name, text) = spelt(&samples, &order, spelling, extra);
        let mut bytes = if mark { "\u{feff}".as_bytes().to_vec() } else { Vec::new() };
        bytes.extend(text.as_bytes());
        let name = match packed {
            0 => name,
            // Whether a file is packed is seen, whatever it is called.
            1 => { bytes = gzipped(&bytes); name },
            // Two members, as `cat a.gz b.gz` writes them.
            _ => {
                let (a, b) = bytes.split_at(bytes.len() / 2);
                bytes = [gzipped(a), gzipped(b)].concat();
                name + ".gz"
            }
        };
        let found = read_all(&name, &bytes, &network_of(&names), ReadOptions { exactly: true, ..ReadOptions::default() });
        let found = found.map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
        let values: Vec<Vec<f64>> = found.iter().map(|record| record.values.clone()).collect();
        prop_assert_eq!(&values, &samples, "{}", &text);
        for record in &found {
            let exact = deeptaylor::exact::sample(record).expect("decimals");
            let exact: Vec<f64> = exact.iter().map(|x| x.to_f64().value()).collect();
            prop_assert_eq!(&exact, &record.values);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_samples_of_finite_numbers_or_refused(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "[", "]", "{", "}", ",", ";", ":", "\"", "\\", "\n", "\r\n", " ", "\t", "1", "0", "-2.5", "1e999", "0,5", "/",
            "\"x1\":", "\"x\":[", "x1", "x2", "x3", "id", "label", "nan", "null", "\u{feff}", "é", "[1,2,3]", "1,2,3\n",
        ]), 0..24),
        name in prop::sample::select(vec!["s.csv", "s.json", "s.jsonl", "s"]),
        named in any::<bool>(),
        exactly in any::<bool>(),
    ) {
        let network = if named { NAMED } else { NAMELESS };
        let network = Network::parse("n", network.as_bytes()).expect("a network");
        let options = ReadOptions { exactly, ..ReadOptions::default() };
        for record in read_all(name, pieces.concat().as_bytes(), &network, options).unwrap_or_default() {
            prop_assert!(record.values.len() == 3 && record.values.iter().all(|x| x.is_finite()));
            prop_assert_eq!(record.written.map(|written| written.len()), exactly.then_some(3));
        }
    }
}

#[test]
fn a_sample_has_a_limit_and_their_number_has_none() {
    let network = Network::parse("n", NAMELESS.as_bytes()).expect("a network");
    let options = || ReadOptions {
        longest: Some(1000),
        ..ReadOptions::default()
    };
    let long = "1,".repeat(600);
    let many = "7,8,9\n".repeat(5000);
    let objects = "{\"x\": [7,8,9]},\n".repeat(5000);
    for (name, text, samples) in [
        ("s.csv", long.clone(), None),
        ("s.csv", format!("\"{}", "1\n".repeat(600)), None),
        ("s.jsonl", format!("[{long}"), None),
        ("s.json", format!("[[{long}"), None),
        ("s.json", format!("[[1,2,3],\n[{long}"), None),
        ("s", long, None),
        ("s.csv", many.clone(), Some(5000)),
        ("s", many, Some(5000)),
        (
            "s.json",
            format!("[{objects}{{\"x\":[1,2,3]}}]"),
            Some(5001),
        ),
    ] {
        match (
            read_all(name, text.as_bytes(), &network, options()),
            samples,
        ) {
            (Ok(records), Some(samples)) => assert_eq!(records.len(), samples, "{name}"),
            (Err(error), None) => assert!(
                error.contains(
                    "expected samples of at most 1,000 bytes of text each, found a longer"
                ),
                "{name}: {error}"
            ),
            (read, _) => panic!("{name}: {read:?}"),
        }
    }
}

#[test]
fn tags_of_tables_and_of_json_are_the_same() {
    let network = Network::parse("n", NAMELESS.as_bytes()).expect("a network");
    let options = ReadOptions {
        scale: Some(Scale::None),
        ..ReadOptions::default()
    };
    for (cell, in_json) in [
        ("7", "7"),
        ("-7", "-7"),
        ("007", "\"007\""),
        ("7.50", "\"7.50\""),
        ("a b", "\"a b\""),
        ("+7", "\"+7\""),
    ] {
        let table = read_all(
            "s.csv",
            format!("id,a,b,c\n{cell},1,2,3\n").as_bytes(),
            &network,
            options.clone(),
        );
        let object = read_all(
            "s.jsonl",
            format!("{{\"id\":{in_json},\"x\":[1,2,3]}}").as_bytes(),
            &network,
            options.clone(),
        );
        let id = |records: Result<Vec<Record>, String>| -> Option<Tag> {
            records.expect("a sample")[0].id.clone()
        };
        assert_eq!(id(table), id(object), "{cell}");
    }
}
