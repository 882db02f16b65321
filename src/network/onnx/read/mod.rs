//! Reads a model: bytes → messages → numbers that are known and views of levels → one gate → a well-formed [`Network`], or a
//! refusal by node.
//!
//! A tensor of the graph is numbers that are known, or a view: which unit of which level stands at each of its places. What only
//! moves values changes the view and makes no layer; where a layer needs them in another order than their level has, a gather is
//! made. The batch is a side of 1 all the way, so that every shape is known.

mod about;
mod affine;
mod arithmetic;
mod assemble;
mod attribute;
mod budget;
mod classes;
mod concat;
mod constants;
mod convolution;
mod dense;
mod draft;
mod drafts;
mod element;
mod ends;
mod fates;
mod gate;
mod input;
mod model;
mod needed;
mod output;
mod places;
mod pool;
mod rearrange;
mod recognise;
mod reduce;
mod refusal;
mod sides;
mod skeleton;
mod slice_pad;
mod stored;
mod tensor;
mod value;
mod windows;
mod wire;
mod written;

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};

pub use about::{FoldedNode, ModelOptions, NamedNode, OnnxModel, OperatorCount};
pub(in crate::network) use recognise::begins_as_model;
pub(crate) use recognise::{foreign, is_model};

use assemble::Finished;
use budget::Budget;
use drafts::{Drafts, Origin};
use gate::Gate;
use input::GraphInput;
use model::{Graph, Model, Side};
use needed::Needed;
use refusal::refused;
use stored::Files;
use value::{Value, View};
use written::Written;

use crate::error::Invalid;
use crate::network::Network;
use crate::network::folder::Folder;

/// Raw bytes of tensors of a large model that are no more are not left in the file.
const SMALL: u64 = 1 << 12;

/// Where the bytes of a model are from.
#[derive(Clone, Copy)]
struct Stored<'f> {
    /// The file, where there is one: others are looked for beside it.
    path: Option<&'f Path>,
    /// The same, open, where tensors were left in it.
    own: Option<&'f File>,
    /// How large it is.
    bytes: u64,
}

/// A network, what is told of its model, and the other files that its weights stand in.
pub(in crate::network) type ReadModel = (Network, OnnxModel, Vec<PathBuf>);

/// The network of a model, and what is told of it; weights that stand in other files are looked for beside `path`.
pub(in crate::network) fn read_model(
    path: Option<&Path>,
    bytes: &[u8],
    options: &ModelOptions,
) -> Result<ReadModel, Invalid> {
    let own = Stored {
        path,
        own: None,
        bytes: bytes.len() as u64,
    };
    read(own, bytes, options)
}

/// The same of a file of so many bytes that is too large to be held: the numbers of its tensors stay in it until they are asked
/// for.
pub(in crate::network) fn read_large(
    path: &Path,
    file: &File,
    bytes: u64,
    options: &ModelOptions,
) -> Result<ReadModel, Invalid> {
    let skeleton = skeleton::skeleton(file, bytes, SMALL);
    let skeleton = skeleton.map_err(|why| refusal::unreadable("model", why))?;
    let own = Stored {
        path: Some(path),
        own: Some(file),
        bytes,
    };
    read(own, &skeleton, options)
}

fn read(stored: Stored, bytes: &[u8], options: &ModelOptions) -> Result<ReadModel, Invalid> {
    let mut model = Model::read(bytes).map_err(|why| refusal::broken("model", why))?;
    let graph = model.graph.take().ok_or_else(|| {
        let message = if bytes.is_empty() {
            "the file is empty"
        } else {
            "the model has no graph"
        };
        refused(message).help("the file is damaged: copy or export it anew")
    })?;
    let opset = refusal::version(&model, &graph)?;
    let (output, other_outputs) = output::chosen(&graph, options.output.as_deref())?;
    let width = stored::width(graph.tensors.iter().map(|(_, message)| *message));
    let attempt = |batch: bool| {
        let name = options.input.as_deref();
        let read = GraphInput::of(&graph, name, options.input_shape.as_deref(), batch)?;
        let written = Written::of(&model, graph.name)?;
        let read = match written.as_ref().and_then(|written| written.picture) {
            Some(picture) => read.known_as(picture)?,
            None => read,
        };
        let (sample, input) = (read.sample.clone(), read.name.clone());
        let budget = Budget::of(stored.bytes, bytes.len(), width);
        let drafts = Drafts::new(read, budget);
        let finished = lowered((opset, &graph, written), (stored, output), drafts)?;
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
        opset,
        input,
        input_shape,
        output: output.to_owned(),
        other_outputs,
        classes: finished.classes,
        nodes: graph.nodes.len(),
        operators: operators(&graph),
        folded: finished.folded,
        left_off: finished.left_off,
        without_effect: finished.without_effect,
    };
    Ok((finished.network, about, finished.files))
}

