//! What is held against every door.

use deeptaylor::error::Malformed;
use deeptaylor::ndarray::Array2;
use deeptaylor::printable::{printable_lines, steers};
use deeptaylor::{Batch, Error, Explainer, Levels, Network, Plan, Preset, Rule, Target};

/// Rounding may part the two sides of the balance by so much, relative to what there is.
const ROUNDING: f64 = 1e-12;
/// Networks with more units are not explained here: `explanation` explains smaller ones.
const MOST_UNITS: usize = 2000;
/// Networks with more are not written: padding of a line can be a gather of millions of indices.
const MOST_WRITTEN: usize = 20_000;
/// The same of multiplications.
const MOST_WORK: usize = 100_000;

/// That an error is one message, and nothing in it steers a terminal as the program shows it.
pub fn told(error: &Error) {
    match error {
        Error::Malformed(malformed) => told_of(malformed),
        Error::Faulty(faults) => {
            assert!(faults.shown.len() > 1, "several faults are told: {faults}");
            faults.shown.iter().for_each(told_of);
        }
        other => plain(&other.to_string()),
    }
}

fn told_of(malformed: &Malformed) {
    let shown = malformed.printable();
    plain(&shown.to_string());
    if let Some(excerpt) = shown.excerpt {
        let marked = excerpt.text.get(excerpt.marked.clone());
        assert!(
            marked.is_some(),
            "the mark is a part of the line: {excerpt:?}"
        );
        assert!(!excerpt.text.contains(steers), "{excerpt:?}");
    }
}

/// That a text says something, and the program's door for texts leaves nothing in it that steers.
pub fn plain(message: &str) {
    assert!(!message.trim().is_empty(), "an empty message");
    let shown = printable_lines(message);
    assert!(
        !shown.contains(|c| steers(c) && c != '\n' && c != '\t'),
        "{shown:?}"
    );
}

/// That no number of a text shown is one gone wrong.
pub fn finite_words(text: &str) {
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    let wrong =
        words.find(|word| ["inf", "nan", "infinity"].contains(&word.to_lowercase().as_str()));
    assert!(wrong.is_none(), "{text}");
}

/// Whether a network is as small as it can be written in no time.
pub fn can_be_written(network: &Network) -> bool {
    network.units().iter().sum::<usize>() <= MOST_WRITTEN
}

/// That a network is written and read again to the last bit.
pub fn comes_back(network: &Network) {
    if !can_be_written(network) {
        return;
    }
    let text = network.to_json();
    let again = match Network::parse("written", text.as_bytes()) {
        Ok(again) => again,
        Err(error) => panic!("what was written is refused: {error}\n{text}"),
    };
    assert_eq!(again.to_json(), text, "other bits come back");
    // A layer without a name that another has to name is given one.
    let mut named = network.layers().iter().zip(again.layers());
    if named.all(|(layer, again)| layer.name() == again.name()) {
        assert!(again == *network, "another network comes back of {text}");
    }
}

/// That two small networks make the same of one sample but for rounding, which goes by their largest value.
pub fn alike(network: &Network, other: &Network) {
    if is_large(network) {
        return;
    }
    let x = Array2::from_shape_fn((1, network.input_units()), |(_, i)| {
        (i % 5) as f64 / 4.0 - 0.5
    });
    let [mut levels, mut others] = [Levels::default(), Levels::default()];
    let forward = network.forward(x.view(), &mut levels);
    let (Ok(()), Ok(())) = (forward, other.forward(x.view(), &mut others)) else {
        return;
    };
    let all = (0..=network.top()).flat_map(|l| levels.level(l).row(0).to_vec());
    let largest = all.fold(0.0, |largest: f64, x| largest.max(x.abs()));
    let outputs = levels.level(network.top());
    for (a, b) in outputs.iter().zip(others.level(other.top())) {
        let difference = (a - b).abs();
        assert!(
            difference <= 1e-9 * largest + f64::MIN_POSITIVE,
            "{a} is not {b}, of {largest}\n{}\n{}",
            network.to_json(),
            other.to_json()
        );
    }
}

