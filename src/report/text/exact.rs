//! An exact explanation for a terminal: every fraction with its decimal beside it.

use super::{QUIET, TITLE, Text, bar, heading, verdict};
use crate::error::count;
use crate::report::format::{figure, percent};
use crate::report::selection::Selection;
use crate::report::table::{self, Column, printable};
use crate::report::{ExactExplanation, ExactSample, NetworkInfo};

/// A longer fraction is told by its decimal: two such columns fit into a terminal.
const LONGEST: usize = 32;

impl Text {
    /// A whole exact result.
    pub fn exact_explanation(self, explanation: &ExactExplanation) -> String {
        let samples = &explanation.samples;
        let mut text = self.heading(&explanation.network, samples.len());
        for (n, sample) in samples.iter().enumerate() {
            let number = heading(sample.called(n, samples.len() > 1));
            text += &format!(
                "\n{TITLE}{number}f(x) = {} = {}{TITLE:#}  exactly\n",
                printable(&sample.target.name),
                sample.target.value.shown()
            );
            for layer in (0..sample.layers.len()).rev() {
                text += &self.exact_layer(&explanation.network, sample, layer);
            }
            text += &exact_checks(sample);
            text += &self.reading(&sample.interpretation);
        }
        text
    }

    fn exact_layer(self, network: &NetworkInfo, sample: &ExactSample, l: usize) -> String {
        let (info, layer) = (&network.layers[l], &sample.layers[l]);
        let relation = if layer.gap.fraction.as_deref() == Some("0") {
            "= f(x)".to_owned()
        } else {
            format!("gap {}", layer.gap.shown())
        };
        let mut text = format!(
            "\n{TITLE}layer {l}{TITLE:#}  {}   ΣR = {} {QUIET}({relation}, least {}){QUIET:#}\n",
            info.kind,
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
                .map_or_else(|| "–".to_owned(), |share| percent(share[unit]))
        };
        let columns = [
            Column::names(
                if l == 0 { "input" } else { "unit" },
                shown.iter().map(|&unit| network.label(l, unit)),
            ),
            Column::figures(
                if l == 0 { "value" } else { "activation" },
                shown
                    .iter()
                    .map(|&unit| layer.activations[unit].cell(LONGEST)),
            ),
            Column::figures(
                "relevance",
                shown
                    .iter()
                    .map(|&unit| layer.relevance[unit].cell(LONGEST)),
            ),
            Column::figures(
                "in decimals",
                shown.iter().map(|&unit| figure(rounded.relevance[unit])),
            ),
            Column::figures("share", shown.iter().map(share)),
        ];
        let largest = rounded
            .relevance
            .iter()
            .fold(0.0_f64, |largest, r| largest.max(r.abs()));
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
        if let Some(rule) = info.rule.as_deref() {
            text += &self.step(rule);
        }
        text
    }
}

fn exact_checks(sample: &ExactSample) -> String {
    let checks = sample.checks.decimal();
    let (style, holds) = verdict(checks.conservation.holds);
    let sums = if checks.conservation.holds {
        format!("every layer sums to {}", sample.target.value.shown())
    } else {
        format!(
            "largest |ΣR − f(x)| of a layer: {}",
            figure(checks.conservation.worst_gap)
        )
    };
    let mut text =
        format!("\n{TITLE}checks{TITLE:#}\n  conservation  {style}{holds}{style:#}  {sums}\n");
    let (style, holds) = verdict(checks.positivity.holds);
    let least = sample.checks.positivity.least.shown();
    text +=
        &format!("  positivity    {style}{holds}{style:#}  least relevance of a unit: {least}\n");
    text += &format!(
        "  rounding      f64 is off by at most {} of a layer's Σ|R|\n",
        figure(sample.largest_rounding)
    );
    text
}
