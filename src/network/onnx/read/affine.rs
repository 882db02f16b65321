//! `x ↦ s x + t`, value by value: folded into the layer before where that is linear, else a layer of its own.

use super::draft::{Map, fewest};
use super::fates::Fate;
use super::gate::{Gate, origin};
use super::model::Node;
use super::rearrange::{finite, int};
use super::refusal::refused;
use super::value::{Value, View};
use crate::error::Invalid;
use crate::network::{Activation, Shape};

/// Factors and summands of values.
pub(super) enum Affine {
    /// One pair for all.
    All([f64; 2]),
    /// A pair for each of several runs of so many values.
    Runs(Vec<[f64; 2]>, usize),
}

impl Affine {
    pub(super) fn scalar(scale: f64, shift: f64) -> Self {
        Self::All([scale, shift])
    }

    /// A pair for each run of so many values, one run after the other.
    pub(super) fn runs(pairs: Vec<[f64; 2]>, each: usize) -> Self {
        match pairs.first() {
            Some(first) if pairs.iter().all(|pair| same(*pair, *first)) => Self::All(*first),
            _ => Self::Runs(pairs, each),
        }
    }

    /// Factors and summands, each as long as there are pairs; of one pair for all, `least` of them.
    fn lists(&self, least: usize) -> [Vec<f64>; 2] {
        match self {
            Self::All([scale, shift]) => [vec![*scale; least], vec![*shift; least]],
            Self::Runs(pairs, _) => {
                [0, 1].map(|part| pairs.iter().map(|pair| pair[part]).collect())
            }
        }
    }

    /// Those of the units of a level, of which the unit u is the value `places[u]`.
    fn of_units(&self, places: &[usize]) -> [Vec<f64>; 2] {
        match self {
            Self::All(_) => self.lists(places.len()),
            Self::Runs(pairs, each) => {
                // They begin anew where the sample has a side before the channels.
                let pair = |place: &usize| pairs[place / each % pairs.len()];
                [0, 1].map(|part| places.iter().map(|place| pair(place)[part]).collect())
            }
        }
    }
}

/// Whether two pairs are the same numbers.
fn same(one: [f64; 2], other: [f64; 2]) -> bool {
    one.map(f64::to_bits) == other.map(f64::to_bits)
}

