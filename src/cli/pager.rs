//! Long texts a screen at a time, as `git help` shows them.

use std::env;
use std::io::{self, IsTerminal, Write};
use std::process::{Command, Stdio};

use anstream::adapter::strip_str;

use super::stdout::{self, print_text};
use super::{Failure, interrupt};

/// Shows a text with styles through $PAGER where stdout is a terminal, else as it is.
pub fn page(text: &str) -> Result<(), Failure> {
    let pager = env::var("PAGER").unwrap_or_else(|_| "less".to_owned());
    let straight = ["", "cat"].contains(&pager.trim()) || cfg!(not(unix));
    if straight || !stdout::open()?.is_terminal() || !through(&pager, text)? {
        print_text(text)?;
    }
    Ok(())
}

/// Whether the pager is there and has shown it.
fn through(pager: &str, text: &str) -> io::Result<bool> {
    // The pager has the keyboard: Ctrl-C is meant for it.
    interrupt::wait_for_the_command();
    let _held = interrupt::hold();
    let mut command = Command::new("sh");
    command.args(["-c", pager]).stdin(Stdio::piped());
    if env::var_os("LESS").is_none() {
        // With colours; ends where all fits on one screen; leaves the text there.
        command.env("LESS", "FRX");
    }
    let Ok(mut child) = command.spawn() else {
        return Ok(false);
    };
    let plain = anstream::AutoStream::choice(&io::stdout()) == anstream::ColorChoice::Never;
    let text = if plain {
        strip_str(text).to_string()
    } else {
        text.to_owned()
    };
    if let Some(mut to) = child.stdin.take() {
        match to.write_all(text.as_bytes()) {
            // Whoever has seen enough leaves.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            written => written?,
        }
    }
    // What a shell says of a command that it cannot find or start.
    Ok(!matches!(child.wait()?.code(), Some(126 | 127)))
}
