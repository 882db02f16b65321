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
