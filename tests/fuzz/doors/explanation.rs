//! Whole explanations of random networks: graphs of any layers, numbers of any size, any rules, samples and targets.

use std::io::Cursor;

use deeptaylor::ndarray::Array2;
use deeptaylor::relevance::{Gradient, GradientExplainer, RuleBias};
use deeptaylor::render::{Csv, CsvWide, Names, Npz, RuleColumn, Text};
use deeptaylor::result::{
    AnyResult, Edges, Explanation, Figures, Flow, Messages, NetworkInfo, Sample,
};
use deeptaylor::{Explainer, Network, Plan, Preset, Rule, Target};

use super::graph::{Choices, Numbers, network};
use super::{held, result};

/// A network, a plan, samples and a target out of bytes.
pub fn explanation(bytes: &[u8]) {
    let mut choices = Choices(bytes);
    let choices = &mut choices;
    let shown = choices.once_in(8);
    let values = Numbers::of(choices);
    let weights = Numbers::of(choices);
    let network = match network(choices, values, weights) {
        Ok(network) => network,
        Err(error) => return held::told(&error),
    };
    let plan = match plan(choices, &network) {
        Ok(plan) => plan,
        Err(error) => return held::told(&error),
    };
    let samples = samples(choices, &network, values);
    let target = target(choices, network.output_units());
    let mut explainer = Explainer::new(&plan);
    if choices.once_in(4) {
        explainer = explainer.with_expansion();
    }
    by_gradient(choices, &network, &samples, target);
    let found = match explainer.explain(samples.view(), &target) {
        Ok(batch) => {
            held::balanced(&batch);
            Sample::of_batch(&NetworkInfo::new(&network, &plan), &plan, &batch)
        }
        Err(error) => return held::told(&error),
    };
    comes_back(&explainer, found, shown);
    held::comes_back(&network);
}

/// A rule for all layers, or none that is defined there, and others for some.
fn plan<'n>(choices: &mut Choices, network: &'n Network) -> Result<Plan<'n>, deeptaylor::Error> {
    let preset = if choices.once_in(4) {
        Preset::DeepTaylor
    } else {
        rule(choices).into()
    };
    let bias = if choices.once_in(3) {
        RuleBias::Keep
    } else {
        RuleBias::Drop
    };
    let mut plan = Plan::of(network, preset)?.with_bias(bias);
    for level in 1..=network.top() {
        if choices.once_in(4) {
            match plan.clone().with(level, rule(choices)) {
                Ok(other) => plan = other,
                Err(error) => held::told(&error),
            }
        }
    }
    Ok(plan)
}

fn rule(choices: &mut Choices) -> Rule {
    const SIZES: [f64; 8] = [0.25, 1e-6, 1.0, 1e-300, 5e-324, 1e300, 100.0, 1e-12];
    match choices.below(10) {
        0 | 1 => Rule::WSquared,
        2 => Rule::Flat,
        4 => Rule::ZBox,
        5 => Rule::Z,
        6 => Rule::Epsilon(choices.among(&SIZES)),
        7 => Rule::Gamma(choices.among(&[0.0, 0.25, 1.0, 2.0, 1e-300, 1e150])),
        8 => {
            Rule::AlphaBeta(choices.among(&[[2.0, 1.0], [1.0, 0.0], [1.5, 0.5], [1001.0, 1000.0]]))
        }
        _ => Rule::ZPlus,
    }
}

/// Up to three samples, mostly within the bounds.
fn samples(choices: &mut Choices, network: &Network, values: Numbers) -> Array2<f64> {
    let inputs = network.input_units();
    let rows = 1 + choices.below(3);
    let outside = choices.once_in(8);
    let zero = choices.once_in(8);
    Array2::from_shape_fn((rows, inputs), |(_, i)| {
        let x = if zero { 0.0 } else { values.one(choices) };
        match &network.input().bounds {
            Some(bounds) if !outside => x.clamp(bounds.at(i)[0], bounds.at(i)[1]),
            _ => x,
        }
    })
}

fn target(choices: &mut Choices, outputs: usize) -> Target {
    let [output, minus] = [choices.below(outputs), choices.below(outputs)];
    match choices.below(4) {
        0 => Target::Max,
        1 => Target::All,
        2 if output != minus => Target::Contrast { output, minus },
        _ => Target::Output(output),
    }
}

/// That gradients are finite, or refused.
fn by_gradient(choices: &mut Choices, network: &Network, samples: &Array2<f64>, target: Target) {
    if !choices.once_in(8) {
        return;
    }
    let method = choices.among(&[
        Gradient::Plain,
        Gradient::TimesInput,
        Gradient::Integrated { steps: 5 },
        Gradient::Smooth {
            copies: 3,
            noise: 0.1,
        },
    ]);
    let mut explainer = match GradientExplainer::new(network, method) {
        Ok(explainer) => explainer,
        Err(error) => return held::told(&error),
    };
    let targets = vec![target; samples.nrows()];
    let numbers: Vec<usize> = (0..samples.nrows()).collect();
    match explainer.explain_each(samples.view(), &targets, &numbers) {
        Ok(batch) => assert!(batch.relevance().iter().all(|r| r.is_finite()), "{method}"),
        Err(error) => held::told(&error),
    }
}

/// That the result is written and read again as it is; and, where it is shown, that no number in it is one gone wrong.
fn comes_back(explainer: &Explainer, samples: Vec<Sample>, shown: bool) {
    let plan = explainer.plan();
    let mut explanation = Explanation::new(plan.network(), plan);
    for mut sample in samples {
        if shown {
            sample.flow = Some(Flow::new(explainer, &sample));
            sample.edges = Some(Messages::of(explainer, &sample, Edges::Narrow));
        }
        explanation.push(sample);
    }
    let info = NetworkInfo::new(plan.network(), plan);
    if shown {
        held::finite_words(&Text::new(100, 6).explanation(&explanation));
        rows(&info, &explanation.samples);
    }
    let explanation = AnyResult::Explanation(explanation);
    result::comes_back(&explanation);
    if shown {
        let texts = result::shown(&[explanation]);
        for text in texts {
            held::finite_words(&text);
        }
    }
}

/// That rows and arrays can be written, and have finite numbers alone.
fn rows(network: &NetworkInfo, samples: &[Sample]) {
    let (mut long, mut wide) = (Vec::new(), Vec::new());
    let csv = Csv::new(network, RuleColumn::Present, Names::Guarded);
    let row = CsvWide::new(
        network,
        &[1],
        RuleColumn::Absent,
        Figures::Absorbed,
        Names::AsTheyAre,
    );
    let shape = [network.layers[0].units];
    let mut arrays = Npz::new(network, &shape, &[1], &[], Figures::Absorbed, || {
        Cursor::new(Vec::new())
    });
    for (n, sample) in samples.iter().enumerate() {
        csv.sample(n, "w2", sample, &mut long)
            .expect("memory takes it");
        row.sample(n, "w2", sample, &mut wide)
            .expect("memory takes it");
        arrays
            .sample(n, std::slice::from_ref(sample))
            .expect("memory takes it");
    }
    for text in [long, wide] {
        held::finite_words(&String::from_utf8_lossy(&text));
    }
    let again = |place: Cursor<Vec<u8>>| Ok(Cursor::new(place.into_inner()));
    let mut archive = arrays.finish(again).expect("memory takes it");
    std::io::copy(&mut archive, &mut std::io::sink()).expect("memory takes it");
}
