//! Results as arrays of NumPy: a row a sample, or one for each target of each sample, in an `.npz`.
//!
//! `ids` and `labels` are text, empty where a sample brought none; `sample` and `target` whole numbers, `target` −1 where all
//! outputs are explained together; `minus` is the output that a contrast takes from it, −1 where there is none, and only there
//! where a contrast is explained; `value` is f(x); `relevance` is that of the input, in the shape that its arrays have;
//! then come the [figures](Figures) of the sample, and `level_L`, the relevance of level L, where it was asked for.
//! Under several rules there is one array a rule of the relevance and of each figure, as `relevance@w2`.

use std::io::{self, BufRead, Read, Seek, Write};

use flate2::Crc;

use crate::npy::{Archive, Body, Kind, header};
use crate::result::{Figures, NetworkInfo, Sample};
use crate::samples::Tag;
use crate::words::grouped;

/// A text of more characters is refused: all of an array are as wide as the longest.
const LONGEST_TEXT: usize = 1000;

/// Takes samples one after the other, and has the file when all are there. How many come does not matter: every array waits
/// in a place of its own, of the type `S`.
pub struct Npz<S> {
    /// In the order of the file.
    arrays: Vec<Array<S>>,
    samples: usize,
    /// Whether any of them is explained by a contrast.
    contrasts: bool,
    /// A row as it is written.
    row: Vec<u8>,
}

/// An array on its way.
struct Array<S> {
    what: What,
    /// The place of its rule; that of the first where all rules have the same.
    rule: usize,
    /// What it is called.
    name: String,
    /// The shape of a row.
    shape: Vec<usize>,
    place: S,
    length: u64,
    crc: Crc,
    /// Characters of the longest text, where there are texts.
    width: usize,
}

/// What an array holds of each sample.
#[derive(Clone, Copy)]
enum What {
    Id,
    Label,
    Number,
    Target,
    Minus,
    Value,
    Relevance(usize),
    Figure(usize),
}

impl<S: Write> Npz<S> {
    /// Without samples yet: `array` is the shape of one sample in files of arrays, `levels` are those whose relevance is
    /// wanted beside the input's, `rules` tells the arrays of one rule from those of another where there are several, and
    /// `place` makes room for an array.
    pub fn new(
        network: &NetworkInfo,
        array: &[usize],
        levels: &[usize],
        rules: &[&str],
        figures: Figures,
        mut place: impl FnMut() -> S,
    ) -> Self {
        let above = levels.iter().filter(|&&l| l > 0);
        let above = above.map(|&l| What::Relevance(l));
        let figures = (0..figures.names().len()).map(What::Figure);
        let of_rule: Vec<What> = [What::Relevance(0)]
            .into_iter()
            .chain(figures)
            .chain(above)
            .collect();
        let first = [
            What::Id,
            What::Label,
            What::Number,
            What::Target,
            What::Minus,
            What::Value,
        ];
        let first = first.into_iter().map(|what| (what, 0, what.name()));
        let each = (0..rules.len().max(1)).flat_map(|rule| {
            let name = move |what: What| match rules {
                [] | [_] => what.name(),
                several => format!("{}@{}", what.name(), several[rule]),
            };
            of_rule.iter().map(move |&what| (what, rule, name(what)))
        });
        let arrays = first.chain(each).map(|(what, rule, name)| Array {
            what,
            rule,
            name,
            shape: what.shape(network, array),
            place: place(),
            length: 0,
            crc: Crc::new(),
            width: 1,
        });
        Self {
            arrays: arrays.collect(),
            samples: 0,
            contrasts: false,
            row: Vec::new(),
        }
    }

    /// Adds a sample as each rule explains it, the `n`-th of the result where it does not say which it is.
    ///
    /// # Errors
    ///
    /// What a writer says; where an id or a label has more than 1,000 characters, or a number is beyond 63 bits.
    ///
    /// # Panics
    ///
    /// When a level that is wanted is left out of the sample, and when there is not one explanation a rule.
    pub fn sample(&mut self, n: usize, by_rule: &[Sample]) -> io::Result<()> {
        let minus = by_rule[0].target.minus.as_ref().map(|minus| minus.index);
        self.contrasts |= minus.is_some();
        let row = &mut self.row;
        for array in &mut self.arrays {
            row.clear();
            let sample = &by_rule[array.rule];
            let number = sample.sample.unwrap_or(n);
            match array.what {
                What::Id => array.text("id", number, sample.id.as_ref(), row)?,
                What::Label => array.text("label", number, sample.label.as_ref(), row)?,
                What::Number => row.extend(whole(Some(number), number)?),
                What::Target => row.extend(whole(sample.target.index, number)?),
                What::Minus => row.extend(whole(minus, number)?),
                What::Value => row.extend(sample.target.value.to_le_bytes()),
                What::Figure(figure) => row.extend(sample.figures()[figure].to_le_bytes()),
                What::Relevance(l) => {
                    let relevance = &sample.layers[l].relevance;
                    let units: usize = array.shape.iter().product();
                    assert_eq!(relevance.len(), units, "level {l} is whole");
                    row.resize(8 * units, 0);
                    let to = row.as_chunks_mut().0.iter_mut();
                    to.zip(relevance).for_each(|(to, r)| *to = r.to_le_bytes());
                }
            }
            array.place.write_all(row)?;
            array.length += row.len() as u64;
            array.crc.update(row);
        }
        self.samples += 1;
        Ok(())
    }

