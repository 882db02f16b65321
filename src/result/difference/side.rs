//! One of two things that are compared: what explained the samples, and what it said of each.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::Invalid;
use crate::network::Order;
use crate::result::{Amount, DrawnAs, Explanation, NetworkInfo, Origin, Sample, Training};
use crate::samples::Tag;
use crate::words::count;

/// What explained the samples.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "side")]
pub struct Side {
    /// The file of the network or the result.
    pub source: String,
    /// The network, by its name or that of its file; empty where it has neither.
    pub network: String,
    /// The rule, or the gradient method.
    pub rule: String,
    /// The step of a training; left out where it is of none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<usize>,
}

/// The inputs of a network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "explained_inputs")]
pub struct ExplainedInputs {
    /// How many there are.
    pub units: usize,
    /// `[n]` or `[channels, height, width]`.
    pub shape: Vec<usize>,
    /// In which order the values of a picture come: `chw`, which is left out, or `hwc`.
    #[serde(default, skip_serializing_if = "Order::is_default")]
    pub order: Order,
    /// How they are drawn, where that is not as `shape` and `order` say; left out else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawn_as: Option<DrawnAs>,
    /// Their names; empty where there are none.
    pub names: Vec<String>,
}

/// Explanations of samples that may be compared with others of the same samples.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// What explained them.
    pub side: Side,
    /// The inputs.
    pub inputs: ExplainedInputs,
    /// One entry an explanation.
    pub samples: Vec<ExplainedSample>,
}

/// What was explained of one sample, and the relevance of its inputs.
#[derive(Debug, Clone, PartialEq)]
pub struct ExplainedSample {
    /// Which of all samples it is.
    pub sample: Option<usize>,
    /// What it is called.
    pub id: Option<Tag>,
    /// Its class.
    pub label: Option<Tag>,
    /// What is explained.
    pub target: String,
    /// f(x)
    pub value: f64,
    /// The values of the inputs.
    pub values: Vec<f64>,
    /// R of the inputs.
    pub relevance: Vec<f64>,
}

impl Explained {
    /// Of an explanation that came from `source`; fractions are rounded to f64.
    pub fn new<N: Amount>(explanation: &Explanation<N>, source: &str) -> Self {
        let file = explanation.made_by.as_ref().and_then(Origin::stem);
        Self {
            side: Side {
                source: source.to_owned(),
                network: match &explanation.network.name[..] {
                    "" => file.unwrap_or_default().to_owned(),
                    name => name.to_owned(),
                },
                rule: explanation.rule_name().to_owned(),
                step: None,
            },
            inputs: ExplainedInputs::of(&explanation.network),
            samples: explanation
                .samples
                .iter()
                .map(ExplainedSample::new)
                .collect(),
        }
    }

    /// Of the images that a training shows, at one of its steps under one of its rules, each by its place.
    ///
    /// # Panics
    ///
    /// Where there is no such step or rule.
    pub fn at_step(training: &Training, step: usize, rule: usize, source: &str) -> Self {
        let (step, setting) = (&training.steps[step], &training.setting);
        let under = &step.rules[rule];
        let [height, width] = training.shape;
        let samples = training.digits.iter().zip(&under.digits);
        let samples = samples.map(|(digit, figures)| ExplainedSample {
            sample: Some(digit.image),
            id: None,
            label: None,
            target: setting.class(digit.class),
            value: figures.f,
            values: digit.pixels.iter().map(|&x| f64::from(x) / 255.0).collect(),
            relevance: figures.relevance.clone(),
        });
        Self {
            side: Side {
                source: source.to_owned(),
                network: setting.layers.clone(),
                rule: under.rule.clone(),
                step: Some(step.step),
            },
            inputs: ExplainedInputs {
                units: height * width,
                shape: vec![1, height, width],
                order: Order::default(),
                drawn_as: None,
                names: Vec::new(),
            },
            samples: samples.collect(),
        }
    }
}

impl ExplainedSample {
    fn new<N: Amount>(sample: &Sample<N>) -> Self {
        let input = &sample.layers[0];
        let decimals = |numbers: &[N]| numbers.iter().map(N::decimal).collect();
        Self {
            sample: sample.sample,
            id: sample.id.clone(),
            label: sample.label.clone(),
            target: sample.target.called(),
            value: sample.target.value.decimal(),
            values: decimals(&input.activations),
            relevance: decimals(&input.relevance),
        }
    }
}

impl ExplainedInputs {
    fn of(network: &NetworkInfo) -> Self {
        Self {
            units: network.layers[0].units,
            shape: network.shape.clone(),
            order: network.order,
            drawn_as: network.drawn_as,
            names: network.layers[0].names.clone(),
        }
    }

    /// The shape and order that they are drawn by.
    pub fn picture(&self) -> (&[usize], Order) {
        DrawnAs::of(self.drawn_as.as_ref(), (&self.shape, self.order))
    }

    /// What an input is called: by its name or its number.
    pub fn label(&self, input: usize) -> String {
        let name = self.names.get(input);
        name.map_or_else(|| input.to_string(), String::clone)
    }

    /// What two have in common: the shape of an image and the names of the one that has them.
    pub(super) fn with(&self, other: &Self) -> Result<Self, Invalid> {
        if self.units != other.units {
            let expected = format!("expected {}, as in A", count(self.units, "input"));
            return Err(Invalid::new("B", expected, other.units));
        }
        // In which order an image is drawn is no matter of its values, which are the same.
        let of_image = if self.shape.len() < other.shape.len() {
            other
        } else {
            self
        };
        let names = if self.names.is_empty() {
            &other.names
        } else {
            &self.names
        };
        let mut pairs = self.names.iter().zip(&other.names).enumerate();
        if let Some((n, (a, b))) = pairs.find(|(_, (a, b))| a != b) {
            let expected = format!("expected input {n} to be `{a}`, as in A");
            return Err(Invalid::new("B", expected, format!("`{b}`")));
        }
        Ok(Self {
            units: self.units,
            shape: of_image.shape.clone(),
            order: of_image.order,
            drawn_as: self.drawn_as.or(other.drawn_as),
            names: names.clone(),
        })
    }
}
