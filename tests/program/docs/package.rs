//! What `cargo package` would publish: all that the crate is built from, and not the tests.

use std::path::Path;
use std::process::Command;

#[test]
fn the_package_holds_what_the_crate_is_built_from_and_no_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(env!("CARGO"))
        .args(["package", "--list", "--allow-dirty", "--offline"])
        .current_dir(root)
        .output()
        .expect("cargo can be started");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    let list = String::from_utf8(output.stdout).expect("UTF-8");
    let files: Vec<&str> = list.lines().collect();
    for needed in [
        "Cargo.lock",
        "Cargo.toml",
        "LICENSE",
        "README.md",
        "examples/data/mnist-small/train-images-idx3-ubyte.gz",
        "networks/figure-4.json",
        "networks/mnist-32.json",
        "src/lib.rs",
        "src/main.rs",
        "src/render/style.css",
    ] {
        assert!(files.contains(&needed), "{needed} is not in\n{list}");
    }
    // `Cargo.toml.orig` and `.cargo_vcs_info.json` are made by cargo.
    let made = ["Cargo.toml.orig", ".cargo_vcs_info.json"];
    let others = files.iter().filter(|file| !made.contains(file));
    let size: u64 = others
        .map(|file| {
            let folder = file.split('/').next().unwrap_or_default();
            assert!(!["tests", ".ci", "target"].contains(&folder), "{file}");
            root.join(file).metadata().expect("it is there").len()
        })
        .sum();
    // crates.io takes 10 MB, packed.
    assert!(size < 7_000_000, "{size} bytes");
}
