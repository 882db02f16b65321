//! Reading arrays: the header of a .npy file, the values behind it, and the members of an archive.

mod archive;
mod element;
mod fault;
mod header;

pub(crate) use archive::{Archive, Member};
pub(crate) use element::Element;
pub(crate) use fault::{cut_short, refused};
pub(crate) use header::Header;
