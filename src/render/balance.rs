//! The balance of a sample: where f(x) went, in all and by layer and cause.

use super::document::Block;
use super::table::{Cell, Table};
use crate::interpretation::value::Shown;
use crate::printable::printable;
use crate::result::{Amount, BalanceEntry, NetworkInfo, Sample, Went};
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
        .map(|(part, what)| format!(" {} {what}", signed(&part.shown())))
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

/// A part of a sum behind its sign: `+ 0.5`, `− 1/2 (0.5)`.
fn signed(shown: &str) -> String {
    match shown.strip_prefix('-') {
        Some(size) => format!("− {}", size.replacen("(-", "(", 1)),
        None => format!("+ {shown}"),
    }
}

/// What each layer withheld, by cause, with what reached the inputs; nothing where all did.
pub(super) fn entries<N: Amount>(network: &NetworkInfo, sample: &Sample<N>) -> Option<Table> {
    let entries = &sample.balance_entries;
    let what = |entry| Cell::prose(in_words(network, entry));
    let amounts = entries.iter().map(|entry| entry.relevance.decimal());
    let table = Table::new("the balance: f(x) is the sum of these")
        .with(
            "layer",
            entries.iter().map(|entry| Cell::count(entry.layer)),
        )
        .with("what", entries.iter().map(what))
        .with("relevance", amounts.map(Cell::number));
    let shares = entries
        .iter()
        .map(|entry| Cell::maybe(entry.share, Cell::share));
    let table = match entries.iter().any(|entry| entry.share.is_some()) {
        true => table.with("of f(x)", shares),
        false => table,
    };
    (!entries.is_empty()).then_some(table)
}

/// What became of a part of f(x), and in which layer, where that has a name.
fn in_words<N>(network: &NetworkInfo, entry: &BalanceEntry<N>) -> String {
    let of = match network.layers.get(entry.layer).map(|layer| &layer.name[..]) {
        None | Some("") => String::new(),
        Some(name) => format!(" of `{}`", printable(name)),
    };
    match (entry.went, &entry.cause) {
        (Went::ToInputs, _) => "Σ R of the inputs".to_owned(),
        (Went::AbsorbedByBias, _) => format!("absorbed by biases{of}"),
        (Went::AbsorbedByEpsilon, _) => format!("absorbed by ε{of}"),
        (Went::Lost, Some(cause)) => {
            format!(
                "lost in {}{of}: {cause}",
                count(entry.units.unwrap_or(0), "unit")
            )
        }
        (Went::Lost, None) => {
            format!(
                "lost in {}{of}",
                count(entry.units.unwrap_or(0), "more unit")
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::signed;

    #[test]
    fn what_is_below_0_is_taken_away() {
        for (shown, words) in [
            ("0.5", "+ 0.5"),
            ("-0.68", "− 0.68"),
            ("-1e-7", "− 1e-7"),
            ("-17/25 (-0.68)", "− 17/25 (0.68)"),
        ] {
            assert_eq!(signed(shown), words);
        }
    }
}
