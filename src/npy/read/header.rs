//! The header of a .npy file: a mark, a version, the length of a Python dictionary, and this.

use std::io::{self, Read};

use super::element::Element;
use super::fault::{cut_short, refused};
use crate::error::Invalid;

/// What every .npy file begins with.
pub(crate) const MARK: &[u8; 6] = b"\x93NUMPY";
/// A dictionary of more bytes is none of an array of numbers.
const LONGEST: usize = 1 << 16;
/// NumPy knows no more dimensions.
const MOST_DIMENSIONS: usize = 64;

/// What stands before the values of an array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) element: Element,
    /// Whether the first index runs fastest.
    pub(crate) fortran: bool,
    pub(crate) shape: Vec<usize>,
    /// Bytes before the values.
    pub(crate) length: u64,
}

impl Header {
    /// Reads the header of a .npy file and leaves the reader at its values.
    ///
    /// # Errors
    ///
    /// An [`Invalid`] inside where it is none, else what the reader says.
    pub(crate) fn read(reader: &mut impl Read) -> io::Result<Self> {
        let mut start = [0; 8];
        exactly(reader, &mut start)?;
        if &start[..6] != MARK {
            let expected = "expected an array of NumPy, which begins with \\x93NUMPY";
            let found = format!("`{}`", start[..6].escape_ascii());
            return Err(refused(Invalid::new("header", expected, found)));
        }
        let wide = match start[6] {
            1 => 2,
            2 | 3 => 4,
            version => {
                let expected = "expected version 1, 2 or 3 of the format";
                return Err(refused(Invalid::new("header", expected, version)));
            }
        };
        let mut length = [0; 4];
        exactly(reader, &mut length[..wide])?;
        let bytes = u32::from_le_bytes(length);
        let length = usize::try_from(bytes).unwrap_or(usize::MAX);
        if length > LONGEST {
            let expected = format!("expected at most {LONGEST} bytes");
            return Err(refused(Invalid::new("header", expected, length)));
        }
        let mut text = vec![0; length];
        exactly(reader, &mut text)?;
        let header = Self::of_text(&String::from_utf8_lossy(&text)).map_err(refused)?;
        Ok(Self {
            length: 8 + wide as u64 + u64::from(bytes),
            ..header
        })
    }

    /// The header in the text of the dictionary.
    fn of_text(text: &str) -> Result<Self, Invalid> {
        let mut rest = Rest(text);
        let (mut descr, mut fortran, mut shape) = (None, None, None);
        rest.expect('{')?;
        while !rest.has('}') {
            let key = rest.quoted()?;
            rest.expect(':')?;
            match key {
                "descr" if rest.begins('[') => {
                    let expected = "expected one type for all elements";
                    let invalid = Invalid::new("header.descr", expected, "a structured array");
                    return Err(invalid.help("save its fields as a plain array, x = numpy.lib.recfunctions.structured_to_unstructured(x)"));
                }
                "descr" => descr = Some(Element::of(rest.quoted()?)?),
                "fortran_order" => fortran = Some(rest.truth()?),
                "shape" => shape = Some(rest.shape()?),
                _ => {
                    let expected = "expected the keys descr, fortran_order and shape";
                    return Err(Invalid::new("header", expected, format!("`{key}`")));
                }
            }
            if !rest.has(',') {
                rest.expect('}')?;
                break;
            }
        }
        let missing = |key: &str| Invalid::new("header", format!("expected the key {key}"), "none");
        let header = Self {
            element: descr.ok_or_else(|| missing("descr"))?,
            fortran: fortran.ok_or_else(|| missing("fortran_order"))?,
            shape: shape.ok_or_else(|| missing("shape"))?,
            length: 0,
        };
        header.bytes()?;
        Ok(header)
    }

    /// Bytes of all values.
    ///
    /// # Errors
    ///
    /// [`Invalid`] where they are more than any file has.
    pub(crate) fn bytes(&self) -> Result<u64, Invalid> {
        // A side of 0 may stand beside sides of any size.
        let mut sides = self.shape.iter();
        let bytes = sides.try_fold(self.element.size(), |product, &side| {
            product.checked_mul(side)
        });
        let empty = self.shape.contains(&0).then_some(0);
        let bytes = empty.or(bytes.filter(|bytes| isize::try_from(*bytes).is_ok()));
        bytes.map(|bytes| bytes as u64).ok_or_else(|| {
            let expected = "expected a shape that a file can have";
            Invalid::new("header.shape", expected, format!("{:?}", self.shape))
        })
    }
}

fn exactly(reader: &mut impl Read, to: &mut [u8]) -> io::Result<()> {
    let read = reader.read_exact(to);
    read.map_err(|error| cut_short(error, "the header of an array"))
}

