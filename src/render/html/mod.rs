//! One self-contained page of HTML: nothing is fetched, and whatever comes from a file stays text.

mod gallery;
mod mathml;
mod points;
mod table;

use std::cell::Cell as Count;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html as markup};
use sha2::{Digest, Sha256};

use self::gallery::gallery;
use self::mathml::formula;
use self::table::{cell, table};
use crate::interpretation::names::StepDown;
use crate::printable::printable;
use crate::render::document::{Block, Document, Drawing, Picture, SampleDetail, Section, Verdict};
use crate::render::drawings;
use crate::result::Origin;

const STYLE: &str = include_str!("../style.css");
const SCRIPT: &str = include_str!("../script.js");

/// The content policy: nothing is fetched, and no script runs but the one of this program.
fn policy() -> String {
    let script = STANDARD.encode(Sha256::digest(SCRIPT));
    format!(
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{script}'"
    )
}

/// How to read any drawing of a page.
const HINT: &str =
    "Point at a part of a drawing to read its amount, or use Tab and the arrow keys.";

/// A page as it is written: what its figures and tables are numbered up to.
#[derive(Default)]
struct Page {
    /// The number of the result.
    result: Count<usize>,
    figures: Count<usize>,
    tables: Count<usize>,
    /// Whether a figure has parts that can be pointed at.
    has_drawings: Count<bool>,
}

/// The number that comes next.
fn next(count: &Count<usize>) -> usize {
    count.set(count.get() + 1);
    count.get()
}

