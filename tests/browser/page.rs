//! The page of an explanation, of several samples and of several rules: what stands where, at which width.

use serde_json::{Value, json};

use super::chromium::Browser;
use super::{PAGES, browser, keep, written};

/// What the browser says of every page that `kinds` names, at these widths.
fn at_widths(
    kinds: &[&str],
    widths: &[u32],
    mut judge: impl FnMut(&mut Browser, &str, u32, &Value),
) {
    let Some(mut browser) = browser() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let chosen = PAGES.into_iter().filter(|(kind, _)| kinds.contains(kind));
    for (kind, arguments) in chosen {
        let (file, result) = written(folder.path(), kind, arguments);
        for &width in widths {
            browser.open(&file, width, "light");
            judge(&mut browser, kind, width, &result);
        }
    }
}

/// Words of tables that begin on one line and end on another.
const BROKEN: &str = "(() => {
  const broken = [];
  for (const cell of document.querySelectorAll('table th, table td')) {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      for (const word of text.data.matchAll(/\\S+/g)) {
        const range = document.createRange();
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top)));
        if (word[0].length <= 24 && lines.size > 1) broken.push(word[0]);
      }
    }
  }
  return broken;
})()";

#[test]
fn no_word_of_a_table_is_broken_and_none_is_cut_at_any_width() {
    let kinds = PAGES.map(|(kind, _)| kind);
    at_widths(
        &kinds,
        &[360, 400, 1000, 1600],
        |browser, kind, width, _| {
            browser
                .value("document.querySelectorAll('details').forEach(it => { it.open = true; })");
            let what = format!("{kind} at {width}");
            assert_eq!(browser.value(BROKEN), json!([]), "{what}");
            let cut = browser.value(
            "[...document.querySelectorAll('.scroll')].filter(it => it.scrollWidth > it.clientWidth + 1) \
             .map(it => it.getAttribute('aria-label'))",
        );
            assert_eq!(cut, json!([]), "{what}");
            let wide = browser.value("document.documentElement.scrollWidth");
            assert_eq!(wide, json!(width), "{what}: nothing to scroll sideways");
            keep(browser, &format!("opened-{kind}-{width}"));
        },
    );
}

/// How far apart the points of the numbers of a column are, at the most over all columns of levels.
const POINTS: &str = "(() => {
  let apart = 0;
  for (const table of document.querySelectorAll('table')) {
    if (!/layer \\d/.test(table.caption.textContent)) continue;
    for (const column of [1, 2]) {
      const places = [...table.tBodies[0].rows].map(row => {
        const walk = document.createTreeWalker(row.cells[column], NodeFilter.SHOW_TEXT);
        let place = null;
        for (let text = walk.nextNode(); text; text = walk.nextNode()) {
          const point = /[.e]/.exec(text.data);
          const range = document.createRange();
          range.setStart(text, point ? point.index : text.length);
          range.setEnd(text, point ? point.index : text.length);
          place = range.getBoundingClientRect().left;
          if (point) break;
        }
        return place;
      });
      apart = Math.max(apart, Math.max(...places) - Math.min(...places));
    }
  }
  return apart;
})()";

#[test]
fn the_points_of_a_column_stand_below_each_other_and_what_fills_in_is_no_text() {
    at_widths(
        &["explanation", "failing"],
        &[400, 1000, 1600],
        |browser, kind, width, _| {
            let apart = browser.value(POINTS).as_f64().expect("a number");
            assert!(apart < 1.0, "{kind} at {width}: {apart} px");
            let texts = browser.value(
            "[...document.querySelectorAll('td data')].every(it => Math.abs(Number(it.textContent.replace(/[,%▲▼<> ]/g, '')) \
             / (it.textContent.includes('%') ? 100 : 1) - it.value) <= 0.006 * Math.max(1, Math.abs(it.value)))",
        );
            assert_eq!(
                texts,
                json!(true),
                "{kind} at {width}: the text is the number"
            );
        },
    );
}

