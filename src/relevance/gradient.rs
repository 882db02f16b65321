//! Gradient methods: what derivatives of an output by the inputs say of these, as a reference beside the rules.
//!
//! They explain the input only: no level between it and the output has a relevance, and nothing is conserved on the way. What
//! stands in the place of the balance is *completeness*, `Σ_i R_i = f(x) − f(x')` with a baseline x' (Sundararajan, Taly and
//! Yan, *Axiomatic Attribution for Deep Networks*, 2017, section 3).
//!
//! All derivatives come from the one backward pass, that of training. At a kink the derivative is the one-sided one that
//! this takes: 0 for a ReLU at 0 and for a ReLU6 at 0 and from 6 on, and that of the first of the largest inputs of a max pool.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::network::{Activation, Network};
use crate::spelling::{self, Named, Parameters, Spelling};

/// Integrated gradients are complete where `|f(x) − f(x') − Σ R|` is at most this part of `|f(x) − f(x')|`: Sundararajan, Taly and
/// Yan (2017, section 5) find 20 to 300 steps enough to come within 5 %, and advise to take more where the sum is not near.
pub const QUADRATURE: f64 = 0.05;

/// No method takes the gradient at more points.
const MOST_POINTS: f64 = 1e6;

/// How derivatives of an output become the relevance of the inputs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Gradient {
    /// `R_i = ∂f/∂x_i`, with its sign (Simonyan, Vedaldi and Zisserman 2013, section 3).
    Plain,
    /// `R_i = x_i · ∂f/∂x_i` (Shrikumar et al. 2016, section 2).
    TimesInput,
    /// `R_i = (x_i − x'_i) · 1/m Σ_k ∂f/∂x_i` over m points of the straight line from x' to x (Sundararajan, Taly and Yan 2017,
    /// section 3): the middles of m equal parts, `x' + (k − 1/2)/m · (x − x')` for k = 1 … m.
    ///
    /// The derivative along the line is constant between kinks. The middle of a part without a kink is exact, and a part with
    /// kinks is off by half of its length times what the derivative changes by in it, at the most: half of what an end of the
    /// part can be off by. No point is the baseline, where many ReLUs can be at their kink at once.
    Integrated {
        /// m, from 1.
        steps: usize,
    },
    /// `R_i = 1/n Σ_k ∂f/∂x_i` over n noisy copies of x (Smilkov et al. 2017, section 3): each value gets noise from
    /// N(0, (σ · (max x − min x))²), the range being that of the sample itself, as there. Copies may leave the bounds of the
    /// inputs. A sample of equal values gets no noise.
    Smooth {
        /// n, from 1.
        copies: usize,
        /// σ, from 0.
        noise: f64,
    },
}

impl Gradient {
    /// All of them, with their usual parameters.
    pub const ALL: [Self; 4] = [
        Self::Plain,
        Self::TimesInput,
        Self::Integrated { steps: 50 },
        Self::Smooth {
            copies: 50,
            noise: 0.1,
        },
    ];

    /// What it computes; x' is the baseline.
    pub fn formula(self) -> &'static str {
        match self {
            Self::Plain => "R_i = ∂f/∂x_i",
            Self::TimesInput => "R_i = x_i · ∂f/∂x_i",
            Self::Integrated { .. } => {
                "R_i = (x_i − x'_i) · 1/m Σ_k ∂f/∂x_i at x' + (k − 1/2)/m · (x − x')"
            }
            Self::Smooth { .. } => {
                "R_i = 1/n Σ_k ∂f/∂x_i at x + ε_k, ε_k ~ N(0, (σ · (max x − min x))²)"
            }
        }
    }

    /// Whether a baseline is part of what it computes.
    pub fn has_baseline(self) -> bool {
        matches!(self, Self::Integrated { .. })
    }

    /// Whether random numbers are.
    pub fn has_noise(self) -> bool {
        matches!(self, Self::Smooth { .. })
    }

    /// At how many points it takes the gradient.
    pub fn points(self) -> usize {
        match self {
            Self::Plain | Self::TimesInput => 1,
            Self::Integrated { steps } => steps,
            Self::Smooth { copies, .. } => copies,
        }
    }

    /// Whether it promises completeness of a network, and how far off it may be as a part of `|f(x) − f(x')|` besides rounding.
    ///
    /// Integrated gradients promise it to within their quadrature. `Σ_i x_i ∂f/∂x_i = f(x)` holds by Euler's theorem where f grows
    /// in proportion to x: without biases and ReLU6. The others promise nothing.
    pub(super) fn promise(self, network: &Network) -> (bool, f64) {
        match self {
            Self::Integrated { .. } => (true, QUADRATURE),
            // Its baseline is 0.
            Self::TimesInput => (is_homogeneous(network), 0.0),
            Self::Plain | Self::Smooth { .. } => (false, 0.0),
        }
    }
}

