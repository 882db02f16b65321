//! Tensors as they are stored: in the message, in a field of their type, or in another file.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::budget::{Budget, Width};
use super::element::Element;
use super::model::MOST_SIDES;
use super::refusal::{broken, refused};
use super::skeleton::LEFT_IN_FILE;
use super::tensor::{Numbers, Tensor, units};
use super::wire::{Broken, Fields};
use crate::error::Invalid;
use crate::network::folder::{self, Folder};
use crate::network::pointer::{FETCH, POINTER};
use crate::words::{count, grouped};

/// Where tensors are that do not stand in the messages.
pub(super) struct Files<'f> {
    /// The folder of the model, for the files that it names.
    pub folder: Folder,
    /// The model's own file, where it is too large to be held.
    pub own: Option<(&'f File, &'f Path)>,
}

/// The message of a tensor, its numbers not yet looked at.
#[derive(Default)]
struct Message<'a> {
    sides: Vec<i64>,
    kind: i64,
    raw: Option<&'a [u8]>,
    /// Offset and length in the model's own file.
    left: Option<[u64; 2]>,
    external: bool,
    file: &'a str,
    offset: u64,
    length: Option<u64>,
}

impl<'a> Message<'a> {
    fn read(message: &'a [u8]) -> Result<Self, Broken> {
        let mut tensor = Self::default();
        for field in Fields::of(message) {
            match field? {
                (1, value) => value.ints(&mut tensor.sides, MOST_SIDES)?,
                (2, value) => tensor.kind = value.int()?,
                (9, value) => tensor.raw = Some(value.bytes()?),
                (13, value) => tensor.read_external(value.bytes()?)?,
                (14, value) => tensor.external = value.int()? == 1,
                (LEFT_IN_FILE, value) => {
                    let (ends, []) = value.bytes()?.as_chunks() else {
                        return Err(Broken::OtherKind);
                    };
                    let &[offset, length] = ends else {
                        return Err(Broken::OtherKind);
                    };
                    tensor.left = Some([offset, length].map(u64::from_le_bytes));
                }
                _ => {}
            }
        }
        Ok(tensor)
    }

    fn read_external(&mut self, message: &'a [u8]) -> Result<(), Broken> {
        let (mut key, mut text) = ("", "");
        for field in Fields::of(message) {
            match field? {
                (1, value) => key = value.text()?,
                (2, value) => text = value.text()?,
                _ => {}
            }
        }
        let number = || text.parse().map_err(|_| Broken::OtherKind);
        match key {
            "location" => self.file = text,
            "offset" => self.offset = number()?,
            "length" => self.length = Some(number()?),
            _ => {}
        }
        Ok(())
    }
}

/// How many bytes a number has in most of the bytes of these tensors.
pub(super) fn width<'a>(tensors: impl Iterator<Item = &'a [u8]>) -> Width {
    let mut bytes = [0; 2];
    for message in tensors {
        // What cannot be read is refused by who needs it.
        let kind = Message::read(message).map_or(0, |tensor| tensor.kind);
        let width = Element::of(kind).map(Element::width);
        bytes[usize::from(width.is_ok_and(|width| width == Width::Half))] += message.len();
    }
    if bytes[1] > bytes[0] {
        Width::Half
    } else {
        Width::Full
    }
}

/// The tensor of a message; what it leaves to another file is looked for there.
///
/// # Errors
///
/// [`Invalid`] when it is no tensor of numbers, has others than its sides say, or its file cannot be read.
pub(super) fn read(message: &[u8], files: &Files, budget: &mut Budget) -> Result<Tensor, Invalid> {
    let tensor = Message::read(message).map_err(|why| broken("tensor", why))?;
    let sides = tensor.sides.iter().map(|side| usize::try_from(*side).ok());
    let shape: Option<Vec<usize>> = sides.collect();
    let known = shape.and_then(|shape| units(&shape).map(|units| (shape, units)));
    let (shape, units) = known.ok_or_else(|| {
        let found = format!("{:?}", tensor.sides);
        Invalid::new("", "expected a shape of a tensor", found)
    })?;
    let element = Element::of(tensor.kind)?;
    let numbers = if tensor.external {
        external(&tensor, units, element, files, budget)?
    } else if let (Some([offset, length]), Some(own)) = (tensor.left, files.own) {
        let each = element.bytes() as u64;
        let found = usize::try_from(length / each).unwrap_or(usize::MAX);
        check(units, found, length % each == 0)?;
        budget.take(units, element.bytes_read())?;
        let numbers = element.in_file(own, offset, units);
        numbers.map_err(|reason| refused(format!("the file cannot be read: {reason}")))?
    } else if let Some(raw) = tensor.raw {
        check(
            units,
            raw.len() / element.bytes(),
            raw.len() % element.bytes() == 0,
        )?;
        budget.take(units, element.bytes_read())?;
        let whole = |add: &mut dyn FnMut(&[u8])| {
            add(raw);
            Ok(())
        };
        let numbers = element.numbers(units, whole);
        numbers.map_err(|reason| refused(reason.to_string()))?
    } else {
        typed(message, element, units, budget)?
    };
    Ok(Tensor { shape, numbers })
}

