//! Samples in arrays and pictures: the numbers that were written come back, and no bytes break the reader.
#![allow(clippy::too_many_lines, reason = "tables are as long as they are")]

use std::fs;
use std::io::Write;
use std::path::Path;

use crate::arrays_written::{headed, npy, png, zip};
use crate::gzip::gzipped;
use deeptaylor::network::Order;
use deeptaylor::samples::{ReadOptions, Record, Scale, Tag};
use deeptaylor::{Bounds, Input, Layer, Network, Samples};
use ndarray::Array2;
use png::{BitDepth, ColorType};
use proptest::prelude::*;

use crate::random::cases;

/// A grey JPEG of 8 × 8, and its first row as Pillow reads it; the other rows are alike.
const GREY_JPEG: (&str, [u8; 8]) = (
    "ffd8ffe000104a46494600010100000100010000ffdb004300080606070605080707070909080a0c140d0c0b0b0c1912130f141d1a1f1e1d1a1c1c20\
     242e2720222c231c1c2837292c30313434341f27393d38323c2e333432ffc0000b080008000801011100ffc4001400010000000000000000000000000\
     0000005ffc40017100003010000000000000000000000000000074481ffda0008010100003f003d3d3e1fffd9",
    [0, 32, 65, 95, 129, 159, 192, 224],
);
/// The same in colour.
const COLOUR_JPEG: (&str, [u8; 24]) = (
    "ffd8ffe000104a46494600010100000100010000ffdb004300080606070605080707070909080a0c140d0c0b0b0c1912130f141d1a1f1e1d1a1c1c20\
     242e2720222c231c1c2837292c30313434341f27393d38323c2e333432ffdb0043010909090c0b0c180d0d1832211c21323232323232323232323232\
     3232323232323232323232323232323232323232323232323232323232323232323232323232ffc00011080008000803011100021101031101ffc400\
     140001000000000000000000000000000000 06ffc40018100002030000000000000000000000000000054382c1ffc4001501010100000000000000000\
     000000000000506ffc40019110002030100000000000000000000000000064382c1c2ffda000c03010002110311003f0000ee0b6140993d7a1c678ad8\
     7fffd9",
    [
        204, 37, 44, 192, 44, 34, 203, 37, 39, 198, 40, 37, 21, 20, 220, 15, 23, 218, 26, 16, 224,
        14, 23, 214,
    ],
);

fn bytes_of(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
    let pairs = digits
        .chunks_exact(2)
        .map(|pair| std::str::from_utf8(pair).expect("digits"));
    pairs
        .map(|pair| u8::from_str_radix(pair, 16).expect("digits"))
        .collect()
}

/// That a picture is a row over and over, to two levels of 255: decoders may round otherwise.
fn assert_near(values: &[f64], row: &[u8]) {
    assert_eq!(values.len(), 8 * row.len());
    for (x, level) in values.iter().zip(row.iter().cycle()) {
        let apart = (255.0 * x - f64::from(*level)).abs();
        assert!(apart < 2.5, "{x} is not {level} / 255");
    }
}

/// A network with this input, whose one output is the sum of all.
fn network(input: Input) -> Network {
    let inputs = input.shape.iter().product();
    let ones = Array2::ones((inputs, 1));
    let layer = Layer::dense(ones, Vec::new(), deeptaylor::Activation::Relu).expect("finite");
    Network::new(input, vec![layer]).expect("a network")
}

fn picture(shape: [usize; 3], order: Order, bounds: Option<Bounds>) -> Network {
    network(Input {
        shape: shape.to_vec(),
        order,
        bounds,
        ..Input::flat(1)
    })
}

fn grey(height: usize, width: usize) -> Network {
    picture(
        [1, height, width],
        Order::ChannelsFirst,
        Some(Bounds::Same([0.0, 1.0])),
    )
}

/// The samples in bytes, of which the name of the file says nothing.
fn read(
    bytes: &[u8],
    network: &Network,
    options: ReadOptions,
) -> Result<(Vec<Record>, Vec<String>), String> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("s");
    fs::write(&file, bytes).expect("the file can be written");
    read_file(&file, network, options)
}

fn read_file(
    file: &Path,
    network: &Network,
    options: ReadOptions,
) -> Result<(Vec<Record>, Vec<String>), String> {
    let said = |error: deeptaylor::Error| error.to_string();
    let mut samples = Samples::open(file, network, options).map_err(said)?;
    let records = samples
        .by_ref()
        .collect::<Result<Vec<Record>, _>>()
        .map_err(said)?;
    Ok((records, samples.notes()))
}

