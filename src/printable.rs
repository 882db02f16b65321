//! Text from outside, made fit to be shown: a name in a file must not steer the terminal, turn a line around or hide.

use std::borrow::Cow;

use unicode_width::UnicodeWidthChar;

/// So many signs without a width of their own may follow one another, as accents on a letter do; more are a prank.
const MOST_MARKS: usize = 8;

/// Whether a character steers a terminal, turns the direction of those behind it, or stands in a line unseen.
pub fn steers(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// A text from outside as a part of a line: what [steers] is a dot, and a pile of accents is cut.
pub fn printable(text: &str) -> String {
    shown(text, steers)
}

/// The same of a message or table of several lines: their ends stay, and tabs.
pub fn printable_lines(text: &str) -> String {
    shown(text, |c| !matches!(c, '\n' | '\t') && steers(c))
}

/// The same of lines with colours: of what begins with an escape only `ESC [ … m` stays, which sets a style.
pub fn printable_styled(text: &str) -> String {
    let mut pieces = text.split('\u{1b}');
    let mut clean = pieces.next().map_or_else(String::new, printable_lines);
    for piece in pieces {
        if let Some((style, rest)) = style(piece) {
            clean.push('\u{1b}');
            clean += style;
            clean += &printable_lines(rest);
        } else {
            clean.push('·');
            clean += &printable_lines(piece);
        }
    }
    clean
}

/// A text of JSON with every character that [steers] as its escape: the same JSON, and harmless to look at.
pub fn escaped(json: &str) -> Cow<'_, str> {
    if !json.contains(steers) {
        return Cow::Borrowed(json);
    }
    let mut text = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if steers(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                text += &format!("\\u{unit:04x}");
            }
        } else {
            text.push(c);
        }
    }
    Cow::Owned(text)
}

fn shown(text: &str, steers: impl Fn(char) -> bool) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut marks = 0;
    for c in text.chars() {
        if steers(c) {
            marks = 0;
            clean.push('·');
            continue;
        }
        marks = if c.width() == Some(0) { marks + 1 } else { 0 };
        match marks {
            0..=MOST_MARKS => clean.push(c),
            _ if marks == MOST_MARKS + 1 => clean.push('…'),
            _ => {}
        }
    }
    clean
}

/// The rest of a sequence that sets a style, behind its escape, and the text after it.
fn style(text: &str) -> Option<(&str, &str)> {
    let body = text.strip_prefix('[')?;
    let end = body.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    let sets = body[end..].starts_with('m');
    sets.then(|| text.split_at('['.len_utf8() + end + 'm'.len_utf8()))
}

#[cfg(test)]
mod tests {
    use super::{escaped, printable, printable_lines, printable_styled};

    /// What a name must not bring to a terminal, each as the whole of a name.
    const HOSTILE: [&str; 13] = [
        "\u{1b}[2J",
        "\u{7}",
        "\u{9b}",
        "\u{61c}",
        "\u{200b}",
        "\u{200e}",
        "\u{200f}",
        "\u{2028}",
        "\u{2029}",
        "\u{202e}",
        "\u{2066}",
        "\u{2069}",
        "\u{feff}",
    ];

    #[test]
    fn what_steers_a_terminal_is_a_dot() {
        for name in HOSTILE {
            for shown in [
                printable(name),
                printable_lines(name),
                printable_styled(name),
            ] {
                assert!(shown.starts_with('·'), "{name:?} is {shown:?}");
            }
        }
        assert_eq!(printable("a\nb\tc"), "a·b·c");
        assert_eq!(printable("日本 é x̃ ŷ z⁺"), "日本 é x̃ ŷ z⁺");
    }

    #[test]
    fn the_ends_of_lines_stay_in_messages_and_styles_in_coloured_text() {
        assert_eq!(printable_lines("a\nb\u{1b}c"), "a\nb·c");
        let styled = "\u{1b}[1;31mred\u{1b}[0m\n\u{1b}]0;title\u{7} \u{1b}[2J";
        let clean = "\u{1b}[1;31mred\u{1b}[0m\n·]0;title· ·[2J";
        assert_eq!(printable_styled(styled), clean);
    }

    #[test]
    fn a_pile_of_accents_is_cut() {
        let pile = format!("e{}f", "\u{301}".repeat(50_000));
        assert_eq!(printable(&pile), format!("e{}…f", "\u{301}".repeat(8)));
    }

    #[test]
    fn escaped_json_is_the_same_json() {
        for name in HOSTILE.into_iter().chain(["\u{e0041}", "日本"]) {
            let json = serde_json::Value::from(name).to_string();
            let safe = escaped(&json);
            assert!(!safe.contains(super::steers), "{safe}");
            assert_eq!(
                serde_json::from_str::<String>(&safe).ok().as_deref(),
                Some(name)
            );
        }
    }
}
