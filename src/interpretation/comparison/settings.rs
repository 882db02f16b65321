//! What changes with the biases, the rules and the seeds, and how given networks compare.

use super::setting;
use crate::interpretation::numbers::{figure, percent};
use crate::measure::nearly_equal;
use crate::relevance::Rule;
use crate::result::SchemeFigures;
use crate::words::listed;

/// What happens to silent units as the bias falls, for the schemes that it changes most.
pub(crate) fn biases(schemes: &[SchemeFigures]) -> Vec<String> {
    let mut series: Vec<Vec<(&SchemeFigures, f64)>> = Vec::new();
    for scheme in schemes {
        let Some(bias) = scheme
            .bias
            .as_ref()
            .and_then(|bias| bias.parse::<f64>().ok())
        else {
            continue;
        };
        let same = |series: &&mut Vec<(&SchemeFigures, f64)>| series[0].0.scheme == scheme.scheme;
        match series.iter_mut().find(same) {
            // Which units fire has nothing to do with the rule: the first one tells it.
            Some(series) if series[0].0.rule != scheme.rule => {}
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
            "; under {} the relevance of units that did not fire {} of f(x)",
            highest.0.rule,
            moved(from, to, percent)
        ),
        (Some(_), Some(_)) => format!(
            "; under {} no unit that did not fire carries relevance",
            highest.0.rule
        ),
        _ => String::new(),
    };
    Some(format!(
        "As the bias falls from {} to {}, the part of the units that fire for no sample {} for {}, and f(x) {}{carried}.",
        figure(highest.1),
        figure(lowest.1),
        moved(silent.0, silent.1, percent),
        highest.0.scheme,
        moved(output.0, output.1, figure),
    ))
}

fn moved(from: f64, to: f64, shown: fn(f64) -> String) -> String {
    if nearly_equal(from, to) {
        return format!("stays at {}", shown(to));
    }
    let verb = if to > from { "rises" } else { "falls" };
    format!("{verb} from {} to {}", shown(from), shown(to))
}

/// Where the inputs matter: the rules beside one another, over the schemes that each of them explains.
pub(crate) fn rules(schemes: &[SchemeFigures]) -> Option<String> {
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
    // Under rules that do not look at the values a likeness of R and x is chance.
    let plans = schemes.iter().filter(|scheme| scheme.rule == closest);
    let mut rules = plans.filter_map(|scheme| scheme.plan.as_ref()?.one_rule());
    let blind = rules.next().is_some_and(Rule::is_fixed);
    (most - least > 0.01 && !blind).then(|| {
        format!(
            "R follows the values of the inputs most closely under {closest}: the cosine of |R| and |x| is {} there, \
             {} under {farthest} (means over the schemes).",
            figure(most),
            figure(least)
        )
    })
}

/// How much the draw decides.
pub(crate) fn seeds(entries: &[&SchemeFigures], several: bool) -> Option<String> {
    // Where there is nothing random every seed agrees with every other.
    let random = entries.iter().filter(|s| {
        s.seed_agreement
            .is_some_and(|agreement| !nearly_equal(agreement, 1.0))
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
            "Of the schemes whose seeds differ, two seeds agree least on the inputs {} with {} (mean cosine {}), most \
             with {} ({}): the lower it is, the more an explanation before training depends on the drawn weights.",
            setting(least, several),
            least.scheme,
            figure(low),
            most.scheme,
            figure(high)
        )
    })
}

/// Given networks beside the schemes.
pub(crate) fn own(schemes: &[SchemeFigures], layers: &str) -> Vec<String> {
    let several = |s: &SchemeFigures| {
        let mut alike = schemes.iter().filter(|other| other.scheme == s.scheme);
        alike.any(|other| other.rule == s.rule && other.bias != s.bias)
    };
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
            .map(|(s, q)| {
                let bias = s.bias.as_ref().filter(|_| several(s));
                let bias = bias.map_or_else(String::new, |bias| format!(" with biases {bias}"));
                format!("{}{bias} ({} to {})", s.scheme, figure(q[1]), figure(q[3]))
            })
            .collect();
        let other_layers = own.layers.as_ref().filter(|own| *own != layers);
        let other_layers = other_layers.map_or_else(String::new, |layers| {
            format!(", of other layers ({layers}),")
        });
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
            "{}{other_layers} with {} has {} effective inputs, {place}.",
            own.scheme,
            own.rule,
            figure(effective)
        ))
    })
    .collect()
}
