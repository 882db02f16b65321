//! Nodes that make known numbers: constants, and the shapes of what is there.

use std::rc::Rc;

use super::gate::Gate;
use super::model::Node;
use super::rearrange::int;
use super::refusal::refused;
use super::stored;
use super::tensor::{Numbers, Tensor, units};
use super::value::Value;
use crate::error::Invalid;

impl Gate<'_> {
    /// A constant, in any of the forms that it may be written in.
    pub(super) fn constant(&mut self, node: &Node) -> Result<Value, Invalid> {
        if let Some(value) = node.attribute("value")? {
            let message = value.tensor()?;
            let message = message.ok_or_else(|| refused("its value is no tensor"))?;
            let tensor = stored::read(message, &self.files, &mut self.drafts.budget)?;
            return Ok(Value::Known(Rc::new(tensor)));
        }
        let scalar = |numbers| Tensor {
            shape: Vec::new(),
            numbers,
        };
        let tensor = if let Some(one) = node.attribute("value_float")? {
            scalar(Numbers::Floats(vec![one.float()?].into()))
        } else if let Some(one) = node.attribute("value_int")? {
            scalar(Numbers::Ints(vec![one.int()?]))
        } else if let Some(list) = node.attribute("value_ints")? {
            Tensor::list(list.ints()?)
        } else if let Some(list) = node.attribute("value_floats")? {
            let floats = list.floats()?;
            Tensor {
                shape: vec![floats.len()],
                numbers: Numbers::Floats(floats.into()),
            }
        } else {
            return Err(refused("a constant that is sparse or text"));
        };
        Ok(Value::Known(Rc::new(tensor)))
    }

    /// The shape of a value, with the batch as 1; or how many values it has.
    pub(super) fn shape_of(&mut self, node: &Node) -> Result<Value, Invalid> {
        let shape = match self.needed(node, 0)? {
            Value::Known(tensor) => tensor.shape.clone(),
            Value::Data(view) => view.shape,
            Value::Label(_) => return Err(refused("the shape of classes")),
        };
        let int_of = |side: usize| i64::try_from(side).unwrap_or(i64::MAX);
        if node.operator == "Size" {
            let numbers = Numbers::Ints(vec![int_of(units(&shape).unwrap_or(usize::MAX))]);
            let shape = Vec::new();
            return Ok(Value::Known(Rc::new(Tensor { shape, numbers })));
        }
        let length = int_of(shape.len());
        let end = |name, default| -> Result<usize, Invalid> {
            let end = int(node, name, default)?;
            let end = if end < 0 {
                end.saturating_add(length)
            } else {
                end
            };
            Ok(usize::try_from(end.clamp(0, length)).unwrap_or(0))
        };
        let (start, end) = (end("start", 0)?, end("end", length)?);
        let sides = shape.get(start..end).unwrap_or_default();
        let list = sides.iter().map(|side| int_of(*side)).collect();
        Ok(Value::Known(Rc::new(Tensor::list(list))))
    }

    /// As many equal numbers as a shape has.
    pub(super) fn constant_of_shape(&mut self, node: &Node) -> Result<Value, Invalid> {
        let sides = self.known(node, 0)?;
        let sides = sides.ok_or_else(|| refused("the shape is missing"))?;
        let shape: Option<Vec<usize>> = (sides.ints()?.iter())
            .map(|side| usize::try_from(*side).ok())
            .collect();
        let known = shape.and_then(|shape| units(&shape).map(|units| (shape, units)));
        let (shape, units) = known.ok_or_else(|| {
            let found = format!("{:?}", sides.ints().unwrap_or_default());
            Invalid::new("", "expected a shape of a tensor", found)
        })?;
        self.drafts.budget.take(units, 8)?;
        let value = node.attribute("value")?.map(|value| value.tensor());
        let numbers = match value.transpose()?.flatten() {
            None => Numbers::Floats(vec![0.0; units].into()),
            Some(message) => {
                match stored::read(message, &self.files, &mut self.drafts.budget)?.numbers {
                    Numbers::Floats(floats) => {
                        let first = floats.view().iter().next().unwrap_or(0.0);
                        Numbers::Floats(vec![first; units].into())
                    }
                    Numbers::Ints(ints) => {
                        Numbers::Ints(vec![ints.first().copied().unwrap_or(0); units])
                    }
                }
            }
        };
        Ok(Value::Known(Rc::new(Tensor { shape, numbers })))
    }
}
