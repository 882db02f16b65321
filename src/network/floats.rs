//! Numbers of floating point as they are stored: of 64 bits, or of 32 where a file has them so. Each is exactly an f64, and all
//! arithmetic is in f64: half the memory, the same digits.

use std::borrow::Cow;

use super::mapped::Mapped;

/// Matrices of more numbers than this take more than 64 MiB in f64, which nothing keeps beside the numbers that a file has:
/// what is made of them is made in strips, at each use.
pub(super) const KEPT: usize = 1 << 23;

/// What numbers are stored as: exactly an f64, each.
pub(super) trait Float: Copy + Into<f64> + Send + Sync {}

impl Float for f64 {}
impl Float for f32 {}

/// Numbers, each exactly an f64.
#[derive(Debug, Clone)]
pub(crate) enum Floats {
    /// Of 64 bits.
    Double(Vec<f64>),
    /// Of 32 bits.
    Single(Vec<f32>),
    /// Of 32 bits, in a file.
    Mapped(Mapped),
}

/// Numbers that something else stores, each exactly an f64.
#[derive(Debug, Clone, Copy)]
pub enum FloatSlice<'s> {
    /// Of 64 bits.
    Double(&'s [f64]),
    /// Of 32 bits.
    Single(&'s [f32]),
}

impl Floats {
    /// The numbers.
    pub(crate) fn view(&self) -> FloatSlice<'_> {
        match self {
            Self::Double(numbers) => FloatSlice::Double(numbers),
            Self::Single(numbers) => FloatSlice::Single(numbers),
            Self::Mapped(mapped) => FloatSlice::Single(mapped.numbers()),
        }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.view().len()
    }

    /// The same in 64 bits.
    pub(crate) fn into_f64(self) -> Vec<f64> {
        match self {
            Self::Double(numbers) => numbers,
            Self::Single(_) | Self::Mapped(_) => self.view().iter().collect(),
        }
    }

    /// The same for who changes them: of 64 bits from now on.
    pub(super) fn to_mut(&mut self) -> &mut Vec<f64> {
        if !matches!(self, Self::Double(_)) {
            *self = Self::Double(self.view().iter().collect());
        }
        match self {
            Self::Double(numbers) => numbers,
            Self::Single(_) | Self::Mapped(_) => unreachable!("of 64 bits since a moment ago"),
        }
    }

    /// The same for use: widened once where that takes little memory, for else every batch would widen them.
    pub(super) fn for_use(self) -> Self {
        if self.len() > KEPT {
            self
        } else {
            Self::Double(self.into_f64())
        }
    }
}

impl<'s> FloatSlice<'s> {
    /// How many there are.
    pub fn len(self) -> usize {
        match self {
            Self::Double(numbers) => numbers.len(),
            Self::Single(numbers) => numbers.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// How many bytes they take.
    pub fn bytes(self) -> usize {
        match self {
            Self::Double(numbers) => size_of_val(numbers),
            Self::Single(numbers) => size_of_val(numbers),
        }
    }

    /// The k-th.
    ///
    /// # Panics
    ///
    /// When there are no more than k.
    pub fn at(self, k: usize) -> f64 {
        match self {
            Self::Double(numbers) => numbers[k],
            Self::Single(numbers) => numbers[k].into(),
        }
    }

    /// All of them, in order.
    pub fn iter(self) -> impl Iterator<Item = f64> + use<'s> {
        (0..self.len()).map(move |k| self.at(k))
    }

    /// Where the first one stands of which this holds.
    pub fn position(self, holds: impl Fn(f64) -> bool) -> Option<usize> {
        match self {
            Self::Double(numbers) => numbers.iter().position(|x| holds(*x)),
            Self::Single(numbers) => numbers.iter().position(|x| holds(f64::from(*x))),
        }
    }

    /// Whether this holds of one of them.
    pub fn any(self, holds: impl Fn(f64) -> bool) -> bool {
        self.position(holds).is_some()
    }

    /// The same in 64 bits; a copy where they have 32.
    pub fn to_f64(self) -> Cow<'s, [f64]> {
        match self {
            Self::Double(numbers) => numbers.into(),
            Self::Single(_) => self.iter().collect(),
        }
    }
}

/// The same numbers, whatever they are stored as.
impl PartialEq for Floats {
    fn eq(&self, other: &Self) -> bool {
        self.view() == other.view()
    }
}

