//! Tensors: the numbers of the file, each with its exact value.

use std::borrow::Cow;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use super::budget::Budget;
use super::model::MOST_SIDES;
use super::refusal::{broken, refused};
use super::wire::{Broken, Fields};
use crate::error::Invalid;
use crate::network::folder::{self, Folder};
use crate::network::half::{brain_half, half};
use crate::words::count;

/// The numbers of a tensor, in row-major order.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Numbers {
    /// Of floating point.
    Floats(Vec<f64>),
    /// Whole.
    Ints(Vec<i64>),
}

/// A tensor whose numbers are known.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tensor {
    pub shape: Vec<usize>,
    pub numbers: Numbers,
}

impl Numbers {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Floats(floats) => floats.len(),
            Self::Ints(ints) => ints.len(),
        }
    }
}

impl Tensor {
    /// A list of whole numbers.
    pub(super) fn list(ints: Vec<i64>) -> Self {
        Self {
            shape: vec![ints.len()],
            numbers: Numbers::Ints(ints),
        }
    }

    /// How many numbers there are.
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// The whole numbers.
    pub(super) fn ints(&self) -> Result<&[i64], Invalid> {
        match &self.numbers {
            Numbers::Ints(ints) => Ok(ints),
            Numbers::Floats(_) => Err(refused(
                "expected whole numbers, found numbers of floating point",
            )),
        }
    }

    /// The numbers as floating point.
    pub(super) fn floats(&self) -> Cow<'_, [f64]> {
        match &self.numbers {
            Numbers::Floats(floats) => Cow::Borrowed(floats),
            Numbers::Ints(ints) => Cow::Owned(ints.iter().map(|&int| int as f64).collect()),
        }
    }

    /// The same, without a copy.
    pub(super) fn into_floats(self) -> Vec<f64> {
        match self.numbers {
            Numbers::Floats(floats) => floats,
            Numbers::Ints(ints) => ints.into_iter().map(|int| int as f64).collect(),
        }
    }
}

/// How many numbers a tensor of this shape has.
pub(super) fn units(shape: &[usize]) -> Option<usize> {
    let product = |product: usize, side: &usize| product.checked_mul(*side);
    shape.iter().try_fold(1, product)
}

/// The message of a tensor, its numbers not yet looked at.
#[derive(Default)]
struct Message<'a> {
    sides: Vec<i64>,
    kind: i64,
    raw: Option<&'a [u8]>,
    external: bool,
    file: &'a str,
    offset: u64,
    length: Option<u64>,
}

impl<'a> Message<'a> {
    fn read(message: &'a [u8]) -> Result<Self, Broken> {
        let mut tensor = Self::default();
        for field in Fields::of(message) {
            match field? {
                (1, value) => value.ints(&mut tensor.sides, MOST_SIDES)?,
                (2, value) => tensor.kind = value.int()?,
                (9, value) => tensor.raw = Some(value.bytes()?),
                (13, value) => tensor.read_external(value.bytes()?)?,
                (14, value) => tensor.external = value.int()? == 1,
                _ => {}
            }
        }
        Ok(tensor)
    }

    fn read_external(&mut self, message: &'a [u8]) -> Result<(), Broken> {
        let (mut key, mut text) = ("", "");
        for field in Fields::of(message) {
            match field? {
                (1, value) => key = value.text()?,
                (2, value) => text = value.text()?,
                _ => {}
            }
        }
        let number = || text.parse().map_err(|_| Broken::OtherKind);
        match key {
            "location" => self.file = text,
            "offset" => self.offset = number()?,
            "length" => self.length = Some(number()?),
            _ => {}
        }
        Ok(())
    }
}

