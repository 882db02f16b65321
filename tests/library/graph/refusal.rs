//! Which layers are first, which rules they can have, and how what is not defined is refused.

use deeptaylor::{Network, Plan, Preset, Rule};

use super::plain::{Function, Graph, Map, Node, Window};

fn node(from: &[usize], map: Map) -> Node {
    Node {
        map,
        from: from.to_vec(),
        bias: Vec::new(),
        activation: Function::Identity,
    }
}

fn dense(from: usize, inputs: usize) -> Node {
    let weights = vec![vec![1.0]; inputs];
    node(&[from], Map::Dense { weights })
}

fn scale(from: usize, weights: &[f64], bias: &[f64]) -> Node {
    Node {
        bias: bias.to_vec(),
        ..node(
            &[from],
            Map::Scale {
                weights: weights.to_vec(),
            },
        )
    }
}

fn network(shape: &[usize], bounds: Option<[f64; 2]>, nodes: Vec<Node>) -> Network {
    let inputs = shape.iter().product();
    let graph = Graph {
        shape: shape.to_vec(),
        bounds: bounds.map(|bounds| vec![bounds; inputs]),
        nodes,
    };
    graph.network()
}

fn rules(network: &Network, preset: impl Into<Preset>) -> Vec<Rule> {
    let plan = Plan::of(network, preset).expect("defined");
    (1..=network.top()).map(|level| plan.rule(level)).collect()
}

#[test]
fn several_layers_are_first_and_through_routing_but_not_through_an_activation_or_a_pool() {
    let gather = Map::Gather {
        indices: vec![Some(1), None],
        shape: vec![2],
    };
    let nodes = vec![
        dense(0, 2),
        scale(0, &[2.0, -1.0], &[]),
        dense(2, 2),
        node(&[0], gather),
        node(&[4, 2], Map::Concat),
        dense(5, 4),
        Node {
            activation: Function::Relu,
            ..scale(0, &[1.0, 1.0], &[])
        },
        dense(7, 2),
        node(&[0], Map::SumPool { size: 1 }),
        dense(9, 2),
        node(&[0, 0], Map::Add),
        dense(11, 2),
        node(&[1, 3, 6, 8, 10, 12], Map::Concat),
        dense(13, 6),
    ];
    let network = network(&[2], Some([-1.0, 2.0]), nodes);
    assert_eq!(network.first_layers().collect::<Vec<_>>(), [1, 3, 6]);
    use Rule::{Proportional, Routing, WSquared, ZBox, ZPlus};
    let expected = |first, above, addition| {
        let pool = Proportional;
        [
            first, Routing, first, Routing, Routing, first, Routing, above, pool, above, addition,
            above, Routing, above,
        ]
    };
    assert_eq!(
        rules(&network, Preset::DeepTaylor),
        expected(ZBox, ZPlus, ZPlus)
    );
    assert_eq!(rules(&network, ZBox), expected(ZBox, WSquared, WSquared));
    assert_eq!(rules(&network, ZPlus), expected(ZPlus, ZPlus, ZPlus));
    let plan = Plan::of(&network, ZBox).expect("defined");
    // (x_2, 0, 2 x_1, −x_2)
    let bounds: Vec<[f64; 2]> = (0..4).map(|i| plan.domain(6).at(i)).collect();
    assert_eq!(bounds, [[-1.0, 2.0], [0.0, 0.0], [-2.0, 4.0], [-2.0, 1.0]]);
}

#[test]
fn without_bounds_deep_taylor_has_w_squared_on_first_layers() {
    let network = network(
        &[2],
        None,
        vec![scale(0, &[2.0, 1.0], &[]), dense(1, 2), dense(2, 1)],
    );
    let found = rules(&network, Preset::DeepTaylor);
    assert_eq!(found, [Rule::Routing, Rule::WSquared, Rule::ZPlus]);
}

#[test]
fn bounds_that_routing_moves_away_from_0_are_refused_by_layer_and_unit() {
    // x_2 in [−1, 2] becomes [4, 10], and x_1 stays.
    let moved = vec![scale(0, &[1.0, 2.0], &[0.0, 6.0]), dense(1, 2)];
    let moved = network(&[2], Some([-1.0, 2.0]), moved);
    for refused in [
        Plan::of(&moved, Preset::DeepTaylor),
        Plan::of(&moved, Rule::ZBox),
    ] {
        let refused = refused.expect_err("0 is not within the bounds").to_string();
        assert!(refused.starts_with("layer 2: the zB rule"), "{refused}");
        assert!(
            refused.contains("found [4, 10] for unit 1 of layer 1"),
            "{refused}"
        );
        assert!(refused.contains("--layer-rule 2=w2"), "{refused}");
        assert!(!refused.contains("write bounds"), "{refused}");
    }
    let plan = Plan::of(&moved, Rule::WSquared).expect("defined");
    assert!(plan.clone().with(2, Rule::ZBox).is_err());
    assert!(plan.with(2, Rule::ZPlus).is_ok());
}

#[test]
fn bounds_that_leave_the_range_of_f64_are_refused() {
    for (bounds, said) in [
        ([0.0, 1.0], "found [0, inf]"),
        ([-1.0, 0.0], "found [-inf, 0]"),
        ([-1.0, 1.0], "found [-inf, inf]"),
    ] {
        let nodes = vec![
            scale(0, &[1e300], &[]),
            scale(1, &[1e300], &[]),
            dense(2, 1),
        ];
        let network = network(&[1], Some(bounds), nodes);
        let refused = Plan::of(&network, Rule::ZBox).expect_err("infinite");
        assert!(refused.to_string().contains(said), "{refused}");
    }
}

#[test]
fn pools_routing_and_max_pools_take_no_rule_and_a_signed_addition_takes_z_plus_for_z_b() {
    let window = Window {
        kernel: [1, 1],
        stride: [1, 1],
        dilation: [1, 1],
        padding: [0; 4],
    };
    let gather = Map::Gather {
        indices: vec![Some(0)],
        shape: vec![1, 1, 1],
    };
    let average = Map::AvgPool2d {
        window,
        count_padding: true,
    };
    let nodes = vec![
        node(&[0], Map::SumPool { size: 1 }),
        scale(1, &[1.0], &[]),
        node(&[2], gather),
        node(&[3], Map::MaxPool2d { window }),
        node(&[4], average),
        node(&[5], Map::SumPool2d { window }),
        node(&[6, 6], Map::Concat),
        Node {
            activation: Function::Relu,
            ..node(&[7, 7], Map::Add)
        },
        node(&[8, 8], Map::Add),
    ];
    let network = network(&[1], Some([-1.0, 1.0]), nodes);
    let plan = Plan::of(&network, Rule::WSquared).expect("defined");
    for level in [1, 2, 3, 4, 5, 6, 7, 9] {
        for rule in Rule::ALL {
            let refused = plan
                .clone()
                .with(level, rule)
                .expect_err("no rule")
                .to_string();
            let noun = network.layer(level).kind().noun();
            let start = format!("layer {level} is a");
            assert!(
                refused.starts_with(&start) && refused.contains(noun),
                "{refused}"
            );
        }
    }
    for asked in Rule::ALL {
        // Additions have no bounds.
        let expected = if asked == Rule::ZBox {
            Rule::ZPlus
        } else {
            asked
        };
        let plan = plan
            .clone()
            .with(8, asked)
            .expect("a signed addition follows a rule");
        assert_eq!(plan.rule(8), expected);
    }
    for own in [Rule::Proportional, Rule::Routing, Rule::Largest] {
        assert!(plan.clone().with(8, own).is_err());
    }
}
