//! How networks, layers, units, outputs and samples are called in a sentence or a headline.

use super::value::Shown;
use crate::network::{Activation, LevelKind};
use crate::printable::printable;
use crate::relevance::{Rule, audit::Silent};
use crate::result::{Amount, LayerInfo, NetworkInfo, Origin, Setting, TargetInfo, TaylorFunction};
use crate::samples::Tag;
use crate::words::{agree, count, listed};

impl Setting {
    /// How the training went about it: weights, optimiser, batches, biases.
    pub fn in_words(&self) -> String {
        format!(
            "weights {}, seed {}; {}, rate {}, batches of {}, biases {}",
            self.scheme, self.seed, self.optimiser, self.rate, self.batch, self.bias
        )
    }
}

/// How relevance gets on: words, and the formula behind them.
#[derive(Debug, Clone)]
pub(crate) struct StepDown {
    pub(crate) words: String,
    pub(crate) formula: String,
}

impl StepDown {
    /// `w²:  R_i = Σ_j w_ij² / Σ_i' w_i'j² · R_j`
    pub(crate) fn text(&self) -> String {
        format!("{}{}", self.words, self.formula)
    }
}

impl LayerInfo {
    /// `5 ReLU units`, `1 sum pool`
    fn in_words(&self) -> String {
        match (self.kind, self.activation) {
            (kind, Some(Activation::Relu)) if kind.has_weights() => count(self.units, "ReLU unit"),
            (kind, Some(Activation::Relu6)) if kind.has_weights() => {
                count(self.units, "ReLU6 unit")
            }
            (kind, _) if kind.has_weights() => count(self.units, "linear unit"),
            (kind, _) if kind.is_routing() => {
                format!("{} of a {}", count(self.units, "unit"), kind.noun())
            }
            (kind, _) => count(self.units, kind.noun()),
        }
    }

    /// What the rule computes here, with its rule; results of earlier programs tell the rule only.
    fn formula(&self) -> Option<(Rule, String)> {
        let rule = self.rule?;
        let formula = self.formula.clone();
        Some((
            rule,
            formula.unwrap_or_else(|| rule.formula(false).to_owned()),
        ))
    }

    /// `, relu` behind the type of a layer that has it.
    pub(crate) fn relu(&self) -> &'static str {
        match self.activation {
            Some(Activation::Relu) => ", relu",
            Some(Activation::Relu6) => ", relu6",
            Some(Activation::Identity) | None => "",
        }
    }

    /// The search direction of the expansion behind it.
    pub(crate) fn direction(&self) -> Option<String> {
        let rule = self.rule?;
        let direction = self.direction.clone();
        Some(direction.unwrap_or_else(|| rule.direction_formula(false).to_owned()))
    }
}

impl NetworkInfo {
    /// The levels from the input up: `3 inputs → 5 ReLU units → 1 sum pool`, with the layers that one reads where these are
    /// not the one before; of many levels how many there are of a kind.
    pub(crate) fn in_words(&self) -> String {
        const SAID: usize = 13;
        let last = self.layers.len() - 1;
        let level = |l: usize| {
            let from = self.layers[l].from.iter().map(usize::to_string);
            let from: Vec<String> = from.collect();
            match from.len() {
                0 => self.layers[l].in_words(),
                all => format!(
                    "{} of {} {}",
                    self.layers[l].in_words(),
                    agree(all, "layer", "layers"),
                    listed(from, all)
                ),
            }
        };
        if last < SAID {
            let levels: Vec<String> = (0..=last).map(level).collect();
            return levels.join(" → ");
        }
        let mut kinds: Vec<(LevelKind, usize)> = Vec::new();
        for layer in &self.layers[1..] {
            match kinds.iter_mut().find(|(kind, _)| *kind == layer.kind) {
                Some((_, layers)) => *layers += 1,
                None => kinds.push((layer.kind, 1)),
            }
        }
        let kinds = kinds
            .into_iter()
            .map(|(kind, layers)| format!("{layers} {kind}"));
        let kinds: Vec<String> = kinds.collect();
        let (input, output) = (self.layers[0].in_words(), self.layers[last].in_words());
        format!(
            "{input} → {} ({}) → {output}",
            count(last, "layer"),
            kinds.join(", ")
        )
    }

