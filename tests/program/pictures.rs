//! Pictures: heatmaps of `explain` and contact sheets of `train`, as SVG, whose marks can be read back, and as PNG.

use std::fs;
use std::path::Path;

use ab_glyph::{Font, FontRef};
use roxmltree::{Document, Node};

use crate::program::run;
use crate::refusal::{assert_refused, deeptaylor, is_done};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/pictures");

/// A rectangle: left, top, right, bottom.
type Area = [f64; 4];

/// A picture, read back from its SVG file.
struct Drawn {
    size: [f64; 2],
    /// Each text with the area of its letters.
    texts: Vec<(String, Area)>,
    images: Vec<Area>,
}

impl Drawn {
    fn read(svg: &str) -> Self {
        let document = Document::parse(svg).expect("well-formed");
        let root = document.root_element();
        let of = |name: &'static str| root.children().filter(move |node| node.has_tag_name(name));
        let number = |node: Node, key: &str| -> f64 {
            let text = node.attribute(key).expect("there");
            text.parse().expect("a number")
        };
        let area = |node: Node| {
            let [x, y, w, h] = ["x", "y", "width", "height"].map(|key| number(node, key));
            [x, y, x + w, y + h]
        };
        let text = |node: Node| {
            let text = node.text().expect("letters").to_owned();
            let size = number(node, "font-size");
            let width = width(&text, size);
            let [x, y] = ["x", "y"].map(|key| number(node, key));
            let left = match node.attribute("text-anchor") {
                None => x,
                Some("middle") => x - width / 2.0,
                Some(_) => x - width,
            };
            (text, [left, y - 0.8 * size, left + width, y + 0.25 * size])
        };
        Self {
            size: [number(root, "width"), number(root, "height")],
            texts: of("text").map(text).collect(),
            images: of("image").map(area).collect(),
        }
    }

    fn says(&self, words: &str) -> bool {
        self.texts.iter().any(|(text, _)| text.contains(words))
    }

    /// That nothing leaves the picture, no text lies on another or on an image (but a dash, in the place of one), and no image on
    /// another.
    fn assert_tidy(&self, what: &str) {
        let [width, height] = self.size;
        let areas = self.texts.iter().map(|(text, area)| (&text[..], area));
        let images = self.images.iter().map(|area| ("an image", area));
        let all: Vec<(&str, &Area)> = areas
            .chain(images)
            .filter(|(text, _)| *text != "–")
            .collect();
        for (n, (text, [left, top, right, bottom])) in all.iter().enumerate() {
            assert!(
                *left >= 0.0 && *top >= 0.0 && *right <= width && *bottom <= height,
                "{what}: `{text}` leaves {width} × {height}: {left} {top} {right} {bottom}"
            );
            for (other, [l, t, r, b]) in &all[..n] {
                let apart = right <= l || r <= left || bottom <= t || b <= top;
                assert!(apart, "{what}: `{text}` lies on `{other}`");
            }
        }
    }
}

/// How wide a text is in the typeface of pictures.
fn width(text: &str, size: f64) -> f64 {
    let file = include_bytes!("../../src/render/pictures/fonts/LiberationSans-Regular.ttf");
    let font = FontRef::try_from_slice(file).expect("a typeface");
    let em = f64::from(font.units_per_em().expect("a size"));
    let advance = |letter| f64::from(font.h_advance_unscaled(font.glyph_id(letter)));
    text.chars().map(advance).sum::<f64>() * size / em
}

/// The picture that a command draws into a folder, and what it says on stderr.
fn drawn(folder: &Path, arguments: &str) -> (String, String) {
    let file = folder.join("drawn.svg");
    let given: Vec<&str> = arguments.split(' ').collect();
    let drawing = ["--heatmap", file.to_str().expect("UTF-8"), "--force", "-q"];
    let output = run(&[&["explain"], &given[..], &drawing].concat());
    let told = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(is_done(output.status.code()), "{arguments}: {told}");
    (fs::read_to_string(file).expect("written"), told)
}

/// Holds a file against the one that is kept; `UPDATE_RESULTS=1` keeps it as it is today.
fn assert_golden(name: &str, svg: &str) {
    let kept = Path::new(GOLDEN).join(name);
    if std::env::var_os("UPDATE_RESULTS").is_some() {
        fs::create_dir_all(GOLDEN).expect("a folder");
        fs::write(&kept, svg).expect("it can be written");
    }
    let kept = fs::read_to_string(&kept).expect("a golden file");
    assert!(
        svg == kept,
        "{name} has changed; look at it, then keep it with UPDATE_RESULTS=1"
    );
}

