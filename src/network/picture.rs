//! How the inputs of a network lie in a picture.

use super::{Layer, Network, Order};
use crate::error::Invalid;

/// A picture that the inputs are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InputPicture {
    /// `[channels, height, width]`, in whichever order the values come.
    pub sides: [usize; 3],
    /// In which order the values come.
    pub order: Order,
    /// Whether the order was found out from the shape, against what the file says by default.
    pub is_noticed: bool,
}

impl Network {
    /// The picture that the inputs are, where their shape has three sides. A shape that reads like `[height, width, channels]`
    /// is noticed where no layer reads it as `[channels, height, width]`.
    pub fn picture(&self) -> Option<InputPicture> {
        let input = self.input();
        let sides = <[usize; 3]>::try_from(&input.shape[..]).ok()?;
        match channels_last(sides) {
            Some(sides)
                if input.order == Order::ChannelsFirst && self.reads_channels_first().is_none() =>
            {
                Some(InputPicture {
                    sides,
                    order: Order::ChannelsLast,
                    is_noticed: true,
                })
            }
            _ => Some(InputPicture {
                sides,
                order: input.order,
                is_noticed: input.order_is_guessed,
            }),
        }
    }

    /// The same where it is said in which order the values come.
    ///
    /// # Errors
    ///
    /// [`Invalid`] where the inputs have no three sides, or a layer reads them in the other order.
    pub fn picture_in(&self, order: Order) -> Result<InputPicture, Invalid> {
        let input = self.input();
        let Ok(sides) = <[usize; 3]>::try_from(&input.shape[..]) else {
            let expected = "expected inputs of the shape of an image with three sides";
            return Err(Invalid::new("", expected, format!("{:?}", input.shape)));
        };
        let is_last = order == Order::ChannelsLast;
        if let Some(level) = self.reads_channels_first().filter(|_| is_last) {
            let kind = self.layers()[level - 1].kind();
            let expected = "expected a network whose layers leave the order open";
            let found = format!(
                "layer {level}, {kind}, which reads the inputs {sides:?} as channels, height, width"
            );
            return Err(Invalid::new("", expected, found));
        }
        let sides = match (is_last, input.order) {
            // A file that has the order itself has its shape as [channels, height, width] in either.
            (true, Order::ChannelsFirst) => channels_last(sides).unwrap_or(sides),
            (false, Order::ChannelsLast) if input.order_is_guessed => {
                let [channels, height, width] = sides;
                [height, width, channels]
            }
            _ => sides,
        };
        Ok(InputPicture {
            sides,
            order,
            is_noticed: false,
        })
    }

    /// The level of a layer that reads the inputs as channels, height and width.
    fn reads_channels_first(&self) -> Option<usize> {
        let reads = |layer: &Layer| {
            layer.sources().any(|level| level == 0) && layer.shape().image().is_some()
        };
        self.layers().iter().position(reads).map(|n| n + 1)
    }
}

/// The `[channels, height, width]` of sides that read like `[height, width, channels]`: there are 1, 3 or 4 of the last, and not
/// of the first.
pub(super) fn channels_last([height, width, channels]: [usize; 3]) -> Option<[usize; 3]> {
    let of_colours = |side: usize| [1, 3, 4].contains(&side);
    (of_colours(channels) && !of_colours(height) && width > 1).then_some([channels, height, width])
}

#[cfg(test)]
mod tests {
    use super::{InputPicture, Network, Order, channels_last};
    use crate::network::{Input, Layer};

