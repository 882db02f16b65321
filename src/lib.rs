//! A relevance calculator: deep Taylor decomposition of small ReLU / sum-pool networks, with its sums checked.
//!
//! Data goes one way: a file becomes a [`Network`], a batch of samples the
//! [activations](Levels) of every level, these the [relevance](Batch) of every level and its [`Audit`], and
//! that a [result](result::Explanation) which text, JSON and CSV render.
//!
//! | module | what it holds |
//! |---|---|
//! | [`network`] | layers as linear maps, the forward pass, the network file |
//! | [`init`] | the schemes by which weights begin, and networks drawn by them |
//! | [`samples`] | samples from JSON, JSON lines and CSV |
//! | [`data`] | labelled images from IDX files and CSV, and those built in |
//! | [`train`] | gradients, optimisers, mini-batches |
//! | [`relevance`] | the rules, the one formula they share, the audit |
//! | [`compare`] | many networks on the same samples, measured and gathered |
//! | [`evolution`] | how relevance changes while a network is trained |
//! | [`exact`] | the same computation in fractions, without rounding |
//! | [`result`] | the serialisable results |
//! | [`interpretation`] | what the figures of a result say, in sentences |
//! | [`render`] | results as text, pages, Markdown, JSON, CSV and pictures |
//! | [`printable`] | text from outside, made fit to be shown |
//! | [`spelling`] | what is chosen by its name, with parameters and "did you mean" |
//! | [`words`] | plurals and grouped digits in sentences |
//!
//! Explaining a file takes a few lines:
//!
//! ```
//! use deeptaylor::{Explainer, Network, Plan, Rule, Target};
//!
//! let network = Network::read("example:figure-4")?;
//! let plan = Plan::of(&network, Rule::WSquared)?;
//! let mut explainer = Explainer::new(&plan);
//! let batch = explainer.explain(network.samples().view(), &Target::Max)?;
//! println!("relevance of the inputs: {}", batch.relevance(0));
//! assert!(batch.audits().iter().all(|audit| audit.checks.hold()));
//! # Ok::<(), deeptaylor::Error>(())
//! ```
//!
//! The mathematics is that of Montavon, Bach, Binder, Samek and Müller, *Explaining `NonLinear` Classification
//! Decisions with Deep Taylor Decomposition* (2015, arXiv 1512.02479), in its letters; [`relevance`] explains it
//! in prose.

pub mod compare;
pub mod data;
pub mod error;
pub mod evolution;
pub mod exact;
pub mod guide;
pub mod init;
pub mod interpretation;
pub mod measure;
pub mod network;
pub mod printable;
pub mod relevance;
pub mod render;
pub mod result;
pub mod samples;
pub mod spelling;
pub mod train;
pub mod words;

pub use error::{Error, Invalid};
pub use network::{Activation, Bounds, Input, Layer, Levels, Linear, Network};
pub use relevance::{Audit, Batch, Explainer, Plan, Preset, Rule, Target};
pub use samples::Samples;

/// The README's Rust code, run as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
