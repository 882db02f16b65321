//! Sums and products: of known numbers, of values with constants, and of levels.

use std::rc::Rc;

use super::affine::Affine;
use super::draft::Map;
use super::gate::{Gate, origin};
use super::model::Node;
use super::places;
use super::refusal::{NEWER, NORMALISED, refused};
use super::tensor::{Numbers, Tensor, units};
use super::value::{Value, View};
use crate::error::Invalid;

/// No shape arithmetic makes a longer list of numbers in a row.
const LONGEST_RANGE: i64 = 1 << 20;

impl Gate<'_> {
    /// What a node makes that computes value by value.
    pub(super) fn arithmetic(&mut self, node: &Node) -> Result<Value, Invalid> {
        if node.operator == "Sub"
            && let Some(complement) = self.complement(node)?
        {
            return Ok(complement);
        }
        let (mut known, mut views) = (Vec::new(), Vec::new());
        for n in 0..node.inputs.len() {
            match self.needed(node, n)? {
                Value::Known(tensor) => known.push((n, tensor)),
                Value::Data(_) => views.push((n, self.data(node, n)?)),
                Value::Label(what) => {
                    return Err(refused(format!("it computes with the classes of {what}")));
                }
            }
        }
        check_axis(node, &known, &views)?;
        if !views.is_empty() {
            (known.iter()).try_for_each(|(n, tensor)| self.check_factors(*n, tensor))?;
        }
        match (node.operator, &views[..], &known[..]) {
            ("Mean", [], _) => Err(refused("a mean of numbers of the file")),
            (_, [], _) => self.known_arithmetic(node, &known),
            ("Neg", [(_, view)], []) => {
                let minus = Affine::scalar(-1.0, 0.0);
                self.affine(node, view, &minus).map(Value::Data)
            }
            ("Add" | "Sum", [(_, view)], known) => {
                let mut view = view.clone();
                for (_, constant) in known {
                    view = self.with_constant(node, &view, constant, |c| [1.0, c])?;
                }
                Ok(Value::Data(view))
            }
            ("Mean", [_, ..], []) => {
                let each = Affine::scalar(1.0 / views.len() as f64, 0.0);
                let views: Vec<View> = views.into_iter().map(|(_, view)| view).collect();
                let sum = match &views[..] {
                    [only] => only.clone(),
                    _ => self.addition(node, &views)?,
                };
                self.affine(node, &sum, &each).map(Value::Data)
            }
            ("Sub", [(0, view)], [(_, c)]) => self.with_constant(node, view, c, |c| [1.0, -c]).map(Value::Data),
            ("Sub", [(_, view)], [(_, c)]) => self.with_constant(node, view, c, |c| [-1.0, c]).map(Value::Data),
            ("Mul", [(_, view)], [(_, c)]) => self.with_constant(node, view, c, |c| [c, 0.0]).map(Value::Data),
            ("Div", [(0, view)], [(_, c)]) => self.divided(node, view, c).map(Value::Data),
            ("Add" | "Sum", [_, _, ..], known) => {
                let views: Vec<View> = views.into_iter().map(|(_, view)| view).collect();
                let mut sum = self.addition(node, &views)?;
                for (_, constant) in known {
                    sum = self.with_constant(node, &sum, constant, |c| [1.0, c])?;
                }
                Ok(Value::Data(sum))
            }
            ("Sub", [(_, first), (_, second)], []) => {
                self.check_no_mean(first, second)?;
                let minus = Affine::scalar(-1.0, 0.0);
                let second = self.affine(node, second, &minus)?;
                self.addition(node, &[first.clone(), second]).map(Value::Data)
            }
            _ => Err(refused(format!("{} of values that depend on the sample", node.operator))
                .help("deep Taylor explains sums with fixed weights: --model-output NAME explains a value before it")),
        }
    }

    /// Refuses a mean of values that is taken from them, as a normalisation begins.
    fn check_no_mean(&self, first: &View, mean: &View) -> Result<(), Invalid> {
        let of = mean
            .level
            .checked_sub(1)
            .map(|level| &self.drafts.layers[level]);
        let is_mean = of.is_some_and(|draft| draft.operator == "ReduceMean");
        if is_mean && mean.units() < first.units() {
            return Err(refused(
                "it takes a mean of the sample's own values from them, as a normalisation does",
            )
            .help(NORMALISED));
        }
        Ok(())
    }

    /// Known numbers of known numbers.
    fn known_arithmetic(
        &mut self,
        node: &Node,
        known: &[(usize, Rc<Tensor>)],
    ) -> Result<Value, Invalid> {
        let Some((_, first)) = known.first() else {
            return Err(refused("it has no input"));
        };
        if node.operator == "Range" {
            return range(known);
        }
        let mut made = Tensor::clone(first);
        self.drafts.budget.take(made.len(), 8)?;
        if let [_] = known {
            made.numbers = match (node.operator, made.numbers) {
                ("Neg", Numbers::Ints(ints)) => {
                    Numbers::Ints(ints.into_iter().map(i64::wrapping_neg).collect())
                }
                ("Neg", Numbers::Floats(floats)) => {
                    floats_of(floats.into_f64().into_iter().map(|x| -x))
                }
                ("Sqrt", numbers) => floats_of(floats(numbers).into_iter().map(f64::sqrt)),
                ("Reciprocal", numbers) => floats_of(floats(numbers).into_iter().map(|x| 1.0 / x)),
                (_, numbers) => numbers,
            };
        }
        for (_, next) in &known[1..] {
            made = self.combined(node.operator, made, next)?;
        }
        Ok(Value::Known(Rc::new(made)))
    }

    fn combined(&mut self, operator: &str, one: Tensor, other: &Tensor) -> Result<Tensor, Invalid> {
        let shape = broadcast(&one.shape, &other.shape)?;
        let mut spread = |tensor: &Tensor| {
            let moved = places::expand(&tensor.shape, &shape, &mut self.drafts.budget)?;
            tensor.moved(moved, &mut self.drafts.budget)
        };
        let (one, other) = (spread(&one)?, spread(other)?);
        let numbers = match (one.numbers, other.numbers) {
            (Numbers::Ints(one), Numbers::Ints(other)) => {
                let of = |(a, b): (i64, i64)| match operator {
                    "Sub" => Some(a.wrapping_sub(b)),
                    "Mul" => Some(a.wrapping_mul(b)),
                    "Div" => a.checked_div(b),
                    _ => Some(a.wrapping_add(b)),
                };
                let made: Option<Vec<i64>> = one.into_iter().zip(other).map(of).collect();
                Numbers::Ints(made.ok_or_else(|| refused("it divides by 0"))?)
            }
            (one, other) => {
                let of = |(a, b): (f64, f64)| match operator {
                    "Sub" => a - b,
                    "Mul" => a * b,
                    "Div" => a / b,
                    _ => a + b,
                };
                let pairs = floats(one).into_iter().zip(floats(other));
                floats_of(pairs.map(of))
            }
        };
        Ok(Tensor { shape, numbers })
    }

    /// Values with a constant: `of` gives factor and summand of each value for the number beside it.
    pub(super) fn with_constant(
        &mut self,
        node: &Node,
        view: &View,
        constant: &Tensor,
        of: impl Fn(f64) -> [f64; 2],
    ) -> Result<View, Invalid> {
        let shape = broadcast(&view.shape, &constant.shape)?;
        if units(&shape) != Some(view.units()) {
            let message = format!(
                "a constant of shape {:?} repeats values of shape {:?}",
                constant.shape, view.shape
            );
            return Err(refused(message).help("deep Taylor needs a sum or product value by value"));
        }
        let view = View {
            shape: shape.clone(),
            ..view.clone()
        };
        let numbers = constant.floats();
        let affine = if let [one] = numbers[..] {
            let [scale, shift] = of(one);
            Affine::scalar(scale, shift)
        } else {
            // A number a channel stands for all of its values: it need not be written out for each.
            let is_one = |side: &&usize| **side == 1;
            let run = constant.shape.iter().rev().take_while(is_one).count();
            let (outer, inner) = shape.split_at(shape.len() - run);
            let before = outer.split_last().map(|(_, before)| before);
            if before.is_some_and(|before| before.iter().all(|side| *side == 1)) {
                let pairs = numbers.iter().map(|number| of(*number)).collect();
                Affine::runs(pairs, inner.iter().product())
            } else {
                let spread = places::expand(&constant.shape, &shape, &mut self.drafts.budget)?;
                self.drafts.budget.take(view.units(), 16)?;
                let pair = |k: usize| of(numbers[k]);
                let pairs: Vec<[f64; 2]> = match &spread.from {
                    Some(from) => from.iter().map(|k| pair(*k as usize)).collect(),
                    None => (0..numbers.len()).map(pair).collect(),
                };
                Affine::runs(pairs, 1)
            }
        };
        self.affine(node, &view, &affine)
    }

    /// The same with the bias of the node that makes the values: it is no other node's.
    pub(super) fn with_bias(
        &mut self,
        node: &Node,
        view: &View,
        bias: &Tensor,
        of: impl Fn(f64) -> [f64; 2],
    ) -> Result<View, Invalid> {
        let notes = self.log.notes.len();
        let made = self.with_constant(node, view, bias, of);
        self.log.notes.truncate(notes);
        made
    }

    fn divided(&mut self, node: &Node, view: &View, constant: &Tensor) -> Result<View, Invalid> {
        if constant.floats().contains(&0.0) {
            return Err(refused("it divides by 0"));
        }
        self.with_constant(node, view, constant, |c| [1.0 / c, 0.0])
    }

    /// The sum of levels, value by value.
    fn addition(&mut self, node: &Node, views: &[View]) -> Result<View, Invalid> {
        let first = &views[0];
        let shape = views.iter().try_fold(first.shape.clone(), |shape, view| {
            broadcast(&shape, &view.shape)
        })?;
        if let Some(view) = views
            .iter()
            .find(|view| Some(view.units()) != units(&shape))
        {
            let message = format!(
                "it repeats values of shape {:?} up to {shape:?}",
                view.shape
            );
            return Err(refused(message).help("deep Taylor adds levels of one shape"));
        }
        let origin = origin(node, None);
        // Where all have one order, the levels are added, and the sum has that order.
        let all = self.drafts.units(first.level);
        let same = |view: &View| view.order == first.order && self.drafts.units(view.level) == all;
        let keeps =
            views.iter().all(same) && (first.order.is_none() || first.places(all).is_some());
        let order = if keeps { first.order.clone() } else { None };
        let (mut levels, mut shapes) = (Vec::new(), Vec::new());
        for view in views {
            let view = View {
                order: if keeps { None } else { view.order.clone() },
                ..view.clone()
            };
            let (level, shape) = self.drafts.shaped(&origin, &view)?;
            levels.push(level);
            shapes.push(shape);
        }
        self.as_one_shape(&origin, views, (&mut levels, &mut shapes))?;
        let made = shapes[0];
        let level = self
            .drafts
            .push(&origin, levels, Map::Addition(shapes), made)?;
        Ok(View {
            order,
            ..View::whole(level, shape)
        })
    }

    /// Levels to be added get the shape of the first picture among them.
    fn as_one_shape(
        &mut self,
        origin: &super::drafts::Origin,
        views: &[View],
        (levels, shapes): (&mut [usize], &mut [crate::network::Shape]),
    ) -> Result<(), Invalid> {
        let Some(sides) = shapes.iter().find_map(|shape| shape.image()) else {
            return Ok(());
        };
        for n in 0..views.len() {
            if shapes[n].image() != Some(sides) {
                let plain = View::whole(levels[n], views[n].shape.clone());
                levels[n] = self.drafts.picture(origin, &plain, sides)?;
                shapes[n] = crate::network::Shape::Image(sides);
            }
        }
        Ok(())
    }
}

