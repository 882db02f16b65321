//! What an evaluation of rules says, in plain language: each sentence with the figures it rests on, and none without.

use super::numbers::{figure, percent};
use crate::measure::{SAME, nearly_equal};
use crate::result::{EvaluatedRule, Evaluation};
use crate::words::{agree, count, listed, part};

/// So many rules are named in a list.
const MOST_NAMED: usize = 6;

/// A difference of flipping areas that is taken for one.
const APART: f64 = 0.005;

impl Evaluation {
    /// The same result, with what its numbers say.
    #[must_use]
    pub fn interpreted(mut self) -> Self {
        self.interpretation = of_evaluation(&self);
        self
    }
}

/// A figure of a rule that may be undefined.
type Of = fn(&EvaluatedRule) -> Option<f64>;

/// Sentences about an evaluation, the most important first.
fn of_evaluation(evaluation: &Evaluation) -> Vec<String> {
    let rules = &evaluation.rules[..];
    if rules.iter().all(|rule| rule.explained == 0) {
        return vec![
            "f(x) = 0 for every sample: there is nothing to explain, and no rule to prefer."
                .to_owned(),
        ];
    }
    let mut sentences = choice(rules);
    let noun = evaluation.noun();
    sentences.extend(failing("Conservation", noun, rules, |rule| {
        let conservation = (rule.conservation.holds, rule.promised.conservation);
        rule.is_by_rules().then_some(conservation)
    }));
    sentences.extend(failing("Positivity", noun, rules, |rule| {
        Some((rule.positivity.holds, rule.promised.positivity))
    }));
    sentences.extend(failing("Completeness", noun, rules, |rule| {
        rule.completeness.map(|it| (it.holds, it.promised))
    }));
    sentences.extend(balance(rules));
    sentences.extend(flipping(evaluation));
    sentences.extend(noise(evaluation));
    sentences.extend(unchanged(rules));
    sentences.extend(ordered(rules));
    sentences.extend(upper(evaluation));
    sentences.extend(undefined(evaluation));
    sentences.extend(alike(rules));
    sentences.extend(few(evaluation));
    sentences
}

/// Which rules keep what the theory asks for, and which of them is best at what.
fn choice(rules: &[EvaluatedRule]) -> Vec<String> {
    let sound = |rule: &&EvaluatedRule| {
        rule.is_by_rules() && rule.checks().hold() && rule.changes != Some(false)
    };
    let sound: Vec<&EvaluatedRule> = rules.iter().filter(sound).collect();
    if sound.is_empty() {
        return vec![
            "There is no rule under which both properties hold for every sample and relevance changes with the weights: which \
             to use depends on which of these you can do without."
                .to_owned(),
        ];
    }
    let all = format!(
        "Both properties hold for every sample, and relevance changes with the weights, under {}",
        named(&sound)
    );
    if sound.len() == 1 {
        return vec![all + ": of these rules, it alone."];
    }
    let order = best(&sound, |rule| rule.flipping_area).map(|(rules, area)| {
        format!(
            "{} the most relevant inputs best (flipping area {})",
            verb(&rules, "orders", "order"),
            figure(area)
        )
    });
    let steady = best(&sound, |rule| rule.stability).map(|(rules, cosine)| {
        let cosine = figure(cosine);
        format!(
            "{} most alike under noise (cosine {cosine})",
            verb(&rules, "stays", "stay")
        )
    });
    let most = best(&sound, |rule| {
        rule.randomised.last()?.cosine.map(|cosine| -cosine)
    });
    let most = most.map(|(rules, cosine)| {
        format!(
            "{} most with the weights (cosine {} with all of them random)",
            verb(&rules, "changes", "change"),
            figure(-cosine)
        )
    });
    let best: Vec<String> = [order, steady, most].into_iter().flatten().collect();
    if best.is_empty() {
        return vec![all + "."];
    }
    vec![format!("{all}. Of them {}.", best.join("; "))]
}

/// The rules with the largest figure, where the figures differ.
fn best<'r>(rules: &[&'r EvaluatedRule], of: Of) -> Option<(Vec<&'r EvaluatedRule>, f64)> {
    let known = || rules.iter().filter_map(|rule| Some((*rule, of(rule)?)));
    let most = known().map(|(_, x)| x).reduce(f64::max)?;
    let least = known().map(|(_, x)| x).reduce(f64::min)?;
    let best = known().filter(|(_, x)| nearly_equal(*x, most));
    (!nearly_equal(least, most)).then(|| (best.map(|(rule, _)| rule).collect(), most))
}

