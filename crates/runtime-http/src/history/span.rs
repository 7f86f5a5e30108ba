//! The last intervals of one length.

use std::collections::VecDeque;
use std::time::Duration;

use runtime_exposition::{CallerLabels, Interval};
use runtime_metrics::Snapshot;

use super::point::{Counted, Point};

/// Snapshots do not come by the clock: an interval ends with the one that comes this much too early, or later.
const MOST_EARLY: Duration = Duration::from_millis(500);

/// Intervals that are over, and the one in progress.
#[derive(Debug)]
pub(super) struct Span {
    pub(super) width: Duration,
    /// How many are kept.
    pub(super) most: usize,
    /// The oldest first.
    pub(super) points: VecDeque<Point>,
    present: Present,
}

/// The interval in progress.
#[derive(Debug, Default)]
struct Present {
    began: Duration,
    /// The snapshot that what is not counted yet came after; none: the beginning of the window.
    since: Option<Snapshot>,
    /// What was counted in windows that are over.
    counted: Counted,
}

impl Span {
    pub(super) fn new(width: Duration, most: usize) -> Self {
        Self { width, most, points: VecDeque::with_capacity(most), present: Present::default() }
    }

    /// Begins an interval with a snapshot.
    pub(super) fn begin(&mut self, at: Duration, snapshot: &Snapshot) {
        self.present = Present { began: at, since: Some(snapshot.clone()), counted: Counted::default() };
    }

    /// `last` was the last snapshot of a window that was reset.
    pub(super) fn end_window(&mut self, last: &Snapshot, callers: CallerLabels) {
        self.count(last, callers);
        self.present.since = None;
        self.present.counted.resets = self.present.counted.resets.saturating_add(1);
    }

    /// Ends the interval with a snapshot if it is long enough.
    pub(super) fn advance(&mut self, at: Duration, snapshot: &Snapshot, callers: CallerLabels) {
        let length = at.saturating_sub(self.present.began);
        if length + MOST_EARLY < self.width {
            return;
        }
        self.count(snapshot, callers);
        let counted = std::mem::take(&mut self.present.counted);
        if self.points.len() == self.most {
            self.points.pop_front();
        }
        self.points.push_back(Point { ended_at: snapshot.taken_at(), length, counted });
        self.begin(at, snapshot);
    }

    /// Counts what came up to a snapshot of the present window.
    fn count(&mut self, until: &Snapshot, callers: CallerLabels) {
        let between = |since| Interval::between(since, until.clone());
        let interval = self.present.since.take().and_then(between);
        let interval = interval.unwrap_or_else(|| Interval::of_window(until.clone()));
        let before = self.points.back().map(|point| &point.counted);
        self.present.counted.add(&interval, callers, before);
    }
}
