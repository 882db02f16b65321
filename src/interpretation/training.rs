//! What became of relevance in training, in plain language: each sentence with the figures it rests on.

use crate::interpretation::numbers::{figure, percent};
use crate::measure::SAME;
use crate::relevance::Rule;
use crate::result::{RuleFigures, StepFigures, Training, Unexplained};
use crate::words::{agree, grouped, listed, part, plural};

/// More classes than this are not listed, and no more steps than that.
const MOST_CLASSES: usize = 10;
const MOST_STEPS: usize = 4;
/// No more steps are listed, each with a rule, where a property does not hold.
const MOST_PLACES: usize = 4;

impl Training {
    /// The same result, with what its numbers say.
    #[must_use]
    pub fn interpreted(mut self) -> Self {
        self.interpretation = of_training(&self);
        self
    }
}

/// Sentences about a training, the most important first.
fn of_training(training: &Training) -> Vec<String> {
    let Some(last) = training.steps.last() else {
        return Vec::new();
    };
    let mut sentences: Vec<String> = checks(training);
    sentences.extend(unexplained(training));
    for n in 0..last.rules.len() {
        sentences.extend(ink(training, last, n));
        sentences.extend(border(training, last, n));
        sentences.extend(settled(training, n));
        sentences.extend(flipping(last, n, training.setting.subject.pixel()));
        sentences.extend(silent(last, n));
    }
    sentences.extend(beside(last, training.setting.subject.ink()));
    sentences
}

/// Where a property does not hold; whether it holds is said of both where one does not.
fn checks(training: &Training) -> Vec<String> {
    if training.checks.hold() {
        return Vec::new();
    }
    let conserved = |rule: &RuleFigures| (rule.conserved, rule.conservation.promised);
    let positive = |rule: &RuleFigures| (rule.positive, rule.positivity.promised);
    let mut sentences = Vec::new();
    sentences.extend(property("Conservation", training, conserved));
    sentences.extend(property("Positivity", training, positive));
    sentences
}

/// Where a property does not hold, under rules that promise it and under others; `holds` says for how many images it does, and
/// whether it is promised.
fn property(
    name: &str,
    training: &Training,
    holds: fn(&RuleFigures) -> (usize, bool),
) -> Vec<String> {
    let all = training.explained;
    let places = |promising: bool| {
        let steps = training.steps.iter();
        let rules = steps.flat_map(|step| step.rules.iter().map(move |rule| (step.step, rule)));
        let places = rules.filter_map(|(step, rule)| {
            let (held, promised) = holds(rule);
            (held < all && promised == promising).then(|| {
                let (step, fails) = (grouped(step), grouped(all - held));
                format!("{} at step {step} ({fails} of {})", rule.rule, grouped(all))
            })
        });
        let places: Vec<String> = places.collect();
        let number = places.len();
        let shown = listed(places.into_iter().take(MOST_PLACES).collect(), number);
        (number > 0).then_some(shown)
    };
    let broken = places(true).map(|places| format!("{name} fails under {places}."));
    let open = places(false);
    let open = open
        .map(|places| format!("{name} does not hold under {places}, where it is not promised."));
    let sentences: Vec<String> = broken.into_iter().chain(open).collect();
    if sentences.is_empty() {
        return vec![format!("{name} holds.")];
    }
    sentences
}

/// Where f(x) = 0, the last listed step with such images first.
fn unexplained(training: &Training) -> Option<String> {
    let mut steps = training
        .steps
        .iter()
        .rev()
        .filter(|step| step.unexplained.images > 0);
    let last = steps.next()?;
    let named = |classes: &[usize], thing: &str| {
        let names = classes
            .iter()
            .take(MOST_CLASSES)
            .map(|&class| training.setting.class(class));
        let things = agree(classes.len(), thing, &plural(thing)).to_owned();
        format!("{things} {}", listed(names.collect(), classes.len()))
    };
    let Unexplained {
        images,
        classes,
        silent_outputs,
    } = &last.unexplained;
    let mut said = format!(
        "At step {} f(x) = 0 for {} ({}): nothing is explained there",
        grouped(last.step),
        part(
            *images,
            training.explained,
            training.setting.subject.sample()
        ),
        named(classes, "class")
    );
    let never: Vec<usize> = silent_outputs
        .iter()
        .copied()
        .filter(|k| classes.contains(k))
        .collect();
    if !never.is_empty() {
        let fires = agree(never.len(), "fires", "fire");
        said += &format!(", and {} never {fires}", named(&never, "output"));
    }
    let others: Vec<&StepFigures> = steps.collect();
    let places = others.iter().rev().take(MOST_STEPS);
    let places = places.map(|step| {
        format!(
            "{} at step {}",
            grouped(step.unexplained.images),
            grouped(step.step)
        )
    });
    if !others.is_empty() {
        said += &format!("; also for {}", listed(places.collect(), others.len()));
    }
    Some(said + ".")
}

