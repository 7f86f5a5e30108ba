//! What one request tells: the counts of a window, or what they grew by.

use std::borrow::Cow;
use std::time::SystemTime;

use opentelemetry_proto::tonic::metrics::v1::AggregationTemporality;
use runtime_metrics::{Overflow, Snapshot};

use crate::growth;
use crate::interval::Interval;

/// The counts of a snapshot, less those of an earlier one of its window if there is one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading<'s> {
    pub(super) snapshot: &'s Snapshot,
    since: Option<&'s Snapshot>,
    pub(super) temporality: AggregationTemporality,
}

impl<'s> Reading<'s> {
    pub(super) fn cumulative(snapshot: &'s Snapshot) -> Self {
        Self { snapshot, since: None, temporality: AggregationTemporality::Cumulative }
    }

    pub(super) fn delta(interval: &'s Interval) -> Self {
        Self {
            snapshot: interval.until(),
            since: interval.since(),
            temporality: AggregationTemporality::Delta,
        }
    }

    fn is_delta(&self) -> bool {
        self.temporality == AggregationTemporality::Delta
    }

    /// Whether a counter that is always there is told: a delta of 0 is not.
    pub(super) fn tells(&self, count: u64) -> bool {
        count > 0 || !self.is_delta()
    }

    /// When the counts were 0.
    pub(super) fn started_at(&self) -> SystemTime {
        self.since.map_or_else(|| self.snapshot.window_started_at(), Snapshot::taken_at)
    }

    /// By place of the snapshot's table.
    pub(super) fn requests(&self) -> Cow<'s, [u64]> {
        growth::requests(self.since, self.snapshot)
    }

    /// Responses, by place among the deliveries of the snapshot's table.
    pub(super) fn deliveries(&self) -> Cow<'s, [u64]> {
        growth::responses(self.since, self.snapshot)
    }

    /// By place among the values of the snapshot's table.
    pub(super) fn values(&self) -> Cow<'s, [u64]> {
        growth::values(self.since, self.snapshot)
    }

    /// Records of the overflow that `of` reads.
    pub(super) fn overflowed(&self, of: impl Fn(&'s Snapshot) -> &'s Overflow) -> u64 {
        growth::overflowed(self.since, self.snapshot, of)
    }

    /// Cuts that were taken, and since when. No window begins their number anew.
    pub(super) fn snapshots(&self) -> (u64, SystemTime) {
        if self.is_delta() {
            let before = self.since.map_or_else(|| self.snapshot.window_opened_by(), Snapshot::sequence);
            (self.snapshot.sequence().saturating_sub(before), self.started_at())
        } else {
            (self.snapshot.sequence(), self.snapshot.process().process_started_at())
        }
    }
}
