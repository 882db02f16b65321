//! The tables of a result in LaTeX, for a paper: `booktabs` for the rules, `siunitx` for numbers aligned at their points, `amssymb` for the
//! marks of best and worst, `adjustbox` for what is wider than a line.

use super::document::{Block, Document};
use super::table::{Cell, Cells, Table};
use crate::printable::printable;

/// What stands above the tables.
const PREAMBLE: &str =
    "% Tables of deeptaylor. They need \\usepackage{adjustbox,amssymb,booktabs,siunitx}.\n";

/// The same where a name has letters beyond ASCII.
const LETTERS: &str =
    "% Some names have letters that LuaLaTeX and XeLaTeX set, with a font that has them.\n";

/// Every table of the document, each a `table` with a caption, and a label of its number; numbers of a column stand on their points.
pub fn latex(document: &Document) -> String {
    let mut tables = Tables::default();
    let several = document.sections.len() > 1;
    for section in &document.sections {
        tables.text += &format!("\n% {}\n", printable(&section.title));
        let of = if several { &section.title[..] } else { "" };
        tables.blocks(&section.blocks, &[of]);
    }
    let letters = if tables.text.is_ascii() { "" } else { LETTERS };
    [PREAMBLE, letters, &tables.text].concat()
}

/// The tables so far.
#[derive(Default)]
struct Tables {
    text: String,
    number: usize,
}

impl Tables {
    /// The tables among blocks; `of` is what they are of, where that goes without saying on a page: the result, the sample.
    fn blocks(&mut self, blocks: &[Block], of: &[&str]) {
        for block in blocks {
            match block {
                Block::Table(table) | Block::Folded(table) | Block::Inner(table) => {
                    self.table(table, of);
                }
                Block::Part(blocks) | Block::More(_, blocks) | Block::PageOnly(blocks) => {
                    self.blocks(blocks, of);
                }
                Block::Steps(steps) => {
                    for (label, blocks) in steps {
                        self.blocks(blocks, &[of, &[label]].concat());
                    }
                }
                Block::Gallery(gallery) => self.table(&gallery.table, of),
                Block::SampleDetail(sample_detail) => {
                    let of = match sample_detail.row {
                        Some(_) => [of, &[&sample_detail.heading]].concat(),
                        None => of.to_vec(),
                    };
                    self.blocks(&sample_detail.tables, &of);
                    self.blocks(&sample_detail.levels, &of);
                }
                _ => {}
            }
        }
    }

    fn table(&mut self, table: &Table, of: &[&str]) {
        self.number += 1;
        let caption: String = table.caption().iter().map(Cell::text).collect();
        let caption = of
            .iter()
            .copied()
            .filter(|of| !of.is_empty())
            .chain([&caption[..]]);
        let caption = caption.collect::<Vec<_>>().join("; ");
        self.text += &format!(
            "\n\\begin{{table}}\n  \\centering\n  \\caption{{{}}}\n  \\label{{tab:deeptaylor-{}}}\n  \
             \\begin{{adjustbox}}{{max width=\\linewidth}}\n{}  \\end{{adjustbox}}\n",
            escaped(&caption),
            self.number,
            tabular(table)
        );
        for said in table.said.iter().chain(&table.rest) {
            self.text += &format!("\n  {}\n", escaped(said));
        }
        self.text += "\\end{table}\n";
    }
}

/// The rows between their rules.
fn tabular(table: &Table) -> String {
    let specification: String = table.columns.iter().map(column).collect();
    let titles = table.columns.iter().map(|column| {
        let title = escaped(&column.title.long);
        // What is no number has to be told from one in a column of numbers.
        match format(column) {
            Some(_) => format!("{{{title}}}"),
            None => title,
        }
    });
    let mut text = format!(
        "  \\begin{{tabular}}{{{specification}}}\n    \\toprule\n    {} \\\\\n    \\midrule\n",
        titles.collect::<Vec<_>>().join(" & ")
    );
    for n in 0..table.rows() {
        for (_, group) in table.groups.iter().filter(|(first, _)| *first == n) {
            let columns = table.columns.len();
            text += &format!(
                "    \\multicolumn{{{columns}}}{{l}}{{{}}} \\\\\n",
                escaped(group)
            );
        }
        let cells = table.columns.iter().map(|column| cell(column, n));
        text += &format!("    {} \\\\\n", cells.collect::<Vec<_>>().join(" & "));
    }
    text + "    \\bottomrule\n  \\end{tabular}\n"
}

/// How a column is set: numbers on their points, other figures to the right, words to the left.
fn column(cells: &Cells) -> String {
    match format(cells) {
        Some(format) => format!("S[table-format={format}]"),
        None if cells.are_numbers() => "r".to_owned(),
        None => "l".to_owned(),
    }
}

