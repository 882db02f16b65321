//! Selectors, policies and plan files: which layer gets which rule, by tables, by a resolution of the tests' own, and in JSON.

#![allow(clippy::too_many_lines, reason = "tables of cases")]

use deeptaylor::relevance::{LayerRule, Meaning, PlanFile, Policy, Reason, RuleBias, Selector};
use deeptaylor::{Network, Plan, Preset, Rule};
use proptest::prelude::*;

use crate::random::cases;

/// A picture, two convolutions that are added, and two dense layers, of which the second is called `2`.
const NETWORK: &str = r#"{ "input": { "shape": [1, 4, 4], "bounds": [0, 1] }, "layers": [
  { "type": "conv2d", "name": "stem", "weights": [[[[1]]]], "activation": "relu" },
  { "type": "max_pool2d", "name": "pool", "kernel": 2 },
  { "type": "conv2d", "name": "body", "weights": [[[[1]]]], "activation": "relu" },
  { "type": "conv2d", "name": "side", "from": "pool", "weights": [[[[1]]]] },
  { "type": "add", "name": "both", "from": ["body", "side"] },
  { "type": "sum_pool", "size": 2 },
  { "type": "dense", "name": "head", "weights": [[1, 2], [3, 4]], "activation": "relu" },
  { "type": "dense", "name": "2", "weights": [[1], [1]] } ] }"#;
/// No convolution, no first layer, no layer that follows a rule but one.
const POOLED: &str = r#"{ "input": { "shape": [4] }, "layers": [
  { "type": "sum_pool", "size": 2 },
  { "type": "dense", "weights": [[1, 1], [1, 1]], "activation": "relu" },
  { "type": "sum_pool" } ] }"#;

fn network(text: &str) -> Network {
    text.parse().expect("a network")
}

/// Layer rules as the command line spells them.
fn rows(text: &str) -> Vec<LayerRule> {
    let row = |row: &str| {
        let (layers, rule) = row.split_once('=').expect("a rule");
        let layers: Selector = layers.parse().expect("a selector");
        (layers, rule.parse::<Rule>().expect("a rule")).into()
    };
    text.split_whitespace().map(row).collect()
}

/// The rules of the layers that follow one.
fn rules(plan: &Plan) -> Vec<String> {
    let levels = 1..=plan.network().top();
    let rules = levels.map(|level| plan.rule(level));
    let rules = rules.filter(|rule| !rule.is_of_a_kind());
    rules.map(|rule| rule.to_string()).collect()
}