/// The page.
pub fn html(document: &Document) -> String {
    let several = document.sections.len() > 1;
    let page = Page::default();
    let sections = 0..document.sections.len();
    let sections: Vec<Markup> = sections
        .map(|n| page.section(&document.sections, n))
        .collect();
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
                header {
                    p.brand { "deeptaylor" }
                    h1 { (document.title) }
                    @if page.has_drawings.get() { p.hint { (HINT) } }
                }
                @if several {
                    nav aria-label="Results" {
                        ol { @for (n, section) in document.sections.iter().enumerate() {
                            li { a href={ "#result-" (n + 1) } { (section.title) } }
                        } }
                    }
                }
                main id="content" {
                    @for section in &sections { (section) }
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

impl Page {
    fn section(&self, sections: &[Section], n: usize) -> Markup {
        let (section, several) = (&sections[n], sections.len() > 1);
        // What made several sections is said once, below the last of them.
        let goes_on = sections
            .get(n + 1)
            .is_some_and(|next| next.origin == section.origin);
        self.result.set(n + 1);
        markup! {
            section id={ "result-" (n + 1) } aria-label={ "Result " (n + 1) } {
                @if several { h2 { (n + 1) ". " (section.title) } }
                @if !section.lead.is_empty() { p { (section.lead) } }
                (self.all(&section.blocks, if several { 3 } else { 2 }))
                @if let (false, Some(origin)) = (goes_on, &section.origin) { (made_by(origin)) }
            }
        }
    }

    /// Blocks in their order: properties that stand together become one list, tables and figures a grid.
    fn blocks(&self, blocks: &[&Block], level: usize) -> Markup {
        let together = blocks.chunk_by(|a, b| match (a, b) {
            (Block::Verdict(_), Block::Verdict(_)) => true,
            (a, b) => goes_on_a_card(a) && goes_on_a_card(b),
        });
        markup! {
            @for run in together {
                @match run {
                    [Block::Verdict(_), ..] => (verdicts(run)),
                    _ if run.iter().any(|block| begins_a_card(block)) => (self.cards(run, level)),
                    _ => @for block in run { (self.block(block, level)) },
                }
            }
        }
    }

    fn all(&self, blocks: &[Block], level: usize) -> Markup {
        self.blocks(&blocks.iter().collect::<Vec<_>>(), level)
    }

    /// Tables and figures beside each other, each with what belongs to it.
    fn cards(&self, run: &[&Block], level: usize) -> Markup {
        let first = run.iter().position(|block| begins_a_card(block));
        let (before, run) = run.split_at(first.unwrap_or(run.len()));
        markup! {
            @for block in before { (self.block(block, level)) }
            div.cards.figures[is_of_figures(run)] { (self.each_card(run, level)) }
        }
    }

    fn each_card(&self, run: &[&Block], level: usize) -> Markup {
        let cards = run.chunk_by(|_, next| !begins_a_card(next));
        markup! {
            @for card in cards {
                div class={ "card of-" (room(card[0])) } { @for block in card { (self.block(block, level)) } }
            }
        }
    }

    fn block(&self, block: &Block, level: usize) -> Markup {
        match block {
            Block::Heading(text) => heading(text, level),
            Block::Subheading(text) => heading(text, level + 1),
            Block::Text(text) => markup! { p { (text) } },
            Block::Quiet(text) => markup! { p.quiet { (text) } },
            Block::Legend(titles, marks) => {
                table::legend(titles, marks)
            }
            Block::Part(blocks) | Block::PageOnly(blocks) => self.all(blocks, level),
            Block::InText(_) => markup! {},
            Block::More(title, blocks) => markup! {
                details { summary { (title) } (self.all(blocks, level)) }
            },
            Block::Down(steps) => down(steps),
            Block::Points(points) => self::points(points),
            Block::Verdict(verdict) => self::verdict(verdict),
            Block::Table(table) => self::table(table, next(&self.tables)),
            Block::Folded(table) | Block::Inner(table) => markup! {
                details {
                    summary { @for part in &table.caption() { (cell(part)) } }
                    (self::table(table, next(&self.tables)))
                }
            },
            Block::Picture(picture) | Block::Maps(picture) => self.picture(picture),
            Block::Strips(strips) => self.picture(&Picture {
                drawing: Drawing::Vector(drawings::strips(strips)),
                caption: format!(
                    "{}: {}. The line spans all seeds, the bar their middle half, the stroke is the median.",
                    strips.title, strips.legend
                ),
            }),
            Block::Steps(steps) => self.steps(steps, level),
            Block::SampleDetail(sample) => self.sample_detail(sample, level),
            Block::Gallery(gallery) => self::gallery(gallery, self.result.get(), next(&self.tables)),
        }
    }

    /// A sample from its conclusion on: what holds and what it means, then its figures, then the levels. One of several is opened
    /// where it is wanted.
    fn sample_detail(&self, sample: &SampleDetail, level: usize) -> Markup {
        let parts = [&sample.tables, &sample.pictures, &sample.levels];
        let parts: Vec<&Block> = parts.into_iter().flatten().collect();
        let checks = markup! {
            @if !sample.checks.is_empty() { (verdicts(&sample.checks.iter().collect::<Vec<_>>())) }
        };
        let sentences = markup! {
            @if !sample.sentences.is_empty() { div.sentences { (points(&sample.sentences)) } }
        };
        let told = markup! {
            @for remark in &sample.remarks { (self.block(remark, level)) }
            @if is_small(&parts) {
                // The sentences stand beside the drawing, and the tables below both.
                (checks)
                div.cards { div.card.of-2 { (sentences) } (self.each_card(&drawing_first(&parts), level)) }
            } @else {
                div.conclusion { (checks) (sentences) }
                (self.blocks(&parts, level))
            }
        };
        match sample.row {
            None => markup! { (heading(&sample.heading, level)) (told) },
            Some(row) => markup! {
                details.sample id=(gallery::anchor(self.result.get(), row)) {
                    summary { (heading(&sample.heading, level)) }
                    (told)
                }
            },
        }
    }

    fn picture(&self, picture: &Picture) -> Markup {
        let is_vector = matches!(picture.drawing, Drawing::Vector(_));
        if is_vector {
            self.has_drawings.set(true);
        }
        markup! {
            figure {
                @match &picture.drawing {
                    Drawing::Vector(svg) => (svg),
                    Drawing::Images(images) => (drawings::images(images)),
                    Drawing::Contact(contact) => (drawings::contact(contact)),
                }
                @if is_vector { p.told aria-live="polite" {} }
                figcaption { b { "Figure " (next(&self.figures)) "." } " " (picture.caption) }
            }
        }
    }

    /// Every step one below the other, its figures and tables numbered as those of the others, for one step is seen at a time; the script hides all but one and brings the slider.
    fn steps(&self, steps: &[(String, Vec<Block>)], level: usize) -> Markup {
        let last = steps.len().saturating_sub(1);
        let counts = [&self.figures, &self.tables].map(|count| (count, count.get()));
        markup! {
            div.steps {
                p.slider hidden {
                    label { "Step " input type="range" min="0" max=(last) value=(last) step="1"; }
                    " " output { }
                }
                @for (label, content) in steps {
                    @let () = counts.iter().for_each(|(count, before)| count.set(*before));
                    div.step data-label=(label) {
                        p.label { (label) }
                        (self.all(content, level))
                    }
                }
            }
        }
    }
}

/// Whether a card begins with it.
fn begins_a_card(block: &Block) -> bool {
    matches!(
        block,
        Block::Table(_) | Block::Picture(_) | Block::Strips(_)
    )
}

/// Whether it stands on a card, its first or behind.
fn goes_on_a_card(block: &Block) -> bool {
    begins_a_card(block)
        || matches!(
            block,
            Block::Inner(_) | Block::Folded(_) | Block::Down(_) | Block::Quiet(_) | Block::Maps(_)
        )
}

/// Whether there is nothing but figures.
fn is_of_figures(run: &[&Block]) -> bool {
    !run.iter().any(|block| matches!(block, Block::Table(_)))
}

/// The same, with the drawing before what stood before it.
fn drawing_first<'b>(parts: &[&'b Block]) -> Vec<&'b Block> {
    let mut parts = parts.to_vec();
    parts.sort_by_key(|block| !matches!(block, Block::Picture(_)));
    parts
}

