//! What makes a level of a network, as results name it.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Layer, Linear};

/// What makes a level: the input, or a layer by its type as the network file spells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum LevelKind {
    /// The input.
    Input,
    /// A dense layer.
    Dense,
    /// A sum pool.
    SumPool,
}

impl LevelKind {
    /// As it is spelt.
    pub fn name(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Dense => "dense",
            Self::SumPool => "sum_pool",
        }
    }
}

impl From<&Layer> for LevelKind {
    fn from(layer: &Layer) -> Self {
        match layer.linear() {
            Linear::Dense(_) => Self::Dense,
            Linear::SumPool(_) => Self::SumPool,
        }
    }
}

impl fmt::Display for LevelKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::LevelKind;
    use crate::network::{Activation, Layer};

    #[test]
    fn a_layer_is_spelt_in_results_as_in_its_file() {
        let weights = ndarray::array![[1.0], [2.0]];
        let dense = Layer::dense(weights, vec![], Activation::Relu);
        for layer in [dense, Layer::sum_pool(2, 2)] {
            let layer = layer.expect("a layer");
            let kind = LevelKind::from(&layer);
            let json = serde_json::to_string(&kind).expect("JSON");
            assert_eq!(
                (kind.name(), &json[..]),
                (layer.kind(), &format!("\"{kind}\"")[..])
            );
        }
    }
}