fn pixels(file: &Path) -> (usize, usize, Vec<u8>) {
    let file = fs::File::open(file).expect("written");
    let mut reader = png::Decoder::new(std::io::BufReader::new(file))
        .read_info()
        .expect("a PNG");
    let mut bytes = vec![0; reader.output_buffer_size().expect("a size")];
    let info = reader.next_frame(&mut bytes).expect("a picture");
    (info.width as usize, info.height as usize, bytes)
}

/// A file of samples of four values, each with a long id.
fn samples(folder: &Path, number: usize) -> String {
    let row = |n: usize| {
        format!(
            "{{\"id\": \"a name of many more than fifty letters, and then {n} <&>\", \"x\": [{n}, 1, 0, 0.5]}}\n"
        )
    };
    let file = folder.join(format!("{number}.jsonl"));
    fs::write(&file, (0..number).map(row).collect::<String>()).expect("written");
    file.to_str().expect("UTF-8").to_owned()
}

/// A network of four inputs of this shape, whose outputs are called by names of every kind.
fn network(folder: &Path, shape: &str) -> String {
    let file = folder.join(format!("{shape}.json").replace([' ', ','], "-"));
    let text = format!(
        r#"{{ "name": "水 and <b>", "input": {{ "shape": {shape} }}, "outputs": ["e\u0301te\u0301 水木", "a very long name of an output"],
          "layers": [{{ "type": "dense", "weights": [[1, 0.5], [-0.5, 0.25], [1, 1], [0.25, -1]], "activation": "relu" }}] }}"#
    );
    fs::write(&file, text).expect("written");
    file.to_str().expect("UTF-8").to_owned()
}

#[test]
fn no_mark_of_a_heatmap_leaves_it_and_no_two_texts_meet() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let (square, wide) = (network(at, "[1, 2, 2]"), network(at, "[1, 1, 4]"));
    let (one, seven, hundred) = (samples(at, 1), samples(at, 7), samples(at, 100));
    for arguments in [
        "networks/lines.json".to_owned(),
        "networks/mnist-32.json --rule w2,epsilon:0.25,alpha-beta:2,1,gradient-x-input".to_owned(),
        "networks/mnist-32.json --sample 3 --overlay over --colormap blue-red".to_owned(),
        format!("{square} --inputs {one} --overlay alone"),
        format!("{square} --inputs {seven} --rule w2,z --heatmap-scale one --target all"),
        format!("{wide} --inputs {seven} --rule z --overlay alone --heatmap-columns 1"),
        format!("{wide} --inputs {hundred} --rule z --heatmap-columns 7 --colormap viridis"),
        format!("{wide} --inputs {hundred} --rule w2,z,gradient-x-input,z+ --target all"),
    ] {
        let (svg, _) = drawn(at, &arguments);
        Drawn::read(&svg).assert_tidy(&arguments);
    }
}

#[test]
fn no_mark_of_a_contact_sheet_leaves_it_and_no_two_texts_meet() {
    let folder = tempfile::tempdir().expect("a folder");
    for arguments in [
        "--layers 784,10 --steps 0,1,2",
        "--layers 784,10 --steps 0,1,2,3,4,5,6,7,8,9,10 --rule w2,z+,deep-taylor,alpha-beta:2,1",
        "--layers 784,10 --steps 0 --digits 7",
    ] {
        let out = folder.path().to_str().expect("UTF-8");
        let given: Vec<&str> = arguments.split(' ').collect();
        let rest = ["--explain", "1", "--force", "-q", "--out", out];
        let output = run(&[&["train"], &given[..], &rest].concat());
        assert!(is_done(output.status.code()), "{output:?}");
        let svg = fs::read_to_string(folder.path().join("relevance.svg")).expect("written");
        let drawn = Drawn::read(&svg);
        drawn.assert_tidy(arguments);
        assert!(drawn.size[0] < 1700.0, "{arguments}: {:?}", drawn.size);
        // Both files are of the same picture.
        let (width, height, _) = pixels(&folder.path().join("relevance.png"));
        assert_eq!(
            [width, height].map(|side| side.to_string()),
            drawn.size.map(|side| side.to_string())
        );
    }
}

