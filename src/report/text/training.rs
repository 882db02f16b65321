//! A training for a terminal: what was trained, a table for each rule, the reading.

use super::{BAR, QUIET, TITLE, Text};
use crate::report::format::{figure, percent, small_percent};
use crate::report::table::{self, Column};
use crate::report::{RuleFigures, StepFigures, Training};
use crate::words::{count, grouped};

const LEGEND: &str = "\
ink: share of relevance on pixels above 0.1. border: on pixels that are 0 in every training image. pixels: effective \
pixels, n where n share equally. before, last: cosine with |R| at the listed step before and at the last. flip: area \
over the curve of f as the most relevant pixels are set to 0 first; random: in random order. checks: conservation and \
positivity, over all explained images.";

impl Text {
    /// What became of relevance, step by step.
    pub fn training(self, training: &Training) -> String {
        let setting = &training.setting;
        let one_line = setting.layers.len() + 2 + setting.data.len() <= self.width;
        let data = if one_line {
            format!("  {}\n", setting.data)
        } else {
            format!("\n  {}\n", self.wrapped(&setting.data, 2))
        };
        let mut text = format!("{TITLE}{}{TITLE:#}{data}", setting.layers);
        let facts = format!(
            "{}; {} explained, each for its own class",
            setting.in_words(),
            count(training.explained, "held-out image")
        );
        text += &format!("  {QUIET}{}{QUIET:#}\n", self.wrapped(&facts, 2));
        for note in &setting.notes {
            text += &format!("  {QUIET}{}{QUIET:#}\n", self.wrapped(note, 2));
        }
        let steps = &training.steps;
        let mut columns = vec![
            Column::figures("step", steps.iter().map(|s| grouped(s.step))),
            Column::figures("accuracy", steps.iter().map(|s| percent(s.accuracy))),
            Column::figures("loss", steps.iter().map(|s| figure(s.loss))),
            Column::figures("f(x)", steps.iter().map(|s| figure(s.output))),
        ];
        if steps.iter().any(|step| step.unexplained.images > 0) {
            let unexplained = |s: &StepFigures| grouped(s.unexplained.images);
            columns.push(Column::figures("f(x) = 0", steps.iter().map(unexplained)));
        }
        text += &rows("the network", &columns);
        let rules = steps.first().map_or(0, |step| step.rules.len());
        for n in 0..rules {
            text += &of_rule(training, n);
        }
        text += &format!(
            "\n  {QUIET}chance: {} of the pixels are ink, {} always 0{QUIET:#}\n  {QUIET}{}{QUIET:#}\n",
            percent(training.chance.ink_share),
            percent(training.chance.border_share),
            self.wrapped(LEGEND, 2)
        );
        text + &self.reading(&training.interpretation)
    }
}

/// The table of one rule.
fn of_rule(training: &Training, n: usize) -> String {
    let rules = || training.steps.iter().map(|step| &step.rules[n]);
    let shown =
        |value: Option<f64>, shown: fn(f64) -> String| value.map_or_else(|| "–".to_owned(), shown);
    let column = |title, value: fn(&RuleFigures) -> Option<f64>, format: fn(f64) -> String| {
        Column::figures(title, rules().map(move |rule| shown(value(rule), format)))
    };
    let decimals = |x: f64| format!("{x:.2}");
    let holds = |step: &StepFigures| {
        let rule = &step.rules[n];
        let holds = rule.conservation.holds && rule.positivity.holds;
        match holds {
            true if step.unexplained.images == training.explained => "–",
            true => "hold",
            false => "FAIL",
        }
        .to_owned()
    };
    let steps = training.steps.iter().map(|step| grouped(step.step));
    let title = rules().next().map_or("", |rule| rule.rule.as_str());
    rows(
        &format!("relevance under {title}"),
        &[
            Column::figures("step", steps),
            column("ink", |r| r.ink_share, small_percent),
            column("border", |r| r.border_share, small_percent),
            column("pixels", |r| r.effective_pixels, figure),
            column("before", |r| r.cosine_before, decimals),
            column("last", |r| r.cosine_last, decimals),
            column("flip", |r| r.flipping_area, decimals),
            column("random", |r| r.random_area, decimals),
            Column::figures("checks", training.steps.iter().map(holds)),
        ],
    )
}

/// A table under a title.
fn rows(title: &str, columns: &[Column]) -> String {
    let mut text = format!(
        "\n{BAR}{title}{BAR:#}\n  {QUIET}{}{QUIET:#}\n",
        table::titles(columns)
    );
    for row in table::rows(columns) {
        text += &format!("  {row}\n");
    }
    text
}
