//! A table of words, its columns side by side; the widest are broken into lines where it is wider than the terminal.

use anstyle::Style;
use textwrap::core::display_width;

use super::wrapped;

const TITLE: Style = Style::new().bold();
/// No column is made narrower.
const NARROWEST: usize = 8;

/// The rows, the first of which has the titles, within so many columns of the terminal.
pub fn table(rows: &[Vec<String>], width: usize) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widest = |n: usize| {
        let cells = rows.iter().filter_map(|row| row.get(n));
        cells.map(|cell| display_width(cell)).max().unwrap_or(0)
    };
    let mut widths: Vec<usize> = (0..columns).map(widest).collect();
    while widths.iter().sum::<usize>() + 2 * columns > width + 2 {
        match widths.iter_mut().rev().max_by_key(|width| **width) {
            Some(widest) if *widest > NARROWEST => *widest -= 1,
            _ => break,
        }
    }
    let mut text = String::new();
    for (n, row) in rows.iter().enumerate() {
        let cells: Vec<Vec<String>> = (row.iter().zip(&widths))
            .map(|(cell, &width)| wrapped(cell, width))
            .collect();
        let style = if n == 0 { TITLE } else { Style::new() };
        for line in 0..cells.iter().map(Vec::len).max().unwrap_or(0) {
            let mut shown = String::new();
            for (cell, width) in cells.iter().zip(&widths) {
                let piece = cell.get(line).map_or("", String::as_str);
                let space = width.saturating_sub(display_width(piece)) + 2;
                shown += &format!("{piece}{}", " ".repeat(space));
            }
            let shown = shown.trim_end();
            if !shown.is_empty() {
                text += &format!("{style}{shown}{style:#}\n");
            }
        }
    }
    text
}

/// What the columns of a result are, for the help: titles and legends.
pub fn columns<'c>(columns: impl Iterator<Item = (&'c str, &'c str)>) -> String {
    let mut text = "Columns:".to_owned();
    for (title, legend) in columns {
        let first = format!("  {title:<12}");
        let options = textwrap::Options::new(78)
            .initial_indent(&first)
            .subsequent_indent("              ");
        text += "\n";
        text += &textwrap::fill(legend, options);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn the_widest_column_is_broken_where_the_table_is_wider_than_the_terminal() {
        let rows = [
            ["name", "shows"],
            ["a", "which way a line runs through the picture"],
        ];
        let rows = rows.map(|row| row.map(str::to_owned).to_vec());
        let text = anstream::adapter::strip_str(&table(&rows, 30)).to_string();
        assert_eq!(
            text,
            "name  shows\na     which way a line runs\n      through the picture\n"
        );
    }
}
