//! The formulas of rules and methods as presentational MathML: indices, powers, sums, fractions and brackets.
//!
//! A small parser of the letters that [rules](crate::relevance::Rule) carry: `R_i = Σ_j w_ij² / Σ_i' w_i'j² · R_j`. A slash between
//! spaces divides the products to its left and right, one without spaces its two neighbours. Whatever is no formula stays text.

use std::iter::Peekable;
use std::str::Chars;

use maud::{Markup, html};

/// Words that are functions.
const FUNCTIONS: [&str; 2] = ["max", "min"];
/// A longer text is none of this program's formulas; brackets in it could lie too deep.
const LONGEST: usize = 400;
/// A longer one is set smaller where a page is narrow.
const WIDE: usize = 60;

/// A part of a formula.
enum Item {
    /// What can be multiplied: `x_i`, `2`, `(…)`.
    Factor(Markup),
    /// `Σ_j`
    Sum(Markup),
    /// What stands between: `=`, `·`, `+`.
    Sign(char),
    /// `for the first of the largest`
    Words(String),
    /// A slash, and whether it stands between spaces.
    Slash(bool),
}

/// A formula typeset, or as it stands where it is none.
pub(super) fn formula(text: &str) -> Markup {
    let mut letters = text.chars().peekable();
    let is_wide = text.chars().count() > WIDE;
    let is_one = text.contains('=') && text.len() <= LONGEST;
    let items = is_one.then(|| sequence(&mut letters, None).and_then(fractions));
    html! {
        @if let Some(items) = items.flatten() {
            // A line can end behind what a comma ends.
            @for part in items.split_inclusive(|item| matches!(item, Item::Sign(','))) {
                math class=[is_wide.then_some("wide")] displaystyle="true" { mrow { @for item in part { (shown(item)) } } } " "
            }
        } @else { (text) }
    }
}

fn shown(item: &Item) -> Markup {
    match item {
        Item::Factor(markup) | Item::Sum(markup) => markup.clone(),
        Item::Sign(',') => html! { mo separator="true" { "," } mspace width="0.6em" {} },
        Item::Sign(sign) => html! { mo { (sign) } },
        Item::Words(words) => {
            html! { mspace width="0.4em" {} mtext { (words) } mspace width="0.4em" {} }
        }
        Item::Slash(_) => html! { mo { "/" } },
    }
}

/// The parts up to a closing bracket, or to the end; none where one is not of a formula.
fn sequence(letters: &mut Peekable<Chars>, until: Option<char>) -> Option<Vec<Item>> {
    let mut items = Vec::new();
    let mut after_space = false;
    loop {
        let Some(letter) = letters.next() else {
            return until.is_none().then_some(items);
        };
        let item = match letter {
            _ if Some(letter) == until => return Some(items),
            ' ' => {
                after_space = true;
                continue;
            }
            '(' => Item::Factor(bracketed(letters, '(', ')')?),
            '[' => Item::Factor(bracketed(letters, '[', ']')?),
            '/' => Item::Slash(after_space),
            'Σ' => Item::Sum(sum(letters)),
            '=' | '·' | '+' | '−' | '±' | '≥' | '≤' | '<' | '>' | ',' | '~' | ':' => {
                Item::Sign(letter)
            }
            '∂' => {
                let of = letters.next().filter(|of| of.is_alphabetic())?;
                let of = primed(letters, &of.to_string());
                let of = scripts(letters, &of);
                Item::Factor(html! { mrow { mo { "∂" } (of) } })
            }
            '0'..='9' => Item::Factor(number(letters, letter)),
            _ if letter.is_alphabetic() => named(letters, letter),
            _ => return None,
        };
        after_space = false;
        match (items.last_mut(), item) {
            (Some(Item::Words(words)), Item::Words(word)) => *words += &format!(" {word}"),
            (_, item) => items.push(item),
        }
    }
}

fn bracketed(letters: &mut Peekable<Chars>, open: char, close: char) -> Option<Markup> {
    let inner = fractions(sequence(letters, Some(close))?)?;
    let group =
        html! { mrow { mo { (open) } @for item in &inner { (shown(item)) } mo { (close) } } };
    Some(scripts(letters, &group))
}

