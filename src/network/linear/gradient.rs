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
    use ndarray::{Array2, array};

    use super::{Gradient, ROWS, WEIGHTS};

    #[test]
    fn a_part_of_a_gradient_is_added_to_a_part_of_what_was_there() {
        // The second part begins behind as many weights as are done at once.
        let mut numbers = vec![0.0; WEIGHTS];
        numbers.extend([1.0, -2.0, 3.0]);
        let each = Gradient::Each(numbers);
        let mut a = Array2::zeros((2, ROWS + 2));
        // Of rows ROWS and ROWS + 1: 1·(5, 7) + 2·(11, 13), and 3·(5, 7) + 4·(11, 13).
        for (place, x) in [([0, 0], 1.0), ([1, 0], 2.0), ([0, 1], 3.0), ([1, 1], 4.0)] {
            a[[place[0], ROWS + place[1]]] = x;
        }
        let b = array![[5.0, 7.0], [11.0, 13.0]];
        let product = Gradient::Product {
            a: a.view(),
            b: b.view(),
        };
        assert_eq!([each.at_once(), product.at_once()], [WEIGHTS, 2 * ROWS]);
        for (gradient, expected) in [
            (each, vec![1.0, -2.0, 3.0]),
            (product, vec![27.0, 33.0, 59.0, 73.0]),
        ] {
            // Where nothing is kept it is not looked at.
            for (beta, before) in [(0.0, f64::NAN), (0.5, 10.0), (1.0, 2.0)] {
                let mut found = vec![before; expected.len()];
                gradient.accumulate(1, beta, &mut found);
                let kept = if beta == 0.0 { 0.0 } else { beta * before };
                let expected: Vec<f64> = expected.iter().map(|g| g + kept).collect();
                assert_eq!(found, expected, "{beta}");
            }
        }
    }
}
