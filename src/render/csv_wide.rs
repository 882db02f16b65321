//! Results as CSV with a row a sample: the relevance of every input is a column.

use std::collections::HashSet;
use std::io::{self, Write};

use super::csv::{Names, RuleColumn, number};
use crate::result::{Figures, NetworkInfo, Sample};

/// What stands before the relevances, the rule before the target where there are several.
const FIRST: [&str; 6] = ["sample", "id", "label", "rule", "target", "value"];
/// What an input is called instead where its name is that of another column.
const OTHERWISE: &str = "relevance_";

/// Samples as rows, one a sample.
pub struct CsvWide {
    names: Names,
    rule: RuleColumn,
    figures: Figures,
    /// The levels whose relevance is there, the input first.
    levels: Vec<usize>,
    titles: Vec<String>,
}

impl CsvWide {
    /// How samples of a network are written; `levels` are those whose relevance is wanted beside the input's.
    pub fn new(
        network: &NetworkInfo,
        levels: &[usize],
        rule: RuleColumn,
        figures: Figures,
        names: Names,
    ) -> Self {
        let above = levels.iter().copied().filter(|&l| l > 0);
        let levels: Vec<usize> = [0].into_iter().chain(above).collect();
        Self {
            titles: titles(network, &levels, rule, figures),
            names,
            rule,
            figures,
            levels,
        }
    }

    /// Writes the line of names.
    ///
    /// # Errors
    ///
    /// What the writer says.
    pub fn titles(&self, out: &mut impl Write) -> io::Result<()> {
        let titles = self.titles.iter().map(|title| self.names.cell(title));
        let titles: Vec<String> = titles.collect();
        writeln!(out, "{}", titles.join(","))
    }

    /// Writes a sample under a rule, the `n`-th of the result where it does not say which it is.
    ///
    /// # Errors
    ///
    /// What the writer says.
    pub fn sample(
        &self,
        n: usize,
        rule: &str,
        sample: &Sample,
        out: &mut impl Write,
    ) -> io::Result<()> {
        let mut row = Vec::new();
        let tags = [&sample.id, &sample.label].map(|tag| self.names.tag(tag.as_ref()));
        let target = self.names.cell(&sample.target.called());
        let first = sample.sample.unwrap_or(n);
        let rule = self.rule.cell(self.names, rule);
        write!(row, "{first},{},{rule}{target},", tags.join(","))?;
        number(&mut row, sample.target.value)?;
        let layers = self.levels.iter().map(|&l| &sample.layers[l].relevance);
        let figures = sample.figures();
        let figures = &figures[..self.figures.names().len()];
        for &x in layers.flatten().chain(figures) {
            row.push(b',');
            number(&mut row, x)?;
        }
        row.push(b'\n');
        out.write_all(&row)
    }
}

/// The names of the columns, each another: an input by its name or as `x1`, `x2` and so on, unit 3 of level 2 as `level_2.3`
/// or `level_2.name`.
fn titles(
    network: &NetworkInfo,
    levels: &[usize],
    rule: RuleColumn,
    figures: Figures,
) -> Vec<String> {
    let last = || figures.names().iter().copied();
    let is_there = |title: &&str| *title != "rule" || rule == RuleColumn::Present;
    let first = || FIRST.into_iter().filter(is_there);
    let fixed = || first().chain(last());
    let mut known: HashSet<String> = fixed().map(str::to_owned).collect();
    let units = levels.iter().flat_map(|&l| {
        let level = &network.layers[l];
        (0..level.units).map(move |unit| match (level.names.get(unit), l) {
            (Some(name), 0) => name.clone(),
            (None, 0) => format!("x{}", unit + 1),
            _ => format!("level_{l}.{}", network.label(l, unit)),
        })
    });
    let units = units.map(|mut title| {
        while !known.insert(title.clone()) {
            title.insert_str(0, OTHERWISE);
        }
        title
    });
    let units: Vec<String> = units.collect();
    let first = first().map(str::to_owned);
    let last = last().map(str::to_owned);
    first.chain(units).chain(last).collect()
}

#[cfg(test)]
mod tests {
    use super::{Figures, RuleColumn, titles};
    use crate::network::{Activation, Input, Layer, Network};
    use crate::relevance::{Plan, Rule};
    use crate::result::NetworkInfo;

    #[test]
    fn every_column_has_another_name_also_where_an_input_is_called_like_one() {
        let input = Input {
            names: ["value", "relevance_value", "id"]
                .map(str::to_owned)
                .to_vec(),
            ..Input::flat(3)
        };
        let weights = ndarray::arr2(&[[1.0], [1.0], [1.0]]);
        let layer = Layer::dense(weights, vec![0.0], Activation::Identity).expect("it fits");
        let network = Network::new(input, vec![layer]).expect("a network");
        let plan = Plan::of(&network, Rule::WSquared).expect("w² is defined everywhere");
        let titles = titles(
            &NetworkInfo::new(&network, &plan),
            &[0, 1],
            RuleColumn::Absent,
            Figures::Usual,
        );
        assert_eq!(
            titles.join(" "),
            "sample id label target value relevance_value relevance_relevance_value relevance_id level_1.0 worst_gap least lost"
        );
    }
}
