//! Index arithmetic: where each value of a tensor comes from when an operator only moves values.
//!
//! The same for tensors whose numbers are known and for views of a level.

use super::budget::Budget;
use super::refusal::refused;
use super::sides::axis;
use super::tensor::units;
use crate::error::Invalid;
use crate::network::LARGEST_LEVEL;

/// A value that comes from nowhere: the constant that a padding adds.
pub(super) const NOWHERE: u32 = u32::MAX;

/// A value that comes from nowhere and is less than every other: the −∞ that is padded before a maximum.
pub(super) const LEAST: u32 = u32::MAX - 1;

/// Bytes that an index takes, with that of the order that is made of it.
const INDEX: u64 = 8;

/// A shape, and where each of its values comes from; none where they keep their order.
#[derive(Debug, PartialEq)]
pub(super) struct Moved {
    pub shape: Vec<usize>,
    pub from: Option<Vec<u32>>,
}

/// A run of indices of one axis: `start`, `start + step`, … so many.
#[derive(Clone, Copy)]
pub(super) struct Run {
    pub start: usize,
    pub step: isize,
    pub length: usize,
}

impl Run {
    /// All of an axis.
    pub(super) fn whole(length: usize) -> Self {
        Self {
            start: 0,
            step: 1,
            length,
        }
    }
}

impl Moved {
    /// Values that keep their order under another shape of as many.
    pub(super) fn reshaped(shape: Vec<usize>) -> Self {
        Self { shape, from: None }
    }

    fn new(shape: Vec<usize>, from: Vec<u32>, before: usize) -> Self {
        let in_order = from.len() == before && from.iter().zip(0..).all(|(from, k)| *from == k);
        Self {
            shape,
            from: (!in_order).then_some(from),
        }
    }
}

/// Axes in another order.
pub(super) fn transpose(
    shape: &[usize],
    order: &[usize],
    budget: &mut Budget,
) -> Result<Moved, Invalid> {
    let kept = order.iter().filter(|axis| shape[**axis] != 1);
    if kept.is_sorted() {
        return Ok(Moved::reshaped(
            order.iter().map(|axis| shape[*axis]).collect(),
        ));
    }
    let steps = steps(shape);
    let sides: Vec<(usize, isize)> = order
        .iter()
        .map(|&axis| (shape[axis], steps[axis]))
        .collect();
    strided(&sides, 0, shape, budget)
}

/// Of each axis a run.
pub(super) fn slice(shape: &[usize], runs: &[Run], budget: &mut Budget) -> Result<Moved, Invalid> {
    let (mut start, mut sides) = (0_isize, Vec::with_capacity(runs.len()));
    for (run, step) in runs.iter().zip(steps(shape)) {
        start = run
            .start
            .cast_signed()
            .saturating_mul(step)
            .saturating_add(start);
        sides.push((run.length, run.step.saturating_mul(step)));
    }
    strided(&sides, start, shape, budget)
}

/// Sides of 1 repeated up to another shape, new ones before them.
pub(super) fn expand(
    shape: &[usize],
    target: &[usize],
    budget: &mut Budget,
) -> Result<Moved, Invalid> {
    let more = target.len().checked_sub(shape.len());
    let misfit = || refused(format!("{shape:?} cannot be repeated up to {target:?}"));
    let more = more.ok_or_else(misfit)?;
    let mut sides = Vec::with_capacity(target.len());
    for (n, &side) in target.iter().enumerate() {
        let of = n.checked_sub(more).map(|n| (shape[n], steps(shape)[n]));
        match of {
            Some((own, step)) if own == side => sides.push((side, step)),
            None | Some((1, _)) => sides.push((side, 0)),
            Some(_) => return Err(misfit()),
        }
    }
    strided(&sides, 0, shape, budget)
}

