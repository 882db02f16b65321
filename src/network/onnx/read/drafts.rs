//! The levels that have been made so far, and how a layer reads what a view shows of one.

use std::rc::Rc;

use super::budget::Budget;
use super::draft::{Draft, Map};
use super::input::GraphInput;
use super::places::LEAST;
use super::refusal::refused;
use super::value::View;
use crate::error::Invalid;
use crate::network::{Activation, FloatSlice, LARGEST_LEVEL, Shape};
use crate::words::grouped;

/// The levels: the input, and what layers of layers make.
pub(super) struct Drafts {
    pub input: GraphInput,
    pub layers: Vec<Draft>,
    /// By level, how many values of the graph that show it are still to be read.
    live: Vec<usize>,
    /// By level, how many branches of layers read it.
    readers: Vec<usize>,
    pub budget: Budget,
    pictures: Vec<Picture>,
}

/// A picture made of a view.
struct Picture {
    of: usize,
    order: Option<Rc<[u32]>>,
    sides: [usize; 3],
    level: usize,
}

/// Where a draft comes from: its name, and its place for messages.
#[derive(Clone)]
pub(super) struct Origin {
    pub name: String,
    pub operator: String,
    pub place: String,
}

impl Drafts {
    pub(super) fn new(input: GraphInput, budget: Budget) -> Self {
        Self {
            input,
            layers: Vec::new(),
            live: vec![0],
            readers: vec![0],
            budget,
            pictures: Vec::new(),
        }
    }

    /// How many units a level has.
    pub(super) fn units(&self, level: usize) -> usize {
        match level {
            0 => self.input.units(),
            _ => self.layers[level - 1].shape.units(),
        }
    }

    /// The shape of a level; that of the input is settled by the first who asks.
    fn shape(&mut self, level: usize) -> Shape {
        match level {
            0 => self.input.settled(),
            _ => self.layers[level - 1].shape,
        }
    }

    /// Whether a level is a picture of these sides, as far as that is settled.
    pub(super) fn is_picture(&self, level: usize, sides: [usize; 3]) -> bool {
        level > 0 && self.layers[level - 1].shape.image() == Some(sides)
    }

    /// Whether values of a level can be negative.
    pub(super) fn can_be_negative(&self, level: usize) -> bool {
        level == 0 || self.layers[level - 1].can_be_negative()
    }

    /// So many readers of a value that shows a level are still to come.
    pub(super) fn expect_readers(&mut self, level: usize, readers: usize) {
        self.live[level] += readers;
    }

    /// One of them has come.
    pub(super) fn one_has_read(&mut self, level: usize) {
        self.live[level] = self.live[level].saturating_sub(1);
    }

    /// The draft of a level that nobody else reads, so that it may be changed.
    pub(super) fn sole(&mut self, level: usize) -> Option<&mut Draft> {
        let is_sole = level > 0 && self.live[level] == 0 && self.readers[level] == 0;
        is_sole.then(|| &mut self.layers[level - 1])
    }

    /// Takes what the weights of a level's layer need in 64 bits, which they have once they change.
    pub(super) fn widen(&mut self, level: usize) -> Result<(), Invalid> {
        if let Some(Draft {
            map: Map::Weights(weights),
            ..
        }) = level.checked_sub(1).map(|layer| &self.layers[layer])
            && let FloatSlice::Single(numbers) = weights.view().numbers()
        {
            self.budget.take(numbers.len(), 8)?;
            // What they took before was kept already.
            self.budget.keep(size_of_val(numbers) as u64);
        }
        Ok(())
    }

    /// The draft of a level that one draft reads, and nobody else will.
    pub(super) fn read_once(&self, level: usize) -> Option<&Draft> {
        let once = level > 0 && self.live[level] == 0 && self.readers[level] == 1;
        once.then(|| &self.layers[level - 1])
    }

    /// Lets the layer of a level read what the layer below it reads, in its place: nobody else reads that layer.
    pub(super) fn pass_by(&mut self, level: usize, below: usize) {
        let reads = self.layers[below - 1].reads.clone();
        let negative = reads.iter().any(|from| self.can_be_negative(*from));
        let draft = &mut self.layers[level - 1];
        (draft.reads, draft.reads_negative) = (reads, negative);
    }

