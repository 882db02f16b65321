//! The messages `R_{i←j}`: what a unit hands to each of its inputs.

use ndarray::{Array2, ArrayView1, ArrayView2, Axis};

use super::explain::Explainer;
use super::propagate::{LayerAt, Scratch};
use super::withheld::Withheld;

impl Explainer<'_> {
    /// `Σ_{j in group} R_{i←j}` for groups of units of level `layer`, at least 1: for every branch groups × inputs.
    ///
    /// `x` holds the activations that every branch reads, `r` the relevance of the level. The same formula as ever: each group
    /// is a sample in which nothing else carries relevance, so that the messages to an input sum to its relevance, and
    /// those of a unit to what it handed on.
    ///
    /// # Panics
    ///
    /// When there is no such layer, or a group names a unit that is not there.
    pub fn messages(
        &self,
        layer: usize,
        x: &[&[f64]],
        r: &[f64],
        groups: &[Vec<usize>],
    ) -> Vec<Array2<f64>> {
        let mut above = Array2::zeros((groups.len(), r.len()));
        for (mut row, group) in above.rows_mut().into_iter().zip(groups) {
            for &j in group {
                row[j] = r[j];
            }
        }
        let same = x.iter().map(|x| {
            let mut same = Array2::zeros((groups.len(), x.len()));
            same.assign(&ArrayView1::from(*x).insert_axis(Axis(0)));
            same
        });
        let same: Vec<Array2<f64>> = same.collect();
        self.handed_by(layer, &same, above.view())
    }

    /// What every branch of the layer of a level gets of a batch of relevance `above`; `x` has the values that each reads.
    pub(super) fn handed_by(
        &self,
        layer: usize,
        x: &[Array2<f64>],
        above: ArrayView2<f64>,
    ) -> Vec<Array2<f64>> {
        let mut below: Vec<Array2<f64>> = x.iter().map(|x| Array2::zeros(x.dim())).collect();
        let x: Vec<_> = x.iter().map(|x| x.view()).collect();
        let mut parts: Vec<_> = below.iter_mut().map(|below| below.view_mut()).collect();
        let at = LayerAt {
            level: layer,
            x: &x,
            made: None,
        };
        self.rule(layer).redistribute(
            at,
            above,
            &mut parts,
            &mut Scratch::default(),
            &mut Withheld::default(),
        );
        below
    }
}
