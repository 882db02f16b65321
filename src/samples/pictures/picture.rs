//! A picture as it is stored: levels of light, row by row, the channels of a pixel side by side.

/// A decoded picture.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Picture {
    pub(super) height: usize,
    pub(super) width: usize,
    /// 1: grey, 2: grey and opacity, 3: red, green, blue, 4: these and opacity.
    pub(super) channels: usize,
    /// Row by row, from 0 to `white`.
    pub(super) levels: Vec<f64>,
    /// The largest level: 255, or 65535 where a level has two bytes.
    pub(super) white: f64,
}

impl Picture {
    /// The same without its opacity, where it has one and is opaque everywhere.
    pub(super) fn without_opacity(self) -> Self {
        let with = self.channels;
        if !matches!(with, 2 | 4) {
            return self;
        }
        let opaque = (self.levels.chunks_exact(with)).all(|pixel| pixel[with - 1] >= self.white);
        if !opaque {
            return self;
        }
        let pixels = self.levels.chunks_exact(with);
        Self {
            channels: with - 1,
            levels: pixels
                .flat_map(|pixel| &pixel[..with - 1])
                .copied()
                .collect(),
            ..self
        }
    }

    /// What its channels are, in words.
    pub(super) fn colours(&self) -> &'static str {
        match self.channels {
            1 => "a grey picture (1 channel)",
            2 => "a grey picture with transparent pixels (2 channels)",
            3 => "a picture in colour (3 channels)",
            _ => "a picture in colour with transparent pixels (4 channels)",
        }
    }
}
