//! Deltas through a fork: each process tells what it counted itself.

#![allow(clippy::unwrap_used)] // a test fails by panicking

#[allow(dead_code)] // threads, which this test does not need
#[path = "../../runtime-identity/tests/forked_child/mod.rs"]
mod forked_child;

use forked_child::in_forked_child;
use runtime_exposition::otlp::Deltas;
use runtime_metrics::{Metrics, Snapshot};

/// The requests of each interval that is told up to `snapshot`.
fn told(deltas: &mut Deltas, snapshot: &Snapshot) -> Vec<u64> {
    std::iter::from_fn(|| {
        let interval = deltas.next(snapshot)?;
        deltas.acknowledge(&interval);
        let total = |snapshot: &Snapshot| snapshot.requests().total_requests();
        Some(total(interval.until()) - interval.since().map_or(0, total))
    })
    .collect()
}

#[test]
fn a_forked_child_tells_its_own_counts_and_leaves_its_parents_to_the_parent() {
    let metrics = Metrics::new();
    let mut deltas = Deltas::new();
    metrics.record_request("/");
    assert_eq!(told(&mut deltas, &metrics.snapshot()), [1]);
    metrics.record_request("/");
    metrics.record_request("/");
    let ended = metrics.reset();
    deltas.window_ended(ended.clone());
    metrics.record_request("/");
    let open = metrics.snapshot();

    let answer = in_forked_child(|| {
        for _ in 0..5 {
            metrics.record_request("/child");
        }
        let ended_in_child = metrics.reset();
        deltas.window_ended(ended_in_child);
        metrics.record_request("/child");
        let first = told(&mut deltas, &metrics.snapshot());
        // What is left of the parent's is not told, whatever the child is shown of it.
        deltas.window_ended(ended.clone());
        format!("{first:?} {:?}", told(&mut deltas, &ended))
    });
    assert_eq!(answer, "[5, 1] []");

    assert_eq!(told(&mut deltas, &open), [2, 1]);
    assert_eq!(deltas.lost_windows(), 0);
}
