//! The backward pass: what derivatives at the outputs make of those of the levels below.

use ndarray::{Array2, ArrayView2, ArrayViewMut2};

use super::{Activation, Levels, Network};

impl Network {
    /// Carries derivatives of an L down to level `lowest`, through every map as it is [at](super::Linear::at) these samples.
    ///
    /// The output level of `errors` has ∂L/∂x. From there down, a level gets ∂L/∂z of the layer that makes it, z being
    /// pre-activations, and level 0 gets ∂L/∂x. What lies below `lowest` is left as it is. Where an activation has a kink,
    /// its derivative is 0.
    ///
    /// # Panics
    ///
    /// When `activations` or `errors` are not those of this network, or of another number of samples each.
    pub(crate) fn backward(&self, activations: &Levels, errors: &mut Levels, lowest: usize) {
        let mut written = vec![false; self.top()];
        for (level, layer) in self.by_level().rev().take_while(|(l, _)| *l >= lowest) {
            let x = activations.level(level);
            through(layer.activation(), x, errors.level_mut(level));
            for branch in layer.branches() {
                let from = branch.from();
                if from < lowest {
                    continue;
                }
                let map = branch.map();
                let map = map.at(activations.level(from), branch.constants());
                let (mut below, above) = errors.step_down(from, level);
                if std::mem::replace(&mut written[from], true) {
                    let mut part = Array2::zeros(below.dim());
                    map.adjoint(above, part.view_mut());
                    below += &part;
                } else {
                    map.adjoint(above, below);
                }
            }
        }
    }
}

/// Makes ∂L/∂x of an activation's values x into ∂L/∂z.
fn through(activation: Activation, x: ArrayView2<f64>, mut error: ArrayViewMut2<f64>) {
    let most = match activation {
        Activation::Identity => return,
        Activation::Relu => f64::INFINITY,
        Activation::Relu6 => f64::from(Activation::SATURATION),
    };
    error.zip_mut_with(&x, |error, &x| {
        if x <= 0.0 || x >= most {
            *error = 0.0;
        }
    });
}
