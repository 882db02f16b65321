//! Files for doors that read no bytes of memory: in a folder of the thread that is used again and again.

use std::cell::OnceCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// A folder that goes with its thread.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static THREADS: AtomicUsize = AtomicUsize::new(0);
        let thread = THREADS.fetch_add(1, Relaxed);
        let name = format!("deeptaylor-doors-{}-{thread}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).expect("a folder for files");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

thread_local! {
    static FOLDER: OnceCell<Folder> = const { OnceCell::new() };
}

/// The folder of this thread.
pub fn folder() -> PathBuf {
    FOLDER.with(|folder| folder.get_or_init(Folder::new).0.clone())
}

/// A file with these bytes.
pub fn file(name: &str, bytes: &[u8]) -> PathBuf {
    written(&folder().join(name), bytes)
}

/// The same in a folder of its own.
pub fn file_below(folder: &str, name: &str, bytes: &[u8]) -> PathBuf {
    let folder = self::folder().join(folder);
    fs::create_dir_all(&folder).expect("a folder for files");
    written(&folder.join(name), bytes)
}

fn written(path: &Path, bytes: &[u8]) -> PathBuf {
    fs::write(path, bytes).expect("a file can be written");
    path.to_owned()
}