/// Where a property fails, and for how many samples: rules that promise it apart from those that do not.
fn failing(
    property: &str,
    noun: &str,
    rules: &[EvaluatedRule],
    holds: fn(&EvaluatedRule) -> Option<(usize, bool)>,
) -> Vec<String> {
    let of = |promising: bool| {
        let failing = rules.iter().filter_map(|rule| {
            let (holds, promised) = holds(rule)?;
            let fails = rule.samples.saturating_sub(holds);
            let told = || format!("{} ({})", rule.rule, part(fails, rule.samples, noun));
            (fails > 0 && promised == promising).then(told)
        });
        let failing: Vec<String> = failing.collect();
        let all = failing.len();
        let named = listed(failing.into_iter().take(MOST_NAMED).collect(), all);
        (named, all)
    };
    let mut sentences = Vec::new();
    let (named, all) = of(true);
    if all > 0 {
        sentences.push(format!("{property} fails under {named}."));
    }
    let (named, all) = of(false);
    if all > 0 {
        let promise = agree(all, "which does", "which do");
        sentences.push(format!(
            "{property} does not hold under {named}, {promise} not promise it."
        ));
    }
    sentences
}

/// Under which rule most of f(x) does not arrive at the inputs.
fn balance(rules: &[EvaluatedRule]) -> Option<String> {
    let missing = |rule: &EvaluatedRule| {
        let missing = 1.0 - rule.balance?.input;
        (missing.abs() > 1e-6).then_some(missing)
    };
    let known = rules.iter().filter_map(|rule| Some((rule, missing(rule)?)));
    let (most, _) = known.max_by(|(_, a), (_, b)| a.abs().total_cmp(&b.abs()))?;
    let balance = most.balance?;
    let went = [
        (balance.lost, "lost by units that could not hand it on"),
        (balance.absorbed_by_bias, "absorbed by biases"),
        (balance.absorbed_by_epsilon, "absorbed by ε"),
    ];
    let went = went.iter().filter(|(part, _)| part.abs() > 1e-6);
    let went: Vec<String> = went
        .map(|(part, where_to)| format!("{} is {where_to}", percent(*part)))
        .collect();
    let all = went.len();
    Some(format!(
        "f(x) and what arrives at the inputs differ most under {}: {} of it arrives, {}.",
        most.rule,
        percent(balance.input),
        listed(went, all)
    ))
}

/// Whose order of the inputs matters most, and whose no more than chance.
fn flipping(evaluation: &Evaluation) -> Vec<String> {
    let rules: Vec<&EvaluatedRule> = evaluation.rules.iter().collect();
    let Some(random) = evaluation.flipping.random_area else {
        return Vec::new();
    };
    let mut sentences = Vec::new();
    if let Some((first, area)) = best(&rules, |rule| rule.flipping_area)
        && area > random + APART
    {
        sentences.push(format!(
            "With the most relevant inputs set to 0 first, f(x) falls fastest under {}: the area over its curve is {}, in \
             random orders {}.",
            named(&first),
            figure(area),
            figure(random)
        ));
    }
    let chance = |rule: &&EvaluatedRule| {
        rule.flipping_area
            .is_some_and(|area| area <= random + APART)
    };
    let chance: Vec<&EvaluatedRule> = rules.into_iter().filter(chance).collect();
    if !chance.is_empty() {
        sentences.push(format!(
            "Under {} f(x) falls no faster than in random orders (area {}): which inputs it depends on, {} no more than chance.",
            named(&chance),
            figure(random),
            agree(chance.len(), "relevance shows", "their relevance shows")
        ));
    }
    sentences
}

/// What noise in the inputs changes.
fn noise(evaluation: &Evaluation) -> Option<String> {
    let rules: Vec<&EvaluatedRule> = evaluation.rules.iter().collect();
    let (steady, most) = best(&rules, |rule| rule.stability)?;
    let (moved, least) = best(&rules, |rule| rule.stability.map(|cosine| -cosine))?;
    Some(format!(
        "Noise of up to {} of the range of an input changes the directions of relevance least under {} (mean cosine {}), \
         most under {} ({}).",
        percent(evaluation.noise.size),
        named(&steady),
        figure(most),
        named(&moved),
        figure(-least)
    ))
}

/// Which rules fail the check of the weights.
fn unchanged(rules: &[EvaluatedRule]) -> Option<String> {
    let same: Vec<&EvaluatedRule> = rules
        .iter()
        .filter(|rule| rule.changes == Some(false))
        .collect();
    let cosines: Vec<String> = (same.iter())
        .filter_map(|rule| Some(figure(rule.randomised.last()?.cosine?)))
        .collect();
    let all = cosines.len();
    (all > 0).then(|| {
        format!(
            "With all weights random, relevance stays the same under {} (mean cosine {}; from {SAME} on it is taken for the \
             same): {} what the network has learnt, and {} the check.",
            named(&same),
            listed(cosines.into_iter().take(MOST_NAMED).collect(), all),
            agree(all, "it says nothing of", "they say nothing of"),
            agree(all, "fails", "fail")
        )
    })
}

