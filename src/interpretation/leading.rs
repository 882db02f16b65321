//! Which inputs carry most under which rules, and where rules disagree.

use super::numbers::percent;
use crate::measure::{largest_size, nearly_equal};
use crate::result::{Amount, Apart, NetworkInfo, Sample, input_parts};
use crate::words::{agree, count, listed};

/// Which inputs carry most under which rules.
pub(super) fn leading<N: Amount>(
    network: &NetworkInfo,
    rules: &[&str],
    by_rule: &[&Sample<N>],
) -> Option<String> {
    let mut groups: Vec<(Vec<usize>, Vec<&str>)> = Vec::new();
    let mut without: Vec<&str> = Vec::new();
    for (rule, sample) in rules.iter().zip(by_rule) {
        let leaders = leaders(&input_parts(sample));
        if leaders.is_empty() {
            without.push(rule);
            continue;
        }
        match groups.iter_mut().find(|(of, _)| *of == leaders) {
            Some((_, group)) => group.push(rule),
            None => groups.push((leaders, vec![rule])),
        }
    }
    let (first, _) = groups.first()?;
    let first = together(network, first, "Input");
    if groups.len() == 1 && without.is_empty() {
        return Some(format!("{first} most under every rule."));
    }
    let each = groups.iter().enumerate().map(|(n, (inputs, group))| {
        let rules = named(group);
        match n {
            0 => format!("{first} most under {rules}"),
            _ => format!(
                "{} under {rules}",
                inputs_in_words(network, inputs, "input")
            ),
        }
    });
    let mut said = each.collect::<Vec<_>>().join("; ") + ".";
    if !without.is_empty() {
        said += &format!(" Under {} every input has relevance 0.", named(&without));
    }
    Some(said)
}

/// The inputs with the largest part, up to rounding; none where every part is 0.
fn leaders(parts: &[f64]) -> Vec<usize> {
    let largest = largest_size(parts);
    let leads = |&input: &usize| largest > 0.0 && nearly_equal(parts[input].abs(), largest);
    (0..parts.len()).filter(leads).collect()
}

/// `x3 carries`, `Inputs 3, 4 and 5 carry`.
fn together(network: &NetworkInfo, inputs: &[usize], word: &str) -> String {
    let carry = agree(inputs.len(), "carries", "carry");
    format!("{} {carry}", inputs_in_words(network, inputs, word))
}

/// `x3`, `inputs 3, 4 and 5`, or how many where these are many; `word` is what an input without a name is called.
fn inputs_in_words(network: &NetworkInfo, inputs: &[usize], word: &str) -> String {
    const SAID: usize = 4;
    let names = &network.layers[0].names;
    match inputs {
        [one] => called(network, *one, word),
        many if many.len() > SAID => count(many.len(), word),
        few => {
            let each = few.iter().map(|&input| network.label(0, input));
            let each = listed(each.collect(), few.len());
            if names.is_empty() {
                format!("{word}s {each}")
            } else {
                each
            }
        }
    }
}

/// On which input rules disagree most.
pub(super) fn disagreed(network: &NetworkInfo, rules: &[&str], apart: &Apart) -> String {
    let [most, least] = apart.ends();
    format!(
        "The rules disagree most on {}: {} gives it {} of Σ|R|, {} {}.",
        called(network, apart.input, "input"),
        rules[most],
        percent(apart.parts[most]),
        rules[least],
        percent(apart.parts[least])
    )
}

/// An input by its name, or its number behind a word.
fn called(network: &NetworkInfo, input: usize, word: &str) -> String {
    match network.layers[0].names.get(input) {
        Some(name) => name.clone(),
        None => format!("{word} {input}"),
    }
}

/// `a, b and c`
pub(super) fn named(rules: &[&str]) -> String {
    listed(rules.iter().map(ToString::to_string).collect(), rules.len())
}
