//! The graph of an ONNX file while it grows: operations, constants, and the tensor that each level of the network is.

use std::collections::HashSet;

use super::model::{self, Attribute, Node};
use super::proto::Message;
use crate::error::Invalid;
use crate::network::{FloatSlice, Precision, Shape};

/// A weight or bias that is not written as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Rounding {
    /// The layer and key, as a JSON path.
    pub place: String,
    /// The number of the network.
    pub exact: f64,
    /// The number of the file.
    pub written: f64,
}

impl Rounding {
    /// How far the numbers are apart.
    pub fn size(&self) -> f64 {
        (self.exact - self.written).abs()
    }
}

pub(super) struct Graph {
    pub(super) precision: Precision,
    pub(super) nodes: Vec<Node>,
    pub(super) constants: Vec<Message>,
    /// The largest so far.
    pub(super) rounding: Option<Rounding>,
    /// The version of the operators that is needed.
    pub(super) opset: i64,
    /// What the layer that is being written is called.
    layer: String,
    /// For each level the tensors that hold it, with the shape of each.
    levels: Vec<Vec<(Shape, String)>>,
    names: HashSet<String>,
}

impl Graph {
    pub(super) fn new(precision: Precision) -> Self {
        Self {
            precision,
            nodes: Vec::new(),
            constants: Vec::new(),
            rounding: None,
            opset: 17,
            layer: String::new(),
            levels: Vec::new(),
            names: HashSet::new(),
        }
    }

    /// From here on, operations are those of the layer that makes the next level.
    pub(super) fn of_layer(&mut self, name: &str) {
        name.clone_into(&mut self.layer);
    }

    /// Says that a value is the next level, in this shape.
    pub(super) fn push_level(&mut self, shape: Shape, value: String) {
        self.levels.push(vec![(shape, value)]);
    }

    /// The shape of a level.
    pub(super) fn shape_of(&self, level: usize) -> Shape {
        self.levels[level][0].0
    }

    /// The value that a level is, in this shape.
    pub(super) fn level(&mut self, level: usize, shape: Shape) -> String {
        let known = self.levels[level].iter().find(|(of, _)| *of == shape);
        if let Some((_, value)) = known {
            return value.clone();
        }
        let (_, value) = self.levels[level][0].clone();
        let value = self.reshaped(value, shape);
        self.levels[level].push((shape, value.clone()));
        value
    }

    /// A value in another shape.
    pub(super) fn reshaped(&mut self, value: String, shape: Shape) -> String {
        let sides = sides(&shape.sides());
        self.reshaped_to(value, &sides)
    }

    /// The same with these sides for each sample.
    pub(super) fn reshaped_to(&mut self, value: String, sides: &[i64]) -> String {
        // 0 keeps the number of samples.
        let shape = self.integers("shape", &[&[0], sides].concat());
        self.node("Reshape", vec![value, shape], Vec::new())
    }

    /// An operation; gives the value that it makes.
    pub(super) fn node(
        &mut self,
        operator: &'static str,
        inputs: Vec<String>,
        attributes: Vec<Attribute>,
    ) -> String {
        let output = self.fresh(&format!("{}/{operator}", self.layer));
        self.nodes.push(Node {
            operator,
            name: output.clone(),
            inputs,
            output: output.clone(),
            attributes,
        });
        output
    }

    /// Constant numbers under the key of the network file that they come from.
    ///
    /// # Errors
    ///
    /// [`Invalid`] when one is too large for the precision.
    pub(super) fn numbers(
        &mut self,
        key: &str,
        shape: &[i64],
        numbers: FloatSlice,
    ) -> Result<String, Invalid> {
        for exact in numbers.iter() {
            let written = self.precision.kept(exact);
            if written.is_infinite() {
                let expected = "expected numbers that 32 bits can hold, at most 3.4e38";
                let help = "write numbers of 64 bits: --double";
                return Err(Invalid::new(key, expected, exact).help(help));
            }
            self.round(key, exact, written);
        }
        let name = match key {
            "weights" => self.fresh(&format!("{}.weight", self.layer)),
            _ => self.fresh(&format!("{}.{key}", self.layer)),
        };
        let tensor = model::numbers(&name, shape, numbers, self.precision);
        self.constants.push(tensor);
        Ok(name)
    }

    /// Keeps a rounding, where it is the largest.
    fn round(&mut self, key: &str, exact: f64, written: f64) {
        let largest = self.rounding.as_ref().map_or(0.0, Rounding::size);
        if (exact - written).abs() > largest {
            self.rounding = Some(Rounding {
                place: format!("layers[{}].{key}", self.levels.len() - 1),
                exact,
                written,
            });
        }
    }

    /// Constant numbers that come from no file.
    pub(super) fn constant(&mut self, what: &str, shape: &[i64], numbers: &[f64]) -> String {
        let name = self.fresh(&format!("{}.{what}", self.layer));
        let numbers = FloatSlice::Double(numbers);
        let tensor = model::numbers(&name, shape, numbers, self.precision);
        self.constants.push(tensor);
        name
    }

    /// Constant whole numbers.
    pub(super) fn integers(&mut self, what: &str, values: &[i64]) -> String {
        let name = self.fresh(&format!("{}.{what}", self.layer));
        self.constants.push(model::integers(&name, values));
        name
    }

    /// A name that nothing else has.
    pub(super) fn fresh(&mut self, name: &str) -> String {
        let mut fresh = name.to_owned();
        let mut n = 1;
        while !self.names.insert(fresh.clone()) {
            n += 1;
            fresh = format!("{name}_{n}");
        }
        fresh
    }
}

/// Sides as ONNX has them.
pub(super) fn sides(sides: &[usize]) -> Vec<i64> {
    sides.iter().map(|side| whole(*side)).collect()
}

/// A number as ONNX has it.
pub(super) fn whole(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Graph, Precision};

    #[test]
    fn a_name_that_is_taken_is_counted_on() {
        let mut graph = Graph::new(Precision::Single);
        let names = ["a", "a_3", "a", "a", "b"].map(|name| graph.fresh(name));
        assert_eq!(names, ["a", "a_3", "a_2", "a_4", "b"]);
    }
}
