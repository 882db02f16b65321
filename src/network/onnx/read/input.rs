//! The input of the network: which of the graph it is, and what shape its values have.

use std::collections::HashSet;

use super::element::Element;
use super::model::{Graph, Named, Side};
use super::refusal::refused;
use super::tensor::units;
use crate::error::Invalid;
use crate::network::picture::channels_last;
use crate::network::{Input, LARGEST_LEVEL, Order, Shape};
use crate::spelling::did_you_mean;
use crate::words::{grouped, listed};

/// The input level while the graph is being read.
pub(super) struct GraphInput {
    pub name: String,
    /// The shape of one sample, as arrays have it.
    pub sample: Vec<usize>,
    /// Whether a batch is the first side of what the graph reads.
    pub batch: bool,
    /// How many samples the graph is written for; 1 where it is for any number.
    pub fixed: usize,
    /// The type of its numbers; none where nothing is said.
    pub element: Option<Element>,
    /// Whether the shape was chosen, where the graph leaves it open.
    pub is_chosen: bool,
    /// Order, channels, height and width, where the network reads a picture.
    picture: Option<(Order, [usize; 3])>,
    settled: bool,
}

impl GraphInput {
    /// The input of a graph that the network shall have.
    ///
    /// # Errors
    ///
    /// [`Invalid`] when there is none, there are several, it has no numbers, or a side is not known.
    pub(super) fn of(
        graph: &Graph,
        name: Option<&str>,
        sides: Option<&[usize]>,
        batch: bool,
    ) -> Result<Self, Invalid> {
        let input = chosen(graph, name)?;
        let element = element(input)?;
        let (sample, batch) = sample(input, sides, batch)?;
        let all = units(&sample).filter(|units| (1..=LARGEST_LEVEL).contains(units));
        if all.is_none() {
            let expected = format!("expected between 1 and {} inputs", grouped(LARGEST_LEVEL));
            return Err(Invalid::new("", expected, format!("{sample:?}")));
        }
        Ok(Self {
            name: input.name.to_owned(),
            sample,
            fixed: match input.shape.as_deref() {
                Some([Side::Known(fixed), _, ..]) if batch => *fixed,
                _ => 1,
            },
            batch,
            element,
            is_chosen: sides.is_some(),
            picture: None,
            settled: false,
        })
    }

    /// The same input, known to be a picture of these sides, where it has as many values.
    ///
    /// # Errors
    ///
    /// [`Invalid`] where it has others.
    pub(super) fn known_as(mut self, picture: (Order, [usize; 3])) -> Result<Self, Invalid> {
        if units(&picture.1) != Some(self.units()) {
            let expected = format!("expected {} values in all", self.units());
            return Err(Invalid::new(
                "metadata `input shape`",
                expected,
                format!("{:?}", picture.1),
            ));
        }
        (self.picture, self.settled) = (Some(picture), true);
        Ok(self)
    }

    /// The shape that the graph reads: of a batch of one.
    pub(super) fn shape(&self) -> Vec<usize> {
        let batch = self.batch.then_some(1);
        batch
            .into_iter()
            .chain(self.sample.iter().copied())
            .collect()
    }

    /// How many values a sample has.
    pub(super) fn units(&self) -> usize {
        self.sample.iter().product()
    }

    /// Takes the input for a picture, where it may be one: in its own order, or with its channels last. Whether the level then is
    /// that picture.
    pub(super) fn settle(&mut self, order: Option<&[u32]>, sides: [usize; 3]) -> bool {
        if !self.settled {
            match order {
                None => self.picture = Some((Order::ChannelsFirst, sides)),
                Some(order) if self.has_channels_last(order, sides) => {
                    self.picture = Some((Order::ChannelsLast, sides));
                }
                Some(_) => return false,
            }
            self.settled = true;
        }
        order.is_none() && self.picture == Some((Order::ChannelsFirst, sides))
    }

    /// Whether a picture of these sides is read from values whose channels come last.
    fn has_channels_last(&self, order: &[u32], [channels, height, width]: [usize; 3]) -> bool {
        let plane = height * width;
        let unit = |k: usize| (k % plane) * channels + k / plane;
        self.sample == [height, width, channels]
            && order.len() == channels * plane
            && order
                .iter()
                .enumerate()
                .all(|(k, of)| *of as usize == unit(k))
    }

