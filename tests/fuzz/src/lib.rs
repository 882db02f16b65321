//! What every target of the fuzzer does: it opens a door, and holds time and memory against what is promised.

#[path = "../doors/mod.rs"]
pub mod doors;
mod memory;
#[path = "../../helpers/written.rs"]
mod written;

use std::time::{Duration, Instant};

use doors::Door;
use rustix::time::{ClockId, clock_gettime};

/// No input of a few kilobytes may take longer, even of a program that counts every branch and checks every sum.
const LONGEST: Duration = Duration::from_secs(1);
/// Memory that is always there to be taken.
const FREE: usize = 64 << 20;
/// Of a large input it may be so many times as much.
const TIMES: usize = 4;

/// Opens a door.
///
/// # Panics
///
/// Where a promise is broken: of the door itself, of time, or of memory.
pub fn watched(door: Door, bytes: &[u8]) {
    let (began, worked) = (Instant::now(), worked());
    let before = memory::begin();
    door(bytes);
    let peak = memory::peak().saturating_sub(before);
    let allowed = FREE.max(TIMES * bytes.len());
    assert!(
        peak <= allowed,
        "{peak} bytes of memory for {} of input, beyond {allowed}",
        bytes.len()
    );
    // Whoever waits for the processor has done nothing wrong.
    let took = self::worked().saturating_sub(worked);
    assert!(
        took <= LONGEST,
        "{took:?} of work, {:?} by the clock",
        began.elapsed()
    );
}

/// The time that this process worked so far, in all of its threads.
fn worked() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    Duration::from_secs(seconds) + Duration::from_nanos(u64::try_from(time.tv_nsec).unwrap_or(0))
}
