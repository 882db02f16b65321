//! Samples that are pictures: PNG and JPEG, one, several, or a folder of them.
//!
//! A level of light `p` of 0 … white becomes `u = p / white`, and `u` the input `l + u·(h − l)` between the bounds of its
//! channel, `u` itself where there are none, or `(u − mean) / std` where these are given.

mod decode;
mod files;
mod light;
mod picture;
mod resize;

use std::borrow::Cow;
use std::io::Read;
use std::path::PathBuf;

use self::decode::Size;
use self::files::PictureFile;
pub use self::files::pictures_in;
use self::light::Light;
use self::picture::Picture;
use super::Found;
use super::options::Wanted;
use super::record::Tag;
use super::source::{Bytes, Kind, Source, SourceName};
use crate::error::{Error, Invalid};
use crate::network::{Input, Network, Order};
use crate::words::{count, shown};

/// A file of more bytes is no picture that is explained.
const LARGEST: u64 = 1 << 26;

/// Pictures, decoded as they are asked for.
pub(super) struct PictureSamples {
    files: std::vec::IntoIter<PictureFile>,
    /// One that is already open.
    opened: Option<(PictureFile, Bytes)>,
    layout: Layout,
    light: Light,
    resize: bool,
    /// The picture that was read last.
    current: SourceName,
    notes: Vec<String>,
}

/// In which order the inputs take the values of a picture.
#[derive(Debug, Clone, PartialEq)]
struct Layout {
    channels: usize,
    /// Height and width; none where any of so many pixels will do.
    sides: Option<[usize; 2]>,
    inputs: usize,
    order: Order,
}

impl PictureSamples {
    /// The pictures of these files and folders.
    pub(super) fn of_paths(
        given: &[PathBuf],
        network: &Network,
        wanted: &Wanted,
    ) -> Result<Self, Error> {
        let origin = given
            .first()
            .map_or_else(|| SourceName(String::new()), |first| SourceName::of(first));
        let (files, notes) = files::find(given)?;
        Self::new(origin, files, None, network, wanted, notes)
    }

    /// The one picture of a source that is open.
    pub(super) fn of_source(
        origin: SourceName,
        bytes: Bytes,
        network: &Network,
        wanted: &Wanted,
    ) -> Result<Self, Error> {
        let path = PathBuf::from(&origin.0);
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        let file = PictureFile {
            id: name.unwrap_or_default(),
            path,
            label: None,
        };
        let opened = Some((file, bytes));
        Self::new(origin, Vec::new(), opened, network, wanted, Vec::new())
    }

    /// How many are still to be read.
    pub(super) fn left(&self) -> usize {
        self.files.len() + usize::from(self.opened.is_some())
    }

    fn new(
        origin: SourceName,
        files: Vec<PictureFile>,
        opened: Option<(PictureFile, Bytes)>,
        network: &Network,
        wanted: &Wanted,
        mut notes: Vec<String>,
    ) -> Result<Self, Error> {
        let options = &wanted.options;
        let complain = |invalid| origin.malformed(None, invalid);
        options.suit(Kind::Picture).map_err(complain)?;
        let input = pictured(network, options.order).map_err(complain)?;
        let layout = Layout::of(&input, wanted.inputs, options.resize).map_err(complain)?;
        let (light, note) = Light::of(&input, layout.channels, options).map_err(complain)?;
        notes.extend(note);
        if let (true, Some([height, width])) = (options.resize, layout.sides) {
            notes.push(format!(
                "pictures of another size are brought to {height} × {width}: bilinear, averaged where they shrink, \
                 stretched where their proportions are others"
            ));
        }
        Ok(Self {
            files: files.into_iter(),
            opened,
            layout,
            light,
            resize: options.resize,
            current: origin,
            notes,
        })
    }

    /// What was found out since this was last asked.
    pub(super) fn notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    /// The next picture; none at the end.
    pub(super) fn next(&mut self, wanted: &Wanted) -> Result<Option<Found>, Error> {
        let (file, bytes) = if let Some(opened) = self.opened.take() {
            opened
        } else {
            let Some(file) = self.files.next() else {
                return Ok(None);
            };
            self.current = SourceName::of(&file.path);
            let bytes = Source::open(&file.path)?.bytes;
            (file, bytes)
        };
        let values = self.values(bytes)?;
        if let Some((i, [l, h])) = wanted.far_outside(&values) {
            let expected = format!(
                "expected values within the bounds of the network, or near them: [{}, {}] for {}",
                shown(l),
                shown(h),
                wanted.input(i)
            );
            let help = "--bounds says where values lie behind --mean and --std; without these and --scale pixels are scaled \
                        to the bounds";
            let invalid = Invalid::new("", expected, shown(values[i])).help(help);
            return Err(self.current.malformed(None, invalid));
        }
        Ok(Some(Found {
            id: Some(Tag::Text(file.id)),
            label: file.label.as_deref().and_then(Tag::of_cell),
            values,
            ..Found::default()
        }))
    }