/// The room that the numbers of a column need, as siunitx writes it: `-2.4`, or `1.3e-2` with two digits of an exponent; none
/// where one of them is more than a number.
fn format(cells: &Cells) -> Option<String> {
    let numbers = cells.rows.iter().filter_map(|cell| match cell {
        Cell::Number(_, shown) => Some(shown.as_str()),
        _ => None,
    });
    let (mut signs, mut digits) = ([""; 2], [0; 3]);
    let mut take = |n: usize, part: &str, sign: usize| {
        let bare = part.strip_prefix('-').unwrap_or(part);
        if bare.len() < part.len() {
            signs[sign] = "-";
        }
        digits[n] = digits[n].max(bare.len());
        bare.chars().all(|c| c.is_ascii_digit())
    };
    let mut any = false;
    for number in numbers {
        let (mantissa, exponent) = number.split_once('e').unwrap_or((number, ""));
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if !(take(0, whole, 0) && take(1, part, 0) && take(2, exponent, 1)) {
            return None;
        }
        any = true;
    }
    let [before, after, exponent] = digits;
    let exponent = match exponent {
        0 => String::new(),
        _ => format!("e{}{exponent}", signs[1]),
    };
    any.then(|| format!("{}{before}.{after}{exponent}", signs[0]))
}

fn cell(column: &Cells, row: usize) -> String {
    let cell = &column.rows[row];
    match (cell, format(column)) {
        (Cell::Number(_, shown), Some(_)) => shown.clone(),
        (cell, Some(_)) => format!("{{{}}}", escaped(cell.text())),
        (cell, None) => escaped(cell.text()),
    }
}

/// A text whose letters LaTeX takes for letters, and whose signs it sets as mathematics.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    let text = printable(text);
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        // A root point: x with a tilde over it, which is a character of its own.
        if letters.next_if_eq(&'\u{303}').is_some() {
            out += &format!("$\\tilde{{{c}}}$");
            continue;
        }
        match SIGNS.iter().find(|(sign, _)| *sign == c) {
            Some((_, set)) => out += set,
            None => out.push(c),
        }
    }
    out
}

/// Signs of the program's own texts, and those that mean something to LaTeX.
const SIGNS: [(char, &str); 49] = [
    ('\\', "\\textbackslash{}"),
    ('{', "\\{"),
    ('}', "\\}"),
    ('$', "\\$"),
    ('&', "\\&"),
    ('#', "\\#"),
    ('%', "\\%"),
    ('_', "\\_"),
    ('^', "\\textasciicircum{}"),
    ('~', "\\textasciitilde{}"),
    ('<', "$<$"),
    ('>', "$>$"),
    ('|', "$|$"),
    ('\u{a0}', "~"),
    ('−', "$-$"),
    ('Σ', "$\\Sigma$"),
    ('ε', "$\\varepsilon$"),
    ('γ', "$\\gamma$"),
    ('α', "$\\alpha$"),
    ('β', "$\\beta$"),
    ('σ', "$\\sigma$"),
    ('μ', "$\\mu$"),
    ('⌊', "$\\lfloor$"),
    ('⌋', "$\\rfloor$"),
    ('√', "$\\surd$"),
    ('≠', "$\\ne$"),
    ('∂', "$\\partial$"),
    ('≤', "$\\le$"),
    ('≥', "$\\ge$"),
    ('≈', "$\\approx$"),
    ('∞', "$\\infty$"),
    ('·', "$\\cdot$"),
    ('×', "$\\times$"),
    ('±', "$\\pm$"),
    ('½', "$\\frac12$"),
    ('→', "$\\to$"),
    ('←', "$\\leftarrow$"),
    ('↓', "$\\downarrow$"),
    ('▲', "$\\blacktriangle$"),
    ('▼', "$\\blacktriangledown$"),
    ('²', "$^2$"),
    ('³', "$^3$"),
    ('⁺', "$^+$"),
    ('⁻', "$^-$"),
    ('₀', "$_0$"),
    ('…', "\\ldots{}"),
    ('–', "--"),
    ('—', "---"),
    ('‖', "$\\|$"),
];

#[cfg(test)]
mod tests {
    use super::{column, escaped, tabular};
    use crate::render::table::{Cell, Table};

    fn numbers(texts: &[&str]) -> Table {
        let cells = texts.iter().map(|text| match *text {
            "all" | "none" => Cell::words(text),
            number => Cell::Number(1.0, number.to_owned()),
        });
        Table::new("t").with("R", cells)
    }

    #[test]
    fn numbers_stand_on_their_points_and_other_figures_to_the_right() {
        for (texts, specification) in [
            (&["1.5", "10.25", "-3"][..], "S[table-format=-2.2]"),
            (&["1", "20", "all"], "S[table-format=2.0]"),
            (&["1.5e-7", "2"], "S[table-format=1.1e-1]"),
            (&["1/3", "2"], "r"),
            (&["all", "none"], "l"),
        ] {
            assert_eq!(column(&numbers(texts).columns[0]), specification);
        }
    }

    #[test]
    fn a_word_among_numbers_is_in_braces_and_a_name_from_a_file_is_no_command() {
        let table =
            tabular(&numbers(&["1.5", "all"]).with("unit", ["a_b", "\\input{x}"].map(Cell::name)));
        assert!(table.contains("    1.5 & a\\_b \\\\\n"), "{table}");
        assert!(
            table.contains("    {all} & \\textbackslash{}input\\{x\\} \\\\\n"),
            "{table}"
        );
    }

    #[test]
    fn signs_are_mathematics() {
        assert_eq!(
            escaped("|ΣR − f(x)| ≤ 5 %"),
            "$|$$\\Sigma$R $-$ f(x)$|$ $\\le$ 5 \\%"
        );
    }
}
