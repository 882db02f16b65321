//! What made a result, for its `made_by`.

use std::env;
use std::fs::File;
use std::path::Path;

use deeptaylor::network::Example;
use deeptaylor::result::{Origin, SourceFile};

/// This program under the command line that it was given.
pub fn origin() -> Origin {
    let words = env::args_os().skip(1);
    let words = words.map(|word| quoted(&word.to_string_lossy()));
    let command: Vec<String> = std::iter::once("deeptaylor".to_owned())
        .chain(words)
        .collect();
    Origin::new(command.join(" "))
}

/// The same, of a file that is read; what is no plain file cannot be read again, and a file that cannot be read is
/// complained about where it is.
pub fn of_file(origin: Origin, file: &Path) -> Origin {
    if let Some(Ok(example)) = Example::of_path(file) {
        return origin.of(&file.to_string_lossy(), example.file);
    }
    let plain = File::open(file).ok();
    let plain = plain.filter(|open| open.metadata().is_ok_and(|there| there.is_file()));
    match plain.map(|open| SourceFile::read(&file.to_string_lossy(), open)) {
        Some(Ok(source)) => origin.with(source),
        Some(Err(_)) | None => origin,
    }
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
