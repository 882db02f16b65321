//! The keys of a window: a number for both directions, or one for each.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::SeqAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};

use crate::error::Invalid;
use crate::network::linear::Window;

/// A number, or a list of them.
#[derive(Clone)]
pub(super) struct RawSides(Vec<usize>);

/// The keys of a window as they are spelt, apart from its kernel.
pub(super) struct RawWindow {
    pub(super) stride: Option<RawSides>,
    pub(super) dilation: Option<RawSides>,
    pub(super) padding: Option<RawSides>,
}

impl RawWindow {
    /// The window with this kernel, and this stride where the file says nothing.
    pub(super) fn with(self, kernel: [usize; 2], stride: [usize; 2]) -> Result<Window, Invalid> {
        Ok(Window {
            kernel,
            stride: self.stride.map_or(Ok(stride), |raw| raw.pair("stride"))?,
            dilation: (self.dilation).map_or(Ok([1, 1]), |raw| raw.pair("dilation"))?,
            padding: self.padding.map_or(Ok([0; 4]), |raw| raw.padding())?,
        })
    }
}

impl RawSides {
    /// Rows and columns.
    pub(super) fn pair(&self, key: &str) -> Result<[usize; 2], Invalid> {
        Window::both(&self.0).ok_or_else(|| self.refused(key, "a number or [h, w]"))
    }

    /// Top, left, bottom and right.
    fn padding(&self) -> Result<[usize; 4], Invalid> {
        Window::around(&self.0).ok_or_else(|| {
            self.refused("padding", "a number, [h, w] or [top, left, bottom, right]")
        })
    }

    fn refused(&self, key: &str, expected: &str) -> Invalid {
        let found = format!("a list of {}", self.0.len());
        Invalid::new(key, format!("expected {expected}"), found)
    }
}

/// The shortest way to spell two sides.
fn pair([rows, columns]: [usize; 2]) -> String {
    if rows == columns {
        rows.to_string()
    } else {
        format!("[{rows}, {columns}]")
    }
}

/// The shortest way to spell top, left, bottom and right.
pub(super) fn padding(sides: [usize; 4]) -> String {
    let [top, left, bottom, right] = sides;
    if [top, left] == [bottom, right] {
        pair([top, left])
    } else {
        format!("{sides:?}")
    }
}

/// The keys of a window apart from its kernel, where they are not what they are when left out.
pub(super) fn json(window: &Window, usual_stride: [usize; 2]) -> String {
    let mut json = String::new();
    if window.stride != usual_stride {
        json += &format!(", \"stride\": {}", pair(window.stride));
    }
    if window.padding != [0; 4] {
        json += &format!(", \"padding\": {}", padding(window.padding));
    }
    if window.dilation != [1, 1] {
        json += &format!(", \"dilation\": {}", pair(window.dilation));
    }
    json
}

/// The kernel of a pool.
pub(super) fn kernel_json(window: &Window) -> String {
    format!(", \"kernel\": {}", pair(window.kernel))
}

impl<'de> Deserialize<'de> for RawSides {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Sides;
        impl<'de> Visitor<'de> for Sides {
            type Value = RawSides;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number, 0 or more, or a list of them")
            }

            fn visit_u64<E: Error>(self, side: u64) -> Result<RawSides, E> {
                // More than memory has is refused with everything else that is too large.
                Ok(RawSides(vec![usize::try_from(side).unwrap_or(usize::MAX)]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, sides: A) -> Result<RawSides, A::Error> {
                let sides = Vec::deserialize(SeqAccessDeserializer::new(sides))?;
                // A list of one would be read as a number.
                if sides.len() == 1 {
                    return Err(A::Error::custom(
                        "expected a number or a list of two or more, found a list of 1",
                    ));
                }
                Ok(RawSides(sides))
            }
        }
        deserializer.deserialize_any(Sides)
    }
}

impl JsonSchema for RawSides {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "sides".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [
            { "type": "integer", "minimum": 1 },
            { "type": "array", "items": { "type": "integer", "minimum": 1 }, "minItems": 2, "maxItems": 2 }
        ] })
    }
}

/// What a padding may be.
pub(super) fn padding_schema(_: &mut SchemaGenerator) -> Schema {
    let side = serde_json::json!({ "type": "integer", "minimum": 0 });
    json_schema!({ "anyOf": [
        side,
        { "type": "array", "items": side, "minItems": 2, "maxItems": 2 },
        { "type": "array", "items": side, "minItems": 4, "maxItems": 4 }
    ] })
}