/// The tensor of a message; what it leaves to another file is looked for in the folder.
///
/// # Errors
///
/// [`Invalid`] when it is no tensor of numbers, has others than its sides say, or its file cannot be read.
pub(super) fn read(
    message: &[u8],
    folder: &Folder,
    budget: &mut Budget,
) -> Result<Tensor, Invalid> {
    let tensor = Message::read(message).map_err(|why| broken("tensor", why))?;
    let sides = tensor.sides.iter().map(|side| usize::try_from(*side).ok());
    let shape: Option<Vec<usize>> = sides.collect();
    let known = shape.and_then(|shape| units(&shape).map(|units| (shape, units)));
    let (shape, units) = known.ok_or_else(|| {
        let found = format!("{:?}", tensor.sides);
        Invalid::new("", "expected a shape of a tensor", found)
    })?;
    let kind = Kind::of(tensor.kind)?;
    let numbers = if tensor.external {
        let bytes = external(&tensor, units, kind, folder, budget)?;
        kind.numbers(&bytes)
    } else if let Some(raw) = tensor.raw {
        check(
            units,
            raw.len() / kind.bytes(),
            raw.len() % kind.bytes() == 0,
        )?;
        budget.take(units, 8)?;
        kind.numbers(raw)
    } else {
        typed(message, kind, units, budget)?
    };
    Ok(Tensor { shape, numbers })
}

fn check(units: usize, found: usize, whole: bool) -> Result<(), Invalid> {
    if units == found && whole {
        return Ok(());
    }
    let expected = format!("expected {} as its sides say", count(units, "number"));
    Err(Invalid::new("", expected, found).help("the file is damaged: export it anew"))
}

/// The bytes of a tensor that stand in another file.
fn external(
    tensor: &Message,
    units: usize,
    kind: Kind,
    folder: &Folder,
    budget: &mut Budget,
) -> Result<Vec<u8>, Invalid> {
    let size = units.checked_mul(kind.bytes()).map(|size| size as u64);
    let size = size.ok_or_else(|| refused("it has more numbers than a file can hold"))?;
    if let Some(length) = tensor.length.filter(|length| *length != size) {
        let expected = format!("expected `length` {size} as its sides say");
        return Err(Invalid::new("", expected, length));
    }
    let name = tensor.file;
    let path = folder.path(name)?;
    let unreadable = |reason| folder::refused(name, format!("cannot be read: {reason}"));
    let mut file = File::open(&path).map_err(unreadable)?;
    let there = file.metadata().map_err(unreadable)?;
    let end = tensor.offset.checked_add(size);
    if !there.is_file() || end.is_none_or(|end| end > there.len()) {
        let expected = format!(
            "expected {size} bytes from {} on in {name}, the file of the weights",
            tensor.offset
        );
        let found = format!("a file of {} bytes", there.len());
        return Err(Invalid::new("", expected, found)
            .help("copy the whole file that was exported beside the model"));
    }
    // The numbers are there: what is made of them is not more than the file can ask for.
    budget.add(&path, there.len());
    budget.take(units, 8)?;
    let read = file.seek(SeekFrom::Start(tensor.offset)).and_then(|_| {
        let mut bytes = Vec::new();
        file.take(size).read_to_end(&mut bytes)?;
        Ok(bytes)
    });
    let bytes = read.map_err(unreadable)?;
    check(
        units,
        bytes.len() / kind.bytes(),
        bytes.len() as u64 == size,
    )?;
    Ok(bytes)
}

/// The numbers of a tensor that stand in a field of their type.
fn typed(
    message: &[u8],
    kind: Kind,
    units: usize,
    budget: &mut Budget,
) -> Result<Numbers, Invalid> {
    // A number takes a byte at least.
    if units > message.len() {
        return check(units, 0, true).map(|()| Numbers::Ints(Vec::new()));
    }
    budget.take(units, 8)?;
    let (mut floats, mut ints) = (Vec::new(), Vec::new());
    for field in Fields::of(message) {
        let read = field.and_then(|field| match field {
            (4, value) => value.floats(&mut floats, units),
            (10, value) => value.doubles(&mut floats, units),
            (5 | 7 | 11, value) => value.ints(&mut ints, units),
            _ => Ok(()),
        });
        read.map_err(|why| match why {
            Broken::TooMany => {
                let expected = format!("expected {} as its sides say", count(units, "number"));
                Invalid::new("", expected, "more")
            }
            why => broken("tensor", why),
        })?;
    }
    let numbers = kind.of_field(floats, ints);
    check(units, numbers.len(), true)?;
    Ok(numbers)
}

