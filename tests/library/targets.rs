//! Which outputs are explained: contrasts, lists, and several targets of the same samples.
#![allow(clippy::float_cmp, reason = "these fractions are exact in f64")]

use approx::assert_relative_eq;
use deeptaylor::exact::{self, ExactNetwork};
use deeptaylor::relevance::Chosen;
use deeptaylor::relevance::function::{Limit, Toward, expand_function};
use deeptaylor::result::{AnyResult, Explanation, NetworkInfo, Sample, read};
use deeptaylor::{
    Activation, Batch, Error, Explainer, Input, Layer, Network, Plan, Rule, Target, render,
};
use ndarray::{Array2, ArrayView2, array};
use proptest::prelude::*;

use crate::graph;
use crate::random::{Kind, case, cases};

const CONTRAST: Target = Target::Contrast {
    output: 0,
    minus: 1,
};

/// x = (2, 1); x_1 = 2·1 + 1·1 = 3, x_2 = 2·2 − 1·1 = 3; A = 3 + 2·3 = 9, B = 3.
fn two_outputs(names: [&str; 2]) -> Network {
    let hidden = Layer::dense(
        array![[1.0, 2.0], [1.0, -1.0]],
        Vec::new(),
        Activation::Relu,
    );
    let above = Layer::dense(
        array![[1.0, 0.0], [2.0, 1.0]],
        Vec::new(),
        Activation::Identity,
    );
    let layers = [hidden, above]
        .map(|layer| layer.expect("a layer"))
        .to_vec();
    let network = Network::new(Input::flat(2), layers).expect("a network");
    let names = names.map(str::to_owned).to_vec();
    network.with_outputs(names).expect("other names")
}

/// The relevance of explanation `n`, level by level.
fn levels(batch: &Batch, n: usize) -> Vec<Vec<f64>> {
    (0..batch.levels())
        .map(|l| batch.relevance(l).row(n).to_vec())
        .collect()
}

#[test]
fn a_contrast_gives_the_fractions_of_each_rule() {
    let network = two_outputs(["a", "b"]);
    for (rule, hidden, inputs) in [
        // A: 1/5 and 4/5 of 9; B: all of −3 to unit 2. Unit 1: 1/2, 1/2 of 9/5; unit 2: 4/5, 1/5 of 21/5.
        (
            Rule::WSquared,
            [9.0 / 5.0, 21.0 / 5.0],
            [213.0 / 50.0, 87.0 / 50.0],
        ),
        // A: 1/2 and 1/2 of 9; B: 1/2 and 1/2 of −3; and so on.
        (Rule::Flat, [3.0, 3.0], [3.0, 3.0]),
        // A: 1/3 and 2/3 of 9; B: all of −3 to unit 2. Unit 1: 2/3, 1/3 of 3; unit 2: all to x_1.
        (Rule::ZPlus, [3.0, 3.0], [5.0, 1.0]),
    ] {
        let plan = Plan::of(&network, rule).expect("defined");
        let mut explainer = Explainer::new(&plan);
        let x = array![[2.0, 1.0]];
        let batch = explainer.explain(x.view(), &CONTRAST).expect("finite");
        let chosen = batch.chosen()[0];
        assert_eq!((chosen.output, chosen.minus), (Some(0), Some(1)));
        assert_eq!(chosen.value, 6.0);
        let found = levels(&batch, 0);
        for (found, expected) in found.iter().zip([inputs, hidden, [9.0, -3.0]]) {
            assert_relative_eq!(found[..], expected, max_relative = 1e-15);
        }
        let checks = batch.audits()[0].checks;
        assert!(
            checks.conservation.holds && !checks.positivity.holds,
            "{rule}"
        );
        let turned = Target::Contrast {
            output: 1,
            minus: 0,
        };
        let batch = explainer.explain(x.view(), &turned).expect("finite");
        assert_eq!(batch.chosen()[0].value, -6.0);
        for (turned, found) in levels(&batch, 0).iter().zip(&found) {
            let negative: Vec<f64> = found.iter().map(|r| -r).collect();
            assert_relative_eq!(turned[..], negative[..], max_relative = 1e-15);
        }
    }
}

