//! Numbers of a column with their points below each other, each with its unit at its digits: what it lacks behind both is filled
//! in unseen, and is no text.

use maud::{Markup, html};

use crate::render::table::{BEST, Cell, WORST};

/// A number in three parts: up to its point, from the point to the last digit, and the sign or unit behind: `8`, `.6`, ` %`.
fn parts(text: &str) -> [&str; 3] {
    let number = text.trim_end_matches([BEST, WORST]);
    let number = number.strip_suffix(" %").unwrap_or(number);
    let behind = &text[number.len()..];
    // Fractions, and words of several numbers, have no point to stand at.
    let is_one = !number.contains(['/', '(']) && number.chars().any(|c| c.is_ascii_digit());
    let point = number.find(['.', 'e']).filter(|_| is_one);
    let (whole, rest) = number.split_at(point.unwrap_or(number.len()));
    [whole, rest, behind]
}

/// The cells of a column, each ready to stand in a table.
pub(super) fn aligned(cells: &[Cell]) -> Vec<Markup> {
    let widest = |part: usize| {
        let parts = cells.iter().map(|cell| parts(cell.text())[part]);
        parts
            .max_by_key(|part| part.chars().count())
            .unwrap_or_default()
    };
    let (rest, behind) = (widest(1), widest(2));
    let each = cells.iter().map(|cell| {
        let [whole, own, unit] = parts(cell.text());
        let shown = html! { (whole) (own) (unit) (pad(rest, own)) (pad(behind, unit)) };
        match cell {
            Cell::Number(x, _) => html! { data value=(x) { (shown) } },
            _ => shown,
        }
    });
    each.collect()
}

/// What the widest has more than this one.
fn pad(widest: &str, own: &str) -> Markup {
    let more: String = widest.chars().skip(own.chars().count()).collect();
    html! { @if !more.is_empty() { i.pad data-pad=(more) {} } }
}

#[cfg(test)]
mod tests {
    use super::{aligned, parts};
    use crate::render::table::Cell;

    #[test]
    fn a_number_is_parted_at_its_point_and_before_its_unit() {
        for (text, expected) in [
            ("3.785", ["3", ".785", ""]),
            ("1,024", ["1,024", "", ""]),
            ("8.6 %▲", ["8", ".6", " %▲"]),
            ("< 0.1 %", ["< 0", ".1", " %"]),
            ("4.441e-16", ["4", ".441e-16", ""]),
            ("3e-6", ["3", "e-6", ""]),
            ("757/200 (3.785)", ["757/200 (3.785)", "", ""]),
            ("–", ["–", "", ""]),
            ("none", ["none", "", ""]),
        ] {
            assert_eq!(parts(text), expected);
        }
    }

    #[test]
    fn the_text_of_a_cell_is_its_number_with_its_unit_and_all_are_as_wide_behind_the_point() {
        let texts = ["3.785", "12", "8.6 %", "–", "7▲"];
        let cells = texts.map(|text| Cell::Number(1.0, text.to_owned()));
        for (cell, text) in aligned(&cells).into_iter().zip(texts) {
            let markup = cell.into_string();
            let pads: Vec<&str> = markup
                .split("data-pad=\"")
                .skip(1)
                .map(|part| part.split('"').next().unwrap_or(""))
                .collect();
            let shown: String = markup
                .split('<')
                .map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text))
                .collect();
            assert_eq!(shown, text);
            let [_, own, unit] = parts(text);
            let width = own.chars().count() + unit.chars().count() + pads.concat().chars().count();
            assert_eq!(width, ".785".len() + " %".len(), "{text}");
            let before = markup.split("<i").next().unwrap_or("");
            assert!(before.contains(text), "its unit stands at its digits");
        }
    }
}
