//! Samples for a network: a file of them, or what comes down a pipe, one after the other.
//!
//! JSON holds samples as lists of numbers, flat (`[1, 0.5, -0.25]`) or nested like the input's shape, or as objects by
//! the names of the inputs: one a line in `.jsonl`, a list of them in `.json`. A table (`.csv`, `.tsv`) holds one a
//! row, its columns divided by commas, semicolons, tabs or blanks, with or without a line of names. The first
//! line of any other text shows what it is.
//!
//! Arrays come as .npy, as .npz or as IDX, the format of MNIST: the first axis counts the samples, and the others are the
//! shape of the input, or its values one behind the other; an array of the input's own shape is one sample. Pictures come
//! as PNG and JPEG: one, several, or a folder of them, whose folders are their classes.
//!
//! What a file is follows from its first bytes. Each may be gzipped. All are read as they are asked for, so that
//! the number of samples does not matter.

mod arrays;
mod axes;
mod csv;
pub(crate) mod decimal;
pub(crate) mod divider;
pub(crate) mod idx;
mod json;
mod layout;
mod matching;
mod members;
mod object;
mod options;
mod pictures;
pub(crate) mod quotes;
mod record;
mod scale;
pub(crate) mod source;
pub(crate) mod tags;
mod unread;
mod values;
mod waiting;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use serde::de::IgnoredAny;

pub use options::{ReadOptions, Scale};
pub use pictures::pictures_in;
pub use record::{Record, Tag};

use self::arrays::{ArraySamples, OpenArray};
use self::decimal::divided;
use self::options::Wanted;
use self::pictures::PictureSamples;
use self::scale::Settled;
use self::source::{Kind, Source, SourceName, TextPieces};
use self::waiting::ArchiveFrom;
use crate::error::{Error, Invalid, Position};
use crate::network::Network;
use crate::npy::read::Header;
use crate::words::count;

/// An iterator over the samples of a source.
pub struct Samples {
    origin: SourceName,
    wanted: Wanted,
    format: FileFormat,
    live: bool,
    /// How many have been read.
    read: usize,
    /// The scale of the network file, where the values may need it.
    own: Option<f64>,
    /// The largest amount of a value that was divided.
    reach: f64,
    notes: Vec<String>,
}

enum FileFormat {
    Json(Box<json::JsonSamples>),
    Table(Box<csv::CsvRows>),
    Array(Box<ArraySamples>),
    Pictures(Box<PictureSamples>),
}

/// A sample as a format finds it.
#[derive(Debug, Default)]
struct Found {
    /// The line on which it begins, of text.
    line: usize,
    /// The number that it brings along.
    own: Option<usize>,
    id: Option<Tag>,
    label: Option<Tag>,
    values: Vec<f64>,
    written: Option<Vec<String>>,
}

/// What is asked of a sample, and how messages call its source.
#[derive(Clone, Copy)]
struct Wish<'w> {
    origin: &'w SourceName,
    wanted: &'w Wanted,
    /// The keys of the inputs, or none.
    keys: &'w [String],
}

impl Samples {
    /// Opens a file of samples for `network`, a folder of pictures, or the standard input where `file` is `-`.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] when it cannot be read and [`Error::Malformed`] when its beginning is not what the
    /// network takes, or can be read in two ways and `options` does not say which.
    pub fn open(file: &Path, network: &Network, mut options: ReadOptions) -> Result<Self, Error> {
        if file.is_dir() {
            return Self::of_pictures(&[file.to_owned()], network, options);
        }
        let source = Source::open(file)?;
        let complain = |invalid| source.origin.malformed(None, invalid);
        options.suit(source.kind).map_err(complain)?;
        let settled = if source.kind == Kind::Picture {
            Settled::default()
        } else {
            let settled = scale::settle(file, network, &options)?;
            options.scale.clone_from(&settled.scale);
            settled
        };
        let wanted = Wanted::new(network, options);
        let (origin, live) = (source.origin.clone(), source.live);
        let format = format(file, source, network, &wanted)?;
        Ok(Self {
            origin,
            wanted,
            format,
            live,
            read: 0,
            own: settled.own,
            reach: 0.0,
            notes: settled.note.into_iter().collect(),
        })
    }