fn is_large(network: &Network) -> bool {
    let units: usize = network.units().iter().sum();
    units > MOST_UNITS || network.multiplications() > MOST_WORK
}

/// That a small network that was read explains its own samples, or one of zeros.
pub fn explains(network: &Network) {
    if is_large(network) {
        return;
    }
    let rows = network.samples().nrows().min(2);
    let samples = match rows {
        0 => Array2::zeros((1, network.input_units())),
        _ => network
            .samples()
            .slice(deeptaylor::ndarray::s![..rows, ..])
            .to_owned(),
    };
    for preset in [Preset::DeepTaylor, Rule::WSquared.into()] {
        let plan = match Plan::of(network, preset) {
            Ok(plan) => plan,
            Err(error) => {
                told(&error);
                continue;
            }
        };
        match Explainer::new(&plan).explain(samples.view(), &Target::Max) {
            Ok(batch) => balanced(&batch),
            Err(error) => told(&error),
        }
    }
}

/// That every number of an explanation is finite, its books balance, and it has what is promised of it.
pub fn balanced(batch: &Batch) {
    for l in 0..batch.levels() {
        assert!(
            batch.activations(l).iter().all(|x| x.is_finite()),
            "activations of level {l}"
        );
        assert!(
            batch.relevance(l).iter().all(|r| r.is_finite()),
            "relevance of level {l}"
        );
    }
    for (n, audit) in batch.audits().iter().enumerate() {
        let balance = audit.balance;
        let parts = [
            balance.input,
            balance.lost,
            balance.absorbed_by_bias,
            balance.absorbed_by_epsilon,
        ];
        assert!(parts.iter().all(|part| part.is_finite()), "{balance:?}");
        assert!(balance.holds, "{balance:?}");
        // Computed again of the arrays: what the program says of itself is not enough. A quarter of everything, for at the ends of
        // f64 a sum in another order may be beyond it.
        let quarter = |r: f64| r / 4.0;
        let of_input = batch.relevance(0);
        let input: f64 = of_input.row(n).iter().map(|r| quarter(*r)).sum();
        let lost = || audit.lost.iter().map(|lost| quarter(lost.relevance));
        let absorbed = (audit.absorbed.iter()).map(|part| quarter(part.by_bias + part.by_epsilon));
        let absorbed: f64 = absorbed.sum();
        let levels = (0..batch.levels()).map(|l| {
            let relevance = batch.relevance(l);
            relevance.row(n).iter().map(|r| quarter(r.abs())).sum()
        });
        let largest = levels.fold(0.0, f64::max);
        let withheld: f64 = lost().map(f64::abs).sum();
        let all = balance.parts.map_or(largest, quarter).max(largest);
        let value = quarter(batch.chosen()[n].value);
        let gap = (value - input - lost().sum::<f64>() - absorbed).abs();
        // Sums in another order are rounded in another way.
        let within = 2.0 * ROUNDING * (all + withheld) + f64::MIN_POSITIVE;
        assert!(
            gap <= within,
            "{gap} is missing of {all}, a quarter each: {audit:?}"
        );
        let starts_positive = batch
            .relevance(batch.levels() - 1)
            .row(n)
            .iter()
            .all(|r| *r >= 0.0);
        let positivity = audit.checks.positivity;
        if positivity.promised && starts_positive {
            assert!(positivity.holds, "positivity is promised: {audit:?}");
            let all = (0..batch.levels()).flat_map(|l| batch.relevance(l).row(n).to_vec());
            let lowest = all.fold(0.0, f64::min);
            assert!(
                quarter(lowest) >= -ROUNDING * largest,
                "{lowest} is below 0 of {largest} · 4: {audit:?}"
            );
        }
    }
}
