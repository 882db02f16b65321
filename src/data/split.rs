//! Which images are held out: drawn by a seed, of every class in proportion.

use std::collections::BTreeMap;

use super::Data;
use super::images::Images;
use crate::init::Random;

/// One image of so many is held out.
const PART: usize = 6;

/// The stream of random numbers, apart from those that weights, batches and orders of pixels are drawn from.
const STREAM: u64 = 3 << 32;

/// The same for the images that are explained.
const EXPLAINED: u64 = 4 << 32;

/// What is trained on and what is held out, each in the order of the file; none where no class has two images.
pub(super) fn split(images: Images, seed: u64) -> Option<(Images, Images)> {
    let mut random = Random::new(seed, STREAM);
    let mut of_class: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for n in 0..images.len() {
        of_class.entry(images.label(n)).or_default().push(n);
    }
    let mut held_out = vec![false; images.len()];
    for class in of_class.values_mut() {
        random.shuffle(class);
        for &n in &class[..held_out_of(class.len())] {
            held_out[n] = true;
        }
    }
    if !held_out.contains(&true) {
        return None;
    }
    let test = images.those(|n| held_out[n]);
    Some((images.those(|n| !held_out[n]), test))
}

impl Data {
    /// The held-out images to be explained: those that are `shown`, then others, `number` in all. The digits built in come
    /// in their order, for it is random; others as the seed draws them, for a file may be sorted by class.
    pub fn explained(&self, shown: &[usize], number: usize, seed: u64) -> Vec<usize> {
        let mut others: Vec<usize> = (0..self.test.len())
            .filter(|n| !shown.contains(n))
            .collect();
        if !self.built_in {
            Random::new(seed, EXPLAINED).shuffle(&mut others);
        }
        others.truncate(number.saturating_sub(shown.len()));
        [shown, &others].concat()
    }
}

/// How many of a class: its part, rounded, and at least one where one is left to train on.
fn held_out_of(images: usize) -> usize {
    let part = (images + PART / 2) / PART;
    if images > 1 { part.max(1) } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::split;
    use crate::data::images::{Images, Pixels};

    /// Images of these classes, each with its number as its only pixel.
    fn images(labels: &[u32]) -> Images {
        let pixels = (0..labels.len()).map(|n| u8::try_from(n).expect("few"));
        let pixels = Pixels::Bytes(pixels.collect());
        let images = Images::new("t", [1, 1], pixels, labels.to_vec());
        let mut images = images.expect("well-formed");
        images.divide_by(1.0);
        images
    }

    /// How many images each class has, of those that have any.
    fn counts(images: &Images) -> Vec<(usize, usize)> {
        images.classes().into_iter().collect()
    }

    fn numbers(images: &Images) -> Vec<f64> {
        let all: Vec<usize> = (0..images.len()).collect();
        images.samples(&all).into_raw_vec_and_offset().0
    }

    #[test]
    fn every_class_is_held_out_in_proportion_in_whatever_order_the_rows_run() {
        let cyclic: Vec<u32> = (0..180).map(|n| n % 10).collect();
        let mut sorted = cyclic.clone();
        sorted.sort_unstable();
        for labels in [cyclic, sorted] {
            let (train, test) = split(images(&labels), 1).expect("held out");
            let each = |images: usize| (0..10).map(|class| (class, images)).collect::<Vec<_>>();
            assert_eq!((counts(&train), counts(&test)), (each(15), each(3)));
            let mut all = [numbers(&train), numbers(&test)].concat();
            all.sort_by(f64::total_cmp);
            let each: Vec<f64> = (0..180).map(f64::from).collect();
            assert_eq!(all, each, "every row once");
        }
    }

    #[test]
    fn the_seed_decides_which_and_gives_these_on_every_machine() {
        let labels: Vec<u32> = (0..60).map(|n| n % 2).collect();
        let held_out = |seed| numbers(&split(images(&labels), seed).expect("held out").1);
        assert_eq!(held_out(1), held_out(1));
        assert_ne!(held_out(1), held_out(2));
        assert_eq!(held_out(1), KNOWN);
    }

    const KNOWN: [f64; 10] = [2.0, 4.0, 8.0, 9.0, 34.0, 37.0, 39.0, 43.0, 51.0, 52.0];

    #[test]
    fn a_class_of_one_is_trained_on_and_one_of_two_is_halved() {
        let (train, test) = split(images(&[0, 1, 1, 3]), 7).expect("held out");
        assert_eq!(counts(&train), [(0, 1), (1, 1), (3, 1)]);
        assert_eq!(counts(&test), [(1, 1)]);
        assert_eq!(split(images(&[0, 1, 2]), 7), None);
    }
}
