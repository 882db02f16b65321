//! What of a network does not fit the theory, in plain language.

use super::linear;
use super::numbers::figure;
use crate::network::{Bounds, Network, OnnxModel, fit::LayerFit, linear::Role};
use crate::relevance::{
    Plan, Preset, Rule,
    cause::Cause,
    rule::{Inputs, Promises},
};
use crate::result::{InspectedLayer, Inspection};
use crate::words::{agree, count, listed, part};

impl Inspection {
    /// The same inspection of this network, with what does not fit.
    #[must_use]
    pub fn interpreted(mut self, network: &Network) -> Self {
        let fit = network.fit();
        let layers = fit.layers.iter().zip(&self.layers[1..]).enumerate();
        let levels = self.layers.iter();
        let levels: Vec<_> = levels
            .map(|level| (level.kind, level.activation, &level.from[..]))
            .collect();
        let mut notes: Vec<String> = linear::without_relu(&levels).into_iter().collect();
        notes.extend(biases(&fit.layers, &self.layers[1..]));
        notes.extend(layers.flat_map(|(l, (fit, layer))| {
            let pools = network.layer(l + 1).role() == Role::Pool;
            of_layer(l + 1, layer, fit, pools)
        }));
        notes.extend((1..self.layers.len()).filter_map(|l| several_sizes(&self.layers, l)));
        if let Err(error) = Plan::of(network, Preset::DeepTaylor) {
            let error = error.to_string();
            let reason = error.lines().next().unwrap_or_default();
            notes.push(format!(
                "The bounds of the inputs cannot be used: {reason}."
            ));
        }
        notes.extend(outside_bounds(network));
        if self.output_can_be_negative {
            notes.push(
                "The output can be negative: the theory explains f ≥ 0. For a sample whose explained output is below 0, \
                 positivity will fail; a ReLU on the last layer rules it out."
                    .to_owned(),
            );
        }
        self.notes = notes;
        self
    }

    /// What the ONNX model is that the network was read from, and what became of its nodes; nothing of a network file.
    pub(crate) fn model_in_words(&self) -> Vec<String> {
        let Some(model) = &self.model else {
            return Vec::new();
        };
        let by = match &model.producer[..] {
            "" => String::new(),
            producer => format!(" by {producer}"),
        };
        // A model of other operators alone says none.
        let opset = match model.opset {
            0 => String::new(),
            opset => format!(", opset {opset}"),
        };
        let operators = model.operators.iter();
        let operators: Vec<String> = operators
            .map(|one| format!("{} {}", one.nodes, one.operator))
            .collect();
        let all = operators.len();
        let sides: Vec<String> = model.input_shape.iter().map(usize::to_string).collect();
        let mut words = vec![
            format!(
                "An ONNX model{by}{opset}, of {}: {}.",
                count(model.nodes, "node"),
                listed(operators, all)
            ),
            format!(
                "A sample is {} of `{}`; what is explained is `{}`.",
                sides.join(" × "),
                model.input,
                model.output
            ),
        ];
        words.extend(classes(&model.classes));
        words.extend(folded(model));
        words.extend(model.notes().iter().map(|note| capitalised(note)));
        if !model.other_outputs.is_empty() {
            let others = model.other_outputs.iter().map(|name| format!("`{name}`"));
            let others = listed(others.collect(), model.other_outputs.len());
            words.push(format!("Nothing is made of the output {others}."));
        }
        words
    }

    /// What does not fit, or what follows where everything does.
    pub(crate) fn in_words(&self) -> Vec<String> {
        if !self.notes.is_empty() {
            return self.notes.clone();
        }
        let inside = if self.bounds {
            ", for inputs inside their bounds"
        } else {
            ""
        };
        vec![format!(
            "Every bias is ≤ 0, every unit has weights, the output cannot be negative: conservation and positivity will \
             hold under {}{inside}.",
            Rule::listed(|rule| {
                rule.about().inputs == Inputs::Any && rule.about().promises == Promises::ALL
            })
        )]
    }
}

/// What the classes of a model are called.
fn classes(names: &[String]) -> Option<String> {
    const NAMED: usize = 10;
    let shown = names.iter().take(NAMED).map(|name| format!("`{name}`"));
    (!names.is_empty()).then(|| {
        format!(
            "The model names its classes, and so the outputs: {}.",
            listed(shown.collect(), names.len())
        )
    })
}

/// How many nodes are part of layers that others make.
fn folded(model: &OnnxModel) -> Option<String> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for node in &model.folded {
        match counts.iter_mut().find(|(known, _)| *known == node.operator) {
            Some((_, nodes)) => *nodes += 1,
            None => counts.push((&node.operator, 1)),
        }
    }
    let counts: Vec<String> = (counts.iter())
        .map(|(operator, nodes)| format!("{nodes} {operator}"))
        .collect();
    let all = counts.len();
    (all > 0).then(|| {
        format!(
            "Folded into the layers of other nodes: {}.",
            listed(counts, all)
        )
    })
}

