//! What is spelt on the command line: rules, schemes, architectures, layers, bounds, targets, numbers.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use deeptaylor::init::{Architecture, Bias, Scheme, layers_of};
use deeptaylor::network::{Example, GivenBounds, Memory};
use deeptaylor::relevance::{Gradient, LayerRule, Method, Selector};
use deeptaylor::samples::{Record, Scale};
use deeptaylor::{Network, Preset, Rule, Target};

use super::{held, plan};

/// A text, as everything that is spelt.
pub fn spelling(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    comes_back::<Rule>(text);
    comes_back::<Preset>(text);
    comes_back::<Method>(text);
    comes_back::<Gradient>(text);
    comes_back::<Scheme>(text);
    comes_back::<Bias>(text);
    comes_back::<LayerRule>(text);
    let refused = [text.parse::<Memory>().err(), text.parse::<Scale>().err()];
    refused
        .iter()
        .flatten()
        .for_each(|error| held::plain(error));
    if let Some(Err(error)) = Example::of_path(std::path::Path::new(text)) {
        held::told(&error);
    }
    architecture(text);
    for network in plan::networks() {
        of_network(text, network);
    }
}

/// That what is read is spelt by itself so that it is read again.
fn comes_back<T: FromStr<Err = String> + Display + PartialEq + Debug>(text: &str) {
    match text.parse::<T>() {
        Ok(read) => {
            let again = read.to_string().parse::<T>();
            assert_eq!(again.as_ref(), Ok(&read), "{text} is spelt {read}");
        }
        Err(refused) => held::plain(&refused),
    }
}

/// The layers of a network: numbers of more than three digits may ask for memory that is there to be asked for.
fn architecture(text: &str) {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit());
    if numbers.any(|number| number.len() > 3) || text.len() > 60 {
        return;
    }
    match text.parse::<Architecture>() {
        Ok(architecture) => {
            let scheme = "he-normal".parse().expect("a scheme");
            match architecture.draw(scheme, None, 1) {
                Ok(network) => held::plain(&layers_of(&network)),
                Err(invalid) => held::plain(&invalid.to_string()),
            }
        }
        Err(refused) => held::plain(&refused),
    }
}

/// What is spelt with a network in view.
fn of_network(text: &str, network: &Network) {
    match text.parse::<Selector>() {
        Ok(selector) => drop(
            selector
                .meaning(network)
                .map_err(|invalid| held::plain(&invalid.to_string())),
        ),
        Err(refused) => held::plain(&refused),
    }
    match text.parse::<GivenBounds>() {
        Ok(given) => match given.of(network) {
            Ok(bounds) => (0..network.input_units()).for_each(|i| {
                let [low, high] = bounds.at(i);
                assert!(
                    low.is_finite() && low <= high && high.is_finite(),
                    "{bounds:?}"
                );
            }),
            Err(invalid) => held::plain(&invalid.to_string()),
        },
        Err(refused) => held::plain(&refused),
    }
    let outputs = vec![0.5; network.output_units()];
    let targets = [
        Target::parse(text, network),
        Target::of_label(Some(text), network),
    ];
    let contrast = Target::contrast(text, network).transpose();
    for target in targets.into_iter().chain(contrast) {
        match target {
            Ok(target) => assert!(target.value(&outputs).is_finite()),
            Err(error) => held::told(&error),
        }
    }
    match Target::split(text, network) {
        Ok(pieces) => assert!(
            pieces.iter().all(|piece| text.contains(piece)),
            "{pieces:?}"
        ),
        Err(error) => held::told(&error),
    }
    match Record::typed(text, network) {
        Ok(record) => assert!(record.values.iter().all(|x| x.is_finite()), "{record:?}"),
        Err(invalid) => held::plain(&invalid.to_string()),
    }
}
