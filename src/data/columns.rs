//! Which column of a CSV file is the class, and which are pixels.

use std::collections::HashSet;

use csv::StringRecord;

use super::ImageOptions;
use crate::error::Invalid;
use crate::samples::divider::is_number;
use crate::samples::tags::{IDS, INDEXES, LABELS, is_one_of};
use crate::spelling::did_you_mean;
use crate::words::count;

/// What the columns of a CSV file are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    /// The names, where the first line has them.
    pub header: Option<Vec<String>>,
    /// Fields of every row.
    pub width: usize,
    /// The class; none in a file without classes.
    pub label: Option<usize>,
    /// What is neither class nor pixel.
    pub left_out: Vec<usize>,
}

impl Columns {
    /// Finds out from the first line, and from what was asked for; without a column of classes where there need be none.
    pub(super) fn of(
        first: &StringRecord,
        options: &ImageOptions,
        needs_label: bool,
    ) -> Result<Self, Invalid> {
        let has_names = match (options.header, begins_with(first)) {
            (Some(header), _) => header,
            (None, Beginning::Names) => true,
            (None, Beginning::Values) => false,
            (None, Beginning::Either) => {
                let found = "a line that could be either";
                return Err(Invalid::new(
                    "",
                    "expected names of columns, or a row of values",
                    found,
                )
                .help("--header yes reads it as names, --header no as a row"));
            }
        };
        let mut columns = Self {
            header: has_names.then(|| first.iter().map(str::to_owned).collect()),
            width: first.len(),
            label: None,
            left_out: Vec::new(),
        };
        columns.label = match &options.label {
            Some(label) => Some(columns.named(label, "--label")?),
            None => columns.class()?,
        };
        if columns.label.is_none() && needs_label {
            return Err(columns.without_class());
        }
        if let Some(id) = &options.id {
            columns.left_out.push(columns.named(id, "--id")?);
        }
        columns.left_out.extend(columns.numbers());
        columns.left_out.retain(|&at| Some(at) != columns.label);
        columns.left_out.sort_unstable();
        columns.left_out.dedup();
        if columns.pixels() == 0 {
            let found = count(columns.width, "column");
            return Err(Invalid::new("", "expected a class and its pixels", found));
        }
        Ok(columns)
    }

    /// How many columns are pixels.
    pub(super) fn pixels(&self) -> usize {
        let label = usize::from(self.label.is_some());
        self.width.saturating_sub(label + self.left_out.len())
    }

    /// How a column is called: by its name, or by its number from 1.
    pub(super) fn name(&self, at: usize) -> String {
        let name = self.header.as_ref().map_or("", |names| names[at].as_str());
        if name.is_empty() {
            format!("column {}", at + 1)
        } else {
            format!("column {} (`{name}`)", at + 1)
        }
    }

    /// The column that `wanted` names, numbers from 1, or calls `first` or `last`; a name wins.
    fn named(&self, wanted: &str, option: &str) -> Result<usize, Invalid> {
        let named = self.with_names(|name| name == wanted);
        match named[..] {
            [at] => return Ok(at),
            [_, _, ..] => {
                let found = count(named.len(), "column");
                let expected = format!("{option}: expected one column named `{wanted}`");
                return Err(Invalid::new("", expected, found).help(format!(
                    "its number, counted from 1, is {option} {} or {option} {}",
                    named[0] + 1,
                    named[1] + 1
                )));
            }
            [] => {}
        }
        match (wanted, wanted.parse::<usize>()) {
            ("first", _) => Ok(0),
            ("last", _) => Ok(self.width.saturating_sub(1)),
            (_, Ok(number)) if (1..=self.width).contains(&number) => Ok(number - 1),
            (_, Ok(number)) => Err(Invalid::new(
                "",
                format!("{option}: expected a column from 1 to {}", self.width),
                number,
            )),
            _ => Err(self.no_such_name(wanted, option)),
        }
    }

