//! The windows of convolutions and pools as ONNX spells them, on pictures of two sides or lists of one.

use super::model::Node;
use super::rearrange::int;
use super::refusal::EITHER;
use super::tensor::units;
use super::value::View;
use crate::error::Invalid;
use crate::network::linear::Window;

/// A window, and how far it hangs over the padding on the right and below.
pub(super) struct Placed {
    pub window: Window,
    pub over: [usize; 2],
}

/// Whether every place of a window sees part of a picture.
pub(super) fn sees_all(window: Window, [_, height, width]: [usize; 3]) -> bool {
    let Ok(places) = window.places([height, width]) else {
        return false;
    };
    let side = |n: usize, length: usize| {
        let last = (places[n].saturating_sub(1)).saturating_mul(window.stride[n]);
        let padding = window.padding[n];
        padding < span(window, n)
            && last < length.saturating_add(padding)
            && window.dilation[n] == 1
    };
    side(0, height) && side(1, width)
}

/// A view without the constants that surround it as a picture, the sides of what is left, and how many rows and columns those were:
/// top, left, bottom, right.
pub(super) fn trimmed(
    view: &View,
    [channels, height, width]: [usize; 3],
    (level_units, constant): (usize, u32),
) -> (View, [usize; 3], [usize; 4]) {
    let whole = (view.clone(), [channels, height, width], [0; 4]);
    let all = units(&[channels, height, width]);
    let Some(order) = view.order.as_ref().filter(|order| Some(order.len()) == all) else {
        return whole;
    };
    let at = |c: usize, row: usize, column: usize| order[(c * height + row) * width + column];
    let row_is_empty =
        |row: &usize| (0..channels).all(|c| (0..width).all(|k| at(c, *row, k) == constant));
    let column_is_empty =
        |k: &usize| (0..channels).all(|c| (0..height).all(|row| at(c, row, *k) == constant));
    let top = (0..height).take_while(row_is_empty).count();
    let left = (0..width).take_while(column_is_empty).count();
    // Then all columns are empty, too.
    if top == height {
        return whole;
    }
    let bottom = (0..height).rev().take_while(row_is_empty).count();
    let right = (0..width).rev().take_while(column_is_empty).count();
    let padding = [top, left, bottom, right];
    if padding == [0; 4] {
        return whole;
    }
    let [rows, columns] = [height - top - bottom, width - left - right];
    let mut inner = Vec::with_capacity(channels * rows * columns);
    for c in 0..channels {
        for row in top..top + rows {
            inner.extend((left..left + columns).map(|column| at(c, row, column)));
        }
    }
    let in_order = inner.len() == level_units && inner.iter().zip(0..).all(|(unit, k)| *unit == k);
    let inner = View {
        order: (!in_order).then(|| inner.into()),
        shape: like(&view.shape, [channels, rows, columns]),
        ..view.clone()
    };
    (inner, [channels, rows, columns], padding)
}

/// Sides of a picture of channels: two, or one as a picture of height 1.
pub(super) fn picture(shape: &[usize]) -> Result<[usize; 4], Invalid> {
    match *shape {
        [batch, channels, height, width] => Ok([batch, channels, height, width]),
        [batch, channels, width] => Ok([batch, channels, 1, width]),
        _ => Err(Invalid::new(
            "",
            "expected a picture of channels × height × width, or channels × length",
            format!("{shape:?}"),
        )
        .help("deeptaylor reads convolutions and pools over one or two sides")),
    }
}

/// The sides of the one picture that values are: channels, height, width.
pub(super) fn one_picture(view: &View) -> Result<[usize; 3], Invalid> {
    match picture(&view.shape)? {
        [1, channels, height, width] if channels * height * width > 0 => {
            Ok([channels, height, width])
        }
        _ => Err(Invalid::new(
            "",
            "expected one picture at a time",
            format!("{:?}", view.shape),
        )
        .help("export the model with a batch of 1, or with an open batch dimension")),
    }
}

/// The shape of what is made of a picture.
pub(super) fn like(shape: &[usize], [channels, height, width]: [usize; 3]) -> Vec<usize> {
    if shape.len() == 3 {
        vec![1, channels, width]
    } else {
        vec![1, channels, height, width]
    }
}

/// Two numbers of an attribute, rows and columns; of a list 1 stands for its rows.
pub(super) fn spatial(
    node: &Node,
    name: &'static str,
    shape: &[usize],
) -> Result<Option<[usize; 2]>, Invalid> {
    let Some(attribute) = node.attribute(name)? else {
        return Ok(None);
    };
    let list = attribute.ints()?;
    let sides: Vec<usize> = list
        .iter()
        .map(|side| usize::try_from(*side).unwrap_or(0))
        .collect();
    match (shape.len(), &sides[..]) {
        (4, &[rows, columns]) => Ok(Some([rows, columns])),
        (3, &[columns]) => Ok(Some([1, columns])),
        _ => Err(Invalid::new(
            name,
            "expected a number for each side of the picture",
            format!("{list:?}"),
        )),
    }
}

