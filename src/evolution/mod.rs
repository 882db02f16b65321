//! How relevance changes while a network is trained: the same images are explained at every step, and measured.

use ndarray::{Array2, Axis, s};

use crate::data::Data;
use crate::error::Error;
use crate::measure::{Checked, Concentration, Explained, argmax, flipping, magnitude, mean, share};
use crate::network::Network;
use crate::relevance::{Explainer, Policy, Target};
use crate::train::Score;

/// A pixel is ink where its value, from 0 to 1, is larger.
pub const INK: f64 = 0.1;

/// The images that are explained at every step, each for the output of its own class.
#[derive(Debug, Clone)]
pub struct Study {
    samples: Array2<f64>,
    classes: Vec<usize>,
    /// Height and width of an image.
    shape: [usize; 2],
    /// The first of the images.
    shown: Vec<ShownImage>,
    /// Pixels that are 0 in every image that is trained on.
    blank: Vec<bool>,
    /// For each image its pixels in an order that does not depend on relevance.
    random: Vec<Vec<usize>>,
    tolerance: f64,
}

/// An image that results show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownImage {
    /// Which of the held-out images it is, counted from 0.
    pub image: usize,
    /// Its class.
    pub class: usize,
    /// 255·x, rounded, row by row.
    pub pixels: Vec<u8>,
}

/// A network after some steps of training.
#[derive(Debug, Clone)]
pub struct StudiedStep {
    /// How many steps.
    pub step: usize,
    /// How well it classifies the held-out images.
    pub score: Score,
    /// What it gives under each rule.
    pub stages: Vec<Stage>,
}

/// What one network gives under one rule. Shares are of `Σ_i |R_i|`, means over the images that have relevance; none
/// where no image has.
#[derive(Debug, Clone)]
pub struct Stage {
    /// What each image gives.
    pub images: Vec<StagedImage>,
    /// images × pixels
    pub relevance: Array2<f64>,
    /// Which outputs are 0 for every image.
    pub silent_outputs: Vec<usize>,
    /// How many of the images pass each check, and the worst figures.
    pub checked: Checked,
    /// What units could not hand on, as a part of Σ |f(x)|.
    pub lost_share: Option<f64>,
    /// What units carry that did not fire, on the level where it is most, as a part of Σ |f(x)|.
    pub silent_relevance: Option<f64>,
    /// The share on ink.
    pub ink_share: Option<f64>,
    /// The share on the pixels that are 0 in every image that was trained on.
    pub border_share: Option<f64>,
    /// The exponential of the entropy of the shares.
    pub effective_pixels: Option<f64>,
    /// `Σ f / Σ f(x)` after so many batches of the most relevant pixels were set to 0, from none to all.
    pub flipping: Option<Vec<f64>>,
    /// The same in random order.
    pub random_flipping: Option<Vec<f64>>,
}

/// What one image gives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StagedImage {
    /// f(x): the output of its class.
    pub f: f64,
    /// The class of its largest output.
    pub predicted: usize,
    /// The share of its relevance on ink; none where it has none.
    pub ink_share: Option<f64>,
}

/// The images as they were explained.
struct Gathered {
    /// The class of the largest output of each image.
    predicted: Vec<usize>,
    /// Each image.
    explained: Vec<Explained>,
    /// images × pixels
    relevance: Array2<f64>,
    /// Whether each output is above or below 0 for an image.
    speaks: Vec<bool>,
    /// `Σ |R_lost|` over the images.
    lost: f64,
    /// What units carry that did not fire, over the images.
    silent: f64,
}

impl Study {
    /// `number` of the held-out images, those that are `shown` first; `seed` chooses the others and the random order of
    /// pixels.
    pub fn new(data: &Data, shown: &[usize], number: usize, seed: u64, tolerance: f64) -> Self {
        let chosen = data.explained(shown, number, seed);
        let test = &data.test;
        let shown = shown.iter().map(|&image| ShownImage {
            image,
            class: test.label(image),
            pixels: test.grey(image),
        });
        Self {
            samples: test.samples(&chosen),
            classes: chosen.iter().map(|&n| test.label(n)).collect(),
            shape: [test.height, test.width],
            shown: shown.collect(),
            blank: data.train.blank(),
            random: (flipping::random_orders(test.size(), seed))
                .take(chosen.len())
                .collect(),
            tolerance,
        }
    }

    /// How many images there are.
    pub fn images(&self) -> usize {
        self.classes.len()
    }

    /// The class of each image.
    pub fn classes(&self) -> &[usize] {
        &self.classes
    }

    /// Height and width of an image.
    pub fn shape(&self) -> [usize; 2] {
        self.shape
    }

    /// The images that results show, the first of all.
    pub fn shown(&self) -> &[ShownImage] {
        &self.shown
    }

