//! The setting of a training, for its result.

use deeptaylor::data::Data;
use deeptaylor::init::Architecture;
use deeptaylor::result::{ImagesInfo, LabelInfo, Setting, Subject};
use deeptaylor::spelling::Named;
use deeptaylor::words::{count, grouped};

use super::TrainArgs;

/// More lines that were held out are not listed.
const MOST_LINES: usize = 10_000;

impl TrainArgs {
    /// The setting of a training on these images, of a network with so many outputs.
    pub(super) fn setting(&self, data: &Data, layers: &Architecture, outputs: usize) -> Setting {
        let recipe = self.recipe();
        let epoch = (self.schedule).note(data.train.len(), recipe.batch);
        let notes = data.notes.iter().cloned().chain(data.thin(outputs));
        let crowded = recipe.batch > data.train.len();
        let crowded = crowded.then(|| {
            format!(
                "A batch of {} is larger than the {} to train on, so it has some of them several times.",
                grouped(recipe.batch),
                count(data.train.len(), data.sample())
            )
        });
        Setting {
            data: data.source.clone(),
            subject: match &data.table {
                None if data.is_built_in() => Subject::Digits,
                Some(table) if table.is_no_image() => Subject::Table,
                _ => Subject::Images,
            },
            label: (data.table.as_ref()).map(|table| LabelInfo {
                column: table.label,
                name: table.label_name.clone(),
            }),
            pixel_columns: (data.table.as_ref()).map(|_| data.train.size()),
            images: Some(ImagesInfo {
                train: data.train.len(),
                held_out: data.test.len(),
            }),
            held_out_lines: if data.held_out.len() > MOST_LINES {
                Vec::new()
            } else {
                data.held_out.clone()
            },
            scale: Some(data.train.scale()),
            notes: notes.chain(epoch).chain(crowded).collect(),
            classes: data.names.clone().unwrap_or_default(),
            layers: layers.to_string(),
            scheme: self.shape.scheme.to_string(),
            seed: self.shape.seed,
            optimiser: self.optimiser.spelling().name.to_owned(),
            rate: recipe.rate,
            batch: recipe.batch,
            bias: self.bias.spelling().name.to_owned(),
        }
    }
}