#[test]
fn the_narrowest_selector_gives_the_rule_and_of_equals_the_last() {
    let network = network(NETWORK);
    // Levels 1, 3, 4, 5, 7 and 8 follow a rule.
    for (rule, layers, expected) in [
        ("w2", "", ["w2"; 6]),
        ("zB", "", ["zB", "w2", "w2", "w2", "w2", "w2"]),
        ("deep-taylor", "", ["zB", "z+", "z+", "z+", "z+", "z+"]),
        ("w2", "1=flat", ["flat", "w2", "w2", "w2", "w2", "w2"]),
        ("w2", "side=flat", ["w2", "w2", "flat", "w2", "w2", "w2"]),
        ("w2", "conv2d=z+", ["z+", "z+", "z+", "w2", "w2", "w2"]),
        ("w2", "dense=z+", ["w2", "w2", "w2", "w2", "z+", "z+"]),
        ("w2", "add=z+", ["w2", "w2", "w2", "z+", "w2", "w2"]),
        ("w2", "first=z+", ["z+", "w2", "w2", "w2", "w2", "w2"]),
        (
            "w2",
            "first:conv2d=z+",
            ["z+", "w2", "w2", "w2", "w2", "w2"],
        ),
        ("w2", "all=flat", ["flat"; 6]),
        // A range passes over the max pool and the sum pool.
        ("w2", "2-6=flat", ["w2", "flat", "flat", "flat", "w2", "w2"]),
        ("w2", "3-3=flat", ["w2", "flat", "w2", "w2", "w2", "w2"]),
        // A layer rule wins over whatever the rule for all has.
        ("deep-taylor", "conv2d=z", ["z", "z", "z", "z+", "z+", "z+"]),
        ("deep-taylor", "all=z", ["z"; 6]),
        // Narrower wins in any order: name and number, first of a type, first, ranges by length, types, all.
        (
            "w2",
            "stem=z first:conv2d=z+ first=flat",
            ["z", "w2", "w2", "w2", "w2", "w2"],
        ),
        (
            "w2",
            "first=flat first:conv2d=z+",
            ["z+", "w2", "w2", "w2", "w2", "w2"],
        ),
        (
            "w2",
            "first=flat 1-1=z+",
            ["flat", "w2", "w2", "w2", "w2", "w2"],
        ),
        (
            "w2",
            "3-4=flat 1-8=z+",
            ["z+", "flat", "flat", "z+", "z+", "z+"],
        ),
        ("w2", "1-8=z+ conv2d=flat", ["z+"; 6]),
        (
            "w2",
            "conv2d=flat all=z+",
            ["flat", "flat", "flat", "z+", "z+", "z+"],
        ),
        (
            "w2",
            "3=z conv2d=flat 3-4=z+",
            ["flat", "z", "z+", "w2", "w2", "w2"],
        ),
        // Of equally narrow ones the last.
        (
            "w2",
            "conv2d=flat conv2d=z+",
            ["z+", "z+", "z+", "w2", "w2", "w2"],
        ),
        (
            "w2",
            "3-4=flat 4-5=z+",
            ["w2", "flat", "z+", "z+", "w2", "w2"],
        ),
        // The first is shorter by one.
        (
            "w2",
            "4-5=flat 3-5=z+",
            ["w2", "z+", "flat", "flat", "w2", "w2"],
        ),
        ("w2", "body=flat 3=z+", ["w2", "z+", "w2", "w2", "w2", "w2"]),
        // A name wins over the number.
        ("w2", "2=flat", ["w2", "w2", "w2", "w2", "w2", "flat"]),
        // Additions have no bounds.
        ("w2", "add=zB", ["w2", "w2", "w2", "z+", "w2", "w2"]),
        // The composites of the literature.
        (
            "epsilon-plus",
            "",
            [
                "z+",
                "z+",
                "z+",
                "epsilon:0.000001",
                "epsilon:0.000001",
                "epsilon:0.000001",
            ],
        ),
        (
            "epsilon-plus-flat",
            "",
            [
                "flat",
                "z+",
                "z+",
                "epsilon:0.000001",
                "epsilon:0.000001",
                "epsilon:0.000001",
            ],
        ),
        (
            "epsilon-gamma-box",
            "dense=z",
            [
                "zB",
                "gamma:0.25",
                "gamma:0.25",
                "epsilon:0.000001",
                "z",
                "z",
            ],
        ),
        (
            "epsilon-alpha2-beta1",
            "add=z dense=z",
            [
                "alpha-beta:2,1",
                "alpha-beta:2,1",
                "alpha-beta:2,1",
                "z",
                "z",
                "z",
            ],
        ),
        (
            "epsilon-alpha2-beta1-flat",
            "add=z dense=z",
            ["flat", "alpha-beta:2,1", "alpha-beta:2,1", "z", "z", "z"],
        ),
    ] {
        let rule: Preset = rule.parse().expect("a rule");
        let policy = Policy::new(rule, rows(layers));
        let plan = policy.plan(&network).expect("defined");
        let expected = expected.map(|rule| rule.parse::<Rule>().expect("a rule").to_string());
        assert_eq!(rules(&plan), expected, "{rule} {layers}");
    }
}

#[test]
fn a_box_on_dense_first_layers_is_not_asked_for_by_the_composite_for_convolutions() {
    let text = r#"{ "input": { "shape": [2] }, "layers": [
      { "type": "dense", "weights": [[1], [1]], "activation": "relu" }, { "type": "sum_pool" } ] }"#;
    let dense = network(text);
    let plan = Plan::of(&dense, Preset::EpsilonGammaBox).expect("no bounds are needed");
    assert_eq!(plan.rule(1), Rule::Epsilon(1e-6));
    let without_bounds = NETWORK.replace(r#", "bounds": [0, 1]"#, "");
    let refused = Plan::of(&network(&without_bounds), Preset::EpsilonGammaBox)
        .expect_err("zB needs bounds")
        .to_string();
    assert!(
        refused.contains("needs the bounds of its inputs"),
        "{refused}"
    );
    assert!(refused.contains("--bounds"), "{refused}");
}

