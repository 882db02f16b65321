//! The sides of shapes: which axis is meant, and which shape is made of another of as many values.

use super::places::Moved;
use super::refusal::refused;
use super::tensor::units;
use crate::error::Invalid;
use crate::words::count;

/// The number of an axis, which may be counted from the end.
pub(super) fn axis(axis: i64, sides: usize) -> Result<usize, Invalid> {
    let counted = if axis < 0 {
        axis.checked_add_unsigned(sides as u64)
    } else {
        Some(axis)
    };
    let counted = counted.and_then(|axis| usize::try_from(axis).ok());
    counted.filter(|axis| *axis < sides).ok_or_else(|| {
        let expected = format!("expected an axis of {}", count(sides, "side"));
        Invalid::new("", expected, axis)
    })
}

/// Several axes, each but once.
pub(super) fn axes(given: &[i64], sides: usize) -> Result<Vec<usize>, Invalid> {
    let mut axes = Vec::with_capacity(given.len());
    for &one in given {
        let one = axis(one, sides)?;
        if axes.contains(&one) {
            return Err(refused(format!("axis {one} is named twice")));
        }
        axes.push(one);
    }
    Ok(axes)
}

/// The shape that `Reshape` makes: 0 keeps a side, −1 is what is left. Where the graph is written for so many samples at a time,
/// the first side has one of them, and the target counts all.
pub(super) fn reshape(
    shape: &[usize],
    target: &[i64],
    (allow_zero, batch): (bool, usize),
) -> Result<Moved, Invalid> {
    if batch > 1 && shape.first() == Some(&1) {
        // What is computed of the shapes in the graph counts one sample.
        if let (Some(1), Ok(moved)) = (target.first(), reshape(shape, target, (allow_zero, 1))) {
            return Ok(moved);
        }
        let whole = [&[batch], &shape[1..]].concat();
        let mut moved = reshape(&whole, target, (allow_zero, 1))?;
        let misfit = || {
            refused(format!(
                "it puts {batch} samples together in {:?}",
                moved.shape
            ))
            .help("export the model with a batch of 1, or with an open batch dimension")
        };
        // Of the outermost side, each sample has an equal part.
        let first = moved.shape.first().filter(|first| *first % batch == 0);
        let first = *first.ok_or_else(misfit)? / batch;
        moved.shape[0] = first;
        return Ok(moved);
    }
    let all = units(shape).unwrap_or(usize::MAX);
    let misfit = || {
        let expected = format!("expected a shape of {}", count(all, "value"));
        Invalid::new("", expected, format!("{target:?} for {shape:?}"))
            .help("export the model with a batch of 1, or with an open batch dimension")
    };
    let mut sides = Vec::with_capacity(target.len());
    let mut open = None;
    for (n, &side) in target.iter().enumerate() {
        match side {
            -1 if open.replace(n).is_some() => return Err(misfit()),
            -1 => sides.push(1),
            0 if !allow_zero => sides.push(*shape.get(n).ok_or_else(misfit)?),
            side => sides.push(usize::try_from(side).map_err(|_| misfit())?),
        }
    }
    let rest = units(&sides).ok_or_else(misfit)?;
    if let Some(open) = open {
        sides[open] = all.checked_div(rest).ok_or_else(misfit)?;
    }
    if units(&sides) == Some(all) {
        Ok(Moved::reshaped(sides))
    } else {
        Err(misfit())
    }
}

#[cfg(test)]
mod tests {
    use super::reshape;

    #[test]
    fn a_shape_keeps_sides_and_finds_the_one_that_is_left() {
        let shape =
            |target: &[i64]| reshape(&[2, 3, 4], target, (false, 1)).map(|moved| moved.shape);
        assert_eq!(shape(&[0, -1]), Ok(vec![2, 12]));
        assert_eq!(shape(&[-1]), Ok(vec![24]));
        let of_five =
            |target: &[i64]| reshape(&[1, 3, 4], target, (false, 5)).map(|moved| moved.shape);
        assert_eq!(of_five(&[5, 12]), Ok(vec![1, 12]));
        assert_eq!(of_five(&[5, -1]), Ok(vec![1, 12]));
        assert_eq!(of_five(&[1, 12]), Ok(vec![1, 12]), "of the shape itself");
        assert!(of_five(&[1, 60]).is_err(), "samples are put together");
        assert_eq!(of_five(&[0, -1]), Ok(vec![1, 12]));
        assert_eq!(of_five(&[15, 4]), Ok(vec![3, 4]));
        assert!(of_five(&[4, 15]).is_err(), "samples are mixed");
        for wrong in [&[5, -1][..], &[-1, -1], &[2, 3], &[0, 0, 0, 0], &[-2, 12]] {
            assert!(shape(wrong).is_err(), "{wrong:?}");
        }
    }
}
