//! An explanation written in each format, sample by sample: only a page needs all of them at once.

use std::io::{BufRead, BufReader, Cursor, Read, Write};

use deeptaylor::printable::printable_styled;
use deeptaylor::relevance::audit::Checks;
use deeptaylor::render::{self, Document, ExplanationJson, Npz, Text};
use deeptaylor::result::{AnyResult, Explanation};
use deeptaylor::words::{count, grouped};

use super::Failure;
use super::run::Run;
use super::spool::{Room, Spool};

/// A page of more samples takes a browser longer to open than anyone waits.
const MOST_ON_A_PAGE: usize = 10_000;
/// Of more samples than this a text shows what there is to say of them together.
const FEW: usize = 20;

/// What was written, and the checks over all samples; nothing where there is no sample.
pub type Written = Result<Option<(Box<dyn BufRead>, Checks)>, Failure>;

/// Which samples a text shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Each {
    /// Each.
    All,
    /// Each where there are few.
    Few,
    /// None, but what there is to say of them together.
    Together,
}

impl Each {
    /// Whether each is shown where there are at least so many.
    pub fn of(self, samples: usize) -> bool {
        match self {
            Self::All => true,
            Self::Few => samples <= FEW,
            Self::Together => false,
        }
    }
}

/// How a text shows samples.
#[derive(Debug, Clone, Copy)]
pub struct Shown {
    pub text: Text,
    /// Whether samples are numbered, for how many there are is known only at the end.
    pub several: bool,
    /// Which of them are shown.
    pub each: Each,
}

/// Text with styles; `frame` is the result without samples. What comes from outside is harmless in it.
pub fn text(run: &mut Run, mut frame: Explanation, shown: Shown) -> Written {
    let Shown {
        text,
        several,
        each,
    } = shown;
    let mut spool = each.of(0).then(Spool::new);
    let info = run.info();
    let of = if several { 2 } else { 1 };
    let checks = run.each(|n, by_rule| {
        let sample = &by_rule[0];
        frame.count(sample);
        if !each.of(n + 1) {
            spool = None;
        }
        if let Some(spool) = &mut spool {
            let lines = printable_styled(&text.sample(info, sample, n, of));
            spool.write_all(lines.as_bytes())?;
        }
        Ok(())
    })?;
    let Some(checks) = checks else {
        return Ok(None);
    };
    let heading = Cursor::new(printable_styled(&text.heading(info, &frame.summary)));
    let Some(spool) = spool else {
        let summary = printable_styled(&text.summary(&frame));
        return Ok(Some((
            Box::new(heading.chain(Cursor::new(summary))),
            checks,
        )));
    };
    let total = Cursor::new(text.total(&frame));
    let written = heading.chain(spool.read()?).chain(total);
    Ok(Some((Box::new(written), checks)))
}

/// One document; `frame` is the result without samples.
pub fn json(run: &mut Run, frame: Explanation) -> Written {
    let mut spool = Spool::new();
    let mut json = ExplanationJson::new(frame, &mut spool)?;
    let Some(checks) = run.each(|_, by_rule| Ok(json.sample(&by_rule[0])?))? else {
        return Ok(None);
    };
    json.finish()?;
    whole(spool, Some(checks))
}

/// Arrays of NumPy.
pub fn npz(run: &mut Run) -> Written {
    let (info, levels, rules) = (run.info(), run.asked(), run.names());
    let array = run.task.network.input().array_shape();
    let room = Room::new();
    let mut npz = Npz::new(info, &array, &levels, &rules, run.figures(), || {
        room.spool()
    });
    let checks = run.each(|n, by_rule| Ok(npz.sample(n, by_rule)?))?;
    let Some(checks) = checks else {
        return Ok(None);
    };
    let read = BufReader::with_capacity(1 << 16, npz.finish(Spool::read)?);
    Ok(Some((Box::new(read), checks)))
}

/// A page.
pub fn html(run: &mut Run, mut frame: Explanation) -> Written {
    let checks = run.each(|n, by_rule| {
        on_a_page(n, 1)?;
        frame.push(by_rule[0].clone());
        Ok(())
    })?;
    let Some(checks) = checks else {
        return Ok(None);
    };
    let page = page(AnyResult::Explanation(frame));
    Ok(Some((Box::new(Cursor::new(page)), checks)))
}

/// Refuses a sample that a page of so many rules has no room for.
pub fn on_a_page(n: usize, rules: usize) -> Result<(), Failure> {
    let most = MOST_ON_A_PAGE / rules;
    if n < most {
        return Ok(());
    }
    let under = match rules {
        1 => String::new(),
        _ => format!(" under {}", count(rules, "rule")),
    };
    Err(Failure::Usage(format!(
        "--format html: a page has at most {} samples{under}, and there are more\n  \
         help: choose with --sample, or take --format json or csv",
        grouped(most)
    )))
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

/// What was written, where there was a sample.
pub fn whole(spool: Spool, checks: Option<Checks>) -> Written {
    match checks {
        Some(checks) => Ok(Some((Box::new(spool.read()?), checks))),
        None => Ok(None),
    }
}