/// Whether there is one drawing, and tables so short that each is no higher than it.
fn is_small(parts: &[&Block]) -> bool {
    const ROWS: usize = 8;
    let is_short = |block: &&Block| match block {
        Block::Table(table) => table.rows() <= ROWS,
        block => !matches!(block, Block::Maps(_)),
    };
    let mut pictures = parts
        .iter()
        .filter(|block| matches!(block, Block::Picture(_)));
    parts.iter().all(is_short)
        && matches!(
            (pictures.next(), pictures.next()),
            (
                Some(Block::Picture(Picture {
                    drawing: Drawing::Vector(_),
                    ..
                })),
                None
            )
        )
}

/// How many of the six columns of the page a card takes that begins with it.
fn room(block: &Block) -> usize {
    match block {
        Block::Table(table) => table::room(table),
        Block::Picture(picture) => match &picture.drawing {
            Drawing::Vector(vector) if !vector.beside => 4,
            Drawing::Images(images) if images.large => 2,
            Drawing::Contact(_) | Drawing::Images(_) => 6,
            Drawing::Vector(_) => 2,
        },
        Block::Strips(_) => 4,
        _ => 2,
    }
}

fn heading(text: &str, level: usize) -> Markup {
    match level {
        2 => markup! { h2 { (text) } },
        3 => markup! { h3 { (text) } },
        _ => markup! { h4 { (text) } },
    }
}

fn points(points: &[String]) -> Markup {
    markup! { ul.points { @for point in points { li { (with_names(point)) } } } }
}

/// A sentence, its names as names: they stand between backticks.
fn with_names(sentence: &str) -> Markup {
    markup! {
        @for (n, part) in sentence.split('`').enumerate() {
            @if n % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// The rule by which relevance goes on, a line a step.
fn down(steps: &[StepDown]) -> Markup {
    markup! {
        @for (n, step) in steps.iter().enumerate() {
            p.down { @if n == 0 { "↓ " } (step.words) (formula(&step.formula)) }
        }
    }
}

fn verdicts(run: &[&Block]) -> Markup {
    markup! {
        ul.verdicts { @for block in run { @if let Block::Verdict(verdict) = block { (self::verdict(verdict)) } } }
    }
}

fn verdict(verdict: &Verdict) -> Markup {
    markup! {
        li.verdict.fails[verdict.holds == Some(false)].holds[verdict.holds == Some(true)] {
            strong { (verdict.property) @if !verdict.word.is_empty() { " " span.word { (verdict.word) } } } " "
            span.figures { @for cell in &verdict.figures { (self::cell(cell)) " " } }
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
