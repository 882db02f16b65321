//! The schemes by which weights are drawn before training.

use std::fmt;
use std::str::FromStr;

use ndarray::Array2;

use super::orthogonal::orthonormal_rows;
use super::random::Random;
use crate::network::did_you_mean;

/// A kind of scheme; [`Scheme`] adds its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// All weights 0.
    Zeros,
    /// All weights the same.
    Constant,
    /// Uniform in an interval.
    Uniform,
    /// Normal.
    Normal,
    /// Normal, cut off two standard deviations from its mean.
    TruncatedNormal,
    /// Uniform with variance 1/fan_in.
    LecunUniform,
    /// Normal with variance 1/fan_in.
    LecunNormal,
    /// Uniform with variance 2/(fan_in + fan_out).
    GlorotUniform,
    /// Normal with variance 2/(fan_in + fan_out).
    GlorotNormal,
    /// Uniform with variance 2/fan_in.
    HeUniform,
    /// Normal with variance 2/fan_in.
    HeNormal,
    /// Orthonormal columns, or rows.
    Orthogonal,
    /// Most weights 0, the others normal.
    Sparse,
    /// Each unit copies the input of its number.
    Identity,
    /// What `torch.nn.Linear` does by default.
    PyTorch,
}

/// What is known of a family.
#[derive(Debug, Clone, Copy)]
pub struct About {
    /// As the command line spells it.
    pub name: &'static str,
    /// Other spellings.
    pub aliases: &'static [&'static str],
    /// The parameters after the colon, with the values they have where none are given.
    pub parameters: &'static [(&'static str, f64)],
    /// The distribution of w_ij.
    pub formula: &'static str,
    /// Where it comes from.
    pub source: &'static str,
}

/// How the weights of a layer are drawn: a family and its parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scheme {
    family: Family,
    parameters: [f64; 2],
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

impl Family {
    /// Every family.
    pub const ALL: [Self; 15] = [
        Self::Zeros,
        Self::Constant,
        Self::Uniform,
        Self::Normal,
        Self::TruncatedNormal,
        Self::LecunUniform,
        Self::LecunNormal,
        Self::GlorotUniform,
        Self::GlorotNormal,
        Self::HeUniform,
        Self::HeNormal,
        Self::Orthogonal,
        Self::Sparse,
        Self::Identity,
        Self::PyTorch,
    ];

    /// Name, parameters, formula and source.
    pub const fn about(self) -> About {
        const LECUN: &str = "LeCun et al. 1998, Efficient BackProp, section 4.6";
        const GLOROT: &str = "Glorot & Bengio 2010, section 4.2.1";
        const HE: &str = "He et al. 2015, Delving Deep into Rectifiers, section 2.2";
        let (name, aliases, parameters, formula, source): (_, &[_], &[_], _, _) = match self {
            Self::Zeros => (
                "zeros",
                &[],
                &[],
                "0",
                "the extreme case: without a bias no unit fires",
            ),
            Self::Constant => (
                "constant",
                &[],
                &[("v", 0.05)],
                "v",
                "the symmetric case: all units of a layer are alike",
            ),
            Self::Uniform => (
                "uniform",
                &[],
                &[("a", -0.05), ("b", 0.05)],
                "U(a, b)",
                "Keras' RandomUniform has these defaults",
            ),
            Self::Normal => (
                "normal",
                &[],
                &[("μ", 0.0), ("σ", 0.05)],
                "N(μ, σ²)",
                "Keras' RandomNormal has these defaults",
            ),
            Self::TruncatedNormal => (
                "truncated-normal",
                &[],
                &[("μ", 0.0), ("σ", 0.05)],
                "N(μ, σ²) within μ ± 2σ",
                "Keras' TruncatedNormal has these defaults",
            ),
            Self::LecunUniform => (
                "lecun-uniform",
                &[],
                &[],
                "U(±√(3 / fan_in)), variance 1 / fan_in",
                LECUN,
            ),
            Self::LecunNormal => ("lecun-normal", &[], &[], "N(0, 1 / fan_in)", LECUN),
            Self::GlorotUniform => (
                "glorot-uniform",
                &["xavier-uniform"],
                &[],
                "U(±√(6 / (fan_in + fan_out)))",
                GLOROT,
            ),
            Self::GlorotNormal => (
                "glorot-normal",
                &["xavier-normal"],
                &[],
                "N(0, 2 / (fan_in + fan_out))",
                GLOROT,
            ),
            Self::HeUniform => (
                "he-uniform",
                &["kaiming-uniform"],
                &[],
                "U(±√(6 / fan_in)), variance 2 / fan_in",
                HE,
            ),
            Self::HeNormal => (
                "he-normal",
                &["kaiming-normal"],
                &[],
                "N(0, 2 / fan_in), not truncated",
                HE,
            ),
            Self::Orthogonal => (
                "orthogonal",
                &[],
                &[],
                "orthonormal columns (rows, where units > inputs), gain 1",
                "Saxe et al. 2014; drawn after Stewart 1980",
            ),
            Self::Sparse => (
                "sparse",
                &[],
                &[("p", 0.9), ("σ", 1.0)],
                "0 for ⌊p · fan_in⌋ inputs of each unit, N(0, σ²) for the others",
                "Martens 2010, Deep Learning via Hessian-free Optimization",
            ),
            Self::Identity => (
                "identity",
                &[],
                &[],
                "1 where i = j, 0 elsewhere",
                "Le, Jaitly & Hinton 2015",
            ),
            Self::PyTorch => (
                "pytorch",
                &[],
                &[],
                "U(±1 / √fan_in), biases too",
                "torch.nn.Linear, reset_parameters",
            ),
        };
        About {
            name,
            aliases,
            parameters,
            formula,
            source,
        }
    }
}

