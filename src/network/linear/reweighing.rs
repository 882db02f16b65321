//! Maps with other weights, as the rules ask for them.

use super::{Gather, Linear};

/// What a rule may put in place of the weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reweighing {
    /// `w'_ij = w_ij`
    Same,
    /// `w'_ij = w_ij²`
    Squared,
    /// `w'_ij = w_ij⁺ = max(0, w_ij)`
    Positive,
    /// `w'_ij = w_ij⁻ = min(0, w_ij)`
    Negative,
    /// `w'_ij = w_ij + g·w_ij⁺`
    RaisedPositive(f64),
    /// `w'_ij = w_ij + g·w_ij⁻`
    RaisedNegative(f64),
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
            Self::RaisedPositive(g) => [w, if w > 0.0 { 1.0 + g } else { 1.0 }],
            Self::RaisedNegative(g) => [w, if w < 0.0 { 1.0 + g } else { 1.0 }],
            Self::Ones => [1.0, 1.0],
            Self::Present => [f64::from(u8::from(w != 0.0)), 1.0],
        }
    }

    /// What stands in place of the weight w of a unit whose weights are multiplied by `scale`, a power of two.
    pub(super) fn of(self, w: f64, scale: f64) -> f64 {
        let [w, again] = match self {
            // A product can vanish where w does not.
            Self::Present => self.factors(w),
            _ => self.factors(w * scale),
        };
        w * again
    }
}

impl Linear {
    /// The same map with other weights, each unit's column divided by a power of two first.
    ///
    /// The shares of a rule do not change when a unit's weights are scaled, and a power of two changes no
    /// digit of them; the largest |w_ij| of a unit comes to lie in [1, 2), so that squares of weights of
    /// 1e±200 neither overflow nor vanish. Equal weights become 1, those of an average, too; a max pool stays as it is. No rule
    /// raises the weights of pools and gathers: these stay as they are, too.
    #[must_use]
    pub fn reweighed(&self, reweighing: Reweighing) -> Self {
        match self {
            Self::Place(place) if place.is_addition() => place.reweighed(reweighing),
            Self::Dense(dense) => Self::Dense(dense.reweighed(reweighing)),
            Self::Conv2d(conv) => Self::Conv2d(conv.reweighed(reweighing)),
            Self::Scale(scale) => Self::Scale(scale.reweighed(reweighing)),
            Self::MaxPool2d(_) => self.clone(),
            // Weights of 1 have no negative part.
            _ if reweighing == Reweighing::Negative => Self::Gather(Gather::nothing(self.levels())),
            Self::Pool2d(pool) => Self::Pool2d(pool.sums()),
            Self::SumPool(_) | Self::Place(_) | Self::Gather(_) => self.clone(),
        }
    }

    /// What the weights of units are multiplied by before a rule sees them: one number for each unit, or for so many that follow
    /// each other.
    pub fn unit_scales(&self) -> Vec<f64> {
        match self {
            Self::Dense(dense) => dense.scale(),
            Self::Conv2d(conv) => conv.scale().collect(),
            // Their weights are 1 already, or follow no rule.
            Self::SumPool(_)
            | Self::Pool2d(_)
            | Self::MaxPool2d(_)
            | Self::Place(_)
            | Self::Scale(_)
            | Self::Gather(_) => vec![1.0],
        }
    }

    /// The smallest weight that is not 0, beside the power of two of the largest one of its unit; 0 where it vanishes
    /// beside it.
    pub fn least_weight(&self) -> f64 {
        match self {
            Self::Dense(dense) => dense.least_weight(),
            Self::Conv2d(conv) => conv.least_weight(),
            Self::SumPool(_)
            | Self::Pool2d(_)
            | Self::MaxPool2d(_)
            | Self::Place(_)
            | Self::Scale(_)
            | Self::Gather(_) => 1.0,
        }
    }
}

