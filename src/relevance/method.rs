//! What stands behind `--rule`: the rules of a plan, or a gradient method.

use std::fmt;
use std::str::FromStr;

use super::gradient::Gradient;
use super::preset::Preset;
use crate::spelling::{self, Named, Parameters, Spelling};

/// A way to explain an output.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Method {
    /// By rules, layer by layer.
    Rules(Preset),
    /// By derivatives: the input only.
    Gradient(Gradient),
}

impl Method {
    /// The rules, where it has any.
    ///
    /// # Errors
    ///
    /// For a command that takes rules only: what the method is, and what takes it.
    pub fn rules(self) -> Result<Preset, String> {
        match self {
            Self::Rules(preset) => Ok(preset),
            Self::Gradient(gradient) => Err(format!(
                "expected a rule, found the gradient method {gradient}, which explains the input only and takes no part here\n  \
                 help: explain and evaluate take gradient methods"
            )),
        }
    }
}

impl Named for Method {
    const KIND: &'static str = "rule";
    const PARAMETERS_SHOWN: bool = true;

    fn all() -> Vec<Self> {
        let rules = Preset::all().into_iter().map(Self::Rules);
        let gradients = Gradient::all().into_iter().map(Self::Gradient);
        rules.chain(gradients).collect()
    }

    fn spelling(self) -> Spelling {
        match self {
            Self::Rules(preset) => preset.spelling(),
            Self::Gradient(gradient) => gradient.spelling(),
        }
    }

    fn parameters(self) -> Parameters {
        match self {
            Self::Rules(preset) => preset.parameters(),
            Self::Gradient(gradient) => gradient.parameters(),
        }
    }

    fn with_parameters(self, parameters: Parameters) -> Result<Self, String> {
        match self {
            Self::Rules(preset) => preset.with_parameters(parameters).map(Self::Rules),
            Self::Gradient(gradient) => gradient.with_parameters(parameters).map(Self::Gradient),
        }
    }
}

impl From<Preset> for Method {
    fn from(preset: Preset) -> Self {
        Self::Rules(preset)
    }
}

impl From<Gradient> for Method {
    fn from(gradient: Gradient) -> Self {
        Self::Gradient(gradient)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rules(preset) => preset.fmt(f),
            Self::Gradient(gradient) => gradient.fmt(f),
        }
    }
}

impl FromStr for Method {
    type Err = String;

    /// `w2`, `deep-taylor`, `integrated-gradients:100`: any of the names in any case, and `_` for `-`.
    fn from_str(text: &str) -> Result<Self, String> {
        spelling::read(text)
    }
}

#[cfg(test)]
mod tests {
    use super::Method;
    use crate::relevance::{Gradient, Preset, Rule};
    use crate::spelling;

    #[test]
    fn a_method_is_a_rule_or_a_gradient_method_and_prints_itself_with_its_parameters() {
        let integrated = |steps| Method::Gradient(Gradient::Integrated { steps });
        let smooth = |copies, noise| Method::Gradient(Gradient::Smooth { copies, noise });
        for (text, method, printed) in [
            ("W2", Method::Rules(Rule::WSquared.into()), "w2"),
            (
                "deep-taylor",
                Method::Rules(Preset::DeepTaylor),
                "deep-taylor",
            ),
            ("Gradient", Method::Gradient(Gradient::Plain), "gradient"),
            (
                "gradient_x_input",
                Method::Gradient(Gradient::TimesInput),
                "gradient-x-input",
            ),
            ("IG", integrated(50), "integrated-gradients:50"),
            (
                "integrated-gradients:7",
                integrated(7),
                "integrated-gradients:7",
            ),
            ("smoothgrad", smooth(50, 0.1), "smoothgrad:50,0.1"),
            ("smoothgrad:10", smooth(10, 0.1), "smoothgrad:10,0.1"),
            ("smoothgrad:3,0", smooth(3, 0.0), "smoothgrad:3,0"),
        ] {
            assert_eq!(text.parse(), Ok(method), "{text}");
            assert_eq!(spelling::written(method), printed);
            assert_eq!(method.to_string(), printed);
            assert_eq!(printed.parse(), Ok(method), "{printed}");
        }
    }

    #[test]
    fn parameters_that_mean_nothing_are_refused_with_what_was_expected() {
        for (text, said) in [
            ("integrated-gradients:0", "whole number of steps from 1"),
            ("integrated-gradients:1.5", "found 1.5"),
            ("integrated-gradients:-3", "found -3"),
            ("integrated-gradients:1e9", "from 1 to 1000000"),
            ("integrated-gradients:nan", "expected a finite number"),
            ("integrated-gradients:5,6", "found 2 parameters"),
            ("smoothgrad:0", "whole number of copies from 1"),
            ("smoothgrad:2.5,0.1", "found 2.5"),
            ("smoothgrad:5,-0.1", "σ from 0 up"),
            ("smoothgrad:5,inf", "expected a finite number"),
            ("gradient:3", "gradient takes no parameters"),
            ("gradient-x-input:", "takes no parameters"),
            ("gradiant", "did you mean `gradient`?"),
        ] {
            let refused = text.parse::<Method>().expect_err(text);
            assert!(refused.contains(said), "{text}: {refused}");
        }
        let refused = Method::Gradient(Gradient::Plain)
            .rules()
            .expect_err("no rule");
        assert!(refused.contains("evaluate take"), "{refused}");
    }
}