fn values(bytes: &[u8], network: &Network) -> Vec<Vec<f64>> {
    let (records, _) = read(bytes, network, ReadOptions::default()).expect("samples");
    records.into_iter().map(|record| record.values).collect()
}

/// Every type of numbers that NumPy writes: its letter, and its bytes.
const TYPES: [(char, usize); 12] = [
    ('b', 1),
    ('i', 1),
    ('i', 2),
    ('i', 4),
    ('i', 8),
    ('u', 1),
    ('u', 2),
    ('u', 4),
    ('u', 8),
    ('f', 2),
    ('f', 4),
    ('f', 8),
];

/// A number of this type nearest to a small integer, or for floats to eighths of it: its bytes, and its value.
fn written(n: i8, (letter, size): (char, usize), big: bool) -> (Vec<u8>, f64) {
    let n = if letter == 'u' { n & 0x7f } else { n };
    let (bits, value) = match (letter, size) {
        ('b', _) => (u64::from(n > 0), f64::from(u8::from(n > 0))),
        ('f', 2) => {
            // By hand: n/8 of at most seven bits is a float16 with the mantissa of the float32.
            let single = (f32::from(n) / 8.0).to_bits();
            let (sign, exponent) = (single >> 31, single >> 23 & 0xff);
            let half = if exponent == 0 {
                0
            } else {
                (exponent - 112) << 10 | single >> 13 & 0x3ff
            };
            (u64::from(sign << 15 | half), f64::from(n) / 8.0)
        }
        ('f', 4) => (
            u64::from((f32::from(n) / 8.0).to_bits()),
            f64::from(n) / 8.0,
        ),
        ('f', _) => ((f64::from(n) / 8.0).to_bits(), f64::from(n) / 8.0),
        _ => (i64::from(n).cast_unsigned(), f64::from(n)),
    };
    let mut bytes = bits.to_le_bytes()[..size].to_vec();
    if big {
        bytes.reverse();
    }
    (bytes, value)
}

proptest! {
    #![proptest_config(cases(600))]

    #[test]
    fn an_array_of_any_type_and_order_comes_back_as_it_was_written(
        kind in prop::sample::select(&TYPES[..]),
        big in any::<bool>(),
        fortran in any::<bool>(),
        version in 1..=3_u8,
        sides in prop::collection::vec(1..4_usize, 1..4),
        samples in 1..4_usize,
        way in 0..5,
        numbers in prop::collection::vec(any::<i8>(), 81),
    ) {
        let inputs: usize = sides.iter().product();
        let shape = [&[samples][..], &sides].concat();
        // In C order the values are as they come; in Fortran order the first index runs fastest.
        let all: Vec<usize> = (0..samples * inputs).collect();
        let place = |at: usize| -> usize {
            let (mut rest, mut place, mut stride) = (at, 0, samples * inputs);
            for &side in &shape {
                stride /= side;
                place += rest % side * stride;
                rest /= side;
            }
            place
        };
        let stored = all.iter().map(|&at| if fortran { place(at) } else { at });
        let values: Vec<u8> = stored.flat_map(|at| written(numbers[at], kind, big).0).collect();
        let order = if kind.1 == 1 { '|' } else if big { '>' } else { '<' };
        let descr = format!("{order}{}{}", kind.0, kind.1);
        let array = npy(version, &descr, fortran, &shape, &values);
        let bytes = match way {
            0 => array,
            1 => gzipped(&array),
            2 => zip(&[("x.npy", &array, false)]),
            3 => zip(&[("x.npy", &array, true)]),
            _ => gzipped(&zip(&[("x.npy", &array, true)])),
        };
        let network = network(Input { array: Some(sides), ..Input::flat(inputs) });
        let (records, _) = read(&bytes, &network, ReadOptions::default()).map_err(TestCaseError::fail)?;
        let found: Vec<f64> = records.iter().flat_map(|record| record.values.clone()).collect();
        let expected: Vec<f64> = all.iter().map(|&at| written(numbers[at], kind, big).1).collect();
        prop_assert_eq!(found, expected);
        let count: Vec<usize> = records.iter().map(|record| record.number).collect();
        prop_assert_eq!(count, (0..samples).collect::<Vec<_>>());
    }
}

#[test]
fn an_idx_file_is_read_in_each_of_its_types() {
    let network = network(Input::flat(2));
    for (kind, numbers) in [
        (0x08, &[1, 2, 3, 4][..]),
        (0x09, &[1, 2, 3, 4]),
        (0x0b, &[0, 1, 0, 2, 0, 3, 0, 4]),
        (0x0c, &[0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4]),
        (
            0x0d,
            &[
                0x3f, 0x80, 0, 0, 0x40, 0, 0, 0, 0x40, 0x40, 0, 0, 0x40, 0x80, 0, 0,
            ],
        ),
    ] {
        let bytes = [&[0, 0, kind, 2, 0, 0, 0, 2, 0, 0, 0, 2], numbers].concat();
        assert_eq!(
            values(&bytes, &network),
            [[1.0, 2.0], [3.0, 4.0]],
            "{kind:#x}"
        );
        assert_eq!(
            values(&gzipped(&bytes), &network),
            [[1.0, 2.0], [3.0, 4.0]],
            "{kind:#x}"
        );
    }
}

