//! Which columns of a table are the inputs, by its first line: whether it has names, and what they are.

use std::collections::{HashMap, HashSet};
use std::ops::Not;

use super::divider::is_number;
use super::matching::matched;
use super::options::{Wanted, columns, left_out};
use super::tags::{IDS, INDEXES, LABELS, is_one_of};
use crate::error::Invalid;
use crate::spelling::did_you_mean;
use crate::words::count;

/// How a table is to be written.
const DIVIDED: &str = "columns are separated by commas, semicolons, tabs or spaces";

/// The columns of a table, counted from 0.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// Whether the first line has names.
    pub(super) header: bool,
    /// The names of the columns, or none.
    pub(super) names: Vec<String>,
    pub(super) width: usize,
    /// The column of each input.
    pub(super) inputs: Vec<usize>,
    pub(super) id: Option<usize>,
    pub(super) label: Option<usize>,
    /// What was found out and could have been otherwise.
    pub(super) notes: Vec<String>,
}

impl Layout {
    /// The layout of the table that begins with `first`.
    pub(super) fn of(first: &[String], wanted: &Wanted) -> Result<Self, Invalid> {
        let header = is_header(first, wanted)?;
        let mut table = ColumnFinder {
            names: header.then_some(first),
            width: first.len(),
            wanted,
            id: None,
            label: None,
            notes: Vec::new(),
        };
        table.id = table.one("--id", wanted.options.id.as_deref())?;
        table.label = table.one("--label", wanted.options.label.as_deref())?;
        let inputs = if !wanted.options.columns.is_empty() {
            table.chosen()?
        } else if header && !wanted.names.is_empty() {
            table.by_name()?
        } else {
            table.in_order()?
        };
        table.are_apart(&inputs)?;
        table.find_tags(&inputs);
        let mut notes = std::mem::take(&mut table.notes);
        if header && wanted.options.header.is_none() && first.iter().all(|name| is_number(name)) {
            notes.push(
                "line 1 is read as the names of the inputs; --header no reads it as a sample"
                    .to_owned(),
            );
        }
        notes.extend(table.index());
        notes.extend(table.left_out(&inputs));
        Ok(Self {
            header,
            names: table.names.unwrap_or_default().to_vec(),
            width: table.width,
            inputs,
            id: table.id,
            label: table.label,
            notes,
        })
    }

    /// A column in words, by its name where it has one.
    pub(super) fn column(&self, column: usize) -> String {
        called(column, &self.names)
    }

    /// How `--label` would name a column, were it the class: the first or the last, and no input by its name.
    pub(super) fn as_label(&self, column: usize) -> Option<String> {
        let end = column == 0 || column + 1 == self.width;
        match self.names.get(column) {
            _ if !end || self.label.is_some() => None,
            Some(name) if !name.is_empty() => Some(name.clone()),
            _ if column == 0 => Some("1".to_owned()),
            _ => Some("last".to_owned()),
        }
    }
}

/// A column in words, by its name where it has one.
fn called(column: usize, names: &[String]) -> String {
    match names.get(column).map(String::as_str) {
        None | Some("") => format!("column {}", column + 1),
        Some(name) => format!("column {} `{name}`", column + 1),
    }
}

/// Whether the first line of a table has names; asks where it could as well be a sample.
fn is_header(first: &[String], wanted: &Wanted) -> Result<bool, Invalid> {
    let options = &wanted.options;
    if let Some(said) = options.header {
        return Ok(said);
    }
    if wanted.all_stand_in(first.iter().map(String::as_str)) {
        return Ok(true);
    }
    let stands = |name: &String| first.contains(name);
    let mut named = (options.columns.iter())
        .chain(&options.id)
        .chain(&options.label);
    if named.any(|said| said.parse::<f64>().is_err() && stands(said)) {
        return Ok(true);
    }
    let (numbers, words): (Vec<&String>, Vec<&String>) = (first.iter())
        .filter(|field| !field.is_empty())
        .partition(|field| is_number(field));
    let is_tag = |word: &&String| is_one_of(word, &LABELS) || is_one_of(word, &IDS);
    let named_index = !first[0].is_empty() && is_one_of(&first[0], &INDEXES);
    let run = is_run(&numbers, if wanted.names.is_empty() { 2 } else { 3 });
    // An index that pandas writes has no name, the first value of a sample is not left out.
    let index = first[0].is_empty() && words.is_empty() && run;
    if numbers.is_empty() && !words.is_empty() || words.iter().any(is_tag) || named_index || index {
        return Ok(true);
    }
    if run || is_mangled(&numbers) {
        let invalid = Invalid::new(
            "",
            "expected names or a sample",
            "numbers that could be either",
        );
        return Err(
            invalid.help("--header yes reads the first line as names, --header no as a sample")
        );
    }
    Ok(false)
}

