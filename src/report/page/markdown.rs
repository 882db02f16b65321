//! The same content as Markdown, without pictures: for a pull request or a notebook.

use super::document::{Block, Cell, Document, Section, Table};
use crate::printable::printable;
use crate::report::SourceFile;

/// The document as GitHub-flavoured Markdown.
pub fn markdown(document: &Document) -> String {
    let mut text = format!("# {}\n", escaped(&document.title));
    let several = document.sections.len() > 1;
    for section in &document.sections {
        if several {
            text += &format!("\n## {}\n", escaped(&section.title));
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
        if !goes_on && !matches!(block, Block::Picture(_)) {
            text.push('\n');
        }
        after_verdict = is_verdict;
        match block {
            Block::Heading(title) => {
                text += &format!("{} {}\n", "#".repeat(level), escaped(title));
            }
            Block::Subheading(title) => {
                text += &format!("{} {}\n", "#".repeat(level + 1), escaped(title));
            }
            Block::Text(words) => text += &format!("{}\n", escaped(words)),
            Block::Points(points) => {
                for point in points {
                    text += &format!("- {}\n", escaped(point));
                }
            }
            Block::Verdict(verdict) => {
                let mark = if verdict.holds { "" } else { "**" };
                let figures: Vec<String> = verdict.figures.iter().map(cell).collect();
                text += &format!(
                    "- {} {mark}{}{mark}: {}\n",
                    verdict.property,
                    verdict.word,
                    figures.join(" ")
                );
            }
            Block::Table(table) | Block::Folded(table) => text += &self::table(table),
            Block::Picture(_) => {}
            Block::Steps(steps) => {
                for (label, content) in steps {
                    let content = self::blocks(content, level + 1);
                    if !content.trim().is_empty() {
                        text += &format!("**{}**\n{content}\n", escaped(label));
                    }
                }
            }
        }
    }
    text
}

fn table(table: &Table) -> String {
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut text = format!("{}\n\n", escaped(&table.caption));
    text += &row(table.columns.iter().map(|title| escaped(title)).collect());
    let rule = |column| {
        if table.has_numbers(column) {
            "---:"
        } else {
            "---"
        }
    };
    text += &row((0..table.columns.len())
        .map(rule)
        .map(str::to_owned)
        .collect());
    for cells in &table.rows {
        text += &row(cells.iter().map(cell).collect());
    }
    text
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Words(text) => escaped(text),
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
            "; {}, SHA-256 {}",
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

/// Text that Markdown, and the HTML within it, shows as it stands.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in printable(text).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '@' => safe.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' | '$' => {
                safe.push('\\');
                safe.push(c);
            }
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn text_from_files_can_start_neither_markup_nor_a_cell() {
        assert_eq!(
            escaped("<script>|*a*_b_[c](d)`e`\n#@$"),
            "&lt;script&gt;\\|\\*a\\*\\_b\\_\\[c\\](d)\\`e\\`·\\#&#64;\\$"
        );
    }
}
