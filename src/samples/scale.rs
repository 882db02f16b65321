//! What the values of a file are divided by: what was asked for, else what the network file says where they need it.

use std::path::Path;

use super::Samples;
use super::options::{ReadOptions, Scale, Wanted};
use super::source::{SourceName, comes_once};
use crate::error::{Error, Invalid};
use crate::network::{Bounds, Network, largest_size};
use crate::words::shown;

/// Scaled values that come no further than this part of their bounds are told.
const SLIVER: f64 = 0.1;

/// The scale of a file of samples.
#[derive(Default)]
pub(super) struct Settled {
    /// As it was asked for, or a number.
    pub(super) scale: Option<Scale>,
    /// That of the network file, where nothing was asked for.
    pub(super) own: Option<f64>,
    /// What is to be said of it.
    pub(super) note: Option<String>,
}

/// Finds what the values of a file are divided by; where that depends on all of them, they are read first.
pub(super) fn settle(
    file: &Path,
    network: &Network,
    options: &ReadOptions,
) -> Result<Settled, Error> {
    let said = network.input().scale;
    match (&options.scale, said) {
        (Some(Scale::Max), _) => {
            let largest = largest(file, network, options)?;
            let mut note = format!("values are divided by {largest}, the largest of them");
            if let Some(said) = said.filter(|said| (said - largest).abs() > 0.0) {
                note += &format!("; the network file says {said}");
            }
            Ok(Settled {
                scale: Some(by(largest)),
                own: None,
                note: Some(note),
            })
        }
        (None, Some(said)) => {
            let divides = divides(file, network, options)?;
            Ok(Settled {
                scale: divides.then(|| by(said)),
                own: Some(said),
                note: divides.then(|| {
                    format!(
                        "values are divided by {said}, as the network file says; --scale none uses them as they are"
                    )
                }),
            })
        }
        (scale, _) => Ok(Settled {
            scale: scale.clone(),
            own: None,
            note: None,
        }),
    }
}

fn by(divisor: f64) -> Scale {
    Scale::By(format!("{divisor:?}"), divisor)
}

/// Whether the network's own scale is that of a file: one of its values lies outside the bounds, or there are none. Of
/// what can be read only once, that is not known beforehand.
fn divides(file: &Path, network: &Network, options: &ReadOptions) -> Result<bool, Error> {
    let Some(bounds) = &network.input().bounds else {
        return Ok(true);
    };
    if comes_once(file) {
        return Ok(false);
    }
    for record in as_they_stand(file, network, options)? {
        if !bounds.outside(&record?.values).is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The largest value of a file.
fn largest(file: &Path, network: &Network, options: &ReadOptions) -> Result<f64, Error> {
    let origin = SourceName::of(file);
    if comes_once(file) {
        let invalid = Invalid::new("--scale max", "expected a file, to be read twice", "a pipe");
        let help = "give --scale a number to divide by";
        return Err(origin.malformed(None, invalid.help(help)));
    }
    let mut largest = 0.0_f64;
    for record in as_they_stand(file, network, options)? {
        largest = record?.values.into_iter().fold(largest, f64::max);
    }
    if largest > 0.0 {
        return Ok(largest);
    }
    let invalid = Invalid::new("--scale max", "expected a value above 0", "none");
    Err(origin.malformed(None, invalid))
}

fn as_they_stand(file: &Path, network: &Network, options: &ReadOptions) -> Result<Samples, Error> {
    let options = ReadOptions {
        scale: Some(Scale::None),
        ..options.clone()
    };
    Samples::open(file, network, options)
}

/// Which value of a sample is too large once it is scaled, or seems to have another scale than the inputs, and what is wrong with
/// it; `own` is the scale of the network file.
pub(super) fn misfit(
    wanted: &Wanted,
    own: Option<f64>,
    values: &[f64],
) -> Option<(usize, Invalid)> {
    if let Some(Scale::By(by, _)) = &wanted.options.scale
        && let Some(i) = values.iter().position(|x| !x.is_finite())
    {
        let expected = format!("expected a finite number, once divided by {by}");
        return Some((i, Invalid::new("", expected, "one beyond ±1.797e308")));
    }
    let far = || wanted.far_outside(values).map(|(i, _)| i);
    let (i, once, help) = match (&wanted.options.scale, own) {
        (None, None) => (far()?, String::new(), advice(values)),
        (None, Some(own)) => {
            let outside = wanted.bounds.as_ref()?.outside(values);
            let help = format!(
                "the network file says that values of a file are divided by {own}; it is unknown whether those of a pipe \
                 already are: --scale {own} divides them, --scale none uses them as they are"
            );
            (*outside.first()?, String::new(), help)
        }
        (Some(Scale::By(..)), Some(own)) => (
            far()?,
            format!(", once divided by {own} as the network file says"),
            "--scale says what they are divided by: a number, max (their largest), or none"
                .to_owned(),
        ),
        _ => return None,
    };
    let [l, h] = wanted.bounds.as_ref()?.at(i).map(shown);
    let expected = format!(
        "expected values within the bounds of the network, or near them{once}: [{l}, {h}] for {}",
        wanted.input(i)
    );
    let invalid = Invalid::new("", expected, shown(values[i])).help(help);
    Some((i, invalid))
}

/// How to scale values as those of this sample.
fn advice(values: &[f64]) -> String {
    let largest = values.iter().copied().fold(0.0, f64::max);
    let max = format!(
        "--scale max divides every value by the largest of the file ({} in this sample)",
        shown(largest)
    );
    // Bytes seldom stay below half of their largest.
    let bytes = largest > 127.0 && largest <= 255.0;
    let by_255 = if bytes { ", --scale 255 by 255" } else { "" };
    format!("{max}{by_255}; --scale none uses them as they are")
}

/// That scaled values of up to `reach` fill little of their bounds, where they do.
pub(super) fn sliver(reach: f64, bounds: Option<&Bounds>) -> Option<String> {
    let ends = match bounds? {
        Bounds::Same(ends) => std::slice::from_ref(ends),
        Bounds::Each(ends) => ends,
    };
    let end = largest_size(ends.iter().flatten());
    (reach > 0.0 && reach < SLIVER * end).then(|| {
        let (reach, end) = (shown(reach), shown(end));
        format!(
            "scaled values reach at most {reach}, but the bounds of the network reach {end}; --scale max \
             divides by the largest value"
        )
    })
}
