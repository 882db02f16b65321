//! A linear scale with round ticks.

use super::sheet::between;

/// No scale has more ticks than this.
const MOST: usize = 64;

/// From one number to another, with round numbers between.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    pub(super) ticks: Vec<f64>,
}

impl Scale {
    /// From a round number at or below `low` to one at or above `high`, in about `steps` steps of 1, 2 or 5 times a power
    /// of ten.
    pub(super) fn new(low: f64, high: f64, steps: usize) -> Self {
        let step = round_up(high / steps as f64 - low / steps as f64);
        let (first, last) = ((low / step).floor(), (high / step).ceil());
        let ticks = (0..MOST).map(|n| (first + n as f64) * step);
        let ticks: Vec<f64> = ticks.take_while(|tick| *tick <= last * step).collect();
        match ticks[..] {
            [from, .., to] if from <= low && high <= to && are_apart(&ticks) => Self {
                low: from,
                high: to,
                ticks,
            },
            _ => Self::without_steps(low, high),
        }
    }

    /// The same from 0 where all are on one side of it.
    pub(super) fn from_zero([low, high]: [f64; 2], steps: usize) -> Self {
        match (low.min(0.0), high.max(0.0)) {
            (low, high) if low < high => Self::new(low, high, steps),
            _ => Self::new(0.0, 1.0, steps),
        }
    }

    /// From `low` to `high` just so, with the round numbers between.
    pub(super) fn within(low: f64, high: f64, steps: usize) -> Self {
        let mut scale = Self::new(low, high, steps);
        scale.ticks.retain(|tick| (low..=high).contains(tick));
        Self { low, high, ..scale }
    }

    /// Of numbers so close together, so large or so small that no round ones lead from one to the other.
    fn without_steps(low: f64, high: f64) -> Self {
        let ticks = if low < high {
            vec![low, high]
        } else {
            vec![low]
        };
        Self { low, high, ticks }
    }

    /// Where `x` lies between the ends, from 0 to 1.
    pub(super) fn part(&self, x: f64) -> f64 {
        between(self.low, self.high, x)
    }
}

/// Whether each tick is above the one before, and none beyond f64.
fn are_apart(ticks: &[f64]) -> bool {
    ticks.windows(2).all(|pair| pair[0] < pair[1]) && ticks.iter().all(|tick| tick.is_finite())
}

/// The least of 1, 2, 5 and 10 times a power of ten that is not below `x`; the power as it is written, so that it is the same
/// on every machine.
fn round_up(x: f64) -> f64 {
    let written = format!("{x:e}");
    let power = written
        .split_once('e')
        .map(|(_, power)| format!("1e{power}"));
    let power = power
        .and_then(|power| power.parse().ok())
        .unwrap_or(f64::NAN);
    let step = [1.0, 2.0, 5.0].into_iter().find(|n| n * power >= x);
    step.unwrap_or(10.0) * power
}

#[cfg(test)]
mod tests {
    use super::Scale;
    use crate::interpretation::numbers::figure;

    fn labels(scale: &Scale) -> Vec<String> {
        scale.ticks.iter().map(|&tick| figure(tick)).collect()
    }

    #[test]
    fn ticks_are_round_numbers_around_what_is_shown() {
        for (ends, expected) in [
            ([0.0, 0.937], &["0", "0.2", "0.4", "0.6", "0.8", "1"][..]),
            ([2.302, 1.1], &["0", "0.5", "1", "1.5", "2", "2.5"]),
            ([0.31, 0.31], &["0", "0.1", "0.2", "0.3", "0.4"]),
            ([-0.03, 0.6], &["-0.2", "0", "0.2", "0.4", "0.6"]),
            ([-3.0, -1.0], &["-3", "-2", "-1", "0"]),
            ([0.0, 0.0], &["0", "0.2", "0.4", "0.6", "0.8", "1"]),
            ([700.0, 30.0], &["0", "200", "400", "600", "800"]),
        ] {
            let [a, b]: [f64; 2] = ends;
            let ends = [a.min(b), a.max(b)];
            assert_eq!(labels(&Scale::from_zero(ends, 5)), expected, "{ends:?}");
        }
    }

    #[test]
    fn ticks_rise_and_enclose_what_is_shown_up_to_the_ends_of_f64() {
        for [low, high] in [
            [0.0, f64::MAX],
            [f64::MIN, f64::MAX],
            [0.0, 5e-324],
            [1.0, 1.0 + f64::EPSILON],
            [1e17, 1e17 + 32.0],
            [0.1, 0.1],
            [0.300_1, 0.300_2],
        ] {
            let ticks = Scale::new(low, high, 5).ticks;
            assert!(ticks.windows(2).all(|pair| pair[0] < pair[1]), "{ticks:?}");
            assert!(
                ticks[0] <= low && ticks[ticks.len() - 1] >= high,
                "{ticks:?}"
            );
            assert!(ticks.len() <= 12, "{ticks:?}");
        }
    }
}
