//! Opens every kind of page in a real browser. Where no Chromium is installed the tests say so and pass.
//!
//! `SCREENSHOTS=folder cargo test --test browser` leaves pictures of all pages there, in light and dark.

mod chromium;
mod page;
#[path = "../helpers/program.rs"]
mod program;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use base64::Engine;
use chromium::Browser;
use program::{fed, json, run};
use serde_json::{Value, json};

/// Kinds of pages, each with what makes its JSON.
const PAGES: [(&str, &[&str]); 16] = [
    ("explanation", &["explain"]),
    ("failing", &["explain", "networks/lost-relevance.json"]),
    ("silent", &["explain", "networks/silent-pool.json"]),
    ("images", &["explain", "networks/mnist-32.json"]),
    ("exact", &["explain", "--exact"]),
    ("taylor", &["taylor", "networks/xor.json", "--sample", "1"]),
    ("function", &["taylor", "--at", "nearest", "--exact"]),
    (
        "comparison",
        &[
            "compare", "--seeds", "10", "--bias", "-0.1", "--rule", "w2,z+",
        ],
    ),
    (
        "training",
        &[
            "train",
            "--layers",
            "1x28x28,30,20,pool:2",
            "--steps",
            "0,10,40",
            "--digits",
            "0-3",
            "--explain",
            "8",
        ],
    ),
    (
        "difference",
        &[
            "diff",
            "networks/mnist-32.json",
            "--rule",
            "w2,gradient-x-input",
        ],
    ),
    ("samples", &["explain", "networks/lines.json"]),
    (
        "failing-samples",
        &["explain", "tests/cases/fails-by-more.json", "--rule", "z+"],
    ),
    (
        "answers",
        &[
            "explain",
            "tests/cases/answers.json",
            "--inputs",
            "tests/cases/answers.csv",
        ],
    ),
    (
        "several-rules",
        &["explain", "--rule", "w2,z+,epsilon:0.25,alpha-beta:2,1"],
    ),
    (
        "convolution",
        &["explain", "networks/mnist-conv.json", "--sample", "3"],
    ),
    (
        "evaluation",
        &[
            "evaluate",
            "networks/xor.json",
            "--rule",
            "w2,flat,z+,epsilon,alpha-beta:2,1",
        ],
    ),
];

/// The page of this kind, and what makes its JSON.
fn page_of(kind: &str) -> (&'static str, &'static [&'static str]) {
    let found = PAGES.into_iter().find(|(of, _)| *of == kind);
    found.expect("a kind of pages")
}

/// A browser, or none and a word about it.
fn browser() -> Option<Browser> {
    let browser = Browser::start();
    if browser.is_none() {
        assert!(std::env::var_os("CI").is_none(), "CI installs a browser");
        // Straight to stderr: what a passing test prints is not shown.
        let _ = writeln!(std::io::stderr(), "skipped, for there is no chromium");
    }
    browser
}

/// Writes the page of a kind, and gives the JSON that it was made of.
fn written(folder: &Path, kind: &str, arguments: &[&str]) -> (PathBuf, Value) {
    let result = json(arguments);
    let output = fed(&["report"], result.to_string().as_bytes());
    let file = folder.join(format!("{kind}.html"));
    fs::write(&file, output.stdout).expect("written");
    (file, result)
}

fn keep(browser: &mut Browser, name: &str) {
    if let Some(folder) = std::env::var_os("SCREENSHOTS") {
        let picture = browser.picture();
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(picture)
            .expect("base64");
        let folder = PathBuf::from(folder);
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join(format!("{name}.png")), bytes).expect("written");
    }
}

#[test]
fn every_page_opens_without_a_complaint_or_a_request_and_fits_its_window() {
    let Some(mut browser) = browser() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    for (kind, arguments) in PAGES {
        let (file, _) = written(folder.path(), kind, arguments);
        for (width, scheme) in [
            (360, "light"),
            (360, "dark"),
            (400, "light"),
            (1000, "light"),
            (1000, "dark"),
            (1600, "light"),
        ] {
            browser.open(&file, width, scheme);
            let what = format!("{kind} at {width} in {scheme}");
            let wide = browser.value("document.documentElement.scrollWidth");
            assert_eq!(wide, json!(width), "{what}: nothing to scroll sideways");
            keep(&mut browser, &format!("{kind}-{width}-{scheme}"));
            assert_eq!(browser.complaints(), [""; 0], "{what}");
            assert_eq!(browser.requests(), [""; 0], "{what}");
        }
    }
}

