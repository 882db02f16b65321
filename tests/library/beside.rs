//! Relevance beside that of zennit and captum on the same networks: `examples/beside_zennit_captum.py` has computed theirs.
//!
//! `UPDATE_GUIDE=1 cargo test --test library beside` writes the tables of the guide's chapter anew.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use deeptaylor::relevance::audit::Balance;
use deeptaylor::relevance::{Gradient, GradientExplainer, RuleBias};
use deeptaylor::{Explainer, Network, Plan, Preset, Target};
use ndarray::s;
use serde::Deserialize;

/// The golden file, as the others are called.
pub const FILE: &str = "beside";

/// What rounding may part two computations by, as a part of `Σ|R|`.
const ROUNDING: f64 = 1e-13;

#[derive(Deserialize)]
struct Golden {
    packages: BTreeMap<String, String>,
    refused: Vec<Refused>,
    networks: Vec<Beside>,
}

/// A module that a package has no rule for, and what it says.
#[derive(Deserialize)]
struct Refused {
    package: String,
    module: String,
    error: String,
}

/// A network with what the packages make of its first sample.
#[derive(Deserialize)]
struct Beside {
    file: String,
    target: usize,
    value: f64,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    package: String,
    rule: String,
    bias: String,
    setting: String,
    relevance: Vec<f64>,
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn golden() -> Golden {
    let text = fs::read_to_string(here("tests/golden/beside.json")).expect("the file is there");
    serde_json::from_str(&text).expect("the golden file")
}

/// This program's relevance of the inputs, and its balance.
fn ours(beside: &Beside, rule: &str, bias: &str) -> (Vec<f64>, Balance) {
    let network = Network::read(here(&beside.file)).expect("a network");
    let preset: Preset = rule.parse().expect("a rule");
    let bias = match bias {
        "drop" => RuleBias::Drop,
        "keep" => RuleBias::Keep,
        other => panic!("bias {other}"),
    };
    let plan = Plan::of(&network, preset).expect("the bounds hold 0");
    let mut explainer = Explainer::new(&plan.with_bias(bias));
    let x = network.samples().slice(s![..1, ..]).to_owned();
    let batch = explainer.explain(x.view(), &Target::Max).expect("finite");
    let chosen = &batch.chosen()[0];
    assert_eq!(chosen.output, Some(beside.target), "{}", beside.file);
    assert!((chosen.value - beside.value).abs() <= 1e-14 * beside.value.abs());
    let balance = batch.audits()[0].balance;
    assert!(balance.holds);
    (batch.relevance(0).row(0).to_vec(), balance)
}

/// `Σ|R − R'| / Σ|R|`
fn difference(ours: &[f64], theirs: &[f64]) -> f64 {
    assert_eq!(ours.len(), theirs.len());
    let parts = ours.iter().zip(theirs).map(|(r, other)| (r - other).abs());
    parts.sum::<f64>() / ours.iter().map(|r| r.abs()).sum::<f64>()
}

impl Beside {
    fn name(&self) -> &str {
        let name = self.file.rsplit('/').next().expect("a name");
        name.strip_suffix(".json").expect("a network file")
    }

    /// What a package finds, if it has the rule.
    fn theirs(&self, package: &str, rule: &str, bias: &str, setting: &str) -> Option<&[f64]> {
        let mut cases = self.cases.iter();
        let found = cases.find(|case| {
            [&case.package, &case.rule, &case.bias, &case.setting]
                .iter()
                .zip([package, rule, bias, setting])
                .all(|(own, asked)| own.as_str() == asked)
        });
        found.map(|case| &case.relevance[..])
    }

