//! Schemes beside one another: figures worked out a second time, and shares that no factor changes.
#![allow(clippy::too_many_lines, reason = "tables are as long as they are")]

use approx::assert_relative_eq;
use deeptaylor::compare::{Candidate, Experiment, Statistic, draw_samples};
use deeptaylor::init::{Architecture, Scheme};
use deeptaylor::relevance::Policy;
use deeptaylor::{Activation, Batch, Explainer, Layer, Linear, Network, Plan, Rule, Target};
use ndarray::Array2;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// What one network gives, sample by sample, as the definitions read.
#[derive(Default)]
struct Measured {
    conserved: usize,
    explained: usize,
    worst_gap: f64,
    f: f64,
    size: f64,
    lost: f64,
    silent: f64,
    fired: Vec<Vec<bool>>,
    /// Largest share, effective inputs, Gini and cosine with |x| of the samples with relevance.
    inputs: Vec<[f64; 4]>,
    directions: Vec<Option<Vec<f64>>>,
}

fn length(v: &[f64]) -> f64 {
    v.iter().map(|v| v * v).sum::<f64>().sqrt()
}

impl Measured {
    fn of(network: &Network, rule: Rule, samples: &Array2<f64>) -> Self {
        let plan = Plan::of(network, rule).expect("it is defined anywhere");
        let mut explainer = Explainer::new(&plan);
        let mut measured = Self::default();
        for layer in network.layers().iter().filter(|layer| layer.has_weights()) {
            let units = layer.linear().outputs();
            measured.fired.push(vec![false; units]);
        }
        for sample in samples.rows() {
            let batch = explainer
                .explain(sample.insert_axis(ndarray::Axis(0)), &Target::Max)
                .expect("finite");
            measured.add(network, &batch);
        }
        measured
    }

    fn add(&mut self, network: &Network, batch: &Batch) {
        let (audit, value) = (&batch.audits()[0], batch.chosen()[0].value);
        self.conserved += usize::from(audit.checks.conservation.holds);
        self.worst_gap = self.worst_gap.max(audit.checks.conservation.worst_gap);
        self.explained += usize::from(value != 0.0);
        self.f += value;
        self.size += value.abs();
        self.lost += audit.lost.iter().map(|unit| unit.relevance).sum::<f64>();
        let levels = audit.silent.iter().map(|level| level.relevance);
        self.silent += levels.fold(0.0, f64::max);
        let dense = (1..)
            .zip(network.layers())
            .filter(|(_, layer)| layer.has_weights());
        for ((level, _), fired) in dense.zip(&mut self.fired) {
            for (fired, x) in fired.iter_mut().zip(batch.activations(level).row(0)) {
                *fired |= *x > 0.0;
            }
        }
        let (x, r) = (
            batch.activations(0).row(0).to_vec(),
            batch.relevance(0).row(0).to_vec(),
        );
        let whole: f64 = r.iter().sum();
        if whole == 0.0 {
            return self.directions.push(None);
        }
        let shares: Vec<f64> = r.iter().map(|r| r / whole).collect();
        let entropy = shares.iter().filter(|p| **p > 0.0).map(|p| -p * p.ln());
        // Gini as half the mean difference of two shares beside their mean, 1/n.
        let apart = shares
            .iter()
            .flat_map(|p| shares.iter().map(move |q| (p - q).abs()));
        let product: f64 = r.iter().zip(&x).map(|(r, x)| r * x.abs()).sum();
        self.inputs.push([
            shares.iter().copied().fold(0.0, f64::max),
            entropy.sum::<f64>().exp(),
            apart.sum::<f64>() / (2.0 * x.len() as f64),
            product / length(&r) / length(&x),
        ]);
        self.directions
            .push(Some(r.iter().map(|of| of / length(&r)).collect()));
    }

    /// In the order of [`FIGURES`].
    fn figures(&self) -> [f64; 8] {
        let samples = self.directions.len() as f64;
        let of = |figure: usize| {
            self.inputs.iter().map(|of| of[figure]).sum::<f64>() / self.inputs.len() as f64
        };
        let units = self.fired.iter().flatten().count() as f64;
        let silent = self.fired.iter().flatten().filter(|fired| !**fired).count() as f64;
        [
            self.f / samples,
            self.lost / self.size,
            silent / units,
            self.silent / self.size,
            of(0),
            of(1),
            of(2),
            of(3),
        ]
    }
}

const FIGURES: [Statistic; 8] = [
    Statistic::Output,
    Statistic::LostShare,
    Statistic::SilentUnits,
    Statistic::SilentRelevance,
    Statistic::LargestShare,
    Statistic::EffectiveInputs,
    Statistic::Gini,
    Statistic::ValueAgreement,
];

/// The mean over samples of the mean cosine of all pairs of seeds.
fn seed_agreement(measured: &[Measured], samples: usize) -> f64 {
    let of_sample = |n: usize| {
        let known: Vec<_> = measured
            .iter()
            .filter_map(|m| m.directions[n].as_ref())
            .collect();
        let mut cosines = Vec::new();
        for (s, a) in known.iter().enumerate() {
            for b in &known[..s] {
                cosines.push(a.iter().zip(*b).map(|(a, b)| a * b).sum::<f64>());
            }
        }
        cosines.iter().sum::<f64>() / cosines.len() as f64
    };
    (0..samples).map(of_sample).sum::<f64>() / samples as f64
}

