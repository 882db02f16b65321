//! Layers that read several levels in the network file: additions and concatenations. What they read is all that they say.

use schemars::JsonSchema;
use serde::Deserialize;

use super::site::Site;
use crate::network::{Activation, Layer};

/// An addition of levels of one shape, value by value: a skip connection. A level may come twice.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "add")]
pub(super) struct RawAdd {}

/// A concatenation of levels: pictures of one height and width make a picture, channel after channel; all else makes a plain
/// list, level after level.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "concat")]
pub(super) struct RawConcat {}

impl RawAdd {
    pub(super) fn build(site: &mut Site, activation: Activation) -> Option<Layer> {
        let shapes = site.several()?;
        site.note(Layer::add(&shapes, activation))
    }
}

impl RawConcat {
    pub(super) fn build(site: &mut Site, activation: Activation) -> Option<Layer> {
        let shapes = site.several()?;
        site.note(Layer::concat(&shapes, activation))
    }
}
