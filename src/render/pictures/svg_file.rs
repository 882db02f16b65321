//! An SVG file that stands alone: nothing is fetched, and whatever comes from a file stays text.

use maud::{Markup, PreEscaped, html};

use super::typeface;

/// What a file shows, and how.
pub(crate) struct SvgFile<'f> {
    pub(crate) title: &'f str,
    /// Left, top, width and height, as they are written.
    pub(crate) frame: [String; 4],
    /// A style sheet, where marks have classes.
    pub(crate) style: Option<String>,
    pub(crate) marks: Markup,
}

impl SvgFile<'_> {
    /// The text of the file. It has no role, which would hide the names of its marks.
    pub(crate) fn text(&self) -> String {
        let [left, top, width, height] = &self.frame;
        let file = html! {
            svg xmlns="http://www.w3.org/2000/svg" width=(width) height=(height)
                viewBox={ (left) " " (top) " " (width) " " (height) } font-family=(typeface::NAMES) style="font-kerning:none" {
                title { (self.title) }
                @if let Some(style) = &self.style { style { (PreEscaped(style)) } }
                (self.marks)
            }
        };
        // Two characters that a name may have are none that XML allows.
        file.0.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}") + "\n"
    }
}
