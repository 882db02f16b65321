//! Results as they are written: each can be read back, is the same then, and is rendered in finite numbers; one whose
//! figures are not those of its units is refused.

#![allow(clippy::too_many_lines, reason = "tables are as long as they are")]

use crate::program::{fed, json, number, run};
use crate::read_back::{assert_comes_back, assert_finite};
use deeptaylor::result;
use serde_json::{Value, json};

#[test]
fn comparisons_and_trainings_are_read_back_as_well() {
    for arguments in [
        &["compare", "--seeds", "1"][..],
        &[
            "compare",
            "--seeds",
            "3",
            "--rule",
            "w2,z+,flat",
            "--target",
            "all",
            "--bias",
            "1",
        ],
        &[
            "compare",
            "--seeds",
            "2",
            "--schemes",
            "zeros,uniform",
            "--with",
            "networks/figure-4.json",
        ],
        &[
            "train",
            "--layers",
            "784,8,20,pool:2",
            "--steps",
            "0,3",
            "--digits",
            "0,1",
            "--explain",
            "4",
            "--rules",
            "w2,z+",
        ],
    ] {
        let text = run(&[arguments, &["--format", "json"]].concat()).stdout;
        let mut read = result::read("written", &text).expect("it can be read");
        for text in assert_comes_back(read.remove(0)) {
            assert_finite(&text);
        }
    }
}

#[test]
fn a_message_that_rounding_takes_beyond_f64_is_the_largest_f64() {
    // 4 · (1.8e308 / 4), with the quotient rounded up.
    let network = r#"{"input":{"shape":[2],"bounds":[-1,1]},"layers":[
        {"type":"dense","weights":[[1,-2],[0.5,3]],"bias":[0,-1],"activation":"relu"},
        {"type":"dense","weights":[[1],[1.7976931348623157e308]],"activation":"relu"}],"inputs":[[1,0.5],[-1,0]]}"#;
    for edges in [&[][..], &["--edges"]] {
        let arguments = [&["explain", "-", "--format", "json"], edges].concat();
        let written = fed(&arguments, network.as_bytes()).stdout;
        assert!(!String::from_utf8_lossy(&written).contains("\"relevance\":null"));
        let mut read = result::read("written", &written).expect("it can be read");
        for text in assert_comes_back(read.remove(0)) {
            assert_finite(&text);
        }
    }
}

#[test]
fn an_exact_level_of_0_that_f64_misses_has_a_rounding_in_plain_numbers() {
    // 0.1 + 0.2 − 0.3 is 0 in fractions, and f64 gives it 5.6e-17.
    let network = r#"{"input":{"shape":[1]},"layers":[{"type":"dense","weights":[[1,1,1]],"bias":[0.1,0.2,-0.3]}],
        "inputs":[[0]]}"#;
    let arguments = ["explain", "-", "--exact", "--target", "all"];
    let text = fed(&arguments, network.as_bytes()).stdout;
    let text = String::from_utf8(text).expect("UTF-8");
    assert_finite(&text);
    let written = fed(
        &[&arguments[..], &["--format", "json"]].concat(),
        network.as_bytes(),
    )
    .stdout;
    let result: Value = serde_json::from_slice(&written).expect("JSON");
    let rounding = &result["samples"][0]["largest_rounding"];
    assert!(
        rounding.as_f64().is_some_and(|rounding| rounding < 1e-15),
        "{rounding}"
    );
    let read = result::read("written", &written).expect("it can be read");
    for result in read {
        for text in assert_comes_back(result) {
            assert_finite(&text);
        }
    }
}

