//! The input level: its shape, its names and its domain.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::shape::Shape;
use crate::error::Invalid;
use crate::words::{count, grouped};

/// More units than this on one level are taken for a mistake in the file: one sample alone would fill 1 GiB.
pub const LARGEST_LEVEL: usize = 1 << 27;

/// The domain of the inputs, `l_i ≤ x_i ≤ h_i`.
#[derive(Debug, Clone, PartialEq)]
pub enum Bounds {
    /// The same `[l, h]` for every input.
    Same([f64; 2]),
    /// An `[l_i, h_i]` for each input.
    Each(Vec<[f64; 2]>),
}

impl Bounds {
    /// `[l_i, h_i]`
    ///
    /// # Panics
    ///
    /// When the bounds are given each by each and there is no i-th.
    pub fn at(&self, i: usize) -> [f64; 2] {
        match self {
            Self::Same(bounds) => *bounds,
            Self::Each(bounds) => bounds[i],
        }
    }

    /// The inputs of a sample that lie outside.
    ///
    /// # Panics
    ///
    /// When the bounds are given each by each and the sample has more values.
    pub fn outside(&self, x: &[f64]) -> Vec<usize> {
        let is_outside = |i: &usize| {
            let [low, high] = self.at(*i);
            x[*i] < low || x[*i] > high
        };
        (0..x.len()).filter(is_outside).collect()
    }
}

/// In which order the values of a picture come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum Order {
    /// Channel, row, column: a picture as convolutions read it.
    #[default]
    #[serde(rename = "chw")]
    ChannelsFirst,
    /// Row, column, channel: as Keras and most libraries of pictures have it. Convolutions read it behind a gather.
    #[serde(rename = "hwc")]
    ChannelsLast,
}

impl Order {
    /// Whether it is the order that need not be said.
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// As the network file spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ChannelsFirst => "chw",
            Self::ChannelsLast => "hwc",
        }
    }
}

/// The input level of a network.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// `[n]` or `[channels, height, width]`.
    pub shape: Vec<usize>,
    /// In which order the values of a picture come.
    pub order: Order,
    /// Whether that is a guess from the sides, for neither the file says it nor a layer reads a picture.
    pub order_is_guessed: bool,
    /// The shape of one sample in files of arrays, where it is not that of the level: `[784, 1]`.
    pub array: Option<Vec<usize>>,
    /// One name an input, or none at all.
    pub names: Vec<String>,
    /// The domain, where it is known.
    pub bounds: Option<Bounds>,
    /// What the values in a file of samples are divided by to be inputs, where that is known; above 0.
    pub scale: Option<f64>,
}

impl Input {
    /// `n` inputs without names or bounds.
    pub fn flat(n: usize) -> Self {
        Self {
            shape: vec![n],
            order: Order::default(),
            order_is_guessed: false,
            array: None,
            names: Vec::new(),
            bounds: None,
            scale: None,
        }
    }

    /// The shape of the level; of what is no shape, all of it as one list, and so is a picture whose channels come last.
    pub fn level_shape(&self) -> Shape {
        match (&self.shape[..], self.order) {
            (&[channels, height, width], Order::ChannelsFirst) => {
                Shape::Image([channels, height, width])
            }
            _ => Shape::Flat(self.shape.iter().product()),
        }
    }

    /// The shape of one sample in files of arrays.
    pub fn array_shape(&self) -> Vec<usize> {
        match (&self.array, &self.shape[..], self.order) {
            (Some(array), ..) => array.clone(),
            (None, &[channels, height, width], Order::ChannelsLast) => {
                vec![height, width, channels]
            }
            (None, shape, _) => shape.to_vec(),
        }
    }

    /// The channel of the i-th input; 0 where the inputs are no picture.
    pub fn channel(&self, i: usize) -> usize {
        match (&self.shape[..], self.order) {
            ([_, height, width], Order::ChannelsFirst) => i / (height * width),
            ([channels, ..], Order::ChannelsLast) => i % channels,
            _ => 0,
        }
    }

    /// The number of inputs, where the level does not contradict itself.
    pub(super) fn check(&self) -> Result<usize, Invalid> {
        let units = self.units()?;
        self.check_array(units)?;
        self.check_names(units)?;
        self.check_bounds(units)?;
        self.check_scale()?;
        Ok(units)
    }

