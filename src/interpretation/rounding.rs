//! How far f64 is from the exact result.

use super::numbers::figure;
use crate::result::{Amount, Sample};
use crate::words::count;

/// How far f64 is off, over all these samples, in words.
pub(crate) fn rounding_in_words<'s, N: Amount + 's>(
    samples: impl IntoIterator<Item = &'s Sample<N>>,
) -> String {
    let (mut largest, mut all_are_0, mut without) = (None, true, 0);
    for sample in samples {
        match sample.largest_rounding.and_then(|rounding| rounding.0) {
            Some(rounding) => largest = Some(rounding.max(largest.unwrap_or(0.0))),
            None => without += 1,
        }
        all_are_0 &= !sample.carries_relevance();
    }
    let off = match largest {
        None => return "f64 has no result to compare with".to_owned(),
        Some(0.0) => "f64 gives the same, to the nearest f64".to_owned(),
        Some(largest) if all_are_0 => {
            format!(
                "every relevance is 0; f64 is off by at most {}",
                figure(largest)
            )
        }
        Some(largest) => {
            format!(
                "f64 is off by at most {} of a layer's Σ|R|",
                figure(largest)
            )
        }
    };
    match without {
        0 => off,
        _ => format!("{off}; for {} it has no result", count(without, "sample")),
    }
}
