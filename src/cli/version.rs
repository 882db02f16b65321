//! What `deeptaylor --version` says beyond the number: how the program was built, and what its products run on here.

use std::env::consts::{ARCH, OS};
use std::sync::LazyLock;

use deeptaylor::network::kernels;

/// The number, then a line a fact.
pub static LONG: LazyLock<String> = LazyLock::new(|| {
    let c_library = [
        ("-gnu", cfg!(target_env = "gnu")),
        ("-musl", cfg!(target_env = "musl")),
        ("-msvc", cfg!(target_env = "msvc")),
    ];
    let c_library = c_library.iter().find(|(_, is)| *is);
    let linked = if cfg!(target_feature = "crt-static") {
        ", linked statically"
    } else {
        ""
    };
    let checks = if cfg!(debug_assertions) {
        ", with debug assertions"
    } else {
        ""
    };
    let features = if cfg!(feature = "cli") { "cli" } else { "none" };
    format!(
        "{}\n\nfeatures  {features}\nkernels   {}\ntarget    {ARCH}-{OS}{}{linked}{checks}",
        env!("CARGO_PKG_VERSION"),
        kernels(),
        c_library.map_or("", |(name, _)| name),
    )
});
