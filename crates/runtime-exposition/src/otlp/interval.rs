//! The time between two cuts of one window.

use std::time::SystemTime;

use runtime_metrics::Snapshot;

/// What one delta tells: everything that was counted in one window between two cuts, or between its beginning and a cut.
///
/// The difference of two exact snapshots of one window, and so exact itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Interval {
    /// None: the window's beginning.
    since: Option<Snapshot>,
    /// Of the same window, and not earlier.
    until: Snapshot,
}

impl Interval {
    /// `since` is an earlier snapshot of the window of `until`.
    pub(super) fn new(since: Option<Snapshot>, until: Snapshot) -> Self {
        Self { since, until }
    }

    /// From the beginning of its window to a snapshot.
    #[must_use]
    pub fn of_window(until: Snapshot) -> Self {
        Self::new(None, until)
    }

    /// From one snapshot to another. None unless both are of the same window of one process life, and `until` is not the earlier one.
    #[must_use]
    pub fn between(since: Snapshot, until: Snapshot) -> Option<Self> {
        let is_one = WindowKey::of(&since) == WindowKey::of(&until) && since.sequence() <= until.sequence();
        is_one.then(|| Self::new(Some(since), until))
    }

    /// The snapshot that it begins with; none if it begins with the window.
    #[must_use]
    pub fn since(&self) -> Option<&Snapshot> {
        self.since.as_ref()
    }

    /// The snapshot that it ends with.
    #[must_use]
    pub fn until(&self) -> &Snapshot {
        &self.until
    }

    /// The requests and deliveries that were recorded in it.
    #[cfg(feature = "push-otlp")]
    pub(crate) fn records(&self) -> u64 {
        let count = |snapshot: &Snapshot| {
            snapshot.requests().total_requests().saturating_add(snapshot.served_config().responses_total())
        };
        count(&self.until) - self.since.as_ref().map_or(0, count)
    }

    /// When it began.
    #[must_use]
    pub fn started_at(&self) -> SystemTime {
        self.since.as_ref().map_or_else(|| self.until.window_started_at(), Snapshot::taken_at)
    }
}

/// What tells windows apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WindowKey {
    pub(super) instance_id: u128,
    window_id: u64,
}

impl WindowKey {
    pub(super) fn of(snapshot: &Snapshot) -> Self {
        Self { instance_id: snapshot.process().instance_id().as_u128(), window_id: snapshot.window_id() }
    }
}
