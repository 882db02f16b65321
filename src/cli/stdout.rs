//! Everything that goes to the standard output is written here: text from outside is made harmless, and what cannot be
//! written is an error.

use std::io::{self, BufRead, BufWriter, IsTerminal, StdoutLock, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use deeptaylor::printable::{printable_lines, printable_styled};

use super::{Failure, progress};

/// Whether the program was started without a standard output.
static CLOSED: AtomicBool = AtomicBool::new(false);

#[cfg(unix)]
ctor::declarative::ctor! {
    /// Runs before `main`: Rust puts /dev/null in place of a closed stdout, and everything written would be lost
    /// without a message. There is no later moment: afterwards one cannot be told from the other.
    //
    // SAFETY: nothing of the program is set up yet when this runs: no thread but this one, no arguments, no signals. So it uses
    // nothing that is: it asks the system about two paths, which takes memory from the allocator of libc, that is ready
    // before any initialiser, and it sets a static that is there from the start. It does not unwind, for it does not panic.
    #[ctor(unsafe)]
    fn look() {
        let open = std::path::Path::new("/dev/fd/1").symlink_metadata().is_ok();
        // Where there is no such folder nothing can be known, and stdout is taken to be there.
        CLOSED.store(
            !open && std::path::Path::new("/dev/fd").is_dir(),
            Ordering::Relaxed,
        );
    }
}

/// The standard output, for what is known to be harmless.
pub fn open() -> Result<StdoutLock<'static>, Failure> {
    if CLOSED.load(Ordering::Relaxed) {
        return Err(Failure::Output(io::Error::other("stdout is closed")));
    }
    let out = io::stdout().lock();
    if out.is_terminal() {
        progress::end();
    }
    Ok(out)
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
    let mut out = data()?;
    io::copy(&mut from, &mut out)?;
    out.flush()?;
    Ok(())
}

/// The standard output, for data of any kind: byte for byte, but to a terminal nothing that would steer it.
pub fn data() -> Result<Data<BufWriter<StdoutLock<'static>>>, Failure> {
    let out = open()?;
    Ok(Data {
        line: out.is_terminal().then(Vec::new),
        out: BufWriter::new(out),
    })
}

/// Where data goes.
pub struct Data<W: Write> {
    out: W,
    /// The line at hand, where a terminal shows it.
    line: Option<Vec<u8>>,
}

impl<W: Write> Write for Data<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(line) = &mut self.line else {
            return self.out.write(bytes);
        };
        for part in bytes.split_inclusive(|&byte| byte == b'\n') {
            line.extend(part);
            if part.ends_with(b"\n") {
                shown(line, &mut self.out)?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if let Some(line) = &mut self.line {
            shown(line, &mut self.out)?;
        }
        self.out.flush()
    }
}

/// Writes a line without what would steer a terminal, and empties it.
fn shown(line: &mut Vec<u8>, out: &mut impl Write) -> io::Result<()> {
    out.write_all(printable_lines(&String::from_utf8_lossy(line)).as_bytes())?;
    line.clear();
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::Data;

    #[test]
    fn data_on_a_terminal_cannot_steer_it() {
        let mut out = Vec::new();
        let mut data = Data {
            out: &mut out,
            line: Some(Vec::new()),
        };
        // In pieces that end in the middle of a line and of a character.
        let text = "0,\u{1b}[2Jout\n1,\"\u{202e}B\t\u{1b}[5mA\"\n".as_bytes();
        for piece in text.chunks(5) {
            data.write_all(piece).expect("a list takes everything");
        }
        data.flush().expect("a list takes everything");
        assert_eq!(out, "0,·[2Jout\n1,\"·B\t·[5mA\"\n".as_bytes());
    }
}
