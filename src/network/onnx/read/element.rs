//! The types of the numbers of a tensor, and the exact value of each.

use std::fs::File;
use std::io;
use std::path::Path;

use super::budget::Width;
use super::tensor::Numbers;
use crate::error::Invalid;
use crate::network::binary::{Binary, in_pieces, numbers};
use crate::network::half::{brain_half, half};

/// What the numbers of a tensor are.
#[derive(Clone, Copy)]
pub(super) enum Element {
    Float(Binary),
    Int(Int),
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
            1 => return Ok(Self::Float(Binary::F32)),
            // Yes and no are a byte each.
            2 | 9 => return Ok(Self::Int(Int::U8)),
            3 => return Ok(Self::Int(Int::I8)),
            4 => return Ok(Self::Int(Int::U16)),
            5 => return Ok(Self::Int(Int::I16)),
            6 => return Ok(Self::Int(Int::I32)),
            7 => return Ok(Self::Int(Int::I64)),
            10 => return Ok(Self::Float(Binary::F16)),
            11 => return Ok(Self::Float(Binary::F64)),
            12 => return Ok(Self::Int(Int::U32)),
            13 => return Ok(Self::Int(Int::U64)),
            16 => return Ok(Self::Float(Binary::BF16)),
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
            Self::Float(float) => float.bytes(),
            Self::Int(Int::U8 | Int::I8) => 1,
            Self::Int(Int::U16 | Int::I16) => 2,
            Self::Int(Int::I32 | Int::U32) => 4,
            Self::Int(Int::I64 | Int::U64) => 8,
        }
    }

    /// How many bytes a number takes that has been read.
    pub(super) fn bytes_read(self) -> u64 {
        match self {
            Self::Float(float) => float.bytes_read() as u64,
            Self::Int(_) => 8,
        }
    }

    /// How much larger numbers are in memory than in a file.
    pub(super) fn width(self) -> Width {
        match self {
            Self::Float(Binary::F16 | Binary::BF16) => Width::Half,
            Self::Float(Binary::F32 | Binary::F64) | Self::Int(_) => Width::Full,
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
            Self::Float(Binary::F32 | Binary::F64) => Numbers::Floats(floats.into()),
            Self::Float(Binary::F16) => {
                let floats: Vec<f32> = ints.iter().map(|int| half(bits(int))).collect();
                Numbers::Floats(floats.into())
            }
            Self::Float(Binary::BF16) => {
                let floats: Vec<f32> = ints.iter().map(|int| brain_half(bits(int))).collect();
                Numbers::Floats(floats.into())
            }
            Self::Int(_) => Numbers::Ints(ints),
        }
    }

    /// So many numbers of a file from this byte on.
    pub(super) fn in_file(
        self,
        file: (&File, &Path),
        start: u64,
        count: usize,
    ) -> io::Result<Numbers> {
        match self {
            Self::Float(float) => float.in_file(file, start, count).map(Numbers::Floats),
            Self::Int(_) => {
                let bytes = count * self.bytes();
                self.numbers(count, |add| in_pieces(file.0, start, bytes, add))
            }
        }
    }

    /// So many numbers of the raw bytes that `pieces` gives one after the other, the lowest byte of each first.
    pub(super) fn numbers(
        self,
        count: usize,
        pieces: impl FnOnce(&mut dyn FnMut(&[u8])) -> io::Result<()>,
    ) -> io::Result<Numbers> {
        let int = match self {
            Self::Float(float) => return float.numbers(count, pieces).map(Numbers::Floats),
            Self::Int(int) => int,
        };
        let ints = match int {
            Int::U8 => numbers(count, pieces, |[byte]| byte.into()),
            Int::I8 => numbers(count, pieces, |bytes| i8::from_le_bytes(bytes).into()),
            Int::U16 => numbers(count, pieces, |bytes| u16::from_le_bytes(bytes).into()),
            Int::I16 => numbers(count, pieces, |bytes| i16::from_le_bytes(bytes).into()),
            Int::I32 => numbers(count, pieces, |bytes| i32::from_le_bytes(bytes).into()),
            Int::U32 => numbers(count, pieces, |bytes| u32::from_le_bytes(bytes).into()),
            Int::I64 => numbers(count, pieces, i64::from_le_bytes),
            Int::U64 => numbers(count, pieces, |bytes| {
                u64::from_le_bytes(bytes).cast_signed()
            }),
        };
        ints.map(Numbers::Ints)
    }
}
