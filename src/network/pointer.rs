//! What stands in the place of a file that was not fetched: a pointer of Git LFS, or the page that shows it.

/// How a file begins that Git LFS has put in place of another one.
pub(crate) const POINTER: &[u8] = b"version https://git-lfs";
/// What it is, in messages.
pub(crate) const IS_POINTER: &str = "a pointer of Git LFS that stands for the file";
/// What fetches that one.
pub(crate) const FETCH: &str = "`git lfs pull` fetches the file itself";

/// What a page is, in messages.
pub(crate) const IS_PAGE: &str = "a page of HTML";
/// What to do in place of saving it.
pub(crate) const DOWNLOAD: &str = "download the file itself, not the page that shows it";