/// Arrays of an archive for a network of two inputs.
fn array(descr: &str, shape: &[usize], values: &[u8]) -> Vec<u8> {
    npy(1, descr, false, shape, values)
}

#[test]
fn the_arrays_of_an_archive_are_found_by_their_names_and_said() {
    let x = array("|u1", &[3, 2], &[1, 2, 3, 4, 5, 6]);
    let plain_floats = array("<f4", &[1, 2], &[0, 0, 0x80, 0x3f, 0, 0, 0, 0]);
    let other = array("|u1", &[1, 2], &[8, 9]);
    let y = array("|u1", &[3], &[2, 0, 1]);
    let classes = array("|S3", &[3], b"catdogemu");
    let ids = array("<U1", &[3], &[97, 0, 0, 0, 98, 0, 0, 0, 0, 0, 0, 0]);
    let floats = array("<f4", &[3], &[0, 0, 0x80, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0x40]);
    let word = |text: &str| Some(Tag::Text(text.to_owned()));
    let number = |n: u64| Some(Tag::Number(n.into()));
    let key = |key: &str| ReadOptions {
        key: Some(key.to_owned()),
        ..ReadOptions::default()
    };
    let plain = ReadOptions::default;
    for (members, options, first, id, label, said) in [
        (
            &[("arr_0", &x)][..],
            plain(),
            1.0,
            None,
            None,
            "bytes and are taken as they stand",
        ),
        (&[("arr_0", &plain_floats)], plain(), 1.0, None, None, ""),
        (
            &[("arr_0", &x), ("y", &y)],
            plain(),
            1.0,
            None,
            number(2),
            "the array y is read as the classes",
        ),
        (
            &[("z", &other), ("x", &x), ("ids", &ids)],
            plain(),
            1.0,
            word("a"),
            None,
            "the array z is left out",
        ),
        (
            &[("inputs", &x), ("labels", &classes)],
            plain(),
            1.0,
            None,
            word("cat"),
            "the array inputs is read",
        ),
        (
            &[("X", &x), ("target", &floats)],
            plain(),
            1.0,
            None,
            number(1),
            "target",
        ),
        (
            &[
                ("x_train", &other),
                ("y_train", &other),
                ("x_test", &x),
                ("y_test", &y),
            ],
            key("x_test"),
            1.0,
            None,
            number(2),
            "y_test",
        ),
        (
            &[("a", &x), ("b", &other)],
            key("b"),
            8.0,
            None,
            None,
            "the array a is left out",
        ),
        (
            &[("a", &x), ("b", &y)],
            ReadOptions {
                label: Some("b".to_owned()),
                ..plain()
            },
            1.0,
            None,
            number(2),
            "the array a is read",
        ),
        (
            &[("x", &other), ("y", &y)],
            plain(),
            8.0,
            None,
            None,
            "the array y is left out",
        ),
    ] {
        for deflated in [false, true] {
            let members: Vec<(String, &[u8], bool)> = members
                .iter()
                .map(|(key, array)| (format!("{key}.npy"), &array[..], deflated))
                .collect();
            let members: Vec<(&str, &[u8], bool)> = members
                .iter()
                .map(|(key, array, deflated)| (&key[..], *array, *deflated))
                .collect();
            let folder = tempfile::tempdir().expect("a folder");
            let file = folder.path().join("s.npz");
            fs::write(&file, zip(&members)).expect("written");
            let mut samples = Samples::open(&file, &network(Input::flat(2)), options.clone())
                .expect("an archive");
            let notes = samples.notes().join("; ");
            assert!(
                notes.contains(said) && said.is_empty() == notes.is_empty(),
                "{notes}: {said}"
            );
            let found = samples.next().expect("a sample").expect("whole");
            assert_eq!(
                (found.values[0], found.id, found.label),
                (first, id.clone(), label.clone())
            );
        }
    }
}