    /// Makes a level by a map without bias and activation.
    pub(super) fn push(
        &mut self,
        origin: &Origin,
        reads: Vec<usize>,
        map: Map,
        shape: Shape,
    ) -> Result<usize, Invalid> {
        let units = match shape {
            Shape::Flat(units) => Some(units),
            Shape::Image([channels, height, width]) => channels
                .checked_mul(height)
                .and_then(|units| units.checked_mul(width)),
        };
        if units.is_none_or(|units| !(1..=LARGEST_LEVEL).contains(&units)) {
            let expected = format!("expected between 1 and {} units", grouped(LARGEST_LEVEL));
            return Err(Invalid::new("", expected, format!("{:?}", shape.sides())));
        }
        for &level in &reads {
            self.readers[level] += 1;
        }
        self.budget.keep(map.bytes());
        self.layers.push(Draft {
            name: origin.name.clone(),
            operator: origin.operator.clone(),
            place: origin.place.clone(),
            reads_negative: reads.iter().any(|level| self.can_be_negative(*level)),
            reads,
            map,
            bias: Vec::new(),
            activation: Activation::Identity,
            shape,
        });
        self.live.push(0);
        self.readers.push(0);
        Ok(self.layers.len())
    }

    /// A level whose values are those of a view, in order, as a picture of these sides.
    pub(super) fn picture(
        &mut self,
        origin: &Origin,
        view: &View,
        sides: [usize; 3],
    ) -> Result<usize, Invalid> {
        let (level, shape) = (view.level, Shape::Image(sides));
        if level == 0 && self.input.settle(view.order.as_deref(), sides) {
            return Ok(0);
        }
        if view.order.is_none() && self.shape(level) == shape {
            return Ok(level);
        }
        let known = self.pictures.iter().find(|picture| {
            let same = match (&picture.order, &view.order) {
                (None, None) => true,
                (Some(one), Some(other)) => Rc::ptr_eq(one, other),
                (None, Some(_)) | (Some(_), None) => false,
            };
            same && picture.of == level && picture.sides == sides
        });
        if let Some(picture) = known {
            return Ok(picture.level);
        }
        let made = self.picked(origin, view, shape)?;
        self.pictures.push(Picture {
            of: level,
            order: view.order.clone(),
            sides,
            level: made,
        });
        Ok(made)
    }

    /// A level whose values are those of a view, in order.
    pub(super) fn values(&mut self, origin: &Origin, view: &View) -> Result<usize, Invalid> {
        match view.order {
            None => Ok(view.level),
            Some(_) => self.picked(origin, view, natural(&view.shape)),
        }
    }

    /// The same with the shape of the level.
    pub(super) fn shaped(
        &mut self,
        origin: &Origin,
        view: &View,
    ) -> Result<(usize, Shape), Invalid> {
        let level = self.values(origin, view)?;
        Ok((level, self.shape(level)))
    }

    /// A gather of what a view shows.
    fn picked(&mut self, origin: &Origin, view: &View, shape: Shape) -> Result<usize, Invalid> {
        let (inputs, units) = (self.units(view.level), view.units());
        if view
            .order
            .as_ref()
            .is_some_and(|order| order.contains(&LEAST))
        {
            return Err(refused("it reads values padded by −∞, which only a max pool that sees other values beside them can")
                .help("pad by less than the kernel of the pool, directly before it"));
        }
        self.budget.take(units, 32)?;
        let indices = match &view.order {
            Some(order) => order.to_vec(),
            None => (0..).take(units).collect(),
        };
        let origin = Origin {
            name: format!("{} order", origin.name),
            operator: origin.operator.clone(),
            place: origin.place.clone(),
        };
        let map = Map::Picked { inputs, indices };
        self.push(&origin, vec![view.level], map, shape)
    }
}

/// The shape of a level that has the values of a tensor of this shape.
pub(super) fn natural(shape: &[usize]) -> Shape {
    match *shape {
        [1, channels, height, width] if height * width > 1 => {
            Shape::Image([channels, height, width])
        }
        _ => Shape::Flat(shape.iter().product()),
    }
}
