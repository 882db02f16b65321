//! Tables without repetition: a column that says the same in each row becomes a sentence, and rows that are alike become one.

use super::table::{BEST, Cell, Cells, Table, WORST};

/// What a column says where everything is as it should be.
const ALL: &str = "all";
/// Behind the name of a row that stands for others, too.
const OTHERS: &str = " …";

impl Table {
    /// The same without the columns in which every row says that all is well, with a sentence in their place; `runs` is what
    /// they count.
    pub(super) fn said_once(mut self, runs: &str) -> Self {
        let rows = self.rows();
        let is_said = |column: &Cells| {
            rows > 1
                && column
                    .rows
                    .iter()
                    .all(|cell| cell.text().trim_end_matches([BEST, WORST]) == ALL)
        };
        let (said, kept): (Vec<Cells>, Vec<Cells>) = self.columns.into_iter().partition(is_said);
        self.columns = kept;
        let titles: Vec<&str> = said
            .iter()
            .map(|column| column.title.long.as_str())
            .collect();
        self.said.extend(match titles[..] {
            [] => None,
            [title] => Some(format!("In every row all {runs} are {title}.")),
            _ => Some(format!("In every row both properties hold in all {runs}.")),
        });
        self
    }

    /// The same with a row for all those that show the same behind their names, and a sentence that names these: `The same
    /// shares: normal, lecun-normal`.
    pub(super) fn merged(mut self, what: &str) -> Self {
        let groups = self.alike();
        let mut said: Vec<String> = Vec::new();
        for group in groups.iter().filter(|group| group.len() > 1) {
            let names: Vec<&str> = group
                .iter()
                .map(|&n| self.columns[0].rows[n].text())
                .collect();
            let names = together(&names);
            if !said.contains(&names) {
                said.push(names);
            }
        }
        self.groups = (self.groups.into_iter())
            .map(|(row, title)| (groups.iter().filter(|group| group[0] < row).count(), title))
            .collect();
        for (n, column) in self.columns.iter_mut().enumerate() {
            let cells = groups
                .iter()
                .map(|group| match (&column.rows[group[0]], &group[..]) {
                    (Cell::Words(name) | Cell::Name(name), [_, _, ..]) if n == 0 => {
                        Cell::Words(format!("{name}{OTHERS}"))
                    }
                    (cell, _) => cell.clone(),
                });
            column.rows = cells.collect();
        }
        if !said.is_empty() {
            self.said
                .push(format!("The same {what}: {}.", said.join("; ")));
        }
        self
    }

    /// The rows that show the same behind their names, in groups, each by its first row.
    fn alike(&self) -> Vec<Vec<usize>> {
        let part = |row: usize| {
            self.groups
                .iter()
                .filter(|(first, _)| *first <= row)
                .count()
        };
        let cells = |row: usize| {
            self.columns[1..]
                .iter()
                .map(move |column| column.rows[row].text())
        };
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for row in 0..self.rows() {
            let like = |group: &&mut Vec<usize>| {
                part(group[0]) == part(row) && cells(group[0]).eq(cells(row))
            };
            match groups.iter_mut().find(like) {
                Some(group) => group.push(row),
                None => groups.push(vec![row]),
            }
        }
        groups
    }
}

/// Names, the end that they have in common written once: `normal, lecun-, glorot-, he-normal`.
fn together(names: &[&str]) -> String {
    let end = names.last().and_then(|last| last.rsplit_once('-'));
    let end = end.map_or("", |(_, end)| end);
    let last = names.len() - 1;
    let short = names
        .iter()
        .enumerate()
        .map(|(n, name)| match name.strip_suffix(end) {
            Some(start) if n < last && start.ends_with('-') => start,
            _ => name,
        });
    short.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::super::table::{Cell, Table};
    use super::together;

    fn table(names: &[&str], columns: &[(&str, &[&str])]) -> Table {
        let words = |texts: &[&str]| texts.iter().map(Cell::words).collect::<Vec<_>>();
        columns.iter().fold(
            Table::new("").with("scheme", words(names)),
            |table, (title, texts)| table.with(title, words(texts)),
        )
    }

    fn texts(table: &Table) -> Vec<Vec<&str>> {
        let texts = |row: usize| {
            table
                .columns
                .iter()
                .map(move |column| column.rows[row].text())
        };
        (0..table.rows()).map(|row| texts(row).collect()).collect()
    }

    #[test]
    fn rows_that_show_the_same_are_one_which_names_the_first_and_a_sentence_names_all() {
        let names = [
            "zeros",
            "normal",
            "uniform",
            "he-normal",
            "normal",
            "he-normal",
        ];
        let mut all = table(&names, &[("share", &["0", "1", "2", "1", "1", "1"])]);
        all.groups = vec![(0, "w2".to_owned()), (4, "z+".to_owned())];
        let merged = all.merged("shares");
        let expected = [
            ["zeros", "0"],
            ["normal …", "1"],
            ["uniform", "2"],
            ["normal …", "1"],
        ];
        assert_eq!(texts(&merged), expected);
        assert_eq!(merged.groups, [(0, "w2".to_owned()), (3, "z+".to_owned())]);
        assert_eq!(merged.said, ["The same shares: normal, he-normal."]);
    }

    #[test]
    fn a_column_that_says_all_in_each_row_is_a_sentence_and_one_that_does_not_stays() {
        let columns: [(&str, &[&str]); 3] = [
            ("conserved", &["all", "all"]),
            ("positive", &["all", "none"]),
            ("lost", &["0", "0"]),
        ];
        let kept = table(&["a", "b"], &columns).said_once("runs");
        assert_eq!(texts(&kept), [["a", "all", "0"], ["b", "none", "0"]]);
        assert_eq!(kept.said, ["In every row all runs are conserved."]);
        let kept = table(&["a"], &[("conserved", &["all"])]).said_once("runs");
        assert_eq!((texts(&kept), kept.said.len()), (vec![vec!["a", "all"]], 0));
    }

    #[test]
    fn the_end_that_names_have_in_common_is_written_once() {
        for (names, expected) in [
            (
                &["normal", "lecun-normal", "he-normal"][..],
                "normal, lecun-, he-normal",
            ),
            (&["lecun-uniform", "he-uniform"], "lecun-, he-uniform"),
            (&["zeros", "identity"], "zeros, identity"),
            (&["he-normal", "orthogonal"], "he-normal, orthogonal"),
        ] {
            assert_eq!(together(names), expected);
        }
    }
}