/// Of one axis these indices.
pub(super) fn pick(
    shape: &[usize],
    at: usize,
    (picked, picked_shape): (&[i64], &[usize]),
    budget: &mut Budget,
) -> Result<Moved, Invalid> {
    let side = shape[at];
    let indices = picked.iter().map(|&index| axis(index, side).ok());
    let indices: Option<Vec<usize>> = indices.collect();
    let indices = indices.ok_or_else(|| {
        refused(format!(
            "an index lies outside of the {side} that there are"
        ))
    })?;
    let [before, behind] = [&shape[..at], &shape[at + 1..]];
    let sides = [before, picked_shape, behind].concat();
    let all = checked(&sides)?;
    budget.take(all, INDEX)?;
    let run = units(behind).unwrap_or(0);
    let mut from = Vec::with_capacity(all);
    for block in 0..units(before).unwrap_or(0) {
        for &index in &indices {
            let first = (block * side + index) * run;
            from.extend((first..first + run).map(index_of));
        }
    }
    Ok(Moved::new(sides, from, units(shape).unwrap_or(0)))
}

/// Constants before and behind every axis: [`NOWHERE`] or [`LEAST`].
pub(super) fn pad(
    shape: &[usize],
    around: &[[usize; 2]],
    constant: u32,
    budget: &mut Budget,
) -> Result<Moved, Invalid> {
    let sides: Option<Vec<usize>> = (shape.iter().zip(around))
        .map(|(side, [before, behind])| side.checked_add(*before)?.checked_add(*behind))
        .collect();
    let sides = sides.ok_or_else(too_large)?;
    let all = checked(&sides)?;
    budget.take(all, INDEX)?;
    let mut from = vec![constant; all];
    let steps = steps(&sides);
    let inside: Vec<(usize, isize)> = shape.iter().copied().zip(steps.iter().copied()).collect();
    let start: isize = (around.iter().zip(&steps))
        .map(|([before, _], step)| before.cast_signed().saturating_mul(*step))
        .fold(0, isize::saturating_add);
    let places = strided(&inside, start, &sides, budget)?;
    match places.from {
        Some(places) => {
            for (place, k) in places.into_iter().zip(0..) {
                from[place as usize] = k;
            }
            Ok(Moved::new(sides, from, units(shape).unwrap_or(0)))
        }
        // Nothing is added.
        None => Ok(Moved::reshaped(sides)),
    }
}

/// Of each axis these indices, in every combination.
pub(super) fn grid(
    shape: &[usize],
    picked: &[Vec<usize>],
    budget: &mut Budget,
) -> Result<Moved, Invalid> {
    let sides: Vec<usize> = picked.iter().map(Vec::len).collect();
    let all = checked(&sides)?;
    budget.take(all, 2 * INDEX)?;
    let mut from = vec![0];
    for (picked, side) in picked.iter().zip(shape) {
        let next = |place: &usize| {
            let first = place * side;
            picked.iter().map(move |index| first + index)
        };
        from = from.iter().flat_map(next).collect();
    }
    let from = from.into_iter().map(index_of).collect();
    Ok(Moved::new(sides, from, units(shape).unwrap_or(0)))
}

/// How far it is from one index of each axis to the next.
fn steps(shape: &[usize]) -> Vec<isize> {
    let mut steps = vec![1_isize; shape.len()];
    for n in (1..shape.len()).rev() {
        steps[n - 1] = steps[n].saturating_mul(shape[n].cast_signed());
    }
    steps
}

/// The values at `start` and so many steps from it along each side, of a tensor of a shape.
fn strided(
    sides: &[(usize, isize)],
    start: isize,
    shape: &[usize],
    budget: &mut Budget,
) -> Result<Moved, Invalid> {
    let made: Vec<usize> = sides.iter().map(|(side, _)| *side).collect();
    let all = checked(&made)?;
    budget.take(all, INDEX)?;
    let (outer, (run, run_step)) = match sides.split_last() {
        Some((last, outer)) => (outer, *last),
        None => (sides, (1, 1)),
    };
    let mut from = Vec::with_capacity(all);
    let mut at = vec![0; outer.len()];
    let mut place = start;
    while from.len() < all {
        let mut next = place;
        for _ in 0..run {
            from.push(index_of(next.cast_unsigned()));
            next = next.wrapping_add(run_step);
        }
        for (n, &(side, step)) in outer.iter().enumerate().rev() {
            at[n] += 1;
            // A step that leads nowhere is taken back before its place is used.
            place = place.wrapping_add(step);
            if at[n] < side {
                break;
            }
            place = place.wrapping_sub(step.wrapping_mul(side.cast_signed()));
            at[n] = 0;
        }
    }
    Ok(Moved::new(made, from, units(shape).unwrap_or(0)))
}

