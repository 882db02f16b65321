//! Sums, means and maxima over whole axes: pools whose window is all of a picture.

use std::rc::Rc;

use super::dense::POINT;
use super::draft::Map;
use super::gate::{Gate, origin};
use super::model::Node;
use super::places;
use super::rearrange::int;
use super::refusal::refused;
use super::sides;
use super::tensor::{Numbers, Tensor};
use super::value::{Value, View};
use crate::error::Invalid;
use crate::network::Shape;
use crate::network::linear::Window;

impl Gate<'_> {
    /// What a node makes that adds up, averages or takes the largest over axes.
    pub(super) fn reduce(&mut self, node: &Node) -> Result<Value, Invalid> {
        if let Value::Known(tensor) = self.needed(node, 0)? {
            return product(node, &tensor);
        }
        let view = self.data(node, 0)?;
        let sides = view.shape.len();
        let keeps = int(node, "keepdims", 1)? != 0;
        let axes = if node.operator.starts_with("Global") {
            (2..sides).collect()
        } else {
            match self.listed(node, ("axes", 1))? {
                Some(axes) if !axes.is_empty() => sides::axes(&axes, sides)?,
                _ if int(node, "noop_with_empty_axes", 0)? != 0 => return Ok(Value::Data(view)),
                _ => (0..sides).collect(),
            }
        };
        let side = |axis: usize| {
            if axes.contains(&axis) {
                keeps.then_some(1)
            } else {
                Some(view.shape[axis])
            }
        };
        let shape: Vec<usize> = (0..sides).filter_map(side).collect();
        let level = self.pooled(node, &view, &axes)?;
        Ok(Value::Data(View::whole(level, shape)))
    }

    /// A level with the sum, mean or maximum over these axes of a view.
    fn pooled(&mut self, node: &Node, view: &View, axes: &[usize]) -> Result<usize, Invalid> {
        let kept: Vec<usize> = (0..view.shape.len())
            .filter(|axis| !axes.contains(axis))
            .collect();
        let mut over = axes.to_vec();
        over.sort_unstable();
        let order = [&kept[..], &over].concat();
        let moved = places::transpose(&view.shape, &order, &mut self.drafts.budget)?;
        let moved = self.show(view, moved);
        let channels: usize = kept.iter().map(|axis| view.shape[*axis]).product();
        let [height, width] = match over
            .iter()
            .map(|axis| view.shape[*axis])
            .collect::<Vec<_>>()[..]
        {
            [height, width] => [height, width],
            ref sides => [1, sides.iter().product()],
        };
        let origin = origin(node, None);
        let sums = node.operator == "ReduceSum";
        let units = self.drafts.units(view.level);
        let input = [channels, height, width];
        if sums && moved.order.is_none() && !self.drafts.is_picture(view.level, input) {
            let (inputs, size) = (units, height * width);
            let map = Map::Runs { inputs, size };
            return self
                .drafts
                .push(&origin, vec![view.level], map, Shape::Flat(channels));
        }
        let level = self.drafts.picture(&origin, &moved, input)?;
        let window = Window {
            kernel: [height, width],
            ..POINT
        };
        let map =
            match node.operator {
                "ReduceSum" => Map::Sum { input, window },
                "ReduceMean" | "GlobalAveragePool" => Map::Average {
                    input,
                    window,
                    count_padding: false,
                },
                "ReduceMax" | "GlobalMaxPool" => Map::Largest { input, window },
                _ => return Err(
                    refused("the product of values that depend on the sample").help(
                        "deep Taylor explains sums: --model-output NAME explains a value before it",
                    ),
                ),
            };
        let shape = Shape::Image([channels, 1, 1]);
        self.drafts.push(&origin, vec![level], map, shape)
    }
}

/// The product of known whole numbers: how many values a shape has.
fn product(node: &Node, tensor: &Tensor) -> Result<Value, Invalid> {
    let keeps = int(node, "keepdims", 1)? != 0;
    let ints = tensor.ints()?;
    let all = match node.operator {
        "ReduceProd" => ints.iter().fold(1_i64, |all, int| all.wrapping_mul(*int)),
        "ReduceSum" => ints.iter().fold(0_i64, |all, int| all.wrapping_add(*int)),
        "ReduceMax" => ints.iter().copied().max().unwrap_or(0),
        _ => return Err(refused("a mean of numbers of the file")),
    };
    let shape = if keeps {
        vec![1; tensor.shape.len()]
    } else {
        Vec::new()
    };
    let numbers = Numbers::Ints(vec![all]);
    Ok(Value::Known(Rc::new(Tensor { shape, numbers })))
}
