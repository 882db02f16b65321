//! What expansions say, in plain language.

use super::gathered::{gathered, most};
use super::value::Shown;
use crate::interpretation::numbers::{figure, percent};
use crate::relevance::rule::Inputs;
use crate::result::{ExpansionFigures, LayerExpansion, NetworkInfo, Taylor, TaylorFunction};
use crate::words::{agree, count, grouped, part};

/// Where the roots of an explained sample leave their domain.
pub(crate) fn of_figures(network: &NetworkInfo, expansion: &ExpansionFigures) -> Vec<String> {
    let layers = expansion.layers.iter().enumerate();
    let outside: Vec<_> = layers
        .filter(|(_, figures)| figures.outside_domain > 0)
        .collect();
    let count = |figures: &LayerExpansion| {
        let roots = part(figures.outside_domain, figures.roots, "root");
        format!("{roots} {}", agree(figures.outside_domain, "lies", "lie"))
    };
    let each = |&(layer, figures): &(usize, &LayerExpansion)| {
        let (level, why) = match read_by(network, layer) {
            Some(read) => (
                format!("where {read} takes no values"),
                why_outside(network, layer),
            ),
            None => ("outside the bounds of the inputs".to_owned(), String::new()),
        };
        format!("In layer {layer}, {} {level}{why}.", count(figures))
    };
    gathered(outside, each, |all| {
        let sum =
            |of: fn(&LayerExpansion) -> usize| all.iter().map(|(_, figures)| of(figures)).sum();
        let (outside, roots) = (
            sum(|figures| figures.outside_domain),
            sum(|figures| figures.roots),
        );
        let (layer, figures) = most(all, |(_, figures)| figures.outside_domain as f64);
        format!(
            "In {} layers, {} lie where the levels that they read take no values{}. Most of them, {} of {}, are in layer {layer}.",
            all.len(),
            part(outside, roots, "root"),
            why_outside(network, *layer),
            grouped(figures.outside_domain),
            grouped(figures.roots),
        )
    })
}

/// Why roots of a layer can lie where no value does, if its rule is made for any input.
fn why_outside(network: &NetworkInfo, layer: usize) -> String {
    let rule = network.layers[layer].rule;
    let unbounded = rule.filter(|rule| rule.about().inputs == Inputs::Any);
    unbounded.map_or_else(String::new, |rule| {
        format!(
            ", as {} does not keep roots inside the domain; `deeptaylor taylor` counts the roots of the other rules",
            rule.symbol()
        )
    })
}

/// The levels that the layer of a level reads, as a sentence calls them: `layer 2`, or `layer 1 or 3`; none where that is the
/// input alone.
fn read_by(network: &NetworkInfo, level: usize) -> Option<String> {
    let mut sources = network.sources(level);
    sources.sort_unstable();
    sources.dedup();
    let names = sources.iter().map(usize::to_string);
    let names: Vec<String> = names.collect();
    (sources != [0]).then(|| format!("layer {}", names.join(" or ")))
}

impl Taylor {
    /// The same result, with what its numbers say.
    #[must_use]
    pub fn interpreted(mut self) -> Self {
        self.interpretation = of_expansions(&self);
        self
    }
}

/// What the expansions of all units say.
fn of_expansions(taylor: &Taylor) -> Vec<String> {
    let mut sentences = Vec::new();
    let roots: usize = taylor.layers.iter().map(|layer| layer.roots).sum();
    let rootless: usize = taylor.layers.iter().map(|layer| layer.rootless).sum();
    if roots + rootless == 0 {
        return vec![format!(
            "{} = {}: no unit carries relevance, and there is nothing to expand.",
            taylor.target.in_words(),
            figure(taylor.target.value.decimal)
        )];
    }
    let largest = taylor.layers.iter().map(|layer| &layer.largest_difference);
    let largest = largest.max_by(|a, b| a.decimal.total_cmp(&b.decimal));
    let largest = largest.map_or(0.0, |value| value.decimal);
    sentences.push(agreement(taylor, count(roots, "root"), largest));
    for (l, layer) in taylor.layers.iter().enumerate() {
        if let Some(rule) = taylor.network.layers[l]
            .rule
            .filter(|_| layer.outside_domain > 0)
        {
            let inside: Vec<String> = (layer.by_rule.iter())
                .filter(|other| other.rule != rule && other.outside_domain < layer.outside_domain)
                .map(|other| match other.outside_domain {
                    0 => format!("under {} none does", other.rule),
                    outside => format!(
                        "under {} {} of {} {}",
                        other.rule,
                        grouped(outside),
                        grouped(other.roots),
                        agree(outside, "does", "do")
                    ),
                })
                .collect();
            let inside = if inside.is_empty() {
                "no other rule does better here".to_owned()
            } else {
                inside.join(", ")
            };
            sentences.push(format!(
                "Layer {l}: {} under {rule} {} {}; {inside}.",
                part(layer.outside_domain, layer.roots, "root"),
                agree(layer.outside_domain, "leaves", "leave"),
                read_by(&taylor.network, l).map_or_else(
                    || "the bounds of the inputs".to_owned(),
                    |read| format!("the domain of {read}")
                ),
            ));
        }
        if layer.rootless > 0 {
            let units = count(layer.rootless, "unit");
            let carry = agree(layer.rootless, "carries", "carry");
            sentences.push(format!(
                "Layer {l}: {units} {carry} relevance without a root, so no expansion stands behind it."
            ));
        }
    }
    sentences
}

