//! Whether a result that was read has the levels, units, steps and pixels that it says: tables and drawings rely on it.

use super::{
    Explanation, Largest, Layer, LayerInfo, Lost, Messages, NetworkInfo, RuleFigures, Sample,
    StepFigures, TargetInfo, Training,
};
use crate::error::Invalid;
use crate::words::count;

/// Whether every sample has the levels and units that the network has: the drawings rely on it.
pub(super) fn consistent<N>(explanation: &Explanation<N>) -> Result<(), Invalid> {
    let levels = &explanation.network.layers;
    let shape = &explanation.network.shape;
    let units = levels.first().map_or(0, |input| input.units);
    if levels.is_empty() || units == 0 {
        return Err(Invalid::new(
            "network.layers",
            "expected levels with units",
            levels.len(),
        ));
    }
    if !shape.is_empty() && product(shape) != Some(units) {
        let expected = format!("expected a shape of {units} inputs");
        return Err(Invalid::new(
            "network.shape",
            expected,
            format!("{shape:?}"),
        ));
    }
    for (l, level) in levels.iter().enumerate() {
        is_level(l, level).map_err(|invalid| invalid.below(&format!("network.layers[{l}]")))?;
    }
    let baseline = explanation
        .network
        .gradient
        .as_ref()
        .map_or(0, |it| it.baseline.len());
    if ![0, units].contains(&baseline) {
        let expected = format!("expected {}", count(units, "value"));
        return Err(Invalid::new(
            "network.gradient.baseline",
            expected,
            baseline,
        ));
    }
    for (n, sample) in explanation.samples.iter().enumerate() {
        fits(sample, &explanation.network)
            .map_err(|invalid| invalid.below(&format!("samples[{n}]")))?;
    }
    Ok(())
}

/// Whether a level reads earlier ones, and its shape is one of its units.
fn is_level(l: usize, level: &LayerInfo) -> Result<(), Invalid> {
    if let Some(from) = level.from.iter().find(|&&from| from >= l) {
        return Err(Invalid::new("from", "expected earlier levels", from));
    }
    if !level.shape.is_empty() && product(&level.shape) != Some(level.units) {
        let expected = format!("expected a shape of {}", count(level.units, "unit"));
        return Err(Invalid::new(
            "shape",
            expected,
            format!("{:?}", level.shape),
        ));
    }
    Ok(())
}

/// Whether a sample has the levels of the network and no others.
fn fits<N>(sample: &Sample<N>, network: &NetworkInfo) -> Result<(), Invalid> {
    let levels = &network.layers;
    if sample.layers.len() != levels.len() {
        let expected = format!("expected {}", count(levels.len(), "level"));
        return Err(Invalid::new("layers", expected, sample.layers.len()));
    }
    is_target(&sample.target, levels[levels.len() - 1].units)?;
    for (l, (layer, level)) in sample.layers.iter().zip(levels).enumerate() {
        let explained = l == 0 || network.gradient.is_none();
        is_layer(layer, level, explained)
            .map_err(|invalid| invalid.below(&format!("layers[{l}]")))?;
    }
    if sample.completeness.is_some() != network.gradient.is_some() {
        let expected = "expected one where a gradient method explains, and there alone";
        return Err(Invalid::new("completeness", expected, "otherwise"));
    }
    if sample.layers[0].left_out {
        let expected = "expected the input whole";
        return Err(Invalid::new("layers[0]", expected, "one left out"));
    }
    let is_there = |lost: &&Lost<N>| (levels.get(lost.layer)).is_some_and(|l| lost.unit < l.units);
    if let Some(lost) = sample.lost.iter().find(|lost| !is_there(lost)) {
        return Err(Invalid::new(
            "lost",
            "expected a unit of the network",
            lost.unit,
        ));
    }
    let withheld = (sample.absorbed.iter().map(|part| part.layer))
        .chain(sample.lost_more.iter().map(|more| more.layer))
        .chain(sample.balance_entries.iter().map(|entry| entry.layer));
    if let Some(layer) = withheld.into_iter().find(|&layer| layer >= levels.len()) {
        let expected = "expected a level of the network";
        return Err(Invalid::new("balance_entries", expected, layer));
    }
    let mut steps = sample.edges.iter().flatten();
    let is_branch = |step: &Messages| {
        let is_layer = (1..levels.len()).contains(&step.layer);
        is_layer && network.sources(step.layer).contains(&step.below())
    };
    if let Some(step) = steps.find(|step| !is_branch(step)) {
        let expected = "expected a layer of the network and a level that it reads";
        return Err(Invalid::new("edges", expected, step.layer));
    }
    if let Some(of) = sample.channels.iter().find(|of| !of.fit(network)) {
        let expected = "expected channels of a level of the network";
        return Err(Invalid::new("channels", expected, of.layer));
    }
    if sample.flow.as_ref().is_some_and(|flow| !flow.fits(network)) {
        return Err(Invalid::new(
            "flow",
            "expected every unit of every level once",
            "others",
        ));
    }
    Ok(())
}

