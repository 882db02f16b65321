//! Writes every mutant that `cargo mutants --list --json` names into the sources at once, each behind `crate::mutant(number)`: one
//! build then serves thousands of mutants, of which a variable of the environment chooses one.
//!
//! `deeptaylor-mutants LIST.json FOLDER UNVIABLE` rewrites the files of `FOLDER` in place and prints a line a mutant: its number
//! in the list, `placed`, `unviable` or `unplaced`, and its name. `UNVIABLE` is a file of the numbers that do not compile.

mod places;
mod rewriting;

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::Path;

use serde::Deserialize;

/// What cargo-mutants says of a mutant.
#[derive(Deserialize)]
struct Listed {
    file: String,
    genre: String,
    name: String,
    replacement: String,
    span: Lines,
}

#[derive(Deserialize)]
struct Lines {
    start: Place,
}

/// A line and a column, both from 1.
#[derive(Deserialize)]
struct Place {
    line: usize,
    column: usize,
}

/// A mutant of one file.
#[derive(Clone)]
pub struct Mutant {
    /// Its number in the list.
    pub id: usize,
    /// The kind of change, as cargo-mutants calls it.
    pub genre: String,
    /// What stands there instead.
    pub replacement: String,
    /// The byte at which what is replaced begins.
    pub start: usize,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, list, folder, unviable] = arguments.as_slice() else {
        return Err("usage: deeptaylor-mutants LIST.json FOLDER UNVIABLE".into());
    };
    let listed: Vec<Listed> = serde_json::from_str(&fs::read_to_string(list)?)?;
    let unviable: BTreeSet<usize> = fs::read_to_string(unviable)?
        .split_whitespace()
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    let mut files: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (id, mutant) in listed.iter().enumerate() {
        if unviable.contains(&id) {
            println!("{id}\tunviable\t{}", mutant.name);
        } else {
            files.entry(&mutant.file).or_default().push(id);
        }
    }
    for (file, ids) in files {
        let path = Path::new(folder).join(file);
        let source = fs::read_to_string(&path)?;
        let mutants: Vec<Mutant> = ids
            .iter()
            .map(|&id| in_bytes(&source, id, &listed[id]))
            .collect();
        let places = places::of(&source, &mutants)?;
        for id in ids {
            let state = if places.used.contains(&id) {
                "placed"
            } else {
                "unplaced"
            };
            println!("{id}\t{state}\t{}", listed[id].name);
        }
        fs::write(&path, rewriting::of(&source, &places.places))?;
    }
    Ok(())
}

fn in_bytes(source: &str, id: usize, listed: &Listed) -> Mutant {
    let line: usize = source
        .split_inclusive('\n')
        .take(listed.span.start.line - 1)
        .map(str::len)
        .sum();
    let column: usize = source[line..]
        .chars()
        .take(listed.span.start.column - 1)
        .map(char::len_utf8)
        .sum();
    Mutant {
        id,
        genre: listed.genre.clone(),
        replacement: listed.replacement.clone(),
        start: line + column,
    }
}
