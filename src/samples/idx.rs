//! IDX, the format of MNIST: two zeros, the type, the number of sides, each side as four bytes, the values; all of it
//! with the high byte first.

use std::io::{self, Read};

use crate::error::Invalid;
use crate::npy::read::{Element, Header, cut_short, refused};

/// Reads the header of an IDX file and leaves the reader at its values.
///
/// # Errors
///
/// An [`Invalid`] inside where it is none, else what the reader says.
pub(crate) fn header(reader: &mut impl Read) -> io::Result<Header> {
    let mut four = [0; 4];
    let mut next = || {
        let read = reader.read_exact(&mut four);
        read.map_err(|error| cut_short(error, "the header of an IDX file"))?;
        Ok::<_, io::Error>(four)
    };
    let [zero, second, kind, sides] = next()?;
    let of = match [zero, second, kind] {
        [0, 0, 0x08] => ('u', 1),
        [0, 0, 0x09] => ('i', 1),
        [0, 0, 0x0b] => ('i', 2),
        [0, 0, 0x0c] => ('i', 4),
        [0, 0, 0x0d] => ('f', 4),
        [0, 0, 0x0e] => ('f', 8),
        mark => {
            let expected = "expected an IDX file, which begins with two zeros and a type";
            return Err(refused(Invalid::new(
                "header",
                expected,
                format!("{mark:?}"),
            )));
        }
    };
    let mut shape = Vec::with_capacity(usize::from(sides));
    for _ in 0..sides {
        shape.push(usize::try_from(u32::from_be_bytes(next()?)).unwrap_or(usize::MAX));
    }
    let header = Header {
        element: Element::big_endian(of.0, of.1).map_err(refused)?,
        fortran: false,
        length: 4 + 4 * u64::from(sides),
        shape,
    };
    header.bytes().map_err(refused)?;
    Ok(header)
}

#[cfg(test)]
mod tests {
    use super::header;

    #[test]
    fn a_header_by_hand() {
        let bytes = [0, 0, 0x0d, 2, 0, 0, 0, 2, 0, 0, 1, 0, 9, 9];
        let read = header(&mut &bytes[..]).expect("a header");
        assert_eq!(
            (&read.shape[..], read.element.size(), read.length),
            (&[2, 256][..], 4, 12)
        );
        for cut in 0..12 {
            assert!(header(&mut &bytes[..cut]).is_err());
        }
        assert!(header(&mut &[0, 0, 0x0a, 0][..]).is_err());
        let huge = [&[0, 0, 0x0e, 3][..], &[255; 12]].concat();
        assert!(header(&mut &huge[..]).is_err());
    }
}
