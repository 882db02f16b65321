//! Which images a step sees: all of them in a random order, then all of them in another.

use crate::init::Random;

/// The stream of random numbers; a network's layers have those from 0 up.
const STREAM: u64 = 1 << 32;

/// Images in random order.
#[derive(Debug)]
pub(super) struct Batches {
    order: Vec<usize>,
    used: usize,
    random: Random,
}

impl Batches {
    pub(super) fn new(images: usize, seed: u64) -> Self {
        Self {
            order: (0..images).collect(),
            used: images,
            random: Random::new(seed, STREAM),
        }
    }

    /// The next `batch` images.
    pub(super) fn next(&mut self, batch: usize, chosen: &mut Vec<usize>) {
        chosen.clear();
        while chosen.len() < batch {
            if self.used == self.order.len() {
                self.random.shuffle(&mut self.order);
                self.used = 0;
            }
            chosen.push(self.order[self.used]);
            self.used += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Batches;

    #[test]
    fn every_image_comes_once_before_one_comes_again() {
        let mut batches = Batches::new(10, 1);
        let (mut all, mut chosen) = (Vec::new(), Vec::new());
        for _ in 0..10 {
            batches.next(3, &mut chosen);
            all.extend(chosen.iter().copied());
        }
        for epoch in all.chunks(10) {
            let mut seen = epoch.to_vec();
            seen.sort_unstable();
            assert_eq!(seen, (0..10).collect::<Vec<_>>());
        }
        assert_ne!(all[..10], all[10..20], "another order each time");
    }
}
