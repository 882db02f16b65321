//! Data of one CSV file, or of two, one to train on and one held out.

use std::path::Path;

use super::file::PackedFile;
use super::lines::Lines;
use super::split::split;
use super::table::Table;
use super::{Data, ImageOptions, about, classes, malformed};
use crate::error::{Error, Invalid};
use crate::words::count;

impl Data {
    /// Of a table, and of another that is held out where it has classes, too.
    pub(super) fn of_tables(
        train: &Path,
        test: Option<&Path>,
        options: &ImageOptions,
    ) -> Result<Self, Error> {
        let table = Table::read(PackedFile::open(train)?, options)?;
        let about = about::TableInfo::of(&table.columns, sides(&table, options)?, options);
        let mut notes = about.notes(&table.columns);
        let mut files = vec![train.to_owned()];
        let test = match test {
            Some(path) if has_classes(path, &table, options)? => {
                files.push(path.to_owned());
                Some(Table::read(PackedFile::open(path)?, options)?)
            }
            Some(path) => {
                notes.push(format!(
                    "{} has no column with classes, so images of {} are held out instead.",
                    path.display(),
                    table.file
                ));
                None
            }
            None => None,
        };
        let names = classes::names([Some(&table), test.as_ref()].into_iter().flatten());
        let images = |table: Table| {
            let sides = sides(&table, options)?;
            table.images(sides, names.as_deref())
        };
        let file = table.file.clone();
        let drawn = test.is_none();
        let (source, (train, test)) = match test {
            Some(test) => ("held out".to_owned(), (images(table)?, images(test)?)),
            None => (
                format!("held out, drawn by seed {}", options.seed),
                split(images(table)?, options.seed).ok_or_else(|| undivided(&file))?,
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
    let expected = "expected a class with two or more images, so that one can be held out";
    malformed(file, Invalid::new("", expected, "one of each"))
}

/// Whether a file has the columns of `train`, and not only its pixels.
fn has_classes(path: &Path, train: &Table, options: &ImageOptions) -> Result<bool, Error> {
    // Its columns are those of the other file, so that only one of them may be ambiguous.
    let options = ImageOptions {
        label: None,
        id: None,
        header: Some(train.columns.header.is_some()),
        ..options.clone()
    };
    let mut lines = Lines::of(PackedFile::open(path)?)?;
    let columns = lines.columns(&options, false)?;
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

/// Pixels are distinguished by their place, which two files of one header share.
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
fn sides(table: &Table, options: &ImageOptions) -> Result<[usize; 2], Error> {
    let pixels = table.columns.pixels();
    let square = pixels.isqrt();
    let likely = options
        .likely
        .filter(|[height, width]| height * width == pixels);
    let refused = |expected: String, help: &str| {
        malformed(&table.file, Invalid::new("", expected, pixels).help(help))
    };
    match (options.shape, likely) {
        (Some([height, width]), _) if height * width == pixels => Ok([height, width]),
        (Some([height, width]), _) => Err(refused(
            format!("expected {height} × {width} pixels, as --shape says"),
            "--label and --id name the columns that are not pixels",
        )),
        (None, Some([height, width])) => Ok([height, width]),
        (None, None) if square * square == pixels => Ok([square, square]),
        (None, None) => Err(refused(
            "expected the pixels of a square, as 784 for 28 × 28".to_owned(),
            &format!(
                "--shape HEIGHTxWIDTH gives another shape, as --shape 1x{pixels}; --id leaves out a column that is not a \
                 pixel"
            ),
        )),
    }
}
