//! How far a long command is, on stderr: one line, only where that is a terminal, and only after a second. It is drawn by a
//! thread of its own, so that a command that reads or draws for long is seen to be at work, too, and goes when the command
//! has something to say.
//!
//! `indicatif` draws finer bars. Here nothing waits for the terminal: a count does not while the line is being drawn, nor does the
//! end by a signal where the terminal is stopped.

use std::env;
use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use deeptaylor::words::{count, grouped};

/// What is done sooner shows no line.
const PATIENCE: Duration = Duration::from_secs(1);
/// The line is drawn anew so often.
const PACE: Duration = Duration::from_millis(200);
/// Back to the beginning of the line, and nothing on it any more.
const ERASE: &str = "\r\x1b[2K";

/// What there is to say; none before a command begins and when its result is there. It is held for moments only.
static LINE: Mutex<Option<Line>> = Mutex::new(None);
/// Whether the line stands on the terminal; held by whoever writes there.
static TERMINAL: Mutex<bool> = Mutex::new(false);

/// What the line says.
struct Line {
    /// What is done, where nothing is counted.
    doing: &'static str,
    start: Instant,
    counted: Option<Counted>,
}

/// What is counted.
struct Counted {
    done: usize,
    /// Of how many, where that is known.
    number: Option<usize>,
    /// One of them.
    thing: &'static str,
    start: Instant,
    /// What else is to be said of it.
    message: String,
}

fn line() -> MutexGuard<'static, Option<Line>> {
    LINE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn terminal() -> MutexGuard<'static, bool> {
    TERMINAL.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A command begins; `doing` says what it does.
pub fn begin(doing: &'static str) {
    if !is_shown() {
        return;
    }
    *line() = Some(Line {
        doing,
        start: Instant::now(),
        counted: None,
    });
    // Without the thread there is no line, and nothing else is missing.
    drop(thread::Builder::new().spawn(draw));
}

/// Whether a line disturbs nobody: stderr is a terminal that can take it away again, nothing is typed there, and no pager
/// reads the result and shows it on the same terminal.
fn is_shown() -> bool {
    let is_dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
    let mut words = env::args_os().skip(1);
    let is_quiet = words.any(|word| word == "-q" || word == "--quiet");
    io::stderr().is_terminal() && !is_dumb && !is_quiet && !is_typed() && !is_piped()
}

/// Whether the command reads what is typed.
fn is_typed() -> bool {
    let mut words = env::args().skip(1);
    io::stdin().is_terminal() && words.any(|word| word == "-" || word.ends_with("=-"))
}

/// Whether the result goes down a pipe.
fn is_piped() -> bool {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd;
        use std::os::unix::fs::FileTypeExt;
        let stdout = io::stdout().as_fd().try_clone_to_owned();
        let stdout = stdout.and_then(|stdout| std::fs::File::from(stdout).metadata());
        stdout.is_ok_and(|stdout| stdout.file_type().is_fifo())
    }
    #[cfg(not(unix))]
    {
        false
    }
}

/// Draws the line until it is taken away for good.
fn draw() {
    let mut wait = PATIENCE;
    loop {
        thread::sleep(std::mem::replace(&mut wait, PACE));
        let mut drawn = terminal();
        let Some(text) = line().as_ref().map(Line::text) else {
            return;
        };
        let width = terminal_size::terminal_size_of(io::stderr())
            .map_or(80, |(width, _)| usize::from(width.0));
        // A line that is broken could not be taken away.
        let text: String = text.chars().take(width.saturating_sub(1)).collect();
        put(&format!("{ERASE}{text}"));
        *drawn = true;
    }
}

/// Says something else on stderr, in the place of the line, which comes back.
pub fn beside(say: impl FnOnce()) {
    let mut drawn = terminal();
    erase(&mut drawn);
    say();
}

/// Takes the line away for good: the result is there.
pub fn end() {
    *line() = None;
    erase(&mut terminal());
}

/// The same, where it takes no waiting: the program is asked to end.
pub fn abandon() {
    *line() = None;
    if let Ok(mut drawn) = TERMINAL.try_lock() {
        erase(&mut drawn);
    }
}

fn erase(drawn: &mut bool) {
    if std::mem::take(drawn) {
        put(ERASE);
    }
}

/// Something that is counted while it is done.
pub struct Progress(());

impl Progress {
    /// So many of a `thing`, where that is known, none of them done yet.
    pub fn new(number: Option<usize>, thing: &'static str) -> Self {
        if let Some(line) = &mut *line() {
            line.counted = Some(Counted {
                done: 0,
                number,
                thing,
                start: Instant::now(),
                message: String::new(),
            });
        }
        Self(())
    }

    /// One more is done.
    pub fn step(&self) {
        self.advance(1);
    }

    /// So many more are done.
    pub fn advance(&self, number: usize) {
        Self::with(|counted| counted.done += number);
    }

    /// What else is to be said of it.
    pub fn show(&self, message: impl FnOnce() -> String) {
        Self::with(|counted| counted.message = message());
    }

    fn with(change: impl FnOnce(&mut Counted)) {
        if let Some(Line {
            counted: Some(counted),
            ..
        }) = &mut *line()
        {
            change(counted);
        }
    }
}

impl Drop for Progress {
    /// All is done, or given up.
    fn drop(&mut self) {
        if let Some(line) = &mut *line() {
            line.counted = None;
        }
    }
}

impl Line {
    fn text(&self) -> String {
        match &self.counted {
            Some(counted) if counted.done > 0 => counted.text(counted.start.elapsed()),
            _ => format!("{}, {}", self.doing, spelled(self.start.elapsed())),
        }
    }
}

impl Counted {
    /// How many are done, how many a second, and how long it takes yet.
    fn text(&self, elapsed: Duration) -> String {
        let rate = self.done as f64 / elapsed.as_secs_f64().max(1e-9);
        let done = match self.number {
            Some(number) => format!("{} of {}", grouped(self.done), count(number, self.thing)),
            None => count(self.done, self.thing),
        };
        let left = self.number.map(|number| {
            let left = number.saturating_sub(self.done) as f64 / rate;
            let left = Duration::try_from_secs_f64(left).unwrap_or(Duration::MAX);
            format!(", {} left", spelled(left))
        });
        format!(
            "{done}, {rate:.1} a second{}{}",
            left.unwrap_or_default(),
            self.message
        )
    }
}

/// A time in seconds, minutes or hours.
fn spelled(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..120 => format!("{seconds} s"),
        seconds @ 120..7200 => format!("{} min", seconds / 60),
        seconds => format!("{} h", seconds / 3600),
    }
}

/// To a terminal that is gone nothing is shown.
fn put(text: &str) {
    let mut stderr = io::stderr();
    let _ = stderr
        .write_all(text.as_bytes())
        .and_then(|()| stderr.flush());
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{Counted, spelled};

    #[test]
    fn a_line_says_how_many_are_done_their_rate_and_how_long_it_takes_yet() {
        let mut counted = Counted {
            done: 1200,
            number: Some(10_000),
            thing: "sample",
            start: Instant::now(),
            message: ", loss 0.125".to_owned(),
        };
        let four = Duration::from_secs(4);
        assert_eq!(
            counted.text(four),
            "1,200 of 10,000 samples, 300.0 a second, 29 s left, loss 0.125"
        );
        counted.number = None;
        assert_eq!(
            counted.text(four),
            "1,200 samples, 300.0 a second, loss 0.125"
        );
        let times = [119, 120, 7199, 7200].map(|seconds| spelled(Duration::from_secs(seconds)));
        assert_eq!(times, ["119 s", "2 min", "119 min", "2 h"]);
    }
}
