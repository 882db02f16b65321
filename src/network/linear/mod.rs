//! The linear maps that layers are made of, a file a kind.
//!
//! A batch is a matrix whose rows are samples. [`Linear::apply`] carries values up, `y_j = Σ_i x_i w_ij`;
//! [`Frozen::adjoint`] carries them down, `x_i = Σ_j w_ij y_j`, on the map that it is [at](Linear::at) a sample. [`Linear::ties`] gives the same unit by unit, for what
//! looks at single weights: exact arithmetic, expansions, causes. Nothing else in the crate asks for the kind of a map.

mod dense;
mod frozen;
mod kind;
mod place;
mod sum_pool;

use ndarray::{Array2, ArrayView2, ArrayViewMut2};

use super::Domain;
use crate::error::Invalid;
pub use dense::Dense;
pub use frozen::Frozen;
pub use kind::{Kind, Role};
pub use place::Place;
pub use sum_pool::SumPool;

/// A linear map from the units of one level to those of the next, without bias and activation.
#[derive(Debug, Clone, PartialEq)]
pub enum Linear {
    /// Every input is tied to every unit by a weight of its own.
    Dense(Dense),
    /// Every unit adds up a run of neighbouring inputs.
    SumPool(SumPool),
    /// A branch of an addition or of a concatenation.
    Place(Place),
}

/// What is known of a kind.
struct About {
    /// As the network file and the results spell it.
    name: &'static str,
    /// What one is called in sentences.
    noun: &'static str,
    /// What it is to a rule.
    role: Role,
}

/// An input that a unit sees, and the weight between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tie {
    /// The input, i.
    pub input: usize,
    /// The weight, `w_ij`.
    pub weight: Weight,
}

/// Where the weight of a tie is found: the same for every kind of number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// It is the k-th of the numbers that the map stores.
    Stored(usize),
    /// It is exactly 1/n, and not stored.
    Part(usize),
}

impl Weight {
    /// The weight itself, in f64 or as a fraction: `stored` has the numbers that the map stores, `part` makes 1/n of n.
    pub fn of<T>(self, stored: impl FnOnce(usize) -> T, part: impl FnOnce(usize) -> T) -> T {
        match self {
            Self::Stored(k) => stored(k),
            Self::Part(n) => part(n),
        }
    }
}

/// What a rule may put in place of the weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reweighing {
    /// `w'_ij = w_ij`
    Same,
    /// `w'_ij = w_ij²`
    Squared,
    /// `w'_ij = w_ij⁺ = max(0, w_ij)`
    Positive,
    /// `w'_ij = w_ij⁻ = min(0, w_ij)`
    Negative,
    /// `w'_ij = 1`
    Ones,
    /// `w'_ij = 1` where `w_ij ≠ 0`, else 0
    Present,
}

impl Reweighing {
    /// Two numbers whose product stands in place of the weight w, the second by itself 1 where one is enough.
    ///
    /// The product of both can leave f64 where neither of them does.
    pub fn factors(self, w: f64) -> [f64; 2] {
        match self {
            Self::Same => [w, 1.0],
            Self::Squared => [w, w],
            Self::Positive => [w.max(0.0), 1.0],
            Self::Negative => [w.min(0.0), 1.0],
            Self::Ones => [1.0, 1.0],
            Self::Present => [f64::from(u8::from(w != 0.0)), 1.0],
        }
    }

    /// What stands in place of the weight w of a unit whose weights are divided by `scale`.
    fn of(self, w: f64, scale: f64) -> f64 {
        let [w, again] = match self {
            // A quotient can vanish where w does not.
            Self::Present => self.factors(w),
            _ => self.factors(w / scale),
        };
        w * again
    }
}

