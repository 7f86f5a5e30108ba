//! The time between two cuts of one window.

use std::borrow::Cow;
use std::time::SystemTime;

use runtime_metrics::Snapshot;

use crate::growth;

/// What one delta tells: everything that was counted in one window between two cuts, or between its beginning and a cut.
///
/// The difference of two exact snapshots of one window, and so exact itself.
///
/// ```
/// # use runtime_exposition::Interval;
/// # let metrics = runtime_metrics::Metrics::new();
/// let since = metrics.snapshot();
/// metrics.record_request("/");
/// let until = metrics.snapshot();
/// assert_eq!(Interval::between(since.clone(), until).unwrap().total_requests(), 1);
///
/// metrics.reset();
/// assert_eq!(Interval::between(since, metrics.snapshot()), None);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Interval {
    /// None: the window's beginning.
    since: Option<Snapshot>,
    /// Of the same window, and not earlier.
    until: Snapshot,
}

impl Interval {
    /// `since` is an earlier snapshot of the window of `until`.
    pub(crate) fn new(since: Option<Snapshot>, until: Snapshot) -> Self {
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

    /// When it began.
    #[must_use]
    pub fn started_at(&self) -> SystemTime {
        self.since.as_ref().map_or_else(|| self.until.window_started_at(), Snapshot::taken_at)
    }

    /// Requests of the interval.
    #[must_use]
    pub fn total_requests(&self) -> u64 {
        growth::count(self.since(), &self.until, |snapshot| snapshot.requests().total_requests())
    }

    /// Successful configuration responses of the interval.
    #[must_use]
    pub fn responses_total(&self) -> u64 {
        growth::count(self.since(), &self.until, |snapshot| snapshot.served_config().responses_total())
    }

    /// Configuration values in them.
    #[must_use]
    pub fn values_total(&self) -> u64 {
        growth::count(self.since(), &self.until, |snapshot| snapshot.served_config().values_total())
    }

    /// Requests of the interval by place of [`until`](Self::until)'s [table](runtime_metrics::RequestMetricsSnapshot::table).
    ///
    /// *Cost:* one pass over the paths of both snapshots.
    #[must_use]
    pub fn request_counts(&self) -> Cow<'_, [u64]> {
        growth::requests(self.since(), &self.until)
    }

    /// Responses of the interval by place among the deliveries of [`until`](Self::until)'s [table](runtime_metrics::ServedConfigMetricsSnapshot::table).
    ///
    /// *Cost:* one pass over the deliveries of both snapshots.
    #[must_use]
    pub fn response_counts(&self) -> Cow<'_, [u64]> {
        growth::responses(self.since(), &self.until)
    }

    /// Values of the interval by place among the values of [`until`](Self::until)'s [table](runtime_metrics::ServedConfigMetricsSnapshot::table).
    ///
    /// *Cost:* one pass over the values of both snapshots.
    #[must_use]
    pub fn value_counts(&self) -> Cow<'_, [u64]> {
        growth::values(self.since(), &self.until)
    }
}

/// What tells windows apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WindowKey {
    pub(crate) instance_id: u128,
    window_id: u64,
}

impl WindowKey {
    pub(crate) fn of(snapshot: &Snapshot) -> Self {
        Self { instance_id: snapshot.process().instance_id().as_u128(), window_id: snapshot.window_id() }
    }
}
