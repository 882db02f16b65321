//! The chain of fixed maps: what one unit of relevance at an output becomes on every level below.
//!
//! w² and flat do not look at the activations, so from the output down, as far as such rules reach, the
//! relevance of a level is `R^(l) = P_l · R_out` with one matrix `P_l` for every sample. It is found by the
//! ordinary backward pass itself, run once on a batch whose k-th sample has relevance 1 at output k.

use ndarray::{Array2, ArrayView1, ArrayView2, ArrayViewMut2};

use super::propagate::{Redistribution, Scratch, Stranded};
use crate::network::{Network, each_row, product};

/// With more outputs than this the product would cost more than a batch saves.
const MOST_OUTPUTS: usize = 128;

/// The levels below the output that fixed rules reach.
#[derive(Debug, Clone)]
pub struct Chain {
    /// `P_l` transposed, outputs × units; the level just below the output first.
    maps: Vec<Array2<f64>>,
    /// For each of these levels, the units of the level above that cannot hand anything down.
    dead_ends: Vec<Vec<usize>>,
}

impl Chain {
    /// The chain of a network with these rules; empty where the uppermost rule looks at the activations.
    pub fn new(network: &Network, rules: &[Redistribution]) -> Self {
        let outputs = network.output_units();
        let mut chain = Self {
            maps: Vec::new(),
            dead_ends: Vec::new(),
        };
        if outputs > MOST_OUTPUTS {
            return chain;
        }
        let mut scratch = Scratch::default();
        let mut above = Array2::eye(outputs);
        for (l, rule) in rules
            .iter()
            .enumerate()
            .rev()
            .take_while(|(_, rule)| rule.is_fixed())
        {
            let mut below = Array2::zeros((outputs, network.layers()[l].linear().inputs()));
            // A fixed rule asks only for the shape of the activations.
            let x = Array2::zeros(below.dim());
            rule.redistribute(
                l + 1,
                x.view(),
                above.view(),
                below.view_mut(),
                &mut scratch,
                &mut Vec::new(),
            );
            chain.dead_ends.push(rule.dead_ends());
            chain
                .maps
                .push(std::mem::replace(&mut above, below.clone()));
            above = below;
        }
        // What has been pushed are the levels above each map; the uppermost is the identity.
        if !chain.maps.is_empty() {
            chain.maps.remove(0);
            chain.maps.push(above);
        }
        chain
    }

    /// How many levels below the output the chain reaches.
    pub fn len(&self) -> usize {
        self.maps.len()
    }

    /// The relevance of the level `depth + 1` below the output: `R^(l) = P_l · R_out`, for every sample. One output
    /// is no sum: its row of the map is scaled, whatever the batch explains beside it.
    pub fn spread(&self, depth: usize, output: ArrayView2<f64>, mut below: ArrayViewMut2<f64>) {
        let map = &self.maps[depth];
        let several = |row: ArrayView1<f64>| row.iter().filter(|&&r| r != 0.0).count() > 1;
        if output.rows().into_iter().any(several) {
            product(output, map.view(), below.view_mut());
        }
        each_row(below, |sample, row| {
            let output = output.row(sample);
            if several(output) {
                return;
            }
            let mut explained = output.iter().zip(map.rows()).filter(|(r, _)| **r != 0.0);
            match explained.next() {
                Some((relevance, map)) => row
                    .iter_mut()
                    .zip(map)
                    .for_each(|(r, p)| *r = p * relevance),
                None => row.fill(0.0),
            }
        });
    }

    /// What is stuck on the level just above the one `depth + 1` below the output, `relevance` being its own.
    pub fn stranded(
        &self,
        depth: usize,
        layer: usize,
        relevance: ArrayView2<f64>,
        stranded: &mut Vec<Stranded>,
    ) {
        for &unit in &self.dead_ends[depth] {
            let carried = relevance.column(unit);
            let stuck = carried.iter().enumerate().filter(|(_, r)| **r != 0.0);
            stranded.extend(stuck.map(|(sample, &relevance)| Stranded {
                sample,
                layer,
                unit,
                relevance,
            }));
        }
    }
}
