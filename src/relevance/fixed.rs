//! Fixed maps: what one unit of relevance at an output becomes on every level below.
//!
//! w² and flat do not look at the activations, so from the output down, as far as such rules reach, the
//! relevance of a level is `R^(l) = P_l · R_out` with one matrix `P_l` for every sample. It is found by the
//! ordinary backward pass itself, run once on a batch whose k-th sample has relevance 1 at output k. The maps reach down
//! as far as every layer reads one level, and is the only one to read it.

use ndarray::{Array2, ArrayView1, ArrayView2, ArrayViewMut2};

use super::parts::Parts;
use super::prepared::Redistribution;
use super::propagate::{LayerAt, Scratch};
use super::withheld::{Stranded, Withheld};
use crate::network::{Network, each_row, product};

/// With more outputs than this the product would cost more than a batch saves.
const MOST_OUTPUTS: usize = 128;

/// The maps from the output to every level that fixed rules reach.
#[derive(Debug, Clone)]
pub struct FixedMaps {
    /// A map for each level, input first; none where a rule above looks at the activations.
    maps: Vec<Option<FixedMap>>,
}

/// What the output hands to one level.
#[derive(Debug, Clone)]
pub struct FixedMap {
    /// `P_l` transposed, outputs × units.
    shares: Array2<f64>,
    /// The units of the level above that cannot hand anything down.
    dead_ends: Vec<usize>,
}

impl FixedMaps {
    /// The maps of a network with these rules, a rule a layer; `parts` are the network's.
    pub fn new(network: &Network, rules: &[Redistribution], parts: &Parts) -> Self {
        let outputs = network.output_units();
        let mut maps = vec![None; rules.len()];
        if outputs > MOST_OUTPUTS {
            return Self { maps };
        }
        let mut scratch = Scratch::default();
        let mut above = Array2::eye(outputs);
        let fixed = (rules.iter().enumerate().rev()).take_while(|(below, rule)| {
            rule.is_fixed()
                && network.layer(below + 1).sources().eq([*below])
                && parts.is_only(*below)
        });
        for (below, rule) in fixed {
            let level = below + 1;
            let inputs = network.units_of(below);
            let (shares, _) = hand_on(rule, level, inputs, above.view(), &mut scratch);
            // What a unit strands it strands whatever it carries.
            let ones = Array2::ones((1, network.units_of(level)));
            let (_, lost) = hand_on(rule, level, inputs, ones.view(), &mut scratch);
            above.clone_from(&shares);
            maps[below] = Some(FixedMap {
                shares,
                dead_ends: lost.iter().map(|lost| lost.unit).collect(),
            });
        }
        Self { maps }
    }

    /// The map from the output to a level, where it is a fixed one.
    pub fn map(&self, level: usize) -> Option<&FixedMap> {
        self.maps[level].as_ref()
    }
}

/// What the layer of a level makes of relevance under a fixed rule, and what it loses. Such a rule asks only for the shape of the
/// activations.
fn hand_on(
    rule: &Redistribution,
    level: usize,
    inputs: usize,
    above: ArrayView2<f64>,
    scratch: &mut Scratch,
) -> (Array2<f64>, Vec<Stranded>) {
    let x = Array2::zeros((above.nrows(), inputs));
    let (mut shares, mut withheld) = (x.clone(), Withheld::default());
    let at = LayerAt {
        level,
        x: &[x.view()],
        made: None,
    };
    rule.redistribute(at, above, &mut [shares.view_mut()], scratch, &mut withheld);
    (shares, withheld.lost)
}

impl FixedMap {
    /// The relevance of the level: `R^(l) = P_l · R_out`, for every sample. One output is no sum: its row of the map is
    /// scaled, whatever the batch explains beside it.
    pub fn spread(&self, output: ArrayView2<f64>, mut below: ArrayViewMut2<f64>) {
        let several = |row: ArrayView1<f64>| row.iter().filter(|&&r| r != 0.0).count() > 1;
        if output.rows().into_iter().any(several) {
            product(output, self.shares.view(), below.view_mut());
        }
        each_row(below, |sample, row| {
            let output = output.row(sample);
            if several(output) {
                return;
            }
            let shares = self.shares.rows();
            let mut explained = output.iter().zip(shares).filter(|(r, _)| **r != 0.0);
            match explained.next() {
                Some((relevance, shares)) => row
                    .iter_mut()
                    .zip(shares)
                    // Without a sign where it is 0.
                    .for_each(|(r, share)| *r = share * relevance + 0.0),
                None => row.fill(0.0),
            }
        });
    }

    /// What is stuck on the level above, `layer`, `relevance` being its own.
    pub fn stranded(&self, layer: usize, relevance: ArrayView2<f64>, stranded: &mut Vec<Stranded>) {
        for &unit in &self.dead_ends {
            let carried = relevance.column(unit);
            let stuck = carried.iter().enumerate().filter(|(_, r)| **r != 0.0);
            stranded.extend(stuck.map(|(sample, &relevance)| Stranded {
                sample,
                layer,
                unit,
                relevance,
                fraction: 0,
            }));
        }
    }
}
