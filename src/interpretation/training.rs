//! What became of relevance in training, in plain language: each sentence with the figures it rests on.

use crate::interpretation::numbers::{figure, percent};
use crate::result::{RuleFigures, StepFigures, Training, Unexplained};
use crate::words::{grouped, listed};

/// From this cosine on two images are taken for the same.
const SETTLED: f64 = 0.95;

/// More classes than this are not listed, and no more steps than that.
const MOST_CLASSES: usize = 10;
const MOST_STEPS: usize = 4;

/// Where a figure comes from and where it gets, as it is shown.
fn moved(first: &str, last: &str) -> String {
    if first == last {
        format!("stays at {last}")
    } else {
        format!("goes from {first} to {last}")
    }
}

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
    let (Some(first), Some(last)) = (training.steps.first(), training.steps.last()) else {
        return Vec::new();
    };
    let mut sentences = vec![checks(training)];
    sentences.extend(unexplained(training));
    if first.step < last.step {
        sentences.push(format!(
            "From step {} to {} the accuracy on held-out {}s {}, and the mean f(x) of the explained ones {}.",
            grouped(first.step),
            grouped(last.step),
            training.setting.subject.sample(),
            moved(&percent(first.accuracy), &percent(last.accuracy)),
            moved(&figure(first.output), &figure(last.output))
        ));
    }
    for n in 0..last.rules.len() {
        sentences.extend(ink(training, n));
        sentences.extend(border(training, n));
        sentences.extend(settled(training, n));
        sentences.extend(flipping(last, n, training.setting.subject.pixel()));
        sentences.extend(silent(last, n));
    }
    sentences.extend(beside(last, training.setting.subject.ink()));
    sentences
}

fn checks(training: &Training) -> String {
    let checks = training.checks;
    let figures = format!(
        "the largest gap of a layer is {}, the least relevance {}",
        figure(checks.conservation.worst_gap),
        figure(checks.positivity.least)
    );
    if checks.hold() {
        let mut unexplained = training.steps.iter().map(|step| step.unexplained.images);
        let images = if unexplained
            .clone()
            .all(|images| images == training.explained)
        {
            return "There is no relevance to check.".to_owned();
        } else if unexplained.any(|images| images > 0) {
            "wherever something is explained".to_owned()
        } else {
            format!(
                "for all {} {}s",
                grouped(training.explained),
                training.setting.subject.sample()
            )
        };
        return format!(
            "Conservation and positivity hold {images}, at every listed step and under every rule: {figures}."
        );
    }
    let fails = |holds: fn(&RuleFigures) -> usize| {
        let rules = training
            .steps
            .iter()
            .flat_map(|step| step.rules.iter().map(move |rule| (step.step, rule)));
        let all = training.explained;
        let places: Vec<String> = rules
            .filter(|(_, rule)| holds(rule) < all)
            .map(|(step, rule)| {
                let fails = all - holds(rule);
                format!(
                    "{} at step {} ({} of {})",
                    rule.rule,
                    grouped(step),
                    grouped(fails),
                    grouped(all)
                )
            })
            .collect();
        let more = places.len().saturating_sub(4);
        let rest = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        (!places.is_empty()).then(|| places[..places.len().min(4)].join(", ") + &rest)
    };
    let property = |name: &str, places: Option<String>| match places {
        Some(places) => format!("{name} fails under {places}"),
        None => format!("{name} holds"),
    };
    format!(
        "{}; {}: {figures}.",
        property("Conservation", fails(|rule| rule.conserved)),
        property("positivity", fails(|rule| rule.positive))
    )
}

