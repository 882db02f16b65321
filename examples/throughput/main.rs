//! How fast the explainer is, as ratios within one run: `cargo run --release --example throughput`.
//!
//! On 784-1296-1296-1296-10 with a batch of 1000, in f64, it measures in turn a plain 1000 × 1296 × 1296 product,
//! the forward pass, and the whole explanation (forward pass and audit included) for each rule; the best of
//! several rounds counts. It prints JSON: `product_gflops`, `forward_share` (the forward pass's rate as a share
//! of the product's), `explain_over_forward`, and `compare_over_forward`: what it takes to draw a network of
//! 784-300-100-10, explain it on 100 samples and measure the result, beside its forward pass alone.
//! `train_share`: the rate of the products in a training step of 784-300-100-10 at a batch of 50, as a share of the
//! product's, everything else in the step counted as time.
//!
//! `-- --targets` measures instead what further targets of the same samples take: `targets_over_forward`.
//! `-- --train` measures training alone: `train_epoch_seconds`, those of every epoch.
//! `-- --digits` measures where the time goes from a file of 10,000 digits to arrays, in seconds for each step.
//! `-- --vgg16` measures VGG-16 instead, with random weights: `vgg16`, which takes 1.1 GiB and a minute.
//! `-- --network FILE` measures that network each time that standard input asks: what `examples/beside_zennit.py` calls.

mod digits;
mod on_call;
mod targets;
mod vgg16;

use std::time::Instant;

use deeptaylor::compare::{Candidate, Experiment, draw_samples};
use deeptaylor::data::Data;
use deeptaylor::init::{Architecture, Scheme};
use deeptaylor::relevance::Policy;
use deeptaylor::train::{Biases, Optimiser, Recipe, Trainer};
use deeptaylor::{
    Activation, Bounds, Error, Explainer, Input, Layer, Levels, Linear, Network, Plan, Preset,
    Rule, Target,
};
use ndarray::Array2;

const UNITS: [usize; 5] = [784, 1296, 1296, 1296, 10];
const BATCH: usize = 1000;
const ROUNDS: usize = 15;
/// Training steps of an epoch of the digits that come along.
const EPOCH: usize = 100;

fn main() -> Result<(), Error> {
    let mut options = std::env::args();
    if options.any(|option| option == "--network") {
        return on_call::answer(&options.next().unwrap_or_default());
    }
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    if std::env::args().any(|argument| argument == "--vgg16") {
        println!(
            "{:#}",
            serde_json::json!({ "vgg16": vgg16::measure(&mut random)? })
        );
        return Ok(());
    }
    if std::env::args().any(|argument| argument == "--train") {
        let result = serde_json::json!({ "train_epoch_seconds": train_epoch_seconds()? });
        println!("{result:#}");
        return Ok(());
    }
    if std::env::args().any(|argument| argument == "--digits") {
        let result = serde_json::json!({ "digits": digits::measure()? });
        println!("{result:#}");
        return Ok(());
    }
    let network = network(&mut random)?;
    // Pixels: between 0 and 1, as the bounds say.
    let samples = Array2::from_shape_simple_fn((BATCH, UNITS[0]), || random.unit());

    if std::env::args().any(|argument| argument == "--targets") {
        let ratios = targets::measure(&network, samples.view())?;
        let result = serde_json::json!({ "targets_over_forward": ratios });
        println!("{result:#}");
        return Ok(());
    }
    let square = Layer::dense(random.weights(1296, 1296), Vec::new(), Activation::Identity)?;
    let rows = random.weights(BATCH, 1296);
    let mut product = Array2::zeros((BATCH, 1296));
    let mut activations = Levels::default();
    let plans = [
        ("w2", Plan::of(&network, Rule::WSquared)?),
        ("z+", Plan::of(&network, Rule::ZPlus)?),
        ("deep-taylor", Plan::of(&network, Preset::DeepTaylor)?),
    ];
    let mut explainers = Vec::new();
    for (name, plan) in &plans {
        explainers.push((*name, Explainer::new(plan), f64::INFINITY));
    }

    let (mut product_seconds, mut forward_seconds) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..ROUNDS {
        product_seconds = product_seconds.min(seconds(|| {
            square.linear().apply(rows.view(), product.view_mut());
            Ok(())
        })?);
        forward_seconds = forward_seconds.min(seconds(|| {
            network.forward(samples.view(), &mut activations)
        })?);
        for (_, explainer, best) in &mut explainers {
            *best = best.min(seconds(|| {
                explainer.explain(samples.view(), &Target::Max).map(|_| ())
            })?);
        }
    }

    let compare_over_forward = compare_over_forward()?;
    let epochs = train_epoch_seconds()?.into_iter();
    let train_steps = EPOCH as f64 / epochs.fold(f64::INFINITY, f64::min);
    // Forward and the weights' gradient on every layer, the adjoint on all but the first.
    let train_rate =
        train_steps * 2.0 * 50.0 * f64::from(2 * (784 * 300 + 300 * 100 + 1000) + 31_000);
    let product_rate = operations([1296, 1296].windows(2)) / product_seconds;
    let forward_rate = operations(UNITS.windows(2)) / forward_seconds;
    let ratios: serde_json::Map<String, serde_json::Value> = explainers
        .iter()
        .map(|(name, _, best)| ((*name).to_owned(), rounded(best / forward_seconds, 100.0)))
        .collect();
    let result = serde_json::json!({
        "product_gflops": rounded(product_rate / 1e9, 10.0),
        "forward_share": rounded(forward_rate / product_rate, 1000.0),
        "explain_over_forward": ratios,
        "compare_over_forward": compare_over_forward,
        "train_share": rounded(train_rate / product_rate, 1000.0),
        "train_steps_per_second": rounded(train_steps, 1.0),
        "forward_seconds": rounded(forward_seconds, 1e4),
        "threads": rayon::current_num_threads(),
    });
    println!("{result:#}");
    Ok(())
}

