//! A batch's values on every level of a network, in buffers that are made once and used again.

use ndarray::{Array2, ArrayView2, ArrayViewMut2, s};

use super::Network;

/// One matrix a level, samples × units, input first.
///
/// A batch that is no larger than an earlier one allocates nothing.
#[derive(Debug, Clone, Default)]
pub struct Levels {
    buffers: Vec<Array2<f64>>,
    rows: usize,
}

impl Levels {
    /// Makes space for `rows` samples on every level of `network`; what the levels hold then is not said.
    pub fn fit(&mut self, network: &Network, rows: usize) {
        let units = network.units();
        let fits = self.buffers.len() == units.len()
            && self
                .buffers
                .iter()
                .zip(&units)
                .all(|(buffer, &units)| buffer.nrows() >= rows && buffer.ncols() == units);
        if !fits {
            self.buffers = units
                .iter()
                .map(|&units| Array2::zeros((rows, units)))
                .collect();
        }
        self.rows = rows;
    }

    /// Number of levels: one more than the network has layers.
    pub fn len(&self) -> usize {
        self.buffers.len()
    }

    /// Whether nothing has been computed yet.
    pub fn is_empty(&self) -> bool {
        self.buffers.is_empty()
    }

    /// Number of samples in the batch.
    pub fn samples(&self) -> usize {
        self.rows
    }

    /// One level of the batch, samples × units; 0 is the input.
    ///
    /// # Panics
    ///
    /// When there is no such level.
    pub fn level(&self, level: usize) -> ArrayView2<'_, f64> {
        self.buffers[level].slice(s![..self.rows, ..])
    }

    /// The same, to write on.
    pub(crate) fn level_mut(&mut self, level: usize) -> ArrayViewMut2<'_, f64> {
        self.buffers[level].slice_mut(s![..self.rows, ..])
    }

    /// The levels below level `level` to read, and it to write on.
    pub(crate) fn up_to(&mut self, level: usize) -> (Below<'_>, ArrayViewMut2<'_, f64>) {
        let (below, above) = self.buffers.split_at_mut(level);
        let rows = self.rows;
        let made = above[0].slice_mut(s![..rows, ..]);
        let buffers = below;
        (Below { buffers, rows }, made)
    }

    /// Level `level` to write on and a level `above` it to read.
    pub(crate) fn step_down(
        &mut self,
        level: usize,
        above: usize,
    ) -> (ArrayViewMut2<'_, f64>, ArrayView2<'_, f64>) {
        let (low, high) = self.buffers.split_at_mut(above);
        (
            low[level].slice_mut(s![..self.rows, ..]),
            high[0].slice(s![..self.rows, ..]),
        )
    }
}

/// The levels that a layer may read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Below<'a> {
    buffers: &'a [Array2<f64>],
    rows: usize,
}

impl<'a> Below<'a> {
    /// One of them, samples × units.
    pub(crate) fn level(self, level: usize) -> ArrayView2<'a, f64> {
        self.buffers[level].slice(s![..self.rows, ..])
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::Levels;
    use crate::network::{Activation, Input, Layer, Network};

    fn network(inputs: usize, units: usize) -> Network {
        let weights = Array2::ones((inputs, units));
        let layer = Layer::dense(weights, Vec::new(), Activation::Identity).expect("a layer");
        Network::new(Input::flat(inputs), vec![layer]).expect("a network")
    }

    #[test]
    fn a_batch_that_is_no_larger_than_an_earlier_one_takes_its_place() {
        let (mut levels, network) = (Levels::default(), network(3, 2));
        levels.fit(&network, 4);
        for rows in [4, 2, 4] {
            let before = levels.level(0).as_ptr();
            levels.fit(&network, rows);
            assert_eq!(levels.level(0).as_ptr(), before, "{rows} rows");
            assert_eq!(levels.level(1).dim(), (rows, 2));
        }
    }

    #[test]
    fn the_same_levels_serve_one_network_after_another_and_batches_of_any_size() {
        let mut levels = Levels::default();
        assert!(levels.is_empty());
        for (inputs, units, samples) in [(3, 2, 4), (3, 2, 1), (2, 5, 1), (2, 5, 6), (3, 2, 2)] {
            let x = Array2::from_elem((samples, inputs), 2.0);
            let network = network(inputs, units);
            network.forward(x.view(), &mut levels).expect("finite");
            assert!(!levels.is_empty());
            assert_eq!((levels.len(), levels.samples()), (2, samples));
            assert_eq!(levels.level(0), x);
            let sum = 2.0 * inputs as f64;
            assert_eq!(levels.level(1), Array2::from_elem((samples, units), sum));
        }
    }
}
