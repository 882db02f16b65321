//! The expansion of every unit, without rounding.

use super::explain::{Exact, ExactUnit};
use super::layer::ExactTie;
use super::network::ExactNetwork;
use super::number::{Number, Total, size};
use super::rule::{self, At};
use crate::relevance::{
    Rule, RuleBias,
    expansion::{Expansion, NoRoot},
};

/// The exact expansion of one unit's relevance.
#[derive(Debug, Clone, PartialEq)]
pub struct ExactExpansion {
    /// Root, terms and remainder.
    pub expansion: Expansion<Number>,
    /// The largest difference between a term and what the rule hands down.
    pub largest_difference: Number,
}

/// Expands unit `j` of level `level`, for a sample explained with `rule` on the layer that makes it, its
/// bias kept or not.
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
    level: usize,
    j: usize,
    rule: Rule,
    bias: RuleBias,
) -> Result<ExactExpansion, NoRoot> {
    let (carried, layer) = (&exact.relevance[level][j], network.layer(level));
    let read = network.read(level, &exact.activations);
    let z = layer.pre_activation(j, &read);
    let activation = layer.activate(z.clone());
    if activation == Number::ZERO {
        return Err(NoRoot::Silent);
    }
    if layer.is_saturated(&z) {
        return Err(NoRoot::Saturated);
    }
    if bias.is_in_denominators(rule) && *layer.bias(j) != Number::ZERO {
        return Err(NoRoot::KeptBias);
    }
    let (factor, bounds) = (carried / activation, network.bounds_below(level));
    let seen: Vec<ExactTie> = layer.ties_at(j, &read).collect();
    let x: Vec<&Number> = (seen.iter())
        .map(|tie| &read[tie.branch][tie.input])
        .collect();
    let direction = (seen.iter().zip(&x))
        .map(|(tie, x)| {
            let at = At {
                bounds: bounds(tie.input),
                negative: z < Number::ZERO,
            };
            rule::direction(rule, x, tie.weight, at)
        })
        .collect::<Option<Vec<Number>>>()
        .ok_or_else(|| NoRoot::without_direction(rule))?;
    let slope = weighted(&seen, &direction);
    if slope == Number::ZERO {
        return Err(NoRoot::NoDirection);
    }
    let t = &z / slope;
    let root: Vec<Number> = (x.iter().zip(&direction))
        .map(|(x, v)| *x - &t * v)
        .collect();
    let gradient: Vec<Number> = seen.iter().map(|tie| &factor * tie.weight).collect();
    let terms: Vec<Number> = (gradient.iter().zip(&x).zip(&root))
        .map(|((gradient, x), root)| gradient * (*x - root))
        .collect();
    let at_root = weighted(&seen, &root) + layer.bias(j);
    let sum: Number = terms.iter().cloned().total();
    let value_at_root = &factor * layer.activate(at_root.clone());
    let unit = ExactUnit {
        layer,
        j,
        rule,
        bias,
        x: &read,
    };
    let messages = unit.hand_down(&bounds, carried).messages;
    let differences = (terms.iter().zip(&messages)).map(|(term, message)| size(&(term - message)));
    let largest_difference = differences.fold(Number::ZERO, Number::max);
    let sources: Vec<usize> = layer.sources().collect();
    let from: Vec<usize> = seen.iter().map(|tie| sources[tie.branch]).collect();
    let places = from.iter().zip(&seen).zip(&root);
    let expansion = Expansion {
        remainder: carried - value_at_root - &sum,
        // In decimals: it is seldom a fraction.
        distance: (x.iter().zip(&root)).fold(0.0, |norm: f64, (x, root)| {
            norm.hypot((*x - root).to_f64().value())
        }),
        outside: places
            .filter(|((from, tie), root)| !network.domain(**from).holds(tie.input, root))
            .count(),
        inputs: seen.iter().map(|tie| tie.input).collect(),
        from,
        factor,
        direction,
        root,
        gradient,
        terms,
        pre_activation: z,
        gradient_constant: at_root >= Number::ZERO,
        pre_activation_at_root: at_root,
        sum,
    };
    Ok(ExactExpansion {
        expansion,
        largest_difference,
    })
}

/// `Σ_i v_i w_ij`
fn weighted(seen: &[ExactTie], values: &[Number]) -> Number {
    let products = seen.iter().zip(values).map(|(tie, v)| v * tie.weight);
    products.total()
}