impl Linear {
    /// The map's kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Dense(_) => Kind::Dense,
            Self::SumPool(_) => Kind::SumPool,
            Self::Place(place) if place.is_addition() => Kind::Add,
            Self::Place(_) => Kind::Concat,
        }
    }

    /// Number of units below the map, and above it.
    fn levels(&self) -> [usize; 2] {
        match self {
            Self::Dense(dense) => dense.levels(),
            Self::SumPool(pool) => pool.levels(),
            Self::Place(place) => place.levels(),
        }
    }

    /// Number of units below the map.
    pub fn inputs(&self) -> usize {
        self.levels()[0]
    }

    /// Number of units above the map.
    pub fn outputs(&self) -> usize {
        self.levels()[1]
    }

    /// The numbers that the map stores, in the order of the network file; [`Weight::Stored`] counts them.
    pub fn stored(&self) -> &[f64] {
        match self {
            Self::Dense(dense) => dense.stored(),
            Self::SumPool(_) | Self::Place(_) => &[],
        }
    }

    /// Number of weights that are stored.
    pub fn parameters(&self) -> usize {
        self.stored().len()
    }

    /// The weights as a matrix, inputs × units, for training; none where the map has no such matrix.
    pub(crate) fn matrix_mut(&mut self) -> Option<&mut Array2<f64>> {
        match self {
            Self::Dense(dense) => Some(dense.matrix_mut()),
            Self::SumPool(_) | Self::Place(_) => None,
        }
    }

    /// `y_j = Σ_i x_i w_ij` for every row x of a batch.
    ///
    /// `x` is samples × inputs, `y` samples × outputs; what `y` held is overwritten.
    pub fn apply(&self, x: ArrayView2<f64>, y: ArrayViewMut2<f64>) {
        match self {
            Self::Dense(dense) => dense.apply(x, y),
            Self::SumPool(pool) => pool.apply(x, y),
            Self::Place(place) => place.apply(x, y),
        }
    }

    /// The same map with other weights, each unit's column divided by a power of two first.
    ///
    /// The shares of a rule do not change when a unit's weights are scaled, and a power of two changes no
    /// digit of them; the largest |w_ij| of a unit comes to lie in [1, 2), so that squares of weights of
    /// 1e±200 neither overflow nor vanish. A pool has no weights of its own and stays as it is.
    #[must_use]
    pub fn reweighed(&self, reweighing: Reweighing) -> Self {
        match self {
            Self::Dense(dense) => Self::Dense(dense.reweighed(reweighing)),
            Self::SumPool(_) | Self::Place(_) => self.clone(),
        }
    }

    /// The smallest weight that is not 0, beside the power of two of the largest one of its unit; 0 where it vanishes
    /// beside it.
    pub fn least_weight(&self) -> f64 {
        match self {
            Self::Dense(dense) => dense.least_weight(),
            Self::SumPool(_) | Self::Place(_) => 1.0,
        }
    }

    /// The same map with its numbers stored unit by unit, so that the [ties](Self::ties) of one lie side by side.
    #[must_use]
    pub fn by_unit(&self) -> Self {
        match self {
            Self::Dense(dense) => Self::Dense(dense.by_unit()),
            Self::SumPool(_) | Self::Place(_) => self.clone(),
        }
    }

    /// The inputs that unit j sees, in order, each with its weight: one pass of [`apply`](Self::apply), unit by unit.
    ///
    /// # Panics
    ///
    /// When the weights are asked for and there is no unit j.
    pub fn ties(&self, j: usize) -> impl Iterator<Item = Tie> + use<> {
        let (mut dense, mut pool, mut place) = (None, None, None);
        match self {
            Self::Dense(map) => dense = Some(map.ties(j)),
            Self::SumPool(map) => pool = Some(map.ties(j)),
            Self::Place(map) => place = Some(map.ties(j)),
        }
        let dense = dense.into_iter().flatten();
        let pool = pool.into_iter().flatten();
        dense.chain(pool).chain(place.into_iter().flatten())
    }

    /// The inputs that unit j sees, in order, each with `w_ij`.
    ///
    /// # Panics
    ///
    /// When there is no unit j.
    pub fn weights_of(&self, j: usize) -> impl Iterator<Item = (usize, f64)> {
        let stored = self.stored();
        let weight = |weight: Weight| weight.of(|k| stored[k], |n| 1.0 / n as f64);
        self.ties(j).map(move |tie| (tie.input, weight(tie.weight)))
    }

    /// Whether unit j has no weight other than 0.
    pub fn without_weights(&self, j: usize) -> bool {
        self.weights_of(j).all(|(_, w)| w == 0.0)
    }

    /// Whether all inputs that unit j sees are 0 in one sample x of `inputs` values.
    pub fn is_silent(&self, j: usize, x: &[f64]) -> bool {
        self.ties(j).all(|tie| x[tie.input] == 0.0)
    }

    /// The domain of `Σ_i x_i w_ij`, given that of the inputs.
    pub(super) fn domain(&self, inputs: &Domain) -> Domain {
        match self {
            Self::Dense(dense) => dense.domain(inputs),
            Self::SumPool(pool) => pool.domain(inputs),
            Self::Place(place) => place.domain(inputs),
        }
    }

    /// Whether the map fits on a level of `units` units.
    pub(super) fn check_inputs(&self, units: usize) -> Result<(), Invalid> {
        if self.inputs() == units {
            return Ok(());
        }
        Err(match self {
            Self::Dense(dense) => dense.misfit(units),
            Self::SumPool(pool) => pool.misfit(units),
            Self::Place(place) => place.misfit(units),
        })
    }
}

