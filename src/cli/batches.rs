//! Samples in batches. What comes from a file or down a pipe is read ahead by a thread of its own, so that reading goes on
//! while the samples before are explained.

use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::{self, JoinHandle};

use deeptaylor::samples::Record;

use super::failure::with_notes;
use super::records::{Coming, Records};
use super::{Failure, failure};

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
    Place(Place),
    /// Behind the thread that reads them.
    Thread(Ahead),
}

/// Samples where they lie.
struct Place {
    records: Box<Records>,
    /// Why there are no more behind those that were taken last.
    failed: Option<Failure>,
}

/// A thread that reads ahead. What is to be told of the samples comes with them.
struct Ahead {
    read: Receiver<(Read, Vec<String>)>,
    /// What came behind a batch and is no part of it.
    next: Option<(Read, Vec<String>)>,
    /// How many samples it hands on at once.
    each: usize,
    thread: Option<JoinHandle<()>>,
}

impl Batches {
    /// Before the first sample; `rows` are explained at once at the most.
    pub fn new(records: Box<Records>, coming: Coming, rows: usize) -> Result<Self, Failure> {
        let place = Place {
            records,
            failed: None,
        };
        let from = match coming {
            Coming::AtHand => From::Place(place),
            Coming::FromFile => From::Thread(Ahead::begin(place, rows, rows)?),
            Coming::Live => From::Thread(Ahead::begin(place, 1, rows)?),
        };
        Ok(Self { from, rows })
    }

    /// Whether they come from a file or down a pipe, and not all of them are known.
    pub fn are_read_ahead(&self) -> bool {
        matches!(self.from, From::Thread(_))
    }

    /// The next samples; none at the end. Of those that come down a pipe as many as have arrived: no sample waits for another.
    pub fn next(&mut self) -> Option<Read> {
        match &mut self.from {
            From::Place(place) => place.next(self.rows),
            From::Thread(ahead) => ahead.next(self.rows),
        }
    }
}

impl Place {
    /// Up to so many; those before a fault come without it.
    fn next(&mut self, most: usize) -> Option<Read> {
        if let Some(failed) = self.failed.take() {
            return Some(Err(failed));
        }
        let mut batch = Vec::new();
        for record in self.records.by_ref().take(most) {
            match record {
                Ok(record) => batch.push(record),
                Err(failed) if batch.is_empty() => return Some(Err(failed)),
                Err(failed) => {
                    self.failed = Some(failed);
                    break;
                }
            }
        }
        (!batch.is_empty()).then_some(Ok(batch))
    }
}

impl Ahead {
    /// Begins to read: `each` samples are handed on at once, and no more than `rows` wait.
    fn begin(mut place: Place, each: usize, rows: usize) -> Result<Self, Failure> {
        let (send, read) = sync_channel(rows / each);
        let read_all = move || {
            loop {
                let (some, notes) = with_notes(|| place.next(each));
                let last = !matches!(some, Some(Ok(_)));
                let some = some.unwrap_or_else(|| Ok(Vec::new()));
                if send.send((some, notes)).is_err() || last {
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
        let (read, notes) = match self.next.take().or_else(|| self.read.recv().ok()) {
            Some(some) => some,
            None => return self.end(),
        };
        notes.iter().for_each(|note| failure::print(note));
        let mut batch = match read {
            Ok(batch) if batch.is_empty() => return self.end(),
            Ok(batch) => batch,
            failed => return Some(failed),
        };
        while batch.len() + self.each <= rows {
            match self.read.try_recv() {
                Ok((Ok(more), notes)) if notes.is_empty() && !more.is_empty() => {
                    batch.extend(more);
                }
                Ok(other) => {
                    self.next = Some(other);
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
