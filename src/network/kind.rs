//! What makes a level of a network, as results name it.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Layer, linear::Kind};

/// What makes a level: the input, or a layer, by its type as the network file spells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LevelKind {
    /// The input.
    Input,
    /// A layer with a map of this kind.
    Layer(Kind),
}

impl LevelKind {
    /// Every kind, the input first.
    fn every() -> impl Iterator<Item = Self> {
        let layers = Kind::ALL.into_iter().map(Self::Layer);
        std::iter::once(Self::Input).chain(layers)
    }

    /// As it is spelt.
    pub fn name(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Layer(kind) => kind.name(),
        }
    }

    /// What it is called in sentences: `input`, `dense layer`, `sum pool`.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Layer(kind) => kind.noun(),
        }
    }

    /// Whether every unit of it has one input.
    pub fn is_routing(self) -> bool {
        match self {
            Self::Input => false,
            Self::Layer(kind) => kind.is_routing(),
        }
    }

    /// Whether it is a layer with weights of its own.
    pub fn has_weights(self) -> bool {
        match self {
            Self::Input => false,
            Self::Layer(kind) => kind.has_weights(),
        }
    }
}

impl From<&Layer> for LevelKind {
    fn from(layer: &Layer) -> Self {
        Self::Layer(layer.kind())
    }
}

impl fmt::Display for LevelKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for LevelKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for LevelKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let found = String::deserialize(deserializer)?;
        let known = Self::every().find(|kind| kind.name() == found);
        known.ok_or_else(|| {
            let names: Vec<String> = Self::every().map(|kind| format!("`{kind}`")).collect();
            let names = names.join(", ");
            de::Error::custom(format!(
                "unknown variant `{found}`, expected one of {names}"
            ))
        })
    }
}

impl JsonSchema for LevelKind {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "level".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let article = |kind: Self| match kind {
            Self::Input => "The",
            Self::Layer(kind) if kind.noun().starts_with('a') => "An",
            Self::Layer(_) => "A",
        };
        let each = Self::every().map(|kind| {
            let description = format!("{} {}.", article(kind), kind.noun());
            serde_json::json!({ "description": description, "type": "string", "const": kind.name() })
        });
        json_schema!({ "oneOf": each.collect::<Vec<_>>() })
    }
}

#[cfg(test)]
mod tests {
    use schemars::{JsonSchema, schema_for};

    use super::{Kind, LevelKind};

    #[test]
    fn the_input_is_a_level_without_weights_and_a_layer_is_what_its_maps_are() {
        let [input, scale, dense] = [
            LevelKind::Input,
            LevelKind::Layer(Kind::Scale),
            LevelKind::Layer(Kind::Dense),
        ];
        for (kind, name, noun, routing, weights) in [
            (input, "input", "input", false, false),
            (scale, "scale", "scale layer", true, false),
            (dense, "dense", "dense layer", false, true),
        ] {
            assert_eq!((kind.name(), kind.noun()), (name, noun));
            assert_eq!((kind.is_routing(), kind.has_weights()), (routing, weights));
        }
        assert_eq!(format!("{:>7}", LevelKind::Input), "  input");
    }

    #[test]
    fn the_schema_describes_each_kind_with_its_article() {
        let schema = schema_for!(LevelKind).to_value();
        let each = schema["oneOf"].as_array().expect("a list of kinds");
        let said = each.iter().map(|kind| kind["description"].as_str());
        let said: Vec<&str> = said.map(|said| said.expect("a sentence")).collect();
        let first = ["The input.", "A dense layer.", "A convolutional layer."];
        assert_eq!(said[..3], first);
        for one in ["An average pool.", "An addition.", "A max pool."] {
            assert!(said.contains(&one), "{said:?}");
        }
        assert_eq!(each[1]["const"], "dense");
        // It stands where it is used, under no name of its own.
        assert!(LevelKind::inline_schema());
        assert_eq!(LevelKind::schema_name(), "level");
    }

    #[test]
    fn a_level_is_read_back_by_its_name() {
        for kind in LevelKind::every() {
            let json = serde_json::to_string(&kind).expect("JSON");
            assert_eq!(json, format!("\"{kind}\""));
            assert_eq!(
                serde_json::from_str::<LevelKind>(&json).expect("known"),
                kind
            );
        }
        let unknown = serde_json::from_str::<LevelKind>("\"conv\"").expect_err("no kind");
        let expected = "unknown variant `conv`, expected one of `input`, `dense`, `conv2d`";
        assert!(unknown.to_string().starts_with(expected), "{unknown}");
    }
}
