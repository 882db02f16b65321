//! What an element of an array is, and its value.

use crate::error::Invalid;

/// The type of the elements of an array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Element {
    kind: Kind,
    /// Bytes of one element.
    size: usize,
    big_endian: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bool,
    Signed,
    Unsigned,
    Float,
    /// Text of four bytes a character.
    Unicode,
    /// Text of one byte a character.
    Bytes,
}

/// A text of more bytes is no name of a sample.
const LONGEST_TEXT: usize = 1 << 16;

impl Element {
    /// Whether it is a whole number from 0 to 255, as the pixels of pictures are.
    pub(crate) fn is_byte(self) -> bool {
        self.kind == Kind::Unsigned && self.size == 1
    }

    /// The element that NumPy spells so, as `<f8`.
    ///
    /// # Errors
    ///
    /// [`Invalid`] where it is no number and no text.
    pub(crate) fn of(descr: &str) -> Result<Self, Invalid> {
        let wrong = |help: &str| {
            let expected = "expected the type of numbers, as `<f4`, `<f8`, `|u1` or `<i8`";
            let invalid = Invalid::new("header.descr", expected, format!("`{descr}`"));
            Err(if help.is_empty() {
                invalid
            } else {
                invalid.help(help)
            })
        };
        let (order, letter, size) = match descr.as_bytes() {
            [order @ (b'<' | b'>' | b'=' | b'|'), letter, size @ ..] => (*order, *letter, size),
            [letter, size @ ..] => (b'=', *letter, size),
            [] => return wrong(""),
        };
        let number = std::str::from_utf8(size).ok().filter(|size| {
            !size.is_empty() && size.len() < 9 && size.bytes().all(|byte| byte.is_ascii_digit())
        });
        let number = number.and_then(|size| size.parse::<usize>().ok());
        let (kind, size) = match (letter, number) {
            (b'b' | b'?', Some(1)) | (b'?', None) => (Kind::Bool, 1),
            (b'i', Some(size @ (1 | 2 | 4 | 8))) => (Kind::Signed, size),
            (b'u', Some(size @ (1 | 2 | 4 | 8))) => (Kind::Unsigned, size),
            (b'f', Some(size @ (2 | 4 | 8))) => (Kind::Float, size),
            (b'f', Some(_)) => return wrong("save x.astype(numpy.float64)"),
            (b'c', _) => return wrong("complex numbers are no inputs: save x.real or abs(x)"),
            (b'O', _) => {
                return wrong(
                    "it holds Python objects, which are not read: save x.astype(float), or text as x.astype(str)",
                );
            }
            (b'M' | b'm', _) => {
                return wrong("times are no inputs: save them as numbers, x.astype(float)");
            }
            (b'U', Some(letters)) if letters <= LONGEST_TEXT / 4 => (Kind::Unicode, 4 * letters),
            (b'S' | b'a', Some(letters)) if letters <= LONGEST_TEXT => (Kind::Bytes, letters),
            _ => return wrong(""),
        };
        Ok(Self {
            kind,
            size,
            big_endian: order == b'>',
        })
    }

    /// A number of a format that is big-endian.
    pub(crate) fn big_endian(letter: char, size: usize) -> Result<Self, Invalid> {
        Self::of(&format!(">{letter}{size}"))
    }

    /// Bytes of one element.
    pub(crate) fn size(self) -> usize {
        self.size
    }

    /// Whether it is text.
    pub(crate) fn is_text(self) -> bool {
        matches!(self.kind, Kind::Unicode | Kind::Bytes)
    }

    /// The value of a number: of 64-bit integers beyond 2^53 the nearest f64. `bytes` has the element's size; text is NaN.
    pub(crate) fn number(self, bytes: &[u8]) -> f64 {
        let bits = self.bits(bytes);
        match (self.kind, self.size) {
            (Kind::Bool, _) => f64::from(u8::from(bits != 0)),
            (Kind::Unsigned, _) => bits as f64,
            (Kind::Signed, size) => signed(bits, size) as f64,
            (Kind::Float, 2) => half(bits),
            #[expect(clippy::cast_possible_truncation, reason = "four bytes were read")]
            (Kind::Float, 4) => f64::from(f32::from_bits(bits as u32)),
            (Kind::Float, _) => f64::from_bits(bits),
            (Kind::Unicode | Kind::Bytes, _) => f64::NAN,
        }
    }

    /// The values of numbers, one behind the other.
    pub(crate) fn numbers(self, bytes: &[u8]) -> Vec<f64> {
        // What files mostly hold, without asking for each what it is.
        match (self.kind, self.size, self.big_endian) {
            (Kind::Unsigned, 1, _) => bytes.iter().map(|&byte| f64::from(byte)).collect(),
            (Kind::Float, 4, false) => {
                let all = bytes.as_chunks().0.iter();
                all.map(|&four| f64::from(f32::from_le_bytes(four)))
                    .collect()
            }
            (Kind::Float, 8, false) => {
                let all = bytes.as_chunks().0.iter();
                all.map(|&eight| f64::from_le_bytes(eight)).collect()
            }
            _ => {
                let each = bytes.chunks_exact(self.size);
                each.map(|bytes| self.number(bytes)).collect()
            }
        }
    }