#[test]
fn in_fractions_a_contrast_is_an_equality() {
    let network = two_outputs(["a", "b"]);
    let plan = Plan::of(&network, Rule::WSquared).expect("defined");
    let exact = ExactNetwork::from(network.clone());
    let number = |text: &str| exact::fraction(text).expect("a fraction");
    let x = ["2", "1"].map(number);
    let found = exact::explain(&exact, &plan, &x, CONTRAST);
    assert_eq!(found.value, number("6"));
    assert_eq!(found.relevance[2], ["9", "-3"].map(number));
    assert_eq!(found.relevance[0], ["213/50", "87/50"].map(number));
    assert!(found.balance.holds);
}

#[test]
fn the_function_of_a_contrast_is_the_difference_of_the_functions() {
    let network = two_outputs(["a", "b"]);
    let limit = Limit {
        pieces: 100,
        until: None,
    };
    let contrast = Chosen {
        output: Some(0),
        minus: Some(1),
    };
    // Around the origin f is linear on the way from x: A − B = x_1 + x_2 of the hidden units, so 3·x_i1 + 0·x_i2.
    let toward = Toward::Point(vec![0.0, 0.0]);
    let found = expand_function(&network, &[2.0, 1.0], contrast, &toward, limit).expect("no end");
    assert_eq!((found.value, found.value_at_root), (6.0, 0.0));
    assert_eq!(found.gradient, [3.0, 0.0]);
    assert_eq!(found.terms, [6.0, 0.0]);
}

#[test]
fn targets_are_read_by_name_by_index_and_as_contrasts() {
    let contrast = |output, minus| Target::Contrast { output, minus };
    for (names, text, expected) in [
        (["cat", "dog"], "max", Target::Max),
        (["cat", "dog"], "all", Target::All),
        (["cat", "dog"], "dog", Target::Output(1)),
        (["cat", "dog"], "0", Target::Output(0)),
        (["1", "0"], "0", Target::Output(1)),
        (["cat", "dog"], "cat-dog", contrast(0, 1)),
        (["cat", "dog"], "dog - cat", contrast(1, 0)),
        (["cat", "dog"], "1-cat", contrast(1, 0)),
        (["1", "0"], "0-1", contrast(1, 0)),
        // A name wins.
        (["cat-dog", "dog"], "cat-dog", Target::Output(0)),
        (["0-1", "1-0"], "1-0", Target::Output(1)),
        // Names with hyphens on either side.
        (["semi-cat", "dog"], "semi-cat-dog", contrast(0, 1)),
        (["cat", "-dog"], "cat--dog", contrast(0, 1)),
        (["a-b", "b-a"], "b-a-a-b", contrast(1, 0)),
    ] {
        let network = two_outputs(names);
        let found = Target::parse(text, &network);
        assert_eq!(found.expect(text), expected, "{text} of {names:?}");
    }
}

#[test]
fn what_is_no_target_is_refused_with_what_to_do() {
    for (names, text, said) in [
        (
            ["cat", "dog"],
            "cat-cat",
            &["a contrast is of two outputs", "output 0 twice"][..],
        ),
        (["cat", "dog"], "cat-0", &["output 0 twice"]),
        (
            ["tabby", "terrier"],
            "tabby-terier",
            &["found `terier`", "did you mean `terrier`?"],
        ),
        (
            ["cat", "dog"],
            "horse-dog",
            &["found `horse`", "known here: cat, dog"],
        ),
        (
            ["cat", "dog"],
            "0-2",
            &["an index below 2", "found `2`", "from 0 to 1"],
        ),
        (
            ["cat", "dog"],
            "max-1",
            &["found `max`", "max stands for no output of its own"],
        ),
        (
            ["cat", "dog"],
            "label-cat",
            &["found `label`", "label stands for no output"],
        ),
        (["cat", "dog"], "cat-all", &["found `all`"]),
        (
            ["cat", "dog"],
            "-1",
            &["expected max, all, an index below 2"],
        ),
        (["cat", "dog"], "cat-", &["did you mean `cat`?"]),
        (["cat", "dog"], "", &["expected max, all"]),
        (
            ["cat", "dog"],
            "2",
            &["there is no such output; this network has 2"],
        ),
        // Two ways to read it.
        (["0-1", "1"], "0-1-1-0", &["expected"]),
    ] {
        let error = Target::parse(text, &two_outputs(names)).expect_err(text);
        assert!(matches!(error, Error::Target(_)), "{text}: {error}");
        for said in said {
            assert!(
                error.to_string().contains(said),
                "{text}: no `{said}` in {error}"
            );
        }
    }
}