#[test]
fn a_page_that_complains_asks_and_overflows_is_caught() {
    let Some(mut browser) = browser() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("bad.html");
    let body =
        "<img src=missing.png><div style='width:900px'>wide</div><script>undefined_name()</script>";
    fs::write(&file, body).expect("written");
    browser.open(&file, 360, "light");
    assert!(
        browser
            .value("document.documentElement.scrollWidth")
            .as_u64()
            > Some(360)
    );
    assert!(!browser.complaints().is_empty());
    assert_eq!(browser.requests().len(), 1);
}

#[test]
fn the_numbers_that_the_browser_shows_are_those_of_the_json() {
    let Some(mut browser) = browser() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    for (kind, arguments) in [
        page_of("explanation"),
        page_of("failing"),
        page_of("silent"),
    ] {
        let (file, result) = written(folder.path(), kind, arguments);
        browser.open(&file, 1000, "light");
        // The tables of a sample's layers, from the output down; the sum of each stands in its caption.
        let tables = browser.value(
            "[...document.querySelectorAll('table')].filter(t => / layer \\d/.test(t.caption.textContent)) \
             .map(t => [...[...t.tBodies[0].rows].map(r => r.cells[2]), t.caption].map(c => Number(c.querySelector('data').value)))",
        );
        let layers = result["samples"][0]["layers"].as_array().expect("a list");
        for (table, layer) in tables.as_array().expect("tables").iter().rev().zip(layers) {
            let mut expected = layer["relevance"].as_array().expect("a list").clone();
            expected.push(layer["sum"].clone());
            let numbers = |list: &[Value]| list.iter().map(program::number).collect::<Vec<f64>>();
            assert_eq!(
                numbers(table.as_array().expect("rows")),
                numbers(&expected),
                "{kind}"
            );
        }
        assert_eq!(tables.as_array().expect("tables").len(), layers.len());
    }
}

#[test]
fn pointing_at_a_band_and_moving_to_it_by_keyboard_tell_its_ends_and_its_amount() {
    let Some(mut browser) = browser() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let (file, result) = written(folder.path(), "explanation", page_of("explanation").1);
    browser.open(&file, 1000, "light");
    let told = "document.querySelector('.told').textContent";
    let stops = browser.value(
        "[...document.querySelectorAll('svg [tabindex=\"0\"]')].filter(mark => mark.getClientRects().length > 0).length",
    );
    assert_eq!(stops, json!(1), "one stop of the Tab key a drawing");
    let before = browser.value(told);
    browser.point_at("path.edge:last-of-type");
    let pointed = browser.value(told);
    assert_ne!(before, pointed);
    browser.value("document.querySelector('path.edge').focus()");
    let focused = browser.value(told);
    let text = focused.as_str().expect("a text");
    assert_eq!(text, "unit 0 → x1: 0.3226 (8.5 %)");
    let edge = &result["samples"][0]["flow"]["edges"][0][0];
    let shown = browser.value("Number(document.querySelector('path.edge').dataset.relevance)");
    assert_eq!(
        program::number(&shown).to_bits(),
        program::number(&edge["relevance"]).to_bits()
    );
    browser.press("ArrowRight", 39);
    assert_ne!(
        browser.value(told),
        focused,
        "an arrow key goes on to the next"
    );
}

#[test]
fn every_part_of_every_drawing_tells_its_amount() {
    let Some(mut browser) = browser() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    for (kind, arguments) in [
        page_of("taylor"),
        page_of("comparison"),
        page_of("training"),
    ] {
        let (file, _) = written(folder.path(), kind, arguments);
        browser.open(&file, 1000, "light");
        let silent = browser.value(
            "[...document.querySelectorAll('[data-told]')].filter(mark => mark.getClientRects().length > 0) \
             .filter(mark => { mark.focus(); return mark.closest('figure').querySelector('.told').textContent !== mark.dataset.told; }) \
             .length",
        );
        assert_eq!(silent, json!(0), "{kind}");
        let marks = browser.value("document.querySelectorAll('[data-told]').length");
        assert!(marks.as_u64() > Some(3), "{kind}");
    }
}

