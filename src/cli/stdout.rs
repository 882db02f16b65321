//! Everything that goes to the standard output is written here: text from outside is made harmless, and what cannot be
//! written is an error.

use std::io::{self, BufRead, IsTerminal, StdoutLock, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use deeptaylor::printable::{printable_lines, printable_styled};

use super::Failure;

/// Whether the program was started without a standard output.
static CLOSED: AtomicBool = AtomicBool::new(false);

/// Runs before `main`: Rust puts /dev/null in place of a closed stdout, and everything written would be lost
/// without a message. `ctor` hides one static initialiser here, which is `unsafe`: nothing of the program is set up yet when
/// it runs. What it calls needs nothing that is.
#[cfg(unix)]
#[ctor::ctor]
fn look() {
    let open = std::path::Path::new("/dev/fd/1").symlink_metadata().is_ok();
    // Where there is no such folder nothing can be known, and stdout is taken to be there.
    CLOSED.store(
        !open && std::path::Path::new("/dev/fd").is_dir(),
        Ordering::Relaxed,
    );
}

/// The standard output, for what is known to be harmless.
pub fn open() -> Result<StdoutLock<'static>, Failure> {
    if CLOSED.load(Ordering::Relaxed) {
        return Err(Failure::Output(io::Error::other("stdout is closed")));
    }
    Ok(io::stdout().lock())
}

/// Prints text with styles, which go only where they are shown.
pub fn print_text(text: &str) -> Result<(), Failure> {
    copy_text(printable_styled(text).as_bytes())
}

/// Prints text that is known to be harmless, with styles.
pub fn copy_text(mut from: impl BufRead) -> Result<(), Failure> {
    let mut out = anstream::AutoStream::auto(open()?);
    io::copy(&mut from, &mut out)?;
    out.flush()?;
    Ok(())
}

/// Prints data, which may be still to be read, byte for byte, but to a terminal nothing that would steer it.
pub fn print(mut from: impl BufRead) -> Result<(), Failure> {
    let mut out = open()?;
    if out.is_terminal() {
        harmless(from, &mut out)?;
    } else {
        io::copy(&mut from, &mut out)?;
    }
    out.flush()?;
    Ok(())
}

/// Line by line, so that nothing has to be held.
fn harmless(mut from: impl BufRead, out: &mut impl Write) -> io::Result<()> {
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line)? > 0 {
        out.write_all(printable_lines(&String::from_utf8_lossy(&line)).as_bytes())?;
        line.clear();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn data_on_a_terminal_cannot_steer_it() {
        let mut out = Vec::new();
        let data = "0,\u{1b}[2Jout\n1,\"\u{202e}B\t\u{1b}[5mA\"\n".as_bytes();
        harmless(data, &mut out).expect("a list takes everything");
        assert_eq!(out, "0,·[2Jout\n1,\"·B\t·[5mA\"\n".as_bytes());
    }
}