#[test]
fn the_largest_output_is_settled_and_every_other_target_stays_what_it_is() {
    let outputs = [1.0, 4.0, 4.0, -2.0];
    assert_eq!(Target::Max.settled(&outputs), Target::Output(1));
    assert_eq!(Target::Max.settled(&[]), Target::Max);
    for target in [Target::All, Target::Output(3), CONTRAST] {
        assert_eq!(target.settled(&outputs), target);
    }
    let values = [Target::Max, Target::All, Target::Output(3), CONTRAST];
    assert_eq!(
        values.map(|target| target.value(&outputs)),
        [4.0, 7.0, -2.0, -3.0]
    );
}

#[test]
fn of_outputs_without_names_it_is_said_that_they_have_none() {
    let layer = Layer::dense(Array2::ones((2, 2)), Vec::new(), Activation::Identity);
    let network = Network::new(Input::flat(2), vec![layer.expect("a layer")]).expect("a network");
    let refused = Target::parse("cat-0", &network).expect_err("no names");
    assert!(
        refused
            .to_string()
            .ends_with("found `cat`\n  help: the outputs of this network have no names"),
        "{refused}"
    );
}

#[test]
fn a_contrast_that_can_be_read_in_two_ways_is_refused_with_both() {
    let layer = Layer::dense(Array2::ones((2, 4)), Vec::new(), Activation::Identity);
    let network = Network::new(Input::flat(2), vec![layer.expect("a layer")]).expect("a network");
    let names = ["a", "a-b", "b-c", "c"].map(str::to_owned).to_vec();
    let network = network.with_outputs(names).expect("other names");
    let error = Target::parse("a-b-c", &network).expect_err("two ways");
    let said = error.to_string();
    assert!(
        said.contains("output 0 less output 2, or output 1 less output 3"),
        "{said}"
    );
    assert!(said.contains("say 0-2 or 1-3"), "{said}");
    for text in ["0-2", "1-3"] {
        assert!(Target::parse(text, &network).is_ok(), "{text}");
    }
}

#[test]
fn a_list_is_divided_at_its_commas_but_not_inside_a_name() {
    for (names, text, expected) in [
        (["a", "b"], "a", &["a"][..]),
        (["a", "b"], "a,b", &["a", "b"]),
        (["a", "b"], " a , b ", &["a", "b"]),
        (["a,b", "b"], "a,b", &["a,b"]),
        (["a,b", "b"], "a,b,b", &["a,b", "b"]),
        (["a,b", "b"], "b,a,b", &["b", "a,b"]),
        (["a,b", "a,b,c"], "a,b,c", &["a,b,c"]),
        (["a,b", "a,b,c"], "a,b,d", &["a,b", "d"]),
        (["a,b", "b"], "a,bc", &["a", "bc"]),
        (["a, b", "b"], "max, a, b, label", &["max", "a, b", "label"]),
        (["a,b", "b"], "a,b-b", &["a", "b-b"]),
    ] {
        let network = two_outputs(names);
        let found = Target::split(text, &network).expect(text);
        assert_eq!(found, expected, "{text} of {names:?}");
    }
    for text in ["", ",", "a,", ",a", "a,,b", "a, ,b"] {
        let error = Target::split(text, &two_outputs(["a", "b"])).expect_err(text);
        assert!(
            error.to_string().contains("found nothing"),
            "{text}: {error}"
        );
    }
}

