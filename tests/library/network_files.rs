//! Network files: every golden network is read, and a network that is written is read back as it was.

use std::fs;
use std::path::Path;

use deeptaylor::network::linear::{
    Conv2d, Dense, Gather, Linear, MaxPool2d, Pool2d, Scale, SumPool, Window,
};
use deeptaylor::network::{Levels, Precision, Shape, WithTensors};
use deeptaylor::{Activation, Bounds, Input, Layer, Network};
use ndarray::{Array2, ShapeBuilder};
use proptest::prelude::*;

use crate::beside::FILE as BESIDE;
use crate::random::cases;

#[test]
fn the_network_of_every_golden_file_is_read_and_written_and_read_again() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut read = 0;
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        // Its networks are files of their own, and folders have pictures.
        if path.is_dir() || path.file_stem().is_some_and(|name| name == BESIDE) {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a file");
        let golden: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let network: Network = (golden["network"].to_string().parse())
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let case = &golden["cases"][0];
        let units = case["activations"].as_array().expect("levels").iter();
        let units: Vec<usize> = units
            .map(|level| level.as_array().expect("values").len())
            .collect();
        assert_eq!(network.units(), units, "{}", path.display());
        let again: Network = network.to_json().parse().expect("a network");
        assert_eq!(again, network, "{}", path.display());
        read += 1;
    }
    assert!(read >= 17, "{read} files");
}

/// Numbers by a rule of their own, the same on every machine.
pub struct Random(pub u64);

