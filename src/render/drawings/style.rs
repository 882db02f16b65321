//! How drawings look, in a page and in a file of its own.

use maud::{Markup, html};

use super::sheet::at;
use crate::render::pictures::SvgFile;

/// The rules, with the colours of light paper before them.
pub(crate) const STYLE: &str = include_str!("style.css");

/// Around a drawing in a file.
const MARGIN: f64 = 6.0;

/// A drawing as a whole file of SVG: every colour stands where it is used, for programs that make
/// PDF of drawings know no variables.
pub(super) fn in_a_file(title: &str, [width, height]: [f64; 2], marks: &Markup) -> String {
    let [width, height] = [width, height].map(|side| at(side + 2.0 * MARGIN));
    let corner = format!("-{}", at(MARGIN));
    let marks = html! {
        rect.paper x=(corner) y=(corner) width=(width) height=(height) {}
        (marks)
    };
    SvgFile {
        title,
        frame: [corner.clone(), corner, width, height],
        style: Some(without_variables(STYLE)),
        marks,
    }
    .text()
}

/// Rules with the colours that their variables stand for.
fn without_variables(style: &str) -> String {
    let (colours, rules) = style.split_once('}').unwrap_or(("", style));
    let colours = colours.split_once('{').map_or("", |(_, colours)| colours);
    let named = colours.split(';').filter_map(|line| line.split_once(':'));
    named.fold(rules.trim().to_owned(), |rules, (name, colour)| {
        rules.replace(&format!("var({})", name.trim()), colour.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::{STYLE, without_variables};

    #[test]
    fn a_file_has_colours_in_the_place_of_variables() {
        let style = without_variables(STYLE);
        assert!(STYLE.contains("var(--plus)") && STYLE.contains("--plus: #b35806"));
        assert!(style.contains("#b35806"));
        assert!(!style.contains("--") && !style.contains(":root"), "{style}");
    }
}
