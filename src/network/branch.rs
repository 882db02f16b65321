//! One of the linear maps that a layer is a sum of, and the level that it reads.

use std::sync::Arc;

use super::linear::{Linear, Tie};

/// A linear map, and the earlier level that it reads.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// None is the level before.
    from: Option<usize>,
    map: Linear,
    /// Which of its inputs are 0 whatever the network reads; none where no input is.
    constants: Option<Arc<[bool]>>,
}

impl Branch {
    /// A branch that reads the level before its layer, until told otherwise.
    pub(super) fn new(map: Linear) -> Self {
        let (from, constants) = (None, None);
        Self {
            from,
            map,
            constants,
        }
    }

    /// The level that it reads.
    ///
    /// # Panics
    ///
    /// When the layer is of no network yet, and nobody said which level it reads.
    pub fn from(&self) -> usize {
        self.from.expect("a network says what its layers read")
    }

    /// The linear map.
    pub fn map(&self) -> &Linear {
        &self.map
    }

    /// Which of its inputs are 0 whatever the network reads, and so tied to nothing; none where no input is.
    pub fn constants(&self) -> Option<&[bool]> {
        self.constants.as_deref()
    }

    /// Whether an input is 0 whatever the network reads.
    pub fn is_constant(&self, input: usize) -> bool {
        self.constants().is_some_and(|constants| constants[input])
    }

    /// The inputs that unit j sees, in order: padding and constants are none.
    pub fn ties(&self, j: usize) -> impl Iterator<Item = Tie> + use<'_> {
        let ties = self.map.ties(j);
        ties.filter(|tie| !self.is_constant(tie.input))
    }

    /// How many inputs all units see together.
    pub fn tie_count(&self) -> usize {
        let units = 0..self.map.outputs();
        match self.constants {
            Some(_) => units.map(|j| self.ties(j).count()).sum(),
            None => units.map(|j| self.map.ties(j).len()).sum(),
        }
    }

    /// The same at a sample whose values are x: of a max pool the one that it hands on, or none where that is a constant.
    pub fn ties_at<T: PartialOrd>(
        &self,
        j: usize,
        x: &[T],
    ) -> impl Iterator<Item = Tie> + use<'_, T> {
        let chosen = self.map.chosen(j, x, self.constants());
        let ties = self.ties(j);
        ties.filter(move |tie| chosen.is_none_or(|winner| winner == Some(tie.input)))
    }

    /// The same at a sample, each with `w_ij`.
    pub fn weights_at(&self, j: usize, x: &[f64]) -> impl Iterator<Item = (usize, f64)> + use<'_> {
        let ties = self.ties_at(j, x);
        ties.map(|tie| (tie.input, self.map.weight(tie)))
    }

    /// The inputs that unit j sees, in order, each with `w_ij`.
    pub fn weights_of(&self, j: usize) -> impl Iterator<Item = (usize, f64)> + use<'_> {
        let ties = self.ties(j);
        ties.map(|tie| (tie.input, self.map.weight(tie)))
    }

    /// Whether it shows without a look at each unit that all of them see an input by a weight other than 0.
    pub(super) fn weighs_every_unit(&self) -> bool {
        let is_0 = |w: f64| w == 0.0;
        self.constants.is_none()
            && self.map.ties_every_unit()
            && self.map.stored().position(is_0).is_none()
    }

    /// Settles which level it reads.
    pub(super) fn read(&mut self, level: usize) {
        self.from = Some(level);
    }

    /// Settles that it reads this level, where nothing else was said.
    pub(super) fn read_by_default(&mut self, level: usize) {
        self.from.get_or_insert(level);
    }

    /// Says which of its inputs are 0 whatever the network reads.
    pub(super) fn set_constants(&mut self, constants: Option<Arc<[bool]>>) {
        self.constants = constants;
    }

    /// The same with the numbers of its map stored unit by unit.
    pub(super) fn by_unit(&self) -> Self {
        Self {
            from: self.from,
            map: self.map.by_unit(),
            constants: self.constants.clone(),
        }
    }

    /// Settles that it reads what another branch reads, or that this is not settled yet.
    pub(super) fn read_as(&mut self, other: &Self) {
        self.from = other.from;
    }

    /// The map, for training: the caller keeps every number finite.
    pub(super) fn map_mut(&mut self) -> &mut Linear {
        &mut self.map
    }
}

#[cfg(test)]
mod tests {
    use crate::network::Network;

    #[test]
    fn a_constant_is_tied_to_nothing() {
        let network: Network = r#"{ "input": { "shape": [2] }, "layers": [
            { "type": "gather", "indices": [0, null, 1] },
            { "type": "dense", "weights": [[1, 5], [2, 6], [3, 7]] },
            { "type": "sum_pool" } ] }"#
            .parse()
            .expect("a network");
        let branch = |level: usize| &network.layer(level).branches()[0];
        assert_eq!(branch(1).constants(), None);
        assert_eq!((branch(1).tie_count(), branch(1).from()), (2, 0));
        assert_eq!(branch(3).tie_count(), 2);
        for branch in [branch(2).clone(), branch(2).by_unit()] {
            assert_eq!(branch.constants(), Some(&[false, true, false][..]));
            let are_constant = [0, 1, 2].map(|input| branch.is_constant(input));
            assert_eq!(are_constant, [false, true, false]);
            let weights: Vec<(usize, f64)> = branch.weights_of(1).collect();
            assert_eq!(weights, [(0, 5.0), (2, 7.0)]);
            let at: Vec<(usize, f64)> = branch.weights_at(0, &[0.0, 0.0, 4.0]).collect();
            assert_eq!(at, [(0, 1.0), (2, 3.0)]);
            assert_eq!((branch.tie_count(), branch.from()), (4, 1));
        }
    }

    #[test]
    fn a_max_pool_is_tied_to_its_winner_at_a_sample_and_to_none_where_that_is_a_constant() {
        let network: Network = r#"{ "input": { "shape": [1, 1, 2] }, "layers": [
            { "type": "gather", "indices": [0, null, 1, 0], "shape": [1, 1, 4] },
            { "type": "max_pool2d", "kernel": [1, 2] } ] }"#
            .parse()
            .expect("a network");
        let branch = &network.layer(2).branches()[0];
        let at = |x: [f64; 4]| [0, 1].map(|j| branch.weights_at(j, &x).next());
        assert_eq!(at([3.0, 0.0, 4.0, 5.0]), [Some((0, 1.0)), Some((3, 1.0))]);
        assert_eq!(at([-3.0, 0.0, 4.0, 4.0]), [None, Some((2, 1.0))]);
    }
}