impl Scheme {
    /// A family with the parameters it has where none are given.
    pub fn of(family: Family) -> Self {
        let mut parameters = [0.0; 2];
        for (to, (_, default)) in parameters.iter_mut().zip(family.about().parameters) {
            *to = *default;
        }
        Self { family, parameters }
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
            Family::Sparse => sparse(inputs, units, (p, sd), random),
            _ => Array2::from_shape_fn((inputs, units), |(i, j)| f64::from(u8::from(i == j))),
        }
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
        let name = self.family.about().name;
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

/// 0 for ⌊p · inputs⌋ inputs of each unit, picked at random, and N(0, sd²) for the others.
fn sparse(inputs: usize, units: usize, (p, sd): (f64, f64), random: &mut Random) -> Array2<f64> {
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

impl FromStr for Scheme {
    type Err = String;

    /// `he-normal`, `uniform:-1,1`: a name, and after a colon its parameters.
    fn from_str(text: &str) -> Result<Self, String> {
        let (name, given) = match text.split_once(':') {
            Some((name, given)) => (name.trim(), Some(given)),
            None => (text.trim(), None),
        };
        let spelt = name.to_lowercase().replace('_', "-");
        let is_named = |family: &Family| {
            let about = family.about();
            about.name == spelt || about.aliases.contains(&spelt.as_str())
        };
        let Some(family) = Family::ALL.into_iter().find(is_named) else {
            let known = Family::ALL.iter().flat_map(|family| {
                let about = family.about();
                std::iter::once(about.name).chain(about.aliases.iter().copied())
            });
            return Err(format!(
                "unknown scheme `{name}`; {}",
                did_you_mean(&spelt, known)
            ));
        };
        let mut scheme = Self::of(family);
        if let Some(given) = given {
            scheme.take(given)?;
        }
        scheme.check().map(|()| scheme)
    }
}

impl Scheme {
    /// Reads the parameters after the colon.
    fn take(&mut self, given: &str) -> Result<(), String> {
        let about = self.family.about();
        let given: Vec<&str> = given.split(',').map(str::trim).collect();
        if given.len() > about.parameters.len() {
            return Err(if about.parameters.is_empty() {
                format!(
                    "{} takes no parameters, found `{}`",
                    about.name,
                    given.join(",")
                )
            } else {
                format!(
                    "expected {}, found {} parameters",
                    about.spelling(),
                    given.len()
                )
            });
        }
        for (to, text) in self.parameters.iter_mut().zip(given) {
            match text.parse::<f64>() {
                Ok(value) if value.is_finite() => *to = value,
                _ => {
                    let found = if text.is_empty() { "nothing" } else { text };
                    return Err(format!(
                        "{}: expected a finite number, found `{found}`",
                        about.spelling()
                    ));
                }
            }
        }
        Ok(())
    }
}

impl About {
    /// The name with its parameters: `uniform:a,b`.
    pub fn spelling(&self) -> String {
        let parameters: Vec<&str> = self.parameters.iter().map(|(name, _)| *name).collect();
        if parameters.is_empty() {
            self.name.to_owned()
        } else {
            format!("{}:{}", self.name, parameters.join(","))
        }
    }
}

impl fmt::Display for Scheme {
    /// As it is read; the parameters are left out where they are the usual ones.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let about = self.family.about();
        if *self == Self::of(self.family) {
            return f.pad(about.name);
        }
        let shown = &self.parameters[..about.parameters.len()];
        let shown: Vec<String> = shown.iter().map(ToString::to_string).collect();
        f.pad(&format!("{}:{}", about.name, shown.join(",")))
    }
}
