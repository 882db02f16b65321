//! The forward pass: inputs → activations of every level.

use ndarray::{ArrayView2, ArrayViewMut2};

use super::instructions::vectorised;
use super::rows::{each_piece, each_row, row, sum, write_each_piece};
use super::{Layer, Levels, Network};
use crate::error::Error;

impl Network {
    /// Computes the activations of every level for a batch of samples.
    ///
    /// `samples` is samples × inputs. Level 0 of `activations` becomes a copy of it, level l the output of
    /// layer l.
    ///
    /// # Errors
    ///
    /// [`Error::Overflow`], naming layer, unit and sample, where a value leaves the range of f64; [`Error::Unreadable`] where a
    /// file that weights stay in was written to.
    ///
    /// # Panics
    ///
    /// When `samples` has not as many columns as the network has inputs.
    pub fn forward(&self, samples: ArrayView2<f64>, activations: &mut Levels) -> Result<(), Error> {
        activations.fit(self, samples.nrows());
        copy(samples, activations.level_mut(0));
        for (level, layer) in self.by_level() {
            let (below, mut made) = activations.up_to(level);
            let x: Vec<_> = layer.sources().map(|from| below.level(from)).collect();
            layer.weigh(&x, made.view_mut());
            if !layer.activate(made.view_mut()) {
                self.check_unchanged()?;
                return Err(overflow(level, made.view()));
            }
        }
        self.check_unchanged()
    }
}

impl Layer {
    /// `z_j = Σ_k Σ_i x_i w_ij + b_j` over the branches k, for every sample of a batch; `x` has the values that each branch
    /// reads, samples × inputs.
    pub(crate) fn pre_activations(&self, x: &[ArrayView2<f64>], mut z: ArrayViewMut2<f64>) {
        self.weigh(x, z.view_mut());
        each_row(z, |_, z| self.add_bias(0, z));
    }

    /// The same without bias.
    fn weigh(&self, x: &[ArrayView2<f64>], mut z: ArrayViewMut2<f64>) {
        if let ([branch], [x]) = (self.branches(), x) {
            return branch.map().apply(*x, z);
        }
        z.fill(0.0);
        for (branch, x) in self.branches().iter().zip(x) {
            branch.map().accumulate(*x, z.view_mut());
        }
    }

    /// Adds the bias and applies the activation, in place; false where a pre-activation is not finite, and
    /// then the sample's row is left as it is.
    fn activate(&self, z: ArrayViewMut2<f64>) -> bool {
        let finite = each_row(z, |_, row| {
            write_each_piece(row, |first, z| self.add_bias(first, z));
            // 0·z is 0 for every finite z and NaN for the others.
            let finite = each_piece(row.len(), |piece| sum(&row[piece], |z| z * 0.0));
            let finite = finite.into_iter().all(|sum| sum == 0.0);
            if finite && self.activation().detects() {
                write_each_piece(row, |_, z| self.activation().each(z));
            }
            finite
        });
        finite.into_iter().all(|finite| finite)
    }

    /// Adds their biases to the values from the `first` unit on.
    fn add_bias(&self, first: usize, z: &mut [f64]) {
        let (bias, each) = (self.bias(), self.units_per_bias());
        if bias.is_empty() {
            return;
        }
        if each == 1 {
            let values = z.iter_mut().zip(&bias[first..]);
            return vectorised(
                #[inline(always)]
                || values.for_each(|(z, b)| *z += b),
            );
        }
        let (mut unit, mut rest) = (first, z);
        while !rest.is_empty() {
            let length = (each - unit % each).min(rest.len());
            let (channel, others) = rest.split_at_mut(length);
            for z in channel {
                *z += bias[unit / each];
            }
            (unit, rest) = (unit + length, others);
        }
    }
}

/// Copies a batch, samples × inputs, of any layout.
fn copy(from: ArrayView2<f64>, mut to: ArrayViewMut2<f64>) {
    if from.is_standard_layout() {
        each_row(to, |sample, to| to.copy_from_slice(row(&from, sample)));
    } else {
        to.assign(&from);
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

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::{Error, Layer, Levels, Network};
    use crate::network::linear::{Linear, Scale};
    use crate::network::{Activation, Input, Shape};

    /// Three channels of enough values for several pieces, none of which begins where a channel does.
    const CHANNELS: [usize; 3] = [3, 1, 30_001];

    fn scaled(weight: f64, bias: Vec<f64>) -> Network {
        let units = CHANNELS.iter().product();
        let map = Linear::Scale(Scale::new(vec![weight], units).expect("finite"));
        let layer = Layer::new(map, Shape::Image(CHANNELS), bias, Activation::Relu);
        Network::new(Input::flat(units), vec![layer.expect("a layer")]).expect("a network")
    }

    #[test]
    fn every_unit_of_a_large_level_gets_the_bias_of_its_channel_or_its_own() {
        let units: usize = CHANNELS.iter().product();
        let x = Array2::from_shape_fn((2, units), |(n, i)| (n + i % 5) as f64);
        for bias in [
            vec![1.0, -2.0, 0.5],
            (0..units).map(|j| (j % 7) as f64 - 3.0).collect(),
            vec![],
        ] {
            let network = scaled(2.0, bias.clone());
            let mut levels = Levels::default();
            network.forward(x.view(), &mut levels).expect("finite");
            let each = units / bias.len().max(1);
            let mut z = Array2::zeros((2, units));
            network.layer(1).pre_activations(&[x.view()], z.view_mut());
            for ((n, j), x) in x.indexed_iter() {
                let expected = 2.0 * x + bias.get(j / each).unwrap_or(&0.0);
                assert_eq!(z[[n, j]].to_bits(), expected.to_bits(), "{n}, {j}");
                let value = levels.level(1)[[n, j]];
                assert_eq!(value.to_bits(), expected.max(0.0).to_bits(), "{n}, {j}");
            }
        }
    }

    #[test]
    fn what_leaves_f64_is_named_by_layer_sample_and_unit() {
        let units: usize = CHANNELS.iter().product();
        let network = scaled(10.0, vec![]);
        for (sample, unit) in [(0, 0), (1, 70_000), (2, units - 1)] {
            for beyond in [1e308, -1e308] {
                let mut x = Array2::zeros((3, units));
                x[[sample, unit]] = beyond;
                let error = network
                    .forward(x.view(), &mut Levels::default())
                    .expect_err("it is beyond f64");
                let Error::Overflow {
                    what,
                    layer,
                    unit: found,
                    sample: of,
                } = error
                else {
                    panic!("an overflow: {error}");
                };
                assert_eq!((what, layer, found, of), ("activation", 1, unit, sample));
            }
        }
    }

    #[test]
    fn samples_are_read_in_any_layout() {
        let network: Network = r#"{ "input": { "shape": [3] }, "layers": [
            { "type": "sum_pool", "name": "a" }, { "type": "concat", "from": ["a", "input"] } ] }"#
            .parse()
            .expect("a network");
        let x = array![[1.0, 2.0], [10.0, 20.0], [100.0, 200.0]];
        let mut levels = Levels::default();
        network.forward(x.t(), &mut levels).expect("finite");
        assert_eq!(levels.level(0), x.t());
        let expected = array![[111.0, 1.0, 10.0, 100.0], [222.0, 2.0, 20.0, 200.0]];
        assert_eq!(levels.level(2), expected);
    }
}
