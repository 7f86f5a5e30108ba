//! Eight threads count requests while snapshots are taken. No count goes down, none is lost, and nobody waits.
//!
//! `cargo run -p runtime-metrics --example counting`

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use runtime_metrics::Metrics;

const THREADS: u64 = 8;
const REQUESTS: u64 = 100_000;

fn main() {
    let metrics = Metrics::new();
    let counted = AtomicBool::new(false);

    thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut totals = vec![metrics.snapshot().requests().total_requests()];
            while !counted.load(Ordering::Acquire) {
                totals.push(metrics.snapshot().requests().total_requests());
            }
            totals
        });
        let workers: Vec<_> = (0..THREADS)
            .map(|worker| {
                let metrics = &metrics;
                scope.spawn(move || {
                    // By its path, as a middleware does it; and by a handle, for a path that is known beforehand.
                    let health = metrics.request_counter("/api/health");
                    for request in 0..REQUESTS {
                        if request % 10 == 0 {
                            health.record();
                        } else {
                            metrics.record_request(if worker % 2 == 0 { "/orders" } else { "/basket" });
                        }
                    }
                })
            })
            .collect();
        let all_ended = workers.into_iter().all(|worker| worker.join().is_ok());
        counted.store(true, Ordering::Release);

        let totals = watcher.join().unwrap_or_default();
        println!("{} snapshots beside {THREADS} threads", totals.len());
        assert!(all_ended && !totals.is_empty());
        assert!(totals.is_sorted(), "no count goes down");
    });

    let snapshot = metrics.snapshot();
    for (path, requests) in snapshot.requests().requests_by_path() {
        println!("{path:<12} {requests:>7}");
    }
    assert_eq!(snapshot.requests().total_requests(), THREADS * REQUESTS);
    assert_eq!(snapshot.requests().requests_by_path().get("/api/health"), Some(THREADS * REQUESTS / 10));
}
