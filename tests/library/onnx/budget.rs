//! What a file may ask for: that it is counted for what it is, and given back when nobody needs it any more.

use super::build::{Is, Model, bytes, int, raw_ints, tensor};
use super::hand::read;
use super::refusals::error;

/// What is said where more is asked for than a small file may.
const TOO_MUCH: &str = "MiB of numbers, from what the file has";

/// Whole numbers of a shape, all 0.
fn zeros(model: Model, name: &str, shape: &str) -> Model {
    let zero = tensor("", 7, &[1], &bytes(7, &[0]));
    model.node(
        "ConstantOfShape",
        &[shape],
        name,
        &[("value", Is::Tensor(zero))],
    )
}

/// A model of two values and a shape of a million.
fn million() -> Model {
    Model::reading(&[0, 2])
        .ints("shape", &[1_000_000])
        .ints("0", &[0])
}

#[test]
fn numbers_that_are_still_to_be_read_are_held_and_others_are_given_back() {
    // Eight MB each: the first list of indices is needed by the last pick, and so all lists are there at a time.
    let together = |lists: usize| {
        let mut model = million();
        for n in 0..lists {
            let [list, at, next] = [format!("c{n}"), format!("k{n}"), format!("k{}", n + 1)];
            let at = if n == 0 { "0" } else { &at };
            model = zeros(model, &list, "shape").node("Gather", &[&list, at], &next, &[]);
        }
        let last = format!("k{lists}");
        let model = model.node("Gather", &["x", &last], "y", &[("axis", Is::Int(1))]);
        model.output("y").file()
    };
    assert_eq!(error(&together(4)), "none");
    let all = error(&together(10));
    assert!(all.contains(TOO_MUCH), "{all}");
    // One after the other there is one at a time.
    let mut model = million();
    for n in 0..10 {
        let [list, part, sum] = [format!("c{n}"), format!("p{n}"), format!("s{}", n + 1)];
        let before = format!("s{n}");
        let before = if n == 0 { "0" } else { &before };
        model = zeros(model, &list, "shape")
            .node("Gather", &[&list, "0"], &part, &[])
            .node("Add", &[before, &part], &sum, &[]);
    }
    let model = model.node("Gather", &["x", "s10"], "y", &[("axis", Is::Int(1))]);
    assert_eq!(read(&model.output("y")).output_units(), 1);
}

#[test]
fn what_nobody_reads_is_not_held() {
    let mut model = million().ints("parts", &[1, 999_999]);
    for n in 0..10 {
        let [list, part, rest, sum] = ["c", "p", "r", "s"]
            .map(|name| format!("{name}{}", if name == "s" { n + 1 } else { n }));
        let before = format!("s{n}");
        let before = if n == 0 { "0" } else { &before };
        model = zeros(model, &list, "shape")
            .node_of("", "Split", (&[&list, "parts"], &[&part, &rest]), &[])
            .node("Add", &[before, &part], &sum, &[]);
    }
    let model = model.node("Gather", &["x", "s10"], "y", &[("axis", Is::Int(1))]);
    assert_eq!(read(&model.output("y")).output_units(), 1);
}

