//! The messages of an explanation: that they are there, and sum to what inputs carry.

use super::{equal, same};
use crate::error::Invalid;
use crate::result::{Messages, NetworkInfo, Sample};

/// Whether there is a message for every input and unit, or for ties between these.
pub(super) fn of_messages(network: &NetworkInfo, step: &Messages) -> Result<(), Invalid> {
    let inputs = network.layers[step.below()].units;
    let units = network.layers[step.layer].units;
    if let Some(ties) = &step.ties {
        equal("number", ("the ties", ties.len()), step.number)?;
        let places = ties.iter().map(|&(i, j, _)| (i, j));
        let (mut within, sorted) = (places.clone(), places.is_sorted_by(|a, b| a < b));
        if sorted && within.all(|(i, j)| i < inputs && j < units) {
            return Ok(());
        }
        let expected = "expected inputs and units of these levels, each pair once and in order";
        return Err(Invalid::new("ties", expected, "others"));
    }
    let Some(messages) = &step.messages else {
        return Ok(());
    };
    equal("number", ("inputs × units", inputs * units), step.number)?;
    let what = "one list for each input";
    equal("messages", (what, inputs), messages.len())?;
    for (i, row) in messages.iter().enumerate() {
        let path = format!("messages[{i}]");
        equal(&path, ("one number for each unit", units), row.len())?;
    }
    Ok(())
}

/// Whether inputs carry what they receive from all layers that read their level, where all of it is there; to rounding beside `size`,
/// for what is large above may cancel to nothing here.
pub(super) fn of_received(
    network: &NetworkInfo,
    sample: &Sample,
    step: &Messages,
    size: f64,
) -> Result<(), Invalid> {
    let level = step.below();
    let all = sample.edges.iter().flatten();
    let all = all.filter(|other| other.below() == level);
    let all: Option<Vec<_>> = all.map(Messages::each).collect();
    let layer = &sample.layers[level];
    let Some(all) = all.filter(|all| all.len() == network.readings(level)) else {
        return Ok(());
    };
    let mut received = vec![0.0; layer.relevance.len()];
    for (i, _, relevance) in all.into_iter().flatten() {
        received[i] += relevance;
    }
    for (i, (&carried, received)) in layer.relevance.iter().zip(received).enumerate() {
        let (path, what) = (
            format!("messages[{i}]"),
            ("what the input carries", carried),
        );
        same(&path, what, received, size)?;
    }
    Ok(())
}
