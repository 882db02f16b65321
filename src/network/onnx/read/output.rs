//! The output of the graph that is explained.

use super::model::Graph;
use super::refusal::refused;
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
        _ => {
            let names: Vec<&str> = match &of_values[..] {
                [] => outputs.collect(),
                several => several.to_vec(),
            };
            let names = names.iter().map(|name| format!("`{name}`"));
            let found = listed(names.collect(), of_values.len());
            let message = format!("expected one output of values, found {found}");
            Err(refused(message).help("choose one by --model-output NAME"))
        }
    }
}
