//! Which levels the layers of a file read: names resolved to levels.

use super::common::RawFrom;
use super::faults::FaultLog;
use super::layer::RawLayer;
use super::numbers::Numbers;
use crate::error::Invalid;
use crate::network::{Shape, sources};
use crate::spelling::did_you_mean;

/// What the input is called in `from`.
pub(super) const INPUT: &str = "input";

/// The names of all layers of a file, from the first; empty where one has none.
pub(super) struct LayerNames(pub(super) Vec<String>);

impl LayerNames {
    /// Whether every layer that has a name has one of its own.
    pub(super) fn check(&self, layers: &[RawLayer<Numbers>], faults: &mut FaultLog) -> bool {
        let mut invalid = sources::shared_names(&self.0);
        let empty = |(l, raw): (usize, &RawLayer<_>)| {
            let empty = raw.common.name.as_ref().is_some_and(String::is_empty);
            empty.then(|| Invalid {
                path: format!("layers[{l}].name"),
                message: "expected a name, found an empty one".to_owned(),
                help: Some("leave `name` out where no later layer reads this one by it".to_owned()),
            })
        };
        invalid.extend(layers.iter().enumerate().filter_map(empty));
        let sound = invalid.is_empty();
        for invalid in invalid {
            faults.add(invalid);
        }
        sound
    }

    /// The levels that the `l`-th layer reads, one after the other; none where that is not known, which is a fault.
    pub(super) fn levels(
        &self,
        l: usize,
        from: Option<RawFrom>,
        faults: &mut FaultLog,
    ) -> Vec<Option<usize>> {
        let at = format!("layers[{l}]");
        let hides = |path: &str| faults.is_unread(path);
        if from.is_none() && (hides(&at) || hides(&format!("{at}.from"))) {
            return vec![None];
        }
        // A layer whose name could not be read may be the one that is meant.
        let hidden = (0..l).any(|k| {
            let at = format!("layers[{k}]");
            self.0[k].is_empty() && (hides(&at) || hides(&format!("{at}.name")))
        });
        let mut resolved = |path: String, name: &str| {
            if hidden && !self.0.iter().any(|known| known == name) && name != INPUT {
                return None;
            }
            let level = self.level(l, name);
            faults.note(&at, level.map_err(|invalid| invalid.below(&path)))
        };
        match from {
            // The level before: the l-th layer makes level l + 1.
            None => vec![Some(l)],
            Some(RawFrom::One(name)) => vec![resolved("from".to_owned(), &name)],
            Some(RawFrom::Several(names)) => (names.iter().enumerate())
                .map(|(k, name)| resolved(format!("from[{k}]"), name))
                .collect(),
        }
    }

    /// A level behind "the level below", where it has a name or is a picture: ` (stem, 8 × 24 × 24)`.
    pub(super) fn below(&self, level: Option<usize>, shapes: &[Option<Shape>]) -> String {
        let Some(level) = level else {
            return String::new();
        };
        let name = level.checked_sub(1).map_or("", |l| self.0[l].as_str());
        let shape = shapes[level].filter(|shape| shape.image().is_some());
        match (name, shape) {
            ("", None) => String::new(),
            ("", Some(shape)) => format!(" ({shape})"),
            (name, None) => format!(" ({name})"),
            (name, Some(shape)) => format!(" ({name}, {shape})"),
        }
    }

    /// The level that the `l`-th layer calls so.
    fn level(&self, l: usize, name: &str) -> Result<usize, Invalid> {
        let Self(names) = self;
        if name == INPUT {
            return Ok(0);
        }
        let found = (names.iter()).position(|known| known == name && !name.is_empty());
        let expected = "expected the name of an earlier layer";
        match found {
            Some(earlier) if earlier < l => Ok(earlier + 1),
            Some(own) if own == l => Err(Invalid::new("", expected, format!("its own, `{name}`"))
                .help(
                    "a layer reads what is computed before it: name the layer that it goes on from",
                )),
            Some(later) => Err(Invalid::new(
                "",
                expected,
                format!("`{name}`, that of the later layers[{later}]"),
            )
            .help("layers stand in the order in which they are computed: put that one before")),
            None => {
                let known = names[..l].iter().map(String::as_str);
                let known = known.filter(|name| !name.is_empty()).chain([INPUT]);
                Err(Invalid {
                    path: String::new(),
                    message: format!("no earlier layer is called `{name}`"),
                    help: Some(did_you_mean(name, known)),
                })
            }
        }
    }
}