impl Random {
    /// One of so many.
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % n
    }

    fn chance(&mut self, one_in: usize) -> bool {
        self.below(one_in) == 0
    }

    fn number(&mut self) -> f64 {
        let number = self.below(2001) as f64 / 7.0 - 143.0;
        if self.chance(9) { -0.0 } else { number }
    }

    fn numbers(&mut self, n: usize) -> Vec<f64> {
        (0..n).map(|_| self.number()).collect()
    }

    fn activation(&mut self) -> Activation {
        [Activation::Identity, Activation::Relu, Activation::Relu6][self.below(3)]
    }

    /// No bias, or one for each of so many.
    fn bias(&mut self, n: usize) -> Vec<f64> {
        if self.chance(3) {
            Vec::new()
        } else {
            self.numbers(n)
        }
    }

    fn window(&mut self, [_, height, width]: [usize; 3]) -> Window {
        let kernel = [1 + self.below(height.min(3)), 1 + self.below(width.min(3))];
        let dilation = if kernel == [1, 1] {
            [1 + self.below(2), 1]
        } else {
            [1, 1]
        };
        let stride = if self.chance(2) {
            kernel
        } else {
            [1 + self.below(2), 1 + self.below(2)]
        };
        let padding = if self.chance(2) {
            [0; 4]
        } else {
            [0; 4]
                .map(|_: usize| self.below(2))
                .map(|side| side.min(kernel[0] - 1).min(kernel[1] - 1))
        };
        Window {
            kernel,
            stride,
            dilation,
            padding,
        }
    }

    /// A layer that reads one level of this shape.
    fn of_one(&mut self, shape: Shape) -> Layer {
        let (units, activation) = (shape.units(), self.activation());
        let (linear, makes, bias) = match (self.below(8), shape.image()) {
            (0, Some(sides)) => {
                let (groups, window) = (
                    if self.chance(2) { sides[0] } else { 1 },
                    self.window(sides),
                );
                let out = groups * (1 + self.below(2));
                let shape = [out, sides[0] / groups, window.kernel[0], window.kernel[1]];
                let weights = self.numbers(shape.iter().product());
                let conv = Conv2d::new(sides, weights, shape, window, groups).expect("it fits");
                (
                    Linear::Conv2d(conv.clone()),
                    Shape::Image(conv.output()),
                    self.bias(out),
                )
            }
            (1, Some(sides)) => {
                let pool = Pool2d::sum(sides, self.window(sides)).expect("it fits");
                (
                    Linear::Pool2d(pool),
                    Shape::Image(pool.output()),
                    Vec::new(),
                )
            }
            (2, Some(sides)) => {
                let pool = Pool2d::average(sides, self.window(sides), self.chance(2));
                let pool = pool.expect("it fits");
                (
                    Linear::Pool2d(pool),
                    Shape::Image(pool.output()),
                    Vec::new(),
                )
            }
            (3, Some(sides)) => {
                let pool = MaxPool2d::new(sides, self.window(sides)).expect("it fits");
                (
                    Linear::MaxPool2d(pool),
                    Shape::Image(pool.output()),
                    Vec::new(),
                )
            }
            (4, _) => {
                let n = if self.chance(2) {
                    units
                } else {
                    shape.channels()
                };
                let scale = Scale::new(self.numbers(n), units / n).expect("finite");
                (Linear::Scale(scale), shape, self.bias(shape.channels()))
            }
            (5, _) => {
                let indices = |random: &mut Self| (!random.chance(5)).then(|| random.below(units));
                let sides = [1 + self.below(2), 1 + self.below(3), 2];
                let n = sides.iter().product();
                let indices = (0..n).map(|_| indices(self)).collect();
                let gather = Gather::new(units, indices).expect("within");
                let makes = if self.chance(2) {
                    Shape::Image(sides)
                } else {
                    Shape::Flat(n)
                };
                (Linear::Gather(gather), makes, Vec::new())
            }
            (6, _) => {
                let sizes: Vec<usize> = (1..=units).filter(|size| units % size == 0).collect();
                let pool = SumPool::new(units, sizes[self.below(sizes.len())]).expect("it divides");
                let makes = Shape::Flat(units / pool.size());
                (Linear::SumPool(pool), makes, Vec::new())
            }
            _ => {
                let n = 1 + self.below(4);
                let weights = self.numbers(units * n);
                let weights = Array2::from_shape_vec((units, n), weights).expect("as many");
                let dense = Dense::new(weights).expect("finite");
                (Linear::Dense(dense), Shape::Flat(n), self.bias(n))
            }
        };
        Layer::new(linear, makes, bias, activation).expect("a layer")
    }

    /// A graph of layers of every kind, all of whose levels are read in the end.
    pub fn network(&mut self) -> Network {
        let sides = [1 + self.below(3), 1 + self.below(4), 1 + self.below(4)];
        let inputs: usize = sides.iter().product();
        let bounds = match self.below(3) {
            0 => None,
            1 => Some(Bounds::Same([-1.0, 0.1])),
            _ => Some(Bounds::Each(
                (0..inputs).map(|i| [-(i as f64) / 3.0, 1.0]).collect(),
            )),
        };
        let input = Input {
            shape: sides.to_vec(),
            bounds,
            ..Input::flat(0)
        };
        let mut shapes = vec![Shape::Image(sides)];
        let mut read = vec![true];
        let mut layers: Vec<Layer> = Vec::new();
        let mut push = |layer: Layer, from: &[usize], name: String, shapes: &mut Vec<Shape>| {
            for &level in from {
                read[level] = true;
            }
            read.push(false);
            shapes.push(layer.shape());
            layers.push(layer.reading(from).named(name));
            read.clone()
        };
        let mut unread = Vec::new();
        for l in 0..2 + self.below(6) {
            let name = if self.chance(3) {
                String::new()
            } else {
                format!("\"n\u{e4}me\" {l}")
            };
            let from = if self.chance(2) { l } else { self.below(l + 1) };
            let alike: Vec<usize> = (0..=l).filter(|&k| shapes[k] == shapes[from]).collect();
            let (layer, from) = match self.below(4) {
                0 => {
                    let other = alike[self.below(alike.len())];
                    let activation = self.activation();
                    (
                        Layer::add(&[shapes[from]; 2], activation),
                        vec![from, other],
                    )
                }
                1 => {
                    let other = self.below(l + 1);
                    let activation = self.activation();
                    let parts = [shapes[from], shapes[other], shapes[from]];
                    (Layer::concat(&parts, activation), vec![from, other, from])
                }
                _ => (Ok(self.of_one(shapes[from])), vec![from]),
            };
            unread = push(layer.expect("it fits"), &from, name, &mut shapes);
        }
        // What nobody reads yet is laid flat and read in the end.
        let rest: Vec<usize> = (0..unread.len()).filter(|&level| !unread[level]).collect();
        let mut flat = Vec::new();
        for level in rest {
            let units = shapes[level].units();
            let gather = Gather::new(units, (0..units).rev().map(Some).collect()).expect("within");
            let gather = Linear::Gather(gather);
            let gather = Layer::new(gather, Shape::Flat(units), Vec::new(), Activation::Identity);
            flat.push(shapes.len());
            push(
                gather.expect("a layer"),
                &[level],
                String::new(),
                &mut shapes,
            );
        }
        if flat.len() > 1 {
            let parts: Vec<Shape> = flat.iter().map(|&level| shapes[level]).collect();
            let concat = Layer::concat(&parts, Activation::Identity).expect("flat");
            push(concat, &flat, "end".to_owned(), &mut shapes);
        }
        Network::new(input, layers).expect("a network")
    }
}

