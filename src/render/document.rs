//! What a document is made of, whatever format it becomes.

pub(super) use super::drawings::{Strip, Strips};

use super::drawings::Vector;
use super::pictures::{ContactSheet, Image, Images};
use super::table::{Cell, Table, Title};
use crate::interpretation::names::StepDown;
use crate::interpretation::numbers::verdict;
use crate::interpretation::value::Shown;
use crate::printable::printable;
use crate::relevance::audit::Checks;
use crate::result::{Amount, Origin};
use crate::words::count;

/// So many findings come first on a page.
const FINDINGS: usize = 3;

/// One or several results, ready to become text, a page or Markdown.
#[derive(Debug, Clone)]
pub struct Document {
    pub(super) title: String,
    pub(super) sections: Vec<Section>,
}

/// One result.
#[derive(Debug, Clone)]
pub(super) struct Section {
    /// Its headline.
    pub(super) title: String,
    /// What it is of, in a line behind or below the headline.
    pub(super) lead: String,
    pub(super) blocks: Vec<Block>,
    pub(super) origin: Option<Origin>,
}

/// A part of a section.
#[derive(Debug, Clone)]
pub(super) enum Block {
    Heading(String),
    /// One below a heading.
    Subheading(String),
    Text(String),
    /// A remark.
    Quiet(String),
    /// What the columns of tables are, and the marks in them.
    Legend(Vec<Title>, &'static str),
    Points(Vec<String>),
    Verdict(Verdict),
    Table(Table),
    /// A table that is opened where it is wanted, and left out where none can be.
    Folded(Table),
    /// One that belongs to the table above, and is opened where it is wanted.
    Inner(Table),
    /// How relevance gets from the table above to the one below.
    Down(Vec<StepDown>),
    /// Left out where there are no pictures.
    Picture(Picture),
    /// Images that belong to the table above, for which a page alone has room.
    Maps(Picture),
    /// How a figure is spread in each of several rows.
    Strips(Strips),
    /// The same for every step of a training, one to be looked at at a time.
    Steps(Vec<(String, Vec<Block>)>),
    /// A part of what stands above, set in where a format can.
    Part(Vec<Block>),
    /// What is opened under its title where it is wanted.
    More(String, Vec<Block>),
    /// What a page or Markdown begins with, and a text ends with.
    PageOnly(Vec<Block>),
    InText(Vec<Block>),
    SampleDetail(SampleDetail),
    Gallery(Gallery),
}

/// A sample in full. A text goes the way of the relevance and ends with what it comes to; a page begins with that.
#[derive(Debug, Clone, Default)]
pub(super) struct SampleDetail {
    pub(super) heading: String,
    /// How it was computed, where that is to be said.
    pub(super) remarks: Vec<Block>,
    /// The input as an image, and the way of relevance through the network.
    pub(super) pictures: Vec<Block>,
    /// From the output down.
    pub(super) levels: Vec<Block>,
    /// The properties.
    pub(super) checks: Vec<Block>,
    /// What became of relevance that did not reach the inputs.
    pub(super) tables: Vec<Block>,
    /// What it comes to.
    pub(super) sentences: Vec<String>,
    /// Which sample of its result it is, where it is one of several.
    pub(super) row: Option<usize>,
    /// The number of that sample.
    pub(super) sample: usize,
}

/// The samples of a result, those that fail by most first, then wrong answers.
#[derive(Debug, Clone)]
pub(super) struct Gallery {
    /// A row a sample.
    pub(super) table: Table,
    /// What each of the first rows shows.
    pub(super) thumbnails: Vec<Thumbnail>,
    /// By which [`SampleDetail`] each row is told in full, where it is.
    pub(super) sample_details: Vec<Option<usize>>,
    /// In which order they stand, and what the pictures show.
    pub(super) caption: String,
}

/// A sample at a glance.
#[derive(Debug, Clone)]
pub(super) enum Thumbnail {
    /// The input and its relevance.
    Images(Vec<Image>),
    /// The relevance of each input, under each rule with its name.
    Bars(Vec<(String, Vec<f64>)>),
    /// Of more inputs than can be seen.
    Nothing,
}

/// A property that holds or fails, with its figures; or figures that nothing is to be said of.
#[derive(Debug, Clone)]
pub(super) struct Verdict {
    pub(super) property: &'static str,
    pub(super) holds: Option<bool>,
    /// `holds`, `FAILS`, `not promised`, or how it holds; empty where neither is to be said.
    pub(super) word: String,
    pub(super) figures: Vec<Cell>,
}

/// A drawing with what it shows in words.
#[derive(Debug, Clone)]
pub(super) struct Picture {
    pub(super) drawing: Drawing,
    pub(super) caption: String,
}

/// What a picture shows.
#[derive(Debug, Clone)]
pub(super) enum Drawing {
    /// Lines, bars and bands in SVG, whose parts tell more when they are pointed at.
    Vector(Vector),
    /// Images of pixels.
    Images(Images),
    /// Images in rows and columns.
    Contact(ContactSheet),
}

impl Block {
    /// A property, and the figure that it rests on.
    pub(super) fn verdict(holds: bool, property: &'static str, figures: Vec<Cell>) -> Self {
        Self::Verdict(Verdict {
            property,
            holds: Some(holds),
            word: verdict(holds, true).to_owned(),
            figures,
        })
    }

