//! What columns and keys are called that are no inputs: the same names for samples to explain and for data to train on.

/// Names of a column with classes.
pub(crate) const LABELS: [&str; 3] = ["label", "class", "target"];

/// Names of a column with names of samples.
pub(crate) const IDS: [&str; 1] = ["id"];

/// Names of a first column with the index that pandas writes.
pub(crate) const INDEXES: [&str; 3] = ["", "Unnamed: 0", "index"];

/// Whether a name is one of these, in capitals or not.
pub(crate) fn is_one_of(name: &str, known: &[&str]) -> bool {
    known.iter().any(|known| known.eq_ignore_ascii_case(name))
}
