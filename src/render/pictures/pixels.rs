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
    fn a_square_number_of_inputs_is_a_picture_and_another_number_none() {
        let plain = Pixels::of(&[9], Order::ChannelsFirst);
        assert_eq!(plain.ok(), Some(Pixels::grey(3, 3)));
        assert!(Pixels::of(&[10], Order::ChannelsFirst).is_err());
    }
}
