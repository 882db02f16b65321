//! The gradient of a map's stored weights, for training: `∂L/∂w_ij = Σ_n x_ni ∂L/∂z_nj` over samples n, and over all ties that
//! share a weight.

use ndarray::{ArrayView2, ArrayViewMut2, s};

use super::Linear;
use crate::network::matmul::accumulate;

/// Rows of a matrix of weights whose gradient is computed and used at once, while they are near; always the same, so that the
/// digits do not depend on the number of threads.
const ROWS: usize = 160;

/// As many single weights, where their gradient is known.
const WEIGHTS: usize = 1 << 12;

/// The gradient of a map's stored weights at a batch of samples.
pub(crate) enum Gradient<'a> {
    /// That of a matrix, `aᵀ·b`, made a few rows at a time; a and b have a row a sample.
    Product {
        a: ArrayView2<'a, f64>,
        b: ArrayView2<'a, f64>,
    },
    /// A number for each weight.
    Each(Vec<f64>),
}

impl Gradient<'_> {
    /// How many weights are best done at once.
    pub(crate) fn at_once(&self) -> usize {
        match self {
            Self::Product { b, .. } => ROWS * b.ncols(),
            Self::Each(_) => WEIGHTS,
        }
    }

    /// `v ← beta·v + g` for the `n`-th of the parts of [so many](Self::at_once) weights. Where `beta` is 0, what `v` held is not
    /// looked at.
    pub(crate) fn accumulate(&self, n: usize, beta: f64, v: &mut [f64]) {
        let first = n * self.at_once();
        match self {
            Self::Product { a, b } => {
                let columns = b.ncols();
                let (first, rows) = (first / columns, v.len() / columns);
                let v = ArrayViewMut2::from_shape((rows, columns), v).expect("whole rows");
                accumulate(a.slice(s![.., first..first + rows]).t(), *b, beta, v);
            }
            Self::Each(gradient) => {
                let values = v.iter_mut().zip(&gradient[first..]);
                if beta == 0.0 {
                    values.for_each(|(v, g)| *v = *g);
                } else {
                    values.for_each(|(v, g)| *v = beta * *v + g);
                }
            }
        }
    }
}

