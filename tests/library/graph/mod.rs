//! Networks that are graphs, held against an oracle of their own.

mod build;
pub mod golden;
mod hand;
mod oracle;
mod plain;
mod properties;
mod random;
mod refusal;