/// Whether several targets of the same samples give the bits of each alone, in every figure of the audit.
fn agree_with_each_alone(plan: &Plan, samples: ArrayView2<f64>, targets: &[Target]) {
    let mut together = Explainer::new(plan);
    let mut alone = Explainer::new(plan);
    let each = Array2::from_shape_fn((samples.nrows(), targets.len()), |(_, t)| targets[t]);
    let Ok(batch) = together.explain_several(samples, each.view()) else {
        assert!(
            targets
                .iter()
                .any(|target| alone.explain(samples, target).is_err())
        );
        return;
    };
    assert_eq!(batch.explanations(), samples.nrows() * targets.len());
    let mut order = Vec::new();
    for (t, target) in targets.iter().enumerate() {
        let single = alone
            .explain(samples, target)
            .expect("finite as it is together");
        for n in 0..samples.nrows() {
            let explanation = t * samples.nrows() + n;
            assert_eq!(batch.sample(explanation), n);
            order.push((n, t, explanation));
            let bits = |levels: Vec<Vec<f64>>| -> Vec<u64> {
                levels.into_iter().flatten().map(f64::to_bits).collect()
            };
            assert_eq!(
                bits(levels(&batch, explanation)),
                bits(levels(&single, n)),
                "{target}"
            );
            assert_eq!(batch.chosen()[explanation], single.chosen()[n]);
            assert_eq!(batch.tied(explanation), single.tied(n));
            let (mut audit, expected) = (batch.audits()[explanation].clone(), &single.audits()[n]);
            let causes = audit.lost.iter().map(|lost| batch.cause(lost));
            let expected_causes = expected.lost.iter().map(|lost| single.cause(lost));
            assert!(causes.eq(expected_causes));
            audit.lost.iter_mut().for_each(|lost| lost.sample = n);
            audit.absorbed.iter_mut().for_each(|part| part.sample = n);
            assert_eq!(&audit, expected, "{target}");
        }
    }
    order.sort_unstable();
    let order: Vec<usize> = order
        .into_iter()
        .map(|(_, _, explanation)| explanation)
        .collect();
    assert_eq!(batch.by_sample().collect::<Vec<_>>(), order);
}

/// The largest, the last, all, the first less the last, and back.
fn targets(network: &Network) -> Vec<Target> {
    let last = network.output_units() - 1;
    let contrast = |output, minus| Target::Contrast { output, minus };
    let contrasts = [contrast(0, last), contrast(last, 0)];
    let single = [Target::Max, Target::Output(last), Target::All];
    let contrasts = contrasts.into_iter().filter(|_| last > 0);
    single.into_iter().chain(contrasts).collect()
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn several_targets_of_a_chain_give_the_bits_of_each_alone(case in case(Kind::Any)) {
        let network = case.network();
        agree_with_each_alone(&case.plan(&network), case.rows().view(), &targets(&network));
    }

    #[test]
    fn a_contrast_is_what_one_output_gets_less_what_the_other_gets(case in case(Kind::Any)) {
        let network = case.network();
        let outputs = network.output_units();
        prop_assume!(outputs > 1);
        let mut explainer = Explainer::new(&case.plan(&network));
        let contrast = Target::Contrast { output: 0, minus: outputs - 1 };
        let samples = case.rows();
        let batch = explainer.explain(samples.view(), &contrast).expect("finite values");
        for (n, x) in case.samples.iter().enumerate() {
            let [a, b] = [0, outputs - 1].map(|k| crate::oracle::explain(&case.layers, &case.shares(), case.keep, x, Some(k)));
            for l in 0..batch.levels() {
                let size: f64 = [&a, &b].iter().flat_map(|found| &found.relevance[l]).map(|r| r.abs()).sum();
                for (i, r) in batch.relevance(l).row(n).iter().enumerate() {
                    let expected = a.relevance[l][i] - b.relevance[l][i];
                    prop_assert!((r - expected).abs() <= 1e-12 * size, "level {l}, unit {i}: {r} instead of {expected}");
                }
            }
        }
    }
}

