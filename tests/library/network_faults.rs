//! Networks that are graphs and are none: each fault is one message that says where, what was expected and what was found.

#![allow(clippy::too_many_lines, reason = "tables are as long as they are")]

use deeptaylor::Network;
use deeptaylor::network::linear::{Conv2d, Linear, Window};
use deeptaylor::network::{LARGEST_LEVEL, Shape};
use deeptaylor::{Activation, Error, Input, Layer};

/// The text of a network on pictures of 2 × 4 × 5 with these layers, a line each.
fn network(layers: &[&str]) -> String {
    let layers = layers.join(",\n");
    format!("{{ \"input\": {{ \"shape\": [2, 4, 5] }}, \"layers\": [\n{layers}\n] }}")
}

/// What is said of a network file that is none.
fn refusal(what: &str, text: &str) -> String {
    match text.parse::<Network>() {
        Ok(_) => panic!("{what} is read"),
        Err(error) => error.to_string(),
    }
}

/// That each network is refused in one message, which says all of this.
fn assert_refused<const N: usize>(table: [(&str, &[&str], &[&str]); N]) {
    for (what, layers, said) in table {
        let told = refusal(what, &network(layers));
        assert_eq!(
            told.matches("text:").count(),
            1,
            "{what}: one message in\n{told}"
        );
        for said in said {
            assert!(told.contains(said), "{what}: no `{said}` in\n{told}");
        }
    }
}

/// One output channel of 1 × 1 over both channels.
const CONV: &str = r#"{ "type": "conv2d", "weights": [[[[1]], [[1]]]] }"#;
const STEM: &str = r#"{ "type": "conv2d", "name": "stem", "weights": [[[[1]], [[1]]]] }"#;
const SIDE: &str =
    r#"{ "type": "conv2d", "name": "side", "from": "input", "weights": [[[[1, 1]], [[1, 1]]]] }"#;
const POOL: &str = r#"{ "type": "sum_pool" }"#;

