//! A picture brought to another size: bilinear where it grows, the average over a triangle as wide as two new pixels where it
//! shrinks. Pillow's BILINEAR and torchvision's Resize do the same, but round between rows and columns.

use super::picture::Picture;

/// The picture at this size; it is stretched where its proportions are others.
pub(super) fn resized(picture: &Picture, height: usize, width: usize) -> Picture {
    let channels = picture.channels;
    let wide = |levels: &[f64], rows| along(levels, rows, (picture.width, width), channels);
    let high =
        |levels: &[f64], columns| along(levels, 1, (picture.height, height), columns * channels);
    // What is smaller comes first.
    let levels = if picture.height * width <= height * picture.width {
        high(&wide(&picture.levels, picture.height), width)
    } else {
        wide(&high(&picture.levels, picture.width), height)
    };
    Picture {
        height,
        width,
        levels,
        ..*picture
    }
}

/// Brings the middle side of `outer` × `old` × `inner` levels to another length.
fn along(levels: &[f64], outer: usize, (old, new): (usize, usize), inner: usize) -> Vec<f64> {
    let weights = weights(old, new);
    let mut brought = Vec::with_capacity(outer * new * inner);
    for block in levels.chunks_exact(old * inner).take(outer) {
        for (first, weights) in &weights {
            brought.extend((0..inner).map(|i| {
                let terms = weights.iter().enumerate();
                let terms = terms.map(|(n, weight)| weight * block[(first + n) * inner + i]);
                terms.sum::<f64>()
            }));
        }
    }
    brought
}

/// For each of `new` places along a side, the first of the `old` ones that count, and how much each does.
fn weights(old: usize, new: usize) -> Vec<(usize, Vec<f64>)> {
    let scale = old as f64 / new as f64;
    let reach = scale.max(1.0);
    let of = |place: usize| {
        let centre = (place as f64 + 0.5) * scale;
        let weight = |n: usize| (1.0 - (n as f64 + 0.5 - centre).abs() / reach).max(0.0);
        let first = (0..old).find(|n| weight(*n) > 0.0).unwrap_or(0);
        let weights: Vec<f64> = (first..old).map(weight).take_while(|w| *w > 0.0).collect();
        let sum: f64 = weights.iter().sum();
        (
            first,
            weights.into_iter().map(|weight| weight / sum).collect(),
        )
    };
    (0..new).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::super::picture::Picture;
    use super::resized;

    fn grey(height: usize, width: usize, levels: &[f64]) -> Picture {
        Picture {
            height,
            width,
            channels: 1,
            levels: levels.to_vec(),
            white: 255.0,
        }
    }

    #[test]
    fn by_hand_a_picture_grows_between_its_pixels_and_shrinks_to_their_averages() {
        // The new pixels stand at 1/4, 3/4, 5/4, 7/4 of the old ones at 1/2 and 3/2.
        let grown = resized(&grey(1, 2, &[0.0, 8.0]), 1, 4);
        assert_eq!(grown.levels, [0.0, 2.0, 6.0, 8.0]);
        // Of four at 1/2, 3/2, 5/2, 7/2 the new ones at 1 and 3 take 3 : 3 : 1 each.
        let shrunk = resized(&grey(4, 1, &[7.0, 0.0, 14.0, 7.0]), 2, 1);
        let expected = [(3.0 * 7.0 + 14.0) / 7.0, (3.0 * 14.0 + 3.0 * 7.0) / 7.0];
        for (level, expected) in shrunk.levels.iter().zip(expected) {
            assert!(
                (level - expected).abs() < 1e-12,
                "{level} is not {expected}"
            );
        }
    }

    #[test]
    fn a_picture_of_one_level_stays_that_at_any_size() {
        for (height, width) in [(1, 1), (3, 7), (20, 2)] {
            let picture = resized(&grey(5, 4, &[9.0; 20]), height, width);
            assert!(
                picture
                    .levels
                    .iter()
                    .all(|level| (level - 9.0).abs() < 1e-12)
            );
        }
    }
}