#[test]
fn the_slider_shows_one_step_at_a_time_and_obeys_the_keyboard() {
    let Some(mut browser) = browser() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let (file, result) = written(folder.path(), "training", page_of("training").1);
    browser.open(&file, 1000, "light");
    let seen = "[...document.querySelectorAll('.step')].filter(s => s.offsetHeight > 0).map(s => s.dataset.label)";
    let last = browser.value(seen);
    assert_eq!(last.as_array().expect("a list").len(), 1);
    assert!(
        last[0]
            .as_str()
            .expect("a label")
            .starts_with("step 40: accuracy"),
        "{last}"
    );
    browser.value("document.querySelector('.slider input').focus()");
    browser.press("ArrowLeft", 37);
    let before = browser.value(seen);
    assert!(
        before[0]
            .as_str()
            .expect("a label")
            .starts_with("step 10: accuracy"),
        "{before}"
    );
    let explained = |step: &Value| {
        let rules = step["rules"].as_array().expect("a list").iter();
        let digits = rules.flat_map(|rule| rule["digits"].as_array().expect("a list"));
        digits.filter(|digit| digit["f"] != json!(0.0)).count()
    };
    let steps = result["steps"].as_array().expect("a list").iter();
    let relevance: usize = steps.map(explained).sum();
    let drawn = |browser: &mut Browser, of: &str| {
        browser.value(&format!(
            "[...document.querySelectorAll('{of} img')].filter(i => i.complete && i.naturalWidth === 28).length"
        ))
    };
    assert_eq!(
        drawn(&mut browser, ".steps"),
        json!(relevance + 3 * 4),
        "4 digits at 3 steps, each with its relevance where there is any"
    );
    assert_eq!(
        drawn(&mut browser, ".contact"),
        json!(relevance + 2 * 4),
        "every step beside the others, for each of 2 rules"
    );
    assert_eq!(
        browser.value("document.querySelectorAll('.contact .nothing').length"),
        json!(3 * 4 * 2 - relevance),
        "where f(x) = 0 that is said"
    );
}

#[test]
fn a_wrong_answer_is_marked_by_a_colour_a_sign_and_words() {
    let Some(mut browser) = browser() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let (file, result) = written(folder.path(), "training", page_of("training").1);
    browser.open(&file, 1000, "light");
    let steps = result["steps"].as_array().expect("a list").iter();
    let digits = steps.flat_map(|step| step["rules"].as_array().expect("a list"));
    let digits = digits.flat_map(|rule| {
        let digits = rule["digits"].as_array().expect("a list").iter();
        digits.zip(result["digits"].as_array().expect("a list"))
    });
    let is_wrong = |(digit, own): &(&Value, &Value)| {
        digit["f"] != json!(0.0) && digit["predicted"] != own["class"]
    };
    let wrong = digits.filter(is_wrong).count();
    let marked = browser.value(
        "[...document.querySelectorAll('.contact td')].filter(td => td.textContent.startsWith('×\u{a0}says\u{a0}')) \
         .filter(td => getComputedStyle(td).color !== getComputedStyle(document.body).color).length",
    );
    assert!(wrong > 0);
    assert_eq!(marked, json!(wrong));
}

/// The texts of what is drawn of a flow that lie on one another.
const COLLISIONS: &str = "(() => {
  const apart = (a, b) => a.right <= b.left + 1 || b.right <= a.left + 1 || a.bottom <= b.top + 3 || b.bottom <= a.top + 3;
  return [...document.querySelectorAll('.drawing')].flatMap(drawing => {
    const texts = [...drawing.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]);
    return texts.flatMap(([a, r], n) => texts.slice(n + 1).filter(([, s]) => r.width * s.width > 0 && !apart(r, s)).map(([b]) => a + ' on ' + b));
  });
})()";