/// The power of two 2^e with 2^e ≤ x < 2^(e+1), for finite x > 0; 1 for x = 0.
pub(crate) fn power_of_two_below(x: f64) -> f64 {
    const EXPONENT: u64 = 0x7ff0_0000_0000_0000;
    if x == 0.0 {
        1.0
    } else {
        f64::from_bits(x.to_bits() & EXPONENT).max(f64::MIN_POSITIVE)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, ShapeBuilder};

    use super::{Dense, Linear, SumPool, power_of_two_below};

    /// One map of each kind, dense ones in both orders.
    fn maps() -> Vec<Linear> {
        let weights = |i: usize, j: usize| (i * 7 + j) as f64 - 3.0;
        let rows = Array2::from_shape_fn((4, 2), |(i, j)| weights(i, j));
        let columns = Array2::from_shape_fn((4, 2).f(), |(i, j)| weights(i, j));
        let dense = |weights| Linear::Dense(Dense::new(weights).expect("finite"));
        let pool = SumPool::new(4, 2).expect("2 divides 4");
        vec![dense(rows), dense(columns), Linear::SumPool(pool)]
    }

    #[test]
    fn ties_say_what_apply_and_adjoint_do() {
        for map in maps() {
            let (mut up, mut down) = (Array2::zeros((4, 2)), Array2::zeros((2, 4)));
            map.apply(Array2::eye(4).view(), up.view_mut());
            let frozen = map.at(down.view(), None);
            frozen.adjoint(Array2::eye(2).view(), down.view_mut());
            for map in [map.clone(), map.by_unit()] {
                let mut matrix = Array2::zeros((4, 2));
                for j in 0..2 {
                    map.weights_of(j).for_each(|(i, w)| matrix[[i, j]] = w);
                    assert!(map.ties(j).is_sorted_by_key(|tie| tie.input), "{map:?}");
                }
                assert_eq!(matrix, up, "{map:?}");
                assert_eq!(matrix, down.t(), "{map:?}");
            }
        }
    }

    #[test]
    fn the_scale_of_a_column_is_the_power_of_two_below_its_largest_weight() {
        for (x, expected) in [
            (0.0, 1.0),
            (1.0, 1.0),
            (1.999, 1.0),
            (2.0, 2.0),
            (0.3, 0.25),
            (f64::MAX, 2.0_f64.powi(1023)),
            (f64::from_bits(1), f64::MIN_POSITIVE),
        ] {
            assert_eq!(
                power_of_two_below(x).to_bits(),
                f64::to_bits(expected),
                "of {x}"
            );
        }
    }
}
