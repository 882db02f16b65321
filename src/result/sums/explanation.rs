//! The sums, shares and checks of an explanation.

use super::completeness::of_completeness;
use super::messages::{of_messages, of_received};
use super::{ROUNDING, contradiction, equal, of_checks, same};
use crate::error::Invalid;
use crate::measure::{magnitude, share, shares};
use crate::relevance::audit::{
    Balance, Checks, Conservation, Positivity, Silent, TOLERANCE, denormal_rounding,
};
use crate::result::{
    Absorber, Amount, Channels, Explanation, Flow, Layer, NetworkInfo, Node, Sample, Summary, Went,
    decimals,
};

/// Whether the sums, shares and checks of every sample are those of its units, and the checks over all those of the
/// samples; of fractions in decimals, and conservation without a tolerance.
pub(crate) fn of_explanation<N: Amount>(explanation: &Explanation<N>) -> Result<(), Invalid> {
    let tolerance = (!N::EXACT).then(|| explanation.tolerance.unwrap_or(TOLERANCE));
    for (n, sample) in explanation.samples.iter().enumerate() {
        let gaps_are_0 = sample.layers.iter().all(|layer| layer.gap().is_zero());
        let holds = sample.checks.conservation.holds;
        of_sample(&explanation.network, &sample.decimals(), tolerance)
            .and_then(|()| match tolerance {
                Some(_) => Ok(()),
                None => equal(
                    "checks.conservation.holds",
                    ("by its gaps", gaps_are_0),
                    holds,
                ),
            })
            .map_err(|invalid| invalid.below(&format!("samples[{n}]")))?;
    }
    let each = explanation
        .samples
        .iter()
        .map(|sample| decimals(&sample.checks));
    if let Some(together) = each.reduce(Checks::with) {
        of_checks(
            &together,
            &decimals(&explanation.checks),
            "as in the samples",
        )?;
    }
    let counted = Summary::of(&explanation.network, &explanation.samples);
    of_summary(&explanation.summary, &counted)
}

/// Whether a summary counts what the samples show, where one was written, and with the labels where these were counted.
fn of_summary<N: Amount>(written: &Summary<N>, counted: &Summary<N>) -> Result<(), Invalid> {
    if written.counts() == Summary::<N>::default().counts() && written.worst.is_empty() {
        return Ok(());
    }
    for ((key, found), (_, expected)) in written.counts().into_iter().zip(counted.counts()) {
        if written.labels.is_some() || !key.starts_with("labels") {
            let path = format!("summary.{key}");
            equal(&path, ("as in the samples", expected), found)?;
        }
    }
    // Results of older versions do not say which fail by most.
    for (n, found) in written.worst.iter().enumerate() {
        let expected = counted.worst.get(n).map(|worst| worst.sample);
        let expected = expected.map_or("none".to_owned(), |sample| sample.to_string());
        let path = format!("summary.worst[{n}].sample");
        equal(
            &path,
            ("as in the samples", expected),
            found.sample.to_string(),
        )?;
    }
    Ok(())
}

/// One sample; without a tolerance its numbers are those nearest to fractions, and what f64 cannot tell is not asked.
fn of_sample(
    network: &NetworkInfo,
    sample: &Sample,
    tolerance: Option<f64>,
) -> Result<(), Invalid> {
    let explained = sample.layers.iter().enumerate();
    for (l, layer) in explained.filter(|(_, layer)| !layer.unexplained) {
        of_sum(layer)
            .and_then(|()| of_gap(network, sample, l))
            .and_then(|()| of_units(layer, shares_of(sample)))
            .map_err(|invalid| invalid.below(&format!("layers[{l}]")))?;
    }
    let (gaps, least) = (
        sample.layers.iter().filter_map(|layer| layer.gap),
        sample.layers.iter().filter_map(|layer| layer.least),
    );
    let (worst, least) = (
        gaps.fold(0.0, f64::max),
        least.fold(f64::INFINITY, f64::min),
    );
    let checks = Checks {
        conservation: Conservation {
            holds: tolerance
                .and_then(|tolerance| conserved(network, sample, tolerance))
                .unwrap_or(sample.checks.conservation.holds),
            promised: sample.checks.conservation.promised,
            worst_gap: worst.min(f64::MAX),
        },
        positivity: Positivity {
            holds: if tolerance.is_none() && least == 0.0 {
                sample.checks.positivity.holds
            } else {
                least >= 0.0
            },
            promised: sample.checks.positivity.promised,
            least,
        },
    };
    of_checks(&checks, &sample.checks, "by its levels")?;
    of_balance(sample)?;
    of_completeness(sample)?;
    if tolerance.is_some() {
        of_silent(sample)?;
        if let Some(flow) = &sample.flow {
            of_flow(flow, sample)?;
        }
        for of in &sample.channels {
            of_channels(of, network, sample)?;
        }
    }
    for (n, step) in sample.edges.iter().flatten().enumerate() {
        of_messages(network, step)
            .and_then(|()| of_received(network, sample, step, largest(sample)))
            .map_err(|invalid| invalid.below(&format!("edges[{n}]")))?;
    }
    Ok(())
}