    fn no_such_name(&self, wanted: &str, option: &str) -> Invalid {
        let found = format!("`{wanted}`");
        if let Some(names) = &self.header {
            return Invalid::new("", format!("{option}: expected a column"), found)
                .help(did_you_mean(wanted, names.iter().map(String::as_str)));
        }
        let expected =
            "expected first, last, or the number of a column, because the first line has no names";
        Invalid::new("", format!("{option}: {expected}"), found)
    }

    /// The column whose name says that it is the class; two are one too many.
    fn class(&self) -> Result<Option<usize>, Invalid> {
        let named = self.with_names(|name| is_one_of(name, &LABELS));
        if named.len() > 1 {
            let found = named.iter().map(|&at| self.name(at));
            let found = found.collect::<Vec<_>>().join(" and ");
            return Err(
                Invalid::new("", "which column is the class? expected one", found)
                    .help("--label chooses one, by its name or its number from 1"),
            );
        }
        Ok(named.first().copied())
    }

    fn without_class(&self) -> Invalid {
        let question = "which column is the class?";
        let (message, help) = match &self.header {
            Some(_) => (
                format!(
                    "{question} expected one named {}, found none",
                    LABELS.join(", ")
                ),
                format!(
                    "use --label NAME, --label first, --label last or --label with a number from 1 to {}",
                    self.width
                ),
            ),
            None => (
                format!("{question} the first line has no names"),
                format!(
                    "use --label first, --label last, or --label with a number from 1 to {}",
                    self.width
                ),
            ),
        };
        Invalid {
            path: String::new(),
            message,
            help: Some(help),
        }
    }

    /// Columns that number the rows, by their name; the first may have none.
    fn numbers(&self) -> Vec<usize> {
        let mut named = self.with_names(numbers_rows);
        named.retain(|&at| at == 0 || self.header.as_ref().is_some_and(|h| !h[at].is_empty()));
        named
    }

    /// Why a column is neither class nor pixel.
    pub(super) fn why_left_out(&self, at: usize) -> &'static str {
        match self.header.as_ref().map(|names| names[at].as_str()) {
            Some(name) if at == 0 && is_one_of(name, &INDEXES) => {
                "it is the index that pandas writes"
            }
            Some(name) if numbers_rows(name) => "its name says that it numbers the rows",
            _ => "--id says so",
        }
    }

    /// Columns of pixels that have the name of a class.
    pub(super) fn other_classes(&self) -> Vec<usize> {
        let mut named = self.with_names(|name| is_one_of(name, &LABELS));
        named.retain(|at| self.is_pixel(*at));
        named
    }

    /// The names of the pixels, where each has one of its own; else none.
    pub(super) fn pixel_names(&self) -> Vec<String> {
        let names = self.header.iter().flatten().enumerate();
        let pixels = names.filter(|(at, _)| self.is_pixel(*at));
        let names: Vec<String> = pixels.map(|(_, name)| name.clone()).collect();
        let known: HashSet<&String> = names.iter().collect();
        let each = known.len() == names.len() && !names.iter().any(String::is_empty);
        if each { names } else { Vec::new() }
    }

    fn is_pixel(&self, at: usize) -> bool {
        self.label != Some(at) && !self.left_out.contains(&at)
    }

    fn with_names(&self, is_it: impl Fn(&str) -> bool) -> Vec<usize> {
        let names = self.header.iter().flatten().enumerate();
        names
            .filter(|(_, name)| is_it(name))
            .map(|(at, _)| at)
            .collect()
    }
}

/// Whether a column of this name numbers or names the rows.
fn numbers_rows(name: &str) -> bool {
    is_one_of(name, &INDEXES) || is_one_of(name, &IDS)
}

/// What the first line of a file may be.
enum Beginning {
    Names,
    Values,
    Either,
}

