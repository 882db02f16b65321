//! What is known of each rule, and what of it is shown.

#![allow(clippy::too_many_lines, reason = "tables of cases")]

use deeptaylor::relevance::cause::Cause;
use deeptaylor::relevance::rule::Inputs;
use deeptaylor::relevance::{Gradient, Preset, RuleBias, Selector};
use deeptaylor::result::NetworkInfo;
use deeptaylor::{Network, Plan, Rule};
use schemars::{JsonSchema, SchemaGenerator, schema_for};

#[test]
fn every_rule_has_a_name_a_symbol_formulas_and_words_of_its_own() {
    let rules: Vec<Rule> = Rule::every().collect();
    let shown = |rule: &Rule| {
        let about = rule.about();
        [
            about.spelling.name,
            about.spelling.help,
            about.symbol,
            about.formula[0],
        ]
    };
    for (n, rule) in rules.iter().enumerate() {
        for (k, text) in shown(rule).into_iter().enumerate() {
            assert!(!text.is_empty(), "{rule}, {k}");
            let before = rules[..n].iter().all(|other| shown(other)[k] != text);
            assert!(before, "{rule}: `{text}` is another's, too");
        }
        let about = rule.about();
        for formula in about.formula {
            assert!(
                formula.starts_with("R_") && formula.contains(" = "),
                "{rule}: {formula}"
            );
        }
        for direction in about.direction {
            assert!(
                direction.starts_with("v_") || direction.starts_with("none: "),
                "{rule}: {direction}"
            );
            assert_eq!(
                direction.starts_with("none"),
                !about.expansion && *rule != Rule::Flat
            );
        }
        assert_eq!(
            rule.is_of_a_kind(),
            about.does != "follows a rule",
            "{rule}"
        );
        let spelt = about.spelling.aliases.iter().chain([&about.spelling.name]);
        for alias in spelt.filter(|_| !rule.is_of_a_kind()) {
            assert_eq!(alias.parse(), Ok(*rule), "{alias}");
        }
    }
    assert_eq!("w-flat".parse(), Ok(Rule::Flat));
}

#[test]
fn every_rule_has_its_inputs_promises_and_causes() {
    let (any, bounded) = (Inputs::Any, Inputs::Bounded);
    // Inputs; whether it promises conservation, and positivity; whether it is an expansion; what of a bias counts; why it loses.
    for (rule, inputs, promises, expansion, bias, loses) in [
        (
            Rule::WSquared,
            any,
            [true, true],
            true,
            None,
            Cause::NoWeights,
        ),
        (Rule::Flat, any, [true, true], false, None, Cause::NoWeights),
        (
            Rule::ZPlus,
            Inputs::NonNegative,
            [true, true],
            true,
            Some("b_j⁺"),
            Cause::NoSupport,
        ),
        (
            Rule::ZBox,
            bounded,
            [true, true],
            true,
            None,
            Cause::AtBound,
        ),
        (
            Rule::Z,
            any,
            [true, false],
            true,
            Some("b_j"),
            Cause::Cancels,
        ),
        (
            Rule::Epsilon(0.1),
            any,
            [false, false],
            false,
            Some("b_j"),
            Cause::Cancels,
        ),
        (
            Rule::Gamma(0.1),
            any,
            [true, false],
            true,
            Some("b_j + γ·b_j⁺ (b_j⁻ where z_j < 0)"),
            Cause::Cancels,
        ),
        (
            Rule::AlphaBeta([2.0, 1.0]),
            any,
            [true, false],
            false,
            Some("b_j⁺ and b_j⁻"),
            Cause::NoSupport,
        ),
        (
            Rule::AlphaBeta([1.0, 0.0]),
            any,
            [true, true],
            true,
            Some("b_j⁺ and b_j⁻"),
            Cause::NoSupport,
        ),
        (
            Rule::Proportional,
            any,
            [true, true],
            true,
            None,
            Cause::Cancels,
        ),
        (
            Rule::Routing,
            any,
            [true, true],
            true,
            None,
            Cause::NoWeights,
        ),
        (
            Rule::Largest,
            any,
            [true, true],
            true,
            None,
            Cause::ConstantLargest,
        ),
    ] {
        let about = rule.about();
        let found = [about.promises.conservation, about.promises.positivity];
        assert_eq!((about.inputs, found), (inputs, promises), "{rule}");
        assert_eq!((about.expansion, about.bias), (expansion, bias), "{rule}");
        assert_eq!(about.loses.0, loses, "{rule}");
    }
    for (rule, said) in [
        (Rule::WSquared, "all its weights are 0"),
        (Rule::Flat, "it has no inputs"),
        (Rule::Routing, "its weight is 0"),
    ] {
        assert_eq!(rule.about().loses.1, said);
    }
    for rule in Rule::every() {
        let about = rule.about();
        let is_box = rule == Rule::ZBox;
        assert_eq!(about.elsewhere, is_box.then_some(Rule::WSquared), "{rule}");
        assert_eq!(about.of_addition, is_box.then_some(Rule::ZPlus), "{rule}");
    }
}

