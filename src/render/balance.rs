//! The balance of a sample: where f(x) went, in all and by layer and cause.

use super::document::Block;
use super::table::{Cell, Table};
use crate::interpretation::numbers::small_percent;
use crate::interpretation::value::Shown;
use crate::result::{Absorber, Amount, NetworkInfo, Sample};
use crate::words::count;

/// Where f(x) went, where that is not all to the inputs.
pub(super) fn line<N: Amount>(sample: &Sample<N>) -> Option<Block> {
    let balance = sample.balance.as_ref()?;
    let parts = [
        (&balance.lost, "lost"),
        (&balance.absorbed_by_bias, "absorbed by biases"),
        (&balance.absorbed_by_epsilon, "absorbed by ε"),
    ];
    let parts: Vec<String> = (parts.iter())
        .filter(|(part, _)| !part.is_zero())
        .map(|(part, what)| format!(" + {} {what}", part.shown()))
        .collect();
    let (f, input) = (balance.value.shown(), balance.input.shown());
    let words = format!("{f} = {input} in the inputs{}", parts.concat());
    match balance.holds {
        true if parts.is_empty() => None,
        true => Some(Block::fact("balance", words)),
        false => {
            let gap = format!("{words}, to within {}", balance.gap.shown());
            Some(Block::verdict(false, "balance", vec![Cell::Words(gap)]))
        }
    }
}

/// An entry: at which level, what became of relevance there, and how much.
struct Entry {
    layer: usize,
    what: String,
    relevance: f64,
}

/// What each layer withheld, by cause, with what reached the inputs; nothing where all did.
pub(super) fn entries<N: Amount>(network: &NetworkInfo, sample: &Sample<N>) -> Option<Table> {
    let balance = sample.balance.as_ref()?;
    let mut entries = withheld(sample);
    if entries.is_empty() {
        return None;
    }
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.layer));
    entries.push(Entry {
        layer: 0,
        what: "Σ R of the inputs".to_owned(),
        relevance: balance.input.decimal(),
    });
    let f = balance.value.decimal();
    let places = entries.iter();
    let places = places.map(|entry| Cell::name(network.layer_in_words(entry.layer)));
    let whats = entries.iter().map(|entry| Cell::words(&entry.what));
    let amounts = entries.iter().map(|entry| Cell::number(entry.relevance));
    let table = Table::new("the balance: f(x) is the sum of these")
        .with("where", places)
        .with("what", whats)
        .with("relevance", amounts);
    Some(if f == 0.0 {
        table
    } else {
        let shares = entries
            .iter()
            .map(|entry| Cell::Words(small_percent(entry.relevance / f)));
        table.with("of f(x)", shares)
    })
}

/// What every layer lost, a cause an entry, and absorbed.
fn withheld<N: Amount>(sample: &Sample<N>) -> Vec<Entry> {
    let mut lost: Vec<(usize, &str, usize, f64)> = Vec::new();
    for one in &sample.lost {
        let relevance = one.relevance.decimal();
        let same = |(layer, cause, ..): &&mut (usize, &str, usize, f64)| {
            *layer == one.layer && *cause == one.cause
        };
        match lost.iter_mut().find(same) {
            Some((_, _, units, sum)) => {
                *units += 1;
                *sum += relevance;
            }
            None => lost.push((one.layer, &one.cause, 1, relevance)),
        }
    }
    let lost = lost
        .into_iter()
        .map(|(layer, cause, units, relevance)| Entry {
            layer,
            what: format!("lost in {}: {cause}", count(units, "unit")),
            relevance,
        });
    let more = sample.lost_more.iter().map(|more| Entry {
        layer: more.layer,
        what: format!("lost in {}", count(more.units, "more unit")),
        relevance: more.relevance.decimal(),
    });
    let absorbed = sample.absorbed.iter().map(|part| Entry {
        layer: part.layer,
        what: match part.by {
            Absorber::Bias => "absorbed by biases".to_owned(),
            Absorber::Epsilon => "absorbed by ε".to_owned(),
        },
        relevance: part.relevance.decimal(),
    });
    lost.chain(more).chain(absorbed).collect()
}
