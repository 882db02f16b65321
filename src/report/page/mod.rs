//! Results as documents: the same content as a page of HTML with drawings, or as Markdown without.
//!
//! A [`Document`] is made of a result by the file of its kind, and turned into a format by the file of that format.

mod comparison;
mod document;
mod draw;
mod explanation;
mod html;
mod markdown;
mod taylor;
mod training;

pub use document::Document;
pub use html::html;
pub use markdown::markdown;

use super::AnyResult;
use document::Section;

impl Document {
    /// The document of one or several results, a section each.
    pub fn new(results: &[AnyResult]) -> Self {
        let sections: Vec<Section> = results.iter().map(section).collect();
        let title = match &sections[..] {
            [only] => only.title.clone(),
            _ => format!("{} results", sections.len()),
        };
        Self { title, sections }
    }
}

fn section(result: &AnyResult) -> Section {
    match result {
        AnyResult::Explanation(explanation) => explanation::section(explanation),
        AnyResult::Exact(exact) => explanation::exact(exact),
        AnyResult::Taylor(taylor) => taylor::section(taylor),
        AnyResult::TaylorFunction(function) => taylor::function(function),
        AnyResult::Comparison(comparison) => comparison::section(comparison),
        AnyResult::Training(training) => training::section(training),
    }
}
