//! Results for a terminal: tables, bars, checks and their interpretation.

mod document;
mod exact;
mod inspection;
mod table;
mod taylor;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use self::table::Column;
use crate::interpretation::numbers::{self, column, figure, small_percent};
use crate::measure::largest_size;
use crate::printable::printable;
use crate::relevance::Checks;
use crate::result::selection::Selection;
use crate::result::{ExpansionFigures, Explanation, Layer, Messages, NetworkInfo, Sample, Value};
use crate::words::{agree, count, grouped, part};

const TITLE: Style = Style::new().bold();
const QUIET: Style = Style::new().dimmed();
const BAR: Style = AnsiColor::Cyan.on_default();
const NEGATIVE: Style = AnsiColor::Magenta.on_default();
const HOLDS: Style = AnsiColor::Green.on_default();
const FAILS: Style = AnsiColor::Red.on_default().bold();

/// The longest bar.
const LONGEST_BAR: usize = 24;

/// Renders results as text for a terminal, with ANSI styles that the output may strip.
#[derive(Debug, Clone, Copy)]
pub struct Text {
    /// Columns of the terminal.
    pub width: usize,
    /// How many units of a level are shown at the most; `usize::MAX` for all.
    pub top: usize,
    /// Whether a sample that stands alone is told with its number all the same, for it is one of several.
    pub numbered: bool,
}

impl Text {
    /// A whole result: the network, every sample, and the checks over all where there are several.
    pub fn explanation(self, explanation: &Explanation) -> String {
        let samples = &explanation.samples;
        let mut text = self.heading(&explanation.network, samples.len());
        for (n, sample) in samples.iter().enumerate() {
            text += &self.sample(&explanation.network, sample, n, samples.len());
        }
        text + &self.total(explanation)
    }

    /// The checks over all samples and where they fail, where there are several.
    pub fn total(self, explanation: &Explanation) -> String {
        let summary = &explanation.summary;
        if summary.samples < 2 {
            return String::new();
        }
        let samples = grouped(summary.samples);
        format!("\n{TITLE}all {samples} samples{TITLE:#}\n")
            + &checks(explanation.checks, summary.is_trivial())
            + &self.points(&summary.in_words())
    }

    /// What stands above all samples: the network, level by level, and how many samples there are.
    pub fn heading(self, network: &NetworkInfo, samples: usize) -> String {
        let name = network.title();
        let mut levels = network.in_words();
        if samples > 1 {
            levels += &format!(", {}", count(samples, "sample"));
        }
        let levels = self.wrapped(&levels, name.width() + 2);
        format!("{TITLE}{name}{TITLE:#}  {levels}\n")
    }

    /// One sample, with its number where there are several, and its names.
    pub fn sample(
        self,
        network: &NetworkInfo,
        sample: &Sample,
        number: usize,
        of: usize,
    ) -> String {
        let mut text = String::new();
        let explained = sample.target.in_words();
        let number = heading(sample.called(number, of > 1 || self.numbered));
        text += &format!(
            "\n{TITLE}{number}f(x) = {explained} = {}{TITLE:#}{}\n",
            figure(sample.target.value),
            sample.target.tie_in_words()
        );
        for layer in (0..network.layers.len()).rev() {
            text += &self.layer(network, sample, layer);
        }
        text += &format!("\n{TITLE}checks{TITLE:#}\n");
        text += &checks(sample.checks, !sample.carries_relevance());
        text += &sample
            .expansion
            .as_ref()
            .map_or_else(String::new, |figures| self.expansion(figures));
        text += &self.reading(&sample.interpretation);
        text
    }

    /// How rules and expansions agree, and how many roots lie where no value can.
    fn expansion(self, figures: &ExpansionFigures) -> String {
        let mut line = format!(
            "rule − expansion: {}; {} outside {} domain",
            figure(figures.largest_difference),
            part(figures.outside_domain, figures.roots, "root"),
            agree(figures.roots, "its", "their"),
        );
        if figures.rootless > 0 {
            line += &format!(", {} without a root", count(figures.rootless, "unit"));
        }
        format!("  expansion     {}\n", self.wrapped(&line, 16))
    }