#[test]
fn names_that_a_spreadsheet_would_run_are_guarded_where_that_is_asked_for() {
    let network = r#"{"input":{"shape":[6],"names":["=1+1","+a","-b","@SUM(1)","\tc","-1"]},"outputs":["=f"],
        "layers":[{"type":"dense","weights":[[1],[1],[-1],[1],[1],[1]]}],"inputs":[[-1,2,3,4,5,6]]}"#;
    let folder = tempfile::tempdir().expect("a folder");
    let samples = folder.path().join("s.jsonl");
    let tagged = r#"{"x":[-1,2,3,4,5,6],"id":"=id","label":"-label"}"#;
    std::fs::write(&samples, tagged).expect("written");
    let samples = samples.to_str().expect("UTF-8");
    let csv = |options: &[&str]| {
        let inputs = ["explain", "-", "--format", "csv", "--inputs", samples];
        let arguments = [&inputs[..], options].concat();
        let rows = fed(&arguments, network.as_bytes()).stdout;
        String::from_utf8(rows).expect("UTF-8")
    };
    let (plain, guarded) = (csv(&[]), csv(&["--spreadsheet-safe"]));
    for name in ["=1+1", "+a", "-b", "@SUM(1)", "\tc", "=f"] {
        assert!(plain.contains(&format!(",{name},")), "{plain}");
        assert!(guarded.contains(&format!(",'{name},")), "{guarded}");
        assert!(!guarded.contains(&format!(",{name},")), "{guarded}");
    }
    assert!(plain.contains(",=id,-label\n"), "{plain}");
    assert!(guarded.contains(",'=id,'-label\n"), "{guarded}");
    // Numbers stay numbers, and a name that is one is harmless.
    assert!(guarded.contains(",-1,6.0,"), "{guarded}");
    assert_eq!(guarded.replace('\'', ""), plain);
    let refused = fed(&["explain", "-", "--spreadsheet-safe"], network.as_bytes());
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("works only with --format csv"));
    let named = network.replacen("{\"input", "{\"name\":\"@own\",\"input", 1);
    let file = folder.path().join("own.json");
    std::fs::write(&file, named).expect("written");
    let file = file.to_str().expect("UTF-8");
    let arguments = [
        "compare", file, "--with", file, "--seeds", "1", "--format", "csv",
    ];
    let rows = |options: &[&str]| {
        let rows = run(&[&arguments[..], options].concat()).stdout;
        String::from_utf8(rows).expect("UTF-8")
    };
    assert!(rows(&[]).contains("\n@own,"));
    assert!(rows(&["--spreadsheet-safe"]).contains("\n'@own,"));
}

/// A result with one value changed by hand.
fn changed(result: &Value, place: &str, value: &Value) -> Vec<u8> {
    let mut changed = result.clone();
    let at = changed.pointer_mut(place);
    *at.unwrap_or_else(|| panic!("{place} is there")) = value.clone();
    assert_ne!(changed, *result, "{place} is changed");
    changed.to_string().into_bytes()
}