#[test]
fn a_rule_for_all_layers_need_not_be_defined_where_a_layer_rule_takes_its_place() {
    let without_bounds = network(&NETWORK.replace(r#", "bounds": [0, 1]"#, ""));
    assert!(
        Policy::new(Rule::ZBox, rows("2=flat"))
            .plan(&without_bounds)
            .is_err()
    );
    let plan = Policy::new(Rule::ZBox, rows("first=z"))
        .plan(&without_bounds)
        .expect("defined");
    assert_eq!(rules(&plan), ["z", "w2", "w2", "w2", "w2", "w2"]);
}

#[test]
fn a_selector_that_means_no_layer_is_refused_with_what_there_is() {
    for (text, layers, said) in [
        (
            NETWORK,
            "cov2d=w2",
            &[
                "layer_rules[0].layers: expected a whole number",
                "found `cov2d`",
                "did you mean `conv2d`?",
            ][..],
        ),
        (
            NETWORK,
            "w2=w2 ",
            &["a whole number from 1 to 8, or the name of a layer, found `w2`"],
        ),
        (NETWORK, "steam=w2", &["did you mean `stem`?"]),
        (NETWORK, "frist=w2", &["did you mean `first`?"]),
        (NETWORK, "first:conv=w2", &["found `first:conv`"]),
        (NETWORK, "first:add=w2", &["has no first layer of type add"]),
        (
            NETWORK,
            "first:dense=w2",
            &["has no first layer of type dense", "conv2d"],
        ),
        (
            NETWORK,
            "gather=w2",
            &[
                "this network has no layer of type gather",
                "help: its types of layer are dense, conv2d, sum_pool, max_pool2d, add",
            ],
        ),
        (
            NETWORK,
            "0=w2",
            &["layer 0: there is no such layer; this network has layers 1 to 8 (0 is the input)"],
        ),
        (NETWORK, "9=w2", &["layer 9: there is no such layer"]),
        // Neither numbers nor ranges.
        (NETWORK, "-3=w2", &["found `-3`"]),
        (NETWORK, "3-=w2", &["found `3-`"]),
        (NETWORK, "3-x=w2", &["found `3-x`"]),
        (
            NETWORK,
            "99999999999999999999=w2",
            &["there is no such layer"],
        ),
        (NETWORK, "3-9=w2", &["layer 9: there is no such layer"]),
        (NETWORK, "0-2=w2", &["layer 0: there is no such layer"]),
        (
            NETWORK,
            "4-3=w2",
            &[
                "expected the lower number first, found 4-3",
                "help: write 3-4",
            ],
        ),
        (
            NETWORK,
            "6=w2",
            &["layer 6 is a sum pool: it has no weights"],
        ),
        (NETWORK, "pool=w2", &["layer 2 is a max pool"]),
        (
            NETWORK,
            "max_pool2d=w2",
            &["no layer here follows a rule: layer 2 (max_pool2d) brings a rule of its own"],
        ),
        (
            NETWORK,
            "1=w2 6-6=w2",
            &["layer_rules[1].layers: no layer here follows a rule: layer 6 (sum_pool)"],
        ),
        (
            POOLED,
            "sum_pool=w2",
            &["layers 1 (sum_pool) and 3 (sum_pool) bring rules of their own"],
        ),
        (POOLED, "first=w2", &["this network has no first layer"]),
        (
            POOLED,
            "conv2d=w2",
            &[
                "no layer of type conv2d",
                "its types of layer are dense, sum_pool",
            ],
        ),
        (
            NETWORK,
            "dense=zB",
            &["layer_rules[0].rule: layer 7: the zB rule needs bounds"],
        ),
        (
            POOLED,
            "all=zB",
            &["layer_rules[0].rule: the zB rule needs the bounds of its inputs"],
        ),
    ] {
        let network = network(text);
        let refused = Policy::new(Rule::WSquared, rows(layers)).plan(&network);
        let refused = refused.expect_err(layers).to_string();
        for said in said {
            assert!(refused.contains(said), "{layers}: no `{said}` in {refused}");
        }
    }
    assert!("".parse::<Selector>().is_err());
    // Layers without a name are not called by it.
    let nothing = Selector::Word(String::new());
    let refused = nothing.meaning(&network(POOLED)).expect_err("no word");
    assert!(refused.to_string().contains("found ``"), "{refused}");
}

#[test]
fn an_optional_row_may_mean_no_layer_but_has_to_mean_something() {
    let network = network(POOLED);
    let optional = |layers: &str| {
        let mut rows = rows(layers);
        rows[0].optional = true;
        Policy::new(Rule::Flat, rows)
            .plan(&network)
            .map(|plan| rules(&plan))
    };
    for layers in ["conv2d=w2", "add=w2", "first=w2", "sum_pool=w2"] {
        assert_eq!(optional(layers).expect(layers), ["flat"], "{layers}");
    }
    assert_eq!(optional("dense=w2").expect("it is there"), ["w2"]);
    for layers in ["cov2d=w2", "9=w2", "1=w2", "3-2=w2"] {
        assert!(optional(layers).is_err(), "{layers}");
    }
}

#[test]
fn what_else_a_policy_could_mean_is_told() {
    let network = network(NETWORK);
    let notes = |layers: &str| {
        let resolved = Policy::new(Rule::WSquared, rows(layers)).resolve(&network);
        let notes = resolved.expect("defined").notes.into_iter();
        notes
            .map(|note| format!("{}: {}", note.path, note.text))
            .collect::<Vec<_>>()
    };
    assert_eq!(notes("1=flat conv2d=z+ 3-3=z"), [] as [&str; 0]);
    assert_eq!(
        notes("2=flat"),
        [
            "layer_rules[0].layers: `2` is the name of layer 8, which is meant, not the layer of number 2"
        ]
    );
    assert_eq!(
        notes("1=flat 1=z+"),
        ["layer_rules: layer 1 is given flat and then z+; z+ is used"]
    );
    assert_eq!(notes("1=flat stem=flat"), [] as [&str; 0]);
    assert_eq!(
        notes("conv2d=flat conv2d=z+"),
        ["layer_rules: layers 1, 3 and 4 are given flat and then z+; z+ is used"]
    );
    assert_eq!(
        notes("both=zB"),
        ["layer_rules[0].rule: layer 5 is an addition, which has no bounds; z+ is used"]
    );
    assert_eq!(
        notes("1-1=flat stem=z"),
        ["layer_rules[0]: it has no effect: narrower ones mean all of its layers"]
    );
}

#[test]
fn a_name_that_is_another_word_is_told_with_what_else_it_could_mean() {
    let called = |name: &str| {
        let text = format!(
            r#"{{ "input": {{ "shape": [1] }}, "layers": [
              {{ "type": "dense", "weights": [[1]] }},
              {{ "type": "dense", "name": "{name}", "weights": [[1]] }} ] }}"#
        );
        let network = network(&text);
        let policy = Policy::new(Rule::WSquared, rows(&format!("{name}=flat")));
        let notes = policy.resolve(&network).expect("defined").notes;
        notes.into_iter().map(|note| note.text).collect::<Vec<_>>()
    };
    for (name, other) in [
        ("1", "the layer of number 1"),
        ("1-2", "layers 1 to 2"),
        ("first", "the first layers"),
        ("first:dense", "the first layers of type dense"),
        ("dense", "the layers of type dense"),
        ("all", "every layer"),
    ] {
        let said = format!("`{name}` is the name of layer 2, which is meant, not {other}");
        assert_eq!(called(name), [said]);
    }
    // Its own number, and words that mean nothing else.
    for name in ["2", "3", "2-1", "gather", "firsts", "head"] {
        let expected: &[&str] = match name {
            "gather" => {
                &["`gather` is the name of layer 2, which is meant, not the layers of type gather"]
            }
            _ => &[],
        };
        assert_eq!(called(name), expected, "{name}");
    }
}

