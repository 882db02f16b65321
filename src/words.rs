//! Numbers in sentences: plurals, verbs that agree, digits in groups, lists of names.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The article of a noun: `an` before a vowel.
pub fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    }
}

/// A number of things, with the plural where it is not one: `1 unit`, `5 units`, `1,234 biases`.
pub fn count(number: usize, thing: &str) -> String {
    format!(
        "{} {}",
        grouped(number),
        agree(number, thing, &plural(thing))
    )
}

/// Some of a number of things: `1 of 3 roots`, `976 of 2,000 inputs`.
pub(crate) fn part(number: usize, all: usize, thing: &str) -> String {
    format!("{} of {}", grouped(number), count(all, thing))
}

/// The word for one of a thing, or the one for several (and for none).
pub fn agree<'w>(number: usize, one: &'w str, several: &'w str) -> &'w str {
    if number == 1 { one } else { several }
}

/// The plural of a thing; of several words that of the last.
pub fn plural(thing: &str) -> String {
    let before_y = thing.strip_suffix('y');
    match before_y {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ if ["s", "x", "ch", "sh"]
            .iter()
            .any(|end| thing.ends_with(end)) =>
        {
            format!("{thing}es")
        }
        _ => format!("{thing}s"),
    }
}

/// A whole number with its thousands apart: `3,357,936`.
pub fn grouped(number: usize) -> String {
    thousands(&number.to_string())
}

/// The digits of a number with its thousands apart; a sign and decimals stay as they are.
pub fn thousands(number: &str) -> String {
    let start = usize::from(number.starts_with('-'));
    let end = number.find('.').unwrap_or(number.len());
    let mut text = String::with_capacity(number.len() + number.len() / 3);
    for (at, digit) in number.char_indices() {
        if at > start && at < end && (end - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number of any size in a sentence: all its digits, and beyond what anyone counts as a power of ten.
pub(crate) fn shown(x: f64) -> String {
    if x == 0.0 || (1e-5..1e15).contains(&x.abs()) {
        x.to_string()
    } else {
        format!("{x:e}")
    }
}

/// A name of at most `widest` columns of a terminal; what is cut out of its middle is marked by `…`, for names that begin
/// alike differ at their ends.
pub(crate) fn shortened(name: &str, widest: usize) -> String {
    if name.width() <= widest {
        return name.to_owned();
    }
    let room = widest.saturating_sub(1);
    let (mut start, mut end) = (String::new(), String::new());
    for c in name.chars() {
        if start.width() + c.width().unwrap_or(0) > room - room / 2 {
            break;
        }
        start.push(c);
    }
    for c in name.chars().rev() {
        if end.width() + c.width().unwrap_or(0) > room / 2 {
            break;
        }
        end.insert(0, c);
    }
    start + "…" + &end
}

/// `a, b and c`, or `a, b, c, d, …` where there are more than are listed.
pub fn listed(mut names: Vec<String>, all: usize) -> String {
    if names.len() < all {
        return names.join(", ") + ", …";
    }
    match names.pop() {
        Some(last) if !names.is_empty() => format!("{} and {last}", names.join(", ")),
        last => last.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::{count, grouped, listed, part, shown, thousands};

    #[test]
    fn no_number_in_a_sentence_has_three_hundred_digits() {
        for (x, text) in [
            (0.0, "0"),
            (0.1, "0.1"),
            (-255.0, "-255"),
            (1e300, "1e300"),
            (-5e-300, "-5e-300"),
            (1.25e16, "1.25e16"),
        ] {
            assert_eq!(shown(x), text);
        }
    }

    #[test]
    fn one_thing_is_no_plural_and_every_plural_is_the_right_one() {
        for (number, thing, text) in [
            (1, "number", "1 number"),
            (0, "number", "0 numbers"),
            (1234, "number", "1,234 numbers"),
            (3, "bias", "3 biases"),
            (1, "bias", "1 bias"),
            (2, "class", "2 classes"),
            (2, "box", "2 boxes"),
            (2, "batch", "2 batches"),
            (2, "entry", "2 entries"),
            (2, "array", "2 arrays"),
            (2, "linear piece", "2 linear pieces"),
        ] {
            assert_eq!(count(number, thing), text);
        }
        assert_eq!(part(1002, 1002, "root"), "1,002 of 1,002 roots");
        assert_eq!(part(1, 1, "root"), "1 of 1 root");
    }

    #[test]
    fn thousands_stand_apart_and_decimals_together() {
        assert_eq!(grouped(3_357_936), "3,357,936");
        assert_eq!(grouped(784), "784");
        assert_eq!(thousands("-123456.7891"), "-123,456.7891");
        assert_eq!(thousands("-123"), "-123");
    }

    #[test]
    fn a_list_ends_with_and_or_says_that_there_are_more() {
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(listed(names(&["a", "b", "c"]), 3), "a, b and c");
        assert_eq!(listed(names(&["a"]), 1), "a");
        assert_eq!(listed(names(&["a", "b"]), 9), "a, b, …");
    }
}