    /// The values of a picture in the order of the inputs.
    fn values(&self, bytes: Bytes) -> Result<Vec<f64>, Error> {
        let complain = |invalid| self.current.malformed(None, invalid);
        let mut all = Vec::new();
        let read = bytes.take(LARGEST + 1).read_to_end(&mut all);
        read.map_err(|reason| self.current.unreadable(reason))?;
        if all.len() as u64 > LARGEST {
            return Err(complain(Invalid::new(
                "",
                "expected a picture of at most 64 MiB",
                "more",
            )));
        }
        let suits = |size| {
            if self.resize {
                Ok(())
            } else {
                self.layout.suits(size)
            }
        };
        let picture = decode::decode(&all, suits).map_err(complain)?;
        let picture = self.layout.coloured(picture).map_err(complain)?;
        let picture = match self.layout.sides {
            Some([height, width]) if [picture.height, picture.width] != [height, width] => {
                resize::resized(&picture, height, width)
            }
            _ => picture,
        };
        Ok(self.layout.values(&picture, &self.light))
    }
}

/// The input as pictures are read for it: in the order that is said, or noticed of its shape.
fn pictured(network: &Network, order: Option<Order>) -> Result<Cow<'_, Input>, Invalid> {
    let picture = match order {
        Some(order) => Some(network.picture_in(order)?),
        None => network.picture(),
    };
    let input = network.input();
    Ok(match picture {
        Some(picture) if picture.order != input.order => Cow::Owned(Input {
            shape: picture.sides.to_vec(),
            order: picture.order,
            ..input.clone()
        }),
        _ => Cow::Borrowed(input),
    })
}

impl Layout {
    fn of(input: &Input, inputs: usize, resize: bool) -> Result<Self, Invalid> {
        let (channels, sides) = match (&input.shape[..], &input.array_shape()[..]) {
            (&[channels, height, width], _) => (channels, Some([height, width])),
            (_, &[height, width] | &[1, height, width] | &[height, width, 1]) if width > 1 => {
                (1, Some([height, width]))
            }
            _ => (1, None),
        };
        let side = inputs.isqrt();
        let square = (side * side == inputs).then_some([side, side]);
        let sides = match sides {
            None if resize && square.is_none() => {
                let expected = "expected an input with height and width";
                let found = format!("a list of {}", count(inputs, "value"));
                let invalid = Invalid::new("--resize", expected, found);
                return Err(invalid
                    .help("`shape`: [channels, height, width] in the network file says them"));
            }
            None if resize => square,
            sides => sides,
        };
        Ok(Self {
            channels,
            sides,
            inputs,
            order: input.order,
        })
    }

    /// Whether a picture has the size of the input.
    fn suits(&self, Size { height, width }: Size) -> Result<(), Invalid> {
        let fits = match self.sides {
            Some(sides) => sides == [height, width],
            None => height * width == self.inputs,
        };
        if fits {
            return Ok(());
        }
        let expected = match self.sides {
            Some([height, width]) => format!("expected {height} × {width} pixels (height × width)"),
            None => format!("expected {} pixels, one for each input", self.inputs),
        };
        Err(Invalid::new("", expected, format!("{height} × {width}"))
            .help("--resize brings pictures to that size"))
    }

    /// The picture with as many channels as the input has.
    fn coloured(&self, picture: Picture) -> Result<Picture, Invalid> {
        if picture.channels == self.channels {
            return Ok(picture);
        }
        let picture = picture.without_opacity();
        if picture.channels == self.channels {
            return Ok(picture);
        }
        let expected = format!(
            "expected a picture of {}, as the input has",
            count(self.channels, "channel")
        );
        let help = match (self.channels, picture.channels) {
            (1, 3) => "save it in grey, for instance by Pillow's convert(\"L\")",
            (3, 1) => "save it in colour, for instance by Pillow's convert(\"RGB\")",
            (1 | 3, 2 | 4) => "put it before a background and save it without transparency",
            _ => "save its values as .npy",
        };
        Err(Invalid::new("", expected, picture.colours()).help(help))
    }

    fn values(&self, picture: &Picture, light: &Light) -> Vec<f64> {
        let (channels, pixels) = (picture.channels, picture.height * picture.width);
        let value = |pixel: usize, channel: usize| {
            let level = picture.levels[pixel * channels + channel];
            light.value(level, picture.white, channel)
        };
        match self.order {
            Order::ChannelsFirst => (0..channels * pixels)
                .map(|i| value(i % pixels, i / pixels))
                .collect(),
            Order::ChannelsLast => (0..channels * pixels)
                .map(|i| value(i / channels, i % channels))
                .collect(),
        }
    }
}
