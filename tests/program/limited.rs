//! Runs that may have little memory.

use std::path::Path;
use std::process::{Command, Output, Stdio};

/// What is limited.
pub enum Limit {
    /// Bytes of its own; what it maps of files is not counted.
    #[cfg(target_os = "linux")]
    Own(u64),
    /// Bytes that it has addresses for.
    All(u64),
}

/// What a run in a folder gives that may have so much memory.
pub fn limited(folder: &Path, limit: &Limit, arguments: &[&str]) -> Output {
    let (option, bytes) = match limit {
        #[cfg(target_os = "linux")]
        Limit::Own(bytes) => ("-d", bytes),
        Limit::All(bytes) => ("-v", bytes),
    };
    let line = format!("ulimit {option} {}; exec \"$0\" \"$@\"", bytes / 1024);
    let mut shell = Command::new("sh");
    shell
        .args(["-c", &line])
        .arg(env!("CARGO_BIN_EXE_deeptaylor"))
        .args(arguments)
        .current_dir(folder)
        .env("RAYON_NUM_THREADS", "2")
        .stdin(Stdio::null());
    shell.output().expect("there is a shell")
}
