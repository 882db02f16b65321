//! Files of samples, of every format.

use std::sync::OnceLock;

use deeptaylor::network::Order;
use deeptaylor::samples::{ReadOptions, Record, Scale};
use deeptaylor::{Network, Samples};

use super::{file, held};

/// So many samples of a file are looked at.
const MOST: usize = 200;

/// Networks that take them: of few inputs, with names and bounds and without, and of pictures either way round.
fn networks() -> &'static [Network] {
    static NETWORKS: OnceLock<Vec<Network>> = OnceLock::new();
    const INPUTS: [&str; 6] = [
        r#"{ "shape": [3], "names": ["x1", "x2", "x3"] }"#,
        r#"{ "shape": [4], "bounds": [0, 1] }"#,
        r#"{ "shape": [1, 2, 2], "bounds": [0, 1], "scale": 255 }"#,
        r#"{ "shape": [3, 2, 2] }"#,
        r#"{ "shape": [2, 2, 3], "order": "hwc", "bounds": [-1, 1] }"#,
        r#"{ "shape": [1] }"#,
    ];
    let network = |input: &&str| {
        let text = format!(r#"{{ "input": {input}, "layers": [{{ "type": "sum_pool" }}] }}"#);
        Network::parse("inputs", text.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
    };
    NETWORKS.get_or_init(|| INPUTS.iter().map(network).collect())
}

/// A network and options out of two bytes; those that say something of other formats are left to chance once in a while.
fn asked(network: u8, options: u8, of_text: bool) -> (&'static Network, ReadOptions) {
    let networks = networks();
    let mut asked = ReadOptions {
        exactly: options & 1 == 1,
        // What is too long is refused, not gathered.
        longest: (options & 2 == 2).then_some(1000),
        ..ReadOptions::default()
    };
    match options >> 2 & 7 {
        1 => asked.id = Some("id".to_owned()),
        2 => asked.label = Some("label".to_owned()),
        3 => asked.scale = Some(Scale::Max),
        4 => asked.scale = Some(Scale::By("255".to_owned(), 255.0)),
        5 => (asked.id, asked.label) = (Some("1".to_owned()), Some("last".to_owned())),
        _ => {}
    }
    if of_text {
        match options >> 5 {
            1 => asked.header = Some(true),
            2 => asked.header = Some(false),
            3 => asked.columns = vec!["x1".to_owned(), "x2".to_owned(), "x3".to_owned()],
            4 => asked.columns = vec!["2-4".to_owned()],
            _ => {}
        }
    }
    (&networks[usize::from(network) % networks.len()], asked)
}

/// What the first two bytes ask for, and the file behind them.
fn divided(bytes: &[u8]) -> Option<(u8, u8, &[u8])> {
    match bytes {
        [network, options, rest @ ..] => Some((*network, *options, rest)),
        _ => None,
    }
}

fn opened(name: &str, bytes: &[u8], (network, options): (&Network, ReadOptions)) {
    let path = file::file(name, bytes);
    let exactly = options.exactly;
    let mut samples = match Samples::open(&path, network, options) {
        Ok(samples) => samples,
        Err(error) => return held::told(&error),
    };
    let said = samples.number();
    let mut read = 0;
    for record in samples.by_ref().take(MOST) {
        match record {
            Ok(record) => checked(&record, network, exactly),
            Err(error) => {
                held::told(&error);
                read = MOST;
                break;
            }
        }
        read += 1;
    }
    assert!(
        said.is_none_or(|said| read == said || read >= MOST),
        "{said:?} samples, not {read}"
    );
    samples.notes().iter().for_each(|note| held::plain(note));
}

/// That a sample has a finite value for each input, and what was written of it is as much.
fn checked(record: &Record, network: &Network, exactly: bool) {
    assert_eq!(record.values.len(), network.input_units(), "{record:?}");
    assert!(record.values.iter().all(|x| x.is_finite()), "{record:?}");
    let Some(written) = &record.written else {
        return;
    };
    assert_eq!(written.len(), record.values.len(), "{record:?}");
    if exactly {
        let again = match Record::typed(&written.join(";"), network) {
            Ok(again) => again,
            // Too small for a fraction of a bearable length, which is told where it is asked for.
            Err(invalid) if invalid.message.contains("powers of ten up to 1e±400") => return,
            Err(invalid) => panic!("{invalid}: {record:?}"),
        };
        // What is divided by 255 was rounded before, too.
        let mut pairs = again.values.iter().zip(&record.values);
        let near = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-15 * b.abs() + 5e-324;
        assert!(pairs.all(near), "{again:?} is not {record:?}");
    }
}

/// An array of `NumPy`.
pub fn npy(bytes: &[u8]) {
    if let Some((network, options, rest)) = divided(bytes) {
        opened("x.npy", rest, asked(network, options, false));
    }
}

/// An archive of arrays: as it is; or, where the first byte is odd, packed here of members, so that its sums are right.
pub fn npz(bytes: &[u8]) {
    let Some((network, options, rest)) = divided(bytes) else {
        return;
    };
    let (known, mut asked) = asked(network / 2, options, false);
    asked.key = match options >> 5 {
        1 => Some("x".to_owned()),
        2 => Some("y".to_owned()),
        _ => None,
    };
    if network % 2 == 1 {
        opened("x.npz", &packed(rest), (known, asked));
    } else {
        opened("x.npz", rest, (known, asked));
    }
}

/// An archive without compression: of each member a byte says the name, two the length.
fn packed(mut bytes: &[u8]) -> Vec<u8> {
    const NAMES: [&str; 8] = [
        "x.npy",
        "ids.npy",
        "labels.npy",
        "arr_0.npy",
        "y.npy",
        "id.npy",
        "x",
        "a/../x.npy",
    ];
    let (mut archive, mut list, mut members) = (Vec::new(), Vec::new(), 0_u16);
    while let [name, low, high, rest @ ..] = bytes {
        let length = usize::from(u16::from_le_bytes([*low, *high])).min(rest.len());
        let (body, behind) = rest.split_at(length);
        let name = NAMES[usize::from(*name) % NAMES.len()];
        let at = u32::try_from(archive.len()).expect("a short archive");
        let mut about = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        about.extend(sum(body).to_le_bytes());
        let size = u32::try_from(length).expect("a short member");
        about.extend([size.to_le_bytes(), size.to_le_bytes()].concat());
        about.extend(
            u16::try_from(name.len())
                .expect("a short name")
                .to_le_bytes(),
        );
        about.extend([0, 0]);
        archive.extend([b"PK\x03\x04", &about[..], name.as_bytes(), body].concat());
        list.extend(
            [
                b"PK\x01\x02\x14\x00",
                &about[..],
                &[0; 10],
                &at.to_le_bytes(),
                name.as_bytes(),
            ]
            .concat(),
        );
        (bytes, members) = (behind, members + 1);
    }
    let at = u32::try_from(archive.len()).expect("a short archive");
    let length = u32::try_from(list.len()).expect("a short list");
    archive.extend(list);
    archive.extend(b"PK\x05\x06\0\0\0\0");
    archive.extend([members.to_le_bytes(), members.to_le_bytes()].concat());
    archive.extend([length.to_le_bytes(), at.to_le_bytes()].concat());
    archive.extend([0, 0]);
    archive
}

/// The sum of a member.
fn sum(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// A table, by its name or without one.
pub fn csv(bytes: &[u8]) {
    if let Some((network, options, rest)) = divided(bytes) {
        let name = ["x.csv", "x.tsv", "x.txt"][usize::from(network) % 3];
        opened(name, rest, asked(network / 3, options, true));
    }
}

/// JSON and JSON lines, by their names or without one.
pub fn json(bytes: &[u8]) {
    if let Some((network, options, rest)) = divided(bytes) {
        let name = ["x.json", "x.jsonl", "x"][usize::from(network) % 3];
        opened(name, rest, asked(network / 3, options, true));
    }
}

/// An array in the format of MNIST.
pub fn idx(bytes: &[u8]) {
    if let Some((network, options, rest)) = divided(bytes) {
        opened("x-idx3-ubyte", rest, asked(network, options, false));
    }
}

/// A picture, PNG or JPEG.
pub fn pictures(bytes: &[u8]) {
    let Some((network, options, rest)) = divided(bytes) else {
        return;
    };
    let asked = ReadOptions {
        resize: options & 1 == 1,
        mean: if options & 2 == 2 {
            vec![0.5]
        } else {
            Vec::new()
        },
        std: if options & 4 == 4 {
            vec![0.25]
        } else {
            Vec::new()
        },
        order: match options >> 3 & 3 {
            1 => Some(Order::ChannelsFirst),
            2 => Some(Order::ChannelsLast),
            _ => None,
        },
        ..ReadOptions::default()
    };
    let networks = networks();
    opened(
        "x.png",
        rest,
        (&networks[usize::from(network) % networks.len()], asked),
    );
}