#[test]
fn several_targets_of_graphs_give_the_bits_of_each_alone() {
    let mut explained = 0;
    for seed in 0..300 {
        let case = graph::random_case(seed);
        let network = case.graph.network();
        let Ok(plan) = case.plan(&network) else {
            continue;
        };
        let samples = crate::random::rows(&case.samples);
        agree_with_each_alone(&plan, samples.view(), &targets(&network));
        explained += 1;
    }
    assert!(explained > 100, "{explained} cases were explained");
}

#[test]
fn expansions_of_several_targets_are_those_of_each_alone() {
    let network = two_outputs(["a", "b"]);
    let plan = Plan::of(&network, Rule::ZPlus).expect("defined");
    let samples = array![[2.0, 1.0], [1.0, 0.5]];
    let mut together = Explainer::new(&plan).with_expansion();
    let mut alone = Explainer::new(&plan).with_expansion();
    let targets = targets(&network);
    let each = Array2::from_shape_fn((2, targets.len()), |(_, t)| targets[t]);
    let batch = together.explain_several(samples.view(), each.view());
    let batch = batch.expect("finite values");
    let found = batch.expansions().expect("asked for");
    for (found, target) in found.chunks(2).zip(&targets) {
        let single = alone.explain(samples.view(), target).expect("finite");
        assert_eq!(Some(found), single.expansions(), "{target}");
    }
}

#[test]
fn a_result_of_several_targets_is_read_back_and_shown() {
    let network = two_outputs(["cat", "dog"]);
    let plan = Plan::of(&network, Rule::ZPlus).expect("defined");
    let info = NetworkInfo::new(&network, &plan);
    let mut explainer = Explainer::new(&plan);
    let samples = array![[2.0, 1.0], [1.0, 0.5]];
    let targets = array![[Target::Max, CONTRAST], [Target::Max, CONTRAST]];
    let batch = explainer.explain_several(samples.view(), targets.view());
    let mut explanation = Explanation::new(&network, &plan);
    for sample in Sample::of_batch(&info, &plan, &batch.expect("finite values")) {
        explanation.push(sample);
    }
    let order = explanation.samples.iter().map(|sample| {
        let minus = sample.target.minus.as_ref().map(|minus| minus.index);
        (sample.sample, sample.target.index, minus)
    });
    let order: Vec<_> = order.collect();
    let expected = [(0, None), (0, Some(1)), (1, None), (1, Some(1))];
    assert_eq!(order, expected.map(|(n, minus)| (Some(n), Some(0), minus)));
    assert_eq!(explanation.summary.samples, 4);
    assert_eq!(explanation.summary.distinct_samples, Some(2));
    let mut json = Vec::new();
    render::json(&explanation, &mut json).expect("it can be written");
    let read = read("result.json", &json).expect("it can be read");
    assert_eq!(read, [AnyResult::Explanation(explanation.clone())]);
    let document = render::Document::new(&read);
    for text in [render::html(&document), render::markdown(&document)] {
        assert!(text.contains("cat − dog"));
    }
    // A contrast that is none is refused.
    let text = String::from_utf8(json).expect("UTF-8");
    let twice = text.replace(r#""minus":{"index":1"#, r#""minus":{"index":0"#);
    let beyond = text.replace(r#""minus":{"index":1"#, r#""minus":{"index":2"#);
    for changed in [twice, beyond] {
        assert_ne!(changed, text);
        let error = deeptaylor::result::read("result.json", changed.as_bytes()).expect_err("none");
        assert!(
            error.to_string().contains("two of them for a contrast"),
            "{error}"
        );
    }
}
