//! A convolution in the network file.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Deserialize;

use super::beside::Written;
use super::decimals::{LayerDecimals, Texts};
use super::numbers::{Numbers, Stored};
use super::raw::given;
use super::site::Site;
use super::tensors::Weights;
use super::window::{self, RawSides, RawWindow};
use super::write::list;
use crate::error::Invalid;
use crate::network::linear::{Conv2d, Linear};
use crate::network::{Activation, Layer, Shape};

/// A convolution: the same weights at every place of a picture.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, bound = "N: Deserialize<'de>")]
#[schemars(rename = "conv2d", bound = "")]
pub(super) struct RawConv2d<N> {
    /// weights[o][i][r][c] leads from channel i of the group, under row r and column c of the kernel, to channel o; or a tensor
    /// of this shape.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "super::tensors::schema::<4>", required)]
    weights: Option<Weights<N>>,
    /// One number for each output channel; zeros where it is left out.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "super::tensors::schema::<1>")]
    bias: Option<Weights<N>>,
    /// How far the kernel moves from one place to the next: a number or [h, w]; 1 where it is left out.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "RawSides")]
    stride: Option<RawSides>,
    /// How many rows and columns are put around the picture, no part of the input: a number, [h, w] or [top, left, bottom,
    /// right]; 0 where it is left out.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "super::window::padding_schema")]
    padding: Option<RawSides>,
    /// How far the kernel's taps are from one another: a number or [h, w]; 1 where it is left out.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "RawSides")]
    dilation: Option<RawSides>,
    /// Into how many groups the channels are divided, none of which sees another; 1 where it is left out.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "usize", range(min = 1))]
    groups: Option<usize>,
}

impl RawConv2d<Numbers> {
    pub(super) fn build(self, site: &mut Site, activation: Activation) -> Option<Layer> {
        let input = site.picture();
        let weights = site.weights(self.weights);
        let weights = weights.and_then(|weights| site.note(four_sides(weights)));
        let channels = weights.as_ref().map(|(_, [out, ..])| *out);
        let bias = site.bias(self.bias, channels, "output channel");
        let window = RawWindow {
            stride: self.stride,
            dilation: self.dilation,
            padding: self.padding,
        };
        let kernel = weights.as_ref().map_or([1; 2], |(_, [.., h, w])| [*h, *w]);
        let window = site.note(window.with(kernel, [1, 1]));
        let (weights, sides) = weights.filter(|_| !site.unsure)?;
        let groups = self.groups.unwrap_or(1);
        let input = input?;
        site.note(fitting(input, sides, groups))?;
        let map = Conv2d::new(input, weights, sides, window?, groups);
        let map = site.note(map.map_err(of_weights))?;
        let shape = Shape::Image(map.output());
        site.note(Layer::new(Linear::Conv2d(map), shape, bias, activation))
    }
}

/// The kernel of a convolution is that of its weights.
fn of_weights(mut invalid: Invalid) -> Invalid {
    if invalid.path == "kernel" {
        "weights".clone_into(&mut invalid.path);
    }
    invalid
}

fn four_sides(numbers: Stored) -> Result<(Vec<f64>, [usize; 4]), Invalid> {
    match numbers.shape[..] {
        [out, of_group, rows, columns] => {
            Ok((numbers.values.into_f64(), [out, of_group, rows, columns]))
        }
        _ => Err(Invalid::new(
            "weights",
            "expected weights[out][in / groups][kernel row][kernel column]",
            numbers.lists(),
        )),
    }
}

/// Whether weights of this shape fit on a picture, of whose channels a group has so many; what they may be where they do not.
fn fitting(
    [channels, height, width]: [usize; 3],
    [out, of_group, rows, columns]: [usize; 4],
    groups: usize,
) -> Result<(), Invalid> {
    let divides = |number: usize| number.is_multiple_of(groups);
    if groups == 0 || !divides(channels) || !divides(out) || of_group == channels / groups {
        // The map checks the groups.
        return Ok(());
    }
    let each = channels / groups;
    let invalid = Invalid::new(
        "weights",
        format!(
            "expected weights[out][{each}][row][column] for a picture of {channels} × {height} × {width}{}",
            if groups == 1 {
                String::new()
            } else {
                format!(" in {groups} groups")
            }
        ),
        format!("{out} × {of_group} × {rows} × {columns}"),
    );
    let mut help = Vec::new();
    if width == of_group * groups {
        help.push(format!(
            "[height, width, channels]? `input.shape` is [channels, height, width]: [{width}, {channels}, {height}]"
        ));
    }
    if rows == each {
        help.push(
            "TensorFlow and Keras lay kernels out [row][column][in][out]: write w.transpose(3, 2, 0, 1)"
                .to_owned(),
        );
    }
    let fitting = channels
        .checked_div(of_group)
        .filter(|groups| channels % of_group == 0 && out.is_multiple_of(*groups));
    if let Some(fitting) = fitting {
        help.push(format!("these weights fit with \"groups\": {fitting}"));
    }
    Err(match &help[..] {
        [] => invalid,
        _ => invalid.help(help.join("; or ")),
    })
}

impl<'t> RawConv2d<Texts<'t>> {
    pub(super) fn decimals(self) -> LayerDecimals<'t> {
        LayerDecimals::of(self.weights, self.bias)
    }
}

/// The keys behind the type.
pub(super) fn json<'n>(layer: &'n Layer, map: &'n Conv2d, numbers: &mut Written<'n>) -> String {
    let stored = layer.linear().stored();
    let weights = numbers.weights(&map.shape(), stored, || kernels(map));
    let mut json = format!(",\n      \"weights\": {weights}") + &numbers.bias(layer.bias());
    json += &window::json(&map.window(), [1, 1]);
    if map.groups() != 1 {
        let _ = write!(json, ", \"groups\": {}", map.groups());
    }
    json
}

/// A line for each kernel.
fn kernels(map: &Conv2d) -> String {
    let [_, of_group, rows, columns] = map.shape();
    let (taps, stored) = (rows * columns, map.weights());
    let output = stored.rows().into_iter().map(|row| {
        let weights = row.to_vec();
        let kernels = weights.chunks(taps).map(|kernel| {
            let rows: Vec<String> = kernel.chunks(columns).map(list).collect();
            format!("[{}]", rows.join(", "))
        });
        let kernels: Vec<String> = kernels.collect();
        debug_assert_eq!(kernels.len(), of_group);
        format!("        [{}]", kernels.join(",\n         "))
    });
    let output: Vec<String> = output.collect();
    format!("[\n{}\n      ]", output.join(",\n"))
}