/// Where f(x) = 0, the last listed step with such images first.
fn unexplained(training: &Training) -> Option<String> {
    let mut steps = training
        .steps
        .iter()
        .rev()
        .filter(|step| step.unexplained.images > 0);
    let last = steps.next()?;
    let named = |classes: &[usize], one: &str, many: &str| {
        let names = classes
            .iter()
            .take(MOST_CLASSES)
            .map(|&class| training.setting.class(class));
        let word = if classes.len() == 1 { one } else { many };
        format!("{word} {}", listed(names.collect(), classes.len()))
    };
    let Unexplained {
        images,
        classes,
        silent_outputs,
    } = &last.unexplained;
    let all = grouped(training.explained);
    let mut said = format!(
        "At step {} f(x) = 0 for {} of {all} {}s ({}): nothing is explained there",
        grouped(last.step),
        grouped(*images),
        training.setting.subject.sample(),
        named(classes, "class", "classes")
    );
    let never: Vec<usize> = silent_outputs
        .iter()
        .copied()
        .filter(|k| classes.contains(k))
        .collect();
    if !never.is_empty() {
        let fires = if never.len() == 1 { "fires" } else { "fire" };
        said += &format!(", and {} never {fires}", named(&never, "output", "outputs"));
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

/// The first and the last step with a figure, as `at step 0 … , … at step 5,000`.
fn course(
    training: &Training,
    value: impl Fn(&StepFigures) -> Option<f64>,
    shown: fn(f64) -> String,
) -> Option<String> {
    let mut known = training
        .steps
        .iter()
        .filter_map(|step| Some((step.step, value(step)?)));
    let first = known.next()?;
    let at = |(step, value): (usize, f64)| format!("{} at step {}", shown(value), grouped(step));
    Some(match known.next_back() {
        Some(last) => format!("{}, {}", at(first), at(last)),
        None => at(first),
    })
}

fn ink(training: &Training, n: usize) -> Option<String> {
    let (rule, subject) = (&training.steps[0].rules[n].rule, training.setting.subject);
    let ink = course(training, |step| step.rules[n].ink_share, percent)?;
    let pixels = course(training, |step| step.rules[n].effective_pixels, figure)?;
    Some(format!(
        "Under {rule} the share of relevance on {} is {ink}; chance, {}, is {}. Effective {}s: {pixels}.",
        subject.ink(),
        subject.chance(),
        percent(training.chance.ink_share),
        subject.pixel()
    ))
}

fn border(training: &Training, n: usize) -> Option<String> {
    let border = course(training, |step| step.rules[n].border_share, percent)?;
    (training.chance.border_share > 0.0).then(|| {
        format!(
            "Under {} the {}s that are 0 in every training {} carry {border}; chance {}.",
            training.steps[0].rules[n].rule,
            training.setting.subject.pixel(),
            training.setting.subject.sample(),
            percent(training.chance.border_share)
        )
    })
}

/// From when on the images stay as they are at the end.
fn settled(training: &Training, n: usize) -> Option<String> {
    let steps = &training.steps;
    let last = steps.last()?;
    let cosine = |step: &StepFigures| step.rules[n].cosine_last;
    let from = steps
        .iter()
        .rposition(|step| cosine(step).is_none_or(|c| c < SETTLED))
        .map_or(0, |at| at + 1);
    let (rule, image) = (&last.rules[n].rule, training.setting.subject.sample());
    if from + 1 < steps.len() {
        let at = &steps[from];
        Some(format!(
            "Under {rule} the {image}s settle by step {}: cosine {} with those of step {}.",
            grouped(at.step),
            figure(cosine(at)?),
            grouped(last.step)
        ))
    } else {
        let before = steps.len().checked_sub(2).map(|at| &steps[at])?;
        Some(format!(
            "Under {rule} the {image}s have not settled: those of step {} have cosine {} with those of step {}.",
            grouped(before.step),
            figure(cosine(before)?),
            grouped(last.step)
        ))
    }
}

fn flipping(last: &StepFigures, n: usize, pixel: &str) -> Option<String> {
    let rule = &last.rules[n];
    let (area, random) = (rule.flipping_area?, rule.random_area?);
    let says = if area > random + 0.005 {
        format!(
            "f falls faster than where random ones are taken, so the relevant {pixel}s are those that f rests on"
        )
    } else if area < random - 0.005 {
        "f falls more slowly than where random ones are taken: what is marked relevant is not what f rests on".to_owned()
    } else {
        "f falls as where random ones are taken".to_owned()
    };
    Some(format!(
        "Taking the most relevant {pixel}s under {} away first at step {}, {says}: area over the curve {}, random {}.",
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
        "Under {} units that did not fire carry {} of f(x) on one level at step {}: the sums hold all the same, but \
         R_j = c_j·x_j, on which the theory builds, does not hold there.",
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
    let why = if bottom == "w2" {
        let verb = if ink.contains(' ') { "are" } else { "is" };
        format!(
            ": w2 on the first layer shares by weights alone and cannot see where the {ink} {verb}"
        )
    } else {
        String::new()
    };
    (high - low > 0.01).then(|| {
        format!(
            "Of the rules, {top} puts most on {ink} at step {} ({}), {bottom} least ({}){why}.",
            grouped(last.step),
            percent(high),
            percent(low)
        )
    })
}
