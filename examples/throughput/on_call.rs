//! A network of a file, explained as often as standard input asks: for a program that measures another one in turn with it.

use std::io::BufRead;

use deeptaylor::{Error, Explainer, Levels, Network, Plan, Preset, Target};
use ndarray::Array2;

use super::{peak_mib, seconds};

/// Explains the first sample of a network file by deep Taylor, every level kept: a line of standard input is asked for with each.
///
/// A number is how many copies of the sample are explained at once; the answer is a line of JSON with the seconds of a forward
/// pass, those of the explanation, which has a forward pass of its own, and the most memory that the process held. `relevance` is answered by
/// the value of the output that was explained last and the relevance of the first sample's input.
///
/// # Errors
///
/// [`Error`] as with [`Network::read`] and [`Explainer::explain`].
pub fn answer(file: &str) -> Result<(), Error> {
    let network = Network::read(file)?;
    let sample = network.samples().row(0);
    let plan = Plan::of(&network, Preset::DeepTaylor)?;
    let mut explainer = Explainer::new(&plan);
    let mut activations = Levels::default();
    let (mut value, mut relevance) = (0.0, Vec::new());
    println!("ready");
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let Ok(copies) = line.trim().parse() else {
            println!(
                "{}",
                serde_json::json!({ "value": value, "relevance": relevance })
            );
            continue;
        };
        let samples = Array2::from_shape_fn((copies, sample.len()), |(_, i)| sample[i]);
        let forward = seconds(|| network.forward(samples.view(), &mut activations))?;
        let explain = seconds(|| {
            let batch = explainer.explain(samples.view(), &Target::Max)?;
            value = batch.chosen()[0].value;
            relevance = batch.relevance(0).row(0).to_vec();
            Ok(())
        })?;
        println!(
            "{}",
            serde_json::json!({ "forward": forward, "explain": explain, "peak_mib": peak_mib() })
        );
    }
    Ok(())
}
