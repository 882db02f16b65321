//! The linear pieces of a network along a line: which networks can be followed from one to the next, and how far a search goes.

use std::fmt;
use std::time::Instant;

use crate::error::Invalid;
use crate::network::{Activation, Network, linear::Role};
use crate::printable::printable;
use crate::words::count;

/// How far the search for a root may go: a line can cross more linear pieces than anyone can count, 2^n of them
/// with n folds of a single input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// So many linear pieces.
    pub pieces: usize,
    /// Until this moment; none for as long as it takes.
    pub until: Option<Instant>,
}

/// Why a search for a root did not begin, or ended before it found one or the end of the line.
#[derive(Debug, Clone, PartialEq)]
pub enum Stopped {
    /// A layer turns elsewhere than where a unit starts or stops to fire.
    Layer(Invalid),
    /// A value on the way leaves the range of f64.
    Overflow,
    /// All the pieces that [`Limit`] allows are passed.
    Pieces(Reached),
    /// The time that [`Limit`] allows is over.
    Time(Reached),
}

/// How far a search came.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reached {
    /// The linear pieces passed.
    pub pieces: usize,
    /// The part of the way that they are: 1 is the whole segment, or what would bring a linear f to 0.
    pub way: f64,
    /// f there.
    pub value: f64,
}

impl fmt::Display for Reached {
    /// What was passed without a root.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the first {} of the network, {:.1e} of the way; f is {:.4} there",
            count(self.pieces, "linear piece"),
            self.way,
            self.value
        )
    }
}

impl Limit {
    /// Why a search has to stop that has come so far, if it has to.
    ///
    /// # Errors
    ///
    /// [`Stopped`] where there are no pieces, or there is no time, left.
    pub(crate) fn check(
        self,
        reached: impl FnOnce() -> Reached,
        turns: usize,
    ) -> Result<(), Stopped> {
        if turns >= self.pieces {
            Err(Stopped::Pieces(reached()))
        } else if self.until.is_some_and(|until| Instant::now() >= until) {
            Err(Stopped::Time(reached()))
        } else {
            Ok(())
        }
    }
}

/// Whether a network turns only where a unit of a ReLU layer starts or stops to fire: then its pieces can be followed.
///
/// # Errors
///
/// [`Stopped::Layer`] for the first layer that turns elsewhere: a max pool where its winner changes, relu6 at 6 too.
pub(crate) fn check(network: &Network) -> Result<(), Stopped> {
    let turns_elsewhere = network.by_level().find_map(|(level, layer)| {
        let kind = match (layer.role(), layer.activation()) {
            (Role::Maximum, _) => "whose winners change along a line",
            (_, Activation::Relu6) => "which turns at 6 as well as at 0",
            (_, Activation::Relu | Activation::Identity) => return None,
        };
        Some((level, layer, kind))
    });
    let Some((level, layer, why)) = turns_elsewhere else {
        return Ok(());
    };
    let name = match layer.name() {
        "" => String::new(),
        name => format!(" `{}`", printable(name)),
    };
    let activation = match layer.activation() {
        Activation::Relu6 => ", relu6",
        Activation::Relu | Activation::Identity => "",
    };
    Err(Stopped::Layer(Invalid {
        path: format!("layer {level} ({}{name}{activation})", layer.kind()),
        message: format!(
            "the network as one function is followed from one linear piece to the next, through layers of every type with \
             relu or identity, but not this one, {why}"
        ),
        help: Some(
            "use taylor without --at, which expands layer by layer and takes every network"
                .to_owned(),
        ),
    }))
}
