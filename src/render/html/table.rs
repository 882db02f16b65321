//! Tables of a page: numbers on their points, bars as in a terminal, and rows that fold where there is little room.

use maud::{Markup, html};

use super::points::aligned;
use crate::measure::largest_size;
use crate::render::table::{Cell, Cells, Table};

/// A name of so many letters is never broken.
const WHOLE: usize = 24;
/// Tables of more columns stand alone in a row of the page, and fold under a narrow one.
const FEW: usize = 5;

/// A table in a frame of its own, so that one that stays too wide can be moved under a narrow page.
pub(super) fn table(table: &Table, number: usize) -> Markup {
    let caption = table.caption();
    let label: String = caption.iter().map(Cell::text).collect();
    let columns: Vec<Vec<Markup>> = table.columns.iter().map(cells).collect();
    let bars = bars(table);
    html! {
        div.scroll role="group" aria-label=(label) tabindex="0" {
            table.folds[is_wide(table)] {
                caption {
                    b { "Table " (number) "." } " "
                    @for part in &caption { (cell(part)) }
                    @if !table.told.is_empty() { span.told-of { " " (table.told) } }
                }
                thead { tr {
                    @for column in &table.columns { (title(column)) }
                    @if bars.is_some() { td.bar {} }
                } }
                tbody { @for row in 0..table.rows() {
                    @for (_, group) in table.groups.iter().filter(|(first, _)| *first == row) {
                        tr.over { th.over scope="rowgroup" colspan=(table.columns.len()) { (group) } }
                    }
                    tr {
                        @for (n, column) in table.columns.iter().enumerate() {
                            @let shown = &columns[n][row];
                            @if n == 0 { th scope="row" class=(class(column, row)) { (shown) } }
                            @else { td class=(class(column, row)) data-title=(column.title.long) { (shown) } }
                        }
                        @if let Some(bars) = &bars { td.bar aria-hidden="true" { (bars[row]) } }
                    }
                } }
            }
        }
        @if let Some(rest) = &table.rest { p.quiet { (rest) } }
    }
}

/// Whether a table takes a row of the page for itself.
pub(super) fn is_wide(table: &Table) -> bool {
    let prose = |column: &&Cells| {
        column
            .rows
            .iter()
            .any(|cell| matches!(cell, Cell::Prose(_)))
    };
    table.columns.len() + 2 * table.columns.iter().filter(prose).count() > FEW
}

/// Words and numbers where they stand in a line.
pub(super) fn cell(cell: &Cell) -> Markup {
    match cell {
        Cell::Words(text) | Cell::Name(text) | Cell::Prose(text) => html! { (text) },
        Cell::Number(x, shown) => html! { data value=(x) { (shown) } },
        Cell::Nothing => html! { "–" },
    }
}

fn cells(column: &Cells) -> Vec<Markup> {
    if column.are_numbers() {
        aligned(&column.rows)
    } else {
        column.rows.iter().map(cell).collect()
    }
}

fn title(column: &Cells) -> Markup {
    let title = &column.title;
    let legend = Some(&title.legend).filter(|text| !text.is_empty());
    let class = if column.are_numbers() { "number" } else { "" };
    html! { th scope="col" class={ (class) " " (breaks(&title.long)) } title=[legend] { (title.long) } }
}

/// Where a cell may be broken into lines, and on which side it stands.
fn class(column: &Cells, row: usize) -> &'static str {
    match &column.rows[row] {
        _ if column.are_numbers() => "number",
        Cell::Prose(_) => "prose",
        cell => breaks(cell.text()),
    }
}

/// A short word stays whole, hyphens and all; sentences break between words; only what is longer than a line may be anything.
fn breaks(text: &str) -> &'static str {
    let longest = text.split(' ').map(|word| word.chars().count()).max();
    match longest {
        Some(longest) if longest > WHOLE => "long",
        _ if text.contains(' ') => "",
        _ => "whole",
    }
}

/// A bar for each row, as long as its number is beside the largest.
fn bars(table: &Table) -> Option<Vec<Markup>> {
    let rows = &table.columns[table.bar?].rows;
    let sizes: Vec<f64> = rows.iter().map(Cell::value).collect();
    let largest = largest_size(&sizes);
    let bar = |&size: &f64| {
        let part = if largest == 0.0 {
            0.0
        } else {
            size.abs() / largest
        };
        html! { @if size != 0.0 { i.minus[size < 0.0] style={ "width:" (format!("{:.1}", 100.0 * part)) "%" } {} } }
    };
    Some(sizes.iter().map(bar).collect())
}