fn check(units: usize, found: usize, whole: bool) -> Result<(), Invalid> {
    if units == found && whole {
        return Ok(());
    }
    let expected = format!("expected {} as its sides say", count(units, "number"));
    Err(Invalid::new("", expected, found).help("the file is damaged: export it anew"))
}

/// The numbers of a tensor that stand in another file.
fn external(
    tensor: &Message,
    units: usize,
    element: Element,
    files: &Files,
    budget: &mut Budget,
) -> Result<Numbers, Invalid> {
    let size = units.checked_mul(element.bytes()).map(|size| size as u64);
    let size = size.ok_or_else(|| refused("it has more numbers than a file can hold"))?;
    if let Some(length) = tensor.length.filter(|length| *length != size) {
        let expected = format!("expected `length` {size} as its sides say");
        return Err(Invalid::new("", expected, length));
    }
    let name = tensor.file;
    let path = files.folder.path(name).map_err(|invalid| match invalid {
        // The folder speaks of network files.
        Invalid { message, .. } if message.starts_with(folder::OUTSIDE) => {
            let found = message.replacen(folder::OUTSIDE, "", 1);
            refused(format!("expected a file in the folder of the model{found}"))
                .help("export the model anew, with its weights in one file beside it or within it")
        }
        Invalid { help: None, .. } => invalid.help(format!(
            "the model was exported as two files: copy {name} into the folder of the other one"
        )),
        invalid => invalid,
    })?;
    let unreadable = |reason| folder::refused(name, format!("cannot be read: {reason}"));
    // To open a pipe is to wait for who writes to it.
    if !path.metadata().map_err(unreadable)?.is_file() {
        return Err(folder::refused(name, "cannot be read: it is no file"));
    }
    let file = File::open(&path).map_err(unreadable)?;
    let there = file.metadata().map_err(unreadable)?;
    if is_pointer(&file, there.len()) {
        let expected = format!("expected the weights in {name}");
        return Err(Invalid::new("", expected, "a pointer of Git LFS").help(FETCH));
    }
    let end = tensor.offset.checked_add(size);
    if end.is_none_or(|end| end > there.len()) {
        let expected = format!(
            "expected {size} bytes from {} on in {name}, the file of the weights",
            tensor.offset
        );
        let found = format!("a file of {} bytes", there.len());
        return Err(Invalid::new("", expected, found)
            .help("copy the whole file that was exported beside the model"));
    }
    // The numbers are there: what is made of them is not more than the file can ask for.
    budget.add(&path, there.len(), element.width());
    budget.take(units, element.bytes_read())?;
    let numbers = element.in_file((&file, &path), tensor.offset, units);
    numbers.map_err(unreadable)
}

/// Whether a file is a pointer to itself that Git LFS has put in its place.
fn is_pointer(mut file: &File, bytes: u64) -> bool {
    const LONGEST: u64 = 1024;
    let mut start = [0; POINTER.len()];
    bytes < LONGEST && file.read_exact(&mut start).is_ok() && start == POINTER
}

/// The numbers of a tensor that stand in a field of their type.
fn typed(
    message: &[u8],
    element: Element,
    units: usize,
    budget: &mut Budget,
) -> Result<Numbers, Invalid> {
    // A number takes a byte at least.
    if units > message.len() {
        let expected = format!("expected {} as its sides say", count(units, "number"));
        let found = format!("{} bytes that hold fewer", grouped(message.len()));
        return Err(Invalid::new("", expected, found).help("the file is damaged: export it anew"));
    }
    // Numbers of 16 bits are whole ones first.
    let each = match element.width() {
        Width::Half => 16,
        Width::Full => 8,
    };
    budget.take(units, each)?;
    let (mut floats, mut ints) = (Vec::new(), Vec::new());
    for field in Fields::of(message) {
        let read = field.and_then(|field| match field {
            (4, value) => value.floats(&mut floats, units),
            (10, value) => value.doubles(&mut floats, units),
            (5 | 7 | 11, value) => value.ints(&mut ints, units),
            _ => Ok(()),
        });
        read.map_err(|why| match why {
            Broken::TooMany => {
                let expected = format!("expected {} as its sides say", count(units, "number"));
                Invalid::new("", expected, "more")
            }
            why => broken("tensor", why),
        })?;
    }
    let numbers = element.of_field(floats, ints);
    check(units, numbers.len(), true)?;
    Ok(numbers)
}