#[test]
fn a_result_whose_figures_are_not_those_of_its_units_is_refused_with_the_place() {
    let lines = json(&["explain", "networks/lines.json", "--edges", "--expansion"]);
    let lost = json(&["explain", "networks/lost-relevance.json"]);
    let silent = json(&["explain", "networks/silent-pool.json"]);
    let exact = json(&["explain", "--exact"]);
    let images = json(&["explain", "networks/mnist-conv.json", "--sample", "0"]);
    let taylor = json(&["taylor"]);
    let function = json(&["taylor", "--at", "origin"]);
    let compared = json(&["compare", "--seeds", "2"]);
    let far = json!(1e308);
    for (result, place, value, said) in [
        (
            &lines,
            "/summary/without_relevance/samples",
            json!(1),
            "summary.without_relevance.samples: expected 0, as in the samples, found 1",
        ),
        (
            &lost,
            "/summary/not_conserved/samples",
            json!(0),
            "summary.not_conserved.samples: expected 1, as in the samples, found 0",
        ),
        (
            &exact,
            "/summary/samples",
            json!(2),
            "summary.samples: expected 1, as in the samples, found 2",
        ),
        (
            &lines,
            "/samples/1/layers/0/sum",
            json!(7),
            "samples[1].layers[0].sum: expected",
        ),
        (
            &lines,
            "/samples/1/layers/0/relevance/2",
            json!(7),
            "samples[1].layers[0].sum",
        ),
        (
            &lines,
            "/samples/0/layers/1/gap",
            json!(0.5),
            "layers[1].gap",
        ),
        (
            &lines,
            "/samples/0/layers/1/least",
            json!(-1),
            "layers[1].least",
        ),
        (
            &lines,
            "/samples/0/layers/0/share/0",
            far.clone(),
            "layers[0].share[0]",
        ),
        (
            &lines,
            "/samples/0/layers/0/share",
            Value::Null,
            "layers[0].share",
        ),
        (
            &lines,
            "/samples/0/target/value",
            json!(3.5),
            "samples[0].layers[0].gap",
        ),
        (
            &lines,
            "/samples/0/checks/conservation/holds",
            json!(false),
            "samples[0].checks.conservation.holds: expected true",
        ),
        (
            &lines,
            "/samples/0/checks/positivity/least",
            json!(-1),
            "samples[0].checks.positivity.least",
        ),
        (
            &lines,
            "/checks/positivity/holds",
            json!(false),
            "checks.positivity.holds: expected true, as in the samples",
        ),
        (
            &lines,
            "/checks/conservation/worst_gap",
            json!(0.1),
            "checks.conservation.worst_gap",
        ),
        (
            &lines,
            "/samples/0/flow/nodes/0/0/relevance",
            json!(9),
            "flow.nodes[0][0].relevance",
        ),
        (
            &lines,
            "/samples/0/flow/edges/0/0/relevance",
            far,
            "flow.edges[0]",
        ),
        (
            &lines,
            "/samples/0/edges/0/messages/0/0",
            json!(9),
            "edges[0].messages[0]",
        ),
        (
            &lost,
            "/samples/0/checks/conservation/holds",
            json!(true),
            "conservation.holds: expected false, by its levels",
        ),
        (
            &silent,
            "/samples/0/silent/0/units",
            json!(1),
            "silent: expected",
        ),
        (&silent, "/samples/0/silent", json!([]), "silent: expected"),
        (
            &exact,
            "/samples/0/layers/0/sum",
            json!("1/3"),
            "samples[0].layers[0].sum",
        ),
        (
            &exact,
            "/samples/0/checks/conservation/holds",
            json!(false),
            "conservation.holds",
        ),
        (&taylor, "/units/0/sum", json!(77), "units[0].sum"),
        (&taylor, "/units/0/terms", json!([]), "units[0].terms"),
        (
            &taylor,
            "/layers/1/outside_domain",
            json!(99),
            "layers[1]: expected",
        ),
        (
            &images,
            "/samples/0/channels/1/channels/2/relevance",
            json!(7),
            "channels: expected",
        ),
        (
            &taylor,
            "/checks/agreement/largest_difference",
            json!(1),
            "largest_difference",
        ),
        (
            &taylor,
            "/checks/agreement/holds",
            json!(false),
            "checks.agreement.holds",
        ),
        (&function, "/remainder", json!(77), "sum: expected"),
        (
            &compared,
            "/schemes/0/explained",
            json!(1_000_000),
            "schemes[0].explained",
        ),
        (
            &compared,
            "/schemes/0/conservation/holds",
            json!(0),
            "checks.conservation.holds",
        ),
        (
            &compared,
            "/schemes/0/gini",
            json!(0.123),
            "schemes[0].gini",
        ),
        (&compared, "/schemes/0/runs", json!(1), "schemes[0].runs"),
    ] {
        let read = result::read("r.json", &changed(result, place, &value));
        let error = read.map(|_| ()).expect_err(place).to_string();
        assert!(error.contains(said), "{place}: {error}");
        assert!(
            error.contains("help: this is not what the program wrote"),
            "{error}"
        );
    }
}

#[test]
fn a_training_without_rules_is_refused_with_the_place() {
    let mut training = json(&[
        "train",
        "--layers",
        "784,8,10",
        "--steps",
        "0",
        "--explain",
        "1",
        "--digits",
        "0",
    ]);
    for step in training["steps"].as_array_mut().expect("a list") {
        step["rules"] = json!([]);
    }
    let output = fed(&["report"], training.to_string().as_bytes());
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    assert!(said.contains("steps[0].rules: expected a rule"), "{said}");
}

