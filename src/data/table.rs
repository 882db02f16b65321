//! Images from CSV, a row an image: a column is the class, the others are the pixels.

use std::collections::HashMap;

use csv::StringRecord;

use super::columns::Columns;
use super::file::PackedFile;
use super::images::{Images, Pixels};
use super::lines::Lines;
use super::{ImageOptions, classes, malformed};
use crate::error::{Error, Invalid};
use crate::words::count;

/// The rows of a file; its classes have names.
#[derive(Debug)]
pub(super) struct Table {
    /// The file, as it was given.
    pub file: String,
    pub columns: Columns,
    pixels: Pixels,
    /// The class of each row, as a place in `names`.
    labels: Vec<u32>,
    /// The line of each row.
    lines: Vec<u32>,
    /// The classes, in the order in which they come.
    pub names: Vec<String>,
}

impl Table {
    /// Reads all rows, each as wide as the first line.
    pub(super) fn read(source: PackedFile, options: &ImageOptions) -> Result<Self, Error> {
        let mut lines = Lines::of(source)?;
        let columns = lines.columns(options, true)?;
        let mut rows = TableBuilder::new(lines.delimiter, columns);
        loop {
            rows.add(&lines.record).map_err(|(column, invalid)| {
                let mut path = lines.place();
                if let Some(at) = column {
                    path += &format!(", {}", rows.columns.name(at));
                }
                malformed(&lines.file, Invalid { path, ..invalid })
            })?;
            rows.lines
                .push(u32::try_from(lines.line()).unwrap_or(u32::MAX));
            if !lines.advance()? {
                break;
            }
        }
        Ok(Self {
            file: lines.file,
            columns: rows.columns,
            pixels: rows.pixels,
            labels: rows.labels,
            lines: rows.lines,
            names: rows.names,
        })
    }

    /// The rows as images; a class is its place among `names`, or a number where there are none.
    pub(super) fn images(
        self,
        sides: [usize; 2],
        names: Option<&[String]>,
    ) -> Result<Images, Error> {
        let class = |name: &String| classes::class(names, name);
        let classes: Vec<u32> = self.names.iter().map(class).collect();
        let labels = self.labels.iter().map(|&n| classes[n as usize]);
        let images = Images::new(&self.file, sides, self.pixels, labels.collect())?;
        Ok(images.of_lines(self.lines))
    }
}

/// The rows that have been read.
struct TableBuilder {
    decimal_comma: bool,
    columns: Columns,
    pixels: Pixels,
    labels: Vec<u32>,
    lines: Vec<u32>,
    names: Vec<String>,
    places: HashMap<String, u32>,
}

impl TableBuilder {
    fn new(delimiter: u8, columns: Columns) -> Self {
        Self {
            decimal_comma: delimiter != b',',
            columns,
            pixels: Pixels::Bytes(Vec::new()),
            labels: Vec::new(),
            lines: Vec::new(),
            names: Vec::new(),
            places: HashMap::new(),
        }
    }

    /// Adds a row, or says what is wrong with it, and in which column.
    fn add(&mut self, record: &StringRecord) -> Result<(), (Option<usize>, Invalid)> {
        let width = self.columns.width;
        if record.len() != width {
            let expected = format!("expected {} as in the first line", count(width, "field"));
            return Err((None, Invalid::new("", expected, record.len())));
        }
        for (at, field) in record.iter().enumerate() {
            if self.columns.left_out.contains(&at) {
                continue;
            }
            let added = if self.columns.label == Some(at) {
                self.class(field)
            } else {
                self.pixel(field)
            };
            added.map_err(|invalid| (Some(at), invalid))?;
        }
        Ok(())
    }

    fn class(&mut self, field: &str) -> Result<(), Invalid> {
        let name = match field.parse::<f64>() {
            // 3.0 and 03 are 3.
            Ok(number) if number.fract() == 0.0 => number.to_string(),
            Ok(_) => {
                let expected = "expected a class, a whole number or a name";
                return Err(Invalid::new("", expected, format!("`{field}`"))
                    .help("--label says which column is the class"));
            }
            Err(_) if field.is_empty() => {
                return Err(Invalid::new("", "expected a class", "nothing"));
            }
            Err(_) => field.to_owned(),
        };
        let next = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        let place = *self.places.entry(name).or_insert_with_key(|name| {
            self.names.push(name.clone());
            next
        });
        self.labels.push(place);
        Ok(())
    }

