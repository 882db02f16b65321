//! What the figures of a result say, in plain language.
//!
//! Every sentence states a figure of the result, and none says what the figures do not show.

mod balance;
mod comparison;
mod expansion;
mod explanation;
mod inputs;
pub(crate) mod numbers;
pub(crate) mod rounding;
mod training;

pub(crate) use comparison::of_comparison;
pub(crate) use expansion::{of_expansions, of_function};
pub(crate) use explanation::of;
pub(crate) use training::of_training;
