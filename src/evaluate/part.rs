//! Some of the samples, which are explained at once: under every rule, with noise, and by networks of other weights.

use std::time::Instant;

use ndarray::{ArrayView2, Axis, s};
use rayon::prelude::*;

use super::Examination;
use super::explaining::Explaining;
use super::findings::{Noisy, Records};
use super::likeness::{Explained, Likeness, change};
use super::noise::Room;
use crate::error::Error;
use crate::init::randomised;
use crate::measure::{Concentration, flipping, share};
use crate::network::{Levels, row};
use crate::relevance::Target;

/// Some of the samples, each with the output that is explained.
pub(super) struct Part<'p> {
    examination: &'p Examination<'p>,
    /// The number of the first.
    first: usize,
    samples: ArrayView2<'p, f64>,
    targets: Vec<Target>,
}

impl<'p> Part<'p> {
    /// The samples from `first` on, `rows` at the most.
    pub(super) fn new(
        examination: &'p Examination<'p>,
        first: usize,
        rows: usize,
    ) -> Result<Self, Error> {
        let last = (first + rows).min(examination.samples.nrows());
        let samples = examination.samples.slice(s![first..last, ..]);
        let network = examination.network;
        let mut activations = Levels::default();
        network
            .forward(samples, &mut activations)
            .map_err(|error| error.counted_from(first))?;
        let outputs = activations.level(network.top());
        let targets = examination.targets[first..last].iter().enumerate();
        Ok(Self {
            targets: targets
                .map(|(n, target)| target.settled(row(&outputs, n)))
                .collect(),
            examination,
            first,
            samples,
        })
    }

    /// How many they are.
    pub(super) fn samples(&self) -> usize {
        self.targets.len()
    }

    /// Adds what is left of f as inputs are set to 0 in these orders: a list for each batch that is gone.
    pub(super) fn flip(&self, orders: &[Vec<usize>], to: &mut Vec<Vec<f64>>) -> Result<(), Error> {
        let (network, batches) = (self.examination.network, self.examination.batches);
        let f = |n: usize, outputs: &[f64]| self.targets[n].value(outputs);
        let left = flipping::left(network, self.samples, orders, batches, f)
            .map_err(|error| error.counted_from(self.first))?;
        to.resize(left.nrows(), Vec::new());
        for (to, left) in to.iter_mut().zip(left.rows()) {
            to.extend(left);
        }
        Ok(())
    }

    /// Explains the samples as they are and with noise, and writes down what comes out.
    pub(super) fn original(
        &self,
        explaining: &mut Explaining,
        room: &Room,
        records: &mut Records,
    ) -> Result<Explained, Error> {
        let start = Instant::now();
        let (original, found) = explaining.explain(self.samples, &self.targets, self.first)?;
        records.seconds += start.elapsed().as_secs_f64();
        records.timed += self.samples();
        records.found.extend(found);
        let relevance = original.relevance();
        for n in 0..self.samples() {
            let concentration = Concentration::of(row(&relevance, n));
            records.concentrations.push(concentration);
        }
        self.flip(&flipping::orders(relevance), &mut records.left)?;
        self.disturb(explaining, room, &original, &mut records.noisy)?;
        Ok(original)
    }

    /// Explains noisy copies of every sample.
    fn disturb(
        &self,
        explaining: &mut Explaining,
        room: &Room,
        original: &Explained,
        noisy: &mut Vec<Noisy>,
    ) -> Result<(), Error> {
        let copies = self.examination.noise.copies;
        // A batch of copies is no larger than one of samples.
        let each = (0..self.samples()).map(|n| {
            let x = row(&self.samples, n);
            room.copies(x, self.first + n, copies)
        });
        let copies_of: Vec<_> = each.collect();
        let mut by_sample: Vec<Vec<Noisy>> = vec![Vec::new(); self.samples()];
        for k in 0..copies {
            let rows: Vec<_> = copies_of.iter().map(|copies| copies.row(k)).collect();
            let disturbed =
                ndarray::stack(Axis(0), &rows).expect("copies of samples are as long as they are");
            let (found, _) = explaining.explain(disturbed.view(), &self.targets, self.first)?;
            let disturbed = disturbed.view();
            for (n, noisy) in by_sample.iter_mut().enumerate() {
                let moved = change(row(&self.samples, n), row(&disturbed, n));
                let changed = original.change(n, &found, n);
                noisy.push(Noisy {
                    likeness: original.likeness(n, &found, n),
                    sensitivity: share_of(changed, moved),
                });
            }
        }
        noisy.extend(by_sample.into_iter().flatten());
        Ok(())
    }

    /// Explains the samples by networks of which more and more layers are drawn anew, from the top down.
    pub(super) fn randomise(
        &self,
        layers: &[usize],
        originals: &[Explained],
        records: &mut [Records],
        done: &(impl Fn(usize) + Sync),
    ) -> Result<(), Error> {
        let draws = self.examination.randomisation.draws;
        let each = (0..layers.len()).flat_map(|step| (0..draws).map(move |draw| (step, draw)));
        let each: Vec<(usize, usize)> = each.collect();
        let explain = |&(step, draw): &(usize, usize)| {
            let likenesses = self.randomised(layers[step], draw, originals);
            done(self.samples() * originals.len());
            likenesses
        };
        let found: Vec<_> = if self.examination.is_small() {
            each.par_iter().map(explain).collect()
        } else {
            each.iter().map(explain).collect()
        };
        for ((step, draw), likenesses) in each.into_iter().zip(found) {
            for (records, likenesses) in records.iter_mut().zip(likenesses?) {
                records.randomised[step][draw].extend(likenesses);
            }
        }
        Ok(())
    }

    /// For each rule how alike the explanations of the samples are to those of a network whose layers from a level up are
    /// drawn anew.
    fn randomised(
        &self,
        level: usize,
        draw: usize,
        originals: &[Explained],
    ) -> Result<Vec<Vec<Option<Likeness>>>, Error> {
        let Examination {
            network,
            randomisation,
            seed,
            ..
        } = self.examination;
        let seed = seed.wrapping_add(draw as u64);
        let drawn = randomised(network, level, randomisation.scheme, seed)?;
        let settings = self.examination.settings();
        let rules = self.examination.candidates.iter().zip(originals);
        let likenesses = rules.map(|(candidate, original)| {
            let likenesses = Explaining::new(candidate, &drawn, settings)
                .and_then(|mut explaining| self.beside(original, &mut explaining));
            likenesses.map_err(|error| {
                let layers = "with random weights from layer";
                let name = &candidate.name;
                of(format!("{name}, {layers} {level} up, seed {seed}"), error)
            })
        });
        likenesses.collect()
    }

    /// How alike the explanations by another network are.
    fn beside(
        &self,
        original: &Explained,
        explaining: &mut Explaining,
    ) -> Result<Vec<Option<Likeness>>, Error> {
        let (found, _) = explaining.explain(self.samples, &self.targets, self.first)?;
        let samples = 0..self.samples();
        Ok(samples.map(|n| original.likeness(n, &found, n)).collect())
    }
}

/// The share of what is defined.
fn share_of(part: Option<f64>, whole: Option<f64>) -> Option<f64> {
    share(part?, whole?)
}

/// An error with what was found.
pub(super) fn of(what: String, error: Error) -> Error {
    Error::Of {
        network: what,
        error: Box::new(error),
    }
}