/// Whether numbers follow one another as those of columns do: 0, 1, 2, or eight and more from any other on.
fn is_run(fields: &[&String], least: usize) -> bool {
    let whole = fields.iter().map(|field| field.parse::<i64>().ok());
    let Some(whole) = whole.collect::<Option<Vec<i64>>>() else {
        return false;
    };
    let from_zero = whole.first() == Some(&0) && whole.len() >= least;
    (from_zero || whole.len() >= 8)
        && whole
            .windows(2)
            .all(|pair| pair[0].checked_add(1) == Some(pair[1]))
}

/// Whether numbers are those of a sample that pandas took for names, and told apart: 0, 0.1, 0.2, 0.3 for 0, 0, 0, 0.
fn is_mangled(fields: &[&String]) -> bool {
    let known: HashSet<&str> = fields.iter().map(|field| field.as_str()).collect();
    let copied =
        |base: &&String| (1..=3).all(|copy| known.contains(format!("{base}.{copy}").as_str()));
    fields.iter().any(copied)
}

/// The columns of a table while it is found out what they are.
struct ColumnFinder<'t> {
    names: Option<&'t [String]>,
    width: usize,
    wanted: &'t Wanted,
    id: Option<usize>,
    label: Option<usize>,
    /// What was found out and could have been otherwise.
    notes: Vec<String>,
}