/// The network of an output, its layers in the order of the graph.
fn lowered<'a>(
    (opset, graph, written): (i64, &Graph<'a>, Option<Written>),
    (stored, output): (Stored, &'a str),
    drafts: Drafts,
) -> Result<Finished, Invalid> {
    let tensors = graph.tensors()?;
    let input = graph
        .inputs
        .iter()
        .find(|input| input.name == drafts.input.name);
    let input = input.map_or("", |input| input.name);
    let given = |name: &str| name == input || tensors.contains_key(name);
    let needed = Needed::by(output, graph, given)?;
    let whole = View::whole(0, drafts.input.shape());
    let mut gate = Gate {
        opset,
        written: written.is_some(),
        drafts,
        log: fates::Log::default(),
        files: Files {
            folder: Folder::of(stored.path),
            own: stored.own.zip(stored.path),
        },
        tensors,
        values: HashMap::from([(input, Value::Data(whole))]),
        readers: needed.readers,
        shaped: needed.shaped,
    };
    let readers = gate.readers.get(input).copied().unwrap_or(0);
    gate.drafts.expect_readers(0, readers);
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
    if view.ends_in(ends::COMPLEMENT) {
        let message = format!(
            "the output `{output}` is 1 − p of a sigmoid p, which falls where the value before it rises"
        );
        return Err(
            refused(message).help("--model-output NAME explains the value before the sigmoid")
        );
    }
    let origin = Origin {
        name: output.to_owned(),
        operator: String::new(),
        place: format!("output `{output}`"),
    };
    let top = gate.drafts.values(&origin, &view)?;
    if top == 0 {
        return Err(refused(format!(
            "the output `{output}` is the input: there is nothing to explain"
        )));
    }
    output::check_shape(graph, output, (&view, &gate.drafts.input))?;
    gate.log.outputs = gate.class_names(graph, output, view.units())?;
    assemble::network(gate.drafts, gate.log, written, top)
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

#[cfg(test)]
mod tests {
    use std::fs::{self, File};

    use super::{ModelOptions, SMALL, read_large, read_model};
    use crate::network::{Activation, Input, Layer, Network, Precision};

    #[test]
    fn a_model_whose_numbers_stay_in_its_file_is_the_one_that_is_read_as_a_whole() {
        let weights = ndarray::Array2::from_shape_fn((40, 50), |(i, k)| (i * 50 + k) as f64);
        let bias: Vec<f64> = (0..50).map(f64::from).collect();
        let layer = Layer::dense(weights, bias, Activation::Relu).expect("a layer");
        let network = Network::new(Input::flat(40), vec![layer]).expect("a network");
        let bytes = network
            .to_onnx(Precision::Single)
            .expect("an ONNX file")
            .bytes;
        let size = bytes.len() as u64;
        assert!(size > SMALL, "the weights are left where they are");
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("m.onnx");
        fs::write(&path, &bytes).expect("a file");
        let file = File::open(&path).expect("a file");
        let options = ModelOptions::default();
        let large = read_large(&path, &file, size, &options).expect("a network");
        let whole = read_model(None, &bytes, &options).expect("a network");
        assert_eq!(large, whole);
        assert_eq!(large.0.layers(), network.layers());
    }
}