    /// How far a package is from this program, with the same biases.
    fn apart(&self, package: &str, rule: &str, bias: &str, setting: &str) -> Option<f64> {
        let theirs = self.theirs(package, rule, bias, setting)?;
        Some(difference(&ours(self, rule, bias).0, theirs))
    }
}

/// Whether a rule has only positive shares whatever the values are: the packages have relevance on units that did not fire.
fn looks_at_weights_alone(rule: &str) -> bool {
    ["w2", "flat", "zB"].contains(&rule)
}

/// Where bare settings do not agree, though the rule has the same name, and why.
fn has_another_definition(network: &str, case: &Case) -> bool {
    match (&case.package[..], &case.rule[..], &case.bias[..]) {
        // zennit's WSquare has b_j² in the denominator; its ZBox stands on the first layer, WSquare above.
        ("zennit", "w2" | "zB", "keep") => true,
        // captum has x_i w_ij⁺ also where x_i is below 0; kept biases are in its denominators as they are, not as q.
        ("captum", "z+" | "gamma:0.25", bias) => network == "dense" || bias == "keep",
        _ => false,
    }
}

fn is_gradient(case: &Case) -> bool {
    case.rule.contains("gradient")
}

#[test]
fn with_nothing_added_to_denominators_the_packages_agree_where_they_define_the_same() {
    let mut agreeing = 0;
    for beside in &golden().networks {
        let bare = beside.cases.iter().filter(|case| case.setting == "bare");
        for case in bare.filter(|case| !is_gradient(case)) {
            let apart = beside.apart(&case.package, &case.rule, &case.bias, "bare");
            let apart = apart.expect("it is there");
            let what = format!(
                "{}, {}, {}, bias {}: {apart:e}",
                beside.name(),
                case.package,
                case.rule,
                case.bias
            );
            if has_another_definition(beside.name(), case) {
                assert!(apart > 1e-3, "{what}");
            } else {
                assert!(apart <= ROUNDING, "{what}");
                agreeing += 1;
            }
        }
    }
    assert_eq!(agreeing, 2 * 14 + 4 + 6, "cases that agree");
}

#[test]
fn pass_and_norm_matter_only_where_units_carry_relevance_that_did_not_fire() {
    for beside in &golden().networks {
        let settings = ["no-pass", "norm"];
        for case in (beside.cases.iter()).filter(|case| settings.contains(&&case.setting[..])) {
            let apart = beside.apart("zennit", &case.rule, "drop", &case.setting);
            let apart = apart.expect("it is there");
            let matters = apart > 1e-3;
            assert_eq!(
                matters,
                looks_at_weights_alone(&case.rule),
                "{}, {}, {}: {apart:e}",
                beside.name(),
                case.rule,
                case.setting
            );
            assert!(matters || apart <= ROUNDING);
        }
    }
}

/// How many digits agree, or how far the two are apart.
fn agreement(apart: Option<f64>) -> String {
    match apart {
        None => "–".to_owned(),
        Some(apart) if apart <= ROUNDING => {
            let digits = (1..=16).take_while(|&digits| apart <= 0.1_f64.powi(digits));
            format!("{} digits", digits.count())
        }
        Some(apart) => format!("differs by {}", part(apart)),
    }
}

/// A part of a whole, in per cent or in powers of ten.
fn part(part: f64) -> String {
    if part < 1e-3 {
        format!("{part:.0e}")
    } else {
        percent(part)
    }
}

/// What a setting changes.
fn change(apart: Option<f64>) -> String {
    match apart {
        None => "–".to_owned(),
        Some(apart) if apart <= ROUNDING => "nothing".to_owned(),
        Some(apart) => part(apart),
    }
}

fn percent(part: f64) -> String {
    let percent = 100.0 * part;
    let text = if percent.abs() < 10.0 {
        format!("{percent:.1}")
    } else {
        format!("{percent:.0}")
    };
    let text = text.strip_suffix(".0").unwrap_or(&text);
    let text = if text == "-0" { "0" } else { text };
    format!("{text} %")
}

/// A table in Markdown: the header, and rows that begin with the name of a rule.
fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let rule = format!("|---|{}", "--:|".repeat(header.len() - 1));
    let mut lines = vec![format!("| {} |", header.join(" | ")), rule];
    lines.extend(rows.iter().map(|row| format!("| {} |", row.join(" | "))));
    lines.join("\n")
}

