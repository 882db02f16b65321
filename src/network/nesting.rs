//! How the lists of a sample may be nested.

use super::input::{Input, Order};
use crate::error::Invalid;

/// The nestings of one sample in which its values come in the order of the inputs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Nesting {
    /// The shapes that a sample may have; none where the inputs are no picture.
    shapes: Vec<Vec<usize>>,
    /// The shape in the other order of channels, rows and columns, and what to do where a sample has it.
    turned: Option<(Vec<usize>, &'static str)>,
}

impl Nesting {
    /// Of a sample for this input.
    pub(crate) fn of(input: &Input) -> Self {
        let [channels, height, width] = input.shape[..] else {
            // A plain list says nothing of rows and columns: it reads a picture in whatever nest row by row.
            return Self {
                shapes: Vec::new(),
                turned: None,
            };
        };
        let (first, last) = ([channels, height, width], [height, width, channels]);
        let (own, turned, help) = match input.order {
            Order::ChannelsFirst => (
                first,
                last,
                "rows, columns, channels? Say \"order\": \"hwc\" in \"input\" if the network was trained so; else nest a sample \
                 as [channel][row][column]",
            ),
            Order::ChannelsLast => (
                last,
                first,
                "channels, rows, columns? The network's input has \"order\": \"hwc\": nest a sample as [row][column][channel]",
            ),
        };
        let shapes = [own.to_vec()].into_iter().chain(input.array.clone());
        Self {
            shapes: shapes.collect(),
            turned: Some((turned.to_vec(), help)),
        }
    }

    /// Whether lists of these lengths, outermost first, hold the inputs in their order: as one flat list, or nested like the
    /// input. Lists of one are nothing but brackets.
    ///
    /// # Errors
    ///
    /// [`Invalid`] with the shape that is expected.
    pub(crate) fn check(&self, lists: &[usize]) -> Result<(), Invalid> {
        let found = plain(lists);
        let Some(expected) = self.shapes.first().filter(|_| found.len() > 1) else {
            return Ok(());
        };
        if self.shapes.iter().any(|shape| plain(shape) == found) {
            return Ok(());
        }
        let turned = self.turned.as_ref();
        let help = match turned.filter(|(turned, _)| plain(turned) == found) {
            Some((_, help)) => *help,
            None => "nest a sample like the shape of the input, or give its values as one list",
        };
        let expected = format!("expected a sample of {}", by(expected));
        Err(Invalid::new("", expected, by(lists)).help(help))
    }
}

/// The lengths without those of 1, which change no order.
fn plain(lists: &[usize]) -> Vec<usize> {
    lists.iter().copied().filter(|&side| side != 1).collect()
}

fn by(sides: &[usize]) -> String {
    let sides: Vec<String> = sides.iter().map(usize::to_string).collect();
    sides.join(" × ")
}

#[cfg(test)]
mod tests {
    use super::{Input, Nesting, Order};

    fn input(shape: &[usize], order: Order, array: Option<Vec<usize>>) -> Nesting {
        Nesting::of(&Input {
            shape: shape.to_vec(),
            order,
            array,
            ..Input::flat(1)
        })
    }

    #[test]
    fn a_nest_in_another_order_than_the_inputs_is_refused() {
        let first = input(&[3, 4, 5], Order::ChannelsFirst, None);
        let last = input(&[3, 4, 5], Order::ChannelsLast, None);
        let invalid = first.check(&[4, 5, 3]).expect_err("rows first");
        assert_eq!(
            invalid.message,
            "expected a sample of 3 × 4 × 5, found 4 × 5 × 3"
        );
        assert!(invalid.help.is_some_and(|help| help.contains("\"hwc\"")));
        for (nesting, refused) in [(&first, [5, 3, 4]), (&last, [3, 4, 5]), (&last, [4, 3, 5])] {
            assert!(nesting.check(&refused).is_err(), "{refused:?}");
        }
        assert!(first.check(&[12, 5]).is_err());
    }

    #[test]
    fn who_nests_otherwise_is_told_what_to_do() {
        let first = input(&[3, 4, 5], Order::ChannelsFirst, Some(vec![6, 10]));
        let last = input(&[3, 4, 5], Order::ChannelsLast, None);
        let like = "nest a sample like the shape of the input, or give its values as one list";
        for (nesting, lists, message, help) in [
            (
                &first,
                &[4, 5, 3][..],
                "expected a sample of 3 × 4 × 5, found 4 × 5 × 3",
                "rows, columns, channels? Say",
            ),
            (
                &last,
                &[1, 3, 4, 5],
                "expected a sample of 4 × 5 × 3, found 1 × 3 × 4 × 5",
                "channels, rows, columns? The network's input has",
            ),
            (
                &first,
                &[5, 4, 3],
                "expected a sample of 3 × 4 × 5, found 5 × 4 × 3",
                like,
            ),
            (
                &last,
                &[20, 3],
                "expected a sample of 4 × 5 × 3, found 20 × 3",
                like,
            ),
        ] {
            let refused = nesting.check(lists).expect_err("another order");
            assert_eq!(refused.message, message);
            let found = refused.help.expect("what can be done");
            assert!(found.starts_with(help), "{found}");
        }
    }

    #[test]
    fn a_flat_sample_one_like_the_input_and_any_for_a_plain_list_are_taken() {
        let first = input(&[3, 4, 5], Order::ChannelsFirst, Some(vec![6, 10]));
        let grey = input(&[1, 4, 5], Order::ChannelsFirst, None);
        let last = input(&[3, 4, 5], Order::ChannelsLast, None);
        let flat = input(&[60], Order::ChannelsFirst, None);
        for (nesting, lists) in [
            (&first, &[3, 4, 5][..]),
            (&first, &[60]),
            (&first, &[1, 60, 1]),
            (&first, &[1, 3, 4, 5]),
            (&first, &[6, 10]),
            (&grey, &[4, 5]),
            (&grey, &[4, 5, 1]),
            (&last, &[4, 5, 3]),
            (&flat, &[4, 5, 3]),
        ] {
            assert_eq!(nesting.check(lists), Ok(()), "{lists:?}");
        }
    }
}
