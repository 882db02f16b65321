//! Explain a network in ten lines: `cargo run --example explain`.

use deeptaylor::{Error, Explainer, Network, Plan, Rule, Target};

fn main() -> Result<(), Error> {
    let network = Network::read("networks/figure-4.json")?;
    let plan = Plan::of(&network, Rule::WSquared)?;
    let mut explainer = Explainer::new(&plan);
    let batch = explainer.explain(network.samples().view(), &Target::Max)?;
    for level in (0..batch.levels()).rev() {
        println!("R on level {level}: {:.4}", batch.relevance(level).row(0));
    }
    println!(
        "conserved and positive: {}",
        batch.audits()[0].checks.hold()
    );
    Ok(())
}
