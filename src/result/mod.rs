//! The serialisable results: data alone, one file a kind.
//!
//! Everything that is shown is a figure of one of these; a [rendering](crate::render) chooses, formats and aligns, and
//! shows nothing that the JSON lacks.

mod absorbed;
mod agreement;
mod balance;
mod by_gradient;
mod channels;
pub mod column;
pub mod comparison;
mod consistent;
pub mod difference;
pub mod evaluated;
mod evaluation;
mod exact;
mod expanded;
mod expansion;
mod explanation;
mod explanations;
mod figures;
mod flow;
mod function;
mod gradient;
mod identity;
mod inspection;
mod kind;
mod left_out;
mod level;
mod line;
mod lines;
mod messages;
pub(crate) mod network;
mod origin;
mod properties;
mod read;
pub(crate) mod roots;
mod rounded;
mod setting;
mod subject;
mod summary;
mod sums;
mod target;
mod taylor;
pub mod training;
pub(crate) mod value;

pub use absorbed::{Absorbed, Absorber};
pub use agreement::{Apart, Pair, RuleAgreement, SampleAgreement};
pub(crate) use agreement::{input_parts, pairs};
pub use balance::{BalanceEntry, Went};
pub use channels::{Channel, Channels};
pub use comparison::{Comparison, InputsInfo, SchemeFigures, SeedsInfo, Spreads};
pub use difference::{Difference, DifferenceSummary, Explained, SampleDifference, Side};
pub use evaluated::{BalanceShares, Complete, EvaluatedRule, Likeness};
pub use evaluation::{
    Evaluation, FlippingInfo, LeftOutRule, NoiseInfo, RandomisationInfo, RandomisedLayer,
};
pub use exact::{ExactExplanation, ExactSample};
pub use expanded::TaylorUnit;
pub use expansion::{ExpansionFigures, LayerExpansion};
pub use explanation::{Explanation, Lost, Rounding, Sample};
pub use explanations::{Explanations, Kept, MeanBalance, MeanCompleteness};
pub use figures::Figures;
pub use flow::{Edge, Flow, IN_FULL, Node};
pub use function::TaylorFunction;
pub use gradient::GradientInfo;
pub use inspection::{InspectedLayer, InspectedRule, Inspection};
pub use kind::Kind;
pub use left_out::{Largest, LostMore, Whole};
pub use level::Layer;
pub use line::Line;
pub use lines::{LinesOfRule, is_lines, read_lines};
pub use messages::{Edges, Messages};
pub use network::{DrawnAs, LayerInfo, NetworkInfo};
pub use origin::{Origin, SourceFile, stem};
pub use properties::{Conserved, Positive, Promised};
pub use read::{AnyResult, is_result, read};
pub use roots::{Agreement, TaylorChecks};
pub(crate) use rounded::decimals;
pub use setting::{ImagesInfo, LabelInfo, Setting};
pub use subject::Subject;
pub(crate) use summary::worst_first;
pub use summary::{AddsUp, Failing, Labels, Summary, Which};
pub use target::{Minus, TargetInfo};
pub use taylor::{ChosenUnits, Rootless, Taylor, TaylorLayer};
pub use training::{
    ChanceInfo, DigitFigures, DigitInfo, RuleFigures, StepFigures, Training, Unexplained,
};
pub use value::{Amount, Value};
