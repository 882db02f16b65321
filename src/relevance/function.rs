//! The whole network as one function, expanded at one point: `f(x) = f(x̃) + Σ_p R_p + ε`.
//!
//! A ReLU network is linear on pieces. The search for a root walks along a line from x, piece by piece: on each
//! the pre-activations are affine in the way gone, so that the place where the next unit starts or stops to
//! fire, and the place where f becomes 0, are known and not guessed.

use ndarray::{Array1, Array2, ArrayView1};

pub(crate) use super::pieces::check;
pub use super::pieces::{Limit, Reached, Stopped};
use super::target::Chosen;
use crate::network::{Activation, Layer, Network};

/// Where the expansion point is sought.
#[derive(Debug, Clone, PartialEq)]
pub enum Toward {
    /// On the segment from x to this point.
    Point(Vec<f64>),
    /// Downhill from x, along the gradient at x (uphill where f(x) < 0).
    Nearest,
}

/// The first-order expansion of the whole network.
#[derive(Debug, Clone, PartialEq)]
pub struct FunctionExpansion {
    /// `f(x)`
    pub value: f64,
    /// The expansion point x̃.
    pub root: Vec<f64>,
    /// `f(x̃)`: 0 where a root was found, but for rounding.
    pub value_at_root: f64,
    /// `∇f(x̃)`, one-sided: on the linear piece over which x̃ was reached.
    pub gradient: Vec<f64>,
    /// `R_p = ∂f/∂x_p|x̃ · (x_p − x̃_p)`
    pub terms: Vec<f64>,
    /// `ε = f(x) − f(x̃) − Σ_p R_p`
    pub remainder: f64,
    /// Whether f becomes 0 on the line.
    pub found: bool,
    /// How many linear pieces lie between x and x̃.
    pub pieces: usize,
}

/// Which units fire, layer by layer; all of them where there is no ReLU.
type Pattern = Vec<Vec<bool>>;

/// How far it is to where a unit starts or stops to fire, its level, and its number.
type Turn = (f64, usize, usize);

/// A place on the line, and the piece over which it was reached.
#[derive(Clone)]
struct Place {
    way: f64,
    value: f64,
    pattern: Pattern,
    pieces: usize,
}

impl Place {
    fn reached(&self) -> Reached {
        Reached {
            pieces: self.pieces,
            way: self.way,
            value: self.value,
        }
    }
}

/// The line x + t·u and the network's function on it.
struct Line<'a> {
    network: &'a Network,
    chosen: Chosen,
    x: &'a [f64],
    u: Vec<f64>,
    /// x + u as it was given, without the rounding of a sum.
    end: Option<&'a [f64]>,
}

/// Expands what `chosen` makes of the outputs of a network, one, the sum of all or a difference, around the first root on a line from x.
///
/// Where there is no root on the line, the expansion point is the point itself, or with [`Toward::Nearest`] the
/// place on the line where |f| is least, and [`found`](FunctionExpansion::found) is false.
///
/// # Errors
///
/// [`Stopped`] when the network has a layer that cannot be followed, a value on the way leaves the range of f64, or the search
/// comes to its limit.
///
/// # Panics
///
/// When x, or the point, has not as many values as the network has inputs, or there is no such output.
pub fn expand_function(
    network: &Network,
    x: &[f64],
    chosen: Chosen,
    toward: &Toward,
    limit: Limit,
) -> Result<FunctionExpansion, Stopped> {
    check(network)?;
    let mut line = Line {
        network,
        chosen,
        x,
        u: vec![0.0; x.len()],
        end: None,
    };
    let at_x = line.pattern();
    let (value, _) = line.values(&at_x, 0.0);
    let longest = match toward {
        Toward::Point(point) => {
            line.u = point.iter().zip(x).map(|(to, x)| to - x).collect();
            line.end = Some(point);
            1.0
        }
        Toward::Nearest => {
            let gradient = line.gradient(&at_x);
            let square: f64 = gradient.iter().map(|g| g * g).sum();
            // One unit of the way would bring a linear f to 0.
            if (value / square).is_finite() {
                line.u = gradient.iter().map(|g| -g * (value / square)).collect();
            }
            f64::INFINITY
        }
    };
    let (place, found) = line.walk(value, longest, limit)?;
    let expansion = line.expand(value, &place, found);
    if expansion.remainder.is_finite() {
        Ok(expansion)
    } else {
        Err(Stopped::Overflow)
    }
}

