//! What a name of the graph stands for: numbers that are known, or a view of a level of the network.

use std::rc::Rc;

use super::budget::Budget;
use super::places::{LEAST, Moved, NOWHERE};
use super::tensor::{Numbers, Tensor, units};
use crate::error::Invalid;
use crate::network::FloatSlice;

/// What a name stands for.
#[derive(Clone)]
pub(super) enum Value {
    /// Numbers that no sample changes.
    Known(Rc<Tensor>),
    /// Values of a level.
    Data(View),
    /// A class and no number: what makes it, in words.
    Label(String),
}

impl Value {
    /// The bytes of the numbers that it holds.
    pub(super) fn bytes(&self) -> u64 {
        match self {
            Self::Known(tensor) => tensor.len() as u64 * 8,
            Self::Data(view) => view
                .order
                .as_ref()
                .map_or(0, |order| order.len() as u64 * 4),
            Self::Label(_) => 0,
        }
    }
}

/// The node of a softmax or sigmoid that was left off.
pub(super) struct EndNode {
    /// Its place.
    pub place: String,
    /// What the value before it is called.
    pub before: String,
}

/// The values of a level in another shape and order.
#[derive(Clone)]
pub(super) struct View {
    /// The level; 0 is the input.
    pub level: usize,
    /// The shape, with the batch as a side of 1.
    pub shape: Vec<usize>,
    /// Which unit of the level each value is; none where they come in its order, all of them.
    pub order: Option<Rc<[u32]>>,
    /// The softmax or sigmoid that was left off.
    pub end: Option<Rc<str>>,
    /// Its node, for messages.
    pub end_node: Option<Rc<EndNode>>,
}

impl View {
    /// All values of a level in their order.
    pub(super) fn whole(level: usize, shape: Vec<usize>) -> Self {
        Self {
            level,
            shape,
            order: None,
            end: None,
            end_node: None,
        }
    }

    /// Whether what was left off behind the values is this.
    pub(super) fn ends_in(&self, end: &str) -> bool {
        self.end.as_deref() == Some(end)
    }

    /// The softmax or sigmoid that was left off, and the place of its node.
    pub(super) fn end_in_words(&self) -> (&str, &str) {
        let end = self.end.as_deref().unwrap_or_default();
        let place = self.end_node.as_ref().map_or("", |node| &*node.place);
        (end, place)
    }

    /// How many values there are.
    pub(super) fn units(&self) -> usize {
        units(&self.shape).unwrap_or(usize::MAX)
    }

    /// The values in other places, of a level that has so many.
    pub(super) fn moved(&self, moved: Moved, level_units: usize) -> Self {
        let order = match (&self.order, moved.from) {
            (order, None) => order.clone(),
            (None, Some(from)) => Some(from.into()),
            (Some(order), Some(from)) => {
                let unit = |k: u32| match k {
                    NOWHERE | LEAST => k,
                    k => order.get(k as usize).copied().unwrap_or(NOWHERE),
                };
                let order: Rc<[u32]> = from.into_iter().map(unit).collect();
                let in_order = order.iter().zip(0..).all(|(unit, k)| *unit == k);
                (order.len() != level_units || !in_order).then_some(order)
            }
        };
        Self {
            shape: moved.shape,
            order,
            ..self.clone()
        }
    }

    /// Whether each unit of the level stands among the values once, and nothing else.
    pub(super) fn has_all(&self, level_units: usize) -> bool {
        self.order.is_none() || self.places(level_units).is_some()
    }

    /// Where each unit of the level stands among the values, where each stands once; none where one is missing, comes twice, or
    /// a constant is among them.
    pub(super) fn places(&self, level_units: usize) -> Option<Vec<usize>> {
        let Some(order) = &self.order else {
            return Some((0..level_units).collect());
        };
        if order.len() != level_units {
            return None;
        }
        let mut places = vec![usize::MAX; level_units];
        for (k, &unit) in order.iter().enumerate() {
            let place = places.get_mut(unit as usize)?;
            if std::mem::replace(place, k) != usize::MAX {
                return None;
            }
        }
        Some(places)
    }
}

impl Tensor {
    /// The numbers in other places; those from nowhere are 0.
    pub(super) fn moved(&self, moved: Moved, budget: &mut Budget) -> Result<Self, Invalid> {
        fn picked<T: Copy + Default>(numbers: &[T], from: &[u32]) -> Vec<T> {
            let number = |k: &u32| numbers.get(*k as usize).copied().unwrap_or_default();
            from.iter().map(number).collect()
        }
        budget.take(moved.from.as_ref().map_or(self.len(), Vec::len), 8)?;
        let Some(from) = moved.from else {
            return Ok(Self {
                shape: moved.shape,
                numbers: self.numbers.clone(),
            });
        };
        Ok(Self {
            shape: moved.shape,
            numbers: match &self.numbers {
                Numbers::Floats(floats) => Numbers::Floats(match floats.view() {
                    FloatSlice::Double(floats) => picked(floats, &from).into(),
                    FloatSlice::Single(floats) => picked(floats, &from).into(),
                }),
                Numbers::Ints(ints) => Numbers::Ints(picked(ints, &from)),
            },
        })
    }
}
