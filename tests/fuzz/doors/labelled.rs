//! Labelled images to train on: tables and IDX files.

use deeptaylor::data::{Data, ImageOptions, Images};

use super::{file, held};

/// A table; or, where the first byte is odd, the four files of MNIST, of which the images end where the second says.
pub fn labelled(bytes: &[u8]) {
    let [kind, options, rest @ ..] = bytes else {
        return;
    };
    let column = |bit: u8, name: &str| (options & bit != 0).then(|| name.to_owned());
    let asked = ImageOptions {
        label: column(1, "label"),
        id: column(2, "id"),
        header: (options & 4 != 0).then_some(options & 8 != 0),
        scale: (options & 16 != 0).then_some(255.0),
        shape: (options & 32 != 0).then_some([2, 2]),
        ..ImageOptions::default()
    };
    let opened = if kind % 2 == 0 {
        Data::open(&file::file("train.csv", rest), &asked)
    } else {
        let (images, labels) = rest.split_at(usize::from(*options).min(rest.len()));
        for part in ["train", "t10k"] {
            file::file_below("idx", &format!("{part}-images-idx3-ubyte"), images);
            file::file_below("idx", &format!("{part}-labels-idx1-ubyte"), labels);
        }
        Data::open(&file::folder().join("idx"), &ImageOptions::default())
    };
    match opened {
        Ok(data) => {
            data.notes.iter().for_each(|note| held::plain(note));
            held::plain(&data.source);
            [&data.train, &data.test].into_iter().for_each(finite);
        }
        Err(error) => held::told(&error),
    }
}

/// That every value is finite, and every image has its class.
fn finite(images: &Images) {
    let few: Vec<usize> = (0..images.len().min(20)).collect();
    let values = images.samples(&few);
    assert!(values.iter().all(|x| x.is_finite()), "{values}");
    for n in few {
        drop((images.label(n), images.grey(n)));
    }
    assert_eq!(images.blank().len(), images.size());
}
