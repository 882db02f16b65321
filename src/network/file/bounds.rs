//! The bounds of the inputs as they are spelt: two numbers, two lists, or a pair for each channel.

use crate::error::Invalid;
use crate::network::Order;
use crate::words::grouped;

/// No picture with bounds for each channel has more values: each of them gets its own, in 64 MiB.
const MOST_OF_CHANNELS: usize = 1 << 22;

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
                // A picture that has no number of values is refused for its shape.
                let values = height.saturating_mul(width);
                Some(Self::Channels { values })
            }
            ([2, _], _) => Some(Self::Lists),
            _ => None,
        }
    }
}

/// Whether a picture of so many channels is small enough for bounds of each.
pub(super) fn check_channels(channels: usize, values: usize) -> Result<(), Invalid> {
    let all = channels.saturating_mul(values);
    if all <= MOST_OF_CHANNELS {
        return Ok(());
    }
    let most = grouped(MOST_OF_CHANNELS);
    let expected = format!("expected at most {most} inputs where each channel has its bounds");
    let invalid = Invalid::new("bounds", expected, grouped(all));
    Err(invalid.help("write one pair [l, h] that holds for all inputs"))
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
