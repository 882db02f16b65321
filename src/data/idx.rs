//! IDX, the format of MNIST: two zeros, the type (8: bytes), the number of sides, each side as four bytes, the data.

use super::images::{Images, Pixels};
use super::malformed;
use crate::error::{Error, Invalid};
use crate::samples::idx;

/// A file's name and its bytes.
pub(super) type File = (String, Vec<u8>);

/// Images of a file with three sides, with the labels of one with a single side.
pub(super) fn images(pixels: File, labels: File) -> Result<Images, Error> {
    let ([_, height, width], data) = parse::<3>(&pixels.0, pixels.1)?;
    let ([_], classes) = parse::<1>(&labels.0, labels.1)?;
    if height == 0 || width == 0 {
        let found = format!("{height} × {width}");
        return Err(malformed(
            &pixels.0,
            Invalid::new("", "expected images with pixels", found),
        ));
    }
    let classes = classes.into_iter().map(u32::from).collect();
    Images::new(&labels.0, [height, width], Pixels::Bytes(data), classes)
}

/// Whether it begins as such a file does.
pub(super) fn is_idx(beginning: &[u8]) -> bool {
    beginning.starts_with(&[0, 0, 8])
}

/// The sides and the data.
fn parse<const SIDES: usize>(
    file: &str,
    mut bytes: Vec<u8>,
) -> Result<([usize; SIDES], Vec<u8>), Error> {
    let complaint =
        |expected: String, found: String| malformed(file, Invalid::new("", expected, found));
    let magic = [0, 0, 8, u8::try_from(SIDES).unwrap_or(u8::MAX)];
    let header = idx::header(&mut &bytes[..]).ok();
    let header = header.filter(|_| bytes.starts_with(&magic));
    let sides = header.and_then(|header| <[usize; SIDES]>::try_from(header.shape).ok());
    let Some(sides) = sides else {
        let found = &bytes[..bytes.len().min(4)];
        return Err(complaint(
            format!(
                "expected an IDX file of bytes with {SIDES} sides, which begins with {magic:?}"
            ),
            format!("{} bytes that begin with {found:?}", bytes.len()),
        ));
    };
    bytes.drain(..4 + 4 * SIDES);
    let expected = sides
        .iter()
        .try_fold(1_usize, |product, &side| product.checked_mul(side));
    if expected != Some(bytes.len()) {
        let sides: Vec<String> = sides.iter().map(ToString::to_string).collect();
        return Err(complaint(
            format!("expected {} bytes after the header", sides.join(" × ")),
            bytes.len().to_string(),
        ));
    }
    Ok((sides, bytes))
}

#[cfg(test)]
mod tests {
    use super::images;

    const PIXELS: [u8; 20] = [
        0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255, 51, 7,
    ];
    const LABELS: [u8; 10] = [0, 0, 8, 1, 0, 0, 0, 2, 3, 9];

    fn of(pixels: &[u8], labels: &[u8]) -> Result<super::Images, crate::error::Error> {
        let file = |name: &str, bytes: &[u8]| (name.to_owned(), bytes.to_vec());
        images(file("p", pixels), file("l", labels))
    }

    #[test]
    fn two_images_of_one_row_by_hand() {
        let read = of(&PIXELS, &LABELS).expect("well-formed");
        assert_eq!((read.len(), read.height, read.width), (2, 1, 2));
        assert_eq!((read.grey(1), read.label(1)), (vec![51, 7], 9));
        let sample = read.samples(&[0]);
        assert_eq!(sample.as_slice(), Some(&[0.0, 1.0][..]));
        assert_eq!(read.blank(), [false, false]);
    }

    #[test]
    fn what_is_short_long_or_of_another_kind_is_refused() {
        for cut in 0..PIXELS.len() {
            assert!(of(&PIXELS[..cut], &LABELS).is_err());
        }
        for cut in 0..LABELS.len() {
            assert!(of(&PIXELS, &LABELS[..cut]).is_err());
        }
        assert!(of(&PIXELS, &PIXELS).is_err());
        assert!(of(&LABELS, &LABELS).is_err());
        let longer = [&PIXELS[..], &[0]].concat();
        assert!(of(&longer, &LABELS).is_err());
        let mut huge = PIXELS;
        huge[4..16].fill(255);
        assert!(of(&huge, &LABELS).is_err());
    }
}
