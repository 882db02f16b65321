//! Whether the relevance of a gradient method adds up, in the place of the properties and the balance of rules.

use super::document::{Block, Verdict};
use super::table::{Cell, Table};
use crate::interpretation::names::StepDown;
use crate::interpretation::numbers::{figure, verdict};
use crate::relevance::Completeness;
use crate::result::{AddsUp, Amount, GradientInfo, Sample};

/// What the method computes.
pub(super) fn formula(gradient: &GradientInfo) -> Block {
    Block::Down(vec![StepDown {
        words: format!("{}:  ", gradient.method),
        formula: gradient.formula.clone(),
    }])
}

/// Of one sample.
pub(super) fn line(completeness: &Completeness) -> Block {
    let Completeness {
        value,
        baseline,
        sum,
        gap,
        holds,
        promised,
        ..
    } = *completeness;
    let parts = format!(
        "|f(x) − f(x') − ΣR| = |{} − {} − {}| =",
        figure(value),
        signed(baseline),
        signed(sum)
    );
    found((holds, promised), parts, gap)
}

/// A number behind a minus sign.
fn signed(x: f64) -> String {
    if x < 0.0 {
        format!("({})", figure(x))
    } else {
        figure(x)
    }
}

/// Of all samples.
pub(super) fn total(all: &AddsUp) -> Block {
    let holds = all.not_complete.samples == 0;
    let largest = "largest |f(x) − f(x') − ΣR| of a sample:".to_owned();
    found((holds, all.promised), largest, all.worst_gap)
}

fn found((holds, promised): (bool, bool), what: String, gap: f64) -> Block {
    Block::Verdict(Verdict {
        property: "completeness",
        holds: (holds || promised).then_some(holds),
        word: verdict(holds, promised).to_owned(),
        figures: vec![Cell::Words(what), Cell::number(gap)],
    })
}

/// The columns of it in a table of samples.
pub(super) fn columns<N: Amount>(table: Table, samples: &[&Sample<N>]) -> Table {
    let each = |cell: fn(&Completeness) -> Cell| {
        let of =
            move |sample: &&Sample<N>| sample.completeness.as_ref().map_or(Cell::Nothing, cell);
        samples.iter().map(of)
    };
    table
        .with("f(x')", each(|it| Cell::number(it.baseline)))
        .with("ΣR", each(|it| Cell::number(it.sum)))
        .with("gap", each(|it| Cell::number(it.gap)))
        .with(
            "completeness",
            each(|it| Cell::words(verdict(it.holds, it.promised))),
        )
}
