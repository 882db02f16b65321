//! How drawings look, in a page and in a file of its own.

use maud::{Markup, PreEscaped, html};

use super::sheet::at;

/// The rules, with the colours of light paper before them.
pub(crate) const STYLE: &str = include_str!("style.css");

/// Around a drawing in a file.
const MARGIN: f64 = 6.0;

/// A drawing as a whole file of SVG: nothing is fetched, and every colour stands where it is used, for programs that make
/// PDF of drawings know no variables.
pub(super) fn in_a_file(title: &str, [width, height]: [f64; 2], marks: &Markup) -> String {
    let size = [width, height].map(|side| at(side + 2.0 * MARGIN));
    let box_ = format!("-{0} -{0} {1} {2}", at(MARGIN), size[0], size[1]);
    let file = html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox=(box_) width=(size[0]) height=(size[1]) role="img" {
            title { (title) }
            style { (PreEscaped(without_variables(STYLE))) }
            rect.paper x={ "-" (at(MARGIN)) } y={ "-" (at(MARGIN)) } width=(size[0]) height=(size[1]) {}
            (marks)
        }
    };
    // Two characters that a name may have are none that XML allows.
    file.into_string()
        .replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
        + "\n"
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
