//! The output of the graph that is explained.

use super::input::GraphInput;
use super::model::{Graph, Side};
use super::refusal::refused;
use super::value::View;
use crate::error::Invalid;
use crate::spelling::did_you_mean;
use crate::words::listed;

/// The output to explain, and the others.
pub(super) fn chosen<'a>(
    graph: &Graph<'a>,
    name: Option<&str>,
) -> Result<(&'a str, Vec<String>), Invalid> {
    // Whole numbers and text are classes; what nothing is said of may be values.
    let has_values = |kind: i64| matches!(kind, 0 | 1 | 10 | 11 | 16);
    let outputs = graph.outputs.iter().map(|output| output.name);
    let others = |chosen: &str| {
        let others = outputs.clone().filter(|name| *name != chosen);
        others.map(str::to_owned).collect()
    };
    if let Some(name) = name {
        let made = graph
            .nodes
            .iter()
            .flat_map(|node| node.outputs.iter().copied());
        let known = outputs.clone().chain(made).filter(|name| !name.is_empty());
        let found = known.clone().find(|known| *known == name);
        let found = found.ok_or_else(|| {
            refused(format!("nothing in the graph is called `{name}`"))
                .help(did_you_mean(name, known))
        })?;
        return Ok((found, others(found)));
    }
    let of_values: Vec<&str> = (graph.outputs.iter())
        .filter(|output| has_values(output.kind))
        .map(|output| output.name)
        .collect();
    match (&of_values[..], graph.outputs.len()) {
        (&[only], _) => Ok((only, others(only))),
        (_, 0) => Err(refused("the graph has no output")),
        (_, _) => {
            let names: Vec<&str> = match of_values[..] {
                [] => outputs.collect(),
                _ => of_values,
            };
            let all = names.len();
            let names = names.iter().map(|name| format!("`{name}`")).collect();
            let message = format!(
                "expected one output of values, found {}",
                listed(names, all)
            );
            Err(refused(message).help("choose one by --model-output NAME"))
        }
    }
}

/// Whether an output has the sides that the graph says of it.
///
/// # Errors
///
/// [`Invalid`] where one that is a number is another.
pub(super) fn check_shape(
    graph: &Graph,
    output: &str,
    (view, input): (&View, &GraphInput),
) -> Result<(), Invalid> {
    let output = graph.outputs.iter().find(|named| named.name == output);
    let Some((name, said)) = output.and_then(|named| Some((named.name, named.shape.as_ref()?)))
    else {
        return Ok(());
    };
    // Where sides of the input were chosen, the file speaks of others.
    if input.is_chosen || said.len() != view.shape.len() {
        return Ok(());
    }
    let fits = |n: &usize| match said[*n] {
        Side::Known(side) => side == view.shape[*n],
        Side::Open(_) => true,
    };
    let wrong: Vec<usize> = (0..said.len()).filter(|n| !fits(n)).collect();
    // Of a batch one sample is read, and the file may count more. The side that counts them is the first, or one behind it.
    let counts = |n: &&usize| view.shape[**n] == 1 && !reads_one(graph, &input.name);
    let counting = wrong.iter().find(counts).copied().unwrap_or(0);
    let is_batch = |n: usize| input.batch && n == counting;
    if wrong.iter().all(|n| is_batch(*n)) {
        return Ok(());
    }
    let listed = |sides: Vec<String>| format!("[{}]", sides.join(", "));
    let expected = listed(said.iter().map(Side::to_string).collect());
    let found = said.iter().zip(&view.shape).enumerate();
    let found = found.map(|(n, (said, made))| {
        if is_batch(n) {
            said.to_string()
        } else {
            made.to_string()
        }
    });
    let expected = format!("expected the shape {expected}, which the graph says");
    Err(Invalid::new(
        format!("output `{name}`"),
        expected,
        listed(found.collect()),
    )
    .help(
        "the nodes or weights are not those that the graph was written for: export the model anew",
    ))
}

/// Whether the input of this name is written for a batch of one.
fn reads_one(graph: &Graph, name: &str) -> bool {
    let input = graph.inputs.iter().find(|input| input.name == name);
    let shape = input.and_then(|input| input.shape.as_deref());
    matches!(shape, Some([Side::Known(1), ..]))
}
