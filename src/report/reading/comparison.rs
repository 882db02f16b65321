//! What a comparison says, in plain language: each sentence with the figures it rests on, and none without.

use crate::error::{count, grouped};
use crate::report::format::{figure, percent};
use crate::report::{Comparison, SchemeFigures};

use super::listed;

/// Figures that differ by less than this part of them are the same but for rounding.
const SAME: f64 = 1e-9;

/// Sentences about a comparison, the most important first.
pub(in crate::report) fn of_comparison(comparison: &Comparison) -> Vec<String> {
    let schemes = &comparison.schemes;
    let settings: Vec<Vec<&SchemeFigures>> = schemes
        .chunk_by(SchemeFigures::same_setting)
        .map(|setting| setting.iter().filter(|scheme| scheme.is_drawn()).collect())
        .filter(|setting: &Vec<_>| !setting.is_empty())
        .collect();
    let several = settings.len() > 1;
    let mut sentences = checks(schemes);
    sentences.extend(nothing(schemes));
    let mut told: Vec<&str> = Vec::new();
    for setting in &settings {
        // Other biases under the same rule would tell the same again.
        let rule = &setting[0].rule;
        if !told.contains(&rule.as_str()) {
            told.push(rule);
            sentences.extend(equal(setting, comparison.inputs.units, several));
            sentences.extend(scaled(setting, several));
            sentences.extend(tails(setting, several));
        }
    }
    sentences.extend(biases(schemes));
    sentences.extend(silent(schemes));
    sentences.extend(rules(schemes));
    if let Some(first) = settings.first() {
        sentences.extend(seeds(first));
    }
    sentences.extend(own(schemes));
    sentences
}

/// `under z+`, with the biases where there are several settings.
fn setting(scheme: &SchemeFigures, several: bool) -> String {
    match &scheme.bias {
        Some(bias) if several => format!("under {} with biases {bias}", scheme.rule),
        _ => format!("under {}", scheme.rule),
    }
}

/// The two properties over all runs, or where they fail.
fn checks(schemes: &[SchemeFigures]) -> Vec<String> {
    let runs: usize = schemes.iter().map(|scheme| scheme.runs).sum();
    let gap = schemes
        .iter()
        .fold(0.0, |most: f64, s| most.max(s.conservation.worst_gap));
    let least = schemes
        .iter()
        .fold(f64::INFINITY, |least, s| least.min(s.positivity.least));
    if schemes.iter().all(SchemeFigures::holds) {
        return vec![format!(
            "Conservation and positivity hold in all {}: the largest gap is {}, the least relevance {}.",
            count(runs, "run"),
            figure(gap),
            figure(least)
        )];
    }
    let mut sentences = Vec::new();
    for (property, failing, worst) in [
        (
            "Conservation",
            failing(schemes, |s| s.conservation.holds),
            format!("the largest gap is {}", figure(gap)),
        ),
        (
            "Positivity",
            failing(schemes, |s| s.positivity.holds),
            format!("the least relevance is {}", figure(least)),
        ),
    ] {
        let fails: usize = failing.iter().map(|(_, fails)| fails).sum();
        if fails == 0 {
            sentences.push(format!(
                "{property} holds in all {}: {worst}.",
                count(runs, "run")
            ));
            continue;
        }
        let most = failing.iter().map(|(scheme, fails)| {
            format!(
                "{} ({} of {})",
                titled(scheme),
                grouped(*fails),
                grouped(scheme.runs)
            )
        });
        sentences.push(format!(
            "{property} fails in {} of {}: {worst}; it fails under {}.",
            grouped(fails),
            count(runs, "run"),
            listed(most.take(4).collect(), failing.len())
        ));
    }
    sentences
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

/// An entry by all that tells it from others.
fn titled(scheme: &SchemeFigures) -> String {
    let bias = scheme
        .bias
        .as_ref()
        .map_or_else(String::new, |bias| format!(", biases {bias}"));
    format!("{} with {}{bias}", scheme.scheme, scheme.rule)
}

/// Schemes that leave nothing to explain, and runs in which there was nothing.
fn nothing(schemes: &[SchemeFigures]) -> Vec<String> {
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
            "{}: f(x) = 0 in every run, and nothing is there to explain.",
            listed(empties, all)
        ));
    }
    let partly: Vec<&SchemeFigures> = schemes
        .iter()
        .filter(|scheme| scheme.explained > 0 && scheme.explained < scheme.runs)
        .collect();
    let part = |scheme: &&SchemeFigures| 1.0 - scheme.explained as f64 / scheme.runs as f64;
    if let Some(most) = partly
        .iter()
        .copied()
        .max_by(|a, b| part(a).total_cmp(&part(b)))
    {
        sentences.push(format!(
            "{} no relevance in some runs, for f(x) = 0 there; most often {}, in {} of {}.",
            if partly.len() == 1 {
                "One row has".to_owned()
            } else {
                format!("{} rows have", partly.len())
            },
            most.scheme,
            grouped(most.runs - most.explained),
            grouped(most.runs)
        ));
    }
    sentences
}

