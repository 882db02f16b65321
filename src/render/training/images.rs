//! The images of a training at one step.

use crate::interpretation::numbers::percent;
use crate::render::document::Drawing;
use crate::render::pictures::{ContactSheet, Image, Images};
use crate::render::table::Cell;
use crate::result::StepFigures;

/// A group of images a digit at the `n`-th step of a sheet: itself, then its relevance under each rule.
pub(super) fn at(sheet: &ContactSheet, n: usize, step: &StepFigures) -> Drawing {
    let groups = (0..sheet.digits.len()).map(|d| {
        let relevance = (0..sheet.rules.len()).filter(|_| !is_silent(sheet, d, n));
        let relevance = relevance.map(|rule| {
            let ink = step.rules[rule].digits[d].ink_share;
            self::relevance(sheet, d, [rule, n], ink)
        });
        std::iter::once(digit(sheet, d, n))
            .chain(relevance)
            .collect()
    });
    Drawing::Images(Images {
        groups: groups.collect(),
        large: false,
        bar: Some(sheet.bar.clone()),
    })
}

/// Whether there is nothing to explain.
fn is_silent(sheet: &ContactSheet, d: usize, n: usize) -> bool {
    let answer = sheet.digits[d].answers.get(n);
    answer.is_some_and(|answer| answer.f == 0.0)
}

/// A digit, and what the network says of it where that is wrong.
fn digit(sheet: &ContactSheet, d: usize, n: usize) -> Image {
    let digit = &sheet.digits[d];
    let answer = digit.answers.get(n);
    let wrong = answer.filter(|answer| answer.wrong);
    let more = match wrong {
        _ if is_silent(sheet, d, n) => ", f(x) = 0: nothing to explain".to_owned(),
        Some(answer) => format!(", {}", answer.text().replace(' ', "\u{a0}")),
        None => String::new(),
    };
    Image {
        tile: digit.tile.clone(),
        alt: digit.alt(),
        text: vec![Cell::Words(digit.text() + &more)],
        wrong: wrong.is_some(),
    }
}

/// The relevance of a digit under a rule at a step, and how much of it lies on ink.
fn relevance(
    sheet: &ContactSheet,
    d: usize,
    [rule, n]: [usize; 2],
    ink_share: Option<f64>,
) -> Image {
    let ink = ink_share.map(|ink| {
        [
            Cell::Words(": ".to_owned()),
            Cell::Number(ink, percent(ink).replace(' ', "\u{a0}")),
            Cell::Words(" on\u{a0}ink".to_owned()),
        ]
    });
    let rule_name = [Cell::Words(sheet.rules[rule].clone())];
    Image {
        tile: sheet.digits[d].rows[rule].tiles[n].clone(),
        alt: sheet.alt(rule, n),
        text: rule_name
            .into_iter()
            .chain(ink.into_iter().flatten())
            .collect(),
        wrong: false,
    }
}
