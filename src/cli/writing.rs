//! An explanation written in each format, sample by sample: only a page needs all of them at once.

use std::io::{BufRead, Cursor, Read, Write};

use deeptaylor::printable::printable_styled;
use deeptaylor::relevance::audit::Checks;
use deeptaylor::render::{self, Csv, Document, ExplanationJson, Names, Text};
use deeptaylor::result::{AnyResult, Explanation};
use deeptaylor::words::grouped;

use super::Failure;
use super::run::Run;
use super::spool::Spool;

/// A page of more samples takes a browser longer to open than anyone waits.
const MOST_ON_A_PAGE: usize = 10_000;

/// What was written, and the checks over all samples; nothing where there is no sample.
pub type Written = Result<Option<(Box<dyn BufRead>, Checks)>, Failure>;

/// Text with styles; `frame` is the result without samples, and `several` says whether samples are numbered, for how many there are is known only at the end.
/// What comes from outside is harmless in it.
pub fn text(run: &mut Run, mut frame: Explanation, text: Text, several: bool) -> Written {
    let mut spool = Spool::new();
    let info = &run.task.info;
    let of = if several { 2 } else { 1 };
    let checks = run.each(|n, sample| {
        frame.count(sample);
        let lines = printable_styled(&text.sample(info, sample, n, of));
        Ok(spool.write_all(lines.as_bytes())?)
    })?;
    let Some(checks) = checks else {
        return Ok(None);
    };
    let heading = Cursor::new(printable_styled(&text.heading(info, run.done)));
    let total = Cursor::new(text.total(&frame));
    let written = heading.chain(spool.read()?).chain(total);
    Ok(Some((Box::new(written), checks)))
}

/// One document; `frame` is the result without samples.
pub fn json(run: &mut Run, frame: Explanation) -> Written {
    let mut spool = Spool::new();
    let mut json = ExplanationJson::new(frame, &mut spool)?;
    let Some(checks) = run.each(|_, sample| Ok(json.sample(sample)?))? else {
        return Ok(None);
    };
    json.finish()?;
    whole(spool, Some(checks))
}

/// One document a line.
pub fn lines(run: &mut Run) -> Written {
    let mut spool = Spool::new();
    let checks = run.each(|_, sample| Ok(render::json(sample, &mut spool)?))?;
    whole(spool, checks)
}

/// A row for each unit of each layer.
pub fn csv(run: &mut Run, names: Names) -> Written {
    let mut spool = Spool::new();
    let info = &run.task.info;
    let mut csv = Csv::new(&mut spool, names)?;
    let checks = run.each(|n, sample| Ok(csv.sample(info, n, sample)?))?;
    csv.finish()?;
    whole(spool, checks)
}

/// A page.
pub fn html(run: &mut Run, mut frame: Explanation) -> Written {
    let checks = run.each(|n, sample| {
        if n == MOST_ON_A_PAGE {
            return Err(Failure::Usage(format!(
                "--format html: a page has at most {} samples, and there are more\n  \
                 help: choose with --sample, or take --format json or csv",
                grouped(MOST_ON_A_PAGE)
            )));
        }
        frame.push(sample.clone());
        Ok(())
    })?;
    let Some(checks) = checks else {
        return Ok(None);
    };
    let page = page(AnyResult::Explanation(frame));
    Ok(Some((Box::new(Cursor::new(page)), checks)))
}

/// Nothing but the checks.
pub fn nothing(run: &mut Run) -> Written {
    let checks = run.each(|_, _| Ok(()))?;
    whole(Spool::new(), checks)
}

/// The page of a result.
pub fn page(result: AnyResult) -> String {
    render::html(&Document::new(&[result]))
}

fn whole(spool: Spool, checks: Option<Checks>) -> Written {
    match checks {
        Some(checks) => Ok(Some((Box::new(spool.read()?), checks))),
        None => Ok(None),
    }
}
