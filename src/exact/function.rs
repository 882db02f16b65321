//! The whole network as one function, expanded without rounding.

use super::layer::ExactTie;
use super::network::ExactNetwork;
use super::number::{Number, Total, size};
use crate::network::Activation;
use crate::relevance::Chosen;
use crate::relevance::function::{Limit, Reached, Stopped, check};

/// Where the expansion point is sought; as [`Toward`](crate::relevance::function::Toward).
#[derive(Debug, Clone, PartialEq)]
pub enum ExactToward {
    /// On the segment from x to this point.
    Point(Vec<Number>),
    /// Along the gradient at x.
    Nearest,
}

/// The exact first-order expansion of the whole network.
#[derive(Debug, Clone, PartialEq)]
pub struct ExactFunction {
    /// `f(x)`
    pub value: Number,
    /// The expansion point x̃.
    pub root: Vec<Number>,
    /// `f(x̃)`
    pub value_at_root: Number,
    /// `∇f(x̃)`, one-sided, on the piece over which x̃ was reached.
    pub gradient: Vec<Number>,
    /// `R_p = ∂f/∂x_p|x̃ · (x_p − x̃_p)`
    pub terms: Vec<Number>,
    /// `ε`
    pub remainder: Number,
    /// Whether f becomes 0 on the line.
    pub found: bool,
    /// How many linear pieces lie between x and x̃.
    pub pieces: usize,
}

type Pattern = Vec<Vec<bool>>;
/// How far it is to where a unit starts or stops to fire, its level, and its number.
type Turn = (Number, usize, usize);
/// A value and its slope along the line.
type Affine = (Number, Number);

#[derive(Clone)]
struct ExactPlace {
    way: Number,
    value: Number,
    pattern: Pattern,
    pieces: usize,
}

impl ExactPlace {
    fn reached(&self) -> Reached {
        Reached {
            pieces: self.pieces,
            way: self.way.to_f64().value(),
            value: self.value.to_f64().value(),
        }
    }
}

struct ExactLine<'a> {
    network: &'a ExactNetwork,
    chosen: Chosen,
    x: &'a [Number],
    u: Vec<Number>,
}

/// Expands what `chosen` makes of the outputs of a network, one, the sum of all or a difference, around the first root on a line from x.
///
/// Where there is none, around the point itself or, along the gradient, the place where |f| is least.
///
/// # Errors
///
/// [`Stopped`] when the network has a layer that cannot be followed, or the search comes to its limit.
///
/// # Panics
///
/// When x, or the point, has not as many values as the network has inputs, or there is no such output.
pub fn expand_function(
    network: &ExactNetwork,
    x: &[Number],
    chosen: Chosen,
    toward: &ExactToward,
    limit: Limit,
) -> Result<ExactFunction, Stopped> {
    check(network.rounded())?;
    let u = vec![Number::ZERO; x.len()];
    let mut line = ExactLine {
        network,
        chosen,
        x,
        u,
    };
    let at_x = line.pattern(x);
    let (value, _) = line.values(&at_x, x);
    let longest = match toward {
        ExactToward::Point(point) => {
            line.u = point.iter().zip(x).map(|(to, x)| to - x).collect();
            Some(Number::ONE)
        }
        ExactToward::Nearest => {
            let gradient = line.gradient(&at_x);
            let square: Number = gradient.iter().map(|g| g * g).total();
            if square != Number::ZERO {
                line.u = gradient.iter().map(|g| -(g * &value / &square)).collect();
            }
            None
        }
    };
    let (place, found) = line.walk(&value, longest.as_ref(), limit)?;
    Ok(line.expand(value, &place, found))
}