fn sum(letters: &mut Peekable<Chars>) -> Markup {
    html! {
        @if let Some(below) = index(letters) { munder { mo movablelimits="false" { "∑" } (below) } }
        @else { mo { "∑" } }
    }
}

fn number(letters: &mut Peekable<Chars>, first: char) -> Markup {
    let mut digits = String::from(first);
    while let Some(digit) = letters.next_if(|c| c.is_ascii_digit() || *c == '.') {
        digits.push(digit);
    }
    scripts(letters, &html! { mn { (digits) } })
}

/// A letter with its scripts, a function, or words.
fn named(letters: &mut Peekable<Chars>, first: char) -> Item {
    let mut word = String::from(first);
    while let Some(letter) = letters.next_if(char::is_ascii_alphabetic) {
        word.push(letter);
    }
    // x̃: the tilde is a letter of its own.
    while let Some(mark) = letters.next_if_eq(&'\u{303}') {
        word.push(mark);
    }
    match word.chars().filter(|c| c.is_alphabetic()).count() {
        1 => {
            let letter = primed(letters, &word);
            Item::Factor(scripts(letters, &letter))
        }
        _ if FUNCTIONS.contains(&&word[..]) => Item::Factor(html! { mi { (word) } }),
        _ => Item::Words(word),
    }
}

/// What is read as an index behind `_`: letters with their primes, as in `i'j`.
fn index(letters: &mut Peekable<Chars>) -> Option<Markup> {
    letters.next_if_eq(&'_')?;
    let mut parts = Vec::new();
    while let Some(letter) = letters.next_if(char::is_ascii_alphanumeric) {
        parts.push(primed(letters, &letter.to_string()));
    }
    Some(html! { mrow { @for part in &parts { (part) } } })
}

/// A letter with the prime behind it, which is as large as its letter: another level down nobody would see it.
fn primed(letters: &mut Peekable<Chars>, letter: &str) -> Markup {
    let is_primed = letters.next_if_eq(&'\'').is_some();
    html! {
        @if is_primed { msup { mi { (letter) } mo scriptlevel="1" { "′" } } }
        @else { mi { (letter) } }
    }
}

/// A letter, a number or a bracket with the index and the power behind it.
fn scripts(letters: &mut Peekable<Chars>, base: &Markup) -> Markup {
    let index = index(letters);
    let power = power(letters);
    match (index, power) {
        (Some(index), Some(power)) => html! { msubsup { (base) (index) (power) } },
        (Some(index), None) => html! { msub { (base) (index) } },
        (None, Some(power)) => html! { msup { (base) (power) } },
        (None, None) => base.clone(),
    }
}

fn power(letters: &mut Peekable<Chars>) -> Option<Markup> {
    let power = letters.next_if(|c| "²⁺⁻".contains(*c))?;
    Some(match power {
        '²' => html! { mn { "2" } },
        '⁺' => html! { mo { "+" } },
        _ => html! { mo { "−" } },
    })
}

/// The same with fractions in the place of slashes: the narrow ones first.
fn fractions(items: Vec<Item>) -> Option<Vec<Item>> {
    let items = divided(items, false)?;
    divided(items, true)
}

/// The same with fractions for slashes that stand, or do not stand, between spaces; none where one has nothing on a side.
fn divided(items: Vec<Item>, spaced: bool) -> Option<Vec<Item>> {
    let mut done: Vec<Item> = Vec::new();
    let mut rest = items.into_iter().peekable();
    while let Some(item) = rest.next() {
        if !matches!(item, Item::Slash(wide) if wide == spaced) {
            done.push(item);
            continue;
        }
        let factors = done
            .iter()
            .rev()
            .take_while(|item| matches!(item, Item::Factor(_)));
        let over = if spaced {
            factors.count()
        } else {
            1.min(factors.count())
        };
        let over: Vec<Item> = done.drain(done.len() - over..).collect();
        let mut under: Vec<Item> = Vec::new();
        while let Some(item) = rest.next_if(|item| {
            matches!(item, Item::Factor(_)) || spaced && matches!(item, Item::Sum(_))
        }) {
            under.push(item);
            if !spaced {
                break;
            }
        }
        if over.is_empty() || under.is_empty() {
            return None;
        }
        done.push(Item::Factor(html! {
            mfrac {
                mrow { @for item in &over { (shown(item)) } }
                mrow { @for item in &under { (shown(item)) } }
            }
        }));
    }
    Some(done)
}

