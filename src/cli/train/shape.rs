//! The options of train about the network: its shape, and how it is drawn.

use std::path::{Path, PathBuf};

use clap::Args;
use deeptaylor::data::{Data, Images, outputs_for};
use deeptaylor::init::{Architecture, Scheme};
use deeptaylor::words::count;
use deeptaylor::{Bounds, Input, Network};

use crate::cli::network::ModelArgs;
use crate::cli::number::whole;
use crate::cli::{Failure, initialisation};

// The network before training.
#[derive(Args)]
pub struct ShapeArgs {
    /// The layers, as in init: the pixels, the numbers of ReLU units, and an output for each class, for example
    /// 64,60,pools:10 (10 pools over 60 units; pool:6 means the same), or 1x28x28,conv:8x5x5,maxpool:2,10 with a
    /// convolution. A plain number at the end means class scores without ReLU, which can be negative
    #[arg(long, value_name = "N,N,…", default_value = "1x28x28,300,100,pool:10", value_parser = layers)]
    layers: Architecture,

    /// A network file, or example:NAME, in place of --layers: a network of any shape. Its weights are drawn anew
    #[arg(long, value_name = "NETWORK", conflicts_with = "layers")]
    network: Option<PathBuf>,

    /// How the first weights are drawn; init --help lists the schemes. By default they are small, so that what the
    /// network learns stands out
    #[arg(long, default_value = "normal:0,0.01", value_parser = initialisation::scheme(), hide_possible_values = true)]
    pub scheme: Scheme,

    /// The seed for the weights, for the order of the images, and for the choice of held-out images from a single
    /// file
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = whole(0, u64::MAX), allow_negative_numbers = true)]
    pub seed: u64,

    #[command(flatten)]
    model: ModelArgs,
}

impl ShapeArgs {
    /// The layers that were asked for.
    pub fn architecture(&self) -> Result<Architecture, Failure> {
        match &self.network {
            Some(file) => Ok(Architecture::of(&self.model.load(file, None)?.network)),
            None => Ok(self.layers.clone()),
        }
    }

    /// The file of the network, where there is one.
    pub fn file(&self) -> Option<&Path> {
        self.network.as_deref()
    }

    /// The option that said so.
    fn option(&self) -> &'static str {
        match self.network {
            Some(_) => "--network",
            None => "--layers",
        }
    }

    /// That the network has not an input for each pixel.
    fn wrong_inputs(&self, input: &Input, images: &Images) -> Failure {
        let sides: Vec<String> = input.shape.iter().map(ToString::to_string).collect();
        let help = match self.network {
            Some(_) => format!(
                "--data DIR trains on images of {} pixels; or",
                sides.join(" × ")
            ),
            None => String::new(),
        };
        let help = format!("{help} --layers {},…", images.size());
        Failure::Usage(format!(
            "{}: the network has {} ({}), the images have {} ({} × {})\n  help: {}",
            self.option(),
            count(input.shape.iter().product(), "input"),
            sides.join(" × "),
            count(images.size(), "pixel"),
            images.height,
            images.width,
            help.trim_start()
        ))
    }

    /// A network of these layers before training, its inputs bounded as pixels are, its outputs named by their class.
    pub fn draw(&self, layers: &Architecture, data: &Data) -> Result<Network, Failure> {
        let option = self.option();
        let invalid = |invalid| Failure::Usage(format!("{option}: {invalid}"));
        let mut input = Input {
            bounds: Some(Bounds::Same([0.0, 1.0])),
            ..layers.input().clone()
        };
        let images = &data.train;
        let sides = [1, images.height, images.width];
        let units: usize = input.shape.iter().product();
        if !data.is_built_in() && units == images.size() {
            // So that a file like theirs can be explained, and its relevance drawn.
            if input.shape.len() == 1 {
                input.shape = sides.to_vec();
            }
            input.names = (data.table.as_ref()).map_or_else(Vec::new, |table| table.pixels.clone());
            input.scale = Some(images.scale()).filter(|scale| (scale - 1.0).abs() > 0.0);
        }
        if units != images.size() {
            return Err(self.wrong_inputs(&input, images));
        }
        let network = (layers.clone())
            .with_input(input)
            .draw(self.scheme, None, self.seed)
            .map_err(invalid)?;
        let shape = &network.input().shape;
        if shape.len() == 3 && shape[..] != sides && network.input_units() == data.train.size() {
            return Err(Failure::Usage(format!(
                "{option}: expected inputs of shape {}x{}x{} as the images, found {shape:?}",
                sides[0], sides[1], sides[2]
            )));
        }
        let outputs = network.output_units();
        if let Some(names) = data.names.as_ref().filter(|names| names.len() != outputs) {
            return Err(Failure::Usage(format!(
                "{option}: expected {} outputs, one for each class, found {outputs}\n  help: {}",
                names.len(),
                outputs_for(data.train.size(), names.len())
            )));
        }
        let names = (0..outputs).map(|k| data.class(k)).collect();
        network.with_outputs(names).map_err(invalid)
    }
}

/// Reads `--layers`; class scores have no ReLU.
fn layers(text: &str) -> Result<Architecture, String> {
    let plain = text
        .rsplit(',')
        .next()
        .is_some_and(|last| last.trim().parse::<usize>().is_ok());
    if plain && text.contains(',') {
        format!("{text}:linear").parse()
    } else {
        text.parse()
    }
}
