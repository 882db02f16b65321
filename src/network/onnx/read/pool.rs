//! Pools that move over a picture.

use super::draft::Map;
use super::gate::{Gate, origin};
use super::model::Node;
use super::places::{LEAST, NOWHERE};
use super::rearrange::int;
use super::refusal::refused;
use super::value::{Value, View};
use super::windows::{Placed, around, like, one_picture, placed, sees_all, spatial, trimmed};
use crate::error::Invalid;
use crate::network::Shape;
use crate::network::linear::Window;

impl Gate<'_> {
    /// A pool that moves over a picture.
    pub(super) fn pool(&mut self, node: &Node) -> Result<Value, Invalid> {
        let view = self.data(node, 0)?;
        let [channels, height, width] = one_picture(&view)?;
        let kernel = spatial(node, "kernel_shape", &view.shape)?;
        let kernel = kernel.ok_or_else(|| refused("the kernel is missing"))?;
        let averages = node.operator == "AveragePool";
        let Placed { window, over } = placed(node, &view.shape, kernel, [height, width])?;
        let counts = averages && int(node, "count_include_pad", 0)? != 0;
        if counts && over != [0; 2] {
            return Err(refused(
                "an average over padding whose last window hangs over it (ceil_mode)",
            )
            .help("export with ceil_mode=False, or count_include_pad=False"));
        }
        self.drafts
            .budget
            .take(view.order.as_ref().map_or(0, |order| order.len()), 8)?;
        let (view, input, window, counts) =
            self.pool_padding(&view, [channels, height, width], (window, averages, counts));
        let origin = origin(node, None);
        let level = self.drafts.picture(&origin, &view, input)?;
        let places = window.places([input[1], input[2]])?;
        let made = [channels, places[0], places[1]];
        let map = if averages {
            Map::Average {
                input,
                window,
                count_padding: counts,
            }
        } else {
            Map::Largest { input, window }
        };
        let level = self
            .drafts
            .push(&origin, vec![level], map, Shape::Image(made))?;
        Ok(Value::Data(View::whole(level, like(&view.shape, made))))
    }

    /// What is padded before a pool as padding of its own, where that is the same.
    fn pool_padding(
        &mut self,
        view: &View,
        sides: [usize; 3],
        (window, averages, counts): (Window, bool, bool),
    ) -> (View, [usize; 3], Window, bool) {
        let units = self.drafts.units(view.level);
        // −∞ is never the largest: it is what padding of a maximum is.
        let (view, sides, padding) = if averages {
            (view.clone(), sides, [0; 4])
        } else {
            trimmed(view, sides, (units, LEAST))
        };
        let window = Window {
            padding: around(window.padding, padding),
            ..window
        };
        let (inner, input, padding) = trimmed(&view, sides, (units, NOWHERE));
        let plain = (view.clone(), sides, window, counts);
        if padding == [0; 4] {
            return plain;
        }
        let own = window.padding != [0; 4];
        let same = if averages {
            counts || !own
        } else {
            !self.drafts.can_be_negative(view.level)
        };
        let window = Window {
            padding: around(window.padding, padding),
            ..window
        };
        // A window that sees nothing but padding is none of a pool.
        if !same || !sees_all(window, input) {
            return plain;
        }
        (inner, input, window, averages)
    }
}