/// What is left to read of a dictionary.
struct Rest<'t>(&'t str);

impl<'t> Rest<'t> {
    fn begins(&mut self, mark: char) -> bool {
        self.0 = self.0.trim_start();
        self.0.starts_with(mark)
    }

    /// Whether this mark comes next; it is passed.
    fn has(&mut self, mark: char) -> bool {
        let there = self.begins(mark);
        if there {
            self.0 = &self.0[mark.len_utf8()..];
        }
        there
    }

    fn expect(&mut self, mark: char) -> Result<(), Invalid> {
        if self.has(mark) {
            Ok(())
        } else {
            Err(self.wrong(&format!("`{mark}`")))
        }
    }

    fn wrong(&self, expected: &str) -> Invalid {
        let found: String = self.0.chars().take(20).collect();
        let found = if found.is_empty() {
            "the end of the header".to_owned()
        } else {
            format!("`{}`", found.escape_debug())
        };
        Invalid::new("header", format!("expected {expected}"), found)
    }

    /// A text in quotes of either kind.
    fn quoted(&mut self) -> Result<&'t str, Invalid> {
        let quote = ['\'', '"'].into_iter().find(|quote| self.has(*quote));
        let ended = quote.and_then(|quote| self.0.split_once(quote));
        let Some((text, rest)) = ended else {
            return Err(self.wrong("a word in quotes"));
        };
        self.0 = rest;
        Ok(text)
    }

    fn truth(&mut self) -> Result<bool, Invalid> {
        self.0 = self.0.trim_start();
        for (word, value) in [("True", true), ("False", false)] {
            if let Some(rest) = self.0.strip_prefix(word) {
                self.0 = rest;
                return Ok(value);
            }
        }
        Err(self.wrong("True or False"))
    }

    /// Sides in parentheses.
    fn shape(&mut self) -> Result<Vec<usize>, Invalid> {
        let mut shape = Vec::new();
        self.expect('(')?;
        while !self.has(')') {
            self.0 = self.0.trim_start();
            let digits = self.0.bytes().take_while(u8::is_ascii_digit).count();
            let side = self.0[..digits].parse::<usize>();
            let side = side.map_err(|_| self.wrong("the sides of the shape"))?;
            // Python 2 writes long numbers with an L.
            self.0 = self.0[digits..].trim_start_matches('L');
            shape.push(side);
            if shape.len() > MOST_DIMENSIONS {
                return Err(Invalid::new(
                    "header.shape",
                    format!("expected at most {MOST_DIMENSIONS} dimensions"),
                    "more",
                ));
            }
            if !self.has(',') {
                self.expect(')')?;
                break;
            }
        }
        Ok(shape)
    }
}

#[cfg(test)]
mod tests {
    use super::Header;

    fn of(text: &str) -> Result<Header, String> {
        Header::of_text(text).map_err(|invalid| invalid.to_string())
    }

    #[test]
    fn a_dictionary_is_read_however_it_is_spaced_and_ordered() {
        for (text, shape, fortran) in [
            (
                "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }   \n",
                &[3, 4][..],
                false,
            ),
            (
                "{\"shape\":(5L,),\"descr\":\"|u1\",\"fortran_order\":True}",
                &[5],
                true,
            ),
            (
                "{'descr': '<f4', 'fortran_order': False, 'shape': (), }",
                &[],
                false,
            ),
        ] {
            let header = of(text).expect("a header");
            assert_eq!((&header.shape[..], header.fortran), (shape, fortran));
        }
    }

    #[test]
    fn a_header_that_is_none_is_refused_with_its_place() {
        for (text, said) in [
            ("", "header: expected `{`"),
            ("{", "a word in quotes, found the end"),
            ("{'descr': '<f8'}", "fortran_order"),
            (
                "{'descr': '<f8', 'fortran_order': 1, 'shape': (1,)}",
                "True or False",
            ),
            (
                "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}",
                "sides",
            ),
            (
                "{'descr': '<f8', 'fortran_order': False, 'shape': (1.5,)}",
                "`)`",
            ),
            (
                "{'descr': '<f8', 'fortran_order': False, 'shape': 3}",
                "`(`",
            ),
            (
                "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (3,)}",
                "structured",
            ),
            ("{'name': 'x'}", "`name`"),
            (
                "{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296)}",
                "header.shape",
            ),
            (
                "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,)}",
                "sides",
            ),
        ] {
            let found = of(text).expect_err(text);
            assert!(found.contains(said), "{text}: {found}");
        }
        let many = format!("{{'shape': ({})}}", "1,".repeat(100));
        assert!(of(&many).is_err_and(|said| said.contains("64 dimensions")));
    }
}
