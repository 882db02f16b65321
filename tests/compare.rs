//! Schemes beside one another: the same result for any number of threads, figures worked out a second time, and
//! shares that no factor changes.
#![allow(clippy::too_many_lines, reason = "tables are as long as they are")]

mod oracle;
mod program;
mod random;

use approx::assert_relative_eq;
use deeptaylor::compare::{Candidate, Experiment, Figure, draw_samples};
use deeptaylor::init::{Architecture, Scheme};
use deeptaylor::relevance::Policy;
use deeptaylor::{Activation, Explainer, Layer, Linear, Network, Plan, Rule, Target};
use ndarray::Array2;
use program::{entry, json, number, printed, program, reading, run};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

#[test]
fn two_runs_and_any_number_of_threads_give_the_same_bytes() {
    for arguments in [
        vec![
            "compare",
            "--layers",
            "10,12,pool:3,5",
            "--schemes",
            "he-normal,orthogonal,sparse:0.5",
            "--seeds",
            "13",
            "--samples",
            "300",
        ],
        vec![
            "compare",
            "--rule",
            "w2,z+",
            "--bias",
            "0",
            "--bias",
            "uniform:-0.5,0",
        ],
        vec![
            "compare",
            "networks/two-stage.json",
            "--with",
            "networks/two-stage.json",
            "--rule",
            "deep-taylor",
        ],
    ] {
        let with = |threads: &[&str]| {
            run(&[&arguments[..], &["--format", "json"], threads].concat()).stdout
        };
        let once = with(&["--threads", "1"]);
        assert!(!once.is_empty());
        assert!(once == with(&["--threads", "2"]), "{arguments:?}: two");
        assert!(once == with(&["--threads", "5"]), "{arguments:?}: five");
        assert!(once == with(&[]), "{arguments:?}: again");
    }
    let mut by_environment = program(&["compare", "--format", "json"]);
    let by_environment = by_environment
        .env("RAYON_NUM_THREADS", "1")
        .output()
        .expect("it runs");
    assert!(by_environment.stdout == run(&["compare", "--format", "json"]).stdout);
}

#[test]
fn a_seed_of_compare_is_the_network_that_init_writes() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("drawn.json");
    let file = file.to_str().expect("a path");
    printed(&[
        "init",
        "--layers",
        "3,5,pool",
        "--scheme",
        "he-uniform",
        "--seed",
        "42",
        "-o",
        file,
    ]);
    let result = json(&[
        "compare",
        "--schemes",
        "he-uniform",
        "--seeds",
        "1",
        "--seed",
        "42",
        "--with",
        file,
    ]);
    let (drawn, own) = (
        entry(&result, "he-uniform"),
        entry(&result, "he-uniform-42"),
    );
    for figure in [
        "output",
        "largest_share",
        "effective_inputs",
        "gini",
        "silent_units",
        "kurtosis",
    ] {
        assert_eq!(drawn[figure], own[figure], "{figure}");
    }
    assert_eq!(drawn["spread"], own["spread"]);
}

