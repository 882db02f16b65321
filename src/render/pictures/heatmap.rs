//! The relevance of one or several images, beside them or over them.

use std::io;

use super::canvas::{Canvas, LETTER};
use super::colour::{Colour, Scale, ink};
use super::pixels::Pixels;
use super::tile::greys;
use crate::error::Invalid;
use crate::interpretation::names::called;
use crate::interpretation::numbers::figure;
use crate::measure::largest_size;
use crate::network::Input;
use crate::result::Sample;
use crate::spelling::{Named, Spelling};

/// How an image and its relevance are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Overlay {
    /// The image, then its relevance.
    #[default]
    Beside,
    /// Its relevance over the image in grey.
    Over,
    /// Its relevance alone.
    Alone,
}

impl Named for Overlay {
    const KIND: &'static str = "overlay";

    fn all() -> Vec<Self> {
        vec![Self::Beside, Self::Over, Self::Alone]
    }

    fn spelling(self) -> Spelling {
        match self {
            Self::Beside => Spelling::plain("beside", "The image, then its relevance"),
            Self::Over => Spelling::plain("over", "The relevance over the image"),
            Self::Alone => Spelling::plain("alone", "The relevance alone"),
        }
    }
}

/// What one image is drawn at, at least.
const SIDE: usize = 168;

/// A longer name is cut.
const LONGEST: usize = 40;

/// A row a sample, as a PNG file, and under several rules a column a rule, which `rules` names; `samples` are the samples, each
/// as every rule explains it. Each image of relevance has its own colour scale up to its largest |R|, lettered beneath with the
/// sample's number and names, and the output that is explained.
///
/// # Errors
///
/// [`Invalid`] inside where the inputs are no image: a shape `[channels, height, width]`, or a square number of them.
pub fn heatmap(
    input: &Input,
    rules: &[&str],
    samples: &[Vec<Sample>],
    overlay: Overlay,
) -> Result<io::Result<Vec<u8>>, Invalid> {
    let pixels = Pixels::of(&input.shape, input.order)?;
    let several = samples.len() > 1;
    let rows = samples.iter().enumerate().map(|(n, by_rule)| {
        let first = &by_rule[0];
        let called = called((first.sample, n), [&first.id, &first.label], several);
        Row::new(rules, by_rule, called, pixels)
    });
    Ok(drawn(rules, &rows.collect::<Vec<_>>(), pixels, overlay))
}

/// A sample, ready to be drawn.
struct Row {
    grey: Vec<f64>,
    /// The relevance of every pixel under each rule, and its largest size.
    by_rule: Vec<(Vec<f64>, f64)>,
    /// What stands beneath.
    caption: String,
    /// What stands beneath the column of each of several rules.
    scales: Vec<String>,
}

impl Row {
    fn new(rules: &[&str], samples: &[Sample], called: Option<String>, pixels: Pixels) -> Self {
        let summed = samples.iter().map(|sample| {
            let relevance = pixels.summed(&sample.layers[0].relevance);
            let largest = largest_size(&relevance);
            (relevance, largest)
        });
        let by_rule: Vec<(Vec<f64>, f64)> = summed.collect();
        let scale = |largest: f64| format!("|R|<={}", figure(largest));
        let caption = caption(&samples[0], called);
        let (caption, scales) = match (rules, &by_rule[..]) {
            ([] | [_], [(_, largest), ..]) => {
                (format!("{caption}  {}", scale(*largest)), Vec::new())
            }
            (_, all) => (
                caption,
                all.iter().map(|(_, largest)| scale(*largest)).collect(),
            ),
        };
        Self {
            grey: greys(&pixels.summed(&samples[0].layers[0].activations)),
            by_rule,
            caption,
            scales,
        }
    }
}

fn drawn(rules: &[&str], rows: &[Row], pixels: Pixels, overlay: Overlay) -> io::Result<Vec<u8>> {
    let (height, width) = (pixels.height, pixels.width);
    let zoom = (SIDE / width.max(height)).max(1);
    let (across, down) = (width * zoom + 2, height * zoom + 2);
    let several = rules.len() > 1;
    let letters = |text: usize| (text + 1) * LETTER;
    // The names of rules and the ends of their scales have room in a column.
    let words = rules.iter().map(|rule| rule.chars().count());
    let words = words.chain(
        rows.iter()
            .flat_map(|row| row.scales.iter().map(String::len)),
    );
    let widest = words.max().filter(|_| several).map_or(0, letters);
    let column = (across + LETTER).max(widest);
    let image = if overlay == Overlay::Beside {
        across + LETTER
    } else {
        0
    };
    let (head, lines) = if several { (2 * LETTER, 5) } else { (0, 3) };
    let row_height = down + lines * LETTER;
    let longest = rows.iter().map(|row| row.caption.chars().count()).max();
    let columns = rows.first().map_or(1, |row| row.by_rule.len());
    let room = (LETTER + image + columns * column).max(letters(longest.unwrap_or(0)) + LETTER);
    let mut canvas = Canvas::new(room, head + rows.len() * row_height + LETTER)?;
    let left = |place: usize| LETTER + image + place * column;
    if several {
        for (place, rule) in rules.iter().enumerate() {
            canvas.write((left(place), LETTER), rule);
        }
    }
    for (n, row) in rows.iter().enumerate() {
        let top = head + LETTER + n * row_height;
        if overlay == Overlay::Beside {
            let greys = row.grey.iter().map(|x| ink(*x));
            canvas.image((LETTER, top), (width, zoom), greys);
        }
        for (place, (relevance, largest)) in row.by_rule.iter().enumerate() {
            let of = |r: f64| Scale::new(*largest, true).colour(r);
            let over = |(r, x): (&f64, &f64)| match overlay {
                Overlay::Over => mixed(of(*r), ink(0.5 * x)),
                Overlay::Beside | Overlay::Alone => of(*r),
            };
            let colours: Vec<Colour> = relevance.iter().zip(&row.grey).map(over).collect();
            canvas.image((left(place), top), (width, zoom), colours.into_iter());
        }
        for (place, scale) in row.scales.iter().enumerate() {
            canvas.write((left(place), top + down + LETTER / 2), scale);
        }
        let beneath = if several { 2 * LETTER } else { LETTER / 2 };
        canvas.write((LETTER, top + down + beneath), &row.caption);
    }
    canvas.png()
}

/// Which sample a picture is of and which output of it is explained.
fn caption(sample: &Sample, called: Option<String>) -> String {
    let called = called.map_or_else(String::new, |called| format!("{}: ", short(&called)));
    format!(
        "{called}{} f={}",
        short(&sample.target.in_words()),
        figure(sample.target.value),
    )
}

/// A name as far as a picture has room for it.
fn short(name: &str) -> String {
    match name.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &name[..end]),
        None => name.to_owned(),
    }
}

/// One colour through another.
fn mixed(a: Colour, b: Colour) -> Colour {
    std::array::from_fn(|n| u8::try_from(u16::from(a[n]) * u16::from(b[n]) / 255).unwrap_or(255))
}
