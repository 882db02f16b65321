//! A map with the weights that a rule asks for: kept, or made in strips at each use where they are too many.

use super::strips::InStrips;
use super::{Linear, Reweighing};
use crate::network::floats::KEPT;

/// A map with the weights that a rule asks for.
#[derive(Debug, Clone)]
pub struct Reweighed<'m>(pub(super) Making<'m>);

/// Where the weights are.
#[derive(Debug, Clone)]
pub(super) enum Making<'m> {
    /// They are kept.
    Kept(Box<Linear>),
    /// They are made when they are used.
    InStrips(InStrips<'m>),
}

impl Linear {
    /// The map with the weights that a rule asks for, [reweighed](Linear::reweighed) once or, where that would take more
    /// memory than is kept, at each use.
    pub fn prepared(&self, reweighing: Reweighing) -> Reweighed<'_> {
        Reweighed(match self {
            Self::Dense(dense) if dense.stored().len() > KEPT => {
                let scale = dense.scale();
                Making::InStrips(InStrips::reweighed(dense.weights(), reweighing, scale))
            }
            _ => Making::Kept(Box::new(self.reweighed(reweighing))),
        })
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::{KEPT, Linear, Making, Reweighing};
    use crate::network::linear::Dense;

    #[test]
    fn weights_are_made_at_each_use_where_they_are_too_many_to_be_kept() {
        for (inputs, is_kept) in [(3, true), (KEPT / 4096 + 1, false)] {
            let weights = Array2::<f32>::zeros((inputs, 4096));
            let map = Linear::Dense(Dense::single(weights).expect("finite"));
            let prepared = map.prepared(Reweighing::Squared);
            assert_eq!(matches!(prepared.0, Making::Kept(_)), is_kept, "{inputs}");
        }
    }
}
