//! Which of the columns or keys that were chosen is which input.

use std::collections::HashMap;

use crate::error::Invalid;
use crate::words::plural;

/// How many are named in a note.
const MOST_NAMED: usize = 12;

/// For each input which of the chosen it is, and what is to be said of that.
pub(super) type Matched = (Vec<usize>, Option<String>);

/// Matches the names of as many columns (`thing` in words) as there are inputs: where they have exactly the inputs' names
/// by these, else in their order.
///
/// # Errors
///
/// [`Invalid`] where one would be taken for an input while it has the name of another.
pub(super) fn matched(chosen: &[&str], inputs: &[String], thing: &str) -> Result<Matched, Invalid> {
    let by_name: HashMap<&str, usize> = (inputs.iter().enumerate())
        .map(|(input, name)| (name.as_str(), input))
        .collect();
    let named: Vec<Option<usize>> = (chosen.iter())
        .map(|name| by_name.get(name).copied())
        .collect();
    let mut order: Vec<usize> = (0..chosen.len()).collect();
    if named.iter().all(Option::is_some) {
        order.sort_by_key(|&place| named[place]);
        let moved = !order.is_sorted();
        let note = format!(
            "the {} of --columns are matched to the inputs by their names",
            plural(thing)
        );
        return Ok((order, moved.then_some(note)));
    }
    let other = |(place, input): (usize, &Option<usize>)| input.filter(|input| *input != place);
    if let Some((place, _)) = (named.iter().enumerate()).find(|entry| other(*entry).is_some()) {
        let (expected, found) = (&inputs[place], chosen[place]);
        return Err(Invalid::new(
            "--columns",
            format!("expected a {thing} for the input {expected}"),
            format!("`{found}`, the name of another input"),
        )
        .help("name them in the order of the inputs, or all of them as the inputs are called"));
    }
    Ok((order, Some(taken(chosen, inputs))))
}

/// What is taken for what.
fn taken(chosen: &[&str], inputs: &[String]) -> String {
    let apart = chosen
        .iter()
        .zip(inputs)
        .filter(|(name, input)| name != input);
    let mut pairs: Vec<String> = apart
        .map(|(name, input)| format!("`{name}` for the input {input}"))
        .collect();
    if pairs.len() > MOST_NAMED {
        pairs.truncate(MOST_NAMED);
        pairs.push("…".to_owned());
    }
    format!("taken in their order: {}", pairs.join(", "))
}
