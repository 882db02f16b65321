//! Which layers of a network a rule is for: a name, a number, a range, a type, the first layers, or all.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::error::Invalid;
use crate::network::{Kind, Layer, Network};
use crate::spelling::did_you_mean;
use crate::words::listed;

/// Which layers a rule is for, as it is written.
///
/// What a word means depends on the network: the layer of that name where there is one; else a number (`2`), a range (`2-4`,
/// both ends are meant), a type as the network file spells it (`conv2d`), `first` (the [first](Network::is_first) layers),
/// `first:TYPE` (those of one type), or `all`.
///
/// In JSON a level is a number, and a word is a string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selector {
    /// The layer that makes this level; 1 is the first. A layer that has the number for its name is not meant.
    Level(usize),
    /// A word; a name wins over whatever else it can mean.
    Word(String),
}

/// What a selector means in a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// The layer of this level, by its name.
    Named(usize),
    /// The layer of this level, by its number.
    Level(usize),
    /// The layers of these levels and of those between.
    Range(usize, usize),
    /// The first layers of this type.
    FirstOf(Kind),
    /// The first layers.
    First,
    /// The layers of this type.
    Type(Kind),
    /// Every layer.
    All,
}

const FIRST: &str = "first";
const ALL: &str = "all";

impl Selector {
    /// What it means in `network`.
    ///
    /// # Errors
    ///
    /// [`Invalid`], without a place, for a word that means nothing there, a level that is not there, and a range that is reversed.
    pub fn meaning(&self, network: &Network) -> Result<Meaning, Invalid> {
        match self {
            Self::Level(level) => there(*level, network).map(Meaning::Level),
            Self::Word(word) => match named(word, network) {
                Some(level) => Ok(Meaning::Named(level)),
                None => of_word(word, network),
            },
        }
    }

    /// What else than the layer of that name the word could mean in `network`, in words; none where it is no name.
    pub(super) fn other_meaning(&self, network: &Network) -> Option<String> {
        let Self::Word(word) = self else { return None };
        let named = named(word, network)?;
        match of_word(word, network).ok()? {
            Meaning::Named(_) => None,
            Meaning::Level(level) if level == named => None,
            Meaning::Level(level) => Some(format!("the layer of number {level}")),
            Meaning::Range(low, high) => Some(format!("layers {low} to {high}")),
            Meaning::FirstOf(kind) => Some(format!("the first layers of type {kind}")),
            Meaning::First => Some("the first layers".to_owned()),
            Meaning::Type(kind) => Some(format!("the layers of type {kind}")),
            Meaning::All => Some("every layer".to_owned()),
        }
    }
}

/// The level of the layer of this name.
fn named(word: &str, network: &Network) -> Option<usize> {
    let mut layers = network.by_level();
    let called = layers.find(|(_, layer)| !word.is_empty() && layer.name() == word);
    called.map(|(level, _)| level)
}

/// What a word means that is no name.
fn of_word(word: &str, network: &Network) -> Result<Meaning, Invalid> {
    if is_number(word) {
        return numbered(word, network).map(Meaning::Level);
    }
    if let Some((low, high)) = range(word) {
        return between(low, high, network);
    }
    match word {
        FIRST => return Ok(Meaning::First),
        ALL => return Ok(Meaning::All),
        _ => {}
    }
    let first_of = (word.strip_prefix(FIRST)).and_then(|rest| rest.strip_prefix(':'));
    match (first_of, first_of.map_or(kind(word), kind)) {
        (None, Some(kind)) => Ok(Meaning::Type(kind)),
        (Some(_), Some(kind)) => Ok(Meaning::FirstOf(kind)),
        (_, None) => Err(unknown(word, network)),
    }
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

fn range(word: &str) -> Option<(&str, &str)> {
    let (low, high) = word.split_once('-')?;
    let (low, high) = (low.trim(), high.trim());
    (is_number(low) && is_number(high)).then_some((low, high))
}

fn kind(word: &str) -> Option<Kind> {
    Kind::ALL.into_iter().find(|kind| kind.name() == word)
}

/// A level that a layer of a network makes.
///
/// # Errors
///
/// [`Invalid`], without a place, where none does.
pub(super) fn there(level: usize, network: &Network) -> Result<usize, Invalid> {
    numbered(&level.to_string(), network)
}

/// The same of a number as it is written, of whatever size.
fn numbered(number: &str, network: &Network) -> Result<usize, Invalid> {
    let layers = network.top();
    let level = number.parse().ok();
    level.filter(|level| (1..=layers).contains(level)).ok_or_else(|| {
        plain(format!(
            "layer {number}: there is no such layer; this network has layers 1 to {layers} (0 is the input)"
        ))
    })
}

fn between(low: &str, high: &str, network: &Network) -> Result<Meaning, Invalid> {
    let backwards = match (low.parse::<usize>(), high.parse::<usize>()) {
        (Ok(low), Ok(high)) => low > high,
        _ => false,
    };
    if backwards {
        let found = format!("{low}-{high}");
        return Err(Invalid::new("", "expected the lower number first", found)
            .help(format!("write {high}-{low}")));
    }
    let (low, high) = (numbered(low, network)?, numbered(high, network)?);
    Ok(Meaning::Range(low, high))
}

/// That a word means nothing here.
fn unknown(word: &str, network: &Network) -> Invalid {
    let expected = format!(
        "expected a whole number from 1 to {}, or the name of a layer",
        network.top()
    );
    let names = network.layers().iter().map(Layer::name);
    let known = names
        .filter(|name| !name.is_empty())
        .chain([FIRST, ALL])
        .chain(kinds_of(network));
    let near = did_you_mean(word, known);
    Invalid::new("", expected, format!("`{word}`")).help(format!(
        "{near} (a range as 1-2, a type, `{FIRST}` and `{ALL}` mean several layers)"
    ))
}

/// The types of the layers of a network, each once.
fn kinds_of(network: &Network) -> Vec<&'static str> {
    let has = |kind: &Kind| network.layers().iter().any(|layer| layer.kind() == *kind);
    Kind::ALL.into_iter().filter(has).map(Kind::name).collect()
}

