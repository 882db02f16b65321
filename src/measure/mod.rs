//! What is measured of explanations: checks counted and folded, shares and how they are spread, how alike two are, means
//! and quartiles.
//!
//! Comparisons, evaluations, studies of a training and results all take their figures from here.

pub mod flipping;

mod checked;
mod concentration;
mod explained;
mod similarity;
mod size;
mod statistics;

pub use checked::{Checked, of_promises, together};
pub use concentration::Concentration;
pub use explained::Explained;
pub use similarity::{SAME, agreement, cosine, cosine_of_sizes, moved, rank_correlation};
pub use size::{
    by_size, length, length_beside, magnitude, nearly_equal, parts_of_size, range, share, shares,
    top,
};
pub use statistics::{Spread, mean};

pub(crate) use crate::network::{argmax, largest_size};
