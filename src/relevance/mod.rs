//! How relevance flows back.
//!
//! Montavon et al. (2015) expand each unit's relevance, a function of its inputs, around a root point x̃ where
//! it is 0, and give each input its first-order term:
//!
//! ```text
//! f(x) = f(x̃) + Σ_p ∂f/∂x_p|x̃ · (x_p − x̃_p) + ε          R_p(x) = the p-th term
//! ```
//!
//! For a detection layer `x_j = max(0, Σ_i x_i w_ij + b_j)` the root is sought along a direction v from x:
//! `x̃ = x − t·v`, with t such that the pre-activation becomes 0. The terms are then proportional to
//! `q_ij = v_i w_ij`, and all the rules are one formula,
//!
//! ```text
//! R_i = Σ_j  q_ij / Σ_i' q_i'j · R_j
//! ```
//!
//! | rule | domain of the inputs | direction v_i | q_ij |
//! |---|---|---|---|
//! | w² | all of ℝ | `w_ij` | `w_ij²` |
//! | z⁺ | `x_i ≥ 0` | `x_i·1[w_ij ≥ 0]` | `x_i w_ij⁺` |
//! | z⁺ | all of ℝ | `x_i·1[x_i w_ij ≥ 0]` | `max(0, x_i w_ij)` |
//! | zᴮ | `l_i ≤ x_i ≤ h_i` | `x_i − l_i·1[w_ij ≥ 0] − h_i·1[w_ij < 0]` | `x_i w_ij − l_i w_ij⁺ − h_i w_ij⁻` |
//! | flat | – | – | 1 |
//! | pools | `x_j ≥ 0` | `x_j` (root at 0) | `x_j` |
//!
//! The expansions themselves, root points and all, are computed by the [`Expander`](expansion::Expander), and those of the whole network by
//! [`expand_function`](function::expand_function); they use no rule's closed form, and the two are held together.
//!
//! A [`Rule`] is data: a row of all that is known [about](Rule::about) it, and the terms of its q. A layer is a linear map with an adjoint. The formula stands once,
//! in `propagate`, and neither knows the other. Nothing is ever added to a denominator: what cannot be
//! handed on is reported by the [`Audit`].

mod at_work;
pub mod audit;
mod batch;
mod bias_share;
pub mod cause;
mod checks;
mod completeness;
pub mod expansion;
mod explain;
mod extreme;
mod fixed;
pub mod function;
pub mod gradient;
mod gradient_explainer;
mod handed_on;
mod messages;
mod method;
mod no_root;
mod parts;
mod pieces;
mod plan;
mod plan_file;
mod points;
mod policy;
mod prepared;
mod preset;
mod propagate;
mod resolve;
mod roots;
pub mod rule;
mod selector;
mod target;
pub mod term;
mod units;
mod withheld;

pub use audit::Audit;
pub use batch::{Batch, ExplainedOutput};
pub use completeness::Completeness;
pub use explain::Explainer;
pub use gradient::Gradient;
pub use gradient_explainer::{GradientBatch, GradientExplainer};
pub use method::Method;
pub use plan::Plan;
pub use plan_file::PlanFile;
pub use policy::{LayerRule, Policy, schema};
pub use preset::Preset;
pub use resolve::{By, Note, Reason, Resolved};
pub use roots::{RuleRoots, expand_level};
pub use rule::{Rule, RuleBias};
pub use selector::{Meaning, Selector};
pub(crate) use target::labelled;
pub use target::{Chosen, Target};
pub use withheld::{Absorbed, Stranded};
