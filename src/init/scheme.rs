//! The schemes by which weights are drawn before training.

use std::fmt;
use std::str::FromStr;

use ndarray::Array2;

use super::family::Family;
use super::orthogonal::orthonormal_rows;
use super::random::Random;
use crate::spelling::{self, Named, Parameters, Spelling};

/// How the weights of a layer are drawn: a family and its parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scheme {
    family: Family,
    parameters: Parameters,
}

/// The distribution of a single number.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Distribution {
    Constant(f64),
    Uniform { low: f64, high: f64 },
    Normal { mean: f64, sd: f64 },
    TruncatedNormal { mean: f64, sd: f64 },
}

impl Distribution {
    fn symmetric(bound: f64) -> Self {
        Self::Uniform {
            low: -bound,
            high: bound,
        }
    }

    fn centred(variance: f64) -> Self {
        Self::Normal {
            mean: 0.0,
            sd: variance.sqrt(),
        }
    }

    fn draw(self, random: &mut Random) -> f64 {
        match self {
            Self::Constant(value) => value,
            // Not low + (high − low)·u: a width may be beyond f64 where its ends are not.
            Self::Uniform { low, high } => {
                let u = random.unit();
                low * (1.0 - u) + high * u
            }
            Self::Normal { mean, sd } => mean + sd * random.normal(),
            Self::TruncatedNormal { mean, sd } => mean + sd * random.truncated_normal(),
        }
    }
}

impl Scheme {
    /// A family with the parameters it has where none are given.
    pub fn of(family: Family) -> Self {
        Self {
            family,
            parameters: family.spelling().usual(),
        }
    }

    /// The family.
    pub fn family(self) -> Family {
        self.family
    }

    /// Draws the weights of a layer, inputs × units; fan_in is `inputs`, fan_out `units`.
    pub fn weights(self, inputs: usize, units: usize, random: &mut Random) -> Array2<f64> {
        if let Some(distribution) = self.distribution(inputs, units) {
            return Array2::from_shape_simple_fn((inputs, units), || distribution.draw(random));
        }
        let [p, sd] = self.parameters;
        match self.family {
            Family::Orthogonal if units <= inputs => {
                let columns = orthonormal_rows(units, inputs, random);
                columns.t().as_standard_layout().into_owned()
            }
            Family::Orthogonal => orthonormal_rows(inputs, units, random),
            Family::Sparse => sparse(inputs, units, p, sd, random),
            _ => Array2::from_shape_fn((inputs, units), |(i, j)| f64::from(u8::from(i == j))),
        }
    }

    /// Draws the weights of a convolution, in the order of their shape `[out, in / groups, kernel rows, kernel columns]`.
    ///
    /// fan_in is `in / groups · rows · columns` and fan_out `out · rows · columns`, as PyTorch (`_calculate_fan_in_and_fan_out`)
    /// and Keras (`compute_fans`) count. What is drawn as a whole, is drawn as a matrix of output channels × the rest, and
    /// `identity` hands every channel of a group on through the middle of the kernel (PyTorch's `dirac_`).
    pub fn kernels(self, shape: [usize; 4], groups: usize, random: &mut Random) -> Vec<f64> {
        let [out, of_group, rows, columns] = shape;
        let taps = of_group * rows * columns;
        if let Some(distribution) = self.distribution(taps, out * rows * columns) {
            return (0..out * taps).map(|_| distribution.draw(random)).collect();
        }
        if self.family == Family::Identity {
            let middle = rows / 2 * columns + columns / 2;
            let tap = |o: usize| o % (out / groups) * rows * columns + middle;
            let weights =
                Array2::from_shape_fn((out, taps), |(o, k)| f64::from(u8::from(k == tap(o))));
            return weights.into_raw_vec_and_offset().0;
        }
        let columns = self.weights(taps, out, random);
        columns.t().iter().copied().collect()
    }

