//! PNG and JPEG: what they hold, as levels of light.

use std::io::Cursor;

use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::picture::Picture;
use crate::error::Invalid;
use crate::words::grouped;

/// A picture of more pixels is refused: its levels alone would fill half a gigabyte.
const MOST_PIXELS: usize = 1 << 24;
/// Bytes that decoding may take.
const MOST_BYTES: usize = 1 << 28;
/// So many bytes stand in one that is deflated, and no more: a file that says otherwise has lost its end, or lies.
const MOST_DEFLATED: usize = 1032;
/// A byte of a JPEG picture has so many pixels at the most: each block of 64 takes a bit.
const MOST_CODED: usize = 8 * 64;

/// What is known of a picture before it is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) height: usize,
    pub(super) width: usize,
}

/// Decodes a picture; `suits` is asked whether its size will do, before anything is made that has it.
///
/// # Errors
///
/// [`Invalid`] where it is no whole PNG or JPEG picture, has too many pixels, or its size will not do.
pub(super) fn decode(
    bytes: &[u8],
    suits: impl FnOnce(Size) -> Result<(), Invalid>,
) -> Result<Picture, Invalid> {
    let suits = |height, width| {
        let pixels = usize::saturating_mul(height, width);
        if pixels == 0 || pixels > MOST_PIXELS {
            let expected = format!("expected between 1 and {} pixels", grouped(MOST_PIXELS));
            return Err(Invalid::new("", expected, format!("{height} × {width}")));
        }
        suits(Size { height, width })
    };
    if bytes.starts_with(b"\x89PNG") {
        png(bytes, suits)
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        jpeg(bytes, suits)
    } else {
        let found = format!("`{}`", bytes[..bytes.len().min(4)].escape_ascii());
        Err(Invalid::new("", "expected a PNG or JPEG picture", found))
    }
}

fn png(
    bytes: &[u8],
    suits: impl FnOnce(usize, usize) -> Result<(), Invalid>,
) -> Result<Picture, Invalid> {
    let damaged = |_: png::DecodingError| damaged("PNG");
    let limits = png::Limits { bytes: MOST_BYTES };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
    // Palettes become colours, and less than 8 bits a level become 8.
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = match (decoder.read_info(), sides(bytes)) {
        (Ok(reader), _) => reader,
        (Err(png::DecodingError::LimitsExceeded), Some([height, width])) => {
            return suits(height, width).and(Err(larger()));
        }
        (Err(_), Some([height, width])) if height == 0 || width == 0 => {
            return suits(height, width).and(Err(self::damaged("PNG")));
        }
        (Err(error), _) => return Err(damaged(error)),
    };
    let info = reader.info();
    let (height, width) = (info.height as usize, info.width as usize);
    if info.animation_control.is_some() {
        let invalid = Invalid::new("", "expected one picture", "an animated PNG");
        return Err(invalid.help("save the frame to be explained as a picture of its own"));
    }
    suits(height, width)?;
    let (colour, depth) = reader.output_color_type();
    let channels = colour.samples();
    if reader.info().raw_bytes() / MOST_DEFLATED > bytes.len() {
        return Err(self::damaged("PNG"));
    }
    let size = reader
        .output_buffer_size()
        .filter(|size| *size <= MOST_BYTES);
    let size = size.ok_or_else(larger)?;
    let mut levels = vec![0; size];
    reader.next_frame(&mut levels).map_err(damaged)?;
    // All of the file counts, up to its checksums.
    reader.finish().map_err(damaged)?;
    let (levels, white) = if depth == png::BitDepth::Sixteen {
        let pairs = levels.chunks_exact(2);
        let levels = pairs.map(|pair| f64::from(u16::from_be_bytes([pair[0], pair[1]])));
        (levels.collect(), 65535.0)
    } else {
        (levels.into_iter().map(f64::from).collect(), 255.0)
    };
    whole(Picture {
        height,
        width,
        channels,
        levels,
        white,
    })
}

