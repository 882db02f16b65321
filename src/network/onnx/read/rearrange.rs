//! Operators that move values and compute nothing: on known numbers they are done at once, on a level they are a view.

use std::rc::Rc;

use super::ends::check_whole;
use super::fates::Fate;
use super::gate::Gate;
use super::model::Node;
use super::places::{self, Moved};
use super::refusal::refused;
use super::sides;
use super::tensor::{Numbers, Tensor};
use super::value::Value;
use crate::error::Invalid;

impl Gate<'_> {
    /// What a node makes that moves the values of its first input.
    pub(super) fn moved(&mut self, node: &Node) -> Result<Vec<Value>, Invalid> {
        let value = self.needed(node, 0)?;
        let shape = match &value {
            Value::Known(tensor) => tensor.shape.clone(),
            Value::Data(view) => {
                check_whole(node, view)?;
                view.shape.clone()
            }
            Value::Label(_) => return Ok(vec![value]),
        };
        let known = matches!(value, Value::Known(_));
        let moves = match node.operator {
            "Identity" | "Dropout" => vec![Moved::reshaped(shape)],
            "Cast" if known => return self.cast(node, value).map(|value| vec![value]),
            "Cast" => {
                self.check_cast(node)?;
                vec![Moved::reshaped(shape)]
            }
            "Reshape" => vec![self.reshape(node, (&shape, known))?],
            "Flatten" => vec![flatten(node, &shape)?],
            "Squeeze" => vec![self.squeeze(node, &shape)?],
            "Unsqueeze" => vec![self.unsqueeze(node, &shape)?],
            "Transpose" => vec![self.transpose(node, &shape)?],
            "Slice" => vec![self.slice(node, &shape)?],
            "Gather" => vec![self.gather(node, &shape)?],
            "Pad" => vec![self.pad(node, (&shape, known))?],
            "Split" => self.split(node, &shape)?,
            _ => vec![self.expand(node, &shape)?],
        };
        let placed = |gate: &mut Self, moved| {
            Ok(match &value {
                Value::Known(tensor)
                    if matches!(moved, Moved { from: None, .. }) && tensor.shape == moved.shape =>
                {
                    Value::Known(Rc::clone(tensor))
                }
                Value::Known(tensor) => {
                    Value::Known(Rc::new(tensor.moved(moved, &mut gate.drafts.budget)?))
                }
                Value::Data(view) => Value::Data(gate.show(view, moved)),
                Value::Label(_) => value.clone(),
            })
        };
        moves.into_iter().map(|moved| placed(self, moved)).collect()
    }

    /// Whole numbers that are an attribute in older versions and an input in newer ones; none where neither is there.
    pub(super) fn listed(
        &mut self,
        node: &Node,
        (name, n): (&'static str, usize),
    ) -> Result<Option<Vec<i64>>, Invalid> {
        if let Some(tensor) = self.known(node, n)? {
            return Ok(Some(
                tensor
                    .ints()
                    .map_err(|invalid| invalid.below(name))?
                    .to_vec(),
            ));
        }
        node.attribute(name)?.map(|list| list.ints()).transpose()
    }

    /// The shape that the second input is.
    fn shape_said(&mut self, node: &Node) -> Result<Vec<i64>, Invalid> {
        let shape = self.known(node, 1)?;
        let shape = shape.ok_or_else(|| refused("the shape is missing"))?;
        let sides = shape.ints().map_err(|invalid| invalid.below("shape"))?;
        Ok(sides.to_vec())
    }

    fn reshape(&mut self, node: &Node, (shape, known): (&[usize], bool)) -> Result<Moved, Invalid> {
        let target = self.shape_said(node)?;
        let allow_zero = int(node, "allowzero", 0)? != 0;
        let batch = if known { 1 } else { self.drafts.input.fixed };
        sides::reshape(shape, &target, (allow_zero, batch))
    }

    fn squeeze(&mut self, node: &Node, shape: &[usize]) -> Result<Moved, Invalid> {
        let axes = match self.listed(node, ("axes", 1))? {
            Some(axes) => sides::axes(&axes, shape.len())?,
            None => (0..shape.len()).filter(|axis| shape[*axis] == 1).collect(),
        };
        if let Some(axis) = axes.iter().find(|axis| shape[**axis] != 1) {
            let expected = format!("expected a side of 1 at axis {axis}");
            return Err(Invalid::new("", expected, shape[*axis]));
        }
        let rest = (0..shape.len()).filter(|axis| !axes.contains(axis));
        Ok(Moved::reshaped(rest.map(|axis| shape[axis]).collect()))
    }

    fn unsqueeze(&mut self, node: &Node, shape: &[usize]) -> Result<Moved, Invalid> {
        let axes = self.listed(node, ("axes", 1))?;
        let axes = axes.ok_or_else(|| refused("the axes are missing"))?;
        let sides = shape.len() + axes.len();
        let axes = sides::axes(&axes, sides)?;
        let mut own = shape.iter();
        let side = |axis| {
            if axes.contains(&axis) {
                1
            } else {
                own.next().copied().unwrap_or(1)
            }
        };
        Ok(Moved::reshaped((0..sides).map(side).collect()))
    }

    fn transpose(&mut self, node: &Node, shape: &[usize]) -> Result<Moved, Invalid> {
        let order = match node.attribute("perm")? {
            Some(order) => sides::axes(&order.ints()?, shape.len())?,
            None => (0..shape.len()).rev().collect(),
        };
        if order.len() != shape.len() {
            let expected = format!("expected an order of {} axes", shape.len());
            return Err(Invalid::new("perm", expected, order.len()));
        }
        if self.drafts.input.fixed > 1 && shape.first() == Some(&1) && order.first() != Some(&0) {
            return Err(refused("it moves the batch to another place")
                .help("export the model with a batch of 1, or with an open batch dimension"));
        }
        places::transpose(shape, &order, &mut self.drafts.budget)
    }

    fn gather(&mut self, node: &Node, shape: &[usize]) -> Result<Moved, Invalid> {
        let axis = sides::axis(int(node, "axis", 0)?, shape.len())?;
        let indices = self.known(node, 1)?;
        let indices = indices.ok_or_else(|| refused("the indices are missing"))?;
        let picked = (indices.ints()?, &indices.shape[..]);
        places::pick(shape, axis, picked, &mut self.drafts.budget)
    }

    fn expand(&mut self, node: &Node, shape: &[usize]) -> Result<Moved, Invalid> {
        let target = self.shape_said(node)?;
        let sides = target.iter().map(|side| usize::try_from(*side).ok());
        let target = sides.collect::<Option<Vec<usize>>>();
        let target = target.ok_or_else(|| refused("a side is below 0"))?;
        let both = super::arithmetic::broadcast(shape, &target)?;
        places::expand(shape, &both, &mut self.drafts.budget)
    }

    /// A cast of values that depend on the sample: to floating point it changes nothing here.
    fn check_cast(&mut self, node: &Node) -> Result<(), Invalid> {
        match int(node, "to", 1)? {
            1 | 10 | 11 | 16 => {
                self.log.note(node, Fate::Nothing);
                Ok(())
            }
            _ => Err(refused("it makes whole numbers or text of values")
                .help("deep Taylor explains values that change steadily: --model-output NAME explains one before it")),
        }
    }

    /// Known numbers as others.
    fn cast(&mut self, node: &Node, value: Value) -> Result<Value, Invalid> {
        let Value::Known(tensor) = &value else {
            return Ok(value);
        };
        let to_float = matches!(int(node, "to", 1)?, 1 | 10 | 11 | 16);
        let numbers = match (&tensor.numbers, to_float) {
            (Numbers::Floats(_), true) | (Numbers::Ints(_), false) => return Ok(value),
            (Numbers::Ints(_), true) => Numbers::Floats(tensor.floats().into_owned().into()),
            #[allow(clippy::cast_possible_truncation, reason = "what a cast of ONNX does")]
            (Numbers::Floats(floats), false) => {
                Numbers::Ints(floats.view().iter().map(|x| x as i64).collect())
            }
        };
        self.drafts.budget.take(tensor.len(), 8)?;
        let shape = tensor.shape.clone();
        Ok(Value::Known(Rc::new(Tensor { shape, numbers })))
    }
}

/// An attribute that is a whole number.
pub(super) fn int(node: &Node, name: &'static str, default: i64) -> Result<i64, Invalid> {
    node.attribute(name)?
        .map_or(Ok(default), |attribute| attribute.int())
}

/// An attribute that is a number of floating point.
pub(super) fn float(node: &Node, name: &'static str, default: f64) -> Result<f64, Invalid> {
    node.attribute(name)?
        .map_or(Ok(default), |attribute| attribute.float())
}

/// The same of one that is computed with, and so must be finite.
pub(super) fn finite(node: &Node, name: &'static str, default: f64) -> Result<f64, Invalid> {
    let found = float(node, name, default)?;
    if found.is_finite() {
        return Ok(found);
    }
    Err(Invalid::new(name, "expected a finite number", found))
}

fn flatten(node: &Node, shape: &[usize]) -> Result<Moved, Invalid> {
    let axis = int(node, "axis", 1)?;
    let axis = if axis == shape.len().cast_signed() as i64 {
        shape.len()
    } else {
        sides::axis(axis, shape.len())?
    };
    let sides = [&shape[..axis], &shape[axis..]].map(|sides| sides.iter().product());
    Ok(Moved::reshaped(sides.to_vec()))
}
