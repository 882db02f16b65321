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

    /// The shape of this level and another side by side: the channels of two pictures of one height and width make a picture;
    /// all else makes a plain list of their values, one level after the other.
    #[must_use]
    pub fn beside(self, other: Self) -> Self {
        match (self, other) {
            (Self::Image([one, height, width]), Self::Image([other, rows, columns]))
                if [height, width] == [rows, columns] =>
            {
                Self::Image([one + other, height, width])
            }
            _ => Self::Flat(self.units() + other.units()),
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
    fn pictures_of_one_size_make_a_picture_and_all_else_a_list() {
        let [a, b] = [Shape::Image([3, 2, 2]), Shape::Image([1, 2, 2])];
        assert_eq!(a.beside(b), Shape::Image([4, 2, 2]));
        assert_eq!(a.beside(Shape::Image([3, 2, 1])), Shape::Flat(18));
        assert_eq!(Shape::Flat(5).beside(a), Shape::Flat(17));
    }

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