/// Whether `axis`, which opset 6 has, puts the second operand where all versions put it: at the last sides of the first.
fn check_axis(
    node: &Node,
    known: &[(usize, Rc<Tensor>)],
    views: &[(usize, View)],
) -> Result<(), Invalid> {
    let Some(axis) = node.attribute("axis")? else {
        return Ok(());
    };
    let axis = axis.int()?;
    let known = known.iter().map(|(n, tensor)| (*n, tensor.shape.len()));
    let views = views.iter().map(|(n, view)| (*n, view.shape.len()));
    let mut ranks: Vec<(usize, usize)> = known.chain(views).collect();
    ranks.sort_unstable();
    let last = match ranks[..] {
        [(_, first), (_, second)] => first.checked_sub(second),
        _ => None,
    };
    if last.is_some() && last == usize::try_from(axis).ok() {
        return Ok(());
    }
    let message = format!(
        "axis = {axis} puts its second input elsewhere than at the last sides of the first"
    );
    Err(refused(message).help(NEWER))
}

fn floats(numbers: Numbers) -> Vec<f64> {
    let shape = Vec::new();
    Tensor { shape, numbers }.into_floats().into_f64()
}

fn floats_of(numbers: impl Iterator<Item = f64>) -> Numbers {
    Numbers::Floats(numbers.collect::<Vec<_>>().into())
}

