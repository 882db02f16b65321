//! A comparison for a terminal: two tables, the spread at a glance, the reading.

use super::table::{self, Column};
use super::{BAR, QUIET, TITLE, Text};
use crate::interpretation::numbers::{figure, percent};
use crate::result::{Comparison, SchemeFigures};
use crate::words::count;

/// The widest the name of a scheme may be.
const NAME: usize = 20;

/// What is left of it at the least where the figures are wide.
const SHORTEST_NAME: usize = 8;

/// The widest a strip of the spread may be.
const LONGEST_STRIP: usize = 48;

/// What the columns are, for those who see them for the first time.
const LEGEND: &str = "\
f(x), ± sd: mean over the seeds, and its standard deviation. conserved, positive: in how many runs every layer sums \
to f(x), and no relevance is below 0. gap: the largest |ΣR − f(x)|; least: the least R. lost: part of f(x) that no \
unit could hand on. silent: ReLU units that fire for no sample. carry: part of f(x) on units that did not fire. largest: \
the largest share of an input. inputs: effective inputs, n where n share equally. Gini: 0 where all are equal. seeds: \
cosine between the relevances of two seeds; |x|: between |R| and |x|. ▲ best, ▼ worst of a column.";

/// Which end of a column is the better one.
#[derive(Clone, Copy, PartialEq)]
enum Better {
    Less,
    More,
    /// Neither is.
    Neither,
}

impl Text {
    /// What the schemes came to, side by side.
    pub fn comparison(self, comparison: &Comparison) -> String {
        let (schemes, inputs) = (&comparison.schemes, &comparison.inputs);
        let mut runs = format!(
            "{} × {} × {}",
            count(candidates(schemes, true), "scheme"),
            count(comparison.seeds.number, "seed"),
            count(inputs.samples, "sample")
        );
        match candidates(schemes, false) {
            0 => {}
            own => runs += &format!(", and {} of your own", count(own, "network")),
        }
        let mut text = format!("{TITLE}{}{TITLE:#}  {runs}\n", comparison.layers);
        let mut facts = format!("inputs {}; target {}", inputs.source, comparison.target);
        if settings(schemes) == 1 {
            facts = format!("{}; {facts}", setting_in_words(schemes));
        }
        text += &format!("  {QUIET}{}{QUIET:#}\n", self.wrapped(&facts, 2));
        text += &self.block("the two properties", schemes, properties(schemes));
        text += &self.block("who carries the relevance", schemes, carriers(schemes));
        text += &self.spread(schemes);
        text += &format!("\n  {QUIET}{}{QUIET:#}\n", self.wrapped(LEGEND, 2));
        text += &self.reading(&comparison.interpretation);
        text
    }

    /// The effective inputs over the seeds of each scheme, as boxes on one scale.
    fn spread(self, schemes: &[SchemeFigures]) -> String {
        let spreads = schemes.iter().map(|scheme| scheme.spread.effective_inputs);
        let ends = spreads
            .clone()
            .flatten()
            .flat_map(|spread| [spread.quartiles[0], spread.quartiles[4]]);
        let low = ends.clone().fold(f64::INFINITY, f64::min);
        let high = ends.fold(f64::NEG_INFINITY, f64::max);
        if low > high || schemes.iter().all(|scheme| scheme.seeds == 1) {
            return String::new();
        }
        let room = self.width.saturating_sub(NAME + 4).min(LONGEST_STRIP);
        let strips = spreads.map(|spread| {
            spread.map_or_else(String::new, |spread| {
                strip(&spread.quartiles, (low, high), room)
            })
        });
        let title = format!(
            "effective inputs over the seeds, {} to {}",
            figure(low),
            figure(high)
        );
        let strips = Column::text("─ all  ━ middle half  ┃ median", room, strips);
        self.block(&title, schemes, vec![strips])
    }

    /// A table under a title, with a line above each setting where there are several.
    fn block(self, title: &str, schemes: &[SchemeFigures], figures: Vec<Column>) -> String {
        let room = self.width.saturating_sub(table::width(&figures) + 2);
        let names = schemes.iter().map(|scheme| scheme.scheme.clone());
        let mut columns = vec![Column::text(
            "scheme",
            room.clamp(SHORTEST_NAME, NAME),
            names,
        )];
        columns.extend(figures);
        let mut text = format!(
            "\n{TITLE}{title}{TITLE:#}\n  {QUIET}{}{QUIET:#}\n",
            table::titles(&columns).trim_end()
        );
        let mut rows = table::rows(&columns).into_iter();
        for setting in schemes.chunk_by(SchemeFigures::same_setting) {
            if settings(schemes) > 1 {
                text += &format!(
                    "  {BAR}{}{BAR:#}\n",
                    self.wrapped(&setting_in_words(setting), 2)
                );
            }
            for row in rows.by_ref().take(setting.len()) {
                text += &format!("  {}\n", row.trim_end());
            }
        }
        text
    }
}

