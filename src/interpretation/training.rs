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

/// Sentences about a training, the most important first: what fails, then what became of relevance, under all rules together.
fn of_training(training: &Training) -> Vec<String> {
    let Some(last) = training.steps.last() else {
        return Vec::new();
    };
    let [broken, open] = checks(training);
    let subject = training.setting.subject;
    let mut sentences = broken;
    sentences.extend(ink(training, last));
    sentences.extend(settled(training));
    sentences.extend(flipping(last, subject.pixel()));
    sentences.extend(beside(last, subject.ink()));
    sentences.extend(unexplained(training));
    sentences.extend(border(training, last));
    sentences.extend(silent(last));
    sentences.extend(open);
    sentences
}

/// What is said of rules, each with its figure: `more than by chance under w2 (93 %) and z+ (71 %), less under flat (3 %)`.
/// Rules of which the same is said stand together.
fn under(said: &[(String, String, String)]) -> Option<String> {
    let mut kinds: Vec<&String> = Vec::new();
    for (kind, ..) in said {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let of = |kind: &String| {
        let alike = said.iter().filter(|(other, ..)| other == kind);
        let rules: Vec<String> = alike
            .map(|(_, rule, figure)| format!("{rule} ({figure})"))
            .collect();
        let number = rules.len();
        let space = if kind.is_empty() { "" } else { " " };
        format!("{kind}{space}under {}", listed(rules, number))
    };
    (!kinds.is_empty()).then(|| kinds.into_iter().map(of).collect::<Vec<_>>().join("; "))
}

/// Where a property does not hold under rules that promise it, and where under others; of both it is said where one fails.
fn checks(training: &Training) -> [Vec<String>; 2] {
    if training.checks.hold() {
        return [Vec::new(), Vec::new()];
    }
    let conserved = |rule: &RuleFigures| (rule.conserved, rule.conservation.promised);
    let positive = |rule: &RuleFigures| (rule.positive, rule.positivity.promised);
    let [broken, open] = property("Conservation", training, conserved);
    let [broken_too, open_too] = property("Positivity", training, positive);
    [[broken, broken_too], [open, open_too]].map(|both| both.into_iter().flatten().collect())
}

/// Where a property does not hold, under rules that promise it and under others; `holds` says for how many images it does, and
/// whether it is promised.
fn property(
    name: &str,
    training: &Training,
    holds: fn(&RuleFigures) -> (usize, bool),
) -> [Option<String>; 2] {
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
    let open = match (&broken, open) {
        (None, None) => Some(format!("{name} holds.")),
        (_, open) => open,
    };
    [broken, open]
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
fn ink(training: &Training, last: &StepFigures) -> Option<String> {
    let (chance, subject) = (training.chance.ink_share, training.setting.subject);
    let of = |rule: &RuleFigures| {
        let ink = rule.ink_share?;
        let says = if ink > 1.1 * chance {
            "more than by chance"
        } else if ink < 0.9 * chance {
            "less than by chance"
        } else {
            "about as much as by chance"
        };
        Some((says.to_owned(), rule.rule.clone(), percent(ink)))
    };
    let said: Vec<_> = last.rules.iter().filter_map(of).collect();
    Some(format!(
        "At step {} relevance lies on {} {}; chance is {}.",
        grouped(last.step),
        subject.ink(),
        under(&said)?,
        percent(chance)
    ))
}

/// Relevance on pixels that cannot teach.
fn border(training: &Training, last: &StepFigures) -> Option<String> {
    let subject = training.setting.subject;
    let of = |rule: &RuleFigures| {
        let border = rule.border_share.filter(|share| *share > 0.0)?;
        Some((String::new(), rule.rule.clone(), percent(border)))
    };
    let said: Vec<_> = last.rules.iter().filter_map(of).collect();
    Some(format!(
        "Some relevance lies on {} that are 0 in every training {}, from which nothing is learned: {}.",
        plural(subject.pixel()),
        subject.sample(),
        under(&said)?
    ))
}

/// From when on the images stay as they are at the end.
fn settled(training: &Training) -> Option<String> {
    let steps = &training.steps;
    let last = steps.last()?;
    let before = steps.len().checked_sub(2).map(|at| &steps[at]);
    let of = |n: usize| {
        let cosine = |step: &StepFigures| step.rules[n].cosine_last;
        let from = steps
            .iter()
            .rposition(|step| cosine(step).is_none_or(|c| c < SAME));
        let from = from.map_or(0, |at| at + 1);
        let (says, at) = if from + 1 < steps.len() {
            (
                format!("settle by step {}", grouped(steps[from].step)),
                &steps[from],
            )
        } else {
            let before = before?;
            (
                format!("have not settled by step {}", grouped(before.step)),
                before,
            )
        };
        Some((says, last.rules[n].rule.clone(), figure(cosine(at)?)))
    };
    let said: Vec<_> = (0..last.rules.len()).filter_map(of).collect();
    Some(format!(
        "The {} {}: the cosine with those of step {}.",
        plural(training.setting.subject.sample()),
        under(&said)?,
        grouped(last.step)
    ))
}

/// Whether f depends on what is marked as relevant.
fn flipping(last: &StepFigures, pixel: &str) -> Option<String> {
    let pixels = plural(pixel);
    let of = |rule: &RuleFigures| {
        let (area, random) = (rule.flipping_area?, rule.random_area?);
        let says = if area > random + 0.005 {
            format!("faster than in random order, so it depends on the relevant {pixels},")
        } else if area < random - 0.005 {
            format!(
                "more slowly than in random order, so it does not depend most on the relevant {pixels},"
            )
        } else {
            "as fast as in random order".to_owned()
        };
        Some((says, rule.rule.clone(), figure(area)))
    };
    let said: Vec<_> = last.rules.iter().filter_map(of).collect();
    let random = last.rules.iter().find_map(|rule| rule.random_area)?;
    Some(format!(
        "As the most relevant {pixels} are taken away at step {}, f falls {}: the area over the curve, in random order {}.",
        grouped(last.step),
        under(&said)?,
        figure(random)
    ))
}

/// What lies on units that did not fire.
fn silent(last: &StepFigures) -> Option<String> {
    let of = |rule: &RuleFigures| {
        let carried = rule.silent_relevance.filter(|carried| *carried > 0.0)?;
        Some((String::new(), rule.rule.clone(), percent(carried)))
    };
    let said: Vec<_> = last.rules.iter().filter_map(of).collect();
    Some(format!(
        "At step {} units that did not fire carry a part of f(x) on one level, {}: the sums still hold, but R_j = c_j·x_j, \
         which the theory assumes, does not hold there.",
        grouped(last.step),
        under(&said)?
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
