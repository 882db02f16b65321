//! What the figures of a result say, in plain language.
//!
//! Every sentence states a figure of the result, and none says what the figures do not show.

mod balance;
mod comparison;
mod difference;
mod evaluation;
mod expansion;
mod explanation;
mod gathered;
mod gradient;
mod inputs;
mod inspection;
mod leading;
mod linear;
pub(crate) mod names;
pub(crate) mod numbers;
pub(crate) mod rounding;
mod side_by_side;
mod summary;
mod training;
pub(crate) mod value;

pub(crate) use balance::LOST_SAID;
