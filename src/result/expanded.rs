//! The expansion of one unit, as results have it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::value::{Value, values};
use crate::network::{Network, Shape, linear::Role};
use crate::relevance::expansion::Expansion;

/// The expansion of one unit; every list of numbers has an entry for each input.
///
/// The inputs are those that `from` and `inputs` name. A unit without these two reads the level before its own alone, as dense
/// layers and sum pools do, and its inputs are all units of that level; what it does not see has v = 0 and no gradient.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TaylorUnit {
    /// The level of the unit.
    pub layer: usize,
    /// The unit, counted from 0.
    pub unit: usize,
    /// R_j
    pub relevance: Value,
    /// c_j = R_j / x_j
    pub factor: Value,
    /// The pre-activation at x.
    pub pre_activation: Value,
    /// The pre-activation at the root.
    pub pre_activation_at_root: Value,
    /// ‖x − x̃‖; null where it lies beyond f64.
    pub distance: Option<f64>,
    /// The level of each input; left out where the inputs are all units of the level before, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<usize>,
    /// The number of each input on its level, counted from 0; left out where `from` is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<usize>,
    /// x, the values of the inputs.
    pub x: Vec<Value>,
    /// v, the search direction.
    pub direction: Vec<Value>,
    /// x̃
    pub root: Vec<Value>,
    /// ∂R_j/∂x_i at the root, from the side on which the unit fires.
    pub gradient: Vec<Value>,
    /// ∂R_j/∂x_i · (x_i − x̃_i)
    pub terms: Vec<Value>,
    /// Σ_i of the terms.
    pub sum: Value,
    /// ε = R_j − R_j(x̃) − Σ_i of the terms.
    pub remainder: Value,
    /// How many coordinates of the root lie outside of their domain.
    pub outside: usize,
    /// Whether the unit's gradient is the same everywhere between x and x̃.
    pub gradient_constant: bool,
}

/// Which inputs the lists of a unit have.
enum Listed<'e> {
    /// All units of the level before, so many, of which it sees these.
    Level(usize, &'e [usize]),
    /// Those that it sees.
    Seen,
}

impl<'e> Listed<'e> {
    /// All units of the level before where a unit of level `layer` reads that alone and sees all of it, or is a pool over a
    /// plain list; else those that it sees, which may be few of many.
    fn new(network: &Network, layer: usize, seen: &'e [usize]) -> Self {
        let (made_by, before) = (network.layer(layer), network.units_of(layer - 1));
        let is_list = matches!(made_by.shape(), Shape::Flat(_)) && made_by.role() == Role::Pool;
        if made_by.sources().eq([layer - 1]) && (seen.len() == before || is_list) {
            Self::Level(before, seen)
        } else {
            Self::Seen
        }
    }

    /// A list of what the unit sees; what it does not see has what `elsewhere` says.
    fn list<N: Clone>(&self, list: &[N], elsewhere: impl Fn(usize) -> N) -> Vec<Value>
    where
        for<'n> Value: From<&'n N>,
    {
        let Self::Level(units, seen) = *self else {
            return values(list);
        };
        let mut all: Vec<N> = (0..units).map(elsewhere).collect();
        for (&i, value) in seen.iter().zip(list) {
            all[i].clone_from(value);
        }
        values(&all)
    }
}

impl TaylorUnit {
    /// The expansion of a unit that carries so much relevance; `x` has the values of every level.
    pub(super) fn new<N: Clone + Default>(
        network: &Network,
        (layer, unit): (usize, usize),
        relevance: &N,
        found: &Expansion<N>,
        x: impl Fn((usize, usize)) -> N,
    ) -> Self
    where
        for<'n> Value: From<&'n N>,
    {
        let (from, inputs) = (found.from.iter().copied(), found.inputs.iter().copied());
        let seen: Vec<N> = from.zip(inputs).map(&x).collect();
        let listed = Listed::new(network, layer, &found.inputs);
        let (x, nothing) = (|i| x((layer - 1, i)), |_| N::default());
        let named = |list: &[usize]| match listed {
            Listed::Level(..) => Vec::new(),
            Listed::Seen => list.to_vec(),
        };
        Self {
            layer,
            unit,
            relevance: relevance.into(),
            factor: (&found.factor).into(),
            pre_activation: (&found.pre_activation).into(),
            pre_activation_at_root: (&found.pre_activation_at_root).into(),
            distance: Some(found.distance).filter(|distance| distance.is_finite()),
            from: named(&found.from),
            inputs: named(&found.inputs),
            x: listed.list(&seen, x),
            direction: listed.list(&found.direction, nothing),
            root: listed.list(&found.root, x),
            gradient: listed.list(&found.gradient, nothing),
            terms: listed.list(&found.terms, nothing),
            sum: (&found.sum).into(),
            remainder: (&found.remainder).into(),
            outside: found.outside,
            gradient_constant: found.gradient_constant,
        }
    }

    /// The level and the number of the i-th input.
    pub(crate) fn input(&self, i: usize) -> Option<(usize, usize)> {
        match (self.from.get(i), self.inputs.get(i)) {
            (Some(&from), Some(&input)) => Some((from, input)),
            _ => Some((self.layer.checked_sub(1)?, i)),
        }
    }
}
