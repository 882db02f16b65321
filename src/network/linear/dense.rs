//! The dense map: every input is tied to every unit.

use ndarray::{Array2, ArrayView2, ArrayViewMut2, ShapeBuilder};

use super::reweighing::scale_of;
use super::strips::{InStrips, reweigh};
use super::{About, Reweighing, Role, Ties};
use crate::error::Invalid;
use crate::network::mapped::Mapped;
use crate::network::matmul::product;
use crate::network::matrix::Matrix;
use crate::network::{Domain, FloatMatrix, FloatSlice};

/// A dense map: `weights[[i, j]] = w_ij`, inputs × units.
#[derive(Debug, Clone, PartialEq)]
pub struct Dense {
    weights: Matrix,
}

impl Dense {
    pub(super) const ABOUT: About = About {
        name: "dense",
        noun: "dense layer",
        role: Role::Weights,
    };

    /// The map of these weights, inputs × units.
    ///
    /// # Errors
    ///
    /// [`Invalid`] when there is no input or no unit, or a weight is not finite.
    pub fn new(weights: Array2<f64>) -> Result<Self, Invalid> {
        Self::of(weights.into())
    }

    /// The same of weights of 32 bits, which stay so in memory: half of what they take in f64. A product of more than one row
    /// widens them at each use, exactly.
    ///
    /// # Errors
    ///
    /// [`Invalid`] as with [`Dense::new`].
    pub fn single(weights: Array2<f32>) -> Result<Self, Invalid> {
        Self::of(weights.into())
    }

    /// The map of weights however they are stored.
    pub(in crate::network) fn of(weights: Matrix) -> Result<Self, Invalid> {
        let (inputs, units) = weights.view().dim();
        if inputs == 0 || units == 0 {
            return Err(Invalid::new(
                "weights",
                "expected at least one input and one unit",
                format!("{inputs} × {units} weights"),
            ));
        }
        let numbers = weights.view().numbers();
        if let Some(k) = numbers.position(|w| !w.is_finite()) {
            let (i, j) = if weights.view().is_by_column() {
                (k % inputs, k / inputs)
            } else {
                (k / units, k % units)
            };
            let path = format!("weights[{i}][{j}]");
            return Err(Invalid::new(
                path,
                "expected a finite number",
                numbers.at(k),
            ));
        }
        Ok(Self { weights })
    }

    /// The weights, inputs × units.
    pub fn weights(&self) -> FloatMatrix<'_> {
        self.weights.view()
    }

    pub(super) fn mapped(&self) -> Option<&Mapped> {
        self.weights.mapped()
    }

    pub(super) fn levels(&self) -> [usize; 2] {
        self.weights().dim().into()
    }

    pub(super) fn stored(&self) -> FloatSlice<'_> {
        self.weights().numbers()
    }

    /// The same, for training.
    pub(super) fn stored_mut(&mut self) -> &mut [f64] {
        self.weights.numbers_mut()
    }

    /// The map over some of its inputs alone.
    pub(super) fn over(&self, inputs: &[usize]) -> Self {
        Self {
            weights: self.weights.select(inputs),
        }
    }

    /// Takes on the weights of the map over some of its inputs.
    pub(super) fn take_on(&mut self, inputs: &[usize], part: &Self) {
        let mut weights = self.weights.to_mut();
        for (&i, row) in inputs.iter().zip(part.weights().to_f64().rows()) {
            weights.row_mut(i).assign(&row);
        }
    }

    pub(super) fn apply(&self, x: ArrayView2<f64>, y: ArrayViewMut2<f64>) {
        match self.stored() {
            FloatSlice::Double(weights) => product(x, self.weights().of(weights), y),
            FloatSlice::Single(_) => InStrips::same(self.weights()).apply(x, y),
        }
    }

    pub(super) fn adjoint(&self, y: ArrayView2<f64>, x: ArrayViewMut2<f64>) {
        match self.stored() {
            FloatSlice::Double(weights) => product(y, self.weights().of(weights).t(), x),
            FloatSlice::Single(_) => InStrips::same(self.weights()).adjoint(y, x),
        }
    }

    pub(super) fn ties(&self, j: usize) -> Ties {
        let [inputs, units] = self.levels();
        let [of_input, of_unit] = if self.weights().is_by_column() {
            [1, inputs]
        } else {
            [units, 1]
        };
        Ties::line(inputs, [0, j * of_unit], [1, of_input])
    }

    pub(super) fn by_unit(&self) -> Self {
        Self {
            weights: self.weights.by_column(),
        }
    }

    /// What each unit's weights are multiplied by before a rule sees them.
    pub(super) fn scale(&self) -> Vec<f64> {
        let largest = self.weights().of_columns(0.0, |_, w| w, f64::max);
        largest.into_iter().map(scale_of).collect()
    }

    pub(super) fn least_weight(&self) -> f64 {
        const NONE: f64 = f64::INFINITY;
        let scale = self.scale();
        let present = |j: usize, w: f64| if w == 0.0 { NONE } else { w * scale[j] };
        let least = self.weights().of_columns(NONE, present, f64::min);
        least.into_iter().fold(NONE, f64::min)
    }

    pub(super) fn reweighed(&self, reweighing: Reweighing) -> Self {
        let (own, scale) = (self.weights(), self.scale());
        let mut weights = Array2::zeros(self.levels().set_f(own.is_by_column()));
        let to = weights.view_mut();
        match own.numbers() {
            FloatSlice::Double(numbers) => reweigh(own.of(numbers), reweighing, Some(&scale), to),
            FloatSlice::Single(numbers) => reweigh(own.of(numbers), reweighing, Some(&scale), to),
        }
        Self {
            weights: weights.into(),
        }
    }

    pub(super) fn domain(&self, inputs: &Domain) -> Domain {
        by_signs(self.stored(), inputs)
    }

    /// What is wrong with the map on a level of `units` units, which are not its inputs.
    pub(super) fn misfit(&self, units: usize) -> Invalid {
        let [rows, columns] = self.levels();
        let invalid = Invalid::new(
            "weights",
            format!("expected {units} rows, one for each unit of the level below"),
            format!("{rows} rows of {columns}"),
        );
        if columns == units {
            invalid.help(
                "PyTorch stores weights as [unit][input]: write \"weights_order\": \"out_in\"",
            )
        } else {
            invalid
        }
    }
}

