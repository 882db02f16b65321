//! One self-contained page of HTML: nothing is fetched, and whatever comes from a file stays text.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html as markup};
use sha2::{Digest, Sha256};

use super::document::{Block, Document, Drawing, Picture, Section, Verdict};
use super::drawings;
use super::table::{Cell, Cells, Table, legend};
use crate::printable::printable;
use crate::result::Origin;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// The content policy: nothing is fetched, and no script runs but the one of this program.
fn policy() -> String {
    let script = STANDARD.encode(Sha256::digest(SCRIPT));
    format!(
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{script}'"
    )
}

/// The page.
pub fn html(document: &Document) -> String {
    let several = document.sections.len() > 1;
    let page = markup! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="color-scheme" content="light dark";
                title { (document.title) " – deeptaylor" }
                style { (PreEscaped(drawings::STYLE)) (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#content" { "To the content" }
                header { p.brand { "deeptaylor" } h1 { (document.title) } }
                @if several {
                    nav aria-label="Results" {
                        ol { @for (n, section) in document.sections.iter().enumerate() {
                            li { a href={ "#result-" (n + 1) } { (section.title) } }
                        } }
                    }
                }
                main id="content" {
                    @for (n, section) in document.sections.iter().enumerate() {
                        (self::section(section, n, several))
                    }
                }
                footer { p {
                    "Relevance by deep Taylor decomposition: Montavon, Bach, Binder, Samek and Müller, "
                    cite { "Explaining NonLinear Classification Decisions with Deep Taylor Decomposition" }
                    " (2015, arXiv 1512.02479)."
                } }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string() + "\n"
}

fn section(section: &Section, n: usize, several: bool) -> Markup {
    markup! {
        section id={ "result-" (n + 1) } aria-label={ "Result " (n + 1) } {
            @if several { h2 { (n + 1) ". " (section.title) } }
            @if !section.lead.is_empty() { p { (section.lead) } }
            (blocks(&section.blocks, if several { 3 } else { 2 }))
            @if let Some(origin) = &section.origin { (made_by(origin)) }
        }
    }
}

/// Blocks in their order; properties that stand together become one list.
fn blocks(blocks: &[Block], level: usize) -> Markup {
    let together = blocks.chunk_by(|a, b| matches!((a, b), (Block::Verdict(_), Block::Verdict(_))));
    markup! {
        @for run in together {
            @match run {
                [Block::Verdict(_), ..] => ul.verdicts { @for block in run { (self::block(block, level)) } },
                _ => @for block in run { (self::block(block, level)) },
            }
        }
    }
}

fn block(block: &Block, level: usize) -> Markup {
    match block {
        Block::Heading(text) => heading(text, level),
        Block::Subheading(text) => heading(text, level + 1),
        Block::Text(text) => markup! { p { (text) } },
        Block::Quiet(text) => markup! { p.quiet { (text) } },
        Block::Legend(titles, marks) => {
            markup! { p.quiet { (legend(titles, |title| &title.long)) (marks) } }
        }
        Block::Part(blocks) | Block::OnPage(blocks) => self::blocks(blocks, level),
        Block::InText(_) => markup! {},
        Block::More(title, blocks) => {
            markup! { details { summary { (title) } (self::blocks(blocks, level)) } }
        }
        Block::Down(steps) => markup! { p.quiet { "↓ " (steps.join("; ")) } },
        Block::Points(points) => markup! { ul { @for point in points { li { (point) } } } },
        Block::Verdict(verdict) => self::verdict(verdict),
        Block::Table(table) => self::table(table),
        Block::Folded(table) | Block::Inner(table) => {
            markup! { details { summary { @for part in &table.caption() { (cell(part)) } } (self::table(table)) } }
        }
        Block::Picture(picture) => self::picture(picture),
        Block::Strips(strips) => picture(&Picture {
            drawing: Drawing::Vector(drawings::strips(strips)),
            caption: format!(
                "{}: {}. The line spans all seeds, the bar their middle half, the stroke is the median.",
                strips.title, strips.legend
            ),
        }),
        Block::Steps(steps) => self::steps(steps, level),
    }
}

fn heading(text: &str, level: usize) -> Markup {
    match level {
        2 => markup! { h2 { (text) } },
        3 => markup! { h3 { (text) } },
        _ => markup! { h4 { (text) } },
    }
}

fn verdict(verdict: &Verdict) -> Markup {
    markup! {
        li.verdict.fails[verdict.holds == Some(false)] {
            strong { (verdict.property) @if !verdict.word.is_empty() { " " span.word { (verdict.word) } } } " "
            @for cell in &verdict.figures { (self::cell(cell)) " " }
        }
    }
}

fn cell(cell: &Cell) -> Markup {
    match cell {
        Cell::Words(text) | Cell::Name(text) | Cell::Prose(text) => markup! { (text) },
        Cell::Number(x, shown) => markup! { data value=(x) { (shown) } },
        Cell::Nothing => markup! { "–" },
    }
}

/// A table in a frame of its own, so that a wide one can be moved under a narrow page.
fn table(table: &Table) -> Markup {
    let caption = table.caption();
    let label: String = caption.iter().map(Cell::text).collect();
    let kinds: Vec<Option<&str>> = (table.columns.iter())
        .map(|column| column.are_numbers().then_some("number"))
        .collect();
    let legend = |column: &Cells| Some(column.title.legend.clone()).filter(|text| !text.is_empty());
    markup! {
        div.scroll role="group" aria-label=(label) tabindex="0" {
            table {
                caption { @for part in &caption { (cell(part)) } }
                thead { tr { @for (column, kind) in table.columns.iter().zip(&kinds) {
                    th scope="col" class=[kind] title=[legend(column)] { (column.title.long) }
                } } }
                tbody { @for row in 0..table.rows() {
                    @for (_, group) in table.groups.iter().filter(|(first, _)| *first == row) {
                        tr { th.over scope="rowgroup" colspan=(table.columns.len()) { (group) } }
                    }
                    tr { @for (n, (column, kind)) in table.columns.iter().zip(&kinds).enumerate() {
                        @if n == 0 { th scope="row" { (cell(&column.rows[row])) } }
                        @else { td class=[kind] { (cell(&column.rows[row])) } }
                    } }
                } }
            }
        }
        @if let Some(rest) = &table.rest { p.quiet { (rest) } }
    }
}

fn picture(picture: &Picture) -> Markup {
    markup! {
        figure {
            @match &picture.drawing {
                Drawing::Vector(svg) => (svg),
                Drawing::Images(images) => (drawings::images(images)),
                Drawing::Contact(contact) => (drawings::contact(contact)),
            }
            figcaption {
                (picture.caption)
                @if matches!(picture.drawing, Drawing::Vector(_)) {
                    span.told { "Point at a part to read its amount, or use Tab and the arrow keys." }
                }
            }
        }
    }
}

/// Every step one below the other; the script hides all but one and brings the slider.
fn steps(steps: &[(String, Vec<Block>)], level: usize) -> Markup {
    let last = steps.len().saturating_sub(1);
    markup! {
        div.steps {
            p.slider hidden {
                label { "Step " input type="range" min="0" max=(last) value=(last) step="1"; }
                " " output { }
            }
            @for (label, content) in steps {
                div.step data-label=(label) { p.label { (label) } (blocks(content, level)) }
            }
        }
    }
}

fn made_by(origin: &Origin) -> Markup {
    markup! {
        dl.origin {
            dt { "made by" } dd { (printable(&origin.program)) " " (printable(&origin.version)) }
            dt { "command" } dd { code { (printable(&origin.command)) } }
            @for file in &origin.files {
                dt { (origin.role(file)) } dd { (printable(&file.name)) }
                dt { "SHA-256" } dd { code { (printable(&file.sha256)) } }
            }
        }
    }
}
