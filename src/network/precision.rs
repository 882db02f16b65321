//! How many bits the numbers of a file have that is not text.

use super::FloatSlice;

/// How many bits a written number has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// 32 bits, about 7 digits.
    Single,
    /// 64 bits, as a network has them.
    Double,
}

impl Precision {
    /// The least that keeps every number as it is.
    pub(crate) fn keeping<'x>(mut numbers: impl Iterator<Item = FloatSlice<'x>>) -> Self {
        let is_changed = |x: f64| Self::Single.kept(x).to_bits() != x.to_bits();
        if numbers
            .any(|numbers| matches!(numbers, FloatSlice::Double(_)) && numbers.any(is_changed))
        {
            Self::Double
        } else {
            Self::Single
        }
    }

    /// How many bytes a number takes.
    pub(crate) fn size(self) -> usize {
        match self {
            Self::Single => size_of::<f32>(),
            Self::Double => size_of::<f64>(),
        }
    }

    /// The number that is read back where x is written.
    pub(crate) fn kept(self, x: f64) -> f64 {
        match self {
            Self::Single => single(x).into(),
            Self::Double => x,
        }
    }

    /// The numbers one after the other, the lowest byte of each first.
    pub(crate) fn bytes(self, numbers: FloatSlice) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(numbers.len() * self.size());
        match self {
            Self::Single => (numbers.iter()).for_each(|x| bytes.extend(single(x).to_le_bytes())),
            Self::Double => (numbers.iter()).for_each(|x| bytes.extend(x.to_le_bytes())),
        }
        bytes
    }
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "the nearest number of 32 bits is what is asked for"
)]
fn single(x: f64) -> f32 {
    x as f32
}

#[cfg(test)]
mod tests {
    use super::Precision;
    use crate::network::FloatSlice::{Double, Single};

    #[test]
    fn numbers_are_kept_in_32_bits_where_they_have_no_more() {
        let short = [0.0, -0.0, 0.5, f64::from(0.1_f32), f64::from(f32::MAX)];
        let keeping = |numbers: &[f64]| {
            let lists = [Single(&[0.1]), Double(numbers)];
            Precision::keeping(lists.into_iter())
        };
        assert_eq!(keeping(&short), Precision::Single);
        for long in [0.1, 1e-300, 1e300] {
            assert_eq!(keeping(&[0.5, long]), Precision::Double);
        }
        assert_eq!(
            [Precision::Single, Precision::Double].map(Precision::size),
            [4, 8]
        );
        for (x, in_single) in [
            (0.5, 0.5),
            (0.1, f64::from(0.1_f32)),
            (1e300, f64::INFINITY),
        ] {
            let kept = [Precision::Single, Precision::Double].map(|precision| precision.kept(x));
            assert_eq!(kept, [in_single, x]);
        }
        for one in [Double(&[1.0]), Single(&[1.0])] {
            assert_eq!(Precision::Single.bytes(one), [0, 0, 0x80, 0x3f]);
            assert_eq!(Precision::Double.bytes(one)[6..], [0xf0, 0x3f]);
        }
    }
}