#[test]
fn what_it_comes_to_stands_before_the_figures_and_these_before_the_levels() {
    at_widths(&["explanation"], &[400, 1600], |browser, _, width, _| {
        let tops = browser.value(
            "['.verdict', '.sentences', 'figure svg', 'table'].map(it => [...document.querySelectorAll(it)].find(it => it.checkVisibility()).getBoundingClientRect().top)",
        );
        let tops: Vec<f64> = tops
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(Value::as_f64)
            .collect();
        assert!(
            tops[0] < tops[2] && tops[1] < tops[2] + 60.0 && tops[2] < tops[3] + 60.0,
            "{width}: {tops:?}"
        );
        let side_by_side = browser.value(
            "(() => { const [a, b] = ['.sentences', 'figure'].map(it => document.querySelector(it).getBoundingClientRect()); return a.right <= b.left; })()",
        );
        assert_eq!(
            side_by_side,
            json!(width == 1600),
            "sentences beside drawings where there is room"
        );
    });
}

#[test]
fn figures_and_tables_are_numbered_through_the_page_and_the_hint_stands_once() {
    at_widths(
        &["explanation", "several-rules", "comparison"],
        &[1000],
        |browser, kind, _, _| {
            for (what, of) in [("Figure", "figcaption > b"), ("Table", "caption > b")] {
                let numbers = browser.value(&format!(
                "[...document.querySelectorAll('{of}')].map(it => it.textContent.match(/^{what} (\\d+)\\./)).filter(it => it).map(it => Number(it[1]))"
            ));
                let numbers = numbers.as_array().expect("a list").clone();
                assert_eq!(
                    numbers,
                    (1..=numbers.len()).map(|n| json!(n)).collect::<Vec<_>>(),
                    "{kind}: {what}"
                );
                assert!(!numbers.is_empty());
            }
            let hints =
                browser.value("document.body.innerText.split('Point at a part').length - 1");
            assert_eq!(hints, json!(1), "{kind}");
        },
    );
}

#[test]
fn a_sample_of_the_gallery_opens_its_detail_by_keyboard_and_each_link_has_its_end() {
    at_widths(&["samples"], &[1000], |browser, _, _, result| {
        let samples = result["samples"].as_array().expect("a list").len();
        assert_eq!(
            browser.value("document.querySelectorAll('.gallery li').length"),
            json!(samples)
        );
        let lost = browser.value(
            "[...document.querySelectorAll('.gallery a')].filter(it => !document.getElementById(it.hash.slice(1))).length",
        );
        assert_eq!(lost, json!(0));
        let opened = "[...document.querySelectorAll('details.sample')].map((it, n) => it.open ? n : -1).filter(n => n >= 0)";
        assert_eq!(browser.value(opened), json!([]), "all are folded at first");
        browser.value(
            "window.toggled = new Promise(done => document.addEventListener('toggle', done, { capture: true, once: true })); 0",
        );
        browser.value("document.querySelectorAll('.gallery a')[2].focus()");
        browser.press_enter();
        // Not before it is open, and not for ever.
        browser.value("Promise.race([window.toggled, new Promise(done => setTimeout(done, 10000))]).then(() => true)");
        assert_eq!(browser.value(opened), json!([2]));
    });
}

#[test]
fn samples_that_fail_by_most_come_first() {
    at_widths(&["failing-samples"], &[1000], |browser, _, _, result| {
        let first = browser.value(
            "Number(document.querySelector('.gallery strong').textContent.match(/\\d+/)[0])",
        );
        assert_eq!(first, result["summary"]["worst"][0]["sample"]);
        assert_ne!(first, json!(0));
        let marked = browser
            .value("document.querySelector('.gallery li').querySelectorAll('.fact.fails').length");
        assert_eq!(marked, json!(1));
    });
}