#[test]
fn a_contact_sheet_marks_what_is_wrong_and_says_where_there_is_nothing_to_explain() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().to_str().expect("UTF-8");
    let arguments = "train --layers 784,3,20,pool:2 --steps 0,300 --rule w2,deep-taylor --explain 3 --digits 0-3 --out";
    let given: Vec<&str> = arguments.split(' ').collect();
    let output = run(&[&given[..], &[out]].concat());
    assert!(is_done(output.status.code()), "{output:?}");
    let svg = fs::read_to_string(folder.path().join("relevance.svg")).expect("written");
    assert_golden("sheet.svg", &svg);
    let result = fs::read(folder.path().join("training.json")).expect("written");
    let result: serde_json::Value = serde_json::from_slice(&result).expect("JSON");
    let steps = result["steps"].as_array().expect("steps");
    let (mut wrong, mut silent) = (0, 0);
    for step in steps {
        let digits = step["rules"][0]["digits"].as_array().expect("digits");
        for (digit, shown) in digits
            .iter()
            .zip(result["digits"].as_array().expect("digits"))
        {
            wrong += usize::from(digit["predicted"] != shown["class"]);
            silent += usize::from(digit["f"] == 0.0);
        }
    }
    assert!(
        wrong > 0 && silent > 0,
        "the case has both: {wrong}, {silent}"
    );
    let drawn = Drawn::read(&svg);
    let told = |words: &str| {
        drawn
            .texts
            .iter()
            .filter(|(text, _)| text.starts_with(words))
            .count()
    };
    assert_eq!((told("× says "), told("says ")), (wrong, 8 - wrong));
    assert!(drawn.says("f(x) = 0, so there is nothing to explain"));
    assert_eq!(
        told("–") - 1,
        2 * silent,
        "a dash for each rule, and the words"
    );
}

#[test]
fn a_small_heatmap_is_the_same_as_ever() {
    let folder = tempfile::tempdir().expect("a folder");
    let (svg, _) = drawn(folder.path(), "networks/lines.json --rule w2,z");
    assert_golden("heatmap.svg", &svg);
    let (svg, _) = drawn(
        folder.path(),
        "networks/lines.json --sample 1 --heatmap-scale one --colormap viridis",
    );
    assert_golden("heatmap-of-one.svg", &svg);
}

#[test]
fn a_picture_says_the_numbers_ids_and_values_of_its_samples_and_which_scale_it_has() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let net = network(at, "[1, 2, 2]");
    let (svg, _) = drawn(at, &format!("{net} --inputs {} --rule z", samples(at, 3)));
    let own = Drawn::read(&svg);
    assert!(own.says("水 and <b>: relevance of the inputs under z"));
    assert!(own.says("sample 2") && own.says("id a name"));
    // What tells names apart often stands at their ends.
    assert!(own.says("2 <&>"), "{:?}", own.texts);
    assert!(
        own.says("f(x) = 1.625, e\u{301}te\u{301} 水木"),
        "{:?}",
        own.texts
    );
    assert!(own.says("|R| ≤ 2") && own.says("Each image of relevance has its own scale"));
    let (svg, _) = drawn(
        at,
        &format!(
            "{net} --inputs {} --rule z --heatmap-scale one",
            samples(at, 3)
        ),
    );
    let one = Drawn::read(&svg);
    assert!(!one.says("|R| ≤") && one.says("All images of relevance have one scale"));
    assert!(one.says("white is 0, orange positive, purple negative"));
    // Symmetric around 0.
    assert!(one.says("−2") && one.says("2"));
    assert!(
        !svg.contains("<b>")
            && svg.matches("href=").count() == svg.matches("href=\"data:image/png").count()
    );
}

#[test]
fn a_png_has_the_colours_of_its_values() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("h.png");
    let name = file.to_str().expect("UTF-8");
    // The middle row is black on white, and w² puts the most on the middle.
    let arguments = [
        "explain",
        "networks/lines.json",
        "--sample",
        "0",
        "--heatmap",
        name,
        "-q",
    ];
    assert_eq!(run(&arguments).status.code(), Some(0));
    let (width, height, bytes) = pixels(&file);
    let at = |x: usize, y: usize| {
        let from = 3 * (y * width + x);
        [bytes[from], bytes[from + 1], bytes[from + 2]]
    };
    assert!(width > 2 * 168 && height > 168);
    let (svg, _) = drawn(folder.path(), "networks/lines.json --sample 0");
    let images = Drawn::read(&svg).images;
    // The middle of a square of three by three.
    let pixel = |image: &Area, column: usize, row: usize| {
        let [left, top, right] = [image[0], image[1], image[2]].map(|side| side.to_string());
        let whole = |side: String| side.parse::<usize>().expect("a whole number");
        let (left, side) = (whole(left.clone()), whole(right) - whole(left));
        let middle = |n: usize| side / 6 + n * side / 3;
        at(left + middle(column), whole(top) + middle(row))
    };
    assert_eq!(pixel(&images[0], 1, 0), [0xff; 3]);
    assert_eq!(pixel(&images[0], 1, 1), [0; 3]);
    let [middle, side] = [pixel(&images[1], 1, 1), pixel(&images[1], 0, 1)];
    assert!(middle[0] > middle[2], "orange: {middle:?}");
    assert!(
        middle[0] < side[0],
        "and darker than beside it: {middle:?}, {side:?}"
    );
    let text = (0..width).flat_map(|x| (0..40).map(move |y| (x, y)));
    assert!(
        text.filter(|&(x, y)| at(x, y)[0] < 0x80).count() > 100,
        "letters above"
    );
}