/// Whether relevance has come to lie on ink at the end.
fn ink(training: &Training, last: &StepFigures, n: usize) -> Option<String> {
    let (rule, subject) = (&last.rules[n], training.setting.subject);
    let (ink, chance) = (rule.ink_share?, training.chance.ink_share);
    let says = if ink > 1.1 * chance {
        "more than by chance"
    } else if ink < 0.9 * chance {
        "less than by chance"
    } else {
        "about as much as by chance"
    };
    Some(format!(
        "Under {} relevance lies on {} {says}: {} at step {}, chance {}.",
        rule.rule,
        subject.ink(),
        percent(ink),
        grouped(last.step),
        percent(chance)
    ))
}

/// Relevance on pixels that cannot teach.
fn border(training: &Training, last: &StepFigures, n: usize) -> Option<String> {
    let (rule, subject) = (&last.rules[n], training.setting.subject);
    let border = rule.border_share.filter(|share| *share > 0.0)?;
    Some(format!(
        "Under {} {} of the relevance lies on {} that are 0 in every training {}, from which nothing is learned.",
        rule.rule,
        percent(border),
        plural(subject.pixel()),
        subject.sample()
    ))
}

/// From when on the images stay as they are at the end.
fn settled(training: &Training, n: usize) -> Option<String> {
    let steps = &training.steps;
    let last = steps.last()?;
    let cosine = |step: &StepFigures| step.rules[n].cosine_last;
    let from = steps
        .iter()
        .rposition(|step| cosine(step).is_none_or(|c| c < SAME))
        .map_or(0, |at| at + 1);
    let rule = &last.rules[n].rule;
    let images = plural(training.setting.subject.sample());
    if from + 1 < steps.len() {
        let at = &steps[from];
        Some(format!(
            "Under {rule} the {images} settle by step {}: cosine {} with those of step {}.",
            grouped(at.step),
            figure(cosine(at)?),
            grouped(last.step)
        ))
    } else {
        let before = steps.len().checked_sub(2).map(|at| &steps[at])?;
        Some(format!(
            "Under {rule} the {images} have not settled: those of step {} have cosine {} with those of step {}.",
            grouped(before.step),
            figure(cosine(before)?),
            grouped(last.step)
        ))
    }
}

fn flipping(last: &StepFigures, n: usize, pixel: &str) -> Option<String> {
    let rule = &last.rules[n];
    let (area, random) = (rule.flipping_area?, rule.random_area?);
    let pixels = plural(pixel);
    let says = if area > random + 0.005 {
        format!(
            "f falls faster than when random ones are taken, so f depends on the relevant {pixels}"
        )
    } else if area < random - 0.005 {
        "f falls more slowly than when random ones are taken, so f does not depend most on what is marked relevant".to_owned()
    } else {
        "f falls as fast as when random ones are taken".to_owned()
    };
    Some(format!(
        "When the most relevant {pixels} under {} are taken away first at step {}, {says}: area over the curve {}, random {}.",
        rule.rule,
        grouped(last.step),
        figure(area),
        figure(random)
    ))
}

fn silent(last: &StepFigures, n: usize) -> Option<String> {
    let rule = &last.rules[n];
    let carried = rule.silent_relevance.filter(|carried| *carried > 0.0)?;
    Some(format!(
        "Under {} units that did not fire carry {} of f(x) on one level at step {}: the sums still hold, but \
         R_j = c_j·x_j, which the theory assumes, does not hold there.",
        rule.rule,
        percent(carried),
        grouped(last.step)
    ))
}

/// The rules beside one another at the end.
fn beside(last: &StepFigures, ink: &str) -> Option<String> {
    let mut shares: Vec<(&str, f64)> = last
        .rules
        .iter()
        .filter_map(|rule| Some((rule.rule.as_str(), rule.ink_share?)))
        .collect();
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    let [(top, high), .., (bottom, low)] = shares[..] else {
        return None;
    };
    let looks = bottom
        .parse()
        .ok()
        .and_then(|rule: Rule| rule.about().fixed);
    let why = looks.map_or_else(String::new, |looks| {
        let verb = if ink.contains(' ') { "are" } else { "is" };
        format!(": {bottom} {looks}, and cannot see where the {ink} {verb}")
    });
    (high - low > 0.01).then(|| {
        format!(
            "Of the rules, {top} puts most on {ink} at step {} ({}), {bottom} least ({}){why}.",
            grouped(last.step),
            percent(high),
            percent(low)
        )
    })
}
