//! Files of arrays and pictures, byte by byte.

use std::io::Write;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// A .npy file of this version: the header as NumPy writes it, then the bytes.
pub fn npy(version: u8, descr: &str, fortran: bool, shape: &[usize], values: &[u8]) -> Vec<u8> {
    let sides: Vec<String> = shape.iter().map(|side| format!("{side},")).collect();
    let fortran = if fortran { "True" } else { "False" };
    let text = format!(
        "{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': ({}), }}",
        sides.join(" ")
    );
    headed(version, &text, values)
}

/// A .npy file with any text as its header.
pub fn headed(version: u8, text: &str, values: &[u8]) -> Vec<u8> {
    let wide = if version == 1 { 2 } else { 4 };
    let unpadded = 8 + wide + text.len() + 1;
    let blanks = unpadded.next_multiple_of(64) - unpadded;
    let text = format!("{text}{}\n", " ".repeat(blanks));
    let length = u32::try_from(text.len()).expect("short").to_le_bytes();
    [
        b"\x93NUMPY",
        &[version, 0][..],
        &length[..wide],
        text.as_bytes(),
        values,
    ]
    .concat()
}

/// A zip archive of members, each stored or deflated.
pub fn zip(members: &[(&str, &[u8], bool)]) -> Vec<u8> {
    let (mut archive, mut list) = (Vec::new(), Vec::new());
    for (name, bytes, deflated) in members {
        let packed = if *deflated {
            deflate(bytes)
        } else {
            bytes.to_vec()
        };
        let mut crc = Crc::new();
        crc.update(bytes);
        let at = u32_of(archive.len());
        let middle = [
            &[20, 0, 0, 0, if *deflated { 8 } else { 0 }, 0, 0, 0, 0, 0][..],
            &crc.sum().to_le_bytes(),
            &u32_of(packed.len()),
            &u32_of(bytes.len()),
            &u32_of(name.len())[..2],
            &[0, 0],
        ]
        .concat();
        archive.extend([b"PK\x03\x04", &middle[..], name.as_bytes(), &packed].concat());
        let entry = [
            b"PK\x01\x02\x14\0",
            &middle[..],
            &[0; 10],
            &at,
            name.as_bytes(),
        ];
        list.extend(entry.concat());
    }
    let number = &u32_of(members.len())[..2];
    let end = [
        b"PK\x05\x06\0\0\0\0",
        number,
        number,
        &u32_of(list.len()),
        &u32_of(archive.len()),
        &[0, 0],
    ];
    [&archive[..], &list, &end.concat()].concat()
}

fn u32_of(number: usize) -> [u8; 4] {
    u32::try_from(number)
        .expect("a small archive")
        .to_le_bytes()
}

/// Bytes as a zip archive deflates them.
pub fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).expect("memory takes it");
    packed.finish().expect("memory takes it")
}

/// A PNG picture: `colour` and `depth` are those of the format, `levels` its rows.
pub fn png(
    [height, width]: [u32; 2],
    colour: png::ColorType,
    depth: png::BitDepth,
    levels: &[u8],
) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(colour);
    encoder.set_depth(depth);
    if colour == png::ColorType::Indexed {
        encoder.set_palette(vec![0, 0, 0, 255, 0, 0, 0, 255, 0, 255, 255, 255]);
    }
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(levels).expect("as many levels");
    writer.finish().expect("memory takes it");
    bytes
}
