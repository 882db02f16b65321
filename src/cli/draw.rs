//! What init and compare ask alike of networks that are drawn.

use deeptaylor::Bounds;
use deeptaylor::init::{Architecture, Family};

/// Reads `--bounds`: `0,1`.
pub fn bounds(text: &str) -> Result<[f64; 2], String> {
    let numbers: Result<Vec<f64>, _> = text
        .split(',')
        .map(|number| number.trim().parse())
        .collect();
    match numbers.as_deref() {
        Ok(&[low, high]) if low.is_finite() && high.is_finite() && low <= high => Ok([low, high]),
        _ => Err("expected two numbers l ≤ h, for instance 0,1".to_owned()),
    }
}

/// Reads `--seed`.
pub fn seed(text: &str) -> Result<u64, String> {
    text.parse()
        .map_err(|_| format!("expected a whole number from 0 to {}", u64::MAX))
}

/// An architecture with the bounds of its inputs, where they are given.
pub fn bounded(architecture: Architecture, bounds: Option<[f64; 2]>) -> Architecture {
    match bounds {
        Some(bounds) => architecture.bounded(Bounds::Same(bounds)),
        None => architecture,
    }
}

/// Every scheme with its formula and source, for the help.
pub fn schemes() -> String {
    let mut text =
        "Schemes (fan_in is the number of inputs of a layer, fan_out of its units):".to_owned();
    for family in Family::ALL {
        let about = family.about();
        let mut names = about.spelling();
        for alias in about.aliases {
            names += &format!(", {alias}");
        }
        let usual: Vec<String> = about
            .parameters
            .iter()
            .map(|(name, value)| format!("{name} = {value}"))
            .collect();
        let usual = if usual.is_empty() {
            String::new()
        } else {
            format!("; without parameters {}", usual.join(", "))
        };
        text += &format!(
            "\n  {names}\n      {}{usual}\n      {}",
            about.formula, about.source
        );
    }
    text
}