/// The bits of all weights and biases, in the order that they have in memory.
fn bits(network: &Network) -> Vec<u64> {
    let layers = network.layers().iter();
    let numbers = layers.flat_map(|layer| {
        let biases = layer.bias().iter().copied();
        layer.linear().stored().iter().chain(biases)
    });
    numbers.map(f64::to_bits).collect()
}

/// What is read of a network file and a file of tensors beside it.
fn read_beside(written: &WithTensors) -> Network {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("net.json");
    fs::write(&file, &written.json).expect("written");
    fs::write(folder.path().join("t.safetensors"), &written.tensors).expect("written");
    Network::read(&file).unwrap_or_else(|error| panic!("{error}\n{}", written.json))
}

#[test]
fn weights_beside_the_file_have_32_bits_only_where_they_need_no_more_and_keep_their_order_in_memory()
 {
    for (second, precision) in [(0.5, Precision::Single), (0.1, Precision::Double)] {
        let numbers = vec![1.0, second, -0.0, 3.0, 4.0, 5.0];
        let rows = Array2::from_shape_vec((3, 2), numbers.clone()).expect("6");
        let columns = Array2::from_shape_vec((3, 2).f(), numbers.clone()).expect("6");
        for weights in [rows, columns] {
            let layer = Layer::dense(weights, vec![-0.0, 1.0], Activation::Relu).expect("a layer");
            let network = Network::new(Input::flat(3), vec![layer]).expect("a network");
            let written = network
                .to_json_with_tensors("t.safetensors")
                .expect("written");
            assert_eq!(written.precision, precision);
            let read = read_beside(&written);
            assert_eq!(read, network);
            assert_eq!(bits(&read), bits(&network));
        }
    }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn a_network_that_is_written_and_read_again_is_the_same_bit_for_bit(seed in any::<u64>()) {
        let mut random = Random(seed);
        let network = random.network();
        let text = network.to_json();
        let read: Network = text.parse().unwrap_or_else(|error| panic!("{error}\n{text}"));
        prop_assert_eq!(&read.to_json(), &text);
        // A layer that had no name and needs one for `from` has got one; nothing else is changed.
        let layers = read.layers().iter().zip(network.layers());
        let layers = layers.map(|(read, written)| read.clone().named(written.name())).collect();
        let unnamed = Network::new(read.input().clone(), layers).expect("a network");
        prop_assert_eq!(&unnamed, &network);
        prop_assert_eq!(bits(&read), bits(&network));
        let x = random.numbers(network.input_units());
        let x = Array2::from_shape_vec((1, x.len()), x).expect("a row");
        let mut levels = [Levels::default(), Levels::default()];
        for (network, levels) in [&network, &read].into_iter().zip(&mut levels) {
            prop_assume!(network.forward(x.view(), levels).is_ok());
        }
        prop_assert_eq!(levels[0].level(network.top()), levels[1].level(network.top()));
        // The same from a file of tensors.
        let beside = read_beside(&network.to_json_with_tensors("t.safetensors").expect("written"));
        prop_assert_eq!(bits(&beside), bits(&network));
        prop_assert_eq!(&beside, &read);
        prop_assert_eq!(beside.to_json(), text);
    }
}