#[test]
fn what_is_wrong_with_an_array_is_told_with_its_place() {
    let two = network(Input::flat(2));
    let x = array("|u1", &[1, 2], &[1, 2]);
    let nan = array(
        "<f4",
        &[2, 2],
        &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xc0, 0x7f, 0, 0, 0, 0],
    );
    let shape = "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000, 2), }";
    let fortran = "{'descr': '<f8', 'fortran_order': True, 'shape': (1000000000000, 2), }";
    let huge = "{'descr': '<f8', 'fortran_order': False, 'shape': (9999999999999999999, 2), }";
    let mut long = headed(2, "{}", &[]);
    long[8..12].fill(0xff);
    let mut zipped = zip(&[("x.npy", &x, false)]);
    let at = zipped
        .windows(2)
        .position(|pair| pair == [1, 2])
        .expect("the values");
    zipped[at] = 7;
    let mut encrypted = zip(&[("x.npy", &x, false)]);
    let entry = encrypted
        .windows(4)
        .position(|mark| mark == b"PK\x01\x02")
        .expect("the list");
    encrypted[entry + 8] = 1;
    let options = ReadOptions::default;
    for (bytes, options, said) in [
        (
            array("|u1", &[3, 2], &[1, 2, 3]),
            options(),
            "expected 6 bytes of values, as its header says, found 3: the file is cut short",
        ),
        (
            array("|u1", &[1, 2], &[1, 2, 3]),
            options(),
            "nothing behind them, found 1 bytes",
        ),
        (
            gzipped(&array("|u1", &[3, 2], &[1, 2, 3])),
            options(),
            "of which number 1 is not whole",
        ),
        (
            gzipped(&array("|u1", &[1, 2], &[1, 2, 3])),
            options(),
            "nothing behind them, found more",
        ),
        (
            headed(1, shape, &[0; 16]),
            options(),
            "16,000,000,000,000 bytes of values",
        ),
        (
            gzipped(&headed(1, shape, &[0; 8])),
            options(),
            "number 0 is not whole",
        ),
        (
            gzipped(&headed(1, fortran, &[0; 16])),
            options(),
            "256 MiB of values in Fortran order",
        ),
        (
            headed(1, huge, &[]),
            options(),
            "header.shape: expected a shape that a file can have",
        ),
        (
            headed(4, "{}", &[]),
            options(),
            "expected version 1, 2 or 3 of the format, found 4",
        ),
        (long, options(), "at most 65536 bytes, found 4294967295"),
        (array("|O", &[1, 2], &[]), options(), "astype(float)"),
        (
            array("<U2", &[1, 2], &[0; 16]),
            options(),
            "header.descr: expected numbers, found text",
        ),
        (
            array("|u1", &[2, 3], &[0; 6]),
            options(),
            "expected samples of 2 values: an array N × 2, or one of 2, found 2 × 3\n  help: its columns",
        ),
        (
            nan.clone(),
            options(),
            "[1, 0]: expected a finite number, found NaN",
        ),
        (
            zip(&[("a/n.npy", &nan, true)]),
            options(),
            "a/n[1, 0]: expected a finite number",
        ),
        (
            array("|u1", &[1, 2], &[1, 2]),
            ReadOptions {
                columns: vec!["a".to_owned()],
                ..options()
            },
            "--columns: expected a table or objects, found one array",
        ),
        (
            array("|u1", &[1, 2], &[1, 2]),
            ReadOptions {
                key: Some("a".to_owned()),
                ..options()
            },
            "--key: expected a .npz archive, found one array",
        ),
        (
            zip(&[
                ("x.npy", &x, false),
                ("z.npy", &x, false),
                ("inputs.npy", &x, false),
            ]),
            options(),
            "found x, z, inputs\n  help: --key",
        ),
        (
            zip(&[("x.npy", &x, false), ("x.npy", &x, false)]),
            options(),
            "expected one array of each name, found two called x\n  help: save",
        ),
        (
            zip(&[("x.npy", &x, false)]),
            ReadOptions {
                key: Some("X".to_owned()),
                ..options()
            },
            "--key: expected an array of the archive, found `X`",
        ),
        (
            zip(&[("word/document.xml", b"<x/>", false)]),
            options(),
            "a table of .xlsx is saved as CSV",
        ),
        (
            zip(&[("x.npy", b"hello, here", false)]),
            options(),
            "x: header: expected an array of NumPy",
        ),
        (zipped, options(), "expected the checksum"),
        (encrypted, options(), "an encrypted one"),
        (
            b"PK\x03\x04 and no more".to_vec(),
            options(),
            "the list of its members at its end",
        ),
        (
            vec![0, 0, 8, 2, 0, 0, 0, 9],
            options(),
            "the header of an IDX file",
        ),
        (
            vec![0, 0, 8, 1, 0, 0, 0, 2, 5],
            options(),
            "found 1: the file is cut short",
        ),
    ] {
        let found = read(&bytes, &two, options).expect_err(said);
        assert!(found.contains(said), "{found}\nis not: {said}");
    }
}

