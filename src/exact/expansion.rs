//! The expansion of every unit, without rounding.

use super::explain::{Exact, activate, hand_down};
use super::network::ExactNetwork;
use super::number::{Number, Total};
use super::rule;
use crate::network::Domain;
use crate::relevance::{NoRoot, Rule};

/// The exact expansion of one unit's relevance; vectors have an entry for each value of the level below.
#[derive(Debug, Clone, PartialEq)]
pub struct ExactExpansion {
    /// `c_j = R_j / x_j`
    pub factor: Number,
    /// The search direction v.
    pub direction: Vec<Number>,
    /// The root point x̃.
    pub root: Vec<Number>,
    /// `∂R_j/∂x_i = c_j w_ij`
    pub gradient: Vec<Number>,
    /// `∂R_j/∂x_i · (x_i − x̃_i)`
    pub terms: Vec<Number>,
    /// The pre-activation at x.
    pub pre_activation: Number,
    /// The pre-activation at x̃.
    pub pre_activation_at_root: Number,
    /// `‖x − x̃‖`, in decimals: it is seldom a fraction.
    pub distance: f64,
    /// The sum of the terms.
    pub sum: Number,
    /// `ε`
    pub remainder: Number,
    /// How many coordinates of the root lie outside of their domain.
    pub outside: usize,
    /// The largest difference between a term and what the rule hands down.
    pub largest_difference: Number,
}

/// Expands unit `j` of level `layer`, for a sample explained with `rule` on that layer.
///
/// `domain` is that of the values below.
///
/// # Errors
///
/// [`NoRoot`] where the unit has no root.
///
/// # Panics
///
/// When there is no such unit.
pub fn expand(
    network: &ExactNetwork,
    exact: &Exact,
    layer: usize,
    j: usize,
    rule: Rule,
    domain: &Domain,
) -> Result<ExactExpansion, NoRoot> {
    let (l, carried) = (layer - 1, &exact.relevance[layer][j]);
    let (place, x) = (&network.layers[l], &exact.activations[l]);
    let unit = &place.units[j];
    let bounds = network.bounds_below(l);
    let z = unit.pre_activation(x);
    let activation = activate(place, z.clone());
    if activation == Number::ZERO {
        return Err(NoRoot::Silent);
    }
    let factor = carried / activation;
    let zeros = || vec![Number::ZERO; x.len()];
    let (mut direction, mut gradient) = (zeros(), zeros());
    for (i, w) in &unit.weights {
        let bounds = bounds.as_ref().map(|bounds| &bounds[*i]);
        direction[*i] = rule::direction(rule, &x[*i], w, bounds).ok_or(NoRoot::NoFlatDirection)?;
        gradient[*i] = &factor * w;
    }
    let slope: Number = unit.weights.iter().map(|(i, w)| &direction[*i] * w).total();
    if slope == Number::ZERO {
        return Err(NoRoot::NoDirection);
    }
    let t = &z / slope;
    let root: Vec<Number> = x.iter().zip(&direction).map(|(x, v)| x - &t * v).collect();
    let terms: Vec<Number> = (gradient.iter().zip(x).zip(&root))
        .map(|((gradient, x), root)| gradient * (x - root))
        .collect();
    let at_root = unit.pre_activation(&root);
    let sum: Number = terms.iter().cloned().total();
    let value_at_root = &factor * activate(place, at_root.clone());
    let messages = hand_down(
        place,
        unit,
        rule,
        x,
        |i| bounds.as_ref().map(|bounds| &bounds[i]),
        carried,
    );
    let differences = (unit.weights.iter().zip(messages.unwrap_or_default()))
        .map(|((i, _), message)| size(&terms[*i] - message));
    Ok(ExactExpansion {
        largest_difference: differences.fold(Number::ZERO, Number::max),
        remainder: carried - value_at_root - &sum,
        distance: (x.iter().zip(&root)).fold(0.0, |norm: f64, (x, root)| {
            norm.hypot((x - root).to_f64().value())
        }),
        outside: unit
            .weights
            .iter()
            .filter(|(i, _)| {
                is_outside(&root[*i], domain, bounds.as_ref().map(|bounds| &bounds[*i]))
            })
            .count(),
        factor,
        direction,
        root,
        gradient,
        terms,
        pre_activation: z,
        pre_activation_at_root: at_root,
        sum,
    })
}

/// `bounds` are those of this value where the domain is a box.
fn is_outside(x: &Number, domain: &Domain, bounds: Option<&[Number; 2]>) -> bool {
    match (domain, bounds) {
        (Domain::NonNegative, _) => *x < Number::ZERO,
        (Domain::Box(_), Some([low, high])) => x < low || x > high,
        (Domain::Box(_) | Domain::Unbounded, _) => false,
    }
}

fn size(x: Number) -> Number {
    if x < Number::ZERO { -x } else { x }
}
