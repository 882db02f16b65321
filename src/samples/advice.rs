//! What is said of the scale of values.

use crate::network::Bounds;

/// Scaled values that come no further than this part of their bounds are told.
const SLIVER: f64 = 0.1;

/// How to scale values as those of this sample.
pub(super) fn scale(values: &[f64]) -> String {
    let largest = values.iter().copied().fold(0.0, f64::max);
    let max = format!(
        "--scale max divides every value by the largest of the file ({largest} in this sample)"
    );
    // Bytes seldom stay below half of their largest.
    let bytes = largest > 127.0 && largest <= 255.0;
    let by_255 = if bytes { ", --scale 255 by 255" } else { "" };
    format!("{max}{by_255}; --scale none takes them as they stand")
}

/// That scaled values of up to `reach` fill little of their bounds, where they do.
pub(super) fn sliver(reach: f64, bounds: Option<&Bounds>) -> Option<String> {
    let ends = match bounds? {
        Bounds::Same(ends) => std::slice::from_ref(ends),
        Bounds::Each(ends) => ends,
    };
    let end = ends
        .iter()
        .flatten()
        .fold(0.0_f64, |end, x| end.max(x.abs()));
    (reach > 0.0 && reach < SLIVER * end).then(|| {
        format!(
            "values reach {reach} at the most once they are scaled, and the bounds of the network {end}; --scale max \
             divides by the largest value"
        )
    })
}
