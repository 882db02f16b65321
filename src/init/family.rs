//! The families of schemes: names, parameters, formulas and sources.

use crate::spelling::Spelling;

/// A kind of scheme; [`Scheme`](super::Scheme) adds its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// All weights 0.
    Zeros,
    /// All weights the same.
    Constant,
    /// Uniform in an interval.
    Uniform,
    /// Normal.
    Normal,
    /// Normal, cut off two standard deviations from its mean.
    TruncatedNormal,
    /// Uniform with variance 1/fan_in.
    LecunUniform,
    /// Normal with variance 1/fan_in.
    LecunNormal,
    /// Uniform with variance 2/(fan_in + fan_out).
    GlorotUniform,
    /// Normal with variance 2/(fan_in + fan_out).
    GlorotNormal,
    /// Uniform with variance 2/fan_in.
    HeUniform,
    /// Normal with variance 2/fan_in.
    HeNormal,
    /// Orthonormal columns, or rows.
    Orthogonal,
    /// Most weights 0, the others normal.
    Sparse,
    /// Each unit copies the input of its number.
    Identity,
    /// What `torch.nn.Linear` does by default.
    PyTorch,
}

impl Family {
    /// Every family.
    pub const ALL: [Self; 15] = [
        Self::Zeros,
        Self::Constant,
        Self::Uniform,
        Self::Normal,
        Self::TruncatedNormal,
        Self::LecunUniform,
        Self::LecunNormal,
        Self::GlorotUniform,
        Self::GlorotNormal,
        Self::HeUniform,
        Self::HeNormal,
        Self::Orthogonal,
        Self::Sparse,
        Self::Identity,
        Self::PyTorch,
    ];

    /// Name, parameters and formula; and the source.
    #[expect(clippy::too_many_lines, reason = "a table of fifteen families")]
    const fn about(self) -> (Spelling, &'static str) {
        const LECUN: &str = "LeCun et al. 1998, Efficient BackProp, section 4.6";
        const GLOROT: &str = "Glorot & Bengio 2010, section 4.2.1";
        const HE: &str = "He et al. 2015, Delving Deep into Rectifiers, section 2.2";
        let (name, aliases, parameters, formula, source): (_, &[_], &[_], _, _) = match self {
            Self::Zeros => (
                "zeros",
                &[],
                &[],
                "0",
                "the extreme case: without a bias no unit fires",
            ),
            Self::Constant => (
                "constant",
                &[],
                &[("v", 0.05)],
                "v",
                "the symmetric case: all units of a layer are alike",
            ),
            Self::Uniform => (
                "uniform",
                &[],
                &[("a", -0.05), ("b", 0.05)],
                "U(a, b)",
                "Keras' RandomUniform has these defaults",
            ),
            Self::Normal => (
                "normal",
                &[],
                &[("μ", 0.0), ("σ", 0.05)],
                "N(μ, σ²)",
                "Keras' RandomNormal has these defaults",
            ),
            Self::TruncatedNormal => (
                "truncated-normal",
                &[],
                &[("μ", 0.0), ("σ", 0.05)],
                "N(μ, σ²) within μ ± 2σ",
                "Keras' TruncatedNormal has these defaults",
            ),
            Self::LecunUniform => (
                "lecun-uniform",
                &[],
                &[],
                "U(±√(3 / fan_in)), variance 1 / fan_in",
                LECUN,
            ),
            Self::LecunNormal => ("lecun-normal", &[], &[], "N(0, 1 / fan_in)", LECUN),
            Self::GlorotUniform => (
                "glorot-uniform",
                &["xavier-uniform"],
                &[],
                "U(±√(6 / (fan_in + fan_out)))",
                GLOROT,
            ),
            Self::GlorotNormal => (
                "glorot-normal",
                &["xavier-normal"],
                &[],
                "N(0, 2 / (fan_in + fan_out))",
                GLOROT,
            ),
            Self::HeUniform => (
                "he-uniform",
                &["kaiming-uniform"],
                &[],
                "U(±√(6 / fan_in)), variance 2 / fan_in",
                HE,
            ),
            Self::HeNormal => (
                "he-normal",
                &["kaiming-normal"],
                &[],
                "N(0, 2 / fan_in), not truncated",
                HE,
            ),
            Self::Orthogonal => (
                "orthogonal",
                &[],
                &[],
                "orthonormal columns (rows, where units > inputs), gain 1",
                "Saxe et al. 2014; drawn after Stewart 1980",
            ),
            Self::Sparse => (
                "sparse",
                &[],
                &[("p", 0.9), ("σ", 1.0)],
                "0 for ⌊p · fan_in⌋ inputs of each unit, N(0, σ²) for the others",
                "Martens 2010, Deep Learning via Hessian-free Optimization",
            ),
            Self::Identity => (
                "identity",
                &[],
                &[],
                "1 where i = j, 0 elsewhere",
                "Le, Jaitly & Hinton 2015",
            ),
            Self::PyTorch => (
                "pytorch",
                &[],
                &[],
                "U(±1 / √fan_in), biases too",
                "torch.nn.Linear, reset_parameters",
            ),
        };
        let help = formula;
        let spelling = Spelling {
            name,
            aliases,
            parameters,
            help,
        };
        (spelling, source)
    }

    /// How it is spelt; the help is the distribution of w_ij.
    pub const fn spelling(self) -> Spelling {
        self.about().0
    }

    /// The distribution of w_ij.
    pub const fn formula(self) -> &'static str {
        self.spelling().help
    }

    /// Where it comes from.
    pub const fn source(self) -> &'static str {
        self.about().1
    }
}
