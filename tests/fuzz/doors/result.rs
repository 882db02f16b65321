//! Results read back, whole or as lines.

use deeptaylor::render::{self, Document, Text};
use deeptaylor::result::{self, AnyResult, Difference, Explained, NetworkInfo, SampleDifference};
use deeptaylor::{Network, Plan, Rule};

use super::held;
use crate::written::written;

/// The text of a result: of one or several documents, or of lines of figure 4.
pub fn result(bytes: &[u8]) {
    let says_kind = result::is_result(bytes);
    if result::is_lines(bytes) {
        return lines(bytes);
    }
    match result::read("result.json", bytes) {
        Ok(results) => {
            assert!(says_kind, "a result says that it is one");
            for result in &results {
                comes_back(result);
            }
            shown(&results);
        }
        Err(error) => held::told(&error),
    }
}

/// Lines of `explain --format jsonl`, beside the network that they are of.
fn lines(bytes: &[u8]) {
    let rules = match result::read_lines("result.jsonl", bytes) {
        Ok(rules) => rules,
        Err(error) => return held::told(&error),
    };
    let network = Network::figure_4();
    let plan = Plan::of(&network, Rule::WSquared).expect("w² is defined everywhere");
    for rule in rules {
        match rule.of_network("result.jsonl", NetworkInfo::new(&network, &plan)) {
            Ok(explanation) => {
                let explanation = AnyResult::Explanation(explanation);
                comes_back(&explanation);
                shown(&[explanation]);
            }
            Err(error) => held::told(&error),
        }
    }
}

/// That a result is written and read again as it is.
pub fn comes_back(result: &AnyResult) {
    let text = written(result);
    let again = match result::read("written", &text) {
        Ok(again) => again,
        Err(error) => panic!(
            "what was written is refused: {error}\n{}",
            String::from_utf8_lossy(&text)
        ),
    };
    assert!(
        again == std::slice::from_ref(result),
        "another result comes back of {}",
        String::from_utf8_lossy(&text)
    );
    assert_eq!(written(&again[0]), text, "other bytes come back");
}

/// That results become every kind of document; the texts and figures of it.
pub fn shown(results: &[AnyResult]) -> Vec<String> {
    let document = Document::new(results);
    let page = render::html(&document);
    let numbers = page.split("<data value=\"").skip(1);
    for number in numbers.filter_map(|part| part.split('"').next()) {
        let finite = number.parse::<f64>().is_ok_and(f64::is_finite);
        assert!(finite, "{number} on a page");
    }
    let mut texts = vec![
        render::markdown(&document),
        render::latex(&document),
        Text::new(80, 5).document(&document),
    ];
    let figures = render::figures(&document).into_iter();
    texts.extend(figures.map(|(_, figure)| figure));
    for text in &texts {
        held::plain(text);
    }
    results.iter().for_each(compared);
    texts
}

/// That an explanation differs from itself by nothing.
fn compared(result: &AnyResult) {
    let explained = || match result {
        AnyResult::Explanation(one) => Some(Explained::new(one, "a")),
        AnyResult::Exact(one) => Some(Explained::new(one, "a")),
        _ => None,
    };
    let (Some(a), Some(b)) = (explained(), explained()) else {
        return;
    };
    match Difference::between(a, b) {
        Ok(difference) => {
            let mut samples = difference.samples.iter();
            assert!(
                samples.all(SampleDifference::is_same),
                "it differs from itself: {difference:?}"
            );
            held::plain(&Text::new(80, 5).difference(&difference));
        }
        Err(invalid) => held::plain(&invalid.to_string()),
    }
}
