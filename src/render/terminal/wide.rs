//! A table that is too wide for the terminal, divided into several one below the other.

use std::borrow::Cow;

use super::Text;
use crate::render::table::{Cell, Table};

/// How far a table is set in.
const INDENT: usize = 2;

impl Text {
    /// The table itself where it fits or may not be divided; else as many as its columns need, each with the first ones.
    pub(super) fn fitting(self, table: &Table) -> Vec<Cow<'_, Table>> {
        let widths = self.aligned(table, INDENT).into_iter();
        let widths: Vec<usize> = widths.map(|column| column.width + 2).collect();
        let room = (self.width + 2).saturating_sub(INDENT);
        if table.kept == 0 || widths.iter().sum::<usize>() <= room {
            return vec![Cow::Borrowed(table)];
        }
        let (kept, others) = widths.split_at(table.kept.min(widths.len()));
        let kept: usize = kept.iter().sum();
        let mut parts: Vec<Vec<usize>> = Vec::new();
        let mut wide = usize::MAX;
        for (n, width) in others.iter().enumerate() {
            if wide.saturating_add(*width) > room {
                parts.push(Vec::new());
                wide = kept;
            }
            wide += width;
            if let Some(part) = parts.last_mut() {
                part.push(table.kept + n);
            }
        }
        let last = parts.len().saturating_sub(1);
        let part = |(n, columns): (usize, Vec<usize>)| {
            let columns = (0..table.kept).chain(columns);
            Cow::Owned(Table {
                told: table.told.clone(),
                title: table.title.clone(),
                facts: if n == 0 {
                    table.facts.clone()
                } else {
                    Vec::new()
                },
                note: if n == 0 {
                    table.note.clone()
                } else {
                    vec![Cell::words("(continued)")]
                },
                columns: columns
                    .map(|column| table.columns[column].clone())
                    .collect(),
                said: table.said.iter().filter(|_| n == last).cloned().collect(),
                rest: table.rest.clone().filter(|_| n == last),
                kept: table.kept,
                groups: table.groups.clone(),
                bar: None,
            })
        };
        parts.into_iter().enumerate().map(part).collect()
    }
}
