//! What this program writes into a model beside its graph, where ONNX has no place for it: read back from models that say it
//! made them, and from no others.

use serde::de::DeserializeOwned;

use super::model::Model;
use crate::error::Invalid;
use crate::network::{Bounds, Input, Network, Order};

/// What a model that this program wrote says beside its graph.
#[derive(Default)]
pub(super) struct Written {
    name: String,
    description: String,
    /// What reads arrays takes for a picture, and in which order.
    pub picture: Option<(Order, [usize; 3])>,
    names: Vec<String>,
    bounds: Option<Bounds>,
    scale: Option<f64>,
    outputs: Vec<String>,
}

impl Written {
    /// What is said beside the graph; none where another program wrote the model.
    ///
    /// # Errors
    ///
    /// [`Invalid`] at the key whose value is not what is written there.
    pub(super) fn of(model: &Model, graph: &str) -> Result<Option<Self>, Invalid> {
        if model.producer != env!("CARGO_PKG_NAME") {
            return Ok(None);
        }
        let mut written = Self {
            // What a network without a name is called.
            name: if graph == "network" { "" } else { graph }.to_owned(),
            description: model.description.to_owned(),
            ..Self::default()
        };
        let (mut shape, mut order) = (None, Order::ChannelsFirst);
        for &(key, value) in &model.metadata {
            match key {
                "input names" => written.names = parsed(key, value, "a list of names")?,
                "output names" => written.outputs = parsed(key, value, "a list of names")?,
                "scale" => written.scale = Some(parsed(key, value, "a number")?),
                "bounds" => written.bounds = Some(bounds(key, value)?),
                "input shape" => shape = Some(parsed(key, value, "[channels, height, width]")?),
                "input order" => {
                    let of = |order: &Order| order.name() == value;
                    let known = [Order::ChannelsFirst, Order::ChannelsLast];
                    order = known
                        .into_iter()
                        .find(of)
                        .ok_or_else(|| wrong(key, value, "chw or hwc"))?;
                }
                _ => {}
            }
        }
        written.picture = shape.map(|sides| (order, sides));
        Ok(Some(written))
    }

    /// Puts into an input what is said of it.
    pub(super) fn say_of(&mut self, input: &mut Input) {
        input.names = std::mem::take(&mut self.names);
        input.bounds = self.bounds.take();
        input.scale = self.scale;
    }

    /// A network with the names that are said.
    pub(super) fn named(self, network: Network) -> Result<Network, Invalid> {
        let network = network.named(self.name).described(self.description);
        if self.outputs.is_empty() {
            return Ok(network);
        }
        network.with_outputs(self.outputs)
    }
}

/// The name of the layer that a value is of, as a value of this program is called; empty where the layer had none.
pub(super) fn layer_of(value: &str) -> &str {
    let layer = value.rsplit_once('/').map_or(value, |(layer, _)| layer);
    let number = layer
        .strip_prefix("level-")
        .map(|rest| rest.trim_end_matches('\''));
    let numbered = number.is_some_and(|number| number.parse::<usize>().is_ok());
    if numbered { "" } else { layer }
}

/// Two numbers, or every lower and every upper one.
fn bounds(key: &str, value: &str) -> Result<Bounds, Invalid> {
    if let Ok(same) = serde_json::from_str(value) {
        return Ok(Bounds::Same(same));
    }
    let expected = "two numbers, or two lists of them";
    let [low, high]: [Vec<f64>; 2] = parsed(key, value, expected)?;
    if low.len() != high.len() {
        return Err(wrong(key, value, expected));
    }
    let pairs = low.into_iter().zip(high);
    Ok(Bounds::Each(pairs.map(|(l, h)| [l, h]).collect()))
}

fn parsed<T: DeserializeOwned>(key: &str, value: &str, expected: &str) -> Result<T, Invalid> {
    serde_json::from_str(value).map_err(|_| wrong(key, value, expected))
}

fn wrong(key: &str, value: &str, expected: &str) -> Invalid {
    const SHOWN: usize = 60;
    let mut shown: String = value.chars().take(SHOWN).collect();
    if shown.len() < value.len() {
        shown.push('…');
    }
    Invalid::new("", format!("expected {expected}"), shown)
        .help("write the model anew from its network file, or take the key out of its metadata")
        .below(&format!("metadata `{key}`"))
}