impl Meaning {
    /// The level of the one layer that it means, which then has to follow a rule; others pass over the layers that do not.
    pub(super) fn one_layer(self) -> Option<usize> {
        match self {
            Self::Named(level) | Self::Level(level) => Some(level),
            Self::Range(..) | Self::FirstOf(_) | Self::First | Self::Type(_) | Self::All => None,
        }
    }

    /// Whether it means the layer of a level, whether or not that follows a rule.
    pub(super) fn covers(self, network: &Network, level: usize) -> bool {
        let layer = network.layer(level);
        match self {
            Self::Named(one) | Self::Level(one) => one == level,
            Self::Range(low, high) => (low..=high).contains(&level),
            Self::FirstOf(kind) => network.is_first(level) && layer.kind() == kind,
            Self::First => network.is_first(level),
            Self::Type(kind) => layer.kind() == kind,
            Self::All => true,
        }
    }

    /// How wide it is: of two that mean a layer the narrower wins. A name or a number is the narrowest, then come first layers
    /// of a type, first layers, ranges by their length, types, and all.
    pub(super) fn width(self) -> (u8, usize) {
        match self {
            Self::Named(_) | Self::Level(_) => (0, 1),
            Self::FirstOf(_) => (1, 0),
            Self::First => (2, 0),
            Self::Range(low, high) => (3, high - low),
            Self::Type(_) => (4, 0),
            Self::All => (5, 0),
        }
    }

    /// Why it is for no layer of `network`, where it is not: `followers` are the levels of those that follow a rule.
    ///
    /// # Errors
    ///
    /// [`Invalid`], without a place.
    pub(super) fn check(self, network: &Network, followers: &[usize]) -> Result<(), Invalid> {
        if (followers.iter()).any(|level| self.covers(network, *level)) {
            return Ok(());
        }
        let covered: Vec<usize> = (1..=network.top())
            .filter(|level| self.covers(network, *level))
            .collect();
        let (all, several) = (covered.len(), covered.len() > 1);
        if all > 0 {
            let shown = covered.iter().take(SHOWN);
            let shown = shown.map(|level| format!("{level} ({})", network.layer(*level).kind()));
            let (layers, bring) = if several {
                ("layers", "bring rules of their own")
            } else {
                ("layer", "brings a rule of its own")
            };
            let shown = listed(shown.collect(), all);
            return Err(plain(format!(
                "no layer here follows a rule: {layers} {shown} {bring}"
            )));
        }
        let there = kinds_of(network).join(", ");
        let said = match self {
            Self::Type(kind) => format!("this network has no layer of type {kind}"),
            Self::FirstOf(kind) => {
                format!("this network has no first layer of type {kind}")
            }
            Self::First => {
                "this network has no first layer: none with weights reads the input".to_owned()
            }
            // These mean a layer of the network.
            Self::Named(_) | Self::Level(_) | Self::Range(..) | Self::All => return Ok(()),
        };
        Err(plain(said).help(format!("its types of layer are {there}")))
    }
}

/// So many layers are named in a complaint.
pub(super) const SHOWN: usize = 5;

/// A complaint without a place.
pub(super) fn plain(message: String) -> Invalid {
    Invalid {
        path: String::new(),
        message,
        help: None,
    }
}

/// As it is written where no layer has such a name.
impl fmt::Display for Meaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(level) | Self::Level(level) => write!(f, "{level}"),
            Self::Range(low, high) => write!(f, "{low}-{high}"),
            Self::FirstOf(kind) => write!(f, "{FIRST}:{kind}"),
            Self::First => f.pad(FIRST),
            Self::Type(kind) => kind.fmt(f),
            Self::All => f.pad(ALL),
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Level(level) => level.fmt(f),
            Self::Word(word) => f.pad(word),
        }
    }
}

impl From<usize> for Selector {
    fn from(level: usize) -> Self {
        Self::Level(level)
    }
}

impl FromStr for Selector {
    type Err = String;

    /// Any word; whether it means something is seen with a network.
    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim() {
            "" => Err("expected the layers that the rule is for, found nothing".to_owned()),
            word => Ok(Self::Word(word.to_owned())),
        }
    }
}

impl Serialize for Selector {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Level(level) => level.serialize(serializer),
            Self::Word(word) => serializer.serialize_str(word),
        }
    }
}

impl<'d> Deserialize<'d> for Selector {
    fn deserialize<D: Deserializer<'d>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Selector;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the number of a layer, or a string")
            }

            fn visit_u64<E: de::Error>(self, level: u64) -> Result<Selector, E> {
                // A number beyond usize is that of no layer.
                Ok(Selector::Level(
                    usize::try_from(level).unwrap_or(usize::MAX),
                ))
            }

            fn visit_str<E: de::Error>(self, word: &str) -> Result<Selector, E> {
                word.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

impl JsonSchema for Selector {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "selector".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "oneOf": [
                { "description": "The number of a layer, from 1.", "type": "integer", "minimum": 1 },
                {
                    "description": "The name of a layer, its number, a range as 2-4, a type of layer, first, first:TYPE, or all.",
                    "type": "string",
                    "minLength": 1
                }
            ]
        })
    }
}
