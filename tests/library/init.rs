//! Networks drawn by schemes: their moments, their zeros, their biases, and the spelling of schemes.
#![allow(clippy::too_many_lines, reason = "tables are as long as they are")]

use approx::{assert_abs_diff_eq, assert_relative_eq};
use deeptaylor::init::{Architecture, Family, Random, Scheme};
use deeptaylor::{Explainer, Linear, Network, Plan, Rule, Target};
use ndarray::Array2;

const FAN_IN: usize = 500;

const FAN_OUT: usize = 300;

fn scheme(text: &str) -> Scheme {
    text.parse().expect("a scheme")
}

fn drawn(text: &str, inputs: usize, units: usize) -> Array2<f64> {
    scheme(text).weights(inputs, units, &mut Random::new(1, 0))
}

/// Mean, variance, and fourth central moment beside the squared variance.
fn moments(values: &[f64]) -> (f64, f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let central = |power: i32| values.iter().map(|v| (v - mean).powi(power)).sum::<f64>() / n;
    (mean, central(2), central(4) / central(2).powi(2))
}

/// Scheme, mean, variance, kurtosis, and the largest |w|, as the formulas give them for 500 inputs and 300 units.
fn expected() -> Vec<(&'static str, f64, f64, f64, Option<f64>)> {
    let (fan_in, both) = (FAN_IN as f64, (FAN_IN + FAN_OUT) as f64);
    // N(0, 1) within ±2, with c = φ(2) / (Φ(2) − Φ(−2)): E z² = 1 − 4c, E z⁴ = 3 E z² − 16c.
    let c = 0.053_990_966_513_188_06 / 0.954_499_736_103_641_6;
    let truncated: f64 = 1.0 - 4.0 * c;
    let cut = (3.0 * truncated - 16.0 * c) / truncated.powi(2);
    let (uniform, normal) = (1.8, 3.0);
    vec![
        ("uniform", 0.0, 0.1_f64.powi(2) / 12.0, uniform, Some(0.05)),
        ("uniform:-1,3", 1.0, 16.0 / 12.0, uniform, Some(3.0)),
        ("normal", 0.0, 0.0025, normal, None),
        ("normal:2,0.5", 2.0, 0.25, normal, None),
        ("truncated-normal", 0.0, 0.0025 * truncated, cut, Some(0.1)),
        ("truncated-normal:1,2", 1.0, 4.0 * truncated, cut, Some(5.0)),
        (
            "lecun-uniform",
            0.0,
            1.0 / fan_in,
            uniform,
            Some((3.0 / fan_in).sqrt()),
        ),
        ("lecun-normal", 0.0, 1.0 / fan_in, normal, None),
        (
            "glorot-uniform",
            0.0,
            2.0 / both,
            uniform,
            Some((6.0 / both).sqrt()),
        ),
        ("xavier-normal", 0.0, 2.0 / both, normal, None),
        (
            "kaiming-uniform",
            0.0,
            2.0 / fan_in,
            uniform,
            Some((6.0 / fan_in).sqrt()),
        ),
        ("he-normal", 0.0, 2.0 / fan_in, normal, None),
        (
            "pytorch",
            0.0,
            1.0 / (3.0 * fan_in),
            uniform,
            Some(1.0 / fan_in.sqrt()),
        ),
        // Orthonormal columns: every entry has variance 1 / fan_in.
        ("orthogonal", 0.0, 1.0 / fan_in, normal, None),
        // A tenth is N(0, 1): variance 0.1, kurtosis 3 / 0.1.
        ("sparse", 0.0, 0.1, 30.0, None),
        ("sparse:0.5,2", 0.0, 2.0, 6.0, None),
    ]
}

#[test]
fn mean_variance_kurtosis_and_bounds_of_every_scheme_are_those_of_its_formula() {
    let n = (FAN_IN * FAN_OUT) as f64;
    for (name, mean, variance, kurtosis, largest) in expected() {
        let weights = drawn(name, FAN_IN, FAN_OUT);
        let (m, v, k) = moments(weights.as_slice().expect("one piece"));
        // Five standard errors: of the mean √(v/n), of the variance v √((k−1)/n).
        assert_abs_diff_eq!(m, mean, epsilon = 5.0 * (variance / n).sqrt());
        assert_relative_eq!(
            v,
            variance,
            max_relative = 5.0 * ((kurtosis - 1.0) / n).sqrt()
        );
        assert_relative_eq!(k, kurtosis, max_relative = 0.05);
        if let Some(largest) = largest {
            let found = weights.iter().fold(0.0_f64, |most, w| most.max(w.abs()));
            assert!(
                found <= largest && found > 0.99 * largest,
                "{name}: {found} of {largest}"
            );
        }
    }
}

