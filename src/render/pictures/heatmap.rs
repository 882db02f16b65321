//! The relevance of one or several images, beside them or over them.

use super::colour::{Colormap, ColourScale};
use super::grid::{Block, Captioned, Grid, Line};
use super::picture::Picture;
use super::typeface::figure;
use super::{ColourBar, Pixels, Tile};
use crate::error::Invalid;
use crate::measure::largest_size;
use crate::printable::printable;
use crate::result::{NetworkInfo, Sample};
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
            Self::Over => Spelling::plain(
                "over",
                "The relevance over the image in grey, which shows through where |R| is small",
            ),
            Self::Alone => Spelling::plain("alone", "The relevance alone"),
        }
    }
}

/// Which images have the same colours for the same relevance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scales {
    /// Each has its own, up to its largest |R|.
    #[default]
    Own,
    /// All of them.
    One,
}

impl Named for Scales {
    const KIND: &'static str = "scale";

    fn all() -> Vec<Self> {
        vec![Self::Own, Self::One]
    }

    fn spelling(self) -> Spelling {
        match self {
            Self::Own => Spelling::plain("own", "Each image has its own, up to its largest |R|"),
            Self::One => Spelling::plain(
                "one",
                "All have one, up to the largest |R| of all samples and rules",
            ),
        }
    }
}

/// How a heatmap looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HeatmapOptions {
    /// How image and relevance are put together.
    pub overlay: Overlay,
    /// Which images share a colour scale.
    pub scales: Scales,
    /// The colours of relevance.
    pub colormap: Colormap,
    /// How many samples stand in a row; as many as make the picture about as wide as high where nothing is said.
    pub columns: Option<usize>,
}

/// A picture of samples, each as every rule explains it, in the order of `rules`: a block a sample, and in it an image a rule.
/// Colours are symmetric around 0 where any relevance is negative. Below each sample stand its number, label and id, f(x) and
/// the output that is explained.
///
/// # Errors
///
/// [`Invalid`] where the inputs are no image: a shape `[channels, height, width]`, or a square number of them.
pub fn heatmap(
    network: &NetworkInfo,
    rules: &[&str],
    samples: &[Vec<Sample>],
    options: HeatmapOptions,
) -> Result<Picture, Invalid> {
    let pixels = pixels(network)?;
    let summed = |sample: &Sample| pixels.summed(&sample.layers[0].relevance);
    let relevance: Vec<Vec<Vec<f64>>> = (samples.iter())
        .map(|by_rule| by_rule.iter().map(summed).collect())
        .collect();
    let all = || relevance.iter().flatten().flatten();
    let scale = ColourScale {
        map: options.colormap,
        largest: largest_size(all()),
        signed: all().any(|&r| r < 0.0),
    };
    let drawn = Drawn {
        network,
        pixels,
        rules,
        options: HeatmapOptions {
            // A single image has the same scale either way, and its bar tells it.
            scales: if samples.len() * rules.len() > 1 {
                options.scales
            } else {
                Scales::One
            },
            ..options
        },
        scale,
    };
    let blocks = samples.iter().zip(&relevance).enumerate();
    let grid = Grid {
        title: title(network, rules),
        blocks: blocks
            .map(|(n, (by_rule, relevance))| drawn.block(n, &by_rule[0], relevance))
            .collect(),
        bar: (scale.largest > 0.0).then(|| drawn.bar()),
        notes: drawn.notes(samples),
    };
    Ok(grid.picture(options.columns))
}

/// Whether the inputs of a network can be drawn.
///
/// # Errors
///
/// As of [`heatmap`].
pub fn check_picture(network: &NetworkInfo) -> Result<(), Invalid> {
    pixels(network).map(|_| ())
}

/// A list of fewer inputs that have names is taken for the columns of a table.
const NAMED: usize = 16;

/// The pixels of the inputs; a few columns of a table are no image.
fn pixels(network: &NetworkInfo) -> Result<Pixels, Invalid> {
    let (shape, order) = network.picture();
    let pixels = Pixels::of(shape, order)?;
    match (shape, &network.layers[0].names[..]) {
        (&[inputs], [first, ..]) if inputs < NAMED => {
            let expected = "a heatmap needs inputs that are an image";
            let found = format!(
                "{inputs} with names, the first of them {}",
                printable(first)
            );
            Err(Invalid::new("input", expected, found))
        }
        _ => Ok(pixels),
    }
}

/// `mnist-32: relevance of the inputs under w2`
fn title(network: &NetworkInfo, rules: &[&str]) -> String {
    let of = match &network.name[..] {
        "" => "Relevance".to_owned(),
        name => format!("{name}: relevance"),
    };
    match rules {
        [rule] => format!("{of} of the inputs under {rule}"),
        _ => format!("{of} of the inputs"),
    }
}