#[test]
fn a_chain_is_written_without_a_word_of_what_it_reads() {
    let text = r#"{
  "input": { "shape": [2] },
  "layers": [
    { "type": "dense",
      "weights": [
        [1.0, -2.5],
        [0.0, 1e-7]
      ],
      "bias": [0.5, -1.0],
      "activation": "relu" },
    { "type": "sum_pool", "size": 2 }
  ]
}
"#;
    let network: Network = text.parse().expect("a network");
    assert_eq!(network.to_json(), text);
}

#[test]
fn a_graph_is_written_with_the_names_and_windows_that_it_needs() {
    let text = r#"{
  "input": { "shape": [2, 3, 3], "bounds": [-1.0, 1.0] },
  "layers": [
    { "type": "conv2d", "name": "stem",
      "weights": [
        [[[1.0]]],
        [[[-1.0]]]
      ],
      "bias": [0.0, 0.5], "padding": [0, 1], "groups": 2,
      "activation": "relu" },
    { "type": "max_pool2d", "kernel": [3, 1], "stride": 1, "padding": [1, 0], "activation": "relu6" },
    { "type": "add", "from": ["stem", "level-2"] },
    { "type": "avg_pool2d", "kernel": 2, "padding": [0, 0, 1, 1], "dilation": 2, "count_padding": true },
    { "type": "scale",
      "weights": [2.0, 3.0] },
    { "type": "gather", "indices": [0, null], "shape": [2, 1, 1] },
    { "type": "concat", "from": ["input", "input"] }
  ]
}
"#;
    let named = text.replace(
        "{ \"type\": \"max_pool2d\",",
        "{ \"type\": \"max_pool2d\", \"name\": \"level-2\",",
    );
    let end = "    { \"type\": \"concat\", \"from\": [\"input\", \"input\"] }";
    let named = named.replace(
        &format!(",\n{end}"),
        ",\n    { \"type\": \"concat\", \"from\": [\"level-6\", \"level-6\"] }",
    );
    let named = named.replace(
        "{ \"type\": \"gather\",",
        "{ \"type\": \"gather\", \"name\": \"level-6\",",
    );
    let network: Network = named.parse().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(network.to_json(), named);
    // The same from layers of code, which have no names but one.
    let layers = network.layers().iter();
    let layers = layers.map(|layer| {
        let name = if layer.name() == "stem" { "stem" } else { "" };
        layer.clone().named(name)
    });
    let unnamed = Network::new(network.input().clone(), layers.collect()).expect("a network");
    assert_eq!(unnamed.to_json(), named);
}

