//! Data of one CSV file, or of two, one to train on and one held out.

use std::path::Path;

use super::file::Source;
use super::lines::Lines;
use super::split::split;
use super::table::Table;
use super::{Data, Reading, about, classes, malformed};
use crate::error::{Error, Invalid};
use crate::words::count;

impl Data {
    /// Of a table, and of another that is held out where it has classes, too.
    pub(super) fn of_tables(
        train: &Path,
        test: Option<&Path>,
        reading: &Reading,
    ) -> Result<Self, Error> {
        let table = Table::read(Source::open(train)?, reading)?;
        let about = about::Table::of(&table.columns, sides(&table, reading)?, reading);
        let mut notes = about.notes(&table.columns);
        let mut files = vec![train.to_owned()];
        let test = match test {
            Some(path) if has_classes(path, &table, reading)? => {
                files.push(path.to_owned());
                Some(Table::read(Source::open(path)?, reading)?)
            }
            Some(path) => {
                notes.push(format!(
                    "{} has no column of classes: images of {} are held out in its place.",
                    path.display(),
                    table.file
                ));
                None
            }
            None => None,
        };
        let names = classes::names([Some(&table), test.as_ref()].into_iter().flatten());
        let images = |table: Table| {
            let sides = sides(&table, reading)?;
            table.images(sides, names.as_deref())
        };
        let file = table.file.clone();
        let drawn = test.is_none();
        let (source, (train, test)) = match test {
            Some(test) => ("held out".to_owned(), (images(table)?, images(test)?)),
            None => (
                format!("held out, drawn by seed {}", reading.seed),
                split(images(table)?, reading.seed).ok_or_else(|| undivided(&file))?,
            ),
        };
        notes.extend(about.cautions(&train));
        Ok(Self {
            source,
            notes,
            files,
            held_out: if drawn {
                test.lines().to_vec()
            } else {
                Vec::new()
            },
            table: Some(about),
            names,
            built_in: false,
            train,
            test,
        })
    }
}

fn undivided(file: &str) -> Error {
    let expected = "expected two images or more of a class, so that one can be held out";
    malformed(file, Invalid::new("", expected, "one of each"))
}

/// Whether a file has the columns of `train`, and not only its pixels.
fn has_classes(path: &Path, train: &Table, reading: &Reading) -> Result<bool, Error> {
    // Its columns are those of the other file, so that only one of them may be ambiguous.
    let reading = Reading {
        label: None,
        id: None,
        header: Some(train.columns.header.is_some()),
        ..reading.clone()
    };
    let mut lines = Lines::of(Source::open(path)?)?;
    let columns = lines.columns(&reading, false)?;
    match (&train.columns.header, &columns.header, train.columns.label) {
        (Some(expected), Some(found), Some(label)) if found.contains(&expected[label]) => {
            same_names(expected, found, &train.file)
                .map_err(|invalid| malformed(&lines.file, invalid))?;
            Ok(true)
        }
        (Some(_), ..) => Ok(false),
        (None, ..) if columns.width == train.columns.width => Ok(true),
        (None, ..) if columns.width + 1 == train.columns.width => Ok(false),
        _ => {
            let expected = count(train.columns.width, "column");
            let expected = format!("expected {expected} as in {}", train.file);
            Err(malformed(
                &lines.file,
                Invalid::new("", expected, columns.width),
            ))
        }
    }
}

/// Pixels are told apart by their place, which two files of one header share.
fn same_names(expected: &[String], found: &[String], file: &str) -> Result<(), Invalid> {
    if expected.len() != found.len() {
        let expected = format!("expected {} as in {file}", count(expected.len(), "column"));
        return Err(Invalid::new("line 1", expected, found.len()));
    }
    let differ = expected.iter().zip(found).position(|(a, b)| a != b);
    match differ {
        None => Ok(()),
        Some(at) => Err(Invalid::new(
            format!("line 1, column {}", at + 1),
            format!("expected `{}` as in {file}", expected[at]),
            format!("`{}`", found[at]),
        )),
    }
}

/// Height and width: as asked for, or as is likely where it fits, or those of a square.
fn sides(table: &Table, reading: &Reading) -> Result<(usize, usize), Error> {
    let pixels = table.columns.pixels();
    let square = pixels.isqrt();
    let likely = reading
        .likely
        .filter(|[height, width]| height * width == pixels);
    let refused = |expected: String, help: &str| {
        malformed(&table.file, Invalid::new("", expected, pixels).help(help))
    };
    match (reading.shape, likely) {
        (Some([height, width]), _) if height * width == pixels => Ok((height, width)),
        (Some([height, width]), _) => Err(refused(
            format!("expected {height} × {width} pixels, as --shape says"),
            "--label and --id say which columns are no pixels",
        )),
        (None, Some([height, width])) => Ok((height, width)),
        (None, None) if square * square == pixels => Ok((square, square)),
        (None, None) => Err(refused(
            "expected the pixels of a square, as 784 for 28 × 28".to_owned(),
            &format!(
                "--shape HEIGHTxWIDTH says what else they are, as --shape 1x{pixels}; --id leaves out a column that is no \
                 pixel"
            ),
        )),
    }
}
