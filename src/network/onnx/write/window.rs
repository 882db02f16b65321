//! Windows over pictures as ONNX spells them.

use super::graph::{Graph, sides, whole};
use super::model::Attribute;
use crate::network::LARGEST_LEVEL;
use crate::network::linear::Window;

/// The window on a picture of these sides, with the same places and as little padding as they need.
pub(super) fn trimmed(window: Window, picture: [usize; 2], places: [usize; 2]) -> Window {
    let mut trimmed = window;
    for k in 0..2 {
        let taps = window.kernel[k] - 1;
        // No level is larger, and so no step beyond it differs from it.
        trimmed.stride[k] = window.stride[k].min(LARGEST_LEVEL);
        trimmed.dilation[k] = if taps == 0 { 1 } else { window.dilation[k] };
        let end = (places[k] - 1) * trimmed.stride[k] + taps * trimmed.dilation[k] + 1;
        trimmed.padding[k + 2] = end.saturating_sub(window.padding[k] + picture[k]);
    }
    trimmed
}

/// Kernel, stride and padding.
pub(super) fn attributes(window: Window) -> Vec<Attribute> {
    vec![
        Attribute::Ints("kernel_shape", sides(&window.kernel)),
        Attribute::Ints("strides", sides(&window.stride)),
        Attribute::Ints("pads", sides(&window.padding)),
    ]
}

/// The dilation, where there is one.
pub(super) fn dilations(window: Window) -> Option<Attribute> {
    (window.dilation != [1, 1]).then(|| Attribute::Ints("dilations", sides(&window.dilation)))
}

/// Whether a pool may say its padding itself: runtimes refuse one that is as wide as the kernel.
pub(super) fn is_narrow(window: Window) -> bool {
    let [rows, columns] = window.kernel;
    let kernel = [rows, columns, rows, columns];
    window
        .padding
        .iter()
        .zip(kernel)
        .all(|(side, kernel)| *side < kernel)
}

impl Graph {
    /// A picture with this much of a constant around it.
    pub(super) fn padded(&mut self, value: String, padding: [usize; 4], with: f64) -> String {
        let [top, left, bottom, right] = padding.map(whole);
        let pads = self.integers("pads", &[0, 0, top, left, 0, 0, bottom, right]);
        let with = self.constant("pad", &[], &[with]);
        self.node("Pad", vec![value, pads, with], Vec::new())
    }
}
