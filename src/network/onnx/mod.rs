//! ONNX, the format in which frameworks exchange networks. Models are read: bytes → messages → numbers that are known and views of levels → one gate → a well-formed
//! [`Network`](super::Network), or a refusal by node.
//!
//! A tensor of the graph is numbers that are known, or a view: which unit of which level stands at each of its places. What only
//! moves values changes the view and makes no layer; where a layer needs them in another order than their level has, a gather is
//! made. The batch is a side of 1 all the way, so that every shape is known.

mod about;
mod affine;
mod arithmetic;
mod attribute;
mod beside;
mod budget;
mod constants;
mod cuts;
mod draft;
mod entry;
mod finish;
mod gate;
mod log;
mod model;
mod movement;
mod moves;
mod order;
mod products;
mod recognise;
mod reduce;
mod refusal;
mod stack;
mod tensor;
mod value;
mod windows;
mod wire;
mod write;

use std::collections::HashMap;
use std::path::Path;

pub use about::{FoldedNode, ModelOptions, NamedNode, OnnxModel, OperatorCount};
pub(crate) use recognise::{foreign, is_model};
pub use write::{Onnx, Rounding};

use budget::Budget;
use entry::Entry;
use finish::Finished;
use gate::Gate;
use model::{Graph, Model, Side};
use order::Needed;
use refusal::refused;
use stack::{Origin, Stack};
use value::{Value, View};

use super::Network;
use super::folder::Folder;
use crate::error::Invalid;
use crate::spelling::did_you_mean;
use crate::words::listed;

/// The network of a model, and what is told of it; weights that stand in other files are looked for beside `path`.
pub(super) fn read(
    path: Option<&Path>,
    bytes: &[u8],
    options: &ModelOptions,
) -> Result<(Network, OnnxModel), Invalid> {
    let mut model = Model::read(bytes).map_err(|why| refusal::broken("model", why))?;
    let graph = model.graph.take().ok_or_else(|| {
        refused("the model has no graph").help("the file is damaged: export it anew")
    })?;
    refusal::check_versions(&model)?;
    let (output, other_outputs) = output(&graph, options.output.as_deref())?;
    let attempt = |batch: bool| {
        let name = options.input.as_deref();
        let entry = Entry::of(&graph, name, options.input_shape.as_deref(), batch)?;
        let (sample, input) = (entry.sample.clone(), entry.name.clone());
        let stack = Stack::new(entry, Budget::of(bytes.len()));
        let finished = lowered(&model, &graph, (path, output), stack)?;
        Ok((finished, sample, input))
    };
    let (finished, input_shape, input) = match attempt(true) {
        Err(first) if has_fixed_batch(&graph, options.input.as_deref()) => {
            // The first side may be no batch after all.
            attempt(false).map_err(|_| first)?
        }
        attempted => attempted?,
    };
    let about = OnnxModel {
        producer: format!("{} {}", model.producer, model.producer_version)
            .trim()
            .to_owned(),
        opset: model.opset(""),
        input,
        input_shape,
        output: output.to_owned(),
        other_outputs,
        nodes: graph.nodes.len(),
        operators: operators(&graph),
        folded: finished.folded,
        left_off: finished.left_off,
        without_effect: finished.without_effect,
    };
    Ok((finished.network, about))
}

/// The network of an output, its layers in the order of the graph.
fn lowered<'a>(
    model: &Model,
    graph: &Graph<'a>,
    (path, output): (Option<&Path>, &'a str),
    stack: Stack,
) -> Result<Finished, Invalid> {
    let tensors: HashMap<&str, &[u8]> = graph.tensors.iter().copied().collect();
    let input = graph
        .inputs
        .iter()
        .find(|input| input.name == stack.entry.name);
    let input = input.map_or("", |input| input.name);
    let given = |name: &str| name == input || tensors.contains_key(name);
    let needed = Needed::by(output, graph, given)?;
    let whole = View::whole(0, stack.entry.shape());
    let mut gate = Gate {
        opset: model.opset(""),
        stack,
        log: log::Log::default(),
        folder: Folder::of(path),
        tensors,
        values: HashMap::from([(input, Value::Data(whole))]),
        readers: needed.readers,
        shaped: needed.shaped,
    };
    let readers = gate.readers.get(input).copied().unwrap_or(0);
    gate.stack.expect_readers(0, readers);
    for node in needed.nodes {
        gate.read(node)?;
    }
    let view = match gate.value(output)? {
        Value::Data(view) => view,
        Value::Known(_) => {
            return Err(refused(format!(
                "the output `{output}` does not depend on the input"
            )));
        }
        Value::Label(what) => {
            let message = format!("the output `{output}` is a class, which {what} makes of values");
            return Err(
                refused(message).help("choose the output that has values by --model-output NAME")
            );
        }
    };
    let origin = Origin {
        name: output.to_owned(),
        operator: String::new(),
        place: format!("output `{output}`"),
    };
    let top = gate.stack.values(&origin, &view)?;
    if top == 0 {
        return Err(refused(format!(
            "the output `{output}` is the input: there is nothing to explain"
        )));
    }
    finish::network(gate.stack, gate.log, top)
}

/// The output to explain, and the others.
fn output<'a>(graph: &Graph<'a>, name: Option<&str>) -> Result<(&'a str, Vec<String>), Invalid> {
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
        (_, all) => {
            let names = outputs.map(|name| format!("`{name}`")).collect();
            let message = format!(
                "expected one output of values, found {}",
                listed(names, all)
            );
            Err(refused(message).help("choose one by --model-output NAME"))
        }
    }
}

/// Whether the first side of the input is a number above 1.
fn has_fixed_batch(graph: &Graph, name: Option<&str>) -> bool {
    let input = graph
        .inputs
        .iter()
        .find(|input| name.is_none_or(|name| name == input.name));
    let shape = input.and_then(|input| input.shape.as_deref());
    matches!(shape, Some([Side::Known(2..), _, ..]))
}

/// Every operator, with how many nodes have it.
fn operators(graph: &Graph) -> Vec<OperatorCount> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for node in &graph.nodes {
        *counts.entry(node.operator).or_default() += 1;
    }
    let count = |(operator, nodes): (&str, usize)| OperatorCount {
        operator: operator.to_owned(),
        nodes,
    };
    let mut operators: Vec<OperatorCount> = counts.into_iter().map(count).collect();
    operators.sort_by(|a, b| {
        b.nodes
            .cmp(&a.nodes)
            .then_with(|| a.operator.cmp(&b.operator))
    });
    operators
}
