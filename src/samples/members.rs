//! Which arrays of an archive are the samples, their names and their classes.

use std::io::{self, Read};
use std::path::Path;

use super::arrays::{ArraySamples, OpenArray, TagArray};
use super::idx;
use super::options::{Wanted, left_out};
use super::source::{Kind, Source, SourceName};
use super::tags::{IDS, LABELS, is_one_of};
use super::waiting::ArchiveFrom;
use crate::error::{Error, Invalid};
use crate::network::Input;
use crate::npy::read::{Archive, Header, Member, refused};
use crate::spelling::did_you_mean;

/// Keys under which samples usually stand.
const INPUTS: [&str; 5] = ["inputs", "x", "input", "data", "images"];
/// Further keys of classes and names, beside those of columns.
const MORE_LABELS: [&str; 4] = ["labels", "y", "targets", "classes"];
const MORE_IDS: [&str; 2] = ["ids", "names"];

/// Names or classes of more bytes are refused: as text of ten letters those of some six million samples.
const MOST_TAGS: u64 = 1 << 28;

/// The samples of a .npz archive.
pub(super) fn open(
    origin: SourceName,
    from: ArchiveFrom,
    input: &Input,
    wanted: &Wanted,
) -> Result<ArraySamples, Error> {
    let mut archive = from.open().map_err(|reason| origin.unreadable(reason))?;
    let keys: Vec<(String, Member)> = (archive.members.iter())
        .filter_map(|member| Some((member.name.strip_suffix(".npy")?.to_owned(), member.clone())))
        .collect();
    let complain = |invalid| origin.malformed(None, invalid);
    let chosen = Chosen::of(&keys, wanted).map_err(complain)?;
    let mut read = |at: Option<usize>| {
        let found = at.map(|at| {
            tags(&mut archive, &keys[at].1).map_err(|reason| named(&origin, &keys[at].0, reason))
        });
        found.transpose()
    };
    let (ids, labels) = (read(chosen.ids)?, read(chosen.labels)?);
    let (key, member) = &keys[chosen.samples];
    let size = member.size;
    let unreadable = |reason| named(&origin, key, reason);
    let mut bytes = archive.reader(member).map_err(unreadable)?;
    let header = Header::read(&mut bytes).map_err(unreadable)?;
    let array = OpenArray {
        left: Some(size.saturating_sub(header.length)),
        header,
        bytes: Box::new(bytes),
        member: Some(key.clone()),
    };
    let mut samples = ArraySamples::new(origin.clone(), array, input, wanted)?;
    samples.notes.extend(chosen.note);
    let options = &wanted.options;
    let mut unused = chosen.rest;
    for (tags, at, said, name) in [
        (ids, chosen.ids, &options.id, "id"),
        (labels, chosen.labels, &options.label, "label"),
    ] {
        let (Some(tags), Some(at)) = (tags, at) else {
            continue;
        };
        let key = &keys[at].0;
        match tags {
            Some(tags) if tags.number == samples.samples() => {
                if said.is_none() {
                    let what = if name == "id" { "names" } else { "classes" };
                    samples.notes.push(format!(
                        "the array {key} is read as the {what} of the samples; --{name} chooses another"
                    ));
                }
                match name {
                    "id" => samples.ids = Some(tags),
                    _ => samples.labels = Some(tags),
                }
            }
            tags if said.is_some() => {
                let expected = format!("expected one for each of {} samples", samples.samples());
                let found = tags.map_or_else(
                    || "an array of another shape".to_owned(),
                    |tags| tags.number.to_string(),
                );
                return Err(origin.malformed(None, Invalid::new(key, expected, found)));
            }
            _ => unused.push(key.clone()),
        }
    }
    samples.notes.extend(left_out(&unused, "array"));
    Ok(samples)
}

/// A complaint about an array by its key.
fn named(origin: &SourceName, key: &str, reason: io::Error) -> Error {
    match reason.downcast::<Invalid>() {
        Ok(mut invalid) => {
            invalid.path = match invalid.path.as_str() {
                "" => key.to_owned(),
                path => format!("{key}: {path}"),
            };
            origin.malformed(None, invalid)
        }
        Err(reason) => origin.unreadable(reason),
    }
}

/// Names or classes in an array with one side; none where it has more.
fn tags(archive: &mut Archive, member: &Member) -> io::Result<Option<TagArray>> {
    let whole = archive.whole(member, MOST_TAGS)?;
    let mut bytes = &whole[..];
    let header = Header::read(&mut bytes)?;
    one_sided(&header, bytes)
}

/// Takes names and classes of files of their own, a .npy or IDX file each, where `--id` and `--label` name one.
pub(super) fn beside_array(samples: &mut ArraySamples, wanted: &Wanted) -> Result<(), Error> {
    let number = samples.samples();
    let read = |option: &str, file: &Option<String>| {
        let file = file.as_deref();
        file.map(|file| of_file(option, file, number)).transpose()
    };
    samples.ids = read("--id", &wanted.options.id)?;
    samples.labels = read("--label", &wanted.options.label)?;
    Ok(())
}