    /// Opens pictures and folders of pictures for `network`: their samples one behind the other, those of a folder in the
    /// order of their names.
    ///
    /// # Errors
    ///
    /// As with [`open`](Self::open), and where there is no picture in a folder.
    pub fn of_pictures(
        given: &[PathBuf],
        network: &Network,
        options: ReadOptions,
    ) -> Result<Self, Error> {
        let wanted = Wanted::new(network, options);
        let pictures = PictureSamples::of_paths(given, network, &wanted)?;
        let first = given.first().map_or(Path::new(""), PathBuf::as_path);
        Ok(Self {
            origin: SourceName::of(first),
            wanted,
            format: FileFormat::Pictures(Box::new(pictures)),
            live: false,
            read: 0,
            own: None,
            reach: 0.0,
            notes: Vec::new(),
        })
    }

    /// Whether the samples may still be on their way: they come down a pipe and not from a file.
    pub fn is_live(&self) -> bool {
        self.live
    }

    /// How many samples there are, where that is known before they are read: of arrays and pictures, none of which was read yet.
    pub fn number(&self) -> Option<usize> {
        match &self.format {
            FileFormat::Json(_) | FileFormat::Table(_) => None,
            FileFormat::Array(samples) => Some(samples.samples()),
            FileFormat::Pictures(pictures) => Some(pictures.left()),
        }
    }

    /// How messages call the source.
    pub fn name(&self) -> &str {
        &self.origin.0
    }

    /// What was found out about the source since this was last asked, and could have been otherwise: sentences.
    pub fn notes(&mut self) -> Vec<String> {
        let more = match &mut self.format {
            FileFormat::Json(samples) => samples.notes(),
            FileFormat::Table(rows) => rows.notes(),
            FileFormat::Array(samples) => samples.notes(),
            FileFormat::Pictures(pictures) => pictures.notes(),
        };
        let mut notes = std::mem::take(&mut self.notes);
        notes.extend(more);
        notes
    }

    /// Numbers and scales what a format found.
    fn record(&mut self, found: Found) -> Result<Record, Error> {
        let mut record = Record {
            number: found
                .own
                .unwrap_or(self.wanted.options.first.saturating_add(self.read)),
            id: found.id,
            label: found.label,
            values: found.values,
            written: found.written,
        };
        self.read += 1;
        if matches!(self.format, FileFormat::Pictures(_)) {
            // They are scaled as they are read.
            return Ok(record);
        }
        if let Some(Scale::By(text, divisor)) = &self.wanted.options.scale {
            record.values.iter_mut().for_each(|x| *x /= divisor);
            let written = record.written.iter_mut().flatten();
            written.for_each(|number| *number = divided(number, text));
            let sizes = record.values.iter().map(|x| x.abs());
            self.reach = sizes.fold(self.reach, f64::max);
        }
        match scale::misfit(&self.wanted, self.own, &record.values) {
            Some((i, invalid)) => {
                let invalid = self.located(i, &record.values, invalid);
                let position = (found.line > 0).then(|| Position::of_line(found.line));
                Err(self.origin.malformed(position, invalid))
            }
            None => Ok(record),
        }
    }

    /// The complaint about the i-th value with the column that it stands in, which may be that of the classes, or the place
    /// in its array.
    fn located(&self, i: usize, values: &[f64], invalid: Invalid) -> Invalid {
        let rows = match &self.format {
            FileFormat::Table(rows) => rows,
            FileFormat::Array(samples) => return invalid.below(&samples.place(i)),
            FileFormat::Json(_) | FileFormat::Pictures(_) => return invalid,
        };
        let (column, label) = rows.column(i);
        let help = match label.filter(|_| self.wanted.only_misfit(i, values)) {
            Some(label) => invalid
                .help
                .map(|help| format!("is this the class? --label {label}; else {help}")),
            None => invalid.help,
        };
        Invalid {
            path: column,
            message: invalid.message,
            help,
        }
    }
}

