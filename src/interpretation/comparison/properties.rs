//! The two properties over all runs, the runs without relevance, and relevance on units that did not fire.

use super::{names, titled};
use crate::interpretation::numbers::percent;
use crate::relevance::Rule;
use crate::result::SchemeFigures;
use crate::words::{grouped, listed, part};

/// Where the two properties fail.
pub(crate) fn checks(schemes: &[SchemeFigures]) -> Vec<String> {
    let runs: usize = schemes.iter().map(|scheme| scheme.runs).sum();
    let mut sentences = Vec::new();
    for (property, failing) in [
        ("Conservation", failing(schemes, |s| s.conservation.holds)),
        ("Positivity", failing(schemes, |s| s.positivity.holds)),
    ] {
        let fails: usize = failing.iter().map(|(_, fails)| fails).sum();
        if fails == 0 {
            continue;
        }
        let most = failing.iter().map(|(scheme, fails)| {
            let runs = part(*fails, scheme.runs, "run");
            format!("{} ({runs})", titled(scheme))
        });
        sentences.push(format!(
            "{property} fails in {}: under {}.",
            part(fails, runs, "run"),
            listed(most.take(4).collect(), failing.len())
        ));
    }
    sentences.extend(causes(schemes));
    sentences
}

/// Why relevance is lost, for each rule under which it is.
fn causes(schemes: &[SchemeFigures]) -> Vec<String> {
    let mut rules: Vec<Rule> = Vec::new();
    for scheme in schemes.iter().filter(|s| s.lost_share > Some(0.0)) {
        rules.extend(
            scheme
                .rule
                .parse()
                .ok()
                .filter(|rule| !rules.contains(rule)),
        );
    }
    let cause = |rule: &Rule| {
        format!(
            "Under {rule} a unit loses its relevance where {}.",
            rule.loses_where()
        )
    };
    let mut causes: Vec<String> = rules.iter().map(cause).collect();
    // A loss below the tolerance fails no run.
    let rounded = |scheme: &&SchemeFigures| {
        scheme.conservation.holds < scheme.runs && scheme.lost_share.is_none_or(|lost| lost == 0.0)
    };
    if let Some(scheme) = schemes.iter().find(rounded) {
        causes.push(format!(
            "{} loses nothing where conservation fails: relevance of both signs cancels, and rounding exceeds the \
             tolerance.",
            titled(scheme)
        ));
    }
    causes
}

/// Where a property fails, and in how many runs, the most first.
fn failing(
    schemes: &[SchemeFigures],
    holds: fn(&SchemeFigures) -> usize,
) -> Vec<(&SchemeFigures, usize)> {
    let mut failing: Vec<_> = schemes
        .iter()
        .map(|scheme| (scheme, scheme.runs - holds(scheme)))
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
