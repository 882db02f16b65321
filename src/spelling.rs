//! What is chosen by its name: rules, schemes, optimisers; with parameters after a colon, as `uniform:-1,1`.

use crate::printable::printable;
use crate::words::{plural, shown};

/// No name takes more parameters.
pub const MOST_PARAMETERS: usize = 2;

/// The parameters of one that is named; 0 beyond those that it takes.
pub type Parameters = [f64; MOST_PARAMETERS];

/// How one of several is spelt.
#[derive(Debug, Clone, Copy)]
pub struct Spelling {
    /// The name, in which results have it, too.
    pub name: &'static str,
    /// What else people call it, each in lower case and with `-` where words are apart.
    pub aliases: &'static [&'static str],
    /// The parameters after the colon, with the values they have where none are given.
    pub parameters: &'static [(&'static str, f64)],
    /// What it is, in a line of the help.
    pub help: &'static str,
}

/// What is one of several, and chosen by its name.
pub trait Named: Copy {
    /// What one of them is called: `rule`.
    const KIND: &'static str;
    /// Whether its parameters are written where they are the usual ones, too.
    const PARAMETERS_SHOWN: bool = false;

    /// All of them, in the order in which they are listed.
    fn all() -> Vec<Self>;

    /// How this one is spelt.
    fn spelling(self) -> Spelling;

    /// The parameters of this one.
    fn parameters(self) -> Parameters {
        self.spelling().usual()
    }

    /// The same with other parameters, of which there are as many as the spelling says.
    ///
    /// # Errors
    ///
    /// What a parameter may not be.
    fn with_parameters(self, _: Parameters) -> Result<Self, String> {
        Ok(self)
    }
}

impl Spelling {
    /// One without parameters and other names.
    pub const fn plain(name: &'static str, help: &'static str) -> Self {
        Self {
            name,
            aliases: &[],
            parameters: &[],
            help,
        }
    }

    /// The name with its parameters: `uniform:a,b`.
    pub fn pattern(&self) -> String {
        let parameters: Vec<&str> = self.parameters.iter().map(|(name, _)| *name).collect();
        if parameters.is_empty() {
            self.name.to_owned()
        } else {
            format!("{}:{}", self.name, parameters.join(","))
        }
    }

    /// The values of the parameters where none are given.
    pub fn usual(&self) -> Parameters {
        let mut parameters = Parameters::default();
        for (to, (_, usual)) in parameters.iter_mut().zip(self.parameters) {
            *to = *usual;
        }
        parameters
    }

    /// Whether a word is the name or an alias, in any case, and with `_` for `-`.
    fn is(&self, word: &str) -> bool {
        let mut names = std::iter::once(&self.name).chain(self.aliases);
        names.any(|name| normal(name) == word)
    }

    /// The parameters after the colon.
    fn parameters(&self, given: &str) -> Result<Parameters, String> {
        let given: Vec<&str> = given.split(',').map(str::trim).collect();
        if self.parameters.is_empty() {
            let found = given.join(",");
            return Err(format!(
                "{} takes no parameters, found `{found}`",
                self.name
            ));
        }
        if given.len() > self.parameters.len() {
            return Err(format!(
                "expected {}, found {} parameters",
                self.pattern(),
                given.len()
            ));
        }
        let mut parameters = self.usual();
        for (to, text) in parameters.iter_mut().zip(given) {
            *to = (text.parse().ok())
                .filter(|x: &f64| x.is_finite())
                .ok_or_else(|| {
                    let found = if text.is_empty() { "nothing" } else { text };
                    format!(
                        "{}: expected a finite number, found `{found}`",
                        self.pattern()
                    )
                })?;
        }
        Ok(parameters)
    }
}

/// As [`read`] reads it; the parameters are left out where they are the usual ones, unless its kind [shows](Named::PARAMETERS_SHOWN) them.
#[expect(clippy::float_cmp, reason = "the very numbers that stand in the table")]
pub fn written<T: Named>(one: T) -> String {
    let (spelling, parameters) = (one.spelling(), one.parameters());
    let is_plain = !T::PARAMETERS_SHOWN || spelling.parameters.is_empty();
    if is_plain && parameters == spelling.usual() {
        return spelling.name.to_owned();
    }
    let given = parameters.iter().take(spelling.parameters.len());
    let given: Vec<String> = given.map(|&x| shown(x)).collect();
    format!("{}:{}", spelling.name, given.join(","))
}