    /// The file, from its beginning; `read` gives what was written to a place, from its beginning.
    ///
    /// # Errors
    ///
    /// What a reader says.
    pub fn finish<R: BufRead + Seek>(
        self,
        read: impl Fn(S) -> io::Result<R>,
    ) -> io::Result<impl Read> {
        let mut archive = Archive::new();
        let contrasts = self.contrasts;
        let is_there = |array: &Array<S>| contrasts || !matches!(array.what, What::Minus);
        for array in self.arrays.into_iter().filter(is_there) {
            let (what, width) = (array.what, array.width);
            let shape = [&[self.samples], &array.shape[..]].concat();
            let from = read(array.place)?;
            let body = if what.is_text() {
                texts(from, width, self.samples)?
            } else {
                Body {
                    from: Values::Numbers(from),
                    length: array.length,
                    crc: array.crc,
                }
            };
            archive.add(&array.name, header(what.kind(width), &shape), body);
        }
        Ok(archive.finish())
    }
}

impl What {
    /// What the array is called.
    fn name(self) -> String {
        match self {
            Self::Id => "ids".to_owned(),
            Self::Label => "labels".to_owned(),
            Self::Number => "sample".to_owned(),
            Self::Target => "target".to_owned(),
            Self::Minus => "minus".to_owned(),
            Self::Value => "value".to_owned(),
            Self::Relevance(0) => "relevance".to_owned(),
            Self::Relevance(level) => format!("level_{level}"),
            Self::Figure(figure) => Figures::Absorbed.names()[figure].to_owned(),
        }
    }

    fn is_text(self) -> bool {
        matches!(self, Self::Id | Self::Label)
    }

    fn kind(self, width: usize) -> Kind {
        match self {
            Self::Id | Self::Label => Kind::Text(width),
            Self::Number | Self::Target | Self::Minus => Kind::Whole,
            Self::Value | Self::Relevance(_) | Self::Figure(_) => Kind::Float,
        }
    }

    /// The shape of a row: of the input that of its arrays, of a picture `[channels, height, width]`.
    fn shape(self, network: &NetworkInfo, array: &[usize]) -> Vec<usize> {
        match self {
            Self::Relevance(0) => array.to_vec(),
            Self::Relevance(level) => match &network.layers[level] {
                level if level.shape.is_empty() => vec![level.units],
                level => level.shape.clone(),
            },
            _ => Vec::new(),
        }
    }
}

impl<S> Array<S> {
    /// A text behind its length, by which it is found again.
    fn text(
        &mut self,
        what: &str,
        sample: usize,
        tag: Option<&Tag>,
        row: &mut Vec<u8>,
    ) -> io::Result<()> {
        let text = tag.map_or_else(String::new, Tag::to_string);
        let characters = text.chars().count();
        if characters > LONGEST_TEXT {
            return Err(io::Error::other(format!(
                "the {what} of sample {sample} has {} characters, and all texts of an array are as wide as the longest: \
                 expected {} at the most\n  help: --format jsonl has it whole",
                grouped(characters),
                grouped(LONGEST_TEXT)
            )));
        }
        self.width = self.width.max(characters);
        row.extend(u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
        row.extend(text.as_bytes());
        Ok(())
    }
}

/// A whole number, or −1 for none.
fn whole(number: Option<usize>, sample: usize) -> io::Result<[u8; 8]> {
    let number = number.map_or(Ok(-1), i64::try_from);
    number.map(i64::to_le_bytes).map_err(|_| {
        io::Error::other(format!(
            "the number of sample {sample} is beyond the whole numbers of an array, 2^63 − 1"
        ))
    })
}

/// Texts that were written behind their lengths, as an array has them; read once for their sum, and then again.
fn texts<R: BufRead + Seek>(from: R, width: usize, samples: usize) -> io::Result<Body<Values<R>>> {
    let mut texts = Texts {
        from,
        width,
        text: Vec::new(),
        taken: 0,
    };
    let (mut crc, mut row) = (Crc::new(), Vec::new());
    for _ in 0..samples {
        row.clear();
        (&mut texts).take(4 * width as u64).read_to_end(&mut row)?;
        crc.update(&row);
    }
    texts.from.rewind()?;
    Ok(Body {
        from: Values::Texts(texts),
        length: 4 * width as u64 * samples as u64,
        crc,
    })
}

/// What is in an array.
enum Values<R> {
    Numbers(R),
    Texts(Texts<R>),
}

impl<R: BufRead> Read for Values<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Numbers(from) => from.read(to),
            Self::Texts(from) => from.read(to),
        }
    }
}

/// Texts behind their lengths, read as characters of four bytes, so many a text.
struct Texts<R> {
    from: R,
    width: usize,
    /// The text at hand, and how much of it was taken.
    text: Vec<u8>,
    taken: usize,
}

impl<R: BufRead> Texts<R> {
    /// The next text; empty where there is none.
    fn advance(&mut self) -> io::Result<()> {
        (self.taken, self.text) = (0, Vec::new());
        if self.from.fill_buf()?.is_empty() {
            return Ok(());
        }
        let mut length = [0; 4];
        self.from.read_exact(&mut length)?;
        let mut utf8 = vec![0; u32::from_le_bytes(length) as usize];
        self.from.read_exact(&mut utf8)?;
        let text = String::from_utf8(utf8).map_err(io::Error::other)?;
        self.text = text
            .chars()
            .flat_map(|c| u32::from(c).to_le_bytes())
            .collect();
        self.text.resize(4 * self.width, 0);
        Ok(())
    }
}

impl<R: BufRead> Read for Texts<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.text.len() {
            self.advance()?;
        }
        let taken = (self.text.len() - self.taken).min(to.len());
        to[..taken].copy_from_slice(&self.text[self.taken..self.taken + taken]);
        self.taken += taken;
        Ok(taken)
    }
}
