//! The pixels whose weights training changes: one that is 0 in every image has a gradient of 0, and its weights stay as
//! they were drawn. Those are left out of the products.

use ndarray::Axis;

use crate::data::Images;
use crate::error::Error;
use crate::network::{Input, Network};

/// Which pixels are trained on.
#[derive(Debug)]
pub(super) struct NonBlank(Vec<usize>);

impl NonBlank {
    /// The pixels that are not 0 in every image; all of them under a layer without weights, whose inputs cannot be left out.
    pub(super) fn of(network: &Network, images: &Images) -> Self {
        let blank = images.blank();
        let pixels: Vec<usize> = (0..blank.len()).filter(|&i| !blank[i]).collect();
        if pixels.is_empty() || !network.layer(1).has_weights() {
            Self((0..blank.len()).collect())
        } else {
            Self(pixels)
        }
    }

    /// The pixels, in order.
    pub(super) fn pixels(&self) -> &[usize] {
        &self.0
    }

    /// The network over these pixels alone.
    pub(super) fn narrowed(&self, network: &Network) -> Result<Network, Error> {
        let mut layers = network.layers().to_vec();
        if let Some((weights, _)) = layers[0].parameters_mut() {
            *weights = weights.select(Axis(0), &self.0);
        }
        Ok(Network::new(Input::flat(self.0.len()), layers)?)
    }

    /// The `untrained` network with what `narrowed` has learned since.
    pub(super) fn widened(&self, untrained: &Network, narrowed: &Network) -> Network {
        let mut network = untrained.clone();
        let learned = narrowed.layers().to_vec();
        for ((level, layer), mut learned) in network.by_level_mut().zip(learned) {
            let (Some((weights, bias)), Some((new, new_bias))) =
                (layer.parameters_mut(), learned.parameters_mut())
            else {
                continue;
            };
            bias.clone_from(new_bias);
            if level > 1 {
                weights.assign(new);
                continue;
            }
            for (&i, row) in self.0.iter().zip(new.rows()) {
                weights.row_mut(i).assign(&row);
            }
        }
        network
    }
}

#[cfg(test)]
mod tests {
    use crate::data::Data;
    use crate::init::Architecture;
    use crate::train::{Biases, Optimiser, Recipe, Trainer};

    #[test]
    fn the_weights_of_a_pixel_that_is_always_0_stay_as_they_were_drawn_and_others_learn() {
        let images = Data::built_in().train;
        let layers: Architecture = "784,10:linear".parse().expect("layers");
        let scheme = "he-normal".parse().expect("a scheme");
        let before = layers.draw(scheme, None, 1).expect("finite");
        let recipe = Recipe {
            optimiser: Optimiser::Adam,
            rate: 0.01,
            batch: 5000,
            seed: 1,
            biases: Biases::Free,
        };
        let mut trainer = Trainer::new(before.clone(), &images, recipe).expect("it fits");
        trainer.step().expect("finite");
        let mut after = trainer.snapshot().expect("finite");
        let mut before = before;
        let (_, before) = before.by_level_mut().next().expect("a layer");
        let (_, after) = after.by_level_mut().next().expect("a layer");
        let (before, _) = before.parameters_mut().expect("dense");
        let (after, _) = after.parameters_mut().expect("dense");
        assert_eq!(after.dim(), (784, 10));
        for (i, blank) in images.blank().into_iter().enumerate() {
            assert_eq!(before.row(i) == after.row(i), blank, "pixel {i}");
        }
    }
}
