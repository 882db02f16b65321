//! The two properties over all runs, the runs without relevance, and relevance on units that did not fire.

use super::{names, titled};
use crate::interpretation::numbers::percent;
use crate::relevance::{Policy, Preset};
use crate::result::SchemeFigures;
use crate::words::{grouped, listed, part};

/// Where the two properties do not hold: first of those that promise it, then of the others.
pub(crate) fn checks(schemes: &[SchemeFigures]) -> Vec<String> {
    let mut sentences = Vec::new();
    for promised in [true, false] {
        let (conserving, positive): (Vec<_>, Vec<_>) = (
            schemes
                .iter()
                .filter(|s| s.promised.conservation == promised)
                .collect(),
            schemes
                .iter()
                .filter(|s| s.promised.positivity == promised)
                .collect(),
        );
        let conserved = failing(&conserving, |s| s.conservation.holds);
        sentences.extend(property("Conservation", promised, &conserving, conserved));
        let least = failing(&positive, |s| s.positivity.holds);
        sentences.extend(property("Positivity", promised, &positive, least));
    }
    sentences.extend(causes(schemes));
    sentences
}

/// In how many runs a property does not hold, of these schemes, which promise it or do not.
fn property(
    property: &str,
    promised: bool,
    schemes: &[&SchemeFigures],
    failing: Vec<(&SchemeFigures, usize)>,
) -> Option<String> {
    let runs: usize = schemes.iter().map(|scheme| scheme.runs).sum();
    let fails: usize = failing.iter().map(|(_, fails)| fails).sum();
    let most = failing.iter().map(|(scheme, fails)| {
        let runs = part(*fails, scheme.runs, "run");
        format!("{} ({runs})", titled(scheme))
    });
    let under = listed(most.take(4).collect(), failing.len());
    let of_runs = part(fails, runs, "run");
    (fails > 0).then(|| match promised {
        true => format!("{property} fails in {of_runs}: under {under}."),
        false => {
            format!(
                "{property} does not hold in {of_runs}, where it is not promised: under {under}."
            )
        }
    })
}

/// Why relevance is lost, for each rule under which it is.
fn causes(schemes: &[SchemeFigures]) -> Vec<String> {
    let mut causes: Vec<String> = Vec::new();
    for scheme in schemes.iter().filter(|s| s.lost_share > Some(0.0)) {
        let cause = scheme.plan.as_ref().and_then(of_one_rule);
        causes.extend(cause.filter(|cause| !causes.contains(cause)));
    }
    // A loss below the tolerance fails no run.
    let rounded = |scheme: &&SchemeFigures| {
        scheme.promised.conservation
            && scheme.conservation.holds < scheme.runs
            && scheme.lost_share.is_none_or(|lost| lost == 0.0)
    };
    if let Some(scheme) = schemes.iter().find(rounded) {
        causes.push(format!(
            "{} loses nothing where conservation fails: relevance of both signs cancels, and rounding exceeds the \
             tolerance.",
            titled(scheme)
        ));
    }
    let absorbs = |scheme: &SchemeFigures| {
        !scheme.promised.conservation && scheme.conservation.holds < scheme.runs
    };
    if schemes.iter().any(absorbs) {
        causes
            .push("What ε and kept biases absorb is why conservation is not promised.".to_owned());
    }
    causes
}

/// Where units lose relevance under a plan that is one rule.
fn of_one_rule(plan: &Policy) -> Option<String> {
    let rule = match plan.rule() {
        Some(Preset::One(rule)) if plan.layer_rules().is_empty() => rule,
        _ => return None,
    };
    Some(format!(
        "Under {plan} a unit loses relevance where {}.",
        rule.loses_where(plan.rule_bias())
    ))
}

/// Where a property fails, and in how many runs, the most first.
fn failing<'s>(
    schemes: &[&'s SchemeFigures],
    holds: fn(&SchemeFigures) -> usize,
) -> Vec<(&'s SchemeFigures, usize)> {
    let mut failing: Vec<_> = schemes
        .iter()
        .map(|&scheme| (scheme, scheme.runs - holds(scheme)))
        .filter(|(_, fails)| *fails > 0)
        .collect();
    failing.sort_by_key(|(_, fails)| std::cmp::Reverse(*fails));
    failing
}

/// Schemes that leave nothing to explain, and runs in which there was nothing.
pub(crate) fn nothing(schemes: &[SchemeFigures]) -> Vec<String> {
    let mut sentences = Vec::new();
    let is_empty = |scheme: &&SchemeFigures| scheme.explained == 0;
    let always = |scheme: &&SchemeFigures| {
        let mut same = schemes.iter().filter(|other| other.scheme == scheme.scheme);
        same.all(|other| other.explained == 0)
    };
    let empty = schemes.iter().filter(is_empty);
    let mut empties = names(empty.clone().filter(always));
    empties.extend(empty.filter(|scheme| !always(scheme)).map(titled));
    if !empties.is_empty() {
        let all = empties.len();
        empties.truncate(4);
        sentences.push(format!(
            "{}: f(x) = 0 in every run, so there is nothing to explain.",
            listed(empties, all)
        ));
    }
    let partly: Vec<&SchemeFigures> = schemes
        .iter()
        .filter(|scheme| scheme.explained > 0 && scheme.explained < scheme.runs)
        .collect();
    let empty = |scheme: &&SchemeFigures| 1.0 - scheme.explained as f64 / scheme.runs as f64;
    let most = partly.iter().max_by(|a, b| empty(a).total_cmp(&empty(b)));
    if let Some(most) = most {
        let figures = format!(
            "f(x) = 0 in {}",
            part(most.runs - most.explained, most.runs, "run")
        );
        sentences.push(match partly.len() {
            1 => format!("{}: {figures}, and no relevance there.", titled(most)),
            rows => format!(
                "{} rows have runs without relevance, most of all {}: {figures}.",
                grouped(rows),
                titled(most)
            ),
        });
    }
    sentences
}

/// Relevance on units that did not fire.
pub(crate) fn silent(schemes: &[SchemeFigures]) -> Option<String> {
    let carried = |scheme: &SchemeFigures| scheme.silent_relevance.unwrap_or(0.0);
    let most = schemes
        .iter()
        .max_by(|a, b| carried(a).total_cmp(&carried(b)))?;
    let concerned = schemes
        .iter()
        .filter(|scheme| carried(scheme) > 0.0)
        .count();
    (concerned > 0).then(|| {
        format!(
            "Units that did not fire carry relevance in {}, most for {}: {} of f(x) on one level. The sums can \
             still hold, but R_j = c_j·x_j, which the theory assumes, does not hold there.",
            part(concerned, schemes.len(), "row"),
            titled(most),
            percent(carried(most))
        )
    })
}