#[test]
fn a_flow_lies_on_a_wide_page_and_stands_on_a_narrow_one_uncut_and_no_text_on_another() {
    let Some(mut browser) = browser() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let seen = "[...document.querySelectorAll('.drawing')].filter(d => d.offsetHeight > 0).map(d => d.className.trim())";
    for (kind, arguments) in [
        page_of("explanation"),
        ("residual", &["explain", "networks/residual.json"]),
        ("deep", &[]),
    ] {
        let file = if kind == "deep" {
            deep(folder.path())
        } else {
            written(folder.path(), kind, arguments).0
        };
        for (width, expected) in [(360, "drawing in-narrow"), (1000, "drawing in-wide")] {
            browser.open(&file, width, "light");
            let expected = if kind == "deep" { "drawing" } else { expected };
            let seen = browser.value(seen);
            let seen = seen.as_array().expect("a list");
            assert!(
                !seen.is_empty() && seen.iter().all(|class| class == expected),
                "{kind} at {width}: {seen:?}"
            );
            let cut = browser.value(
                "[...document.querySelectorAll('.drawing')].filter(d => d.scrollWidth > d.clientWidth).length",
            );
            assert_eq!(cut, json!(0), "{kind} at {width}");
            assert_eq!(browser.value(COLLISIONS), json!([]), "{kind} at {width}");
        }
    }
}

/// The page of a network of twenty layers of many units.
fn deep(folder: &Path) -> PathBuf {
    let weights = vec![vec![1.0; 16]; 16];
    let layer = json!({ "type": "dense", "weights": weights, "activation": "relu" });
    let network = json!({
        "name": "deep", "input": { "shape": [16] }, "layers": vec![layer; 20], "inputs": [vec![1.0; 16]]
    });
    let page = fed(
        &["explain", "-", "--format", "html"],
        network.to_string().as_bytes(),
    )
    .stdout;
    let file = folder.join("deep.html");
    fs::write(&file, page).expect("written");
    file
}

#[test]
fn text_of_a_file_runs_no_script() {
    let Some(mut browser) = browser() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let network = json!({
        "name": "</title><script>document.title = 'broken'</script>",
        "input": { "shape": [1], "names": ["\"><img src=x onerror=\"document.title='broken'\">"] },
        "layers": [{ "type": "dense", "weights": [[1.0]], "activation": "relu" }],
        "outputs": ["<svg onload=\"document.title='broken'\">"], "inputs": [[1]]
    });
    let page = fed(
        &["explain", "-", "--format", "html"],
        network.to_string().as_bytes(),
    )
    .stdout;
    let file = folder.path().join("evil.html");
    fs::write(&file, page).expect("written");
    browser.open(&file, 1000, "light");
    assert_ne!(browser.value("document.title"), json!("broken"));
    assert_eq!(browser.value("document.scripts.length"), json!(1));
    assert_eq!(browser.complaints(), [""; 0]);
    assert_eq!(run(&["--version"]).status.code(), Some(0));
}

/// Contrast of two colours, as WCAG 2 has it.
const CONTRAST: &str = "(() => {
  const light = c => { const v = c.match(/[\\d.]+/g).slice(0, 3).map(x => x / 255)
    .map(x => x <= .04045 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4); return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; };
  const paper = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
    if (!c.startsWith('rgba(0, 0, 0, 0')) return c; } return 'rgb(255, 255, 255)'; };
  let least = 99;
  for (const e of document.querySelectorAll('body *')) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) || ['SCRIPT', 'STYLE'].includes(e.tagName)) continue;
    const style = getComputedStyle(e), svg = e.namespaceURI.includes('svg');
    const [a, b] = [light(svg ? style.fill : style.color), light(paper(e))];
    least = Math.min(least, (Math.max(a, b) + .05) / (Math.min(a, b) + .05));
  }
  return least;
})()";

#[test]
fn every_text_has_a_contrast_of_four_and_a_half_in_light_and_dark() {
    let Some(mut browser) = browser() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    for (kind, arguments) in [
        page_of("failing"),
        page_of("comparison"),
        page_of("training"),
    ] {
        let (file, _) = written(folder.path(), kind, arguments);
        for scheme in ["light", "dark"] {
            browser.open(&file, 1000, scheme);
            let least = program::number(&browser.value(CONTRAST));
            assert!((4.5..99.0).contains(&least), "{kind} in {scheme}: {least}");
        }
    }
}