    /// Sentences, a point each.
    fn reading(self, sentences: &[String]) -> String {
        format!("\n{TITLE}reading{TITLE:#}\n") + &self.points(sentences)
    }

    /// The same without a title.
    fn points(self, sentences: &[String]) -> String {
        let mut text = String::new();
        for sentence in sentences {
            text += &format!("  {QUIET}·{QUIET:#} {}\n", self.wrapped(sentence, 4));
        }
        text
    }

    /// A level: its sum, its units, and the rule that leads to the next.
    fn layer(self, network: &NetworkInfo, sample: &Sample, l: usize) -> String {
        let (info, layer) = (&network.layers[l], &sample.layers[l]);
        let gap = if layer.gap == 0.0 {
            "= f(x)".to_owned()
        } else {
            format!("gap {}", figure(layer.gap))
        };
        let mut text = format!(
            "\n{TITLE}layer {l}{TITLE:#}  {}{}   ΣR = {} {QUIET}({gap}, least {}){QUIET:#}\n",
            info.kind,
            info.relu(),
            figure(layer.sum),
            figure(layer.least),
        );
        let chosen = Selection::of(layer, self.top);
        text += &self.units(network, layer, l, &chosen.shown);
        if chosen.left_out > 0 {
            let share = chosen
                .share
                .map_or_else(String::new, |share| format!(" ({})", small_percent(share)));
            let units = count(chosen.left_out, "more unit");
            let together = figure(chosen.relevance);
            text += &format!(
                "  {QUIET}and {units} with {together}{share} together; --top shows more{QUIET:#}\n"
            );
        }
        text += &self.steps_down(&network.steps_down(l, &sample.silent));
        let messages = sample.edges.iter().flatten().find(|step| step.layer == l);
        text + &messages.map_or_else(String::new, |messages| self.messages(network, messages))
    }

    /// The largest messages of a layer.
    fn messages(self, network: &NetworkInfo, messages: &Messages) -> String {
        let l = messages.layer;
        let Some((each, rest)) = messages.largest(self.top) else {
            let number = grouped(messages.number);
            return format!("  {QUIET}{number} messages R_i←j; --edges=all has them{QUIET:#}\n");
        };
        let columns = [
            Column::names("from", each.iter().map(|m| network.label(l, m.from))),
            Column::names("to", each.iter().map(|m| network.label(l - 1, m.to))),
            Column::figures(
                "R_i←j",
                column(&each.iter().map(|m| m.relevance).collect::<Vec<_>>()),
            ),
        ];
        let mut text = format!("    {QUIET}{}{QUIET:#}\n", table::titles(&columns));
        for row in table::rows(&columns) {
            text += &format!("    {row}\n");
        }
        if rest > 0 {
            text += &format!(
                "    {QUIET}and {}; --top shows more{QUIET:#}\n",
                count(rest, "smaller message")
            );
        }
        text
    }

