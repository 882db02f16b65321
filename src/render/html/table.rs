//! Tables of a page: numbers on their points, bars as in a terminal, and rows that fold where there is little room.

use maud::{Markup, html};

use super::points::aligned;
use crate::measure::largest_size;
use crate::render::table::{Cell, Cells, Table, Title};

/// A name of so many letters is never broken.
const WHOLE: usize = 24;
/// What a letter takes in pixels, about.
const LETTER: usize = 9;
/// What the space behind a column takes, or a short bar.
const SPACE: usize = 12;
const BAR: usize = 40;
/// What fits under the narrowest page.
const NARROW: usize = 345;
/// What fits on a card of two columns of the page's six, of three, and of four.
const CARDS: [usize; 3] = [470, 690, 940];

/// A table in a frame of its own, so that one that stays too wide can be moved under a narrow page.
pub(super) fn table(table: &Table, number: usize) -> Markup {
    let caption = table.caption();
    let label: String = caption.iter().map(Cell::text).collect();
    let columns: Vec<Vec<Markup>> = table.columns.iter().map(cells).collect();
    let bars = bars(table);
    html! {
        div.scroll role="group" aria-label=(label) tabindex="0" {
            table class=[(width(table) > NARROW).then_some("folds")] {
                caption {
                    b { "Table " (number) ". " (table.title) }
                    @for part in &caption[1..] { (cell(part)) }
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
                            @if n == 0 { th scope="row" class=[class(column, row)] { (shown) } }
                            @else { td class=[class(column, row)] data-title=(column.title.long) { (shown) } }
                        }
                        @if let Some(bars) = &bars { td.bar aria-hidden="true" { (bars[row]) } }
                    }
                } }
            }
        }
        @for said in &table.said { p.quiet { (said) } }
        @if let Some(rest) = &table.rest { p.quiet { (rest) } }
    }
}

/// What columns are, a definition each, and the marks in them.
pub(super) fn legend(titles: &[Title], marks: &str) -> Markup {
    html! {
        dl.legend { @for title in titles {
            div { dt { (title.long) } dd { (title.legend) } }
        } }
        @if !marks.is_empty() { p.quiet { (marks) } }
    }
}

/// How many of the six columns of the page a table takes.
pub(super) fn room(table: &Table) -> usize {
    let fits = CARDS.iter().position(|&card| width(table) <= card);
    fits.map_or(6, |card| card + 2)
}

/// How wide a table is in pixels, about.
fn width(table: &Table) -> usize {
    let columns = table.columns.iter();
    let columns = columns.map(|column| letters(column) * LETTER + SPACE);
    columns.sum::<usize>() + table.bar.map_or(0, |_| BAR)
}

/// How many letters the widest cell of a column has; titles and sentences are broken between words.
fn letters(column: &Cells) -> usize {
    let cells = column.rows.iter().map(|cell| match cell {
        Cell::Prose(_) => 2 * WHOLE,
        cell => cell.text().chars().count().min(WHOLE),
    });
    let words = column
        .title
        .long
        .split(' ')
        .map(|word| word.chars().count());
    cells.chain(words).max().unwrap_or(0)
}

/// Words and numbers where they stand in a line.
pub(super) fn cell(cell: &Cell) -> Markup {
    match cell {
        Cell::Name(text) if text.contains(", ") => names(text),
        Cell::Words(text) | Cell::Name(text) | Cell::Prose(text) => html! { (text) },
        Cell::Number(x, shown) => html! { data value=(x) { (shown) } },
        Cell::Nothing => html! { "–" },
    }
}

/// Several names, broken between them only; a long one wherever it has to be.
fn names(text: &str) -> Markup {
    const LONGEST: usize = 16;
    html! {
        @for name in text.split_inclusive(' ') {
            @if name.len() <= LONGEST { span.whole { (name.trim_end()) } " " } @else { (name) }
        }
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
    let side = column.are_numbers().then_some("number");
    let classes: Vec<&str> = side.into_iter().chain(breaks(&title.long)).collect();
    let class = Some(classes.join(" ")).filter(|class| !class.is_empty());
    html! { th scope="col" class=[class] title=[legend] { (title.long) } }
}

/// Where a cell may be broken into lines, and on which side it stands.
fn class(column: &Cells, row: usize) -> Option<&'static str> {
    match &column.rows[row] {
        _ if column.are_numbers() => Some("number"),
        Cell::Prose(_) => Some("prose"),
        cell => breaks(cell.text()),
    }
}

/// A short word stays whole, hyphens and all; what is longer than a line may be broken anywhere, and other texts between words.
fn breaks(text: &str) -> Option<&'static str> {
    let longest = text.split(' ').map(|word| word.chars().count()).max();
    if longest > Some(WHOLE) {
        Some("long")
    } else {
        (!text.contains(' ')).then_some("whole")
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
