//! Formats that have one sample behind the other and nothing of all together: in rows, or a document a line.

use std::io::{self, Write};

use deeptaylor::render::{self, Csv, CsvWide, Names, RuleColumn};
use deeptaylor::result::{Line, Sample};
use rayon::prelude::*;

use super::run::Run;
use super::spool::Spool;
use super::writing::{self, Written};
use super::{Failure, Status, interrupt, stdout};

/// So many samples are spelled at once, each by one core.
const AT_ONCE: usize = 16;

/// A format that has one sample behind the other, and nothing of all together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowFormat {
    /// A document a line.
    Lines,
    /// A row for each unit of each level.
    Csv,
    /// A row for each sample.
    CsvWide,
}

/// How the samples of a run are spelled.
struct Rows<'r> {
    layout: Layout,
    /// The rules by their names.
    rules: Vec<&'r str>,
}

enum Layout {
    Lines,
    Csv(Csv),
    CsvWide(CsvWide),
}

impl<'r> Rows<'r> {
    fn new(format: RowFormat, run: &Run<'r, '_>, names: Names) -> Self {
        let (info, rules) = (run.info(), run.names());
        let rule = match rules[..] {
            [_] => RuleColumn::Absent,
            _ => RuleColumn::Present,
        };
        let layout = match format {
            RowFormat::Lines => Layout::Lines,
            RowFormat::Csv => Layout::Csv(Csv::new(info, rule, names)),
            RowFormat::CsvWide => {
                let (levels, figures) = (run.asked(), run.figures());
                Layout::CsvWide(CsvWide::new(info, &levels, rule, figures, names))
            }
        };
        Self { layout, rules }
    }

    /// What stands before them.
    fn titles(&self, out: &mut impl Write) -> io::Result<()> {
        match &self.layout {
            Layout::Lines => Ok(()),
            Layout::Csv(csv) => csv.titles(out),
            Layout::CsvWide(csv) => csv.titles(out),
        }
    }

    /// The `n`-th sample under each of the rules.
    fn sample(&self, n: usize, by_rule: &[Sample], out: &mut impl Write) -> io::Result<()> {
        for (rule, sample) in self.rules.iter().zip(by_rule) {
            match &self.layout {
                Layout::Lines => render::json(&Line { rule, sample }, out),
                Layout::Csv(csv) => csv.sample(n, rule, sample, out),
                Layout::CsvWide(csv) => csv.sample(n, rule, sample, out),
            }?;
        }
        Ok(())
    }

    /// A batch, of which `first` is the number of the first sample; every piece that is written has whole rows. To spell numbers
    /// takes longer than to compute them: it is done on every core. A sample that is alone may be large, and its rows are handed
    /// on as they are spelled.
    fn batch(&self, first: usize, batch: &[Vec<Sample>], out: &mut impl Write) -> io::Result<()> {
        if let ([by_rule], Layout::Csv(_)) = (batch, &self.layout) {
            return self.sample(first, by_rule, out);
        }
        for (c, samples) in batch.chunks(AT_ONCE).enumerate() {
            let spelled = samples.par_iter().enumerate().map(|(n, by_rule)| {
                let mut text = Vec::new();
                let number = first + c * AT_ONCE + n;
                self.sample(number, by_rule, &mut text).map(|()| text)
            });
            let spelled: Vec<Vec<u8>> = spelled.collect::<io::Result<_>>()?;
            out.write_all(&spelled.concat())?;
        }
        Ok(())
    }
}

/// Rows, held back until the last is there.
pub fn whole(run: &mut Run, format: RowFormat, names: Names) -> Written {
    let mut spool = Spool::new();
    let rows = Rows::new(format, run, names);
    rows.titles(&mut spool)?;
    let checks = run.each_batch(|first, batch| Ok(rows.batch(first, batch, &mut spool)?))?;
    writing::whole(spool, checks)
}

/// Rows on stdout as soon as their batch is done; gives whether all holds. Ctrl-C ends them behind a whole row.
pub fn stream(run: &mut Run, format: RowFormat, names: Names) -> Result<Status, Failure> {
    let (mut hold, mut out) = (true, None);
    let rows = Rows::new(format, run, names);
    while let Some(batch) = run.next()? {
        // An error at the first sample leaves stdout empty.
        let out = match &mut out {
            Some(out) => out,
            None => {
                let out = out.insert(WholeRows(stdout::data()?));
                let mut titles = Vec::new();
                rows.titles(&mut titles)?;
                out.write_all(&titles)?;
                out
            }
        };
        hold &= batch.iter().flatten().all(|sample| run.passes(sample));
        rows.batch(run.done - batch.len(), &batch, out)?;
    }
    Ok(run.status(hold))
}

/// Hands on every piece as a whole, whatever asks the program to end meanwhile.
struct WholeRows<W>(W);

impl<W: Write> Write for WholeRows<W> {
    fn write(&mut self, rows: &[u8]) -> io::Result<usize> {
        let _whole = interrupt::hold_rows();
        self.0.write_all(rows)?;
        self.0.flush()?;
        Ok(rows.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
