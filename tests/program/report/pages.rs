//! Pages and Markdown: what they hold, what they never hold, and what is refused.

use std::fs;
use std::path::Path;

use crate::program::{fed, json, number, run};
use crate::result::{NETWORKS, printed};
use serde_json::{Value, json};

/// The page of a result.
fn page(result: &[u8]) -> String {
    let output = fed(&["report"], result);
    assert!(
        output.stderr.is_empty(),
        "{:?}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn markdown(result: &[u8]) -> String {
    let output = fed(&["report", "--format", "markdown"], result);
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The numbers of a page, as they stand in it for programs.
fn numbers(page: &str) -> Vec<f64> {
    let parts = page.split("<data value=\"").skip(1);
    let value = |part: &str| part.split('"').next().and_then(|text| text.parse().ok());
    parts.map(|part| value(part).expect("a number")).collect()
}

/// The small networks that are chains: pages show all of their units, and a level gets all it has from the one above.
fn chains() -> impl Iterator<Item = (&'static str, i32, usize)> {
    let networks = NETWORKS.into_iter();
    networks.filter(|(network, ..)| *network != "residual")
}

fn courses() -> Vec<u8> {
    let arguments = [
        "train",
        "--layers",
        "784,8,20,pool:2",
        "--steps",
        "0,3,9",
        "--digits",
        "0,1",
        "--explain",
        "4",
    ];
    json(&arguments).to_string().into_bytes()
}

fn results() -> Vec<(&'static str, Vec<u8>)> {
    let of = |arguments: &[&str]| json(arguments).to_string().into_bytes();
    vec![
        ("explanation", of(&["explain", "networks/lines.json"])),
        ("failing", of(&["explain", "networks/lost-relevance.json"])),
        ("exact", of(&["explain", "--exact"])),
        ("images", of(&["explain", "networks/mnist-32.json"])),
        (
            "taylor",
            of(&["taylor", "networks/xor.json", "--sample", "1"]),
        ),
        ("function", of(&["taylor", "--at", "nearest", "--exact"])),
        (
            "comparison",
            of(&["compare", "--seeds", "4", "--rule", "w2,z+"]),
        ),
        (
            "evaluation",
            of(&["evaluate", "networks/xor.json", "--rule", "w2,flat,z+"]),
        ),
        ("training", courses()),
        (
            "failing samples",
            of(&["explain", "tests/cases/fails-by-more.json", "--rule", "z+"]),
        ),
        (
            "several rules",
            of(&["explain", "networks/xor.json", "--rule", "w2,z+,epsilon"]),
        ),
        (
            "convolution",
            of(&["explain", "networks/mnist-conv.json", "--sample", "3"]),
        ),
    ]
}

#[test]
fn the_numbers_of_the_page_are_those_of_the_json_to_the_last_bit() {
    for (network, ..) in chains() {
        let result = json(&["explain", &format!("networks/{network}.json")]);
        let page = page(result.to_string().as_bytes());
        let shown = numbers(&page);
        let mut seen = 0;
        for sample in result["samples"].as_array().expect("a list") {
            for layer in sample["layers"].as_array().expect("a list") {
                let lists = ["relevance", "activations", "share"].map(|key| layer[key].as_array());
                let sums = ["sum"].map(|key| &layer[key]);
                for value in lists.into_iter().flatten().flatten().chain(sums) {
                    let value = number(value);
                    assert!(
                        shown.iter().any(|shown| shown.to_bits() == value.to_bits()),
                        "{network}: {value} is on the page"
                    );
                    seen += 1;
                }
            }
        }
        assert!(seen >= 10, "{network}");
    }
}

#[test]
fn every_number_that_a_page_shows_is_in_its_json() {
    for (kind, result) in results() {
        let known = all_numbers(&serde_json::from_slice(&result).expect("JSON"));
        let shown = numbers(&page(&result));
        assert!(shown.len() > 8, "{kind} shows numbers");
        for x in shown {
            assert!(
                known.binary_search(&x.to_bits()).is_ok() || x == 0.0,
                "{kind}: {x} is in the JSON"
            );
        }
    }
}

/// The bits of every number of a result, fractions as their nearest f64, in order.
fn all_numbers(result: &Value) -> Vec<u64> {
    fn gather(value: &Value, to: &mut Vec<u64>) {
        match value {
            Value::Array(list) => list.iter().for_each(|value| gather(value, to)),
            Value::Object(object) => object.values().for_each(|value| gather(value, to)),
            Value::Number(_) => to.push(number(value).to_bits()),
            Value::String(text) => {
                let (p, q) = text.split_once('/').unwrap_or((text, "1"));
                if let (Ok(p), Ok(q)) = (p.parse::<f64>(), q.parse::<f64>()) {
                    to.push((p / q).to_bits());
                }
            }
            Value::Bool(_) | Value::Null => {}
        }
    }
    let mut numbers = Vec::new();
    gather(result, &mut numbers);
    numbers.sort_unstable();
    numbers
}

#[test]
fn a_page_that_stands_on_one_of_its_results_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("result.json");
    fs::write(&file, &results()[0].1).expect("written");
    let name = file.to_str().expect("UTF-8");
    let output = run(&["report", name, "-o", name, "--force"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        fs::read(&file).expect("there").starts_with(b"{\"checks\"")
            || fs::read(&file).expect("there").starts_with(b"{\"kind\"")
    );
}

#[test]
fn a_check_of_one_sample_that_fails_decides_the_exit_status() {
    // The third sample fires on its bias alone.
    let network = json!({
        "input": { "shape": [1] }, "inputs": [[1], [2], [0]],
        "layers": [{ "type": "dense", "weights": [[1]], "bias": [1], "activation": "relu" }]
    });
    let arguments = ["explain", "-", "--rule", "z+", "--format", "json"];
    let result = fed(&arguments, network.to_string().as_bytes()).stdout;
    let output = fed(&["report"], &result);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        String::from_utf8_lossy(&output.stdout)
            .contains("Conservation fails for 1 of 3 samples (2).")
    );
}

#[test]
fn exact_pages_show_their_sums_in_fractions_and_a_drawing() {
    let (_, result) = &results()[2];
    assert!(page(result).contains("757/200"));
    assert!(page(result).contains("<svg"));
    assert!(markdown(result).contains("757/200"));
}

#[test]
fn explain_html_is_the_page_of_its_json() {
    let direct = printed(&["explain", "networks/lines.json", "--format", "html"]);
    let result = run(&["explain", "networks/lines.json", "--format", "json"]).stdout;
    let piped = page(&result);
    assert_eq!(direct.replace("--format html", "--format json"), piped);
}

#[test]
fn a_page_asks_for_nothing_from_outside() {
    for (kind, result) in results() {
        let page = page(&result);
        for outside in [
            "src=\"http",
            "href=\"http",
            "url(",
            "@import",
            "<link",
            "<script src",
        ] {
            assert!(!page.contains(outside), "{kind} has {outside}");
        }
        assert!(page.contains("default-src 'none'"), "{kind}");
        assert!(page.starts_with("<!DOCTYPE html>"), "{kind}");
        for part in [
            "<html lang=\"en\">",
            "<main",
            "<h1>",
            "<header>",
            "<footer>",
            "name=\"viewport\"",
        ] {
            assert!(page.contains(part), "{kind} has {part}");
        }
        assert_eq!(
            page.matches("<img").count(),
            page.matches(" alt=\"").count(),
            "{kind}"
        );
    }
}

#[test]
fn no_element_carries_an_attribute_twice() {
    for (kind, result) in results() {
        let page = page(&result);
        let body = page.split("</style>").nth(1).expect("a body");
        for tag in body
            .split('<')
            .skip(1)
            .map(|rest| rest.split('>').next().unwrap_or_default())
        {
            assert!(tag.matches(" class=\"").count() < 2, "{kind}: {tag}");
        }
    }
}

#[test]
fn a_failing_check_stands_out_and_what_was_lost_is_named() {
    let (_, result) = &results()[1];
    let output = fed(&["report"], result);
    assert_eq!(output.status.code(), Some(1), "as explain itself");
    let page = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(
        page.contains(
            "<li class=\"verdict fails\"><strong>conservation <span class=\"word\">FAILS"
        )
    );
    assert!(page.contains("all its weights are 0, so w² cannot redistribute it"));
    let text = markdown(result);
    assert!(text.contains("- conservation **FAILS**: largest"));
    assert!(text.contains("- Lost: 0.5 (56 %) in unit 1 of layer 1: all its weights are 0"));
}

#[test]
fn text_from_files_stays_text() {
    let evil = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&|`*\u{202e}\u{7}";
    let network = json!({
        "name": evil, "input": { "shape": [2], "names": [evil, "b"] },
        "layers": [{ "type": "dense", "weights": [[1.0], [2.0]], "activation": "relu" }],
        "outputs": [evil], "inputs": [[1, 2]]
    });
    let result = fed(
        &["explain", "-", "--format", "json"],
        network.to_string().as_bytes(),
    )
    .stdout;
    let page = page(&result);
    assert_eq!(page.matches("<script").count(), 1, "its own");
    assert!(!page.contains("<img"), "no element of the name's");
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    let text = markdown(&result);
    assert!(!text.contains("<script"), "{text}");
    for c in ['\u{7}', '\u{202e}'] {
        assert!(!text.contains(c) && !page.contains(c), "{text}");
    }
}

#[test]
fn markdown_has_every_table_of_the_page_and_no_picture() {
    for (kind, result) in results() {
        let (page, text) = (page(&result), markdown(&result));
        let rules = text
            .lines()
            .filter(|line| line.starts_with("| ---"))
            .count();
        let of_images = page.matches("<table class=\"shots\"").count();
        let tables = page.matches("<table").count() - of_images;
        assert_eq!(rules, tables, "{kind}");
        assert!(
            rules > 0 && !text.contains("<svg") && !text.contains("base64"),
            "{kind}"
        );
    }
}

#[test]
fn messages_sum_to_the_relevance_of_both_their_ends() {
    for (network, ..) in chains() {
        for rule in ["w2", "z+", "flat"] {
            let file = format!("networks/{network}.json");
            let result = json(&["explain", &file, "--rule", rule, "--edges"]);
            for sample in result["samples"].as_array().expect("a list") {
                let lost: Vec<&Value> = sample["lost"].as_array().expect("a list").iter().collect();
                for step in sample["edges"].as_array().expect("a list") {
                    let layer =
                        usize::try_from(step["layer"].as_u64().expect("a level")).expect("small");
                    check_messages(
                        sample,
                        layer,
                        &step["messages"],
                        &lost,
                        &format!("{network} {rule}"),
                    );
                }
            }
        }
    }
}

fn check_messages(sample: &Value, layer: usize, messages: &Value, lost: &[&Value], what: &str) {
    let relevance = |l: usize| -> Vec<f64> {
        let carried = sample["layers"][l]["relevance"].as_array().expect("a list");
        carried.iter().map(number).collect()
    };
    let (below, above) = (relevance(layer - 1), relevance(layer));
    let rows = messages.as_array().expect("a narrow layer");
    let tolerance = 1e-12
        * above
            .iter()
            .map(|r| r.abs())
            .sum::<f64>()
            .max(f64::MIN_POSITIVE);
    let mut handed = vec![0.0; above.len()];
    for (row, r) in rows.iter().zip(&below) {
        let row: Vec<f64> = row.as_array().expect("a list").iter().map(number).collect();
        assert!(
            (row.iter().sum::<f64>() - r).abs() <= tolerance,
            "{what}, layer {layer}"
        );
        handed.iter_mut().zip(row).for_each(|(sum, r)| *sum += r);
    }
    for (unit, (handed, r)) in handed.iter().zip(&above).enumerate() {
        let stuck = lost
            .iter()
            .any(|l| l["layer"] == layer && l["unit"] == unit);
        let expected = if stuck { 0.0 } else { *r };
        assert!(
            (handed - expected).abs() <= tolerance,
            "{what}, layer {layer}, unit {unit}"
        );
    }
}

#[test]
fn a_message_is_the_first_order_term_of_the_expansion_of_its_unit() {
    for network in ["figure-4", "two-stage", "lines", "xor"] {
        for rule in ["w2", "z+"] {
            let file = format!("networks/{network}.json");
            let explained = json(&["explain", &file, "--rule", rule, "--edges"]);
            let sample = &explained["samples"][0];
            let expanded = json(&["taylor", &file, "--rule", rule]);
            for unit in expanded["units"].as_array().expect("a list") {
                let index = |key: &str| {
                    usize::try_from(unit[key].as_u64().expect("a count")).expect("small")
                };
                let mut steps = sample["edges"].as_array().expect("a list").iter();
                let step = steps
                    .find(|step| step["layer"] == unit["layer"])
                    .expect("a layer");
                for (i, term) in unit["terms"].as_array().expect("a list").iter().enumerate() {
                    let message = number(&step["messages"][i][index("unit")]);
                    let difference = (message - number(term)).abs();
                    assert!(
                        difference <= 1e-12 * number(&unit["relevance"]).abs(),
                        "{network} {rule} {i}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_drawing_gathers_units_and_keeps_the_sums() {
    for network in [
        "networks/mnist-32.json",
        "networks/lines.json",
        "networks/lost-relevance.json",
    ] {
        let result = json(&["explain", network]);
        for sample in result["samples"].as_array().expect("a list") {
            let (nodes, edges) = (&sample["flow"]["nodes"], &sample["flow"]["edges"]);
            for (l, layer) in sample["layers"]
                .as_array()
                .expect("a list")
                .iter()
                .enumerate()
            {
                let level = nodes[l].as_array().expect("a list");
                assert!(level.len() <= 12, "few enough to be read");
                let sum: f64 = level.iter().map(|node| number(&node["relevance"])).sum();
                let units: u64 = level
                    .iter()
                    .map(|node| node["units"].as_u64().expect("a count"))
                    .sum();
                assert!((sum - number(&layer["sum"])).abs() <= 1e-12 * sum.abs());
                assert_eq!(
                    usize::try_from(units).expect("small"),
                    layer["relevance"].as_array().expect("a list").len()
                );
                if l == 0 {
                    continue;
                }
                let to = |node: usize| -> f64 {
                    let edges = edges[l - 1].as_array().expect("a list").iter();
                    edges
                        .filter(|edge| edge["to"] == node)
                        .map(|edge| number(&edge["relevance"]))
                        .sum()
                };
                for (n, node) in nodes[l - 1].as_array().expect("a list").iter().enumerate() {
                    assert!((to(n) - number(&node["relevance"])).abs() <= 1e-12 * sum.abs());
                }
            }
        }
    }
}

#[test]
fn messages_of_wide_layers_are_left_out_with_their_number_unless_all_are_asked_for() {
    let narrow = json(&["explain", "networks/mnist-32.json", "--edges"]);
    let step = &narrow["samples"][0]["edges"][2];
    assert_eq!(
        (&step["number"], &step["messages"]),
        (&json!(784 * 32), &Value::Null)
    );
    let all = json(&[
        "explain",
        "networks/mnist-32.json",
        "--edges=all",
        "--rule",
        "deep-taylor",
    ]);
    let rows = all["samples"][0]["edges"][2]["messages"]
        .as_array()
        .expect("a list");
    assert_eq!(
        (rows.len(), rows[0].as_array().expect("a list").len()),
        (784, 32)
    );
    let text = printed(&["explain", "networks/mnist-32.json", "--edges"]);
    assert!(text.contains("25,088 messages R_i←j; --edges=all has them"));
}

#[test]
fn every_result_says_what_made_it() {
    let result = json(&["explain", "networks/xor.json", "--tolerance", "1e-9"]);
    let made = &result["made_by"];
    assert_eq!(
        made["command"],
        "deeptaylor explain networks/xor.json --tolerance 1e-9 --format json"
    );
    assert_eq!(made["version"], env!("CARGO_PKG_VERSION"));
    // As `sha256sum networks/xor.json` says.
    let bytes =
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("networks/xor.json")).expect("a file");
    let expected = std::process::Command::new("sha256sum")
        .arg("networks/xor.json")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output();
    if let Ok(expected) = expected {
        let expected = String::from_utf8(expected.stdout).expect("hexadecimal");
        assert_eq!(
            made["files"][0]["sha256"],
            expected[..64],
            "{} bytes",
            bytes.len()
        );
    }
    let page = page(result.to_string().as_bytes());
    assert!(page.contains(made["files"][0]["sha256"].as_str().expect("a text")));
}

#[test]
fn several_results_become_one_page_from_files_and_from_one_stream() {
    let folder = tempfile::tempdir().expect("a folder");
    let (one, two) = (
        folder.path().join("one.json"),
        folder.path().join("two.json"),
    );
    let all = results();
    fs::write(&one, &all[0].1).expect("written");
    fs::write(&two, [&all[4].1[..], b"\n", &all[5].1[..]].concat()).expect("written");
    let names = [&one, &two].map(|path| path.to_str().expect("UTF-8").to_owned());
    let page = printed(&["report", &names[0], &names[1]]);
    assert_eq!(page.matches("<section ").count(), 3);
    assert!(page.contains("<nav aria-label=\"Results\">"));
    let out = folder.path().join("page.html");
    let out = out.to_str().expect("UTF-8");
    assert!(printed(&["report", &names[0], "-o", out]).is_empty());
    let again = run(&["report", &names[0], "-o", out]);
    assert_eq!(
        again.status.code(),
        Some(2),
        "never written over without --force"
    );
    printed(&["report", &names[0], "-o", out, "--force"]);
}

#[test]
fn what_is_no_result_is_refused_with_its_place() {
    let good = String::from_utf8(results()[0].1.clone()).expect("UTF-8");
    let newer = good.replace("\"format\":1", "\"format\":2");
    assert_ne!(newer, good);
    let line = run(&["explain", "--format", "jsonl"]).stdout;
    let wrong = good.replacen("\"holds\":true", "\"holds\":\"yes\"", 1);
    let fewer = {
        let mut result: Value = serde_json::from_str(&good).expect("JSON");
        result["samples"][0]["layers"][1]["relevance"]
            .as_array_mut()
            .expect("a list")
            .pop();
        result.to_string()
    };
    let edges = {
        let mut result: Value = serde_json::from_str(&good).expect("JSON");
        result["samples"][0]["flow"]["edges"][0][0]["from"] = json!(99);
        result.to_string()
    };
    let shape = {
        let mut result: Value = serde_json::from_str(&good).expect("JSON");
        result["network"]["shape"] = json!([i64::MAX, 4, 3]);
        result.to_string()
    };
    assert_ne!(shape, good);
    let digits = {
        let mut result: Value = serde_json::from_slice(&courses()).expect("JSON");
        result["steps"][1]["rules"][0]["digits"]
            .as_array_mut()
            .expect("a list")
            .pop();
        result.to_string()
    };
    let unit = {
        let mut result: Value = serde_json::from_str(&good).expect("JSON");
        result["samples"][0]["flow"]["nodes"][0][0]["unit"] = json!(1);
        result.to_string()
    };
    let half = String::from_utf8(results()[2].1.clone()).expect("UTF-8");
    let half = half.replacen("\"sum\":\"757/200\"", "\"sum\":\"1/0\"", 1);
    let second = format!("{good}\n\n{{\"a\":}}");
    let deep = format!("\n{wrong}");
    for (text, expected) in [
        ("", "expected a result in JSON, found nothing"),
        (
            "[1, 2]",
            "expected a result of deeptaylor, found other JSON",
        ),
        ("{\"a\": 1}", "found JSON without a kind"),
        (
            "{\"kind\": \"inspection\"}",
            "becomes a page, found an inspection",
        ),
        (&good[..good.rfind('}').expect("an end")], "it is cut short"),
        (&unit, "flow: expected every unit"),
        (&half, "a number or a fraction"),
        (&second, "standard input:3:6: this is no JSON"),
        (&deep, "standard input:2:"),
        (
            "{\"kind\": ",
            "standard input:1:9: expected JSON, found the end",
        ),
        (&newer, "expected a result of format 1, found 2"),
        (
            std::str::from_utf8(&line).expect("UTF-8"),
            "found a line of --format jsonl\n  help: such lines do not describe their network: report --network FILE names it",
        ),
        (&wrong, "expected a boolean"),
        (&fewer, "layers[1]: expected 8 units, found 7"),
        (&edges, "flow: expected every unit of every level once"),
        ("{\"kind\": \"training\"}", "missing field"),
        (&digits, "steps[1].rules: expected the rules"),
        (&shape, "network.shape: expected a shape of 9 inputs"),
    ] {
        let output = fed(&["report"], text.as_bytes());
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(output.stdout.is_empty(), "{message}");
        assert!(message.starts_with("error: standard input"), "{message}");
        assert!(message.contains(expected), "{message} has not {expected}");
    }
    let missing = run(&["report", "nowhere.json"]);
    assert_eq!(missing.status.code(), Some(2));
}

#[test]
fn results_changed_at_random_end_in_a_page_or_in_one_message() {
    let mut state = 7_u64;
    let mut random = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("small") % below
    };
    let all = results();
    for n in 0..160 {
        let mut text = all[[0, 1, 4, 5, 6][n % 5]].1.clone();
        for _ in 0..=random(3) {
            let at = random(text.len());
            text[at] = b"0123456789-{}[]\",:enul. "[random(24)];
        }
        let output = fed(&["report"], &text);
        let code = output.status.code();
        assert!(
            matches!(code, Some(0..=2)),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert_eq!(code == Some(2), output.stdout.is_empty());
    }
}
