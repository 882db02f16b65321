//! What train reads from its command line in a way of its own.

use deeptaylor::init::Architecture;

/// Which classes are shown.
#[derive(Debug, Clone)]
pub struct Classes(pub Vec<usize>);

/// Reads `--digits`: `0-9`, `3,5`.
pub fn classes(text: &str) -> Result<Classes, String> {
    let mut classes = Vec::new();
    for part in text.split(',') {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        match (from.trim().parse::<u8>(), to.trim().parse::<u8>()) {
            (Ok(from), Ok(to)) if from <= to => classes.extend((from..=to).map(usize::from)),
            _ => return Err(format!("expected classes as 0-9 or 3,5, found `{part}`")),
        }
    }
    Ok(Classes(classes))
}

/// Reads `--layers`; class scores have no ReLU.
pub fn layers(text: &str) -> Result<Architecture, String> {
    let plain = text
        .rsplit(',')
        .next()
        .is_some_and(|last| last.trim().parse::<usize>().is_ok());
    if plain && text.contains(',') {
        format!("{text}:linear").parse()
    } else {
        text.parse()
    }
}

/// Reads `--rate`.
pub fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if rate > 0.0 && rate.is_finite() => Ok(rate),
        _ => Err("expected a number above 0, for instance 0.01".to_owned()),
    }
}
