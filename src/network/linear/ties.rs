//! A map unit by unit: the inputs that one sees, and the weights between them.

use super::Linear;

/// An input that a unit sees, and the weight between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tie {
    /// The input, i.
    pub input: usize,
    /// The weight, `w_ij`.
    pub weight: Weight,
}

/// Where the weight of a tie is found: the same for every kind of number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// It is the k-th of the numbers that the map stores.
    Stored(usize),
    /// It is exactly 1/n, and not stored.
    Part(usize),
}

impl Weight {
    /// The weight itself, in f64 or as a fraction: `stored` has the numbers that the map stores, `part` makes 1/n of n.
    pub fn of<T>(self, stored: impl FnOnce(usize) -> T, part: impl FnOnce(usize) -> T) -> T {
        match self {
            Self::Stored(k) => stored(k),
            Self::Part(n) => part(n),
        }
    }
}

/// The ties of one unit, by input: a box of them, channels × rows × columns, or a line, or one.
#[derive(Debug, Clone)]
pub struct Ties {
    sides: [usize; 3],
    /// That of the next tie.
    place: [usize; 3],
    left: usize,
    inputs: Steps,
    weights: Weights,
}

/// A number for each tie: the first, and how far one step along each side goes on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Steps {
    pub(super) first: usize,
    pub(super) by: [usize; 3],
}

/// The weights of a unit's ties.
#[derive(Debug, Clone, Copy)]
pub(super) enum Weights {
    Stored(Steps),
    Part(usize),
}

impl Steps {
    fn at(self, place: [usize; 3]) -> usize {
        let steps = place.into_iter().zip(self.by);
        self.first + steps.map(|(place, by)| place * by).sum::<usize>()
    }
}

impl Ties {
    pub(super) fn of(sides: [usize; 3], inputs: Steps, weights: Weights) -> Self {
        Self {
            sides,
            place: [0; 3],
            left: sides.iter().product(),
            inputs,
            weights,
        }
    }

    /// `count` ties, whose inputs and stored weights lie `by` from one another.
    pub(super) fn line(count: usize, [input, weight]: [usize; 2], by: [usize; 2]) -> Self {
        let steps = |first: usize, by: usize| Steps {
            first,
            by: [0, 0, by],
        };
        let weights = Weights::Stored(steps(weight, by[1]));
        Self::of([1, 1, count], steps(input, by[0]), weights)
    }

    /// Ties of weight 1 to `count` inputs, one beside the other.
    pub(super) fn equal(count: usize, first: usize) -> Self {
        let by = [0, 0, 1];
        Self::of([1, 1, count], Steps { first, by }, Weights::Part(1))
    }
}

impl Iterator for Ties {
    type Item = Tie;