/// Schemes under which every input gets the same.
fn equal(entries: &[&SchemeFigures], inputs: usize, several: bool) -> Option<String> {
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
fn scaled(entries: &[&SchemeFigures], several: bool) -> Vec<String> {
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

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= SAME * a.abs().max(b.abs()).max(1.0)
}

/// Whether the inputs that count become fewer as the tails of the weights grow heavier.
fn tails(entries: &[&SchemeFigures], several: bool) -> Option<String> {
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
    if kinds.len() < 3 || !falls {
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

/// What becomes of silent units as the bias falls, for the schemes on which it tells most.
fn biases(schemes: &[SchemeFigures]) -> Vec<String> {
    let mut series: Vec<Vec<(&SchemeFigures, f64)>> = Vec::new();
    for scheme in schemes {
        let Some(bias) = scheme
            .bias
            .as_ref()
            .and_then(|bias| bias.parse::<f64>().ok())
        else {
            continue;
        };
        let same = |series: &&mut Vec<(&SchemeFigures, f64)>| {
            series[0].0.scheme == scheme.scheme && series[0].0.rule == scheme.rule
        };
        match series.iter_mut().find(same) {
            Some(series) => series.push((scheme, bias)),
            None => series.push(vec![(scheme, bias)]),
        }
    }
    series.retain(|series| series.len() > 1);
    for series in &mut series {
        series.sort_by(|a, b| b.1.total_cmp(&a.1));
    }
    let change = |series: &[(&SchemeFigures, f64)]| {
        let silent = |at: Option<&(&SchemeFigures, f64)>| {
            at.and_then(|(s, _)| s.silent_units).unwrap_or(0.0)
        };
        silent(series.last()) - silent(series.first())
    };
    series.sort_by(|a, b| change(b).abs().total_cmp(&change(a).abs()));
    series
        .iter()
        .take(2)
        .filter_map(|series| of_biases(series))
        .collect()
}

fn of_biases(series: &[(&SchemeFigures, f64)]) -> Option<String> {
    let (highest, lowest) = (series.first()?, series.last()?);
    let silent = (highest.0.silent_units?, lowest.0.silent_units?);
    let output = (highest.0.output?.mean, lowest.0.output?.mean);
    let carried = match (highest.0.silent_relevance, lowest.0.silent_relevance) {
        (Some(from), Some(to)) if from > 0.0 || to > 0.0 => format!(
            "; what units carry that did not fire {} of f(x)",
            moved(from, to, percent)
        ),
        (Some(_), Some(_)) => "; no unit that did not fire carries relevance".to_owned(),
        _ => String::new(),
    };
    Some(format!(
        "As the bias falls from {} to {}, the part of the units that never fire {} for {} with {}, and f(x) {}{carried}.",
        figure(highest.1),
        figure(lowest.1),
        moved(silent.0, silent.1, percent),
        highest.0.scheme,
        highest.0.rule,
        moved(output.0, output.1, figure),
    ))
}

fn moved(from: f64, to: f64, shown: fn(f64) -> String) -> String {
    if same(from, to) {
        return format!("stays at {}", shown(to));
    }
    let verb = if to > from { "rises" } else { "falls" };
    format!("{verb} from {} to {}", shown(from), shown(to))
}

/// Relevance on units that did not fire.
fn silent(schemes: &[SchemeFigures]) -> Option<String> {
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
            "Units that did not fire carry relevance in {} of {}, most for {}: {} of f(x) on one level. The sums can \
             hold all the same, but R_j = c_j·x_j, on which the theory builds, does not hold there.",
            concerned,
            count(schemes.len(), "row"),
            titled(most),
            percent(carried(most))
        )
    })
}

