//! Nothing on stdout: whoever asks for it looks at the exit status.

use clap::Args;

use super::destination::Destination;

// Whether a command prints its result.
#[derive(Args, Default)]
pub struct QuietArgs {
    /// Print nothing on stdout; only the exit status shows the outcome
    #[arg(short, long, help_heading = "Output")]
    quiet: bool,
}

impl QuietArgs {
    /// Whether nothing is to be written but the exit status.
    pub fn is_silent(&self, destination: &Destination) -> bool {
        self.quiet && destination.output.is_none()
    }
}
