//! Results of networks that are graphs, and of networks whose levels are large: what they say, leave out and are read back as.

use crate::read_back::{assert_comes_back, assert_finite};
use deeptaylor::network::Shape;
use deeptaylor::relevance::audit::Balance;
use deeptaylor::render::{self, Document, Text};
use deeptaylor::result::{
    self, AnyResult, Edges, Explanation, Flow, Inspection, Messages, NetworkInfo, Sample, Whole,
};
use deeptaylor::{Activation, Explainer, Input, Layer, Network, Plan, Rule, Target};
use ndarray::Array2;
use serde_json::{Value, json};

/// A chain of residual blocks of `units` units: each adds what it reads to what two dense layers make of it.
fn residual(blocks: usize, units: usize, seed: u64) -> Network {
    let mut draw = numbers(seed);
    let mut dense = |inputs, units, activation| {
        let weights = Array2::from_shape_simple_fn((inputs, units), || draw() * 2.0 - 0.8);
        Layer::dense(weights, vec![-0.1; units], activation).expect("a layer")
    };
    let mut layers = vec![dense(3, units, Activation::Relu).named("stem")];
    for block in 0..blocks {
        let below = layers.len();
        layers.push(dense(units, units, Activation::Relu).named(format!("hidden{block}")));
        layers.push(dense(units, units, Activation::Relu));
        let both = [Shape::Flat(units); 2];
        let sum = Layer::add(&both, Activation::Relu).expect("a layer");
        layers.push(
            sum.named(format!("join{block}"))
                .reading(&[below + 2, below]),
        );
    }
    layers.push(dense(units, 2, Activation::Relu));
    Network::new(Input::flat(3), layers)
        .expect("a network")
        .named("residual")
}

