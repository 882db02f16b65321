//! Tensors whose numbers are known, each with its exact value.

use std::borrow::Cow;

use super::refusal::refused;
use crate::error::Invalid;
use crate::network::floats::Floats;

/// The numbers of a tensor, in row-major order.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Numbers {
    /// Of floating point.
    Floats(Floats),
    /// Whole.
    Ints(Vec<i64>),
}

/// A tensor whose numbers are known.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tensor {
    pub shape: Vec<usize>,
    pub numbers: Numbers,
}

impl Numbers {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Floats(floats) => floats.len(),
            Self::Ints(ints) => ints.len(),
        }
    }
}

impl Tensor {
    /// A list of whole numbers.
    pub(super) fn list(ints: Vec<i64>) -> Self {
        Self {
            shape: vec![ints.len()],
            numbers: Numbers::Ints(ints),
        }
    }

    /// How many numbers there are.
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// The whole numbers.
    pub(super) fn ints(&self) -> Result<&[i64], Invalid> {
        match &self.numbers {
            Numbers::Ints(ints) => Ok(ints),
            Numbers::Floats(_) => Err(refused(
                "expected whole numbers, found numbers of floating point",
            )),
        }
    }

    /// The numbers as floating point.
    pub(super) fn floats(&self) -> Cow<'_, [f64]> {
        match &self.numbers {
            Numbers::Floats(floats) => floats.view().to_f64(),
            Numbers::Ints(ints) => Cow::Owned(ints.iter().map(|&int| int as f64).collect()),
        }
    }

    /// The same as they are stored, without a copy.
    pub(super) fn into_floats(self) -> Floats {
        match self.numbers {
            Numbers::Floats(floats) => floats,
            Numbers::Ints(ints) => (ints.into_iter().map(|int| int as f64))
                .collect::<Vec<_>>()
                .into(),
        }
    }
}

/// How many numbers a tensor of this shape has.
pub(super) fn units(shape: &[usize]) -> Option<usize> {
    let product = |product: usize, side: &usize| product.checked_mul(*side);
    shape.iter().try_fold(1, product)
}
