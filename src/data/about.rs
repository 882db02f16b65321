//! What the columns of a table were taken for, in words.

use super::ImageOptions;
use super::columns::Columns;
use super::images::Images;
use crate::words::{agree, count, grouped};

/// Fewer columns than this are seldom an image.
const IMAGE: usize = 49;

/// Columns that differ more in range are said: one divisor is used for all.
const FOLD: f64 = 100.0;

/// What the columns of a CSV file are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableInfo {
    /// The number of the column of classes, from 1.
    pub label: usize,
    /// Its name, where it has one.
    pub label_name: Option<String>,
    /// The names of the columns of pixels, where each has one of its own; else none.
    pub pixels: Vec<String>,
    /// Whether a row looks like anything but an image, by the number and the names of its columns.
    unlike_image: bool,
    /// Whether somebody said that it has sides.
    shaped: bool,
    /// Whether it is one pixel high, or wide.
    is_row: bool,
}

impl TableInfo {
    /// Whether nothing says that a row is an image.
    pub fn is_no_image(&self) -> bool {
        self.unlike_image && (self.is_row || !self.shaped)
    }

    pub(super) fn of(columns: &Columns, sides: [usize; 2], options: &ImageOptions) -> Self {
        let label = columns.label.unwrap_or_default();
        let name = (columns.header.as_ref()).map(|names| names[label].clone());
        let shaped = [options.shape, options.likely].contains(&Some(sides));
        let is_row = sides.contains(&1);
        let names = columns.pixel_names();
        Self {
            label: label + 1,
            label_name: name.filter(|name| !name.is_empty()),
            unlike_image: !are_numbered(&names)
                || columns.pixels() < IMAGE && !names.iter().any(|name| is_pixel(name)),
            shaped,
            is_row,
            pixels: names,
        }
    }

    /// What was taken for what, a sentence each.
    pub(super) fn notes(&self, columns: &Columns) -> Vec<String> {
        let label = columns
            .label
            .map_or_else(String::new, |at| columns.name(at));
        let pixels = columns.pixels();
        let is = if self.is_no_image() {
            agree(pixels, "is an input", "are inputs")
        } else {
            agree(pixels, "is a pixel", "are pixels")
        };
        let number = count(pixels, "column");
        let mut notes = vec![format!("The class is {label}; {number} {is}.")];
        notes.extend((columns.left_out.iter()).map(|&at| {
            let (name, why) = (capital(&columns.name(at)), columns.why_left_out(at));
            format!("{name} is left out: {why}.")
        }));
        notes.extend(columns.other_classes().into_iter().map(|at| {
            format!(
                "{} is read as {}, although its name is that of a class: --label {} makes it the class, --id {} leaves \
                 it out.",
                capital(&columns.name(at)),
                self.one(),
                at + 1,
                at + 1
            )
        }));
        notes
    }

    fn one(&self) -> &'static str {
        if self.is_no_image() {
            "an input"
        } else {
            "a pixel"
        }
    }

    /// What is to be known where rows are no images.
    pub(super) fn cautions(&self, images: &Images) -> Vec<String> {
        let mut notes = Vec::new();
        if self.is_no_image() && !self.shaped {
            notes.push(format!(
                "{} read as {} × {} pixels; --layers 1xHxW changes that.",
                count(images.size(), "column"),
                images.height,
                images.width
            ));
        }
        if self.unlike_image {
            notes.extend(self.uneven(images));
        }
        notes
    }

    /// Says which columns differ most in range, where that is much.
    fn uneven(&self, images: &Images) -> Option<String> {
        let ranges = images.ranges();
        let spread = || (0..ranges.len()).filter(|&i| ranges[i] > 0.0);
        let least = spread().min_by(|&a, &b| ranges[a].total_cmp(&ranges[b]))?;
        let most = spread().max_by(|&a, &b| ranges[a].total_cmp(&ranges[b]))?;
        let fold = ranges[most] / ranges[least];
        let name = |i: usize| {
            let name = self.pixels.get(i);
            name.map_or_else(|| format!("pixel {i}"), |name| format!("`{name}`"))
        };
        (fold > FOLD).then(|| {
            format!(
                "Columns differ up to {}-fold in range ({}, {}): scale them first, because all are divided by one number.",
                grouped(rounded(fold)),
                name(least),
                name(most)
            )
        })
    }
}

/// Whether names are those of pixels: one word with numbers behind it, or numbers alone.
fn are_numbered(names: &[String]) -> bool {
    let word = |name: &String| -> Option<String> {
        let is_number = |c: char| c.is_ascii_digit() || "_-.,x× ".contains(c);
        let word = name.trim_end_matches(is_number);
        (word.len() < name.len()).then(|| word.to_owned())
    };
    let first = names.first().map(word);
    // Without names nothing says that they are none.
    first.is_none_or(|first| first.is_some() && names.iter().all(|name| word(name) == first))
}

/// Whether a name says itself what it is of.
fn is_pixel(name: &str) -> bool {
    name.to_lowercase().starts_with("pix")
}

fn rounded(fold: f64) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "above 0; what is beyond saturates"
    )]
    let whole = fold.round() as usize;
    whole
}

/// A sentence begins with a capital.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::are_numbered;

    #[test]
    fn names_of_pixels_are_one_word_with_numbers_behind_it() {
        for (names, numbered) in [
            (&["pixel_0_0", "pixel_0_1"][..], true),
            (&["1x1", "1x2", "28x28"], true),
            (&["0", "1", "2"], true),
            (&["x1", "x2"], true),
            (&[], true),
            (&["sepal length (cm)", "petal width (cm)"], false),
            (&["x1", "y1"], false),
            (&["hue", "od280/od315"], false),
        ] {
            let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
            assert_eq!(are_numbered(&names), numbered, "{names:?}");
        }
    }
}
