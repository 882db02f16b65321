//! Networks that are graphs, held against an oracle of their own.

mod build;
mod case;
mod coverage;
pub mod golden;
mod hand;
mod judged;
mod oracle;
mod plain;
mod properties;
mod random;
mod refusal;
mod wide;
