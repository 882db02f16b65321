//! Everything a second time, in exact fractions.
//!
//! Activations, relevance, checks and expansions without rounding, written in the order of the definitions. No arithmetic is
//! shared with the fast path: only the network with the ties of its units, the decimals of its file, the choice of rules, the
//! target and the names of causes. Conservation and the balance are equalities here; the tests hold the fast path against them.

mod audit;
mod cost;
mod domain;
mod expansion;
mod explain;
mod function;
mod layer;
mod network;
mod number;
mod rule;
mod withheld;

pub use audit::ExactLevel;
pub use cost::{Cost, cost};
pub use expansion::{ExactExpansion, expand};
pub use explain::{Exact, explain, explained_output};
pub use function::{ExactFunction, ExactToward, expand_function};
pub use network::ExactNetwork;
pub use number::{Number, decimal, fraction, sample};
pub use withheld::{ExactAbsorbed, ExactLoss};
