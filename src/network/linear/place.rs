//! One branch of an addition or of a concatenation: every value keeps its weight of 1 and gets its place.

use ndarray::{ArrayView2, ArrayViewMut2, s};

use super::{About, Linear, Reweighing, Role, Scale, Ties};
use crate::error::Invalid;
use crate::network::Domain;

/// `y_(offset + i) = x_i`, and every other y is 0: a branch of a concatenation, or, where the places are as many as the
/// inputs, of an addition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    inputs: usize,
    offset: usize,
    outputs: usize,
}

impl Place {
    pub(super) const ADDITION: About = About {
        name: "add",
        noun: "addition",
        role: Role::Addition,
    };
    pub(super) const CONCATENATION: About = About {
        name: "concat",
        noun: "concatenation",
        role: Role::Routing,
    };

    /// The branch of `inputs` values whose first one is the `offset`-th of `outputs`.
    ///
    /// # Errors
    ///
    /// [`Invalid`] when there are no inputs, or fewer places than they need.
    pub fn new(inputs: usize, offset: usize, outputs: usize) -> Result<Self, Invalid> {
        let fits = offset.checked_add(inputs).is_some_and(|end| end <= outputs);
        if inputs == 0 || !fits {
            return Err(Invalid::new(
                "from",
                format!("expected a branch that fits into {outputs} places"),
                format!("{inputs} values from place {offset} on"),
            ));
        }
        Ok(Self {
            inputs,
            offset,
            outputs,
        })
    }

    /// The place of the first input.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Whether it is a branch of an addition.
    pub(super) fn is_addition(self) -> bool {
        self.inputs == self.outputs
    }

    pub(super) fn levels(self) -> [usize; 2] {
        [self.inputs, self.outputs]
    }

    pub(super) fn apply(self, x: ArrayView2<f64>, mut y: ArrayViewMut2<f64>) {
        if !self.is_addition() {
            y.fill(0.0);
        }
        y.slice_mut(s![.., self.offset..self.offset + self.inputs])
            .assign(&x);
    }

    /// Adds to what `y` holds.
    pub(super) fn accumulate(self, x: ArrayView2<f64>, mut y: ArrayViewMut2<f64>) {
        let mut places = y.slice_mut(s![.., self.offset..self.offset + self.inputs]);
        places += &x;
    }

    pub(super) fn adjoint(self, y: ArrayView2<f64>, mut x: ArrayViewMut2<f64>) {
        x.assign(&y.slice(s![.., self.offset..self.offset + self.inputs]));
    }

    pub(super) fn ties(self, j: usize) -> Ties {
        let input = j.checked_sub(self.offset).filter(|&i| i < self.inputs);
        Ties::equal(usize::from(input.is_some()), input.unwrap_or(0))
    }

    /// The branch of an addition with other weights: all 1, all 0, or raised.
    pub(super) fn reweighed(self, reweighing: Reweighing) -> Linear {
        let is_same = !matches!(
            reweighing,
            Reweighing::Negative | Reweighing::RaisedPositive(_)
        );
        let [w, again] = reweighing.factors(1.0);
        match Scale::new(vec![w * again], self.inputs) {
            Ok(scale) if !is_same => Linear::Scale(scale),
            _ => Linear::Place(self),
        }
    }

    /// Every interval gets its place; the other values are 0.
    pub(super) fn domain(self, inputs: &Domain) -> Domain {
        if self.is_addition() {
            return inputs.clone();
        }
        let mut each = vec![[0.0; 2]; self.outputs];
        let places = each[self.offset..].iter_mut().take(self.inputs);
        for (i, place) in places.enumerate() {
            *place = inputs.at(i);
        }
        Domain::of(each)
    }

    /// What is wrong with the map on a level of `units` units, which are not its inputs.
    pub(super) fn misfit(self, units: usize) -> Invalid {
        let expected = format!("expected a level of {} units", self.inputs);
        Invalid::new("from", expected, units)
    }
}

#[cfg(test)]
mod tests {
    use super::Place;
    use crate::network::linear::{Linear, Reweighing, Scale};
    use crate::network::{Bounds, Domain};

    #[test]
    fn a_branch_has_its_places_where_it_was_put_and_fits_there() {
        let place = Place::new(3, 2, 5).expect("it fits");
        assert_eq!(place.offset(), 2);
        let inputs: Vec<Option<usize>> = (0..5)
            .map(|j| place.ties(j).next().map(|tie| tie.input))
            .collect();
        assert_eq!(inputs, [None, None, Some(0), Some(1), Some(2)]);
        for (inputs, offset, outputs) in [(3, 3, 5), (0, 0, 5), (1, usize::MAX, 5)] {
            let refused = Place::new(inputs, offset, outputs).expect_err("it does not fit");
            let expected = format!(
                "from: expected a branch that fits into 5 places, found {inputs} values from place {offset} on"
            );
            assert_eq!(refused.to_string(), expected);
        }
        let misfit = Linear::Place(place)
            .check_inputs(4)
            .expect_err("another level");
        assert_eq!(
            misfit.to_string(),
            "from: expected a level of 3 units, found 4"
        );
    }

    #[test]
    fn a_branch_of_an_addition_stays_one_where_its_weights_stay_1() {
        let place = Place::new(2, 0, 2).expect("it fits");
        let scaled = |weight| Linear::Scale(Scale::new(vec![weight], 2).expect("finite"));
        for (reweighing, expected) in [
            (Reweighing::Same, Linear::Place(place)),
            (Reweighing::Squared, Linear::Place(place)),
            (Reweighing::Positive, Linear::Place(place)),
            (Reweighing::Negative, scaled(0.0)),
            (Reweighing::RaisedPositive(0.5), scaled(1.5)),
            (Reweighing::RaisedNegative(0.5), Linear::Place(place)),
            (Reweighing::Ones, Linear::Place(place)),
            (Reweighing::Present, Linear::Place(place)),
        ] {
            assert_eq!(place.reweighed(reweighing), expected, "{reweighing:?}");
        }
    }

    #[test]
    fn what_stands_beside_a_branch_is_0() {
        let place = |offset, outputs| Place::new(2, offset, outputs).expect("it fits");
        let each = Bounds::Each(vec![[-1.0, 2.0], [0.5, 3.0]]);
        let domain = Domain::Box(each);
        let wider = Bounds::Each(vec![[0.0, 0.0], [-1.0, 2.0], [0.5, 3.0], [0.0, 0.0]]);
        assert_eq!(place(1, 4).domain(&domain), Domain::Box(wider));
        assert_eq!(place(0, 2).domain(&domain), domain);
        let zero = Domain::Box(Bounds::Same([0.0, 0.0]));
        assert_eq!(place(1, 4).domain(&zero), zero);
    }
}