/// How many values a shape has, where they can be counted.
pub(super) fn checked(shape: &[usize]) -> Result<usize, Invalid> {
    let all = units(shape).filter(|all| *all <= LARGEST_LEVEL * 8);
    all.ok_or_else(too_large)
}

fn too_large() -> Invalid {
    refused("a tensor would have more values than fit into memory")
}

/// An index of a tensor, of which none has as many as 2³² values.
fn index_of(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(NOWHERE)
}

#[cfg(test)]
mod tests {
    use super::{Moved, NOWHERE, Run, expand, grid, pad, pick, slice, transpose};
    use crate::network::onnx::read::budget::{Budget, Width};

    fn budget() -> Budget {
        Budget::of(0, 0, Width::Full)
    }

    #[test]
    fn a_transposition_and_its_reverse_put_every_value_where_its_indices_are() {
        let moved = transpose(&[2, 3], &[1, 0], &mut budget()).expect("it fits");
        assert_eq!(moved.shape, [3, 2]);
        assert_eq!(moved.from, Some(vec![0, 3, 1, 4, 2, 5]));
        let column = transpose(&[1, 3], &[1, 0], &mut budget()).expect("it fits");
        assert_eq!(column, Moved::reshaped(vec![3, 1]));
    }

    #[test]
    fn runs_go_either_way() {
        let runs = [
            Run::whole(2),
            Run {
                start: 2,
                step: -2,
                length: 2,
            },
        ];
        let moved = slice(&[2, 3], &runs, &mut budget()).expect("it fits");
        assert_eq!(
            (moved.shape, moved.from),
            (vec![2, 2], Some(vec![2, 0, 5, 3]))
        );
    }

    #[test]
    fn padding_comes_from_nowhere() {
        let moved = pad(&[1, 2], &[[0, 1], [1, 0]], NOWHERE, &mut budget()).expect("it fits");
        let from = [NOWHERE, 0, 1, NOWHERE, NOWHERE, NOWHERE];
        assert_eq!((moved.shape, moved.from), (vec![2, 3], Some(from.to_vec())));
        let none = pad(&[1, 2], &[[0, 0], [0, 0]], NOWHERE, &mut budget()).expect("it fits");
        assert_eq!(none, Moved::reshaped(vec![1, 2]));
    }

    #[test]
    fn a_grid_has_every_combination_of_its_indices() {
        let moved = grid(&[2, 3], &[vec![1, 0], vec![0, 0, 2]], &mut budget()).expect("it fits");
        let from = vec![3, 3, 5, 0, 0, 2];
        assert_eq!((moved.shape, moved.from), (vec![2, 3], Some(from)));
    }

    #[test]
    fn indices_and_repetitions_count_from_the_end_too() {
        let moved = pick(&[2, 3], 1, (&[-1, 0], &[2]), &mut budget()).expect("it fits");
        assert_eq!(
            (moved.shape, moved.from),
            (vec![2, 2], Some(vec![2, 0, 5, 3]))
        );
        assert!(pick(&[2, 3], 1, (&[3], &[1]), &mut budget()).is_err());
        let moved = expand(&[2, 1], &[2, 2, 2], &mut budget()).expect("it fits");
        assert_eq!(moved.from, Some(vec![0, 0, 1, 1, 0, 0, 1, 1]));
    }
}
