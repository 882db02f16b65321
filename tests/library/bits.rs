//! The same bits on every processor, by hashes of what was drawn, trained, explained and compared.

use std::fmt::Write;

use deeptaylor::compare::{Candidate, Experiment, Statistic, draw_samples};
use deeptaylor::data::Data;
use deeptaylor::init::Architecture;
use deeptaylor::relevance::Policy;
use deeptaylor::train::{Biases, Optimiser, Recipe, Trainer, score};
use deeptaylor::{Bounds, Explainer, Input, Linear, Network, Plan, Preset, Rule, Target};
use sha2::{Digest, Sha256};

/// The first digits of the hash of some numbers.
fn hash<'v>(values: impl IntoIterator<Item = &'v f64>) -> String {
    let mut hash = Sha256::new();
    for value in values {
        hash.update(value.to_bits().to_le_bytes());
    }
    let mut digits = String::new();
    for byte in &hash.finalize()[..8] {
        write!(digits, "{byte:02x}").expect("text");
    }
    digits
}

fn draw(layers: &str, scheme: &str) -> Network {
    let architecture: Architecture = layers.parse().expect("layers");
    let bias = "normal:0,0.1".parse().expect("a bias");
    let scheme = scheme.parse().expect("a scheme");
    architecture.draw(scheme, Some(bias), 1).expect("finite")
}

fn parameters(network: &Network) -> Vec<f64> {
    let mut all = Vec::new();
    for layer in network.layers() {
        if let Linear::Dense(dense) = layer.linear() {
            all.extend(dense.weights().numbers().iter());
        }
        all.extend(layer.bias());
    }
    all
}

/// Sums over more than one block of 512, and a layer narrower than the processor's registers.
const LAYERS: &str = "1x28x28,600,30,pool:3";

#[test]
fn a_drawn_network_has_its_bits() {
    let found = ["he-normal", "orthogonal"].map(|scheme| hash(&parameters(&draw(LAYERS, scheme))));
    assert_eq!(found, ["a65c9ec3c0a0da9f", "a9d30b82e7c916a7"]);
}

#[test]
fn a_trained_network_has_its_bits() {
    let images = Data::built_in().train;
    let found = [Optimiser::Momentum, Optimiser::Adam].map(|optimiser| {
        let recipe = Recipe {
            optimiser,
            rate: 0.01,
            // More than one block of samples in the sums of a gradient.
            batch: 530,
            seed: 1,
            biases: Biases::Free,
        };
        let network = draw("1x28x28,20,10:linear", "he-normal");
        let mut trainer = Trainer::new(network, &images, recipe).expect("it fits");
        let mut numbers: Vec<f64> = (0..4).map(|_| trainer.step().expect("finite")).collect();
        let network = trainer.snapshot().expect("finite");
        numbers.extend(parameters(&network));
        numbers.push(score(&network, &images).expect("finite").loss);
        hash(&numbers)
    });
    assert_eq!(found, ["6e558e1592237775", "283e6ef10f813143"]);
}

#[test]
fn an_explanation_has_its_bits() {
    let input = Input {
        bounds: Some(Bounds::Same([0.0, 1.0])),
        ..Input::flat(784)
    };
    let layers = draw(LAYERS, "he-normal").layers().to_vec();
    let network = Network::new(input, layers).expect("a network");
    let samples = draw_samples(network.input(), 784, 20, 3);
    let plans = [
        (Rule::WSquared, Rule::WSquared),
        (Rule::Flat, Rule::Flat),
        (Rule::ZPlus, Rule::ZPlus),
        (Rule::ZBox, Rule::ZPlus),
        (Rule::WSquared, Rule::ZPlus),
    ];
    let found = plans.map(|(first, above)| {
        let plan = Plan::of(&network, above).and_then(|plan| plan.with(1, first));
        let plan = plan.expect("the rules are defined");
        let mut explainer = Explainer::new(&plan);
        let batch = explainer
            .explain(samples.view(), &Target::All)
            .expect("finite");
        let levels = (0..batch.levels()).flat_map(|l| [batch.activations(l), batch.relevance(l)]);
        let numbers: Vec<f64> = levels
            .flat_map(|level| level.iter().copied().collect::<Vec<_>>())
            .collect();
        hash(&numbers)
    });
    assert_eq!(
        found,
        [
            "9e4647a6f226017d",
            "d1e628d289305f95",
            "0dba66ef358a6362",
            "841afc243407a814",
            "98aa7f2cc30bd45b"
        ]
    );
}

#[test]
fn a_comparison_has_its_bits() {
    let architecture: Architecture = "1x6x6,60,9,pool".parse().expect("layers");
    let candidates = ["he-normal", "glorot-uniform", "orthogonal"].map(|scheme| Candidate::Drawn {
        scheme: scheme.parse().expect("a scheme"),
        bias: None,
    });
    let experiment = Experiment {
        samples: draw_samples(architecture.input(), 36, 50, 1),
        architecture,
        candidates: candidates.to_vec(),
        policies: vec![
            Policy::new(Preset::DeepTaylor, Vec::new()),
            Policy::new(Rule::WSquared, Vec::new()),
        ],
        first_seed: 1,
        seeds: 4,
        target: Target::Max,
        tolerance: 1e-9,
    };
    let entries = experiment.run(|| ()).expect("finite");
    let figures = entries
        .iter()
        .flat_map(|entry| Statistic::ALL.map(|figure| entry.spread(figure)));
    let numbers: Vec<f64> = figures
        .flatten()
        .flat_map(|spread| [spread.mean, spread.sd.unwrap_or(0.0)])
        .collect();
    assert_eq!(hash(&numbers), "0830460a884cc612");
}
