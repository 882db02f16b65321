//! Pools over windows of a picture in the network file: sums, averages, largest values.

use schemars::JsonSchema;
use serde::Deserialize;

use super::raw::given;
use super::site::Site;
use super::window::{self, RawSides, RawWindow};
use crate::error::Invalid;
use crate::network::linear::{Linear, MaxPool2d, Pool2d, Window};
use crate::network::{Activation, Kind, Layer, Shape};

/// A pool over windows of a picture, each channel by itself: a sum, or the largest value.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "pool2d")]
pub(super) struct RawPool2d {
    /// How many rows and columns a window has: a number or [h, w].
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "RawSides", required)]
    kernel: Option<RawSides>,
    /// How far the window moves from one place to the next: a number or [h, w]; the kernel where it is left out.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "RawSides")]
    stride: Option<RawSides>,
    /// How many rows and columns are put around the picture, no part of the input: a number, [h, w] or [top, left, bottom,
    /// right]; 0 where it is left out.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "super::window::padding_schema")]
    padding: Option<RawSides>,
    /// How far the window's rows and columns are from one another: a number or [h, w]; 1 where it is left out.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "RawSides")]
    dilation: Option<RawSides>,
}

/// An average pool over windows of a picture, each channel by itself.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "avg_pool2d")]
pub(super) struct RawAvgPool2d {
    /// How many rows and columns a window has: a number or [h, w].
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "RawSides", required)]
    kernel: Option<RawSides>,
    /// How far the window moves from one place to the next: a number or [h, w]; the kernel where it is left out.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "RawSides")]
    stride: Option<RawSides>,
    /// How many rows and columns are put around the picture, no part of the input: a number, [h, w] or [top, left, bottom,
    /// right]; 0 where it is left out.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "super::window::padding_schema")]
    padding: Option<RawSides>,
    /// How far the window's rows and columns are from one another: a number or [h, w]; 1 where it is left out.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "RawSides")]
    dilation: Option<RawSides>,
    /// Whether padding counts among the values that the average is over; false where it is left out.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "bool")]
    count_padding: Option<bool>,
}

impl RawPool2d {
    pub(super) fn build(self, site: &mut Site, activation: Activation) -> Option<Layer> {
        let kind = site.kind;
        self.with(site, activation, |input, window| match kind {
            Kind::MaxPool2d => {
                let pool = MaxPool2d::new(input, window)?;
                Ok((pool.output(), Linear::MaxPool2d(pool)))
            }
            _ => pool2d(Pool2d::sum(input, window)),
        })
    }

    /// The layer of the map that `pool` makes of a picture and a window.
    fn with(
        self,
        site: &mut Site,
        activation: Activation,
        pool: impl FnOnce([usize; 3], Window) -> Result<([usize; 3], Linear), Invalid>,
    ) -> Option<Layer> {
        let input = site.picture();
        let kernel = site.required("kernel", self.kernel);
        let kernel = kernel.and_then(|kernel| site.note(kernel.pair("kernel")));
        let window = RawWindow {
            stride: self.stride,
            dilation: self.dilation,
            padding: self.padding,
        };
        let window = window.with(kernel.unwrap_or([1; 2]), kernel.unwrap_or([1; 2]));
        let window = site.note(window);
        kernel.filter(|_| !site.unsure)?;
        let (shape, map) = site.note(pool(input?, window?))?;
        let layer = Layer::new(map, Shape::Image(shape), Vec::new(), activation);
        site.note(layer)
    }
}

impl RawAvgPool2d {
    pub(super) fn build(self, site: &mut Site, activation: Activation) -> Option<Layer> {
        let pool = RawPool2d {
            kernel: self.kernel,
            stride: self.stride,
            padding: self.padding,
            dilation: self.dilation,
        };
        let count_padding = self.count_padding.unwrap_or(false);
        pool.with(site, activation, |input, window| {
            pool2d(Pool2d::average(input, window, count_padding))
        })
    }
}

fn pool2d(pool: Result<Pool2d, Invalid>) -> Result<([usize; 3], Linear), Invalid> {
    pool.map(|pool| (pool.output(), Linear::Pool2d(pool)))
}

/// The keys behind the type.
pub(super) fn json(window: Window, count_padding: bool) -> String {
    let window = window::kernel_json(&window) + &window::json(&window, window.kernel);
    if count_padding {
        window + ", \"count_padding\": true"
    } else {
        window
    }
}
