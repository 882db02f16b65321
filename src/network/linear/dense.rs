//! The dense map: every input is tied to every unit.

use ndarray::{Array2, ArrayView2, ArrayViewMut2, Axis, Zip};

use super::reweighing::scale_of;
use super::{About, Reweighing, Role, Ties};
use crate::error::Invalid;
use crate::network::Domain;
use crate::network::matmul::product;

/// A dense map: `weights[[i, j]] = w_ij`, inputs × units.
#[derive(Debug, Clone, PartialEq)]
pub struct Dense {
    /// Row by row or column by column, as the file has them.
    weights: Array2<f64>,
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
        let (inputs, units) = weights.dim();
        if inputs == 0 || units == 0 {
            return Err(Invalid::new(
                "weights",
                "expected at least one input and one unit",
                format!("{inputs} × {units} weights"),
            ));
        }
        if let Some(((i, j), w)) = weights.indexed_iter().find(|(_, w)| !w.is_finite()) {
            return Err(Invalid::new(
                format!("weights[{i}][{j}]"),
                "expected a finite number",
                w,
            ));
        }
        let in_order = weights.is_standard_layout() || weights.t().is_standard_layout();
        Ok(Self {
            weights: if in_order {
                weights
            } else {
                weights.as_standard_layout().into_owned()
            },
        })
    }

    /// The weights, inputs × units.
    pub fn weights(&self) -> ArrayView2<'_, f64> {
        self.weights.view()
    }

    pub(super) fn levels(&self) -> [usize; 2] {
        self.weights.dim().into()
    }

    pub(super) fn stored(&self) -> &[f64] {
        self.weights
            .as_slice_memory_order()
            .expect("row by row or column by column since it was made")
    }

    /// The same, for training.
    pub(super) fn stored_mut(&mut self) -> &mut [f64] {
        self.weights
            .as_slice_memory_order_mut()
            .expect("row by row or column by column since it was made")
    }

    /// The map over some of its inputs alone.
    pub(super) fn over(&self, inputs: &[usize]) -> Self {
        let weights = self.weights.select(Axis(0), inputs);
        Self {
            weights: weights.as_standard_layout().into_owned(),
        }
    }

    /// Takes on the weights of the map over some of its inputs.
    pub(super) fn take_on(&mut self, inputs: &[usize], part: &Self) {
        for (&i, row) in inputs.iter().zip(part.weights.rows()) {
            self.weights.row_mut(i).assign(&row);
        }
    }

    pub(super) fn apply(&self, x: ArrayView2<f64>, y: ArrayViewMut2<f64>) {
        product(x, self.weights.view(), y);
    }

    pub(super) fn adjoint(&self, y: ArrayView2<f64>, x: ArrayViewMut2<f64>) {
        product(y, self.weights.t(), x);
    }

    pub(super) fn ties(&self, j: usize) -> Ties {
        let (inputs, units) = self.weights.dim();
        let (of_input, of_unit) = if self.weights.is_standard_layout() {
            (units, 1)
        } else {
            (1, inputs)
        };
        Ties::line(inputs, [0, j * of_unit], [1, of_input])
    }

    pub(super) fn by_unit(&self) -> Self {
        let units_first = self.weights.t().as_standard_layout().into_owned();
        Self {
            weights: units_first.reversed_axes(),
        }
    }

    /// What each unit's weights are multiplied by before a rule sees them.
    pub(super) fn scale(&self) -> Vec<f64> {
        let mut largest = vec![0.0_f64; self.weights.ncols()];
        for row in self.weights.rows() {
            for (largest, w) in largest.iter_mut().zip(row) {
                *largest = largest.max(w.abs());
            }
        }
        largest.into_iter().map(scale_of).collect()
    }

    /// By rows, as the weights lie in memory: unit by unit would stride over all of it.
    pub(super) fn least_weight(&self) -> f64 {
        let scale = self.scale();
        let present = |(w, scale): (&f64, &f64)| (*w != 0.0).then(|| w.abs() * scale);
        let rows = self.weights.rows().into_iter();
        rows.flat_map(|row| row.into_iter().zip(&scale).filter_map(present))
            .fold(f64::INFINITY, f64::min)
    }

    pub(super) fn reweighed(&self, reweighing: Reweighing) -> Self {
        let scale = self.scale();
        let mut weights = Array2::zeros(self.weights.dim());
        for (from, to) in self.weights.rows().into_iter().zip(weights.rows_mut()) {
            Zip::from(to)
                .and(from)
                .and(&scale[..])
                .for_each(|to, &w, &scale| *to = reweighing.of(w, scale));
        }
        Self { weights }
    }

    pub(super) fn domain(&self, inputs: &Domain) -> Domain {
        by_signs(self.stored(), inputs)
    }

    /// What is wrong with the map on a level of `units` units, which are not its inputs.
    pub(super) fn misfit(&self, units: usize) -> Invalid {
        let (rows, columns) = self.weights.dim();
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
pub(super) fn by_signs(weights: &[f64], inputs: &Domain) -> Domain {
    let negative_weight = weights.iter().any(|&w| w < 0.0);
    let any_weight = weights.iter().any(|&w| w != 0.0);
    if negative_weight || (inputs.can_be_negative() && any_weight) {
        Domain::Unbounded
    } else {
        Domain::NonNegative
    }
}
