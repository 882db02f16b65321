//! A sum pool in the network file.

use schemars::JsonSchema;
use serde::Deserialize;

use super::faults::FaultLog;
use super::raw::given;
use crate::network::{Layer, linear::SumPool};

/// A sum pool: every unit adds up neighbouring units of the level below.
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
    pub(super) fn build(
        self,
        units: Option<usize>,
        at: &str,
        faults: &mut FaultLog,
    ) -> Option<Layer> {
        let units = units?;
        faults.note(at, Layer::sum_pool(units, self.size.unwrap_or(units)))
    }
}

/// The keys behind the type.
pub(super) fn json(map: SumPool) -> String {
    format!(", \"size\": {}", map.size())
}
