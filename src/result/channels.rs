//! The channels of a level that is an image: those that carry most, each with the sum of its units.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::value::held;
use super::{NetworkInfo, Sample};
use crate::measure::{share, top};
use crate::relevance::Explainer;

/// So many channels of a level are kept: those that carry most.
const MOST: usize = 6;

/// The channels of a level that carry most, the largest |R| first; all of them in their order where there are no more than six.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "channels")]
pub struct Channels {
    /// The level.
    pub layer: usize,
    /// The channels.
    pub channels: Vec<Channel>,
}

/// A channel of a level.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "channel")]
pub struct Channel {
    /// The channel, counted from 0.
    pub channel: usize,
    /// Σ R of its units.
    pub relevance: f64,
    /// The same as a part of f(x); null where that is 0.
    pub share: Option<f64>,
}

impl Channels {
    /// Of every level above the input that has several channels of more than one place, from the output down. The sample is one
    /// that `explainer` explained, every level of it whole.
    pub fn of(explainer: &Explainer, sample: &Sample) -> Vec<Self> {
        let network = explainer.plan().network();
        let levels = (1..sample.layers.len()).rev();
        let images = levels.filter_map(|layer| {
            let [channels, height, width] = network.shape(layer).image()?;
            (channels > 1 && height * width > 1).then_some((layer, height * width))
        });
        images
            .map(|(layer, places)| Self {
                layer,
                channels: largest(sample, layer, places),
            })
            .collect()
    }

    /// Whether these are channels of a level of the network.
    pub(super) fn fit(&self, network: &NetworkInfo) -> bool {
        let level = network.layers.get(self.layer).filter(|_| self.layer > 0);
        level.is_some_and(|level| match level.shape[..] {
            [channels, ..] => self.channels.iter().all(|one| one.channel < channels),
            [] => false,
        })
    }
}

fn largest(sample: &Sample, layer: usize, places: usize) -> Vec<Channel> {
    let channels = sample.layers[layer].relevance.chunks_exact(places);
    let sums: Vec<f64> = channels.map(|units| held(units.iter().sum())).collect();
    let chosen = top(sums.len(), MOST, |channel| sums[channel]);
    let channel = |channel: usize| Channel {
        channel,
        relevance: sums[channel],
        share: share(sums[channel], sample.target.value),
    };
    chosen.into_iter().map(channel).collect()
}
