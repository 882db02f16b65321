//! A large model without the numbers of its tensors: they stay in the file, and each tensor says where its own are.
//!
//! So a model of any size is read in the memory of its network: its file is never there as a whole. The messages are copied and
//! not mapped, so that what cannot be read here is an error like any other; of the numbers, large weights may stay in the file.

use std::io::{self, BufReader, Read, Seek};

use super::wire::Broken;

/// The field of a tensor that says where its raw bytes are: offset and length of eight bytes each. ONNX has no such field, and
/// what stands there in a file is not taken along.
pub(super) const LEFT_IN_FILE: u64 = 1 << 20;

/// A message on the way to the raw bytes of tensors.
#[derive(Clone, Copy)]
enum Message {
    Model,
    Graph,
    Node,
    Attribute,
    Tensor,
}

impl Message {
    /// What a field of it holds, where that may lead to a tensor.
    fn inner(self, field: u64) -> Option<Self> {
        match (self, field) {
            (Self::Model, 7) => Some(Self::Graph),
            (Self::Graph, 1) => Some(Self::Node),
            (Self::Graph | Self::Attribute, 5) => Some(Self::Tensor),
            (Self::Node, 5) => Some(Self::Attribute),
            _ => None,
        }
    }
}

/// The messages of a model of so many bytes, but for raw bytes of tensors that are more than `small`; what goes on behind its end
/// or stops before it is an error of kind `UnexpectedEof` or `InvalidData`.
pub(super) fn skeleton(file: impl Read + Seek, bytes: u64, small: u64) -> io::Result<Vec<u8>> {
    let mut source = Source {
        file: BufReader::new(file),
        at: 0,
        small,
    };
    let mut model = Vec::new();
    source.copy(Message::Model, bytes, &mut model)?;
    Ok(model)
}

struct Source<F> {
    file: BufReader<F>,
    at: u64,
    small: u64,
}

impl<F: Read + Seek> Source<F> {
    /// Copies a message up to its end, without what stays in the file. It goes no deeper than messages can lead to tensors.
    fn copy(&mut self, message: Message, end: u64, out: &mut Vec<u8>) -> io::Result<()> {
        while self.at < end {
            let tag = self.number()?;
            let (field, kind) = (tag >> 3, tag & 7);
            let length = match kind {
                0 => {
                    let number = self.number()?;
                    varint(tag, out);
                    varint(number, out);
                    continue;
                }
                1 => 8,
                2 => self.number()?,
                5 => 4,
                _ => return Err(broken(Broken::NoField)),
            };
            if end.checked_sub(self.at).is_none_or(|left| length > left) {
                return Err(broken(Broken::CutShort));
            }
            match (message, message.inner(field)) {
                (Message::Tensor, _) if field == LEFT_IN_FILE => self.skip(length)?,
                (Message::Tensor, _) if kind == 2 && field == 9 && length > self.small => {
                    let place = [self.at, length].map(u64::to_le_bytes);
                    varint(LEFT_IN_FILE << 3 | 2, out);
                    delimited(place.as_flattened(), out);
                    self.skip(length)?;
                }
                (_, Some(inner)) if kind == 2 && length > self.small => {
                    let mut copied = Vec::new();
                    self.copy(inner, self.at + length, &mut copied)?;
                    varint(tag, out);
                    delimited(&copied, out);
                }
                _ => {
                    varint(tag, out);
                    if kind == 2 {
                        varint(length, out);
                    }
                    self.bytes(length, out)?;
                }
            }
        }
        if self.at > end {
            return Err(broken(Broken::CutShort));
        }
        Ok(())
    }

    fn number(&mut self) -> io::Result<u64> {
        let mut number = 0_u64;
        for place in 0..10 {
            let mut byte = [0];
            self.file.read_exact(&mut byte)?;
            self.at += 1;
            number |= u64::from(byte[0] & 0x7f) << (7 * place);
            if byte[0] & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(broken(Broken::NoField))
    }

    fn skip(&mut self, length: u64) -> io::Result<()> {
        let by = i64::try_from(length).map_err(|_| broken(Broken::CutShort))?;
        self.file.seek_relative(by)?;
        self.at += length;
        Ok(())
    }

    fn bytes(&mut self, length: u64, out: &mut Vec<u8>) -> io::Result<()> {
        let copied = io::copy(&mut self.file.by_ref().take(length), out)?;
        self.at += copied;
        if copied < length {
            return Err(broken(Broken::CutShort));
        }
        Ok(())
    }
}

fn broken(why: Broken) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why.to_string())
}

fn varint(mut number: u64, out: &mut Vec<u8>) {
    loop {
        let [group, ..] = (number & 0x7f).to_le_bytes();
        number >>= 7;
        if number == 0 {
            out.push(group);
            return;
        }
        out.push(group | 0x80);
    }
}

