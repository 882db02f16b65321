//! What the terminal at hand can show beside text: images, in the colours that it has.

use std::env;
use std::io::{self, IsTerminal};

use anstream::{AutoStream, ColorChoice};
use clap::Args;
use deeptaylor::render::{Depth, Text};

use super::text;

/// Inputs that are listed below an image of them, where no number is asked for.
const BELOW_AN_IMAGE: usize = 3;

// Whether images are drawn.
#[derive(Args, Default)]
pub struct ScreenArgs {
    /// Draw no images. A terminal with 256 colours or more shows inputs that are images, and their relevance, as blocks
    /// of colour; a pipe or file gets them only with --color always
    #[arg(long, help_heading = "Output")]
    no_images: bool,
}

impl ScreenArgs {
    /// A renderer for the terminal at hand, with images where it can show them; `top` where a number of units is asked for.
    pub fn text(&self, top: Option<usize>, usual: usize, is_stdout: bool) -> Text {
        Text {
            below_image: top.unwrap_or(BELOW_AN_IMAGE),
            images: (is_stdout && !self.no_images).then(colours).flatten(),
            ..text(top.unwrap_or(usual))
        }
    }
}

/// The colours that images can have on the standard output, where it shows any.
fn colours() -> Option<Depth> {
    let stdout = io::stdout();
    if AutoStream::choice(&stdout) == ColorChoice::Never {
        return None;
    }
    let said = |name| env::var(name).unwrap_or_default();
    depth(&said("COLORTERM"), &said("TERM"), stdout.is_terminal())
}

/// What the environment says of a terminal; a pipe of which it says nothing is for a program that can do everything.
fn depth(colorterm: &str, term: &str, is_terminal: bool) -> Option<Depth> {
    match term {
        "dumb" => None,
        _ if ["truecolor", "24bit"].contains(&colorterm) => Some(Depth::Full),
        _ if term.contains("direct") => Some(Depth::Full),
        _ if term.contains("256color") => Some(Depth::Palette),
        "" if !is_terminal => Some(Depth::Full),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::depth;
    use deeptaylor::render::Depth::{Full, Palette};

    #[test]
    fn images_have_the_colours_that_the_environment_says() {
        for (colorterm, term, is_terminal, found) in [
            ("truecolor", "xterm", true, Some(Full)),
            ("24bit", "", true, Some(Full)),
            ("", "xterm-direct", true, Some(Full)),
            ("", "xterm-256color", true, Some(Palette)),
            ("yes", "screen.xterm-256color", false, Some(Palette)),
            ("", "xterm", true, None),
            ("truecolor", "dumb", true, None),
            ("", "linux", false, None),
            ("", "", true, None),
            ("", "", false, Some(Full)),
        ] {
            assert_eq!(
                depth(colorterm, term, is_terminal),
                found,
                "{colorterm} {term}"
            );
        }
    }
}