    /// A figure among properties.
    pub(super) fn fact(property: &'static str, text: String) -> Self {
        Self::Verdict(Verdict {
            property,
            holds: None,
            word: String::new(),
            figures: vec![Cell::Words(text)],
        })
    }

    /// Sentences from a result as a page begins with them: the first ones, and the others where they are wanted.
    pub(super) fn findings(sentences: &[String]) -> Self {
        let points = |sentences: &[String]| {
            Self::Points(sentences.iter().map(|text| printable(text)).collect())
        };
        let (chief, rest) = sentences.split_at(sentences.len().min(FINDINGS));
        let mut blocks = Vec::new();
        if !chief.is_empty() {
            blocks.extend([Self::Heading("findings".to_owned()), points(chief)]);
        }
        if !rest.is_empty() {
            blocks.push(Self::More(
                count(rest.len(), "more finding"),
                vec![points(rest)],
            ));
        }
        Self::PageOnly(blocks)
    }

    /// The two properties, over every `layer` or `cut`; `trivially` where no unit carries relevance.
    pub(super) fn checks<N: Amount>(checks: &Checks<N>, every: &str, trivially: bool) -> [Self; 2] {
        Self::checks_in(
            checks,
            every,
            [if trivially { " (trivially)" } else { "" }; 2],
        )
    }

    /// The two properties, with where each holds: `holds in all 48 runs`.
    pub(super) fn checks_in<N: Amount>(
        checks: &Checks<N>,
        every: &str,
        all: [&str; 2],
    ) -> [Self; 2] {
        let (conservation, least) = (checks.conservation, &checks.positivity.least);
        let property =
            |(holds, promised): (bool, bool), all: &str, property, figure: &str, number| {
                Self::Verdict(Verdict {
                    property,
                    holds: (holds || promised).then_some(holds),
                    word: verdict(holds, promised).to_owned() + if holds { all } else { "" },
                    figures: vec![Cell::words(figure), number],
                })
            };
        [
            property(
                (conservation.holds, conservation.promised),
                all[0],
                "conservation",
                &format!("largest |ΣR − f(x)| of a {every}:"),
                Cell::number(conservation.worst_gap),
            ),
            property(
                (checks.positivity.holds, checks.positivity.promised),
                all[1],
                "positivity",
                "least relevance of a unit:",
                match least.fraction() {
                    Some(_) => Cell::Words(least.shown()),
                    None => Cell::number(least.decimal()),
                },
            ),
        ]
    }

    /// Sentences from a result, a point each, under a heading of its level.
    pub(super) fn interpretation(heading: fn(String) -> Self, sentences: &[String]) -> [Self; 2] {
        [
            heading("interpretation".to_owned()),
            Self::Points(sentences.iter().map(|text| printable(text)).collect()),
        ]
    }
}
