//! The reading: sentences that state the figures of the result, and nothing that these do not show.

#![allow(clippy::too_many_lines, reason = "tables are as long as they are")]

use deeptaylor::relevance::cause::Cause;
use deeptaylor::result::{NetworkInfo, Sample, Went};
use deeptaylor::samples::Record;
use deeptaylor::{Explainer, Network, Plan, Rule, Target};

/// The reading of one sample of a network with these layers.
fn reading(input: &str, layers: &str, rule: Rule, target: &Target, sample: &str) -> Vec<String> {
    explained(input, layers, rule, target, sample).interpretation
}

/// The result for one sample of a network with these layers.
fn explained(input: &str, layers: &str, rule: Rule, target: &Target, sample: &str) -> Sample {
    let text = format!("{{ \"input\": {{ {input} }}, \"layers\": [{layers}] }}");
    let network = Network::parse("test", text.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    let plan = Plan::of(&network, rule).expect("the rule is defined");
    let x = Record::typed(sample, &network).expect("a sample").values;
    let x = ndarray::Array2::from_shape_vec((1, x.len()), x).expect("a row");
    let mut explainer = Explainer::new(&plan);
    let batch = explainer.explain(x.view(), target).expect("finite values");
    let info = NetworkInfo::new(&network, &plan);
    Sample::of_batch(&info, &plan, &batch).remove(0)
}

#[test]
fn each_case_is_told_in_its_own_sentence() {
    let relu = |weights: &str, bias: &str| {
        format!(
            r#"{{ "type": "dense", "weights": {weights}, "bias": {bias}, "activation": "relu" }}"#
        )
    };
    let linear = r#"{ "type": "dense", "weights": [[1, -1], [2, 1]] }"#.to_owned();
    let two = r#""shape": [2]"#;
    let pool = r#"{ "type": "sum_pool" }"#.to_owned();
    let (all, max) = (Target::All, Target::Max);
    for (input, layers, rule, target, sample, said) in [
        (
            two,
            relu("[[1], [2]]", "[0]"),
            Rule::WSquared,
            max,
            "3,1",
            "Input 1 carries 80 % of f(x) although its value, 1, is the smaller in size: w² looks at weights, not at values.",
        ),
        (
            two,
            relu("[[1], [2]]", "[0]"),
            Rule::WSquared,
            max,
            "1,3",
            "Input 1 carries 80 % of f(x); its value, 3, is the larger in size too.",
        ),
        (
            two,
            relu("[[1], [2]]", "[0]"),
            Rule::WSquared,
            max,
            "1,1",
            "Input 1 carries 80 % of f(x), with the value 1.",
        ),
        (
            two,
            relu("[[1], [1]]", "[0]"),
            Rule::WSquared,
            max,
            "3,1",
            "Both inputs carry the same: 2 each (50 %).",
        ),
        (
            two,
            relu("[[0], [0]]", "[1]"),
            Rule::WSquared,
            max,
            "1,1",
            "No input carries any relevance.",
        ),
        (
            two,
            relu("[[0], [0]]", "[1]"),
            Rule::WSquared,
            max,
            "1,1",
            "Lost: 1 (100 %) in unit 0 of layer 1: all its weights are 0, so w² cannot redistribute it.",
        ),
        (
            two,
            relu("[[0], [0]]", "[1]"),
            Rule::WSquared,
            max,
            "1,1",
            "Layer 0 sums to 0 and not to 1: the gap is 1; no relevance is below 0.",
        ),
        (
            two,
            relu("[[1], [1]]", "[-9]"),
            Rule::WSquared,
            max,
            "1,1",
            "output 0 = 0: there is nothing to redistribute, and every relevance is 0.",
        ),
        (
            two,
            relu("[[-1, 1], [-1, 1]]", "[0, 0]") + "," + &pool,
            Rule::WSquared,
            max,
            "1,1",
            "Unit 0 of layer 1 did not fire and passes nothing on (1 of 2).",
        ),
        (
            two,
            linear.clone(),
            Rule::WSquared,
            all,
            "1,-3",
            "The sum of all outputs = -9 is below 0. The theory explains f ≥ 0: relevance that sums to less than 0 is negative somewhere, and positivity fails.",
        ),
        (
            two,
            linear.clone(),
            Rule::WSquared,
            all,
            "3,1",
            "Output 1 is -2. The theory explains f ≥ 0: an output below 0 has negative relevance.",
        ),
        (
            two,
            linear,
            Rule::WSquared,
            all,
            "0,0",
            "The sum of all outputs = 0: there is nothing to redistribute, and every relevance is 0.",
        ),
        (
            two,
            pool.clone(),
            Rule::WSquared,
            max,
            "3,-1",
            "Negative relevance begins in layer 0, where unit 1 carries -1: the sum pool above shares in proportion to values of both signs.",
        ),
        (
            two,
            relu("[[-1], [-1]]", "[3]"),
            Rule::ZPlus,
            max,
            "1,1",
            "Lost: 1 (100 %) in unit 0 of layer 1: no input supports it (every x_i·w_ij ≤ 0): it fires on its positive bias alone.",
        ),
        (
            r#""shape": [1]"#,
            relu("[[1, -1]]", "[0, 0]") + "," + &relu("[[1], [1]]", "[0]"),
            Rule::WSquared,
            max,
            "1",
            "In layer 1, 1 unit did not fire and still carries 0.5 (50 %): w² above gives units a share whether they fired or not. The sums can still hold, but R_j = c_j·x_j, which the theory assumes, does not hold there.",
        ),
    ] {
        let sentences = reading(input, &layers, rule, &target, sample);
        assert!(
            sentences.iter().any(|sentence| sentence == said),
            "no `{said}` in {sentences:#?}"
        );
    }
}

#[test]
fn an_input_is_called_leading_only_where_relevance_has_one_sign() {
    let linear = r#"{ "type": "dense", "weights": [[1, -1], [2, 1]] }"#;
    let sentences = reading(
        r#""shape": [2]"#,
        linear,
        Rule::WSquared,
        &Target::All,
        "3,1",
    );
    assert!(
        !sentences
            .iter()
            .any(|sentence| sentence.contains("carries 100 %")),
        "{sentences:#?}"
    );
}

#[test]
fn losses_are_told_by_their_size_and_the_balance_gathers_them_by_layer_and_cause() {
    // Units 0 and 1 fire on their bias alone, with 1 and 2; unit 2 hands its 1 to the input.
    let layers = r#"{ "type": "dense", "weights": [[-1, -1, 1]], "bias": [2, 3, 0], "activation": "relu" },
                    { "type": "sum_pool" }"#;
    let sample = explained(r#""shape": [1]"#, layers, Rule::ZPlus, &Target::Max, "1");
    let lost = sample.interpretation.iter();
    let lost: Vec<&String> = lost.filter(|told| told.starts_with("Lost")).collect();
    assert!(lost[0].starts_with("Lost: 2 (50 %) in unit 1"), "{lost:?}");
    assert!(lost[1].starts_with("Lost: 1 (25 %) in unit 0"), "{lost:?}");
    let entries = sample.balance_entries.iter();
    let entries: Vec<_> = entries
        .map(|entry| {
            (
                entry.layer,
                entry.went,
                entry.units,
                entry.code,
                entry.relevance,
                entry.share,
            )
        })
        .collect();
    assert_eq!(
        entries,
        [
            (
                1,
                Went::Lost,
                Some(2),
                Some(Cause::BiasAlone),
                3.0,
                Some(0.75)
            ),
            (0, Went::ToInputs, None, None, 1.0, Some(0.25)),
        ]
    );
}

#[test]
fn a_balance_without_losses_has_no_entries() {
    let layers = r#"{ "type": "dense", "weights": [[1]], "activation": "relu" }"#;
    let sample = explained(r#""shape": [1]"#, layers, Rule::ZPlus, &Target::Max, "1");
    assert_eq!(sample.balance_entries, []);
}

#[test]
fn small_parts_that_are_absorbed_are_told_together() {
    let layer = r#"{ "type": "dense", "weights": [[1]], "activation": "relu" }"#;
    let layers = [layer; 3].join(", ");
    let told = |epsilon| {
        let rule = Rule::Epsilon(epsilon);
        let told = reading(r#""shape": [1]"#, &layers, rule, &Target::Max, "1").into_iter();
        told.filter(|told| told.starts_with("Absorbed"))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        told(1e-6),
        ["Absorbed: 3e-6 (0.0003 %) by ε of 3 layers, less than 0.01 % each."]
    );
    // 1/4 of 1, of 3/4 and of 9/16.
    assert_eq!(
        told(1.0 / 3.0),
        [
            "Absorbed: 0.25 (25 %) by ε of layer 3.",
            "Absorbed: 0.1875 (19 %) by ε of layer 2.",
            "Absorbed: 0.1406 (14 %) by ε of layer 1.",
        ]
    );
}