    fn pixel(&mut self, field: &str) -> Result<(), Invalid> {
        let value = match field.parse::<f64>() {
            Err(_) if self.decimal_comma => field.replacen(',', ".", 1).parse(),
            parsed => parsed,
        };
        match value {
            Ok(value) if value >= 0.0 && value.is_finite() => {
                self.pixels.push(value);
                Ok(())
            }
            Ok(value) if value < 0.0 => Err(Invalid::new(
                "",
                "expected a pixel of 0 or more",
                format!("`{field}`"),
            )
            .help("0 is the background, on which relevance is measured; shift the values so that it is 0")),
            _ => {
                let found = if field.is_empty() {
                    "nothing".to_owned()
                } else {
                    format!("`{field}`")
                };
                Err(Invalid::new("", "expected a pixel, a number", found)
                    .help("--id leaves out a column that is neither class nor pixel"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Table;
    use crate::data::ImageOptions;
    use crate::data::file::PackedFile;
    use crate::data::images::Images;
    use crate::error::Error;

    fn images(text: &[u8], label: &str) -> Result<Images, Error> {
        let options = ImageOptions {
            label: (!label.is_empty()).then(|| label.to_owned()),
            ..ImageOptions::default()
        };
        let table = Table::read(PackedFile::of("t.csv", text), &options)?;
        table.images([1, 2], None)
    }

    #[test]
    fn every_way_to_write_two_images_gives_the_same() {
        for (text, label) in [
            ("7,0,255\n3,16,5\n", "first"),
            ("0,255,7\n16,5,3\n", "last"),
            ("0,7,255\n16,3,5\n", "2"),
            ("a,label,b\n0,7,255\n16,3,5\n", ""),
            ("a,label,b\n0.0,7.0,255.0\n16.0,3.0,5.0\n", ""),
            (",a,b,digit\n0,0,255,7\n1,16,5,3\n", "digit"),
            ("a;label;b\n0,0;7;255\n16;3;5\n", ""),
            ("a\tlabel\tb\r\n0\t7\t255\r\n16\t3\t5\r\n", ""),
            ("\u{feff}label, a, b\n7, 0, 255\n\n3, 16, 5\n", ""),
            ("\"label\",\"a\",\"b\"\n7,0,255\n3,16,5\n", ""),
        ] {
            let read = images(text.as_bytes(), label).expect(text);
            assert_eq!((read.label(0), read.label(1)), (7, 3), "{text}");
            assert_eq!(
                (read.grey(0), read.grey(1)),
                (vec![0, 255], vec![16, 5]),
                "{text}"
            );
        }
    }

    #[test]
    fn every_row_is_as_wide_as_the_first_line() {
        for (text, said) in [
            ("", "expected images, found none"),
            ("label,a,b\n", "expected images, found none"),
            (
                "a,,class\n1,2\n",
                "line 2: expected 3 fields as in the first line, found 2",
            ),
            ("label,a,b\n1,2,3\n4,5,6,7\n", "line 3: expected 3 fields"),
            (
                "label,a,b\n1,2,\n",
                "line 2, column 3 (`b`): expected a pixel, a number, found nothing",
            ),
            (
                "label,a,b\n1,x,2\n",
                "line 2, column 2 (`a`): expected a pixel",
            ),
            (
                "label,a,b\n1,-1,2\n",
                "expected a pixel of 0 or more, found `-1`",
            ),
            (
                "label,a,b\n1,inf,2\n",
                "expected a pixel, a number, found `inf`",
            ),
            (
                "label,a,b\n1.5,1,2\n",
                "line 2, column 1 (`label`): expected a class",
            ),
            ("label,a,b\n,1,2\n", "expected a class, found nothing"),
            ("label,a,b\n1,2,3\n1,\u{0},3\n", "line 3, column 2"),
        ] {
            let error = images(text.as_bytes(), "").expect_err(text).to_string();
            assert!(
                error.starts_with("t.csv: ") && error.contains(said),
                "{error}"
            );
        }
        for (bytes, said) in [
            (
                &b"label,a,b\n1,\xe9,3\n"[..],
                "line 2: expected CSV in UTF-8",
            ),
            (b"\xff\xfel\0a\0", "found UTF-16"),
            (&[0, 0, 8, 3, 0, 0, 0, 1], "an IDX file"),
        ] {
            let error = images(bytes, "").expect_err(said).to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
