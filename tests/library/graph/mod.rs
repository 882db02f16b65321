//! Networks that are graphs, held against an oracle of their own.

mod build;
mod hand;
mod oracle;
mod plain;
mod properties;
mod random;
mod refusal;