/// Whether a level of a sample has the units of that of the network, and relevance where it is explained.
fn is_layer<N>(layer: &Layer<N>, level: &LayerInfo, explained: bool) -> Result<(), Invalid> {
    let figures = [&layer.sum, &layer.gap, &layer.least];
    if layer.unexplained == explained || figures.iter().any(|it| it.is_some() != explained) {
        let expected = if explained {
            "expected the relevance of the level, with sum, gap and least"
        } else {
            "expected no relevance, for a gradient method explains the input only"
        };
        return Err(Invalid::new("", expected, "otherwise"));
    }
    let units = if layer.left_out { 0 } else { level.units };
    let carrying = if explained { units } else { 0 };
    let shares = layer.share.as_ref().map_or(carrying, Vec::len);
    let lengths = [
        (layer.activations.len(), units),
        (layer.relevance.len(), carrying),
        (shares, carrying),
    ];
    if let Some((found, units)) = lengths.into_iter().find(|(found, units)| found != units) {
        let expected = format!("expected {}", count(units, "unit"));
        return Err(Invalid::new("", expected, found));
    }
    let has_largest = layer.left_out && explained;
    if !are_units(&layer.largest, level.units) || has_largest == layer.largest.is_empty() {
        let expected = "expected units of the level, each once, where it is left out";
        return Err(Invalid::new("largest", expected, "others"));
    }
    Ok(())
}

/// Whether what was explained is made of outputs, a contrast of two.
fn is_target<N>(target: &TargetInfo<N>, outputs: usize) -> Result<(), Invalid> {
    let minus = target.minus.as_ref().map(|minus| minus.index);
    let named = target.index.into_iter().chain(minus);
    let other = named.clone().find(|&output| output >= outputs);
    if other.is_some() || minus.is_some() && target.index.is_none_or(|a| Some(a) == minus) {
        let expected = format!(
            "expected {}, two of them for a contrast",
            count(outputs, "output")
        );
        let found: Vec<String> = named.map(|output| output.to_string()).collect();
        return Err(Invalid::new("target", expected, found.join(" less ")));
    }
    Ok(())
}

/// Whether these are units of a level, each once.
fn are_units<N>(largest: &[Largest<N>], units: usize) -> bool {
    let mut shown: Vec<usize> = largest.iter().map(|one| one.unit).collect();
    shown.sort_unstable();
    shown.dedup();
    shown.len() == largest.len() && shown.last().is_none_or(|&last| last < units)
}

/// Whether every step has the rules and digits that the others have: tables and pictures rely on it.
pub(super) fn steady(training: &Training) -> Result<(), Invalid> {
    let pixels = product(&training.shape).filter(|&pixels| pixels > 0);
    if training.steps.is_empty() || pixels.is_none() {
        return Err(Invalid::new(
            "steps",
            "expected steps, and images with pixels",
            "none",
        ));
    }
    let rules = training.steps.first().map_or(0, |step| step.rules.len());
    if rules == 0 {
        return Err(Invalid::new("steps[0].rules", "expected a rule", "none"));
    }
    let digits = &training.digits;
    let whole = |rule: &RuleFigures| {
        let mut shown = rule.digits.iter();
        let curves =
            [&rule.flipping, &rule.random_flipping].map(|curve| curve.as_ref().map(Vec::len));
        curves[0] == curves[1]
            && rule.digits.len() == digits.len()
            && shown.all(|d| Some(d.relevance.len()) == pixels)
    };
    let even = |step: &StepFigures| step.rules.len() == rules && step.rules.iter().all(whole);
    if let Some(n) = digits
        .iter()
        .position(|digit| Some(digit.pixels.len()) != pixels)
    {
        let expected = format!("expected the pixels of an image of {:?}", training.shape);
        return Err(Invalid::new(
            format!("digits[{n}]"),
            expected,
            digits[n].pixels.len(),
        ));
    }
    match training.steps.iter().position(|step| !even(step)) {
        None => Ok(()),
        Some(n) => Err(Invalid::new(
            format!("steps[{n}].rules"),
            "expected the rules, digits, pixels and curves of the first step",
            "others",
        )),
    }
}

/// How many units have these sides; none where that is beyond what can be counted.
fn product(sides: &[usize]) -> Option<usize> {
    sides
        .iter()
        .try_fold(1_usize, |product, &side| product.checked_mul(side))
}
