//! Images in the terminal: drawn where it has colours for them, and nowhere else.

use std::process::Command;

use crate::program::program;
use crate::python::python;

/// Runs a command with stdout on a terminal of 80 columns, and gives what the terminal got.
const SHOW: &str = "
import fcntl, os, pty, struct, subprocess, sys, termios
terminal, end = pty.openpty()
fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=end)
os.close(end)
said = b''
try:
    while more := os.read(terminal, 4096):
        said += more
except OSError:
    pass  # nobody has it open any more
sys.stdout.buffer.write(said)
sys.exit(child.wait())
";

const FULL: &str = "\u{1b}[38;2;";
const PALETTE: &str = "\u{1b}[38;5;";

/// The text without what sets styles.
fn plain(text: &str) -> String {
    let mut pieces = text.split('\u{1b}');
    let first = pieces.next().unwrap_or_default().to_owned();
    let rest = pieces.map(|piece| piece.split_once('m').map_or(piece, |(_, rest)| rest));
    first + &rest.collect::<String>()
}

#[test]
fn an_image_and_its_relevance_come_first_where_a_terminal_has_colours() {
    let Some(python) = python(&["pty"]) else {
        return;
    };
    let on_terminal = |arguments: &[&str], environment: &[(&str, &str)]| {
        let mut show = Command::new(&python);
        let show = show.args(["-c", SHOW]).arg(program(&[]).get_program());
        for name in ["COLORTERM", "TERM", "NO_COLOR", "CLICOLOR_FORCE"] {
            show.env_remove(name);
        }
        let output = show
            .args(["explain", "example:mnist-32", "--sample", "0"])
            .args(arguments)
            .envs(environment.iter().copied())
            .output()
            .expect("python runs");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let (many, some) = (("COLORTERM", "truecolor"), ("TERM", "xterm-256color"));
    for (arguments, environment, colours) in [
        (&[][..], &[many, ("TERM", "xterm")][..], Some(FULL)),
        (&[], &[some], Some(PALETTE)),
        (&[], &[("TERM", "xterm")], None),
        (&[], &[many, ("TERM", "dumb")], None),
        (&[], &[many, some, ("NO_COLOR", "1")], None),
        (&["--color", "never"], &[many, some], None),
        (&["--no-images"], &[many, some], None),
        (&["--format", "json"], &[many, some], None),
    ] {
        let text = on_terminal(arguments, environment);
        let Some(colours) = colours else {
            assert!(text.contains("sample"), "{arguments:?}: {text}");
            assert!(!text.contains('▀'), "{arguments:?} {environment:?}");
            continue;
        };
        let lines: Vec<&str> = text.lines().collect();
        let image = lines.iter().position(|line| line.contains('▀'));
        let level = lines.iter().position(|line| line.contains("layer 3"));
        assert!(image.expect("an image") < level.expect("a level"), "{text}");
        assert!(text.contains(colours), "{text:?}");
        let shown = plain(&text);
        let widths = shown.lines().map(|line| line.trim_end().chars().count());
        assert!(widths.max() <= Some(80), "{shown}");
        // 28 × 28 pixels each, two rows a line; what their colours stand for; and three inputs of 784.
        let drawn: Vec<&str> = shown.lines().filter(|line| line.contains('▀')).collect();
        let row = "▀".repeat(28);
        assert_eq!(drawn.len(), 15, "{shown}");
        let both = format!("{row}  {row}");
        assert!(
            drawn[..14].iter().all(|line| line.trim() == both),
            "{shown}"
        );
        assert!(drawn[14].trim().starts_with("R  0 ▀▀▀"), "{shown}");
        assert!(shown.contains("and 781 more units"), "{shown}");
    }
}

#[test]
fn a_pipe_and_a_file_get_images_only_where_colour_is_forced_onto_stdout() {
    let piped = |arguments: &[&str]| {
        let mut program = program(&["explain", "example:lines"]);
        program.env_remove("TERM").env_remove("COLORTERM");
        let output = program.args(arguments).output().expect("the program runs");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    assert!(!piped(&[]).contains('▀'));
    let forced = piped(&["--color", "always"]);
    assert!(forced.contains('▀') && forced.contains(FULL), "{forced}");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("lines.txt");
    let name = file.to_str().expect("a name in UTF-8");
    assert_eq!(piped(&["--color", "always", "-o", name]), "");
    let written = std::fs::read_to_string(&file).expect("it was written");
    assert_eq!(written, piped(&[]));
}
