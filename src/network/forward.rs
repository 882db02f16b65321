//! The forward pass: inputs → activations of every level.

use ndarray::{ArrayView2, ArrayViewMut2};

use super::rows::{each_row, sum};
use super::{Activation, Layer, Levels, Network};
use crate::error::Error;

impl Network {
    /// Computes the activations of every level for a batch of samples.
    ///
    /// `samples` is samples × inputs. Level 0 of `activations` becomes a copy of it, level l the output of
    /// layer l.
    ///
    /// # Errors
    ///
    /// [`Error::Overflow`], naming layer, unit and sample, where a value leaves the range of f64.
    ///
    /// # Panics
    ///
    /// When `samples` has not as many columns as the network has inputs.
    pub fn forward(&self, samples: ArrayView2<f64>, activations: &mut Levels) -> Result<(), Error> {
        activations.fit(self, samples.nrows());
        activations.level_mut(0).assign(&samples);
        for (level, layer) in self.by_level() {
            let (below, mut made) = activations.up_to(level);
            layer.linear().apply(below, made.view_mut());
            if !layer.activate(made.view_mut()) {
                return Err(overflow(level, made.view()));
            }
        }
        Ok(())
    }
}

impl Layer {
    /// Adds the bias and applies the activation, in place; false where a pre-activation is not finite, and
    /// then the sample's row is left as it is.
    fn activate(&self, z: ArrayViewMut2<f64>) -> bool {
        let bias = self.bias();
        let finite = each_row(z, |_, row| {
            if !bias.is_empty() {
                row.iter_mut().zip(bias).for_each(|(z, b)| *z += b);
            }
            // 0·z is 0 for every finite z and NaN for the others.
            let finite = sum(row, |z| z * 0.0) == 0.0;
            if finite && self.activation() == Activation::Relu {
                for z in row.iter_mut() {
                    *z = z.max(0.0);
                }
            }
            finite
        });
        finite.into_iter().all(|finite| finite)
    }
}

/// The error for a layer of which a pre-activation is not finite.
fn overflow(layer: usize, z: ArrayView2<f64>) -> Error {
    let (sample, unit) = z
        .indexed_iter()
        .find(|(_, z)| !z.is_finite())
        .map_or((0, 0), |(place, _)| place);
    Error::Overflow {
        what: "activation",
        layer,
        unit,
        sample,
    }
}
