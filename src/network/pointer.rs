//! What stands for a file that was not fetched.

/// How a file begins that Git LFS has put in place of another one.
pub(crate) const POINTER: &[u8] = b"version https://git-lfs";
/// What it is, in messages.
pub(crate) const IS_POINTER: &str = "a pointer of Git LFS that stands for the file";
/// What fetches that one.
pub(crate) const FETCH: &str = "`git lfs pull` fetches the file itself";
