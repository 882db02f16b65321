//! What an array of some shape is for a network: so many samples, or one.

use crate::error::Invalid;
use crate::network::{Input, Order};
use crate::words::count;

/// How an array is read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) samples: usize,
    /// Whether the first axis counts the samples.
    pub(super) counted: bool,
    /// The sides of one sample, in row-major order the values of the inputs.
    pub(super) sides: Vec<usize>,
    /// What was taken and could have been otherwise.
    pub(super) note: Option<String>,
}

impl Reading {
    /// How an array of this shape is read for `inputs` values.
    ///
    /// Sides of 1 count for nothing: they do not change the order of values.
    ///
    /// # Errors
    ///
    /// [`Invalid`] where it does not fit.
    pub(super) fn of(shape: &[usize], input: &Input, inputs: usize) -> Result<Self, Invalid> {
        let array = input.array_shape();
        let is_sample = |sides: &[usize]| {
            let sides = wide(sides);
            sides == wide(&array) || sides == wide(&[inputs])
        };
        let rest = shape.get(1..).unwrap_or_default();
        if is_sample(shape) {
            return Ok(Self {
                samples: 1,
                counted: false,
                sides: shape.to_vec(),
                note: both_ways(shape, input),
            });
        }
        if !shape.is_empty() && is_sample(rest) {
            return Ok(Self {
                samples: shape[0],
                counted: true,
                sides: rest.to_vec(),
                note: both_ways(rest, input),
            });
        }
        let product = |sides: &[usize]| {
            let mut sides = sides.iter();
            sides.try_fold(1_usize, |product, &side| product.checked_mul(side))
        };
        let flat = wide(&array).len() <= 1;
        if flat && !shape.is_empty() && product(rest) == Some(inputs) {
            return Ok(Self {
                samples: shape[0],
                counted: true,
                sides: rest.to_vec(),
                note: Some(row_by_row(rest, inputs)),
            });
        }
        if flat && product(shape) == Some(inputs) {
            return Ok(Self {
                samples: 1,
                counted: false,
                sides: shape.to_vec(),
                note: Some(row_by_row(shape, inputs)),
            });
        }
        Err(refusal(shape, &array, inputs))
    }

    /// Where the i-th value of sample `n` stands in the array, as an index.
    pub(super) fn place(&self, n: usize, i: usize) -> String {
        let mut index = Vec::with_capacity(self.sides.len() + 1);
        let mut rest = i;
        for &side in self.sides.iter().rev() {
            let side = side.max(1);
            index.push((rest % side).to_string());
            rest /= side;
        }
        if self.counted {
            index.push(n.to_string());
        }
        index.reverse();
        format!("[{}]", index.join(", "))
    }
}

/// The sides that are not 1.
fn wide(sides: &[usize]) -> Vec<usize> {
    sides.iter().copied().filter(|side| *side != 1).collect()
}

fn shown(sides: &[usize]) -> String {
    let sides: Vec<String> = sides.iter().map(ToString::to_string).collect();
    if sides.is_empty() {
        "no side".to_owned()
    } else {
        sides.join(" × ")
    }
}

fn row_by_row(sides: &[usize], inputs: usize) -> String {
    format!(
        "the {} of a sample are read as {}, the last index fastest",
        shown(sides),
        count(inputs, "input")
    )
}

/// That a picture could as well have its channels at its other end, where it has the shape of both.
fn both_ways(sides: &[usize], input: &Input) -> Option<String> {
    let &[channels, height, width] = &input.shape[..] else {
        return None;
    };
    let same = channels > 1 && channels == height && height == width;
    (same && wide(sides).len() == 3).then(|| {
        let order = match input.order {
            Order::ChannelsFirst => "channel, row, column",
            Order::ChannelsLast => "row, column, channel",
        };
        format!("the indices of a sample are taken for {order}, as the network has them")
    })
}

fn refusal(shape: &[usize], array: &[usize], inputs: usize) -> Invalid {
    let flat = array.len() <= 1;
    let values = count(inputs, "value");
    let expected = if flat {
        format!("expected samples of {values}: an array N × {inputs}, or one of {inputs}")
    } else {
        let array = shown(array);
        format!("expected samples of {array}: an array N × {array} or N × {inputs}, or one of them")
    };
    let invalid = Invalid::new("header.shape", expected, shown(shape));
    let (wanted, own) = (wide(array), wide(shape));
    let turned = |sides: &[usize]| match (sides, &wanted[..]) {
        (&[a, b, c], &[x, y, z]) if [b, c, a] == [x, y, z] => Some([1, 2, 0]),
        (&[a, b, c], &[x, y, z]) if [c, a, b] == [x, y, z] => Some([2, 0, 1]),
        _ => None,
    };
    let after_first = own.get(1..).and_then(turned);
    let axes = match (turned(&own), after_first) {
        (Some(axes), _) if shape.len() == 3 => Some(axes.map(|axis| axis.to_string()).to_vec()),
        (_, Some(axes)) if shape.len() == 4 => {
            let axes = axes.map(|axis| (axis + 1).to_string());
            Some([&["0".to_owned()][..], &axes].concat())
        }
        _ => None,
    };
    if let Some(axes) = axes {
        let axes = axes.join(", ");
        return invalid.help(format!(
            "its channels stand at the other end: save numpy.transpose(x, ({axes}))"
        ));
    }
    if shape.len() == 2 && shape[0] == inputs {
        return invalid.help("its columns seem to be the samples: save x.T");
    }
    invalid
}

