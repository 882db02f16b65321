//! `deeptaylor init`: a network file with weights as they are before training.

use clap::Args;
use deeptaylor::init::{Architecture, Bias, Scheme};

use super::{Failure, Verdict, draw, output};

/// Write a network file whose weights are drawn by an initialisation scheme
///
/// The same seed gives the same file on every machine. Try: deeptaylor init --layers 3,5,pool | deeptaylor explain -
/// --input 1,0.5,-0.25
#[derive(Args)]
#[command(after_long_help = draw::schemes(), after_help = "--help lists the schemes with their formulas and sources.")]
pub struct Init {
    /// The inputs, then a number of ReLU units or a pool for each layer: 3,5,pool. Inputs may have a shape
    /// (1x28x28), units no ReLU (10:linear), a pool a size (pool:2)
    #[arg(long, value_name = "N,N,…")]
    layers: Architecture,

    /// How the weights are drawn; --help lists the schemes
    #[arg(long, default_value = "he-normal")]
    scheme: Scheme,

    /// The seed of the random numbers (ChaCha8)
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = draw::seed, allow_negative_numbers = true)]
    seed: u64,

    /// The biases: a number, or uniform:a,b or normal:μ,σ; the weights stay the same whatever they are
    /// [default: 0; with pytorch U(±1/√fan_in)]
    #[arg(long, allow_hyphen_values = true)]
    bias: Option<Bias>,

    /// The bounds of the inputs, which zB needs, as 0,1
    #[arg(long, value_name = "L,H", value_parser = draw::bounds, allow_hyphen_values = true)]
    bounds: Option<[f64; 2]>,

    /// Where to write; without it, or with '-', the standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<String>,

    /// Write over a file that is there
    #[arg(long)]
    force: bool,
}

impl Init {
    /// Runs the command.
    pub fn run(&self) -> Result<Verdict, Failure> {
        let architecture = draw::bounded(self.layers.clone(), self.bounds);
        let network = architecture
            .draw(self.scheme, self.bias, self.seed)
            .map_err(|invalid| Failure::Usage(format!("{}: {invalid}", self.scheme)))?;
        let bias = self.bias.map_or_else(
            || self.scheme.bias_formula().to_owned(),
            |bias| bias.to_string(),
        );
        let formula = self.scheme.family().about().formula;
        let network = network
            .named(format!("{}-{}", self.scheme, self.seed))
            .described(format!(
                "{architecture}: weights {}, {formula}; biases {bias}; seed {}",
                self.scheme, self.seed
            ));
        output::write(
            self.output.as_deref(),
            network.to_json().as_bytes(),
            self.force,
        )?;
        Ok(Verdict::Holds)
    }
}
