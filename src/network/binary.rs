//! Numbers as files have them that are no text: bytes, the lowest of a number first.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use super::floats::{Floats, KEPT};
use super::half::{brain_half, half};
use super::mapped::Mapped;

/// A way to write a number of floating point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Binary {
    F64,
    F32,
    F16,
    BF16,
}

impl Binary {
    /// How many bytes a number has.
    pub(super) fn bytes(self) -> usize {
        match self {
            Self::F64 => 8,
            Self::F32 => 4,
            Self::F16 | Self::BF16 => 2,
        }
    }

    /// How many bytes a number takes that has been read.
    pub(super) fn bytes_read(self) -> usize {
        self.bytes().max(size_of::<f32>())
    }

    /// So many numbers of a file from this byte on. Many of 32 bits [stay there](Mapped); others are read.
    pub(super) fn in_file(
        self,
        (file, path): (&File, &Path),
        start: u64,
        count: usize,
    ) -> io::Result<Floats> {
        let stays = self == Self::F32 && count > KEPT;
        let mapped = stays.then(|| Mapped::of(file, path, start, count));
        if let Some(mapped) = mapped.flatten() {
            return Ok(Floats::Mapped(mapped));
        }
        let bytes = count * self.bytes();
        self.numbers(count, |add| in_pieces(file, start, bytes, add))
    }

    /// So many numbers of the bytes that `pieces` gives one piece after the other, each piece whole numbers.
    pub(super) fn numbers(
        self,
        count: usize,
        pieces: impl FnOnce(&mut dyn FnMut(&[u8])) -> io::Result<()>,
    ) -> io::Result<Floats> {
        Ok(match self {
            Self::F64 => numbers(count, pieces, f64::from_le_bytes)?.into(),
            Self::F32 => numbers(count, pieces, f32::from_le_bytes)?.into(),
            Self::F16 => numbers(count, pieces, |bytes| half(u16::from_le_bytes(bytes)))?.into(),
            Self::BF16 => {
                numbers(count, pieces, |bytes| brain_half(u16::from_le_bytes(bytes)))?.into()
            }
        })
    }
}

/// So many numbers of the bytes that `pieces` gives one piece after the other; `of` makes a number of its bytes.
pub(super) fn numbers<T, const N: usize>(
    count: usize,
    pieces: impl FnOnce(&mut dyn FnMut(&[u8])) -> io::Result<()>,
    of: impl Fn([u8; N]) -> T,
) -> io::Result<Vec<T>> {
    let mut list = Vec::with_capacity(count);
    pieces(&mut |piece| {
        let (numbers, _) = piece.as_chunks::<N>();
        list.extend(numbers.iter().map(|bytes| of(*bytes)));
    })?;
    Ok(list)
}

/// Gives so many bytes from this one on, a piece at a time: they and the numbers made of them are never there together.
pub(super) fn in_pieces(
    mut from: impl Read + Seek,
    start: u64,
    bytes: usize,
    add: &mut dyn FnMut(&[u8]),
) -> io::Result<()> {
    // A multiple of every size of a number.
    const PIECE: usize = 1 << 16;
    from.seek(SeekFrom::Start(start))?;
    let mut left = bytes;
    let mut piece = vec![0; PIECE.min(left)];
    while left > 0 {
        let now = left.min(PIECE);
        from.read_exact(&mut piece[..now])?;
        add(&piece[..now]);
        left -= now;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, ErrorKind, Write};

    use super::{Binary, Floats, KEPT, in_pieces};

    #[test]
    fn a_number_takes_its_bytes_and_no_less_than_four_once_it_is_read() {
        for (binary, bytes, bytes_read) in [
            (Binary::F64, 8, 8),
            (Binary::F32, 4, 4),
            (Binary::F16, 2, 4),
            (Binary::BF16, 2, 4),
        ] {
            assert_eq!((binary.bytes(), binary.bytes_read()), (bytes, bytes_read));
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "Miri maps no files")]
    fn many_numbers_of_32_bits_stay_in_their_file_and_all_others_are_read() {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        // 1.5 in each way to write it, behind one number that is another; zeros to the end.
        for bytes in [
            &[1; 8][..],
            &1.5_f64.to_le_bytes(),
            &1.5_f32.to_le_bytes(),
            &[0, 0x3e, 0, 0],
            &[0xc0, 0x3f, 0, 0],
        ] {
            file.write_all(bytes).expect("written");
        }
        let many = KEPT + 1;
        file.as_file()
            .set_len(4 * many as u64 + 64)
            .expect("a longer file");
        for (binary, start, count, stays) in [
            (Binary::F64, 8, 1, false),
            (Binary::F32, 16, 1, false),
            (Binary::F16, 20, 1, false),
            (Binary::BF16, 24, 1, false),
            (Binary::BF16, 24, many, false),
            (Binary::F32, 16, many, true),
        ] {
            let numbers = binary.in_file((file.as_file(), file.path()), start, count);
            let numbers = numbers.expect("they are there");
            let found = (numbers.view().at(0), numbers.len());
            assert_eq!(found, (1.5, count), "{binary:?}");
            assert_eq!(matches!(numbers, Floats::Mapped(_)), stays, "{binary:?}");
        }
    }

    #[test]
    fn numbers_are_read_where_they_stand_and_what_is_missing_is_an_error() {
        const COUNT: usize = 40_000;
        let numbers: Vec<f32> = (0..COUNT).map(|k| k as f32 / 7.0).collect();
        let mut file = vec![7; 3];
        file.extend(numbers.iter().flat_map(|x| x.to_le_bytes()));
        let read = |count: usize| {
            Binary::F32.numbers(count, |add| {
                in_pieces(Cursor::new(&file), 3, 4 * count, add)
            })
        };
        assert_eq!(read(COUNT).expect("they are there"), numbers.into());
        let missing = read(COUNT + 1).expect_err("one too many");
        assert_eq!(missing.kind(), ErrorKind::UnexpectedEof);
    }
}
