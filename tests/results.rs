//! Results as they are written: each can be read back, is the same then, and is rendered in finite numbers; one whose
//! figures are not those of its units is refused.

#![allow(clippy::too_many_lines, reason = "tables are as long as they are")]

mod oracle;
mod program;
mod random;

use std::fmt::Debug;

use deeptaylor::exact::{self, ExactNetwork, ExactToward, Number};
use deeptaylor::relevance::{Limit, Toward, expand_function};
use deeptaylor::render::{self, Document, Text};
use deeptaylor::result::{
    self, AnyResult, ChosenUnits, Edges, ExactExplanation, ExactSample, Explanation, Flow,
    Messages, NetworkInfo, Sample, Taylor, TaylorFunction,
};
use deeptaylor::{Batch, Explainer, Network, Plan, Target};
use program::{fed, json, run};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use random::{Case, Kind, case};
use serde_json::{Value, json};

/// What is asked for beside the relevance.
#[derive(Debug, Clone, Copy)]
struct Options {
    expansion: bool,
    edges: Option<Edges>,
    tolerance: f64,
}

fn options() -> impl Strategy<Value = Options> {
    let edges = prop::sample::select(vec![None, Some(Edges::Narrow), Some(Edges::All)]);
    let tolerance = prop::sample::select(vec![0.0, 1e-16, 1e-9, 1.0]);
    (any::<bool>(), edges, tolerance).prop_map(|(expansion, edges, tolerance)| Options {
        expansion,
        edges,
        tolerance,
    })
}

/// A network at some power of ten: near 0, near 1, near the end of f64.
fn network(case: &Case, power: i32) -> Network {
    let mut case = case.clone();
    let scale = 10.0_f64.powi(power);
    if let Some(oracle::Plain::Dense { weights, bias, .. }) = case.layers.first_mut() {
        for w in weights.iter_mut().flatten().chain(bias) {
            *w *= scale;
        }
    }
    let samples = case.rows();
    case.network().with_samples(samples).expect("samples fit")
}

/// Whether what is said of a result is looked at: sentences set numbers in proportion, and near the end of f64 not every
/// proportion is a number.
#[derive(Clone, Copy, PartialEq)]
enum Words {
    OfFiniteNumbers,
    Any,
}

/// That a result is read back as it was, and that nothing which is shown of it is infinite or no number.
fn assert_comes_back(result: AnyResult, words: Words) {
    fn written(result: &AnyResult) -> Vec<u8> {
        let mut text = Vec::new();
        match result {
            AnyResult::Explanation(result) => render::json(result, &mut text),
            AnyResult::Exact(result) => render::json(result, &mut text),
            AnyResult::Taylor(result) => render::json(result, &mut text),
            AnyResult::TaylorFunction(result) => render::json(result, &mut text),
            AnyResult::Comparison(result) => render::json(result, &mut text),
            AnyResult::Training(result) => render::json(result, &mut text),
        }
        .expect("it can be written");
        text
    }
    let text = written(&result);
    let read = match result::read("written", &text) {
        Ok(read) => read,
        Err(error) => panic!("{error}\n{}", String::from_utf8_lossy(&text)),
    };
    assert_same(&read, &[result]);
    let document = Document::new(&read);
    let shown = Text {
        width: 80,
        top: 5,
        numbered: false,
    };
    let text = match &read[0] {
        AnyResult::Explanation(result) => shown.explanation(result),
        AnyResult::Exact(result) => shown.explanation(result),
        AnyResult::Taylor(result) => shown.taylor(result),
        AnyResult::TaylorFunction(result) => shown.taylor_function(result),
        AnyResult::Comparison(result) => shown.comparison(result),
        AnyResult::Training(result) => shown.training(result),
    };
    for rendered in [render::markdown(&document), text] {
        if words == Words::OfFiniteNumbers {
            assert_finite(&rendered);
        }
    }
    let page = render::html(&document);
    let numbers = page.split("<data value=\"").skip(1);
    for number in numbers.filter_map(|part| part.split('"').next()) {
        let number: f64 = number.parse().expect("a number");
        assert!(number.is_finite());
    }
}

fn assert_same<T: PartialEq + Debug>(found: &[T], expected: &[T]) {
    assert!(found == expected, "{found:#?} is not {expected:#?}");
}