impl ColumnFinder<'_> {
    /// The column that an option means.
    fn one(&self, option: &str, said: Option<&str>) -> Result<Option<usize>, Invalid> {
        let Some(said) = said else { return Ok(None) };
        match columns(said, self.names, self.width).map_err(|invalid| invalid.below(option))?[..] {
            [column] => Ok(Some(column)),
            ref several => Err(Invalid::new(
                option,
                "expected one column",
                count(several.len(), "column"),
            )),
        }
    }

    /// The inputs that `--columns` names.
    fn chosen(&mut self) -> Result<Vec<usize>, Invalid> {
        let said = &self.wanted.options.columns;
        let columns = (said.iter()).map(|said| columns(said, self.names, self.width));
        let columns: Result<Vec<Vec<usize>>, Invalid> = columns.collect();
        let chosen = columns
            .map_err(|invalid| invalid.below("--columns"))?
            .concat();
        let mut known = HashSet::with_capacity(chosen.len());
        if let Some(twice) = chosen.iter().find(|column| !known.insert(**column)) {
            let found = format!("{} twice", called(*twice, self.names.unwrap_or_default()));
            return Err(Invalid::new(
                "--columns",
                "expected every column once",
                found,
            ));
        }
        if chosen.len() != self.wanted.inputs {
            let expected = count(self.wanted.inputs, "column");
            return Err(Invalid::new(
                "--columns",
                format!("expected {expected}, one for each input"),
                chosen.len(),
            ));
        }
        let (Some(names), false) = (self.names, self.wanted.names.is_empty()) else {
            return Ok(chosen);
        };
        let called: Vec<&str> = chosen.iter().map(|&column| &names[column][..]).collect();
        let (order, note) = matched(&called, &self.wanted.names, "column")?;
        self.notes.extend(note);
        Ok(order.into_iter().map(|place| chosen[place]).collect())
    }

    /// Whether the columns of the named are no inputs.
    fn are_apart(&self, inputs: &[usize]) -> Result<(), Invalid> {
        let said = [("--id", self.id), ("--label", self.label)];
        match said
            .into_iter()
            .find(|(_, column)| column.is_some_and(|column| inputs.contains(&column)))
        {
            Some((option, Some(column))) => Err(Invalid::new(
                option,
                "expected a column that is not an input",
                format!(
                    "{}, which is an input",
                    called(column, self.names.unwrap_or_default())
                ),
            )),
            _ => Ok(()),
        }
    }

    /// The columns that have the names of the inputs.
    fn by_name(&self) -> Result<Vec<usize>, Invalid> {
        let names = self.names.unwrap_or_default();
        let mut known: HashMap<&str, Vec<usize>> = HashMap::with_capacity(names.len());
        for (column, name) in names.iter().enumerate() {
            known.entry(name).or_default().push(column);
        }
        let column = |name: &String| match known.get(name.as_str()).map(Vec::as_slice) {
            Some([column]) => Ok(*column),
            Some(columns) => Err(Invalid::new(
                "",
                format!("expected one column `{name}`"),
                count(columns.len(), "column"),
            )),
            None => Err(self.missing(name, names)),
        };
        self.wanted.names.iter().map(column).collect()
    }

    fn missing(&self, name: &str, names: &[String]) -> Invalid {
        let inputs: HashSet<&String> = self.wanted.names.iter().collect();
        let is_input = |other: &&String| inputs.contains(other);
        let others: Vec<String> = names
            .iter()
            .filter(|other| !is_input(other))
            .cloned()
            .collect();
        let expected = format!("expected a column for the input {name}");
        let invalid = Invalid::new("", expected, "none");
        if self.width < 2 && self.wanted.inputs > 1 {
            return invalid.help(DIVIDED);
        }
        if others.is_empty() {
            return invalid;
        }
        let meant = did_you_mean(name, others.iter().map(String::as_str));
        invalid.help(format!(
            "{meant}{} --columns names the columns of the inputs, in their order",
            if meant.ends_with('?') { "" } else { ";" }
        ))
    }

    /// All columns that are neither names of samples nor classes, in their order.
    fn in_order(&mut self) -> Result<Vec<usize>, Invalid> {
        let given = (self.id, self.label);
        self.find_tags(&[]);
        let inputs = self.untagged();
        if inputs.len() == self.wanted.inputs {
            return Ok(inputs);
        }
        // A column may be called id and be an input.
        (self.id, self.label) = given;
        let inputs = self.untagged();
        if inputs.len() == self.wanted.inputs {
            return Ok(inputs);
        }
        let expected = format!(
            "expected {}, one for each input",
            count(self.wanted.inputs, "column")
        );
        let invalid = Invalid::new("", expected, inputs.len());
        Err(if self.width < self.wanted.inputs {
            invalid.help(DIVIDED)
        } else if inputs.len() == self.wanted.inputs + 1 {
            invalid.help(
                "--label last makes the last one the class, --id 1 makes the first one the name of the sample; --columns \
                 chooses the inputs",
            )
        } else {
            invalid.help(
                "--columns chooses the inputs (names, numbers or ranges, as 1-64), --label the class, --id the names of \
                 the samples",
            )
        })
    }

    fn untagged(&self) -> Vec<usize> {
        let is_tag = |column: &usize| [self.id, self.label].contains(&Some(*column));
        (0..self.width).filter(|column| !is_tag(column)).collect()
    }

    /// Names of samples and classes that go by their own name, where no option says which they are.
    fn find_tags(&mut self, inputs: &[usize]) {
        let Some(names) = self.names else { return };
        let free = |column: &usize| !inputs.contains(column);
        let called = |known: &[&str]| {
            (0..self.width).find(|column| is_one_of(&names[*column], known) && free(column))
        };
        let index = || Some(0).filter(|column| is_one_of(&names[0], &INDEXES) && free(column));
        let all_taken = inputs.is_empty().not() && inputs.len() == self.width;
        if !all_taken {
            self.id = self.id.or_else(|| called(&IDS)).or_else(index);
            self.label = self.label.or_else(|| called(&LABELS));
        }
    }

    /// Says that the first column is taken for an index, where no option asked for that.
    fn index(&self) -> Option<String> {
        let name = self.names?.first()?;
        let found = self.wanted.options.id.is_none() && self.id == Some(0);
        (found && is_one_of(name, &INDEXES)).then(|| {
            let column = match name.as_str() {
                "" => "the first column, which has no name,".to_owned(),
                name => format!("the column {name}"),
            };
            format!("{column} is read as the names of the samples; --id chooses another")
        })
    }

    /// Says which columns are not looked at, where no option asked for that.
    fn left_out(&self, inputs: &[usize]) -> Option<String> {
        let names = self
            .names
            .filter(|_| self.wanted.options.columns.is_empty())?;
        let taken: HashSet<usize> = (inputs.iter().copied())
            .chain(self.id)
            .chain(self.label)
            .collect();
        let rest: Vec<String> = (0..self.width)
            .filter(|column| !taken.contains(column))
            .map(|column| match names[column].as_str() {
                "" => format!("number {}", column + 1),
                name => name.to_owned(),
            })
            .collect();
        left_out(&rest, "column")
    }
}