/// The shape of two tensors that are computed with value by value.
pub(super) fn broadcast(one: &[usize], other: &[usize]) -> Result<Vec<usize>, Invalid> {
    let sides = one.len().max(other.len());
    let side = |shape: &[usize], n: usize| {
        let missing = sides - shape.len();
        n.checked_sub(missing).map_or(1, |n| shape[n])
    };
    let mut both = Vec::with_capacity(sides);
    for n in 0..sides {
        match (side(one, n), side(other, n)) {
            (a, b) if a == b => both.push(a),
            (1, b) => both.push(b),
            (a, 1) => both.push(a),
            _ => {
                let expected = format!("expected shapes that go together, as {one:?}");
                return Err(Invalid::new("", expected, format!("{other:?}")));
            }
        }
    }
    Ok(both)
}

/// Numbers in a row: start, limit, step.
fn range(known: &[(usize, Rc<Tensor>)]) -> Result<Value, Invalid> {
    let [start, limit, step] = known else {
        return Err(refused("the range has no three ends"));
    };
    let end = |(_, tensor): &(usize, Rc<Tensor>)| {
        let found = tensor.ints()?.first().copied();
        found.ok_or_else(|| refused("an end of the range is missing"))
    };
    let (start, limit, step) = (end(start)?, end(limit)?, end(step)?);
    let length = limit.checked_sub(start).and_then(|span| {
        let whole = span.checked_div(step)?;
        // A part of a step is one more number, where it leads to the limit.
        let part = span % step != 0 && span.signum() == step.signum();
        Some((whole + i64::from(part)).max(0))
    });
    let length = length.filter(|length| *length <= LONGEST_RANGE);
    let length = length.ok_or_else(|| refused("the range cannot be counted"))?;
    let ints = (0..length).map(|n| start + n * step).collect();
    Ok(Value::Known(Rc::new(Tensor::list(ints))))
}
