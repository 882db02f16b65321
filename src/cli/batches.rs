//! Samples in batches. What comes from a file or down a pipe is read ahead by a thread of its own, so that reading goes on
//! while the samples before are explained.

use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::{self, JoinHandle};

use deeptaylor::samples::Record;

use super::Failure;
use super::records::{Coming, Records};

/// Some samples, or why there are no more.
type Read = Result<Vec<Record>, Failure>;

/// Samples on their way, so many at once at the most.
pub struct Batches {
    from: From,
    rows: usize,
}

/// Where they are taken.
enum From {
    /// Where they lie.
    Place(Box<Records>),
    /// Behind the thread that reads them.
    Thread(Ahead),
}

/// A thread that reads ahead.
struct Ahead {
    read: Receiver<Read>,
    /// What came behind a batch and is no part of it.
    next: Option<Read>,
    /// How many samples it hands on at once.
    each: usize,
    thread: Option<JoinHandle<()>>,
}

impl Batches {
    /// Before the first sample; `rows` are explained at once at the most.
    pub fn new(records: Box<Records>, coming: Coming, rows: usize) -> Result<Self, Failure> {
        let from = match coming {
            Coming::AtHand => From::Place(records),
            Coming::FromFile => From::Thread(Ahead::begin(records, rows, rows)?),
            Coming::Live => From::Thread(Ahead::begin(records, 1, rows)?),
        };
        Ok(Self { from, rows })
    }

    /// Whether they come down a pipe.
    pub fn are_live(&self) -> bool {
        matches!(&self.from, From::Thread(ahead) if ahead.each < self.rows)
    }

    /// The next samples; none at the end. Of those that come down a pipe as many as have arrived: no sample waits for another.
    pub fn next(&mut self) -> Option<Read> {
        match &mut self.from {
            From::Place(records) => taken(records, self.rows),
            From::Thread(ahead) => ahead.next(self.rows),
        }
    }
}

/// Up to so many records.
fn taken(records: &mut Records, most: usize) -> Option<Read> {
    let some: Read = records.take(most).collect();
    let ended = some.as_ref().is_ok_and(Vec::is_empty);
    (!ended).then_some(some)
}

impl Ahead {
    /// Begins to read: `each` samples are handed on at once, and no more than `rows` wait.
    fn begin(mut records: Box<Records>, each: usize, rows: usize) -> Result<Self, Failure> {
        let (send, read) = sync_channel(rows / each);
        let read_all = move || {
            while let Some(some) = taken(&mut *records, each) {
                let failed = some.is_err();
                if send.send(some).is_err() || failed {
                    break;
                }
            }
        };
        // It is not waited for: a command whose output nobody reads any more ends, whatever is still to come down a pipe.
        let thread = thread::Builder::new().spawn(read_all);
        let thread = thread
            .map_err(|error| Failure::Usage(format!("no thread to read samples: {error}")))?;
        Ok(Self {
            read,
            next: None,
            each,
            thread: Some(thread),
        })
    }

    fn next(&mut self, rows: usize) -> Option<Read> {
        let mut batch = match self.next.take().or_else(|| self.read.recv().ok()) {
            Some(Ok(batch)) => batch,
            Some(failed) => return Some(failed),
            None => return self.end(),
        };
        while batch.len() + self.each <= rows {
            match self.read.try_recv() {
                Ok(Ok(more)) => batch.extend(more),
                Ok(failed) => {
                    self.next = Some(failed);
                    break;
                }
                Err(_) => break,
            }
        }
        Some(Ok(batch))
    }

    /// Nothing more comes: all was read, unless the thread ended otherwise.
    fn end(&mut self) -> Option<Read> {
        if let Some(Err(panic)) = self.thread.take().map(JoinHandle::join) {
            resume_unwind(panic);
        }
        None
    }
}