/// Numbers from 0 to 1, by a linear congruence.
fn numbers(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Every part of a result, its levels as far as `whole` says.
fn explained(network: &Network, rule: Rule, x: &[f64], whole: &Whole) -> Explanation {
    let plan = Plan::of(network, rule).expect("a plan");
    let mut explainer = Explainer::new(&plan);
    let x = Array2::from_shape_vec((1, x.len()), x.to_vec()).expect("a row");
    let batch = explainer.explain(x.view(), &Target::Max).expect("finite");
    let mut explanation = Explanation::new(network, &plan);
    for mut sample in Sample::of_batch(&NetworkInfo::new(network, &plan), &plan, &batch) {
        sample.flow = Some(Flow::new(&explainer, &sample));
        sample.edges = Some(Messages::of(&explainer, &sample, Edges::Narrow));
        explanation.push(sample.with_whole(whole));
    }
    explanation
}

const X: [f64; 3] = [1.0, 0.5, 0.25];

fn written(result: &Explanation) -> Value {
    let mut text = Vec::new();
    render::json(result, &mut text).expect("it is written");
    serde_json::from_slice(&text).expect("JSON")
}

fn read(result: &Value) -> Result<Vec<AnyResult>, deeptaylor::Error> {
    result::read("written", result.to_string().as_bytes())
}

fn text(result: &Explanation) -> String {
    let text = Text::new(100, 10);
    text.explanation(result)
}

#[test]
fn a_graph_says_in_json_what_reads_what_and_where_f_went() {
    let result = explained(&residual(2, 4, 1), Rule::WSquared, &X, &Whole::Small);
    let json = written(&result);
    let layers = &json["network"]["layers"];
    assert_eq!(layers[4]["name"], "join0");
    assert_eq!(layers[4]["from"], json!([3, 1]));
    // What goes without saying is left out.
    assert_eq!(
        (&layers[3]["name"], &layers[3]["from"]),
        (&Value::Null, &Value::Null)
    );
    let (sample, f) = (&json["samples"][0], &json["samples"][0]["target"]["value"]);
    assert!(f.as_f64().is_some_and(|f| f > 0.0));
    assert_eq!(&sample["balance"]["value"], f);
    assert_eq!(sample["balance"]["input"], sample["layers"][0]["sum"]);
    assert_eq!(sample["balance"]["absorbed_by_bias"], 0.0);
    assert_eq!(sample["balance"]["absorbed_by_epsilon"], 0.0);
    // The branch past level 2 carries the rest of f(x): its sum is no loss, and no gap.
    let level = &result.samples[0].layers[2];
    assert!(level.sum < Some(0.9 * result.samples[0].target.value));
    assert!(level.gap < Some(1e-12));
    assert!(result.samples[0].checks.conservation.holds);
}

#[test]
fn a_graph_is_told_by_cuts_and_a_chain_by_layers() {
    let result = explained(&residual(2, 4, 1), Rule::WSquared, &X, &Whole::Small);
    let told = text(&result);
    for part in [
        "Every cut sums to",
        "The cut at a level is all",
        "layer 4 (join0)",
        "add of layers 3 and 1, relu",
        "of f(x), the rest passes by; the cut",
    ] {
        assert!(told.replace("\n  ", " ").contains(part), "{part}: {told}");
    }
    assert!(!told.contains("Every layer sums to"), "{told}");
    let network = Network::figure_4();
    let chain = explained(&network, Rule::WSquared, &X, &Whole::Small);
    let told = text(&chain);
    assert!(
        told.contains("Every layer sums to") && !told.contains("cut"),
        "{told}"
    );
}

#[test]
fn results_of_graphs_come_back_and_become_pages_of_finite_numbers() {
    for (seed, blocks) in [(1, 1), (2, 2), (3, 6)] {
        for rule in [Rule::WSquared, Rule::Flat, Rule::ZPlus] {
            let result = explained(&residual(blocks, 4, seed), rule, &X, &Whole::Small);
            for text in assert_comes_back(AnyResult::Explanation(result)) {
                assert_finite(&text);
            }
        }
    }
}

#[test]
fn edges_of_a_flow_sum_to_the_relevance_of_both_ends() {
    // Wide levels are gathered in nodes, many levels have one node each.
    for (seed, blocks, units) in [(1, 1, 4), (2, 3, 20), (3, 6, 5), (4, 3, 12)] {
        let result = explained(
            &residual(blocks, units, seed),
            Rule::WSquared,
            &X,
            &Whole::Small,
        );
        let sample = &result.samples[0];
        let flow = sample.flow.as_ref().expect("a flow");
        let top = flow.nodes.len() - 1;
        assert_eq!(flow.nodes.iter().all(|nodes| nodes.len() == 1), top > 12);
        for (l, nodes) in flow.nodes.iter().enumerate() {
            for (n, node) in nodes.iter().enumerate() {
                let mut leaves = 0.0;
                let mut reaches = 0.0;
                for (below, edges) in flow.edges.iter().enumerate() {
                    for edge in edges {
                        let to = edge.below.unwrap_or(below);
                        leaves += if below + 1 == l && edge.from == n {
                            edge.relevance
                        } else {
                            0.0
                        };
                        reaches += if to == l && edge.to == n {
                            edge.relevance
                        } else {
                            0.0
                        };
                    }
                }
                let same = |sum: f64| (sum - node.relevance).abs() <= 1e-9 * sample.target.value;
                assert!(l == 0 || same(leaves + node.lost), "layer {l}, node {n}");
                assert!(l == top || same(reaches), "layer {l}, node {n}");
            }
        }
    }
}

#[test]
fn messages_of_a_layer_with_branches_say_where_they_go() {
    let result = explained(&residual(1, 4, 1), Rule::WSquared, &X, &Whole::Small);
    let edges = result.samples[0].edges.as_ref().expect("messages");
    let ways: Vec<_> = edges.iter().map(|step| (step.layer, step.from)).collect();
    assert_eq!(
        ways,
        [
            (5, None),
            (4, None),
            (4, Some(1)),
            (3, None),
            (2, None),
            (1, None)
        ]
    );
    let mut json = written(&result);
    let changed = json
        .pointer_mut("/samples/0/edges/2/messages/1/1")
        .expect("a message");
    *changed = json!(7.0);
    let refused = read(&json)
        .expect_err("it is not what the program wrote")
        .to_string();
    assert!(refused.contains("what the input carries"), "{refused}");
}

/// One input, 20,000 hidden units, and their sum.
fn wide() -> Network {
    let weights = Array2::from_shape_fn((1, 20_000), |(_, j)| 1.0 + (j % 7) as f64);
    let hidden = Layer::dense(weights, Vec::new(), Activation::Relu)
        .expect("a layer")
        .named("wide");
    let layers = vec![hidden, Layer::sum_pool(20_000, 20_000).expect("a layer")];
    Network::new(Input::flat(1), layers).expect("a network")
}

#[test]
fn a_level_of_20000_units_is_left_out_unless_it_is_asked_for() {
    let small = explained(&wide(), Rule::WSquared, &[1.0], &Whole::Small);
    let json = written(&small);
    let level = &json["samples"][0]["layers"][1];
    assert_eq!(level["left_out"], true);
    let largest = level["largest"].as_array().expect("a list");
    assert_eq!(largest.len(), 12);
    assert_eq!(largest[0]["unit"], 6);
    assert_eq!(
        (&largest[0]["activation"], &largest[0]["relevance"]),
        (&json!(7.0), &json!(7.0))
    );
    for key in ["activations", "relevance", "share"] {
        assert!(level.get(key).is_none(), "{key}");
    }
    assert!(level["sum"].as_f64().is_some_and(|sum| sum > 0.0));
    assert!(
        text(&small).contains("19,990 more units"),
        "{}",
        text(&small)
    );
    let info = small.network.clone();
    for asked in ["all", "1", "0-1", "wide"] {
        let whole = Whole::parse(asked, &info).expect("levels");
        let json = written(&explained(&wide(), Rule::WSquared, &[1.0], &whole));
        let level = &json["samples"][0]["layers"][1];
        assert_eq!(
            level["relevance"].as_array().map(Vec::len),
            Some(20_000),
            "{asked}"
        );
        assert!(level.get("left_out").is_none(), "{asked}");
    }
    // Nothing that is judged or said depends on what is shown.
    let all = explained(&wide(), Rule::WSquared, &[1.0], &Whole::All);
    let (small, all) = (&small.samples[0], &all.samples[0]);
    assert_eq!(small.checks, all.checks);
    assert_eq!(small.interpretation, all.interpretation);
    assert_eq!(small.flow, all.flow);
}

#[test]
fn what_is_left_out_is_read_back_and_becomes_a_page() {
    for whole in [Whole::Small, Whole::Levels(vec![0])] {
        let result = explained(&wide(), Rule::WSquared, &[1.0], &whole);
        let document = Document::new(&[AnyResult::Explanation(result.clone())]);
        assert!(render::html(&document).contains("--levels 1 has them"));
        assert_comes_back(AnyResult::Explanation(result));
    }
}

#[test]
fn levels_that_are_not_there_are_refused_in_words() {
    let info = NetworkInfo::new(&wide(), &Plan::of(&wide(), Rule::WSquared).expect("a plan"));
    for asked in ["3", "1-3", "2-1", "wdie", "", "1,,2", "-"] {
        let refused = Whole::parse(asked, &info).expect_err(asked);
        assert!(
            refused.contains("is no level: expected input, all, or numbers from 0 to 2"),
            "{refused}"
        );
    }
    let near = Whole::parse("wdie", &info).expect_err("a name with a slip");
    assert!(near.contains("did you mean `wide`"), "{near}");
    assert_eq!(Whole::parse("input", &info), Ok(Whole::Levels(vec![0])));
}

#[test]
fn losses_beyond_1000_of_a_layer_are_told_together() {
    // Every unit fires on its bias alone: under z⁺ nothing supports it.
    let weights = Array2::from_elem((1, 1500), -1.0);
    let bias = (0..1500).map(|j| 2.0 + f64::from(j)).collect();
    let hidden = Layer::dense(weights, bias, Activation::Relu).expect("a layer");
    let layers = vec![hidden, Layer::sum_pool(1500, 1500).expect("a layer")];
    let network = Network::new(Input::flat(1), layers).expect("a network");
    let result = explained(&network, Rule::ZPlus, &[1.0], &Whole::Small);
    let sample = &result.samples[0];
    assert_eq!((sample.lost.len(), sample.lost_more.len()), (1000, 1));
    let more = &sample.lost_more[0];
    assert_eq!((more.layer, more.units), (1, 500));
    // The largest are listed.
    assert_eq!(sample.lost[0].unit, 500);
    let listed: f64 = sample.lost.iter().map(|lost| lost.relevance).sum();
    let value = sample.target.value;
    assert!((listed + more.relevance - value).abs() <= 1e-12 * value.abs());
    assert!(text(&result).contains("balance"), "{}", text(&result));
    assert_comes_back(AnyResult::Explanation(result));
}

#[test]
fn a_balance_that_does_not_hold_is_told_as_the_programs_fault_with_its_place() {
    let network = residual(2, 4, 1);
    let mut result = explained(&network, Rule::WSquared, &X, &Whole::Small);
    assert!(result.passes(false));
    let sample = &mut result.samples[0];
    let balance = sample.balance.expect("a balance");
    let gap = 0.1;
    sample.balance = Some(Balance {
        input: balance.input - gap,
        gap,
        holds: false,
        ..balance
    });
    sample.layers[0].gap = Some(gap);
    let told = sample.clone().interpreted(&result.network).interpretation;
    assert!(
        told[0].starts_with("The balance does not hold, which is an error in this program"),
        "{told:?}"
    );
    assert!(
        told[0].contains("0.1 is missing, first in layer 0"),
        "{told:?}"
    );
    assert!(!result.passes(false));
    assert!(read(&written(&result)).is_err(), "its levels say otherwise");
}

#[test]
fn results_from_before_networks_were_graphs_are_read() {
    let result = explained(&Network::figure_4(), Rule::WSquared, &X, &Whole::Small);
    let mut json = written(&result);
    let sample = json["samples"][0].as_object_mut().expect("a sample");
    assert!(sample.remove("balance").is_some());
    let read = read(&json).expect("it is read").remove(0);
    assert!(read.passes(false));
    assert_comes_back(read);
}

#[test]
fn what_a_level_reads_must_be_below_it() {
    let result = explained(&residual(1, 4, 1), Rule::WSquared, &X, &Whole::Small);
    let json = written(&result);
    for (place, value) in [
        ("/network/layers/4/from", json!([4, 1])),
        ("/network/layers/4/from", json!([2, 1])),
        ("/samples/0/edges/2/from", json!(2)),
    ] {
        let mut changed = json.clone();
        *changed.pointer_mut(place).expect("it is there") = value;
        assert!(read(&changed).is_err(), "{place}");
    }
}

#[test]
fn an_inspection_tells_the_graph() {
    let network = residual(1, 4, 1);
    let inspection = Inspection::new(&network).interpreted(&network);
    let mut json = Vec::new();
    render::json(&inspection, &mut json).expect("it is written");
    let json: Value = serde_json::from_slice(&json).expect("JSON");
    let layers = &json["layers"];
    assert_eq!(
        (&layers[4]["name"], &layers[4]["from"]),
        (&json!("join0"), &json!([3, 1]))
    );
    assert_eq!(layers[1]["read_by"], json!([2, 4]));
    assert_eq!(layers[2].get("read_by"), None);
    assert_eq!(
        json["sample_bytes"],
        2 * 8 * network.units().iter().sum::<usize>()
    );
    let text = Text::new(100, 10).document(&Document::from(&inspection));
    let row = text
        .lines()
        .find(|line| line.contains("join0"))
        .expect("a row");
    let cells: Vec<&str> = row.split_whitespace().collect();
    assert_eq!(
        cells,
        [
            "4", "add", "join0", "3,", "1", "5", "relu", "4", "0", "0", "0"
        ]
    );
}