#[test]
fn wrong_answers_come_before_the_others_in_a_colour_with_a_sign_and_words() {
    at_widths(&["answers"], &[1000], |browser, _, _, result| {
        let outputs = result["network"]["layers"][1]["names"]
            .as_array()
            .expect("a list");
        let samples = result["samples"].as_array().expect("a list").iter();
        let says = samples.filter_map(|sample| {
            let label = match &sample["label"] {
                Value::String(label) => label.clone(),
                label => label.to_string(),
            };
            let found = |name: &Value| *name == label[..];
            let index = || label.parse().ok().filter(|&index| index < outputs.len());
            let own = outputs.iter().position(found).or_else(index)?;
            // The target is the largest output.
            let target = sample["target"]["index"].as_u64().expect("an output");
            (own as u64 != target).then(|| {
                let says = outputs[usize::try_from(target).expect("small")].as_str();
                format!("× says {}, label {label}", says.expect("a name"))
            })
        });
        let says: Vec<String> = says.collect();
        assert_eq!(says.len(), 2);
        let first = browser.value(
            "[...document.querySelectorAll('.gallery li')].slice(0, 2).map(it => it.querySelector('.fact.fails').textContent)",
        );
        assert_eq!(first, json!(says));
        let coloured = browser.value(
            "[...document.querySelectorAll('.gallery .fact.fails')].filter(it => getComputedStyle(it).color !== getComputedStyle(document.body).color).length",
        );
        assert_eq!(coloured, json!(says.len()));
    });
}

#[test]
fn a_convolution_has_the_maps_of_its_most_relevant_channels_with_the_numbers_of_the_json() {
    at_widths(&["convolution"], &[1000], |browser, _, _, result| {
        let of = result["samples"][0]["channels"].as_array().expect("a list");
        let expected: Vec<String> = (of.iter())
            .flat_map(|level| level["channels"].as_array().expect("a list"))
            .map(|one| format!("channel {}", one["channel"]))
            .collect();
        let shown = browser.value(
            "[...document.querySelectorAll('.image figcaption')].map(it => it.textContent).filter(it => it.startsWith('channel'))",
        );
        assert_eq!(shown, json!(expected));
        let amounts: Vec<f64> = (of.iter())
            .flat_map(|level| level["channels"].as_array().expect("a list"))
            .flat_map(|one| ["relevance", "share"].map(|key| one[key].as_f64()))
            .flatten()
            .collect();
        let shown = browser
            .value("[...document.querySelectorAll('.image data')].map(it => Number(it.value))");
        let shown = shown.as_array().expect("a list").iter();
        assert_eq!(
            shown.map(crate::program::number).collect::<Vec<_>>(),
            amounts
        );
        assert!(expected.len() >= 24, "four levels, six channels each");
    });
}

#[test]
fn paper_has_every_sample_and_every_formula_is_set() {
    at_widths(&["samples"], &[1000], |browser, _, _, _| {
        browser.call("Emulation.setEmulatedMedia", json!({ "media": "print" }));
        let hidden = browser.value(
            "[...document.querySelectorAll('details.sample > .cards')].filter(it => it.getBoundingClientRect().height < 100).length",
        );
        assert_eq!(hidden, json!(0), "samples are printed in full");
        let plain = browser.value(
            "[...document.querySelectorAll('.down')].filter(it => !it.querySelector('math') || it.querySelector('math').getBoundingClientRect().height < 10).length",
        );
        assert_eq!(plain, json!(0));
        browser.call("Emulation.setEmulatedMedia", json!({ "media": "screen" }));
    });
}

#[test]
fn the_pictures_of_a_gallery_can_be_seen() {
    at_widths(
        &["samples", "failing-samples"],
        &[360, 1000],
        |browser, kind, width, _| {
            let sides = "[...document.querySelectorAll('.gallery img, .gallery svg')].map(it => it.getBoundingClientRect().width)";
            let sides = browser.value(sides);
            let sides = sides.as_array().expect("a list");
            assert!(!sides.is_empty(), "{kind} at {width}");
            let is_small = |side: &Value| side.as_f64().is_none_or(|side| side < 40.0);
            assert!(!sides.iter().any(is_small), "{kind} at {width}: {sides:?}");
        },
    );
}
