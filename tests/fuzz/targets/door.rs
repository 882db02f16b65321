//! The one target: it opens the door that the variable `DOOR` names. One program is compiled and linked once for all of them.

#![no_main]

use std::sync::LazyLock;

use deeptaylor_fuzz::{doors, watched};
use libfuzzer_sys::fuzz_target;

static DOOR: LazyLock<doors::Door> = LazyLock::new(|| {
    let name =
        std::env::var("DOOR").expect("DOOR names one of the doors of tests/fuzz/doors/mod.rs");
    doors::named(&name)
});

fuzz_target!(|bytes: &[u8]| watched(*DOOR, bytes));
