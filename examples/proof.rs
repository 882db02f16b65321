//! The sums of an explanation, proved: in f64 against the Taylor expansions, and in fractions without rounding.
//!
//! `cargo run --example proof -- networks/two-stage.json`

use deeptaylor::exact::{self, ExactNetwork, Number};
use deeptaylor::{Error, Explainer, Network, Plan, Rule, Target};

fn main() -> Result<(), Error> {
    let file = std::env::args().nth(1);
    let file = file.as_deref().unwrap_or("networks/figure-4.json");
    let (network, text) = Network::read_with_text(file)?;
    let plan = Plan::of(&network, Rule::WSquared)?;

    let mut explainer = Explainer::new(&plan).with_expansion();
    let batch = explainer.explain(network.samples().view(), &Target::Max)?;
    for (n, levels) in batch.expansions().unwrap_or_default().iter().enumerate() {
        for (l, level) in levels.iter().enumerate() {
            println!(
                "sample {n}, layer {}: {} roots, {} outside their domain, largest |rule − expansion| {:e}",
                l + 1,
                level.roots,
                level.outside_domain,
                level.largest_difference
            );
        }
    }

    let file = ExactNetwork::parse(&text)?;
    for (n, x) in file.samples().iter().enumerate() {
        let found = exact::explain(&file, &plan, x, Target::Max);
        for (level, relevance) in found.relevance.iter().enumerate() {
            let sum = relevance.iter().fold(Number::ZERO, |sum, r| sum + r);
            let relation = if sum == found.value { "=" } else { "≠" };
            println!(
                "sample {n}, layer {level}: ΣR = {sum} {relation} f(x) = {}",
                found.value
            );
        }
    }
    Ok(())
}
