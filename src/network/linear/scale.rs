//! A scale: every value has a weight of its own or of its channel.

use ndarray::{ArrayView2, ArrayViewMut2};

use super::reweighing::scale_of;
use super::window::units;
use super::{About, Reweighing, Role, Ties};
use crate::error::Invalid;
use crate::network::{Bounds, Domain, LARGEST_LEVEL};
use crate::words::grouped;

/// `y_i = x_i w_c`, c being the channel of value i.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    weights: Vec<f64>,
    /// How many values each weight is for.
    each: usize,
}

impl Scale {
    pub(super) const ABOUT: About = About {
        name: "scale",
        noun: "scale layer",
        role: Role::Routing,
    };

    /// The scale in which value i has weight `weights[i / each]`.
    ///
    /// # Errors
    ///
    /// [`Invalid`] when there are no values or too many, or a weight is not finite.
    pub fn new(weights: Vec<f64>, each: usize) -> Result<Self, Invalid> {
        if units([1, weights.len(), each]).is_none() {
            let expected = format!(
                "expected weights for between 1 and {} values",
                grouped(LARGEST_LEVEL)
            );
            let found = format!("{} of them, each for {each} values", weights.len());
            return Err(Invalid::new("weights", expected, found));
        }
        if let Some((c, w)) = weights.iter().enumerate().find(|(_, w)| !w.is_finite()) {
            let path = format!("weights[{c}]");
            return Err(Invalid::new(path, "expected a finite number", w));
        }
        Ok(Self { weights, each })
    }

    /// The weights, one a channel.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// How many values each weight is for.
    pub fn each(&self) -> usize {
        self.each
    }

    pub(super) fn levels(&self) -> [usize; 2] {
        [self.weights.len() * self.each; 2]
    }

    /// The weight of every value, in order.
    fn of_values(&self) -> impl Iterator<Item = f64> {
        let repeated = |&w: &f64| std::iter::repeat_n(w, self.each);
        self.weights.iter().flat_map(repeated)
    }

    /// Up or down: each value has one tie.
    pub(super) fn apply(&self, x: ArrayView2<f64>, mut y: ArrayViewMut2<f64>) {
        for (x, y) in x.rows().into_iter().zip(y.rows_mut()) {
            let values = y.into_iter().zip(x).zip(self.of_values());
            values.for_each(|((y, x), w)| *y = x * w);
        }
    }

    /// The weights, for training.
    pub(super) fn stored_mut(&mut self) -> &mut [f64] {
        &mut self.weights
    }

    /// `∂L/∂w_c = Σ_n Σ_i x_ni ∂L/∂y_ni`, i over the values of channel c.
    pub(super) fn gradient(&self, x: ArrayView2<f64>, error: ArrayView2<f64>) -> Vec<f64> {
        let mut gradient = vec![0.0; self.weights.len()];
        for (x, error) in x.rows().into_iter().zip(error.rows()) {
            for (i, (x, error)) in x.iter().zip(error).enumerate() {
                gradient[i / self.each] += x * error;
            }
        }
        gradient
    }

    pub(super) fn ties(&self, j: usize) -> Ties {
        Ties::line(1, [j, j / self.each], [0, 0])
    }

    pub(super) fn reweighed(&self, reweighing: Reweighing) -> Self {
        let reweighed = |w: &f64| reweighing.of(*w, scale_of(w.abs()));
        Self {
            weights: self.weights.iter().map(reweighed).collect(),
            each: self.each,
        }
    }

    pub(super) fn domain(&self, inputs: &Domain) -> Domain {
        match inputs {
            Domain::NonNegative if self.weights.iter().any(|&w| w < 0.0) => Domain::Unbounded,
            Domain::Box(bounds) => {
                let each = self.of_values().enumerate().map(|(i, w)| {
                    // 0 times a value without bound is 0.
                    let times = |bound: f64| if w == 0.0 { 0.0 } else { bound * w };
                    let [a, b] = bounds.at(i).map(times);
                    [a.min(b), a.max(b)]
                });
                Domain::Box(Bounds::Each(each.collect()))
            }
            Domain::NonNegative | Domain::Unbounded => inputs.clone(),
        }
    }

    /// What is wrong with the map on a level of `units` units, which are not its inputs.
    pub(super) fn misfit(&self, units: usize) -> Invalid {
        let expected = format!("expected weights for {units} values");
        let [found, _] = self.levels();
        Invalid::new("weights", expected, format!("weights for {found}"))
    }
}
