//! How a network learns classes: softmax cross-entropy, mini-batches, SGD with momentum or Adam.
//!
//! A gradient runs down through the layers' own [`adjoint`](crate::network::linear::Frozen::adjoint), of whatever kind they
//! are and whichever levels they read, and becomes that of the weights in one matrix product. The same seed gives the same
//! network, on any number of threads and any processor.

mod batches;
mod gradient;
mod non_blank;
mod optimiser;

use crate::data::Images;
use crate::error::Error;
use crate::network::{Levels, Memory, Network, argmax};
use crate::words::count;
use batches::Batches;
use gradient::{backward, bias_gradient, cross_entropy};
use non_blank::NonBlank;
pub use optimiser::{Biases, Optimiser};
use optimiser::{Moments, descend};

/// Images that are scored at once, at the most.
const AT_ONCE: usize = 1000;

/// How a network is trained.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recipe {
    /// What is made of the gradients.
    pub optimiser: Optimiser,
    /// How far a step goes, > 0.
    pub rate: f64,
    /// Images of a step, at least 1.
    pub batch: usize,
    /// Decides the order of the images.
    pub seed: u64,
    /// What the biases may be.
    pub biases: Biases,
}

/// A network on its way.
#[derive(Debug)]
pub struct Trainer {
    /// As it was before the first step.
    untrained: Network,
    non_blank: NonBlank,
    /// What is trained: the network over the pixels that are not blank.
    network: Network,
    images: Images,
    recipe: Recipe,
    batches: Batches,
    moments: Vec<Moments>,
    activations: Levels,
    errors: Levels,
    chosen: Vec<usize>,
    samples: ndarray::Array2<f64>,
    steps: usize,
}

/// How well a network classifies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// Part of the images whose largest output is that of their class.
    pub accuracy: f64,
    /// The mean cross-entropy, in nats.
    pub loss: f64,
}

impl Trainer {
    /// Before the first step.
    ///
    /// # Errors
    ///
    /// [`Error::Training`] where the network has not an input for each pixel, and [`Error::Malformed`] where a class
    /// is beyond its outputs.
    pub fn new(network: Network, images: &Images, recipe: Recipe) -> Result<Self, Error> {
        if network.input_units() != images.size() {
            return Err(Error::Training(format!(
                "the network has {}, the images have {} ({} × {})\n  help: --layers {},…",
                count(network.input_units(), "input"),
                count(images.size(), "pixel"),
                images.height,
                images.width,
                images.size()
            )));
        }
        images.check_classes(network.output_units())?;
        let (non_blank, mut narrowed) = NonBlank::of(&network, images)?;
        for (_, layer) in narrowed.by_level_mut() {
            // From here on every layer with weights has its biases.
            let _ = layer.parameters_mut();
        }
        Ok(Self {
            moments: network
                .layers()
                .iter()
                .map(|_| Moments::default())
                .collect(),
            batches: Batches::new(images.len(), recipe.seed),
            network: narrowed,
            untrained: network,
            images: images.only(non_blank.pixels()),
            samples: ndarray::Array2::zeros((recipe.batch, non_blank.pixels().len())),
            non_blank,
            recipe,
            activations: Levels::default(),
            errors: Levels::default(),
            chosen: Vec::new(),
            steps: 0,
        })
    }

    /// How many steps were done.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// One step; the loss of its images before it.
    ///
    /// # Errors
    ///
    /// [`Error::Training`] where a number leaves the range of f64.
    pub fn step(&mut self) -> Result<f64, Error> {
        self.batches.next(self.recipe.batch, &mut self.chosen);
        self.images.write(&self.chosen, self.samples.view_mut());
        self.network
            .forward(self.samples.view(), &mut self.activations)
            .map_err(|_| diverged(self.steps))?;
        let classes = self.chosen.iter().map(|&n| self.images.label(n));
        let loss = backward(&self.network, &self.activations, &mut self.errors, classes);
        self.steps += 1;
        let mut descents = Vec::new();
        for ((level, layer), moments) in self.network.by_level_mut().zip(&mut self.moments) {
            if !layer.has_parameters() {
                continue;
            }
            let from = layer.branches()[0].from();
            let (x, error) = (self.activations.level(from), self.errors.level(level));
            let (gradient, of_bias) = (
                layer.linear().gradient(x, error),
                bias_gradient(layer, error),
            );
            if let Some((weights, bias)) = layer.parameters_mut() {
                let gradient = (gradient, &of_bias[..]);
                let parameters = (weights, &mut *bias);
                descents.push(moments.descend(&self.recipe, self.steps, gradient, parameters));
                if self.recipe.biases == Biases::Nonpositive {
                    for b in bias.iter_mut() {
                        *b = b.min(0.0);
                    }
                }
            }
        }
        descend(&self.recipe, self.steps, &mut descents);
        if loss.is_finite() {
            Ok(loss)
        } else {
            Err(diverged(self.steps))
        }
    }

    /// A copy of the network as it is now, its numbers checked.
    ///
    /// # Errors
    ///
    /// [`Error::Training`] where a number is not finite.
    pub fn snapshot(&self) -> Result<Network, Error> {
        let finite = self.network.layers().iter().all(|layer| {
            let mut numbers = layer.stored().into_iter();
            !numbers.any(|numbers| numbers.any(|number| !number.is_finite()))
        });
        if finite {
            self.non_blank.widened(&self.untrained, &self.network)
        } else {
            Err(diverged(self.steps))
        }
    }
}

/// How well `network` classifies `images`.
///
/// # Errors
///
/// [`Error::Overflow`] where an activation leaves the range of f64.
///
/// # Panics
///
/// When the network has not an input for each pixel, or a class is beyond its outputs.
pub fn score(network: &Network, images: &Images) -> Result<Score, Error> {
    let mut activations = Levels::default();
    let (mut right, mut loss) = (0, 0.0);
    let all: Vec<usize> = (0..images.len()).collect();
    for chosen in all.chunks(Memory::default().rows(network, AT_ONCE)) {
        network.forward(images.samples(chosen).view(), &mut activations)?;
        let outputs = activations.level(network.top());
        for (z, &n) in outputs.rows().into_iter().zip(chosen) {
            let (class, z) = (images.label(n), z.to_vec());
            right += usize::from(argmax(&z) == Some(class));
            loss += cross_entropy(&z, class);
        }
    }
    Ok(Score {
        accuracy: right as f64 / images.len() as f64,
        loss: loss / images.len() as f64,
    })
}

fn diverged(step: usize) -> Error {
    Error::Training(format!(
        "step {step}: the weights leave the range of f64\n  help: a smaller --rate"
    ))
}
