//! What one request tells: the counts of a window, or what they grew by.

use std::borrow::Cow;
use std::time::SystemTime;

use opentelemetry_proto::tonic::metrics::v1::AggregationTemporality;
use runtime_metrics::{Overflow, Snapshot};

use crate::otlp::Interval;

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
        let requests = self.snapshot.requests();
        let counts = requests.request_counts();
        self.since.map_or(Cow::Borrowed(counts), |since| {
            let (before, table) = (since.requests(), requests.table());
            growth(table.paths().zip(counts), before.table().paths().zip(before.request_counts()))
        })
    }

    /// Responses, by place among the deliveries of the snapshot's table.
    pub(super) fn deliveries(&self) -> Cow<'s, [u64]> {
        let served = self.snapshot.served_config();
        let counts = served.response_counts();
        self.since.map_or(Cow::Borrowed(counts), |since| {
            let (before, table) = (since.served_config(), served.table());
            growth(table.deliveries().zip(counts), before.table().deliveries().zip(before.response_counts()))
        })
    }

    /// By place among the values of the snapshot's table.
    pub(super) fn values(&self) -> Cow<'s, [u64]> {
        let served = self.snapshot.served_config();
        let counts = served.value_counts();
        self.since.map_or(Cow::Borrowed(counts), |since| {
            let (before, table) = (since.served_config(), served.table());
            growth(table.values().zip(counts), before.table().values().zip(before.value_counts()))
        })
    }

    /// Records of the overflow that `of` reads.
    pub(super) fn overflowed(&self, of: impl Fn(&'s Snapshot) -> &'s Overflow) -> u64 {
        of(self.snapshot).records().wrapping_sub(self.since.map_or(0, |since| of(since).records()))
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

/// What each of `counts` grew by since they were `before`. Both are sorted by labels. Counts wrap, and so does their difference.
fn growth<'c, L: Ord>(
    counts: impl Iterator<Item = (L, &'c u64)>,
    before: impl Iterator<Item = (L, &'c u64)>,
) -> Cow<'static, [u64]> {
    let mut before = before.peekable();
    counts
        .map(|(labels, count)| {
            while before.next_if(|(earlier, _)| *earlier < labels).is_some() {}
            let earlier = before.next_if(|(earlier, _)| *earlier == labels);
            count.wrapping_sub(earlier.map_or(0, |(_, count)| *count))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_grow_by_what_they_are_more_than_before_whichever_labels_were_there() {
        let grown = |counts: &[(&str, u64)], before: &[(&str, u64)]| {
            fn pairs<'c>(counts: &'c [(&str, u64)]) -> impl Iterator<Item = (&'c str, &'c u64)> {
                counts.iter().map(|(label, count)| (*label, count))
            }
            growth(pairs(counts), pairs(before)).into_owned()
        };
        let counts = [("a", 1), ("b", 5), ("d", 7), ("e", 2)];
        assert_eq!(grown(&counts, &[]), [1, 5, 7, 2]);
        assert_eq!(grown(&counts, &counts), [0; 4]);
        assert_eq!(grown(&counts, &[("b", 2), ("c", 0), ("d", 7)]), [1, 3, 0, 2]);
        assert_eq!(grown(&[("a", 1)], &[("a", u64::MAX)]), [2]);
    }
}
