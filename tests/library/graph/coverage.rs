//! That the random graphs have what they are to be judged by.

use super::case::Case;
use super::oracle::{Asked, Share};
use super::plain::{Function, Map, Node, Window};
use super::random::case;

/// So many of the cases are looked at.
const CASES: u64 = 1000;

fn window(node: &Node) -> Option<&Window> {
    match &node.map {
        Map::Conv { window, .. }
        | Map::SumPool2d { window }
        | Map::AvgPool2d { window, .. }
        | Map::MaxPool2d { window } => Some(window),
        _ => None,
    }
}

/// How many cases have a layer of which something is true.
fn with(cases: &[Case], holds: impl Fn(&Case, usize) -> bool) -> usize {
    let any = |case: &&Case| (0..case.graph.nodes.len()).any(|l| holds(case, l));
    cases.iter().filter(any).count()
}

#[test]
fn random_graphs_have_every_kind_of_layer_geometry_and_rule() {
    let cases: Vec<Case> = (0..CASES).map(case).collect();
    let mut found = Vec::new();
    let mut node = |what: &'static str, holds: fn(&Node) -> bool| {
        found.push((what, with(&cases, |case, l| holds(&case.graph.nodes[l]))));
    };
    node("a dense layer", |node| {
        matches!(node.map, Map::Dense { .. })
    });
    node(
        "groups",
        |node| matches!(node.map, Map::Conv { groups, .. } if groups > 1),
    );
    node("a sum pool of runs", |node| {
        matches!(node.map, Map::SumPool { .. })
    });
    node("a sum pool", |node| {
        matches!(node.map, Map::SumPool2d { .. })
    });
    node("an average", |node| {
        matches!(
            node.map,
            Map::AvgPool2d {
                count_padding: false,
                ..
            }
        )
    });
    node("a count of padding", |node| {
        matches!(
            node.map,
            Map::AvgPool2d {
                count_padding: true,
                ..
            }
        )
    });
    node("a max pool", |node| {
        matches!(node.map, Map::MaxPool2d { .. })
    });
    node("an addition of three", |node| {
        matches!(node.map, Map::Add) && node.from.len() == 3
    });
    node("a concatenation", |node| matches!(node.map, Map::Concat));
    node("a scale with a bias", |node| {
        matches!(node.map, Map::Scale { .. }) && !node.bias.is_empty()
    });
    node(
        "a constant",
        |node| matches!(&node.map, Map::Gather { indices, .. } if indices.contains(&None)),
    );
    node("relu6", |node| node.activation == Function::Relu6);
    node("a level twice in an addition", |node| {
        matches!(node.map, Map::Add) && node.from[1..].contains(&node.from[0])
    });
    node("a stride", |node| {
        window(node).is_some_and(|window| window.stride != [1, 1])
    });
    node("dilation", |node| {
        window(node).is_some_and(|window| window.dilation != [1, 1])
    });
    node("four paddings", |node| {
        window(node).is_some_and(|window| {
            let [top, left, bottom, right] = window.padding;
            top != bottom && left != right && top != left
        })
    });
    found.push((
        "a level that several layers read",
        with(&cases, |case, l| {
            let read = |node: &&Node| node.from.contains(&(l + 1));
            case.graph.nodes.iter().filter(read).count() > 1
        }),
    ));
    let rules: Vec<_> = cases.iter().map(Case::rules).collect();
    found.push((
        "bounds moved away from 0",
        rules.iter().filter(|rules| rules.is_err()).count(),
    ));
    let mut rule = |what: &'static str, holds: &dyn Fn(&Case, usize, &Share) -> bool| {
        let all = cases
            .iter()
            .zip(&rules)
            .filter_map(|(case, rules)| Some((case, rules.as_ref().ok()?)));
        let any = |(case, rules): &(&Case, &Vec<Share>)| {
            rules
                .iter()
                .enumerate()
                .any(|(l, rule)| holds(case, l, rule))
        };
        found.push((what, all.filter(any).count()));
    };
    rule("moved bounds", &|case, l, rule| {
        matches!(rule, Share::ZBox(_)) && case.graph.nodes[l].from[0] > 0
    });
    rule("a signed addition by squared weights", &|case, l, rule| {
        matches!(case.graph.nodes[l].map, Map::Add) && *rule == Share::WSquared
    });
    rule("a signed addition by its support", &|case, l, rule| {
        matches!(case.graph.nodes[l].map, Map::Add) && *rule == Share::ZPlus
    });
    rule("a proportional addition", &|case, l, rule| {
        matches!(case.graph.nodes[l].map, Map::Add) && *rule == Share::Proportional
    });
    rule(
        "a signed addition by contributions of both signs",
        &|case, l, rule| {
            matches!(case.graph.nodes[l].map, Map::Add)
                && matches!(rule, Share::Z | Share::Gamma(_) | Share::AlphaBeta(..))
        },
    );
    rule("a bias in a denominator", &|case, l, rule| {
        let follows = matches!(
            rule,
            Share::ZPlus | Share::Z | Share::Epsilon(_) | Share::Gamma(_) | Share::AlphaBeta(..)
        );
        case.keep && follows && case.graph.nodes[l].bias.iter().any(|b| *b != 0.0)
    });
    rule("an exception", &|case, l, _| {
        case.exceptions.iter().any(|(level, _)| *level == l + 1)
    });
    for asked in [
        Asked::WSquared,
        Asked::Flat,
        Asked::ZPlus,
        Asked::ZBox,
        Asked::Z,
        Asked::Epsilon(0.25),
        Asked::Gamma(0.25),
        Asked::AlphaBeta(2.0, 1.0),
        Asked::DeepTaylor,
    ] {
        found.push((
            "a rule for all",
            cases.iter().filter(|case| case.asked == asked).count(),
        ));
    }
    let rare: Vec<_> = found.iter().filter(|(_, count)| *count < 5).collect();
    assert!(rare.is_empty(), "{rare:?}");
}
