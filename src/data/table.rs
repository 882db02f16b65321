//! Images from CSV: a line of names with a column `label` or `class`, or rows whose first number is the class; the
//! other columns are the pixels, 0 to 255, of a square.

use super::{Images, malformed};
use crate::error::{Error, Invalid, count};

/// A held-out row follows this many minus one to train on.
const HELD_OUT: usize = 6;

/// All rows.
pub(super) fn images(text: &[u8], file: &str) -> Result<Images, Error> {
    let rows = rows(text, file)?;
    gathered(&rows, file)
}

/// Every sixth row apart from the others.
pub(super) fn split(text: &[u8], file: &str) -> Result<(Images, Images), Error> {
    let (mut kept, mut held_out) = (Vec::new(), Vec::new());
    for (n, row) in rows(text, file)?.into_iter().enumerate() {
        if n % HELD_OUT == HELD_OUT - 1 {
            held_out.push(row);
        } else {
            kept.push(row);
        }
    }
    if held_out.is_empty() {
        return Err(malformed(
            file,
            Invalid::new("", format!("expected at least {HELD_OUT} rows"), kept.len()),
        ));
    }
    Ok((gathered(&kept, file)?, gathered(&held_out, file)?))
}

/// A class and its pixels.
type Row = (u8, Vec<u8>);

fn rows(text: &[u8], file: &str) -> Result<Vec<Row>, Error> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text);
    let (mut rows, mut label) = (Vec::new(), 0);
    for (n, record) in reader.records().enumerate() {
        let line = format!("line {}", n + 1);
        let record =
            record.map_err(|error| malformed(file, Invalid::new(&line, "expected CSV", error)))?;
        if n == 0 && record.iter().any(|field| field.parse::<f64>().is_err()) {
            let named = |field: &str| matches!(field.to_lowercase().as_str(), "label" | "class");
            label = record.iter().position(named).ok_or_else(|| {
                malformed(
                    file,
                    Invalid::new(&line, "expected a column named label", "none"),
                )
            })?;
            continue;
        }
        let numbers = record.iter().enumerate().map(|(field, text)| {
            text.parse::<u8>().map_err(|_| {
                let place = format!("{line}, field {}", field + 1);
                let expected = "expected a whole number from 0 to 255";
                malformed(file, Invalid::new(place, expected, format!("`{text}`")))
            })
        });
        let mut pixels = numbers.collect::<Result<Vec<u8>, Error>>()?;
        let width = rows
            .first()
            .map_or(pixels.len(), |(_, p): &Row| p.len() + 1);
        if pixels.len() != width || pixels.len() < 2 {
            let expected = format!(
                "expected {}, a class and its pixels",
                count(width.max(2), "number")
            );
            return Err(malformed(file, Invalid::new(line, expected, pixels.len())));
        }
        let class = pixels.remove(label);
        rows.push((class, pixels));
    }
    Ok(rows)
}

fn gathered(rows: &[Row], file: &str) -> Result<Images, Error> {
    let pixels = rows.first().map_or(1, |(_, pixels)| pixels.len());
    let side = pixels.isqrt();
    if side * side != pixels {
        return Err(malformed(
            file,
            Invalid::new(
                "",
                "expected the pixels of a square, as 784 for 28 × 28",
                pixels,
            ),
        ));
    }
    let labels = rows.iter().map(|(class, _)| *class).collect();
    let pixels = rows
        .iter()
        .flat_map(|(_, pixels)| pixels)
        .copied()
        .collect();
    Images::new(file, (side, side), pixels, labels)
}

#[cfg(test)]
mod tests {
    use super::{images, split};

    #[test]
    fn the_class_stands_first_or_where_a_line_of_names_says() {
        for text in ["7,0,255,1,2\n", "a,label,b,c,d\n0,7,255,1,2\n"] {
            let read = images(text.as_bytes(), "t.csv").expect("well-formed");
            assert_eq!(
                (read.label(0), read.image(0)),
                (7, &[0, 255, 1, 2][..]),
                "{text}"
            );
            assert_eq!((read.height, read.width), (2, 2));
        }
    }

    #[test]
    fn every_sixth_row_is_held_out() {
        let text = "0,0\n1,0\n2,0\n3,0\n4,0\n5,0\n6,0\n7,0\n8,0\n9,0\n10,0\n11,0\n";
        let (kept, held_out) = split(text.as_bytes(), "t.csv").expect("well-formed");
        assert_eq!((kept.len(), held_out.len()), (10, 2));
        assert_eq!((held_out.label(0), held_out.label(1)), (5, 11));
    }

    #[test]
    fn rows_that_are_no_squares_of_bytes_are_refused_by_line() {
        for (text, said) in [
            ("", "expected images"),
            ("1,2,3\n", "square"),
            ("1,2\n1\n", "line 2: expected 2 numbers"),
            (
                "1,256\n",
                "line 1, field 2: expected a whole number from 0 to 255",
            ),
            ("1,2\n1,0.5\n", "line 2, field 2"),
            ("x,y\n1,2\n", "column named label"),
        ] {
            let error = images(text.as_bytes(), "t.csv")
                .expect_err(text)
                .to_string();
            assert!(
                error.starts_with("t.csv: ") && error.contains(said),
                "{error}"
            );
        }
    }
}
