//! Samples at a glance: a card a row of their table, with small pictures, that leads to where the sample is told in full.

use maud::{Markup, html};

use super::table::{cell, table};
use crate::render::document::{Gallery, Thumb};
use crate::render::drawings;
use crate::render::table::{Cell, Cells, Table};

/// Where a sample is told in full.
pub(super) fn anchor(result: usize, row: usize) -> String {
    format!("result-{result}-sample-{row}")
}

/// A card a sample; where there are more samples than pictures, all of them in a table that is opened where it is wanted.
pub(super) fn gallery(gallery: &Gallery, result: usize, number: usize) -> Markup {
    let rows = gallery.table.rows();
    html! {
        p.quiet { (gallery.caption) }
        ol.gallery { @for (row, thumb) in gallery.thumbs.iter().enumerate() {
            li { @match gallery.accounts.get(row).copied().flatten() {
                Some(account) => a href={ "#" (anchor(result, account)) } { (card(&gallery.table, row, thumb)) },
                None => div { (card(&gallery.table, row, thumb)) },
            } }
        } }
        @if gallery.thumbs.len() < rows {
            details { summary { "all of them in a table" } (table(&gallery.table, number)) }
        } @else if let Some(rest) = &gallery.table.rest { p.quiet { (rest) } }
    }
}

/// The cells of a row below its pictures, each behind the title of its column.
fn card(table: &Table, row: usize, thumb: &Thumb) -> Markup {
    html! {
        span.thumbs { @match thumb {
            Thumb::Images(images) => (drawings::thumbs(images)),
            Thumb::Bars(values) => (drawings::bars(values)),
            Thumb::Nothing => {},
        } }
        @for column in &table.columns { (fact(column, row)) }
    }
}

fn fact(column: &Cells, row: usize) -> Markup {
    let shown = &column.rows[row];
    let fails = shown.text() == "FAILS";
    html! {
        @if !matches!(shown, Cell::Nothing) {
            span.fact.fails[fails] { span.quiet { (column.title.long) } " " (cell(shown)) }
        }
    }
}