/// The power of two that brings a unit's largest |w| into [1, 2), so that no digit of its weights changes.
pub(super) fn scale_of(largest: f64) -> f64 {
    power_of_two_below(largest).recip()
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
    use ndarray::{Array2, array};

    use super::{Linear, Reweighing, power_of_two_below};
    use crate::network::linear::tests::{applied, maps};
    use crate::network::linear::{Conv2d, Dense, Scale, SumPool, Window};

    impl Linear {
        /// Whether a rule can raise its weights: not those of pools and routing.
        fn has_raised(&self) -> bool {
            match self {
                Self::Dense(_) | Self::Conv2d(_) | Self::Scale(_) => true,
                Self::Place(place) => place.is_addition(),
                _ => false,
            }
        }
    }

    #[test]
    fn what_stands_in_place_of_a_weight_is_what_the_rule_says() {
        let weights = [2.0, -3.0, 0.0];
        for (reweighing, expected) in [
            (Reweighing::Same, weights),
            (Reweighing::Squared, [4.0, 9.0, 0.0]),
            (Reweighing::Positive, [2.0, 0.0, 0.0]),
            (Reweighing::Negative, [0.0, -3.0, 0.0]),
            (Reweighing::RaisedPositive(0.5), [3.0, -3.0, 0.0]),
            (Reweighing::RaisedNegative(0.5), [2.0, -4.5, 0.0]),
            (Reweighing::Ones, [1.0; 3]),
            (Reweighing::Present, [1.0, 1.0, 0.0]),
        ] {
            let found = weights.map(|w| reweighing.factors(w).into_iter().product::<f64>());
            assert_eq!(found.to_vec(), expected, "{reweighing:?}");
        }
        // Half of 2, −3 and 0 under the same rules.
        let scaled = |reweighing: Reweighing| weights.map(|w| reweighing.of(w, 0.5)).to_vec();
        assert_eq!(scaled(Reweighing::Squared), [1.0, 2.25, 0.0]);
        assert_eq!(scaled(Reweighing::RaisedNegative(1.0)), [1.0, -3.0, 0.0]);
        assert_eq!(scaled(Reweighing::Present), [1.0, 1.0, 0.0]);
    }

    #[test]
    fn a_reweighed_map_has_the_rules_weights_beside_a_power_of_two() {
        let all = [
            Reweighing::Same,
            Reweighing::Squared,
            Reweighing::Positive,
            Reweighing::Negative,
            Reweighing::RaisedPositive(0.25),
            Reweighing::RaisedNegative(0.25),
            Reweighing::Ones,
            Reweighing::Present,
        ];
        let maps = maps();
        for (map, reweighing) in maps.iter().flat_map(|map| all.map(|r| (map, r))) {
            if matches!(reweighing, Reweighing::RaisedPositive(_)) && !map.has_raised() {
                continue;
            }
            let expected = |map: &Linear, j: usize, scale: f64| {
                let mut column = vec![0.0; map.inputs()];
                for (i, w) in map.weights_of(j) {
                    let [w, again] = reweighing.factors(w / scale);
                    column[i] = w * again;
                }
                column
            };
            let found = applied(&map.reweighed(reweighing));
            assert_eq!(found.dim(), (map.inputs(), map.outputs()), "{map:?}");
            for (j, found) in found.columns().into_iter().enumerate() {
                let weights = || map.weights_of(j).map(|(_, w)| w.abs());
                let scale = match map {
                    // That of the channel: part of the kernel may be beyond the picture.
                    Linear::Conv2d(conv) => {
                        let channel = j / (map.outputs() / conv.shape()[0]);
                        let kernel = conv.weights();
                        let kernel = kernel.row(channel);
                        power_of_two_below(kernel.fold(0.0, |most, w| most.max(w.abs())))
                    }
                    // An average has equal weights: 1 as well.
                    Linear::Pool2d(_) => weights().fold(0.0, f64::max),
                    _ => power_of_two_below(weights().fold(0.0, f64::max)),
                };
                assert_eq!(
                    found.to_vec(),
                    expected(map, j, scale),
                    "{reweighing:?} {map:?}"
                );
            }
        }
    }

    #[test]
    fn the_least_weight_is_the_smallest_beside_the_largest_of_its_unit() {
        // Beside 2 and 8: 3/2, 1/4 and 8/8, 1/8, 6/8.
        let weights = vec![3.0, 0.0, -0.5, 8.0, -1.0, 6.0];
        let window = Window {
            kernel: [1, 3],
            stride: [1, 1],
            dilation: [1, 1],
            padding: [0; 4],
        };
        let conv = Conv2d::new([1, 1, 3], weights.clone(), [2, 1, 1, 3], window, 1);
        let by_unit = Array2::from_shape_vec((2, 3), weights).expect("two units");
        let dense = |weights| Linear::Dense(Dense::new(weights).expect("finite"));
        for (map, least) in [
            (Linear::Conv2d(conv.expect("a convolution")), 0.125),
            (dense(by_unit.t().to_owned()), 0.125),
            (dense(by_unit.reversed_axes()), 0.125),
            (dense(array![[0.5, 0.0, 7.0], [1e-3, 0.0, 4.0]]), 0.002),
            (dense(array![[0.0]]), f64::INFINITY),
            (dense(array![[f64::MAX], [f64::from_bits(1)]]), 0.0),
            (Linear::SumPool(SumPool::new(6, 3).expect("2 pools")), 1.0),
            (
                Linear::Scale(Scale::new(vec![0.1, 5.0], 1).expect("finite")),
                1.0,
            ),
        ] {
            assert_eq!(map.least_weight().to_bits(), f64::to_bits(least), "{map:?}");
        }
    }

    #[test]
    fn the_scale_of_a_unit_brings_its_largest_weight_to_at_least_1_and_below_2() {
        for map in maps() {
            let scales = map.unit_scales();
            let each = map.outputs() / scales.len();
            for j in 0..map.outputs() {
                let scale = scales[j / each];
                let expected = match &map {
                    Linear::Dense(_) => {
                        let sizes = map.weights_of(j).map(|(_, w)| w.abs());
                        1.0 / power_of_two_below(sizes.fold(0.0, f64::max))
                    }
                    Linear::Conv2d(conv) => {
                        let weights = conv.weights();
                        let kernel = weights.row(j / each);
                        1.0 / power_of_two_below(kernel.fold(0.0, |most, w| most.max(w.abs())))
                    }
                    _ => 1.0,
                };
                assert_eq!(scale.to_bits(), expected.to_bits(), "{map:?}");
            }
        }
    }

    #[test]
    fn no_weight_that_is_not_0_vanishes_where_only_its_presence_counts() {
        let weights = Array2::from_shape_vec((2, 1), vec![1e300, 1e-300]).expect("two weights");
        let map = Linear::Dense(Dense::new(weights).expect("finite"));
        assert_eq!(
            applied(&map.reweighed(Reweighing::Present)),
            array![[1.0], [1.0]]
        );
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