/// The names or classes in a file, one for each of so many samples.
fn of_file(option: &str, file: &str, samples: usize) -> Result<TagArray, Error> {
    const EXPECTED: &str = "expected a .npy or IDX file with one for each sample";
    let file = Path::new(file);
    if !file.is_file() {
        let found = format!("`{}`, which is no file", file.display());
        let origin = SourceName(option.to_owned());
        return Err(origin.malformed(None, Invalid::new("", EXPECTED, found)));
    }
    let Source {
        origin,
        kind,
        mut bytes,
        ..
    } = Source::open(file)?;
    let header = match kind {
        Kind::Array => Header::read(&mut bytes),
        Kind::Idx => idx::header(&mut bytes),
        Kind::Text | Kind::Archive | Kind::Picture => {
            Err(refused(Invalid::new("", EXPECTED, "another format")))
        }
    };
    let header = header.map_err(|reason| origin.unreadable(reason))?;
    let mut values = Vec::new();
    let read = bytes.take(MOST_TAGS + 1).read_to_end(&mut values);
    let tags = read.and_then(|_| one_sided(&header, &values));
    let tags = tags.map_err(|reason| origin.unreadable(reason))?;
    tags.filter(|tags| tags.number == samples).ok_or_else(|| {
        let expected = format!("expected an array of {samples}, one for each sample");
        let found = format!("the shape {:?}", header.shape);
        origin.malformed(None, Invalid::new("", expected, found))
    })
}

/// The names or classes in the values of an array, where it has one side.
fn one_sided(header: &Header, bytes: &[u8]) -> io::Result<Option<TagArray>> {
    let length = header.bytes().map_err(refused)?;
    let mut sides = header.shape.iter().filter(|side| **side != 1);
    let (number, more) = (sides.next(), sides.next());
    if more.is_some() || header.shape.is_empty() {
        return Ok(None);
    }
    if bytes.len() as u64 != length {
        let expected = format!("expected {length} bytes of values");
        return Err(refused(Invalid::new("", expected, bytes.len())));
    }
    Ok(Some(TagArray {
        number: number.copied().unwrap_or(1),
        element: header.element,
        bytes: bytes.to_vec(),
    }))
}

/// The places of the arrays that are read, among all.
#[derive(Debug)]
struct Chosen {
    samples: usize,
    ids: Option<usize>,
    labels: Option<usize>,
    /// What was taken and could have been otherwise.
    note: Option<String>,
    /// The keys of the others.
    rest: Vec<String>,
}

impl Chosen {
    fn of(keys: &[(String, Member)], wanted: &Wanted) -> Result<Self, Invalid> {
        let options = &wanted.options;
        if keys.is_empty() {
            let invalid = Invalid::new(
                "",
                "expected a zip archive with arrays, as .npz files are",
                "none",
            );
            return Err(invalid.help(
                "a table of .xlsx is saved as CSV, tensors of .pt by numpy.savez(file, inputs=x.numpy())",
            ));
        }
        let names = || keys.iter().map(|(key, _)| key.as_str());
        let find = |said: &str, option: &str| {
            names().position(|key| key == said).ok_or_else(|| {
                let invalid = Invalid::new(
                    option,
                    "expected an array of the archive",
                    format!("`{said}`"),
                );
                invalid.help(did_you_mean(said, names()))
            })
        };
        let among = |known: &[&[&str]], apart: Option<usize>| {
            let mut found = known.iter().filter_map(|known| {
                (0..keys.len()).find(|at| is_one_of(&keys[*at].0, known) && Some(*at) != apart)
            });
            found.next()
        };
        let key = options
            .key
            .as_deref()
            .map(|key| find(key, "--key"))
            .transpose()?;
        let said = |option: &Option<String>, name| {
            option.as_deref().map(|said| find(said, name)).transpose()
        };
        let ids = said(&options.id, "--id")?.or_else(|| among(&[&IDS, &MORE_IDS], key));
        let beside = key.and_then(|key| beside(&keys[key].0, names()));
        let labels = said(&options.label, "--label")?
            .or(beside)
            .or_else(|| among(&[&LABELS, &MORE_LABELS], key));
        let tags = [ids, labels];
        let free: Vec<usize> = (0..keys.len())
            .filter(|at| !tags.contains(&Some(*at)))
            .collect();
        let usual: Vec<usize> = (free.iter().copied())
            .filter(|at| is_one_of(&keys[*at].0, &INPUTS))
            .collect();
        let samples = match (key, &free[..], &usual[..]) {
            (Some(key), ..) => key,
            (None, [only], _) | (None, _, [only]) => *only,
            (None, [], _) if keys.len() == 1 => 0,
            _ => {
                let all: Vec<&str> = names().take(20).collect();
                let invalid = Invalid::new(
                    "",
                    "expected one array, or one called inputs or x",
                    all.join(", "),
                );
                return Err(invalid.help("--key says which array has the samples"));
            }
        };
        let tag = |at: Option<usize>| at.filter(|at| *at != samples);
        let (ids, labels) = (tag(ids), tag(labels));
        let used = [Some(samples), ids, labels];
        let note = (key.is_none() && keys.len() > 1).then(|| {
            format!(
                "the array {} is read as the samples; --key chooses another",
                keys[samples].0
            )
        });
        let rest = (0..keys.len()).filter(|at| !used.contains(&Some(*at)));
        Ok(Self {
            samples,
            rest: rest.map(|at| keys[at].0.clone()).collect(),
            ids,
            labels,
            note,
        })
    }
}

/// The array y_test beside x_test.
fn beside<'k>(key: &str, mut names: impl Iterator<Item = &'k str>) -> Option<usize> {
    let part = key
        .strip_prefix(['x', 'X'])
        .filter(|part| part.starts_with('_'))?;
    names.position(|name| name.strip_prefix(['y', 'Y']) == Some(part))
}