    /// The number of inputs, where the shape is one.
    pub(super) fn units(&self) -> Result<usize, Invalid> {
        let sides = self.shape.len();
        if sides != 1 && sides != 3 {
            return Err(Invalid::new(
                "shape",
                "expected [n] or [channels, height, width]",
                count(sides, "number"),
            ));
        }
        let units = self
            .shape
            .iter()
            .try_fold(1_usize, |product, &side| product.checked_mul(side));
        units
            .filter(|units| (1..=LARGEST_LEVEL).contains(units))
            .ok_or_else(|| {
                let expected = format!("expected between 1 and {} inputs", grouped(LARGEST_LEVEL));
                Invalid::new("shape", expected, format!("{:?}", self.shape))
            })
    }

    /// Whether channels come last in a picture only, and an array has as many values as there are inputs.
    pub(super) fn check_array(&self, units: usize) -> Result<(), Invalid> {
        if self.order == Order::ChannelsLast && self.shape.len() != 3 {
            return Err(Invalid::new(
                "order",
                "expected `shape` to be [channels, height, width] where `order` is \"hwc\"",
                format!("{:?}", self.shape),
            ));
        }
        let Some(array) = &self.array else {
            return Ok(());
        };
        let values = array
            .iter()
            .try_fold(1_usize, |product, &side| product.checked_mul(side));
        if values == Some(units) {
            return Ok(());
        }
        Err(Invalid::new(
            "array",
            format!("expected the shape of {}", count(units, "value")),
            format!("{array:?}"),
        ))
    }

    /// Whether there is a name for each of `units` inputs, all of them different, or none at all.
    pub(super) fn check_names(&self, units: usize) -> Result<(), Invalid> {
        if self.names.is_empty() {
            return Ok(());
        }
        check_names("names", &self.names, units, "input")
    }

    /// Whether the domain, where there is one, is that of `units` inputs.
    pub(super) fn check_bounds(&self, units: usize) -> Result<(), Invalid> {
        match &self.bounds {
            Some(Bounds::Each(each)) if each.len() != units => {
                let expected = format!(
                    "expected two numbers, or two lists of {}",
                    count(units, "number")
                );
                Err(Invalid::new(
                    "bounds",
                    expected,
                    format!("lists of {}", each.len()),
                ))
            }
            Some(Bounds::Each(each)) => each.iter().try_for_each(check_bounds),
            Some(Bounds::Same(bounds)) => check_bounds(bounds),
            None => Ok(()),
        }
    }

    /// Whether values can be divided by the scale, where there is one.
    pub(super) fn check_scale(&self) -> Result<(), Invalid> {
        match self.scale {
            Some(scale) if !(scale > 0.0 && scale.is_finite()) => Err(Invalid::new(
                "scale",
                "expected a number above 0, by which the values of a file are divided",
                scale,
            )),
            _ => Ok(()),
        }
    }
}

/// Whether there is one name for each of so many units, and each of its own: units are found by name.
pub(super) fn check_names(
    key: &str,
    names: &[String],
    units: usize,
    kind: &str,
) -> Result<(), Invalid> {
    if names.len() != units {
        let expected = format!("expected {}, one for each {kind}", count(units, "name"));
        return Err(Invalid::new(key, expected, names.len()));
    }
    let mut seen = HashMap::with_capacity(names.len());
    for (n, name) in names.iter().enumerate() {
        if let Some(first) = seen.insert(name, n) {
            let invalid = Invalid {
                path: format!("{key}[{n}]"),
                message: format!("the name `{name}` is that of {key}[{first}] too"),
                help: Some(format!("give every {kind} its own name, or give no names")),
            };
            return Err(invalid);
        }
    }
    Ok(())
}

fn check_bounds([l, h]: &[f64; 2]) -> Result<(), Invalid> {
    if l.is_finite() && h.is_finite() && l <= h {
        Ok(())
    } else {
        Err(Invalid::new(
            "bounds",
            "expected finite l ≤ h",
            format!("[{l}, {h}]"),
        ))
    }
}

#[cfg(test)]
mod tests;
