//! What a file to be compared is, and what of a result is compared.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::Path;

use deeptaylor::Network;
use deeptaylor::network::Example;
use deeptaylor::printable::printable;
use deeptaylor::result::{self, Amount, AnyResult, Explained, Explanations, Training};

use crate::cli::stdin::is_stdin;
use crate::cli::{Failure, failure};

/// A file, by its content.
pub enum Given {
    /// To be explained.
    Network,
    /// Of what was explained.
    Result(Box<AnyResult>),
}

/// What is chosen of results.
pub struct Choice<'c> {
    /// The names of rules that are asked for.
    pub rules: Vec<String>,
    /// The steps of trainings.
    pub steps: &'c [usize],
}

impl Given {
    /// Looks into a file: a result says its `kind`, and what does not is taken for a network.
    pub fn read(file: &Path) -> Result<Self, Failure> {
        if Example::of_path(file).is_some() || !may_be_text(file) {
            return Ok(Self::Network);
        }
        let (called, text) = Network::source(file)?;
        if result::is_lines(&text) {
            return Err(Failure::Usage(format!(
                "{}: these are lines of explain --format jsonl, which do not describe their network\n  \
                 help: explain --format json makes a whole result",
                printable(&called)
            )));
        }
        if !result::is_result(&text) {
            return if is_file(file) {
                Ok(Self::Network)
            } else {
                // What came down a pipe is gone.
                Err(Failure::Usage(format!(
                    "{}: expected a result of explain or train in JSON\n  help: networks are compared from files",
                    name(file)
                )))
            };
        }
        let mut results = result::read(&called, &text)?;
        match (results.pop(), results.len()) {
            (Some(result), 0) => Ok(Self::Result(Box::new(result))),
            (_, more) => Err(Failure::Usage(format!(
                "{}: expected one result, found {}\n  help: put each into a file of its own",
                printable(&called),
                more + 1
            ))),
        }
    }
}

/// Whether it can be read again.
fn is_file(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|there| there.is_file())
}

/// Whether a file is JSON or gzipped by its first byte; models may be too large to be read twice. A pipe is read once, whatever
/// it brings.
fn may_be_text(file: &Path) -> bool {
    let first = |file: File| {
        let mut bytes = BufReader::new(file).bytes().map_while(Result::ok);
        bytes.find(|byte| !byte.is_ascii_whitespace())
    };
    let is_text = |byte| matches!(byte, b'{' | 0x1f | 0xef);
    !is_file(file) || File::open(file).ok().and_then(first).is_none_or(is_text)
}

/// What a file is called in results and messages.
pub fn name(file: &Path) -> Cow<'_, str> {
    if is_stdin(file) {
        "standard input".into()
    } else {
        file.to_string_lossy()
    }
}

