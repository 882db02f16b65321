//! One term of a rule at work on a batch: its mass, and what it hands on.

use ndarray::{ArrayView2, ArrayViewMut2};

use super::extreme::largest;
use super::term::Seed;
use crate::network::{
    Bounds, Branch, each_piece, each_row, each_sample, linear::Frozen, row, vectorised,
    write_each_piece,
};

/// One term at work on a batch: its branch, the values that this reads, and the size of each sample's largest seed.
pub(super) struct AtWork<'r> {
    pub(super) branch: usize,
    pub(super) source: &'r Branch,
    pub(super) seed: &'r Seed,
    pub(super) map: Frozen<'r>,
    pub(super) x: ArrayView2<'r, f64>,
    pub(super) largest: Vec<f64>,
    /// In which samples a seed is other than 0.
    pub(super) has_seeds: Vec<bool>,
}

/// For each sample, the size of its largest seed.
pub(super) fn largest_seeds(seed: &Seed, x: ArrayView2<f64>) -> Vec<f64> {
    if seed.is_constant() {
        return vec![1.0; x.nrows()];
    }
    each_sample(x.nrows(), x.len(), |sample| {
        let x = row(&x, sample);
        match seed {
            Seed::One => 1.0,
            Seed::Activation => largest_of(x, |x| x),
            Seed::PositivePart => largest_of(x, |x| x.max(0.0)),
            Seed::NegativePart => largest_of(x, |x| x.min(0.0)),
            Seed::AboveLow(Bounds::Same([low, _])) => largest_of(x, |x| x - low),
            Seed::BelowHigh(Bounds::Same([_, high])) => largest_of(x, |x| x - high),
            Seed::AboveLow(_) | Seed::BelowHigh(_) => {
                let seeds = x.iter().enumerate().map(|(i, &x)| seed.at(i, x).abs());
                seeds.fold(0.0, f64::max)
            }
        }
    })
}

/// The largest size among what `of` makes of one sample's values.
fn largest_of(x: &[f64], of: impl Fn(f64) -> f64 + Sync + Send) -> f64 {
    let pieces = each_piece(x.len(), |piece| largest(&x[piece], &of));
    pieces.into_iter().fold(0.0, f64::max)
}

/// Adds the rows of some samples: what is done for one sample must not show in another.
pub(super) fn add_where(samples: &[bool], part: ArrayView2<f64>, to: ArrayViewMut2<f64>) {
    each_row(to, |sample, to| {
        if samples[sample] {
            let part = row(&part, sample);
            write_each_piece(to, |first, to| {
                let values = to.iter_mut().zip(&part[first..]);
                vectorised(
                    #[inline(always)]
                    || values.for_each(|(to, part)| *to += part),
                );
            });
        }
    });
}

/// `mass_j = Σ_k Σ_t Σ_i seed_kt(i) · w'_kt(i, j)`.
pub(super) fn mass_of(
    terms: &[AtWork],
    mut mass: ArrayViewMut2<f64>,
    seeds: &mut Vec<f64>,
    partial: &mut Vec<f64>,
) {
    if terms.is_empty() {
        mass.fill(0.0);
    }
    for (t, term) in terms.iter().enumerate() {
        if t == 0 {
            term.apply_to_seeds(mass.view_mut(), seeds);
        } else if term.has_seeds.contains(&true) {
            let mut part = matrix(partial, mass.dim());
            term.apply_to_seeds(part.view_mut(), seeds);
            add_where(&term.has_seeds, part.view(), mass.view_mut());
        }
    }
}

impl AtWork<'_> {
    /// `apply_t(seed_t)`
    fn apply_to_seeds(&self, into: ArrayViewMut2<f64>, seeds: &mut Vec<f64>) {
        if *self.seed == Seed::Activation {
            return self.map.apply(self.x, into);
        }
        let mut seeds = matrix(seeds, self.x.dim());
        each_row(seeds.view_mut(), |sample, seeds| {
            let x = row(&self.x, sample);
            write_each_piece(seeds, |first, seeds| {
                let write = |to: &mut f64, seed| *to = seed;
                self.seed
                    .each(self.source, first, &x[first..], seeds, write);
            });
        });
        self.map.apply(seeds.view(), into);
    }

    /// `seed_t(i) · adjoint_t(s)_i`: the last step of the formula.
    pub(super) fn hand_on(&self, s: ArrayView2<f64>, mut below: ArrayViewMut2<f64>) {
        self.map.adjoint(s, below.view_mut());
        if *self.seed == Seed::One && self.source.constants().is_none() {
            return;
        }
        each_row(below, |sample, values| {
            let x = row(&self.x, sample);
            write_each_piece(values, |first, values| {
                // Without a sign where it is 0.
                let weigh = |value: &mut f64, seed| *value = *value * seed + 0.0;
                self.seed
                    .each(self.source, first, &x[first..], values, weigh);
            });
        });
    }
}

/// A matrix in a buffer that grows as needed.
pub(super) fn matrix(buffer: &mut Vec<f64>, shape: (usize, usize)) -> ArrayViewMut2<'_, f64> {
    let values = shape.0 * shape.1;
    if buffer.len() < values {
        buffer.resize(values, 0.0);
    }
    ArrayViewMut2::from_shape(shape, &mut buffer[..values])
        .expect("the slice has rows × columns values")
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::{Bounds, Seed, largest_seeds};

    #[test]
    fn the_largest_seed_of_a_sample_is_that_of_its_values() {
        let each = Bounds::Each(vec![[-2.0, 3.0], [-4.0, 1.0]]);
        let same = Bounds::Same([-2.0, 3.0]);
        for (seed, expected) in [
            (Seed::One, [1.0, 1.0]),
            (Seed::Activation, [1.5, 0.25]),
            (Seed::PositivePart, [1.0, 0.25]),
            (Seed::NegativePart, [1.5, 0.125]),
            // 1 + 2 and −1.5 + 2; 0.25 + 2 and −0.125 + 2.
            (Seed::AboveLow(same.clone()), [3.0, 2.25]),
            // 1 − 3 and −1.5 − 3; 0.25 − 3 and −0.125 − 3.
            (Seed::BelowHigh(same), [4.5, 3.125]),
            // 1 + 2 and −1.5 + 4; 0.25 + 2 and −0.125 + 4.
            (Seed::AboveLow(each.clone()), [3.0, 3.875]),
            // 1 − 3 and −1.5 − 1; 0.25 − 3 and −0.125 − 1.
            (Seed::BelowHigh(each), [2.5, 2.75]),
        ] {
            let x = array![[1.0, -1.5], [0.25, -0.125]];
            assert_eq!(largest_seeds(&seed, x.view()), expected, "{seed:?}");
        }
    }
}
