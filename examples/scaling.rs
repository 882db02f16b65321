//! How time and memory grow with the work: `cargo run --release --example scaling`.
//!
//! Each point is measured in a process of its own, so that its peak of memory is its own: samples explained in batches, width
//! and depth of a network, seeds of a comparison. It prints a table for each, the time without what is made once, the peak above
//! that of a process that does nothing, and the exponents b of `time ∝ n^b` and `peak ∝ n^b`, fitted to the upper points. Memory
//! is known on Linux only.

use std::env;
use std::error::Error;
use std::fs;
use std::process::Command;
use std::time::Instant;

use deeptaylor::compare::{Candidate, Experiment, draw_samples};
use deeptaylor::init::{Architecture, Scheme};
use deeptaylor::ndarray::Array2;
use deeptaylor::relevance::Policy;
use deeptaylor::{Explainer, Network, Plan, Rule, Target};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// What grows, and its points.
const AXES: [(&str, &[usize]); 4] = [
    ("samples", &[1_000, 10_000, 100_000, 1_000_000]),
    ("width", &[10, 100, 1_000, 10_000]),
    ("depth", &[1, 3, 10, 30, 100]),
    ("seeds", &[10, 100, 1_000, 10_000]),
];
/// Exponents are fitted to so many points, the largest.
const FITTED: usize = 2;
/// As many as the program explains at once.
const BATCH: usize = 256;
/// What takes less is done again, so that the clock can tell.
const LONG_ENOUGH: f64 = 0.2;

/// Seconds, and KiB.
type Point = [f64; 2];

fn main() -> Outcome<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match &arguments[..] {
        [axis, n] => {
            let seconds = measure(axis, n.parse()?)?;
            println!("{seconds} {}", peak().unwrap_or(0.0));
        }
        _ => {
            for (axis, points) in AXES {
                table(axis, points)?;
            }
        }
    }
    Ok(())
}

/// Measures the points of an axis, and prints them.
fn table(axis: &str, points: &[usize]) -> Outcome<()> {
    let [_, nothing] = in_a_process_of_its_own("nothing", 1)?;
    println!("{axis:>9}    seconds   MiB");
    let mut measured = Vec::new();
    for &n in points {
        let [seconds, peak] = in_a_process_of_its_own(axis, n)?;
        // A page at least, whose logarithm there is.
        let peak = (peak - nothing).max(4.0);
        println!("{n:>9} {seconds:>10.4} {:>5.0}", peak / 1024.0);
        measured.push((n, [seconds, peak]));
    }
    let upper = &measured[measured.len().saturating_sub(FITTED)..];
    let [time, memory] = [0, 1].map(|which| exponent(upper, which));
    println!(" exponent {time:>10.2} {memory:>5.2}\n");
    Ok(())
}

/// The slope of a line through the logarithms, by least squares.
fn exponent(points: &[(usize, Point)], which: usize) -> f64 {
    let logarithms = points
        .iter()
        .map(|(n, point)| [(*n as f64).ln(), point[which].ln()]);
    let logarithms: Vec<[f64; 2]> = logarithms.collect();
    let mean = |of: usize| {
        let sum: f64 = logarithms.iter().map(|both| both[of]).sum();
        sum / logarithms.len() as f64
    };
    let (x, y) = (mean(0), mean(1));
    let products = logarithms.iter().map(|both| (both[0] - x) * (both[1] - y));
    let squares = logarithms.iter().map(|both| (both[0] - x).powi(2));
    products.sum::<f64>() / squares.sum::<f64>()
}

/// Seconds and peak of one point.
fn in_a_process_of_its_own(axis: &str, n: usize) -> Outcome<Point> {
    let output = Command::new(env::current_exe()?)
        .args([axis, &n.to_string()])
        .output()?;
    let text = String::from_utf8(output.stdout)?;
    let mut numbers = text.split_whitespace().map(str::parse);
    match (numbers.next(), numbers.next()) {
        (Some(seconds), Some(peak)) => Ok([seconds?, peak?]),
        _ => Err(format!("{axis} {n}: {}", String::from_utf8_lossy(&output.stderr)).into()),
    }
}

/// KiB that this process held at the most.
fn peak() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

fn measure(axis: &str, n: usize) -> Outcome<f64> {
    match axis {
        "nothing" => Ok(0.0),
        "samples" => explained(&drawn("16,16,pool:4")?, n),
        "width" => explained(&drawn(&format!("{n},{n},10"))?, BATCH),
        "depth" => explained(&drawn(&format!("100{},10", ",100".repeat(n)))?, BATCH),
        "seeds" => compared(n),
        _ => Err(format!("expected one of samples, width, depth, seeds; found {axis}").into()),
    }
}

fn drawn(layers: &str) -> Outcome<Network> {
    let (layers, scheme): (Architecture, Scheme) = (layers.parse()?, "he-uniform".parse()?);
    Ok(layers.draw(scheme, None, 1)?)
}

/// Seconds to explain so many samples under z⁺, batch by batch.
fn explained(network: &Network, samples: usize) -> Outcome<f64> {
    let plan = Plan::of(network, Rule::ZPlus)?;
    let mut explainer = Explainer::new(&plan);
    let batch = samples.min(BATCH);
    let x = Array2::from_shape_fn((batch, network.input_units()), |(n, i)| {
        ((7 * n + 3 * i) % 11) as f64 / 10.0
    });
    seconds(|| {
        for _ in (0..samples).step_by(batch) {
            explainer.explain(x.view(), &Target::Max)?;
        }
        Ok(())
    })
}

/// Seconds to compare networks of so many seeds.
fn compared(seeds: usize) -> Outcome<f64> {
    let (architecture, scheme): (Architecture, Scheme) =
        ("16,16,pool".parse()?, "he-normal".parse()?);
    let experiment = Experiment {
        samples: draw_samples(architecture.input(), 16, 100, 1),
        architecture,
        candidates: vec![Candidate::Drawn { scheme, bias: None }],
        policies: vec![Policy::new(Rule::WSquared, Vec::new())],
        first_seed: 1,
        seeds,
        target: Target::Max,
        tolerance: 1e-9,
    };
    seconds(|| Ok(experiment.run(|| ()).map(|_| ())?))
}

/// The shortest of some runs: of one, where it is long enough for the clock.
fn seconds(mut run: impl FnMut() -> Outcome<()>) -> Outcome<f64> {
    let (begin, mut best) = (Instant::now(), f64::INFINITY);
    while best.is_infinite() || begin.elapsed().as_secs_f64() < LONG_ENOUGH {
        let start = Instant::now();
        run()?;
        best = best.min(start.elapsed().as_secs_f64());
    }
    Ok(best)
}