#[test]
fn schemes_that_draw_nothing_are_what_their_formula_says() {
    assert!(drawn("zeros", 3, 4).iter().all(|&w| w == 0.0));
    assert!(
        drawn("constant:-0.25", 3, 4)
            .iter()
            .all(|w| w.to_bits() == f64::to_bits(-0.25))
    );
    assert_eq!(
        drawn("identity", 2, 3),
        ndarray::array![[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    );
}

#[test]
fn orthogonal_columns_or_rows_are_orthonormal_to_rounding() {
    for (inputs, units) in [(1, 1), (7, 7), (40, 13), (13, 40), (1, 9), (9, 1)] {
        let w = drawn("orthogonal", inputs, units);
        let products = if units <= inputs {
            w.t().dot(&w)
        } else {
            w.dot(&w.t())
        };
        for ((i, j), product) in products.indexed_iter() {
            let expected = if i == j { 1.0 } else { 0.0 };
            assert_abs_diff_eq!(*product, expected, epsilon = 1e-14);
        }
    }
}

#[test]
fn the_first_orthogonal_column_is_the_first_normal_vector_at_length_1() {
    let mut random = Random::new(1, 0);
    let x: Vec<f64> = (0..6).map(|_| random.normal()).collect();
    let length = x.iter().map(|x| x * x).sum::<f64>().sqrt();
    for (w, x) in drawn("orthogonal", 6, 3).column(0).iter().zip(x) {
        assert_abs_diff_eq!(*w, x / length, epsilon = 1e-15);
    }
}

#[test]
fn every_unit_of_a_sparse_layer_has_as_many_zeros_as_asked_for_and_at_least_one_weight() {
    for (p, inputs, zeros) in [("0.9", 30, 27), ("0.5", 7, 3), ("0", 5, 0), ("0.999", 4, 3)] {
        let weights = drawn(&format!("sparse:{p}"), inputs, 20);
        for column in weights.columns() {
            assert_eq!(column.iter().filter(|w| **w == 0.0).count(), zeros, "{p}");
        }
    }
    let kept = drawn("sparse:0.9", 10, 2000).mapv(|w| f64::from(u8::from(w != 0.0)));
    for row in kept.rows() {
        // Each input is kept by about a tenth of the units: 200, standard deviation 13.
        assert_abs_diff_eq!(row.sum(), 200.0, epsilon = 67.0);
    }
}

#[test]
fn a_scheme_is_written_as_it_is_read() {
    for family in Family::ALL {
        let about = family.spelling();
        for name in std::iter::once(&about.name).chain(about.aliases) {
            assert_eq!(scheme(name), Scheme::of(family));
        }
        assert_eq!(Scheme::of(family).to_string(), about.name);
    }
    for text in [
        "constant:-2",
        "uniform:-1,0.5",
        "normal:0.5,2",
        "sparse:0.25,0.1",
    ] {
        assert_eq!(scheme(text).to_string(), text);
    }
    assert_eq!(scheme("He_Normal"), scheme("he-normal"));
}

#[test]
fn an_architecture_is_written_as_it_is_read() {
    for text in [
        "3,5,pool",
        "1x28x28,300,pool:3,10:linear",
        "2,1",
        "3,4:relu6,2",
        "1x28x28,conv:8x5x5,maxpool:2,conv:16x3x3:linear,avgpool:2,30,10",
        "4x9x8,conv:6x3x2:stride=2x1:pad=1x0x2x1:dilation=1x2:groups=2:relu6,sumpool:2x1:stride=1:relu,pool:3",
        "3x8x8,avgpool:3:stride=2:pad=1:count_padding,maxpool:2:stride=1:pad=1x0,5",
    ] {
        assert_eq!(
            text.parse::<Architecture>().expect("layers").to_string(),
            text
        );
    }
    let of_file = Architecture::of(&Network::figure_4());
    assert_eq!(of_file.to_string(), "3,5,pool");
}

#[test]
fn same_padding_has_a_place_for_every_stride() {
    for (text, written, sides) in [
        (
            "1x7x8,conv:2x3x3:pad=same",
            "1x7x8,conv:2x3x3:pad=1",
            [2, 7, 8],
        ),
        (
            "1x7x8,conv:2x2x5:pad=same",
            "1x7x8,conv:2x2x5:pad=0x2x1x2",
            [2, 7, 8],
        ),
        (
            "1x7x8,conv:2x3x3:stride=2:pad=same:relu",
            "1x7x8,conv:2x3x3:stride=2:pad=1x0x1x1",
            [2, 4, 4],
        ),
        (
            "1x7x8,maxpool:3:stride=1:dilation=2:pad=same",
            "1x7x8,maxpool:3:stride=1:pad=2:dilation=2",
            [1, 7, 8],
        ),
    ] {
        let architecture: Architecture = text.parse().expect("layers");
        assert_eq!(architecture.to_string(), written);
        let network = architecture.draw(scheme("zeros"), None, 1).expect("0");
        assert_eq!(network.shape(1).image(), Some(sides), "{text}");
    }
}

#[test]
fn what_is_no_layer_on_the_level_below_is_refused_with_what_is_expected() {
    for (text, expected) in [
        ("784,conv:8x5x5", "a picture below"),
        ("1x28x28,30,maxpool:2", "found 30 units in a row"),
        ("1x28x28,conv:8", "expected conv:OUTxHxW, as conv:8x5x5"),
        ("1x28x28,conv:8x5x0", "expected conv:OUTxHxW"),
        ("1x28x28,conv", "expected conv:OUTxHxW"),
        ("1x28x28,maxpool", "expected maxpool:N or maxpool:HxW"),
        ("1x28x28,maxpool:2:groups=2", "found `groups=2`"),
        (
            "1x28x28,conv:8x5x5:strid=2",
            "expected stride=N or stride=HxW",
        ),
        ("1x28x28,conv:8x5x5:stride=0", "found `stride=0`"),
        ("1x28x28,conv:8x5x5:pad=1x2x3", "pad=same"),
        ("1x28x28,conv:8x5x5:pad=1:pad=2", "expected pad once"),
        (
            "1x28x28,conv:8x5x5:linear:relu",
            "expected an activation once",
        ),
        (
            "4x8x8,conv:6x3x3:groups=4",
            "groups that divide the 4 channels and 6 channels",
        ),
        (
            "1x4x4,conv:8x5x5",
            "`conv:8x5x5`: kernel: expected a window inside of the picture, 4 × 4",
        ),
        (
            "1x8x8,maxpool:2:pad=0x0x4x0",
            "expected every window to see part of the picture",
        ),
        ("1x28x28,conv:99999999x1x1", "units"),
        ("1x28x28,conv:99999x999x999:pad=same", "expected at most"),
    ] {
        let error = text.parse::<Architecture>().expect_err("no layers");
        assert!(error.contains(expected), "{text}: {error}");
    }
}

#[test]
fn the_weights_of_a_convolution_have_the_fans_of_its_kernel() {
    // 6 input channels in 2 groups of 3, 40 output channels, 5 × 7: fan_in 105, fan_out 1400, as PyTorch has them.
    let (shape, groups) = ([40, 3, 5, 7], 2);
    let kernels = |text: &str| scheme(text).kernels(shape, groups, &mut Random::new(1, 0));
    for (text, variance, kurtosis) in [
        ("lecun-normal", 1.0 / 105.0, 3.0),
        ("glorot-uniform", 2.0 / 1505.0, 1.8),
        ("he-uniform", 2.0 / 105.0, 1.8),
        ("pytorch", 1.0 / 315.0, 1.8),
    ] {
        let (_, found, _) = moments(&kernels(text));
        let error: f64 = ((kurtosis - 1.0) / 4200.0_f64).sqrt();
        assert_relative_eq!(found, variance, max_relative = 5.0 * error);
    }
    let matrix = |text| Array2::from_shape_vec((40, 105), kernels(text)).expect("4200 weights");
    let orthogonal = matrix("orthogonal");
    assert_abs_diff_eq!(
        orthogonal.dot(&orthogonal.t()),
        Array2::eye(40),
        epsilon = 1e-12
    );
    let zeros = matrix("sparse:0.5");
    let zeros = zeros
        .rows()
        .into_iter()
        .map(|row| row.iter().filter(|w| **w == 0.0).count());
    assert!(
        zeros.into_iter().all(|zeros| zeros == 52),
        "half of each kernel"
    );
    for (o, row) in matrix("identity").rows().into_iter().enumerate() {
        let ones: Vec<usize> = (0..105).filter(|k| row[*k] != 0.0).collect();
        // The middle of a kernel of 5 × 7 is its 17th value.
        let expected = Some(o % 20 * 35 + 17).filter(|_| o % 20 < 3);
        assert_eq!(
            ones,
            expected.into_iter().collect::<Vec<_>>(),
            "channel {o}"
        );
    }
}

#[test]
fn a_graph_is_redrawn_in_its_place() {
    let residual = Network::read("example:residual").expect("it is built in");
    let drawn = Architecture::of(&residual);
    let drawn = drawn.draw(scheme("pytorch"), None, 4).expect("finite");
    assert_eq!(drawn.units(), residual.units());
    for (level, layer) in residual.by_level() {
        let other = drawn.layer(level);
        assert_eq!(layer.name(), other.name());
        assert!(layer.sources().eq(other.sources()));
        assert_eq!(layer.kind(), other.kind());
        assert_eq!(layer.activation(), other.activation());
        let has_weights = layer.has_weights();
        assert_eq!(layer == other, !has_weights, "level {level}");
        // A bias a channel, from U(±1/√fan_in).
        assert_eq!(other.bias().len(), if has_weights { 2 } else { 0 });
    }
}

#[test]
fn schemes_of_one_distribution_draw_the_same_numbers_but_for_a_factor() {
    for (a, b, factor) in [
        ("he-normal", "lecun-normal", 2.0_f64.sqrt()),
        ("he-uniform", "pytorch", 6.0_f64.sqrt()),
    ] {
        for (a, b) in drawn(a, 20, 10).iter().zip(&drawn(b, 20, 10)) {
            assert_relative_eq!(*a, b * factor, max_relative = 1e-13);
        }
    }
}

#[test]
fn the_weights_are_the_same_whatever_the_biases() {
    let layers: Architecture = "4,6,3".parse().expect("layers");
    let weights = |bias: Option<&str>| {
        let bias = bias.map(|bias| bias.parse().expect("a bias"));
        let network = layers
            .draw(scheme("he-normal"), bias, 5)
            .expect("a network");
        let dense = network.layers().iter().map(|layer| match layer.linear() {
            Linear::Dense(dense) => dense.weights().to_f64(),
            _ => unreachable!("there is no other layer"),
        });
        dense.collect::<Vec<_>>()
    };
    assert_eq!(weights(None), weights(Some("-0.1")));
    assert_eq!(weights(None), weights(Some("uniform:-0.2,0")));
}

#[test]
fn biases_are_as_asked_for_and_as_the_scheme_has_them_otherwise() {
    let layers: Architecture = "100,1000".parse().expect("layers");
    let biases = |name: &str, bias: Option<&str>| {
        let bias = bias.map(|bias| bias.parse().expect("a bias"));
        let network = layers.draw(scheme(name), bias, 5).expect("a network");
        network.layers()[0].bias().to_vec()
    };
    assert!(biases("he-normal", None).is_empty());
    assert!(biases("pytorch", Some("0")).is_empty());
    assert_eq!(biases("zeros", Some("-0.1")), [-0.1; 1000]);
    let (mean, variance, _) = moments(&biases("he-normal", Some("uniform:-0.2,0")));
    assert_abs_diff_eq!(mean, -0.1, epsilon = 0.01);
    assert_relative_eq!(variance, 0.04 / 12.0, max_relative = 0.15);
    let (mean, variance, _) = moments(&biases("pytorch", None));
    assert_abs_diff_eq!(mean, 0.0, epsilon = 0.01);
    assert_relative_eq!(variance, 0.01 / 3.0, max_relative = 0.15);
}

#[test]
fn a_network_drawn_by_each_scheme_conserves_what_it_has() {
    let layers: Architecture = "6,8,pool:2,4".parse().expect("layers");
    let samples = deeptaylor::compare::draw_samples(layers.input(), 6, 20, 3);
    for family in Family::ALL {
        // Where a unit has no weights at all, relevance can be lost: identity with more units than inputs.
        if family == Family::Identity {
            continue;
        }
        let network = layers
            .draw(Scheme::of(family), Some("0".parse().expect("a bias")), 1)
            .expect("a network");
        let plan = Plan::of(&network, Rule::WSquared).expect("w2 is defined anywhere");
        let mut explainer = Explainer::new(&plan);
        let batch = explainer
            .explain(samples.view(), &Target::Max)
            .expect("finite");
        assert!(
            batch.audits().iter().all(|audit| audit.checks.hold()),
            "{family:?}"
        );
    }
}