#[test]
fn a_scale_that_does_not_fit_the_bounds_is_told_with_the_place_in_the_array() {
    let bounded = network(Input {
        bounds: Some(Bounds::Same([0.0, 1.0])),
        ..Input::flat(2)
    });
    let bytes = array("|u1", &[2, 2], &[0, 1, 0, 200]);
    let found = read(&bytes, &bounded, ReadOptions::default()).expect_err("another scale");
    assert!(
        found.contains("[1, 1]: expected values within the bounds")
            && found.contains("--scale 255"),
        "{found}"
    );
    let scale = |text: &str| ReadOptions {
        scale: Some(text.parse().expect("a scale")),
        ..ReadOptions::default()
    };
    let (records, _) = read(&bytes, &bounded, scale("200")).expect("scaled");
    assert_eq!(records[1].values, [0.0, 1.0]);
    let (records, notes) = read(&bytes, &bounded, scale("max")).expect("scaled");
    assert_eq!(
        (records[1].values[1], notes[0].contains("200")),
        (1.0, true)
    );
}

/// Four levels as a picture of 2 × 2, in each way to store them.
fn stored() -> Vec<(&'static str, Vec<u8>)> {
    let levels = [0_u8, 51, 102, 255];
    let with = |more: &[u8]| {
        levels
            .iter()
            .flat_map(|level| [&[*level], more].concat())
            .collect::<Vec<u8>>()
    };
    let sixteen: Vec<u8> = levels.iter().flat_map(|level| [*level, *level]).collect();
    let of = |colour, depth, levels: &[u8]| png([2, 2], colour, depth, levels);
    vec![
        ("grey", of(ColorType::Grayscale, BitDepth::Eight, &levels)),
        (
            "grey of 16 bits",
            of(ColorType::Grayscale, BitDepth::Sixteen, &sixteen),
        ),
        (
            "grey of 4 bits",
            of(ColorType::Grayscale, BitDepth::Four, &[0x03, 0x6f]),
        ),
        (
            "opaque grey",
            of(ColorType::GrayscaleAlpha, BitDepth::Eight, &with(&[255])),
        ),
    ]
}

#[test]
fn a_picture_is_read_however_it_is_stored() {
    for (what, bytes) in stored() {
        for bytes in [gzipped(&bytes), bytes] {
            assert_eq!(
                values(&bytes, &grey(2, 2)),
                [[0.0, 0.2, 0.4, 1.0]],
                "{what}"
            );
            let flat = network(Input {
                bounds: Some(Bounds::Same([0.0, 1.0])),
                ..Input::flat(4)
            });
            assert_eq!(values(&bytes, &flat), [[0.0, 0.2, 0.4, 1.0]], "{what}");
        }
    }
    let (hex, row) = GREY_JPEG;
    assert_near(&values(&bytes_of(hex), &grey(8, 8))[0], &row);
}

#[test]
fn the_order_of_the_network_and_the_bounds_of_its_channels_say_what_a_colour_becomes() {
    let levels = [255, 0, 51, 0, 102, 255];
    let middle = -1.0 + 0.4 * 2.0;
    let bounds = |order: Order| {
        let each = [[0.0, 1.0], [-1.0, 1.0], [0.0, 5.0]];
        let each = match order {
            Order::ChannelsFirst => each.iter().flat_map(|pair| [*pair, *pair]).collect(),
            Order::ChannelsLast => each.repeat(2),
        };
        picture([3, 1, 2], order, Some(Bounds::Each(each)))
    };
    let rgb = png([1, 2], ColorType::Rgb, BitDepth::Eight, &levels);
    let rgba = [255, 0, 51, 255, 0, 102, 255, 255];
    let rgba = png([1, 2], ColorType::Rgba, BitDepth::Eight, &rgba);
    for bytes in [rgb, rgba] {
        assert_eq!(
            values(&bytes, &bounds(Order::ChannelsFirst)),
            [[1.0, 0.0, -1.0, middle, 1.0, 5.0]]
        );
        assert_eq!(
            values(&bytes, &bounds(Order::ChannelsLast)),
            [[1.0, -1.0, 1.0, 0.0, middle, 5.0]]
        );
    }
    let palette = png([1, 2], ColorType::Indexed, BitDepth::Eight, &[1, 2]);
    let free = picture([3, 1, 2], Order::ChannelsFirst, None);
    assert_eq!(values(&palette, &free), [[1.0, 0.0, 0.0, 1.0, 0.0, 0.0]]);
    let (hex, row) = COLOUR_JPEG;
    let last = picture([3, 8, 8], Order::ChannelsLast, None);
    assert_near(&values(&bytes_of(hex), &last)[0], &row);
}