fn jpeg(
    bytes: &[u8],
    suits: impl FnOnce(usize, usize) -> Result<(), Invalid>,
) -> Result<Picture, Invalid> {
    let damaged = |error| match error {
        DecodeErrors::Unsupported(_) => {
            let expected = "expected a JPEG picture as most programs save it";
            let found = "one with a coding that is not read: arithmetic, lossless or extended";
            Invalid::new("", expected, found).help("save it as PNG")
        }
        _ => damaged("JPEG"),
    };
    // The number of pixels is limited, and not each side.
    let side = usize::from(u16::MAX);
    let options = (DecoderOptions::default().set_strict_mode(true))
        .set_max_width(side)
        .set_max_height(side);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(damaged)?;
    let info = decoder.info().ok_or_else(|| self::damaged("JPEG"))?;
    let (height, width) = (usize::from(info.height), usize::from(info.width));
    suits(height, width)?;
    if height * width / MOST_CODED > bytes.len() {
        return Err(self::damaged("JPEG"));
    }
    let (channels, colours) = match info.components {
        1 => (1, ColorSpace::Luma),
        3 => (3, ColorSpace::RGB),
        parts => {
            let expected = "expected a JPEG picture in grey or in red, green and blue";
            let found = format!("{parts} components, as CMYK has");
            return Err(Invalid::new("", expected, found).help("save it as RGB"));
        }
    };
    decoder.set_options(options.jpeg_set_out_colorspace(colours));
    let levels = decoder.decode().map_err(damaged)?;
    whole(Picture {
        height,
        width,
        channels,
        levels: levels.into_iter().map(f64::from).collect(),
        white: 255.0,
    })
}

fn damaged(what: &str) -> Invalid {
    let expected = format!("expected a whole {what} picture");
    Invalid::new("", expected, "a damaged one, or a part of one").help("copy or save it anew")
}

fn larger() -> Invalid {
    let expected = "expected a picture that fits the memory";
    Invalid::new("", expected, "a larger one")
}

/// Height and width, as the beginning of a PNG picture says them.
fn sides(png: &[u8]) -> Option<[usize; 2]> {
    let side = |at: usize| {
        let bytes = png.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(u32::from_be_bytes(bytes)).ok()
    };
    Some([side(20)?, side(16)?])
}

/// Whether there is a level for every channel of every pixel.
fn whole(picture: Picture) -> Result<Picture, Invalid> {
    let expected = picture.height * picture.width * picture.channels;
    if picture.levels.len() == expected {
        return Ok(picture);
    }
    let expected = format!("expected {} levels", grouped(expected));
    Err(Invalid::new("", expected, grouped(picture.levels.len())))
}

#[cfg(test)]
mod tests {
    use super::decode;

    /// A picture of one pixel whose header says another height and width.
    fn of_sides(height: u32, width: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, 1, 1);
        encoder.set_color(png::ColorType::Rgba);
        let mut writer = encoder.write_header().expect("memory takes it");
        writer.write_image_data(&[0; 4]).expect("one pixel");
        writer.finish().expect("memory takes it");
        bytes[16..24].copy_from_slice(&[width.to_be_bytes(), height.to_be_bytes()].concat());
        let mut crc = flate2::Crc::new();
        crc.update(&bytes[12..29]);
        bytes[29..33].copy_from_slice(&crc.sum().to_be_bytes());
        bytes
    }

    #[test]
    fn a_picture_that_its_bytes_cannot_hold_is_damaged_before_there_is_room_for_it() {
        let decoded = |height, width| decode(&of_sides(height, width), |_| Ok(()));
        assert!(decoded(1, 1).is_ok());
        let refused = decoded(4096, 4096)
            .map(drop)
            .expect_err("16,777,216 pixels");
        assert!(refused.to_string().contains("damage"), "{refused}");
    }
}
