//! Inputs changed at random: from one seed the same ones on every machine, whatever the program does with them.

use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};

/// What no format takes for granted: ends of numbers, nothing, and what is no number.
const NUMBERS: [&str; 14] = [
    "0",
    "-0",
    "1",
    "-1",
    "0.1",
    "1e308",
    "-1.8e308",
    "5e-324",
    "1e-400",
    "1e999999",
    "NaN",
    "2147483648",
    "18446744073709551616",
    "00",
];
/// Whole numbers of formats in bytes.
const WHOLE: [u64; 8] = [
    0,
    1,
    0x7f,
    0xff,
    0x7fff_ffff,
    0xffff_ffff,
    1 << 32,
    u64::MAX,
];

/// Changes of the inputs of one door.
pub struct Changes<'i> {
    random: TestRng,
    inputs: &'i [Vec<u8>],
    words: &'i [Vec<u8>],
    longest: usize,
}

impl<'i> Changes<'i> {
    /// Of these inputs, at least one, with words that mean something in them; none becomes longer than `longest`.
    pub fn new(seed: u8, inputs: &'i [Vec<u8>], words: &'i [Vec<u8>], longest: usize) -> Self {
        Self {
            random: TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]),
            inputs,
            words,
            longest,
        }
    }

    /// The next changed input.
    pub fn next(&mut self) -> Vec<u8> {
        let mut bytes = self.any_input().to_vec();
        for _ in 0..=self.below(6) {
            self.change(&mut bytes);
        }
        bytes.truncate(self.longest);
        bytes
    }

    fn change(&mut self, bytes: &mut Vec<u8>) {
        let (start, end) = self.part(bytes.len());
        match self.below(10) {
            0 if start < bytes.len() => bytes[start] ^= 1 << self.below(8),
            1 if start < bytes.len() => bytes[start] = self.byte(),
            2 => bytes.insert(start, self.byte()),
            3 => drop(bytes.drain(start..end)),
            4 => {
                let again = bytes[start..end].to_vec();
                bytes.splice(end..end, again);
            }
            5 if !self.words.is_empty() => {
                let word = &self.words[self.below(self.words.len())];
                bytes.splice(start..start, word.iter().copied());
            }
            6 => {
                let other = self.any_input();
                let (from, to) = self.part(other.len());
                bytes.splice(start..end, other[from..to].iter().copied());
            }
            7 => {
                let number = NUMBERS[self.below(NUMBERS.len())];
                let digits = number_at(bytes, start);
                bytes.splice(digits, number.bytes());
            }
            8 => {
                let whole = WHOLE[self.below(WHOLE.len())].to_le_bytes();
                let width = [1, 2, 4, 8][self.below(4)].min(bytes.len() - start);
                bytes[start..start + width].copy_from_slice(&whole[..width]);
            }
            _ => bytes.truncate(start),
        }
    }

    fn any_input(&mut self) -> &'i [u8] {
        &self.inputs[self.below(self.inputs.len())]
    }

    /// Beginning and end of up to sixteen of so many bytes.
    fn part(&mut self, length: usize) -> (usize, usize) {
        let start = self.below(length + 1);
        (start, (start + self.below(17)).min(length))
    }

    fn byte(&mut self) -> u8 {
        self.random.next_u32().to_le_bytes()[0]
    }

    /// From 0 to n − 1.
    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.random.next_u32()).expect("32 bits are no more than a size has") % n
    }
}

/// The number that stands next behind a place, or the end.
fn number_at(bytes: &[u8], start: usize) -> std::ops::Range<usize> {
    let digits = |from: usize, are: bool| {
        let rest = bytes[from..].iter();
        from + rest.take_while(|byte| byte.is_ascii_digit() == are).count()
    };
    let first = digits(start, false);
    first..digits(first, true)
}