    /// How the relevance of level `l` is handed down: the rule with its formula, and where a pool of these
    /// samples does not follow it; nothing for the input. `silent` are the silent units of a sample.
    pub(crate) fn steps_down<N>(&self, l: usize, silent: &[Silent<N>]) -> Vec<StepDown> {
        let layer = &self.layers[l];
        let Some((rule, formula)) = layer.formula() else {
            return Vec::new();
        };
        let mut steps = vec![StepDown {
            words: format!("{}:  ", rule.symbol_with_parameters()),
            formula,
        }];
        let pools: usize = (silent.iter().filter(|silent| silent.layer == l))
            .map(|silent| silent.equal_shares)
            .sum();
        if pools > 0 {
            let words = format!(
                "but {} here {} n inputs that are all 0 and {} among them equally: ",
                count(pools, layer.kind.noun()),
                agree(pools, "has", "have"),
                agree(pools, "shares", "share"),
            );
            let formula = "R_j = R_k / n".to_owned();
            steps.push(StepDown { words, formula });
        }
        steps
    }

    /// The rules of layers with weights, each once, or the gradient method in their place: `the rules zᴮ and z⁺`.
    pub(crate) fn rules_in_words(&self) -> String {
        if let Some(gradient) = &self.gradient {
            return gradient.method.to_string();
        }
        let mut rules: Vec<String> = Vec::new();
        let weighted = self.layers.iter().filter(|layer| layer.kind.has_weights());
        for rule in weighted.filter_map(|layer| layer.rule) {
            let rule = rule.symbol_with_parameters();
            if !rules.contains(&rule) {
                rules.push(rule);
            }
        }
        match rules.len() {
            0 => "the rules of its layers".to_owned(),
            all => format!("the {} {}", agree(all, "rule", "rules"), listed(rules, all)),
        }
    }

    /// From where the relevance of a level comes: `R from layer 1 by the rule w².`; of the output in which unit it is.
    pub(crate) fn relevance_in_words(&self, l: usize) -> String {
        if let Some(gradient) = &self.gradient {
            return format!("R by {}.", gradient.method);
        }
        let mut readers = self.readers(l);
        readers.dedup();
        let from = |&reader: &usize| {
            let rule = self.layers[reader].rule?;
            Some(format!(
                "layer {reader} by the rule {}",
                rule.symbol_with_parameters()
            ))
        };
        let from: Vec<String> = readers.iter().filter_map(from).collect();
        match from.len() {
            0 => "R in the unit of f(x).".to_owned(),
            all => format!("R from {}.", listed(from, all)),
        }
    }

    /// What a level is, in a title: `add of layers 3 and 1, relu, 16 × 32 × 32`.
    pub(crate) fn layer_facts(&self, l: usize) -> String {
        let layer = &self.layers[l];
        let sides: Vec<String> = layer.shape.iter().map(usize::to_string).collect();
        let shape = if sides.is_empty() || l == 0 {
            String::new()
        } else {
            format!(", {}", sides.join(" × "))
        };
        let from: Vec<String> = layer.from.iter().map(usize::to_string).collect();
        let from = match from.len() {
            0 => String::new(),
            all => format!(
                " of {} {}",
                agree(all, "layer", "layers"),
                listed(from, all)
            ),
        };
        format!("{}{from}{}{shape}", layer.kind, layer.relu())
    }

    /// How a level is called in a sentence: `layer 3`, with its name where it has one.
    pub(crate) fn layer_in_words(&self, l: usize) -> String {
        match self.layers.get(l).map_or("", |layer| &layer.name) {
            "" => format!("layer {l}"),
            name => format!("layer {l} (`{name}`)"),
        }
    }

