//! Sentences about the inputs: which of them carry most, and which are not as the rules assume.

use super::explanation::Reader;
use super::gathered::{gathered, most};
use crate::interpretation::names::capitalised;
use crate::interpretation::numbers::{figure, percent};
use crate::measure::{argmax, magnitude};
use crate::relevance::Rule;
use crate::relevance::rule::Inputs;
use crate::result::Layer;
use crate::words::{agree, count, grouped, listed};

impl Reader<'_> {
    /// The inputs that lie outside of their bounds.
    pub(crate) fn outside_bounds(&self) -> Option<String> {
        const SAID: usize = 4;
        let outside = &self.sample.outside_bounds;
        let names = outside.iter().take(SAID);
        let names = names.map(|&i| self.network.label(0, i)).collect();
        let bounds = self.network.bounds.map_or_else(String::new, |[low, high]| {
            format!(" [{}, {}]", figure(low), figure(high))
        });
        (!outside.is_empty()).then(|| {
            format!(
                "{} {} outside {} bounds{bounds}: {}.",
                count(outside.len(), "input"),
                agree(outside.len(), "lies", "lie"),
                agree(outside.len(), "its", "their"),
                listed(names, outside.len())
            )
        })
    }

    /// Layers under a rule that is made for values that are not negative, such as z⁺, that meet negative ones.
    pub(crate) fn below_0_under_z_plus(&self) -> Vec<String> {
        let layers = &self.sample.layers;
        let concerned = (1..layers.len()).filter_map(|l| {
            let rule = self.network.layers[l].rule?;
            let sources = self.network.sources(l).into_iter();
            let x: Vec<&f64> = sources.flat_map(|from| &layers[from].activations).collect();
            let below_0 = x.iter().filter(|x| ***x < 0.0).count();
            let concerned = rule.about().inputs == Inputs::NonNegative
                && below_0 > 0
                && layers[l].relevance.iter().any(|&r| r != 0.0);
            concerned.then_some((l, rule, below_0, x.len()))
        });
        let each = |&(l, rule, below_0, values): &(usize, Rule, usize, usize)| {
            format!(
                "{}: {} of the {} values below it {} negative, and {} is made for values ≥ 0. Its formula \
                 there is {}.",
                capitalised(&self.network.layer_in_words(l)),
                grouped(below_0),
                grouped(values),
                agree(below_0, "is", "are"),
                rule.symbol(),
                rule.formula(true)
            )
        };
        gathered(concerned.collect(), each, |all| {
            let &(l, rule, ..) = most(all, |&(_, _, below_0, _)| below_0 as f64);
            let sum = |of: fn(&(usize, Rule, usize, usize)) -> usize| all.iter().map(of).sum();
            let (below_0, values): (usize, usize) = (sum(|layer| layer.2), sum(|layer| layer.3));
            format!(
                "Below {} layers, {} of {} values are negative, and {} is made for values ≥ 0. Its formula there is {}. Most are \
                 below {}.",
                all.len(),
                grouped(below_0),
                grouped(values),
                rule.symbol(),
                rule.formula(true),
                self.network.layer_in_words(l)
            )
        })
    }

    /// The input that carries most, held against its value.
    pub(crate) fn leading_input(&self) -> Option<String> {
        let Layer {
            activations: x,
            relevance: r,
            ..
        } = &self.sample.layers[0];
        // Where relevance has both signs, a part of f(x) says little.
        if self.sample.target.value <= 0.0 || !self.sample.checks.positivity.holds || x.len() < 2 {
            return None;
        }
        if r.iter().all(|&r| r == 0.0) {
            return Some("No input carries any relevance.".to_owned());
        }
        let all = if x.len() == 2 {
            "Both".to_owned()
        } else {
            format!("All {}", grouped(x.len()))
        };
        if r.iter()
            .all(|&other| (other - r[0]).abs() <= 1e-12 * r[0].abs())
        {
            return Some(format!(
                "{all} inputs carry the same: {} each{}.",
                figure(r[0]),
                self.of_f(r[0])
            ));
        }
        let lead = argmax(r).unwrap_or(0);
        let leaders: Vec<usize> = (0..r.len())
            .filter(|&i| r[lead] - r[i] <= 1e-12 * r[lead])
            .collect();
        if leaders.len() > 1 {
            let shown = leaders.iter().take(4).map(|&i| self.network.label(0, i));
            let names = listed(shown.collect(), leaders.len());
            return Some(format!(
                "Inputs {names} carry the most: {} each{}.",
                figure(r[lead]),
                self.of_f(r[lead])
            ));
        }
        let name = self.network.layers[0].names.get(lead);
        let name = name.map_or_else(|| format!("Input {lead}"), Clone::clone);
        let (smallest, largest) = (
            argmax(x.iter().map(|x| -x.abs())).unwrap_or(0),
            argmax(x.iter().map(|x| x.abs())).unwrap_or(0),
        );
        let part = format!(
            "{name} carries {} of f(x)",
            percent(r[lead] / self.sample.target.value)
        );
        let rule = self.rules().next()?;
        let looks = rule.about().fixed;
        // Where several layers read the inputs, or routing does, no rule alone says why.
        let alone = self.network.readers(0) == [1] && !rule.is_of_a_kind();
        let blind = alone && rule.is_fixed();
        let why = looks.map_or_else(String::new, |looks| format!(": {} {looks}", rule.symbol()));
        let (smallest_of, largest_of) = match x.len() {
            2 => ("smaller", "larger"),
            _ => ("smallest", "largest"),
        };
        let tie = |i: usize| {
            x.iter()
                .filter(|other| other.abs().total_cmp(&x[i].abs()).is_eq())
                .count()
                > 1
        };
        Some(match () {
            () if blind && lead == smallest && !tie(lead) => {
                format!(
                    "{part} although its value, {}, is the {smallest_of} in size{why}.",
                    figure(x[lead])
                )
            }
            () if blind && x[lead].abs() < x[largest].abs() => format!(
                "{part} although {} has the larger value ({} beside {}){why}.",
                self.unit(0, largest),
                figure(x[largest]),
                figure(x[lead])
            ),
            () if lead == largest && !tie(lead) => format!(
                "{part}; its value, {}, is the {largest_of} in size too.",
                figure(x[lead])
            ),
            () => format!("{part}, with the value {}.", figure(x[lead])),
        })
    }

    /// How many inputs carry half of the relevance, where there are many.
    pub(crate) fn spread(&self) -> Option<String> {
        let relevance = &self.sample.layers[0].relevance;
        let whole: f64 = magnitude(relevance);
        if relevance.len() <= 10 || whole == 0.0 {
            return None;
        }
        let mut sizes: Vec<f64> = relevance.iter().map(|r| r.abs()).collect();
        sizes.sort_by(|a, b| b.total_cmp(a));
        let carried = sizes.iter().scan(0.0, |carried, size| {
            *carried += size;
            Some(*carried)
        });
        let half = carried.take_while(|carried| *carried < whole / 2.0).count() + 1;
        Some(format!(
            "Half of the relevance lies on {} of the {} inputs.",
            grouped(half),
            grouped(relevance.len())
        ))
    }
}
