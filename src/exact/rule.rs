//! What the rules are in fractions, as their definitions read.

use super::number::Number;
use crate::relevance::Rule;

/// `q_ij`; `bounds` are the [l_i, h_i] of the input, where the file gives any.
pub(super) fn q(rule: Rule, x: &Number, w: &Number, bounds: Option<[&Number; 2]>) -> Number {
    let positive = |w: Number| if w > Number::ZERO { w } else { Number::ZERO };
    match rule {
        Rule::WSquared => w * w,
        Rule::Routing if *w == Number::ZERO => Number::ZERO,
        Rule::Flat | Rule::Largest | Rule::Routing => Number::ONE,
        Rule::ZPlus => positive(x * w),
        Rule::ZBox => match bounds {
            Some([low, high]) => x * w - low * positive(w.clone()) + high * positive(-w.clone()),
            None => Number::ZERO,
        },
        Rule::Proportional => x.clone(),
    }
}

/// `v_i`, along which the root of a unit is sought; none where flat meets a weight of 0.
pub(super) fn direction(
    rule: Rule,
    x: &Number,
    w: &Number,
    bounds: Option<[&Number; 2]>,
) -> Option<Number> {
    match rule {
        Rule::WSquared => Some(w.clone()),
        Rule::Flat if *w == Number::ZERO => None,
        Rule::Routing if *w == Number::ZERO => Some(Number::ZERO),
        Rule::Flat | Rule::Routing => Some(Number::ONE / w),
        Rule::ZPlus if x * w >= Number::ZERO => Some(x.clone()),
        Rule::ZPlus => Some(Number::ZERO),
        Rule::ZBox => bounds.map(|[low, high]| x - if *w >= Number::ZERO { low } else { high }),
        Rule::Proportional | Rule::Largest => Some(x.clone()),
    }
}

/// How many bits a unit's mass needs, the sum of its q, where weights and activations need so many.
pub(super) fn mass_bits(rule: Rule, weights: f64, activations: f64) -> f64 {
    match rule {
        Rule::WSquared => 2.0 * weights,
        // Every unit has the same mass: the number of its inputs.
        Rule::Flat | Rule::Routing | Rule::Largest => 0.0,
        Rule::ZPlus | Rule::ZBox => weights + activations,
        Rule::Proportional => activations,
    }
}
