//! `deeptaylor guide exercise FILE`: the task of the seminar, step by step, with the reader's own network.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::Path;
use std::process::Command;

use deeptaylor::printable::{printable, printable_styled};
use deeptaylor::words::count;

use super::{COMMAND, heading, paragraph};
use crate::cli::network::ModelArgs;
use crate::cli::stdin::is_stdin;
use crate::cli::{Failure, Status, stdout};

/// A step: what to look at, the command that shows it, and what to write down.
struct Step {
    title: &'static str,
    before: &'static str,
    /// The words of the command; `FILE` stands for the reader's network, followed by the samples that were given.
    command: &'static [&'static str],
    after: &'static str,
}

const STEPS: [Step; 7] = [
    Step {
        title: "1. The network",
        before: "What is in the file, and does it fit the theory? Detection layers are dense or convolutional with relu, pooling \
                 layers add up.",
        command: &["inspect", "FILE"],
        after: "Write down: how many detection and pooling layers there are, and which of the two properties are promised.",
    },
    Step {
        title: "2. The relevance of all layers",
        before: "f(x) is the relevance of the output. Read from the top: each layer hands all of it to the layer below.",
        command: &["explain", "FILE"],
        after: "Write down: ΣR of every layer, and the relevance of every input. Compute one R_i by hand from the formula behind ↓. \
                Then look at the checks: does every layer sum to f(x), and is no relevance below 0?",
    },
    Step {
        title: "3. Where the rule comes from",
        before: "Each R_j is expanded around a root point x̃: the nearest point, along a search direction, at which the unit is 0. \
                 The first-order terms are what its inputs get.",
        command: &["taylor", "FILE", "--top", "3"],
        after: "Write down: the root point of one unit. Does it lie in the domain of its inputs?",
    },
    Step {
        title: "4. Other rules",
        before: "w² looks at weights only. z⁺ looks at values, too; deep-taylor takes z⁺ above the first layer.",
        command: &["explain", "FILE", "--rule", "w2,z+,deep-taylor"],
        after: "Describe: which inputs carry the relevance under each rule, and why they differ.",
    },
    Step {
        title: "5. Typical initial weights",
        before: "The same layers with weights drawn by typical schemes, 20 networks each, beside your own weights.",
        command: &[
            "compare",
            "FILE",
            "--with",
            "FILE",
            "--schemes",
            "zeros,constant,glorot-normal,he-normal,sparse",
            "--seeds",
            "20",
        ],
        after: "Describe: in which schemes the two properties hold, how f(x) follows the variance of the weights, and why Glorot's \
                and He's weights give the same shares.",
    },
    Step {
        title: "6. Training",
        before: "A network learns digits. At each listed step the same digits are explained.",
        command: &[
            "train",
            "--steps",
            "0,10,100",
            "--layers",
            "1x28x28,32,100,pool:10",
            "--explain",
            "20",
        ],
        after: "Describe: how the share of the relevance on ink changes from step to step, and what the border says.",
    },
    Step {
        title: "7. The images",
        before: "deeptaylor train --steps 0,10,100,1000 --out run draws the relevance of ten digits at every step into run/relevance.png, \
                 and deeptaylor report run/training.json -o training.html makes the page with a slider.",
        command: &[],
        after: "Describe the images with respect to the digits: where the relevance lies before training, when strokes appear, and \
                whether the digits that are taken for others look different.",
    },
];

/// Leads through the steps with a network. On a terminal it waits after each one, so that the file can be changed and the step seen
/// again; elsewhere all steps stand one below the other.
pub(super) fn exercise(file: &Path, input: &[String], width: usize) -> Result<Status, Failure> {
    check(file, input)?;
    let waits = io::stdin().is_terminal() && io::stdout().is_terminal();
    let mut place = 0;
    while let Some(step) = STEPS.get(place) {
        stdout::print_text(&text(step, file, input, width)?)?;
        if !waits {
            place += 1;
            continue;
        }
        match asked()? {
            Answer::On => place += 1,
            Answer::Again => {}
            Answer::Back => place = place.saturating_sub(1),
            Answer::End => break,
        }
    }
    Ok(Status::Holds)
}

/// Refuses a network that no step could be done with.
fn check(file: &Path, input: &[String]) -> Result<(), Failure> {
    if is_stdin(file) {
        return Err(Failure::Usage(
            "the exercise reads the network at each step: expected a file, found stdin".to_owned(),
        ));
    }
    let network = ModelArgs::default().load(file, None)?.network;
    if network.samples().nrows() == 0 && input.is_empty() {
        return Err(Failure::Usage(format!(
            "{}: the file has no sample to explain\n  help: --input X1,X2,… gives one; the network has {}",
            file.display(),
            count(network.input_units(), "input")
        )));
    }
    Ok(())
}

/// What the reader wants next.
enum Answer {
    On,
    Again,
    Back,
    End,
}

fn asked() -> Result<Answer, Failure> {
    let mut out = stdout::open()?;
    write!(
        out,
        "\n[Enter] next step   [r] this step again   [b] back   [q] quit  > "
    )?;
    out.flush()?;
    let mut line = String::new();
    if io::stdin().lock().read_line(&mut line)? == 0 {
        return Ok(Answer::End);
    }
    Ok(match line.trim() {
        "r" => Answer::Again,
        "b" => Answer::Back,
        "q" => Answer::End,
        _ => Answer::On,
    })
}

/// A step with what its command prints now.
fn text(step: &Step, file: &Path, input: &[String], width: usize) -> Result<String, Failure> {
    let mut text = format!(
        "\n{}\n{}",
        heading(step.title, "─"),
        paragraph(step.before, width)
    );
    if !step.command.is_empty() {
        let words = words(step, file, input);
        let shown: Vec<String> = words.iter().map(|word| quoted(word)).collect();
        text += &format!("\n{COMMAND}$ deeptaylor {}{COMMAND:#}\n", shown.join(" "));
        text += &printed(&words)?;
    }
    Ok(text + "\n" + &paragraph(step.after, width))
}

/// The words of a command, with the reader's network and samples in their place.
fn words(step: &Step, file: &Path, input: &[String]) -> Vec<OsString> {
    let mut words = Vec::new();
    for (n, word) in step.command.iter().enumerate() {
        if *word == "FILE" {
            words.push(file.into());
            // The network of a command, and not one that is compared with it.
            if n == 1 && step.command[0] != "inspect" {
                words.extend(
                    input
                        .iter()
                        .flat_map(|values| ["--input".into(), values.into()]),
                );
            }
        } else {
            words.push(word.into());
        }
    }
    words
}

/// What a command prints, errors too.
fn printed(words: &[OsString]) -> Result<String, Failure> {
    let colour = match anstream::AutoStream::choice(&io::stdout()) {
        anstream::ColorChoice::Never => "never",
        _ => "always",
    };
    let mut command = Command::new(env::current_exe()?);
    let output = command.args(["--color", colour]).args(words).output()?;
    let both = [output.stdout, output.stderr].concat();
    Ok(printable_styled(&String::from_utf8_lossy(&both)))
}

/// A word as it is typed into a shell.
fn quoted(word: &OsStr) -> String {
    let word = printable(&word.to_string_lossy());
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:,+=".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word;
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}
