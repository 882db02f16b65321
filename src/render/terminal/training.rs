//! A training for a terminal: what was trained, a table for each rule, the reading.

use super::table::{self, Column};
use super::{BAR, QUIET, TITLE, Text};
use crate::interpretation::numbers::{figure, percent, small_percent};
use crate::result::{RuleFigures, StepFigures, Subject, Training};
use crate::words::{count, grouped};

/// What the columns of the tables are.
fn legend(subject: Subject) -> String {
    let (ink, pixel, image) = (high(subject), subject.pixel(), subject.sample());
    format!(
        "{ink}: share of relevance on {pixel}s above 0.1. border: on {pixel}s that are 0 in every training {image}. \
         {pixel}s: effective {pixel}s, n where n share equally. before, last: cosine with |R| at the listed step before \
         and at the last. flip: area over the curve of f as the most relevant {pixel}s are set to 0 first; random: in \
         random order. checks: conservation and positivity, over all explained {image}s."
    )
}

/// The title of the share on what is above 0.1.
fn high(subject: Subject) -> &'static str {
    match subject {
        Subject::Table => "high",
        Subject::Digits | Subject::Images => "ink",
    }
}

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
            count(
                training.explained,
                &format!("held-out {}", setting.subject.sample())
            )
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
            "\n  {QUIET}chance: {} of the {}s are {}, {} always 0{QUIET:#}\n  {QUIET}{}{QUIET:#}\n",
            percent(training.chance.ink_share),
            setting.subject.pixel(),
            match setting.subject {
                Subject::Table => "above 0.1",
                Subject::Digits | Subject::Images => "ink",
            },
            percent(training.chance.border_share),
            self.wrapped(&legend(setting.subject), 2)
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
    let subject = training.setting.subject;
    let pixels = match subject {
        Subject::Table => "inputs",
        Subject::Digits | Subject::Images => "pixels",
    };
    let steps = training.steps.iter().map(|step| grouped(step.step));
    let title = rules().next().map_or("", |rule| rule.rule.as_str());
    rows(
        &format!("relevance under {title}"),
        &[
            Column::figures("step", steps),
            column(high(subject), |r| r.ink_share, small_percent),
            column("border", |r| r.border_share, small_percent),
            column(pixels, |r| r.effective_pixels, figure),
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
