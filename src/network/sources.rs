//! Which level a layer reads: what is checked of it, and what follows from it.

use std::collections::HashMap;
use std::sync::Arc;

use super::linear::Role;
use super::{FloatSlice, Input, LARGEST_LEVEL, Layer, Network, Shape};
use crate::error::Invalid;
use crate::words::grouped;

/// So many units are looked at one by one: are they constant?
const MOST_LOOKED_AT: usize = 1 << 22;

/// Settles what every layer reads, and which of its inputs are constant.
///
/// # Errors
///
/// [`Invalid`] as with [`Network::new`].
pub(super) fn settle(input: &Input, layers: &mut [Layer]) -> Result<(), Invalid> {
    let mut shapes = vec![input.level_shape()];
    let mut constants = vec![None];
    let mut looked_at = 0;
    for (l, layer) in layers.iter_mut().enumerate() {
        layer.settle(l + 1);
        let complain = |invalid: Invalid| invalid.below(&format!("layers[{l}]"));
        check_fit(layer, &shapes).map_err(complain)?;
        layer.with_constants(|level: usize| constants[level].clone());
        if may_have_constants(layer) {
            looked_at += layer.units();
            check_looked_at(looked_at).map_err(complain)?;
        }
        constants.push(constant_units(layer));
        shapes.push(layer.shape());
    }
    let names: Vec<&str> = layers.iter().map(Layer::name).collect();
    let read = layers.iter().flat_map(Layer::sources);
    let mut faults = shared_names(&names).into_iter().chain(unread(&names, read));
    faults.next().map_or(Ok(()), Err)
}

/// Whether a layer makes no more units than a level can have.
pub(super) fn check_size(layer: &Layer) -> Result<(), Invalid> {
    if layer.units() <= LARGEST_LEVEL {
        return Ok(());
    }
    let expected = format!(
        "expected a level of at most {} units",
        grouped(LARGEST_LEVEL)
    );
    Err(Invalid::new("", expected, grouped(layer.units())))
}

/// Whether every branch reads an earlier level, of the shape that its map takes.
fn check_fit(layer: &Layer, earlier: &[Shape]) -> Result<(), Invalid> {
    check_size(layer)?;
    for branch in layer.branches() {
        let shape = earlier.get(branch.from()).ok_or_else(|| {
            let expected = format!("expected an earlier level, 0 to {}", earlier.len() - 1);
            Invalid::new("from", expected, branch.from())
        })?;
        branch.map().check_inputs(shape.units())?;
        let picture = branch.map().picture().map(Shape::Image);
        if let Some(expected) = picture.filter(|expected| expected != shape) {
            let expected = format!("expected a picture of {expected}");
            return Err(Invalid::new("from", expected, shape));
        }
    }
    Ok(())
}

/// Whether all units of the levels that can have constants are so few that looking at each takes no time to speak of: a file of
/// a line can ask for levels of a hundred million.
fn check_looked_at(units: usize) -> Result<(), Invalid> {
    if units <= MOST_LOOKED_AT {
        return Ok(());
    }
    let expected = format!(
        "expected at most {} units on levels behind padding that a window sees alone, or behind nulls of a gather",
        grouped(MOST_LOOKED_AT)
    );
    Err(Invalid::new("", expected, grouped(units)))
}

/// Whether a unit may see constants alone.
fn may_have_constants(layer: &Layer) -> bool {
    let mut branches = layer.branches().iter();
    branches.any(|branch| branch.constants().is_some() || !branch.map().ties_every_unit())
}

/// The units of a layer that are 0 whatever the network reads: they see constants alone and have no bias. None where no unit
/// is.
fn constant_units(layer: &Layer) -> Option<Arc<[bool]>> {
    if !may_have_constants(layer) {
        return None;
    }
    let is_constant = |j: usize| layer.bias_of(j) == 0.0 && layer.ties(j).next().is_none();
    let units: Arc<[bool]> = (0..layer.units()).map(is_constant).collect();
    units.contains(&true).then_some(units)
}

/// What is wrong with the names of the layers, from the first, empty where one has none: each is to be that of one layer.
pub(super) fn shared_names(names: &[impl AsRef<str>]) -> Vec<Invalid> {
    let mut seen = HashMap::new();
    let each = names.iter().map(AsRef::as_ref).enumerate();
    let faults = each
        .filter(|(_, name)| !name.is_empty())
        .filter_map(|(l, name)| {
            let whose = match seen.get(name) {
                Some(first) => format!("that of layers[{first}]"),
                None if name == "input" => "that of the input level".to_owned(),
                None => {
                    seen.insert(name, l);
                    return None;
                }
            };
            Some(Invalid {
                path: format!("layers[{l}].name"),
                message: format!("the name `{name}` is {whose} too"),
                help: Some("give every layer its own name, or give no names".to_owned()),
            })
        });
    faults.collect()
}

