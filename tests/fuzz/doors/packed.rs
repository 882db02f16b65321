//! What is gzipped, at every door that takes it so.

use std::io::Read;

use deeptaylor::data::{Data, ImageOptions};
use deeptaylor::samples::ReadOptions;
use deeptaylor::{Network, Samples};

use super::{file, held};

/// Nothing that unpacks to more is looked at here: whoever has the memory may have such files.
const MOST: u64 = 4 << 20;

/// Packed bytes, by the first of them for one of the doors.
pub fn packed(bytes: &[u8]) {
    let [door, rest @ ..] = bytes else { return };
    if unpacks_to_much(rest) {
        return;
    }
    let told = match door % 4 {
        0 => Network::from_reader(rest).err(),
        1 => Data::open(&file::file("train.csv.gz", rest), &ImageOptions::default()).err(),
        n => {
            let name = ["x.csv.gz", "x.gz"][usize::from(n % 2)];
            let path = file::file(name, rest);
            let samples = Samples::open(&path, &Network::figure_4(), ReadOptions::default());
            match samples {
                Ok(samples) => samples.take(100).find_map(Result::err),
                Err(error) => Some(error),
            }
        }
    };
    told.iter().for_each(held::told);
}

/// Whether more comes out than may, of one or of several times packed.
fn unpacks_to_much(bytes: &[u8]) -> bool {
    let mut unpacked = Vec::new();
    // A file that is damaged gives what stands before.
    drop(
        flate2::read::MultiGzDecoder::new(bytes)
            .take(MOST + 1)
            .read_to_end(&mut unpacked),
    );
    unpacked.len() as u64 > MOST || unpacked.starts_with(b"\x1f\x8b") && unpacks_to_much(&unpacked)
}