/// How far rule and expansion agree, and what it means where they do not.
fn agreement(taylor: &Taylor, roots: String, largest: f64) -> String {
    if largest == 0.0 {
        return format!("Rule and expansion agree exactly over {roots}.");
    }
    if taylor.checks.agreement.holds {
        return format!(
            "Rule and expansion agree over {roots}, to within {}: rounding.",
            figure(largest)
        );
    }
    let f = taylor.target.value.decimal.abs();
    let carried = taylor.units.iter().map(|unit| unit.relevance.decimal.abs());
    let part = carried.fold(0.0, f64::max);
    let why = if part > 10.0 * f {
        format!(
            " Relevance of up to {} cancels to f(x) = {}:",
            figure(part),
            figure(f)
        )
    } else {
        String::new()
    };
    format!(
        "Rule and expansion differ by {} over {roots}, more than 1e-9 of f(x).{why} rounding, which --exact avoids.",
        figure(largest)
    )
}

impl TaylorFunction {
    /// The same result, with what its numbers say.
    #[must_use]
    pub fn interpreted(mut self) -> Self {
        self.interpretation = of_function(&self);
        self
    }
}

/// What the expansion of the whole network says.
fn of_function(function: &TaylorFunction) -> Vec<String> {
    let (f, at_root) = (&function.value, &function.value_at_root);
    let mut sentences = Vec::new();
    let line = match function.at.as_str() {
        "nearest" => "along the gradient".to_owned(),
        "origin" => "on the line to the origin".to_owned(),
        at => format!("on the line to {at}"),
    };
    if f.decimal == 0.0 {
        return vec!["f(x) = 0: x is a root itself, and every term is 0.".to_owned()];
    }
    sentences.push(match (function.root_found, function.at.as_str()) {
        (true, _) => format!(
            "f becomes 0 {line}, {} away.",
            count(function.pieces, "linear piece")
        ),
        (false, "nearest") if function.x == function.root => {
            "There is no root along the gradient: f rises or stays as it is from x on. The expansion is at x itself."
                .to_owned()
        }
        (false, "nearest") => format!(
            "There is no root along the gradient: the expansion is where |f| is least, with f(x̃) = {}.",
            at_root.shown()
        ),
        (false, _) => format!(
            "There is no root {line}: the expansion is at the point itself, with f(x̃) = {}.",
            at_root.shown()
        ),
    });
    let share = (function.remainder.decimal / f.decimal).abs();
    let exactly = function.remainder.decimal == 0.0;
    sentences.push(match (exactly, function.pieces) {
        (true, 0 | 1) => "ε = 0: between x and x̃ the network is one linear piece.".to_owned(),
        (true, pieces) => format!(
            "ε = 0, although {} linear pieces lie between x and x̃.",
            grouped(pieces)
        ),
        (false, 0 | 1) if share < 1e-9 => format!(
            "ε = {}, which is rounding: between x and x̃ the network is one linear piece.",
            function.remainder.shown()
        ),
        (false, pieces) => format!(
            "ε = {} is {} of f(x): {} {} between x and x̃, and the gradient is that of the last.",
            function.remainder.shown(),
            percent(share),
            count(pieces, "linear piece"),
            agree(pieces, "lies", "lie")
        ),
    });
    if function.terms.iter().any(|term| term.decimal < 0.0) {
        sentences.push("Some terms are below 0: the first-order terms of a whole network need not be positive.".to_owned());
    }
    sentences
}
