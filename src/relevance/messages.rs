//! The messages `R_{i←j}`: what a unit hands to each of its inputs.

use ndarray::{Array2, ArrayView1, Axis};

use super::explain::Explainer;
use super::propagate::Scratch;

impl Explainer<'_> {
    /// `Σ_{j in group} R_{i←j}` for groups of units of level `layer`, at least 1: groups × inputs.
    ///
    /// `x` holds the activations of the level below, `r` the relevance of the level. The same formula as ever: each group
    /// is a sample in which nothing else carries relevance, so that the messages to an input sum to its relevance, and
    /// those of a unit to what it handed on.
    ///
    /// # Panics
    ///
    /// When there is no such layer, or a group names a unit that is not there.
    pub fn messages(
        &self,
        layer: usize,
        x: &[f64],
        r: &[f64],
        groups: &[Vec<usize>],
    ) -> Array2<f64> {
        let mut above = Array2::zeros((groups.len(), r.len()));
        for (mut row, group) in above.rows_mut().into_iter().zip(groups) {
            for &j in group {
                row[j] = r[j];
            }
        }
        let x = ArrayView1::from(x).insert_axis(Axis(0));
        let mut same = Array2::zeros((groups.len(), x.ncols()));
        same.assign(&x);
        let mut below = Array2::zeros(same.dim());
        self.rule(layer).redistribute(
            layer,
            same.view(),
            above.view(),
            below.view_mut(),
            &mut Scratch::default(),
            &mut Vec::new(),
        );
        below
    }
}
