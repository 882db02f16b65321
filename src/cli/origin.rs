//! What made a result, for its `made_by`.

use std::env;

use deeptaylor::report::Origin;

/// This program under the command line that it was given.
pub fn origin() -> Origin {
    let words = env::args_os().skip(1);
    let words = words.map(|word| quoted(&word.to_string_lossy()));
    let command: Vec<String> = std::iter::once("deeptaylor".to_owned())
        .chain(words)
        .collect();
    Origin::new(command.join(" "))
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./,:=+@%^".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_word_comes_back_from_a_shell_as_it_was() {
        assert_eq!(quoted("1,0.5,-0.25"), "1,0.5,-0.25");
        assert_eq!(quoted("my net.json"), "'my net.json'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
    }
}
