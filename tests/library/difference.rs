//! Differences of two explanations: by hand, their properties, which samples belong together, and back from JSON.

use approx::assert_relative_eq;
use deeptaylor::result::difference::{ExplainedInputs, ExplainedSample};
use deeptaylor::result::{AnyResult, Difference, Explained, Side, read};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::random::cases;
use crate::read_back::{assert_comes_back, assert_finite};

/// Explanations of samples whose values are their numbers, with this relevance and its sum as f(x).
fn explained(rule: &str, samples: &[&[f64]]) -> Explained {
    let units = samples[0].len();
    let each = samples.iter().enumerate();
    Explained {
        side: Side {
            source: "net.json".to_owned(),
            network: String::new(),
            rule: rule.to_owned(),
            step: None,
        },
        inputs: ExplainedInputs {
            units,
            shape: vec![units],
            order: deeptaylor::network::Order::default(),
            drawn_as: None,
            names: Vec::new(),
        },
        samples: each
            .map(|(n, relevance)| ExplainedSample {
                sample: Some(n),
                id: None,
                label: None,
                target: "output 0".to_owned(),
                value: relevance.iter().sum(),
                values: vec![n as f64; units],
                relevance: relevance.to_vec(),
            })
            .collect(),
    }
}

fn between(a: &Explained, b: &Explained) -> Difference {
    let difference = Difference::between(a.clone(), b.clone());
    difference.expect("of the same samples").interpreted()
}

/// Why two explanations cannot be compared.
fn refused(a: &Explained, b: &Explained) -> String {
    let refused = Difference::between(a.clone(), b.clone());
    refused.expect_err("of other samples").to_string()
}

fn with_ids(mut explained: Explained, ids: &[&str]) -> Explained {
    for (sample, id) in explained.samples.iter_mut().zip(ids) {
        sample.id = Some(serde_json::from_value((*id).into()).expect("an id"));
    }
    explained
}

#[test]
fn by_hand_w2_and_z_plus_of_weights_1_and_3() {
    // f(1, 1) = 1·1 + 3·1 = 4. w²: 1/10 and 9/10 of it; z⁺: 1/4 and 3/4.
    let (a, b) = (
        explained("w2", &[&[0.4, 3.6]]),
        explained("z+", &[&[1.0, 3.0]]),
    );
    let difference = between(&a, &b);
    let one = &difference.samples[0];
    assert_relative_eq!(one.difference[0], 3.0 / 5.0);
    assert_relative_eq!(one.difference[1], -3.0 / 5.0);
    assert_relative_eq!(one.sum, 0.0);
    assert_relative_eq!(one.largest, 3.0 / 5.0);
    // ½ (|1/4 − 1/10| + |3/4 − 9/10|)
    assert_relative_eq!(one.moved.expect("both carry relevance"), 3.0 / 20.0);
    // (2·5 + 18·15) / (√(2² + 18²) · √(5² + 15²))
    let cosine = 280.0 / (328.0_f64.sqrt() * 250.0_f64.sqrt());
    assert_relative_eq!(one.cosine.expect("both carry relevance"), cosine);
    assert_eq!(
        one.interpretation,
        [
            "f(x) is 4 in both, and the inputs carry all of it: what one of them gains, others lose.",
            "15 % of relevance lies elsewhere in B than in A; the cosine between the two is 0.98.",
            "Input 0 moved most: its relevance goes from 0.4 to 1.",
        ]
    );
}

#[test]
fn what_is_lost_on_one_side_is_missing_from_the_sum_and_said() {
    let (a, mut b) = (
        explained("w2", &[&[1.0, 3.0]]),
        explained("z+", &[&[2.0, -1.0]]),
    );
    b.samples[0].value = 5.0;
    let difference = between(&a, &b);
    let one = &difference.samples[0];
    assert_relative_eq!(one.sum, -3.0);
    assert_relative_eq!(
        one.sum,
        (one.b.value - one.a.value) - (one.b.withheld - one.a.withheld)
    );
    assert_relative_eq!(one.b.withheld, 4.0);
    assert_eq!(
        one.interpretation[0],
        "f(x) goes from 4 to 5; the inputs carry 4 of it in A and 1 in B, so that Σd = -3."
    );
    assert_eq!(
        one.interpretation.last().expect("a sentence"),
        "1 input goes from positive to negative relevance, or back."
    );
}

#[test]
fn a_difference_with_itself_is_0_and_the_other_way_round_it_has_the_other_sign() {
    let relevance = || prop::collection::vec(-8.0..8.0_f64, 5);
    let samples = || prop::collection::vec(relevance(), 3);
    let mut runner = TestRunner::new(cases(200));
    let property = |(a, b): (Vec<Vec<f64>>, Vec<Vec<f64>>)| {
        let of = |samples: &[Vec<f64>]| {
            explained("w2", &samples.iter().map(|r| &r[..]).collect::<Vec<_>>())
        };
        let (a, b) = (of(&a), of(&b));
        let same = between(&a, &a);
        prop_assert_eq!(same.summary.same, 3);
        for one in &same.samples {
            prop_assert!(one.difference.iter().all(|d| *d == 0.0));
            prop_assert_eq!(one.moved, Some(0.0));
        }
        let (there, back) = (between(&a, &b), between(&b, &a));
        for (there, back) in there.samples.iter().zip(&back.samples) {
            let turned: Vec<f64> = back.difference.iter().map(|d| -d).collect();
            prop_assert_eq!(&there.difference, &turned);
            prop_assert_eq!(there.cosine, back.cosine);
            prop_assert_eq!(there.moved, back.moved);
            prop_assert!(
                there
                    .moved
                    .is_some_and(|part| (0.0..=1.0 + 1e-12).contains(&part))
            );
        }
        Ok(())
    };
    runner
        .run(&(samples(), samples()), property)
        .expect("it holds");
}

