//! How alike the explanations of two inputs, or by two networks, are.

use ndarray::{Array2, ArrayView2};

use crate::measure::{cosine, length, mean, rank_correlation, share};
use crate::network::row;

/// The relevance of the inputs of some samples, and what of it is explained.
#[derive(Debug)]
pub(super) struct Explained {
    /// samples × inputs
    relevance: Array2<f64>,
    /// f(x) of each.
    f: Vec<f64>,
}

/// How alike two explanations are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Likeness {
    cosine: Option<f64>,
    rank: Option<f64>,
}

/// The means of several.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanLikeness {
    /// The mean cosine, from −1 to 1; none where no pair has one.
    pub cosine: Option<f64>,
    /// The mean rank correlation, from −1 to 1; none where no pair has one.
    pub rank: Option<f64>,
    /// Of how many pairs the cosine is the mean.
    pub compared: usize,
}

impl Explained {
    /// Of relevance, samples × inputs, and f(x) of each sample.
    pub(super) fn new(relevance: Array2<f64>, f: Vec<f64>) -> Self {
        Self { relevance, f }
    }

    /// The relevance of the inputs, samples × inputs.
    pub(super) fn relevance(&self) -> ArrayView2<'_, f64> {
        self.relevance.view()
    }

    /// Sample `n` beside sample `m` of others: their shares R / f(x), which do not turn round with the sign of f(x). None
    /// where f(x) of one of them is 0: there is nothing to explain.
    pub(super) fn likeness(&self, n: usize, others: &Self, m: usize) -> Option<Likeness> {
        let (f, g) = (self.f[n], others.f[m]);
        if f == 0.0 || g == 0.0 {
            return None;
        }
        let turned = if (f < 0.0) == (g < 0.0) { 1.0 } else { -1.0 };
        let (a, b) = (self.relevance(), others.relevance());
        let (a, b) = (row(&a, n), row(&b, m));
        Some(Likeness {
            cosine: cosine(a, b).map(|cosine| turned * cosine),
            rank: rank_correlation(a, b).map(|rank| turned * rank),
        })
    }

    /// `‖R' − R‖ / ‖R‖` of sample `n` beside sample `m` of others; none where R is 0.
    pub(super) fn change(&self, n: usize, others: &Self, m: usize) -> Option<f64> {
        let (a, b) = (self.relevance(), others.relevance());
        change(row(&a, n), row(&b, m))
    }
}

/// `‖b − a‖ / ‖a‖`; none where a is 0.
pub(super) fn change(a: &[f64], b: &[f64]) -> Option<f64> {
    let apart: Vec<f64> = a.iter().zip(b).map(|(a, b)| b - a).collect();
    share(length(&apart), length(a))
}

impl MeanLikeness {
    /// Of those that are defined.
    pub(super) fn of<'l>(each: impl Iterator<Item = &'l Option<Likeness>> + Clone) -> Self {
        let each = each.flatten();
        let cosines = each.clone().filter_map(|likeness| likeness.cosine);
        Self {
            compared: cosines.clone().count(),
            cosine: mean(cosines),
            rank: mean(each.filter_map(|likeness| likeness.rank)),
        }
    }
}
