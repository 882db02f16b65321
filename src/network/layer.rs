//! One layer: a linear map, a bias and an activation.

use ndarray::Array2;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::linear::{Dense, Kind, Linear, SumPool};
use crate::error::Invalid;
use crate::words::count;

/// What happens to a pre-activation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Activation {
    /// `max(0, z)`: a detection layer.
    Relu,
    /// `z`
    #[default]
    Identity,
}

impl Activation {
    /// The activation as the network file spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Relu => "relu",
            Self::Identity => "identity",
        }
    }
}

/// One layer: a linear map, a bias and an activation.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    linear: Linear,
    bias: Vec<f64>,
    activation: Activation,
}

impl Layer {
    /// The layer of a map, `x_j = max(0, Σ_i x_i w_ij + b_j)` where the activation is ReLU.
    ///
    /// `bias` has one number a unit or is empty (zeros).
    ///
    /// # Errors
    ///
    /// [`Invalid`] when the bias has another length, or one of its numbers is not finite.
    pub fn new(linear: Linear, bias: Vec<f64>, activation: Activation) -> Result<Self, Invalid> {
        let units = linear.outputs();
        if !bias.is_empty() && bias.len() != units {
            return Err(Invalid::new(
                "bias",
                format!("expected {}, one for each unit", count(units, "number")),
                bias.len(),
            ));
        }
        if let Some((j, b)) = bias.iter().enumerate().find(|(_, b)| !b.is_finite()) {
            return Err(Invalid::new(
                format!("bias[{j}]"),
                "expected a finite number",
                b,
            ));
        }
        Ok(Self {
            linear,
            bias,
            activation,
        })
    }

    /// A dense layer; `weights` is inputs × units.
    ///
    /// # Errors
    ///
    /// [`Invalid`] as with [`Dense::new`] and [`Layer::new`].
    pub fn dense(
        weights: Array2<f64>,
        bias: Vec<f64>,
        activation: Activation,
    ) -> Result<Self, Invalid> {
        Self::new(Linear::Dense(Dense::new(weights)?), bias, activation)
    }

    /// A sum pool, `x_k = Σ_j x_j` over every `size` consecutive ones of `inputs` units.
    ///
    /// # Errors
    ///
    /// [`Invalid`] as with [`SumPool::new`].
    pub fn sum_pool(inputs: usize, size: usize) -> Result<Self, Invalid> {
        let linear = Linear::SumPool(SumPool::new(inputs, size)?);
        Self::new(linear, Vec::new(), Activation::Identity)
    }

    /// The linear map.
    pub fn linear(&self) -> &Linear {
        &self.linear
    }

    /// The biases `b_j`, one a unit; empty where all are 0.
    pub fn bias(&self) -> &[f64] {
        &self.bias
    }

    /// Weights (inputs × units) and biases (one a unit), for training; none for a pool.
    pub(crate) fn parameters_mut(&mut self) -> Option<(&mut Array2<f64>, &mut Vec<f64>)> {
        let units = self.linear.outputs();
        let weights = self.linear.matrix_mut()?;
        self.bias.resize(units, 0.0);
        Some((weights, &mut self.bias))
    }

    /// The activation.
    pub fn activation(&self) -> Activation {
        self.activation
    }

    /// Whether the layer has weights of its own, which a rule can look at; a pool has none.
    pub fn has_weights(&self) -> bool {
        self.kind().has_weights()
    }

    /// The kind of its map: the layer's type in the network file.
    pub fn kind(&self) -> Kind {
        self.linear.kind()
    }
}