    /// The text of an element without the zeros behind it; a whole number in digits, any other as Rust writes it.
    pub(crate) fn text(self, bytes: &[u8]) -> String {
        match (self.kind, self.size) {
            (Kind::Unicode, _) => {
                let letters = bytes.chunks_exact(4).map(|letter| self.bits(letter));
                let letters = letters.map(|code| u32::try_from(code).ok().and_then(char::from_u32));
                let text: String = letters
                    .map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER))
                    .collect();
                text.trim_end_matches('\0').to_owned()
            }
            (Kind::Bytes, _) => {
                let text = String::from_utf8_lossy(bytes);
                text.trim_end_matches('\0').to_owned()
            }
            (Kind::Bool | Kind::Unsigned, _) => self.bits(bytes).to_string(),
            (Kind::Signed, size) => signed(self.bits(bytes), size).to_string(),
            (Kind::Float, _) => self.number(bytes).to_string(),
        }
    }

    /// Up to eight bytes as a number without a sign.
    fn bits(self, bytes: &[u8]) -> u64 {
        let add = |bits: u64, byte: &u8| bits << 8 | u64::from(*byte);
        if self.big_endian {
            bytes.iter().fold(0, add)
        } else {
            bytes.iter().rev().fold(0, add)
        }
    }
}

/// The number of so many bytes in two's complement.
fn signed(bits: u64, size: usize) -> i64 {
    let unused = 64 - 8 * size;
    (bits << unused).cast_signed() >> unused
}

/// A float16: one bit for the sign, five for the exponent, ten for the mantissa.
fn half(bits: u64) -> f64 {
    let (exponent, mantissa) = (bits >> 10 & 0x1f, (bits & 0x3ff) as f64);
    let size = match exponent {
        0 => mantissa * 2_f64.powi(-24),
        0x1f if mantissa > 0.0 => f64::NAN,
        0x1f => f64::INFINITY,
        _ => {
            let scale = f64::from_bits((exponent + 1023 - 25) << 52);
            (mantissa + 1024.0) * scale
        }
    };
    if bits >> 15 & 1 == 1 { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::Element;

    fn number(descr: &str, bytes: &[u8]) -> f64 {
        Element::of(descr).expect("a number").number(bytes)
    }

    #[test]
    fn a_number_is_what_its_bytes_are_by_hand() {
        for (descr, bytes, value) in [
            ("|b1", &[1][..], 1.0),
            ("?", &[0], 0.0),
            ("|u1", &[200], 200.0),
            ("|i1", &[200], -56.0),
            ("<i2", &[0xfe, 0xff], -2.0),
            (">i2", &[0xff, 0xfe], -2.0),
            (">u4", &[0x80, 0, 0, 1], 2_147_483_649.0),
            ("<i8", &[255; 8], -1.0),
            ("<f4", &[0, 0, 0x80, 0x3e], 0.25),
            (
                ">f8",
                &[0x40, 0x09, 0x21, 0xfb, 0x54, 0x44, 0x2d, 0x18],
                std::f64::consts::PI,
            ),
            ("<f2", &[0x00, 0x3c], 1.0),
            ("<f2", &[0xff, 0x7b], 65504.0),
            (">f2", &[0x80, 0x01], -5.960_464_477_539_063e-8),
            ("<f2", &[0x00, 0x04], 6.103_515_625e-5),
            ("<f2", &[0x55, 0x35], 0.333_251_953_125),
        ] {
            let found = number(descr, bytes);
            assert!(
                (found - value).abs() <= 0.0,
                "{descr}: {found} is not {value}"
            );
        }
        assert!(number("<f2", &[0x00, 0x7e]).is_nan());
        assert!(number("<f2", &[0x00, 0xfc]).is_infinite());
    }

    #[test]
    fn text_ends_before_its_zeros() {
        let unicode = Element::of("<U3").expect("text");
        let bytes = [0x41, 0, 0, 0, 0xe4, 0, 0, 0, 0, 0, 0, 0];
        assert_eq!(unicode.text(&bytes), "Aä");
        assert_eq!(Element::of("|S4").expect("text").text(b"cat\0"), "cat");
        assert_eq!(Element::of("|i1").expect("a number").text(&[255]), "-1");
    }

    #[test]
    fn what_is_no_number_is_refused_with_what_to_do() {
        for (descr, help) in [
            ("|O", "astype(float)"),
            ("<c16", "x.real"),
            ("<f16", "numpy.float64"),
            ("<M8[ns]", "numbers"),
            ("", ""),
            ("<f3", "float64"),
            ("<i16", ""),
            ("<U99999999", ""),
            ("V8", ""),
        ] {
            let invalid = Element::of(descr).expect_err("no number");
            assert!(invalid.help.unwrap_or_default().contains(help), "{descr}");
        }
    }
}
