//! How full a registry has been.

use std::sync::atomic::{AtomicU32, Ordering};

use runtime_metrics::Snapshot;

use super::activity::Counter;
use super::observation::CutKind;

/// The fullest that the tables of a registry were at a cut, and how much did not fit.
#[derive(Debug, Default)]
pub struct Fullness {
    request_series: AtomicU32,
    delivery_series: AtomicU32,
    overflowed: Counter,
}

impl Fullness {
    /// Takes a cut into account.
    pub fn note(&self, kind: CutKind, snapshot: &Snapshot) {
        let (requests, served) = (snapshot.requests(), snapshot.served_config());
        // Relaxed, here and below: figures for a report, which order nothing.
        self.request_series.fetch_max(requests.occupancy().series(), Ordering::Relaxed);
        self.delivery_series.fetch_max(served.occupancy().series(), Ordering::Relaxed);
        if kind == CutKind::Reset {
            self.overflowed.add(requests.overflow().records() + served.overflow().records());
        }
    }

    /// The most request series that were in use at a cut.
    #[must_use]
    pub fn request_series(&self) -> u32 {
        self.request_series.load(Ordering::Relaxed)
    }

    /// The most delivery series that were in use at a cut.
    #[must_use]
    pub fn delivery_series(&self) -> u32 {
        self.delivery_series.load(Ordering::Relaxed)
    }

    /// Records of all ended windows that have a label over a limit.
    #[must_use]
    pub fn overflowed(&self) -> u64 {
        self.overflowed.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use runtime_metrics::Metrics;

    #[test]
    fn the_fullest_cut_counts_and_overflow_is_summed_over_windows() {
        let metrics = Metrics::builder().request_series_limit(2).build().unwrap();
        let fullness = Fullness::default();
        for paths in [["/1", "/2", "/3"], ["/1", "/1", "/1"], ["/1", "/2", "/4"]] {
            for path in paths {
                metrics.record_request(path);
            }
            fullness.note(CutKind::Snapshot, &metrics.snapshot());
            fullness.note(CutKind::Reset, &metrics.reset());
        }
        let noted = (fullness.request_series(), fullness.delivery_series(), fullness.overflowed());
        assert_eq!(noted, (2, 0, 2));
    }
}
