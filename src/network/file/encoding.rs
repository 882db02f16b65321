//! The bytes of a text file: which mark may stand before them, and which encodings are not read.

/// What editors of Windows put before UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// The text without a byte order mark before it.
pub(crate) fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(MARK).unwrap_or(text)
}

/// Whether this is a text in UTF-16: by its byte order mark, or because every other byte of its first letters is 0.
pub(crate) fn is_utf16(text: &[u8]) -> bool {
    match text {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => true,
        [first, second, ..] => (*first == 0) != (*second == 0),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_utf16, without_mark};

    #[test]
    fn utf_16_is_known_with_and_without_its_mark_and_utf_8_is_none() {
        let (little, big): (Vec<u8>, Vec<u8>) = ("{}".encode_utf16())
            .map(|unit| (unit.to_le_bytes(), unit.to_be_bytes()))
            .fold((Vec::new(), Vec::new()), |(mut l, mut b), (le, be)| {
                l.extend(le);
                b.extend(be);
                (l, b)
            });
        for text in [&b"\xff\xfe{\0"[..], b"\xfe\xff\0{", &little, &big] {
            assert!(is_utf16(text), "{text:?}");
        }
        for text in [
            &b"{}"[..],
            b"",
            b"{",
            b"\xef\xbb\xbf{}",
            b"\0\0\0",
            "é".as_bytes(),
        ] {
            assert!(!is_utf16(text), "{text:?}");
        }
        assert_eq!(without_mark(b"\xef\xbb\xbf{}"), b"{}");
        assert_eq!(without_mark(b"{}"), b"{}");
    }
}
