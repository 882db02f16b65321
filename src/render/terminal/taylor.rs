//! Expansions for a terminal.

use unicode_width::UnicodeWidthStr;

use super::table::{self, Column};
use super::{FAILS, HOLDS, QUIET, TITLE, Text, cells, heading};
use crate::interpretation::names::{target_in_words, tie_in_words, titled};
use crate::interpretation::numbers::figure;
use crate::measure::top;
use crate::printable::printable;
use crate::relevance::Rule;
use crate::result::{Rootless, Taylor, TaylorFunction, TaylorUnit, Value};
use crate::words::{agree, count, grouped};

/// A column with a longer fraction is shown in decimals: five columns are to fit into a terminal.
const LONGEST: usize = 17;

impl Text {
    /// The expansions of one sample, from the output down.
    pub fn taylor(self, taylor: &Taylor) -> String {
        let mut text = self.heading(&taylor.network, 1);
        let target = &taylor.target;
        text += &format!(
            "\n{TITLE}{}f(x) = {} = {}{TITLE:#}{}\n",
            heading(taylor.called(0, self.numbered)),
            target_in_words(target.index, &target.name),
            target.value.shown(),
            tie_in_words(&target.tied)
        );
        let units = by_layer(&taylor.units, taylor.layers.len(), |unit| unit.layer);
        let rootless = by_layer(&taylor.rootless, taylor.layers.len(), |unit| unit.layer);
        for l in (1..taylor.layers.len()).rev() {
            text += &self.expanded_layer(taylor, l, &units[l], &rootless[l]);
        }
        text += &roots_by_rule(taylor);
        text += &self.reading(&taylor.interpretation);
        text
    }

    fn expanded_layer(
        self,
        taylor: &Taylor,
        l: usize,
        units: &[&TaylorUnit],
        rootless: &[&Rootless],
    ) -> String {
        let (info, layer) = (&taylor.network.layers[l], &taylor.layers[l]);
        if units.is_empty() && rootless.is_empty() {
            return String::new();
        }
        let mut text = format!(
            "\n{TITLE}layer {l}{TITLE:#}  {}   {}, {} outside {} domain; rule − expansion: {}\n",
            info.kind,
            count(layer.roots, "root"),
            grouped(layer.outside_domain),
            agree(layer.roots, "its", "their"),
            layer.largest_difference.shown(),
        );
        if let Some(direction) = info.direction() {
            text += &format!("  {QUIET}along {}{QUIET:#}\n", self.wrapped(&direction, 8));
        }
        let shown = top(units.len(), self.top, |n| units[n].relevance.decimal);
        for &n in &shown {
            text += &self.expanded_unit(taylor, units[n]);
        }
        if units.len() > shown.len() {
            let more = count(units.len() - shown.len(), "more unit");
            text += &format!("\n  {QUIET}and {more}; --top shows more{QUIET:#}\n");
        }
        for unit in rootless.iter().take(self.top) {
            let line = format!(
                "no root: {}. It carries {}.",
                unit.cause,
                unit.relevance.shown()
            );
            let name = taylor.network.unit_in_words(l, unit.unit);
            let line = self.wrapped(&line, name.width() + 4);
            text += &format!("\n  {TITLE}{name}{TITLE:#}  {line}\n");
        }
        if rootless.len() > self.top {
            let more = count(rootless.len() - self.top, "more unit");
            text += &format!("\n  {QUIET}and {more} without a root{QUIET:#}\n");
        }
        text
    }

    /// One unit: its figures in two lines, its terms in a table.
    fn expanded_unit(self, taylor: &Taylor, unit: &TaylorUnit) -> String {
        let title = taylor.network.unit_in_words(unit.layer, unit.unit);
        let domain = if unit.outside == 0 {
            format!("{HOLDS}root inside its domain{HOLDS:#}")
        } else {
            let coordinates = count(unit.outside, "coordinate");
            format!("{FAILS}root outside its domain in {coordinates}{FAILS:#}")
        };
        let way = if unit.gradient_constant {
            "gradient constant on the way"
        } else {
            "the gradient changes on the way"
        };
        let carried = format!(
            "R_j = {}, c_j = {}",
            unit.relevance.shown(),
            unit.factor.shown()
        );
        let root = format!(
            "z(x) = {}, z(x̃) = {}, ‖x − x̃‖ = {}",
            unit.pre_activation.shown(),
            unit.pre_activation_at_root.shown(),
            unit.distance
                .map_or_else(|| "beyond f64".to_owned(), figure),
        );
        let sums = format!(
            "Σ of the terms = {}, ε = {}",
            unit.sum.shown(),
            unit.remainder.shown()
        );
        let mut text = format!("\n  {TITLE}{title}{TITLE:#}  {carried}\n");
        text += &format!(
            "    {}\n    {}\n    {domain}; {way}\n",
            self.wrapped(&root, 4),
            self.wrapped(&sums, 4)
        );
        // A pool hands nothing to what it does not see.
        let seen = (0..unit.x.len())
            .filter(|&i| unit.gradient[i].decimal != 0.0 || unit.direction[i].decimal != 0.0);
        let seen: Vec<usize> = seen.collect();
        let all = seen.len();
        let shown = top(all, self.top, |n| unit.terms[seen[n]].decimal);
        let shown: Vec<usize> = shown.into_iter().map(|n| seen[n]).collect();
        let pick = |values: &[Value]| cells(&shown, values, LONGEST);
        let columns = [
            Column::names(
                if unit.layer == 1 { "input" } else { "unit" },
                shown
                    .iter()
                    .map(|&i| taylor.network.label(unit.layer - 1, i)),
            ),
            Column::figures("x", pick(&unit.x)),
            Column::figures("v", pick(&unit.direction)),
            Column::figures("root x̃", pick(&unit.root)),
            Column::figures("∂R_j/∂x", pick(&unit.gradient)),
            Column::figures("term", pick(&unit.terms)),
        ];
        text += &table_of(&columns);
        if all > shown.len() {
            let more = count(all - shown.len(), "more input");
            text += &format!("    {QUIET}and {more}; --top shows more{QUIET:#}\n");
        }
        text
    }

