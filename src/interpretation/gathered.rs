//! What is true of many layers, in one sentence.

/// What is said of more layers than this is said once, with the layer that shows it most.
const FEW: usize = 3;

/// One sentence a layer where these are few; else one of all of them, which `together` makes.
pub(super) fn gathered<T>(
    layers: Vec<T>,
    each: impl Fn(&T) -> String,
    together: impl FnOnce(&[T]) -> String,
) -> Vec<String> {
    if layers.len() > FEW {
        vec![together(&layers)]
    } else {
        layers.iter().map(each).collect()
    }
}

/// The entry with the largest figure, the first where several tie.
///
/// # Panics
///
/// When there is no entry.
pub(super) fn most<T>(layers: &[T], figure: impl Fn(&T) -> f64) -> &T {
    let larger = |most, one| {
        if figure(one) > figure(most) {
            one
        } else {
            most
        }
    };
    layers
        .iter()
        .reduce(larger)
        .expect("it is asked of many layers")
}

#[cfg(test)]
mod tests {
    use super::{gathered, most};

    #[test]
    fn few_layers_have_a_sentence_each_and_many_have_one() {
        let told = |layers: Vec<usize>| {
            gathered(layers, ToString::to_string, |all| {
                format!("{} layers", all.len())
            })
        };
        assert_eq!(told(vec![1, 2, 3]), ["1", "2", "3"]);
        assert_eq!(told(vec![1, 2, 3, 4]), ["4 layers"]);
        assert!(told(Vec::new()).is_empty());
    }

    #[test]
    fn of_layers_that_tie_the_first_is_named() {
        assert_eq!(
            most(&[(1, 0.5), (2, 0.75), (3, 0.75)], |layer| layer.1),
            &(2, 0.75)
        );
    }
}
