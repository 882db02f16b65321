//! What levels are called in files where each needs a name.

use std::collections::HashSet;

use super::Network;

impl Network {
    /// A name for every level, each its own: `input`, then those of the layers, or `level-3` where one has none.
    pub(super) fn called(&self) -> Vec<String> {
        let layers = self.layers().iter();
        let mut names: Vec<String> = layers.map(|layer| layer.name().to_owned()).collect();
        names.insert(0, "input".to_owned());
        let taken: HashSet<String> = names.iter().cloned().collect();
        for (level, called) in names.iter_mut().enumerate() {
            if called.is_empty() {
                *called = format!("level-{level}");
                while taken.contains(called) {
                    called.push('\'');
                }
            }
        }
        names
    }
}

#[cfg(test)]
mod tests {
    use crate::network::Network;

    #[test]
    fn a_level_without_a_name_gets_one_that_no_other_has() {
        let network: Network = r#"{ "input": { "shape": [2] }, "layers": [
            { "type": "sum_pool", "size": 1, "name": "level-2" },
            { "type": "sum_pool", "size": 1 },
            { "type": "sum_pool", "size": 1, "name": "level-2'" },
            { "type": "sum_pool", "size": 1, "name": "sum" },
            { "type": "sum_pool", "size": 1 } ] }"#
            .parse()
            .expect("a network");
        let expected = [
            "input",
            "level-2",
            "level-2''",
            "level-2'",
            "sum",
            "level-5",
        ];
        assert_eq!(network.called(), expected);
    }
}
