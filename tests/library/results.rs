//! Results of random networks: each can be read back, is the same then, and is rendered in finite numbers.

#![allow(clippy::too_many_lines, reason = "tables are as long as they are")]

use crate::oracle::Plain;
use crate::random::{Case, Kind, case};
use crate::read_back::{assert_comes_back, assert_finite};
use deeptaylor::exact::{self, ExactNetwork, ExactToward, Number};
use deeptaylor::relevance::function::{Limit, Toward, expand_function};
use deeptaylor::render::{self, Document};
use deeptaylor::result::{
    AnyResult, ChosenUnits, Edges, ExactExplanation, ExactSample, Explanation, Flow, Messages,
    NetworkInfo, Sample, Taylor, TaylorFunction,
};
use deeptaylor::{Batch, Explainer, Network, Plan, Preset, Target};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::json;

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
    if let Some(Plain::Dense { weights, bias, .. }) = case.layers.first_mut() {
        for w in weights.iter_mut().flatten().chain(bias) {
            *w *= scale;
        }
    }
    let samples = case.rows();
    case.network().with_samples(samples).expect("samples fit")
}

fn explanation(
    network: &Network,
    plan: &Plan,
    target: Target,
    options: Options,
) -> Option<Explanation> {
    let mut explainer = Explainer::new(plan);
    explainer = explainer.tolerance(options.tolerance);
    if options.expansion {
        explainer = explainer.with_expansion();
    }
    let info = NetworkInfo::new(network, plan);
    let batch = explainer.explain(network.samples().view(), &target).ok()?;
    let mut explanation = Explanation::new(network, plan);
    explanation.tolerance = Some(options.tolerance);
    for mut sample in Sample::of_batch(&info, plan, &batch) {
        sample.flow = Some(Flow::new(&Explainer::new(plan), &sample));
        sample.edges =
            (options.edges).map(|edges| Messages::of(&Explainer::new(plan), &sample, edges));
        explanation.push(sample);
    }
    Some(explanation)
}

fn exactly(network: &Network, plan: &Plan, target: Target) -> Option<ExactExplanation> {
    let file = ExactNetwork::parse(network.to_json().as_bytes()).expect("a network");
    let info = NetworkInfo::new(network, plan);
    let mut explainer = Explainer::new(plan);
    let batch = explainer.explain(network.samples().view(), &target).ok()?;
    let fast = Sample::of_batch(&info, plan, &batch);
    let mut explanation = ExactExplanation::new(network, plan);
    for (x, fast) in file.samples().iter().zip(&fast) {
        let found = exact::explain(&file, plan, x, target);
        explanation.push(ExactSample::exact(&info, plan, &found, Some(fast)).interpreted(&info));
    }
    Some(explanation)
}

fn expansions(network: &Network, plan: &Plan, target: Target) -> Option<[AnyResult; 4]> {
    let mut explainer = Explainer::new(plan).with_expansion();
    let first = network.samples().slice(ndarray::s![0..1, ..]);
    let batch: Batch = explainer.explain(first, &target).ok()?;
    let x = first.row(0).to_vec();
    let file = ExactNetwork::parse(network.to_json().as_bytes()).expect("a network");
    let exact_x = &file.samples()[0];
    let found = exact::explain(&file, plan, exact_x, target);
    let all = ChosenUnits::default();
    let output = batch.chosen()[0].outputs();
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
        let results = explained.map(AnyResult::Explanation).into_iter()
            .chain(exactly(&network, &plan, target).map(AnyResult::Exact))
            .chain(expansions(&network, &plan, target).into_iter().flatten());
        for result in results {
            let shown = assert_comes_back(result);
            // Sentences set numbers in proportion, and near the end of f64 not every proportion is a number.
            if power <= 300 {
                for text in &shown {
                    assert_finite(text);
                }
            }
        }
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
            let plan = Plan::of(&network, Preset::DeepTaylor).expect("the plan fits");
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
