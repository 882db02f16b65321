//! What the shares of the inputs say about the schemes.

use super::{names, setting};
use crate::interpretation::numbers::{figure, percent};
use crate::measure::nearly_equal;
use crate::result::SchemeFigures;
use crate::words::{agree, grouped, listed};

/// Schemes under which every input gets the same.
pub(crate) fn equal(entries: &[&SchemeFigures], inputs: usize, several: bool) -> Option<String> {
    let equal = entries
        .iter()
        .filter(|scheme| shares_equally(scheme, inputs));
    let names = names(equal.copied());
    (!names.is_empty() && inputs > 1).then(|| {
        let verb = agree(names.len(), "shares", "share");
        let all = grouped(inputs);
        format!(
            "{} {verb} equally {}: {all} effective inputs of {all}, the largest share {}.",
            listed(names.clone(), names.len()),
            setting(entries[0], several),
            percent(1.0 / inputs as f64)
        )
    })
}

fn shares_equally(scheme: &SchemeFigures, inputs: usize) -> bool {
    scheme
        .effective_inputs
        .is_some_and(|effective| nearly_equal(effective, inputs as f64))
}

/// Schemes whose shares are the same though f(x) is not: those that differ by a factor on each layer.
pub(crate) fn scaled(entries: &[&SchemeFigures], inputs: usize, several: bool) -> Vec<String> {
    let mut sentences = Vec::new();
    // Those that share equally have that in common whatever their weights.
    let unequal = entries.iter().filter(|s| !shares_equally(s, inputs));
    let mut left: Vec<&SchemeFigures> = unequal.copied().collect();
    while let Some(first) = left.first().copied() {
        let (alike, others): (Vec<_>, Vec<_>) = left
            .into_iter()
            .partition(|scheme| std::ptr::eq(*scheme, first) || same_shares(scheme, first));
        left = others;
        let outputs = alike
            .iter()
            .filter_map(|scheme| scheme.output)
            .map(|output| output.mean);
        let least = outputs.clone().fold(f64::INFINITY, f64::min);
        let most = outputs.fold(f64::NEG_INFINITY, f64::max);
        if let Some(effective) = first.effective_inputs
            && alike.len() > 1
            && most - least > 0.01 * most.abs()
        {
            sentences.push(format!(
                "{} give the same shares {} ({} effective inputs each), although f(x) goes from {} to {}: their weights \
                 differ by a factor on each layer, and a factor cancels in every share.",
                listed(names(alike.iter().copied()), alike.len()),
                setting(first, several),
                figure(effective),
                figure(least),
                figure(most)
            ));
        }
    }
    sentences
}

fn same_shares(a: &SchemeFigures, b: &SchemeFigures) -> bool {
    let figures = |s: &SchemeFigures| {
        [
            s.effective_inputs,
            s.largest_share,
            s.seed_agreement,
            s.kurtosis,
        ]
    };
    figures(a)
        .iter()
        .zip(figures(b))
        .all(|(a, b)| match (a, b) {
            (Some(a), Some(b)) => nearly_equal(*a, b),
            (a, b) => a.is_none() && b.is_none(),
        })
}

/// Whether the inputs that count become fewer as the tails of the weights grow heavier.
pub(crate) fn tails(entries: &[&SchemeFigures], several: bool) -> Option<String> {
    let known = entries.iter().filter_map(|scheme| {
        // The weights of a unit are not independent where its column has a length to keep.
        let independent = !scheme.scheme.starts_with("orthogonal");
        let (tails, effective) = (scheme.kurtosis?, scheme.effective_inputs?);
        independent.then_some((*scheme, tails, effective))
    });
    let mut all: Vec<(&SchemeFigures, f64, f64)> = known.collect();
    all.sort_by(|a, b| a.1.total_cmp(&b.1));
    let heavier = |a: f64, b: f64| b > 1.2 * a;
    let falls = all.iter().all(|light| {
        let heavy = all.iter().filter(|heavy| heavier(light.1, heavy.1));
        heavy.clone().all(|heavy| heavy.2 < light.2)
    });
    // One of each distribution is named: schemes that differ by a factor tell the same twice.
    let mut kinds: Vec<(&SchemeFigures, f64, f64)> = Vec::new();
    for scheme in all {
        if kinds.last().is_none_or(|last| heavier(last.1, scheme.1)) {
            kinds.push(scheme);
        }
    }
    let [(_, _, most), .., (_, _, least)] = kinds[..] else {
        return None;
    };
    if kinds.len() < 3 || !falls || least > 0.99 * most {
        return None;
    }
    let steps = kinds.iter().map(|(scheme, tails, effective)| {
        format!(
            "{} with {} (kurtosis {})",
            figure(*effective),
            scheme.scheme,
            figure(*tails)
        )
    });
    Some(format!(
        "The heavier the tails of weights drawn one by one, the fewer inputs carry the relevance {}: effective inputs {}.",
        setting(entries[0], several),
        listed(steps.collect(), kinds.len())
    ))
}
