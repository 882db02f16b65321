//! The same content as Markdown, without pictures: for a pull request or a notebook.

use super::document::{Block, Document, SampleDetail, Section, Verdict};
use super::table::{Cell, Table, legend};
use crate::interpretation::names::StepDown;
use crate::printable::printable;
use crate::result::SourceFile;

/// The document as GitHub-flavoured Markdown.
pub fn markdown(document: &Document) -> String {
    let mut text = format!("# {}\n", escaped(&document.title));
    let several = document.sections.len() > 1;
    for section in &document.sections {
        if several {
            text += &format!("\n## {}\n", escaped(&section.title));
        }
        if !section.lead.is_empty() {
            text += &format!("\n{}\n", opening(&section.lead));
        }
        text += &blocks(&section.blocks, if several { 3 } else { 2 });
        text += &made_by(section);
    }
    text
}

fn blocks(blocks: &[Block], level: usize) -> String {
    let mut text = String::new();
    let mut after_verdict = false;
    for block in blocks {
        let is_verdict = matches!(block, Block::Verdict(_));
        let goes_on = is_verdict && after_verdict;
        if !goes_on && !is_left_out(block) {
            text.push('\n');
        }
        after_verdict = is_verdict;
        text += &self::block(block, level);
    }
    text
}

fn block(block: &Block, level: usize) -> String {
    match block {
        Block::Heading(title) => format!("{} {}\n", "#".repeat(level), escaped(title)),
        Block::Subheading(title) => format!("{} {}\n", "#".repeat(level + 1), escaped(title)),
        Block::Legend(titles, marks) => {
            let legend = legend(titles, |title| &title.long) + marks;
            format!("{}\n", opening(legend.trim_end()))
        }
        Block::More(_, blocks) | Block::Part(blocks) | Block::PageOnly(blocks) => {
            let text = self::blocks(blocks, level);
            text.trim_start_matches('\n').to_owned()
        }
        Block::Down(steps) => {
            let steps: Vec<String> = steps.iter().map(StepDown::text).collect();
            format!("↓ {}\n", escaped(&steps.join("; ")))
        }
        Block::Text(words) | Block::Quiet(words) => format!("{}\n", opening(words)),
        Block::Points(points) => {
            let points = points.iter().map(|point| format!("- {}\n", opening(point)));
            points.collect()
        }
        Block::Verdict(verdict) => self::verdict(verdict),
        Block::Table(table) | Block::Folded(table) | Block::Inner(table) => self::table(table),
        Block::SampleDetail(sample) => sample_detail(sample, level),
        Block::Gallery(gallery) => table(&gallery.table),
        Block::Picture(_) | Block::Maps(_) | Block::Strips(_) | Block::InText(_) => String::new(),
        Block::Steps(steps) => self::steps(steps, level),
    }
}

/// A property, its word strong where it fails, with its figures.
fn verdict(verdict: &Verdict) -> String {
    let mark = if verdict.holds == Some(false) {
        "**"
    } else {
        ""
    };
    let space = if verdict.word.is_empty() { "" } else { " " };
    let figures: Vec<String> = verdict.figures.iter().map(cell).collect();
    let colon = if figures.is_empty() { "" } else { ": " };
    format!(
        "- {}{space}{mark}{}{mark}{colon}{}\n",
        verdict.property,
        verdict.word,
        figures.join(" ")
    )
}

/// Every step that has anything to say in a text.
fn steps(steps: &[(String, Vec<Block>)], level: usize) -> String {
    let step = |(label, content): &(String, Vec<Block>)| {
        let content = blocks(content, level + 1);
        let is_empty = content.trim().is_empty();
        (!is_empty).then(|| format!("**{}**\n{content}\n", escaped(label)))
    };
    steps.iter().filter_map(step).collect()
}

/// What there is no room for in a text, and what begins its own paragraphs.
const fn is_left_out(block: &Block) -> bool {
    matches!(
        block,
        Block::Picture(_)
            | Block::Maps(_)
            | Block::Strips(_)
            | Block::SampleDetail(_)
            | Block::InText(_)
    )
}

/// A sample from its conclusion on.
fn sample_detail(sample: &SampleDetail, level: usize) -> String {
    let heading = Block::Heading(sample.heading.clone());
    let sentences = (!sample.sentences.is_empty()).then(|| Block::Points(sample.sentences.clone()));
    let conclusion: Vec<Block> = sample.checks.iter().cloned().chain(sentences).collect();
    let parts = [
        &[heading],
        &sample.remarks[..],
        &conclusion,
        &sample.tables,
        &sample.levels,
    ];
    parts.map(|part| blocks(part, level)).concat()
}

