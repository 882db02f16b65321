//! Convolutions, alone or with their ReLU.

use super::draft::{Kernel, Map};
use super::gate::{Gate, origin};
use super::model::Node;
use super::places::NOWHERE;
use super::rearrange::int;
use super::refusal::{self, refused};
use super::tensor::Tensor;
use super::value::{Value, View};
use super::windows::{
    Placed, around, like, one_picture, picture, placed, sees_all, spatial, trimmed,
};
use crate::error::Invalid;
use crate::network::{Activation, Shape};

impl Gate<'_> {
    /// A convolution.
    pub(super) fn conv(&mut self, node: &Node) -> Result<Value, Invalid> {
        let view = self.data(node, 0)?;
        let tensor = self.factors(node, 1)?;
        let tensor = tensor.ok_or_else(|| refused("the weights are missing"))?;
        let tensor = self.own(tensor)?;
        let [channels, height, width] = one_picture(&view)?;
        let shape = picture(&tensor.shape).map_err(|invalid| invalid.below("weights"))?;
        let kernel = spatial(node, "kernel_shape", &view.shape)?.unwrap_or([shape[2], shape[3]]);
        if kernel != [shape[2], shape[3]] {
            return Err(Invalid::new(
                "kernel_shape",
                format!("expected that of the weights, {:?}", &shape[2..]),
                format!("{kernel:?}"),
            ));
        }
        let groups = usize::try_from(int(node, "group", 1)?).unwrap_or(0);
        self.drafts
            .budget
            .take(view.order.as_ref().map_or(0, |order| order.len()), 8)?;
        let (view, input, padding) = trimmed(
            &view,
            [channels, height, width],
            (self.drafts.units(view.level), NOWHERE),
        );
        let Placed { mut window, .. } = placed(node, &view.shape, kernel, [height, width])?;
        window.padding = around(window.padding, padding);
        let origin = origin(node, node.input(1));
        let places = window.places([input[1], input[2]])?;
        let made = [shape[0], places[0], places[1]];
        check_groups(groups, [channels, shape[0], shape[1]])?;
        if !sees_all(window, input) {
            // Units that see nothing but padding are told apart.
            let units = made
                .iter()
                .fold(1_usize, |all, side| all.saturating_mul(*side));
            self.drafts.budget.take(units, 2)?;
            self.drafts.budget.keep(units as u64);
        }
        let level = self.drafts.picture(&origin, &view, input)?;
        let kernel = Kernel {
            input,
            weights: self.widened(tensor)?,
            shape,
            window,
            groups,
        };
        let level = self.drafts.push(
            &origin,
            vec![level],
            Map::Kernel(kernel),
            Shape::Image(made),
        )?;
        self.after_scale(level)?;
        let made = View::whole(level, like(&view.shape, made));
        let Some(bias) = self.factors(node, 2)? else {
            return Ok(Value::Data(made));
        };
        if bias.shape != [shape[0]] {
            return Err(Invalid::new(
                "bias",
                format!("expected {} numbers, one a channel", shape[0]),
                format!("{:?}", bias.shape),
            ));
        }
        let mut of_channels = Tensor::clone(&bias);
        of_channels.shape.extend(vec![1; made.shape.len() - 2]);
        self.with_bias(node, &made, &of_channels, |c| [1.0, c])
            .map(Value::Data)
    }

    /// A convolution with its ReLU, as onnxruntime's optimisation writes it.
    pub(super) fn fused_conv(&mut self, node: &Node) -> Result<Value, Invalid> {
        let activation = node.attribute("activation")?;
        let activation = activation.map(|name| name.text()).transpose()?;
        // The fourth input is added to the sum.
        if !matches!(activation, None | Some("" | "Relu")) || node.input(3).is_some() {
            return Err(refusal::operator(node));
        }
        let sum = self.conv(node)?;
        let (Value::Data(view), Some("Relu")) = (&sum, activation) else {
            return Ok(sum);
        };
        let notes = self.log.notes.len();
        let made = self.detected(node, view.clone(), Activation::Relu)?;
        // The ReLU is no other node's.
        self.log.notes.truncate(notes);
        Ok(Value::Data(made))
    }
}

fn check_groups(groups: usize, [channels, out, of_group]: [usize; 3]) -> Result<(), Invalid> {
    if groups > 0 && channels % groups == 0 && out % groups == 0 && channels / groups == of_group {
        return Ok(());
    }
    let expected = format!("expected weights for {channels} channels in {groups} groups");
    Err(Invalid::new(
        "weights",
        expected,
        format!("{out} × {of_group}"),
    ))
}
