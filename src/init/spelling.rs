//! How schemes are spelt: `he-normal`, `uniform:-1,1`.

use std::fmt;
use std::str::FromStr;

use super::family::Family;
use super::scheme::Scheme;
use crate::network::did_you_mean;

impl FromStr for Scheme {
    type Err = String;

    /// `he-normal`, `uniform:-1,1`: a name, and after a colon its parameters.
    fn from_str(text: &str) -> Result<Self, String> {
        let (name, given) = match text.split_once(':') {
            Some((name, given)) => (name.trim(), Some(given)),
            None => (text.trim(), None),
        };
        let spelt = name.to_lowercase().replace('_', "-");
        let is_named = |family: &Family| {
            let about = family.about();
            about.name == spelt || about.aliases.contains(&spelt.as_str())
        };
        let Some(family) = Family::ALL.into_iter().find(is_named) else {
            let known = Family::ALL.iter().flat_map(|family| {
                let about = family.about();
                std::iter::once(about.name).chain(about.aliases.iter().copied())
            });
            return Err(format!(
                "unknown scheme `{name}`; {}",
                did_you_mean(&spelt, known)
            ));
        };
        let mut scheme = Self::of(family);
        if let Some(given) = given {
            scheme.take(given)?;
        }
        scheme.check().map(|()| scheme)
    }
}

impl Scheme {
    /// Reads the parameters after the colon.
    fn take(&mut self, given: &str) -> Result<(), String> {
        let about = self.family.about();
        let given: Vec<&str> = given.split(',').map(str::trim).collect();
        if given.len() > about.parameters.len() {
            return Err(if about.parameters.is_empty() {
                format!(
                    "{} takes no parameters, found `{}`",
                    about.name,
                    given.join(",")
                )
            } else {
                format!(
                    "expected {}, found {} parameters",
                    about.spelling(),
                    given.len()
                )
            });
        }
        for (to, text) in self.parameters.iter_mut().zip(given) {
            match text.parse::<f64>() {
                Ok(value) if value.is_finite() => *to = value,
                _ => {
                    let found = if text.is_empty() { "nothing" } else { text };
                    return Err(format!(
                        "{}: expected a finite number, found `{found}`",
                        about.spelling()
                    ));
                }
            }
        }
        Ok(())
    }
}

/// A number as short as it reads back: a power of ten where plain digits would be a row of zeros.
pub(super) fn shortest(x: f64) -> String {
    if x == 0.0 || (1e-5..1e15).contains(&x.abs()) {
        x.to_string()
    } else {
        format!("{x:e}")
    }
}

impl fmt::Display for Scheme {
    /// As it is read; the parameters are left out where they are the usual ones.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let about = self.family.about();
        if *self == Self::of(self.family) {
            return f.pad(about.name);
        }
        let shown = &self.parameters[..about.parameters.len()];
        let shown: Vec<String> = shown.iter().map(|&x| shortest(x)).collect();
        f.pad(&format!("{}:{}", about.name, shown.join(",")))
    }
}