/// Whether the gaps are within the tolerance; none where rounding decides, or the outputs are left out.
fn conserved(network: &NetworkInfo, sample: &Sample, tolerance: f64) -> Option<bool> {
    let top = (sample.layers.last()).filter(|top| !top.left_out && !top.unexplained)?;
    let out = magnitude(&top.relevance);
    let units = network.layers.iter().map(|level| level.units).sum();
    let smallest = denormal_rounding(units, tolerance);
    let mut certain = sample.layers.iter().map(|layer| {
        if layer.gap() <= tolerance * out * (1.0 - 1e-6) {
            Some(true)
        } else {
            (layer.gap() > tolerance * out * (1.0 + 1e-6) + smallest).then_some(false)
        }
    });
    let fails = certain.clone().any(|holds| holds == Some(false));
    (fails || certain.all(|holds| holds.is_some())).then_some(!fails)
}

fn of_sum(layer: &Layer) -> Result<(), Invalid> {
    if layer.left_out {
        return Ok(());
    }
    let (sum, size) = (layer.relevance.iter().sum(), magnitude(&layer.relevance));
    same("sum", ("the sum of its relevances", sum), layer.sum(), size)
}

/// What shares are parts of: f(x), or nothing where a gradient method explains.
fn shares_of(sample: &Sample) -> f64 {
    match sample.completeness {
        None => sample.target.value,
        Some(_) => 0.0,
    }
}

fn of_units(layer: &Layer, f: f64) -> Result<(), Invalid> {
    if layer.left_out {
        return of_largest(layer, f);
    }
    let least = layer
        .relevance
        .iter()
        .copied()
        .fold(f64::INFINITY, f64::min);
    same(
        "least",
        ("its least relevance", least),
        layer.least(),
        least,
    )?;
    let expected = shares(&layer.relevance, f);
    let are = |share: &Option<Vec<f64>>| if share.is_some() { "shares" } else { "null" };
    equal("share", ("as f(x) says", are(&expected)), are(&layer.share))?;
    let pairs = expected.iter().flatten().zip(layer.share.iter().flatten());
    for (unit, (&expected, &found)) in pairs.enumerate() {
        let what = ("its part of f(x)", expected);
        same(&format!("share[{unit}]"), what, found, expected)?;
    }
    Ok(())
}

/// What is there of a level that is left out.
fn of_largest(layer: &Layer, f: f64) -> Result<(), Invalid> {
    for (n, one) in layer.largest.iter().enumerate() {
        let place = |key: &str| format!("largest[{n}].{key}");
        let least = layer.least().min(one.relevance);
        let what = ("its least relevance or less", least);
        same("least", what, layer.least(), least)?;
        let (expected, found) = (share(one.relevance, f), one.share);
        let are = |share: Option<f64>| if share.is_some() { "a share" } else { "null" };
        let what = ("as f(x) says", are(expected));
        equal(&place("share"), what, are(found))?;
        if let (Some(expected), Some(found)) = (expected, found) {
            same(
                &place("share"),
                ("its part of f(x)", expected),
                found,
                expected,
            )?;
        }
    }
    Ok(())
}

/// Whether the gap of a level is that of its cut: of the level itself where that is one, else of what the layers above did not hand on.
fn of_gap(network: &NetworkInfo, sample: &Sample, l: usize) -> Result<(), Invalid> {
    let (layer, f) = (&sample.layers[l], sample.target.value);
    let (expected, size) = if network.is_cut(l) {
        let what = "the distance of its sum to f(x)";
        ((what, (layer.sum() - f).abs()), size(layer))
    } else {
        let withheld = sample.withheld_above(l).abs();
        (
            ("what was not handed on above it", withheld),
            largest(sample),
        )
    };
    same("gap", expected, layer.gap(), size.max(f.abs()))
}

/// `Σ |R|` of a level, as far as it is there.
fn size(layer: &Layer) -> f64 {
    magnitude(layer.known()).max(layer.sum().abs())
}

/// The same of the level where it is largest: what rounding leaves on the levels below goes by it.
fn largest(sample: &Sample) -> f64 {
    sample.layers.iter().map(size).fold(0.0, f64::max)
}

