//! The options behind the colons of a piece of `--layers`: `stride=2`, `pad=same`, `linear`.

use crate::network::linear::Window;
use crate::network::{Activation, LARGEST_LEVEL};

/// What stands behind the colons of a piece.
#[derive(Debug, Default)]
pub(super) struct Options {
    stride: Option<[usize; 2]>,
    dilation: Option<[usize; 2]>,
    padding: Option<Padding>,
    pub(super) groups: Option<usize>,
    pub(super) count_padding: bool,
    pub(super) activation: Option<Activation>,
}

#[derive(Debug, Clone, Copy)]
enum Padding {
    /// Top, left, bottom, right.
    Sides([usize; 4]),
    /// So that there is a place for every stride of the picture, and with a stride of 1 for every pixel.
    Same,
}

impl Options {
    /// Reads them, each at most once; `known` has the names of those that the piece takes.
    pub(super) fn read<'t>(
        text: &str,
        words: impl Iterator<Item = &'t str>,
        known: &[&str],
    ) -> Result<Self, String> {
        let mut options = Self::default();
        let mut seen = Vec::new();
        for word in words {
            let (key, value) = word.split_once('=').unwrap_or((word, ""));
            let kind = match activation(word) {
                Some(_) => "an activation",
                None => key,
            };
            if seen.contains(&kind) {
                return Err(format!("`{text}`: expected {kind} once, found it twice"));
            }
            seen.push(kind);
            let takes = known.contains(&key) || activation(word).is_some();
            if !takes || options.take(word, key, value).is_none() {
                return Err(format!(
                    "`{text}`: expected {} after a colon, found `{word}`",
                    expected(known)
                ));
            }
        }
        Ok(options)
    }

    /// None where a value is none that the option takes.
    fn take(&mut self, word: &str, key: &str, value: &str) -> Option<()> {
        match key {
            "stride" => self.stride = Some(two(value)?),
            "dilation" => self.dilation = Some(two(value)?),
            "pad" if value == "same" => self.padding = Some(Padding::Same),
            "pad" => self.padding = Some(Padding::Sides(four(value)?)),
            "groups" => self.groups = Some(whole(value).filter(|n| *n > 0)?),
            "count_padding" => self.count_padding = word == key,
            _ => self.activation = Some(activation(word)?),
        }
        (key != "count_padding" || self.count_padding).then_some(())
    }

    /// The window of a kernel on a picture of channels × height × width, its stride this one where no other is given.
    pub(super) fn window(
        &self,
        kernel: [usize; 2],
        stride: [usize; 2],
        [_, height, width]: [usize; 3],
    ) -> Window {
        let stride = self.stride.unwrap_or(stride);
        let dilation = self.dilation.unwrap_or([1, 1]);
        let padding = match self.padding {
            None => [0; 4],
            Some(Padding::Sides(sides)) => sides,
            Some(Padding::Same) => {
                let [top, bottom] = same(height, kernel[0], stride[0], dilation[0]);
                let [left, right] = same(width, kernel[1], stride[1], dilation[1]);
                [top, left, bottom, right]
            }
        };
        Window {
            kernel,
            stride,
            dilation,
            padding,
        }
    }
}

/// The padding before and after a side with which a window has ⌈length / stride⌉ places.
fn same(length: usize, kernel: usize, stride: usize, dilation: usize) -> [usize; 2] {
    let places = length.div_ceil(stride.max(1));
    let reach = places.saturating_sub(1) * stride + kernel.saturating_sub(1) * dilation + 1;
    let padding = reach.saturating_sub(length);
    [padding / 2, padding - padding / 2]
}

/// What an option may be.
fn expected(known: &[&str]) -> String {
    let forms = known.iter().map(|name| match *name {
        "stride" => "stride=N or stride=HxW",
        "pad" => "pad=N, pad=HxW, pad=TOPxLEFTxBOTTOMxRIGHT or pad=same",
        "dilation" => "dilation=N or dilation=HxW",
        "groups" => "groups=N",
        name => name,
    });
    let forms: Vec<&str> = forms.collect();
    format!("{}, relu, relu6 or linear", forms.join(", "))
}

/// Reads `relu`, `relu6`, `linear`.
pub(super) fn activation(word: &str) -> Option<Activation> {
    match word {
        "relu" => Some(Activation::Relu),
        "relu6" => Some(Activation::Relu6),
        "linear" | "identity" => Some(Activation::Identity),
        _ => None,
    }
}

/// A whole number that a level could have of something: what is larger is taken for a mistake.
fn whole(text: &str) -> Option<usize> {
    text.parse().ok().filter(|n| *n <= LARGEST_LEVEL)
}

/// Reads `8x5x5`: sides, each at least 1.
pub(super) fn read_sides(text: &str) -> Option<Vec<usize>> {
    let sides: Option<Vec<usize>> = text.split(['x', '×']).map(whole).collect();
    sides.filter(|sides| !sides.contains(&0))
}

/// Reads `2` or `2x1`.
fn two(text: &str) -> Option<[usize; 2]> {
    Window::both(&read_sides(text)?)
}

/// Reads `1`, `1x0` or `1x0x1x0`.
fn four(text: &str) -> Option<[usize; 4]> {
    let sides: Option<Vec<usize>> = text.split(['x', '×']).map(whole).collect();
    Window::around(&sides?)
}

/// The options of a window as they are read, those left out that it has without them; `stride` is the one without.
pub(super) fn written(window: Window, stride: [usize; 2]) -> String {
    let mut text = String::new();
    if window.stride != stride {
        text += &format!(":stride={}", written_sides(window.stride));
    }
    let [top, left, bottom, right] = window.padding;
    if window.padding != [0; 4] {
        text += ":pad=";
        text += &if [top, left] == [bottom, right] {
            written_sides([top, left])
        } else {
            format!("{top}x{left}x{bottom}x{right}")
        };
    }
    if window.dilation != [1, 1] {
        text += &format!(":dilation={}", written_sides(window.dilation));
    }
    text
}

/// `2`, or `2x1` where the sides differ.
pub(super) fn written_sides([rows, columns]: [usize; 2]) -> String {
    if rows == columns {
        rows.to_string()
    } else {
        format!("{rows}x{columns}")
    }
}
