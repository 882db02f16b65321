//! The bytes of a file, or of the standard input, up to a limit: a stream that never ends must not fill the memory.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use crate::error::Error;
use crate::network::Example;
use crate::words::grouped;

/// A network file or result of more bytes is refused: 2 GiB, some hundred million weights.
const LARGEST: u64 = 1 << 31;
/// How errors call what is no file.
pub(super) const READER: &str = "reader";
/// What gzipped data begins with.
pub(crate) const GZIP: &[u8] = &[0x1f, 0x8b];

/// The bytes of a file, of the standard input where it is `-`, or of an example, and how errors shall call it.
pub(in crate::network) fn source(file: &Path) -> Result<(String, Vec<u8>), Error> {
    if let Some(example) = Example::of_path(file) {
        return example.map(|example| (file.display().to_string(), example.file.to_vec()));
    }
    let (name, read) = if file == Path::new("-") {
        ("standard input".into(), whole(io::stdin(), LARGEST))
    } else {
        (
            file.to_string_lossy(),
            File::open(file).and_then(|file| of_file(file, LARGEST)),
        )
    };
    let file = name.into_owned();
    match read {
        Ok(text) => Ok((file, text)),
        Err(reason) => Err(Error::Unreadable { file, reason }),
    }
}

/// All that a reader gives, unpacked where it is gzipped; errors call it `reader`.
pub(in crate::network) fn of_reader(reader: impl Read) -> Result<(&'static str, Vec<u8>), Error> {
    let bytes = whole(reader, LARGEST).map_err(|reason| Error::Unreadable {
        file: READER.to_owned(),
        reason,
    })?;
    Ok((READER, bytes))
}

/// The bytes of a file beside the network file.
pub(super) fn of_path(file: &Path) -> io::Result<Vec<u8>> {
    of_file(plain_file(file)?, LARGEST)
}

/// A file beside the network file, open.
pub(super) fn plain_file(file: &Path) -> io::Result<File> {
    let there = file.metadata()?;
    // Of what is no plain file the end may never come.
    if !there.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    if there.len() > LARGEST {
        return Err(too_large(LARGEST));
    }
    File::open(file)
}

/// A file says how large it is; what is no plain file may still go on for ever.
fn of_file(file: File, limit: u64) -> io::Result<Vec<u8>> {
    if file.metadata()?.len() > limit {
        return Err(too_large(limit));
    }
    whole(file, limit)
}

/// All that there is, unpacked where it is gzipped.
fn whole(from: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let bytes = up_to(from, limit)?;
    if bytes.starts_with(GZIP) {
        return up_to(MultiGzDecoder::new(&bytes[..]), limit);
    }
    Ok(bytes)
}

fn up_to(from: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(too_large(limit));
    }
    Ok(bytes)
}

fn too_large(limit: u64) -> io::Error {
    let limit = usize::try_from(limit).map_or_else(|_| limit.to_string(), grouped);
    io::Error::new(
        io::ErrorKind::FileTooLarge,
        format!(
            "it has more than {limit} bytes, the limit for a network, a file of tensors or a result"
        ),
    )
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::{self, Read, Write};

    use flate2::{Compression, write::GzEncoder};

    use super::{LARGEST, of_file, plain_file, whole};

    #[test]
    fn a_file_as_large_as_may_be_is_opened_and_a_larger_one_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("holes");
        let file = File::create(&path).expect("a file");
        file.set_len(LARGEST).expect("a hole");
        assert!(plain_file(&path).is_ok());
        file.set_len(LARGEST + 1).expect("a hole");
        let error = plain_file(&path).expect_err("one byte more");
        assert!(
            error.to_string().contains("more than 2,147,483,648 bytes"),
            "{error}"
        );
    }

    #[test]
    fn what_is_gzipped_is_unpacked_up_to_the_limit_too() {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(&[b'1'; 1000]).expect("memory takes it");
        let packed = packed.finish().expect("memory takes it");
        let twice = [&packed[..], &packed].concat();
        assert_eq!(whole(&twice[..], 2000).expect("it fits"), [b'1'; 2000]);
        let error = whole(&twice[..], 1999).expect_err("one too many");
        assert!(
            error.to_string().contains("more than 1,999 bytes"),
            "{error}"
        );
        assert!(
            whole(&packed[..packed.len() - 9], 2000).is_err(),
            "cut short"
        );
    }

    #[test]
    fn a_file_of_as_many_bytes_as_the_limit_is_read() {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        file.write_all(b"1234").expect("written");
        let open = || File::open(file.path()).expect("a file");
        assert_eq!(of_file(open(), 4).expect("it fits"), b"1234");
        assert!(of_file(open(), 3).is_err());
    }

    #[test]
    fn what_never_ends_is_read_up_to_the_limit_and_no_further() {
        assert_eq!(whole(&b"1234"[..], 4).expect("it fits"), b"1234");
        let error = whole(io::repeat(0), 1000).expect_err("it never ends");
        assert!(
            error.to_string().contains("more than 1,000 bytes"),
            "{error}"
        );
        let mut counted = io::repeat(0).take(5000);
        assert!(whole(&mut counted, 1000).is_err());
        assert!(counted.limit() > 0, "it was not read to its end");
    }
}
