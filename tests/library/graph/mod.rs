//! Networks that are graphs, held against an oracle of their own.

#![allow(
    clippy::cast_possible_truncation,
    clippy::float_cmp,
    clippy::items_after_statements,
    clippy::match_bool,
    clippy::match_same_arms,
    clippy::needless_range_loop,
    clippy::option_option,
    clippy::too_many_lines,
    clippy::unit_arg,
    reason = "an oracle says every case on its own, and compares what has to be equal"
)]

mod build;
mod case;
mod coverage;
pub mod golden;
mod gradient;
mod hand;
mod judged;
mod oracle;
mod plain;
mod properties;
mod random;
mod refusal;
mod wide;

pub use random::case as random_case;
