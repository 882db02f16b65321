//! Samples at a glance: a card a row of their table, with small pictures, that leads to where the sample is told in full.

use maud::{Markup, html};

use super::table::{cell, table};
use crate::render::document::{Gallery, Thumbnail};
use crate::render::drawings;
use crate::render::gallery::WRONG;
use crate::render::table::{Cell, Cells, Table};

/// Where a sample is told in full.
pub(super) fn anchor(result: usize, row: usize) -> String {
    format!("result-{result}-sample-{row}")
}

/// A card a sample, as many as there are pictures, and all of them in a table that is opened where it is wanted.
pub(super) fn gallery(gallery: &Gallery, result: usize, number: usize) -> Markup {
    let widest = gallery
        .thumbnails
        .iter()
        .map(pictures)
        .max()
        .unwrap_or(0)
        .max(2);
    html! {
        p.quiet { (gallery.caption) }
        ol.gallery style={ "--thumbnails:" (widest) } { @for (row, thumbnail) in gallery.thumbnails.iter().enumerate() {
            li.wrong[gallery.table.columns.iter().any(|column| is_wrong(column, row))] { @match gallery.sample_details.get(row).copied().flatten() {
                Some(sample_detail) => a href={ "#" (anchor(result, sample_detail)) } { (card(&gallery.table, row, thumbnail)) },
                None => div { (card(&gallery.table, row, thumbnail)) },
            } }
        } }
        details { summary { "all of them in a table" } (table(&gallery.table, number)) }
    }
}

/// How many pictures there are of a sample.
fn pictures(thumbnail: &Thumbnail) -> usize {
    match thumbnail {
        Thumbnail::Images(images) => images.len(),
        Thumbnail::Bars(strips) => strips.len(),
        Thumbnail::Nothing => 0,
    }
}

/// The cells of a row below its pictures, the first of them its name, each behind the title of its column.
fn card(table: &Table, row: usize, thumbnail: &Thumbnail) -> Markup {
    let mut columns = table.columns.iter();
    let name = columns.next();
    html! {
        @if let Some(name) = name { strong { (name.title.long) " " (cell(&name.rows[row])) } }
        span.thumbnails { @match thumbnail {
            Thumbnail::Images(images) => { @for image in images { (labelled(&drawings::thumbnail(image), &drawings::label(image))) } },
            Thumbnail::Bars(strips) => { @for (rule, values) in strips { (labelled(&drawings::bars(values), &html! { (rule) })) } },
            Thumbnail::Nothing => {},
        } }
        @for column in columns.clone() { (fact(column, row)) }
        @if columns.clone().any(|column| is_check(column, row)) && columns.clone().all(|column| !is_check(column, row) || holds(column, row)) {
            span.fact.holds { "✓ the checks hold" }
        }
    }
}

fn labelled(picture: &Markup, label: &Markup) -> Markup {
    html! { span.thumbnail { (picture) (label) } }
}

/// Whether a cell is the word of a check, and whether that says that it holds.
fn is_check(column: &Cells, row: usize) -> bool {
    ["holds", "FAILS", "not promised"].contains(&column.rows[row].text())
}

fn holds(column: &Cells, row: usize) -> bool {
    column.rows[row].text() == "holds"
}

/// Whether a cell says that the answer of the network is not the label.
fn is_wrong(column: &Cells, row: usize) -> bool {
    column.title.long == WRONG && !matches!(column.rows[row], Cell::Nothing)
}

/// A figure of a sample; what holds is told in a word for all checks.
fn fact(column: &Cells, row: usize) -> Markup {
    let shown = &column.rows[row];
    let fails = shown.text() == "FAILS";
    let is_wrong = is_wrong(column, row);
    html! {
        @if !matches!(shown, Cell::Nothing) && !holds(column, row) {
            span.fact.fails[fails || is_wrong] {
                @if !is_wrong { span.quiet { (column.title.long) } " " }
                (cell(shown))
            }
        }
    }
}