/// Whether `f(t·x) = t·f(x)` for every t ≥ 0.
fn is_homogeneous(network: &Network) -> bool {
    let mut layers = network.layers().iter();
    layers.all(|layer| {
        layer.activation() != Activation::Relu6 && layer.bias().iter().all(|b| *b == 0.0)
    })
}

impl Named for Gradient {
    const KIND: &'static str = "gradient method";
    const PARAMETERS_SHOWN: bool = true;

    fn all() -> Vec<Self> {
        Self::ALL.to_vec()
    }

    fn spelling(self) -> Spelling {
        let one = |name, aliases, parameters, help| Spelling {
            name,
            aliases,
            parameters,
            help,
        };
        match self {
            Self::Plain => one(
                "gradient",
                &["grad", "saliency"],
                &[],
                "The derivative ∂f/∂x_i; of the inputs only",
            ),
            Self::TimesInput => one(
                "gradient-x-input",
                &[
                    "gradient×input",
                    "gradient*input",
                    "gradientxinput",
                    "input-x-gradient",
                    "gxi",
                ],
                &[],
                "The derivative times the value, x_i·∂f/∂x_i; of the inputs only",
            ),
            Self::Integrated { .. } => one(
                "integrated-gradients",
                &["integrated-gradient", "integratedgradients", "ig"],
                &[("steps", 50.0)],
                "The mean derivative on the way from a baseline, times the difference to it; of the inputs only",
            ),
            Self::Smooth { .. } => one(
                "smoothgrad",
                &["smooth-grad", "smoothgradient"],
                &[("n", 50.0), ("σ", 0.1)],
                "The mean derivative over n noisy copies; σ is relative to the range of the sample's values; of the inputs only",
            ),
        }
    }

    fn parameters(self) -> Parameters {
        match self {
            Self::Plain | Self::TimesInput => [0.0; 2],
            Self::Integrated { steps } => [steps as f64, 0.0],
            Self::Smooth { copies, noise } => [copies as f64, noise],
        }
    }

    fn with_parameters(self, [first, second]: Parameters) -> Result<Self, String> {
        let pattern = self.spelling().pattern();
        let number = |what| {
            whole(first).ok_or_else(|| {
            format!("{pattern}: expected a whole number of {what} from 1 to {MOST_POINTS}, found {first}")
        })
        };
        match self {
            Self::Plain | Self::TimesInput => Ok(self),
            Self::Integrated { .. } => Ok(Self::Integrated {
                steps: number("steps")?,
            }),
            Self::Smooth { .. } if second < 0.0 => Err(format!(
                "{pattern}: expected σ from 0 up, relative to the range of the sample's values, found {second}"
            )),
            Self::Smooth { .. } => Ok(Self::Smooth {
                copies: number("copies")?,
                noise: second,
            }),
        }
    }
}

/// A whole number of points.
fn whole(number: f64) -> Option<usize> {
    let is_one = number.fract() == 0.0 && (1.0..=MOST_POINTS).contains(&number);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number from 1 to the most"
    )]
    is_one.then_some(number as usize)
}

impl fmt::Display for Gradient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&spelling::written(*self))
    }
}

impl FromStr for Gradient {
    type Err = String;

    /// `gradient`, `integrated-gradients:100`: any of the names in any case, and `_` for `-`.
    fn from_str(text: &str) -> Result<Self, String> {
        spelling::read(text)
    }
}

/// As it is spelt, with its parameters.
impl Serialize for Gradient {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'d> Deserialize<'d> for Gradient {
    fn deserialize<D: Deserializer<'d>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Gradient {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "gradient".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        String::json_schema(generator)
    }
}
