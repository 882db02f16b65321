//! How much memory a sample takes, and how many are worked on at once.

use std::fs;
use std::str::FromStr;

use super::mapped::Mapped;
use super::{FloatSlice, Layer, Network};
use crate::error::Error;

/// Of what the machine has, a batch takes this part unless told otherwise.
const PART: u64 = 4;
/// What is taken for the memory of a machine that does not say: 8 GiB.
const UNKNOWN: u64 = 8 << 30;
/// A sample of a batch takes so many times what its levels take: they are there, in its result, on the way between, and samples
/// are read ahead.
const COPIES: usize = 5;

/// How much memory a batch may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    bytes: u64,
}

impl Network {
    /// Bytes that its weights and biases take, as they are stored.
    pub fn stored_bytes(&self) -> usize {
        let numbers = self.layers().iter().flat_map(Layer::stored);
        numbers.map(FloatSlice::bytes).sum()
    }

    /// Whether the files that large weights stay in are as they were when they were read, as far as their length and the time of
    /// their last change tell. Who computes with a network, or writes it, asks before a result is used; the forward pass and the
    /// explainers do so themselves.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`], naming the file.
    pub fn check_unchanged(&self) -> Result<(), Error> {
        let mut maps = self.layers().iter().map(Layer::linear);
        maps.try_for_each(|map| map.mapped().map_or(Ok(()), Mapped::check))
            .map_err(|(file, reason)| Error::Unreadable {
                file: file.display().to_string(),
                reason,
            })
    }

    /// Bytes that one sample takes while it is explained: activation and relevance of every unit.
    pub fn sample_bytes(&self) -> usize {
        2 * self.units().iter().sum::<usize>() * size_of::<f64>()
    }
}

impl Memory {
    /// How many samples of a network are worked on at once: at least one, and no more than `most`, beyond which products
    /// become no faster.
    pub fn rows(self, network: &Network, most: usize) -> usize {
        let each = network.sample_bytes().saturating_mul(COPIES).max(1);
        let rows = self.bytes / each as u64;
        usize::try_from(rows).map_or(most, |rows| rows.clamp(1, most))
    }

    /// The same for each of so many batches at work side by side.
    #[must_use]
    pub fn shared_by(self, batches: usize) -> Self {
        let bytes = self.bytes / batches.max(1) as u64;
        Self { bytes }
    }
}

impl Default for Memory {
    /// A quarter of the memory that the machine has available, by what Linux says of itself and of the group that the
    /// process is in; 2 GiB elsewhere.
    fn default() -> Self {
        let group = [
            "/sys/fs/cgroup/memory.max",
            "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        ];
        let limits = group
            .iter()
            .filter_map(|file| fs::read_to_string(file).ok()?.trim().parse().ok());
        let available = limits.chain(available()).min().unwrap_or(UNKNOWN);
        let bytes = available / PART;
        Self { bytes }
    }
}

/// What Linux says that a program may still take without swapping.
fn available() -> Option<u64> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_mul(1024)
}

impl FromStr for Memory {
    type Err = String;

    /// A number of bytes, or of a unit: `2GiB`, `500 MB`, `1.5g`.
    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || "expected a size, for instance 2GiB, 500MB or 1000000000".to_owned();
        let text = text.trim();
        let digits = text.find(|c: char| !(c.is_ascii_digit() || c == '.'));
        let (number, unit) = text.split_at(digits.unwrap_or(text.len()));
        let unit = match &unit.trim().to_ascii_lowercase()[..] {
            "" | "b" => 1.0,
            "kb" => 1e3,
            "mb" => 1e6,
            "gb" => 1e9,
            "tb" => 1e12,
            "k" | "kib" => f64::from(1 << 10),
            "m" | "mib" => f64::from(1 << 20),
            "g" | "gib" => f64::from(1 << 30),
            "t" | "tib" => f64::from(1 << 30) * 1024.0,
            _ => return Err(expected()),
        };
        let number: f64 = number.parse().map_err(|_| expected())?;
        let bytes = number * unit;
        if !(bytes.is_finite() && bytes >= 1.0) {
            return Err(expected());
        }
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at least 1, and it saturates"
        )]
        let bytes = bytes as u64;
        Ok(Self { bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::{Memory, available};
    use crate::Network;

    #[test]
    #[cfg_attr(not(target_os = "linux"), ignore = "no other system says it this way")]
    fn a_batch_takes_a_part_of_the_memory_that_is_available() {
        let available = available().expect("Linux says it");
        assert!(available > 1 << 20, "{available} bytes");
        // It changes all the time, but not many times over.
        let Memory { bytes } = Memory::default();
        assert!(bytes < 2 * available, "{bytes} of {available}");
    }

    #[test]
    fn a_size_is_read_in_every_unit() {
        for (text, bytes) in [
            ("1000", 1000),
            ("2GiB", 2 << 30),
            ("2 gib", 2 << 30),
            ("0.5k", 512),
            ("500MB", 500_000_000),
            ("1", 1),
            ("3b", 3),
            ("3kb", 3000),
            ("3 GB", 3_000_000_000),
            ("3tb", 3_000_000_000_000),
            ("3KiB", 3 << 10),
            ("3m", 3 << 20),
            ("3MiB", 3 << 20),
            ("1.5g", 3 << 29),
            ("3t", 3 << 40),
            ("3TiB", 3 << 40),
        ] {
            assert_eq!(text.parse(), Ok(Memory { bytes }), "{text}");
        }
        let huge = "9".repeat(400);
        for text in [
            "", "GiB", "-1", "1.2.3", "0", "0.9", "2 apples", "1e9", &huge,
        ] {
            assert!(text.parse::<Memory>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_batch_takes_a_part_of_what_the_machine_has_available() {
        // What is available may change meanwhile, but not by half.
        let available = super::available();
        let most = available.unwrap_or(super::UNKNOWN) / 2;
        assert!((1..most).contains(&Memory::default().bytes));
        if cfg!(target_os = "linux") {
            let bytes = available.expect("Linux says what it has");
            assert!(bytes > 1 << 20 && bytes.is_multiple_of(1024), "{bytes}");
        }
    }

    #[test]
    fn rows_follow_from_the_budget_and_are_at_least_one() {
        let network = Network::figure_4();
        let each = 5 * network.sample_bytes() as u64;
        let rows = |bytes: u64| Memory { bytes }.rows(&network, 256);
        assert_eq!([1, 3 * each, u64::MAX].map(rows), [1, 3, 256]);
        let shared = Memory { bytes: 6 * each }.shared_by(2);
        assert_eq!(shared.rows(&network, 256), 3);
        assert!(Memory::default().rows(&network, 256) == 256);
    }
}
