//! A drawing in lines, bands and letters: for a page in the shape that suits its width, and for a file of its own.

use maud::{Markup, Render, html};

use super::sheet::Sheet;
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
    /// Whether it is small, and stands beside others.
    pub(crate) beside: bool,
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
        let wide = match (&self.narrow, self.beside) {
            (Some(_), _) => "in-wide",
            (None, true) => "beside",
            (None, false) => "",
        };
        html! {
            (self.sheet.in_page(&self.title, wide))
            @if let Some(narrow) = &self.narrow { (narrow.in_page(&self.title, "in-narrow")) }
        }
    }
}
