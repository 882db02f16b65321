//! Samples in an array of numbers: .npy, IDX, or a member of an archive.
//!
//! An array whose last index runs fastest is read sample by sample. One whose first index does is read as a whole.

use std::io::{self, Read};

use super::Found;
use super::axes::Reading;
use super::options::Wanted;
use super::record::Tag;
use super::source::{Bytes, SourceName};
use crate::error::{Error, Invalid};
use crate::network::Input;
use crate::npy::read::{Element, Header, cut_short, refused};
use crate::words::{count, grouped};

/// What must be in memory as a whole has at most so many bytes: 1 GiB of a file that has them as they are, and a quarter of it
/// where they may be packed or never end: a small file could take a gigabyte.
const LARGEST: u64 = 1 << 30;
pub(super) const LARGEST_UNPACKED: u64 = 1 << 28;

/// The samples of an array, read as they are asked for.
pub(super) struct ArraySamples {
    origin: SourceName,
    /// Which array of several it is, for messages.
    member: Option<String>,
    header: Header,
    reading: Reading,
    values: Values,
    /// How many were read.
    read: usize,
    inputs: usize,
    ended: bool,
    /// Names and classes of the samples, where they are known.
    pub(super) ids: Option<TagArray>,
    pub(super) labels: Option<TagArray>,
    pub(super) notes: Vec<String>,
}

/// The bytes of the values.
enum Values {
    /// As they come, a sample after the other; the bytes of one.
    Streamed(Bytes, Vec<u8>),
    /// All of them, the first index fastest.
    Whole(Vec<u8>),
}

/// Names or classes, one a sample, as they stand in an array.
pub(super) struct TagArray {
    pub(super) number: usize,
    pub(super) element: Element,
    pub(super) bytes: Vec<u8>,
}

impl TagArray {
    fn at(&self, n: usize) -> Option<Tag> {
        let size = self.element.size();
        let bytes = self.bytes.get(n.checked_mul(size)?..)?.get(..size)?;
        Tag::of_cell(&self.element.text(bytes))
    }
}

/// An array whose header has been read.
pub(super) struct OpenArray {
    pub(super) header: Header,
    pub(super) bytes: Bytes,
    /// How many bytes come behind the header, where that is known.
    pub(super) left: Option<u64>,
    /// Which array of several it is.
    pub(super) member: Option<String>,
}

impl ArraySamples {
    /// The samples in an array for the inputs of a network.
    pub(super) fn new(
        origin: SourceName,
        array: OpenArray,
        input: &Input,
        wanted: &Wanted,
    ) -> Result<Self, Error> {
        let OpenArray {
            header,
            bytes,
            left,
            member,
        } = array;
        let complain =
            |invalid: Invalid| origin.malformed(None, of_member(invalid, member.as_deref()));
        fits(&header, left).map_err(complain)?;
        let reading = Reading::of(&header.shape, input, wanted.inputs).map_err(complain)?;
        let values = if header.fortran && header.shape.len() > 1 {
            let plain = left.is_some() && member.is_none();
            Values::Whole(whole(&header, bytes, plain).map_err(
                |reason| match reason.downcast() {
                    Ok(invalid) => complain(invalid),
                    Err(reason) => origin.unreadable(reason),
                },
            )?)
        } else {
            Values::Streamed(bytes, Vec::new())
        };
        let mut notes: Vec<String> = reading.note.clone().into_iter().collect();
        if header.element.is_byte() && wanted.bounds.is_none() && wanted.options.scale.is_none() {
            let note = "the values are bytes and are taken as they stand; --scale 255 brings pixels to 0 to 1";
            notes.push(note.to_owned());
        }
        Ok(Self {
            member,
            notes,
            origin,
            header,
            reading,
            values,
            read: 0,
            inputs: wanted.inputs,
            ended: false,
            ids: None,
            labels: None,
        })
    }

    /// How many samples there are.
    pub(super) fn samples(&self) -> usize {
        self.reading.samples
    }

    /// What was found out since this was last asked.
    pub(super) fn notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    /// Where the i-th value of the last sample stands.
    pub(super) fn place(&self, i: usize) -> String {
        let place = self.reading.place(self.read.saturating_sub(1), i);
        match &self.member {
            Some(member) => format!("{member}{place}"),
            None => place,
        }
    }