/// How many schemes there are, or networks of one's own, each counted once.
fn candidates(schemes: &[SchemeFigures], drawn: bool) -> usize {
    let chosen = schemes.iter().filter(|scheme| scheme.is_drawn() == drawn);
    let mut names: Vec<&str> = chosen.map(|s| s.scheme.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names.len()
}

/// How many rules and biases stand side by side.
fn settings(schemes: &[SchemeFigures]) -> usize {
    schemes.chunk_by(SchemeFigures::same_setting).count()
}

/// Rule and biases of entries that share them.
fn setting_in_words(entries: &[SchemeFigures]) -> String {
    let rule = &entries[0].rule;
    let (drawn, own): (Vec<_>, Vec<_>) = entries.iter().partition(|scheme| scheme.is_drawn());
    match &entries[0].bias {
        Some(bias) => format!("rule {rule}, biases {bias}"),
        None if drawn.is_empty() => format!("rule {rule}, biases as in the file"),
        None => {
            let pytorch = drawn.iter().any(|scheme| scheme.scheme == "pytorch");
            let mut others = Vec::new();
            if pytorch {
                others.push("pytorch U(±1/√fan_in)");
            }
            if !own.is_empty() {
                others.push("your own as in the file");
            }
            match others[..] {
                [] => format!("rule {rule}, biases 0"),
                _ => format!("rule {rule}, biases 0 ({})", others.join("; ")),
            }
        }
    }
}

/// f(x) and the two checks.
fn properties(schemes: &[SchemeFigures]) -> Vec<Column> {
    let plain = |title, value: fn(&SchemeFigures) -> Option<f64>| {
        let values: Vec<_> = schemes.iter().map(value).collect();
        Column::figures(title, cells(&values, figure, Better::Neither))
    };
    let holding = |title, holds: fn(&SchemeFigures) -> usize| {
        let parts: Vec<_> = schemes
            .iter()
            .map(|s| Some(holds(s) as f64 / s.runs as f64))
            .collect();
        Column::figures(title, cells(&parts, all_or_part, Better::More))
    };
    vec![
        plain("f(x)", |s| s.output.map(|f| f.mean)),
        plain("± sd", |s| s.output.and_then(|f| f.sd)),
        holding("conserved", |s| s.conservation.holds),
        plain("gap", |s| Some(s.conservation.worst_gap)),
        holding("positive", |s| s.positivity.holds),
        plain("least", |s| Some(s.positivity.least)),
    ]
}

/// In how many runs a property holds, as a part of them.
fn all_or_part(holds: f64) -> String {
    match holds {
        1.0 => "all".to_owned(),
        0.0 => "none".to_owned(),
        _ => percent(holds),
    }
}

/// A part of a whole, to a thousandth.
fn part(share: f64) -> String {
    if share > 0.0 && share < 0.001 {
        "<0.1 %".to_owned()
    } else if share < 1.0 && share > 0.999 {
        ">99.9 %".to_owned()
    } else {
        percent(share)
    }
}

/// What is lost, what is silent, and how the inputs share.
fn carriers(schemes: &[SchemeFigures]) -> Vec<Column> {
    let column =
        |title, value: fn(&SchemeFigures) -> Option<f64>, shown: fn(f64) -> String, better| {
            let values: Vec<_> = schemes.iter().map(value).collect();
            Column::figures(title, cells(&values, shown, better))
        };
    vec![
        column("lost", |s| s.lost_share, part, Better::Less),
        column("silent", |s| s.silent_units, part, Better::Less),
        column("carry", |s| s.silent_relevance, part, Better::Less),
        column("largest", |s| s.largest_share, part, Better::Neither),
        column("inputs", |s| s.effective_inputs, figure, Better::Neither),
        column("Gini", |s| s.gini, two_decimals, Better::Neither),
        column("seeds", |s| s.seed_agreement, two_decimals, Better::Neither),
        column("|x|", |s| s.value_agreement, two_decimals, Better::Neither),
    ]
}

fn two_decimals(x: f64) -> String {
    // Rounding must not leave a sign before a 0.
    format!("{:.2}", if x.abs() < 0.005 { 0.0 } else { x })
}

/// The cells of a column; where one end is better, the few at either end are marked.
fn cells(values: &[Option<f64>], shown: fn(f64) -> String, better: Better) -> Vec<String> {
    let texts = values
        .iter()
        .map(|value| value.map_or_else(|| "–".to_owned(), shown));
    if better == Better::Neither {
        return texts.collect();
    }
    let known = || values.iter().flatten().copied();
    let (low, high) = (
        known().fold(f64::INFINITY, f64::min),
        known().fold(f64::NEG_INFINITY, f64::max),
    );
    let ends = if better == Better::Less {
        (low, high)
    } else {
        (high, low)
    };
    let marks = [(ends.0, '▲'), (ends.1, '▼')];
    // A mark that most of a column bear says nothing.
    let rare = |end: f64| known().filter(|v| same(*v, end)).count() * 2 <= known().count();
    texts
        .zip(values)
        .map(|(text, value)| {
            let mark = marks.iter().find(|(end, _)| {
                value.is_some_and(|v| same(v, *end)) && rare(*end) && !same(low, high)
            });
            format!("{text}{}", mark.map_or(' ', |(_, mark)| *mark))
        })
        .collect()
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

/// Least, quartiles and largest on a scale: `╶──━━┃━━───╴`.
fn strip(quartiles: &[f64; 5], (low, high): (f64, f64), room: usize) -> String {
    let place = |value: f64| {
        // A scale as wide as a rounding has nothing to show.
        let along = if same(low, high) {
            0.0
        } else {
            (value - low) / (high - low)
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and room"
        )]
        let column = (along * room.saturating_sub(1) as f64).round() as usize;
        column
    };
    let [least, lower, median, upper, largest] = quartiles.map(place);
    (0..=largest)
        .map(|column| match column {
            _ if column == median => '┃',
            _ if (lower..=upper).contains(&column) => '━',
            _ if column >= least => '─',
            _ => ' ',
        })
        .collect()
}