impl Line<'_> {
    /// Walks from x until f is 0 or the line ends.
    fn walk(&self, value: f64, longest: f64, limit: Limit) -> Result<(Place, bool), Stopped> {
        let start = Place {
            way: 0.0,
            value,
            pattern: self.pattern(),
            pieces: 0,
        };
        if value == 0.0 {
            return Ok((start, true));
        }
        let (mut here, mut least) = (start.clone(), start);
        // Units can turn one after the other at one place, without a piece between them: turns are what is counted.
        let mut turns = 0;
        loop {
            limit.check(|| here.reached(), turns)?;
            turns += 1;
            let ((f, slope), event) = self.look_ahead(&here);
            let rest = longest - here.way;
            let length = event.map_or(rest, |(length, ..)| length.min(rest));
            let to_root = if f.is_sign_negative() == slope.is_sign_negative() {
                f64::INFINITY
            } else {
                -f / slope
            };
            // f can become 0 just where the last unit stops: rounding must not carry the root past it.
            if to_root <= length * (1.0 + 1e-12) && to_root.is_finite() {
                here.way = (here.way + to_root).min(longest);
                here.pieces += 1;
                return Ok((here, true));
            }
            let Some((_, level, unit)) = event.filter(|_| length < rest) else {
                if longest.is_finite() {
                    here.way = longest;
                    here.pieces += 1;
                    return Ok((here, false));
                }
                return Ok((least, false));
            };
            if length > 0.0 {
                here.way += length;
                here.pieces += 1;
                here.value = f + slope * length;
                if here.value.abs() < least.value.abs() {
                    least = here.clone();
                }
            }
            let fires = &mut here.pattern[level - 1][unit];
            *fires = !*fires;
        }
    }

    /// f and its slope at a place; and how far it is from there to where the next unit starts or stops to fire, and
    /// which one that is.
    fn look_ahead(&self, here: &Place) -> ((f64, f64), Option<Turn>) {
        let mut next: Option<Turn> = None;
        let outputs = self.pass(here.way, |level, z| {
            let pattern = &here.pattern[level - 1];
            if self.network.layer(level).activation() == Activation::Relu {
                for (j, fires) in pattern.iter().enumerate() {
                    let (value, slope) = (z[[0, j]], z[[1, j]]);
                    if (*fires && slope < 0.0) || (!*fires && slope > 0.0) {
                        let length = (-value / slope).max(0.0);
                        if next.is_none_or(|(nearest, ..)| length < nearest) {
                            next = Some((length, level, j));
                        }
                    }
                }
            }
            pattern.clone()
        });
        (self.explained(&outputs), next)
    }

    /// The units that fire at x, and just beyond it where a pre-activation is 0.
    fn pattern(&self) -> Pattern {
        let mut pattern = Vec::new();
        self.pass(0.0, |level, z| {
            let relu = self.network.layer(level).activation() == Activation::Relu;
            let units = z.columns().into_iter();
            let fires: Vec<bool> = units
                .map(|z| !relu || z[0] > 0.0 || (z[0] == 0.0 && z[1] > 0.0))
                .collect();
            pattern.push(fires.clone());
            fires
        });
        pattern
    }

    /// f and its slope along the line, a way of `way` from x, on the piece of `pattern`.
    fn values(&self, pattern: &Pattern, way: f64) -> (f64, f64) {
        self.explained(&self.pass(way, |level, _| pattern[level - 1].clone()))
    }

    /// f and its slope, of the values and slopes of the outputs.
    fn explained(&self, outputs: &Array2<f64>) -> (f64, f64) {
        let explained = |row: ArrayView1<f64>| match (self.chosen.output, self.chosen.minus) {
            (Some(k), None) => row[k],
            (Some(k), Some(minus)) => row[k] - row[minus],
            (None, _) => row.sum(),
        };
        (explained(outputs.row(0)), explained(outputs.row(1)))
    }

    /// Values and slopes of the outputs; `fires` is shown each layer's pre-activations and says who fires.
    fn pass(
        &self,
        way: f64,
        mut fires: impl FnMut(usize, &Array2<f64>) -> Vec<bool>,
    ) -> Array2<f64> {
        let input = Array2::from_shape_fn((2, self.x.len()), |(row, i)| match row {
            0 => self.at(way, i),
            _ => self.u[i],
        });
        let mut levels = vec![input];
        for (level, layer) in self.network.by_level() {
            let mut z = weighed(layer, &levels);
            if !layer.bias().is_empty() {
                let values = z.row_mut(0).into_iter().enumerate();
                values.for_each(|(j, z)| *z += layer.bias_of(j));
            }
            let fires = fires(level, &z);
            for (mut unit, fires) in z.columns_mut().into_iter().zip(fires) {
                if !fires {
                    unit.fill(0.0);
                }
            }
            levels.push(z);
        }
        levels.swap_remove(self.network.top())
    }

    /// The i-th coordinate, a way of `way` from x.
    fn at(&self, way: f64, i: usize) -> f64 {
        match self.end {
            // The walk ends at the whole of u, or before it.
            Some(end) if way >= 1.0 => end[i],
            _ => self.x[i] + way * self.u[i],
        }
    }

    /// `∇f` on the piece of `pattern`.
    fn gradient(&self, pattern: &Pattern) -> Vec<f64> {
        let nothing = |units| Array2::zeros((1, units));
        let mut levels: Vec<Array2<f64>> = self.network.units().into_iter().map(nothing).collect();
        for (k, value) in levels[self.network.top()].iter_mut().enumerate() {
            *value = self.chosen.part(k, 1.0);
        }
        for ((level, layer), fires) in self.network.by_level().zip(pattern).rev() {
            let (below, above) = levels.split_at_mut(level);
            for (value, fires) in above[0].iter_mut().zip(fires) {
                if !fires {
                    *value = 0.0;
                }
            }
            for branch in layer.branches() {
                let to = &mut below[branch.from()];
                let mut part = Array2::zeros(to.dim());
                let map = branch.map().at(to.view(), branch.constants());
                map.adjoint(above[0].view(), part.view_mut());
                *to += &part;
            }
        }
        levels.swap_remove(0).into_iter().collect()
    }

    fn expand(&self, value: f64, place: &Place, found: bool) -> FunctionExpansion {
        let root: Vec<f64> = (0..self.x.len()).map(|i| self.at(place.way, i)).collect();
        let gradient = self.gradient(&place.pattern);
        let terms: Vec<f64> = (gradient.iter().zip(self.x).zip(&root))
            .map(|((gradient, x), root)| gradient * (x - root))
            .collect();
        let at_root = Line {
            x: &root,
            u: vec![0.0; root.len()],
            end: None,
            ..*self
        };
        let (value_at_root, _) = at_root.values(&at_root.pattern(), 0.0);
        let sum = Array1::from_vec(terms.clone()).sum();
        FunctionExpansion {
            value,
            value_at_root,
            remainder: value - value_at_root - sum,
            root,
            gradient,
            terms,
            found,
            pieces: place.pieces,
        }
    }
}

/// `Σ_k Σ_i x_i w_ij` over the branches k of a layer, for every row of the levels below.
fn weighed(layer: &Layer, levels: &[Array2<f64>]) -> Array2<f64> {
    let mut z = Array2::zeros((levels[0].nrows(), layer.units()));
    if let [branch] = layer.branches() {
        branch
            .map()
            .apply(levels[branch.from()].view(), z.view_mut());
        return z;
    }
    for branch in layer.branches() {
        let x = levels[branch.from()].view();
        branch.map().accumulate(x, z.view_mut());
    }
    z
}
