//! What a level of light becomes as an input.

use super::super::options::{ReadOptions, Scale};
use crate::error::Invalid;
use crate::network::{Bounds, Input};
use crate::words::{count, shown};

/// What a level of light becomes, by channel.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Light {
    /// The level itself, divided.
    Level(f64),
    /// From black to white, between these ends.
    Between(Vec<[f64; 2]>),
    /// `(u − mean) / std`
    Standard(Vec<[f64; 2]>),
}

impl Light {
    /// What levels become, and what is to be said of it.
    pub(super) fn of(
        input: &Input,
        channels: usize,
        options: &ReadOptions,
    ) -> Result<(Self, Option<String>), Invalid> {
        let standard = !(options.mean.is_empty() && options.std.is_empty());
        match &options.scale {
            Some(Scale::Max) => {
                let invalid = Invalid::new("--scale max", "expected a file of numbers", "pictures");
                return Err(invalid.help(
                    "pictures are scaled by their white; --scale 255 divides levels by 255",
                ));
            }
            Some(_) if standard => {
                let found = "--mean or --std, which scale pictures already";
                return Err(Invalid::new("--scale", "expected it alone", found));
            }
            Some(Scale::None) => return Ok((Self::Level(1.0), None)),
            Some(Scale::By(_, divisor)) => return Ok((Self::Level(*divisor), None)),
            None => {}
        }
        if standard {
            let mean = by_channel("--mean", &options.mean, channels, 0.0)?;
            let std = by_channel("--std", &options.std, channels, 1.0)?;
            if let Some(zero) = std.iter().find(|std| **std <= 0.0) {
                return Err(Invalid::new("--std", "expected numbers above 0", zero));
            }
            let each = mean.into_iter().zip(std).map(<[f64; 2]>::from).collect();
            return Ok((Self::Standard(each), None));
        }
        match (&input.bounds, input.scale) {
            (Some(bounds), _) => Ok(Self::between(bounds, input, channels)),
            (None, Some(scale)) => {
                let note = format!(
                    "levels of light are divided by {scale}, as the network file says; --scale says another number"
                );
                Ok((Self::Level(scale), Some(note)))
            }
            (None, None) => {
                let note = "pixels are taken from 0 (black) to 1 (white); --bounds, or --mean and --std, say what else the network takes";
                Ok((
                    Self::Between(vec![[0.0, 1.0]; channels]),
                    Some(note.to_owned()),
                ))
            }
        }
    }

    /// From the lowest to the highest bound of each channel.
    fn between(bounds: &Bounds, input: &Input, channels: usize) -> (Self, Option<String>) {
        let mut ends = vec![[f64::INFINITY, f64::NEG_INFINITY]; channels];
        let inputs = match bounds {
            Bounds::Same(same) => {
                ends.fill(*same);
                0
            }
            Bounds::Each(each) => each.len(),
        };
        for i in 0..inputs {
            let ([l, h], [low, high]) = (bounds.at(i), &mut ends[input.channel(i)]);
            *low = low.min(l);
            *high = high.max(h);
        }
        let usual = ends
            .iter()
            .all(|[l, h]| l.abs() <= 0.0 && (h - 1.0).abs() <= 0.0);
        let shown: Vec<String> = ends
            .iter()
            .map(|[l, h]| format!("[{}, {}]", shown(*l), shown(*h)))
            .collect();
        let alike = shown.windows(2).all(|pair| pair[0] == pair[1]);
        let shown = if alike {
            shown[..1].join("")
        } else {
            shown.join(", ")
        };
        let note = (!usual).then(|| {
            format!("pixels from black to white are taken as {shown}, the bounds of the network")
        });
        (Self::Between(ends), note)
    }

    /// The input that a level becomes.
    pub(super) fn value(&self, level: f64, white: f64, channel: usize) -> f64 {
        match self {
            Self::Level(divisor) => level / divisor,
            Self::Between(ends) => {
                let [l, h] = ends[channel];
                // Neither end is missed by rounding.
                (l + level / white * (h - l)).clamp(l, h)
            }
            Self::Standard(each) => {
                let [mean, std] = each[channel];
                (level / white - mean) / std
            }
        }
    }
}

/// One number a channel.
fn by_channel(
    option: &str,
    given: &[f64],
    channels: usize,
    usual: f64,
) -> Result<Vec<f64>, Invalid> {
    match given {
        [] => Ok(vec![usual; channels]),
        [one] => Ok(vec![*one; channels]),
        each if each.len() == channels => Ok(each.to_vec()),
        each => {
            let expected = format!(
                "expected one number, or one for each of {}",
                count(channels, "channel")
            );
            Err(Invalid::new(option, expected, each.len()))
        }
    }
}
