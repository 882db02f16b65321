//! The inputs of a network as the pixels of a picture.

use crate::error::Invalid;
use crate::network::Order;

/// Where the values of an input lie in a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pixels {
    pub(crate) height: usize,
    pub(crate) width: usize,
    /// How many values a pixel has.
    pub(crate) channels: usize,
    order: Order,
}

impl Pixels {
    /// Of a picture with a value for each pixel.
    pub(crate) fn grey(height: usize, width: usize) -> Self {
        Self {
            height,
            width,
            channels: 1,
            order: Order::ChannelsFirst,
        }
    }

    /// Of inputs of this shape, `[channels, height, width]` or a square number of them.
    ///
    /// # Errors
    ///
    /// [`Invalid`] where the inputs are no picture.
    pub(crate) fn of(shape: &[usize], order: Order) -> Result<Self, Invalid> {
        match *shape {
            [channels, height, width] => Ok(Self {
                height,
                width,
                channels,
                order,
            }),
            [n] if n.isqrt().pow(2) == n => Ok(Self::grey(n.isqrt(), n.isqrt())),
            _ => Err(Invalid::new(
                "input.shape",
                "a heatmap needs inputs that are an image, [channels, height, width], or a square number of them",
                format!("{shape:?}"),
            )),
        }
    }

    /// How many pixels there are.
    pub(crate) fn count(self) -> usize {
        self.height * self.width
    }

    /// Red, green and blue of every pixel, where there are three channels and these values lie between 0 and 1.
    pub(super) fn colours(self, values: &[f64]) -> Option<Vec<[f64; 3]>> {
        let is_light = |value: &f64| (0.0..=1.0).contains(value);
        if self.channels != 3 || !values.iter().all(is_light) {
            return None;
        }
        let pixels = self.count();
        let place = |pixel: usize, channel: usize| match self.order {
            Order::ChannelsFirst => channel * pixels + pixel,
            Order::ChannelsLast => pixel * 3 + channel,
        };
        let colour = |pixel| [0, 1, 2].map(|channel| values[place(pixel, channel)]);
        Some((0..pixels).map(colour).collect())
    }

    /// How an image of these values is read, in words: the caption of all that draw one.
    pub(crate) fn in_words<'v>(self, inputs: impl IntoIterator<Item = &'v [f64]>) -> &'static str {
        let mut inputs = inputs.into_iter();
        if self.channels == 1 {
            "dark where it is large"
        } else if inputs.all(|values| self.colours(values).is_some()) {
            "in its colours"
        } else {
            "summed over its channels, dark where it is large"
        }
    }

    /// The sum over the channels, a number a pixel.
    pub(super) fn summed(self, values: &[f64]) -> Vec<f64> {
        let pixels = self.count();
        match self.order {
            Order::ChannelsFirst => {
                let mut sums = vec![0.0; pixels];
                for channel in values.chunks_exact(pixels) {
                    sums.iter_mut().zip(channel).for_each(|(sum, v)| *sum += v);
                }
                sums
            }
            Order::ChannelsLast => {
                let channels = (values.len() / pixels).max(1);
                let pixels = values.chunks_exact(channels);
                pixels.map(|pixel| pixel.iter().sum()).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pixels;
    use crate::network::Order;

    #[test]
    fn channels_are_summed_wherever_they_lie() {
        let of = |order| Pixels::of(&[2, 1, 3], order).expect("a picture");
        let first = of(Order::ChannelsFirst).summed(&[1.0, 2.0, 3.0, 10.0, 20.0, 30.0]);
        let last = of(Order::ChannelsLast).summed(&[1.0, 10.0, 2.0, 20.0, 3.0, 30.0]);
        assert_eq!([first, last], [[11.0, 22.0, 33.0]; 2]);
    }

    #[test]
    fn three_channels_between_0_and_1_are_colours_wherever_they_lie() {
        let of = |order| Pixels::of(&[3, 1, 2], order).expect("a picture");
        let first = of(Order::ChannelsFirst).colours(&[0.1, 0.2, 0.3, 0.4, 0.5, 1.0]);
        let last = of(Order::ChannelsLast).colours(&[0.1, 0.3, 0.5, 0.2, 0.4, 1.0]);
        assert_eq!(first, Some(vec![[0.1, 0.3, 0.5], [0.2, 0.4, 1.0]]));
        assert_eq!(first, last);
        let pixels = of(Order::ChannelsFirst);
        assert_eq!(pixels.colours(&[0.0, 0.0, 0.0, 0.0, 0.0, 1.5]), None);
        assert_eq!(Pixels::grey(1, 2).colours(&[0.0, 1.0]), None);
    }

    #[test]
    fn a_square_number_of_inputs_is_a_picture_and_another_number_none() {
        let plain = Pixels::of(&[9], Order::ChannelsFirst);
        assert_eq!(plain.ok(), Some(Pixels::grey(3, 3)));
        assert!(Pixels::of(&[10], Order::ChannelsFirst).is_err());
    }
}
