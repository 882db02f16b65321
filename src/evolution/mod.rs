//! What becomes of relevance while a network is trained: the same images explained at every step, and measured.

mod flipping;

use ndarray::{Array2, ArrayView2, Axis};

use crate::compare::{Concentration, cosine_of_sizes, mean};
use crate::data::Images;
use crate::error::Error;
use crate::network::Network;
use crate::relevance::{Checks, Explainer, Policy, Target};
use crate::train::largest;

/// A pixel is ink where its value, from 0 to 1, is larger.
pub const INK: f64 = 0.1;

/// The images that are explained at every step, each for the output of its own class.
#[derive(Debug, Clone)]
pub struct Study {
    samples: Array2<f64>,
    classes: Vec<usize>,
    /// Pixels that are 0 in every image that is trained on.
    blank: Vec<bool>,
    /// For each image its pixels in an order that relevance has nothing to do with.
    random: Vec<Vec<usize>>,
    tolerance: f64,
}

/// What one network gives under one rule. Shares are of `Σ_i |R_i|`, means over the images that have relevance; none
/// where no image has.
#[derive(Debug, Clone)]
pub struct Stage {
    /// f(x) of each image: the output of its class.
    pub f: Vec<f64>,
    /// The class of the largest output of each image.
    pub predicted: Vec<usize>,
    /// Which outputs are 0 for every image.
    pub silent_outputs: Vec<usize>,
    /// images × pixels
    pub relevance: Array2<f64>,
    /// Whether both properties hold on every level for every image, and the worst figures.
    pub checks: Checks,
    /// For how many images every level sums to f(x).
    pub conserved: usize,
    /// For how many images no relevance is below 0.
    pub positive: usize,
    /// What units could not hand on, as a part of Σ |f(x)|.
    pub lost_share: Option<f64>,
    /// What units carry that did not fire, on the level where it is most, as a part of Σ |f(x)|.
    pub silent_relevance: Option<f64>,
    /// The share on ink.
    pub ink_share: Option<f64>,
    /// The share on ink of each image.
    pub ink_shares: Vec<Option<f64>>,
    /// The share on the pixels that are 0 in every image that was trained on.
    pub border_share: Option<f64>,
    /// The exponential of the entropy of the shares.
    pub effective_pixels: Option<f64>,
    /// `Σ f / Σ f(x)` after so many batches of the most relevant pixels were set to 0, from none to all.
    pub flipping: Option<Vec<f64>>,
    /// The same in random order.
    pub random_flipping: Option<Vec<f64>>,
}