#[test]
fn mean_and_std_or_a_scale_take_the_place_of_the_bounds() {
    let rgb = png([1, 1], ColorType::Rgb, BitDepth::Eight, &[255, 0, 51]);
    let free = picture([3, 1, 1], Order::ChannelsFirst, None);
    let of = |options: ReadOptions| {
        read(&rgb, &free, options).map(|(records, notes)| (records[0].values.clone(), notes))
    };
    let options = ReadOptions::default;
    let (values, notes) = of(options()).expect("samples");
    assert_eq!(values, [1.0, 0.0, 0.2]);
    assert!(
        notes[0].contains("from 0 (black) to 1 (white)"),
        "{notes:?}"
    );
    let standard = ReadOptions {
        mean: vec![0.5, 0.25, 0.2],
        std: vec![0.5],
        ..options()
    };
    assert_eq!(of(standard), Ok((vec![1.0, -0.5, 0.0], Vec::new())));
    let raw = ReadOptions {
        scale: Some(Scale::None),
        ..options()
    };
    assert_eq!(of(raw), Ok((vec![255.0, 0.0, 51.0], Vec::new())));
    for (wrong, said) in [
        (
            ReadOptions {
                mean: vec![0.5, 0.5],
                ..options()
            },
            "--mean: expected one number, or one for each of 3 channels, found 2",
        ),
        (
            ReadOptions {
                std: vec![0.0],
                ..options()
            },
            "--std: expected numbers above 0",
        ),
        (
            ReadOptions {
                std: vec![0.5],
                scale: Some(Scale::None),
                ..options()
            },
            "--scale: expected it alone",
        ),
        (
            ReadOptions {
                scale: Some(Scale::Max),
                ..options()
            },
            "--scale max",
        ),
        (
            ReadOptions {
                label: Some("x".to_owned()),
                ..options()
            },
            "--label: expected a table, objects or arrays, found pictures",
        ),
    ] {
        let found = of(wrong).expect_err(said);
        assert!(found.contains(said), "{found}");
    }
    let bounded = picture(
        [3, 1, 1],
        Order::ChannelsFirst,
        Some(Bounds::Same([0.0, 1.0])),
    );
    let tight = ReadOptions {
        std: vec![0.1],
        ..options()
    };
    let found = read(&rgb, &bounded, tight).expect_err("outside");
    assert!(
        found.contains("within the bounds of the network") && found.contains("--bounds"),
        "{found}"
    );
}

#[test]
fn a_picture_that_does_not_fit_is_refused_with_what_to_do() {
    let grey_of = |size: [u32; 2]| {
        let levels = vec![9; (size[0] * size[1]) as usize];
        png(size, ColorType::Grayscale, BitDepth::Eight, &levels)
    };
    let rgb = png([2, 2], ColorType::Rgb, BitDepth::Eight, &[7; 12]);
    // A whole header that says so, and no picture of that size.
    let of_sides = |height: u32, width: u32| {
        let mut picture = grey_of([1, 1]);
        picture[16..20].copy_from_slice(&width.to_be_bytes());
        picture[20..24].copy_from_slice(&height.to_be_bytes());
        let mut crc = flate2::Crc::new();
        crc.update(&picture[12..29]);
        picture[29..33].copy_from_slice(&crc.sum().to_be_bytes());
        picture
    };
    let clear = png([2, 2], ColorType::GrayscaleAlpha, BitDepth::Eight, &[7; 8]);
    let colour = picture([3, 2, 2], Order::ChannelsFirst, None);
    let cut = &grey_of([2, 2])[..50];
    let (jpeg, _) = GREY_JPEG;
    let jpeg = bytes_of(jpeg);
    for (bytes, network, said) in [
        (
            &grey_of([2, 3])[..],
            &grey(2, 2),
            "expected 2 × 2 pixels (height × width), found 2 × 3\n  help: --resize",
        ),
        (
            &grey_of([3, 3]),
            &network(Input::flat(4)),
            "expected 4 pixels, one for each input",
        ),
        (
            &rgb,
            &grey(2, 2),
            "expected a picture of 1 channel, as the input has, found a picture in colour (3 channels)\n  help: save it in grey",
        ),
        (
            &grey_of([2, 2]),
            &colour,
            "expected a picture of 3 channels",
        ),
        (&clear, &grey(2, 2), "without transparency"),
        (
            cut,
            &grey(2, 2),
            "expected a whole PNG picture, found a damaged one, or a part of one\n  help: copy or save it anew",
        ),
        (
            &of_sides(100_000, 100_000),
            &grey(2, 2),
            "expected between 1 and 16,777,216 pixels, found 100000 × 100000",
        ),
        (
            &of_sides(0xffff_ffff, 1),
            &grey(2, 2),
            "expected between 1 and 16,777,216 pixels, found 4294967295 × 1",
        ),
        (
            &of_sides(0, 5),
            &grey(2, 2),
            "expected between 1 and 16,777,216 pixels, found 0 × 5",
        ),
        (
            &jpeg[..jpeg.len() - 8],
            &grey(8, 8),
            "expected a whole JPEG picture, found a damaged one, or a part of one\n  help: copy or save it anew",
        ),
        (
            b"GIF89a\x01\0\x01\0",
            &grey(1, 1),
            "found a GIF picture\n  help: save it as PNG",
        ),
        (
            b"BM\x76\x04\0\0\0\0\0\0\x36\x04\0\0",
            &grey(1, 1),
            "found a BMP picture\n  help: save it as PNG",
        ),
        (
            b"RIFF\x32\0\0\0WEBPVP8L",
            &grey(1, 1),
            "found a WebP picture\n  help: save it as PNG",
        ),
    ] {
        let found = read(bytes, network, ReadOptions::default()).expect_err(said);
        assert!(found.contains(said), "{found}");
    }
    let resize = || ReadOptions {
        resize: true,
        ..ReadOptions::default()
    };
    let (records, notes) = read(&grey_of([5, 3]), &grey(2, 2), resize()).expect("another size");
    assert_eq!(records[0].values.len(), 4);
    assert!(notes[0].contains("2 × 2: bilinear"), "{notes:?}");
    assert!(
        records[0]
            .values
            .iter()
            .all(|x| (x - 9.0 / 255.0).abs() < 1e-15)
    );
}

