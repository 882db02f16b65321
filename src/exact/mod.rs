//! Everything a second time, in exact fractions.
//!
//! Activations, relevance, checks and expansions of dense / sum-pool networks without rounding, written in
//! the order of the definitions. No arithmetic is shared with the fast path: only the network file and its decimals, the
//! choice of rules, the target and the names of causes. Conservation is an equality here; the tests hold the fast path against it.

mod audit;
mod cost;
mod expansion;
mod explain;
mod function;
mod network;
mod number;
mod rule;

pub use audit::ExactLevel;
pub use cost::{Cost, cost};
pub use expansion::{ExactExpansion, expand};
pub use explain::{Exact, ExactLoss, explain, explained_output};
pub use function::{ExactFunction, ExactToward, expand_function};
pub use network::ExactNetwork;
pub use number::{Number, decimal, fraction, sample};
