//! Lists of numbers of any depth, read straight into one flat vector.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, SeqAccess, Visitor};

use crate::error::Invalid;
use crate::network::floats::Floats;
use crate::words::count;

/// A rectangular nest of numbers: the values in reading order and the length of each level of lists.
///
/// `[[1, 2, 3], [4, 5, 6]]` has the shape `[2, 3]`. Rows of unequal length are refused where they stand.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Numbers<V = Vec<f64>> {
    /// The numbers, in reading order.
    pub(crate) values: V,
    /// The length of the lists on each level, outermost first.
    pub(crate) shape: Vec<usize>,
}

/// Numbers of the network file, or of a tensor as it is stored.
pub(super) type Stored = Numbers<Floats>;

impl From<Numbers> for Stored {
    fn from(numbers: Numbers) -> Self {
        Self {
            values: numbers.values.into(),
            shape: numbers.shape,
        }
    }
}

impl Stored {
    /// One list of numbers, one for each of so many units or inputs where their number is known.
    ///
    /// # Errors
    ///
    /// [`Invalid`], about `key`, when it is no list of numbers, or one of another length.
    pub(super) fn each(
        self,
        key: &str,
        units: Option<usize>,
        kind: &str,
    ) -> Result<Vec<f64>, Invalid> {
        if self.shape.len() != 1 {
            return Err(Invalid::new(
                key,
                "expected a list of numbers",
                self.lists(),
            ));
        }
        match units {
            Some(units) if self.values.len() != units => {
                let expected = format!("expected {}, one for each {kind}", count(units, "number"));
                Err(Invalid::new(key, expected, self.values.len()))
            }
            _ => Ok(self.values.into_f64()),
        }
    }
}

impl<V> Numbers<V> {
    /// The shape in words.
    pub(super) fn lists(&self) -> String {
        let lengths: Vec<String> = self.shape.iter().map(usize::to_string).collect();
        match &lengths[..] {
            [] => "a single number".to_owned(),
            [length] => format!("a list of {length}"),
            lengths => format!("lists of {}", lengths.join(" × ")),
        }
    }
}

impl<'de> serde::Deserialize<'de> for Numbers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut nest = Nest {
            values: Vec::new(),
            lengths: Vec::new(),
            leaves: None,
        };
        deserializer.deserialize_seq(Level {
            nest: &mut nest,
            depth: 0,
        })?;
        let shape = nest
            .lengths
            .into_iter()
            .map(Option::unwrap_or_default)
            .collect();
        Ok(Self {
            values: nest.values,
            shape,
        })
    }
}

/// What is known of the nest so far.
struct Nest {
    values: Vec<f64>,
    /// The length of the lists on each level, once the first one is complete.
    lengths: Vec<Option<usize>>,
    /// The depth at which numbers stand, once the first one is read.
    leaves: Option<usize>,
}

/// One value at a depth of the nest: a list or a number.
struct Level<'a> {
    nest: &'a mut Nest,
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Level<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        // Where a number stood before, a number is asked for: the fast way for all but the first.
        if self.nest.leaves == Some(self.depth) {
            deserializer.deserialize_f64(self)
        } else {
            deserializer.deserialize_any(self)
        }
    }
}

impl Level<'_> {
    fn number<E: Error>(self, value: f64) -> Result<(), E> {
        if *self.nest.leaves.get_or_insert(self.depth) != self.depth
            || self.nest.lengths.len() != self.depth
        {
            return Err(E::custom(
                "expected a list, as in the rows before it, found a number",
            ));
        }
        self.nest.values.push(value);
        Ok(())
    }
}

impl<'de> Visitor<'de> for Level<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.nest.leaves {
            Some(leaves) if leaves == self.depth => "a number",
            Some(_) => "a list of numbers",
            None => "numbers or lists of numbers",
        })
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.number(value)
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "a JSON number is read as the nearest f64"
    )]
    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.number(value as f64)
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "a JSON number is read as the nearest f64"
    )]
    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.number(value as f64)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Self { nest, depth } = self;
        if nest.lengths.len() == depth {
            nest.lengths.push(None);
        }
        let mut length = 0;
        while list
            .next_element_seed(Level {
                nest,
                depth: depth + 1,
            })?
            .is_some()
        {
            length += 1;
        }
        match nest.lengths[depth] {
            Some(before) if before != length => {
                let before = count(before, "entry");
                Err(A::Error::custom(format!(
                    "expected {before}, as in the rows before it, found {length}"
                )))
            }
            _ => {
                nest.lengths[depth] = Some(length);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Numbers;

    fn read(text: &str) -> Result<Numbers, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    #[test]
    fn a_nest_is_flattened_and_its_shape_kept() {
        for (text, values, shape) in [
            ("[]", vec![], vec![0]),
            ("[1, -2, 0.5]", vec![1.0, -2.0, 0.5], vec![3]),
            (
                "[[1, 2, 3], [4, 5, 6]]",
                vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
                vec![2, 3],
            ),
            ("[[[1], [2]]]", vec![1.0, 2.0], vec![1, 2, 1]),
            ("[[], []]", vec![], vec![2, 0]),
        ] {
            assert_eq!(read(text), Ok(Numbers { values, shape }), "of {text}");
        }
    }

    #[test]
    fn what_is_asked_for_is_what_stood_at_the_same_depth_before() {
        for (text, asked_for) in [
            ("[\"x\"]", "numbers or lists of numbers"),
            ("[1, \"x\"]", "a number"),
            ("[[1], \"x\"]", "a list of numbers"),
            ("[[1], [\"x\"]]", "a number"),
        ] {
            let told = read(text).expect_err("no number");
            let said = format!("invalid type: string \"x\", expected {asked_for} at ");
            assert!(told.starts_with(&said), "{text}: {told}");
        }
    }

    #[test]
    fn what_is_not_rectangular_or_not_a_number_is_refused() {
        for text in [
            "[[1, 2], [3]]",
            "[1, [2]]",
            "[[1], 2]",
            "[[1], [[2]]]",
            "[\"1\"]",
            "[null]",
            "[[], [1]]",
            "{}",
            "[[[1]], 2]",
        ] {
            assert!(read(text).is_err(), "{text} is refused");
        }
    }
}
