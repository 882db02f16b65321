//! The bounds of the inputs as they are spelt: two numbers, two lists, or a pair for each channel.

use crate::network::Order;

/// How bounds are spelt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelt {
    /// `[l, h]`
    Same,
    /// Every l, then every h.
    Lists,
    /// `[l, h]` for each channel of a picture, which has so many values in each.
    Channels {
        /// Height × width.
        values: usize,
    },
}

impl Spelt {
    /// How bounds are spelt that are lists of these lengths, outermost first; of an input of this shape, where that is known.
    /// Two lists of two, where both fit, are every l and every h.
    pub(super) fn of(lists: &[usize], shape: Option<&[usize]>) -> Option<Self> {
        match (lists, shape) {
            ([2], _) => Some(Self::Same),
            (&[pairs, 2], Some(&[channels, height, width]))
                if pairs == channels && [channels, height, width] != [2, 1, 1] =>
            {
                let values = height.checked_mul(width)?;
                Some(Self::Channels { values })
            }
            ([2, _], _) => Some(Self::Lists),
            _ => None,
        }
    }
}

/// What is said of each channel, for each of its so many values, in the order in which the inputs come.
pub(super) fn of_channels<T: Copy>(channels: &[T], values: usize, order: Order) -> Vec<T> {
    match order {
        Order::ChannelsFirst => channels
            .iter()
            .flat_map(|channel| std::iter::repeat_n(*channel, values))
            .collect(),
        Order::ChannelsLast => channels.repeat(values),
    }
}