/// Under which rules the weights change how much the inputs get, but not in which order.
fn ordered(rules: &[EvaluatedRule]) -> Option<String> {
    let last = |rule: &EvaluatedRule| {
        let last = rule.randomised.last()?;
        Some((last.rank.filter(|rank| *rank >= SAME)?, last.cosine?))
    };
    let same = rules.iter().filter(|rule| rule.changes == Some(true));
    let same: Vec<_> = same.filter_map(|rule| Some((rule, last(rule)?))).collect();
    let figures = same.iter().map(|(_, (rank, cosine))| {
        format!("{} beside a cosine of {}", figure(*rank), figure(*cosine))
    });
    let figures: Vec<String> = figures.take(MOST_NAMED).collect();
    let rules: Vec<&EvaluatedRule> = same.iter().map(|(rule, _)| *rule).collect();
    let all = rules.len();
    (all > 0).then(|| {
        format!(
            "Under {} the order of the inputs by relevance stays the same with all weights random (rank correlation {}): their \
             values decide it, not what the network has learnt.",
            named(&rules),
            listed(figures, all)
        )
    })
}

/// Which rules hardly look at the layers above the first.
fn upper(evaluation: &Evaluation) -> Option<String> {
    let layers = &evaluation.randomisation.layers;
    let [.., last_above, _] = &layers[..] else {
        return None;
    };
    let blind = evaluation.rules.iter().filter_map(|rule| {
        let [.., above, _] = &rule.randomised[..] else {
            return None;
        };
        let cosine = above.cosine.filter(|cosine| *cosine >= SAME)?;
        (rule.changes == Some(true)).then_some((rule, cosine))
    });
    let blind: Vec<(&EvaluatedRule, f64)> = blind.collect();
    let cosines: Vec<String> = blind.iter().map(|(_, cosine)| figure(*cosine)).collect();
    let rules: Vec<&EvaluatedRule> = blind.iter().map(|(rule, _)| *rule).collect();
    let all = rules.len();
    (all > 0).then(|| {
        format!(
            "Under {} relevance stays the same while only the weights from layer {} up are random (mean cosine {}): it is the \
             first layer that decides it.",
            named(&rules),
            last_above.layer,
            listed(cosines.into_iter().take(MOST_NAMED).collect(), all)
        )
    })
}

/// Where there was nothing to compare under random weights.
fn undefined(evaluation: &Evaluation) -> Option<String> {
    let pairs = (evaluation.explanations).saturating_mul(evaluation.randomisation.draws);
    let compared = |rule: &EvaluatedRule| Some(rule.randomised.last()?.compared);
    let least = evaluation.rules.iter().filter_map(compared).min()?;
    (least < pairs).then(|| {
        format!(
            "With all weights random, {} can be compared with what they were before: in the others f(x) is 0, or no relevance \
             arrives at the inputs, before or after.",
            part(least, pairs, "explanation")
        )
    })
}

/// Rules that give the same, and those that differ most.
fn alike(rules: &[EvaluatedRule]) -> Vec<String> {
    let mut pairs: Vec<(&EvaluatedRule, &EvaluatedRule, f64)> = Vec::new();
    for (n, one) in rules.iter().enumerate() {
        for (other, cosine) in rules.iter().zip(&one.agreements).skip(n + 1) {
            pairs.extend(cosine.map(|cosine| (one, other, cosine)));
        }
    }
    let same: Vec<String> = (pairs.iter())
        .filter(|(.., cosine)| nearly_equal(*cosine, 1.0))
        .map(|(one, other, _)| format!("{} and {}", one.rule, other.rule))
        .collect();
    let mut sentences = Vec::new();
    if !same.is_empty() {
        let more = if same.len() > MOST_NAMED { "; …" } else { "" };
        sentences.push(format!(
            "The relevance of the inputs has the same direction under {}{more}.",
            same[..same.len().min(MOST_NAMED)].join("; ")
        ));
    }
    pairs.sort_by(|a, b| a.2.total_cmp(&b.2));
    if let [(one, other, least), .., (first, second, most)] = pairs[..]
        && !nearly_equal(least, most)
    {
        let most = if nearly_equal(most, 1.0) {
            String::new()
        } else {
            let (first, second) = (&first.rule, &second.rule);
            format!("; {first} and {second} agree most ({})", figure(most))
        };
        sentences.push(format!(
            "{} and {} agree least (mean cosine {}){most}.",
            one.rule,
            other.rule,
            figure(least)
        ));
    }
    sentences
}

/// That figures of few samples say little.
fn few(evaluation: &Evaluation) -> Option<String> {
    const FEW: usize = 10;
    let samples = evaluation.inputs.samples;
    (samples < FEW).then(|| {
        format!(
            "These are the figures of {} alone: with others the order of the rules may be another.",
            count(samples, "sample")
        )
    })
}

/// The names of rules.
fn named(rules: &[&EvaluatedRule]) -> String {
    let names = rules.iter().map(|rule| rule.rule.clone());
    listed(names.take(MOST_NAMED).collect(), rules.len())
}

/// Rules with their verb.
fn verb(rules: &[&EvaluatedRule], one: &str, several: &str) -> String {
    format!("{} {}", named(rules), agree(rules.len(), one, several))
}