#[cfg(test)]
mod tests {
    use super::Reading;
    use crate::network::{Input, Order};

    fn read(shape: &[usize], input: &Input) -> Result<(usize, Option<String>), String> {
        let inputs = input.shape.iter().product();
        let reading = Reading::of(shape, input, inputs);
        let reading = reading.map_err(|invalid| invalid.to_string())?;
        Ok((reading.samples, reading.note))
    }

    fn picture(shape: [usize; 3], order: Order) -> Input {
        Input {
            shape: shape.to_vec(),
            order,
            ..Input::flat(1)
        }
    }

    #[test]
    fn a_shape_is_so_many_samples_or_one() {
        let flat = Input::flat(6);
        let first = picture([3, 4, 5], Order::ChannelsFirst);
        let last = picture([3, 4, 5], Order::ChannelsLast);
        for (shape, input, samples, said) in [
            (&[7, 6][..], &flat, 7, ""),
            (&[6], &flat, 1, ""),
            (&[1, 6], &flat, 1, ""),
            (&[0, 6], &flat, 0, ""),
            (&[6, 1, 6], &flat, 6, ""),
            (&[9, 2, 3], &flat, 9, "2 × 3"),
            (&[2, 3], &flat, 1, "2 × 3"),
            (&[2, 3, 4, 5], &first, 2, ""),
            (&[2, 60], &first, 2, ""),
            (&[3, 4, 5], &first, 1, ""),
            (&[60], &first, 1, ""),
            (&[2, 4, 5, 3], &last, 2, ""),
            (&[4, 5, 3], &last, 1, ""),
            (&[5, 8, 8], &picture([1, 8, 8], Order::ChannelsFirst), 5, ""),
            (
                &[5, 1, 8, 8],
                &picture([1, 8, 8], Order::ChannelsLast),
                5,
                "",
            ),
            (
                &[5, 3, 3, 3],
                &picture([3, 3, 3], Order::ChannelsLast),
                5,
                "row, column, channel",
            ),
            (&[4], &Input::flat(1), 4, ""),
            (&[], &Input::flat(1), 1, ""),
        ] {
            let (found, note) = read(shape, input).expect("it fits");
            assert_eq!(found, samples, "{shape:?}");
            let note = note.unwrap_or_default();
            assert!(
                note.contains(said) && note.is_empty() == said.is_empty(),
                "{shape:?}: {note}"
            );
        }
    }

    #[test]
    fn what_does_not_fit_is_refused_with_what_to_do() {
        let flat = Input::flat(6);
        let first = picture([3, 4, 5], Order::ChannelsFirst);
        let last = picture([3, 4, 5], Order::ChannelsLast);
        for (shape, input, said) in [
            (&[7, 5][..], &flat, "N × 6"),
            (&[6, 7], &flat, "x.T"),
            (&[], &flat, "no side"),
            (&[2, 4, 5, 3], &first, "(0, 3, 1, 2)"),
            (&[2, 3, 4, 5], &last, "(0, 2, 3, 1)"),
            (&[4, 5, 3], &first, "(2, 0, 1)"),
            (&[3, 4, 5], &last, "(1, 2, 0)"),
            (&[2, 5, 12], &first, "N × 3 × 4 × 5"),
            (&[0, 5, 12], &first, "N × 3 × 4 × 5"),
        ] {
            let found = read(shape, input).expect_err("it does not fit");
            assert!(found.contains(said), "{shape:?}: {found}");
        }
    }

    #[test]
    fn a_place_is_the_index_in_the_array() {
        let first = picture([3, 4, 5], Order::ChannelsFirst);
        let of = |shape: &[usize]| Reading::of(shape, &first, 60).expect("it fits");
        assert_eq!(of(&[2, 3, 4, 5]).place(1, 33), "[1, 1, 2, 3]");
        assert_eq!(of(&[3, 4, 5]).place(0, 33), "[1, 2, 3]");
        assert_eq!(of(&[2, 60]).place(1, 33), "[1, 33]");
    }
}