    fn network(input: &str, layer: &str) -> Network {
        let text = format!(r#"{{"input": {input}, "layers": [{layer}]}}"#);
        Network::from_reader(text.as_bytes()).expect("a network")
    }

    const POOL: &str = r#"{"type": "sum_pool"}"#;

    #[test]
    fn channels_that_come_last_are_noticed_where_nothing_reads_them_first() {
        fn seen(input: &str, layer: &str) -> InputPicture {
            network(input, layer).picture().expect("a picture")
        }
        let noticed = seen(r#"{"shape": [8, 6, 3]}"#, POOL);
        assert_eq!(noticed.sides, [3, 8, 6]);
        assert!(noticed.is_noticed && noticed.order == Order::ChannelsLast);
        let read = seen(
            r#"{"shape": [8, 6, 3]}"#,
            r#"{"type": "sum_pool2d", "kernel": 1}"#,
        );
        assert_eq!((read.sides, read.order), ([8, 6, 3], Order::ChannelsFirst));
        for (shape, order) in [
            ("[3, 8, 6]", Order::ChannelsFirst),
            ("[3, 4, 4]", Order::ChannelsFirst),
            ("[8, 6, 5]", Order::ChannelsFirst),
        ] {
            let input = format!(r#"{{"shape": {shape}}}"#);
            let picture = seen(&input, POOL);
            assert_eq!((picture.order, picture.is_noticed), (order, false));
        }
        assert_eq!(network(r#"{"shape": [9]}"#, POOL).picture(), None);
    }

    #[test]
    fn sides_read_like_a_picture_whose_channels_come_last() {
        for (sides, expected) in [
            ([8, 6, 1], Some([1, 8, 6])),
            ([8, 2, 3], Some([3, 8, 2])),
            ([2, 6, 4], Some([4, 2, 6])),
            ([8, 6, 2], None),
            ([8, 6, 5], None),
            ([8, 1, 3], None),
            ([1, 6, 3], None),
            ([3, 6, 3], None),
            ([4, 6, 1], None),
        ] {
            assert_eq!(channels_last(sides), expected, "{sides:?}");
        }
    }

    #[test]
    fn an_order_that_the_network_cannot_have_is_refused() {
        let list = network(r#"{"shape": [9]}"#, POOL);
        for order in [Order::ChannelsFirst, Order::ChannelsLast] {
            let refused = list.picture_in(order).expect_err("no picture");
            assert_eq!(
                refused.message,
                "expected inputs of the shape of an image with three sides, found [9]"
            );
        }
        let pools = r#"{"type": "sum_pool2d", "kernel": 1}, {"type": "sum_pool"}"#;
        let read = network(r#"{"shape": [8, 6, 3]}"#, pools);
        let refused = read
            .picture_in(Order::ChannelsLast)
            .expect_err("it is read");
        assert_eq!(
            refused.message,
            "expected a network whose layers leave the order open, found layer 1, sum_pool2d, which reads the inputs \
             [8, 6, 3] as channels, height, width"
        );
        assert!(read.picture_in(Order::ChannelsFirst).is_ok());
    }

    #[test]
    fn a_guessed_order_is_told_and_gives_way_to_what_is_said() {
        let input = Input {
            shape: vec![3, 8, 6],
            order: Order::ChannelsLast,
            order_is_guessed: true,
            ..Input::flat(1)
        };
        let pool = Layer::sum_pool(144, 144).expect("a pool");
        let guessed = Network::new(input, vec![pool]).expect("a network");
        let seen = guessed.picture().expect("a picture");
        assert_eq!((seen.sides, seen.is_noticed), ([3, 8, 6], true));
        for (order, sides) in [
            (Order::ChannelsLast, [3, 8, 6]),
            (Order::ChannelsFirst, [8, 6, 3]),
        ] {
            let said = guessed.picture_in(order).expect("a picture");
            assert_eq!((said.sides, said.is_noticed), (sides, false));
        }
    }

    #[test]
    fn what_is_said_of_the_order_counts() {
        let file = network(r#"{"shape": [8, 6, 3]}"#, POOL);
        let said = |order| file.picture_in(order).map(|seen| seen.sides).ok();
        assert_eq!(said(Order::ChannelsFirst), Some([8, 6, 3]));
        assert_eq!(said(Order::ChannelsLast), Some([3, 8, 6]));
        let last = network(r#"{"shape": [3, 8, 6], "order": "hwc"}"#, POOL);
        let seen = last.picture_in(Order::ChannelsLast);
        assert_eq!(seen.ok(), last.picture());
        let first = last.picture_in(Order::ChannelsFirst).expect("a picture");
        assert_eq!(
            (first.sides, first.order),
            ([3, 8, 6], Order::ChannelsFirst)
        );
    }
}