/// Every figure once more, from explanations of single samples, as its definition reads.
#[test]
fn the_figures_are_those_of_explaining_every_network_and_sample_on_its_own() {
    let architecture: Architecture = "5,7,pool:7,4".parse().expect("layers");
    let architecture = Architecture::of(
        &architecture
            .draw("zeros".parse().expect("a scheme"), None, 0)
            .expect("a network"),
    );
    let samples = draw_samples(architecture.input(), 5, 6, 9);
    let scheme: Scheme = "sparse:0.5".parse().expect("a scheme");
    let bias = Some("uniform:-0.5,0.3".parse().expect("a bias"));
    let experiment = Experiment {
        architecture: architecture.clone(),
        candidates: vec![Candidate::Drawn { scheme, bias }],
        policies: vec![Policy::new(Some(Rule::ZPlus), Vec::new())],
        first_seed: 3,
        seeds: 8,
        samples: samples.clone(),
        target: Target::Max,
        tolerance: 1e-9,
    };
    let entry = &experiment.run(|| ()).expect("it can be with_relevance")[0];

    let mut means: Vec<[f64; 8]> = Vec::new();
    let mut directions: Vec<Vec<Option<Vec<f64>>>> = vec![Vec::new(); 6];
    let (mut conserved, mut with_relevance, mut worst_gap) = (0, 0, 0.0_f64);
    for seed in 3..11 {
        let network = architecture.draw(scheme, bias, seed).expect("a network");
        let plan = Plan::of(&network, Rule::ZPlus).expect("z+ is defined anywhere");
        let mut explainer = Explainer::new(&network, &plan).expect("a plan for this network");
        let (mut f, mut size, mut lost, mut silent) = (0.0, 0.0, 0.0, 0.0);
        let mut fired = [[false; 7]; 3];
        let mut inputs: Vec<[f64; 4]> = Vec::new();
        for (n, sample) in samples.rows().into_iter().enumerate() {
            let batch = explainer
                .explain(sample.insert_axis(ndarray::Axis(0)), &Target::Max)
                .expect("finite");
            let audit = &batch.audits()[0];
            conserved += usize::from(audit.checks.conservation.holds);
            worst_gap = worst_gap.max(audit.checks.conservation.worst_gap);
            let value = batch.chosen()[0].value;
            with_relevance += usize::from(value != 0.0);
            f += value;
            size += value.abs();
            lost += audit.lost.iter().map(|unit| unit.relevance).sum::<f64>();
            silent += audit
                .silent
                .iter()
                .map(|level| level.relevance)
                .fold(0.0, f64::max);
            for (level, fired) in [1, 3].into_iter().zip(&mut fired) {
                for (fired, x) in fired.iter_mut().zip(batch.activations(level).row(0)) {
                    *fired |= *x > 0.0;
                }
            }
            let relevance = batch.relevance(0).row(0).to_vec();
            let whole: f64 = relevance.iter().sum();
            if whole == 0.0 {
                directions[n].push(None);
                continue;
            }
            let shares: Vec<f64> = relevance.iter().map(|r| r / whole).collect();
            let entropy: f64 = shares
                .iter()
                .filter(|p| **p > 0.0)
                .map(|p| -p * p.ln())
                .sum();
            let apart: f64 = shares
                .iter()
                .flat_map(|p| shares.iter().map(move |q| (p - q).abs()))
                .sum();
            let length = |v: &[f64]| v.iter().map(|v| v * v).sum::<f64>().sqrt();
            let product: f64 = relevance.iter().zip(sample).map(|(r, x)| r * x.abs()).sum();
            let cosine = product / length(&relevance) / length(&sample.to_vec());
            // Gini as half the mean difference of two shares beside their mean.
            inputs.push([
                shares.iter().copied().fold(0.0, f64::max),
                entropy.exp(),
                apart / (2.0 * 5.0),
                cosine,
            ]);
            directions[n].push(Some(
                relevance.iter().map(|r| r / length(&relevance)).collect(),
            ));
        }
        let of =
            |figure: usize| inputs.iter().map(|of| of[figure]).sum::<f64>() / inputs.len() as f64;
        let silent_units = 11
            - fired[0]
                .iter()
                .chain(&fired[1])
                .filter(|fired| **fired)
                .count();
        means.push([
            f / 6.0,
            lost / size,
            silent_units as f64 / 11.0,
            silent / size,
            of(0),
            of(1),
            of(2),
            of(3),
        ]);
    }
    assert_eq!(
        (entry.runs, entry.conserved, entry.explained),
        (48, conserved, with_relevance)
    );
    assert!(
        conserved < 48,
        "something is lost, so that there is something to count"
    );
    assert_relative_eq!(
        entry.checks.conservation.worst_gap,
        worst_gap,
        max_relative = 1e-12
    );
    for (figure, place) in [
        (Figure::Output, 0),
        (Figure::LostShare, 1),
        (Figure::SilentUnits, 2),
        (Figure::SilentRelevance, 3),
        (Figure::LargestShare, 4),
        (Figure::EffectiveInputs, 5),
        (Figure::Gini, 6),
        (Figure::ValueAgreement, 7),
    ] {
        let values: Vec<f64> = means.iter().map(|figures| figures[place]).collect();
        let mean = values.iter().sum::<f64>() / 8.0;
        let sd = (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / 7.0).sqrt();
        let spread = entry.spread(figure).expect("it is defined");
        assert_relative_eq!(spread.mean, mean, max_relative = 1e-12, epsilon = 1e-15);
        assert_relative_eq!(
            spread.sd.expect("eight seeds"),
            sd,
            max_relative = 1e-11,
            epsilon = 1e-15
        );
        assert_relative_eq!(
            spread.quartiles[4],
            values.iter().copied().fold(f64::MIN, f64::max),
            max_relative = 1e-12
        );
    }
    let mut by_sample = Vec::new();
    for seeds in &directions {
        let known: Vec<&Vec<f64>> = seeds.iter().flatten().collect();
        let mut cosines = Vec::new();
        for (s, a) in known.iter().enumerate() {
            for b in &known[..s] {
                cosines.push(a.iter().zip(*b).map(|(a, b)| a * b).sum::<f64>());
            }
        }
        by_sample.push(cosines.iter().sum::<f64>() / cosines.len() as f64);
    }
    let agreement = by_sample.iter().sum::<f64>() / 6.0;
    assert_relative_eq!(
        entry.seed_agreement.expect("eight seeds"),
        agreement,
        max_relative = 1e-12
    );
}

