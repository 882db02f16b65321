//! What explanations of the same samples under several rules say beside one another, in plain language.

use super::balance::LARGE;
use super::leading::{disagreed, leading, named};
use super::numbers::{figure, percent};
use crate::measure::{by_size, share};
use crate::relevance::RuleBias;
use crate::result::{
    Amount, Explanation, Explanations, Kept, MeanBalance, Pair, Sample, SampleAgreement,
};
use crate::words::{agree, count, listed, part};

/// What is missing is said where it is more than this part of f(x).
const ROUNDING: f64 = 1e-9;

impl<N: Amount> Explanations<N> {
    /// Whole explanations of the same samples, with what they say beside one another.
    pub fn beside(explanations: Vec<Explanation<N>>) -> Self {
        let mut all = Self::of(explanations);
        for n in 0..all.samples() {
            let by_rule = all.explanations.iter().map(|one| &one.samples[n]);
            let by_rule: Vec<&Sample<N>> = by_rule.collect();
            all.agreement.samples[n].interpretation =
                of_sample(&all, &all.agreement.samples[n], &by_rule);
        }
        all.interpreted()
    }

    /// Adds a sample, explained under every rule.
    pub fn push(&mut self, by_rule: Vec<Sample<N>>) {
        let agreement = self.counted(&by_rule);
        self.keep(by_rule, agreement);
    }

    /// Counts a sample in without keeping it; gives how the rules agree on it.
    pub fn counted(&mut self, by_rule: &[Sample<N>]) -> SampleAgreement {
        let mut agreement = self.count(by_rule);
        let by_rule: Vec<&Sample<N>> = by_rule.iter().collect();
        agreement.interpretation = of_sample(self, &agreement, &by_rule);
        agreement
    }

    /// The same result, with what its numbers say of all samples.
    #[must_use]
    pub fn interpreted(mut self) -> Self {
        let mut sentences: Vec<String> = self.same().into_iter().collect();
        sentences.extend(self.apart());
        sentences.extend(self.handed_on());
        let missing = |balance| missing(balance, self.noun());
        sentences.extend(self.balance.iter().filter_map(missing));
        sentences.extend(self.failing("Conservation", |row| row.conservation));
        sentences.extend(self.failing("Positivity", |row| row.positivity));
        sentences.extend(self.incomplete());
        self.interpretation = sentences;
        self
    }

    /// The rules that give the same relevance.
    fn same(&self) -> Option<String> {
        let rules = self.rules();
        let is_same = |a: &str, b: &str| {
            let mut pairs = self.agreement.pairs.iter();
            pairs.any(|pair| pair.same && pair.rules == [a, b])
        };
        let mut groups: Vec<Vec<&str>> = Vec::new();
        for rule in rules {
            match groups.iter_mut().find(|group| is_same(group[0], rule)) {
                Some(group) => group.push(rule),
                None => groups.push(vec![rule]),
            }
        }
        groups.retain(|group| group.len() > 1);
        let groups: Vec<String> = groups.iter().map(|group| named(group)).collect();
        (!groups.is_empty()).then(|| {
            format!(
                "{} give every input the same relevance, to the last digit.",
                groups.join("; and ")
            )
        })
    }

    /// Which two rules are nearest to each other, and which are furthest apart.
    fn apart(&self) -> Option<String> {
        let pairs = self.agreement.pairs.iter();
        let told = |pair: &&Pair| !pair.same && pair.cosine.is_some();
        let pairs: Vec<&Pair> = pairs.filter(told).collect();
        let cosine = |pair: &Pair| pair.cosine.unwrap_or(0.0);
        let order = by_size(pairs.len(), |n| cosine(pairs[n]));
        let (near, far) = (pairs[*order.first()?], pairs[*order.last()?]);
        let mean = if self.samples() > 1 { "mean " } else { "" };
        let of = |pair: &Pair| format!("{} and {}", pair.rules[0], pair.rules[1]);
        let (least, number) = (far.least?, far.sample?);
        let least = if self.samples() > 1 {
            format!(", at the least {} in sample {number}", figure(least))
        } else {
            String::new()
        };
        Some(if order.len() == 1 {
            format!(
                "The {mean}cosine between R of the inputs under {} is {}{least}.",
                of(far),
                figure(cosine(far))
            )
        } else {
            format!(
                "{} agree most: the {mean}cosine between R of the inputs is {}. {} agree least: {}{least}.",
                of(near),
                figure(cosine(near)),
                of(far),
                figure(cosine(far))
            )
        })
    }