fn table(table: &Table) -> String {
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let columns = || table.columns.iter();
    let caption: String = table.caption().iter().map(Cell::text).collect();
    let mut text = format!("{}\n\n", opening(&caption));
    text += &row(columns()
        .map(|column| escaped(&column.title.long))
        .collect());
    let rule = |numbers| if numbers { "---:" } else { "---" };
    text += &row(columns()
        .map(|column| rule(column.are_numbers()).to_owned())
        .collect());
    for n in 0..table.rows() {
        if let Some((_, group)) = table.groups.iter().find(|(first, _)| *first == n) {
            let mut cells = vec![String::new(); table.columns.len()];
            cells[0] = escaped(group);
            text += &row(cells);
        }
        text += &row(columns().map(|column| cell(&column.rows[n])).collect());
    }
    for said in &table.said {
        text += &format!("\n{}\n", opening(said));
    }
    if let Some(rest) = &table.rest {
        text += &format!("\n{}\n", opening(rest));
    }
    text
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Words(text) | Cell::Name(text) | Cell::Prose(text) => escaped(text),
        Cell::Number(_, shown) => shown.clone(),
        Cell::Nothing => "–".to_owned(),
    }
}

fn made_by(section: &Section) -> String {
    let Some(origin) = &section.origin else {
        return String::new();
    };
    let file = |file: &SourceFile| {
        format!(
            "; {} {}, SHA-256 {}",
            origin.role(file),
            escaped(&file.name),
            escaped(&file.sha256)
        )
    };
    let file: String = origin.files.iter().map(file).collect();
    format!(
        "\nMade by {} {}: {}{file}\n",
        escaped(&origin.program),
        escaped(&origin.version),
        escaped(&origin.command)
    )
}

/// Nothing, in HTML: behind it no site's own marks (a person's name, an issue's number) go on.
const APART: &str = "<!-- -->";

/// Text that Markdown, and the HTML within it, shows as it stands.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let printable = printable(text);
    let mut letters = printable.chars().peekable();
    let mut before = ' ';
    while let Some(c) = letters.next() {
        let next = letters.peek();
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' | '$' => {
                safe.push('\\');
                safe.push(c);
            }
            // Addresses become links by themselves: http://…, www.…
            ':' if next == Some(&'/') => safe.push_str("\\:"),
            '.' if before.eq_ignore_ascii_case(&'w') => safe.push_str("\\."),
            c => safe.push(c),
        }
        if c == '@' || c == '#' && next.is_some_and(char::is_ascii_digit) {
            safe.push_str(APART);
        }
        before = c;
    }
    safe
}

/// The same at the beginning of a line, where no list, rule, heading or code may begin.
fn opening(text: &str) -> String {
    let safe = escaped(text);
    let digits = safe.bytes().take_while(u8::is_ascii_digit).count();
    match safe.as_bytes().get(digits) {
        Some(b' ') if digits == 0 => format!("&#32;{}", &safe[1..]),
        Some(b'-' | b'+' | b'=') if digits == 0 => format!("\\{safe}"),
        Some(b'.' | b')') if digits > 0 => {
            format!("{}\\{}", &safe[..digits], &safe[digits..])
        }
        _ => safe,
    }
}

#[cfg(test)]
mod tests {
    use super::{escaped, opening};

    #[test]
    fn text_from_files_can_start_neither_markup_nor_a_cell() {
        assert_eq!(
            escaped("<script>|*a*_b_[c](d)`e`\n#@$"),
            "&lt;script&gt;\\|\\*a\\*\\_b\\_\\[c\\](d)\\`e\\`·\\#@<!-- -->\\$"
        );
    }

    #[test]
    fn addresses_people_and_issues_are_no_links() {
        for (text, safe) in [
            ("see http://a.b/c", "see http\\://a.b/c"),
            ("www.a.b", "www\\.a.b"),
            ("WWW.a.b", "WWW\\.a.b"),
            ("ftp://a", "ftp\\://a"),
            ("a@b.c", "a@<!-- -->b.c"),
            ("#12", "\\#<!-- -->12"),
            ("a: b/c", "a: b/c"),
        ] {
            assert_eq!(escaped(text), safe);
        }
    }

    #[test]
    fn a_line_begins_with_neither_a_list_nor_a_rule_nor_code() {
        for (text, safe) in [
            ("1. item", "1\\. item"),
            ("12) item", "12\\) item"),
            ("- item", "\\- item"),
            ("+ item", "\\+ item"),
            ("---", "\\---"),
            ("===", "\\==="),
            ("    code", "&#32;   code"),
            ("1.5 of 3", "1\\.5 of 3"),
            ("12 of 3", "12 of 3"),
            ("", ""),
        ] {
            assert_eq!(opening(text), safe);
        }
    }
}
