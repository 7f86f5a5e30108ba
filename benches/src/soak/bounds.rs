//! How full a registry is, against its limits.

use runtime_metrics::{Counts, OVERFLOW_LABEL, Overflow, Snapshot};

use super::violation::{Rule, Violation};

/// The limits that a registry was built with, and what may be expected of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Series of each family.
    pub series: u32,
    /// Bytes of a label.
    pub label_bytes: usize,
    /// Whether everything has room, so that nothing may overflow.
    pub has_room: bool,
}

/// Bytes of a rejected label that are kept at most.
const REJECTED_BYTES: usize = 256;

/// Rejected labels that are kept at most: "the first few".
const REJECTED_LABELS: usize = 16;

impl Bounds {
    /// What of `snapshot` is outside.
    #[must_use]
    pub fn check(&self, snapshot: &Snapshot) -> Vec<Violation> {
        let (requests, served) = (snapshot.requests(), snapshot.served_config());
        let mut wrong = Vec::new();
        for (family, occupancy) in [("request", requests.occupancy()), ("delivery", served.occupancy())] {
            if occupancy.series() > self.series || occupancy.limit() != self.series {
                wrong.push(format!("{} {family} series", occupancy.series()));
            }
        }
        for (what, counts) in
            [("paths", requests.requests_by_path()), ("callers", served.responses_by_caller())]
        {
            // The overflow label comes on top.
            if counts.len() > self.series as usize + 1 {
                wrong.push(format!("{} {what}", counts.len()));
            }
            wrong.extend(self.over_long(counts).map(|label| format!("a label of {} bytes", label.len())));
        }
        for (family, overflow) in [("requests", requests.overflow()), ("deliveries", served.overflow())] {
            if self.has_room && overflow.records() > 0 {
                wrong.push(format!("{} {family} turned away", overflow.records()));
            }
            wrong.extend(Self::ill_kept(overflow).map(str::to_owned));
        }
        let sequence = snapshot.sequence();
        wrong
            .into_iter()
            .map(|what| Violation::new(Rule::Bounds, format!("cut {sequence}: {what}")))
            .collect()
    }

    fn over_long<'a>(&self, counts: &'a Counts) -> impl Iterator<Item = &'a str> {
        let limit = self.label_bytes;
        counts
            .iter()
            .map(|(label, _)| label)
            .filter(move |label| label.len() > limit && *label != OVERFLOW_LABEL)
    }

    fn ill_kept(overflow: &Overflow) -> Option<&'static str> {
        let mut rejected = overflow.rejected_labels();
        if rejected.len() > REJECTED_LABELS {
            Some("more rejected labels than a few")
        } else if rejected.any(|label| label.len() > REJECTED_BYTES) {
            Some("a rejected label that was not cut short")
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use runtime_metrics::Metrics;

    #[test]
    fn a_registry_is_within_its_own_bounds_and_outside_smaller_ones() {
        let metrics = Metrics::builder().request_series_limit(3).delivery_series_limit(3).build().unwrap();
        for path in ["/1", "/2", "/3", "/4"] {
            metrics.record_request(path);
        }
        let snapshot = metrics.snapshot();
        let bounds = Bounds { series: 3, label_bytes: 1_024, has_room: false };
        assert_eq!(bounds.check(&snapshot), []);

        let wrong = |bounds: Bounds| -> Vec<String> {
            bounds.check(&snapshot).into_iter().map(|violation| violation.detail).collect()
        };
        assert_eq!(wrong(Bounds { has_room: true, ..bounds }), ["cut 1: 1 requests turned away"]);
        assert_eq!(wrong(Bounds { label_bytes: 1, ..bounds }), ["cut 1: a label of 2 bytes"; 3]);
        let fewer = ["cut 1: 3 request series", "cut 1: 0 delivery series", "cut 1: 4 paths"];
        assert_eq!(wrong(Bounds { series: 2, ..bounds }), fewer);
    }
}