/// That no word of a text is a number gone wrong.
fn assert_finite(text: &str) {
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    let wrong = words.find(|word| ["inf", "nan"].contains(&word.to_lowercase().as_str()));
    assert!(wrong.is_none(), "{text}");
}

fn explanation(
    network: &Network,
    plan: &Plan,
    target: Target,
    options: Options,
) -> Option<Explanation> {
    let mut explainer = Explainer::new(network, plan).expect("the plan fits");
    explainer = explainer.tolerance(options.tolerance);
    if options.expansion {
        explainer = explainer.with_expansion();
    }
    let info = NetworkInfo::new(network, plan);
    let batch = explainer.explain(network.samples().view(), &target).ok()?;
    let mut explanation = Explanation::new(network, plan);
    explanation.tolerance = Some(options.tolerance);
    for mut sample in Sample::of_batch(&info, plan, &batch) {
        sample.flow = Some(Flow::new(&Explainer::new(network, plan).ok()?, &sample));
        sample.edges = (options.edges).and_then(|edges| {
            Some(Messages::of(
                &Explainer::new(network, plan).ok()?,
                &sample,
                edges,
            ))
        });
        explanation.push(sample);
    }
    Some(explanation)
}

fn exactly(network: &Network, plan: &Plan, target: Target) -> Option<ExactExplanation> {
    let file = ExactNetwork::parse(network.to_json().as_bytes(), network).expect("a network");
    let info = NetworkInfo::new(network, plan);
    let mut explainer = Explainer::new(network, plan).expect("the plan fits");
    let batch = explainer.explain(network.samples().view(), &target).ok()?;
    let fast = Sample::of_batch(&info, plan, &batch);
    let mut explanation = ExactExplanation::new(network, plan);
    for (x, fast) in file.samples().iter().zip(&fast) {
        let found = exact::explain(&file, plan.rules(), x, target);
        explanation.push(
            ExactSample::exact(&info, plan, &found, Some(fast)).interpreted(&info, plan, None),
        );
    }
    Some(explanation)
}

fn expansions(network: &Network, plan: &Plan, target: Target) -> Option<[AnyResult; 4]> {
    let mut explainer = Explainer::new(network, plan)
        .expect("the plan fits")
        .with_expansion();
    let first = network.samples().slice(ndarray::s![0..1, ..]);
    let batch: Batch = explainer.explain(first, &target).ok()?;
    let x = first.row(0).to_vec();
    let file = ExactNetwork::parse(network.to_json().as_bytes(), network).expect("a network");
    let exact_x = &file.samples()[0];
    let found = exact::explain(&file, plan.rules(), exact_x, target);
    let all = ChosenUnits::default();
    let output = batch.chosen()[0].output;
    let origin = vec![0.0; x.len()];
    let limit = Limit {
        pieces: 10_000,
        until: None,
    };
    let function = expand_function(network, &x, output, &Toward::Point(origin), limit).ok()?;
    let toward = ExactToward::Point(vec![Number::ZERO; x.len()]);
    let exact_output = exact::explained_output(&file, exact_x, target);
    let exact_function =
        exact::expand_function(&file, exact_x, exact_output, &toward, limit).ok()?;
    let of_exact =
        TaylorFunction::exact(network, exact_x, (exact_output, "origin"), &exact_function);
    Some([
        AnyResult::Taylor(Taylor::new(network, plan, &batch, all).interpreted()),
        AnyResult::Taylor(Taylor::exact(network, plan, (&file, &found), all).interpreted()),
        AnyResult::TaylorFunction(
            TaylorFunction::new(network, &x, (output, "origin"), &function).interpreted(),
        ),
        AnyResult::TaylorFunction(of_exact.interpreted()),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, max_shrink_iters: 100, failure_persistence: None, rng_seed: RngSeed::Fixed(1512), ..ProptestConfig::default() })]

    #[test]
    fn every_result_that_can_be_written_is_read_back_and_rendered_in_finite_numbers(
        case in case(Kind::Any),
        options in options(),
        power in prop::sample::select(vec![0, 0, 0, 0, -300, -160, 160, 300, 307]),
        max in any::<bool>(),
    ) {
        let network = network(&case, power);
        let plan = case.plan(&network);
        let target = if max { Target::Max } else { case.target() };
        let explained = explanation(&network, &plan, target, options);
        let words = if power > 300 { Words::Any } else { Words::OfFiniteNumbers };
        let results = explained.map(AnyResult::Explanation).into_iter()
            .chain(exactly(&network, &plan, target).map(AnyResult::Exact))
            .chain(expansions(&network, &plan, target).into_iter().flatten());
        results.for_each(|result| assert_comes_back(result, words));
    }
}

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
        assert_comes_back(read.remove(0), Words::OfFiniteNumbers);
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
        assert_comes_back(read.remove(0), Words::OfFiniteNumbers);
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
        assert_comes_back(result, Words::OfFiniteNumbers);
    }
}