/// What the numbers of a tensor are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    F32,
    F64,
    F16,
    BF16,
    U8,
    I8,
    U16,
    I16,
    I32,
    U32,
    I64,
    U64,
    Bool,
}

impl Kind {
    fn of(kind: i64) -> Result<Self, Invalid> {
        Ok(match kind {
            1 => Self::F32,
            2 => Self::U8,
            3 => Self::I8,
            4 => Self::U16,
            5 => Self::I16,
            6 => Self::I32,
            7 => Self::I64,
            9 => Self::Bool,
            10 => Self::F16,
            11 => Self::F64,
            12 => Self::U32,
            13 => Self::U64,
            16 => Self::BF16,
            _ => {
                let what = match kind {
                    8 => "text",
                    14 | 15 => "complex numbers",
                    17..=20 | 23 | 24 => "numbers of 8 bits",
                    21 | 22 | 25 | 26 => "numbers of 4 or 2 bits",
                    _ => "numbers of an unknown type",
                };
                let expected = "expected floating-point or whole numbers";
                return Err(Invalid::new("", expected, what)
                    .help("export the model in float32 or float64, before it is quantised"));
            }
        })
    }

    /// How many bytes a number has.
    fn bytes(self) -> usize {
        match self {
            Self::U8 | Self::I8 | Self::Bool => 1,
            Self::F16 | Self::BF16 | Self::U16 | Self::I16 => 2,
            Self::F32 | Self::I32 | Self::U32 => 4,
            Self::F64 | Self::I64 | Self::U64 => 8,
        }
    }

    /// The numbers of raw bytes, the lowest first.
    fn numbers(self, raw: &[u8]) -> Numbers {
        fn each<const N: usize, T>(raw: &[u8], of: impl Fn([u8; N]) -> T) -> Vec<T> {
            let (numbers, _) = raw.as_chunks::<N>();
            numbers.iter().map(|bytes| of(*bytes)).collect()
        }
        use Numbers::{Floats, Ints};
        match self {
            Self::F32 => Floats(each(raw, |bytes| f32::from_le_bytes(bytes).into())),
            Self::F64 => Floats(each(raw, f64::from_le_bytes)),
            Self::F16 => Floats(each(raw, |bytes| half(u16::from_le_bytes(bytes)))),
            Self::BF16 => Floats(each(raw, |bytes| brain_half(u16::from_le_bytes(bytes)))),
            Self::U8 | Self::Bool => Ints(each(raw, |[byte]| byte.into())),
            Self::I8 => Ints(each(raw, |bytes| i8::from_le_bytes(bytes).into())),
            Self::U16 => Ints(each(raw, |bytes| u16::from_le_bytes(bytes).into())),
            Self::I16 => Ints(each(raw, |bytes| i16::from_le_bytes(bytes).into())),
            Self::I32 => Ints(each(raw, |bytes| i32::from_le_bytes(bytes).into())),
            Self::U32 => Ints(each(raw, |bytes| u32::from_le_bytes(bytes).into())),
            Self::I64 => Ints(each(raw, i64::from_le_bytes)),
            Self::U64 => Ints(each(raw, |bytes| u64::from_le_bytes(bytes).cast_signed())),
        }
    }

    /// The numbers of a field: those of 16 bits stand as whole numbers there.
    fn of_field(self, floats: Vec<f64>, ints: Vec<i64>) -> Numbers {
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the lower 16 bits are the number"
        )]
        let bits = |int: &i64| *int as u16;
        match self {
            Self::F32 | Self::F64 => Numbers::Floats(floats),
            Self::F16 => Numbers::Floats(ints.iter().map(|int| half(bits(int))).collect()),
            Self::BF16 => Numbers::Floats(ints.iter().map(|int| brain_half(bits(int))).collect()),
            _ => Numbers::Ints(ints),
        }
    }
}
