//! Hidden layers without ReLU: most often a key that was forgotten in the network file.

use crate::network::{Activation, LevelKind};
use crate::words::{agree, listed, plural};

/// A level: its kind, its activation, and what it reads where that is not the level before.
type Level<'l> = (LevelKind, Option<Activation>, &'l [usize]);

/// That hidden layers with weights have no ReLU, and another such layer reads them; `levels` are those of the network, input
/// first.
pub(super) fn without_relu(levels: &[Level]) -> Option<String> {
    const SAID: usize = 5;
    let has_weights = |l: usize| levels[l].0.has_weights();
    let reads = |reader: usize, l: usize| match levels[reader].2 {
        [] => reader == l + 1,
        from => from.contains(&l),
    };
    let is_linear = |l: &usize| {
        let detects = levels[*l].1.is_some_and(Activation::detects);
        let mut above = *l + 1..levels.len();
        has_weights(*l) && !detects && above.any(|reader| has_weights(reader) && reads(reader, *l))
    };
    let found: Vec<usize> = (1..levels.len().saturating_sub(1))
        .filter(is_linear)
        .collect();
    let all = found.len();
    let named = found.iter().take(SAID).map(usize::to_string).collect();
    let layers = if all == 1 {
        "Layer".to_owned()
    } else {
        plural("Layer")
    };
    (all > 0).then(|| {
        format!(
            "{layers} {} {} hidden and {} no ReLU: {} values can be negative, and the theory is made for ReLU networks; \
             add \"activation\": \"relu\" if the network was trained with it.",
            listed(named, all),
            agree(all, "is", "are"),
            agree(all, "has", "have"),
            agree(all, "its", "their"),
        )
    })
}
