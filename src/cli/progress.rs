//! How far a long command is, on stderr: only where that is a terminal, and only after a second.

use std::sync::Once;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// What is done sooner shows no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// A bar that shows itself after a while.
pub struct Progress {
    bar: ProgressBar,
    start: Instant,
    shown: Once,
}

impl Progress {
    /// For so many `things`, none of them done yet.
    pub fn new(number: usize, things: &str) -> Self {
        let hidden = ProgressDrawTarget::hidden();
        let mut bar = ProgressBar::with_draw_target(Some(number as u64), hidden);
        let template = format!("{{wide_bar}} {{pos}} of {{len}} {things}{{msg}}, {{eta}} left");
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar = bar.with_style(style);
        }
        Self {
            bar,
            start: Instant::now(),
            shown: Once::new(),
        }
    }

    /// One more is done.
    pub fn step(&self) {
        self.advance(1);
    }

    /// So many more are done.
    pub fn advance(&self, number: usize) {
        if self.start.elapsed() > PATIENCE {
            let stderr = || self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.shown.call_once(stderr);
        }
        self.bar.inc(number as u64);
    }

    /// What else is to be said of it.
    pub fn show(&self, message: impl FnOnce() -> String) {
        if self.shown.is_completed() {
            self.bar.set_message(message());
        }
    }

    /// All is done, or given up: the line is cleared.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}
