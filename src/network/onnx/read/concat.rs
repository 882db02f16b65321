//! Tensors side by side.

use std::rc::Rc;

use super::draft::Map;
use super::drafts::natural;
use super::gate::{Gate, origin};
use super::model::Node;
use super::places::{self, Moved};
use super::rearrange::int;
use super::refusal::refused;
use super::sides;
use super::tensor::{Numbers, Tensor};
use super::value::{Value, View};
use crate::error::Invalid;
use crate::network::Shape;

impl Gate<'_> {
    /// Puts values side by side.
    pub(super) fn concat(&mut self, node: &Node) -> Result<Value, Invalid> {
        if let Some(value) = self.both_classes(node)? {
            return Ok(value);
        }
        let mut parts = Vec::with_capacity(node.inputs.len());
        for n in 0..node.inputs.len() {
            match self.needed(node, n)? {
                Value::Known(tensor) if tensor.len() == 0 && node.inputs.len() > 1 => {}
                value => parts.push(value),
            }
        }
        let known: Vec<&Tensor> = (parts.iter())
            .filter_map(|part| match part {
                Value::Known(tensor) => Some(&**tensor),
                Value::Data(_) | Value::Label(_) => None,
            })
            .collect();
        let axis = int(node, "axis", 1)?;
        if known.len() == parts.len() {
            return self.concat_known(&known, axis);
        }
        let mut views = Vec::with_capacity(parts.len());
        for (n, part) in parts.iter().enumerate() {
            match part {
                Value::Data(view) if view.end.is_none() => views.push(view.clone()),
                Value::Known(tensor) if tensor.floats().iter().all(|x| *x == 0.0) => {
                    views.push(self.zeros(tensor, &parts)?);
                }
                Value::Known(_) => {
                    return Err(refused(format!("input {n} is constant and not 0"))
                        .help("a constant beside values is no input: train without it"));
                }
                Value::Data(view @ View { end: Some(_), .. }) => {
                    return Err(super::refusal::in_the_middle(view.end_in_words(), node));
                }
                Value::Data(_) | Value::Label(_) => {
                    return Err(refused(format!("input {n} is a class")));
                }
            }
        }
        self.beside(node, &views, axis).map(Value::Data)
    }

    /// Zeros as a view of the level that another part shows.
    fn zeros(&mut self, tensor: &Tensor, parts: &[Value]) -> Result<View, Invalid> {
        let mut levels = parts.iter().filter_map(|part| match part {
            Value::Data(view) => Some(view.level),
            Value::Known(_) | Value::Label(_) => None,
        });
        self.drafts.budget.take(tensor.len(), 4)?;
        Ok(View {
            order: Some(vec![places::NOWHERE; tensor.len()].into()),
            ..View::whole(levels.next().unwrap_or(0), tensor.shape.clone())
        })
    }

    fn concat_known(&mut self, parts: &[&Tensor], axis: i64) -> Result<Value, Invalid> {
        let shapes: Vec<&[usize]> = parts.iter().map(|part| &part.shape[..]).collect();
        let (shape, from) = self.places(&shapes, axis)?;
        self.drafts.budget.take(from.len(), 8)?;
        let all_ints = parts.iter().all(|part| part.ints().is_ok());
        let numbers = if all_ints {
            let ints: Vec<i64> = (parts.iter())
                .flat_map(|part| part.ints().unwrap_or_default().iter().copied())
                .collect();
            Numbers::Ints(from.iter().map(|k| ints[*k as usize]).collect())
        } else {
            let floats: Vec<f64> = parts
                .iter()
                .flat_map(|part| part.floats().into_owned())
                .collect();
            let picked: Vec<f64> = from.iter().map(|k| floats[*k as usize]).collect();
            Numbers::Floats(picked.into())
        };
        Ok(Value::Known(Rc::new(Tensor { shape, numbers })))
    }

    /// The shape of tensors side by side, and where each value comes from, counted through all of them.
    fn places(
        &mut self,
        shapes: &[&[usize]],
        axis: i64,
    ) -> Result<(Vec<usize>, Vec<u32>), Invalid> {
        let first = *shapes
            .first()
            .ok_or_else(|| refused("there is nothing to put side by side"))?;
        let axis = sides::axis(axis, first.len())?;
        let mut whole = first.to_vec();
        whole[axis] = 0;
        for shape in shapes {
            let fits = shape.len() == first.len()
                && (0..first.len()).all(|n| n == axis || shape[n] == first[n]);
            if !fits {
                return Err(Invalid::new(
                    "",
                    format!("expected a shape as {first:?}"),
                    format!("{shape:?}"),
                ));
            }
            whole[axis] = whole[axis].saturating_add(shape[axis]);
        }
        let all = places::checked(&whole)?;
        self.drafts.budget.take(all, 4)?;
        let inner: usize = first[axis + 1..].iter().product();
        let blocks: usize = first[..axis].iter().product();
        let mut from = Vec::with_capacity(all);
        for block in 0..blocks {
            let mut before = 0;
            for shape in shapes {
                let run = shape[axis] * inner;
                let start = before + block * run;
                from.extend(
                    (start..start + run).map(|k| u32::try_from(k).unwrap_or(places::NOWHERE)),
                );
                before += blocks * run;
            }
        }
        Ok((whole, from))
    }

    /// Views side by side: of one level a view again, of several a concatenation.
    fn beside(&mut self, node: &Node, views: &[View], axis: i64) -> Result<View, Invalid> {
        let shapes: Vec<&[usize]> = views.iter().map(|view| &view.shape[..]).collect();
        let (shape, from) = self.places(&shapes, axis)?;
        let level = views.first().map_or(0, |view| view.level);
        if views.iter().all(|view| view.level == level) {
            self.drafts.budget.take(from.len(), 12)?;
            let mut units: Vec<u32> = Vec::with_capacity(from.len());
            for view in views {
                match &view.order {
                    Some(order) => units.extend(order.iter()),
                    None => units.extend((0..).take(view.units())),
                }
            }
            let all = View {
                order: Some(units.into()),
                ..View::whole(level, shape.clone())
            };
            return Ok(self.show(
                &all,
                Moved {
                    shape,
                    from: Some(from),
                },
            ));
        }
        let origin = origin(node, None);
        let (mut levels, mut level_shapes) = (Vec::new(), Vec::new());
        for view in views {
            let (level, mut shape) = self.drafts.shaped(&origin, view)?;
            // Beside pictures a level is one, too, where it can be: the values keep their order.
            if let (Shape::Flat(_), wished @ Shape::Image(_)) = (shape, natural(&view.shape)) {
                let Shape::Image(sides) = wished else {
                    continue;
                };
                let level = self.drafts.picture(&origin, view, sides)?;
                shape = wished;
                levels.push(level);
                level_shapes.push(shape);
                continue;
            }
            levels.push(level);
            level_shapes.push(shape);
        }
        let whole = level_shapes[1..]
            .iter()
            .fold(level_shapes[0], |whole, part| whole.beside(*part));
        let made = self
            .drafts
            .push(&origin, levels, Map::Beside(level_shapes), whole)?;
        let all = View::whole(made, shape.clone());
        let in_order = from.iter().zip(0..).all(|(from, k)| *from == k);
        let from = (!in_order).then_some(from);
        Ok(self.show(&all, Moved { shape, from }))
    }
}
