//! What stands at the end of a network, behind the values that are explained: a softmax or sigmoid, and what makes classes of it.

use std::rc::Rc;

use super::fates::Fate;
use super::gate::Gate;
use super::model::Node;
use super::refusal::refused;
use super::value::{EndNode, Value, View};
use crate::error::Invalid;

/// What 1 − p is called, where p is a sigmoid that was left off.
pub(super) const COMPLEMENT: &str = "1 − Sigmoid";
/// What both are called beside each other.
const BOTH: &str = "1 − Sigmoid beside Sigmoid";
const SIGMOID: &str = "Sigmoid";

impl Gate<'_> {
    /// A softmax or sigmoid: left off, as long as nothing but the output is behind it.
    pub(super) fn end(&mut self, node: &Node) -> Result<Value, Invalid> {
        let mut view = self.data(node, 0)?;
        view.end = Some(node.operator.into());
        view.end_node = Some(Rc::new(EndNode {
            place: node.place(),
            before: node.input(0).unwrap_or_default().to_owned(),
        }));
        self.log.note(node, Fate::LeftOff);
        Ok(Value::Data(view))
    }

    /// 1 − p of a p that is a sigmoid, as scikit-learn writes the probability of the other class.
    pub(super) fn complement(&mut self, node: &Node) -> Result<Option<Value>, Invalid> {
        let [one, p] = [self.input(node, 0)?, self.input(node, 1)?];
        match (one, p) {
            (Some(Value::Known(one)), Some(Value::Data(view)))
                if one.len() == 1
                    && one.floats().first() == Some(&1.0)
                    && view.ends_in(SIGMOID) =>
            {
                self.log.note(node, Fate::LeftOff);
                let end = Some(COMPLEMENT.into());
                Ok(Some(Value::Data(View { end, ..view })))
            }
            _ => Ok(None),
        }
    }

    /// The probabilities 1 − p and p side by side: they say no more than the values whose sigmoids p are.
    pub(super) fn both_classes(&mut self, node: &Node) -> Result<Option<Value>, Invalid> {
        let [first, second] = [self.input(node, 0)?, self.input(node, 1)?];
        let (Some(Value::Data(first)), Some(Value::Data(second)), 2) =
            (first, second, node.inputs.len())
        else {
            return Ok(None);
        };
        let (other, p) = if first.ends_in(COMPLEMENT) {
            (first, second)
        } else {
            (second, first)
        };
        let of_one = other.level == p.level && other.order == p.order;
        if !(of_one && other.ends_in(COMPLEMENT) && p.ends_in(SIGMOID)) {
            return Ok(None);
        }
        self.log.note(node, Fate::LeftOff);
        let end = Some(BOTH.into());
        Ok(Some(Value::Data(View { end, ..p })))
    }

    /// What makes classes of values; a map from names to values keeps them.
    pub(super) fn labels(&mut self, node: &Node) -> Result<Vec<Value>, Invalid> {
        let value = self.needed(node, 0)?;
        if let (Value::Data(_), "ZipMap") = (&value, node.operator) {
            return Ok(vec![value]);
        }
        Ok(vec![Value::Label(node.operator.to_owned())])
    }
}

/// Whether a node leaves values as they are: 1 − p and p, of which one is left, cannot be told apart any more.
pub(super) fn check_whole(node: &Node, view: &View) -> Result<(), Invalid> {
    if !view.ends_in(BOTH) || matches!(node.operator, "Identity" | "Cast" | "Dropout") {
        return Ok(());
    }
    Err(refused("it takes the probabilities 1 − p and p apart, of which the value before the sigmoid is read")
            .help("--model-output NAME explains the value before the sigmoid"))
}