/// Where the inputs matter: the rules beside one another, over the schemes that all of them explain.
fn rules(schemes: &[SchemeFigures]) -> Option<String> {
    let mut rules: Vec<(&str, Vec<f64>)> = Vec::new();
    for scheme in schemes {
        let Some(agreement) = scheme.value_agreement else {
            continue;
        };
        match rules.iter_mut().find(|(rule, _)| *rule == scheme.rule) {
            Some((_, figures)) => figures.push(agreement),
            None => rules.push((&scheme.rule, vec![agreement])),
        }
    }
    let mut means: Vec<(&str, f64)> = rules
        .iter()
        .map(|(rule, figures)| (*rule, figures.iter().sum::<f64>() / figures.len() as f64))
        .collect();
    means.sort_by(|a, b| b.1.total_cmp(&a.1));
    let [(closest, most), .., (farthest, least)] = means[..] else {
        return None;
    };
    (most - least > 0.01).then(|| {
        format!(
            "The values of the inputs matter most under {closest}: the cosine of |R| and |x| is {} there, {} under \
             {farthest} (means over the schemes).",
            figure(most),
            figure(least)
        )
    })
}

/// How much the draw decides.
fn seeds(entries: &[&SchemeFigures]) -> Option<String> {
    // Where there is nothing random every seed agrees with every other.
    let random = entries.iter().filter(|s| {
        s.seed_agreement
            .is_some_and(|agreement| !same(agreement, 1.0))
    });
    let by = |a: &&&SchemeFigures, b: &&&SchemeFigures| {
        a.seed_agreement
            .unwrap_or(0.0)
            .total_cmp(&b.seed_agreement.unwrap_or(0.0))
    };
    let (least, most) = (random.clone().min_by(by)?, random.max_by(by)?);
    let (low, high) = (least.seed_agreement?, most.seed_agreement?);
    (high - low > 0.01).then(|| {
        format!(
            "Two seeds agree least on the inputs with {} (mean cosine {}), most with {} ({}): the lower it is, the more \
             an explanation before training is one of the draw.",
            least.scheme,
            figure(low),
            most.scheme,
            figure(high)
        )
    })
}

/// Networks of one's own beside the schemes.
fn own(schemes: &[SchemeFigures]) -> Vec<String> {
    let own = schemes.iter().filter(|scheme| !scheme.is_drawn());
    own.filter_map(|own| {
        let effective = own.effective_inputs?;
        let beside: Vec<_> = schemes
            .iter()
            .filter(|s| s.is_drawn() && s.rule == own.rule && s.seeds > 1)
            .filter_map(|s| {
                s.spread
                    .effective_inputs
                    .map(|spread| (s, spread.quartiles))
            })
            .collect();
        if beside.is_empty() {
            return None;
        }
        let inside = |q: &[f64; 5]| (q[1]..=q[3]).contains(&effective);
        let like: Vec<String> = beside
            .iter()
            .filter(|(_, q)| inside(q))
            .map(|(s, q)| format!("{} ({} to {})", s.scheme, figure(q[1]), figure(q[3])))
            .collect();
        let place = if like.is_empty() {
            "outside the middle half of the seeds of every scheme".to_owned()
        } else {
            let all = like.len();
            format!(
                "within the middle half of the seeds of {}",
                listed(like.into_iter().take(3).collect(), all)
            )
        };
        Some(format!(
            "{} with {} has {} effective inputs, {place}.",
            own.scheme,
            own.rule,
            figure(effective)
        ))
    })
    .collect()
}

/// The names of entries, each once.
fn names<'s>(schemes: impl Iterator<Item = &'s SchemeFigures>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for scheme in schemes {
        if !names.contains(&scheme.scheme) {
            names.push(scheme.scheme.clone());
        }
    }
    names
}
