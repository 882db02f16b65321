//! Packs bytes.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

/// The bytes as `gzip` packs them.
pub fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).expect("memory takes it");
    packed.finish().expect("memory takes it")
}