#[test]
fn the_channels_of_a_level_are_those_that_carry_most_with_the_sums_of_their_units() {
    let result = json(&["explain", "networks/mnist-conv.json", "--sample", "0"]);
    let sample = &result["samples"][0];
    let of = sample["channels"].as_array().expect("a list");
    let levels: Vec<&Value> = of.iter().map(|of| &of["layer"]).collect();
    assert_eq!(levels, [&json!(4), &json!(3), &json!(2), &json!(1)]);
    for of in of {
        let level = usize::try_from(of["layer"].as_u64().expect("a level")).expect("small");
        let shape = &result["network"]["layers"][level]["shape"];
        let side = |n: usize| usize::try_from(shape[n].as_u64().expect("a side")).expect("small");
        let relevance = sample["layers"][level]["relevance"]
            .as_array()
            .expect("a list");
        let sums = relevance.chunks(side(1) * side(2));
        let mut sums: Vec<f64> = sums.map(|units| units.iter().map(number).sum()).collect();
        for one in of["channels"].as_array().expect("a list") {
            let channel = usize::try_from(one["channel"].as_u64().expect("one")).expect("small");
            let carried = number(&one["relevance"]);
            assert!((carried - sums[channel]).abs() <= 1e-12 * carried.abs());
            assert!(
                sums.iter().all(|sum| sum.abs() <= carried.abs()),
                "the largest come first"
            );
            let part = carried / number(&sample["target"]["value"]);
            assert_eq!(number(&one["share"]).to_bits(), part.to_bits());
            sums[channel] = 0.0;
        }
    }
}

#[test]
fn channels_that_are_not_there_are_refused() {
    let result = json(&["explain", "networks/mnist-conv.json", "--sample", "0"]);
    for (place, value) in [
        ("layer", 0),
        ("layer", 99),
        ("layer", 5),
        ("channels/0/channel", 16),
    ] {
        let place = format!("/samples/0/channels/0/{place}");
        let read = result::read("r.json", &changed(&result, &place, &json!(value)));
        let error = read.map(|_| ()).expect_err(&place).to_string();
        assert!(
            error.contains("expected channels of a level of the network"),
            "{error}"
        );
    }
}

#[test]
fn a_training_whose_counts_and_parts_are_none_is_refused_with_the_place() {
    let training = json(&[
        "train",
        "--layers",
        "784,8,10",
        "--steps",
        "0,2",
        "--digits",
        "0,1",
        "--explain",
        "4",
    ]);
    for (place, value, said) in [
        (
            "/steps/1/accuracy",
            json!(7),
            "steps[1].accuracy: expected a part from 0 to 1",
        ),
        (
            "/steps/0/rules/0/border_share",
            json!(1e308),
            "steps[0].rules[0].border_share",
        ),
        (
            "/steps/1/rules/0/digits/1/ink_share",
            json!(-1),
            "digits[1].ink_share",
        ),
        (
            "/steps/0/rules/0/conserved",
            json!(99),
            "steps[0].rules[0].conservation.holds",
        ),
        (
            "/steps/1/rules/0/positivity/holds",
            json!(true),
            "steps[1].rules[0].positivity.holds",
        ),
        (
            "/checks/conservation/worst_gap",
            json!(77),
            "checks.conservation.worst_gap",
        ),
    ] {
        let read = result::read("r.json", &changed(&training, place, &value));
        let error = read.map(|_| ()).expect_err(place).to_string();
        assert!(error.contains(said), "{place}: {error}");
    }
}

#[test]
fn a_result_of_no_sample_says_that_nothing_was_explained() {
    let mut none = json(&["explain"]);
    let nobody = json!({ "samples": 0, "first": [] });
    none["samples"] = json!([]);
    none["summary"] = json!({ "samples": 0, "not_conserved": nobody, "not_positive": nobody, "value_below_0": nobody,
        "without_relevance": nobody });
    let output = fed(
        &["report", "--format", "markdown"],
        none.to_string().as_bytes(),
    );
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(text.contains("There is no sample in this result"), "{text}");
}

#[test]
fn a_result_may_begin_with_a_byte_order_mark_and_in_utf_16_it_is_named() {
    let text = String::from_utf8(run(&["explain", "--format", "json"]).stdout).expect("UTF-8");
    let marked = format!("\u{feff}{text}");
    assert!(result::read("r.json", marked.as_bytes()).is_ok());
    let wide: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let error = result::read("r.json", &wide)
        .expect_err("it is refused")
        .to_string();
    assert!(
        error.contains("found UTF-16") && error.contains("save the file as UTF-8"),
        "{error}"
    );
}