#[test]
fn more_samples_than_can_be_looked_at_are_refused_with_how_to_choose() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = samples(folder.path(), 101);
    let net = network(folder.path(), "[1, 2, 2]");
    for (more, found) in [
        (&[][..], "found more"),
        (&["--sample", "0-100"], "found 101"),
        (
            &["--sample", "0-60", "--target", "0,1"],
            "found 122 (each is drawn for 2 targets)",
        ),
    ] {
        let given = ["explain", &net, "--inputs", &file, "--heatmap", "h.svg"];
        let output = deeptaylor(folder.path(), &[&given, more].concat());
        let said = ["at most 100 samples", found, "choose with --sample"];
        assert_refused("101", &output, &said);
    }
    assert!(!folder.path().join("h.svg").exists());
}

#[test]
fn images_whose_channels_come_last_are_noticed_and_said_and_settled_by_layout() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let network = |name: &str, input: &str| {
        let weights: Vec<String> = (0..40).map(|n| format!("[{}]", 1 + n % 7)).collect();
        let text = format!(
            r#"{{ "name": "n", "input": {{ {input} }}, "layers": [{{ "type": "dense", "weights": [{}] }}],
              "inputs": [[{}]] }}"#,
            weights.join(","),
            (0..40).map(|n| n.to_string()).collect::<Vec<_>>().join(",")
        );
        fs::write(at.join(name), text).expect("written");
        at.join(name).to_str().expect("UTF-8").to_owned()
    };
    let last = network("last.json", r#""shape": [5, 8, 1]"#);
    let said = network("said.json", r#""shape": [1, 5, 8], "order": "hwc""#);
    let (noticed, told) = drawn(at, &last);
    let note = "inputs of the shape [5, 8, 1] are drawn as height, width, channels";
    assert!(told.contains(note) && told.contains("--layout"), "{told}");
    let (by_file, told) = drawn(at, &said);
    assert_eq!((noticed.as_str(), told.as_str()), (by_file.as_str(), ""));
    let (by_option, told) = drawn(at, &format!("{last} --layout hwc"));
    assert_eq!((by_option.as_str(), told.as_str()), (by_file.as_str(), ""));
    let (first, told) = drawn(at, &format!("{last} --layout chw"));
    assert!(first != noticed && told.is_empty());
    // A result keeps the shape of the file, and says how its inputs are drawn; two that are drawn otherwise can be compared.
    let result = |more: &[&str], name: &str| {
        let result = crate::program::json(&[&["explain", &last], more].concat());
        fs::write(at.join(name), result.to_string()).expect("written");
        result["network"].clone()
    };
    let noticed = result(&[], "a.json");
    assert_eq!(noticed["shape"], serde_json::json!([5, 8, 1]));
    let drawn_as = serde_json::json!({"shape": [1, 5, 8], "order": "hwc"});
    assert_eq!(noticed["drawn_as"], drawn_as);
    let as_it_is = result(&["--layout", "chw"], "b.json");
    assert_eq!(as_it_is["shape"], noticed["shape"]);
    assert!(as_it_is.get("drawn_as").is_none());
    let output = deeptaylor(at, &["diff", "a.json", "b.json"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let flat = run(&["explain", "networks/xor.json", "--layout", "hwc"]);
    assert_refused("flat", &flat, &["--layout hwc", "three sides"]);
}

#[test]
fn an_order_that_a_layer_reads_otherwise_is_refused_and_pictures_are_read_in_the_one_that_holds() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let convolved = r#"{ "input": { "shape": [1, 5, 8] }, "layers": [{ "type": "sum_pool2d", "kernel": 1 }, { "type": "sum_pool" }] }"#;
    fs::write(at.join("conv.json"), convolved).expect("written");
    let refused = deeptaylor(at, &["explain", "conv.json", "--layout", "hwc"]);
    let said = [
        "--layout hwc",
        "layer 1",
        "[1, 5, 8] as channels, height, width",
    ];
    assert_refused("conv.json", &refused, &said);
    // Two rows of three pixels: red, green, blue; black, grey, white.
    let levels = [
        [255, 0, 0],
        [0, 255, 0],
        [0, 0, 255],
        [0; 3],
        [51; 3],
        [255; 3],
    ];
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 3, 2);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().expect("a header");
    writer
        .write_image_data(levels.as_flattened())
        .expect("an image");
    writer.finish().expect("an end");
    fs::write(at.join("p.png"), bytes).expect("written");
    let values = |input: &str, more: &[&str]| {
        let text = format!(r#"{{ "input": {{ {input} }}, "layers": [{{ "type": "sum_pool" }}] }}"#);
        fs::write(at.join("n.json"), text).expect("written");
        let given = ["explain", "n.json", "--inputs", "p.png", "--format", "json"];
        let output = deeptaylor(at, &[&given, more].concat());
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let result: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let values = result["samples"][0]["layers"][0]["activations"].clone();
        serde_json::from_value::<Vec<f64>>(values).expect("numbers")
    };
    let by_pixel: Vec<f64> = (levels.as_flattened().iter())
        .map(|&level| f64::from(level) / 255.0)
        .collect();
    let by_channel: Vec<f64> = (0..3)
        .flat_map(|channel| by_pixel.iter().skip(channel).step_by(3).copied())
        .collect();
    assert_eq!(values(r#""shape": [2, 3, 3]"#, &[]), by_pixel);
    assert_eq!(
        values(r#""shape": [3, 2, 3], "order": "hwc""#, &[]),
        by_pixel
    );
    assert_eq!(values(r#""shape": [3, 2, 3]"#, &[]), by_channel);
    assert_eq!(
        values(r#""shape": [3, 2, 3]"#, &["--layout", "hwc"]),
        by_pixel
    );
}

#[test]
fn a_few_named_columns_are_no_image_and_a_picture_says_what_it_sums() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let iris = r#"{ "input": { "shape": [4], "names": ["a", "b", "c", "d"] }, "inputs": [[1, 2, 3, 4]],
      "layers": [{ "type": "sum_pool" }] }"#;
    fs::write(at.join("iris.json"), iris).expect("written");
    let output = deeptaylor(at, &["explain", "iris.json", "--heatmap", "i.png"]);
    assert_refused(
        "iris",
        &output,
        &["inputs that are an image", "4 with names"],
    );
    let colours = r#"{ "input": { "shape": [3, 1, 2] }, "inputs": [[1, 2, 3, 4, 5, 6], [0, 0, 0, 0, 0, 0]],
      "layers": [{ "type": "sum_pool" }] }"#;
    fs::write(at.join("colours.json"), colours).expect("written");
    let (svg, _) = drawn(at, &format!("{}", at.join("colours.json").display()));
    let drawn = Drawn::read(&svg);
    assert!(
        drawn.says("colours: relevance of the inputs under w2"),
        "{:?}",
        drawn.texts
    );
    let all: Vec<&str> = drawn.texts.iter().map(|(text, _)| &text[..]).collect();
    let all = all.join(" ");
    assert!(all.contains("The input is summed over its channels, dark where it is large."));
    assert!(all.contains("Relevance is summed over 3 channels."));
    assert!(drawn.says("R = 0: nothing to explain"));
}

#[test]
fn a_wrong_answer_is_marked_and_a_label_that_is_no_output_is_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let text = r#"{ "name": "n", "input": { "shape": [1, 2, 2] }, "outputs": ["cat", "dog"],
      "layers": [{ "type": "dense", "weights": [[1, 0], [1, 0], [0, 1], [0, 1]] }] }"#;
    fs::write(at.join("n.json"), text).expect("written");
    let rows = r#"{"label": "cat", "x": [1, 1, 0, 0]}
{"label": "dog", "x": [1, 1, 0, 0.5]}
{"label": "cow", "x": [1, 1, 0, 0]}
{"x": [1, 0, 0, 0]}
"#;
    fs::write(at.join("rows.jsonl"), rows).expect("written");
    let [net, rows] = ["n.json", "rows.jsonl"].map(|name| at.join(name).display().to_string());
    for more in ["--rule z", "--rule z,w2", "--rule z --target dog"] {
        let (svg, _) = drawn(at, &format!("{net} --inputs {rows} {more}"));
        let drawn = Drawn::read(&svg);
        drawn.assert_tidy(more);
        let wrong = drawn.texts.iter().filter(|(text, _)| text.contains("×"));
        let wrong: Vec<&str> = wrong.map(|(text, _)| &text[..]).collect();
        assert_eq!(wrong, ["× says cat, label dog"], "{more}");
        assert!(drawn.says("sample 0, label cat") && drawn.says("sample 2, label cow"));
    }
}
