//! What a document is made of, whatever format it becomes.

use maud::Markup;

use crate::interpretation::numbers::{figure, small_percent, verdict};
use crate::printable::printable;
use crate::relevance::Checks;
use crate::result::Origin;

/// One or several results, ready to become a page or Markdown.
#[derive(Debug, Clone)]
pub struct Document {
    pub(crate) title: String,
    pub(crate) sections: Vec<Section>,
}

/// One result.
#[derive(Debug, Clone)]
pub(crate) struct Section {
    /// Its headline.
    pub(crate) title: String,
    pub(crate) blocks: Vec<Block>,
    pub(crate) origin: Option<Origin>,
}

/// A part of a section.
#[derive(Debug, Clone)]
pub(crate) enum Block {
    Heading(String),
    /// One below a heading.
    Subheading(String),
    Text(String),
    Points(Vec<String>),
    Verdict(Verdict),
    Table(Table),
    /// A table that is opened where it is wanted.
    Folded(Table),
    /// Left out where there are no pictures.
    Picture(Picture),
    /// How a figure is spread in each of several rows.
    Strips(Strips),
    /// The same for every step of a training, one to be looked at at a time.
    Steps(Vec<(String, Vec<Block>)>),
}

/// A property that holds or fails, with the words and the number of its figure.
#[derive(Debug, Clone)]
pub(crate) struct Verdict {
    pub(crate) holds: bool,
    /// `holds`, `FAILS`, or how it holds.
    pub(crate) word: &'static str,
    pub(crate) property: &'static str,
    pub(crate) figures: [Cell; 2],
}

/// A drawing with what it shows in words.
#[derive(Debug, Clone)]
pub(crate) struct Picture {
    pub(crate) drawing: Markup,
    pub(crate) caption: String,
    /// Whether parts of it tell more when they are pointed at.
    pub(crate) tells: bool,
}

/// One figure of several rows, each over many seeds.
#[derive(Debug, Clone)]
pub(crate) struct Strips {
    pub(crate) title: String,
    /// What the figure is.
    pub(crate) legend: String,
    pub(crate) strips: Vec<Strip>,
    /// Whether it is drawn where there is no room for all.
    pub(crate) chief: bool,
}

/// The least, lower quartile, median, upper quartile and largest of a row.
#[derive(Debug, Clone)]
pub(crate) struct Strip {
    pub(crate) label: String,
    pub(crate) quartiles: [f64; 5],
}

#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) caption: String,
    pub(crate) columns: Vec<String>,
    /// A row of one cell is a line above those that follow.
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// Words or a number.
#[derive(Debug, Clone)]
pub(crate) enum Cell {
    Words(String),
    /// The number as it is, and as it is shown.
    Number(f64, String),
    Nothing,
}

impl Cell {
    /// Words that may come from a file.
    pub(crate) fn words(text: impl AsRef<str>) -> Self {
        Self::Words(printable(text.as_ref()))
    }

    /// A number with four significant digits.
    pub(crate) fn number(x: f64) -> Self {
        if x.is_finite() {
            Self::Number(x, figure(x))
        } else {
            Self::Words(figure(x))
        }
    }

    /// How many there are.
    pub(crate) fn count(n: usize) -> Self {
        Self::Number(n as f64, crate::words::grouped(n))
    }

    /// A part of a whole.
    pub(crate) fn share(x: f64) -> Self {
        Self::Number(x, small_percent(x))
    }

    /// The same of what may be undefined.
    pub(crate) fn maybe(x: Option<f64>, cell: fn(f64) -> Self) -> Self {
        x.map_or(Self::Nothing, cell)
    }
}

/// Titles of columns.
pub(crate) fn titles(titles: &[&str]) -> Vec<String> {
    titles.iter().map(|&title| title.to_owned()).collect()
}

impl Strips {
    /// From the least of all rows, or 0, to the largest.
    pub(crate) fn range(&self) -> [f64; 2] {
        let ends = self.strips.iter().flat_map(|strip| strip.quartiles);
        ends.fold([0.0, f64::NEG_INFINITY], |[low, high]: [f64; 2], x| {
            [low.min(x), high.max(x)]
        })
    }
}

impl Table {
    /// Whether a column has numbers, which stand to the right.
    pub(crate) fn has_numbers(&self, column: usize) -> bool {
        let mut cells = self.rows.iter().filter_map(|row| row.get(column));
        cells.any(|cell| matches!(cell, Cell::Number(..)))
    }
}

impl Block {
    /// A property, and the figure that it rests on.
    pub(crate) fn verdict(holds: bool, property: &'static str, figure: &str, x: f64) -> Self {
        Self::Verdict(Verdict {
            holds,
            word: verdict(holds, false),
            property,
            figures: [Cell::words(figure), Cell::number(x)],
        })
    }

    /// The two properties; `trivially` where no unit carries relevance.
    pub(crate) fn checks(checks: Checks, trivially: bool) -> [Self; 2] {
        let (conservation, positivity) = (checks.conservation, checks.positivity);
        let property = |holds, property, figure: &str, x| {
            Self::Verdict(Verdict {
                holds,
                word: verdict(holds, trivially),
                property,
                figures: [Cell::words(figure), Cell::number(x)],
            })
        };
        let (gap, least) = (conservation.worst_gap, positivity.least);
        [
            property(
                conservation.holds,
                "conservation",
                "largest |ΣR − f(x)| of a layer:",
                gap,
            ),
            property(
                positivity.holds,
                "positivity",
                "least relevance of a unit:",
                least,
            ),
        ]
    }

    /// Sentences from a result, a point each.
    pub(crate) fn reading(sentences: &[String]) -> [Self; 2] {
        [
            Self::Heading("Reading".to_owned()),
            Self::Points(sentences.iter().map(|text| printable(text)).collect()),
        ]
    }
}
