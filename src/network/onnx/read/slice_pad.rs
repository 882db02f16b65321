//! Operators that take parts of a tensor, or put zeros around it.

use super::gate::Gate;
use super::model::Node;
use super::places::{self, Moved, Run};
use super::rearrange::{float, int};
use super::refusal::refused;
use crate::error::Invalid;

impl Gate<'_> {
    pub(super) fn slice(&mut self, node: &Node, shape: &[usize]) -> Result<Moved, Invalid> {
        let starts = self.listed(node, ("starts", 1))?.unwrap_or_default();
        let ends = self.listed(node, ("ends", 2))?.unwrap_or_default();
        let axes = match self.listed(node, ("axes", 3))? {
            Some(axes) => places::axes(&axes, shape.len())?,
            None => (0..starts.len()).collect(),
        };
        let steps = match self.known(node, 4)? {
            Some(steps) => steps.ints()?.to_vec(),
            None => vec![1; starts.len()],
        };
        let lengths = [starts.len(), ends.len(), steps.len()];
        if lengths != [axes.len(); 3] || axes.iter().any(|axis| *axis >= shape.len()) {
            return Err(refused(
                "starts, ends, axes and steps are not as many, or more than axes",
            ));
        }
        let mut runs: Vec<Run> = shape.iter().map(|side| Run::whole(*side)).collect();
        for (n, &axis) in axes.iter().enumerate() {
            runs[axis] = run(shape[axis], [starts[n], ends[n], steps[n]])?;
        }
        places::slice(shape, &runs, &mut self.drafts.budget)
    }

    pub(super) fn pad(&mut self, node: &Node, shape: &[usize]) -> Result<Moved, Invalid> {
        let mode = node
            .attribute("mode")?
            .map(|mode| mode.text())
            .transpose()?;
        if let Some(mode) = mode.filter(|mode| !matches!(*mode, "" | "constant")) {
            return Err(Invalid::new("mode", "expected padding by a constant", mode)
                .help("deep Taylor knows zeros around a picture: train with padding by zeros"));
        }
        let pads = self.listed(node, ("pads", 1))?;
        let pads = match pads {
            None => node
                .attribute("paddings")?
                .map(|pads| pads.ints())
                .transpose()?,
            Some(pads) => Some(pads),
        };
        let pads = pads.ok_or_else(|| refused("the padding is missing"))?;
        let value = match self.known(node, 2)? {
            Some(value) => value.floats().first().copied().unwrap_or(0.0),
            None => float(node, "value", 0.0)?,
        };
        let axes = match self.known(node, 3)? {
            Some(axes) => places::axes(axes.ints()?, shape.len())?,
            None => (0..shape.len()).collect(),
        };
        if pads.len() != 2 * axes.len() {
            let expected = format!("expected {} numbers, two for each axis", 2 * axes.len());
            return Err(Invalid::new("pads", expected, pads.len()));
        }
        let mut around = vec![[0; 2]; shape.len()];
        let mut cut: Vec<Run> = shape.iter().map(|side| Run::whole(*side)).collect();
        for (n, &axis) in axes.iter().enumerate() {
            let ends = [pads[n], pads[n + axes.len()]];
            around[axis] = ends.map(|pad| usize::try_from(pad).unwrap_or(0));
            // A padding below 0 takes away.
            let [start, end] = ends.map(|pad| usize::try_from(pad.saturating_neg()).unwrap_or(0));
            let length = shape[axis].saturating_sub(start.saturating_add(end));
            cut[axis] = Run {
                start: start.min(shape[axis]),
                step: 1,
                length,
            };
        }
        if value != 0.0 && around.iter().any(|ends| *ends != [0; 2]) {
            return Err(Invalid::new("value", "expected padding by 0", value)
                .help("deep Taylor knows zeros around a picture: what is padded is no input"));
        }
        if cut.iter().zip(shape).all(|(run, side)| run.length == *side) {
            return places::pad(shape, &around, &mut self.drafts.budget);
        }
        if around.iter().any(|ends| *ends != [0; 2]) {
            return Err(refused(
                "it both adds and takes away: export it as Pad and Slice",
            ));
        }
        places::slice(shape, &cut, &mut self.drafts.budget)
    }

    pub(super) fn split(&mut self, node: &Node, shape: &[usize]) -> Result<Vec<Moved>, Invalid> {
        let axis = places::axis(int(node, "axis", 0)?, shape.len())?;
        let side = shape[axis];
        let parts = node.outputs.len();
        let lengths = if let Some(lengths) = self.listed(node, ("split", 1))? {
            lengths
                .iter()
                .map(|length| usize::try_from(*length).unwrap_or(usize::MAX))
                .collect()
        } else {
            // The last may be shorter.
            let each = side.div_ceil(parts.max(1));
            let length = |n: usize| each.min(side.saturating_sub(n * each));
            (0..parts).map(length).collect::<Vec<usize>>()
        };
        let all = lengths
            .iter()
            .fold(0_usize, |all, length| all.saturating_add(*length));
        if all != side || lengths.len() != parts {
            let expected = format!("expected {parts} parts of {side}");
            return Err(Invalid::new("split", expected, format!("{lengths:?}")));
        }
        let mut start = 0;
        let mut moves = Vec::with_capacity(parts);
        for length in lengths {
            let mut runs: Vec<Run> = shape.iter().map(|side| Run::whole(*side)).collect();
            runs[axis] = Run {
                start,
                step: 1,
                length,
            };
            start += length;
            moves.push(places::slice(shape, &runs, &mut self.drafts.budget)?);
        }
        Ok(moves)
    }
}

/// The run of an axis of so many that a slice takes.
fn run(side: usize, [start, end, step]: [i64; 3]) -> Result<Run, Invalid> {
    let length = i64::try_from(side).unwrap_or(i64::MAX);
    let counted = |place: i64, [least, most]: [i64; 2]| {
        let place = if place < 0 {
            place.saturating_add(length)
        } else {
            place
        };
        place.clamp(least, most)
    };
    let (start, end, span) = match step {
        0 => return Err(refused("a slice has steps of 0")),
        1.. => {
            let [start, end] = [start, end].map(|place| counted(place, [0, length]));
            (start, end, end - start)
        }
        _ => {
            let [start, end] = [start, end].map(|place| counted(place, [-1, length - 1]));
            (start, end, start - end)
        }
    };
    let _ = end;
    let step_size = step.unsigned_abs();
    let length = u64::try_from(span).unwrap_or(0).div_ceil(step_size);
    Ok(Run {
        start: usize::try_from(start).unwrap_or(0),
        step: isize::try_from(step).unwrap_or(isize::MAX),
        length: usize::try_from(length).unwrap_or(usize::MAX),
    })
}
