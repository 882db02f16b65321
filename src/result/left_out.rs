//! What a result leaves out where levels are large: their arrays, and losses beyond so many. What is judged of a sample and
//! said of it is computed before.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Amount, Lost, NetworkInfo, Sample};
use crate::measure::by_size;
use crate::spelling::did_you_mean;

/// Levels of more units than this are left out, the input excepted, unless they are asked for.
const LARGE: usize = 10_000;
/// So many losses are listed of a layer: the largest.
const LOST: usize = 1000;

/// One unit of a level that is left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "largest")]
pub struct Largest<N = f64> {
    /// The unit, counted from 0.
    pub unit: usize,
    /// Its activation.
    pub activation: N,
    /// Its relevance.
    pub relevance: N,
    /// The same as a part of f(x), in decimals; null where f(x) is 0.
    pub share: Option<f64>,
}

/// Losses of a layer that are not listed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "lost_more")]
pub struct LostMore<N = f64> {
    /// The level of the units.
    pub layer: usize,
    /// How many more units lost relevance.
    pub units: usize,
    /// How much these lost together.
    pub relevance: N,
}

/// Which levels a result has whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Whole {
    /// The input, and every level of at most 10,000 units.
    #[default]
    Small,
    /// Every level.
    All,
    /// The input and these.
    Levels(Vec<usize>),
}

impl Whole {
    /// Reads `input`, `all`, or a list of numbers, ranges and names of levels; a name wins.
    ///
    /// # Errors
    ///
    /// In words, where a part of it is none of these.
    pub fn parse(text: &str, network: &NetworkInfo) -> Result<Self, String> {
        if text == "all" {
            return Ok(Self::All);
        }
        let levels = text.split(',').map(|part| levels(part.trim(), network));
        let levels: Vec<Vec<usize>> = levels.collect::<Result<_, String>>()?;
        Ok(Self::Levels(levels.concat()))
    }

    /// Whether it was asked for levels, and this is one of them.
    pub fn names(&self, level: usize) -> bool {
        match self {
            Self::Small => false,
            Self::All => true,
            Self::Levels(levels) => levels.contains(&level),
        }
    }

    /// Whether a level of so many units is whole.
    pub(super) fn has(&self, level: usize, units: usize) -> bool {
        level == 0 || self.names(level) || *self == Self::Small && units <= LARGE
    }
}

/// The levels that a part of a list means.
fn levels(part: &str, network: &NetworkInfo) -> Result<Vec<usize>, String> {
    let names = || network.layers.iter().map(|layer| &layer.name[..]);
    if part == "input" {
        return Ok(vec![0]);
    }
    if let Some(level) = names().position(|name| !part.is_empty() && name == part) {
        return Ok(vec![level]);
    }
    let top = network.layers.len() - 1;
    let (first, last) = part.split_once('-').unwrap_or((part, part));
    match (first.parse::<usize>(), last.parse::<usize>()) {
        (Ok(first), Ok(last)) if first <= last && last <= top => Ok((first..=last).collect()),
        _ => {
            let mut called = names().filter(|name| !name.is_empty()).peekable();
            let help = match called.peek() {
                Some(_) => did_you_mean(part, called),
                None => "no layer of this network has a name".to_owned(),
            };
            Err(format!(
                "`{part}` is no level: expected input, all, or numbers from 0 to {top}, ranges of them and names of layers\n  \
                 help: {help}"
            ))
        }
    }
}

impl<N: Amount> Sample<N> {
    /// The same without the arrays of levels that are not whole, and without losses beyond 1,000 a layer.
    #[must_use]
    pub fn with_whole(mut self, whole: &Whole) -> Self {
        for (l, layer) in self.layers.iter_mut().enumerate() {
            if !whole.has(l, layer.activations.len()) {
                layer.leave_out();
            }
        }
        self.leave_out_losses();
        self
    }

    fn leave_out_losses(&mut self) {
        let layers = self.lost.chunk_by(|one, next| one.layer == next.layer);
        let mut listed: Vec<Lost<N>> = Vec::new();
        for lost in layers {
            let order = by_size(lost.len(), |n| lost[n].relevance.decimal());
            let (kept, more) = order.split_at(LOST.min(lost.len()));
            let mut kept = kept.to_vec();
            kept.sort_unstable();
            listed.extend(kept.into_iter().map(|n| lost[n].clone()));
            if !more.is_empty() {
                self.lost_more.push(LostMore {
                    layer: lost[0].layer,
                    units: more.len(),
                    relevance: N::sum(more.iter().map(|&n| &lost[n].relevance)),
                });
            }
        }
        self.lost = listed;
    }
}

impl Sample {
    /// What the layers above a level lost together, listed or not.
    pub(crate) fn lost_above(&self, level: usize) -> f64 {
        let listed = self.lost.iter().map(|lost| (lost.layer, lost.relevance));
        let more = self
            .lost_more
            .iter()
            .map(|more| (more.layer, more.relevance));
        let above = listed.chain(more).filter(|(layer, _)| *layer > level);
        above.fold(0.0, |sum, (_, relevance)| sum + relevance)
    }

    /// What the layers above a level did not hand on together: what they lost, and what biases and ε in them absorbed.
    pub(crate) fn withheld_above(&self, level: usize) -> f64 {
        let absorbed = self.absorbed.iter().filter(|part| part.layer > level);
        absorbed.fold(self.lost_above(level), |sum, part| sum + part.relevance)
    }
}
