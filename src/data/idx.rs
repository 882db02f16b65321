//! IDX, the format of MNIST: two zeros, the type (8: bytes), the number of sides, each side as four bytes, the data.

use super::{Images, malformed};
use crate::error::{Error, Invalid};

/// Images of a file with three sides, with the labels of one with a single side; each with its name.
pub(super) fn images(pixels: (&str, &[u8]), labels: (&str, &[u8])) -> Result<Images, Error> {
    let ([_, height, width], data) = parse::<3>(pixels)?;
    let ([_], classes) = parse::<1>(labels)?;
    if height == 0 || width == 0 {
        let found = format!("{height} × {width}");
        return Err(malformed(
            pixels.0,
            Invalid::new("", "expected images with pixels", found),
        ));
    }
    Images::new(labels.0, (height, width), data.to_vec(), classes.to_vec())
}

/// The sides and the data.
fn parse<'a, const SIDES: usize>(
    (file, bytes): (&str, &'a [u8]),
) -> Result<([usize; SIDES], &'a [u8]), Error> {
    let complaint =
        |expected: String, found: String| malformed(file, Invalid::new("", expected, found));
    let header = 4 + 4 * SIDES;
    let magic = [0, 0, 8, u8::try_from(SIDES).unwrap_or(u8::MAX)];
    if bytes.len() < header || bytes[..4] != magic {
        let found = &bytes[..bytes.len().min(4)];
        return Err(complaint(
            format!(
                "expected an IDX file of bytes with {SIDES} sides, which begins with {magic:?}"
            ),
            format!("{} bytes that begin with {found:?}", bytes.len()),
        ));
    }
    let side = |n: usize| {
        let at = 4 + 4 * n;
        let four = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
        usize::try_from(u32::from_be_bytes(four)).unwrap_or(usize::MAX)
    };
    let sides: [usize; SIDES] = std::array::from_fn(side);
    let expected = sides
        .iter()
        .try_fold(1_usize, |product, &side| product.checked_mul(side));
    let data = &bytes[header..];
    if expected != Some(data.len()) {
        let sides: Vec<String> = sides.iter().map(ToString::to_string).collect();
        return Err(complaint(
            format!("expected {} bytes after the header", sides.join(" × ")),
            data.len().to_string(),
        ));
    }
    Ok((sides, data))
}

#[cfg(test)]
mod tests {
    use super::images;

    const PIXELS: [u8; 20] = [
        0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255, 51, 7,
    ];
    const LABELS: [u8; 10] = [0, 0, 8, 1, 0, 0, 0, 2, 3, 9];

    #[test]
    fn two_images_of_one_row_by_hand() {
        let read = images(("p", &PIXELS), ("l", &LABELS)).expect("well-formed");
        assert_eq!((read.len(), read.height, read.width), (2, 1, 2));
        assert_eq!((read.image(1), read.label(1)), (&[51, 7][..], 9));
        let sample = read.samples(&[0]);
        assert_eq!(sample.as_slice(), Some(&[0.0, 1.0][..]));
        assert_eq!(read.blank(), [false, false]);
    }

    #[test]
    fn what_is_short_long_or_of_another_kind_is_refused() {
        for cut in 0..PIXELS.len() {
            assert!(images(("p", &PIXELS[..cut]), ("l", &LABELS)).is_err());
        }
        for cut in 0..LABELS.len() {
            assert!(images(("p", &PIXELS), ("l", &LABELS[..cut])).is_err());
        }
        assert!(images(("p", &LABELS), ("l", &LABELS)).is_err());
        let longer = [&PIXELS[..], &[0]].concat();
        assert!(images(("p", &longer), ("l", &LABELS)).is_err());
        let mut huge = PIXELS;
        huge[4..16].fill(255);
        assert!(images(("p", &huge), ("l", &LABELS)).is_err());
    }
}