/// For each scheme, how many forward passes on the same samples a compared network takes.
fn compare_over_forward() -> Result<serde_json::Map<String, serde_json::Value>, Error> {
    const SEEDS: usize = 40;
    let architecture: Architecture = "784,300,100,10".parse().map_err(Error::Comparison)?;
    let samples = draw_samples(architecture.input(), 784, 100, 1);
    let mut ratios = serde_json::Map::new();
    for name in ["he-uniform", "he-normal", "orthogonal"] {
        let scheme: Scheme = name.parse().map_err(Error::Comparison)?;
        let network = architecture.draw(scheme, None, 1)?;
        let mut activations = Levels::default();
        let experiment = Experiment {
            architecture: architecture.clone(),
            candidates: vec![Candidate::Drawn { scheme, bias: None }],
            policies: vec![Policy::new(Rule::WSquared, Vec::new())],
            first_seed: 1,
            seeds: SEEDS,
            samples: samples.clone(),
            target: Target::Max,
            tolerance: 1e-9,
        };
        let (mut forward, mut compare) = (f64::INFINITY, f64::INFINITY);
        for _ in 0..3 {
            forward = forward.min(seconds(|| {
                (0..SEEDS).try_for_each(|_| network.forward(samples.view(), &mut activations))
            })?);
            compare = compare.min(seconds(|| experiment.run(|| ()).map(|_| ()))?);
        }
        ratios.insert(name.to_owned(), rounded(compare / forward, 10.0));
    }
    Ok(ratios)
}

/// Seconds of each of several epochs of 5,000 digits, 784-300-100-10 at a batch of 50.
fn train_epoch_seconds() -> Result<Vec<f64>, Error> {
    let data = Data::built_in();
    let architecture: Architecture = "784,300,100,10:linear".parse().map_err(Error::Training)?;
    let scheme: Scheme = "he-normal".parse().map_err(Error::Training)?;
    let recipe = Recipe {
        optimiser: Optimiser::Momentum,
        rate: 0.01,
        batch: 50,
        seed: 1,
        biases: Biases::Free,
    };
    let mut trainer = Trainer::new(architecture.draw(scheme, None, 1)?, &data.train, recipe)?;
    let epoch = |_| seconds(|| (0..EPOCH).try_for_each(|_| trainer.step().map(|_| ())));
    (0..20).map(epoch).collect()
}

/// Multiplications and additions of the products between these levels.
fn operations<'a>(steps: impl Iterator<Item = &'a [usize]>) -> f64 {
    steps
        .map(|step| 2.0 * (BATCH * step[0] * step[1]) as f64)
        .sum()
}

fn seconds(run: impl FnOnce() -> Result<(), Error>) -> Result<f64, Error> {
    let start = Instant::now();
    run()?;
    Ok(start.elapsed().as_secs_f64())
}

/// The most memory that the process held, in MiB, where the system says so.
fn peak_mib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib.div_ceil(1024))
}

fn rounded(x: f64, to: f64) -> serde_json::Value {
    serde_json::json!((x * to).round() / to)
}

fn network(random: &mut Random) -> Result<Network, Error> {
    let mut layers = Vec::new();
    for (l, step) in UNITS.windows(2).enumerate() {
        let bias = (0..step[1]).map(|_| -0.1 * random.unit()).collect();
        let activation = if l + 2 == UNITS.len() {
            Activation::Identity
        } else {
            Activation::Relu
        };
        layers.push(Layer::dense(
            random.weights(step[0], step[1]),
            bias,
            activation,
        )?);
    }
    debug_assert!(
        layers
            .iter()
            .all(|layer| matches!(layer.linear(), Linear::Dense(_)))
    );
    let input = Input {
        bounds: Some(Bounds::Same([0.0, 1.0])),
        ..Input::flat(UNITS[0])
    };
    Ok(Network::new(input, layers)?)
}

/// Xorshift: enough to fill matrices with.
struct Random(u64);

impl Random {
    /// A number in [0, 1).
    fn unit(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Weights as He's uniform initialisation draws them.
    fn weights(&mut self, inputs: usize, units: usize) -> Array2<f64> {
        let bound = (6.0 / inputs as f64).sqrt();
        Array2::from_shape_simple_fn((inputs, units), || bound * (2.0 * self.unit() - 1.0))
    }
}