#[test]
fn rules_are_shown_with_their_parameters_and_what_of_a_bias_they_keep() {
    for (rule, symbol) in [
        (Rule::WSquared, "w²"),
        (Rule::Epsilon(0.25), "ε = 0.25"),
        (Rule::Gamma(0.5), "γ = 0.5"),
        (Rule::AlphaBeta([1.5, 0.5]), "αβ, α = 1.5, β = 0.5"),
    ] {
        assert_eq!(rule.symbol_with_parameters(), symbol);
        assert!(symbol.starts_with(rule.symbol()));
    }
    let (drop, keep) = (RuleBias::Drop, RuleBias::Keep);
    let formula = "R_i = Σ_j x_i w_ij / Σ_i' x_i' w_i'j · R_j";
    assert_eq!(Rule::Z.formula_with(true, drop), formula);
    assert_eq!(
        Rule::Z.formula_with(true, keep),
        format!("{formula}, with b_j in the denominator")
    );
    for signed in [false, true] {
        let without = Rule::Flat.formula(signed);
        assert_eq!(Rule::Flat.formula_with(signed, keep), without);
    }
    assert_eq!(
        Rule::ZPlus.direction_formula(false),
        "v_i = x_i·1[w_ij ≥ 0]"
    );
    assert_eq!(
        Rule::ZPlus.direction_formula(true),
        "v_i = x_i·1[x_i w_ij ≥ 0]"
    );
    assert_eq!(Rule::listed(Rule::is_fixed), "w2 and flat");
    assert_eq!(Rule::listed(|rule| rule == Rule::Z), "z");
}

/// What a schema that refers to this one has of it.
fn part<T: JsonSchema>() -> serde_json::Value {
    SchemaGenerator::default().subschema_for::<T>().to_value()
}

#[test]
fn rules_methods_and_selectors_are_words_in_schemas_wherever_they_stand() {
    for (schema, part, title) in [
        (schema_for!(Rule), part::<Rule>(), "rule"),
        (schema_for!(Preset), part::<Preset>(), "preset"),
        (schema_for!(Gradient), part::<Gradient>(), "gradient"),
    ] {
        assert_eq!(part["type"], "string", "{title}");
        assert_eq!(schema.get("title").expect("a title"), title);
    }
    let selector = part::<Selector>();
    assert_eq!(selector["oneOf"][0]["type"], "integer");
    assert_eq!(selector["oneOf"][0]["minimum"], 1);
    assert_eq!(selector["oneOf"][1]["type"], "string");
    let title = schema_for!(Selector);
    assert_eq!(title.get("title").expect("a title"), "selector");
}

#[test]
fn a_refusal_of_a_rule_for_all_layers_begins_with_the_layer_and_not_with_a_path() {
    let text =
        r#"{ "input": { "shape": [1] }, "layers": [{ "type": "dense", "weights": [[1]] }] }"#;
    let network: Network = text.parse().expect("a network");
    let refused = Plan::of(&network, Rule::ZBox)
        .expect_err("no bounds")
        .to_string();
    assert!(
        refused.starts_with("the zB rule needs the bounds of its inputs"),
        "{refused}"
    );
}

#[test]
fn a_plan_promises_what_its_rules_do_but_for_signed_pools_and_biases_that_absorb() {
    let network = |first: &str| -> Network {
        let text = format!(
            r#"{{ "input": {{ "shape": [2] }}, "layers": [{first}, {{ "type": "sum_pool" }}] }}"#
        );
        text.parse().expect("a network")
    };
    let dense = |bias: f64, activation: &str| {
        network(&format!(
            r#"{{ "type": "dense", "weights": [[1, 1], [1, 1]], "bias": [-1, {bias}], "activation": "{activation}" }}"#
        ))
    };
    let relu = dense(-1.0, "relu");
    let [with_bias, signed] = [dense(2.0, "relu"), dense(-1.0, "identity")];
    let pools = network(r#"{ "type": "sum_pool", "size": 1 }"#);
    let (drop, keep) = (RuleBias::Drop, RuleBias::Keep);
    // Whether it promises conservation, and positivity.
    for (network, rule, bias, expected) in [
        (&relu, Rule::WSquared, drop, [true, true]),
        (&relu, Rule::Z, drop, [true, false]),
        (&relu, Rule::Epsilon(0.1), drop, [false, false]),
        (&signed, Rule::WSquared, drop, [true, false]),
        (&pools, Rule::WSquared, drop, [true, false]),
        // Of the biases −1 and 2 the second has a part above 0. No rule without a bias keeps one.
        (&with_bias, Rule::ZPlus, drop, [true, true]),
        (&with_bias, Rule::ZPlus, keep, [false, true]),
        (&with_bias, Rule::WSquared, keep, [true, true]),
        (&relu, Rule::ZPlus, keep, [true, true]),
        (&relu, Rule::Z, keep, [false, false]),
    ] {
        let plan = Plan::of(network, rule).expect("defined").with_bias(bias);
        let found = plan.promises();
        assert_eq!(
            [found.conservation, found.positivity],
            expected,
            "{rule}, {bias:?}"
        );
    }
}

#[test]
fn a_result_names_the_biases_of_its_rules_only_where_they_are_kept() {
    let text =
        r#"{ "input": { "shape": [1] }, "layers": [{ "type": "dense", "weights": [[1]] }] }"#;
    let network: Network = text.parse().expect("a network");
    for (bias, written) in [(RuleBias::Drop, None), (RuleBias::Keep, Some("keep"))] {
        let plan = Plan::of(&network, Rule::Z)
            .expect("defined")
            .with_bias(bias);
        let json = serde_json::to_value(NetworkInfo::new(&network, &plan)).expect("JSON");
        let found = json.get("rule_bias").map(|found| found.as_str());
        assert_eq!(found, written.map(Some));
    }
}
