//! The kinds of linear maps, and what is known of each.

use std::fmt;

use super::{About, Conv2d, Dense, Gather, MaxPool2d, Place, Pool2d, Role, Scale, SumPool};

/// A kind of linear map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A [`Dense`] map.
    Dense,
    /// A [`Conv2d`].
    Conv2d,
    /// A [`SumPool`].
    SumPool,
    /// A [`Pool2d`] that sums.
    SumPool2d,
    /// A [`Pool2d`] that averages.
    AvgPool2d,
    /// A [`MaxPool2d`].
    MaxPool2d,
    /// A [`Place`] in an addition.
    Add,
    /// A [`Place`] in a concatenation.
    Concat,
    /// A [`Scale`].
    Scale,
    /// A [`Gather`].
    Gather,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::Dense,
        Self::Conv2d,
        Self::SumPool,
        Self::SumPool2d,
        Self::AvgPool2d,
        Self::MaxPool2d,
        Self::Add,
        Self::Concat,
        Self::Scale,
        Self::Gather,
    ];

    fn about(self) -> About {
        match self {
            Self::Dense => Dense::ABOUT,
            Self::Conv2d => Conv2d::ABOUT,
            Self::SumPool => SumPool::ABOUT,
            Self::SumPool2d => Pool2d::SUM,
            Self::AvgPool2d => Pool2d::AVERAGE,
            Self::MaxPool2d => MaxPool2d::ABOUT,
            Self::Add => Place::ADDITION,
            Self::Concat => Place::CONCATENATION,
            Self::Scale => Scale::ABOUT,
            Self::Gather => Gather::ABOUT,
        }
    }

    /// The kind as the network file and the results spell it.
    pub fn name(self) -> &'static str {
        self.about().name
    }

    /// What one is called in sentences: `dense layer`, `sum pool`.
    pub fn noun(self) -> &'static str {
        self.about().noun
    }

    /// What such maps are to a rule.
    pub fn role(self) -> Role {
        self.about().role
    }

    /// Whether a layer of such maps reads several levels; every other reads one.
    pub fn reads_several(self) -> bool {
        matches!(self, Self::Add | Self::Concat)
    }

    /// Whether every unit of such a map has one input.
    pub fn is_routing(self) -> bool {
        matches!(self.role(), Role::Routing)
    }

    /// Whether such maps have weights of their own, which a rule can look at; a pool has none.
    pub fn has_weights(self) -> bool {
        matches!(self.role(), Role::Weights)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Role};

    #[test]
    fn of_every_kind_its_name_noun_and_role_are_known() {
        for (kind, name, noun, role) in [
            (Kind::Dense, "dense", "dense layer", Role::Weights),
            (Kind::Conv2d, "conv2d", "convolutional layer", Role::Weights),
            (Kind::SumPool, "sum_pool", "sum pool", Role::Pool),
            (Kind::SumPool2d, "sum_pool2d", "sum pool", Role::Pool),
            (Kind::AvgPool2d, "avg_pool2d", "average pool", Role::Pool),
            (Kind::MaxPool2d, "max_pool2d", "max pool", Role::Maximum),
            (Kind::Add, "add", "addition", Role::Addition),
            (Kind::Concat, "concat", "concatenation", Role::Routing),
            (Kind::Scale, "scale", "scale layer", Role::Routing),
            (Kind::Gather, "gather", "gather layer", Role::Routing),
        ] {
            assert_eq!((kind.name(), kind.noun(), kind.role()), (name, noun, role));
            assert_eq!(kind.to_string(), name);
            assert_eq!(kind.is_routing(), role == Role::Routing, "{kind}");
            assert_eq!(kind.has_weights(), role == Role::Weights, "{kind}");
            let several = ["add", "concat"].contains(&name);
            assert_eq!(kind.reads_several(), several, "{kind}");
        }
        assert_eq!(format!("{:>7}", Kind::Dense), "  dense");
    }
}
