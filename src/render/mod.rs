//! Results as documents: the same content as a page of HTML with drawings, as Markdown without, or its tables in LaTeX.
//!
//! A [`Document`] is made of a result by the file of its kind, and turned into a format by the file of that format.

mod alike;
mod balance;
mod balances;
mod comparison;
mod completeness;
mod csv;
mod csv_wide;
mod diagram;
mod difference;
mod document;
mod drawings;
mod evaluation;
mod explanation;
mod figures;
mod gallery;
mod html;
mod inspection;
mod json;
mod latex;
mod level;
mod maps;
mod markdown;
mod messages;
mod npz;
mod pictures;
mod selection;
mod side_by_side;
mod table;
mod taylor;
mod terminal;
mod training;

pub use self::csv::{
    Csv, Names, RuleColumn, comparison as comparison_csv, evaluation as evaluation_csv,
};
pub use csv_wide::CsvWide;
pub use diagram::{dot, mermaid};
pub use json::{ExplanationJson, ExplanationsJson, write as json};
pub use npz::Npz;
pub use pictures::{
    Colormap, HeatmapOptions, Overlay, Picture, Scales, check_picture, heatmap, sheet,
};
pub use terminal::{Depth, Text};

pub use document::Document;
pub use figures::figures;
pub use html::html;
pub use latex::latex;
pub use markdown::markdown;

use crate::printable::printable;
use crate::result::{AnyResult, Comparison, Difference, Evaluation, Inspection, Training};
use document::Section;

impl Document {
    /// The document of one or several results, a section each; of explanations under several rules one more for each rule.
    pub fn new(results: &[AnyResult]) -> Self {
        let mut sections: Vec<Section> = results.iter().flat_map(sections).collect();
        if sections.len() == results.len() && results.len() > 1 {
            let named = sections.iter_mut().zip(results);
            named.for_each(|(section, result)| section.title += &under(result));
        }
        let title = match (results, &sections[..]) {
            ([AnyResult::Several(several)], _) => side_by_side::title(several),
            ([AnyResult::ExactSeveral(several)], _) => side_by_side::title(several),
            ([_], [first, ..]) => first.title.clone(),
            _ => format!("{} results", results.len()),
        };
        Self { title, sections }
    }
}

impl From<Section> for Document {
    fn from(section: Section) -> Self {
        Self {
            title: section.title.clone(),
            sections: vec![section],
        }
    }
}

impl From<&Inspection> for Document {
    fn from(inspection: &Inspection) -> Self {
        inspection::section(inspection).into()
    }
}

impl From<&Comparison> for Document {
    fn from(comparison: &Comparison) -> Self {
        comparison::section(comparison).into()
    }
}

impl From<&Training> for Document {
    fn from(training: &Training) -> Self {
        training::section(training).into()
    }
}

impl From<&Evaluation> for Document {
    fn from(evaluation: &Evaluation) -> Self {
        evaluation::section(evaluation).into()
    }
}

impl From<&Difference> for Document {
    fn from(difference: &Difference) -> Self {
        difference::section(difference).into()
    }
}

/// ` under w2`, behind the title of an explanation that is one of several results.
fn under(result: &AnyResult) -> String {
    let rule = match result {
        AnyResult::Explanation(one) => one.rule.as_deref(),
        AnyResult::Exact(one) => one.rule.as_deref(),
        _ => None,
    };
    rule.map_or_else(String::new, |rule| format!(" under {}", printable(rule)))
}

/// One section; of several rules one of all of them, and one of each.
fn sections(result: &AnyResult) -> Vec<Section> {
    let one = match result {
        AnyResult::Several(several) => return side_by_side::sections(several),
        AnyResult::ExactSeveral(several) => return side_by_side::sections(several),
        AnyResult::Explanation(explanation) => explanation::section(explanation),
        AnyResult::Exact(exact) => explanation::section(exact),
        AnyResult::Taylor(taylor) => taylor::section(taylor, taylor::detail(taylor.sample)),
        AnyResult::TaylorFunction(function) => {
            taylor::function(function, taylor::detail(function.sample))
        }
        AnyResult::Comparison(comparison) => comparison::section(comparison),
        AnyResult::Training(training) => training::section(training),
        AnyResult::Evaluation(evaluation) => evaluation::section(evaluation),
        AnyResult::Difference(difference) => difference::section(difference),
    };
    vec![one]
}
