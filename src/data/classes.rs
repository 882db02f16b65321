//! Which classes there are, how they are called, and which have few images.

use std::collections::BTreeSet;

use super::Data;
use super::images::Images;
use super::table::Table;
use crate::words::{agree, listed};

/// A class of which fewer are held out is said.
const FEW: usize = 5;

/// More classes than this are not listed.
const MOST: usize = 10;

/// The names of the classes of all tables, in order; none where all are whole numbers from 0, which are classes
/// themselves.
pub(super) fn names<'t>(tables: impl Iterator<Item = &'t Table>) -> Option<Vec<String>> {
    let names: BTreeSet<&String> = tables.flat_map(|table| &table.names).collect();
    let numbers = names.iter().all(|name| name.parse::<u32>().is_ok());
    (!numbers).then(|| names.into_iter().cloned().collect())
}

/// The class of a name.
pub(super) fn class(names: Option<&[String]>, name: &str) -> u32 {
    let class = match names {
        Some(names) => (names
            .binary_search_by(|other| other.as_str().cmp(name))
            .ok())
        .and_then(|class| u32::try_from(class).ok()),
        None => name.parse().ok(),
    };
    // Every name is one of the names.
    class.unwrap_or(u32::MAX)
}

impl Data {
    /// The name of a class, its number where it has none.
    pub fn class(&self, class: usize) -> String {
        let name = self.names.as_ref().and_then(|names| names.get(class));
        name.map_or_else(|| class.to_string(), String::clone)
    }

    /// Which classes of a network with so many outputs have no images, or few that are held out, a sentence each.
    pub fn thin(&self, outputs: usize) -> Vec<String> {
        let [train, test] = [&self.train, &self.test].map(Images::classes);
        let those = |is_it: fn(usize, usize) -> bool| {
            let of = |class: &usize| [&train, &test].map(|of| of.get(class).copied().unwrap_or(0));
            let all = (0..outputs).filter(|class| {
                let [train, test] = of(class);
                is_it(train, test)
            });
            all.collect::<Vec<usize>>()
        };
        let kinds = [
            (
                "There is no image",
                those(|train, test| train + test == 0),
                "",
            ),
            (
                "No image",
                those(|train, test| train == 0 && test > 0),
                " is trained on",
            ),
            (
                "No image",
                those(|train, test| train > 0 && test == 0),
                " is held out",
            ),
            (
                "Fewer than five images",
                those(|_, test| (1..FEW).contains(&test)),
                " are held out",
            ),
        ];
        let said = kinds
            .into_iter()
            .filter(|(_, classes, ..)| !classes.is_empty());
        let what_of = |what: &str| what.replace("image", self.sample());
        said.map(|(what, classes, then)| {
            format!("{} of {}{then}.", what_of(what), self.classes(&classes))
        })
        .collect()
    }

    /// Some classes, by name.
    fn classes(&self, classes: &[usize]) -> String {
        let named = classes.iter().take(MOST).map(|&class| self.class(class));
        let word = agree(classes.len(), "class", "classes");
        format!("{word} {}", listed(named.collect(), classes.len()))
    }
}

#[cfg(test)]
mod tests {
    use crate::data::{
        Data,
        images::{Images, Pixels},
    };

    #[test]
    fn classes_without_images_and_with_few_that_are_held_out_are_named() {
        let of = |labels: &[u32]| {
            let pixels = Pixels::Bytes(vec![255; labels.len()]);
            Images::new("t", [1, 1], pixels, labels.to_vec()).expect("well-formed")
        };
        let mut data = Data {
            source: String::new(),
            notes: Vec::new(),
            names: None,
            files: Vec::new(),
            held_out: Vec::new(),
            table: None,
            built_in: false,
            train: of(&[0, 0, 2, 5]),
            test: of(&[0, 0, 0, 0, 0, 3, 5]),
        };
        let said = [
            "There is no image of classes 1, 4 and 6.",
            "No image of class 3 is trained on.",
            "No image of class 2 is held out.",
            "Fewer than five images of classes 3 and 5 are held out.",
        ];
        assert_eq!(data.thin(7), said);
        data.names = Some(["ant", "bee"].map(str::to_owned).to_vec());
        assert_eq!(data.thin(2), ["There is no image of class bee."]);
    }
}
