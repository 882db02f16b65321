//! Products with fixed weights of values in a row: layers whose every unit sees every value.

use std::rc::Rc;

use super::draft::{Draft, Kernel, Map, by_channel, spread};
use super::drafts::Origin;
use super::gate::{Gate, origin};
use super::model::Node;
use super::places::{self, Moved};
use super::rearrange::{finite, int};
use super::refusal::refused;
use super::tensor::Tensor;
use super::value::{Value, View};
use crate::error::Invalid;
use crate::network::linear::Window;
use crate::network::matrix::Matrix;
use crate::network::{Activation, FloatSlice, Shape};

impl Gate<'_> {
    /// `α A B + β C` with B and C of the file.
    pub(super) fn gemm(&mut self, node: &Node) -> Result<Value, Invalid> {
        let given = self.data(node, 0)?;
        let turns = int(node, "transA", 0)? != 0;
        let view = if turns {
            self.turned(&given)?
        } else {
            given.clone()
        };
        let [_, inputs] = view.shape[..] else {
            return Err(sides(&view, 2));
        };
        let mut weights = self.weights(node, 1, int(node, "transB", 0)? != 0)?;
        let alpha = finite(node, "alpha", 1.0)?;
        if (alpha - 1.0).abs() > 0.0 {
            self.drafts.budget.take(weights.view().numbers().len(), 8)?;
            weights.to_mut().mapv_inplace(|w| w * alpha);
        }
        check_inputs(inputs, &weights).map_err(|invalid| {
            if !turns {
                return invalid;
            }
            let (given, made) = (&given.shape, &view.shape);
            let turned = format!("transA = 1 makes {made:?} of values of shape {given:?}");
            let help = "export the model with transA = 0: a sample is a row";
            invalid.below(&turned).help(help)
        })?;
        let made = self.dense(node, node.input(1), &view, weights)?;
        let Some(bias) = self.factors(node, 2)? else {
            return Ok(Value::Data(made));
        };
        let beta = finite(node, "beta", 1.0)?;
        self.with_bias(node, &made, &bias, |c| [1.0, beta * c])
            .map(Value::Data)
    }

    /// Rows for columns.
    fn turned(&mut self, view: &View) -> Result<View, Invalid> {
        if view.shape.len() != 2 {
            return Err(sides(view, 2));
        }
        let moved = places::transpose(&view.shape, &[1, 0], &mut self.drafts.budget)?;
        Ok(self.show(view, moved))
    }

    /// A product of values with weights of the file, on either side.
    pub(super) fn matmul(&mut self, node: &Node) -> Result<Value, Invalid> {
        let (first, second) = (self.needed(node, 0)?, self.needed(node, 1)?);
        match (first, second) {
            (Value::Data(_), Value::Known(_)) => {
                let view = self.data(node, 0)?;
                let weights = self.weights(node, 1, false)?;
                check_inputs(view.shape.last().copied().unwrap_or(0), &weights)?;
                self.dense(node, node.input(1), &view, weights)
                    .map(Value::Data)
            }
            (Value::Known(_), Value::Data(_)) => self.column(node).map(Value::Data),
            _ => Err(refused("it multiplies values with values")
                .help("deep Taylor explains linear maps with fixed weights: --model-output NAME explains a value before it")),
        }
    }

    /// A matrix of the file times a column of values.
    fn column(&mut self, node: &Node) -> Result<View, Invalid> {
        let view = self.data(node, 1)?;
        let weights = self.weights(node, 0, true)?;
        let inputs = view.units();
        let is_column = match view.shape[..] {
            [_] => true,
            [.., rows, columns] => rows == inputs && columns == 1,
            [] => false,
        };
        if !is_column {
            return Err(refused(format!(
                "a matrix times values of shape {:?}, which are no column",
                view.shape
            )));
        }
        check_inputs(inputs, &weights)?;
        let mut shape = view.shape.clone();
        let rows = shape.len().saturating_sub(2);
        (_, shape[rows]) = weights.view().dim();
        let made = self.dense(node, node.input(0), &view, weights)?;
        Ok(View { shape, ..made })
    }

    /// A matrix of the file, inputs × units.
    fn weights(&mut self, node: &Node, n: usize, transposed: bool) -> Result<Matrix, Invalid> {
        let tensor = self.factors(node, n)?;
        let tensor = tensor.ok_or_else(|| refused("the weights are missing"))?;
        let tensor = self.own(tensor)?;
        let shape = match tensor.shape[..] {
            [rows, columns] => [rows, columns],
            [rows] => [rows, 1],
            _ => {
                let expected = "expected weights of two sides";
                return Err(Invalid::new("", expected, format!("{:?}", tensor.shape)));
            }
        };
        let weights = Matrix::by_rows(tensor.into_floats(), shape);
        let weights =
            weights.ok_or_else(|| refused("the weights are not as many as their sides say"))?;
        Ok(if transposed {
            weights.transposed()
        } else {
            weights
        })
    }

    /// Numbers for a layer: a copy, where others read them too.
    pub(super) fn own(&mut self, tensor: Rc<Tensor>) -> Result<Tensor, Invalid> {
        match Rc::try_unwrap(tensor) {
            Ok(tensor) => Ok(tensor),
            Err(tensor) => {
                self.drafts.budget.take(tensor.len(), 8)?;
                Ok(Tensor::clone(&tensor))
            }
        }
    }

    /// The numbers of a tensor in 64 bits.
    pub(super) fn widened(&mut self, tensor: Tensor) -> Result<Vec<f64>, Invalid> {
        let floats = tensor.into_floats();
        if let FloatSlice::Single(numbers) = floats.view() {
            self.drafts.budget.take(numbers.len(), 8)?;
        }
        Ok(floats.into_f64())
    }

    /// A layer of weights over the last side of values.
    fn dense(
        &mut self,
        node: &Node,
        named: Option<&str>,
        view: &View,
        weights: Matrix,
    ) -> Result<View, Invalid> {
        let (inputs, units) = weights.view().dim();
        let origin = origin(node, named);
        let mut shape = view.shape.clone();
        if let Some(last) = shape.last_mut() {
            *last = units;
        }
        let rows = view.units().checked_div(inputs).unwrap_or(0);
        if rows != 1 {
            return self.rows(&origin, view, (weights, rows), shape);
        }
        let all = self.drafts.units(view.level);
        self.drafts.budget.take(inputs, 16)?;
        let (level, weights) = match view.places(all) {
            // The weights of each input in the order of the level.
            Some(places) if view.order.is_some() => {
                self.drafts
                    .budget
                    .take(weights.view().numbers().bytes(), 1)?;
                (view.level, weights.select(&places))
            }
            Some(_) => (view.level, weights),
            None => (self.drafts.values(&origin, view)?, weights),
        };
        let made = self.drafts.push(
            &origin,
            vec![level],
            Map::Weights(weights),
            Shape::Flat(units),
        )?;
        self.after_scale(made)?;
        Ok(View::whole(made, shape))
    }

    /// The same weights for each of several rows: a convolution of one tap.
    fn rows(
        &mut self,
        origin: &Origin,
        view: &View,
        (weights, rows): (Matrix, usize),
        shape: Vec<usize>,
    ) -> Result<View, Invalid> {
        let (inputs, units) = weights.view().dim();
        let moved = places::transpose(&[rows, inputs], &[1, 0], &mut self.drafts.budget)?;
        let picture = self.show(view, moved);
        let input = [inputs, rows, 1];
        let level = self.drafts.picture(origin, &picture, input)?;
        self.drafts
            .budget
            .take(weights.view().numbers().len(), 16)?;
        let kernel = Kernel {
            input,
            weights: weights.by_column().into_numbers().into_f64(),
            shape: [units, inputs, 1, 1],
            window: POINT,
            groups: 1,
        };
        let made = Shape::Image([units, rows, 1]);
        let level = self
            .drafts
            .push(origin, vec![level], Map::Kernel(kernel), made)?;
        let back = places::transpose(&[units, rows], &[1, 0], &mut self.drafts.budget)?;
        let all = View::whole(level, vec![units, rows]);
        Ok(self.show(
            &all,
            Moved {
                shape,
                from: back.from,
            },
        ))
    }

    /// Folds a scale that only this layer reads into its weights, where no padding stands between.
    pub(super) fn after_scale(&mut self, made: usize) -> Result<(), Invalid> {
        if self.written {
            return Ok(());
        }
        let Some(&from) = self.drafts.layers[made - 1].reads.first() else {
            return Ok(());
        };
        let Some(below) = self.drafts.read_once(from) else {
            return Ok(());
        };
        let (Map::Scaled { weights, .. }, Activation::Identity) = (&below.map, below.activation)
        else {
            return Ok(());
        };
        // One a channel where that is enough, one a unit elsewhere.
        let all = weights.len().max(below.bias.len());
        let scale: Vec<f64> = spread(weights, all, 1.0).collect();
        let shift: Vec<f64> = spread(&below.bias, all, 0.0).collect();
        let (operator, name) = (below.operator.clone(), below.name.clone());
        self.drafts.widen(made)?;
        if self.drafts.layers[made - 1].take_below(&scale, &shift) {
            self.drafts.pass_by(made, from);
            self.log.passed_on(operator, name, [from, made]);
        }
        Ok(())
    }
}

