//! Holds a result against what is read back of it.

use std::fmt::Debug;

use deeptaylor::render::{self, Document, Text};
use deeptaylor::result::{self, AnyResult};

use crate::written::written;

/// That a result is read back as it was, with finite numbers only in its page; gives its Markdown and its text.
pub fn assert_comes_back(result: AnyResult) -> [String; 2] {
    let text = written(&result);
    let read = match result::read("written", &text) {
        Ok(read) => read,
        Err(error) => panic!("{error}\n{}", String::from_utf8_lossy(&text)),
    };
    assert_same(&read, &[result]);
    let document = Document::new(&read);
    let shown = Text::new(80, 5);
    let text = match &read[0] {
        AnyResult::Explanation(result) => shown.explanation(result),
        AnyResult::Exact(result) => shown.explanation(result),
        AnyResult::Several(result) => shown.explanations(result, true),
        AnyResult::ExactSeveral(result) => shown.explanations(result, true),
        AnyResult::Taylor(result) => shown.taylor(result),
        AnyResult::TaylorFunction(result) => shown.taylor_function(result),
        AnyResult::Comparison(result) => shown.document(&result.into()),
        AnyResult::Training(result) => shown.document(&result.into()),
        AnyResult::Evaluation(result) => shown.document(&result.into()),
        AnyResult::Difference(result) => shown.difference(result),
    };
    let page = render::html(&document);
    let numbers = page.split("<data value=\"").skip(1);
    for number in numbers.filter_map(|part| part.split('"').next()) {
        let number: f64 = number.parse().expect("a number");
        assert!(number.is_finite());
    }
    [render::markdown(&document), text]
}

fn assert_same<T: PartialEq + Debug>(found: &[T], expected: &[T]) {
    assert!(found == expected, "{found:#?} is not {expected:#?}");
}

/// That no word of a text is a number gone wrong.
pub fn assert_finite(text: &str) {
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    let wrong = words.find(|word| ["inf", "nan"].contains(&word.to_lowercase().as_str()));
    assert!(wrong.is_none(), "{text}");
}