/// Whether a balance, where one was written, is that of the levels and losses of its sample.
fn of_balance(sample: &Sample) -> Result<(), Invalid> {
    let Some(balance) = &sample.balance else {
        return Ok(());
    };
    let size = largest(sample);
    let lost = sample.lost_above(0);
    let by = |absorber: Absorber| {
        let parts = sample.absorbed.iter().filter(|part| part.by == absorber);
        parts.fold(0.0, |sum, part| sum + part.relevance)
    };
    let absorbed = balance.absorbed_by_bias + balance.absorbed_by_epsilon;
    let gap = (balance.value - balance.input - balance.lost - absorbed).abs();
    for (key, expected, found) in [
        ("value", ("f(x)", sample.target.value), balance.value),
        (
            "input",
            ("what the inputs carry", sample.layers[0].sum()),
            balance.input,
        ),
        ("lost", ("the sum of what is lost", lost), balance.lost),
        (
            "absorbed_by_bias",
            ("the sum of what biases absorb", by(Absorber::Bias)),
            balance.absorbed_by_bias,
        ),
        (
            "absorbed_by_epsilon",
            ("the sum of what ε absorbs", by(Absorber::Epsilon)),
            balance.absorbed_by_epsilon,
        ),
        ("gap", ("what is missing", gap), balance.gap),
    ] {
        same(&format!("balance.{key}"), expected, found, size)?;
    }
    let measure = balance.parts.unwrap_or(0.0).max(size);
    of_entries(sample, balance, measure)?;
    let can_hold = balance.gap <= ROUNDING * measure.max(f64::MIN_POSITIVE);
    let holds = balance.holds && can_hold;
    equal("balance.holds", ("as its gap says", holds), balance.holds)
}

/// Whether the entries of a balance, where they were written, add up to its parts.
fn of_entries(sample: &Sample, balance: &Balance, size: f64) -> Result<(), Invalid> {
    if sample.balance_entries.is_empty() {
        return Ok(());
    }
    for (went, part) in [
        (Went::ToInputs, balance.input),
        (Went::Lost, balance.lost),
        (Went::AbsorbedByBias, balance.absorbed_by_bias),
        (Went::AbsorbedByEpsilon, balance.absorbed_by_epsilon),
    ] {
        let entries = sample
            .balance_entries
            .iter()
            .filter(|entry| entry.went == went);
        let sum = entries.fold(0.0, |sum, entry| sum + entry.relevance);
        same("balance_entries", ("their sum", sum), part, size)?;
    }
    Ok(())
}

fn of_silent(sample: &Sample) -> Result<(), Invalid> {
    let levels = &sample.layers;
    let is_whole = |silent: &&Silent| levels.get(silent.layer).is_none_or(|l| !l.left_out);
    let mut told = sample.silent.iter().filter(is_whole);
    for (l, layer) in sample.layers.iter().enumerate().skip(1) {
        let units = layer.activations.iter().zip(&layer.relevance);
        let carried: Vec<f64> = units
            .filter(|(x, r)| **x == 0.0 && **r != 0.0)
            .map(|(_, r)| *r)
            .collect();
        if carried.is_empty() {
            continue;
        }
        let none = Silent {
            layer: l,
            units: 0,
            relevance: 0.0,
            equal_shares: 0,
        };
        let found = told.next().unwrap_or(&none);
        let what = "as the units of its layer that did not fire";
        equal(
            "silent",
            ("the layer with the next of them", l),
            found.layer,
        )?;
        equal("silent", (what, carried.len()), found.units)?;
        same(
            "silent",
            (what, carried.iter().sum()),
            found.relevance,
            magnitude(&carried),
        )?;
    }
    match told.next() {
        None => Ok(()),
        Some(more) => Err(contradiction(
            "silent",
            "no more layers".to_owned(),
            more.layer,
        )),
    }
}

/// Whether every channel carries what its units carry, where these are there.
fn of_channels(of: &Channels, network: &NetworkInfo, sample: &Sample) -> Result<(), Invalid> {
    let layer = &sample.layers[of.layer];
    let places: usize = network.layers[of.layer].shape.iter().skip(1).product();
    for one in &of.channels {
        let units = one.channel * places..(one.channel + 1) * places;
        if let Some(units) = layer.relevance.get(units) {
            let carried = ("what the units of the channel carry", units.iter().sum());
            same("channels", carried, one.relevance, size(layer))?;
        }
    }
    Ok(())
}

/// Whether every node carries what its units carry, and receives that from above.
fn of_flow(flow: &Flow, sample: &Sample) -> Result<(), Invalid> {
    let largest = largest(sample);
    for (l, (nodes, layer)) in flow.nodes.iter().zip(&sample.layers).enumerate() {
        let size = size(layer);
        // Of a level that is left out a unit that is not among the largest is taken as it stands.
        let alone = |node: &Node| {
            let known = node.unit.and_then(|unit| layer.relevance_of(unit));
            known.copied().unwrap_or(node.relevance)
        };
        let others = nodes.iter().filter(|node| node.unit.is_some()).map(alone);
        let rest = layer.sum() - others.sum::<f64>();
        let mut received = vec![0.0; nodes.len()];
        let edges = flow
            .edges_from_above()
            .filter(|(above, edge)| edge.level(*above) == l);
        edges.for_each(|(_, edge)| received[edge.to] += edge.relevance);
        for (n, (node, received)) in nodes.iter().zip(received).enumerate() {
            let path = format!("flow.nodes[{l}][{n}].relevance");
            let carried = node.unit.map_or(rest, |_| alone(node));
            same(
                &path,
                ("what its units carry", carried),
                node.relevance,
                size,
            )?;
            if l + 1 < flow.nodes.len() {
                let path = format!("flow.edges[{l}]");
                same(
                    &path,
                    ("what the node below carries", carried),
                    received,
                    largest,
                )?;
            }
        }
    }
    Ok(())
}
