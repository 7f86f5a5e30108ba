//! Why no snapshot comes.

use std::time::Duration;

/// What is the matter with the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TroubleKind {
    /// No answer, or its end.
    Gone,
    /// Connected, and nothing comes.
    Silent,
    /// It answers otherwise than with snapshots.
    Refused,
    /// It asks for its token.
    Unauthorised,
}

/// Trouble, with its reason in words that act on no terminal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub(crate) struct Trouble {
    pub(crate) kind: TroubleKind,
    pub(crate) reason: String,
    /// How long to wait at least before asking again.
    pub(crate) wait: Duration,
}

impl Trouble {
    pub(crate) fn new(kind: TroubleKind, reason: impl Into<String>) -> Self {
        Self { kind, reason: reason.into(), wait: Duration::ZERO }
    }

    pub(crate) fn after(mut self, wait: Duration) -> Self {
        self.wait = wait;
        self
    }
}
