//! A sum pool in the network file.

use schemars::JsonSchema;
use serde::Deserialize;

use super::raw::given;
use super::site::Site;
use crate::network::linear::{Linear, SumPool};
use crate::network::{Activation, Layer, Shape};

/// A sum pool: every unit adds up neighbouring units of the level that it reads.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "sum_pool")]
pub(super) struct RawSumPool {
    /// How many consecutive units are added up; all where it is left out.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "usize", range(min = 1))]
    size: Option<usize>,
}

impl RawSumPool {
    /// The layer; where the units below are unknown, so is its size.
    pub(super) fn build(self, site: &mut Site, activation: Activation) -> Option<Layer> {
        let units = site.source()?.units();
        let map = site.note(SumPool::new(units, self.size.unwrap_or(units)))?;
        let shape = Shape::Flat(units / map.size());
        site.note(Layer::new(
            Linear::SumPool(map),
            shape,
            Vec::new(),
            activation,
        ))
    }
}

/// The keys behind the type.
pub(super) fn json(map: SumPool) -> String {
    format!(", \"size\": {}", map.size())
}
