//! The typeface of pictures: how wide a text is, and what its letters look like.
//!
//! Liberation Sans has the widths of Arial and Helvetica, so that a text takes the same room in an SVG file, whichever of them
//! is at hand there.

use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, Glyph, PxScale, ScaleFont, point};

use crate::interpretation::numbers;

/// The typeface, and those with the same widths, as SVG names them.
pub(super) const NAMES: &str = "Liberation Sans, Arial, Helvetica, sans-serif";

static REGULAR: LazyLock<FontRef<'static>> = LazyLock::new(|| {
    let file = include_bytes!("fonts/LiberationSans-Regular.ttf");
    FontRef::try_from_slice(file).expect("the typeface that comes along is one")
});

/// A number with four significant digits, and a real minus.
pub(super) fn figure(x: f64) -> String {
    numbers::figure(x).replace('-', "−")
}

/// How wide a text is at a size, in pixels; pairs of letters are not moved together.
pub(crate) fn width(text: &str, size: usize) -> f32 {
    let font = REGULAR.as_scaled(scale(size));
    let advance = |letter| font.h_advance(font.glyph_id(letter));
    text.chars().map(advance).sum()
}

/// The whole pixels that a text takes.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a width is no negative number"
)]
pub(super) fn room(text: &str, size: usize) -> usize {
    width(text, size).ceil() as usize
}

/// A text as far as there is room for it, with `…` where something is left out.
pub(super) fn shortened(text: &str, size: usize, room: usize) -> String {
    let room = room as f32;
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut ends = text.char_indices().rev().map(|(end, _)| &text[..end]);
    let fits = |start: &&str| width(&format!("{}…", start.trim_end()), size) <= room;
    ends.find(fits)
        .map_or_else(String::new, |start| format!("{}…", start.trim_end()))
}

/// A name as far as there is room for it, with `…` in the middle: names of one kind often differ at their ends.
pub(super) fn shortened_within(name: &str, size: usize, room: usize) -> String {
    let room = room as f32;
    if width(name, size) <= room {
        return name.to_owned();
    }
    let letters: Vec<char> = name.chars().collect();
    let of = |kept: usize| {
        let (start, rest) = letters.split_at(kept.div_ceil(2));
        let end = &rest[rest.len() - kept / 2..];
        start.iter().chain(&['…']).chain(end).collect::<String>()
    };
    let shorter = (1..letters.len()).rev().map(of);
    let mut fitting = shorter.skip_while(|short| width(short, size) > room);
    fitting.next().unwrap_or_default()
}

/// A text in lines for which there is room, broken between words; a word that is too long is shortened.
pub(super) fn lines(text: &str, size: usize, room: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if width(&format!("{line} {word}"), size) <= room as f32 => {
                *line += " ";
                *line += word;
            }
            _ => lines.push(shortened(word, size, room)),
        }
    }
    lines
}

/// Calls `draw` for every pixel that letters cover, with how much of it they do: from 0 to 1. The text begins at `left` and
/// stands on the line `base`; a letter that the typeface does not have is a box.
pub(super) fn cover(
    text: &str,
    size: usize,
    [left, base]: [f32; 2],
    mut draw: impl FnMut([i64; 2], f32),
) {
    let scale = scale(size);
    let font = REGULAR.as_scaled(scale);
    let mut x = left;
    for letter in text.chars() {
        let id = font.glyph_id(letter);
        let position = point(x, base);
        x += font.h_advance(id);
        let Some(outline) = REGULAR.outline_glyph(Glyph {
            id,
            scale,
            position,
        }) else {
            continue;
        };
        let corner = outline.px_bounds().min;
        outline.draw(|column, row, covered| {
            let at = |corner: f32, n: u32| whole(corner) + i64::from(n);
            draw([at(corner.x, column), at(corner.y, row)], covered.min(1.0));
        });
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "whole numbers inside of a picture"
)]
fn whole(x: f32) -> i64 {
    x as i64
}

/// The scale at which the em square has this size, as SVG counts it.
fn scale(size: usize) -> PxScale {
    let em = REGULAR.units_per_em().unwrap_or(1.0);
    PxScale::from(size as f32 * REGULAR.height_unscaled() / em)
}

#[cfg(test)]
mod tests {
    use super::{cover, lines, shortened, shortened_within, width};

    #[test]
    fn a_text_is_as_wide_as_in_arial() {
        // Each digit is 1139 of 2048 units wide, a space 569.
        assert!((width("0123", 2048) - 4.0 * 1139.0).abs() < 0.1);
        assert!((width("0 0", 2048) - 2847.0).abs() < 0.1);
    }

    #[test]
    fn a_shortened_text_has_room_and_says_that_it_was_longer() {
        let name = "versicolor, the one with blue flowers";
        for room in [20, 60, 100, 180] {
            let short = shortened(name, 12, room);
            assert!(width(&short, 12) <= room as f32, "{short}");
            assert!(short.ends_with('…') && !short.ends_with(" …"), "{short}");
        }
        assert_eq!(shortened("seven", 12, 100), "seven");
        assert_eq!(shortened("seven", 12, 5), "");
    }

    #[test]
    fn a_name_is_shortened_in_its_middle() {
        let short = shortened_within("photographs-of-july-0017.png", 12, 90);
        assert!(width(&short, 12) <= 90.0, "{short}");
        assert!(short.starts_with("photo") && short.ends_with("7.png") && short.contains('…'));
        assert_eq!(shortened_within("seven", 12, 100), "seven");
        assert_eq!(shortened_within("seven", 12, 5), "");
    }

    #[test]
    fn no_line_is_longer_than_its_room_and_no_word_is_lost() {
        let text = "white is 0, orange positive, purple negative";
        let broken = lines(text, 12, 120);
        assert!(broken.len() > 1);
        assert!(broken.iter().all(|line| width(line, 12) <= 120.0));
        assert_eq!(broken.join(" "), text);
    }

    #[test]
    fn a_letter_that_the_typeface_does_not_have_is_a_box_and_no_fault() {
        let covered = |text| {
            let mut pixels = 0;
            cover(text, 20, [0.0, 20.0], |_, covered| {
                pixels += usize::from(covered > 0.5);
            });
            pixels
        };
        assert!(covered("水") > 20);
        assert_eq!(covered("水"), covered("木"));
        assert!(covered("e\u{301}") > covered("e"));
        assert_eq!(covered(" "), 0);
    }
}