/// The domain of sums of weighted inputs, by signs alone.
pub(super) fn by_signs(weights: FloatSlice, inputs: &Domain) -> Domain {
    let negative_weight = weights.any(|w| w < 0.0);
    let any_weight = weights.any(|w| w != 0.0);
    if negative_weight || (inputs.can_be_negative() && any_weight) {
        Domain::Unbounded
    } else {
        Domain::NonNegative
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, ShapeBuilder, array};

    use super::Dense;
    use crate::network::Domain;
    use crate::network::linear::Linear;

    #[test]
    fn weights_that_are_none_or_not_finite_are_refused() {
        let refused = |weights| Dense::new(weights).expect_err("no map").to_string();
        for shape in [(0, 2), (2, 0), (0, 0)] {
            let expected = format!(
                "weights: expected at least one input and one unit, found {} × {} weights",
                shape.0, shape.1
            );
            assert_eq!(refused(Array2::zeros(shape)), expected);
        }
        for by_column in [false, true] {
            let mut weights = Array2::zeros((3, 4).set_f(by_column));
            weights[[1, 2]] = f64::NEG_INFINITY;
            let expected = "weights[1][2]: expected a finite number, found -inf";
            assert_eq!(refused(weights), expected);
        }
    }

    #[test]
    fn a_matrix_that_is_transposed_gets_help_and_no_other() {
        let map = Linear::Dense(Dense::new(Array2::zeros((3, 2))).expect("finite"));
        for (units, is_transposed) in [(2, true), (4, false)] {
            let misfit = map.check_inputs(units).expect_err("another level");
            let expected = format!(
                "expected {units} rows, one for each unit of the level below, found 3 rows of 2"
            );
            assert_eq!(misfit.message, expected);
            let help = misfit.help.unwrap_or_default();
            assert_eq!(
                help.contains("\"weights_order\": \"out_in\""),
                is_transposed
            );
        }
    }

    #[test]
    fn sums_can_be_below_0_where_a_weight_or_a_weighted_input_can() {
        let (signed, not) = (Domain::Unbounded, Domain::NonNegative);
        for (weights, inputs, expected) in [
            ([0.0, 1.0], &not, &not),
            ([0.0, 0.0], &not, &not),
            ([0.0, -1.0], &not, &signed),
            ([2.0, -1.0], &signed, &signed),
            ([0.0, 1.0], &signed, &signed),
            ([0.0, 0.0], &signed, &not),
        ] {
            let map = Dense::new(array![[weights[0]], [weights[1]]]).expect("finite");
            assert_eq!(map.domain(inputs), *expected, "{weights:?}");
        }
    }

    #[test]
    fn a_map_over_some_inputs_has_their_weights_and_gives_them_back() {
        let weights = array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]];
        for by_column in [false, true] {
            let mut own = Array2::zeros((3, 2).set_f(by_column));
            own.assign(&weights);
            let mut map = Dense::new(own).expect("finite");
            let mut part = map.over(&[2, 0]);
            assert_eq!(part.weights().to_f64(), array![[5.0, 6.0], [1.0, 2.0]]);
            for w in part.stored_mut() {
                *w *= 10.0;
            }
            map.take_on(&[2, 0], &part);
            let expected = array![[10.0, 20.0], [3.0, 4.0], [50.0, 60.0]];
            assert_eq!(map.weights().to_f64(), expected);
            map.stored_mut()[1] = 7.0;
            let at = if by_column { [1, 0] } else { [0, 1] };
            assert_eq!(map.weights().to_f64()[at].to_bits(), 7.0_f64.to_bits());
        }
    }
}