impl Iterator for Samples {
    type Item = Result<Record, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let found = match &mut self.format {
            FileFormat::Json(samples) => samples.next(&self.wanted).transpose(),
            FileFormat::Table(rows) => rows.next(),
            FileFormat::Array(samples) => samples.next().transpose(),
            FileFormat::Pictures(pictures) => pictures.next(&self.wanted).transpose(),
        };
        if found.is_none() {
            let sliver =
                scale::sliver(std::mem::take(&mut self.reach), self.wanted.bounds.as_ref());
            self.notes.extend(sliver);
        }
        Some(found?.and_then(|found| self.record(found)))
    }
}

/// The samples of a source, by what it is.
fn format(
    file: &Path,
    source: Source,
    network: &Network,
    wanted: &Wanted,
) -> Result<FileFormat, Error> {
    let Source {
        origin,
        kind,
        mut bytes,
        packed,
        size,
        ..
    } = source;
    let input = network.input();
    let header = match kind {
        Kind::Text => {
            let pieces = TextPieces::new(bytes, wanted.longest());
            return text(file, &origin, pieces, wanted);
        }
        Kind::Picture => {
            let pictures = PictureSamples::of_source(origin, bytes, network, wanted)?;
            return Ok(FileFormat::Pictures(Box::new(pictures)));
        }
        Kind::Archive => {
            let from = match size {
                Some(_) => ArchiveFrom::File(file),
                None if packed => ArchiveFrom::Packed(bytes),
                None => ArchiveFrom::Pipe(bytes),
            };
            let samples = members::open(origin, from, input, wanted)?;
            return Ok(FileFormat::Array(Box::new(samples)));
        }
        Kind::Array => Header::read(&mut bytes),
        Kind::Idx => idx::header(&mut bytes),
    };
    let header = header.map_err(|reason| origin.unreadable(reason))?;
    let array = OpenArray {
        left: size.map(|size| size.saturating_sub(header.length)),
        header,
        bytes: Box::new(BufReader::with_capacity(1 << 16, bytes)),
        member: None,
    };
    let mut samples = ArraySamples::new(origin, array, input, wanted)?;
    members::beside_array(&mut samples, wanted)?;
    Ok(FileFormat::Array(Box::new(samples)))
}

/// The samples of a text, in the format that the name of its file says, else its first line.
fn text(
    file: &Path,
    origin: &SourceName,
    pieces: TextPieces,
    wanted: &Wanted,
) -> Result<FileFormat, Error> {
    let json = |pieces, lines| {
        let samples = json::JsonSamples::new(origin.clone(), pieces, lines, wanted)?;
        Ok(FileFormat::Json(Box::new(samples)))
    };
    let table = |pieces| {
        let rows = csv::CsvRows::new(origin.clone(), pieces, wanted)?;
        Ok(FileFormat::Table(Box::new(rows)))
    };
    let name = file.to_string_lossy().to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    match name.rsplit('.').next() {
        Some("json") => return json(pieces, false),
        Some("jsonl" | "ndjson") => return json(pieces, true),
        Some("csv" | "tsv") => return table(pieces),
        _ => {}
    }
    let (first, pieces) = first_line(pieces).map_err(|reason| origin.unreadable(reason))?;
    if !matches!(first.trim_ascii().first(), Some(b'[' | b'{')) {
        return table(pieces);
    }
    let goes_on = serde_json::from_slice::<IgnoredAny>(&first).is_err_and(|error| error.is_eof());
    json(pieces, !goes_on)
}

/// The first line that is not empty, or as much of it as a sample may have, and the text from its beginning.
fn first_line(mut pieces: TextPieces) -> std::io::Result<(Vec<u8>, TextPieces)> {
    let mut first = Vec::new();
    while first.trim_ascii().is_empty() {
        let most = pieces.limit() - first.len();
        let mut line = std::io::Read::take(&mut pieces, most as u64);
        if line.read_until(b'\n', &mut first)? == 0 {
            break;
        }
    }
    Ok((first.clone(), pieces.before(first)))
}

fn of_length(sample: &[f64], inputs: usize) -> Result<(), Invalid> {
    if sample.len() == inputs {
        Ok(())
    } else {
        Err(Invalid::new(
            "",
            format!("expected {}, one for each input", count(inputs, "number")),
            sample.len(),
        ))
    }
}
