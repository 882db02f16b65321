//! A padding that is said by a word, as frameworks take it: what to write instead.

use serde_json::value::RawValue;

use super::numbers::Numbers;
use super::window::{self, RawSides};
use crate::error::Invalid;

/// The fault of a padding that is "same" or "valid" among the keys of a layer, and where it stands; none where it is neither.
pub(super) fn by_word<'t>(keys: &[(String, &'t RawValue)]) -> Option<(Invalid, &'t RawValue)> {
    let value = |key: &str| {
        let found = keys.iter().find(|(known, _)| known == key);
        found.map(|(_, value)| *value)
    };
    let sides = |key: &str| -> Option<[usize; 2]> {
        let sides: RawSides = serde_json::from_str(value(key)?.get()).ok()?;
        sides.pair(key).ok()
    };
    let of_weights = || match serde_json::from_str::<Numbers>(value("weights")?.get()) {
        Ok(Numbers { shape, .. }) => Some([*shape.get(2)?, *shape.get(3)?]),
        Err(_) => None,
    };
    let padding = value("padding")?;
    let word: String = serde_json::from_str(padding.get()).ok()?;
    let help = match word.to_lowercase().as_str() {
        "valid" => "leave `padding` out: that is 0".to_owned(),
        "same" => {
            let kernel = sides("kernel").or_else(of_weights);
            let usual_stride = match value("kernel") {
                Some(_) => kernel,
                None => Some([1, 1]),
            };
            let stride = match value("stride") {
                Some(_) => sides("stride"),
                None => usual_stride,
            };
            same(kernel, stride, sides("dilation").unwrap_or([1, 1]))
        }
        _ => return None,
    };
    let invalid = Invalid::new(
        "padding",
        "expected a number, [h, w] or [top, left, bottom, right]",
        format!("\"{word}\""),
    );
    Some((invalid.help(help), padding))
}

/// What "same" is for a window; of one that moves by more than 1 it hangs on the picture.
fn same(kernel: Option<[usize; 2]>, stride: Option<[usize; 2]>, dilation: [usize; 2]) -> String {
    let Some(kernel) = kernel.filter(|_| stride == Some([1, 1])) else {
        return "\"same\" adds max(0, (⌈n / stride⌉ − 1) · stride + dilation · (kernel − 1) + 1 − n) to a side of n in all: \
                write [top, left, bottom, right], the smaller half first"
            .to_owned();
    };
    let around = [0, 1].map(|side: usize| {
        let all = kernel[side]
            .saturating_sub(1)
            .saturating_mul(dilation[side]);
        [all / 2, all - all / 2]
    });
    let [[top, bottom], [left, right]] = around;
    format!(
        "for this kernel of {} × {} write \"padding\": {}",
        kernel[0],
        kernel[1],
        window::padding([top, left, bottom, right])
    )
}
