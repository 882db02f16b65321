//! `deeptaylor init`: a network file with weights as they are before training.

use clap::Args;
use deeptaylor::init::{Architecture, Bias, Scheme};
use deeptaylor::network::bounds_pair;

use super::destination::Destination;
use super::number::whole;
use super::{Failure, Status, initialisation};

#[derive(Args)]
#[command(after_long_help = initialisation::schemes(), after_help = "--help lists the schemes with their formulas and sources.")]
pub struct InitArgs {
    /// The number of inputs, then for each layer a number of ReLU units or a pool: 3,5,pool. Other forms: 1x28x28,
    /// inputs with a shape; 10:linear, units without ReLU; pool:2, pools of 2 units; pools:10, 10 pools; conv:8x5x5, a
    /// convolution with ReLU, 8 channels and a kernel of 5 × 5; maxpool:2, avgpool:2, sumpool:2, pools over windows of
    /// 2 × 2. Options of the last two: :stride=2, :pad=1 or :pad=same, :dilation=2, of a convolution also :groups=2
    /// and :linear
    #[arg(long, value_name = "N,N,…", help_heading = "Network")]
    layers: Architecture,

    /// How the weights are drawn; --help lists the schemes
    #[arg(long, default_value = "he-normal", value_parser = initialisation::scheme(), hide_possible_values = true, help_heading = "Network")]
    scheme: Scheme,

    /// The seed of the random numbers (ChaCha8)
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = whole(0, u64::MAX), allow_negative_numbers = true, help_heading = "Network")]
    seed: u64,

    /// The biases: a number, uniform:a,b or normal:μ,σ. They do not change the weights [default: 0; with pytorch
    /// U(±1/√fan_in)]
    #[arg(long, allow_hyphen_values = true, help_heading = "Network")]
    bias: Option<Bias>,

    /// The bounds of the inputs, for example 0,1; zB needs them
    #[arg(long, value_name = "L,H", value_parser = bounds_pair, allow_hyphen_values = true, help_heading = "Network")]
    bounds: Option<[f64; 2]>,

    /// How many samples to draw and put into the file: within the bounds of the inputs, else from N(0, 1)
    #[arg(long, value_name = "N", default_value = "0", hide_default_value = true, value_parser = whole(0, 1_000_000_u32), allow_negative_numbers = true, help_heading = "Network")]
    samples: u32,

    #[command(flatten)]
    destination: Destination,
}

impl InitArgs {
    /// Runs the command.
    pub fn run(&self) -> Result<Status, Failure> {
        self.destination.check([])?;
        self.destination.check_json()?;
        let architecture = initialisation::bounded(self.layers.clone(), self.bounds);
        let samples = initialisation::samples(&architecture, self.samples as usize, self.seed)?;
        let network = architecture
            .draw(self.scheme, self.bias, self.seed)
            .and_then(|network| network.with_samples(samples))
            .map_err(|invalid| Failure::Usage(format!("{}: {invalid}", self.scheme)))?;
        let bias = self.bias.map_or_else(
            || self.scheme.bias_formula().to_owned(),
            |bias| bias.to_string(),
        );
        let formula = self.scheme.family().formula();
        let network = network
            .named(format!("{}-{}", self.scheme, self.seed))
            .described(format!(
                "{architecture}: weights {}, {formula}; biases {bias}; seed {}",
                self.scheme, self.seed
            ));
        self.destination.data(network.to_json().as_bytes())?;
        Ok(Status::Holds)
    }
}