/// A window of one tap.
pub(super) const POINT: Window = Window {
    kernel: [1, 1],
    stride: [1, 1],
    dilation: [1, 1],
    padding: [0; 4],
};

impl Draft {
    /// Folds `x ↦ s x + t` of every input into the weights; whether that could be done exactly.
    fn take_below(&mut self, scale: &[f64], shift: &[f64]) -> bool {
        let units = self.shape.units();
        let bias = match &mut self.map {
            Map::Weights(weights) => {
                let (inputs, _) = weights.view().dim();
                let pairs = spread(scale, inputs, 1.0).zip(spread(shift, inputs, 0.0));
                let mut bias = vec![0.0; units];
                for (mut row, (s, t)) in weights.to_mut().rows_mut().into_iter().zip(pairs) {
                    for (w, b) in row.iter_mut().zip(&mut bias) {
                        *b += t * *w;
                        *w *= s;
                    }
                }
                bias
            }
            Map::Kernel(kernel) => match kernel.take_below(scale, shift) {
                Some(bias) => bias,
                None => return false,
            },
            _ => return false,
        };
        self.bias = bias;
        true
    }
}

impl Kernel {
    /// The same of a convolution without padding, where each channel has one factor and one summand: the bias of every channel
    /// that follows, or none where it cannot be done.
    fn take_below(&mut self, scale: &[f64], shift: &[f64]) -> Option<Vec<f64>> {
        let [channels, ..] = self.input;
        if self.window.padding != [0; 4] {
            return None;
        }
        let (scale, shift) = (by_channel(scale, channels)?, by_channel(shift, channels)?);
        let [out, of_group, rows, columns] = self.shape;
        let taps = rows * columns;
        let mut bias = vec![0.0; out];
        for (k, plane) in self.weights.chunks_mut(taps).enumerate() {
            let (o, i) = (k / of_group, k % of_group);
            let channel = (o / (out / self.groups)) * of_group + i;
            for w in plane {
                bias[o] += shift[channel] * *w;
                *w *= scale[channel];
            }
        }
        Some(bias)
    }
}

fn check_inputs(inputs: usize, weights: &Matrix) -> Result<(), Invalid> {
    let (rows, _) = weights.view().dim();
    if inputs == rows {
        return Ok(());
    }
    let expected = format!("expected weights for {inputs} values");
    Err(Invalid::new("", expected, format!("weights for {rows}")))
}

fn sides(view: &View, sides: usize) -> Invalid {
    Invalid::new(
        "",
        format!("expected values of {sides} sides"),
        format!("{:?}", view.shape),
    )
}
