//! Explanations under several rules, written sample by sample: only a page needs all of them at once.

use std::io::{BufRead, Cursor, Read, Write};

use deeptaylor::printable::printable_styled;
use deeptaylor::render::ExplanationsJson;
use deeptaylor::result::{AnyResult, Explanation, Explanations, Sample};

use super::run::Run;
use super::spool::{Room, Spool};
use super::writing::{Shown, Written, on_a_page, page};

/// Text with styles; `frames` are the results without samples. What comes from outside is harmless in it.
pub fn text(run: &mut Run, frames: Vec<Explanation>, shown: Shown) -> Written {
    let Shown {
        text,
        several,
        each,
    } = shown;
    let mut all = Explanations::new(frames);
    for (ruled, explanation) in run.task.rules.iter().zip(&mut all.explanations) {
        explanation.network.name.clone_from(&ruled.info.name);
    }
    let mut spool = each.of(0).then(Spool::new);
    let of = if several { 2 } else { 1 };
    let checks = run.each(|n, by_rule| {
        let agreement = all.counted(by_rule);
        if !each.of(n + 1) {
            spool = None;
        }
        if let Some(spool) = &mut spool {
            let by_rule: Vec<&Sample> = by_rule.iter().collect();
            let lines = text.sample_beside(&all, &by_rule, &agreement, (n, of));
            spool.write_all(printable_styled(&lines).as_bytes())?;
        }
        Ok(())
    })?;
    let Some(checks) = checks else {
        return Ok(None);
    };
    let all = all.interpreted();
    let heading = Cursor::new(printable_styled(&text.heading_beside(&all)));
    let written: Box<dyn BufRead> = if let Some(spool) = spool {
        let total = printable_styled(&text.total_beside(&all));
        Box::new(heading.chain(spool.read()?).chain(Cursor::new(total)))
    } else {
        let summary = printable_styled(&text.summary_beside(&all));
        Box::new(heading.chain(Cursor::new(summary)))
    };
    Ok(Some((written, checks)))
}

/// One document; `frames` are the results without samples.
pub fn json(run: &mut Run, frames: Vec<Explanation>) -> Written {
    let room = Room::new();
    let mut json = ExplanationsJson::new(Explanations::new(frames), || room.spool());
    let checks = run.each(|_, by_rule| Ok(json.sample(by_rule)?))?;
    match checks {
        Some(checks) => Ok(Some((json.finish(Spool::read)?, checks))),
        None => Ok(None),
    }
}

/// A page.
pub fn html(run: &mut Run, frames: Vec<Explanation>) -> Written {
    let rules = frames.len();
    let mut all = Explanations::new(frames);
    let checks = run.each(|n, by_rule| {
        on_a_page(n, rules)?;
        all.push(by_rule.to_vec());
        Ok(())
    })?;
    let Some(checks) = checks else {
        return Ok(None);
    };
    let page = page(AnyResult::Several(all.interpreted()));
    Ok(Some((Box::new(Cursor::new(page)), checks)))
}
