//! Hidden layers without ReLU: most often a key that was forgotten in the network file.

use crate::network::{Activation, LevelKind};
use crate::words::{agree, listed, plural};

/// That hidden layers with weights have neither ReLU nor a pool above; `levels` are those of the network, input first.
pub(super) fn without_relu(levels: &[(LevelKind, Option<Activation>)]) -> Option<String> {
    const SAID: usize = 5;
    let has_weights = |l: usize| levels[l].0.has_weights();
    let is_linear = |l: &usize| {
        let relu = levels[*l].1 == Some(Activation::Relu);
        has_weights(*l) && has_weights(l + 1) && !relu
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
