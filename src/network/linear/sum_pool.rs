//! Sum pooling: every unit adds up a run of neighbouring inputs.

use ndarray::{ArrayView1, ArrayView2, ArrayViewMut2, Axis};

use super::{About, Role, Ties};
use crate::error::Invalid;
use crate::network::rows::sum;
use crate::network::{Bounds, Domain};

/// Sum pooling: `x_k = Σ_j x_j` over runs of `size` consecutive units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SumPool {
    inputs: usize,
    size: usize,
}

impl SumPool {
    pub(super) const ABOUT: About = About {
        name: "sum_pool",
        noun: "sum pool",
        role: Role::Pool,
    };

    /// The pools over every `size` consecutive ones of `inputs` units.
    ///
    /// # Errors
    ///
    /// [`Invalid`] when `size` is 0 or does not divide `inputs`.
    pub fn new(inputs: usize, size: usize) -> Result<Self, Invalid> {
        if inputs == 0 || size == 0 || !inputs.is_multiple_of(size) {
            let expected = format!("expected a number that divides the {inputs} units below");
            return Err(Invalid::new("size", expected, size));
        }
        Ok(Self { inputs, size })
    }

    /// How many neighbouring inputs each unit adds up.
    pub fn size(&self) -> usize {
        self.size
    }

    pub(super) fn levels(self) -> [usize; 2] {
        [self.inputs, self.inputs / self.size]
    }

    pub(super) fn apply(self, x: ArrayView2<f64>, mut y: ArrayViewMut2<f64>) {
        for (x, mut y) in x.rows().into_iter().zip(y.rows_mut()) {
            for (run, y) in x.axis_chunks_iter(Axis(0), self.size).zip(&mut y) {
                *y = total(run);
            }
        }
    }

    pub(super) fn adjoint(self, y: ArrayView2<f64>, mut x: ArrayViewMut2<f64>) {
        for (y, mut x) in y.rows().into_iter().zip(x.rows_mut()) {
            for (mut run, &y) in x.axis_chunks_iter_mut(Axis(0), self.size).zip(&y) {
                run.fill(y);
            }
        }
    }

    pub(super) fn ties(self, j: usize) -> Ties {
        Ties::equal(self.size, j * self.size)
    }

    /// A sum of values lies between the sums of their bounds.
    pub(super) fn domain(self, inputs: &Domain) -> Domain {
        let Domain::Box(bounds) = inputs else {
            return inputs.clone();
        };
        Domain::Box(match bounds {
            Bounds::Same([l, h]) => Bounds::Same([l * self.size as f64, h * self.size as f64]),
            Bounds::Each(each) => {
                let sum = |run: &[[f64; 2]]| {
                    run.iter()
                        .fold([0.0, 0.0], |[l, h], b| [l + b[0], h + b[1]])
                };
                Bounds::Each(each.chunks(self.size).map(sum).collect())
            }
        })
    }

    /// What is wrong with the map on a level of `units` units, which are not its inputs.
    pub(super) fn misfit(self, units: usize) -> Invalid {
        let expected = format!("expected a pool over {units} units");
        Invalid::new("size", expected, self.inputs)
    }
}

/// The sum of a run of values, in one order wherever they lie.
fn total(run: ArrayView1<f64>) -> f64 {
    match run.as_slice() {
        Some(run) => sum(run, |x| x),
        None => sum(&run.to_vec(), |x| x),
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, s};

    use super::{Bounds, Domain, SumPool};
    use crate::network::linear::Linear;

    #[test]
    fn a_pool_whose_size_does_not_divide_its_inputs_is_refused() {
        for (inputs, size) in [(0, 1), (0, 0), (6, 0), (6, 4), (6, 12)] {
            let refused = SumPool::new(inputs, size).expect_err("no pool").to_string();
            let expected = format!(
                "size: expected a number that divides the {inputs} units below, found {size}"
            );
            assert_eq!(refused, expected);
        }
        let pool = SumPool::new(6, 3).expect("2 pools");
        assert_eq!((pool.size(), pool.levels()), (3, [6, 2]));
        let misfit = Linear::SumPool(pool).check_inputs(7);
        assert_eq!(
            misfit.expect_err("another level").to_string(),
            "size: expected a pool over 7 units, found 6"
        );
    }

    #[test]
    fn a_sum_lies_between_the_sums_of_the_bounds() {
        let pool = SumPool::new(4, 2).expect("2 pools");
        let same = |bounds| Domain::Box(Bounds::Same(bounds));
        assert_eq!(pool.domain(&same([-1.0, 3.0])), same([-2.0, 6.0]));
        let inputs = vec![[-1.0, 2.0], [0.5, 4.0], [-3.0, 0.0], [-0.25, 8.0]];
        let sums = vec![[-0.5, 6.0], [-3.25, 8.0]];
        assert_eq!(
            pool.domain(&Domain::Box(Bounds::Each(inputs))),
            Domain::Box(Bounds::Each(sums))
        );
        assert_eq!(pool.domain(&Domain::NonNegative), Domain::NonNegative);
    }

    #[test]
    fn a_sum_has_the_same_bits_wherever_its_values_lie() {
        let pool = SumPool::new(40, 20).expect("2 pools");
        let wide = Array2::from_shape_fn((2, 80), |(n, i)| 1.0 / (3 + n + i * i) as f64);
        let apart = wide.slice(s![.., ..;2]);
        let mut sums = [Array2::zeros((2, 2)), Array2::zeros((2, 2))];
        pool.apply(apart, sums[0].view_mut());
        pool.apply(apart.to_owned().view(), sums[1].view_mut());
        assert_eq!(sums[0], sums[1]);
    }
}
