//! A network in plain numbers with the rules, samples and target that it is explained by.

use deeptaylor::relevance::RuleBias;
use deeptaylor::{Network, Plan, Preset, Rule, Target};

use super::oracle::{Asked, Share, Undefined};
use super::plain::Graph;

/// A random network with rules, samples and a target.
#[derive(Debug, Clone)]
pub struct Case {
    pub graph: Graph,
    pub asked: Asked,
    /// Other rules on single layers, by level.
    pub exceptions: Vec<(usize, Asked)>,
    /// Whether biases stay in denominators.
    pub keep: bool,
    pub samples: Vec<Vec<f64>>,
    /// An output, or none for all.
    pub target: Option<usize>,
}

impl Asked {
    fn preset(self) -> Preset {
        match self {
            Self::WSquared => Rule::WSquared.into(),
            Self::Flat => Rule::Flat.into(),
            Self::ZPlus => Rule::ZPlus.into(),
            Self::ZBox => Rule::ZBox.into(),
            Self::Z => Rule::Z.into(),
            Self::Epsilon(e) => Rule::Epsilon(e).into(),
            Self::Gamma(g) => Rule::Gamma(g).into(),
            Self::AlphaBeta(a, b) => Rule::AlphaBeta([a, b]).into(),
            Self::DeepTaylor => Preset::DeepTaylor,
        }
    }

    pub fn rule(self) -> Rule {
        match self.preset() {
            Preset::One(rule) => rule,
            _ => unreachable!("of a whole network"),
        }
    }
}

impl Case {
    /// The rules of all layers, as the oracle has them: those that are asked for, where they are defined.
    pub fn rules(&self) -> Result<Vec<Share>, Undefined> {
        let levels = 1..=self.graph.nodes.len();
        let rules = levels.map(|level| self.graph.share(level, self.asked));
        let mut rules = rules.collect::<Result<Vec<_>, _>>()?;
        for &(level, asked) in &self.exceptions {
            rules[level - 1] = self.graph.exception(level, asked)?;
        }
        Ok(rules)
    }

    /// Multiplies all that is added up, inputs, bounds, biases and ε: far from 1 the library can use no products of matrices.
    pub fn measure_in(&mut self, unit: f64) {
        let bounds = self.graph.bounds.iter_mut().flatten().flatten();
        let biases = self.graph.nodes.iter_mut().flat_map(|node| &mut node.bias);
        let values = self.samples.iter_mut().flatten();
        let rules = self.exceptions.iter_mut().map(|(_, asked)| asked);
        let epsilons = rules
            .chain([&mut self.asked])
            .filter_map(|asked| match asked {
                Asked::Epsilon(epsilon) => Some(epsilon),
                _ => None,
            });
        let all = bounds.chain(biases).chain(values).chain(epsilons);
        all.for_each(|x| *x *= unit);
    }

    /// The same, as the library has them.
    pub fn plan<'n>(&self, network: &'n Network) -> Result<Plan<'n>, deeptaylor::Error> {
        let bias = if self.keep {
            RuleBias::Keep
        } else {
            RuleBias::Drop
        };
        let plan = Plan::of(network, self.asked.preset())?.with_bias(bias);
        let mut exceptions = self.exceptions.iter();
        exceptions.try_fold(plan, |plan, &(level, asked)| plan.with(level, asked.rule()))
    }

    pub fn target(&self) -> Target {
        self.target.map_or(Target::All, Target::Output)
    }
}
