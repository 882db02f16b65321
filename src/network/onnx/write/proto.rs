//! Protobuf's wire format, as far as ONNX files need it: whole numbers, and what has a length.

/// A number follows, in groups of seven bits, the lowest first.
const VARINT: u64 = 0;
/// A length follows, and so many bytes.
const LENGTH: u64 = 2;

/// A message: fields one after the other.
///
/// It is kept in pieces, so that large tensors are not copied from one message into the next.
#[derive(Default)]
pub(super) struct Message {
    pieces: Vec<Vec<u8>>,
}

impl Message {
    /// The same with a whole number more.
    pub(super) fn int(mut self, field: u64, value: i64) -> Self {
        let bytes = self.end();
        push_varint(bytes, field << 3 | VARINT);
        // Negative numbers are as long as they can be: two's complement of 64 bits.
        push_varint(bytes, value.cast_unsigned());
        self
    }

    /// The same with bytes more.
    pub(super) fn bytes(self, field: u64, bytes: Vec<u8>) -> Self {
        let pieces = vec![bytes];
        self.message(field, Self { pieces })
    }

    /// The same with a text more.
    pub(super) fn text(self, field: u64, text: &str) -> Self {
        self.bytes(field, text.as_bytes().to_vec())
    }

    /// The same with a message in it.
    pub(super) fn message(mut self, field: u64, inner: Self) -> Self {
        let length = inner.len() as u64;
        let bytes = self.end();
        push_varint(bytes, field << 3 | LENGTH);
        push_varint(bytes, length);
        for piece in inner.pieces {
            self.append(piece);
        }
        self
    }

    /// The same with a message for each of several.
    pub(super) fn messages(self, field: u64, inner: impl IntoIterator<Item = Self>) -> Self {
        let inner = inner.into_iter();
        inner.fold(self, |outer, inner| outer.message(field, inner))
    }

    /// How many bytes it has.
    pub(super) fn len(&self) -> usize {
        self.pieces.iter().map(Vec::len).sum()
    }

    /// Its bytes.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.pieces.concat()
    }

    fn append(&mut self, piece: Vec<u8>) {
        /// What is longer stays a piece of its own.
        const LONG: usize = 1 << 12;
        if piece.len() > LONG {
            self.pieces.push(piece);
            self.pieces.push(Vec::new());
        } else {
            self.end().extend(piece);
        }
    }

    /// The piece that is still growing.
    fn end(&mut self) -> &mut Vec<u8> {
        if self.pieces.is_empty() {
            self.pieces.push(Vec::new());
        }
        let last = self.pieces.len() - 1;
        &mut self.pieces[last]
    }
}

fn push_varint(bytes: &mut Vec<u8>, mut value: u64) {
    loop {
        let [group, ..] = value.to_le_bytes();
        value >>= 7;
        if value == 0 {
            return bytes.push(group & 0x7f);
        }
        bytes.push(group | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::Message;

    #[test]
    fn messages_are_the_bytes_of_protobufs_own_examples() {
        // From https://protobuf.dev/programming-guides/encoding: 150 in field 1, "testing" in field 2, a message in field 3.
        let number = || Message::default().int(1, 150);
        assert_eq!(number().into_bytes(), [0x08, 0x96, 0x01]);
        let text = Message::default().text(2, "testing").into_bytes();
        assert_eq!(text, [&[0x12, 0x07][..], b"testing"].concat());
        let inner = Message::default().message(3, number()).into_bytes();
        assert_eq!(inner, [0x1a, 0x03, 0x08, 0x96, 0x01]);
        let negative = Message::default().int(1, -2).into_bytes();
        assert_eq!(negative[..2], [0x08, 0xfe]);
        assert_eq!(
            negative[2..],
            [0xff; 9].map(|byte| byte).as_slice()[..8]
                .iter()
                .copied()
                .chain([0x01])
                .collect::<Vec<_>>()
        );
    }

    #[test]
    fn long_pieces_are_in_their_place() {
        let message = Message::default().bytes(1, vec![7; 5000]).int(2, 1);
        let outer = Message::default()
            .int(1, 0)
            .message(3, message)
            .into_bytes();
        let expected = [
            &[0x08, 0x00, 0x1a, 0x8d, 0x27, 0x0a, 0x88, 0x27][..],
            &[7; 5000],
            &[0x10, 0x01],
        ];
        assert_eq!(outer, expected.concat());
    }
}
