//! A result of any kind as its command writes it.

use deeptaylor::render;
use deeptaylor::result::AnyResult;

/// Its JSON.
pub fn written(result: &AnyResult) -> Vec<u8> {
    let mut text = Vec::new();
    match result {
        AnyResult::Explanation(result) => render::json(result, &mut text),
        AnyResult::Exact(result) => render::json(result, &mut text),
        AnyResult::Several(result) => render::json(result, &mut text),
        AnyResult::ExactSeveral(result) => render::json(result, &mut text),
        AnyResult::Taylor(result) => render::json(result, &mut text),
        AnyResult::TaylorFunction(result) => render::json(result, &mut text),
        AnyResult::Comparison(result) => render::json(result, &mut text),
        AnyResult::Training(result) => render::json(result, &mut text),
        AnyResult::Evaluation(result) => render::json(result, &mut text),
        AnyResult::Difference(result) => render::json(result, &mut text),
    }
    .expect("memory takes it");
    text
}
