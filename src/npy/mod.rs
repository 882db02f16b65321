//! The format of NumPy's arrays: `.npy` is one array, `.npz` a zip of them.
//!
//! Source: NumPy, *A simple file format for NumPy arrays* (NEP 1), and PKWARE's *APPNOTE.TXT*, sections 4.3 and 4.5.3.

pub(crate) mod read;
mod write;

pub(crate) use write::{Archive, Body, Kind, header};
