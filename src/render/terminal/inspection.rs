//! An inspection for a terminal.

use super::table::{self, Column};
use super::{FAILS, HOLDS, QUIET, TITLE, Text};
use crate::interpretation::names::titled;
use crate::interpretation::numbers::figure;
use crate::result::Inspection;
use crate::words::{count, grouped};

impl Text {
    /// An inspected network.
    pub fn inspection(self, inspection: &Inspection) -> String {
        let name = titled(&inspection.name);
        let mut text = format!("{TITLE}{name}{TITLE:#}\n");
        if !inspection.description.is_empty() {
            text += &format!("  {}\n", self.wrapped(&inspection.description, 2));
        }
        text += &format!("\n{TITLE}layers{TITLE:#}\n");
        let layers = &inspection.layers;
        let columns = [
            Column::figures("layer", (0..layers.len()).map(|l| l.to_string())),
            Column::names("type", layers.iter().map(|layer| layer.kind.clone())),
            Column::names(
                "activation",
                layers
                    .iter()
                    .map(|layer| layer.activation.clone().unwrap_or_default()),
            ),
            Column::figures("units", layers.iter().map(|layer| grouped(layer.units))),
            Column::figures(
                "parameters",
                layers.iter().map(|layer| grouped(layer.parameters)),
            ),
            Column::figures(
                "biases > 0",
                layers.iter().map(|layer| grouped(layer.biases_above_0)),
            ),
            Column::figures(
                "largest bias",
                layers.iter().map(|layer| figure(layer.largest_bias)),
            ),
        ];
        text += &format!("  {QUIET}{}{QUIET:#}\n", table::titles(&columns));
        for row in table::rows(&columns) {
            text += &format!("  {row}\n");
        }
        text += &format!(
            "\n  {} in {} of memory; {} more for each sample.\n  The file brings {} along and {}.\n",
            count(inspection.parameters, "parameter"),
            bytes(inspection.memory_bytes),
            bytes(inspection.sample_bytes),
            count(inspection.samples, "sample"),
            if inspection.bounds {
                "bounds its inputs"
            } else {
                "gives no bounds, which zB would need"
            },
        );
        if let Some(scale) = inspection.scale {
            text += &format!(
                "  Values of other files are divided by {}.\n",
                figure(scale)
            );
        }
        text += &format!("\n{TITLE}fit to the theory{TITLE:#}\n");
        if inspection.notes.is_empty() {
            let inside = if inspection.bounds {
                ", for inputs inside their bounds"
            } else {
                ""
            };
            text += &format!(
                "  {HOLDS}fits{HOLDS:#}  every bias is ≤ 0, every unit has weights, the output cannot be negative:\n  \
                 conservation and positivity will hold under w²{inside}.\n"
            );
        }
        for note in &inspection.notes {
            text += &format!("  {FAILS}!{FAILS:#} {}\n", self.wrapped(note, 4));
        }
        text
    }
}

fn bytes(bytes: usize) -> String {
    const UNITS: [&str; 4] = ["bytes", "KiB", "MiB", "GiB"];
    let mut size = bytes as f64;
    let mut unit = 0;
    while size >= 1024.0 && unit + 1 < UNITS.len() {
        size /= 1024.0;
        unit += 1;
    }
    format!("{} {}", figure(size), UNITS[unit])
}
