//! Options that take a name: the help lists the names, and a shell completes them.

use std::ffi::OsStr;
use std::str::FromStr;

use clap::builder::{PossibleValue, TypedValueParser};
use deeptaylor::spelling::{self, Named, Spelling};

/// Reads what is named, or several.
#[derive(Clone)]
pub struct ByName<T> {
    read: fn(&str) -> Result<T, String>,
    known: fn() -> Vec<Spelling>,
}

/// Reads one by its name.
pub fn one<T: Named>() -> ByName<T> {
    ByName {
        read: spelling::read,
        known: spellings::<T>,
    }
}

/// Reads by `read` what is made of the names of `F`.
pub fn by<F: Named, T>(read: fn(&str) -> Result<T, String>) -> ByName<T> {
    ByName {
        read,
        known: spellings::<F>,
    }
}

fn spellings<T: Named>() -> Vec<Spelling> {
    T::all().into_iter().map(T::spelling).collect()
}

/// Reads several with commas between them; a number after a comma is a parameter of the one before it.
pub fn list<T: FromStr<Err = String>>(text: &str) -> Result<Vec<T>, String> {
    let mut spelt: Vec<String> = Vec::new();
    for word in text.split(',') {
        match spelt.last_mut() {
            Some(one) if one.contains(':') && word.trim().parse::<f64>().is_ok() => {
                *one += &format!(",{word}");
            }
            _ => spelt.push(word.to_owned()),
        }
    }
    spelt.iter().map(|one| one.parse()).collect()
}

/// A complaint about a text that is repeated before it: not once more that it is unknown.
fn said_once(text: &str, said: &str) -> String {
    let rest = said.strip_prefix("unknown ");
    let rest = rest.and_then(|rest| rest.split_once(&format!("`{text}`")));
    let rest = rest.map_or(said, |(_, rest)| rest.trim_start_matches([':', ';', ' ']));
    rest.to_owned()
}

impl<T: Clone + Send + Sync + 'static> TypedValueParser for ByName<T> {
    type Value = T;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        text: &OsStr,
    ) -> Result<T, clap::Error> {
        let read = self.read;
        let read = move |text: &str| read(text).map_err(|said| said_once(text, &said));
        read.parse_ref(command, argument, text)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let known = (self.known)().into_iter();
        Some(Box::new(
            known.map(|one| PossibleValue::new(one.name).help(one.help)),
        ))
    }
}
