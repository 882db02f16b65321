//! Pixel flipping (Bach et al. 2015, Samek et al. 2017): pixels are set to 0 in the order of their relevance, and f is
//! watched falling. The faster it falls, the more the relevant pixels mattered.

use ndarray::{Array2, ArrayView2, ArrayViewMut1, Axis};

use crate::error::Error;
use crate::init::Random;
use crate::network::{Levels, Network, row};

/// In how many batches the pixels go where nothing else is asked for.
pub const BATCHES: usize = 28;

/// Images that are run at once.
const AT_ONCE: usize = 256;

/// The stream of random numbers, apart from those that weights and batches are drawn from.
const STREAM: u64 = 1 << 33;

/// The pixels of each image, the most relevant first; equal ones in their order.
pub fn orders(relevance: ArrayView2<f64>) -> Vec<Vec<usize>> {
    let order = |row: ndarray::ArrayView1<f64>| {
        let mut order: Vec<usize> = (0..row.len()).collect();
        order.sort_by(|&a, &b| row[b].total_cmp(&row[a]));
        order
    };
    relevance.rows().into_iter().map(order).collect()
}

/// The pixels of one image after the other in random orders, without end.
pub fn random_orders(pixels: usize, seed: u64) -> impl Iterator<Item = Vec<usize>> {
    let mut random = Random::new(seed, STREAM);
    let mut order: Vec<usize> = (0..pixels).collect();
    std::iter::repeat_with(move || {
        random.shuffle(&mut order);
        order.clone()
    })
}

/// f of each image with none to all of so many batches gone: a row for each of them, a column an image. `f` makes it of the
/// outputs of the n-th image.
///
/// # Errors
///
/// [`Error::Overflow`] where an activation leaves the range of f64.
///
/// # Panics
///
/// When an order names a pixel that there is not.
pub fn left(
    network: &Network,
    samples: ArrayView2<f64>,
    orders: &[Vec<usize>],
    batches: usize,
    f: impl Fn(usize, &[f64]) -> f64,
) -> Result<Array2<f64>, Error> {
    let pixels = samples.ncols();
    let batches = batches.min(pixels);
    let mut samples = samples.to_owned();
    let mut left = Array2::zeros((batches + 1, samples.nrows()));
    let first = |batch: usize| batch * pixels / batches;
    for batch in 0..=batches {
        write_f(network, &samples, &f, left.row_mut(batch))?;
        let (from, to) = (first(batch), first(batch + 1));
        for (mut row, order) in samples.rows_mut().into_iter().zip(orders) {
            for &i in &order[from.min(pixels)..to.min(pixels)] {
                row[i] = 0.0;
            }
        }
    }
    Ok(left)
}

/// `Σ f / Σ f(x)` over the images, of what is [left] of each; none where `Σ f(x)` is not above 0.
pub fn curve(left: ArrayView2<f64>) -> Option<Vec<f64>> {
    let sums: Vec<f64> = left
        .rows()
        .into_iter()
        .map(|row| row.iter().sum())
        .collect();
    let whole = *sums.first()?;
    (whole > 0.0).then(|| sums.iter().map(|f| f / whole).collect())
}

/// The area over a flipping curve, from 0 (nothing changes until all is gone) to 1 (all is gone with the first batch);
/// beyond where f falls below 0 or rises: `mean_k (1 − curve_k)` over the batches.
pub fn area_over(curve: &[f64]) -> f64 {
    let batches = curve.len().saturating_sub(1).max(1);
    curve.iter().skip(1).map(|f| 1.0 - f).sum::<f64>() / batches as f64
}

fn write_f(
    network: &Network,
    samples: &Array2<f64>,
    f: impl Fn(usize, &[f64]) -> f64,
    mut to: ArrayViewMut1<f64>,
) -> Result<(), Error> {
    let mut activations = Levels::default();
    let chunks = samples.axis_chunks_iter(Axis(0), AT_ONCE);
    for (samples, first) in chunks.zip((0..).step_by(AT_ONCE)) {
        network
            .forward(samples, &mut activations)
            .map_err(|error| error.counted_from(first))?;
        let outputs = activations.level(network.top());
        for n in 0..outputs.nrows() {
            to[first + n] = f(first + n, row(&outputs, n));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::{Array2, array};

    use super::{Random, area_over, curve, left, orders, random_orders};
    use crate::network::{Activation, Input, Layer, Network};

    #[test]
    fn the_curve_of_a_sum_by_hand() {
        // f = 4·x_0 + 1·x_1: the more relevant goes first, 5 → 1 → 0.
        let weights = array![[4.0], [1.0]];
        let layer = Layer::dense(weights, vec![], Activation::Relu).expect("a layer");
        let network = Network::new(Input::flat(2), vec![layer]).expect("a network");
        let samples = array![[1.0, 1.0]];
        let order = orders(array![[4.0, 1.0]].view());
        let of = |samples: &Array2<f64>, order: &[Vec<usize>]| {
            let left = left(&network, samples.view(), order, 28, |_, z| z[0]);
            curve(left.expect("finite").view())
        };
        let found = of(&samples, &order).expect("f > 0");
        assert_relative_eq!(found[..], [1.0, 0.2, 0.0]);
        assert_relative_eq!(area_over(&found), 0.9);
        let worst = of(&samples, &[vec![1, 0]]).expect("f > 0");
        assert_relative_eq!(area_over(&worst), 0.6);
        assert_eq!(of(&array![[0.0, 0.0]], &order), None, "0/0 is no curve");
        let left = left(&network, samples.view(), &order, 1, |_, z| z[0]);
        assert_eq!(
            left.expect("finite"),
            array![[5.0], [0.0]],
            "all in one batch"
        );
    }

    #[test]
    fn batches_are_of_nearly_equal_size_and_each_image_has_its_own_f() {
        // Five pixels in three batches: 1, 2 and 2 of them.
        let layer = Layer::dense(Array2::eye(5), vec![], Activation::Relu).expect("a layer");
        let network = Network::new(Input::flat(5), vec![layer]).expect("a network");
        let order = vec![4, 3, 2, 1, 0];
        let images = 300;
        let samples = Array2::from_elem((images, 5), 1.0);
        let f = |n: usize, z: &[f64]| 100.0 * n as f64 + z.iter().sum::<f64>();
        let left = left(&network, samples.view(), &vec![order; images], 3, f);
        for (left, whole) in left
            .expect("finite")
            .rows()
            .into_iter()
            .zip([5.0, 4.0, 2.0, 0.0])
        {
            let expected: Vec<f64> = (0..images).map(|n| 100.0 * n as f64 + whole).collect();
            assert_eq!(left.to_vec(), expected);
        }
    }

    #[test]
    fn random_orders_are_not_drawn_from_the_stream_of_weights() {
        let mut of_weights: Vec<usize> = (0..50).collect();
        Random::new(1, 0).shuffle(&mut of_weights);
        let orders: Vec<Vec<usize>> = random_orders(50, 1).take(2).collect();
        assert_ne!(orders[0], of_weights);
        assert_ne!(orders[0], orders[1]);
    }

    #[test]
    fn a_random_order_holds_every_pixel_once() {
        for mut order in random_orders(50, 1).take(3) {
            order.sort_unstable();
            assert_eq!(order, (0..50).collect::<Vec<_>>());
        }
    }
}