impl Study {
    /// `chosen` images of `test`; `train` says which pixels are always 0, `seed` the random order of pixels.
    pub fn new(train: &Images, test: &Images, chosen: &[usize], seed: u64, tolerance: f64) -> Self {
        Self {
            samples: test.samples(chosen),
            classes: chosen.iter().map(|&n| test.label(n)).collect(),
            blank: train.blank(),
            random: flipping::random_orders(chosen.len(), test.size(), seed),
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

    /// The part of the pixels that are ink: the share of relevance on it that chance would give.
    pub fn ink(&self) -> f64 {
        let ink = self.samples.iter().filter(|x| **x > INK).count();
        ink as f64 / self.samples.len() as f64
    }

    /// How many pixels are 0 in every image that is trained on.
    pub fn blank_pixels(&self) -> usize {
        self.blank.iter().filter(|blank| **blank).count()
    }

    /// Explains and measures.
    ///
    /// # Errors
    ///
    /// As [`Policy::plan`] and [`Explainer::explain`].
    pub fn stage(&self, network: &Network, policy: &Policy) -> Result<Stage, Error> {
        let plan = policy.plan(network)?;
        let mut explainer = Explainer::new(&plan).tolerance(self.tolerance);
        let images = self.images();
        let mut stage = Stage {
            f: vec![0.0; images],
            predicted: vec![0; images],
            silent_outputs: Vec::new(),
            relevance: Array2::zeros(self.samples.dim()),
            checks: Checks::NONE,
            conserved: 0,
            positive: 0,
            lost_share: None,
            silent_relevance: None,
            ink_share: None,
            ink_shares: Vec::new(),
            border_share: None,
            effective_pixels: None,
            flipping: None,
            random_flipping: None,
        };
        let (mut lost, mut silent) = (0.0, 0.0);
        let mut fires = vec![false; network.output_units()];
        let mut checks: Option<Checks> = None;
        for class in 0..network.output_units() {
            let of_class = |n: &usize| self.classes[*n] == class;
            let rows: Vec<usize> = (0..images).filter(of_class).collect();
            if rows.is_empty() {
                continue;
            }
            let samples = self.samples.select(Axis(0), &rows);
            let batch = explainer.explain(samples.view(), &Target::Output(class))?;
            let outputs = batch.activations(batch.levels() - 1);
            for (k, &n) in rows.iter().enumerate() {
                let audit = &batch.audits()[k];
                stage.f[n] = batch.chosen()[k].value;
                let row = outputs.row(k).to_vec();
                stage.predicted[n] = largest(&row);
                for (fires, x) in fires.iter_mut().zip(row) {
                    *fires |= x != 0.0;
                }
                stage
                    .relevance
                    .row_mut(n)
                    .assign(&batch.relevance(0).row(k));
                stage.conserved += usize::from(audit.checks.conservation.holds);
                stage.positive += usize::from(audit.checks.positivity.holds);
                checks = Some(checks.map_or(audit.checks, |all| all.and(audit.checks)));
                lost += audit
                    .lost
                    .iter()
                    .map(|unit| unit.relevance.abs())
                    .sum::<f64>();
                let carried = audit.silent.iter().map(|level| level.relevance.abs());
                silent += carried.fold(0.0, f64::max);
            }
        }
        stage.silent_outputs = (0..fires.len()).filter(|&k| !fires[k]).collect();
        stage.checks = checks.unwrap_or(Checks::NONE);
        let whole: f64 = stage.f.iter().map(|f| f.abs()).sum();
        let part = |amount: f64| (whole > 0.0).then(|| amount / whole);
        (stage.lost_share, stage.silent_relevance) = (part(lost), part(silent));
        self.measure(&mut stage);
        let by_relevance = flipping::orders(stage.relevance.view());
        stage.flipping = flipping::curve(network, &self.samples, &self.classes, &by_relevance)?;
        stage.random_flipping =
            flipping::curve(network, &self.samples, &self.classes, &self.random)?;
        Ok(stage)
    }

    /// Where the relevance of the pixels lies.
    fn measure(&self, stage: &mut Stage) {
        let rows = || stage.relevance.rows().into_iter();
        let share = |n: usize, on: &dyn Fn(usize) -> bool| {
            let row = stage.relevance.row(n);
            let all: f64 = row.iter().map(|r| r.abs()).sum();
            let chosen = row.iter().enumerate().filter(|(i, _)| on(*i));
            (all > 0.0).then(|| chosen.map(|(_, r)| r.abs()).sum::<f64>() / all)
        };
        let ink: Vec<Option<f64>> = (0..self.images())
            .map(|n| share(n, &|i| self.samples[[n, i]] > INK))
            .collect();
        let border = (0..self.images()).filter_map(|n| share(n, &|i| self.blank[i]));
        let border = mean(border);
        let effective = rows().filter_map(|row| Concentration::of(&row.to_vec()));
        let effective = mean(effective.map(|c| c.effective_inputs));
        stage.ink_share = mean(ink.iter().flatten().copied());
        stage.ink_shares = ink;
        stage.border_share = border;
        stage.effective_pixels = effective;
    }
}

/// The mean cosine between |R| of one stage and another, over the images that have relevance in both.
pub fn agreement(a: ArrayView2<f64>, b: ArrayView2<f64>) -> Option<f64> {
    let rows = a.rows().into_iter().zip(b.rows());
    mean(rows.filter_map(|(a, b)| cosine_of_sizes(&a.to_vec(), &b.to_vec())))
}

/// The area over a flipping curve, from 0 (nothing changes until all is gone) to 1 (all is gone with the first batch);
/// beyond where f falls below 0 or rises: `mean_k (1 − curve_k)` over the batches.
pub fn area_over(curve: &[f64]) -> f64 {
    let batches = curve.len().saturating_sub(1).max(1);
    curve.iter().skip(1).map(|f| 1.0 - f).sum::<f64>() / batches as f64
}