/// A sentence of a note.
fn capitalised(note: &str) -> String {
    let mut letters = note.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

/// The samples of the file that lie outside of its own bounds.
fn outside_bounds(network: &Network) -> Option<String> {
    const SAID: usize = 5;
    let bounds = network.input().bounds.as_ref()?;
    let samples = network.samples().rows().into_iter().enumerate();
    let outside: Vec<(usize, usize)> = samples
        .map(|(n, x)| (n, bounds.outside(&x.to_vec()).len()))
        .filter(|(_, inputs)| *inputs > 0)
        .collect();
    let of = |(n, inputs): &(usize, usize)| format!("{} of sample {n}", count(*inputs, "input"));
    let all = outside.len();
    let named = listed(outside.iter().take(SAID).map(of).collect(), all);
    let bounds = match bounds {
        Bounds::Same([low, high]) => format!(" [{}, {}]", figure(*low), figure(*high)),
        Bounds::Each(_) => String::new(),
    };
    (all > 0).then(|| {
        format!(
            "{} of the file {} outside the bounds{bounds}: {named}. {} refuses {}; the other rules do not look at bounds.",
            part(all, network.samples().nrows(), "sample"),
            agree(all, "lies", "lie"),
            Rule::listed(|rule| rule.about().inputs == Inputs::Bounded),
            agree(all, "it", "them"),
        )
    })
}

/// That a concatenation of pictures is a plain list, because they have several sizes.
fn several_sizes(levels: &[InspectedLayer], l: usize) -> Option<String> {
    let level = &levels[l];
    let sources = level.from.iter().map(|&from| &levels[from].shape);
    let pictures = sources.clone().all(|shape| !shape.is_empty()) && level.from.len() > 1;
    if !pictures || !level.shape.is_empty() {
        return None;
    }
    let shapes = sources.map(|shape| {
        let sides: Vec<String> = shape.iter().map(usize::to_string).collect();
        sides.join(" × ")
    });
    Some(format!(
        "Layer {l}{}: puts pictures of several sizes together ({}) and is a plain list of {}: no convolution and no pool over \
         windows can read it.",
        named(level),
        listed(shapes.collect(), level.from.len()),
        count(level.units, "value")
    ))
}

/// The name of a layer behind its number, where it has one.
fn named(layer: &InspectedLayer) -> String {
    match &layer.name[..] {
        "" => String::new(),
        name => format!(" (`{name}`)"),
    }
}

/// The biases above 0: of one layer, or of several together, for the table has each.
fn biases(fits: &[LayerFit], layers: &[InspectedLayer]) -> Option<String> {
    let concerned = fits.iter().zip(layers).enumerate();
    let concerned: Vec<_> = concerned
        .filter(|(_, (fit, _))| fit.biases_above_0 > 0)
        .collect();
    let largest = |(_, (fit, _)): &(usize, (&LayerFit, _))| fit.largest_bias;
    let (l, (most, layer)) = (concerned.iter().copied()).reduce(|most, one| {
        if largest(&one) > largest(&most) {
            one
        } else {
            most
        }
    })?;
    let (l, name, size) = (l + 1, named(layer), figure(most.largest_bias));
    let sum = |of: fn(&LayerFit) -> usize| concerned.iter().map(|(_, (fit, _))| of(fit)).sum();
    let above_0 = part(sum(|fit| fit.biases_above_0), sum(|fit| fit.biases), "bias");
    let found = match concerned.len() {
        1 => format!("Layer {l}{name}: {above_0} above 0, the largest {size}."),
        number => format!(
            "In {number} layers, {above_0} are above 0; the largest, {size}, is in layer {l}{name}."
        ),
    };
    Some(format!(
        "{found} The theory asks b ≤ 0: with b > 0 a unit can fire without support from its inputs. {} still conserve. Under \
         {} the relevance of such a unit is lost where it fires on its bias alone, and conservation fails. With --rule-bias \
         keep the bias absorbs it, and conservation is not promised.",
        Rule::listed(|rule| rule.about().loses.0 == Cause::NoWeights),
        Rule::listed(|rule| rule.about().bias.is_some() && rule.about().promises.conservation),
    ))
}

fn of_layer(l: usize, layer: &InspectedLayer, fit: &LayerFit, pools: bool) -> Vec<String> {
    let mut notes = Vec::new();
    let name = named(layer);
    if !fit.without_weights.is_empty() {
        let shown = fit.without_weights.iter().take(5).map(usize::to_string);
        notes.push(format!(
            "Layer {l}{name}: {} without weights ({}). Under {} such a unit cannot redistribute: \
             any relevance that it carries is lost, and conservation fails for that sample.",
            part(fit.without_weights.len(), layer.units, "unit"),
            listed(shown.collect(), fit.without_weights.len()),
            Rule::listed(|rule| { rule.looks_at_weights() && rule.about().promises.conservation }),
        ));
    }
    if pools && fit.input_can_be_negative {
        notes.push(format!(
            "Layer {l}{name}: pools values that can be negative. Shares in proportion to them can be negative, so positivity \
             may fail; if they are not all 0 but cancel to 0, the relevance of the {} is lost and conservation fails.",
            layer.kind.noun()
        ));
    }
    notes
}
