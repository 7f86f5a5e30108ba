//! What can be wrong with the options of an exposition.

use thiserror::Error;

/// Why [`ExpositionBuilder::build`](crate::ExpositionBuilder::build) refused its options.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ExpositionError {
    /// The namespace cannot start the name of a metric.
    #[error(transparent)]
    Namespace(#[from] NamespaceError),
}

/// Why a text is not a namespace; the rejected text is handed back.
///
/// A namespace starts the name of every metric, so it must match `[a-zA-Z_][a-zA-Z0-9_]*`: the metric names of the
/// [Prometheus data model](https://prometheus.io/docs/concepts/data_model/) without the colon, which is kept for
/// recording rules.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NamespaceError {
    /// There is no namespace at all.
    #[error("the metrics namespace is empty: give it a name such as `exp`, or leave it out for `runtime`")]
    Empty,
    /// The first character is not an ASCII letter or an underscore.
    #[error(
        "the metrics namespace {namespace:?} starts with {found:?}: start it with an ASCII letter or an underscore"
    )]
    Start {
        /// The rejected namespace.
        namespace: String,
        /// Its first character.
        found: char,
    },
    /// A later character is not an ASCII letter, a digit or an underscore.
    #[error(
        "the metrics namespace {namespace:?} has {found:?} at byte {at}: use ASCII letters, digits and underscores only"
    )]
    Character {
        /// The rejected namespace.
        namespace: String,
        /// The first character that is not allowed.
        found: char,
        /// Its position, in bytes from the start.
        at: usize,
    },
}

/// Why a list of pairs in an environment variable cannot be read. Its values may be secrets, and are not quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "{origin} has at its entry {entry} {problem}; remedy: write it as `name=value,name=value`, values percent-encoded"
)]
pub struct PairsError {
    /// The variable.
    pub origin: &'static str,
    /// The number of the entry, from 1.
    pub entry: usize,
    /// What is wrong with it.
    pub problem: &'static str,
}