#[test]
fn a_file_that_is_not_what_its_name_ends_with_is_refused_as_that() {
    let folder = tempfile::tempdir().expect("a folder");
    let anew = "found a file that begins otherwise\n  help: the file is damaged";
    for (name, bytes, expected, found) in [
        ("a.png", &b"\0\0PNG"[..], "a PNG picture", anew),
        ("a.JPG", b"1,2\n", "a JPEG picture", anew),
        ("a.jpeg", b"", "a JPEG picture", "found an empty file"),
        ("a.npy", b"\0NUMPY", "an array of NumPy (.npy)", anew),
        ("a.npz", b"K\x03\x04", "an archive of arrays", anew),
        ("a.npz.gz", b"1,2\n", "an archive of arrays", anew),
        (
            "b.png",
            b"BM\x76\x04\0\0\0\0\0\0\x36\x04",
            "a PNG picture",
            "found a BMP picture\n  help: save it as PNG",
        ),
    ] {
        let file = folder.path().join(name);
        fs::write(&file, bytes).expect("written");
        let said = read_file(&file, &grey(1, 2), ReadOptions::default()).expect_err(name);
        assert!(said.contains(&format!("expected {expected}")), "{said}");
        assert!(said.contains(found), "{name}: {said}");
    }
    // What a file is follows from its first bytes, where these say it.
    let bytes = png([1, 1], ColorType::Grayscale, BitDepth::Eight, &[9]);
    let named = folder.path().join("p.npy");
    fs::write(&named, bytes).expect("written");
    assert!(read_file(&named, &grey(1, 1), ReadOptions::default()).is_ok());
    // The names of columns may begin as pictures do.
    let table = folder.path().join("BMI");
    fs::write(&table, "BMI,RIFF\n0.5,1\n").expect("written");
    let (records, _) = read_file(&table, &grey(1, 2), ReadOptions::default()).expect("a table");
    assert_eq!(records[0].values, [0.5, 1.0]);
}

#[test]
fn a_folder_is_read_by_name_and_its_folders_are_the_classes() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, level: u8| {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        let bytes = png([1, 1], ColorType::Grayscale, BitDepth::Eight, &[level]);
        fs::write(file, bytes).expect("written");
    };
    write("dog/a.png", 51);
    write("cat/b.jpg", 102);
    write("cat/a.png", 255);
    write(".hidden.png", 1);
    fs::write(folder.path().join("notes.txt"), "words").expect("written");
    let (records, notes) =
        read_file(folder.path(), &grey(1, 1), ReadOptions::default()).expect("pictures");
    let word = |text: &str| Some(Tag::Text(text.to_owned()));
    let found: Vec<_> = records
        .iter()
        .map(|record| {
            (
                record.number,
                record.id.clone(),
                record.label.clone(),
                record.values[0],
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            (0, word("cat/a.png"), word("cat"), 1.0),
            (1, word("cat/b.jpg"), word("cat"), 0.4),
            (2, word("dog/a.png"), word("dog"), 0.2),
        ]
    );
    assert_eq!(notes, ["1 file is no picture and is left out: notes.txt"]);
    write("dog/b/c.png", 3);
    let found =
        read_file(folder.path(), &grey(1, 1), ReadOptions::default()).expect_err("too deep");
    assert!(found.contains("one level of folders"), "{found}");
    let empty = tempfile::tempdir().expect("a folder");
    let found = read_file(empty.path(), &grey(1, 1), ReadOptions::default()).expect_err("none");
    assert!(
        found.contains("expected PNG or JPEG pictures in this folder"),
        "{found}"
    );
}