    fn next(&mut self) -> Option<Tie> {
        self.left = self.left.checked_sub(1)?;
        let tie = Tie {
            input: self.inputs.at(self.place),
            weight: match self.weights {
                Weights::Stored(steps) => Weight::Stored(steps.at(self.place)),
                Weights::Part(n) => Weight::Part(n),
            },
        };
        for (place, side) in self.place.iter_mut().zip(self.sides).rev() {
            *place += 1;
            if *place < side {
                break;
            }
            *place = 0;
        }
        Some(tie)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Ties {}

impl Linear {
    /// The inputs that unit j sees, in order, each with its weight: one pass of [`apply`](Self::apply), unit by unit.
    ///
    /// A max pool sees all inputs of its window.
    ///
    /// # Panics
    ///
    /// When the weights are asked for and there is no unit j.
    pub fn ties(&self, j: usize) -> Ties {
        match self {
            Self::Dense(map) => map.ties(j),
            Self::Conv2d(map) => map.ties(j),
            Self::SumPool(map) => map.ties(j),
            Self::Pool2d(map) => map.ties(j),
            Self::MaxPool2d(map) => map.ties(j),
            Self::Place(map) => map.ties(j),
            Self::Scale(map) => map.ties(j),
            Self::Gather(map) => map.ties(j),
        }
    }

    /// The inputs that unit j sees, in order, each with `w_ij`.
    ///
    /// # Panics
    ///
    /// When there is no unit j.
    pub fn weights_of(&self, j: usize) -> impl Iterator<Item = (usize, f64)> {
        self.ties(j).map(|tie| (tie.input, self.weight(tie)))
    }

    /// `w_ij` of one of the map's ties.
    pub fn weight(&self, tie: Tie) -> f64 {
        tie.weight.of(|k| self.stored().at(k), |n| 1.0 / n as f64)
    }

    /// Whether every unit sees an input. A branch of a concatenation leaves out units that others see.
    pub fn ties_every_unit(&self) -> bool {
        match self {
            Self::Conv2d(conv) => conv.ties_every_unit(),
            Self::Place(place) => place.is_addition(),
            Self::Gather(gather) => gather.indices().iter().all(Option::is_some),
            Self::Dense(_)
            | Self::SumPool(_)
            | Self::Pool2d(_)
            | Self::MaxPool2d(_)
            | Self::Scale(_) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::{Linear, Weight};
    use crate::network::linear::tests::{applied, maps, max_pools};

    /// The weights of a map, inputs × outputs, from its ties.
    fn matrix(map: &Linear) -> Array2<f64> {
        let mut matrix = Array2::zeros((map.inputs(), map.outputs()));
        for j in 0..map.outputs() {
            map.weights_of(j).for_each(|(i, w)| matrix[[i, j]] = w);
        }
        matrix
    }

    #[test]
    fn ties_say_what_apply_and_adjoint_do() {
        for map in maps() {
            let (inputs, outputs) = (map.inputs(), map.outputs());
            let mut down = Array2::from_elem((outputs, inputs), f64::NAN);
            let up = applied(&map);
            let frozen = map.at(down.view(), None);
            frozen.adjoint(Array2::eye(outputs).view(), down.view_mut());
            for map in [map.clone(), map.by_unit()] {
                let matrix = matrix(&map);
                assert_eq!(matrix, up, "{map:?}");
                assert_eq!(matrix, down.t(), "{map:?}");
            }
        }
    }

    #[test]
    fn stored_by_unit_the_weights_of_one_lie_side_by_side() {
        for map in maps() {
            let map = map.by_unit();
            for j in 0..map.outputs() {
                let stored = map.ties(j).filter_map(|tie| match tie.weight {
                    Weight::Stored(k) => Some(k),
                    Weight::Part(_) => None,
                });
                let stored: Vec<usize> = stored.collect();
                let is_dense = matches!(map, Linear::Dense(_));
                let is_next = |pair: &[usize]| pair[1] == pair[0] + 1;
                assert!(!is_dense || stored.windows(2).all(is_next), "{map:?}");
            }
        }
    }

    #[test]
    fn a_map_ties_every_unit_where_each_has_a_tie() {
        let (mut all, mut some) = (0, 0);
        for map in maps().into_iter().chain(max_pools()) {
            let each = (0..map.outputs()).all(|j| map.ties(j).len() > 0);
            assert_eq!(map.ties_every_unit(), each, "{map:?}");
            *(if each { &mut all } else { &mut some }) += 1;
        }
        assert!(all > 0 && some > 3, "{all} and {some}");
    }

    #[test]
    fn the_ties_of_a_unit_are_in_order_and_each_input_comes_once() {
        for map in maps().into_iter().chain(max_pools()) {
            for j in 0..map.outputs() {
                let inputs: Vec<usize> = map.ties(j).map(|tie| tie.input).collect();
                assert!(inputs.is_sorted_by(|a, b| a < b), "{map:?}");
                assert!(inputs.iter().all(|&i| i < map.inputs()), "{map:?}");
                assert_eq!(inputs.len(), map.ties(j).len(), "{map:?}");
            }
        }
    }
}