/// The same numbers, whatever they are stored as.
impl PartialEq for FloatSlice<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Double(one), Self::Double(other)) => one == other,
            (Self::Single(one), Self::Single(other)) => one == other,
            _ => self.len() == other.len() && self.iter().eq(other.iter()),
        }
    }
}

impl<const N: usize> PartialEq<[f64; N]> for FloatSlice<'_> {
    fn eq(&self, other: &[f64; N]) -> bool {
        *self == FloatSlice::Double(other)
    }
}

impl From<Vec<f64>> for Floats {
    fn from(numbers: Vec<f64>) -> Self {
        Self::Double(numbers)
    }
}

impl From<Vec<f32>> for Floats {
    fn from(numbers: Vec<f32>) -> Self {
        Self::Single(numbers)
    }
}

#[cfg(test)]
mod tests {
    use super::{FloatSlice, Floats, KEPT};

    #[test]
    fn numbers_are_widened_for_use_where_that_takes_little_memory() {
        for (count, is_widened) in [(0, true), (3, true), (KEPT, true), (KEPT + 1, false)] {
            let numbers = Floats::from(vec![0.5_f32; count]).for_use();
            assert_eq!(matches!(numbers, Floats::Double(_)), is_widened, "{count}");
            assert_eq!(numbers.len(), count);
        }
    }

    #[test]
    fn lists_are_empty_or_equal_by_their_numbers() {
        for list in [
            FloatSlice::Double(&[1.0, 2.0]),
            FloatSlice::Single(&[1.0, 2.0]),
        ] {
            assert!(list == [1.0, 2.0] && list != [1.0, 3.0] && list != [1.0, 2.0, 3.0]);
            assert!(!list.is_empty() && list.any(|x| x > 1.5) && !list.any(|x| x > 2.0));
            assert_eq!((list.position(|x| x > 1.0), list.at(1)), (Some(1), 2.0));
        }
        assert!(FloatSlice::Double(&[]).is_empty() && FloatSlice::Single(&[]).is_empty());
    }

    #[test]
    fn the_same_numbers_are_equal_whatever_they_are_stored_as() {
        let single = [0.1_f32, -2.0, f32::MAX, f32::from_bits(1)];
        let double = single.map(f64::from);
        let [single, double] = [Floats::from(single.to_vec()), Floats::from(double.to_vec())];
        assert_eq!(single, double);
        assert_eq!(single.view().to_f64(), double.view().to_f64());
        assert_eq!(single.clone().into_f64(), double.clone().into_f64());
        let mut changed = single.clone();
        changed.to_mut()[1] = 3.5;
        assert_eq!(changed.view().position(|x| x > 1.0), Some(1));
        assert_ne!(changed, single);
        assert_ne!(single.view(), FloatSlice::Double(&[0.1]));
        assert_eq!((single.view().bytes(), double.view().bytes()), (16, 32));
        assert_eq!((single.len(), double.view().len()), (4, 4));
    }

    #[test]
    fn numbers_are_found_counted_and_compared_one_by_one() {
        let single = Floats::from(vec![0.5_f32, -2.0, 4.0]);
        let double = Floats::from(vec![0.5, -2.0, 4.0]);
        for numbers in [&single, &double] {
            let view = numbers.view();
            assert!(!view.is_empty());
            assert_eq!(view.at(1).to_bits(), (-2.0_f64).to_bits());
            assert!(view.iter().eq([0.5, -2.0, 4.0]));
            assert_eq!(view.position(|x| x < 0.0), Some(1));
            assert_eq!(view.position(|x| x > 4.0), None);
            assert_eq!(
                [view.any(|x| x < 0.0), view.any(|x| x > 4.0)],
                [true, false]
            );
            assert!(view == [0.5, -2.0, 4.0]);
            assert!(view != [0.5, -2.0] && view != [0.5, -2.0, 3.0]);
            // More numbers of the other kind that begin alike.
            for longer in [
                Floats::from(vec![0.5_f32, -2.0, 4.0, 0.0]),
                Floats::from(vec![0.5, -2.0, 4.0, 0.0]),
            ] {
                assert_ne!(*numbers, longer);
            }
            assert!(matches!(numbers.clone().for_use(), Floats::Double(_)));
            assert_eq!(numbers.clone().for_use(), single);
        }
        assert!(Floats::from(Vec::<f32>::new()).view().is_empty());
        let mut changed = single;
        *changed.to_mut() = vec![7.0];
        assert!(changed.view() == [7.0]);
    }
}
