//! Random numbers that are the same on every machine and in every release.
//!
//! ChaCha with 8 rounds, keyed by the seed; what is made of its bits is written here, in arithmetic that IEEE 754
//! fixes to the last digit.

use chacha20::ChaCha8Rng;
use chacha20::rand_core::{Rng, SeedableRng};

use super::quantile::quantile;

/// A sequence of random numbers.
#[derive(Debug)]
pub struct Random(ChaCha8Rng);

impl Random {
    /// The sequence of a seed; sequences of different `stream` have nothing to do with one another.
    ///
    /// The key is the seed's eight bytes, the lowest first, and 24 bytes of 0.
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        let mut generator = ChaCha8Rng::from_seed(key);
        generator.set_stream(stream);
        Self(generator)
    }

    /// Uniform in (0, 1), never 0 or 1: the middle of one of 2⁵² equal parts.
    pub fn unit(&mut self) -> f64 {
        const PARTS: f64 = (1_u64 << 52) as f64;
        ((self.0.next_u64() >> 12) as f64 + 0.5) / PARTS
    }

    /// From the standard normal distribution.
    pub fn normal(&mut self) -> f64 {
        quantile(self.unit())
    }

    /// From the standard normal distribution, cut off at ±2.
    pub fn truncated_normal(&mut self) -> f64 {
        /// Φ(−2), what lies below.
        const BELOW: f64 = 0.022_750_131_948_179_21;
        quantile(BELOW + (1.0 - 2.0 * BELOW) * self.unit())
    }

    /// A whole number below `n`, each as likely as another to within n / 2⁵².
    pub fn below(&mut self, n: usize) -> usize {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and n"
        )]
        let index = (self.unit() * n as f64) as usize;
        // The product may round up to n.
        index.min(n.saturating_sub(1))
    }

    /// Puts things into a random order, each order as likely as another (Fisher and Yates).
    pub fn shuffle<T>(&mut self, things: &mut [T]) {
        for k in (1..things.len()).rev() {
            things.swap(k, self.below(k + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn a_seed_gives_these_numbers_on_every_machine() {
        let mut random = Random::new(1, 0);
        let drawn = [random.unit(), random.normal(), random.truncated_normal()];
        // As an implementation in Python gives them, of ChaCha8 and of the quantiles.
        let known = [
            4_600_543_922_235_128_406,
            13_826_402_557_173_684_490,
            4_605_273_876_685_137_764,
        ];
        assert_eq!(drawn.map(f64::to_bits), known, "{drawn:?}");
        assert_eq!(
            Random::new(7, 3).unit().to_bits(),
            0.662_921_773_426_872_8_f64.to_bits()
        );
    }

    #[test]
    fn seeds_and_streams_give_other_numbers() {
        let first = |seed, stream| Random::new(seed, stream).unit();
        let drawn = [first(0, 0), first(1, 0), first(0, 1), first(1, 1)];
        for (n, x) in drawn.iter().enumerate() {
            assert!(drawn[..n].iter().all(|y| (x - y).abs() > 1e-9), "{drawn:?}");
        }
    }

    #[test]
    fn no_number_leaves_its_range() {
        let mut random = Random::new(7, 3);
        for _ in 0..10_000 {
            let unit = random.unit();
            assert!(unit > 0.0 && unit < 1.0);
            assert!(random.truncated_normal().abs() <= 2.0);
            assert!(random.below(3) < 3);
            assert!(random.normal().is_finite());
        }
    }
}