impl ExactLine<'_> {
    fn walk(
        &self,
        value: &Number,
        longest: Option<&Number>,
        limit: Limit,
    ) -> Result<(ExactPlace, bool), Stopped> {
        let mut here = ExactPlace {
            way: Number::ZERO,
            value: value.clone(),
            pattern: self.pattern(self.x),
            pieces: 0,
        };
        let mut least = here.clone();
        if *value == Number::ZERO {
            return Ok((here, true));
        }
        let mut turns = 0;
        loop {
            limit.check(|| here.reached(), turns)?;
            turns += 1;
            let ((f, slope), event) = self.look_ahead(&here);
            let rest = longest.map(|longest| longest - &here.way);
            let event = event.filter(|event| rest.as_ref().is_none_or(|rest| event.0 < *rest));
            let length = event
                .as_ref()
                .map(|event| event.0.clone())
                .or_else(|| rest.clone());
            let to_root = (&f * &slope < Number::ZERO).then(|| -(&f / &slope));
            if let Some(to_root) =
                to_root.filter(|way| length.as_ref().is_none_or(|length| way <= length))
            {
                here.way += to_root;
                here.pieces += 1;
                return Ok((here, true));
            }
            let Some((length, level, unit)) = event else {
                return Ok(match rest {
                    Some(rest) => {
                        here.way += rest;
                        here.pieces += 1;
                        (here, false)
                    }
                    None => (least, false),
                });
            };
            if length > Number::ZERO {
                here.value = f + slope * &length;
                here.way += length;
                here.pieces += 1;
                if size(&here.value) < size(&least.value) {
                    least = here.clone();
                }
            }
            let fires = &mut here.pattern[level - 1][unit];
            *fires = !*fires;
        }
    }

    /// f and its slope at a place, and the way from there to the next turn, with its level and unit.
    fn look_ahead(&self, here: &ExactPlace) -> (Affine, Option<Turn>) {
        let mut next: Option<Turn> = None;
        let outputs = self.pass(&self.at(&here.way), |level, z| {
            let relu = self.network.layer(level).activation() == Activation::Relu;
            let pattern = &here.pattern[level - 1];
            for (j, (value, slope)) in z.iter().enumerate() {
                let fires = pattern[j];
                let turns = if fires {
                    *slope < Number::ZERO
                } else {
                    *slope > Number::ZERO
                };
                if relu && turns {
                    let length = Number::max(-(value / slope), Number::ZERO);
                    if next.as_ref().is_none_or(|(nearest, ..)| length < *nearest) {
                        next = Some((length, level, j));
                    }
                }
            }
            pattern.clone()
        });
        (self.explained(&outputs), next)
    }

    /// The units that fire at a point, and just beyond it where a pre-activation is 0.
    fn pattern(&self, point: &[Number]) -> Pattern {
        let mut pattern = Vec::new();
        self.pass(point, |level, z| {
            let relu = self.network.layer(level).activation() == Activation::Relu;
            let fires = |(value, slope): &Affine| {
                let beyond = *value == Number::ZERO && *slope > Number::ZERO;
                !relu || *value > Number::ZERO || beyond
            };
            let fires: Vec<bool> = z.iter().map(fires).collect();
            pattern.push(fires.clone());
            fires
        });
        pattern
    }

    /// f and its slope along the line at a point, on the piece of `pattern`.
    fn values(&self, pattern: &Pattern, point: &[Number]) -> Affine {
        self.explained(&self.pass(point, |level, _| pattern[level - 1].clone()))
    }

    /// f and its slope, of those of the outputs.
    fn explained(&self, outputs: &[Affine]) -> Affine {
        let sum = |side: fn(&Affine) -> &Number| {
            let outputs = outputs.iter().enumerate();
            let parts = outputs.map(|(k, output)| self.chosen.part(k, side(output).clone()));
            parts.total()
        };
        (sum(|output| &output.0), sum(|output| &output.1))
    }

    /// Values and slopes of the outputs; `fires` is shown each layer's pre-activations and says who fires.
    fn pass(
        &self,
        point: &[Number],
        mut fires: impl FnMut(usize, &[Affine]) -> Vec<bool>,
    ) -> Vec<Affine> {
        let input = point.iter().cloned().zip(self.u.iter().cloned());
        let mut levels: Vec<Vec<Affine>> = vec![input.collect()];
        for (level, layer) in self.network.by_level() {
            let sources: Vec<usize> = layer.sources().collect();
            let weighed = |j: usize, side: fn(&Affine) -> &Number| {
                let of = |tie: ExactTie| side(&levels[sources[tie.branch]][tie.input]) * tie.weight;
                layer.ties(j).map(of).total()
            };
            let z: Vec<Affine> = (0..layer.units())
                .map(|j| (weighed(j, |x| &x.0) + layer.bias(j), weighed(j, |x| &x.1)))
                .collect();
            let fires = fires(level, &z);
            let rest = || (Number::ZERO, Number::ZERO);
            let units = z.into_iter().zip(fires);
            levels.push(
                units
                    .map(|(z, fires)| if fires { z } else { rest() })
                    .collect(),
            );
        }
        levels.swap_remove(self.network.top())
    }

    fn at(&self, way: &Number) -> Vec<Number> {
        self.x
            .iter()
            .zip(&self.u)
            .map(|(x, u)| x + way * u)
            .collect()
    }

    fn gradient(&self, pattern: &Pattern) -> Vec<Number> {
        let units = self.network.rounded().units().into_iter();
        let mut levels: Vec<Vec<Number>> = units.map(|units| vec![Number::ZERO; units]).collect();
        for (k, value) in levels[self.network.top()].iter_mut().enumerate() {
            *value = self.chosen.part(k, Number::ONE);
        }
        for ((level, layer), fires) in self.network.by_level().zip(pattern).rev() {
            let (below, above) = levels.split_at_mut(level);
            let sources: Vec<usize> = layer.sources().collect();
            for j in (0..layer.units()).filter(|&j| fires[j]) {
                for tie in layer.ties(j) {
                    below[sources[tie.branch]][tie.input] += &above[0][j] * tie.weight;
                }
            }
        }
        levels.swap_remove(0)
    }

    fn expand(&self, value: Number, place: &ExactPlace, found: bool) -> ExactFunction {
        let root = self.at(&place.way);
        let gradient = self.gradient(&place.pattern);
        let terms: Vec<Number> = (gradient.iter().zip(self.x).zip(&root))
            .map(|((gradient, x), root)| gradient * (x - root))
            .collect();
        let (value_at_root, _) = self.values(&self.pattern(&root), &root);
        let sum: Number = terms.iter().cloned().total();
        ExactFunction {
            remainder: &value - &value_at_root - sum,
            value,
            value_at_root,
            root,
            gradient,
            terms,
            found,
            pieces: place.pieces,
        }
    }
}