#[test]
fn the_reason_of_a_rule_is_what_means_its_layer_as_it_is_written() {
    let network = network(NETWORK);
    let reasons = |policy: Policy| -> Vec<String> {
        let reasons = policy.resolve(&network).expect("defined").reasons;
        let shown = |reason: Option<Reason>| {
            reason.map_or_else(
                || "own".to_owned(),
                |reason| format!("{:?}: {}", reason.by, reason.selector),
            )
        };
        reasons.into_iter().map(shown).collect()
    };
    let deep = reasons(Policy::new(Preset::DeepTaylor, rows("body=w2 7-8=flat")));
    assert_eq!(
        deep,
        [
            "Rule: first",
            "own",
            "LayerRule: body",
            "Rule: all",
            "Rule: all",
            "own",
            "LayerRule: 7-8",
            "LayerRule: 7-8"
        ]
    );
    let composite = reasons(Policy::on_top(
        Policy::new(Preset::EpsilonGammaBox, rows("8=flat")),
        rows("add=flat"),
    ));
    assert_eq!(composite[0], "Rule: first:conv2d");
    assert_eq!(composite[6], "Rule: dense");
    assert_eq!(
        [&composite[4], &composite[7]],
        ["LayerRule: add", "Plan: 8"]
    );
    for (meaning, written) in [
        (Meaning::Named(3), "3"),
        (Meaning::Level(4), "4"),
        (Meaning::Range(2, 4), "2-4"),
    ] {
        assert_eq!(meaning.to_string(), written);
    }
}

