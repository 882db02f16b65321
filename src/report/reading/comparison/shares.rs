//! What the shares of the inputs say about the schemes.

use super::{names, same, setting};
use crate::report::SchemeFigures;
use crate::report::format::{figure, percent};
use crate::report::reading::listed;

/// Schemes under which every input gets the same.
pub(super) fn equal(entries: &[&SchemeFigures], inputs: usize, several: bool) -> Option<String> {
    let equal = entries
        .iter()
        .filter(|scheme| shares_equally(scheme, inputs));
    let names = names(equal.copied());
    (!names.is_empty() && inputs > 1).then(|| {
        let verb = if names.len() == 1 { "shares" } else { "share" };
        format!(
            "{} {verb} equally {}: {inputs} effective inputs of {inputs}, the largest share {}.",
            listed(names.clone(), names.len()),
            setting(entries[0], several),
            percent(1.0 / inputs as f64)
        )
    })
}

fn shares_equally(scheme: &SchemeFigures, inputs: usize) -> bool {
    scheme
        .effective_inputs
        .is_some_and(|effective| same(effective, inputs as f64))
}

/// Schemes whose shares are the same though f(x) is not: those that differ by a factor on each layer.
pub(super) fn scaled(entries: &[&SchemeFigures], several: bool) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut left: Vec<&SchemeFigures> = entries.to_vec();
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
                "{} give the same shares {} ({} effective inputs each), though f(x) goes from {} to {}: their weights \
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
            s.gini,
            s.seed_agreement,
            s.kurtosis,
        ]
    };
    figures(a)
        .iter()
        .zip(figures(b))
        .all(|(a, b)| match (a, b) {
            (Some(a), Some(b)) => same(*a, b),
            (a, b) => a.is_none() && b.is_none(),
        })
}

/// Whether the inputs that count become fewer as the tails of the weights grow heavier.
pub(super) fn tails(entries: &[&SchemeFigures], several: bool) -> Option<String> {
    // One of each distribution: schemes that differ by a factor tell the same twice.
    let mut kinds: Vec<(&SchemeFigures, f64, f64)> = Vec::new();
    for scheme in entries {
        // A constant, whose kurtosis is 1, has no tails.
        if let (Some(tails), Some(effective)) = (scheme.kurtosis, scheme.effective_inputs)
            && tails > 1.01
            && kinds
                .iter()
                .all(|(_, known, _)| tails / known > 1.2 || known / tails > 1.2)
        {
            kinds.push((scheme, tails, effective));
        }
    }
    kinds.sort_by(|a, b| a.1.total_cmp(&b.1));
    let falls = kinds.windows(2).all(|pair| pair[1].2 < pair[0].2);
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
        "The heavier the tails of the weights, the fewer inputs carry the relevance {}: effective inputs {}.",
        setting(entries[0], several),
        listed(steps.collect(), kinds.len())
    ))
}