impl Choice<'_> {
    /// Two rules or two steps of one result.
    pub fn of_one(&self, file: &Path, of: &AnyResult) -> Result<[Explained; 2], Failure> {
        let source = name(file);
        match of {
            AnyResult::Several(several) => self.two_rules(&source, several),
            AnyResult::ExactSeveral(several) => self.two_rules(&source, several),
            AnyResult::Training(training) => self.two_steps(&source, training),
            AnyResult::Explanation(_) | AnyResult::Exact(_) => Err(Failure::Usage(format!(
                "{source}: this result has one rule, and nothing to compare it with\n  \
                 help: give a second result, or one of explain --rule w2,z+ --format json"
            ))),
            other => Err(unfit(&source, other)),
        }
    }

    /// One explanation, rule or step of each of two results.
    pub fn of_two(
        &self,
        files: [&Path; 2],
        [a, b]: [&AnyResult; 2],
    ) -> Result<[Explained; 2], Failure> {
        if self.rules.len() > 2 || self.steps.len() > 2 {
            return Err(Failure::Usage(
                "--rule and --steps take one for both results, or one for each".to_owned(),
            ));
        }
        let of = |place: usize, result| self.side(place, &name(files[place]), result);
        Ok([of(0, a)?, of(1, b)?])
    }

    fn side(&self, place: usize, source: &str, of: &AnyResult) -> Result<Explained, Failure> {
        let rule = self.rules.get(place).or(self.rules.first());
        let rule = rule.map(String::as_str);
        if !(self.steps.is_empty() || matches!(of, AnyResult::Training(_))) {
            return Err(no_steps(source));
        }
        match of {
            AnyResult::Explanation(one) => {
                rule_of(source, &[one.rule.as_deref().unwrap_or_default()], rule)?;
                Ok(Explained::new(one, source))
            }
            AnyResult::Exact(one) => {
                rule_of(source, &[one.rule.as_deref().unwrap_or_default()], rule)?;
                Ok(Explained::new(one, source))
            }
            AnyResult::Several(several) => {
                let at = rule_of(source, &several.rules(), rule)?;
                Ok(Explained::new(&several.explanations[at], source))
            }
            AnyResult::ExactSeveral(several) => {
                let at = rule_of(source, &several.rules(), rule)?;
                Ok(Explained::new(&several.explanations[at], source))
            }
            AnyResult::Training(training) => {
                let last = training.steps.len() - 1;
                let asked = self.steps.get(place).or(self.steps.first());
                let step = asked.map_or(Ok(last), |&step| place_of(source, training, step))?;
                let rules = rules_of(training);
                let rule = match rule {
                    None => first_of(source, &rules),
                    Some(_) => rule_of(source, &rules, rule)?,
                };
                Ok(Explained::at_step(training, step, rule, source))
            }
            other => Err(unfit(source, other)),
        }
    }

    fn two_rules<N: Amount>(
        &self,
        source: &str,
        several: &Explanations<N>,
    ) -> Result<[Explained; 2], Failure> {
        if !self.steps.is_empty() {
            return Err(no_steps(source));
        }
        let rules = several.rules();
        let [a, b] = match (&self.rules[..], rules.len()) {
            ([], 2) => [0, 1],
            ([a, b], _) => [
                rule_of(source, &rules, Some(a))?,
                rule_of(source, &rules, Some(b))?,
            ],
            _ => {
                return Err(Failure::Usage(format!(
                    "{source} has {} rules, and two are compared\n  help: --rule A,B chooses two of {}",
                    rules.len(),
                    printable(&rules.join(", "))
                )));
            }
        };
        let of = |at: usize| Explained::new(&several.explanations[at], source);
        Ok([of(a), of(b)])
    }

    /// Two steps under one rule, or two rules at the last step or that which is asked for.
    fn two_steps(&self, source: &str, training: &Training) -> Result<[Explained; 2], Failure> {
        let (rules, last) = (rules_of(training), training.steps.len() - 1);
        let [rule_a, rule_b] = match &self.rules[..] {
            [] => [first_of(source, &rules); 2],
            [one] => [rule_of(source, &rules, Some(one))?; 2],
            [a, b] => [
                rule_of(source, &rules, Some(a))?,
                rule_of(source, &rules, Some(b))?,
            ],
            _ => {
                return Err(Failure::Usage(
                    "--rule takes two rules at the most here".to_owned(),
                ));
            }
        };
        let step = |step: usize| place_of(source, training, step);
        let [a, b] = match *self.steps {
            [] if rule_a != rule_b => [last; 2],
            [] => [0, last],
            [one] if rule_a != rule_b => [step(one)?; 2],
            [a, b] => [step(a)?, step(b)?],
            _ => return Err(Failure::Usage("--steps takes two steps: M,N".to_owned())),
        };
        if (rule_a, a) == (rule_b, b) {
            return Err(Failure::Usage(format!(
                "{source}: A and B are the same step under the same rule; it has {}",
                steps_in_words(training)
            )));
        }
        let of = |step, rule| Explained::at_step(training, step, rule, source);
        Ok([of(a, rule_a), of(b, rule_b)])
    }
}

/// The place of a rule that is asked for, or of the only one.
fn rule_of(source: &str, rules: &[&str], asked: Option<&str>) -> Result<usize, Failure> {
    let has = || printable(&rules.join(", "));
    match asked {
        Some(asked) => rules.iter().position(|rule| *rule == asked).ok_or_else(|| {
            Failure::Usage(format!(
                "--rule: {source} has no explanation under {asked}\n  help: it has {}",
                has()
            ))
        }),
        None if rules.len() == 1 => Ok(0),
        None => Err(Failure::Usage(format!(
            "{source} has {} rules, and one is compared\n  help: --rule chooses: {}",
            rules.len(),
            has()
        ))),
    }
}

/// The first rule of a training, and that there are others.
fn first_of(source: &str, rules: &[&str]) -> usize {
    if rules.len() > 1 {
        failure::note(&format!(
            "{source} has the rules {}; the first is compared, --rule chooses another",
            printable(&rules.join(", "))
        ));
    }
    0
}

fn rules_of(training: &Training) -> Vec<&str> {
    let first = training.steps.first();
    let rules = first.into_iter().flat_map(|step| &step.rules);
    rules.map(|rule| &rule.rule[..]).collect()
}

/// Where a step stands among those that are listed.
fn place_of(source: &str, training: &Training, step: usize) -> Result<usize, Failure> {
    let place = training.steps.iter().position(|one| one.step == step);
    place.ok_or_else(|| {
        Failure::Usage(format!(
            "--steps: {source} has no step {step}\n  help: it has {}",
            steps_in_words(training)
        ))
    })
}

fn steps_in_words(training: &Training) -> String {
    let steps = training.steps.iter().map(|step| step.step.to_string());
    format!("the steps {}", steps.collect::<Vec<String>>().join(", "))
}

fn no_steps(source: &str) -> Failure {
    Failure::Usage(format!(
        "--steps chooses steps of a training, and {source} is a result of explain"
    ))
}

/// A result that has no relevance of samples.
fn unfit(source: &str, of: &AnyResult) -> Failure {
    let found = match of {
        AnyResult::Taylor(_) | AnyResult::TaylorFunction(_) => "of taylor",
        AnyResult::Comparison(_) => "of compare",
        AnyResult::Evaluation(_) => "of evaluate",
        AnyResult::Difference(_) => "of diff",
        _ => "of another kind",
    };
    Failure::Usage(format!(
        "{source}: expected a result of explain or train, found one {found}\n  \
         help: only these have the relevance of the inputs, sample by sample"
    ))
}
