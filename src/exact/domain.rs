//! Where the values of a level may lie, without rounding.

use super::number::Number;

/// An interval; a bound that is missing is infinite.
pub(super) type Interval = [Option<Number>; 2];

/// The part of ℝ that a level's values come from; as [`Domain`](crate::network::Domain).
#[derive(Debug, Clone)]
pub(super) enum ExactDomain {
    /// All of ℝ.
    Unbounded,
    /// `x_i ≥ 0`
    NonNegative,
    /// `l_i ≤ x_i ≤ h_i`
    Box(Vec<Interval>),
}

impl ExactDomain {
    /// The interval of the i-th value.
    pub(super) fn at(&self, i: usize) -> Interval {
        match self {
            Self::Unbounded => [None, None],
            Self::NonNegative => [Some(Number::ZERO), None],
            Self::Box(each) => each[i].clone(),
        }
    }

    /// Both bounds of the i-th value, where it has them.
    pub(super) fn bounds(&self, i: usize) -> Option<[&Number; 2]> {
        match self {
            Self::Box(each) => {
                let [low, high] = &each[i];
                Some([low.as_ref()?, high.as_ref()?])
            }
            Self::Unbounded | Self::NonNegative => None,
        }
    }

    /// Whether x can be the i-th value.
    pub(super) fn holds(&self, i: usize, x: &Number) -> bool {
        match self {
            Self::Unbounded => true,
            Self::NonNegative => *x >= Number::ZERO,
            Self::Box(each) => {
                let [low, high] = &each[i];
                low.as_ref().is_none_or(|low| x >= low)
                    && high.as_ref().is_none_or(|high| x <= high)
            }
        }
    }
}

/// The interval of `Σ_i x_i w_i + b`, given those of the x_i.
pub(super) fn weighted<'w>(
    parts: impl Iterator<Item = (Interval, &'w Number)>,
    bias: &Number,
) -> Interval {
    let start = [Some(bias.clone()), Some(bias.clone())];
    parts.fold(start, |sum, (interval, w)| {
        let [low, high] = interval.map(|bound| bound.map(|bound| bound * w));
        let part = match w.cmp(&Number::ZERO) {
            std::cmp::Ordering::Less => [high, low],
            // 0 times what has no bound is 0.
            std::cmp::Ordering::Equal => [Some(Number::ZERO), Some(Number::ZERO)],
            std::cmp::Ordering::Greater => [low, high],
        };
        let both = sum.into_iter().zip(part);
        let mut both = both.map(|(sum, part)| Some(sum? + part?));
        [both.next().flatten(), both.next().flatten()]
    })
}

/// The interval of the largest of some values, given theirs; none of nothing.
pub(super) fn largest(mut each: impl Iterator<Item = Interval>) -> Option<Interval> {
    let first = each.next()?;
    Some(each.fold(first, |[low, high], [other_low, other_high]| {
        // Without a lower bound is the least there is, without an upper one the most.
        let high = high.zip(other_high).map(|(one, other)| one.max(other));
        [low.max(other_low), high]
    }))
}

#[cfg(test)]
mod tests {
    use super::{ExactDomain, Number};

    #[test]
    fn a_domain_holds_its_ends_and_what_lies_between() {
        let number = |x: i32| Some(Number::from(x));
        let intervals = vec![
            [number(-1), number(2)],
            [None, number(2)],
            [number(-1), None],
            [None, None],
        ];
        let each = ExactDomain::Box(intervals);
        for (domain, i, held) in [
            (&ExactDomain::Unbounded, 0, [-2, -1, 0, 2, 3].as_slice()),
            (&ExactDomain::NonNegative, 0, &[0, 2, 3]),
            (&each, 0, &[-1, 0, 2]),
            (&each, 1, &[-2, -1, 0, 2]),
            (&each, 2, &[-1, 0, 2, 3]),
            (&each, 3, &[-2, -1, 0, 2, 3]),
        ] {
            let holds = |x: &i32| domain.holds(i, &Number::from(*x));
            let found: Vec<i32> = [-2, -1, 0, 2, 3].into_iter().filter(holds).collect();
            assert_eq!(found, held, "{domain:?}, {i}");
        }
    }
}
