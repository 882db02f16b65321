//! Protobuf's wire format: the fields of a message, one after the other, borrowed from the bytes. Nothing recurses, and no
//! length is believed before it was held against what is there.

use std::fmt;

/// What a field holds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value<'a> {
    /// A number of up to 64 bits.
    Number(u64),
    /// Eight bytes.
    Long([u8; 8]),
    /// Four bytes.
    Word([u8; 4]),
    /// A text, a message, or many numbers.
    Bytes(&'a [u8]),
}

/// Why bytes are no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// They end in the middle of a field.
    CutShort,
    /// A field has a kind that there is none of.
    NoField,
    /// A field that is known holds something else.
    OtherKind,
    /// A text is no UTF-8.
    NoText,
    /// There are more of something than any network has.
    TooMany,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CutShort => "the file ends in the middle of it",
            Self::NoField | Self::OtherKind => "its bytes are not those of an ONNX model",
            Self::NoText => "a name in it is no UTF-8",
            Self::TooMany => "it has more nodes, names or numbers than any network",
        })
    }
}

/// The fields of a message; after what is broken there are none.
#[derive(Debug, Clone)]
pub(super) struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn of(message: &'a [u8]) -> Self {
        Self(message)
    }

    fn next_field(&mut self) -> Result<(u64, Value<'a>), Broken> {
        let tag = number(&mut self.0)?;
        let value = match tag & 7 {
            0 => Value::Number(number(&mut self.0)?),
            1 => Value::Long(*self.0.split_first_chunk().ok_or(Broken::CutShort)?.0),
            2 => {
                let length = number(&mut self.0)?;
                let length = usize::try_from(length).map_err(|_| Broken::CutShort)?;
                let (bytes, rest) = self.0.split_at_checked(length).ok_or(Broken::CutShort)?;
                self.0 = rest;
                return Ok((tag >> 3, Value::Bytes(bytes)));
            }
            5 => Value::Word(*self.0.split_first_chunk().ok_or(Broken::CutShort)?.0),
            _ => return Err(Broken::NoField),
        };
        match value {
            Value::Long(_) => self.0 = &self.0[8..],
            Value::Word(_) => self.0 = &self.0[4..],
            Value::Number(_) | Value::Bytes(_) => {}
        }
        Ok((tag >> 3, value))
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Value<'a>), Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.next_field();
        if field.is_err() {
            self.0 = &[];
        }
        Some(field)
    }
}

/// A number at the beginning of bytes: seven bits a byte, the lowest first; the last byte has its highest bit clear.
fn number(bytes: &mut &[u8]) -> Result<u64, Broken> {
    let mut number = 0_u64;
    for place in 0..10 {
        let (&byte, rest) = bytes.split_first().ok_or(Broken::CutShort)?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(Broken::NoField)
}

impl<'a> Value<'a> {
    /// A whole number, two's complement where it is below 0.
    pub(super) fn int(self) -> Result<i64, Broken> {
        match self {
            Self::Number(number) => Ok(number.cast_signed()),
            Self::Long(_) | Self::Word(_) | Self::Bytes(_) => Err(Broken::OtherKind),
        }
    }

    /// A number of floating point.
    pub(super) fn float(self) -> Result<f32, Broken> {
        match self {
            Self::Word(bytes) => Ok(f32::from_le_bytes(bytes)),
            Self::Number(_) | Self::Long(_) | Self::Bytes(_) => Err(Broken::OtherKind),
        }
    }

    /// The bytes of a message.
    pub(super) fn bytes(self) -> Result<&'a [u8], Broken> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            Self::Number(_) | Self::Long(_) | Self::Word(_) => Err(Broken::OtherKind),
        }
    }

    /// A text.
    pub(super) fn text(self) -> Result<&'a str, Broken> {
        std::str::from_utf8(self.bytes()?).map_err(|_| Broken::NoText)
    }

    /// Adds whole numbers to a list that may become as long as `most`: many of them packed, or one.
    pub(super) fn ints(self, list: &mut Vec<i64>, most: usize) -> Result<(), Broken> {
        match self {
            Self::Number(number) => push(list, number.cast_signed(), most),
            Self::Bytes(mut bytes) => {
                while !bytes.is_empty() {
                    push(list, number(&mut bytes)?.cast_signed(), most)?;
                }
                Ok(())
            }
            Self::Long(_) | Self::Word(_) => Err(Broken::OtherKind),
        }
    }

    /// The same of floating-point numbers of four bytes.
    pub(super) fn floats(self, list: &mut Vec<f64>, most: usize) -> Result<(), Broken> {
        match self {
            Self::Word(bytes) => push(list, f32::from_le_bytes(bytes).into(), most),
            Self::Bytes(bytes) => {
                let (words, []) = bytes.as_chunks() else {
                    return Err(Broken::CutShort);
                };
                let mut each = words.iter();
                each.try_for_each(|word| push(list, f32::from_le_bytes(*word).into(), most))
            }
            Self::Number(_) | Self::Long(_) => Err(Broken::OtherKind),
        }
    }

    /// The same of floating-point numbers of eight bytes.
    pub(super) fn doubles(self, list: &mut Vec<f64>, most: usize) -> Result<(), Broken> {
        match self {
            Self::Long(bytes) => push(list, f64::from_le_bytes(bytes), most),
            Self::Bytes(bytes) => {
                let (longs, []) = bytes.as_chunks() else {
                    return Err(Broken::CutShort);
                };
                let mut each = longs.iter();
                each.try_for_each(|long| push(list, f64::from_le_bytes(*long), most))
            }
            Self::Number(_) | Self::Word(_) => Err(Broken::OtherKind),
        }
    }
}

/// Adds to a list, unless it has as many as it may.
pub(super) fn push<T>(list: &mut Vec<T>, one: T, most: usize) -> Result<(), Broken> {
    if list.len() == most {
        return Err(Broken::TooMany);
    }
    list.push(one);
    Ok(())
}
