//! A layer as one piece of `--layers` spells it: `30`, `conv:8x5x5`, `maxpool:2`, `pool`.

use super::options::{Options, read_sides, written_sides};
use crate::error::Invalid;
use crate::network::linear::{Conv2d, Dense, MaxPool2d, Pool2d, SumPool, Window};
use crate::network::{Activation, LARGEST_LEVEL, Layer, Linear, Shape};
use crate::words::{count, grouped};
use ndarray::Array2;

/// A layer without its weights, on top of a level of some shape.
#[derive(Debug)]
pub(super) struct Piece {
    below: Shape,
    map: Map,
    activation: Activation,
}

#[derive(Debug)]
enum Map {
    Dense(usize),
    /// Over every so many units.
    SumPool(usize),
    Conv {
        input: [usize; 3],
        out: usize,
        window: Window,
        groups: usize,
    },
    Window {
        input: [usize; 3],
        pool: Pooling,
        window: Window,
    },
}

/// What a pool makes of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pooling {
    Max,
    Sum,
    Average { count_padding: bool },
}

impl Piece {
    /// A layer on top of a level of this shape.
    pub(super) fn read(text: &str, below: Shape) -> Result<Self, String> {
        let (word, rest) = match text.split_once(':') {
            Some((word, rest)) => (word, Some(rest)),
            None => (text, None),
        };
        let usual = if word == "conv" || word.parse::<usize>().is_ok() {
            Activation::Relu
        } else {
            Activation::Identity
        };
        let (map, activation) = match (word, rest) {
            ("conv", rest) => conv(text, rest, below)?,
            ("maxpool" | "avgpool" | "sumpool", rest) => pool_2d(text, word, rest, below)?,
            ("pool" | "pools", rest) => (pool(text, word, rest, below.units())?, None),
            (word, rest) => dense(text, word, rest)?,
        };
        Ok(Self {
            below,
            map,
            activation: activation.unwrap_or(usual),
        })
    }

    /// Number of weights to be drawn; the largest number where there are more.
    pub(super) fn weights(&self) -> usize {
        match &self.map {
            Map::Dense(units) => self.below.units().saturating_mul(*units),
            Map::Conv {
                input,
                out,
                window,
                groups,
            } => {
                let factors = [*out, window.kernel[0], window.kernel[1]];
                let of_group = input[0] / groups;
                (factors.into_iter()).fold(of_group, usize::saturating_mul)
            }
            Map::SumPool(_) | Map::Window { .. } => 0,
        }
    }

    /// The shape of the level that the layer makes.
    pub(super) fn shape(&self) -> Result<Shape, Invalid> {
        let (channels, [_, height, width], window) = match &self.map {
            Map::Dense(units) => return Ok(Shape::Flat(*units)),
            Map::SumPool(size) => return Ok(Shape::Flat(self.below.units() / size)),
            Map::Conv {
                input, out, window, ..
            } => (*out, *input, window),
            Map::Window { input, window, .. } => (input[0], *input, window),
        };
        let [rows, columns] = window.places([height, width])?;
        let units = (rows * columns).checked_mul(channels);
        if units.is_none_or(|units| units > LARGEST_LEVEL) {
            let expected = format!("expected at most {} units", grouped(LARGEST_LEVEL));
            let found = format!("{channels} × {rows} × {columns}");
            return Err(Invalid::new("", expected, found));
        }
        Ok(Shape::Image([channels, rows, columns]))
    }

    /// The layer, all its weights 0.
    pub(super) fn layer(&self) -> Result<Layer, Invalid> {
        let map = match &self.map {
            Map::Dense(units) => {
                Linear::Dense(Dense::new(Array2::zeros((self.below.units(), *units)))?)
            }
            Map::SumPool(size) => Linear::SumPool(SumPool::new(self.below.units(), *size)?),
            Map::Conv {
                input,
                out,
                window,
                groups,
            } => {
                let [rows, columns] = window.kernel;
                let shape = [*out, input[0] / groups, rows, columns];
                let weights = vec![0.0; shape.iter().product()];
                Linear::Conv2d(Conv2d::new(*input, weights, shape, *window, *groups)?)
            }
            Map::Window {
                input,
                pool,
                window,
            } => match pool {
                Pooling::Max => Linear::MaxPool2d(MaxPool2d::new(*input, *window)?),
                Pooling::Sum => Linear::Pool2d(Pool2d::sum(*input, *window)?),
                Pooling::Average { count_padding } => {
                    Linear::Pool2d(Pool2d::average(*input, *window, *count_padding)?)
                }
            },
        };
        Layer::new(map, self.shape()?, Vec::new(), self.activation)
    }
}

/// Reads `30`, `30:linear`.
fn dense(text: &str, word: &str, rest: Option<&str>) -> Result<(Map, Option<Activation>), String> {
    let activation = rest.map_or(Some(None), |rest| {
        super::options::activation(rest).map(Some)
    });
    match (word.parse::<usize>(), activation) {
        (Ok(units @ 1..), Some(activation)) => Ok((Map::Dense(units), activation)),
        _ => Err(format!(
            "`{text}`: expected a number of ReLU units, N:linear for units without ReLU, pool, pool:N for pools of N units \
             each, pools:N for N pools, conv:OUTxHxW, maxpool:N, avgpool:N or sumpool:N"
        )),
    }
}

