//! `--layout`: in which order the values of a picture come, where it is drawn.

use clap::{Args, ValueEnum};
use deeptaylor::Network;
use deeptaylor::network::Order;

use super::ruled::Ruled;
use super::{Failure, failure};

// The order, where it is said.
#[derive(Args, Clone, PartialEq, Default)]
pub struct LayoutArgs {
    /// In which order the values of an image come, wherever the inputs are drawn [default: as the network file says; a
    /// shape such as 28,28,1 is taken for hwc, and that is said, where no layer reads it as chw]
    #[arg(long, value_name = "ORDER", help_heading = "Input")]
    layout: Option<Layout>,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Layout {
    /// Channel, row, column
    Chw,
    /// Row, column, channel
    Hwc,
}

impl LayoutArgs {
    /// The order that is said.
    pub fn order(&self) -> Option<Order> {
        self.layout.map(|layout| match layout {
            Layout::Chw => Order::ChannelsFirst,
            Layout::Hwc => Order::ChannelsLast,
        })
    }

    /// Settles how the inputs are drawn. What was found out from their shape is said where they may be `drawn`.
    pub fn settle(
        &self,
        network: &Network,
        rules: &mut [Ruled],
        drawn: bool,
    ) -> Result<(), Failure> {
        let Some(order) = self.order() else {
            if drawn && network.picture().is_some_and(|picture| picture.is_noticed) {
                let shape = network.input().array_shape();
                failure::note(&format!(
                    "inputs of the shape {shape:?} are drawn as height, width, channels; --layout says otherwise, and \
                     \"order\" in a network file settles it"
                ));
            }
            return Ok(());
        };
        let picture = network
            .picture_in(order)
            .map_err(|invalid| Failure::Usage(format!("--layout {}: {invalid}", order.name())))?;
        for ruled in rules {
            let info = &mut ruled.info;
            let is_other = picture.sides[..] != info.shape[..] || picture.order != info.order;
            info.drawn_as = is_other.then(|| picture.into());
        }
        Ok(())
    }
}