    /// Draws the biases that the scheme has of itself, one a unit; none where they are 0.
    pub(super) fn biases(self, inputs: usize, units: usize, random: &mut Random) -> Vec<f64> {
        match self.family {
            Family::PyTorch => {
                let distribution = Distribution::symmetric(1.0 / (inputs as f64).sqrt());
                (0..units).map(|_| distribution.draw(random)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The distribution of the biases that the scheme has of itself.
    pub fn bias_formula(self) -> &'static str {
        match self.family {
            Family::PyTorch => "U(±1 / √fan_in)",
            _ => "0",
        }
    }

    /// Draws `units` numbers that do not depend on the size of a layer; none from a scheme that does.
    pub(super) fn numbers(self, units: usize, random: &mut Random) -> Option<Vec<f64>> {
        if !self.is_plain() {
            return None;
        }
        let distribution = self.distribution(1, 1)?;
        Some((0..units).map(|_| distribution.draw(random)).collect())
    }

    /// Whether the numbers have nothing to do with the size of the layer.
    pub(super) fn is_plain(self) -> bool {
        matches!(
            self.family,
            Family::Zeros
                | Family::Constant
                | Family::Uniform
                | Family::Normal
                | Family::TruncatedNormal
        )
    }

    /// The distribution of every single weight; none where a layer is drawn as a whole.
    fn distribution(self, inputs: usize, units: usize) -> Option<Distribution> {
        let (fan_in, fan_out) = (inputs as f64, units as f64);
        let [a, b] = self.parameters;
        Some(match self.family {
            Family::Zeros => Distribution::Constant(0.0),
            Family::Constant => Distribution::Constant(a),
            Family::Uniform => Distribution::Uniform { low: a, high: b },
            Family::Normal => Distribution::Normal { mean: a, sd: b },
            Family::TruncatedNormal => Distribution::TruncatedNormal { mean: a, sd: b },
            Family::LecunUniform => Distribution::symmetric((3.0 / fan_in).sqrt()),
            Family::LecunNormal => Distribution::centred(1.0 / fan_in),
            Family::GlorotUniform => Distribution::symmetric((6.0 / (fan_in + fan_out)).sqrt()),
            Family::GlorotNormal => Distribution::centred(2.0 / (fan_in + fan_out)),
            Family::HeUniform => Distribution::symmetric((6.0 / fan_in).sqrt()),
            Family::HeNormal => Distribution::centred(2.0 / fan_in),
            Family::PyTorch => Distribution::symmetric(1.0 / fan_in.sqrt()),
            Family::Orthogonal | Family::Sparse | Family::Identity => return None,
        })
    }

    /// What a parameter may not be.
    fn check(self) -> Result<(), String> {
        let name = self.family.spelling().name;
        let [a, b] = self.parameters;
        match self.family {
            Family::Uniform if a > b => Err(format!("{name}: expected a ≤ b, found {a} > {b}")),
            Family::Normal | Family::TruncatedNormal | Family::Sparse if b < 0.0 => Err(format!(
                "{name}: expected a standard deviation σ ≥ 0, found {b}"
            )),
            Family::Sparse if !(0.0..1.0).contains(&a) => Err(format!(
                "{name}: expected a part p of zeros with 0 ≤ p < 1, found {a}"
            )),
            _ => Ok(()),
        }
    }
}

impl Named for Scheme {
    const KIND: &'static str = "scheme";

    /// One of every family.
    fn all() -> Vec<Self> {
        Family::ALL.map(Self::of).to_vec()
    }

    fn spelling(self) -> Spelling {
        self.family.spelling()
    }

    fn parameters(self) -> Parameters {
        self.parameters
    }

    fn with_parameters(self, parameters: Parameters) -> Result<Self, String> {
        let scheme = Self { parameters, ..self };
        scheme.check().map(|()| scheme)
    }
}

impl FromStr for Scheme {
    type Err = String;

    /// `he-normal`, `uniform:-1,1`: a name, and after a colon its parameters.
    fn from_str(text: &str) -> Result<Self, String> {
        spelling::read(text)
    }
}

impl fmt::Display for Scheme {
    /// As it is read; the parameters are left out where they are the usual ones.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&spelling::written(*self))
    }
}

/// 0 for ⌊p · inputs⌋ inputs of each unit, picked at random, and N(0, sd²) for the others.
fn sparse(inputs: usize, units: usize, p: f64, sd: f64, random: &mut Random) -> Array2<f64> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and inputs, for p is below 1"
    )]
    let zeros = ((p * inputs as f64) as usize).min(inputs - 1);
    let kept = inputs - zeros;
    let mut weights = Array2::zeros((inputs, units));
    let mut order: Vec<usize> = (0..inputs).collect();
    for j in 0..units {
        // The first steps of a shuffle pick the inputs that the unit keeps.
        for k in 0..kept {
            order.swap(k, k + random.below(inputs - k));
            weights[[order[k], j]] = sd * random.normal();
        }
    }
    weights
}