    /// The name, or another for a network that has none.
    pub(crate) fn title(&self, made_by: Option<&Origin>) -> String {
        titled(&self.name, made_by)
    }

    /// How a level is called in a headline: `layer 3 (stem)`.
    pub(crate) fn layer_in_headline(&self, level: usize) -> String {
        match self.layers.get(level).map(|layer| &layer.name[..]) {
            None | Some("") => format!("layer {level}"),
            Some(name) => format!("layer {level} ({})", printable(name)),
        }
    }

    /// How a unit is called in a headline: an output by its name, else `unit 3`.
    pub(crate) fn unit_in_words(&self, layer: usize, unit: usize) -> String {
        let named = self.layers.get(layer).and_then(|info| info.names.get(unit));
        named.map_or_else(|| format!("unit {unit}"), |name| output_in_words(name))
    }
}

impl<N> TargetInfo<N> {
    /// As a headline calls it.
    pub(crate) fn in_words(&self) -> String {
        let minus = self.minus.as_ref().map(|minus| &minus.name[..]);
        target_in_words(self.index.map(|_| &self.name[..]), minus)
    }

    /// ` (the first of 2 outputs that tie)`, where that is so.
    pub(crate) fn tie_in_words(&self) -> String {
        tie_in_words(&self.tied)
    }
}

impl TaylorFunction {
    /// The output as a headline calls it.
    pub(crate) fn target_in_words(&self) -> String {
        let output = (self.target != "all").then_some(&self.target[..]);
        target_in_words(output, self.minus.as_deref())
    }
}

/// `f(x) = x_k = 3.785`, with what its sample is called before it and a tie behind.
pub(crate) fn headline<N: Amount>(called: Option<String>, target: &TargetInfo<N>) -> String {
    let called = called.map_or_else(String::new, |called| format!("{}: ", printable(&called)));
    format!(
        "{called}f(x) = {} = {}{}",
        target.in_words(),
        target.value.shown(),
        target.tie_in_words()
    )
}

/// The same at the beginning of a sentence.
pub(crate) fn capitalised(words: &str) -> String {
    words.replacen("layer", "Layer", 1)
}

/// How an output is called in a sentence: a number alone would be taken for a value.
pub(crate) fn output_in_words(name: &str) -> String {
    if name.parse::<f64>().is_ok() {
        format!("output {name}")
    } else {
        printable(name)
    }
}

/// How what is explained is called in a headline: one output by its name, two as a difference, or all together.
fn target_in_words(output: Option<&str>, minus: Option<&str>) -> String {
    match (output, minus) {
        (None, _) => "sum of all outputs".to_owned(),
        (Some(name), None) => output_in_words(name),
        (Some(name), Some(minus)) => {
            format!("{} − {}", output_in_words(name), output_in_words(minus))
        }
    }
}

/// ` (the first of 2 outputs that tie)` behind an output that was the largest, where that is so.
pub(crate) fn tie_in_words(tied: &[usize]) -> String {
    match tied.len() {
        0 => String::new(),
        outputs => format!(" (the first of {} that tie)", count(outputs, "output")),
    }
}

/// A network's name, or that of its file, or a word for one that has none.
pub(crate) fn titled(name: &str, made_by: Option<&Origin>) -> String {
    let file = || made_by.and_then(Origin::stem).unwrap_or("network");
    printable(if name.is_empty() { file() } else { name })
}

/// What a sample is called where it stands at place `n`, alone or among others: `sample 3, id a17`; nothing where that
/// goes without saying.
pub(crate) fn called(
    (sample, n): (Option<usize>, usize),
    [id, label]: [&Option<Tag>; 2],
    several: bool,
) -> Option<String> {
    let number = sample.unwrap_or(n);
    let tags = [("id", id), ("label", label)];
    let tags: String = tags
        .into_iter()
        .filter_map(|(what, tag)| Some(format!(", {what} {}", tag.as_ref()?)))
        .collect();
    (several || number > 0 || !tags.is_empty()).then(|| format!("sample {number}{tags}"))
}
