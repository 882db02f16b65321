//! A drawing in lines, bands and letters: for a page in the shape that suits its width, and for a file of its own.

use maud::{Markup, Render, html};

use super::at;
use super::style::in_a_file;

/// A drawing, with what it is called.
#[derive(Debug, Clone)]
pub(crate) struct Vector {
    /// As a file is named, without its ending.
    pub(crate) name: String,
    /// What it shows, for those who do not see it.
    pub(crate) title: String,
    pub(crate) sheet: Sheet,
    /// The same for a narrow page.
    pub(crate) narrow: Option<Sheet>,
}

/// Marks in a frame, in pixels.
#[derive(Debug, Clone)]
pub(crate) struct Sheet {
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// Below this width letters are too small: the page moves it in a frame.
    pub(crate) least: f64,
    pub(crate) marks: Markup,
}

impl Vector {
    /// A file of its own, as programs for drawings and papers read it.
    pub(crate) fn file(&self) -> String {
        in_a_file(
            &self.title,
            [self.sheet.width, self.sheet.height],
            &self.sheet.marks,
        )
    }
}

/// In a page: where there is a sheet for a narrow one, the style shows one of both.
impl Render for Vector {
    fn render(&self) -> Markup {
        let wide = self.narrow.as_ref().map(|_| "in-wide");
        html! {
            (self.sheet.in_page(&self.title, wide))
            @if let Some(narrow) = &self.narrow { (narrow.in_page(&self.title, Some("in-narrow"))) }
        }
    }
}

impl Sheet {
    fn in_page(&self, title: &str, class: Option<&str>) -> Markup {
        let box_ = format!("0 0 {} {}", at(self.width), at(self.height));
        let size = format!("width: {:.0}px; min-width: {:.0}px", self.width, self.least);
        html! {
            div.drawing.(class.unwrap_or_default()) {
                svg viewBox=(box_) style=(size) role="group" aria-label=(title) { (self.marks) }
            }
        }
    }
}
