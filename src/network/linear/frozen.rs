//! A map as it is at one batch of samples: linear, whatever it chooses by.

use ndarray::{Array2, ArrayView2, ArrayViewMut2};

use super::Linear;
use super::max_pool2d::Winners;
use super::reweighed::{Making, Reweighed};
use super::strips::InStrips;

/// A map at a batch of samples.
#[derive(Debug, Clone)]
pub struct Frozen<'m>(Choice<'m>);

#[derive(Debug, Clone)]
enum Choice<'m> {
    /// The map is the same at every sample.
    Fixed(&'m Linear),
    /// The same, with weights that are made when they are used.
    InStrips(&'m InStrips<'m>),
    /// The samples decide.
    Chosen(Winners),
}

impl Linear {
    /// The map as it is at the samples x, samples × inputs. `constants[i]` says that input i is 0 whatever the network's
    /// input is.
    pub fn at<'m>(&'m self, x: ArrayView2<f64>, constants: Option<&[bool]>) -> Frozen<'m> {
        Frozen(match self {
            Self::MaxPool2d(pool) => Choice::Chosen(pool.winners(x, constants)),
            _ => Choice::Fixed(self),
        })
    }

    /// What [`Frozen::adjoint`] is where no sample decides.
    fn adjoint(&self, y: ArrayView2<f64>, x: ArrayViewMut2<f64>) {
        match self {
            Self::Dense(map) => map.adjoint(y, x),
            Self::Conv2d(map) => map.adjoint(y, x),
            Self::SumPool(map) => map.adjoint(y, x),
            Self::Pool2d(map) => map.adjoint(y, x),
            Self::MaxPool2d(_) => unreachable!("a max pool is frozen at its winners"),
            Self::Place(map) => map.adjoint(y, x),
            // A diagonal matrix is its own transpose.
            Self::Scale(map) => map.apply(y, x),
            Self::Gather(map) => map.adjoint(y, x),
        }
    }

    /// Adds `Σ_i x_i w_ij` to what `y` holds, for every row x of a batch; shapes as those of [`apply`](Self::apply).
    pub fn accumulate(&self, x: ArrayView2<f64>, mut y: ArrayViewMut2<f64>) {
        if let Self::Place(map) = self {
            return map.accumulate(x, y);
        }
        let mut part = Array2::zeros(y.dim());
        self.apply(x, part.view_mut());
        y += &part;
    }

    /// The input that unit j hands on, of a map that chooses one by the values x: none where it is a constant.
    pub fn chosen<T: PartialOrd>(
        &self,
        j: usize,
        x: &[T],
        constants: Option<&[bool]>,
    ) -> Option<Option<usize>> {
        match self {
            Self::MaxPool2d(pool) => Some(pool.winner(j, x, constants)),
            _ => None,
        }
    }
}

impl Reweighed<'_> {
    /// The map as it is at the samples x, as [`Linear::at`].
    pub fn at<'m>(&'m self, x: ArrayView2<f64>, constants: Option<&[bool]>) -> Frozen<'m> {
        match &self.0 {
            Making::Kept(map) => map.at(x, constants),
            Making::InStrips(map) => Frozen(Choice::InStrips(map)),
        }
    }
}

impl Frozen<'_> {
    /// `y_j = Σ_i x_i w_ij` for every row x of a batch.
    ///
    /// `x` is samples × inputs, `y` samples × outputs; what `y` held is overwritten. Where the samples decide, they are as
    /// many as those that the map was frozen at, in their order.
    pub fn apply(&self, x: ArrayView2<f64>, y: ArrayViewMut2<f64>) {
        match &self.0 {
            Choice::Fixed(map) => map.apply(x, y),
            Choice::InStrips(map) => map.apply(x, y),
            Choice::Chosen(winners) => winners.apply(x, y),
        }
    }

    /// `x_i = Σ_j w_ij y_j` for every row y of a batch.
    ///
    /// `y` is samples × outputs, `x` samples × inputs; what `x` held is overwritten. The samples are as with
    /// [`apply`](Self::apply).
    pub fn adjoint(&self, y: ArrayView2<f64>, x: ArrayViewMut2<f64>) {
        match &self.0 {
            Choice::Fixed(map) => map.adjoint(y, x),
            Choice::InStrips(map) => map.adjoint(y, x),
            Choice::Chosen(winners) => winners.adjoint(y, x),
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use crate::network::linear::tests::{applied, maps, max_pools};

    #[test]
    fn what_a_map_accumulates_is_added_to_what_is_there() {
        for map in maps() {
            let there = |(i, j): (usize, usize)| (i * 3 + j) as f64 + 0.5;
            let mut y = Array2::from_shape_fn((map.inputs(), map.outputs()), there);
            let expected = &applied(&map) + &y;
            map.accumulate(Array2::eye(map.inputs()).view(), y.view_mut());
            assert_eq!(y, expected, "{map:?}");
        }
    }

    #[test]
    fn a_frozen_max_pool_is_tied_to_the_largest_input_of_each_window() {
        for map in max_pools() {
            let (inputs, outputs) = (map.inputs(), map.outputs());
            let x = Array2::from_shape_fn((2, inputs), |(n, i)| ((i + n) * 5 % 7) as f64 - 3.0);
            let mut y = Array2::zeros((2, outputs));
            map.apply(x.view(), y.view_mut());
            for (x, y) in x.rows().into_iter().zip(y.rows()) {
                let frozen = |samples| {
                    let x = x.broadcast((samples, inputs)).expect("a row");
                    map.at(x, None)
                };
                let mut up = Array2::zeros((inputs, outputs));
                frozen(inputs).apply(Array2::eye(inputs).view(), up.view_mut());
                let mut down = Array2::zeros((outputs, inputs));
                frozen(outputs).adjoint(Array2::eye(outputs).view(), down.view_mut());
                assert_eq!(up, down.t(), "{map:?}");
                assert_eq!(x.dot(&up), y, "{map:?}");
                for (j, y) in y.iter().enumerate() {
                    let most = (map.ties(j)).map(|tie| x[tie.input]).reduce(f64::max);
                    assert_eq!(most, Some(*y), "{map:?}");
                }
            }
        }
    }
}
