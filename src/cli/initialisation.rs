//! Options about initial weights that init, compare and train share.

use deeptaylor::Bounds;
use deeptaylor::compare::draw_samples;
use deeptaylor::init::{Architecture, Family, Scheme};
use ndarray::Array2;

use super::Failure;
use super::named::{self, ByName};

/// More numbers than this in the samples are taken for a mistake: with what is kept of each they would fill a GiB.
pub const MOST_VALUES: usize = 1 << 24;

/// Reads `--scheme`.
pub fn scheme() -> ByName<Scheme> {
    named::one()
}

/// Samples for networks of this shape, drawn within the bounds of the inputs, else from N(0, 1).
pub fn samples(
    architecture: &Architecture,
    number: usize,
    seed: u64,
) -> Result<Array2<f64>, Failure> {
    let input = architecture.input();
    let inputs = input.shape.iter().product::<usize>();
    if number.saturating_mul(inputs) > MOST_VALUES {
        return Err(Failure::Usage(format!(
            "--samples {number}: samples of {inputs} values; at most {} fit into the memory limit for samples",
            MOST_VALUES / inputs
        )));
    }
    Ok(draw_samples(input, inputs, number, seed))
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
        "Schemes (fan_in is the number of inputs of a layer, fan_out of its units; of a convolution they are\nin / groups · kh · kw and out · kh · kw, as PyTorch and Keras count):".to_owned();
    for family in Family::ALL {
        let spelling = family.spelling();
        let mut names = spelling.pattern();
        for alias in spelling.aliases {
            names += &format!(", {alias}");
        }
        let usual: Vec<String> = spelling
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
            family.formula(),
            family.source()
        );
    }
    text
}