/// What is wrong where these levels are read, by layers of these names: all but the last are to be.
pub(super) fn unread(
    names: &[impl AsRef<str>],
    sources: impl IntoIterator<Item = usize>,
) -> Vec<Invalid> {
    // The first layer can read nothing but the input.
    let mut read = vec![false; names.len() + 1];
    sources.into_iter().for_each(|level| read[level] = true);
    let unread = (1..names.len()).filter(|level| !read[*level]);
    let faults = unread.map(|level| {
        let name = match names[level - 1].as_ref() {
            "" => String::new(),
            name => format!(" `{name}`"),
        };
        Invalid {
            path: format!("layers[{}]", level - 1),
            message: format!("no layer reads this level{name}, and it is not the last"),
            help: Some(
                "name it in the `from` of a later layer, or remove the layer; the last layer is the output"
                    .to_owned(),
            ),
        }
    });
    faults.collect()
}

impl Network {
    /// The layers that read a level, by the level that each makes, in order; one that reads it twice comes twice.
    pub fn readers(&self, level: usize) -> impl Iterator<Item = usize> {
        let reads = move |layer: &Layer| layer.sources().filter(|from| *from == level).count();
        (self.by_level()).flat_map(move |(reader, layer)| std::iter::repeat_n(reader, reads(layer)))
    }

    /// Whether every layer reads the level before, and that alone.
    pub fn is_chain(&self) -> bool {
        let mut layers = self.by_level();
        layers.all(|(level, layer)| layer.sources().eq([level - 1]))
    }

    /// The shape of a level.
    ///
    /// # Panics
    ///
    /// When there is no such level.
    pub fn shape(&self, level: usize) -> Shape {
        match level {
            0 => self.input().level_shape(),
            _ => self.layer(level).shape(),
        }
    }

    /// How many units of a level are constant: 0 whatever the network reads.
    ///
    /// # Panics
    ///
    /// When there is no such level.
    pub fn constant_units(&self, level: usize) -> usize {
        let units = (level > 0)
            .then(|| constant_units(self.layer(level)))
            .flatten();
        units.map_or(0, |units| {
            units.iter().filter(|is_constant| **is_constant).count()
        })
    }

    /// Whether the layer of a level is a *first* one: one with weights that reads the input, passed on only by scales, gathers
    /// and concatenations without activation.
    ///
    /// # Panics
    ///
    /// When no layer makes it.
    pub fn is_first(&self, level: usize) -> bool {
        let layer = self.layer(level);
        layer.has_weights() && layer.sources().all(|from| self.is_routed_input(from))
    }

    /// The levels that first layers make, in order.
    pub fn first_layers(&self) -> impl Iterator<Item = usize> {
        (1..=self.top()).filter(|level| self.is_first(*level))
    }

    /// Whether a level is the input, or what routing without activation makes of it alone.
    fn is_routed_input(&self, level: usize) -> bool {
        !self.some_source(level, |level| {
            let layer = match level {
                0 => return Some(false),
                _ => self.layer(level),
            };
            let routes = layer.role() == Role::Routing && !layer.activation().detects();
            (!routes).then_some(true)
        })
    }

    /// Whether `verdict` finds a level, or one of those that it hangs on; where it says nothing of a level, those that the level
    /// reads decide. Each is looked at once, by however many ways it is reached.
    fn some_source(&self, level: usize, verdict: impl Fn(usize) -> Option<bool>) -> bool {
        let (mut seen, mut open) = (vec![false; level + 1], vec![level]);
        while let Some(level) = open.pop() {
            if std::mem::replace(&mut seen[level], true) {
                continue;
            }
            match verdict(level) {
                Some(true) => return true,
                Some(false) => {}
                None => open.extend(self.layer(level).sources()),
            }
        }
        false
    }

    /// Whether values of a level can be negative, as far as the kinds of layer show.
    ///
    /// An input always can: bounds are a promise that only zᴮ holds the samples to. Of what a layer with weights gives, its
    /// activation alone decides.
    ///
    /// # Panics
    ///
    /// When there is no such level.
    pub fn can_be_negative(&self, level: usize) -> bool {
        let negative = |x: f64| x < 0.0;
        self.some_source(level, |level| {
            let layer = match level {
                0 => return Some(true),
                _ => self.layer(level),
            };
            if layer.activation().detects() {
                return Some(false);
            }
            let own = layer.has_weights()
                || FloatSlice::Double(layer.bias()).any(negative)
                || layer.linear().stored().any(negative);
            own.then_some(true)
        })
    }

    /// Whether a layer adds up values that can be negative: then it follows a rule, as layers with weights do.
    ///
    /// # Panics
    ///
    /// When no layer makes the level.
    pub fn is_signed_addition(&self, level: usize) -> bool {
        let layer = self.layer(level);
        layer.role() == Role::Addition && layer.sources().any(|from| self.can_be_negative(from))
    }

    /// Whether a layer hands on in proportion to what it reads: a pool, or an addition of values that cannot be negative.
    ///
    /// # Panics
    ///
    /// When no layer makes the level.
    pub fn shares_in_proportion(&self, level: usize) -> bool {
        match self.layer(level).role() {
            Role::Pool => true,
            Role::Addition => !self.is_signed_addition(level),
            Role::Weights | Role::Routing | Role::Maximum => false,
        }
    }
}

#[cfg(test)]
mod tests;
