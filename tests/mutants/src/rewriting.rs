//! The same file with all its mutants in it.

use std::cmp::Reverse;
use std::ops::Range;

use crate::Mutant;
use crate::places::{Place, What};

/// `source` with `places` written anew.
pub fn of(source: &str, places: &[Place]) -> String {
    Rewriting { source, places }.text(0..source.len(), None)
}

struct Rewriting<'a> {
    source: &'a str,
    places: &'a [Place],
}

/// `if crate::mutant(3) { a } else if crate::mutant(4) { b } else `, the text of each from `write`.
fn chosen(mutants: &[Mutant], write: impl Fn(&Mutant) -> String) -> String {
    mutants
        .iter()
        .map(|mutant| {
            format!(
                "if crate::mutant({}) {{ {} }} else ",
                mutant.id,
                write(mutant)
            )
        })
        .collect()
}

impl Rewriting<'_> {
    /// The text of a range, with the places inside it written anew: those inside `around`, where it is part of one.
    fn text(&self, range: Range<usize>, around: Option<usize>) -> String {
        let mut inside: Vec<usize> = (0..self.places.len())
            .filter(|&i| {
                let own = &self.places[i].range;
                let nested = around.is_none_or(|outer| {
                    let place = &self.places[outer].range;
                    own.len() < place.len() || own.len() == place.len() && i > outer
                });
                range.start <= own.start && own.end <= range.end && nested
            })
            .collect();
        inside.sort_by_key(|&i| {
            (
                self.places[i].range.start,
                Reverse(self.places[i].range.end),
                i,
            )
        });
        let (mut text, mut at) = (String::new(), range.start);
        for i in inside {
            let own = &self.places[i].range;
            if at <= own.start {
                text += &self.source[at..own.start];
                text += &self.place(i);
                at = own.end;
            }
        }
        text + &self.source[at..range.end]
    }

    fn place(&self, i: usize) -> String {
        let inner = |range: &Range<usize>| self.text(range.clone(), Some(i));
        match &self.places[i].what {
            What::Body(mutants) => mutants
                .iter()
                .map(|mutant| {
                    format!(
                        " if crate::mutant({}) {{ return {}; }} ",
                        mutant.id, mutant.replacement
                    )
                })
                .collect(),
            What::Guard(mutants) => {
                let whole = inner(&self.places[i].range);
                format!(
                    "({}{{ {whole} }})",
                    chosen(mutants, |m| m.replacement.clone())
                )
            }
            What::Arm {
                pattern,
                guard,
                rest,
                mutants,
            } => {
                let there: Vec<String> = mutants
                    .iter()
                    .map(|m| format!("!crate::mutant({})", m.id))
                    .collect();
                let guard = guard
                    .as_ref()
                    .map(|guard| format!(" && ({})", inner(guard)))
                    .unwrap_or_default();
                let pattern = &self.source[pattern.clone()];
                format!("{pattern} if {}{guard} {}", there.join(" && "), inner(rest))
            }
            What::Unary {
                operand,
                operator,
                mutant,
            } => format!(
                "(match {} {{ value_ => if crate::mutant({}) {{ value_ }} else {{ {operator}value_ }} }})",
                inner(operand),
                mutant.id
            ),
            What::Binary {
                left,
                right,
                operator,
                mutants,
            } => binary(&inner(left), &inner(right), operator, mutants),
            What::Fields { name, fields, base } => {
                let (name, base) = (&self.source[name.clone()], inner(base));
                let texts: Vec<String> = fields
                    .iter()
                    .map(|(range, _)| inner(range) + ", ")
                    .collect();
                let without: String = fields
                    .iter()
                    .enumerate()
                    .map(|(k, (_, mutants))| {
                        let others = [&texts[..k], &texts[k + 1..]].concat().concat();
                        chosen(mutants, |_| format!("{name} {others} {base}"))
                    })
                    .collect();
                format!("({without}{{ {name} {} {base} }})", texts.concat())
            }
        }
    }
}

/// Both sides are computed once and in their order; what is compared is borrowed, and what an assignment changes is named twice.
/// The names end in `_`, as none of the sources does.
fn binary(left: &str, right: &str, operator: &str, mutants: &[Mutant]) -> String {
    let with = |operator: &str| format!("left_ {operator} right_");
    match operator {
        "&&" | "||" => {
            let goes_on = if operator == "&&" { "!=" } else { "==" };
            let id = mutants[0].id;
            format!(
                "(match ({left}) {{ left_ => if left_ {goes_on} crate::mutant({id}) {{ {right} }} else {{ left_ }} }})"
            )
        }
        "==" | "!=" | "<" | ">" | "<=" | ">=" => format!(
            "(match (&({left}), &({right})) {{ (left_, right_) => {}{{ {} }} }})",
            chosen(mutants, |m| with(&m.replacement)),
            with(operator)
        ),
        _ if operator.ends_with('=') => format!(
            "match ({right}) {{ right_ => {}{{ {left} {operator} right_; }} }}",
            chosen(mutants, |m| format!("{left} {} right_;", m.replacement))
        ),
        _ => format!(
            "(match (({left}), ({right})) {{ (left_, right_) => {}{{ {} }} }})",
            chosen(mutants, |m| with(&m.replacement)),
            with(operator)
        ),
    }
}
