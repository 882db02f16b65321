//! The types of the numbers of a tensor, and the exact value of each.

use super::budget::Width;
use super::tensor::Numbers;
use crate::error::Invalid;
use crate::network::half::{brain_half, half};

/// What the numbers of a tensor are.
#[derive(Clone, Copy)]
pub(super) enum Element {
    Float(Float),
    Int(Int),
}

/// Numbers of floating point.
#[derive(Clone, Copy)]
pub(super) enum Float {
    F32,
    F64,
    F16,
    BF16,
}

/// Whole numbers, and yes and no as 1 and 0.
#[derive(Clone, Copy)]
pub(super) enum Int {
    U8,
    I8,
    U16,
    I16,
    I32,
    U32,
    I64,
    U64,
}

impl Element {
    /// The type of this number in `TensorProto.DataType`.
    ///
    /// # Errors
    ///
    /// [`Invalid`] where no network has numbers of that type.
    pub(super) fn of(kind: i64) -> Result<Self, Invalid> {
        let what = match kind {
            1 => return Ok(Self::Float(Float::F32)),
            // Yes and no are a byte each.
            2 | 9 => return Ok(Self::Int(Int::U8)),
            3 => return Ok(Self::Int(Int::I8)),
            4 => return Ok(Self::Int(Int::U16)),
            5 => return Ok(Self::Int(Int::I16)),
            6 => return Ok(Self::Int(Int::I32)),
            7 => return Ok(Self::Int(Int::I64)),
            10 => return Ok(Self::Float(Float::F16)),
            11 => return Ok(Self::Float(Float::F64)),
            12 => return Ok(Self::Int(Int::U32)),
            13 => return Ok(Self::Int(Int::U64)),
            16 => return Ok(Self::Float(Float::BF16)),
            8 => "text",
            14 | 15 => "complex numbers",
            17..=20 | 23 | 24 => "numbers of 8 bits",
            21 | 22 | 25 | 26 => "numbers of 4 or 2 bits",
            _ => "numbers of an unknown type",
        };
        let expected = "expected floating-point or whole numbers";
        Err(Invalid::new("", expected, what)
            .help("export the model in float32 or float64, before it is quantised"))
    }

    /// How many bytes a number has.
    pub(super) fn bytes(self) -> usize {
        match self {
            Self::Int(Int::U8 | Int::I8) => 1,
            Self::Float(Float::F16 | Float::BF16) | Self::Int(Int::U16 | Int::I16) => 2,
            Self::Float(Float::F32) | Self::Int(Int::I32 | Int::U32) => 4,
            Self::Float(Float::F64) | Self::Int(Int::I64 | Int::U64) => 8,
        }
    }

    /// How much larger numbers are in memory than in a file.
    pub(super) fn width(self) -> Width {
        match self {
            Self::Float(Float::F16 | Float::BF16) => Width::Half,
            Self::Float(Float::F32 | Float::F64) | Self::Int(_) => Width::Full,
        }
    }

    /// The numbers of a field of the tensor: those of 16 bits stand as whole numbers there.
    pub(super) fn of_field(self, floats: Vec<f64>, ints: Vec<i64>) -> Numbers {
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the lower 16 bits are the number"
        )]
        let bits = |int: &i64| *int as u16;
        match self {
            Self::Float(Float::F32 | Float::F64) => Numbers::Floats(floats),
            Self::Float(Float::F16) => {
                Numbers::Floats(ints.iter().map(|int| half(bits(int))).collect())
            }
            Self::Float(Float::BF16) => {
                Numbers::Floats(ints.iter().map(|int| brain_half(bits(int))).collect())
            }
            Self::Int(_) => Numbers::Ints(ints),
        }
    }
}

/// Adds what `of` makes of each few bytes.
fn each<const N: usize, T>(raw: &[u8], list: &mut Vec<T>, of: impl Fn([u8; N]) -> T) {
    let (numbers, _) = raw.as_chunks::<N>();
    list.extend(numbers.iter().map(|bytes| of(*bytes)));
}

impl Float {
    /// Adds the numbers of raw bytes, the lowest byte first.
    pub(super) fn append(self, raw: &[u8], list: &mut Vec<f64>) {
        match self {
            Self::F32 => each(raw, list, |bytes| f32::from_le_bytes(bytes).into()),
            Self::F64 => each(raw, list, f64::from_le_bytes),
            Self::F16 => each(raw, list, |bytes| half(u16::from_le_bytes(bytes))),
            Self::BF16 => each(raw, list, |bytes| brain_half(u16::from_le_bytes(bytes))),
        }
    }
}

impl Int {
    /// Adds the numbers of raw bytes, the lowest byte first.
    pub(super) fn append(self, raw: &[u8], list: &mut Vec<i64>) {
        match self {
            Self::U8 => each(raw, list, |[byte]| byte.into()),
            Self::I8 => each(raw, list, |bytes| i8::from_le_bytes(bytes).into()),
            Self::U16 => each(raw, list, |bytes| u16::from_le_bytes(bytes).into()),
            Self::I16 => each(raw, list, |bytes| i16::from_le_bytes(bytes).into()),
            Self::I32 => each(raw, list, |bytes| i32::from_le_bytes(bytes).into()),
            Self::U32 => each(raw, list, |bytes| u32::from_le_bytes(bytes).into()),
            Self::I64 => each(raw, list, i64::from_le_bytes),
            Self::U64 => each(raw, list, |bytes| u64::from_le_bytes(bytes).cast_signed()),
        }
    }
}
