//! Results for a terminal: tables, bars, checks and their interpretation.

mod blocks;
mod halves;
mod images;
mod rows;
mod wide;

use anstyle::{AnsiColor, Style};

pub use halves::Depth;

use super::explanation::{self, Detail};
use super::{Document, difference, side_by_side, taylor};
use crate::result::{
    Amount, Difference, Explanation, Explanations, NetworkInfo, Sample, SampleAgreement, Summary,
    Taylor, TaylorFunction,
};

const TITLE: Style = Style::new().bold();
const QUIET: Style = Style::new().dimmed();
const BAR: Style = AnsiColor::Cyan.on_default();
const NEGATIVE: Style = AnsiColor::Magenta.on_default();
const HOLDS: Style = AnsiColor::Green.on_default();
const FAILS: Style = AnsiColor::Red.on_default().bold();

/// Renders results as text for a terminal, with ANSI styles that the output may strip.
#[derive(Debug, Clone, Copy)]
pub struct Text {
    /// Columns of the terminal.
    pub width: usize,
    /// How many units of a level are shown at the most; `usize::MAX` for all.
    pub top: usize,
    /// The same of the inputs, where an image of them stands above.
    pub below_image: usize,
    /// In which colours images are drawn; none where they are not.
    pub images: Option<Depth>,
    /// Whether a single sample is shown with its number, because it is one of several.
    pub numbered: bool,
}

impl Text {
    /// So wide, with so many units of a level, and without images.
    pub fn new(width: usize, top: usize) -> Self {
        Self {
            width,
            top,
            below_image: top,
            images: None,
            numbered: false,
        }
    }

    /// A whole result: the network, every sample, and the checks over all where there are several.
    pub fn explanation<N: Amount>(self, explanation: &Explanation<N>) -> String {
        let samples = &explanation.samples;
        let mut text = self.heading(&explanation.network, &explanation.summary);
        for (n, sample) in samples.iter().enumerate() {
            text += &self.sample(&explanation.network, sample, n, samples.len());
        }
        text + &self.total(explanation)
    }

    /// The checks over all samples and where they fail, where there are several.
    pub fn total<N: Amount>(self, explanation: &Explanation<N>) -> String {
        match explanation.summary.samples {
            0 | 1 => String::new(),
            _ => self.blocks(&explanation::together(explanation)),
        }
    }

    /// What there is to say of all samples together, and which of them fail by most.
    pub fn summary<N: Amount>(self, explanation: &Explanation<N>) -> String {
        self.blocks(&explanation::summary(explanation))
    }

    /// What stands above all samples: the network, level by level, and how many samples there are.
    pub fn heading<N>(self, network: &NetworkInfo, summary: &Summary<N>) -> String {
        self.section(&explanation::opening(network, summary))
    }

    /// One sample, with its number where there are several, and its names.
    pub fn sample<N: Amount>(
        self,
        network: &NetworkInfo,
        sample: &Sample<N>,
        number: usize,
        of: usize,
    ) -> String {
        let detail = Detail {
            numbered: of > 1 || self.numbered,
            ..self.detail()
        };
        self.sample_detail(&explanation::sample(network, sample, number, detail))
    }

    /// A whole result under several rules: every sample or, where not `each`, all of them together.
    pub fn explanations<N: Amount>(self, all: &Explanations<N>, each: bool) -> String {
        let samples = all.samples();
        let mut text = self.heading_beside(all);
        if !each {
            return text + &self.summary_beside(all);
        }
        for (n, agreement) in all.agreement.samples.iter().enumerate() {
            let by_rule = all.explanations.iter().map(|one| &one.samples[n]);
            let by_rule: Vec<&Sample<N>> = by_rule.collect();
            text += &self.sample_beside(all, &by_rule, agreement, (n, samples));
        }
        text + &self.total_beside(all)
    }

    /// What stands above all samples under several rules.
    pub fn heading_beside<N: Amount>(self, all: &Explanations<N>) -> String {
        self.section(&side_by_side::opening_of_text(all))
    }

    /// One sample under every rule, the `n`-th of so many.
    pub fn sample_beside<N: Amount>(
        self,
        all: &Explanations<N>,
        by_rule: &[&Sample<N>],
        agreement: &SampleAgreement,
        (n, of): (usize, usize),
    ) -> String {
        let detail = Detail {
            numbered: of > 1 || self.numbered,
            ..self.detail()
        };
        let (network, rules) = (&all.explanations[0].network, all.rules());
        self.sample_detail(&side_by_side::sample(
            network, &rules, by_rule, agreement, n, detail,
        ))
    }

    /// What there is to say of all samples under several rules; of a single one only the sentences that are not its own.
    pub fn total_beside<N: Amount>(self, all: &Explanations<N>) -> String {
        match all.samples() {
            0 => String::new(),
            1 => self.points(&all.interpretation),
            _ => self.blocks(&side_by_side::together(all)),
        }
    }

    /// The samples together under several rules, and which of them fail by most.
    pub fn summary_beside<N: Amount>(self, all: &Explanations<N>) -> String {
        self.blocks(&side_by_side::summary(all))
    }

    /// The expansions of one sample, from the output down.
    pub fn taylor(self, taylor: &Taylor) -> String {
        self.section(&taylor::section(taylor, self.detail()))
    }

    /// The expansion of the whole network.
    pub fn taylor_function(self, function: &TaylorFunction) -> String {
        self.section(&taylor::function(function, self.detail()))
    }

    /// What moved from one explanation to another.
    pub fn difference(self, difference: &Difference) -> String {
        self.section(&difference::text(difference, self.detail()))
    }

    /// A document: every result with its headline.
    pub fn document(self, document: &Document) -> String {
        let sections = document.sections.iter();
        let sections: Vec<String> = sections.map(|section| self.section(section)).collect();
        sections.join("\n")
    }

    fn detail(self) -> Detail {
        Detail {
            units: self.top,
            below_image: match self.images {
                Some(_) => self.below_image,
                None => self.top,
            },
            numbered: self.numbered,
        }
    }
}
