//! The attributes of nodes.

use super::refusal::broken;
use super::wire::{Broken, Fields, push};
use crate::error::Invalid;

/// No attribute has more numbers: those of a tensor stand in a tensor.
const MOST_NUMBERS: usize = 1 << 24;

/// An attribute of a node: its name, and the message that holds its value.
#[derive(Clone, Copy)]
pub(super) struct Attribute<'a> {
    name: &'static str,
    message: &'a [u8],
}

impl<'a> Attribute<'a> {
    /// An attribute, where it is the one of this name.
    pub(super) fn named(name: &'static str, message: &'a [u8]) -> Result<Option<Self>, Broken> {
        for field in Fields::of(message) {
            if let (1, value) = field? {
                let is_it = value.bytes()? == name.as_bytes();
                return Ok(is_it.then_some(Self { name, message }));
            }
        }
        Ok(None)
    }

    /// What `of` makes of the fields of one number, in order.
    fn each(
        &self,
        number: u64,
        mut of: impl FnMut(super::wire::Value<'a>) -> Result<(), Broken>,
    ) -> Result<bool, Invalid> {
        let mut found = false;
        for field in Fields::of(self.message) {
            let read = field.and_then(|(at, value)| {
                if at == number {
                    found = true;
                    of(value)?;
                }
                Ok(())
            });
            read.map_err(|why| broken(self.name, why))?;
        }
        Ok(found)
    }

    /// A whole number.
    pub(super) fn int(&self) -> Result<i64, Invalid> {
        let mut int = 0;
        self.each(3, |value| value.int().map(|found| int = found))?;
        Ok(int)
    }

    /// A number of floating point.
    pub(super) fn float(&self) -> Result<f64, Invalid> {
        let mut float = 0.0;
        self.each(2, |value| value.float().map(|found| float = found.into()))?;
        Ok(float)
    }

    /// A text.
    pub(super) fn text(&self) -> Result<&'a str, Invalid> {
        let mut text = "";
        self.each(4, |value| value.text().map(|found| text = found))?;
        Ok(text)
    }

    /// Whole numbers.
    pub(super) fn ints(&self) -> Result<Vec<i64>, Invalid> {
        let mut list = Vec::new();
        self.each(8, |value| value.ints(&mut list, MOST_NUMBERS))?;
        Ok(list)
    }

    /// Numbers of floating point.
    pub(super) fn floats(&self) -> Result<Vec<f64>, Invalid> {
        let mut list = Vec::new();
        self.each(7, |value| value.floats(&mut list, MOST_NUMBERS))?;
        Ok(list)
    }

    /// Texts.
    pub(super) fn texts(&self) -> Result<Vec<&'a str>, Invalid> {
        let mut list = Vec::new();
        self.each(9, |value| push(&mut list, value.text()?, MOST_NUMBERS))?;
        Ok(list)
    }

    /// The message of a tensor, where it is one.
    pub(super) fn tensor(&self) -> Result<Option<&'a [u8]>, Invalid> {
        let mut tensor = None;
        self.each(5, |value| value.bytes().map(|found| tensor = Some(found)))?;
        Ok(tensor)
    }
}
