//! The pixels whose weights training changes: where each pixel has weights of its own, one that is 0 in every image has a
//! gradient of 0, and its weights stay as they were drawn. Those are left out of the products.

use crate::data::Images;
use crate::error::Error;
use crate::network::{Input, Network};

/// Which pixels are trained on.
#[derive(Debug)]
pub(super) struct NonBlank {
    pixels: Vec<usize>,
    /// Whether some are left out.
    narrows: bool,
}

impl NonBlank {
    /// The pixels that are not 0 in every image, and the network over these alone. All of them, and the network itself,
    /// where the input is read by anything but one layer that has weights for each pixel.
    pub(super) fn of(network: &Network, images: &Images) -> Result<(Self, Network), Error> {
        let blank = images.blank();
        let pixels: Vec<usize> = (0..blank.len()).filter(|&i| !blank[i]).collect();
        let alone = !pixels.is_empty() && network.readers(0).eq([1]);
        let first = alone.then(|| network.layer(1).over(&pixels)).flatten();
        let Some(first) = first else {
            let pixels = (0..blank.len()).collect();
            let narrows = false;
            return Ok((Self { pixels, narrows }, network.clone()));
        };
        let mut layers = network.layers().to_vec();
        layers[0] = first;
        let narrowed = Network::new(Input::flat(pixels.len()), layers)?;
        let narrows = true;
        Ok((Self { pixels, narrows }, narrowed))
    }

    /// The pixels, in order.
    pub(super) fn pixels(&self) -> &[usize] {
        &self.pixels
    }

    /// The `untrained` network with what the one over these pixels has learned since.
    pub(super) fn widened(&self, untrained: &Network, learned: &Network) -> Result<Network, Error> {
        let mut layers = learned.layers().to_vec();
        if self.narrows {
            layers[0] = untrained.layer(1).clone();
            layers[0].take_on(&self.pixels, learned.layer(1));
        }
        Ok(untrained.with_layers(layers)?)
    }
}

#[cfg(test)]
mod tests {
    use crate::data::Data;
    use crate::init::Architecture;
    use crate::network::Network;
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
        let after = trainer.snapshot().expect("finite");
        let stored = |network: &Network| network.layer(1).linear().stored().to_f64().into_owned();
        let [before, after] = [&before, &after].map(stored);
        assert_eq!(after.len(), 784 * 10);
        let pixels = before.chunks(10).zip(after.chunks(10));
        for (i, ((before, after), blank)) in pixels.zip(images.blank()).enumerate() {
            assert_eq!(before == after, blank, "pixel {i}");
        }
    }
}
