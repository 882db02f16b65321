//! Ctrl-C, and whatever else asks the program to end: files that are half written go, and a training ends with what it
//! has.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, Once, PoisonError, TryLockError};
use std::thread;
use std::time::Duration;

use super::progress;

/// The exit status of a program that SIGINT ended, as shells give it: 128 + 2.
pub const STATUS: u8 = 130;

/// Whether the command ends by itself once it was asked to.
static PATIENT: AtomicBool = AtomicBool::new(false);

/// Whether it was asked to.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Files and folders that are to go when the program ends early.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// From now on a first Ctrl-C only sets [`interrupted`]; a second ends the program.
pub fn wait_for_the_command() {
    PATIENT.store(true, Ordering::Relaxed);
    watch();
}

/// Whether the command was asked to end.
pub fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// A file or folder that goes when the program is interrupted while this lives.
pub struct Unfinished(PathBuf);

impl Unfinished {
    /// Makes a file or folder and lists it in one step: none is there that Ctrl-C does not know.
    pub fn make<T>(
        make: impl FnOnce() -> io::Result<T>,
        path: impl FnOnce(&T) -> &Path,
    ) -> io::Result<(T, Self)> {
        watch();
        let mut list = list();
        let new = make()?;
        let path = path(&new).to_owned();
        list.push(path.clone());
        Ok((new, Self(path)))
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        list().retain(|path| *path != self.0);
    }
}

/// Whether it is ending.
static ASKED: AtomicBool = AtomicBool::new(false);

/// Held while rows are written that are whole together.
static ROWS: Mutex<()> = Mutex::new(());

/// While this lives Ctrl-C waits a moment: what is written meanwhile is whole, if its reader takes it.
pub fn hold_rows() -> impl Drop {
    watch();
    ROWS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// While this lives the program is not ended by Ctrl-C, nor can a file be begun.
pub fn hold() -> impl Drop {
    list()
}

/// These are about to be finished: what it gives is [`hold`].
pub fn finish(unfinished: impl IntoIterator<Item = Unfinished>) -> impl Drop {
    let mut list = list();
    for mut one in unfinished {
        let path = std::mem::take(&mut one.0);
        // Not dropped, which would wait for the list.
        std::mem::forget(one);
        list.retain(|listed| *listed != path);
    }
    list
}

fn list() -> std::sync::MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

fn watch() {
    static ONCE: Once = Once::new();
    // Where the system takes no handler, it ends the program as it ends any other.
    ONCE.call_once(|| drop(ctrlc::set_handler(|| end(STATUS))));
}

/// Lets SIGTERM do what Ctrl-C does; called before any thread is begun.
pub fn heed_sigterm() {
    #[cfg(unix)]
    {
        use nix::sys::signal::{SigSet, Signal};
        let mut signals = SigSet::empty();
        signals.add(Signal::SIGTERM);
        // Blocked here, it is blocked in all threads begun later, and comes to the one that waits for it.
        if signals.thread_block().is_ok() {
            let wait = move || {
                while signals.wait().is_ok() {
                    end(128 + 15);
                }
            };
            if thread::Builder::new().spawn(wait).is_err() {
                let _ = signals.thread_unblock();
            }
        }
    }
}

/// Waits until the rows are whole that are being written, but no longer than a reader needs who reads; no row is begun any more.
fn wait_for_rows() {
    const STEP: Duration = Duration::from_millis(10);
    for _ in 0..50 {
        match ROWS.try_lock() {
            Err(TryLockError::WouldBlock) => thread::sleep(STEP),
            // Held until the program has ended.
            held => return std::mem::forget(held),
        }
    }
}

fn end(status: u8) {
    if PATIENT.load(Ordering::Relaxed) && !INTERRUPTED.swap(true, Ordering::Relaxed) {
        return;
    }
    // Who asks for the second time does not wait.
    if !ASKED.swap(true, Ordering::Relaxed) {
        progress::abandon();
        wait_for_rows();
    }
    // Locked to the very end, so that nothing more is begun.
    let list = list();
    for path in list.iter() {
        let _ = if path.is_dir() {
            fs::remove_dir_all(path)
        } else {
            fs::remove_file(path)
        };
    }
    std::process::exit(i32::from(status));
}