/// A word in lower case, with `-` for `_`.
fn normal(word: &str) -> String {
    word.to_lowercase().replace('_', "-")
}

/// Reads a name, and after a colon its parameters: `he-normal`, `uniform:-1,1`.
///
/// # Errors
///
/// What is unknown, with the names there are and the nearest of them, or what is wrong with the parameters.
pub fn read<T: Named>(text: &str) -> Result<T, String> {
    read_among(&T::all(), text)
}

/// Reads one of these as [`read`] does.
///
/// # Errors
///
/// As with [`read`].
pub(crate) fn read_among<T: Named>(all: &[T], text: &str) -> Result<T, String> {
    let (name, given) = match text.split_once(':') {
        Some((name, given)) => (name.trim(), Some(given)),
        None => (text.trim(), None),
    };
    let word = normal(name);
    let known = all.iter().map(|one| (*one, one.spelling()));
    let Some((found, spelling)) = known.clone().find(|(_, spelling)| spelling.is(&word)) else {
        let spellings: Vec<Spelling> = known.map(|(_, spelling)| spelling).collect();
        return Err(unknown(T::KIND, name, &spellings));
    };
    match given {
        Some(given) => found.with_parameters(spelling.parameters(given)?),
        None => Ok(found),
    }
}

/// That a name is unknown: the names there are, and the nearest one.
fn unknown(kind: &str, name: &str, known: &[Spelling]) -> String {
    const FEW: usize = 8;
    let spelt = known
        .iter()
        .flat_map(|one| std::iter::once(one.name).chain(one.aliases.iter().copied()));
    let meant = nearest(&normal(name), spelt).map(|word| format!("did you mean `{word}`?"));
    let names: Vec<&str> = known.iter().map(|one| one.name).collect();
    let names = format!("the {} are {}", plural(kind), names.join(", "));
    match meant {
        Some(meant) if known.len() > FEW => format!("unknown {kind} `{name}`; {meant}"),
        Some(meant) => format!("unknown {kind} `{name}`: {names}; {meant}"),
        None => format!("unknown {kind} `{name}`: {names}"),
    }
}

/// How many characters two words have in common before they part.
fn alike(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count()
}

/// The nearest of all known words, where one is near.
fn nearest<'a>(found: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let found = found.to_lowercase();
    let likeness = |word| (strsim::jaro_winkler(&found, &str::to_lowercase(word)), word);
    let near = known.map(likeness).filter(|(likeness, _)| *likeness > 0.75);
    let nearest = near.max_by(|a, b| {
        let alike = |word: &str| alike(&found, &word.to_lowercase());
        (a.0.total_cmp(&b.0)).then_with(|| alike(a.1).cmp(&alike(b.1)))
    });
    nearest.map(|(_, word)| word)
}

/// "did you mean" with the nearest of all known words, or the first of them.
pub fn did_you_mean<'a>(found: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    /// So many known words are listed.
    const MOST_KNOWN: usize = 24;
    if let Some(word) = nearest(found, known.clone()) {
        return format!("did you mean `{}`?", printable(word));
    }
    let mut each: Vec<&str> = Vec::new();
    for word in known {
        if each.len() > MOST_KNOWN {
            break;
        }
        if !each.contains(&word) {
            each.push(word);
        }
    }
    let rest = each.get(MOST_KNOWN).map(|_| "…".into());
    let first = each.into_iter().take(MOST_KNOWN).map(printable).chain(rest);
    format!("known here: {}", first.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn of_names_of_one_pattern_the_one_with_the_longest_common_start_is_meant() {
        let names: Vec<String> = (0..64)
            .map(|n| format!("pixel_{}_{}", n / 8, n % 8))
            .collect();
        for (found, meant) in [("pixel_7_8", "pixel_7_"), ("pixel_3_9", "pixel_3_")] {
            for names in [names.clone(), names.iter().rev().cloned().collect()] {
                let said = did_you_mean(found, names.iter().map(String::as_str));
                assert!(
                    said.starts_with(&format!("did you mean `{meant}")),
                    "{said}"
                );
            }
        }
    }
}
