//! A policy in a file: which rule goes on which layer, as JSON.

use std::path::Path;

use super::plan::Plan;
use super::policy::Policy;
use super::resolve::Resolved;
use crate::error::{Error, Invalid, Position};
use crate::network::{Network, Object, json, misplaced, without_mark};

/// A plan file: a policy, and the text that it was read from, in which faults are shown.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanFile {
    name: String,
    text: Vec<u8>,
    policy: Policy,
}

impl PlanFile {
    /// Reads the file, or the standard input where it is `-`, gzipped or not.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] when there is no such file or it cannot be read, [`Error::Malformed`] when it is no plan, with
    /// file, line, column and JSON path.
    pub fn read(file: impl AsRef<Path>) -> Result<Self, Error> {
        let (name, text) = Network::source(file)?;
        Self::parse(&name, &text)
    }

    /// Reads the text of a plan file; `name` is how errors shall call it.
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`] as with [`PlanFile::read`].
    pub fn parse(name: &str, text: &[u8]) -> Result<Self, Error> {
        let text = without_mark(text);
        let Object(policy) = json::<Object<Policy>>(name, text, Position::START)?;
        let file = Self {
            name: name.to_owned(),
            text: text.to_owned(),
            policy,
        };
        file.policy.check().map_err(|invalid| file.fault(invalid))?;
        Ok(file)
    }

    /// The file, as errors call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The policy.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The rule of every layer of `network`, and why it has it.
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`], with the place in the file, as [`Policy::resolve`].
    pub fn resolve<'n>(&self, network: &'n Network) -> Result<Resolved<'n>, Error> {
        let resolved = self.policy.resolve(network);
        resolved.map_err(|invalid| self.fault(invalid))
    }

    /// The rule of every layer of `network`.
    ///
    /// # Errors
    ///
    /// As with [`PlanFile::resolve`].
    pub fn plan<'n>(&self, network: &'n Network) -> Result<Plan<'n>, Error> {
        self.resolve(network).map(|resolved| resolved.plan)
    }

    /// A complaint about the value at its path, with the place in the file.
    pub fn fault(&self, invalid: Invalid) -> Error {
        misplaced(&self.name, &self.text, invalid).into()
    }
}
