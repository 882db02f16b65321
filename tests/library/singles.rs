//! Weights of 32 bits that stay so: the same bits come out as of the same numbers in 64.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use deeptaylor::network::linear::{Dense, Linear};
use deeptaylor::relevance::{Gradient, GradientExplainer, RuleBias};
use deeptaylor::{Activation, Bounds, Error, Explainer, Input, Layer, Network, Plan, Rule, Target};
use ndarray::{Array2, ArrayView2, ShapeBuilder};
use proptest::prelude::*;

use crate::random::{Kind, case, cases};

/// The same network with every dense layer's weights in 32 bits, which lie row by row or column by column.
fn narrowed(network: &Network, by_column: bool) -> Network {
    let layers = network.layers().iter().map(|layer| {
        let Linear::Dense(dense) = layer.linear() else {
            return layer.clone();
        };
        let weights = dense.weights().to_f64();
        let mut single = Array2::zeros(weights.raw_dim().set_f(by_column));
        #[allow(clippy::cast_possible_truncation, reason = "they have no more bits")]
        single.zip_mut_with(&weights, |to, w| *to = *w as f32);
        let map = Dense::single(single).expect("finite");
        Layer::of_dense(map, layer.bias().to_vec(), layer.activation()).expect("a layer")
    });
    Network::new(network.input().clone(), layers.collect()).expect("a network")
}

/// Activations and relevance of every level.
fn explained(plan: &Plan, samples: ArrayView2<f64>, target: &Target) -> Vec<u64> {
    let mut explainer = Explainer::new(plan);
    let batch = explainer.explain(samples, target).expect("finite");
    let levels = (0..batch.levels()).flat_map(|l| [batch.activations(l), batch.relevance(l)]);
    let numbers = levels.flat_map(|level| level.iter().copied().collect::<Vec<_>>());
    numbers.map(f64::to_bits).collect()
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn any_network_under_any_rules_has_the_same_bits_in_32_bits(
        case in case(Kind::Every),
        by_column in any::<bool>(),
    ) {
        let double = case.network();
        let single = narrowed(&double, by_column);
        prop_assert_eq!(&single, &double);
        let found = [&single, &double].map(|network| {
            explained(&case.plan(network), case.rows().view(), &case.target())
        });
        prop_assert_eq!(&found[0], &found[1]);
    }
}

/// Numbers of all the digits of 32 bits.
fn digits(k: usize) -> f64 {
    let size = f32::from(u16::try_from(k * 7919 % 4001).expect("it is small"));
    f64::from(size / 2000.0 - 1.0)
}

/// Sums of more than one block of 512, and layers of more than one strip of 128 units.
fn wide() -> Network {
    let layers = [(1100, 300), (300, 5)].map(|(inputs, units)| {
        let weights = Array2::from_shape_fn((inputs, units), |(i, j)| digits(i * units + j));
        Layer::dense(weights, vec![-0.5; units], Activation::Relu).expect("a layer")
    });
    let input = Input {
        bounds: Some(Bounds::Same([-1.0, 1.0])),
        ..Input::flat(1100)
    };
    Network::new(input, layers.to_vec()).expect("a network")
}

#[test]
fn a_wide_network_has_the_same_bits_in_32_bits_under_every_rule_and_in_every_batch() {
    let double = wide();
    let single = [false, true].map(|by_column| narrowed(&double, by_column));
    for rule in [
        Rule::WSquared,
        Rule::Flat,
        Rule::ZPlus,
        Rule::Z,
        Rule::Epsilon(0.25),
        Rule::Gamma(0.25),
        Rule::AlphaBeta([2.0, 1.0]),
    ] {
        for samples in [1, 2, 7, 40] {
            let samples = Array2::from_shape_fn((samples, 1100), |(n, i)| digits(n * 13 + i * 5));
            let explain = |network: &Network| {
                let plan = Plan::of(network, rule).and_then(|plan| plan.with(1, Rule::ZBox));
                let plan = plan
                    .expect("the rules are defined")
                    .with_bias(RuleBias::Keep);
                explained(&plan, samples.view(), &Target::Max)
            };
            let expected = explain(&double);
            for single in &single {
                assert!(explain(single) == expected, "{rule:?}, {samples:?}");
            }
        }
    }
}

#[test]
fn a_network_in_32_bits_takes_half_the_memory_and_is_written_and_read_as_the_same() {
    let double = wide();
    let single = narrowed(&double, true);
    let parameters = 1100 * 300 + 300 * 5;
    assert_eq!(double.stored_bytes(), 8 * (parameters + 305));
    assert_eq!(single.stored_bytes(), 4 * parameters + 8 * 305);
    assert_eq!(single.to_json(), double.to_json());
    let read: Network = single.to_json().parse().expect("a network");
    assert_eq!(read, single);
}