#[test]
fn schemes_that_differ_by_a_factor_differ_in_f_and_in_no_share() {
    for rule in ["w2", "flat", "z+"] {
        let result = json(&[
            "compare",
            "--layers",
            "6,9,pool:3,4",
            "--rule",
            rule,
            "--seeds",
            "20",
            "--samples",
            "15",
        ]);
        for (family, f_ratio) in [
            // Two layers with weights: the factors multiply. Glorot's is √(2/15)·√(2/7), He's √(2/6)·√(2/3).
            (
                ["glorot-normal", "he-normal"],
                (15.0_f64 * 7.0 / 18.0).sqrt(),
            ),
            (
                ["glorot-uniform", "he-uniform"],
                (15.0_f64 * 7.0 / 18.0).sqrt(),
            ),
            (["lecun-normal", "he-normal"], 2.0),
            (["pytorch", "he-uniform"], 6.0),
        ] {
            let [a, b] = family.map(|scheme| entry(&result, scheme));
            // PyTorch has biases of its own, and only flat looks neither at them nor at weights.
            if family[0] == "pytorch" {
                continue;
            }
            for figure in [
                "largest_share",
                "effective_inputs",
                "gini",
                "seed_agreement",
                "value_agreement",
            ] {
                assert_relative_eq!(
                    number(&a[figure]),
                    number(&b[figure]),
                    max_relative = 1e-12,
                    epsilon = 1e-12
                );
            }
            let ratio = number(&b["output"]["mean"]) / number(&a["output"]["mean"]);
            assert_relative_eq!(ratio, f_ratio, max_relative = 1e-12);
        }
        if rule == "w2" {
            let said = reading(&result);
            assert!(
                said.contains(
                    "normal, lecun-normal, glorot-normal and he-normal give the same shares"
                ),
                "{said}"
            );
            assert!(
                said.contains("lecun-uniform, glorot-uniform and he-uniform give the same shares"),
                "{said}"
            );
        }
    }
}

/// The network with the weights and biases of each layer multiplied by its factor.
fn scaled(network: &Network, factors: &[f64]) -> Network {
    let layers = network
        .layers()
        .iter()
        .zip(factors)
        .map(|(layer, factor)| match layer.linear() {
            Linear::Dense(dense) => {
                Layer::dense(&dense.weights() * *factor, Vec::new(), layer.activation())
            }
            Linear::SumPool(pool) => Layer::sum_pool(layer.linear().inputs(), pool.size()),
        });
    let layers: Result<Vec<Layer>, _> = layers.collect();
    Network::new(network.input().clone(), layers.expect("finite")).expect("the same shape")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, rng_seed: RngSeed::Fixed(1512), ..ProptestConfig::default() })]

    #[test]
    fn no_share_under_w2_changes_when_a_layer_is_scaled(
        case in random::case(random::Kind::Theory),
        factors in proptest::collection::vec(0.01..100.0_f64, 8),
    ) {
        let network = scaled(&case.network(), &[1.0; 8]);
        let larger = scaled(&network, &factors);
        let whole: f64 = network
            .layers()
            .iter()
            .zip(&factors)
            .filter(|(layer, _)| !layer.is_pool())
            .map(|(_, factor)| factor)
            .product();
        let samples = case.rows();
        let explain = |network: &Network| {
            let plan = Plan::of(network, Rule::WSquared).expect("w2 is defined anywhere");
            let mut explainer = Explainer::new(network, &plan).expect("a plan for this network");
            let batch = explainer.explain(samples.view(), &Target::Output(0)).expect("finite");
            let f: Vec<f64> = batch.chosen().iter().map(|chosen| chosen.value).collect();
            (f, (0..batch.levels()).map(|l| batch.relevance(l).to_owned()).collect::<Vec<Array2<f64>>>())
        };
        let ((f, levels), (f_larger, levels_larger)) = (explain(&network), explain(&larger));
        for n in 0..samples.nrows() {
            assert_relative_eq!(f_larger[n], f[n] * whole, max_relative = 1e-10);
            for (level, level_larger) in levels.iter().zip(&levels_larger) {
                for (r, r_larger) in level.row(n).iter().zip(level_larger.row(n)) {
                    assert_relative_eq!(r_larger / whole, *r, max_relative = 1e-10, epsilon = 1e-12 * f[n].abs());
                }
            }
        }
        prop_assert!(network.layers().iter().all(|layer| layer.activation() == Activation::Relu || layer.is_pool()));
    }
}

#[test]
fn drawn_samples_keep_to_their_bounds_and_have_the_moments_of_their_distribution() {
    let bounded: Architecture = "4,1".parse().expect("layers");
    let normal = draw_samples(bounded.input(), 4, 20_000, 1);
    let (mean, variance) = (normal.mean().expect("values"), normal.var(0.0));
    assert!(
        mean.abs() < 0.02 && (variance - 1.0).abs() < 0.03,
        "{mean}, {variance}"
    );
    let bounded = bounded.bounded(deeptaylor::Bounds::Same([-1.0, 3.0]));
    let uniform = draw_samples(bounded.input(), 4, 20_000, 1);
    assert!(uniform.iter().all(|x| (-1.0..=3.0).contains(x)));
    let (mean, variance) = (uniform.mean().expect("values"), uniform.var(0.0));
    assert!(
        (mean - 1.0).abs() < 0.03 && (variance - 16.0 / 12.0).abs() < 0.03,
        "{mean}, {variance}"
    );
}
