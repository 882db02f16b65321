//! Pixel flipping (Bach et al. 2015, Samek et al. 2017): pixels are set to 0 in the order of their relevance, and f is
//! watched falling. The faster it falls, the more the relevant pixels mattered.

use ndarray::{Array2, ArrayView2};

use crate::error::Error;
use crate::init::Random;
use crate::network::{Levels, Network};

/// In how many batches the pixels go.
const BATCHES: usize = 28;

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

/// The pixels of each image in a random order.
pub fn random_orders(images: usize, pixels: usize, seed: u64) -> Vec<Vec<usize>> {
    let mut random = Random::new(seed, STREAM);
    let mut order: Vec<usize> = (0..pixels).collect();
    let mut shuffled = || {
        random.shuffle(&mut order);
        order.clone()
    };
    (0..images).map(|_| shuffled()).collect()
}

/// `Σ f / Σ f(x)` over the images, each f being the output of its class, with none to all of the batches gone; none where
/// `Σ f(x)` is not above 0.
///
/// # Errors
///
/// [`Error::Overflow`] where an activation leaves the range of f64.
///
/// # Panics
///
/// When an order names a pixel, or a class an output, that there is not.
pub fn curve(
    network: &Network,
    samples: &Array2<f64>,
    classes: &[usize],
    orders: &[Vec<usize>],
) -> Result<Option<Vec<f64>>, Error> {
    let pixels = samples.ncols();
    let batches = BATCHES.min(pixels);
    let mut left = samples.clone();
    let mut curve = Vec::with_capacity(batches + 1);
    for batch in 0..=batches {
        curve.push(sum_of_f(network, &left, classes)?);
        let (from, to) = (batch * pixels / batches, (batch + 1) * pixels / batches);
        for (mut row, order) in left.rows_mut().into_iter().zip(orders) {
            for &i in &order[from.min(pixels)..to.min(pixels)] {
                row[i] = 0.0;
            }
        }
    }
    let whole = curve[0];
    Ok((whole > 0.0).then(|| curve.iter().map(|f| f / whole).collect()))
}

/// The area over a flipping curve, from 0 (nothing changes until all is gone) to 1 (all is gone with the first batch);
/// beyond where f falls below 0 or rises: `mean_k (1 − curve_k)` over the batches.
pub fn area_over(curve: &[f64]) -> f64 {
    let batches = curve.len().saturating_sub(1).max(1);
    curve.iter().skip(1).map(|f| 1.0 - f).sum::<f64>() / batches as f64
}

fn sum_of_f(network: &Network, samples: &Array2<f64>, classes: &[usize]) -> Result<f64, Error> {
    let mut activations = Levels::default();
    let mut sum = 0.0;
    let chunks = samples.axis_chunks_iter(ndarray::Axis(0), AT_ONCE);
    for (samples, classes) in chunks.zip(classes.chunks(AT_ONCE)) {
        network.forward(samples, &mut activations)?;
        let outputs = activations.level(network.top());
        let rows = outputs.rows().into_iter().zip(classes);
        sum += rows.map(|(z, &class)| z[class]).sum::<f64>();
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::array;

    use super::{area_over, curve, orders, random_orders};
    use crate::network::{Activation, Input, Layer, Network};

    #[test]
    fn the_curve_of_a_sum_by_hand() {
        // f = 4·x_0 + 1·x_1: the more relevant goes first, 5 → 1 → 0.
        let weights = array![[4.0], [1.0]];
        let layer = Layer::dense(weights, vec![], Activation::Relu).expect("a layer");
        let network = Network::new(Input::flat(2), vec![layer]).expect("a network");
        let samples = array![[1.0, 1.0]];
        let order = orders(array![[4.0, 1.0]].view());
        let found = curve(&network, &samples, &[0], &order)
            .expect("finite")
            .expect("f > 0");
        assert_relative_eq!(found[..], [1.0, 0.2, 0.0]);
        assert_relative_eq!(area_over(&found), 0.9);
        let worst = curve(&network, &samples, &[0], &[vec![1, 0]])
            .expect("finite")
            .expect("f > 0");
        assert_relative_eq!(area_over(&worst), 0.6);
        let nothing = curve(&network, &array![[0.0, 0.0]], &[0], &order).expect("finite");
        assert_eq!(nothing, None, "0/0 is no curve");
    }

    #[test]
    fn a_random_order_holds_every_pixel_once() {
        for mut order in random_orders(3, 50, 1) {
            order.sort_unstable();
            assert_eq!(order, (0..50).collect::<Vec<_>>());
        }
    }
}