/// What a Markdown reader sees, but for the words.
fn structure(text: &str) -> Vec<String> {
    use pulldown_cmark::{Event, Options, Parser};
    let of_github = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM;
    let events = Parser::new_ext(text, of_github);
    let events = events.filter(|event| match event {
        Event::Text(_) => false,
        // What sets names of people and numbers of issues apart.
        Event::InlineHtml(html) => &**html != "<!-- -->",
        _ => true,
    });
    events.map(|event| format!("{event:?}")).collect()
}

/// Words that are something in Markdown, alone or together.
fn markup() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "1. ",
        "1) ",
        "- ",
        "+ ",
        "* ",
        "# ",
        "## ",
        "> ",
        "    ",
        "---",
        "===",
        "***",
        "___",
        "|",
        "| --- |",
        "`",
        "```",
        "~~~",
        "~~",
        "**",
        "_",
        "[a](b)",
        "![a](b)",
        "[^1]",
        "[^1]: ",
        "[a]: b",
        "[ ] ",
        "<b>",
        "<!--",
        "<http://a.b>",
        "http://a.b",
        "https://www.a.b",
        "www.a.b",
        "a@b.c",
        "@name",
        "#12",
        "&lt;",
        "&#35;",
        "\\\\",
        "\\n",
        "\\t",
        "$x$",
        "$$",
        "{#id}",
        ":::",
        ": ",
        "+++",
        "!",
        "a",
        "ü",
        "(",
        ")",
        "\"",
        "=1+1",
    ]);
    prop::collection::vec(pieces, 1..5).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, max_shrink_iters: 100, failure_persistence: None, rng_seed: RngSeed::Fixed(1512), ..ProptestConfig::default() })]

    #[test]
    fn names_are_never_markup_whatever_they_are(names in prop::collection::vec(markup(), 4)) {
        prop_assume!(names[0] != names[1]);
        let document = |name: [&str; 4]| {
            let network = json!({
                "name": name[3], "input": { "shape": [2], "names": [name[0], name[1]] }, "outputs": [name[2]],
                "layers": [{ "type": "dense", "weights": [[1, 0], [2, 0]], "activation": "relu" },
                    { "type": "dense", "weights": [[1], [0.5]], "bias": [-1] }],
                "inputs": [[1, 2]]
            });
            let network = Network::parse("n", network.to_string().as_bytes()).expect("a network");
            let plan = Plan::deep_taylor(&network).expect("the plan fits");
            let options = Options { expansion: true, edges: Some(Edges::All), tolerance: 1e-9 };
            let explained = explanation(&network, &plan, Target::Max, options).expect("finite numbers");
            let expanded = expansions(&network, &plan, Target::Max).expect("finite numbers");
            let mut results = vec![AnyResult::Explanation(explained)];
            results.extend(expanded);
            render::markdown(&Document::new(&results))
        };
        let text = document([&names[0], &names[1], &names[2], &names[3]]);
        let harmless = document(["b", "c", "d", "e"]);
        let (found, expected) = (structure(&text), structure(&harmless));
        let first = found.iter().zip(&expected).find(|(found, expected)| found != expected);
        prop_assert!(first.is_none() && found.len() == expected.len(), "{:?} in\n{}", first, text);
        let bare = text.replace("\\://", "");
        prop_assert!(!bare.contains("://") && !bare.contains("www."), "{}", text);
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
    assert!(String::from_utf8_lossy(&refused.stderr).contains("goes with --format csv"));
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
            error.contains("help: this is not as the program wrote it"),
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
