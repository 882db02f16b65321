//! What is measured of explanations: checks counted and folded, shares and how they are spread, means and quartiles.
//!
//! Comparisons, studies of a training and results all take their figures from here.

pub mod flipping;

mod checked;
mod concentration;
mod explained;
mod size;
mod statistics;

pub use checked::{Checked, together};
pub use concentration::{Concentration, agreement, cosine_of_sizes};
pub use explained::Explained;
pub use size::{by_size, magnitude, nearly_equal, parts_of_size, range, share, shares, top};
pub use statistics::{Spread, mean};

pub(crate) use crate::network::{argmax, largest_size};