const RULES: [&str; 8] = [
    "w2",
    "flat",
    "z+",
    "zB",
    "z",
    "epsilon:0.25",
    "gamma:0.25",
    "alpha-beta:2,1",
];

fn row(rule: &str, cells: impl IntoIterator<Item = String>) -> Vec<String> {
    [format!("`{rule}`")].into_iter().chain(cells).collect()
}

/// To how many digits a package agrees, biases dropped and kept.
fn agreements(networks: &[Beside], package: &str) -> String {
    let header = [
        &format!("{package}, nothing added")[..],
        "dense, dropped",
        "conv, dropped",
        "dense, kept",
        "conv, kept",
    ];
    let columns = [(0, "drop"), (1, "drop"), (0, "keep"), (1, "keep")];
    let has = |rule: &&str| networks[0].theirs(package, rule, "drop", "bare").is_some();
    let rows = RULES.into_iter().filter(has).map(|rule| {
        let cell = |(n, bias): (usize, &str)| networks[n].apart(package, rule, bias, "bare");
        row(rule, columns.map(|column| agreement(cell(column))))
    });
    table(&header, &rows.collect::<Vec<_>>())
}

/// What one setting changes, on the network with pools.
fn changes(networks: &[Beside]) -> String {
    let header = [
        "conv, dropped",
        "zennit's stabiliser",
        "without Pass",
        "with Norm",
        "no rule on pools",
        "captum's stabiliser",
    ];
    let settings = [
        ("zennit", "stabilizer"),
        ("zennit", "no-pass"),
        ("zennit", "norm"),
        ("zennit", "no-norm"),
        ("captum", "stabilizer"),
    ];
    let rows = RULES.map(|rule| {
        let apart = |(package, setting)| {
            let bare = networks[1].theirs(package, rule, "drop", "bare")?;
            let other = networks[1].theirs(package, rule, "drop", setting)?;
            Some(difference(bare, other))
        };
        row(rule, settings.map(|setting| change(apart(setting))))
    });
    table(&header, &rows)
}

/// What reaches the inputs, as a part of f(x).
fn reaching(beside: &Beside) -> String {
    let header = [
        beside.name(),
        "dropped",
        "kept",
        "zennit's defaults",
        "captum's defaults",
    ];
    let rows = RULES.map(|rule| {
        let own = |bias| percent(ours(beside, rule, bias).1.input / beside.value);
        let theirs = |package| {
            let relevance = beside.theirs(package, rule, "keep", "default");
            let sum = relevance.map(|relevance| relevance.iter().sum::<f64>());
            sum.map_or("–".to_owned(), |sum| percent(sum / beside.value))
        };
        let cells = [own("drop"), own("keep"), theirs("zennit"), theirs("captum")];
        row(rule, cells)
    });
    table(&header, &rows)
}

/// Where f(x) goes, as the balance has it.
fn balances(beside: &Beside) -> String {
    let header = [
        beside.name(),
        "biases",
        "inputs",
        "lost",
        "absorbed by biases",
        "absorbed by ε",
    ];
    let with_bias = RULES
        .into_iter()
        .filter(|rule| !looks_at_weights_alone(rule));
    let both = with_bias.flat_map(|rule| [(rule, "drop", "dropped"), (rule, "keep", "kept")]);
    let rows = both.map(|(rule, bias, word)| {
        let balance = ours(beside, rule, bias).1;
        let parts = [
            balance.input,
            balance.lost,
            balance.absorbed_by_bias,
            balance.absorbed_by_epsilon,
        ];
        let parts = parts.map(|part| percent(part / balance.value));
        row(rule, [word.to_owned()].into_iter().chain(parts))
    });
    table(&header, &rows.collect::<Vec<_>>())
}