#[test]
fn samples_with_ids_are_found_in_any_order_and_may_have_other_values() {
    let a = with_ids(
        explained("w2", &[&[1.0, 0.0], &[0.0, 2.0]]),
        &["cat", "dog"],
    );
    let mut b = with_ids(
        explained("z+", &[&[0.0, 3.0], &[1.0, 0.0]]),
        &["dog", "cat"],
    );
    b.samples[0].target = "output 1".to_owned();
    let difference = between(&a, &b);
    assert_eq!(difference.samples[0].difference, [0.0, 0.0]);
    assert_eq!(difference.samples[1].difference, [0.0, 1.0]);
    assert_relative_eq!(difference.samples[0].largest_value_difference, 1.0);
    assert_eq!(
        (difference.summary.same, difference.summary.other_targets),
        (1, 1)
    );
    assert_eq!(
        difference.samples[1].interpretation[..2],
        [
            "A explains output 0, B output 1: their relevance answers different questions.",
            "The sample has other values in B: an input differs by up to 1.",
        ]
    );
}

#[test]
fn what_is_not_of_the_same_samples_is_refused_with_the_sample_and_what_differs() {
    let one = explained("w2", &[&[1.0, 0.0]]);
    let two = explained("z+", &[&[1.0, 0.0], &[0.0, 1.0]]);
    for (a, b, said) in [
        (&one, &two, "sample 1: expected the sample in A, as in B"),
        (&two, &one, "sample 1: expected the sample in B, as in A"),
        (
            &with_ids(two.clone(), &["cat", "dog"]),
            &with_ids(two.clone(), &["cat", "cow"]),
            "sample `dog`: expected the sample in B",
        ),
        (
            &one,
            &explained("w2", &[&[1.0; 3]]),
            "B: expected 2 inputs, as in A, found 3",
        ),
    ] {
        let found = refused(a, b);
        assert!(found.contains(said), "{found}");
    }
    let changed = |change: fn(&mut Explained)| {
        let mut other = two.clone();
        change(&mut other);
        refused(&two, &other)
    };
    let values = changed(|other| other.samples[1].values[0] = 0.5);
    assert!(
        values.contains("sample 1: expected input 0 to be 1 in B, as in A, found 0.5"),
        "{values}"
    );
    let twice = changed(|other| other.samples[1].sample = Some(0));
    assert!(
        twice.contains("sample 1: expected the sample in B"),
        "{twice}"
    );
    let beyond = changed(|other| other.samples[0].relevance[0] = f64::INFINITY);
    assert!(
        beyond.contains("sample 0: expected relevance within f64"),
        "{beyond}"
    );
    let mut named = [two.clone(), two.clone()];
    for (side, name) in named.iter_mut().zip(["age", "height"]) {
        side.inputs.names = vec!["income".to_owned(), name.to_owned()];
    }
    let found = refused(&named[0], &named[1]);
    assert!(
        found.contains("B: expected input 1 to be `age`, as in A, found `height`"),
        "{found}"
    );
}

#[test]
fn a_difference_comes_back_from_its_json_and_no_figure_of_it_can_be_changed() {
    let a = explained("w2", &[&[1.0, 3.0, 0.0], &[0.0; 3]]);
    let b = explained("z+", &[&[2.0, -1.0, 0.5], &[1.0, 1.0, 1.0]]);
    let difference = between(&a, &b);
    for text in assert_comes_back(AnyResult::Difference(difference.clone())) {
        assert_finite(&text);
        assert!(text.contains("what moved most"), "{text}");
    }
    let json = serde_json::to_value(&difference).expect("JSON");
    for place in [
        "/inputs/units",
        "/samples/0/difference/1",
        "/samples/0/sum",
        "/samples/0/largest",
        "/samples/0/cosine",
        "/samples/0/moved",
        "/samples/0/turned",
        "/samples/0/largest_value_difference",
        "/samples/1/moved",
        "/samples/0/a/sum",
        "/samples/0/b/withheld",
        "/samples/0/b/relevance/0",
        "/summary/samples",
        "/summary/same",
        "/summary/cosine",
        "/summary/most_moved/value",
        "/summary/most_moved/sample",
    ] {
        let mut changed = json.clone();
        *changed.pointer_mut(place).expect("a figure") = 7.into();
        let found = read("changed", changed.to_string().as_bytes());
        assert!(found.is_err(), "{place}");
    }
}