/// So many of the first files are much like others.
const ALIKE: usize = 4;

/// Files of every kind for a network of 8 × 8 inputs.
fn files() -> Vec<Vec<u8>> {
    let values: Vec<u8> = (0..128).collect();
    let x = npy(1, "|u1", false, &[2, 8, 8], &values);
    let f = npy(2, "<f2", true, &[1, 64], &values);
    let y = npy(1, "<U1", false, &[2], &[97, 0, 0, 0, 98, 0, 0, 0]);
    let idx = [
        &[0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 8, 0, 0, 0, 8],
        &values[..],
    ]
    .concat();
    let (grey, _) = GREY_JPEG;
    let (colour, _) = COLOUR_JPEG;
    vec![
        zip(&[("x.npy", &x, false)]),
        gzipped(&x),
        bytes_of(colour),
        png([8, 8], ColorType::Indexed, BitDepth::Two, &values[..16]),
        zip(&[
            ("x.npy", &x, true),
            ("y.npy", &y, false),
            ("z.npy", &f, true),
        ]),
        png([8, 8], ColorType::Grayscale, BitDepth::Eight, &values[..64]),
        bytes_of(grey),
        x,
        f,
        idx,
    ]
}

#[test]
fn every_beginning_of_a_file_is_refused_or_read() {
    let network = picture([1, 8, 8], Order::ChannelsFirst, None);
    for bytes in files() {
        let whole = read(
            &bytes,
            &network,
            ReadOptions {
                scale: Some(Scale::None),
                ..ReadOptions::default()
            },
        );
        for cut in 1..bytes.len() {
            let options = ReadOptions {
                scale: Some(Scale::None),
                ..ReadOptions::default()
            };
            let part = read(&bytes[..cut], &network, options);
            // What ends a file may be missing, but never a value.
            if let (Ok((part, _)), Ok((whole, _))) = (&part, &whole) {
                assert_eq!(part.len(), whole.len(), "{cut} of {} bytes", bytes.len());
            }
        }
    }
}

/// 10,000 changes of each kind of file, and 1,000 of each that is much like another; the same on every machine.
#[test]
fn no_change_of_a_file_of_arrays_or_pictures_breaks_the_reader() {
    let network = picture([1, 8, 8], Order::ChannelsFirst, None);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("s");
    let mut state = 1512_u64;
    let mut draw = |below: usize| {
        // Knuth's linear congruence is random enough for bytes.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("31 bits") % below
    };
    let (mut refused, mut taken) = (0, 0);
    for (kind, bytes) in files().into_iter().enumerate() {
        let changes = if kind < ALIKE { 1_000 } else { 10_000 };
        for n in 0..changes {
            let mut bytes = bytes.clone();
            for _ in 0..=draw(3) {
                let at = draw(bytes.len());
                match draw(4) {
                    0 => bytes[at] ^= 1 << draw(8),
                    1 => bytes[at] = [0, 1, 0x7f, 0x80, 0xff][draw(5)],
                    2 => drop(bytes.splice(at..(at + draw(9)).min(bytes.len()), [])),
                    _ => drop(bytes.splice(at..at, [u8::try_from(draw(256)).expect("a byte")])),
                }
                if bytes.is_empty() {
                    bytes.push(0);
                }
            }
            let mut written = fs::File::create(&file).expect("the file can be written");
            written.write_all(&bytes).expect("the file can be written");
            let options = ReadOptions {
                resize: n % 2 == 0,
                scale: Some(Scale::None),
                ..ReadOptions::default()
            };
            match read_file(&file, &network, options) {
                Ok((records, _)) => {
                    taken += 1;
                    let values = records.iter().flat_map(|record| &record.values);
                    assert!(values.clone().all(|x| x.is_finite()));
                    assert!(records.iter().all(|record| record.values.len() == 64));
                }
                Err(said) => {
                    refused += 1;
                    assert!(said.contains("expected"), "{said}");
                }
            }
        }
    }
    assert!(
        refused > 10_000 && taken > 1_000,
        "{refused} refused, {taken} taken"
    );
}