/// What is the same for all samples.
struct Drawn<'h> {
    network: &'h NetworkInfo,
    pixels: Pixels,
    rules: &'h [&'h str],
    options: HeatmapOptions,
    /// That of all relevance.
    scale: ColourScale,
}

impl Drawn<'_> {
    /// The images of a sample, the `n`-th where it does not say which it is.
    fn block(&self, n: usize, sample: &Sample, by_rule: &[Vec<f64>]) -> Block {
        let several = by_rule.len() > 1;
        let activations = &sample.layers[0].activations;
        let mut images = Vec::new();
        if self.options.overlay == Overlay::Beside {
            images.push(Captioned {
                tile: Tile::values(self.pixels, activations),
                alt: "the input".to_owned(),
                above: if several {
                    "input".to_owned()
                } else {
                    String::new()
                },
                below: String::new(),
            });
        }
        for (relevance, rule) in by_rule.iter().zip(self.rules) {
            let scale = self.scale_of(relevance);
            let tile = Tile::scaled(self.pixels, relevance, scale);
            images.push(Captioned {
                tile: match self.options.overlay {
                    Overlay::Over => tile.over(self.pixels, activations, relevance, scale.largest),
                    Overlay::Beside | Overlay::Alone => tile,
                },
                alt: format!("relevance under {rule}"),
                above: if several {
                    (*rule).to_owned()
                } else {
                    String::new()
                },
                below: match self.options.scales {
                    Scales::Own if scale.largest == 0.0 => nothing(sample).to_owned(),
                    Scales::Own => format!("|R| ≤ {}", figure(scale.largest)),
                    Scales::One => String::new(),
                },
            });
        }
        Block {
            images,
            below: self.below(n, sample),
        }
    }

    /// Which sample it is, what is wrong with the answer, and what is explained.
    fn below(&self, n: usize, sample: &Sample) -> Vec<Line> {
        let number = format!("sample {}", sample.sample.unwrap_or(n));
        let label = sample.label.as_ref().map(|label| format!("label {label}"));
        let wrong = sample.wrong_answer(self.network);
        let mut lines = match (wrong, label) {
            (Some(said), Some(label)) => {
                let top = self.network.layers.len() - 1;
                let says = format!("× says {}, {label}", self.network.label(top, said));
                vec![Line::Words(number), Line::Wrong(says)]
            }
            (None, Some(label)) => vec![Line::Words(format!("{number}, {label}"))],
            (_, None) => vec![Line::Words(number)],
        };
        lines.extend((sample.id.as_ref()).map(|id| Line::Name(format!("id {id}"))));
        lines.push(Line::Words(format!(
            "f(x) = {}, {}",
            figure(sample.target.value),
            sample.target.in_words()
        )));
        lines
    }

    /// The scale of an image.
    fn scale_of(&self, relevance: &[f64]) -> ColourScale {
        match self.options.scales {
            Scales::Own => self.scale.up_to(largest_size(relevance)),
            Scales::One => self.scale,
        }
    }

    fn bar(&self) -> ColourBar {
        let bar = match self.options.scales {
            Scales::Own => ColourBar::of_each(self.scale),
            Scales::One => ColourBar::of_relevance(self.scale),
        };
        match self.options.overlay {
            Overlay::Over => bar.over_white(self.scale),
            Overlay::Beside | Overlay::Alone => bar,
        }
    }

    /// How the picture is read.
    fn notes(&self, samples: &[Vec<Sample>]) -> Vec<String> {
        let scales = match self.options.scales {
            Scales::Own => "Each image of relevance has its own scale, up to its largest |R|",
            Scales::One if samples.len() * self.rules.len() > 1 => {
                "All images of relevance have one scale"
            }
            Scales::One => "Relevance",
        };
        let inputs = samples
            .iter()
            .map(|by_rule| &by_rule[0].layers[0].activations[..]);
        let input = match self.options.overlay {
            Overlay::Beside => format!(" The input is {}.", self.pixels.in_words(inputs)),
            Overlay::Over => {
                " Below it lies the input in grey, which shows through where |R| is small; the bar has its colours over \
                 white."
                    .to_owned()
            }
            Overlay::Alone => String::new(),
        };
        let channels = match self.pixels.channels {
            1 => String::new(),
            all => format!(" Relevance is summed over {all} channels."),
        };
        vec![format!(
            "{scales}: {}.{input}{channels}",
            self.scale.in_words()
        )]
    }
}

/// Why no pixel has relevance.
fn nothing(sample: &Sample) -> &'static str {
    if sample.target.value == 0.0 {
        "R = 0: nothing to explain"
    } else {
        "R = 0: all of f(x) was lost"
    }
}