    /// The expansion of the whole network.
    pub fn taylor_function(self, function: &TaylorFunction) -> String {
        let mut text = format!(
            "{TITLE}{}{TITLE:#}  {}{} as one function, x̃ sought at {}\n\n",
            titled(&function.name),
            heading(function.called(0, self.numbered)),
            function.target_in_words(),
            printable(&function.at)
        );
        text += "  f(x) = f(x̃) + Σ_p R_p + ε\n";
        for (name, value) in [
            ("f(x)", &function.value),
            ("f(x̃)", &function.value_at_root),
            ("ε", &function.remainder),
        ] {
            text += &format!("  {name:<6} {}\n", value.shown());
        }
        text += "\n";
        let terms = &function.terms;
        let shown = top(terms.len(), self.top, |p| terms[p].decimal);
        let label = |&i: &usize| {
            function
                .names
                .get(i)
                .cloned()
                .unwrap_or_else(|| i.to_string())
        };
        let columns = [
            Column::names("input", shown.iter().map(label)),
            Column::figures("x", cells(&shown, &function.x, LONGEST)),
            Column::figures("root x̃", cells(&shown, &function.root, LONGEST)),
            Column::figures("∂f/∂x", cells(&shown, &function.gradient, LONGEST)),
            Column::figures("term R_p", cells(&shown, &function.terms, LONGEST)),
        ];
        text += &table_of(&columns);
        if function.x.len() > shown.len() {
            let more = count(function.x.len() - shown.len(), "more input");
            text += &format!("    {QUIET}and {more}; --top shows more{QUIET:#}\n");
        }
        text += &self.reading(&function.interpretation);
        text
    }
}

/// Units sorted by their layer, each layer's in their order.
fn by_layer<T>(units: &[T], layers: usize, layer: fn(&T) -> usize) -> Vec<Vec<&T>> {
    let mut sorted = vec![Vec::new(); layers];
    for unit in units {
        if let Some(list) = sorted.get_mut(layer(unit)) {
            list.push(unit);
        }
    }
    sorted
}

fn table_of(columns: &[Column]) -> String {
    let mut text = format!("    {QUIET}{}{QUIET:#}\n", table::titles(columns));
    for row in table::rows(columns) {
        text += &format!("    {row}\n");
    }
    text
}

/// How many roots of each level lie outside of their domain, under each rule that the level can have.
fn roots_by_rule(taylor: &Taylor) -> String {
    if taylor
        .layers
        .iter()
        .all(|layer| layer.roots + layer.rootless == 0)
    {
        return String::new();
    }
    let layers: Vec<usize> = (1..taylor.layers.len()).collect();
    let counted = |l: usize, rule: Rule| {
        let mut by_rule = taylor.layers[l].by_rule.iter();
        by_rule.find(|counted| counted.rule == rule.name())
    };
    let in_use = |&l: &usize| taylor.network.layers[l].rule.clone().unwrap_or_default();
    let mut columns = vec![
        Column::figures("layer", layers.iter().map(ToString::to_string)),
        Column::names("rule", layers.iter().map(in_use)),
    ];
    for rule in Rule::every() {
        let cell = |&l: &usize| {
            counted(l, rule).map_or_else(
                || "–".to_owned(),
                |counted| {
                    let outside = grouped(counted.outside_domain);
                    format!("{outside} of {}", grouped(counted.roots))
                },
            )
        };
        if layers.iter().any(|&l| counted(l, rule).is_some()) {
            columns.push(Column::figures(rule.name(), layers.iter().map(cell)));
        }
    }
    let mut text = format!(
        "\n{TITLE}roots outside their domain{TITLE:#}, under the rule in use and the others\n"
    );
    text += &table_of(&columns);
    text
}