impl Gate<'_> {
    /// Values times factors plus summands.
    pub(super) fn affine(
        &mut self,
        node: &Node,
        view: &View,
        affine: &Affine,
    ) -> Result<View, Invalid> {
        if let Affine::All([1.0, shift]) = affine
            && *shift == 0.0
            && !self.written
        {
            self.log.note(node, Fate::Nothing);
            return Ok(view.clone());
        }
        let origin = origin(node, None);
        let mut view = view.clone();
        if !view.has_all(self.drafts.units(view.level)) {
            view = View::whole(self.drafts.values(&origin, &view)?, view.shape);
        }
        let (from, shape) = self
            .drafts
            .shaped(&origin, &View::whole(view.level, Vec::new()))?;
        let (units, channels) = (shape.units(), shape.channels());
        if let Affine::All([taps, 0.0]) = affine
            && let Some(draft) = self.drafts.sole(view.level)
            && draft.take_taps(*taps)
        {
            self.log.note(node, Fate::Folded(view.level));
            return Ok(view);
        }
        let [scale, shift] = match (affine, &view.order) {
            (Affine::All(_), _) => affine.lists(channels),
            // A run of a channel is all of it, where the runs do not begin anew.
            (Affine::Runs(pairs, each), None)
                if pairs.len() == channels && channels * each == units =>
            {
                affine.lists(channels)
            }
            (Affine::Runs(..), _) => {
                self.drafts.budget.take(units, 48)?;
                affine.of_units(&view.places(units).unwrap_or_default())
            }
        };
        if scale.iter().any(|s| s.to_bits() != 1_f64.to_bits())
            && self.drafts.sole(view.level).is_some()
        {
            self.drafts.widen(view.level)?;
        }
        if let Some(draft) = self.drafts.sole(view.level)
            && draft.activation == Activation::Identity
            && !(self.written && node.operator == "Mul")
            && draft.take(&scale, &shift)
        {
            let bias = scale.len().max(shift.len()) as u64 * 16;
            self.drafts.budget.keep(bias);
            self.log.note(node, Fate::Folded(view.level));
            return Ok(view);
        }
        let weights = fewest(scale, channels);
        let each = units / weights.len();
        let map = Map::Scaled { weights, each };
        let level = self.drafts.push(&origin, vec![from], map, shape)?;
        if let Some(draft) = self.drafts.sole(level)
            && shift.iter().any(|t| *t != 0.0)
        {
            draft.bias = fewest(shift, channels);
        }
        Ok(View { level, ..view })
    }

    /// A batch normalisation, whose numbers are fixed.
    pub(super) fn batch_normalization(&mut self, node: &Node) -> Result<Value, Invalid> {
        let trains =
            int(node, "training_mode", 0)? != 0 || node.outputs.len() > 1 && self.opset >= 14;
        if trains || (self.opset < 7 && int(node, "is_test", 0)? == 0) {
            return Err(
                refused("batch normalisation in training, by the batch's own values")
                    .help("export the model in evaluation mode: `model.eval()` before the export"),
            );
        }
        let view = self.data(node, 0)?;
        let channels = view.shape.get(1).copied().unwrap_or(0);
        let mut numbers = [const { Vec::new() }; 4];
        for (n, numbers) in (1..).zip(&mut numbers) {
            let tensor = self.factors(node, n)?;
            let tensor = tensor.ok_or_else(|| refused(format!("input {n} is missing")))?;
            if tensor.len() != channels {
                let expected = format!("expected {channels} numbers, one a channel, as input {n}");
                return Err(Invalid::new("", expected, tensor.len()));
            }
            *numbers = tensor.floats().into_owned();
        }
        let [gamma, beta, mean, variance] = numbers;
        let epsilon = finite(node, "epsilon", f64::from(1e-5_f32))?;
        let pair = |c: usize| {
            let scale = gamma[c] / (variance[c] + epsilon).sqrt();
            [scale, beta[c] - mean[c] * scale]
        };
        let pairs: Vec<[f64; 2]> = (0..channels).map(pair).collect();
        let each = view.shape[2.min(view.shape.len())..]
            .iter()
            .product::<usize>()
            .max(1);
        let affine = Affine::runs(pairs, each);
        self.affine(node, &view, &affine).map(Value::Data)
    }

    /// The scaler of a scikit-learn pipeline: `(x − offset) · scale`.
    pub(super) fn scaler(&mut self, node: &Node) -> Result<Value, Invalid> {
        let view = self.data(node, 0)?;
        let units = view.units();
        let mut lists = [const { Vec::new() }; 2];
        for (name, list) in ["offset", "scale"].into_iter().zip(&mut lists) {
            let given = node
                .attribute(name)?
                .map(|list| list.floats())
                .transpose()?;
            *list = given.unwrap_or_default();
            if ![1, units].contains(&list.len()) {
                let expected = format!("expected 1 number or {units}");
                return Err(Invalid::new(name, expected, list.len()));
            }
        }
        let [offset, scale] = lists;
        let pair = |n: usize| {
            let [offset, scale] = [&offset, &scale].map(|list| list[n % list.len()]);
            [scale, -offset * scale]
        };
        let affine = Affine::runs((0..units).map(pair).collect(), 1);
        self.affine(node, &view, &affine).map(Value::Data)
    }

    /// ReLU, and what is written in its place.
    pub(super) fn activation(&mut self, node: &Node) -> Result<Value, Invalid> {
        let (view, activation) = match node.operator {
            "Relu" => (self.data(node, 0)?, Activation::Relu),
            "Clip" => {
                let view = self.data(node, 0)?;
                match self.clip(node)? {
                    Some(activation) => (view, activation),
                    None => return Ok(Value::Data(view)),
                }
            }
            _ => (self.max_with_0(node)?, Activation::Relu),
        };
        self.detected(node, view, activation).map(Value::Data)
    }

    /// The activation that a clip is; none where it clips nothing.
    fn clip(&mut self, node: &Node) -> Result<Option<Activation>, Invalid> {
        let mut ends = [f64::NEG_INFINITY, f64::INFINITY];
        for (n, name) in [(1, "min"), (2, "max")] {
            let given = match self.known(node, n)? {
                Some(tensor) => tensor.floats().first().copied(),
                None => node.attribute(name)?.map(|end| end.float()).transpose()?,
            };
            ends[n - 1] = given.unwrap_or(ends[n - 1]);
        }
        let [low, high] = ends;
        let open = |end: f64| end.abs() >= f64::from(f32::MAX);
        match (low, high) {
            (0.0, 6.0) => Ok(Some(Activation::Relu6)),
            (0.0, high) if open(high) => Ok(Some(Activation::Relu)),
            (low, high) if open(low) && open(high) => Ok(None),
            _ => Err(Invalid::new(
                "",
                "expected values clipped to 0 and above (ReLU) or to 0..6 (ReLU6)",
                format!("{low}..{high}"),
            )
            .help("deep Taylor needs ReLU: train or export the network with ReLU")),
        }
    }

    /// The values of which a node takes the larger of each and 0.
    fn max_with_0(&mut self, node: &Node) -> Result<View, Invalid> {
        let only = || {
            refused(
                "the larger of several values that depend on the sample, or of a constant that is not 0",
            )
        };
        let (mut view, mut zero) = (None, false);
        for n in 0..node.inputs.len() {
            match self.needed(node, n)? {
                Value::Known(tensor) if tensor.len() == 1 => zero |= tensor.floats()[0] == 0.0,
                Value::Data(_) => view = Some(self.data(node, n)?),
                _ => return Err(only()),
            }
        }
        view.filter(|_| zero && node.inputs.len() == 2)
            .ok_or_else(only)
    }

    /// Values after an activation: taken into the layer that makes them, where nobody else reads them without it.
    pub(super) fn detected(
        &mut self,
        node: &Node,
        mut view: View,
        activation: Activation,
    ) -> Result<View, Invalid> {
        if activation == Activation::Relu && !self.drafts.can_be_negative(view.level) {
            self.log.note(node, Fate::Nothing);
            return Ok(view);
        }
        let origin = origin(node, None);
        if !view.has_all(self.drafts.units(view.level)) {
            view = View::whole(self.drafts.values(&origin, &view)?, view.shape);
        }
        if let Some(draft) = self.drafts.sole(view.level)
            && (!draft.activation.detects() || activation == Activation::Relu6)
            && !matches!(draft.map, Map::Runs { .. })
        {
            draft.activation = activation;
            self.log.note(node, Fate::Folded(view.level));
            return Ok(view);
        }
        let level = self.alone(&origin, view.level)?;
        if let Some(draft) = self.drafts.sole(level) {
            draft.activation = activation;
        }
        Ok(View { level, ..view })
    }

    /// A layer that only has an activation, yet to be said.
    fn alone(&mut self, origin: &super::drafts::Origin, level: usize) -> Result<usize, Invalid> {
        let (from, shape) = self
            .drafts
            .shaped(origin, &View::whole(level, Vec::new()))?;
        let channels = shape.channels();
        let each = match shape {
            Shape::Flat(_) => 1,
            Shape::Image([_, height, width]) => height * width,
        };
        self.drafts.budget.take(channels, 8)?;
        let weights = vec![1.0; channels];
        self.drafts
            .push(origin, vec![from], Map::Scaled { weights, each }, shape)
    }
}
