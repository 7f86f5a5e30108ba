//! Snapshots that are read while threads meet labels.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use runtime_metrics::{Metrics, Snapshot};

const WINDOWS: usize = 150;
const THREADS: u64 = 2;
/// Of each thread in a window; twice as many fit.
const LABELS: u64 = 2_000;

/// Requests by their sum and by path; responses by their sum and by caller; values by their sum and by name.
fn counts(snapshot: &Snapshot) -> [[u64; 2]; 3] {
    let (requests, served) = (snapshot.requests(), snapshot.served_config());
    let deliveries: u64 = served.deliveries().map(|delivery| delivery.responses()).sum();
    let values: u64 = served.values().map(|value| value.count()).sum();
    [
        [requests.total_requests(), requests.requests_by_path().total()],
        [served.responses_total(), deliveries],
        [served.values_total(), values],
    ]
}

/// What a snapshot makes of the labels is kept for later ones: a label that is met in the middle of that must not be missing in them.
#[test]
fn a_label_that_is_met_while_a_snapshot_is_read_shows_in_later_ones() {
    let metrics =
        Metrics::builder().request_series_limit(8_000).delivery_series_limit(8_000).build().unwrap();
    for _ in 0..WINDOWS {
        let meeting = AtomicU64::new(THREADS);
        thread::scope(|scope| {
            for thread in 0..THREADS {
                let (metrics, meeting) = (&metrics, &meeting);
                scope.spawn(move || {
                    for label in 0..LABELS {
                        metrics.record_request(&format!("/{thread}/{label}"));
                        metrics.record_config_delivery("e", "t", &["a"], &format!("{thread}:{label}"));
                    }
                    meeting.fetch_sub(1, Ordering::Release);
                });
            }
            while meeting.load(Ordering::Acquire) > 0 {
                for [sum, by_label] in counts(&metrics.snapshot()) {
                    assert_eq!(sum, by_label);
                }
            }
        });
        let all = THREADS * LABELS;
        assert_eq!(counts(&metrics.snapshot()), [[all; 2]; 3]);
        assert_eq!(counts(&metrics.reset()), [[all; 2]; 3]);
    }
}
