//! A number of a result: a decimal, or an exact fraction with its decimal beside it.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Sample;
use crate::exact::Number;

/// A number; as JSON a number, the string "p/q" where it is exact, or null where it is beyond f64.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// The nearest f64; infinite where the number lies beyond f64.
    pub decimal: f64,
    /// The fraction in lowest terms, `p/q` or `p`, where the number is exact.
    pub fraction: Option<String>,
}

impl From<f64> for Value {
    /// What is no number has left f64 on its way.
    fn from(decimal: f64) -> Self {
        Self {
            decimal: if decimal.is_finite() {
                decimal
            } else {
                f64::INFINITY
            },
            fraction: None,
        }
    }
}

impl From<&f64> for Value {
    fn from(decimal: &f64) -> Self {
        Self::from(*decimal)
    }
}

impl From<&Number> for Value {
    fn from(exact: &Number) -> Self {
        Self {
            decimal: exact.to_f64().value(),
            fraction: Some(exact.to_string()),
        }
    }
}

/// A number of a result: an f64, or a [`Value`] that can be exact.
pub trait Amount: Clone {
    /// Whether results of such numbers are computed without rounding.
    const EXACT: bool;

    /// The nearest f64; infinite where the number lies beyond f64.
    fn decimal(&self) -> f64;

    /// The fraction in lowest terms, where the number is exact.
    fn fraction(&self) -> Option<&str>;

    /// The number of a decimal.
    fn of_decimal(decimal: f64) -> Self;

    /// What numbers sum to; without rounding where they are exact.
    fn sum<'n>(numbers: impl Iterator<Item = &'n Self>) -> Self
    where
        Self: 'n;

    /// A sample in decimals.
    fn decimals(sample: &Sample<Self>) -> Cow<'_, Sample>;

    /// Whether it is exactly 0.
    fn is_zero(&self) -> bool {
        match self.fraction() {
            Some(fraction) => fraction == "0",
            None => self.decimal() == 0.0,
        }
    }
}

impl Amount for f64 {
    const EXACT: bool = false;

    fn decimal(&self) -> f64 {
        *self
    }

    fn fraction(&self) -> Option<&str> {
        None
    }

    fn of_decimal(decimal: f64) -> Self {
        decimal
    }

    fn sum<'n>(numbers: impl Iterator<Item = &'n Self>) -> Self {
        numbers.fold(0.0, |sum, number| sum + number)
    }

    fn decimals(sample: &Sample) -> Cow<'_, Sample> {
        Cow::Borrowed(sample)
    }
}

impl Amount for Value {
    const EXACT: bool = true;

    fn decimal(&self) -> f64 {
        self.decimal
    }

    fn fraction(&self) -> Option<&str> {
        self.fraction.as_deref()
    }

    fn of_decimal(decimal: f64) -> Self {
        decimal.into()
    }

    fn sum<'n>(numbers: impl Iterator<Item = &'n Self>) -> Self {
        let numbers: Vec<&Self> = numbers.collect();
        let mut exact = numbers.iter().map(|number| number.fraction()?.parse().ok());
        let exact = exact.try_fold(Number::ZERO, |sum, number: Option<Number>| {
            Some(sum + number?)
        });
        let decimals = || numbers.iter().map(|number| number.decimal).sum::<f64>();
        exact.map_or_else(|| Self::from(decimals()), |sum| Self::from(&sum))
    }

    fn decimals(sample: &Sample<Self>) -> Cow<'_, Sample> {
        Cow::Owned(sample.rounded())
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.fraction {
            Some(fraction) => serializer.serialize_str(fraction),
            None => serializer.serialize_f64(self.decimal),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberOrFraction)
    }
}

struct NumberOrFraction;

impl Visitor<'_> for NumberOrFraction {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a number or a fraction \"p/q\"")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(f64::INFINITY.into())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        Ok((number as f64).into())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        Ok((number as f64).into())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'/');
        let denominator = text.split_once('/').map_or("1", |(_, q)| q);
        let plain = plain
            && denominator
                .bytes()
                .any(|digit| matches!(digit, b'1'..=b'9'));
        let exact = plain.then(|| text.parse::<Number>().ok()).flatten();
        exact
            .map(|exact| Value::from(&exact))
            .ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

impl JsonSchema for Value {
    fn schema_name() -> Cow<'static, str> {
        "value".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A number, an exact fraction in lowest terms, or null where it lies beyond f64.",
            "anyOf": [
                { "type": "number" },
                { "type": "string", "pattern": "^-?[0-9]+(/[0-9]+)?$" },
                { "type": "null" }
            ]
        })
    }
}

/// A size as JSON can write it: one beyond f64 is written as the largest f64.
pub(crate) fn held(size: f64) -> f64 {
    size.clamp(f64::MIN, f64::MAX)
}

/// A list of numbers.
pub(crate) fn values<'a, T>(numbers: &'a [T]) -> Vec<Value>
where
    Value: From<&'a T>,
{
    numbers.iter().map(Value::from).collect()
}
