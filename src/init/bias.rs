//! The biases of a network that is drawn.

use std::fmt;
use std::str::FromStr;

use super::family::Family;
use super::random::Random;
use super::scheme::Scheme;
use crate::words::shown;

/// What the biases are: one number for all, or a distribution that does not depend on the layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bias(BiasKind);

#[derive(Debug, Clone, Copy, PartialEq)]
enum BiasKind {
    Number(f64),
    Drawn(Scheme),
}

impl Bias {
    /// The biases of a layer, one a unit; none where all are 0.
    pub(super) fn numbers(self, units: usize, random: &mut Random) -> Vec<f64> {
        match self.0 {
            BiasKind::Number(0.0) => Vec::new(),
            BiasKind::Number(value) => vec![value; units],
            BiasKind::Drawn(scheme) => scheme.numbers(units, random).unwrap_or_default(),
        }
    }

    /// The number, where it is the same for all.
    pub fn number(self) -> Option<f64> {
        match self.0 {
            BiasKind::Number(value) => Some(value),
            BiasKind::Drawn(_) => None,
        }
    }
}

impl FromStr for Bias {
    type Err = String;

    /// `0`, `-0.1`, `uniform:-0.2,0`
    fn from_str(text: &str) -> Result<Self, String> {
        const EXPECTED: &str =
            "expected a number, or uniform:a,b, normal:μ,σ or truncated-normal:μ,σ";
        match text.trim().parse::<f64>() {
            Ok(value) if value.is_finite() => return Ok(Self(BiasKind::Number(value))),
            Ok(_) => return Err(format!("{EXPECTED}, found `{text}`")),
            Err(_) => {}
        }
        match text.parse::<Scheme>() {
            Ok(scheme) if scheme.is_plain() => Ok(Self(match scheme.family() {
                Family::Zeros => BiasKind::Number(0.0),
                _ => BiasKind::Drawn(scheme),
            })),
            Ok(scheme) => Err(format!("{scheme} is a scheme for weights: {EXPECTED}")),
            Err(complaint) => Err(match text.split_once(':') {
                Some(_) => complaint,
                None => format!("{EXPECTED}, found `{text}`"),
            }),
        }
    }
}

impl fmt::Display for Bias {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            BiasKind::Number(value) => f.pad(&shown(value)),
            BiasKind::Drawn(scheme) => scheme.fmt(f),
        }
    }
}