    /// The rules that hand all of f(x) to the inputs, in every sample.
    fn handed_on(&self) -> Option<String> {
        let rules = self.balance.iter();
        let whole: Vec<&str> = (rules.filter(|balance| is_whole(balance)))
            .map(|balance| &balance.rule[..])
            .collect();
        match whole.len() {
            0 => None,
            rules if rules == self.explanations.len() => {
                Some("Every rule hands all of f(x) to the inputs.".to_owned())
            }
            1 => Some(format!("{} hands all of f(x) to the inputs.", whole[0])),
            _ => Some(format!("{} hand all of f(x) to the inputs.", named(&whole))),
        }
    }

    /// Where a property does not hold, under rules that promise it and under others.
    fn failing(&self, property: &str, kept: fn(&MeanBalance) -> Kept) -> Vec<String> {
        let rows = self.balance.iter();
        let rows = rows.map(|row| (&row.rule[..], row.samples, kept(row)));
        not_kept(property, rows.collect(), self.noun())
    }

    /// Where gradient methods do not add up.
    fn incomplete(&self) -> Vec<String> {
        let rows = self.completeness.iter();
        let rows = rows.map(|row| (&row.rule[..], row.samples, row.completeness));
        not_kept("Completeness", rows.collect(), self.noun())
    }
}

/// Where a property does not hold, under rules that promise it and under others, each with how many explanations it has.
fn not_kept(property: &str, rules: Vec<(&str, usize, Kept)>, noun: &str) -> Vec<String> {
    let (mut broken, mut others) = (Vec::new(), Vec::new());
    for (rule, all, kept) in rules {
        let words = |failing: usize| match all {
            1 => rule.to_owned(),
            _ => format!("{rule} in {}", part(failing, all, noun)),
        };
        let other = all - kept.holds - kept.broken;
        broken.extend((kept.broken > 0).then(|| words(kept.broken)));
        others.extend((other > 0).then(|| words(other)));
    }
    let mut sentences = Vec::new();
    if !broken.is_empty() {
        let all = broken.len();
        sentences.push(format!("{property} fails under {}.", listed(broken, all)));
    }
    if !others.is_empty() {
        let all = others.len();
        sentences.push(format!(
            "{property} does not hold under {}, where it is not promised.",
            listed(others, all)
        ));
    }
    sentences
}

impl<N: Amount> Explanations<N> {
    /// Which rule stands for several, or has others on some layers, and whether biases count: what is true of all of the
    /// explanations, and not said by the names of their rules.
    pub(crate) fn setting(&self) -> Vec<String> {
        let rules = self.explanations.iter();
        let mut sentences: Vec<String> = rules.filter_map(layers_of).collect();
        let mut networks = self.explanations.iter().map(|one| &one.network);
        if networks.any(|network| network.rule_bias == RuleBias::Keep) {
            let kept =
                "Biases count in the denominators of the rules that were published with them.";
            sentences.push(kept.to_owned());
        }
        sentences
    }
}

/// `deep-taylor is w2 on layer 1, z+ on layers 2 and 3.`; nothing of one that is the same on every layer with a rule of its own.
fn layers_of<N: Amount>(explanation: &Explanation<N>) -> Option<String> {
    const SAID: usize = 4;
    let name = explanation.rule_name();
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for (l, layer) in explanation.network.layers.iter().enumerate() {
        let Some(rule) = layer.rule.filter(|rule| !rule.is_of_a_kind()) else {
            continue;
        };
        let rule = rule.to_string();
        match groups.iter_mut().find(|(of, _)| *of == rule) {
            Some((_, layers)) => layers.push(l.to_string()),
            None => groups.push((rule, vec![l.to_string()])),
        }
    }
    let is_itself = |(rule, _): &(String, Vec<String>)| rule == name;
    if groups.iter().all(is_itself) {
        return None;
    }
    let each = groups.into_iter().map(|(rule, mut layers)| {
        let all = layers.len();
        let on = agree(all, "layer", "layers");
        layers.truncate(SAID);
        format!("{rule} on {on} {}", listed(layers, all))
    });
    Some(format!(
        "{name} is {}.",
        each.collect::<Vec<_>>().join(", and ")
    ))
}

