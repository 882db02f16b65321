//! What is no file of samples: kinds that are not read, and names that promise another kind.

use crate::error::Invalid;
use crate::network::{DOWNLOAD, FETCH, IS_PAGE, IS_POINTER, POINTER};

/// What files begin with that are not read, what these are, and what to do.
pub(super) const UNREAD: [(&[u8], &str, &str); 17] = [
    (b"\x80\x02", "a pickle of Python", AS_ARRAY),
    (b"\x80\x03", "a pickle of Python", AS_ARRAY),
    (b"\x80\x04", "a pickle of Python", AS_ARRAY),
    (b"\x80\x05", "a pickle of Python", AS_ARRAY),
    (b"\x89HDF", "HDF5", AS_ARRAY),
    (b"GIF87a", "a GIF picture", AS_PICTURE),
    (b"GIF89a", "a GIF picture", AS_PICTURE),
    (b"II*\0", "a TIFF picture", AS_PICTURE),
    (b"MM\0*", "a TIFF picture", AS_PICTURE),
    (b"\xfd7zXZ", "a file packed by xz", UNPACK),
    (b"BZh91AY&SY", "a file packed by bzip2", UNPACK),
    (b"\x28\xb5\x2f\xfd", "a file packed by zstd", UNPACK),
    (POINTER, IS_POINTER, FETCH),
    (b"<!DOCTYPE html", IS_PAGE, DOWNLOAD),
    (b"<!doctype html", IS_PAGE, DOWNLOAD),
    (b"<html", IS_PAGE, DOWNLOAD),
    (b"<HTML", IS_PAGE, DOWNLOAD),
];
const UNPACK: &str = "unpack it, or pack it by gzip, which is read as it is";
const AS_ARRAY: &str = "save the samples as CSV, JSON lines, or by numpy.save as .npy";
const AS_PICTURE: &str = "save it as PNG";
/// What the endings of names promise that text cannot keep.
const PROMISED: [(&str, &str); 5] = [
    ("png", "a PNG picture"),
    ("jpg", "a JPEG picture"),
    ("jpeg", "a JPEG picture"),
    ("npy", "an array of NumPy (.npy)"),
    ("npz", "an archive of arrays (.npz)"),
];
const ANEW: &str =
    "the file is damaged, or of another kind than its name says: copy or save it anew";
/// So many bytes show a picture that is not read: no text begins like them, but its first letters could.
pub(super) const SHOWN: usize = 12;

/// That samples are expected, and what was found in their place.
pub(super) fn unread(what: &str, help: &str) -> Invalid {
    let expected = "expected samples: CSV, JSON, JSON lines, .npy, .npz, IDX, PNG or JPEG";
    Invalid::new("", expected, what).help(help)
}

/// The same of a picture.
pub(super) fn as_picture(what: &str) -> Invalid {
    unread(what, AS_PICTURE)
}

/// The picture that begins so and is not read, where it is one.
pub(super) fn picture(start: &[u8]) -> Option<&'static str> {
    // "BM" and "RIFF" alone could be the name of a column.
    if start.starts_with(b"BM") && start.get(6..10) == Some(&[0; 4]) {
        Some("a BMP picture")
    } else if start.starts_with(b"RIFF") && start.get(8..12) == Some(b"WEBP") {
        Some("a WebP picture")
    } else {
        None
    }
}

/// What a name promises by its ending, plain or packed.
pub(super) fn promised(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let (_, ending) = name.strip_suffix(".gz").unwrap_or(&name).rsplit_once('.')?;
    let promised = PROMISED.iter().find(|(of, _)| *of == ending);
    promised.map(|(_, what)| *what)
}

/// That a file does not hold what its name promises.
pub(super) fn broken(promised: &str, start: &[u8]) -> Invalid {
    let expected = format!("expected {promised}, as its name ends");
    match (picture(start), start) {
        (Some(what), _) => Invalid::new("", expected, what).help(AS_PICTURE),
        (None, []) => Invalid::new("", expected, "an empty file").help(ANEW),
        (None, _) => Invalid::new("", expected, "a file that begins otherwise").help(ANEW),
    }
}