    /// The next sample; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<Found>, Error> {
        if self.read == self.reading.samples {
            self.end()?;
            return Ok(None);
        }
        let n = self.read;
        self.read += 1;
        let values = self.values(n).map_err(|reason| match reason.downcast() {
            Ok(invalid) => self.complain(invalid),
            Err(reason) => self.origin.unreadable(reason),
        })?;
        if let Some(i) = values.iter().position(|x| !x.is_finite()) {
            let expected = "expected a finite number";
            let found = if values[i].is_nan() {
                "NaN (not a number)".to_owned()
            } else {
                values[i].to_string()
            };
            let invalid = Invalid::new(self.place(i), expected, found);
            let help = "every sample needs a value here: fill it in, or leave the sample out";
            return Err(self.origin.malformed(None, invalid.help(help)));
        }
        Ok(Some(Found {
            id: self.ids.as_ref().and_then(|ids| ids.at(n)),
            label: self.labels.as_ref().and_then(|labels| labels.at(n)),
            values,
            ..Found::default()
        }))
    }

    fn complain(&self, invalid: Invalid) -> Error {
        let invalid = of_member(invalid, self.member.as_deref());
        self.origin.malformed(None, invalid)
    }

    fn values(&mut self, n: usize) -> io::Result<Vec<f64>> {
        let element = self.header.element;
        let size = element.size();
        match &mut self.values {
            Values::Streamed(bytes, row) => {
                row.resize(self.inputs * size, 0);
                let all = self.reading.samples;
                bytes.read_exact(row).map_err(|error| {
                    cut_short(
                        error,
                        &format!("{}, of which number {n} is not whole", count(all, "sample")),
                    )
                })?;
                Ok(element.numbers(row))
            }
            Values::Whole(bytes) => {
                let (first, samples) = if self.reading.counted {
                    (n, self.reading.samples)
                } else {
                    (0, 1)
                };
                let places = places(&self.reading.sides, first, samples);
                let number = |at: usize| element.number(&bytes[at * size..][..size]);
                Ok(places.map(number).collect())
            }
        }
    }

    /// Whether nothing follows the values.
    fn end(&mut self) -> Result<(), Error> {
        if std::mem::replace(&mut self.ended, true) {
            return Ok(());
        }
        let Values::Streamed(bytes, _) = &mut self.values else {
            return Ok(());
        };
        let mut one = [0];
        match bytes.read(&mut one) {
            Ok(0) => Ok(()),
            Ok(_) => Err(self.complain(behind("more"))),
            Err(reason) => Err(self.origin.unreadable(reason)),
        }
    }
}

fn of_member(mut invalid: Invalid, member: Option<&str>) -> Invalid {
    if let Some(member) = member {
        invalid.path = match invalid.path.as_str() {
            "" => member.to_owned(),
            path => format!("{member}: {path}"),
        };
    }
    invalid
}

fn behind(found: &str) -> Invalid {
    Invalid::new(
        "",
        "expected the values of one array and nothing behind them",
        found,
    )
    .help("numpy.savez puts several arrays into one file")
}

/// Whether an array is one of numbers and as long as its header says, where its length is known.
fn fits(header: &Header, left: Option<u64>) -> Result<(), Invalid> {
    if header.element.is_text() {
        return Err(Invalid::new("header.descr", "expected numbers", "text"));
    }
    let expected = header.bytes()?;
    match left {
        Some(left) if left < expected => {
            let expected = format!(
                "expected {} bytes of values, as its header says",
                grouped_bytes(expected)
            );
            let found = format!("{}: the file is cut short", grouped_bytes(left));
            Err(Invalid::new("", expected, found))
        }
        Some(left) if left > expected => {
            Err(behind(&format!("{} bytes", grouped_bytes(left - expected))))
        }
        _ => Ok(()),
    }
}

fn grouped_bytes(bytes: u64) -> String {
    usize::try_from(bytes).map_or_else(|_| bytes.to_string(), grouped)
}

/// All values of an array.
fn whole(header: &Header, bytes: Bytes, plain: bool) -> io::Result<Vec<u8>> {
    let length = header.bytes().map_err(refused)?;
    let (most, words) = if plain {
        (LARGEST, "1 GiB")
    } else {
        (LARGEST_UNPACKED, "256 MiB")
    };
    if length > most {
        let expected = format!("expected at most {words} of values in Fortran order");
        let invalid = Invalid::new("", expected, format!("{} bytes", grouped_bytes(length)));
        let help = "save numpy.ascontiguousarray(x), which is read sample by sample";
        return Err(refused(invalid.help(help)));
    }
    let mut values = Vec::new();
    let mut bytes = bytes.take(length + 1);
    bytes.read_to_end(&mut values)?;
    if values.len() as u64 > length {
        return Err(refused(behind("more")));
    }
    if (values.len() as u64) < length {
        let error = io::Error::from(io::ErrorKind::UnexpectedEof);
        return Err(cut_short(
            error,
            &format!("{} bytes of values", grouped_bytes(length)),
        ));
    }
    Ok(values)
}

/// Where the values of a sample stand in an array in which the first index runs fastest, in the order of the inputs:
/// `first` is the place of its first value, and `step` that from a value to the next one of the same sample.
fn places(sides: &[usize], first: usize, step: usize) -> impl Iterator<Item = usize> {
    let all: usize = sides.iter().product();
    (0..all).map(move |i| {
        let (mut rest, mut stride) = (i, all * step);
        let mut place = first;
        // From the last index to the first, the stride of each is the product of the sides before it.
        for &side in sides.iter().rev() {
            stride /= side;
            place += rest % side * stride;
            rest /= side;
        }
        place
    })
}

#[cfg(test)]
mod tests {
    use super::places;

    #[test]
    fn in_fortran_order_the_first_index_runs_fastest_by_hand() {
        // x[n, r, c] of 2 × 2 × 3 stands at n + 2 r + 4 c.
        let of = |n| places(&[2, 3], n, 2).collect::<Vec<_>>();
        assert_eq!(of(0), [0, 4, 8, 2, 6, 10]);
        assert_eq!(of(1), [1, 5, 9, 3, 7, 11]);
        assert_eq!(
            places(&[2, 3], 0, 1).collect::<Vec<_>>(),
            [0, 2, 4, 1, 3, 5]
        );
    }
}