fn delimited(bytes: &[u8], out: &mut Vec<u8>) {
    varint(bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, ErrorKind};

    use super::{LEFT_IN_FILE, delimited, skeleton, varint};
    use crate::network::onnx::read::model::Model;

    fn field(number: u64, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        varint(number << 3 | 2, &mut out);
        delimited(bytes, &mut out);
        out
    }

    /// A model of two tensors, one of 4 bytes and one of 40, and a constant of 40.
    fn model() -> Vec<u8> {
        let tensor = |bytes: &[u8]| [field(8, b"w"), field(9, bytes)].concat();
        let constant = field(5, &field(5, &tensor(&[3; 40])));
        let graph = [
            field(1, &constant),
            field(5, &tensor(&[1; 4])),
            field(5, &tensor(&[2; 40])),
        ];
        [&[8, 8][..], &field(7, &graph.concat())].concat()
    }

    #[test]
    fn all_but_large_numbers_is_copied_and_they_are_found_where_they_are() {
        let file = model();
        let size = file.len() as u64;
        let all = skeleton(Cursor::new(&file), size, 1000).expect("a model");
        assert_eq!(all, file, "where nothing is large");
        let bones = skeleton(Cursor::new(&file), size, 10).expect("a model");
        let read = Model::read(&bones).expect("a model");
        let graph = read.graph.expect("a graph");
        assert_eq!((graph.nodes.len(), graph.tensors.len()), (1, 2));
        assert!(
            !bones
                .windows(40)
                .any(|bytes| bytes == [2; 40] || bytes == [3; 40])
        );
        let mut tag = Vec::new();
        varint(LEFT_IN_FILE << 3 | 2, &mut tag);
        let places = bones
            .windows(tag.len())
            .zip(0..)
            .filter(|(bytes, _)| *bytes == tag);
        let found: Vec<&[u8]> = places
            .map(|(_, at)| {
                let end = &bones[at + tag.len() + 1..][..16];
                let [offset, length] = [&end[..8], &end[8..]].map(|bytes| {
                    let bytes = bytes.try_into().expect("8 bytes");
                    usize::try_from(u64::from_le_bytes(bytes)).expect("it is small")
                });
                &file[offset..offset + length]
            })
            .collect();
        assert_eq!(found, [[3; 40], [2; 40]]);
    }

    #[test]
    fn what_is_no_large_number_of_a_tensor_is_copied_byte_by_byte() {
        let copy = |file: &[u8], small| skeleton(Cursor::new(file), file.len() as u64, small);
        let word = |number: u64| {
            let mut out = Vec::new();
            varint(number << 3 | 5, &mut out);
            [&out[..], &[1, 2, 3, 4]].concat()
        };
        let long = |number: u64| {
            let mut out = Vec::new();
            varint(number << 3 | 1, &mut out);
            [&out[..], &[1, 2, 3, 4, 5, 6, 7, 8]].concat()
        };
        // Words of four and eight bytes, a name that is longer than what is small, and numbers that are exactly as long.
        let tensor = [field(8, &[b'w'; 20]), long(9), word(30), field(9, &[1; 10])].concat();
        let graph = [field(5, &tensor), word(5), long(1)].concat();
        let whole = [field(7, &graph), word(7), long(7)].concat();
        assert_eq!(copy(&whole, 10).expect("a model"), whole);
        assert_eq!(copy(&word(7), 3).expect("a model"), word(7));
        // A number that is written longer than it has to be, in a message as long as what is small.
        let small = field(7, &[0x08, 0x81, 0x00]);
        assert_eq!(copy(&small, 3).expect("a model"), small);
    }

    #[test]
    fn lengths_of_several_bytes_are_kept() {
        let tensor = |bytes: &[u8]| field(5, &field(9, bytes));
        let graph = |name: &[u8], bytes: &[u8]| field(7, &[field(2, name), tensor(bytes)].concat());
        let (name, file) = ([b'n'; 300], graph(&[b'n'; 300], &[7; 1000]));
        let bones = skeleton(Cursor::new(&file), file.len() as u64, 400).expect("a model");
        let place = [file.len() as u64 - 1000, 1000].map(u64::to_le_bytes);
        let left = field(LEFT_IN_FILE, place.as_flattened());
        assert_eq!(
            bones,
            field(7, &[field(2, &name), field(5, &left)].concat())
        );
    }

    #[test]
    fn what_says_of_itself_that_it_was_left_in_the_file_is_not_taken_along() {
        let (name, left) = (field(8, b"w"), field(LEFT_IN_FILE, &[0; 16]));
        let file = |tensor: &[u8]| field(7, &field(5, tensor));
        let lies = file(&[&left[..], &name].concat());
        let bones = skeleton(Cursor::new(&lies), lies.len() as u64, 4).expect("a model");
        assert_eq!(bones, file(&name));
    }

    #[test]
    fn a_field_that_goes_on_behind_the_end_of_its_message_is_refused() {
        let told = |file: &[u8], bytes: u64| {
            let copied = skeleton(Cursor::new(file), bytes, 4);
            copied.map_err(|error| error.to_string())
        };
        let cut = Err("the file ends in the middle of it".to_owned());
        // The last number of the graph ends in the field behind it.
        let graph = [&field(2, b"graph")[..], &[0x08, 0x80]].concat();
        let file = [&field(7, &graph)[..], &[0x01, 0x08, 0x08]].concat();
        assert_eq!(told(&file, file.len() as u64), cut);
        // The file is shorter than it was when its size was asked for.
        let file = field(2, b"producer");
        assert_eq!(told(&file[..6], file.len() as u64), cut);
    }

    #[test]
    fn a_file_that_ends_early_is_an_error_and_no_panic() {
        let file = model();
        for end in 0..file.len() {
            let cut = skeleton(Cursor::new(&file[..end]), end as u64, 10);
            let kind = cut.map_err(|error| error.kind());
            // Behind nothing and behind the version a model may end.
            let ends = matches!(end, 0 | 2);
            assert_eq!(kind.is_ok(), ends, "{end}: {kind:?}");
            let grown = skeleton(Cursor::new(&file[..end]), file.len() as u64, 10);
            // What lies behind the end is missed by who reads it.
            let kind = grown.map_err(|error| error.kind());
            let kinds = [ErrorKind::UnexpectedEof, ErrorKind::InvalidData];
            assert!(kind.map_or_else(|kind| kinds.contains(&kind), |_| end + 40 >= file.len()));
        }
    }
}