#[test]
fn the_figures_are_those_of_explaining_every_network_and_sample_on_its_own() {
    const SEEDS: usize = 8;
    const SAMPLES: usize = 6;
    let architecture: Architecture = "5,8,pool:2,6,3".parse().expect("layers");
    let samples = draw_samples(architecture.input(), 5, SAMPLES, 9);
    let scheme: Scheme = "sparse:0.5".parse().expect("a scheme");
    let bias = Some("uniform:-0.5,0.3".parse().expect("a bias"));
    for (rule, lost, silent) in [(Rule::ZPlus, true, false), (Rule::WSquared, false, true)] {
        let experiment = Experiment {
            architecture: architecture.clone(),
            candidates: vec![Candidate::Drawn { scheme, bias }],
            policies: vec![Policy::new(rule, Vec::new())],
            first_seed: 3,
            seeds: SEEDS,
            samples: samples.clone(),
            target: Target::Max,
            tolerance: 1e-9,
        };
        let entry = &experiment.run(|| ()).expect("it can be explained")[0];
        let measured: Vec<Measured> = (3..3 + SEEDS as u64)
            .map(|seed| {
                let network = architecture.draw(scheme, bias, seed).expect("a network");
                Measured::of(&network, rule, &samples)
            })
            .collect();
        let sum = |of: fn(&Measured) -> usize| measured.iter().map(of).sum::<usize>();
        assert_eq!(entry.runs, SEEDS * SAMPLES);
        assert_eq!(entry.checked.conserved, sum(|m| m.conserved));
        assert_eq!(entry.explained, sum(|m| m.explained));
        let worst_gap = measured.iter().map(|m| m.worst_gap).fold(0.0, f64::max);
        assert_relative_eq!(
            entry.checked.together().conservation.worst_gap,
            worst_gap,
            epsilon = 1e-14
        );
        let all: Vec<[f64; 8]> = measured.iter().map(Measured::figures).collect();
        // Something is there to be counted.
        assert_eq!(
            (
                all.iter().any(|f| f[1] > 0.0),
                all.iter().any(|f| f[3] > 0.0)
            ),
            (lost, silent)
        );
        for (place, figure) in FIGURES.into_iter().enumerate() {
            // 0/0: a network without relevance does not have the figure, and counts for none of it.
            let figures = all.iter().map(|figures| figures[place]);
            let values: Vec<f64> = figures.filter(|figure| !figure.is_nan()).collect();
            let seeds = values.len() as f64;
            let mean = values.iter().sum::<f64>() / seeds;
            let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
            let sd = (squares / (seeds - 1.0)).sqrt();
            let largest = values.iter().copied().fold(f64::MIN, f64::max);
            let spread = entry.spread(figure).expect("it is defined");
            for (found, expected) in [
                (spread.mean, mean),
                (spread.sd.expect("several seeds"), sd),
                (spread.quartiles[4], largest),
            ] {
                assert_relative_eq!(found, expected, max_relative = 1e-11, epsilon = 1e-15);
            }
        }
        let agreement = seed_agreement(&measured, SAMPLES);
        let found = entry.seed_agreement.expect("several seeds");
        assert_relative_eq!(found, agreement, max_relative = 1e-12);
    }
}

/// The network with the weights and biases of each layer multiplied by its factor.
fn scaled(network: &Network, factors: &[f64]) -> Network {
    let layers = network
        .layers()
        .iter()
        .zip(factors)
        .map(|(layer, factor)| match layer.linear() {
            Linear::Dense(dense) => Layer::dense(
                dense.weights().to_f64() * *factor,
                Vec::new(),
                layer.activation(),
            ),
            Linear::SumPool(pool) => Layer::sum_pool(layer.linear().inputs(), pool.size()),
            _ => unreachable!("a chain of dense layers and pools"),
        });
    let layers: Result<Vec<Layer>, _> = layers.collect();
    Network::new(network.input().clone(), layers.expect("finite")).expect("the same shape")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, rng_seed: RngSeed::Fixed(1512), ..ProptestConfig::default() })]

    #[test]
    fn no_share_under_w2_changes_when_a_layer_is_scaled(
        case in crate::random::case(crate::random::Kind::Theory),
        factors in proptest::collection::vec(0.01..100.0_f64, 8),
    ) {
        let network = scaled(&case.network(), &[1.0; 8]);
        let larger = scaled(&network, &factors);
        let whole: f64 = network
            .layers()
            .iter()
            .zip(&factors)
            .filter(|(layer, _)| layer.has_weights())
            .map(|(_, factor)| factor)
            .product();
        let samples = case.rows();
        let explain = |network: &Network| {
            let plan = Plan::of(network, Rule::WSquared).expect("w2 is defined anywhere");
            let mut explainer = Explainer::new(&plan);
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
        prop_assert!(network.layers().iter().all(|layer| layer.activation() == Activation::Relu || !layer.has_weights()));
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
