//! The shape of a level.

use std::fmt;

/// The shape of a level: a plain list of values, or a picture, whose values lie flat in the order channel, row, column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// So many values.
    Flat(usize),
    /// Channels, height, width.
    Image([usize; 3]),
}

impl Shape {
    /// How many values there are.
    pub fn units(self) -> usize {
        match self {
            Self::Flat(units) => units,
            Self::Image([channels, height, width]) => channels * height * width,
        }
    }

    /// Channels, height and width of a picture.
    pub fn image(self) -> Option<[usize; 3]> {
        match self {
            Self::Flat(_) => None,
            Self::Image(sides) => Some(sides),
        }
    }

    /// The channels of a picture; of a plain list every value is one.
    pub fn channels(self) -> usize {
        match self {
            Self::Flat(units) => units,
            Self::Image([channels, _, _]) => channels,
        }
    }

    /// The shape of this level and another side by side: lists one after the other, or the channels of pictures of one height
    /// and width. None where they do not go together.
    pub fn beside(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Flat(one), Self::Flat(other)) => Some(Self::Flat(one + other)),
            (Self::Image([one, height, width]), Self::Image([other, rows, columns])) => {
                let fits = (height, width) == (rows, columns);
                fits.then_some(Self::Image([one + other, height, width]))
            }
            _ => None,
        }
    }

    /// The sides as the network file spells them.
    pub fn sides(self) -> Vec<usize> {
        match self {
            Self::Flat(units) => vec![units],
            Self::Image(sides) => sides.to_vec(),
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sides: Vec<String> = self.sides().iter().map(usize::to_string).collect();
        f.pad(&sides.join(" × "))
    }
}

#[cfg(test)]
mod tests {
    use super::Shape;

    #[test]
    fn a_shape_is_shown_by_its_sides_and_counts_its_values() {
        let (flat, image) = (Shape::Flat(10), Shape::Image([3, 32, 16]));
        assert_eq!(
            [flat, image].map(|shape| shape.to_string()),
            ["10", "3 × 32 × 16"]
        );
        assert_eq!([flat, image].map(Shape::units), [10, 1536]);
        assert_eq!([flat, image].map(Shape::channels), [10, 3]);
        assert_eq!([flat, image].map(Shape::image), [None, Some([3, 32, 16])]);
        assert_eq!([flat, image].map(Shape::sides), [vec![10], vec![3, 32, 16]]);
    }
}