/// Whether the inputs carry all of f(x): relevance is conserved in every sample, and nothing was lost or absorbed.
fn is_whole(balance: &MeanBalance) -> bool {
    let parts = [
        balance.lost,
        balance.absorbed_by_bias,
        balance.absorbed_by_epsilon,
    ];
    let small = |part: f64| part.abs() <= ROUNDING * balance.value.abs();
    balance.conservation.holds == balance.samples
        && parts.iter().all(|part| part.is_some_and(small))
}

/// What a rule does not hand to the inputs.
fn missing(balance: &MeanBalance, noun: &str) -> Option<String> {
    let parts = [
        (balance.lost, "is lost"),
        (balance.absorbed_by_bias, "is absorbed by biases"),
        (balance.absorbed_by_epsilon, "is absorbed by ε"),
        (
            balance.gap,
            "is what rounding makes; --exact computes without rounding",
        ),
    ];
    // Means over several targets of a sample are no f(x).
    let several_targets = noun != "sample";
    let said = |(part, how): (Option<f64>, &str)| {
        let part = part.filter(|part| part.abs() > ROUNDING * balance.value.abs())?;
        let of = share(part, balance.value).filter(|_| !several_targets);
        let of = of.map(|share| format!(" ({})", percent(share)));
        Some(format!("{}{} {how}", figure(part), of.unwrap_or_default()))
    };
    let parts: Vec<String> = parts.into_iter().filter_map(said).collect();
    let all = parts.len();
    let mean = match balance.samples {
        1 => String::new(),
        samples => format!("in the mean over {} ", count(samples, noun)),
    };
    let carried = if several_targets {
        format!("Under {} {}", balance.rule, mean)
    } else {
        format!(
            "Under {} the inputs carry {mean}{} of f(x) = {}; ",
            balance.rule,
            figure(balance.input),
            figure(balance.value)
        )
    };
    (all > 0).then(|| format!("{carried}{}.", listed(parts, all)))
}

/// Sentences about one sample.
fn of_sample<N: Amount>(
    all: &Explanations<N>,
    agreement: &SampleAgreement,
    by_rule: &[&Sample<N>],
) -> Vec<String> {
    let (network, rules) = (&all.explanations[0].network, &all.rules()[..]);
    if by_rule.iter().all(|sample| !sample.carries_relevance()) {
        return vec!["No rule has anything to redistribute: every relevance is 0.".to_owned()];
    }
    let mut sentences: Vec<String> = leading(network, rules, by_rule).into_iter().collect();
    match agreement.inputs.first() {
        Some(apart) => sentences.push(disagreed(network, rules, apart)),
        None => sentences.push("Every rule gives every input the same part of Σ|R|.".to_owned()),
    }
    sentences.extend(cancelling(rules, by_rule));
    sentences
}

/// The rules under which relevance of both signs cancels at the inputs, and how large its parts are.
fn cancelling<N: Amount>(rules: &[&str], by_rule: &[&Sample<N>]) -> Option<String> {
    let f = by_rule[0].target.value.decimal();
    // Relevance of gradient methods has no f(x) to cancel to.
    let largest = |sample: &Sample<N>| {
        let relevance = sample.layers[0].relevance.iter().map(N::decimal);
        let signs = |below: bool| {
            relevance
                .clone()
                .any(|r| if below { r < 0.0 } else { r > 0.0 })
        };
        let both = sample.completeness.is_none() && signs(true) && signs(false);
        let sizes = relevance.clone().map(f64::abs).filter(|_| both);
        sizes.fold(0.0, f64::max)
    };
    let each = rules
        .iter()
        .zip(by_rule.iter().map(|sample| largest(sample)));
    let large: Vec<(&str, f64)> = each
        .filter(|(_, largest)| *largest > LARGE * f.abs())
        .map(|(rule, largest)| (*rule, largest))
        .collect();
    let most = large
        .iter()
        .fold(0.0, |most: f64, (_, largest)| most.max(*largest));
    let names: Vec<&str> = large.iter().map(|(rule, _)| *rule).collect();
    (!large.is_empty()).then(|| {
        format!(
            "Relevance of both signs cancels under {}: f(x) is {}, the parts are up to {}. Shares of f(x) mean little there.",
            named(&names),
            figure(f),
            figure(most)
        )
    })
}
