//! What happens to a pre-activation.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::instructions::vectorised;

/// What happens to a pre-activation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Activation {
    /// `max(0, z)`: a detection layer.
    Relu,
    /// `min(max(0, z), 6)`: a detection layer that saturates.
    Relu6,
    /// `z`
    #[default]
    Identity,
}

impl Activation {
    /// Where [`Relu6`](Self::Relu6) saturates.
    pub const SATURATION: u8 = 6;

    /// The activation as the network file spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Relu => "relu",
            Self::Relu6 => "relu6",
            Self::Identity => "identity",
        }
    }

    /// Whether units fire above 0 only: those of a detection layer.
    pub fn detects(self) -> bool {
        self != Self::Identity
    }

    /// Whether a unit stands where its value changes in no direction, though it fires.
    pub fn is_saturated(self, z: f64) -> bool {
        self == Self::Relu6 && z > f64::from(Self::SATURATION)
    }

    /// What it makes of a pre-activation.
    #[inline]
    pub fn of(self, z: f64) -> f64 {
        match self {
            Self::Relu => z.max(0.0),
            Self::Relu6 => z.clamp(0.0, f64::from(Self::SATURATION)),
            Self::Identity => z,
        }
    }

    /// Makes every pre-activation its value, in place.
    pub(super) fn each(self, z: &mut [f64]) {
        // A loop for each activation, for the compiler to vectorise.
        match self {
            Self::Relu => each(z, |z| Self::Relu.of(z)),
            Self::Relu6 => each(z, |z| Self::Relu6.of(z)),
            Self::Identity => (),
        }
    }
}

fn each(z: &mut [f64], of: impl Fn(f64) -> f64) {
    vectorised(
        #[inline(always)]
        || z.iter_mut().for_each(|z| *z = of(*z)),
    );
}

#[cfg(test)]
mod tests {
    use super::Activation;

    #[test]
    fn an_activation_has_its_values_ends_and_spelling() {
        let z = [-1.0, 0.0, 2.5, 6.0, 6.5];
        for (activation, name, detects, values, saturated) in [
            (Activation::Relu, "relu", true, [0.0, 0.0, 2.5, 6.0, 6.5], 5),
            (
                Activation::Relu6,
                "relu6",
                true,
                [0.0, 0.0, 2.5, 6.0, 6.0],
                4,
            ),
            (Activation::Identity, "identity", false, z, 5),
        ] {
            assert_eq!((activation.name(), activation.detects()), (name, detects));
            assert_eq!(z.map(|z| activation.of(z)).to_vec(), values, "{name}");
            let mut each = z;
            activation.each(&mut each);
            assert_eq!(each.to_vec(), values, "{name}");
            for (k, z) in z.into_iter().enumerate() {
                assert_eq!(activation.is_saturated(z), k >= saturated, "{name} of {z}");
            }
        }
    }
}
