//! One layer: a linear map, a bias and an activation.

use ndarray::Array2;

use super::linear::{Dense, Linear, SumPool};
use crate::error::Invalid;
use crate::words::count;

/// What happens to a pre-activation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Activation {
    /// `max(0, z)`: a detection layer.
    Relu,
    /// `z`
    #[default]
    Identity,
}

/// One layer: a linear map, a bias and an activation.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    linear: Linear,
    bias: Vec<f64>,
    activation: Activation,
}

impl Layer {
    /// A dense layer, `x_j = max(0, Σ_i x_i w_ij + b_j)` where the activation is ReLU.
    ///
    /// `weights` is inputs × units, `bias` has one number a unit or is empty (zeros).
    ///
    /// # Errors
    ///
    /// [`Invalid`] when there is no input or no unit, the bias has another length, or a number is not finite.
    pub fn dense(
        weights: Array2<f64>,
        bias: Vec<f64>,
        activation: Activation,
    ) -> Result<Self, Invalid> {
        let (inputs, units) = weights.dim();
        if inputs == 0 || units == 0 {
            return Err(Invalid::new(
                "weights",
                "expected at least one input and one unit",
                format!("{inputs} × {units} weights"),
            ));
        }
        if let Some(((i, j), w)) = weights.indexed_iter().find(|(_, w)| !w.is_finite()) {
            return Err(Invalid::new(
                format!("weights[{i}][{j}]"),
                "expected a finite number",
                w,
            ));
        }
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
            linear: Linear::Dense(Dense { weights }),
            bias,
            activation,
        })
    }

    /// A sum pool, `x_k = Σ_j x_j` over every `size` consecutive ones of `inputs` units.
    ///
    /// # Errors
    ///
    /// [`Invalid`] when `size` is 0 or does not divide `inputs`.
    pub fn sum_pool(inputs: usize, size: usize) -> Result<Self, Invalid> {
        if inputs == 0 || size == 0 || !inputs.is_multiple_of(size) {
            let expected = format!("expected a number that divides the {inputs} units below");
            return Err(Invalid::new("size", expected, size));
        }
        let linear = Linear::SumPool(SumPool { inputs, size });
        Ok(Self {
            linear,
            bias: Vec::new(),
            activation: Activation::Identity,
        })
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
        match &mut self.linear {
            Linear::Dense(dense) => {
                self.bias.resize(dense.weights.ncols(), 0.0);
                Some((&mut dense.weights, &mut self.bias))
            }
            Linear::SumPool(_) => None,
        }
    }

    /// The activation.
    pub fn activation(&self) -> Activation {
        self.activation
    }

    /// Whether this is a pool, which has no weights of its own.
    pub fn is_pool(&self) -> bool {
        match self.linear {
            Linear::SumPool(_) => true,
            Linear::Dense(_) => false,
        }
    }

    /// The layer's type as the network file spells it.
    pub fn kind(&self) -> &'static str {
        match self.linear {
            Linear::Dense(_) => "dense",
            Linear::SumPool(_) => "sum_pool",
        }
    }
}