#[test]
fn a_number_of_32_bits_that_is_none_is_refused_with_its_place() {
    for (by_column, place) in [(false, "weights[1][0]"), (true, "weights[1][0]")] {
        let mut weights = Array2::zeros((3, 2).set_f(by_column));
        weights[[1, 0]] = f32::NAN;
        let refused = Dense::single(weights).expect_err("not finite").to_string();
        assert_eq!(
            refused,
            format!("{place}: expected a finite number, found NaN")
        );
    }
    assert!(Dense::single(Array2::zeros((0, 2))).is_err());
}

/// More weights than 64 MiB hold in f64, of the inputs × units of a file in the order of PyTorch.
const LARGE: [usize; 2] = [2100, 4000];

/// The bytes of weights, unit by unit.
fn large() -> Vec<u8> {
    let [inputs, units] = LARGE;
    let number = |k: usize| f32::from(u16::try_from(k * 7919 % 4001).expect("it is small")) / 2e3;
    let numbers = (0..inputs * units).map(|k| number(k) - 1.0);
    numbers.flat_map(f32::to_le_bytes).collect()
}

/// A network of the weights and a pool above, of a file of tensors whose header is so many bytes longer than it need be.
fn written(folder: &Path, weights: &[u8], longer: usize) -> PathBuf {
    let [inputs, units] = LARGE;
    let header = format!(
        r#"{{ "w": {{ "dtype": "F32", "shape": [{units}, {inputs}], "data_offsets": [0, {}] }} }}"#,
        weights.len()
    );
    let length = header.len().next_multiple_of(8) + longer;
    let head = format!("{header:length$}");
    let length = (length as u64).to_le_bytes();
    let tensors = [&length[..], head.as_bytes(), weights].concat();
    fs::write(folder.join("large.safetensors"), tensors).expect("written");
    let network = format!(
        r#"{{ "input": {{ "shape": [{inputs}] }}, "layers": [ {{ "type": "dense", "weights_order": "out_in", "activation": "relu",
            "weights": {{ "file": "large.safetensors", "tensor": "w" }} }}, {{ "type": "sum_pool" }} ] }}"#
    );
    let file = folder.join("large.json");
    fs::write(&file, network).expect("written");
    file
}

fn of_large(network: &Network, samples: usize) -> Result<Vec<u64>, Error> {
    let samples = Array2::from_shape_fn((samples, LARGE[0]), |(n, i)| digits(n * 13 + i * 5));
    let plan = Plan::of(network, Rule::ZPlus)?;
    let mut explainer = Explainer::new(&plan);
    let batch = explainer.explain(samples.view(), &Target::Max)?;
    Ok(batch.relevance(0).iter().map(|r| r.to_bits()).collect())
}

#[test]
fn large_weights_of_32_bits_stay_so_and_a_file_that_is_written_to_meanwhile_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let weights = large();
    // Behind a header of an odd length numbers are not aligned, and copied.
    let copied = Network::read(written(folder.path(), &weights, 1)).expect("a network");
    let file = written(folder.path(), &weights, 0);
    let mapped = Network::read(&file).expect("a network");
    for network in [&mapped, &copied] {
        assert_eq!(network.stored_bytes(), weights.len());
    }
    let Linear::Dense(dense) = mapped.layer(1).linear() else {
        panic!("a dense layer");
    };
    let double = Layer::dense(dense.weights().to_f64(), Vec::new(), Activation::Relu);
    let layers = vec![double.expect("finite"), mapped.layer(2).clone()];
    let double = Network::new(mapped.input().clone(), layers).expect("a network");
    assert_eq!(double, mapped);
    for (network, samples) in [(&mapped, 1), (&copied, 3)] {
        let [found, expected] = [network, &double].map(|network| of_large(network, samples));
        assert!(found.expect("finite") == expected.expect("finite"));
    }
    // The file of the copy was written to long ago.
    let tensors = folder.path().join("large.safetensors");
    let mut changed = fs::File::options()
        .append(true)
        .open(&tensors)
        .expect("a file");
    changed.write_all(&[0]).expect("written");
    copied.check_unchanged().expect("it stays in memory");
    let samples = Array2::zeros((1, LARGE[0]));
    let gradient = GradientExplainer::new(&mapped, Gradient::Plain).and_then(|mut explainer| {
        let target = Array2::from_elem((1, 1), Target::Max);
        let batch = explainer.explain_several(samples.view(), target.view(), &[0]);
        batch.map(|_| Vec::new())
    });
    // What a conversion asks before it writes, too.
    let unchanged = mapped.check_unchanged().map(|()| Vec::new());
    for asked in [of_large(&mapped, 1), gradient, unchanged] {
        let error = asked.expect_err("it was written to").to_string();
        assert!(
            error.contains("large.safetensors: cannot be read: it was written to while"),
            "{error}"
        );
    }
}
