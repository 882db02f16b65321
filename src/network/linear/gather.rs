//! Values picked from a level, in any order: nothing is added up.

use ndarray::{ArrayView2, ArrayViewMut2};

use super::{About, Role, Ties};
use crate::error::Invalid;
use crate::network::{Bounds, Domain, LARGEST_LEVEL};
use crate::words::grouped;

/// `y_j = x_i` for the index i of unit j; 0 without one, and then there is no tie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gather {
    inputs: usize,
    indices: Vec<Option<usize>>,
}

impl Gather {
    pub(super) const ABOUT: About = About {
        name: "gather",
        noun: "gather layer",
        role: Role::Routing,
    };

    /// The map that picks these of `inputs` values; none is the constant 0.
    ///
    /// # Errors
    ///
    /// [`Invalid`] when an index is not that of an input, or there are no indices, or too many.
    pub fn new(inputs: usize, indices: Vec<Option<usize>>) -> Result<Self, Invalid> {
        if !(1..=LARGEST_LEVEL).contains(&indices.len()) {
            let expected = format!("expected between 1 and {} indices", grouped(LARGEST_LEVEL));
            return Err(Invalid::new("indices", expected, indices.len()));
        }
        let outside = |index: &Option<usize>| index.is_some_and(|i| i >= inputs);
        if let Some(k) = indices.iter().position(outside) {
            let found = indices[k].map_or_else(String::new, |i| i.to_string());
            let expected = match inputs {
                0 => "expected null, as there is nothing to pick from".to_owned(),
                _ => format!("expected an index from 0 to {}, or null", inputs - 1),
            };
            return Err(Invalid::new(format!("indices[{k}]"), expected, found));
        }
        Ok(Self { inputs, indices })
    }

    /// The map whose every unit is the constant 0.
    pub(super) fn nothing([inputs, outputs]: [usize; 2]) -> Self {
        Self {
            inputs,
            indices: vec![None; outputs],
        }
    }

    /// The index of every unit.
    pub fn indices(&self) -> &[Option<usize>] {
        &self.indices
    }

    pub(super) fn levels(&self) -> [usize; 2] {
        [self.inputs, self.indices.len()]
    }

    pub(super) fn apply(&self, x: ArrayView2<f64>, mut y: ArrayViewMut2<f64>) {
        for (x, y) in x.rows().into_iter().zip(y.rows_mut()) {
            for (y, index) in y.into_iter().zip(&self.indices) {
                *y = index.map_or(0.0, |i| x[i]);
            }
        }
    }

    /// An input that several units pick adds them up in their order.
    pub(super) fn adjoint(&self, y: ArrayView2<f64>, mut x: ArrayViewMut2<f64>) {
        x.fill(0.0);
        for (y, mut x) in y.rows().into_iter().zip(x.rows_mut()) {
            for (y, index) in y.iter().zip(&self.indices) {
                if let Some(i) = *index {
                    x[i] += y;
                }
            }
        }
    }

    pub(super) fn ties(&self, j: usize) -> Ties {
        let index = self.indices[j];
        Ties::equal(usize::from(index.is_some()), index.unwrap_or(0))
    }

    pub(super) fn domain(&self, inputs: &Domain) -> Domain {
        match inputs {
            Domain::Box(Bounds::Same(_)) if self.indices.iter().all(Option::is_some) => {
                inputs.clone()
            }
            Domain::Box(bounds) => {
                let picked = |index: &Option<usize>| index.map_or([0.0; 2], |i| bounds.at(i));
                Domain::Box(Bounds::Each(self.indices.iter().map(picked).collect()))
            }
            Domain::NonNegative | Domain::Unbounded => inputs.clone(),
        }
    }

    /// What is wrong with the map on a level of `units` units, which are not its inputs.
    pub(super) fn misfit(&self, units: usize) -> Invalid {
        let expected = format!("expected indices into {units} values");
        Invalid::new("indices", expected, format!("indices into {}", self.inputs))
    }
}

#[cfg(test)]
mod tests {
    use super::{Bounds, Domain, Gather};
    use crate::network::linear::Linear;

    fn gather(inputs: usize, indices: &[Option<usize>]) -> Gather {
        Gather::new(inputs, indices.to_vec()).expect("inside")
    }

    #[test]
    fn bounds_are_those_of_what_is_picked_and_0_of_nothing() {
        let each = |each: &[[f64; 2]]| Domain::Box(Bounds::Each(each.to_vec()));
        let same = Domain::Box(Bounds::Same([-1.0, 2.0]));
        let (whole, part) = (
            gather(2, &[Some(1), Some(0), Some(1)]),
            gather(2, &[None, Some(1)]),
        );
        assert_eq!(whole.domain(&same), same);
        assert_eq!(part.domain(&same), each(&[[0.0, 0.0], [-1.0, 2.0]]));
        let inputs = each(&[[-3.0, 0.0], [1.0, 4.0]]);
        let expected = each(&[[1.0, 4.0], [-3.0, 0.0], [1.0, 4.0]]);
        assert_eq!(whole.domain(&inputs), expected);
        assert_eq!(part.domain(&inputs), each(&[[0.0, 0.0], [1.0, 4.0]]));
        for open in [Domain::NonNegative, Domain::Unbounded] {
            assert_eq!(part.domain(&open), open);
        }
    }

    #[test]
    fn indices_that_are_none_or_outside_are_refused() {
        for (inputs, indices, expected) in [
            (
                3,
                vec![],
                "indices: expected between 1 and 134,217,728 indices, found 0",
            ),
            (
                3,
                vec![Some(2), None, Some(3)],
                "indices[2]: expected an index from 0 to 2, or null, found 3",
            ),
            (
                0,
                vec![None, Some(0)],
                "indices[1]: expected null, as there is nothing to pick from, found 0",
            ),
        ] {
            let refused = Gather::new(inputs, indices).expect_err("no gather");
            assert_eq!(refused.to_string(), expected);
        }
        let misfit = Linear::Gather(gather(3, &[None])).check_inputs(2);
        assert_eq!(
            misfit.expect_err("another level").to_string(),
            "indices: expected indices into 2 values, found indices into 3"
        );
    }
}