#[test]
fn names_that_lead_nowhere_are_told_with_the_right_ones() {
    assert_refused([
        (
            "an unknown name",
            &[STEM, r#"{ "type": "sum_pool", "from": "stme" }"#],
            &[
                "text:3:31: layers[1].from: no earlier layer is called `stme`",
                "did you mean `stem`?",
            ],
        ),
        (
            "an unknown name in a list",
            &[STEM, r#"{ "type": "add", "from": ["stem", "inptu"] }"#],
            &[
                "layers[1].from[1]: no earlier layer",
                "did you mean `input`?",
            ],
        ),
        (
            "a later layer",
            &[
                STEM,
                r#"{ "type": "add", "from": ["stem", "late"], "name": "sum" }"#,
                r#"{ "type": "conv2d", "weights": [[[[1]]]], "name": "late", "from": "sum" }"#,
            ],
            &[
                "text:3:35: layers[1].from[1]: expected the name of an earlier layer, found `late`, that of the later layers[2]",
                "put that one before",
            ],
        ),
        (
            "itself",
            &[r#"{ "type": "sum_pool", "name": "me", "from": "me" }"#],
            &["layers[0].from: expected the name of an earlier layer, found its own, `me`"],
        ),
        (
            "an empty name",
            &[r#"{ "type": "sum_pool", "name": "" }"#],
            &["layers[0].name: expected a name, found an empty one"],
        ),
        (
            "a level by an empty name",
            &[CONV, r#"{ "type": "sum_pool", "from": "" }"#],
            &["layers[1].from: no earlier layer is called ``"],
        ),
        (
            "a name twice",
            &[STEM, r#"{ "type": "sum_pool", "name": "stem" }"#],
            &["text:3:31: layers[1].name: the name `stem` is that of layers[0] too"],
        ),
        (
            "the name of the input",
            &[r#"{ "type": "sum_pool", "name": "input" }"#],
            &["layers[0].name: the name `input` is that of the input level too"],
        ),
        (
            "a number for a name",
            &[r#"{ "type": "sum_pool", "name": 3 }"#],
            &["layers[0].name: expected a string, found 3"],
        ),
        (
            "a number for a level",
            &[r#"{ "type": "sum_pool", "from": 0 }"#],
            &["layers[0].from: expected the name of a layer or a list of names, found 0"],
        ),
        (
            "null for a level",
            &[r#"{ "type": "sum_pool", "from": null }"#],
            &[
                "layers[0].from: expected a value, found null",
                "leave `from` out",
            ],
        ),
        (
            "a key twice",
            &[r#"{ "type": "sum_pool", "from": "input", "from": "input" }"#],
            &["layers[0].from: the key `from` is here twice"],
        ),
        (
            "a key of every type misspelt",
            &[r#"{ "type": "sum_pool", "activaton": "relu" }"#],
            &[
                "layers[0].activaton: unknown key",
                "did you mean `activation`?",
            ],
        ),
    ]);
}

#[test]
fn levels_that_nobody_reads_and_levels_too_many_or_too_few_are_told() {
    assert_refused([
        (
            "a level that nobody reads",
            &[STEM, SIDE, r#"{ "type": "sum_pool", "from": "side" }"#],
            &[
                "text:2:1: layers[0]: no layer reads this level `stem`, and it is not the last",
                "the last layer is the output",
            ],
        ),
        (
            "two levels for a dense layer",
            &[
                STEM,
                r#"{ "type": "dense", "weights": [[1]], "from": ["input", "stem"] }"#,
            ],
            &[
                "text:3:46: layers[1].from: a dense layer reads exactly one level, found 2 levels",
                "of type \"add\" or \"concat\"",
            ],
        ),
        (
            "no level for a pool",
            &[r#"{ "type": "avg_pool2d", "kernel": 1, "from": [] }"#],
            &["layers[0].from: an avg_pool2d layer reads exactly one level, found 0 levels"],
        ),
        (
            "an addition of one level",
            &[CONV, r#"{ "type": "add" }"#],
            &[
                "layers[1].from: an add layer reads two levels or more, found 1 level",
                "\"from\": [\"a\", \"b\"]",
            ],
        ),
        (
            "a concatenation of one level",
            &[r#"{ "type": "concat", "from": ["input"] }"#],
            &["layers[0].from: a concat layer reads two levels or more, found 1 level"],
        ),
        (
            "an addition of two shapes",
            &[STEM, SIDE, r#"{ "type": "add", "from": ["stem", "side"] }"#],
            &[
                "layers[2].from[1]: expected levels of one shape, as from[0] of 1 × 4 × 5, found 1 × 4 × 4",
            ],
        ),
        (
            "a pool of a concatenation that is no picture",
            &[
                STEM,
                SIDE,
                r#"{ "type": "concat", "from": ["stem", "side"] }"#,
                r#"{ "type": "avg_pool2d", "kernel": 1 }"#,
            ],
            &[
                "layers[3]: expected to read a level of [channels, height, width], found one of 36 values",
                "\"concat\" makes a picture of pictures of one height and width",
            ],
        ),
    ]);
}

#[test]
fn windows_that_do_not_fit_are_told_by_their_key() {
    assert_refused([
        (
            "a convolution of a list",
            &[POOL, CONV],
            &[
                "text:3:1: layers[1]: expected to read a level of [channels, height, width], found one of 1 value",
                "a \"gather\" with `shape`",
            ],
        ),
        (
            "a pool of a list",
            &[POOL, r#"{ "type": "max_pool2d", "kernel": 1 }"#],
            &["layers[1]: expected to read a level of [channels, height, width]"],
        ),
        (
            "kernels of another depth",
            &[r#"{ "type": "conv2d", "weights": [[[1]]] }"#],
            &[
                "layers[0].weights: expected weights[out][in / groups][kernel row][kernel column], found lists of 1 × 1 × 1",
            ],
        ),
        (
            "kernels of another number of channels",
            &[r#"{ "type": "conv2d", "weights": [[[[1]]]] }"#],
            &[
                "layers[0].weights: expected weights[out][2][row][column] for a picture of 2 × 4 × 5, found 1 × 1 × 1 × 1",
            ],
        ),
        (
            "ragged kernels",
            &[r#"{ "type": "conv2d", "weights": [[[[1, 2]], [[1]]]] }"#],
            &["layers[0].weights[0][1][0]: expected 2 entries, as in the rows before it, found 1"],
        ),
        (
            "kernels without rows",
            &[r#"{ "type": "conv2d", "weights": [[[], []]] }"#],
            &["layers[0].weights: expected weights[out]"],
        ),
        (
            "kernels without columns",
            &[r#"{ "type": "conv2d", "weights": [[[[]], [[]]]] }"#],
            &["layers[0].weights: expected at least 1, found 1 × 0"],
        ),
        (
            "groups that do not divide",
            &[r#"{ "type": "conv2d", "weights": [[[[1]], [[1]]]], "groups": 2 }"#],
            &[
                "layers[0].groups: expected a number that divides the 2 input and 1 output channels, found 2",
            ],
        ),
        (
            "no groups",
            &[r#"{ "type": "conv2d", "weights": [[[[1]], [[1]]]], "groups": 0 }"#],
            &["layers[0].groups: expected a number that divides"],
        ),
        (
            "a kernel larger than the picture",
            &[r#"{ "type": "sum_pool2d", "kernel": [2, 6] }"#],
            &[
                "layers[0].kernel: expected a window inside of the picture, 4 × 5 with its padding, found 2 × 6",
            ],
        ),
        (
            "weights larger than the picture",
            &[r#"{ "type": "conv2d", "weights": [[[[1, 1, 1]], [[1, 1, 1]]]], "dilation": 3 }"#],
            &[
                "layers[0].weights: expected a window inside of the picture",
                "found 1 × 3, dilated by 3 × 3",
            ],
        ),
        (
            "a stride of 0",
            &[r#"{ "type": "max_pool2d", "kernel": 2, "stride": [0, 1] }"#],
            &["text:2:48: layers[0].stride: expected at least 1, found 0 × 1"],
        ),
        (
            "a dilation of 0",
            &[r#"{ "type": "max_pool2d", "kernel": 2, "dilation": 0 }"#],
            &["layers[0].dilation: expected at least 1"],
        ),
        (
            "a stride below 0",
            &[r#"{ "type": "max_pool2d", "kernel": 2, "stride": -1 }"#],
            &["layers[0].stride: expected a whole number, 0 or more, or a list of them, found -1"],
        ),
        (
            "a stride of three",
            &[r#"{ "type": "max_pool2d", "kernel": 2, "stride": [1, 2, 3] }"#],
            &["layers[0].stride: expected a number or [h, w], found a list of 3"],
        ),
        (
            "a padding of three",
            &[r#"{ "type": "max_pool2d", "kernel": 2, "padding": [1, 2, 3] }"#],
            &[
                "layers[0].padding: expected a number, [h, w] or [top, left, bottom, right], found a list of 3",
            ],
        ),
        (
            "no kernel",
            &[r#"{ "type": "max_pool2d", "stride": 2 }"#],
            &["layers[0]: a max_pool2d layer needs the key `kernel`"],
        ),
        (
            "a padding that leaves a window empty",
            &[r#"{ "type": "max_pool2d", "kernel": 2, "stride": 1, "padding": [0, 2] }"#],
            &["layers[0].padding: expected every window to see part of the picture"],
        ),
        (
            "padding that counts for a sum",
            &[r#"{ "type": "sum_pool2d", "kernel": 1, "count_padding": true }"#],
            &["layers[0].count_padding: a sum_pool2d layer has no `count_padding`"],
        ),
        (
            "a word for padding that counts",
            &[r#"{ "type": "avg_pool2d", "kernel": 1, "count_padding": "yes" }"#],
            &["layers[0].count_padding: expected a boolean, found string \"yes\""],
        ),
        (
            "a bias of another length",
            &[r#"{ "type": "conv2d", "weights": [[[[1]], [[1]]]], "bias": [1, 2] }"#],
            &["layers[0].bias: expected 1 number, one for each output channel, found 2"],
        ),
        (
            "a bias of a pool",
            &[r#"{ "type": "avg_pool2d", "kernel": 1, "bias": [1] }"#],
            &["layers[0].bias: an avg_pool2d layer has no `bias`"],
        ),
    ]);
}

#[test]
fn scales_and_gathers_that_do_not_fit_are_told_by_their_key() {
    assert_refused([
        (
            "a scale of three",
            &[r#"{ "type": "scale", "weights": [1, 2, 3] }"#],
            &[
                "layers[0].weights: expected 2 numbers, one for each channel, or 40, one for each value, found 3",
            ],
        ),
        (
            "a nested scale",
            &[r#"{ "type": "scale", "weights": [[1, 2]] }"#],
            &["layers[0].weights: expected a list of numbers, found lists of 1 × 2"],
        ),
        (
            "a scale of nothing",
            &[r#"{ "type": "scale" }"#],
            &["layers[0]: a scale layer needs the key `weights`"],
        ),
        (
            "a bias of three",
            &[r#"{ "type": "scale", "weights": [1, 2], "bias": [1, 2, 3] }"#],
            &["layers[0].bias: expected 2 numbers, one for each channel"],
        ),
        (
            "a scale of a list",
            &[POOL, r#"{ "type": "scale", "weights": [1, 2] }"#],
            &["layers[1].weights: expected 1 number, one for each value, found 2"],
        ),
        (
            "an index beyond the level",
            &[r#"{ "type": "gather", "indices": [0, null, 40] }"#],
            &["text:2:42: layers[0].indices[2]: expected an index from 0 to 39, or null, found 40"],
        ),
        (
            "an index below 0",
            &[r#"{ "type": "gather", "indices": [-1] }"#],
            &["layers[0].indices[0]: expected a whole number, 0 or more, found -1"],
        ),
        (
            "no index",
            &[r#"{ "type": "gather", "indices": [] }"#],
            &["layers[0].indices: expected between 1 and", "found 0"],
        ),
        (
            "no indices",
            &[r#"{ "type": "gather" }"#],
            &["layers[0]: a gather layer needs the key `indices`"],
        ),
        (
            "another shape",
            &[r#"{ "type": "gather", "indices": [0, 1], "shape": [2, 2, 1] }"#],
            &[
                "layers[0].shape: expected the sides of 2 values, as many as `indices` has, found [2, 2, 1]",
            ],
        ),
        (
            "a shape of two sides",
            &[r#"{ "type": "gather", "indices": [0, 1], "shape": [2, 1] }"#],
            &["layers[0].shape: expected [n] or [channels, height, width], found 2 numbers"],
        ),
    ]);
}

#[test]
fn sizes_beyond_all_measure_are_refused_before_anything_is_allocated() {
    const MOST: &str = "18446744073709551615";
    let pool = |keys: &str| format!(r#"{{ "type": "max_pool2d", {keys} }}"#);
    let huge = [
        pool(&format!("\"kernel\": {MOST}")),
        pool(&format!("\"kernel\": 1, \"padding\": {MOST}")),
        pool("\"kernel\": 1, \"padding\": 100000000"),
        pool(&format!("\"kernel\": 2, \"dilation\": {MOST}")),
        format!(r#"{{ "type": "conv2d", "weights": [[[[1]], [[1]]]], "groups": {MOST} }}"#),
        r#"{ "type": "conv2d", "weights": [[[[1]], [[1]]]], "padding": 20000 }"#.to_owned(),
        format!(r#"{{ "type": "gather", "indices": [{MOST}] }}"#),
        format!(r#"{{ "type": "gather", "indices": [0], "shape": [{MOST}, {MOST}, 3] }}"#),
    ];
    for layer in huge {
        let told = refusal(&layer, &network(&[&layer]));
        assert!(told.contains("layers[0]."), "{told}");
        assert!(told.contains(": expected "), "{told}");
    }
    // A level that is doubled again and again.
    let double = |l: usize| {
        let below = if l == 0 {
            "input".to_owned()
        } else {
            format!("x{}", l - 1)
        };
        format!(r#"{{ "type": "concat", "name": "x{l}", "from": ["{below}", "{below}"] }}"#)
    };
    for layers in [22, 70] {
        let layers: Vec<String> = (0..layers).map(double).collect();
        let layers: Vec<&str> = layers.iter().map(String::as_str).collect();
        let told = refusal("a doubled level", &network(&layers));
        let said = "expected a level of at most 134,217,728 units, found 167,772,160";
        assert!(
            told.contains("layers[21]: ") && told.contains(said),
            "{told}"
        );
    }
    assert_eq!(LARGEST_LEVEL, 134_217_728);
}

#[test]
fn the_faults_of_several_layers_are_told_together_and_none_that_only_follows_from_another() {
    let layers = [
        // Its shape is not known: nothing is held against those that go on from it.
        r#"{ "type": "conv2d", "name": "a", "weights": [[[[1]]]] }"#,
        r#"{ "type": "max_pool2d", "kernel": 9, "stride": 0 }"#,
        r#"{ "type": "dense", "weights": [[1, 2, 3]], "name": "d" }"#,
        r#"{ "type": "add", "from": ["a", "d"] }"#,
        // Its level is: these are faults of their own.
        r#"{ "type": "conv2d", "from": "input", "weights": [[[[1]], [[1]]]], "bias": [1, 2], "name": "e" }"#,
        r#"{ "type": "max_pool2d", "kernel": [5, 1], "name": "f" }"#,
        r#"{ "type": "concat", "from": ["f", "g"], "name": "d" }"#,
        r#"{ "type": "dense", "weights": [[1], [2]], "bias": [1, 2], "activaton": "relu" }"#,
    ];
    let told = refusal("several", &network(&layers));
    let faults = [
        "text: 7 faults:",
        "layers[0].weights: expected weights[out][2][row][column]",
        "layers[4].bias: expected 1 number, one for each output channel, found 2",
        "layers[5].kernel: expected a window inside of the picture, 4 × 5",
        "layers[6].from[1]: no earlier layer is called `g`",
        "layers[6].name: the name `d` is that of layers[2] too",
        "layers[7].bias: expected 1 number, one for each unit, found 2",
        "layers[7].activaton: unknown key `activaton`",
    ];
    let mut rest = &told[..];
    for said in faults {
        let at = rest.find(said);
        let at = at.unwrap_or_else(|| panic!("no `{said}` where it belongs in\n{told}"));
        rest = &rest[at + said.len()..];
    }
}

#[test]
fn a_level_that_nobody_reads_is_told_beside_other_faults() {
    let layers = [
        STEM,
        r#"{ "type": "dense", "from": "input", "weights": [[1]] }"#,
        r#"{ "type": "dense", "from": "input", "weights": [[1]] }"#,
    ];
    let told = refusal("unread", &network(&layers));
    assert!(told.starts_with("text: 4 faults:"), "{told}");
    for l in 0..2 {
        let said = format!("layers[{l}]: no layer reads this level");
        assert!(told.contains(&said), "no `{said}` in\n{told}");
    }
}

#[test]
fn bounds_that_are_neither_are_told() {
    for (bounds, said) in [
        (
            "[[0, 1], [0, 1], [0, 1]]",
            "an [l, h] for each channel, found lists of 3 × 2",
        ),
        (
            "[[0, 1], [1, 0]]",
            "input.bounds: expected finite l ≤ h, found [1, 0]",
        ),
        ("[[0, 0, 0], [1, 1, 1]]", "lists of 3"),
    ] {
        let text = network(&[POOL]).replace("5] }", &format!("5], \"bounds\": {bounds} }}"));
        let told = refusal(bounds, &text);
        assert!(told.contains(said), "no `{said}` in\n{told}");
    }
}

#[test]
fn a_map_of_pictures_is_held_against_the_shape_of_the_level_and_not_its_size_alone() {
    let window = Window {
        kernel: [1, 1],
        stride: [1, 1],
        dilation: [1, 1],
        padding: [0; 4],
    };
    let conv = Conv2d::new([2, 4, 5], vec![1.0; 2], [1, 2, 1, 1], window, 1).expect("it fits");
    let shape = Shape::Image(conv.output());
    let conv = Layer::new(Linear::Conv2d(conv), shape, Vec::new(), Activation::Relu);
    let conv = conv.expect("a layer");
    let on = |shape: &[usize]| {
        let input = Input {
            shape: shape.to_vec(),
            ..Input::flat(0)
        };
        Network::new(input, vec![conv.clone()]).map_err(|invalid| invalid.to_string())
    };
    assert!(on(&[2, 4, 5]).is_ok());
    for (shape, found) in [(&[2, 5, 4][..], "2 × 5 × 4"), (&[40], "40")] {
        let told = on(shape).expect_err("another shape");
        let said = format!("layers[0].from: expected a picture of 2 × 4 × 5, found {found}");
        assert!(told.starts_with(&said), "{told}");
    }
}

#[test]
fn levels_that_can_have_constants_are_refused_before_hundreds_of_millions_of_units_are_looked_at() {
    // A window of one value sees nothing but padding around the picture.
    let text = |side: usize| {
        format!(
            r#"{{ "input": {{ "shape": [1, {side}, {side}] }},
                 "layers": [{{ "type": "conv2d", "weights": [[[[1]]]], "padding": 1 }}, {{ "type": "sum_pool" }}] }}"#
        )
    };
    let network = text(98).parse::<Network>().expect("ten thousand units");
    assert_eq!(network.constant_units(1), 396);
    let told = refusal("a picture of 64 million values", &text(8000));
    let said = "layers[0]: expected at most 4,194,304 units on levels behind padding that a window sees alone, \
                or behind nulls of a gather, found 64,032,004";
    assert!(told.contains(said), "{told}");
    // Many levels are as many units as a large one.
    let concat = |l: usize| {
        format!(
            r#", {{ "type": "concat", "name": "c{l}", "from": ["{0}", "{0}"] }}"#,
            format_args!("c{}", l - 1)
        )
    };
    let doubled: String = (1..24).map(concat).collect();
    let text = format!(
        r#"{{ "input": {{ "shape": [2] }}, "layers": [{{ "type": "gather", "name": "c0", "indices": [0, null] }}{doubled}] }}"#
    );
    let told = refusal("levels that double", &text);
    assert!(
        told.contains("layers[21]: expected at most 4,194,304 units"),
        "{told}"
    );
}

#[test]
fn samples_take_no_more_room_than_their_numbers() {
    let samples = vec!["[1]"; 1000].join(", ");
    let text = format!(
        r#"{{ "input": {{ "shape": [134217728] }}, "layers": [{{ "type": "sum_pool" }}], "inputs": [{samples}] }}"#
    );
    let told = refusal("a terabyte", &text);
    let said = "inputs[0]: expected 134,217,728 numbers, one for each input, found 1";
    assert!(told.contains(said), "{told}");
}

#[test]
fn bounds_of_channels_are_spread_over_no_more_inputs_than_fit_into_64_mib() {
    let text = |height: usize| {
        format!(
            r#"{{ "input": {{ "shape": [2, {height}, 4096], "bounds": [[0, 1], [-1, 1]] }},
                 "layers": [{{ "type": "sum_pool" }}] }}"#
        )
    };
    let network = text(512).parse::<Network>().expect("a picture of 64 MiB");
    let bounds = network.input().bounds.as_ref().expect("bounds");
    let ends = [(1 << 21) - 1, 1 << 21].map(|i| bounds.at(i).to_vec());
    assert_eq!(ends, [[0.0, 1.0], [-1.0, 1.0]]);
    let spread = |found: &str| {
        format!(
            "input.bounds: expected at most 4,194,304 inputs where each channel has its bounds, found {found}"
        )
    };
    let told = refusal("a line more", &text(513));
    assert!(told.contains(&spread("4,202,496")), "{told}");
    // More than a machine has memory, and more than there are numbers.
    for height in [1 << 40, usize::MAX] {
        let told = refusal("a picture that is none", &text(height));
        assert!(
            told.contains("input.shape: expected between 1 and 134,217,728 inputs"),
            "{told}"
        );
        assert!(told.contains("input.bounds: expected at most"), "{told}");
    }
}

#[test]
fn levels_that_can_have_no_constants_are_not_counted() {
    let text = r#"{ "input": { "shape": [1, 1500, 1500] },
        "layers": [{ "type": "scale", "weights": [2] }, { "type": "scale", "weights": [3] }] }"#;
    let network = text
        .parse::<Network>()
        .expect("two levels of 2,250,000 units");
    assert_eq!(network.units(), [2_250_000; 3]);
}

/// Weights of so many numbers 1, as lists.
fn kernels([out, each, rows, columns]: [usize; 4]) -> String {
    format!("{:?}", vec![vec![vec![vec![1; columns]; rows]; each]; out])
}

#[test]
fn weights_of_groups_that_do_not_fit_are_told_with_no_more_help_than_there_is() {
    for (picture, groups, shape, said, help) in [
        // A group has 2 of 4 channels; nothing else that these weights could be is plain.
        (
            "[4, 3, 3]",
            2,
            [2, 1, 1, 1],
            "expected weights[out][2][row][column] for a picture of 4 × 3 × 3 in 2 groups, found 2 × 1 × 1 × 1",
            None,
        ),
        // 2 groups of 3 channels would be those of a picture whose channels come last.
        (
            "[4, 3, 6]",
            2,
            [2, 3, 1, 1],
            "for a picture of 4 × 3 × 6 in 2 groups, found 2 × 3 × 1 × 1",
            Some(
                "[height, width, channels]? `input.shape` is [channels, height, width]: [6, 4, 3]",
            ),
        ),
        (
            "[4, 5, 5]",
            1,
            [4, 2, 3, 3],
            "expected weights[out][4][row][column] for a picture of 4 × 5 × 5, found 4 × 2 × 3 × 3",
            Some("these weights fit with \"groups\": 2"),
        ),
    ] {
        let weights = kernels(shape);
        let text = format!(
            r#"{{ "input": {{ "shape": {picture} }}, "layers": [{{ "type": "conv2d", "weights": {weights}, "groups": {groups} }}] }}"#
        );
        let told = refusal(said, &text);
        assert!(told.contains(said), "{told}");
        let found = told.split_once("\n  help: ").map(|(_, help)| help);
        assert_eq!(found, help, "{told}");
    }
}

#[test]
fn groups_that_do_not_divide_the_channels_are_told_before_the_weights_of_one() {
    let weights = kernels([2, 2, 1, 1]);
    let text = format!(
        r#"{{ "input": {{ "shape": [3, 1, 1] }}, "layers": [{{ "type": "conv2d", "weights": {weights}, "groups": 2 }}] }}"#
    );
    let told = refusal("3 channels in 2 groups", &text);
    let said = "layers[0].groups: expected a number that divides the 3 input and 2 output channels, found 2";
    assert!(told.contains(said), "{told}");
}

#[test]
fn a_gather_may_have_the_shape_of_a_list_of_as_many_values() {
    let gather = |shape: &str| {
        network(&[&format!(
            r#"{{ "type": "gather", "indices": [0, 1], "shape": {shape} }}"#
        )])
    };
    let read = gather("[2]").parse::<Network>().expect("a network");
    assert_eq!(read.layer(1).shape(), Shape::Flat(2));
    let told = refusal("three", &gather("[3]"));
    let said =
        "layers[0].shape: expected the sides of 2 values, as many as `indices` has, found [3]";
    assert!(told.contains(said), "{told}");
}

#[test]
fn the_word_for_a_padding_is_what_is_marked_in_its_line() {
    let layer = r#"{ "type": "max_pool2d", "kernel": 3, "padding": "same", "stride": 1 }"#;
    let Err(Error::Malformed(fault)) = network(&[layer]).parse::<Network>() else {
        panic!("one fault");
    };
    let excerpt = fault.excerpt.expect("a line");
    assert_eq!(excerpt.text, layer);
    assert_eq!(&excerpt.text[excerpt.marked], "\"same\"");
}

#[test]
fn a_layer_without_a_type_is_known_by_its_name_and_its_keys_are_still_looked_at() {
    // The fault of the last layer is one for which the file is read once more, key by key.
    let read_by = |layer: &str, from: &str| {
        let pool = format!(r#"{{ "type": "sum_pool", "from": "{from}" }}"#);
        let last = r#"{ "type": "sum_pool", "size": -1 }"#;
        let told = refusal(layer, &network(&[layer, &pool, last]));
        assert!(told.contains("layers[2].size: expected"), "{told}");
        told
    };
    let missing = "layers[0]: the key `type` is missing";
    // Read by its name nothing is wrong with the other.
    let named = r#"{ "weights": [[1]], "name": "a" }"#;
    let told = read_by(named, "a");
    assert!(told.starts_with("text: 2 faults:"), "{told}");
    assert!(told.contains(missing), "{told}");
    // No layer before it is called so, and none has a name that could not be read.
    let unnamed = r#"{ "weights": [[1]] }"#;
    for layer in [named, unnamed] {
        let told = read_by(layer, "x");
        assert!(told.starts_with("text: 3 faults:"), "{told}");
        assert!(told.contains(missing), "{told}");
        let said = "layers[1].from: no earlier layer is called `x`";
        assert!(told.contains(said), "{told}");
    }
    // This one may be called so.
    let told = read_by(r#"{ "weights": [[1]], "name": 3 }"#, "x");
    assert!(!told.contains("layers[1]"), "{told}");
    // A key is held against those of every type.
    let told = read_by(r#"{ "weigts": [[1]], "name": "a" }"#, "a");
    let said = "layers[0].weigts: unknown key `weigts`\n  help: did you mean `weights`?";
    assert!(told.contains(said), "{told}");
}

#[test]
fn nothing_is_held_against_other_layers_where_what_a_layer_reads_is_not_known() {
    // The level that is missing in the addition may be the first.
    let told = refusal(
        "one level",
        &network(&[STEM, SIDE, r#"{ "type": "add", "from": ["side"] }"#]),
    );
    assert!(
        told.contains("layers[2].from: an add layer reads two levels or more"),
        "{told}"
    );
    assert!(!told.contains("layers[0]"), "{told}");
    // One that reads nothing that is known leaves no network, and that is all that is said.
    let told = refusal(
        "nothing known",
        &network(&[r#"{ "type": "dense", "from": "x", "weights": [[1]] }"#]),
    );
    assert!(
        told.starts_with("text:2:28: layers[0].from: no earlier layer is called `x`"),
        "{told}"
    );
    assert_eq!(told.lines().count(), 2, "{told}");
}

#[test]
fn what_is_no_text_is_told_by_its_line_column_and_offset() {
    for (bytes, said) in [
        // Line 2 begins behind 2 bytes, and the byte is its eleventh.
        (
            &b"{\n \"name\": \"\xff\" }"[..],
            "x:2:11: expected JSON in UTF-8, found the byte 0xff at offset 12\n  help: text is to be saved as UTF-8",
        ),
        (
            &b"{\n\n\n\"\xfe"[..],
            "x:4:2: expected JSON in UTF-8, found the byte 0xfe at offset 5\n  help: text is to be saved as UTF-8",
        ),
        (
            &b"{ \"\x80\": 1,\n 2 }"[..],
            "x:1:4: expected JSON in UTF-8, found the byte 0x80 at offset 3\n  help: text is to be saved as UTF-8",
        ),
        (
            &b"\xff\xfe{\0}\0"[..],
            "x:1:1: expected JSON in UTF-8, found UTF-16\n  help: UTF-16: save the file as UTF-8",
        ),
    ] {
        let told = Network::parse("x", bytes).expect_err("no text").to_string();
        assert!(told.starts_with(said), "{told}");
    }
}

#[test]
fn what_to_write_instead_is_told_only_where_it_is_plain() {
    let told = refusal("null", "null");
    assert!(
        told.contains("expected an object, found null") && !told.contains("help"),
        "{told}"
    );
    let input = |shape: &str| {
        let text = network(&[POOL]).replace("[2, 4, 5]", shape);
        refusal(shape, &text)
    };
    let told = input("\"four\"");
    assert!(
        told.contains("input.shape: expected a list, found string \"four\""),
        "{told}"
    );
    assert!(!told.contains("help"), "{told}");
    assert!(input("40").contains("help: write [40]"));
    // No list is what stands in these quotes, nor a list or a string what stands without any.
    assert!(!input("\"40\"").contains("help"));
    for (text, said) in [
        (
            r#"{ "input": { "shape": [1] }, "layers": 3 }"#,
            "layers: expected a list, found 3",
        ),
        (
            r#"{ "input": { "shape": [1] }, "layers": [{ "type": "sum_pool" }], "name": true }"#,
            "name: expected a string, found true",
        ),
    ] {
        let told = refusal(said, text);
        assert!(told.contains(said) && !told.contains("help"), "{told}");
    }
    let told = refusal(
        "a word",
        &network(&[POOL, r#"{ "type": "dense", "weights": "x" }"#]),
    );
    let said =
        "layers[1].weights: expected lists of numbers, or a tensor of a file, found string \"x\"";
    assert!(told.contains(said), "{told}");
}

#[test]
fn every_fault_of_the_input_is_told() {
    let text = r#"{ "input": { "shape": "x", "names": 3 }, "layers": [{ "type": "sum_pool" }] }"#;
    let told = refusal("two faults", text);
    assert!(told.starts_with("text: 2 faults:"), "{told}");
    for said in [
        "input.shape: expected a list, found string \"x\"",
        "input.names: expected a list, found 3",
    ] {
        assert!(told.contains(said), "{told}");
    }
}

#[test]
fn a_value_that_is_refused_is_marked_in_its_line() {
    for (layer, column, marked) in [
        (r#"{ "type": "sum_pool", "size": -1 }"#, 31, "-1"),
        (
            r#"{ "type": "dense", "weights": [[1], ["x"]] }"#,
            38,
            "\"x\"",
        ),
    ] {
        let Err(Error::Malformed(fault)) = network(&[layer]).parse::<Network>() else {
            panic!("one fault: {layer}");
        };
        let position = fault.position.expect("a place");
        assert_eq!((position.line, position.column), (2, column), "{layer}");
        let excerpt = fault.excerpt.expect("a line");
        assert_eq!(&excerpt.text[excerpt.marked], marked);
    }
}

#[test]
fn a_name_or_a_level_that_could_not_be_read_may_be_the_one_that_is_missed() {
    let by_a = r#"{ "type": "sum_pool", "from": "a" }"#;
    for (layers, said) in [
        // The last layer may read any level.
        (
            &[STEM, SIDE, r#"{ "type": "sum_pool", "form": "stem" }"#][..],
            "layers[2].form: unknown key `form`",
        ),
        (
            &[STEM, SIDE, r#"{ "type": "sum_pool", "from": 3 }"#],
            "layers[2].from: expected the name",
        ),
        // The first may be called so.
        (
            &[r#"{ "type": "sum_pool", "nmae": "a" }"#, by_a],
            "layers[0].nmae: unknown key `nmae`",
        ),
        (
            &[r#"{ "type": "sum_pool", "name": 3 }"#, by_a],
            "layers[0].name: expected a string, found 3",
        ),
    ] {
        let told = refusal(said, &network(layers));
        assert!(told.contains(said), "{told}");
        assert_eq!(told.matches("text:").count(), 1, "{told}");
    }
}

#[test]
fn the_level_below_is_told_by_its_name_and_shape() {
    let dense = r#"{ "type": "dense", "weights": [[1], [2], [3]] }"#;
    let pool = r#"{ "type": "sum_pool", "name": "p" }"#;
    for (layers, below) in [
        (&[STEM, dense], "the level below (stem, 1 × 4 × 5)"),
        (&[CONV, dense], "the level below (1 × 4 × 5)"),
        (&[pool, dense], "the level below (p)"),
    ] {
        let told = refusal(below, &network(layers));
        assert!(told.contains(below), "no `{below}` in {told}");
    }
}
