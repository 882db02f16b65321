//! Every door through which something comes in from outside, as a function of bytes that panics where a promise is broken.
//!
//! What comes in is refused with one message that a terminal can show, or read: then its numbers are finite, and what can be
//! written again comes back equal. The fuzzer opens them with what it makes up, and the tests with what is kept in `corpus` and
//! `regressions`.

mod exact;
mod explanation;
mod file;
mod graph;
mod held;
mod labelled;
mod network;
mod onnx;
mod packed;
mod plan;
mod result;
mod samples;
mod spelling;
mod tensors;

/// A door.
pub type Door = fn(&[u8]);

/// Every door by its name, which is that of its folders, too.
pub const DOORS: [(&str, Door); 16] = [
    ("network", network::network),
    ("onnx", onnx::onnx),
    ("tensors", tensors::tensors),
    ("npy", samples::npy),
    ("npz", samples::npz),
    ("csv", samples::csv),
    ("json", samples::json),
    ("idx", samples::idx),
    ("pictures", samples::pictures),
    ("labelled", labelled::labelled),
    ("packed", packed::packed),
    ("plan", plan::plan),
    ("result", result::result),
    ("spelling", spelling::spelling),
    ("explanation", explanation::explanation),
    ("exact", exact::exact),
];

/// The door of a name.
///
/// # Panics
///
/// Where there is none.
pub fn named(name: &str) -> Door {
    let door = DOORS.iter().find(|(known, _)| *known == name);
    door.unwrap_or_else(|| panic!("there is no door called {name}"))
        .1
}