const GRADIENTS: [&str; 3] = ["gradient", "gradient-x-input", "integrated-gradients:50"];

/// How far captum's gradient method is from this program's, from a baseline of zeros.
fn gradient_apart(beside: &Beside, method: &str, setting: &str) -> Option<f64> {
    let theirs = beside.theirs("captum", method, "keep", setting)?;
    let network = Network::read(here(&beside.file)).expect("a network");
    let asked: Gradient = method.parse().expect("a method");
    let mut explainer = GradientExplainer::new(&network, asked).expect("the network is small");
    if asked.has_baseline() {
        let zeros = vec![0.0; network.input_units()];
        explainer = explainer.with_baseline(zeros).expect("finite values");
    }
    let x = network.samples().slice(s![..1, ..]).to_owned();
    let batch = explainer.explain_each(x.view(), &[Target::Max], &[0]);
    let batch = batch.expect("finite values");
    Some(difference(&batch.relevance().row(0).to_vec(), theirs))
}

#[test]
fn gradient_methods_are_those_of_captum_by_default_but_for_signs_and_quadrature() {
    for beside in &golden().networks {
        for method in GRADIENTS {
            let apart = gradient_apart(beside, method, "bare").expect("it is there");
            // captum has the weights of its steps in 32 bits.
            let within = if method.starts_with("integrated") {
                1e-7
            } else {
                ROUNDING
            };
            assert!(apart <= within, "{}, {method}: {apart:e}", beside.name());
            if let Some(apart) = gradient_apart(beside, method, "default") {
                assert!(apart > 1e-3, "{}, {method}: {apart:e}", beside.name());
            }
        }
    }
}

/// Gradient methods, by captum's settings that agree and by its own.
fn gradients(networks: &[Beside]) -> String {
    let header = [
        "captum's gradients",
        "dense",
        "conv",
        "dense, by default",
        "conv, by default",
    ];
    let columns = [(0, "bare"), (1, "bare"), (0, "default"), (1, "default")];
    let rows = GRADIENTS.map(|method| {
        let cell = |(n, setting): (usize, &str)| gradient_apart(&networks[n], method, setting);
        row(method, columns.map(|column| agreement(cell(column))))
    });
    table(&header, &rows)
}

/// A chapter with this table in the place of the one with the same header.
fn with_table(chapter: &str, table: &str) -> String {
    let header = table.lines().next().expect("a header");
    let (before, rest) = chapter
        .split_once(header)
        .unwrap_or_else(|| panic!("the chapter has no table\n{table}"));
    let after: Vec<&str> = (rest.split('\n').skip(1))
        .skip_while(|line| line.starts_with('|'))
        .collect();
    format!("{before}{table}\n{}", after.join("\n"))
}

#[test]
fn the_tables_of_the_chapter_are_those_of_the_golden_file() {
    let Golden {
        packages,
        refused,
        networks,
    } = golden();
    let file = here("src/guide/beside.md");
    let chapter = fs::read_to_string(&file).expect("the chapter");
    for package in ["torch", "zennit", "captum"] {
        let told = format!("{package} {}", packages[package]);
        assert!(chapter.contains(&told), "the chapter says {told}");
    }
    for Refused {
        package,
        module,
        error,
    } in refused
    {
        assert!(error.contains("no rule"), "{package}: {error}");
        assert!(
            chapter.contains(&format!("`{module}`")),
            "{package}: {module}"
        );
    }
    let tables = [
        agreements(&networks, "zennit"),
        agreements(&networks, "captum"),
        changes(&networks),
        gradients(&networks),
        reaching(&networks[0]),
        reaching(&networks[1]),
        balances(&networks[0]),
        balances(&networks[1]),
    ];
    let written = (tables.iter()).fold(chapter.clone(), |text, table| with_table(&text, table));
    if env::var_os("UPDATE_GUIDE").is_some() {
        fs::write(&file, &written).expect("the chapter can be written");
    } else {
        assert_eq!(chapter, written);
    }
}