/// Words alone are names, as are words among the numbers 0, 1, 2, …, by which pandas calls what has no name. Such numbers
/// alone may be names or values, and so may a word among others, for a class may be a word.
fn begins_with(first: &StringRecord) -> Beginning {
    let numbers = first.iter().filter(|field| is_number(field));
    let numbers: Vec<Option<u64>> = numbers.map(|field| field.parse().ok()).collect();
    let from = numbers.first().copied().flatten();
    let counts = numbers.len() > 1
        && from.is_some_and(|from| from <= 1)
        && numbers
            .iter()
            .copied()
            .eq((from.unwrap_or(0)..).map(Some).take(numbers.len()));
    let words = first.len() - numbers.len();
    match (words, counts) {
        (1.., true) => Beginning::Names,
        (0, false) => Beginning::Values,
        _ if numbers.is_empty() => Beginning::Names,
        _ => Beginning::Either,
    }
}

#[cfg(test)]
mod tests {
    use csv::StringRecord;

    use super::Columns;
    use crate::data::ImageOptions;

    fn columns(line: &str, options: &ImageOptions) -> Result<Columns, String> {
        let divider = if line.contains(';') { ';' } else { ',' };
        let line = StringRecord::from(line.split(divider).collect::<Vec<_>>());
        Columns::of(&line, options, true).map_err(|invalid| invalid.to_string())
    }

    fn label(label: &str) -> ImageOptions {
        ImageOptions {
            label: Some(label.to_owned()),
            ..ImageOptions::default()
        }
    }

    #[test]
    fn the_class_is_found_by_its_name_or_by_what_was_asked_for() {
        for (line, asked, at) in [
            ("a,Label,b", None, 1),
            ("a,b,target", None, 2),
            (",0,1,2,class", None, 4),
            ("class,label,b", Some("label"), 1),
            ("a,b,c", Some("2"), 1),
            ("3,1,2", Some("1"), 0),
            ("2,7,1", Some("1"), 0),
            ("0,9,7", Some("last"), 2),
            ("0,9,7", Some("first"), 0),
        ] {
            let options = asked.map_or_else(ImageOptions::default, label);
            let found = columns(line, &options).expect(line);
            assert_eq!(found.label, Some(at), "{line}");
        }
    }

    #[test]
    fn what_says_nothing_of_the_class_is_refused_with_the_question() {
        for (line, asked, said) in [
            ("5,0,1", None, "which column is the class?"),
            ("a,b,c", None, "named label, class, target, found none"),
            ("class,b,label", None, "column 1 (`class`) and column 3"),
            ("a,b,a", Some("a"), "expected one column named `a`"),
            ("a,klass,c", Some("clas"), "did you mean `klass`"),
            ("5,0,1", Some("4"), "expected a column from 1 to 3, found 4"),
            ("5,0,1", Some("kind"), "expected first, last, or the number"),
            ("0,1,2", Some("last"), "--header yes"),
            ("cat,0,255", Some("first"), "--header yes"),
            ("cat;0,5;0,7", Some("first"), "--header yes"),
            ("label", None, "expected a class and its pixels"),
        ] {
            let options = asked.map_or_else(ImageOptions::default, label);
            let error = columns(line, &options).expect_err(line);
            assert!(error.contains(said), "{line}: {error}");
        }
    }

    #[test]
    fn columns_that_number_the_rows_are_no_pixels() {
        for (line, left_out) in [
            (",p,label", vec![0]),
            ("Unnamed: 0,p,label", vec![0]),
            ("label,p,id", vec![2]),
            ("a,,class", vec![]),
            ("index,id,class,q", vec![0, 1]),
        ] {
            let found = columns(line, &ImageOptions::default()).expect(line);
            assert_eq!(found.left_out, left_out, "{line}");
        }
        let asked = ImageOptions {
            id: Some("name".to_owned()),
            ..ImageOptions::default()
        };
        let found = columns("name,p,label", &asked).expect("a class and a pixel");
        assert_eq!((found.left_out, found.width), (vec![0], 3));
    }

    #[test]
    fn a_line_that_may_be_names_or_values_is_settled_by_the_header() {
        for (line, header, width) in [
            ("0,1,2", true, 3),
            ("0,1,2", false, 3),
            ("cat,0,255", false, 3),
        ] {
            let options = ImageOptions {
                header: Some(header),
                ..label("first")
            };
            let found = columns(line, &options).expect(line);
            assert_eq!((found.header.is_some(), found.width), (header, width));
        }
    }
}
