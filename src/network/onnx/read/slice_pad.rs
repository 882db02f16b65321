//! Operators that take parts of a tensor, or put zeros around it.

use super::gate::Gate;
use super::model::Node;
use super::places::{self, Moved, Run};
use super::rearrange::{float, int};
use super::refusal::refused;
use super::sides;
use crate::error::Invalid;
use crate::network::LARGEST_LEVEL;

impl Gate<'_> {
    pub(super) fn slice(&mut self, node: &Node, shape: &[usize]) -> Result<Moved, Invalid> {
        let starts = self.listed(node, ("starts", 1))?.unwrap_or_default();
        let ends = self.listed(node, ("ends", 2))?.unwrap_or_default();
        let axes = match self.listed(node, ("axes", 3))? {
            Some(axes) => sides::axes(&axes, shape.len())?,
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

    pub(super) fn pad(
        &mut self,
        node: &Node,
        (shape, known): (&[usize], bool),
    ) -> Result<Moved, Invalid> {
        let mode = node
            .attribute("mode")?
            .map(|mode| mode.text())
            .transpose()?;
        let pads = self.pads(node, shape)?;
        let border = match mode.unwrap_or("") {
            "" | "constant" => return self.pad_constant(node, (shape, known), &pads),
            "edge" => Border::Edge,
            "reflect" => Border::Reflect,
            "wrap" => Border::Wrap,
            other => {
                let expected = "expected constant, edge, reflect or wrap";
                return Err(Invalid::new("mode", expected, other));
            }
        };
        let picked = pads.iter().zip(shape);
        let picked = picked.map(|(ends, side)| border.indices(*ends, *side));
        let picked = picked.collect::<Result<Vec<Vec<usize>>, Invalid>>()?;
        places::grid(shape, &picked, &mut self.drafts.budget)
    }

    /// How much is padded before and behind each axis; what is below 0 is taken away.
    fn pads(&mut self, node: &Node, shape: &[usize]) -> Result<Vec<[i64; 2]>, Invalid> {
        let pads = self.listed(node, ("pads", 1))?;
        let pads = pads.ok_or_else(|| refused("the padding is missing"))?;
        let axes = match self.known(node, 3)? {
            Some(axes) => sides::axes(axes.ints()?, shape.len())?,
            None => (0..shape.len()).collect(),
        };
        if pads.len() != 2 * axes.len() {
            let expected = format!("expected {} numbers, two for each axis", 2 * axes.len());
            return Err(Invalid::new("pads", expected, pads.len()));
        }
        let mut around = vec![[0; 2]; shape.len()];
        for (n, &axis) in axes.iter().enumerate() {
            around[axis] = [pads[n], pads[n + axes.len()]];
        }
        Ok(around)
    }

    fn pad_constant(
        &mut self,
        node: &Node,
        (shape, known): (&[usize], bool),
        pads: &[[i64; 2]],
    ) -> Result<Moved, Invalid> {
        let value = match self.known(node, 2)? {
            Some(value) => value.floats().first().copied().unwrap_or(0.0),
            None => float(node, "value", 0.0)?,
        };
        let size = |pad: i64| usize::try_from(pad).unwrap_or(0);
        let around: Vec<[usize; 2]> = pads.iter().map(|ends| ends.map(size)).collect();
        let cut = pads.iter().zip(shape).map(|(ends, &side)| {
            let [start, end] = ends.map(|pad| size(pad.saturating_neg()));
            Run {
                start: start.min(side),
                step: 1,
                length: side.saturating_sub(start.saturating_add(end)),
            }
        });
        let cut: Vec<Run> = cut.collect();
        let adds = around.iter().any(|ends| *ends != [0; 2]);
        let constant = match value {
            0.0 => places::NOWHERE,
            // As far as numbers of 32 bits reach, where that is written for −∞.
            value if value <= f64::from(f32::MIN) && !known => places::LEAST,
            value if adds => {
                return Err(Invalid::new(
                    "value",
                    "expected padding by 0, or by −∞ before a max pool",
                    value,
                )
                .help("deep Taylor knows zeros around a picture: what is padded is no input"));
            }
            _ => places::NOWHERE,
        };
        if cut.iter().zip(shape).all(|(run, side)| run.length == *side) {
            return places::pad(shape, &around, constant, &mut self.drafts.budget);
        }
        if adds {
            return Err(refused(
                "it both adds and takes away: export it as Pad and Slice",
            ));
        }
        places::slice(shape, &cut, &mut self.drafts.budget)
    }

    pub(super) fn split(&mut self, node: &Node, shape: &[usize]) -> Result<Vec<Moved>, Invalid> {
        let axis = sides::axis(int(node, "axis", 0)?, shape.len())?;
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

/// What stands around values that is made of them.
#[derive(Clone, Copy)]
enum Border {
    /// The outermost again and again.
    Edge,
    /// Those inside, the outermost only once.
    Reflect,
    /// Those of the other end.
    Wrap,
}

impl Border {
    /// Which of so many values stands at each place, with so many more before and behind.
    fn indices(self, [before, behind]: [i64; 2], side: usize) -> Result<Vec<usize>, Invalid> {
        let length = i64::try_from(side).unwrap_or(i64::MAX);
        let least = before.checked_neg();
        let ends = least.zip(length.checked_add(behind));
        let large = i64::try_from(LARGEST_LEVEL).unwrap_or(i64::MAX);
        let ends = ends.filter(|(start, end)| *start > -large && *end < large);
        let (start, end) = ends.ok_or_else(|| refused("it pads by more than fits into memory"))?;
        if side == 0 {
            return Err(refused("it pads where there is no value"));
        }
        let index = |place: i64| match self {
            Self::Edge => place.clamp(0, length - 1),
            Self::Wrap => place.rem_euclid(length),
            Self::Reflect => {
                let period = (2 * (length - 1)).max(1);
                let place = place.rem_euclid(period);
                place.min(period - place)
            }
        };
        let index = |place| usize::try_from(index(place)).unwrap_or(0);
        Ok((start..end).map(index).collect())
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
