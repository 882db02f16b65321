//! Explanations without rounding, beside those in f64 of the same network, rules and sample.

use deeptaylor::exact::{self, Exact, ExactNetwork, Number};
use deeptaylor::ndarray::ArrayView2;
use deeptaylor::relevance::RuleBias;
use deeptaylor::{Batch, Explainer, Network, Plan, Rule, Target};

use super::graph::{Choices, Numbers, network};
use super::held;

/// What f64 may be away from fractions, relative to the largest `Σ|R|` of a level.
const ROUNDING: f64 = 1e-9;
/// Whatever would take longer is left alone; the program asks before it starts, too.
const MOST_SECONDS: f64 = 0.05;

/// A network of small multiples of 1/2, whose activations f64 holds to the last bit; a rule for all layers, and one sample.
pub fn exact(bytes: &[u8]) {
    let mut choices = Choices(bytes);
    let choices = &mut choices;
    let network = match network(choices, Numbers::Coarse, Numbers::Coarse) {
        Ok(network) => network,
        Err(error) => return held::told(&error),
    };
    let rule = choices.among(&[
        Rule::ZPlus,
        Rule::WSquared,
        Rule::Flat,
        Rule::ZBox,
        Rule::Z,
        Rule::Epsilon(0.25),
        Rule::Gamma(0.25),
        Rule::AlphaBeta([2.0, 1.0]),
    ]);
    let bias = choices.among(&[RuleBias::Drop, RuleBias::Keep]);
    let plan = match Plan::of(&network, rule) {
        Ok(plan) => plan.with_bias(bias),
        Err(error) => return held::told(&error),
    };
    let x = Numbers::Coarse.many(network.input_units(), choices);
    let fractions: Vec<Number> = x
        .iter()
        .map(|x| Number::try_from(*x).expect("a finite number"))
        .collect();
    let target = Target::Output(choices.below(network.output_units()));
    let exact = ExactNetwork::from(network.clone());
    let cost = exact::cost(&exact, &plan, std::slice::from_ref(&fractions));
    if cost.seconds > MOST_SECONDS {
        return;
    }
    let explained = exact::explain(&exact, &plan, &fractions, target);
    balanced(&explained);
    let row = ArrayView2::from_shape((1, x.len()), &x).expect("a row");
    match Explainer::new(&plan).explain(row, &target) {
        Ok(batch) => alike(&network, &explained, &batch),
        Err(error) => held::told(&error),
    }
}

/// That nothing is missing, as an equality.
fn balanced(explained: &Exact) {
    let balance = &explained.balance;
    assert!(balance.holds, "{balance:?}");
    let sum = |numbers: &mut dyn Iterator<Item = &Number>| {
        numbers.fold(Number::ZERO, |sum, number| sum + number)
    };
    let whole = sum(&mut explained.relevance[0].iter())
        + sum(&mut explained.lost.iter().map(|lost| &lost.relevance))
        + sum(&mut explained.absorbed.iter().map(|part| &part.by_bias))
        + sum(&mut explained.absorbed.iter().map(|part| &part.by_epsilon));
    assert_eq!(whole, explained.value);
}

/// That f64 says the same but for rounding, and finds the same units where nothing can be handed on.
fn alike(network: &Network, exact: &Exact, batch: &Batch) {
    // Where all of a level cancels, f64 is left with the rounding of what another one carries.
    let sizes = (exact.relevance.iter()).map(|level| level.iter().map(|r| near(r).abs()).sum());
    let largest: f64 = sizes.fold(near(&exact.value).abs(), f64::max);
    for l in 0..=network.top() {
        let (numbers, relevance) = (&exact.relevance[l], batch.relevance(l));
        for (i, (r, number)) in relevance.row(0).iter().zip(numbers).enumerate() {
            let difference = (r - near(number)).abs();
            assert!(
                difference <= ROUNDING * largest,
                "unit {i} of level {l}: {r}, not {number}, of {largest}\n{}",
                network.to_json()
            );
        }
    }
    let matters = |relevance: f64| relevance.abs() > ROUNDING * largest;
    let rounded = batch.audits()[0].lost.iter();
    let rounded: Vec<_> = rounded
        .filter(|lost| matters(lost.relevance))
        .map(|lost| (lost.layer, lost.unit))
        .collect();
    let fractions: Vec<_> = (exact.lost.iter())
        .filter(|lost| matters(near(&lost.relevance)))
        .map(|lost| (lost.layer, lost.unit))
        .collect();
    assert_eq!(rounded, fractions, "{}", network.to_json());
}

fn near(number: &Number) -> f64 {
    number.to_f64().value()
}
