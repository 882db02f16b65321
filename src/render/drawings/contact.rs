//! A contact sheet in a page: a table for each rule, with a row a digit and a column a step.

use maud::{Markup, html};

use super::images::{colour_bar, pixels};
use crate::render::pictures::{ContactSheet, Digit};

/// What stands where there is no relevance.
const NOTHING: &str = "f(x) = 0";

/// The tables beside each other where there is room, and what their colours stand for.
pub(crate) fn contact(sheet: &ContactSheet) -> Markup {
    html! {
        div.contact {
            @for rule in 0..sheet.rules.len() { (table(sheet, rule)) }
        }
        (colour_bar(&sheet.bar))
    }
}

fn table(sheet: &ContactSheet, rule: usize) -> Markup {
    let name = &sheet.rules[rule];
    html! {
        div.scroll role="group" aria-label=(name) {
            table.shots {
                caption { (name) }
                thead { tr {
                    th scope="col" { "step" br; "accuracy" }
                    @for step in &sheet.steps { th scope="col" { (step.number) br; (step.accuracy) } }
                } }
                tbody { @for digit in &sheet.digits { tr {
                    th scope="row" { (pixels(&digit.tile, &digit.alt())) (digit.text()) }
                    @for step in 0..sheet.steps.len() { (cell(sheet, digit, [rule, step])) }
                } } }
            }
        }
    }
}

/// The relevance of a digit, and what the network says of it where that is wrong.
fn cell(sheet: &ContactSheet, digit: &Digit, [rule, step]: [usize; 2]) -> Markup {
    let answer = &digit.answers[step];
    html! {
        td.wrong[answer.wrong] {
            @if answer.f == 0.0 {
                span.nothing { (NOTHING) }
            } @else {
                (pixels(&digit.rows[rule].tiles[step], &sheet.alt(rule, step)))
            }
            span { @if answer.wrong { (answer.text().replace(' ', "\u{a0}")) } }
        }
    }
}