    /// The shape of the level, settled if it was not yet.
    pub(super) fn settled(&mut self) -> Shape {
        if !std::mem::replace(&mut self.settled, true) {
            self.picture = picture(&self.sample);
        }
        match self.picture {
            Some((Order::ChannelsFirst, sides)) => Shape::Image(sides),
            Some((Order::ChannelsLast, _)) | None => Shape::Flat(self.units()),
        }
    }

    /// The input level.
    pub(super) fn into_input(mut self) -> Input {
        let is_read = self.settled;
        self.settled();
        let mut input = match self.picture {
            Some((order, sides)) => Input {
                shape: sides.to_vec(),
                order,
                order_is_guessed: !is_read && order == Order::ChannelsLast,
                ..Input::flat(1)
            },
            None => Input::flat(self.units()),
        };
        input.array = (input.array_shape() != self.sample).then_some(self.sample);
        input
    }
}

/// A picture that nothing reads as one, by its sides: channels come last where there are 1, 3 or 4 there, and not in front.
fn picture(sample: &[usize]) -> Option<(Order, [usize; 3])> {
    let sides = <[usize; 3]>::try_from(sample).ok()?;
    match (channels_last(sides), sides) {
        (Some(sides), _) => Some((Order::ChannelsLast, sides)),
        (None, [_, height, width]) if height > 1 && width > 1 => {
            Some((Order::ChannelsFirst, sides))
        }
        _ => None,
    }
}

/// The input of this name, or the only one.
fn chosen<'g, 'a>(graph: &'g Graph<'a>, name: Option<&str>) -> Result<&'g Named<'a>, Invalid> {
    // Older files list their tensors among the inputs.
    let tensors: HashSet<&str> = graph.tensors.iter().map(|(name, _)| *name).collect();
    let inputs = graph.inputs.iter();
    let inputs: Vec<&Named> = inputs
        .filter(|input| !tensors.contains(input.name))
        .collect();
    let names = inputs.iter().map(|input| input.name);
    match (name, &inputs[..]) {
        (None, [input]) => Ok(input),
        (None, []) => Err(refused("the graph has no input")),
        (None, _) => {
            let all = inputs.len();
            let names = names.map(|name| format!("`{name}`")).collect();
            let message = format!("the graph has several inputs: {}", listed(names, all));
            Err(refused(message).help("choose one by --model-input NAME"))
        }
        (Some(name), _) => {
            let found = inputs.iter().find(|input| input.name == name);
            found.copied().ok_or_else(|| {
                let help = did_you_mean(name, names);
                refused(format!("the graph has no input `{name}`")).help(help)
            })
        }
    }
}

/// The type of the numbers of an input; none where nothing is said.
fn element(input: &Named) -> Result<Option<Element>, Invalid> {
    if input.kind == 0 {
        return Ok(None);
    }
    let element = Element::of(input.kind);
    let placed = |invalid: Invalid| invalid.below(&format!("input `{}`", input.name));
    element.map(Some).map_err(placed)
}

/// The shape of one sample, and whether a batch stands before it.
fn sample(
    input: &Named,
    given: Option<&[usize]>,
    batch: bool,
) -> Result<(Vec<usize>, bool), Invalid> {
    let open = || {
        refused(format!(
            "the graph leaves the shape of its input `{}` open",
            input.name
        ))
        .help("say the shape of one sample, without the batch: --input-shape 3x32x32")
    };
    let Some(shape) = &input.shape else {
        return given.map(|given| (given.to_vec(), true)).ok_or_else(open);
    };
    // A list of so many values is one sample; all else begins with the batch.
    let batch = batch && !matches!(shape[..], [Side::Known(_)] | []);
    let own = &shape[usize::from(batch)..];
    let Some(given) = given else {
        let sides = own.iter().map(|side| match side {
            Side::Known(side) => Some(*side),
            Side::Open(_) => None,
        });
        let sides = sides.collect::<Option<Vec<usize>>>().ok_or_else(open)?;
        // A batch alone is one of single numbers.
        return Ok((
            if sides.is_empty() { vec![1] } else { sides },
            batch && !own.is_empty(),
        ));
    };
    let fits = own.len() == given.len()
        && own.iter().zip(given).all(|(own, given)| match own {
            Side::Known(own) => own == given,
            Side::Open(_) => true,
        });
    if fits {
        return Ok((given.to_vec(), batch));
    }
    let sides: Vec<String> = own.iter().map(Side::to_string).collect();
    let expected = format!(
        "expected --input-shape as the input `{}`, {}",
        input.name,
        sides.join("x")
    );
    let found: Vec<String> = given.iter().map(usize::to_string).collect();
    Err(Invalid::new("", expected, found.join("x")))
}