/// Reads `pool`, `pool:2`, `pools:10`.
fn pool(text: &str, word: &str, rest: Option<&str>, inputs: usize) -> Result<Map, String> {
    let Some(number) = rest else {
        return match word {
            "pool" => Ok(Map::SumPool(inputs)),
            _ => dense(text, word, rest).map(|(map, _)| map),
        };
    };
    let number = number.parse().ok();
    let fits = number.filter(|&n: &usize| n > 0 && inputs.is_multiple_of(n));
    let size = fits.map(|n| if word == "pool" { n } else { inputs / n });
    (size.map(Map::SumPool)).ok_or_else(|| unpooled(text, number, inputs))
}

/// Reads `conv:8x5x5` and its options.
fn conv(text: &str, rest: Option<&str>, below: Shape) -> Result<(Map, Option<Activation>), String> {
    let mut words = rest.unwrap_or_default().split(':');
    let sides = words.next().and_then(read_sides);
    let Some(&[out, rows, columns]) = sides.as_deref() else {
        return Err(format!(
            "`{text}`: expected conv:OUTxHxW, as conv:8x5x5: the output channels, the height and the width of the kernel"
        ));
    };
    let input = picture(text, below)?;
    let known = ["stride", "pad", "dilation", "groups"];
    let options = Options::read(text, words, &known)?;
    let groups = options.groups.unwrap_or(1);
    if !input[0].is_multiple_of(groups) || !out.is_multiple_of(groups) {
        return Err(format!(
            "`{text}`: expected groups that divide the {} and {} above, found {groups}",
            count(input[0], "channel"),
            count(out, "channel"),
        ));
    }
    let map = Map::Conv {
        input,
        out,
        window: options.window([rows, columns], [1, 1], input),
        groups,
    };
    Ok((map, options.activation))
}

/// Reads `maxpool:2` and its options.
fn pool_2d(
    text: &str,
    word: &str,
    rest: Option<&str>,
    below: Shape,
) -> Result<(Map, Option<Activation>), String> {
    let mut words = rest.unwrap_or_default().split(':');
    let sides = words.next().and_then(read_sides);
    let Some(kernel) = sides.as_deref().and_then(Window::both) else {
        return Err(format!(
            "`{text}`: expected {word}:N or {word}:HxW, the height and the width of the window"
        ));
    };
    let input = picture(text, below)?;
    let known: &[&str] = match word {
        "avgpool" => &["stride", "pad", "dilation", "count_padding"],
        _ => &["stride", "pad", "dilation"],
    };
    let options = Options::read(text, words, known)?;
    let pool = match word {
        "maxpool" => Pooling::Max,
        "sumpool" => Pooling::Sum,
        _ => Pooling::Average {
            count_padding: options.count_padding,
        },
    };
    let window = options.window(kernel, kernel, input);
    let map = Map::Window {
        input,
        pool,
        window,
    };
    Ok((map, options.activation))
}

/// The channels, height and width of what a window moves over.
fn picture(text: &str, below: Shape) -> Result<[usize; 3], String> {
    below.image().ok_or_else(|| {
        format!(
            "`{text}`: expected a picture below, as inputs of 1x28x28 and what convolutions and pools make of them are; \
             found {} in a row",
            count(below.units(), "unit")
        )
    })
}

/// Why `inputs` units cannot be pooled so: what stands after the colon of `pool` is a size, of `pools` a number.
fn unpooled(text: &str, number: Option<usize>, inputs: usize) -> String {
    let below = count(inputs, "unit");
    let rule = format!("expected pool, or pool:N with an N that divides the {below} below");
    match number {
        Some(n) if n > 0 && text.starts_with("pools") => {
            format!(
                "`{text}`: {below} cannot be shared evenly among {}; {rule}",
                count(n, "pool")
            )
        }
        Some(n) if n > 0 => {
            format!(
                "`{text}`: pools of {n} units each, which {below} do not make; {rule} (for {n} pools say pools:{n})"
            )
        }
        _ => format!("`{text}`: {rule}, or pools:N for N pools"),
    }
}

/// A layer as it is read; none where `--layers` cannot spell it.
pub(super) fn written(layer: &Layer) -> Option<String> {
    let (text, usual) = match layer.linear() {
        Linear::Dense(map) => (map.weights().dim().1.to_string(), Activation::Relu),
        Linear::Conv2d(map) => {
            let [out, _, rows, columns] = map.shape();
            let groups = match map.groups() {
                1 => String::new(),
                groups => format!(":groups={groups}"),
            };
            let options = super::options::written(map.window(), [1, 1]);
            let text = format!("conv:{out}x{rows}x{columns}{options}{groups}");
            (text, Activation::Relu)
        }
        Linear::SumPool(map) if map.size() == layer.linear().inputs() => {
            ("pool".to_owned(), Activation::Identity)
        }
        Linear::SumPool(map) => (format!("pool:{}", map.size()), Activation::Identity),
        Linear::Pool2d(map) => {
            let word = if map.is_average() {
                "avgpool"
            } else {
                "sumpool"
            };
            let count = if map.counts_padding() {
                ":count_padding"
            } else {
                ""
            };
            (windows(word, map.window()) + count, Activation::Identity)
        }
        Linear::MaxPool2d(map) => (windows("maxpool", map.window()), Activation::Identity),
        _ => return None,
    };
    match layer.activation() {
        activation if activation == usual => Some(text),
        Activation::Identity => Some(text + ":linear"),
        activation => Some(format!("{text}:{}", activation.name())),
    }
}

fn windows(word: &str, window: Window) -> String {
    let kernel = written_sides(window.kernel);
    format!(
        "{word}:{kernel}{}",
        super::options::written(window, window.kernel)
    )
}
