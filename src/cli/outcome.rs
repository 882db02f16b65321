//! What the checks make of the exit status.

use clap::Args;
use deeptaylor::relevance::audit::Checks;
use deeptaylor::result::Sample;
use deeptaylor::words::count;

use super::{Status, failure};

// Which properties count for the exit status, and whether they do.
#[derive(Args, Clone, Copy, Default)]
pub struct OutcomeArgs {
    /// Let conservation and positivity (of gradient methods also completeness) count for the exit status also where they are
    /// not promised
    #[arg(long, help_heading = "Output")]
    pub strict: bool,

    #[command(flatten)]
    exit_zero: ExitZero,
}

// Whether a check that fails sets the exit status.
#[derive(Args, Clone, Copy, Default)]
pub struct ExitZero {
    /// Exit with 0 whatever the checks say, for xargs, make and Spark, which take 1 for a broken task; errors still exit with 2
    #[arg(long, help_heading = "Output")]
    exit_zero: bool,
}

impl OutcomeArgs {
    /// Whether the properties hold that count.
    pub fn pass<N>(self, checks: &Checks<N>) -> bool {
        checks.pass(self.strict)
    }

    /// Whether the relevance of a gradient method adds up, where that counts.
    pub fn is_complete<N>(self, sample: &Sample<N>) -> bool {
        sample.is_complete(self.strict)
    }

    /// Whether a sample has all properties that count.
    pub fn passes<N>(self, sample: &Sample<N>) -> bool {
        self.pass(&sample.checks) && self.is_complete(sample)
    }

    /// The exit status where the properties that count hold or not, and so many balances do not.
    pub fn status(self, pass: bool, unbalanced: usize) -> Status {
        self.exit_zero.balanced(pass, unbalanced)
    }
}

impl ExitZero {
    /// The exit status where all checks hold or not.
    pub fn status(self, pass: bool) -> Status {
        Status::of(pass || self.exit_zero)
    }

    /// The same where so many explanations are not where their balance says: that is a fault, told on stderr whatever the format
    /// shows, and it counts whatever the checks are asked for.
    pub fn balanced(self, pass: bool, unbalanced: usize) -> Status {
        if unbalanced == 0 {
            return self.status(pass);
        }
        failure::print(&format!(
            "fault: the balance of {} does not hold: f(x) is not what the inputs carry and what was lost. This is an error in \
             this program, not in the network; the interpretation of explain says where to look",
            count(unbalanced, "explanation")
        ));
        Status::Fails
    }
}