#[test]
fn weights_in_either_order_are_written_in_one() {
    let columns = Array2::from_shape_vec((2, 3).f(), vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let layer = Layer::dense(columns.expect("six"), Vec::new(), Activation::Identity);
    let network = Network::new(Input::flat(2), vec![layer.expect("a layer")]).expect("a network");
    assert_eq!(
        network.to_json().parse::<Network>().expect("a network"),
        network
    );
}

#[test]
fn bounds_are_two_numbers_two_lists_or_a_pair_for_each_channel() {
    let bounds = |input: &str| {
        let text = format!(r#"{{ "input": {{ {input} }}, "layers": [{{ "type": "sum_pool" }}] }}"#);
        let network: Network = text.parse().unwrap_or_else(|error| panic!("{error}"));
        let bounds = network.input().bounds.clone().expect("there are bounds");
        (0..network.input_units())
            .map(|i| bounds.at(i))
            .collect::<Vec<_>>()
    };
    for (input, expected) in [
        (r#""shape": [2], "bounds": [0, 1]"#, vec![[0.0, 1.0]; 2]),
        (
            r#""shape": [2], "bounds": [[0, 1], [2, 3]]"#,
            vec![[0.0, 2.0], [1.0, 3.0]],
        ),
        (
            r#""shape": [2, 1, 1], "bounds": [[0, 1], [2, 3]]"#,
            vec![[0.0, 2.0], [1.0, 3.0]],
        ),
        (
            r#""bounds": [[0, 1], [2, 3]], "shape": [2, 1, 2]"#,
            vec![[0.0, 1.0], [0.0, 1.0], [2.0, 3.0], [2.0, 3.0]],
        ),
        (
            r#""shape": [3, 1, 1], "bounds": [[0, 1], [2, 3], [4, 5]]"#,
            vec![[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]],
        ),
        (
            r#""shape": [1, 2, 1], "bounds": [[0, 1]]"#,
            vec![[0.0, 1.0]; 2],
        ),
        (r#""shape": [1], "bounds": [[0], [1]]"#, vec![[0.0, 1.0]]),
    ] {
        assert_eq!(bounds(input), expected, "of {input}");
    }
}

#[test]
fn channels_that_come_last_are_a_list_to_the_layers_and_a_pair_of_bounds_goes_round() {
    let text = r#"{ "input": { "shape": [2, 1, 2], "order": "hwc", "bounds": [[0, 1], [-2, 3]] },
        "layers": [{ "type": "gather", "indices": [0, 2, 1, 3], "shape": [2, 1, 2] },
                   { "type": "conv2d", "weights": [[[[1]], [[1]]]] }] }"#;
    let network: Network = text.parse().expect("a network");
    let input = network.input();
    assert_eq!(input.array_shape(), [1, 2, 2]);
    assert_eq!([0, 1, 2, 3].map(|i| input.channel(i)), [0, 1, 0, 1]);
    let bounds = input.bounds.as_ref().expect("bounds");
    let each = [0, 1, 2, 3].map(|i| bounds.at(i));
    assert_eq!(each, [[0.0, 1.0], [-2.0, 3.0], [0.0, 1.0], [-2.0, 3.0]]);
    let written: Network = network.to_json().parse().expect("written");
    assert_eq!(written, network);
}

#[test]
fn a_layer_that_reads_one_level_further_down_names_it() {
    let text = r#"{ "input": { "shape": [1] }, "layers": [
        { "type": "dense", "name": "a", "weights": [[1]] },
        { "type": "dense", "name": "b", "from": "input", "weights": [[2]] },
        { "type": "dense", "name": "c", "from": "a", "weights": [[3]] },
        { "type": "add", "from": ["b", "c"] } ] }"#;
    let json = text.parse::<Network>().expect("a network").to_json();
    for said in [
        r#"{ "type": "dense", "name": "a","#,
        r#"{ "type": "dense", "name": "b", "from": "input","#,
        r#"{ "type": "dense", "name": "c", "from": "a","#,
        r#"{ "type": "add", "from": ["b", "c"] }"#,
    ] {
        assert!(json.contains(said), "no `{said}` in {json}");
    }
}

#[test]
fn the_schema_says_what_bounds_and_samples_are() {
    let schema = serde_json::to_value(deeptaylor::network::schema()).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    let is_valid = |key: &str, value: &str| {
        let (bounds, inputs) = match key {
            "bounds" => (value, "[]"),
            _ => ("[0, 1]", value),
        };
        let text = format!(
            r#"{{ "input": {{ "shape": [2, 1, 1], "bounds": {bounds} }}, "layers": [{{ "type": "sum_pool" }}], "inputs": {inputs} }}"#
        );
        schema.is_valid(&serde_json::from_str(&text).expect("JSON"))
    };
    for (key, value, valid) in [
        ("bounds", "[0, 1]", true),
        ("bounds", "[[0, 0], [1, 1]]", true),
        ("bounds", "[[0, 1], [0, 1]]", true),
        ("bounds", "1", false),
        ("bounds", "[0, 1, 2]", false),
        ("bounds", "[\"0\", 1]", false),
        ("inputs", "[[1, 2], [3, 4]]", true),
        ("inputs", "[[[[1]], [[2]]]]", true),
        ("inputs", "[1, 2]", false),
        ("inputs", "[[\"1\", 2]]", false),
    ] {
        assert_eq!(is_valid(key, value), valid, "{key}: {value}");
    }
}
