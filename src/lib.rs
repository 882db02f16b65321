//! Deep Taylor decomposition of ReLU networks: how much each input contributed to an output, with the sums checked.
//!
//! The relevance of an output is its value. Layer by layer it is redistributed to the units below, down to the inputs. It
//! should sum to the same value on every level, and no input should get less than 0: both are checked for every sample,
//! and what a unit cannot redistribute is reported with its cause.
//!
//! # What to read first
//!
//! 1. The example below: from a file to the relevance of its inputs.
//! 2. [`relevance`]: the rules, and the one formula that they share.
//! 3. [`Network`]: how networks are read from files and made from code.
//! 4. [`guide::exercise`]: a seminar task from start to finish with the program; [`guide`] lists the other chapters.
//!
//! # Relevance of a network
//!
//! ```
//! use deeptaylor::{Explainer, Network, Plan, Rule, Target};
//!
//! let network = Network::read("example:figure-4")?; // or a path
//! let plan = Plan::of(&network, Rule::WSquared)?;
//! let mut explainer = Explainer::new(&plan);
//! let batch = explainer.explain(network.samples().view(), &Target::Max)?;
//!
//! // A row a sample, a column an input: 1.174 + 0.438 + 2.173 = 3.785, the value of the output.
//! let relevance = batch.relevance(0);
//! assert_eq!(relevance.dim(), (1, 3));
//! // Whether it is conserved and positive, and what was lost where.
//! assert!(batch.audits().iter().all(|audit| audit.checks.hold()));
//! # assert!((relevance.sum() - 3.785).abs() < 1e-9);
//! # Ok::<(), deeptaylor::Error>(())
//! ```
//!
//! Samples are rows of an [`ndarray`] array. A [`Plan`] says which rule each layer takes, and is made for one network; an
//! [`Explainer`] prepares the rules once and then takes any number of batches. Every error says which file or value
//! is wrong, what was expected and what was found: see [`Error`].
//!
//! # Modules
//!
//! Data goes one way, and each module uses only those above it.
//!
//! | module | what it holds |
//! |---|---|
//! | [`network`] | networks: layers, linear maps, the forward pass, the network file |
//! | [`init`] | random networks: architectures and the schemes that draw their weights |
//! | [`samples`] | samples from JSON, JSON lines, CSV, arrays and pictures |
//! | [`data`] | labelled images from IDX files and CSV, and some that come along |
//! | [`train`] | training: gradients, optimisers, mini-batches |
//! | [`relevance`] | rules, explanations, expansions, and the audit of their sums |
//! | [`measure`] | statistics of relevance |
//! | [`compare`] | many random networks on the same samples |
//! | [`evaluate`] | which rule to use: several on the same samples, measured |
//! | [`evolution`] | how relevance changes while a network is trained |
//! | [`exact`] | the same relevance in fractions, without rounding |
//! | [`result`] | results as data, to be written as JSON and read back |
//! | [`interpretation`] | sentences about a result |
//! | [`render`] | results as text, HTML, Markdown, JSON, CSV, arrays of NumPy and pictures |
//! | [`guide`] | the manual |
//!
//! [`printable`], [`spelling`] and [`words`] are small helpers for text.
//!
//! # Features
//!
//! `cli`, on by default, builds the program `deeptaylor`. A library needs none of it:
//!
//! ```toml
//! deeptaylor = { version = "0.1", default-features = false }
//! ```
//!
//! # Source
//!
//! Montavon, Bach, Binder, Samek and Müller, *Explaining `NonLinear` Classification Decisions with Deep Taylor
//! Decomposition* (2015, [arXiv 1512.02479](https://arxiv.org/abs/1512.02479)); formulas are in its letters.

pub mod compare;
pub mod data;
pub mod error;
pub mod evaluate;
pub mod evolution;
pub mod exact;
pub mod guide;
pub mod init;
pub mod interpretation;
pub mod measure;
pub mod network;
mod npy;
pub mod printable;
pub mod relevance;
pub mod render;
pub mod result;
pub mod samples;
pub mod spelling;
pub mod train;
pub mod words;

/// The arrays that samples and relevance are in.
pub use ndarray;

pub use error::{Error, Invalid};
pub use network::{Activation, Bounds, Input, Layer, Levels, Linear, Network};
pub use relevance::{Audit, Batch, Explainer, Plan, Preset, Rule, Target};
pub use samples::Samples;

/// The README's Rust code, run as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
