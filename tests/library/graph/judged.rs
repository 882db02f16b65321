//! Random graphs, judged: each sample as the library and as the oracle explain it.

use std::sync::LazyLock;

use deeptaylor::relevance::cause::Cause;
use deeptaylor::{Audit, Explainer, Network, Plan};
use ndarray::Array2;

use super::case::Case;
use super::oracle::{Asked, Found, Share, explain};
use super::plain::Whole;
use super::random::case;

/// So many random networks.
const CASES: u64 = 3000;

/// A case with the rules that its network can have, and every sample as the library and as the oracle explain it.
pub struct Judged {
    pub case: Case,
    pub wholes: Vec<Whole>,
    pub rules: Vec<Share>,
    pub network: Network,
    pub samples: Vec<(Sample, Found)>,
}

/// All cases: each is judged once, for all tests.
static CASES_JUDGED: LazyLock<Vec<Judged>> = LazyLock::new(|| (0..CASES).map(judged).collect());

/// What the library finds for one sample.
pub struct Sample {
    pub activations: Vec<Vec<f64>>,
    pub relevance: Vec<Vec<f64>>,
    pub value: f64,
    pub audit: Audit,
    pub causes: Vec<Cause>,
}

/// The case of a number. Where bounds that are moved do not hold 0, its rules are refused, and w² takes their place.
fn judged(number: u64) -> Judged {
    let mut case = case(number);
    let network = case.graph.network();
    let rules = case.rules().unwrap_or_else(|undefined| {
        let refused = case
            .plan(&network)
            .expect_err("0 is not within the bounds")
            .to_string();
        let named = format!("unit {} of layer", undefined.unit);
        let everywhere = refused.contains("every unit of layer");
        assert!(refused.contains(&named) || everywhere, "{refused}");
        assert!(
            refused.contains(&format!("layer {}: ", undefined.level)),
            "{refused}"
        );
        (case.asked, case.exceptions) = (Asked::WSquared, Vec::new());
        case.rules().expect("w² is defined everywhere")
    });
    let mut judged = Judged {
        wholes: case.graph.wholes(),
        case,
        rules,
        network,
        samples: Vec::new(),
    };
    let explained = judged.explained(&judged.case.samples).into_iter();
    judged.samples = explained.map(|sample| judged.with_oracle(sample)).collect();
    judged
}

fn rows(samples: &[Vec<f64>]) -> Array2<f64> {
    Array2::from_shape_fn((samples.len(), samples[0].len()), |(n, i)| samples[n][i])
}

impl Judged {
    pub fn plan(&self) -> Plan<'_> {
        self.case
            .plan(&self.network)
            .expect("the rules are defined")
    }

    pub fn explained(&self, samples: &[Vec<f64>]) -> Vec<Sample> {
        let plan = self.plan();
        let mut explainer = Explainer::new(&plan);
        let batch = explainer.explain(rows(samples).view(), &self.case.target());
        let batch = batch.expect("finite values within the bounds");
        let levels = 0..batch.levels();
        let of = |n: usize| Sample {
            activations: (levels.clone())
                .map(|l| batch.activations(l).row(n).to_vec())
                .collect(),
            relevance: (levels.clone())
                .map(|l| batch.relevance(l).row(n).to_vec())
                .collect(),
            value: batch.chosen()[n].value,
            audit: batch.audits()[n].clone(),
            causes: batch.audits()[n]
                .lost
                .iter()
                .map(|lost| batch.cause(lost))
                .collect(),
        };
        (0..samples.len()).map(of).collect()
    }

    /// A sample with what the oracle makes of its values.
    fn with_oracle(&self, sample: Sample) -> (Sample, Found) {
        let output = sample.relevance.last().expect("a level");
        let found = explain(
            &self.wholes,
            &self.rules,
            self.case.keep,
            &sample.activations,
            output,
        );
        (sample, found)
    }
}

impl Judged {
    /// The samples of which rounding decides nothing: no mass is what is left of much larger parts that cancel.
    pub fn stable(&self) -> impl Iterator<Item = &(Sample, Found)> {
        self.samples
            .iter()
            .filter(|(_, found)| found.condition < 1e4)
    }
}

/// All cases with their numbers.
pub fn cases() -> impl Iterator<Item = (usize, &'static Judged)> {
    CASES_JUDGED.iter().enumerate()
}
