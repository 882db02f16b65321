//! An exact explanation for a terminal: every fraction with its decimal beside it, or decimals alone where the fractions
//! are too long.

use super::table::{self, Column};
use super::{QUIET, TITLE, Text, bar, cells, checks, heading, verdict};
use crate::interpretation::names::target_in_words;
use crate::interpretation::numbers::{figure, small_percent};
use crate::interpretation::rounding::rounding_in_words;
use crate::measure::largest_size;
use crate::result::selection::Selection;
use crate::result::{ExactExplanation, ExactLayer, ExactSample, NetworkInfo, Value};
use crate::words::{count, grouped};

/// Columns with a longer fraction are shown in decimals: two columns so wide fit into a terminal.
const LONGEST: usize = 32;

const TOO_LONG: &str = "computed exactly; where a fraction of a column is too long to be shown the column has decimals, \
                        and --format json has the fractions";

impl ExactSample {
    /// Whether every fraction of it can be shown.
    fn is_short(&self) -> bool {
        let of_layers = |layer: &ExactLayer| {
            [&layer.activations, &layer.relevance].map(|values| are_short(values))
        };
        self.target.value.is_short(LONGEST)
            && self.layers.iter().flat_map(of_layers).all(|short| short)
    }
}

fn are_short(values: &[Value]) -> bool {
    values.iter().all(|value| value.is_short(LONGEST))
}

impl Text {
    /// A whole exact result.
    pub fn exact_explanation(self, explanation: &ExactExplanation) -> String {
        let samples = &explanation.samples;
        let mut text = self.heading(&explanation.network, samples.len());
        for (n, sample) in samples.iter().enumerate() {
            let number = heading(sample.called(n, samples.len() > 1 || self.numbered));
            let rounded = sample.rounded();
            let exactly = if sample.target.value.is_short(LONGEST) {
                "  exactly"
            } else {
                ""
            };
            text += &format!(
                "\n{TITLE}{number}f(x) = {} = {}{TITLE:#}{exactly}{}\n",
                target_in_words(sample.target.index, &sample.target.name),
                sample.target.value.shown(),
                rounded.target.tie_in_words()
            );
            if !sample.is_short() {
                text += &format!("  {QUIET}{}{QUIET:#}\n", self.wrapped(TOO_LONG, 2));
            }
            for layer in (0..sample.layers.len()).rev() {
                text += &self.exact_layer(&explanation.network, sample, layer);
                text += &self.steps_down(&explanation.network.steps_down(layer, &rounded.silent));
            }
            text += &exact_checks(sample, !sample.carries_relevance());
            text += &self.reading(&sample.interpretation);
        }
        if samples.len() > 1 {
            let summary = &explanation.summary;
            text += &format!("\n{TITLE}all {} samples{TITLE:#}\n", grouped(samples.len()));
            text += &checks(explanation.checks.decimal(), summary.is_trivial());
            text += &self.points(&summary.in_words());
        }
        text
    }

    fn exact_layer(self, network: &NetworkInfo, sample: &ExactSample, l: usize) -> String {
        let (info, layer) = (&network.layers[l], &sample.layers[l]);
        let relation = if layer.gap.is_zero() {
            "= f(x)".to_owned()
        } else {
            format!("gap {}", layer.gap.shown())
        };
        let mut text = format!(
            "\n{TITLE}layer {l}{TITLE:#}  {}{}   ΣR = {} {QUIET}({relation}, least {}){QUIET:#}\n",
            info.kind,
            info.relu(),
            layer.sum.shown(),
            figure(layer.least.decimal)
        );
        let rounded = layer.rounded();
        let chosen = Selection::of(&rounded, self.top);
        let shown = &chosen.shown;
        let share = |&unit: &usize| {
            layer
                .share
                .as_ref()
                .map_or_else(|| "–".to_owned(), |share| small_percent(share[unit]))
        };
        let mut columns = vec![
            Column::names(
                if l == 0 { "input" } else { "unit" },
                shown.iter().map(|&unit| network.label(l, unit)),
            ),
            Column::figures(
                if l == 0 { "value" } else { "activation" },
                cells(shown, &layer.activations, LONGEST),
            ),
            Column::figures("relevance", cells(shown, &layer.relevance, LONGEST)),
        ];
        if shown
            .iter()
            .all(|&unit| layer.relevance[unit].is_short(LONGEST))
        {
            let relevance = shown.iter().map(|&unit| figure(rounded.relevance[unit]));
            columns.push(Column::figures("in decimals", relevance));
        }
        columns.push(Column::figures("share", shown.iter().map(share)));
        let largest = largest_size(&rounded.relevance);
        let room = self
            .width
            .saturating_sub(table::width(&columns) + 2)
            .min(super::LONGEST_BAR);
        text += &format!("  {QUIET}{}{QUIET:#}\n", table::titles(&columns));
        for (row, &unit) in table::rows(&columns).iter().zip(shown) {
            let bar = bar(rounded.relevance[unit].abs(), largest, room);
            text += format!("  {row}  {bar}").trim_end();
            text += "\n";
        }
        if chosen.left_out > 0 {
            text += &format!(
                "  {QUIET}and {} with {} together; --top shows more{QUIET:#}\n",
                count(chosen.left_out, "more unit"),
                figure(chosen.relevance)
            );
        }
        text
    }
}

fn exact_checks(sample: &ExactSample, trivially: bool) -> String {
    let checks = sample.checks.decimal();
    let sums = if checks.conservation.holds {
        format!("every layer sums to {}", sample.target.value.shown())
    } else {
        format!(
            "largest |ΣR − f(x)| of a layer: {}",
            figure(checks.conservation.worst_gap)
        )
    };
    format!(
        "\n{TITLE}checks{TITLE:#}\n  conservation  {}  {sums}\n  positivity    {}  least relevance of a unit: {}\n  rounding      {}\n",
        verdict(checks.conservation.holds, trivially),
        verdict(checks.positivity.holds, trivially),
        sample.checks.positivity.least.shown(),
        rounding_in_words(std::iter::once(sample))
    )
}