    /// Their pixels, a row an image.
    pub fn shown_samples(&self) -> Array2<f64> {
        self.samples.slice(s![..self.shown.len(), ..]).to_owned()
    }

    /// The part of the pixels that are ink: the share of relevance on it that chance would give.
    pub fn ink(&self) -> f64 {
        let ink = self.samples.iter().filter(|x| **x > INK).count();
        ink as f64 / self.samples.len() as f64
    }

    /// The part of the pixels that are 0 in every image that is trained on.
    pub fn blank(&self) -> f64 {
        let blank = self.blank.iter().filter(|blank| **blank).count();
        blank as f64 / self.blank.len() as f64
    }

    /// Explains and measures.
    ///
    /// # Errors
    ///
    /// As [`Policy::plan`] and [`Explainer::explain`].
    pub fn stage(&self, network: &Network, policy: &Policy) -> Result<Stage, Error> {
        let gathered = self.explained(network, policy)?;
        let relevance = gathered.relevance;
        let rows: Vec<Vec<f64>> = relevance.rows().into_iter().map(|r| r.to_vec()).collect();
        let on_ink = |n: usize| share_on(&rows[n], |i| self.samples[[n, i]] > INK);
        let ink_shares: Vec<Option<f64>> = (0..rows.len()).map(on_ink).collect();
        let border = rows.iter().filter_map(|r| share_on(r, |i| self.blank[i]));
        let concentrations = rows.iter().filter_map(|r| Concentration::of(r));
        let images = gathered.explained.iter().zip(&gathered.predicted);
        let images = images.zip(&ink_shares);
        let whole = magnitude(gathered.explained.iter().map(|image| &image.f));
        let of_class = |n: usize, outputs: &[f64]| outputs[self.classes[n]];
        let curve = |orders: &[Vec<usize>]| {
            let samples = self.samples.view();
            flipping::left(network, samples, orders, flipping::BATCHES, of_class)
                .map(|left| flipping::curve(left.view()))
        };
        Ok(Stage {
            images: images
                .map(|((image, &predicted), &ink_share)| StagedImage {
                    f: image.f,
                    predicted,
                    ink_share,
                })
                .collect(),
            silent_outputs: (0..gathered.speaks.len())
                .filter(|&k| !gathered.speaks[k])
                .collect(),
            checked: gathered.explained.iter().copied().collect(),
            lost_share: share(gathered.lost, whole),
            silent_relevance: share(gathered.silent, whole),
            ink_share: mean(ink_shares.iter().flatten().copied()),
            border_share: mean(border),
            effective_pixels: mean(concentrations.map(|c| c.effective_inputs)),
            flipping: curve(&flipping::orders(relevance.view()))?,
            random_flipping: curve(&self.random)?,
            relevance,
        })
    }

    /// The images class by class, each for the output of its own.
    fn explained(&self, network: &Network, policy: &Policy) -> Result<Gathered, Error> {
        let plan = policy.plan(network)?;
        let mut explainer = Explainer::new(&plan).tolerance(self.tolerance);
        let mut relevance = Array2::zeros(self.samples.dim());
        let mut speaks = vec![false; network.output_units()];
        let (mut lost, mut silent) = (0.0, 0.0);
        let mut each: Vec<(usize, usize, Explained)> = Vec::with_capacity(self.images());
        for class in 0..network.output_units() {
            let of_class = |n: &usize| self.classes[*n] == class;
            let rows: Vec<usize> = (0..self.images()).filter(of_class).collect();
            if rows.is_empty() {
                continue;
            }
            let samples = self.samples.select(Axis(0), &rows);
            let batch = explainer.explain(samples.view(), &Target::Output(class))?;
            let outputs = batch.activations(batch.levels() - 1);
            for (k, &n) in rows.iter().enumerate() {
                let (image, outputs) = (Explained::of(&batch, k), outputs.row(k));
                lost += image.lost;
                silent += image.silent;
                for (speaks, x) in speaks.iter_mut().zip(outputs) {
                    *speaks |= *x != 0.0;
                }
                relevance.row_mut(n).assign(&batch.relevance(0).row(k));
                each.push((n, argmax(outputs).unwrap_or(class), image));
            }
        }
        each.sort_unstable_by_key(|(n, ..)| *n);
        Ok(Gathered {
            predicted: each.iter().map(|(_, predicted, _)| *predicted).collect(),
            explained: each.into_iter().map(|(.., image)| image).collect(),
            relevance,
            speaks,
            lost,
            silent,
        })
    }
}

/// The share of relevance on some of the pixels; none where there is none.
fn share_on(relevance: &[f64], chosen: impl Fn(usize) -> bool) -> Option<f64> {
    let chosen = (0..relevance.len()).filter(|i| chosen(*i));
    share(
        magnitude(chosen.map(|i| &relevance[i])),
        magnitude(relevance),
    )
}
