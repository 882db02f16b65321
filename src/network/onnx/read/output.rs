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
    // Of a batch one sample is read. Where sides of the input were chosen, the file speaks of others.
    let batch = usize::from(input.batch);
    let fits = |(side, made): (&Side, &usize)| match side {
        Side::Known(side) => side == made,
        Side::Open(_) => true,
    };
    if input.is_chosen
        || said.len() != view.shape.len()
        || said.iter().zip(&view.shape).skip(batch).all(fits)
    {
        return Ok(());
    }
    let listed = |sides: Vec<String>| format!("[{}]", sides.join(", "));
    let expected = listed(said.iter().map(Side::to_string).collect());
    let made = view.shape.iter().map(usize::to_string).skip(batch);
    let found = said.iter().map(Side::to_string).take(batch).chain(made);
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
