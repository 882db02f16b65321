//! The table of the messages of a layer: what its units hand to their inputs.

use super::document::Block;
use super::table::{Cell, DIGITS, Table};
use crate::measure::by_size;
use crate::result::column::{Column, Quantity};
use crate::result::{Messages, NetworkInfo};
use crate::words::count;

/// R_{i←j}
#[derive(Clone, Copy)]
struct Message {
    /// The unit j that hands on.
    from: usize,
    /// The unit i of the level below.
    to: usize,
    relevance: f64,
}

/// The largest messages, at most `most`, and how many others are not 0; none where they were left out.
fn largest(messages: &Messages, most: usize) -> Option<(Vec<Message>, usize)> {
    let each = messages.each()?.into_iter();
    let each = each.map(|(to, from, relevance)| Message {
        from,
        to,
        relevance,
    });
    let each: Vec<Message> = each.filter(|message| message.relevance != 0.0).collect();
    let order = by_size(each.len(), |n| each[n].relevance);
    let largest = order.into_iter().take(most).map(|n| each[n]);
    Some((largest.collect(), each.len().saturating_sub(most)))
}

/// The largest messages of a layer.
pub(super) fn messages(network: &NetworkInfo, step: &Messages, most: usize) -> Block {
    let number = count(step.number, "message");
    let Some((largest, rest)) = largest(step, most) else {
        let to = step
            .from
            .map_or_else(String::new, |below| format!(" to layer {below}"));
        return Block::Quiet(format!("{number} R_i←j{to}; --edges=all has them"));
    };
    let relevance: Column<Message> = Column::of_table("R_i←j", |message| {
        Some(Quantity::Number(message.relevance))
    });
    let (from, to) = (
        largest
            .iter()
            .map(|m| Cell::name(network.label(step.layer, m.from))),
        largest
            .iter()
            .map(|m| Cell::name(network.label(step.below(), m.to))),
    );
    let (way, towards) = match step.from {
        None => ("down".to_owned(), "to".to_owned()),
        Some(below) => (
            format!("down to layer {below}"),
            format!("to layer {below}"),
        ),
    };
    let mut table = Table::new(format!(
        "messages from layer {} {way}, of {number}",
        step.layer
    ))
    .with("from", from)
    .with(&towards, to)
    .aligned([&relevance], &largest, DIGITS);
    table.rest = (rest > 0).then(|| format!("and {}", count(rest, "smaller message")));
    Block::Inner(table)
}
