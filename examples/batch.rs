//! Many samples at once, and what the audit says of them: `cargo run --example batch`.
//!
//! Under w² every sample is conserved although silent units carry relevance; under z⁺ none does.

use deeptaylor::{Error, Explainer, Network, Plan, Rule, Target};
use ndarray::Array2;

fn main() -> Result<(), Error> {
    let network = Network::read("networks/two-stage.json")?;
    // 10,000 samples on a grid in [0, 1]⁴, a row each.
    let samples = Array2::from_shape_fn((10_000, 4), |(n, i)| {
        let step = n / 10_usize.pow(u32::try_from(i).unwrap_or(0)) % 10;
        f64::from(u32::try_from(step).unwrap_or(0)) / 9.0
    });
    for rule in [Rule::WSquared, Rule::ZPlus] {
        let plan = Plan::of(&network, rule)?;
        let mut explainer = Explainer::new(&plan);
        let batch = explainer.explain(samples.view(), &Target::Max)?;
        let audits = batch.audits();
        println!(
            "{rule:>4}: {} of {} samples hold, {} have silent units that carry relevance, mean relevance of the inputs {:.3}",
            audits.iter().filter(|audit| audit.checks.hold()).count(),
            audits.len(),
            audits
                .iter()
                .filter(|audit| !audit.silent.is_empty())
                .count(),
            batch
                .relevance(0)
                .mean_axis(ndarray::Axis(0))
                .unwrap_or_default(),
        );
    }
    Ok(())
}
