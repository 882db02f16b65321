//! Plan files: which rule goes on which layer.

use std::sync::OnceLock;

use deeptaylor::Network;
use deeptaylor::relevance::{PlanFile, Policy};

use super::held;

/// Networks that a plan is for: a chain, and a graph with a convolution and names.
pub fn networks() -> &'static [Network] {
    static NETWORKS: OnceLock<Vec<Network>> = OnceLock::new();
    const GRAPH: &str = r#"{ "input": { "shape": [1, 3, 3], "bounds": [-1, 1] }, "layers": [
        { "type": "conv2d", "name": "stem", "weights": [[[[1, -1], [0.5, 2]]]], "activation": "relu" },
        { "type": "scale", "name": "2", "weights": [-1] },
        { "type": "add", "name": "first", "from": ["stem", "2"] },
        { "type": "max_pool2d", "kernel": 2 },
        { "type": "dense", "name": "a=b", "weights": [[1, -1]], "activation": "relu" } ], "outputs": ["a-b", "max"] }"#;
    NETWORKS.get_or_init(|| {
        let graph = Network::parse("graph", GRAPH.as_bytes());
        vec![
            Network::figure_4(),
            graph.unwrap_or_else(|error| panic!("{error}")),
        ]
    })
}

/// The text of a plan file.
pub fn plan(bytes: &[u8]) {
    let file = match PlanFile::parse("plan.json", bytes) {
        Ok(file) => file,
        Err(error) => return held::told(&error),
    };
    let policy = file.policy();
    let text = serde_json::to_string(policy).expect("a plan can be written");
    let again = PlanFile::parse("written", text.as_bytes());
    let again =
        again.unwrap_or_else(|error| panic!("what was written is refused: {error}\n{text}"));
    assert_eq!(again.policy(), policy, "another plan comes back of {text}");
    for network in networks() {
        match file.resolve(network) {
            Ok(resolved) => {
                let notes = resolved.notes.iter().map(|note| format!("{note:?}"));
                notes.for_each(|note| held::plain(&note));
                named(policy, network, &resolved.plan);
            }
            Err(error) => held::told(&error),
        }
    }
}

/// That a plan in which layers are named by number is the same on its network.
fn named(policy: &Policy, network: &Network, plan: &deeptaylor::Plan) {
    let by_number = policy.clone().by_number(network);
    match by_number.plan(network) {
        Ok(same) => assert_eq!(same, *plan, "{policy:?}"),
        Err(error) => panic!("{error}: {policy:?}"),
    }
}