impl Linear {
    /// The gradient of the stored weights, in their order; `x` is samples × inputs, `error` is ∂L/∂z, samples × outputs.
    pub(crate) fn gradient<'a>(
        &self,
        x: ArrayView2<'a, f64>,
        error: ArrayView2<'a, f64>,
    ) -> Gradient<'a> {
        match self {
            Self::Dense(map) if map.weights().is_by_column() => {
                Gradient::Product { a: error, b: x }
            }
            Self::Dense(_) => Gradient::Product { a: x, b: error },
            Self::Conv2d(map) => Gradient::Each(map.gradient(x, error)),
            Self::Scale(map) => Gradient::Each(map.gradient(x, error)),
            Self::SumPool(_)
            | Self::Pool2d(_)
            | Self::MaxPool2d(_)
            | Self::Place(_)
            | Self::Gather(_) => Gradient::Each(Vec::new()),
        }
    }

    /// The [stored](Self::stored) weights, for training: the caller keeps every number finite.
    pub(crate) fn stored_mut(&mut self) -> &mut [f64] {
        match self {
            Self::Dense(map) => map.stored_mut(),
            Self::Conv2d(map) => map.stored_mut(),
            Self::Scale(map) => map.stored_mut(),
            Self::SumPool(_)
            | Self::Pool2d(_)
            | Self::MaxPool2d(_)
            | Self::Place(_)
            | Self::Gather(_) => &mut [],
        }
    }

    /// The same map over some of its inputs, where each input has weights of its own; none elsewhere.
    pub(crate) fn over(&self, inputs: &[usize]) -> Option<Self> {
        match self {
            Self::Dense(map) => Some(Self::Dense(map.over(inputs))),
            _ => None,
        }
    }

    /// Takes on the weights of the same map [over](Self::over) some of its inputs.
    pub(crate) fn take_on(&mut self, inputs: &[usize], part: &Self) {
        if let (Self::Dense(map), Self::Dense(part)) = (self, part) {
            map.take_on(inputs, part);
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, ArrayView2, Axis, ShapeBuilder};

    use super::{Gradient, ROWS, WEIGHTS};
    use crate::network::linear::tests::maps;
    use crate::network::linear::{Dense, Linear};

    /// All parts of a gradient on top of beta times 2.
    fn in_parts(gradient: &Gradient, beta: f64, weights: usize) -> Vec<f64> {
        let mut v = vec![2.0; weights];
        for (n, part) in v.chunks_mut(gradient.at_once()).enumerate() {
            gradient.accumulate(n, beta, part);
        }
        v
    }

    #[test]
    fn a_gradient_of_more_rows_than_are_done_at_once_has_each_at_its_place() {
        // Whole numbers: sums without rounding.
        let (inputs, units) = (2 * ROWS + 7, ROWS + 3);
        let number = |n: usize, i: usize| ((n * 7 + i * 5) % 13) as f64 - 6.0;
        let x = Array2::from_shape_fn((2, inputs), |(n, i)| number(n, i));
        let error = Array2::from_shape_fn((2, units), |(n, j)| number(j, n));
        let products = x.t().dot(&error);
        for by_column in [false, true] {
            let weights = Array2::zeros((inputs, units).set_f(by_column));
            let map = Linear::Dense(Dense::new(weights).expect("finite"));
            let gradient = map.gradient(x.view(), error.view());
            let row = if by_column { inputs } else { units };
            assert_eq!(gradient.at_once(), ROWS * row);
            for beta in [0.0, 0.5] {
                let found = in_parts(&gradient, beta, inputs * units);
                let expected = products.mapv(|g| beta * 2.0 + g);
                let shape = (inputs, units).set_f(by_column);
                let found = ArrayView2::from_shape(shape, &found).expect("a matrix");
                assert_eq!(found, expected, "{by_column}, {beta}");
            }
        }
    }

    #[test]
    fn a_dense_map_alone_has_one_over_some_of_its_inputs() {
        let weights = Array2::from_shape_fn((3, 2), |(i, j)| (2 * i + j) as f64);
        let dense = |weights| Linear::Dense(Dense::new(weights).expect("finite"));
        let mut map = dense(weights.clone());
        let mut part = map.over(&[2]).expect("a map over one input");
        assert_eq!(part, dense(weights.select(Axis(0), &[2])));
        part.stored_mut().fill(9.0);
        map.take_on(&[2], &part);
        assert_eq!(map.stored(), [0.0, 1.0, 2.0, 3.0, 9.0, 9.0]);
        for map in maps() {
            let is_dense = matches!(map, Linear::Dense(_));
            assert_eq!(map.over(&[0]).is_some(), is_dense, "{map:?}");
        }
    }

    #[test]
    fn the_numbers_that_training_changes_are_those_that_are_stored() {
        for map in maps() {
            let stored = map.stored().to_f64();
            assert_eq!(map.clone().stored_mut(), &stored[..], "{map:?}");
        }
    }

    #[test]
    fn a_gradient_that_is_known_is_handed_out_in_parts() {
        let known: Vec<f64> = (0..2 * WEIGHTS + 5).map(|k| k as f64).collect();
        let gradient = Gradient::Each(known.clone());
        for beta in [0.0, 0.5, -1.0] {
            let expected: Vec<f64> = known.iter().map(|g| beta * 2.0 + g).collect();
            assert_eq!(in_parts(&gradient, beta, known.len()), expected);
        }
        let mut v = [f64::NAN; 2];
        gradient.accumulate(0, 0.0, &mut v);
        assert_eq!(v.to_vec(), [0.0, 1.0]);
    }
}
