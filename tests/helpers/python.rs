//! Python with the packages that a test needs.

use std::env;
use std::process::Command;

use crate::skip::skip;

/// What CI does not install.
const TOO_LARGE: [&str; 1] = ["torch"];

/// The Python that `PYTHON` names, else `python3`; none where it, or one of the packages, is not there, and that is said.
pub fn python(packages: &[&str]) -> Option<String> {
    let python = env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    for package in packages {
        let import = format!("import {package}");
        let found = Command::new(&python).args(["-c", &import]).output();
        if !found.is_ok_and(|output| output.status.success()) {
            let reason = format!("for {python} has no {package}");
            if TOO_LARGE.contains(package) {
                println!("skipped, {reason}");
            } else {
                skip(&reason);
            }
            return None;
        }
    }
    Some(python)
}