#[cfg(test)]
mod tests {
    use super::formula;
    use crate::relevance::{Gradient, Rule, RuleBias};
    use crate::spelling::Named;

    /// What stands between the tags.
    fn text(markup: &str) -> String {
        let pieces = markup
            .split('<')
            .map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
        let text: String = pieces.collect();
        text.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace(' ', "")
    }

    /// The letters of a formula, without what only says where they stand.
    fn letters(formula: &str) -> String {
        let typeset = |c| match c {
            '²' => '2',
            '⁺' => '+',
            '⁻' => '−',
            '\'' => '′',
            'Σ' => '∑',
            c => c,
        };
        let kept = formula.chars().filter(|c| !"_/ ".contains(*c));
        kept.map(typeset).collect()
    }

    fn all() -> Vec<String> {
        let mut all: Vec<String> = Gradient::ALL
            .iter()
            .map(|method| method.formula().to_owned())
            .collect();
        let rules =
            Rule::all()
                .into_iter()
                .chain([Rule::Proportional, Rule::Routing, Rule::Largest]);
        for rule in rules.chain([Rule::AlphaBeta([1.0, 0.0])]) {
            for signed in [false, true] {
                all.extend(
                    [RuleBias::Drop, RuleBias::Keep].map(|bias| rule.formula_with(signed, bias)),
                );
            }
        }
        all
    }

    #[test]
    fn every_formula_is_typeset_with_all_of_its_letters_in_their_order() {
        let all = all();
        assert!(all.len() > 40);
        for written in all {
            let markup = formula(&written).into_string();
            assert!(markup.starts_with("<math"), "{written}: {markup}");
            assert_eq!(text(&markup), letters(&written), "{written}");
            let slashes = written.matches('/').count();
            assert_eq!(markup.matches("<mfrac").count(), slashes, "{written}");
        }
    }

    #[test]
    fn a_fraction_has_the_products_beside_its_slash_and_the_sum_stands_before_it() {
        let markup = formula("R_i = Σ_j w_ij² / Σ_i' w_i'j² · R_j").into_string();
        let indexed =
            |base: &str, index: &str| format!("<msub><mi>{base}</mi><mrow>{index}</mrow></msub>");
        let (i, j, prime) = (
            "<mi>i</mi>",
            "<mi>j</mi>",
            "<msup><mi>i</mi><mo scriptlevel=\"1\">′</mo></msup>",
        );
        let square =
            |index: String| format!("<msubsup><mi>w</mi><mrow>{index}</mrow><mn>2</mn></msubsup>");
        let sum = |index: &str| {
            format!("<munder><mo movablelimits=\"false\">∑</mo><mrow>{index}</mrow></munder>")
        };
        assert_eq!(
            markup,
            format!(
                "<math displaystyle=\"true\"><mrow>{}<mo>=</mo>{}<mfrac><mrow>{}</mrow><mrow>{}{}</mrow></mfrac><mo>·</mo>{}</mrow></math> ",
                indexed("R", i),
                sum(j),
                square(i.to_owned() + j),
                sum(prime),
                square(prime.to_owned() + j),
                indexed("R", j)
            )
        );
    }

    #[test]
    fn what_is_no_formula_stays_text() {
        for text in [
            "x #= y", "a = (b", "a = / b", "none", "f = {b}", "a = b]", "= \u{1b}",
        ] {
            let markup = formula(text).into_string();
            assert!(!markup.contains("<m"), "{text}: {markup}");
        }
    }
}
