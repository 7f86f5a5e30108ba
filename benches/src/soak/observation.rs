//! One cut, and what is known about the instant at which it was taken.

use std::sync::Arc;

use runtime_metrics::Snapshot;

use super::account::Account;
use super::totals::Totals;

/// What a cut showed, between what had returned before it was asked for and what had begun when it was there.
///
/// The lists have one element for each account, in the same order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// The number of the cut.
    pub sequence: u64,
    /// Whether the cut was a reset.
    pub ends_window: bool,
    /// Records of each account that had returned before the cut was asked for, since the start.
    pub completed: Box<[u64]>,
    /// Records of each account that had begun when the cut had been returned, since the start.
    pub begun: Box<[u64]>,
    /// Records under the account's own labels in the window; none if it has no labels of its own.
    pub counted: Box<[Option<u64>]>,
    /// What the window counted.
    pub totals: Totals,
}

/// What kind of cut to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CutKind {
    /// A snapshot.
    Snapshot,
    /// A reset: ends the window.
    Reset,
}

impl Observation {
    /// Takes a cut with `cut`, and observes it.
    pub fn make(
        accounts: &[Arc<Account>],
        kind: CutKind,
        cut: impl FnOnce() -> Snapshot,
    ) -> (Self, Snapshot) {
        let completed = accounts.iter().map(|account| account.completed()).collect();
        let snapshot = cut();
        let begun = accounts.iter().map(|account| account.begun()).collect();
        let observation = Self {
            sequence: snapshot.sequence(),
            ends_window: kind == CutKind::Reset,
            completed,
            begun,
            counted: accounts.iter().map(|account| account.counted(&snapshot)).collect(),
            totals: Totals::of(&snapshot),
        };
        (observation, snapshot)
    }

    /// Whether nothing was in progress while the cut was taken, so that it must be exact.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.completed == self.begun
    }
}