#[test]
fn a_number_in_json_and_in_code_is_never_a_name() {
    let network = network(NETWORK);
    let by_number = LayerRule::new(7_usize, Rule::Flat);
    let plan = Policy::new(Rule::WSquared, vec![by_number])
        .plan(&network)
        .expect("defined");
    assert_eq!(rules(&plan)[4], "flat");
    let refused = Policy::new(Rule::WSquared, vec![(2, Rule::Flat).into()]).plan(&network);
    assert!(
        refused
            .expect_err("a max pool")
            .to_string()
            .contains("layer 2 is a max pool")
    );
    let text = r#"{ "rule": "w2", "layer_rules": [{ "layers": "2", "rule": "flat" }] }"#;
    let file = PlanFile::parse("plan.json", text.as_bytes()).expect("a plan");
    assert_eq!(rules(&file.plan(&network).expect("defined"))[5], "flat");
    let text = text.replace(r#""2""#, "2");
    let file = PlanFile::parse("plan.json", text.as_bytes()).expect("a plan");
    assert!(file.plan(&network).is_err());
}

#[test]
fn a_policy_and_a_resolved_plan_are_read_back_from_json() {
    let network = network(NETWORK);
    let mut optional = rows("gather=z");
    optional[0].optional = true;
    for policy in [
        Policy::from(Preset::DeepTaylor),
        Policy::new(Rule::Epsilon(0.1), rows("first=zB 3-4=gamma:0.1 both=z"))
            .with_bias(RuleBias::Keep),
        Policy::of_rules(rows("all=alpha-beta:1.5,0.5")).named("ours"),
        Policy::on_top(
            Policy::new(Preset::EpsilonPlusFlat, optional),
            rows("7=flat"),
        )
        .with_bias(RuleBias::Drop),
    ] {
        let json = serde_json::to_string(&policy).expect("JSON");
        assert_eq!(
            serde_json::from_str::<Policy>(&json).expect("a policy"),
            policy,
            "{json}"
        );
        let plan = policy.plan(&network).expect("defined");
        assert_eq!(plan.rule_bias(), policy.rule_bias());
        let resolved = plan.policy();
        let json = serde_json::to_string(&resolved).expect("JSON");
        let back: Policy = serde_json::from_str(&json).expect("a policy");
        assert_eq!(back, resolved, "{json}");
        assert_eq!(back.plan(&network).expect("defined"), plan, "{json}");
        let file = PlanFile::parse("plan.json", json.as_bytes()).expect("a plan file");
        assert_eq!(file.plan(&network).expect("defined"), plan);
    }
}

#[test]
fn a_policy_is_called_by_its_name_or_as_the_command_line_spells_it() {
    let dt = Policy::from(Preset::DeepTaylor);
    for (policy, called) in [
        (dt.clone(), "deep-taylor"),
        (Policy::new(Rule::ZPlus, rows("1=zB")), "z+ 1=zB"),
        (
            dt.clone().with_bias(RuleBias::Keep),
            "deep-taylor with biases",
        ),
        (
            Policy::on_top(dt.clone().named("ours"), rows("first=flat")),
            "ours first=flat",
        ),
        (Policy::on_top(dt, Vec::new()), "deep-taylor"),
    ] {
        assert_eq!(policy.to_string(), called);
    }
}

#[test]
fn a_policy_without_a_name_has_that_of_the_one_below_and_a_description_of_its_own() {
    let ours = Policy::from(Preset::DeepTaylor).named("ours");
    let on_top = Policy::on_top(ours, rows("first=flat"));
    assert_eq!(on_top.name(), "ours");
    assert_eq!(on_top.clone().named("theirs").name(), "theirs");
    assert_eq!(Policy::from(Preset::DeepTaylor).name(), "");
    assert_eq!(on_top.description(), "");
    let text = r#"{ "rule": "w2", "description": "of the paper" }"#;
    let file = PlanFile::parse("plan.json", text.as_bytes()).expect("a plan");
    assert_eq!(file.policy().description(), "of the paper");
    assert_eq!(file.name(), "plan.json");
    // One rule for every layer is that of a policy that has no other.
    let w_squared = Policy::new(Rule::WSquared, Vec::new());
    assert_eq!(w_squared.one_rule(), Some(Rule::WSquared));
    for several in [
        Policy::new(Rule::WSquared, rows("1=flat")),
        Policy::from(Preset::DeepTaylor),
        Policy::of_rules(rows("all=flat")),
    ] {
        assert_eq!(several.one_rule(), None, "{several}");
    }
}

#[test]
fn a_faulty_plan_file_is_refused_with_line_column_and_path() {
    let network = network(NETWORK);
    for (text, said) in [
        (
            "",
            &["plan.json:1:1: expected a JSON object, found an empty file"][..],
        ),
        ("[]", &["plan.json:1:1: expected an object, found a list"]),
        (
            "{}",
            &[
                "plan.json:1:1: expected `rule` or `layer_rules`, found no rule at all",
                "help: ",
            ],
        ),
        (r#"{ "layer_rules": [] }"#, &["found no rule at all"]),
        (
            r#"{ "rules": "w2" }"#,
            &[
                "plan.json:1:3: rules: unknown key `rules`",
                "did you mean `rule`?",
            ],
        ),
        (
            r#"{ "rule": "w3" }"#,
            &["plan.json:1:11: rule: unknown rule `w3`"],
        ),
        (
            r#"{ "rule": 2 }"#,
            &["plan.json:1:11: rule: expected a string, found 2"],
        ),
        (
            r#"{ "rule": "alpha-beta:2,2" }"#,
            &["rule: alpha-beta:a,b: expected a − b = 1"],
        ),
        (
            r#"{ "rule": "w2", "rule": "z+" }"#,
            &["the key `rule` is here twice"],
        ),
        (
            r#"{ "rule": "w2", "rule_bias": "kep" }"#,
            &["rule_bias: unknown rule bias `kep`", "did you mean `keep`?"],
        ),
        (
            r#"{ "rule": "w2", "plan": { "rule": "z+" } }"#,
            &["plan: expected `rule` or `plan`, found both"],
        ),
        (
            r#"{ "plan": {} }"#,
            &["plan.json:1:11: plan: expected `rule` or `layer_rules`"],
        ),
        (
            r#"{ "rule": "w2", "layer_rules": [{ "layers": "1" }] }"#,
            &["plan.json:1:33: layer_rules[0]", "rule"],
        ),
        (
            r#"{ "rule": "w2", "layer_rules": [{ "rule": "z+" }] }"#,
            &["layer_rules[0]", "layers"],
        ),
        (
            r#"{ "rule": "w2", "layer_rules": [{ "layers": "1", "rule": "deep-taylor" }] }"#,
            &["layer_rules[0].rule: unknown rule `deep-taylor`"],
        ),
        (
            r#"{ "rule": "w2", "layer_rules": [{ "layers": "1", "rule": "largest" }] }"#,
            &[
                "layer_rules[0].rule: layer 1: the largest rule is not for a layer that follows a rule",
            ],
        ),
        (
            r#"{ "rule": "w2", "layer_rules": [{ "layers": -1, "rule": "z" }] }"#,
            &["layer_rules[0].layers: expected the number of a layer, or a string"],
        ),
        (
            r#"{ "rule": "w2", "layer_rules": [{ "layers": "", "rule": "z" }] }"#,
            &["layer_rules[0].layers: expected the layers"],
        ),
        (
            r#"{ "rule": "w2", "layer_rules": [{ "layer": 1, "rule": "z" }] }"#,
            &["unknown key `layer`", "did you mean `layers`?"],
        ),
        (
            "{ \"rule\": \"w2\",\n  \"layer_rules\": [{ \"layers\": \"cov2d\", \"rule\": \"z\" }] }",
            &[
                "plan.json:2:31: layer_rules[0].layers: expected a whole number",
                "did you mean `conv2d`?",
            ],
        ),
        (
            "{ \"plan\": { \"rule\": \"w2\",\n  \"layer_rules\": [{ \"layers\": 12, \"rule\": \"z\" }] } }",
            &["plan.json:2:31: plan.layer_rules[0].layers: layer 12: there is no such layer"],
        ),
        (
            "{ \"layer_rules\": [\n { \"layers\": \"dense\", \"rule\": \"z\" },\n { \"layers\": \"first\", \"rule\": \"zB\" }] }",
            &[
                "plan.json:1:1: expected a rule for every layer, but layers 3 (`body`), 4 (`side`) and 5 (`both`) have none",
                "help: ",
            ],
        ),
        (
            r#"{ "layer_rules": [{ "layers": "all", "rule": "z" }, { "layers": 7, "rule": "zB" }] }"#,
            &["plan.json:1:76: layer_rules[1].rule: layer 7: the zB rule needs bounds"],
        ),
    ] {
        let read = PlanFile::parse("plan.json", text.as_bytes());
        let refused = read.and_then(|file| file.plan(&network).map(|_| ()));
        let refused = refused.expect_err(text).to_string();
        for said in said {
            assert!(refused.contains(said), "{text}: no `{said}` in {refused}");
        }
    }
}

/// A network of the tests' own: every layer with what it reads, what its type is, and whether it has a ReLU.
#[derive(Debug, Clone)]
struct Drawn {
    layers: Vec<(&'static str, Vec<usize>, bool)>,
}

impl Drawn {
    fn network(&self) -> Network {
        let layers = self.layers.iter().enumerate().map(|(l, (kind, from, relu))| {
            let from: Vec<String> = from
                .iter()
                .map(|from| if *from == 0 { "\"input\"".to_owned() } else { format!("\"n{from}\"") })
                .collect();
            let rest = match *kind {
                "dense" => r#", "weights": [[1, 1], [1, 1]]"#,
                "conv2d" => r#", "weights": [[[[1]]]]"#,
                "scale" => r#", "weights": [2]"#,
                "gather" => r#", "indices": [1, 0], "shape": [1, 1, 2]"#,
                "sum_pool2d" => r#", "kernel": 1"#,
                _ => "",
            };
            let activation = if *relu { "relu" } else { "identity" };
            format!(
                r#"{{ "type": "{kind}", "name": "n{}", "from": [{}], "activation": "{activation}"{rest} }}"#,
                l + 1,
                from.join(", ")
            )
        });
        let layers = layers.collect::<Vec<_>>().join(",\n");
        network(&format!(
            r#"{{ "input": {{ "shape": [1, 1, 2] }}, "layers": [{layers}] }}"#
        ))
    }

    fn layer(&self, level: usize) -> &(&'static str, Vec<usize>, bool) {
        &self.layers[level - 1]
    }

    fn is_first(&self, level: usize) -> bool {
        fn routed(drawn: &Drawn, level: usize) -> bool {
            level == 0 || {
                let (kind, from, relu) = drawn.layer(level);
                ["scale", "gather"].contains(kind)
                    && !relu
                    && from.iter().all(|from| routed(drawn, *from))
            }
        }
        let (kind, from, _) = self.layer(level);
        ["dense", "conv2d"].contains(kind) && from.iter().all(|from| routed(self, *from))
    }

    fn can_be_negative(&self, level: usize) -> bool {
        level == 0 || {
            let (kind, from, relu) = self.layer(level);
            !relu
                && (["dense", "conv2d"].contains(kind)
                    || from.iter().any(|from| self.can_be_negative(*from)))
        }
    }

    fn follows(&self, level: usize) -> bool {
        let (kind, from, _) = self.layer(level);
        match *kind {
            "dense" | "conv2d" => true,
            "add" => from.iter().any(|from| self.can_be_negative(*from)),
            _ => false,
        }
    }

    /// The rule of every layer that follows one; none where a row is refused.
    fn rules(&self, rows: &[(String, &'static str)]) -> Option<Vec<String>> {
        let followers: Vec<usize> = (1..=self.layers.len())
            .filter(|level| self.follows(*level))
            .collect();
        for (word, _) in rows {
            if !followers
                .iter()
                .any(|level| self.class(word, *level).is_some())
            {
                return None;
            }
        }
        let rule = |level: usize| {
            // From the widest to the narrowest: what comes later stands.
            let mut found = "w2";
            for class in (0..=60).rev() {
                for (word, rule) in rows {
                    if self.class(word, level) == Some(class) {
                        found = rule;
                    }
                }
            }
            found.to_owned()
        };
        Some(followers.into_iter().map(rule).collect())
    }

    /// How wide a word is where it means the layer, from 0: one layer, first of a type, first, ranges, a type, all.
    fn class(&self, word: &str, level: usize) -> Option<usize> {
        let (kind, ..) = self.layer(level);
        let (first_of, first) = (format!("first:{kind}"), self.is_first(level));
        if word == format!("n{level}") || word == level.to_string() {
            return Some(0);
        }
        if let Some((low, high)) = word.split_once('-') {
            let (low, high): (usize, usize) = (low.parse().ok()?, high.parse().ok()?);
            return (low..=high).contains(&level).then_some(10 + high - low);
        }
        match word {
            _ if word == first_of && first => Some(1),
            "first" if first => Some(2),
            "all" => Some(60),
            _ => (word == *kind).then_some(50),
        }
    }
}

/// Layers on pictures, in which every level is read by the next, and additions read another one, too.
fn drawn() -> impl Strategy<Value = Drawn> {
    const KINDS: [&str; 7] = [
        "conv2d",
        "scale",
        "gather",
        "sum_pool2d",
        "add",
        "conv2d",
        "add",
    ];
    let layer = (
        prop::sample::select(&KINDS[..]),
        any::<prop::sample::Index>(),
        any::<bool>(),
    );
    (prop::collection::vec(layer, 1..7), 0..4_usize).prop_map(|(drawn, dense)| {
        let mut layers: Vec<(&str, Vec<usize>, bool)> = Vec::new();
        for (kind, other, relu) in drawn {
            let below = layers.len();
            let from = if kind == "add" {
                vec![below, other.index(below + 1)]
            } else {
                vec![below]
            };
            layers.push((kind, from, relu));
        }
        for n in 0..dense {
            layers.push(("dense", vec![layers.len()], n % 2 == 0));
        }
        Drawn { layers }
    })
}

fn drawn_rows()
-> impl Strategy<Value = Vec<(usize, prop::sample::Index, prop::sample::Index, usize)>> {
    let row = (
        0..12_usize,
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        0..4_usize,
    );
    prop::collection::vec(row, 0..6)
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn on_random_networks_selectors_give_the_rules_that_a_plain_resolution_finds(
        drawn in drawn(),
        drawn_rows in drawn_rows(),
    ) {
        let network = drawn.network();
        let layers = drawn.layers.len();
        let words = drawn_rows.into_iter().map(|(what, a, b, rule)| {
            let (a, b) = (1 + a.index(layers), 1 + b.index(layers));
            let word = match what {
                0 => a.to_string(),
                1 => format!("n{a}"),
                2 | 3 => format!("{}-{}", a.min(b), a.max(b)),
                4 => "first".to_owned(),
                5 => "first:conv2d".to_owned(),
                6 => "first:dense".to_owned(),
                7 => "all".to_owned(),
                8 => "conv2d".to_owned(),
                9 => "add".to_owned(),
                _ => "dense".to_owned(),
            };
            (word, ["flat", "z+", "z", "gamma:0.5"][rule])
        });
        let words: Vec<(String, &str)> = words.collect();
        let text: Vec<String> = words.iter().map(|(word, rule)| format!("{word}={rule}")).collect();
        let plan = Policy::new(Rule::WSquared, rows(&text.join(" "))).plan(&network);
        let expected = drawn.rules(&words);
        prop_assert_eq!(plan.as_ref().ok().map(rules), expected, "{:?}: {:?}", text, plan.as_ref().err());
        if let Ok(plan) = plan {
            let json = serde_json::to_string(&plan.policy()).expect("JSON");
            let back: Policy = serde_json::from_str(&json).expect("a policy");
            prop_assert_eq!(back.plan(&network).expect("defined"), plan);
        }
    }
}