/// The window of a node on a picture.
pub(super) fn placed(
    node: &Node,
    shape: &[usize],
    kernel: [usize; 2],
    picture: [usize; 2],
) -> Result<Placed, Invalid> {
    let stride = spatial(node, "strides", shape)?.unwrap_or([1, 1]);
    let dilation = spatial(node, "dilations", shape)?.unwrap_or([1, 1]);
    let mut window = Window {
        kernel,
        stride,
        dilation,
        padding: pads(node, shape)?,
    };
    if [kernel, stride, dilation]
        .iter()
        .any(|sides| sides.contains(&0))
    {
        // The window says what is wrong with it.
        window.places(picture)?;
    }
    if let Some(padding) = auto_pad(node, window, picture)? {
        window.padding = padding;
    }
    let mut over = [0; 2];
    if int(node, "ceil_mode", 0)? != 0 {
        over = [0, 1].map(|n| hanging(window, n, picture[n]));
        window.padding[2] = window.padding[2].saturating_add(over[0]);
        window.padding[3] = window.padding[3].saturating_add(over[1]);
    }
    Ok(Placed { window, over })
}

/// The padding that `auto_pad` says, where it says one.
fn auto_pad(
    node: &Node,
    window: Window,
    picture: [usize; 2],
) -> Result<Option<[usize; 4]>, Invalid> {
    let auto = node.attribute("auto_pad")?;
    let auto = auto
        .map(|auto| auto.text())
        .transpose()?
        .unwrap_or("NOTSET");
    let padding = match auto {
        "NOTSET" | "" => return Ok(None),
        "VALID" => [0; 4],
        "SAME_UPPER" | "SAME_LOWER" => same(window, picture, auto == "SAME_LOWER"),
        other => {
            return Err(Invalid::new(
                "auto_pad",
                "expected NOTSET, VALID, SAME_UPPER or SAME_LOWER",
                other,
            ));
        }
    };
    // Some exporters write both, and mean the same.
    if node.attribute("pads")?.is_some() && padding != window.padding {
        return Err(Invalid::new(
            "auto_pad",
            "expected NOTSET where `pads` says another padding",
            auto,
        )
        .help(EITHER));
    }
    Ok(Some(padding))
}

/// Top, left, bottom, right.
fn pads(node: &Node, shape: &[usize]) -> Result<[usize; 4], Invalid> {
    let Some(attribute) = node.attribute("pads")? else {
        return Ok([0; 4]);
    };
    let list = attribute.ints()?;
    let sides: Option<Vec<usize>> = list
        .iter()
        .map(|side| usize::try_from(*side).ok())
        .collect();
    match (shape.len(), sides.as_deref()) {
        (4, Some(&[top, left, bottom, right])) => Ok([top, left, bottom, right]),
        (3, Some(&[left, right])) => Ok([0, left, 0, right]),
        _ => Err(Invalid::new(
            "pads",
            "expected two numbers, 0 or more, for each side of the picture",
            format!("{list:?}"),
        )),
    }
}

/// How far the taps of a window reach on one side, counted in places of the picture.
fn span(window: Window, n: usize) -> usize {
    (window.kernel[n].saturating_sub(1))
        .saturating_mul(window.dilation[n])
        .saturating_add(1)
}

/// The padding with which a window has as many places as the picture has, divided by the stride.
fn same(window: Window, picture: [usize; 2], lower: bool) -> [usize; 4] {
    let [rows, columns] = [0, 1].map(|n| {
        let places = picture[n].div_ceil(window.stride[n].max(1)).max(1);
        let reach = (places - 1)
            .saturating_mul(window.stride[n])
            .saturating_add(span(window, n));
        let all = reach.saturating_sub(picture[n]);
        let less = all / 2;
        if lower {
            [all - less, less]
        } else {
            [less, all - less]
        }
    });
    [rows[0], columns[0], rows[1], columns[1]]
}

/// How far the last window hangs over the padding where places are rounded up.
fn hanging(window: Window, n: usize, length: usize) -> usize {
    let (before, behind) = (window.padding[n], window.padding[n + 2]);
    let padded = length.saturating_add(before).saturating_add(behind);
    let stride = window.stride[n].max(1);
    let Some(room) = padded.checked_sub(span(window, n)) else {
        return 0;
    };
    let mut last = room.div_ceil(stride).saturating_mul(stride);
    // A window that would begin behind the picture is none.
    if last >= length.saturating_add(before) {
        last = last.saturating_sub(stride);
    }
    (last.saturating_add(span(window, n))).saturating_sub(padded)
}

/// Padding around padding.
pub(super) fn around(one: [usize; 4], other: [usize; 4]) -> [usize; 4] {
    [0, 1, 2, 3].map(|n| one[n].saturating_add(other[n]))
}