    /// The table of some units of a level.
    fn units(self, network: &NetworkInfo, layer: &Layer, l: usize, shown: &[usize]) -> String {
        let pick =
            |values: &[f64]| column(&shown.iter().map(|&unit| values[unit]).collect::<Vec<f64>>());
        let share = |&unit: &usize| {
            layer
                .share
                .as_ref()
                .map_or_else(|| "–".to_owned(), |share| small_percent(share[unit]))
        };
        let columns = [
            Column::names(
                if l == 0 { "input" } else { "unit" },
                shown.iter().map(|&unit| network.label(l, unit)),
            ),
            Column::figures(
                if l == 0 { "value" } else { "activation" },
                pick(&layer.activations),
            ),
            Column::figures("relevance", pick(&layer.relevance)),
            Column::figures("share", shown.iter().map(share)),
        ];
        let largest = largest_size(&layer.relevance);
        let room = self
            .width
            .saturating_sub(table::width(&columns) + 2)
            .min(LONGEST_BAR);
        let mut text = format!("  {QUIET}{}{QUIET:#}\n", table::titles(&columns));
        for (row, &unit) in table::rows(&columns).iter().zip(shown) {
            let r = layer.relevance[unit];
            let bar = bar(r.abs(), largest, room);
            text += &match (bar.is_empty(), r < 0.0) {
                (true, _) => format!("  {row}\n"),
                (false, true) => format!("  {row}  {NEGATIVE}{bar}{NEGATIVE:#}\n"),
                (false, false) => format!("  {row}  {BAR}{bar}{BAR:#}\n"),
            };
        }
        text
    }

    /// How relevance gets to the next table.
    fn steps_down(self, steps: &[String]) -> String {
        let steps = steps.iter().enumerate().map(|(n, step)| {
            let mark = if n == 0 { "↓" } else { " " };
            format!("  {QUIET}{mark} {}{QUIET:#}\n", self.wrapped(step, 4))
        });
        steps.collect()
    }

    /// A text broken at the width, its later lines indented.
    fn wrapped(self, text: &str, indent: usize) -> String {
        let room = self.width.saturating_sub(indent).max(20);
        // Names of schemes and rules are not torn at their hyphens.
        let options =
            textwrap::Options::new(room).word_splitter(textwrap::WordSplitter::NoHyphenation);
        textwrap::wrap(&printable(text), options).join(&format!("\n{}", " ".repeat(indent)))
    }
}

/// A column of some numbers: fractions, or decimals below each other where one of the fractions has more than `longest`
/// digits, or there is none.
fn cells(shown: &[usize], values: &[Value], longest: usize) -> Vec<String> {
    let chosen = || shown.iter().map(|&i| &values[i]);
    let fractions = chosen().all(|value| value.fraction.is_some() && value.is_short(longest));
    if fractions {
        return chosen().map(|value| value.cell(longest)).collect();
    }
    let decimals = column(&chosen().map(|value| value.decimal).collect::<Vec<f64>>());
    let held =
        |value: &Value| value.decimal.is_finite() && (value.decimal != 0.0 || value.is_zero());
    (chosen().zip(decimals))
        .map(|(value, decimal)| {
            if held(value) {
                decimal
            } else {
                value.cell(longest)
            }
        })
        .collect()
}

/// What a sample is called, before what is said of it.
fn heading(called: Option<String>) -> String {
    called.map_or_else(String::new, |called| format!("{}: ", printable(&called)))
}

/// The two properties, with their figures; `trivially` where no unit carries relevance.
fn checks(checks: Checks, trivially: bool) -> String {
    let (conservation, positivity) = (checks.conservation, checks.positivity);
    let gap = figure(conservation.worst_gap);
    let least = figure(positivity.least);
    format!(
        "  conservation  {}  largest |ΣR − f(x)| of a layer: {gap}\n  positivity    {}  least relevance of a unit: {least}\n",
        verdict(conservation.holds, trivially),
        verdict(positivity.holds, trivially),
    )
}

/// Whether a property holds, in its colour.
fn verdict(holds: bool, trivially: bool) -> String {
    let style = if holds { HOLDS } else { FAILS };
    format!("{style}{}{style:#}", numbers::verdict(holds, trivially))
}

/// A bar as long as `value` is beside `largest`, in eighths of a column.
fn bar(value: f64, largest: f64, room: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    if largest == 0.0 {
        return String::new();
    }
    // A value in 0..=largest gives a length in 0..=8·room: far inside usize.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 8·room"
    )]
    let eighths = (value / largest * (8 * room) as f64).round() as usize;
    "█".repeat(eighths / 8) + EIGHTHS[eighths % 8]
}
