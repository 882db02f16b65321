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

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::Scale;
    use crate::network::linear::Linear;
    use crate::network::{Bounds, Domain};

    fn scale(weights: &[f64], each: usize) -> Scale {
        Scale::new(weights.to_vec(), each).expect("finite")
    }

    #[test]
    fn a_weight_is_that_of_so_many_values() {
        let map = scale(&[2.0, -3.0], 3);
        assert_eq!((map.each(), map.weights()), (3, &[2.0, -3.0][..]));
        assert_eq!(map.levels(), [6, 6]);
        let weights: Vec<f64> = map.of_values().collect();
        assert_eq!(weights, [2.0, 2.0, 2.0, -3.0, -3.0, -3.0]);
        let x = array![
            [1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
            [0.0, 0.0, 7.0, 0.0, 1.0, 0.0]
        ];
        let error = array![
            [1.0, 1.0, 2.0, 1.0, 0.0, 3.0],
            [5.0, 5.0, 1.0, 5.0, -2.0, 5.0]
        ];
        // 1 + 2 + 6 + 7, and 4 + 18 − 2.
        assert_eq!(map.gradient(x.view(), error.view()), [16.0, 20.0]);
    }

    #[test]
    fn weights_that_are_none_or_of_no_values_are_refused() {
        for (weights, each, expected) in [
            (
                &[][..],
                2,
                "weights: expected weights for between 1 and 134,217,728 values, found 0 of them, each for 2 values",
            ),
            (
                &[1.0],
                0,
                "weights: expected weights for between 1 and 134,217,728 values, found 1 of them, each for 0 values",
            ),
            (
                &[1.0, f64::NAN],
                2,
                "weights[1]: expected a finite number, found NaN",
            ),
        ] {
            let refused = Scale::new(weights.to_vec(), each).expect_err("no scale");
            assert_eq!(refused.to_string(), expected);
        }
        let misfit = Linear::Scale(scale(&[1.0, 2.0], 3)).check_inputs(5);
        assert_eq!(
            misfit.expect_err("another level").to_string(),
            "weights: expected weights for 5 values, found weights for 6"
        );
    }

    #[test]
    fn bounds_are_multiplied_and_turned_by_a_weight_below_0() {
        let each = |each: &[[f64; 2]]| Domain::Box(Bounds::Each(each.to_vec()));
        let inputs = Domain::Box(Bounds::Same([-1.0, 2.0]));
        assert_eq!(
            scale(&[3.0, -3.0], 1).domain(&inputs),
            each(&[[-3.0, 6.0], [-6.0, 3.0]])
        );
        let open = Domain::Box(Bounds::Same([0.0, f64::INFINITY]));
        assert_eq!(
            scale(&[0.0, 2.0], 1).domain(&open),
            each(&[[0.0, 0.0], [0.0, f64::INFINITY]])
        );
        let (signed, not) = (Domain::Unbounded, Domain::NonNegative);
        assert_eq!(scale(&[1.0, -1.0], 1).domain(&not), signed);
        assert_eq!(scale(&[1.0, 0.0], 1).domain(&not), not);
        assert_eq!(scale(&[1.0, 2.0], 1).domain(&signed), signed);
    }
}