#[test]
fn the_order_of_values_is_held_too() {
    let mut model = Model::reading(&[0, 1_000_000])
        .ints("start", &[-1])
        .ints("end", &[i64::MIN])
        .ints("1", &[1]);
    let names: Vec<String> = (0..14).map(|n| format!("v{n}")).collect();
    for name in &names {
        model = model.node("Slice", &["x", "start", "end", "1", "start"], name, &[]);
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let model = model.node("Concat", &names, "y", &[("axis", Is::Int(1))]);
    let error = error(&model.output("y").file());
    assert!(error.contains("Slice at node /Slice: "), "{error}");
    assert!(error.contains(TOO_MUCH), "{error}");
}

#[test]
fn a_node_that_changes_nothing_makes_no_copy_of_a_large_constant() {
    let model = Model::reading(&[0, 2])
        .ints("shape", &[3_300_000])
        .ints("0", &[0]);
    let model = zeros(model, "c", "shape")
        .node("Identity", &["c"], "same", &[])
        .node("Gather", &["same", "0"], "at", &[])
        .node("Gather", &["x", "at"], "y", &[("axis", Is::Int(1))]);
    assert_eq!(error(&model.output("y").file()), "none");
}

#[test]
fn whole_numbers_of_a_byte_take_eight_once_they_are_read() {
    let numbers = bytes(9, &vec![1; 7_000_000]);
    let model = Model::reading(&[0, 2])
        .tensor(&tensor("w", 3, &[7_000_000], &numbers))
        .node("Shape", &["w"], "s", &[])
        .node("Reshape", &["x", "s"], "y", &[]);
    let error = error(&model.output("y").file());
    assert!(error.contains("tensor `w`: expected at most"), "{error}");
}

#[test]
fn a_file_of_numbers_of_16_bits_for_the_most_part_may_hold_twice_as_much() {
    let of = |halves: usize, floats: usize| {
        let filled = |name: &str, kind: i64, each: usize, mb: usize| {
            let numbers = i64::try_from(mb * 1_000_000 / each).expect("few");
            tensor(name, kind, &[numbers], &bytes(9, &vec![0; mb * 1_000_000]))
        };
        // Numbers of nodes are no tensors of the graph: these two alone are weighed.
        let constant = |number: i64| {
            let value = tensor("", 7, &[1], &raw_ints(&[number]));
            [("value", Is::Tensor(value))]
        };
        let model = Model::reading(&[0, 2])
            .tensor(&filled("h", 10, 2, halves))
            .tensor(&filled("f", 1, 4, floats))
            .node("Constant", &[], "shape", &constant(8_000_000))
            .node("Constant", &[], "0", &constant(0));
        let model = zeros(model, "c", "shape")
            .node("Gather", &["c", "0"], "at", &[])
            .node("Gather", &["x", "at"], "y", &[("axis", Is::Int(1))]);
        error(&model.output("y").file())
    };
    assert_eq!(of(11, 9), "none");
    for (halves, floats) in [(10, 10), (9, 11)] {
        let error = of(halves, floats);
        assert!(error.contains(TOO_MUCH), "{halves} and {floats}: {error}");
    }
}

#[test]
fn a_tensor_may_be_larger_than_a_level_where_the_file_is_and_no_larger_than_memory() {
    let expanded = |units: i64| {
        let model = Model::reading(&[0, 1]).ints("s", &[1, units]);
        error(
            &model
                .node("Expand", &["x", "s"], "y", &[])
                .output("y")
                .file(),
        )
    };
    // 2²⁷ is the largest level.
    for (units, said) in [
        ((1 << 24) + 1, TOO_MUCH),
        ((1 << 27) + 9, TOO_MUCH),
        (1 << 30, TOO_MUCH),
        ((1 << 30) + 1, "more values than fit into memory"),
    ] {
        let error = expanded(units);
        assert!(error.contains(said), "{units}: {error}");
    }
    // The indices of a padding are made twice.
    let pads = [0, 0, 0, 3_999_998];
    let model = Model::reading(&[0, 2]).ints("0", &[0]).ints("1", &[1]);
    let keys = [("pads", Is::Ints(&pads)), ("mode", Is::Text("edge"))];
    let model =
        model
            .node("Pad", &["x"], "p", &keys)
            .node("Slice", &["p", "0", "1", "1"], "y", &[]);
    let error = error(&model.output("y").file());
    assert!(
        error.contains("Pad at node") && error.contains(TOO_MUCH),
        "{error}"
    );
}

#[test]
fn nodes_tensors_and_ends_of_a_graph_are_counted_with_their_names() {
    let graph = |graph: Vec<u8>| error(&[int(1, 8), bytes(2, b"hand"), bytes(7, &graph)].concat());
    let empty = |field: u8, times: usize| [field << 3 | 2, 0].repeat(times);
    let names = |field: u8| bytes(1, &empty(field, 1 << 16)).repeat(30);
    // Sixteen open sides each.
    let shape = bytes(2, &empty(1, 16));
    let sides = |field: u64| bytes(field, &bytes(2, &bytes(1, &shape))).repeat(100_000);
    for (what, fields) in [
        ("nodes", empty(1, 300_000)),
        ("their inputs", names(1)),
        ("their outputs", names(2)),
        ("tensors", empty(5, 800_000)),
        ("inputs", empty(11, 600_000)),
        ("outputs", empty(12, 600_000)),
        ("their sides", sides(11)),
        ("sides of outputs", sides(12)),
    ] {
        let error = graph(fields);
        let said = "it has more nodes, names or numbers than any network";
        assert!(error.contains(said), "{what}: {error}");
    }
}
