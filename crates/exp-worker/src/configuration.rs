//! The configuration: which keys the documents of each target hold, and the values.
//!
//! # The file
//!
//! One JSON object:
//!
//! ```json
//! {
//!   "targets": {
//!     "api": {
//!       "buildTime": { "required": ["Api:BaseUrl"], "optional": ["Api:Version"] },
//!       "runTime": { "required": ["Auth:JWT:Issuer"] },
//!       "featureFlags": { "NewCheckout": true }
//!     }
//!   },
//!   "values": {
//!     "Api:BaseUrl": "https://api.example.com",
//!     "Auth:JWT:Issuer": "https://login.example.com"
//!   }
//! }
//! ```
//!
//! - `targets` and `values` must be there; everything inside a target may be left out and is then empty.
//! - Values are strings; a number or a switch is written as a string. Feature flags are `true` or `false`.
//! - A document holds its required keys, then those of its optional keys that have a value, in the order of
//!   the file. A required key without a value is not an error of the file: the document that needs it is
//!   answered with a 500 that names the key, and everything else is served.
//! - A value that no document lists is allowed, and can be asked for by its key.
//! - Names match [`NAME_PATTERN`](crate::name::NAME_PATTERN); unknown fields, and names that occur twice in
//!   one object or in the lists of one document, are errors. The file has at most [`MAX_FILE_BYTES`] bytes.

mod error;
mod parsing;
mod shape;
mod source;

use std::collections::BTreeMap;

pub use error::{Fault, LoadError, ParseError};
pub use source::{MAX_FILE_BYTES, SAMPLE, Source};

use crate::document::DocumentKind;
use crate::name::Name;
use crate::secret::Secret;

/// One configuration, checked, immutable. Its `Debug` text shows names and no values.
#[derive(Debug, Clone)]
pub struct Configuration {
    targets: BTreeMap<Name, Target>,
    values: BTreeMap<Name, Secret<String>>,
}

/// What one target is given.
#[derive(Debug, Clone, Default)]
pub struct Target {
    build_time: KeyList,
    run_time: KeyList,
    feature_flags: BTreeMap<Name, bool>,
}

/// The keys of one document, in the order of the file; no key is in it twice.
#[derive(Debug, Clone, Default)]
pub struct KeyList {
    required: Vec<Name>,
    optional: Vec<Name>,
}

impl Configuration {
    /// A configuration without targets and without values, for a worker that has not loaded one yet.
    pub fn empty() -> Self {
        Self { targets: BTreeMap::new(), values: BTreeMap::new() }
    }

    /// Parses the text of a configuration file.
    ///
    /// # Errors
    ///
    /// [`ParseError`] with line, column, cause and remedy; never a value.
    pub fn parse(text: &[u8]) -> Result<Self, ParseError> {
        parsing::parse(text)
    }

    /// The targets by name, sorted.
    pub fn targets(&self) -> impl ExactSizeIterator<Item = (&Name, &Target)> {
        self.targets.iter()
    }

    /// The target of this exact name.
    pub fn target(&self, name: &str) -> Option<&Target> {
        self.targets.get(name)
    }

    /// How many keys have a value.
    pub fn key_count(&self) -> usize {
        self.values.len()
    }

    /// The value of this exact key.
    pub fn value(&self, key: &str) -> Option<&Secret<String>> {
        self.values.get(key)
    }

    /// The key as the configuration holds it, when it has a value.
    pub fn key(&self, key: &str) -> Option<&Name> {
        self.values.get_key_value(key).map(|(name, _)| name)
    }

    /// Whether some document of some target requires this key.
    pub fn is_required(&self, key: &str) -> bool {
        self.targets.values().any(|target| target.lists().any(|list| list.requires(key)))
    }
}

impl Target {
    /// The keys of one of the target's documents.
    pub fn keys(&self, kind: DocumentKind) -> &KeyList {
        match kind {
            DocumentKind::BuildTime => &self.build_time,
            DocumentKind::RunTime => &self.run_time,
        }
    }

    /// The target's feature flags, sorted by name.
    pub fn feature_flags(&self) -> &BTreeMap<Name, bool> {
        &self.feature_flags
    }

    /// Whether one of the target's documents requires or may have this key.
    pub fn lists_key(&self, key: &str) -> bool {
        self.lists().any(|list| list.requires(key) || list.optional.iter().any(|name| name.as_str() == key))
    }

    fn lists(&self) -> impl Iterator<Item = &KeyList> {
        [&self.build_time, &self.run_time].into_iter()
    }
}

impl KeyList {
    /// Keys without which the document cannot be given out.
    pub fn required(&self) -> &[Name] {
        &self.required
    }

    /// Keys that the document has when they have a value.
    pub fn optional(&self) -> &[Name] {
        &self.optional
    }

    fn requires(&self, key: &str) -> bool {
        self.required.iter().any(|name| name.as_str() == key)
    }
}
