//! A history takes no more memory than it says, whatever is counted and for however long.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a failed test may say so by any panic

use std::alloc::System;
use std::time::Duration;

use runtime_exposition::CallerLabels;
use runtime_http::history::{BUSIEST, History, LARGEST_BYTES};
use runtime_metrics::Metrics;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// What a history in which nothing is left of the registry holds, after so many intervals of ten minutes with other long labels in each.
fn bytes_after(intervals: u64) -> usize {
    let mut history = History::new(CallerLabels::Shown);
    let last = Metrics::new().snapshot();
    let region = Region::new(ALLOCATOR);
    let metrics = Metrics::new();
    for interval in 0..=intervals {
        metrics.reset(); // gives the room of the labels back
        for series in 0..2 * BUSIEST {
            let label = format!("/{interval}/{series}/{}", "x".repeat(1_000));
            metrics.record_request(&label);
            let [endpoint, target, caller] = ["e", "t", "c"].map(|part| format!("{part}{label}"));
            metrics.record_config_delivery(&endpoint[..1_000], &target[..1_000], &["A"], &caller[..1_000]);
        }
        history.record(Duration::from_secs(600 * interval), &metrics.snapshot());
    }
    // Shown an empty window, it lets go of the snapshots of the others.
    metrics.reset();
    history.record(Duration::from_secs(600 * (intervals + 1)), &metrics.snapshot());
    drop((metrics, last));
    let change = region.change();
    std::hint::black_box(&history);
    change.bytes_allocated - change.bytes_deallocated
}

#[test]
fn a_history_takes_no_more_than_it_says_and_does_not_grow_once_it_is_full() {
    let (full, three_days) = (bytes_after(150), bytes_after(450));
    // What the last snapshot holds beside the intervals: an empty window.
    let empty_window = bytes_after(0);
    assert!(full > LARGEST_BYTES / 2, "the labels are as long as they are kept: {full} bytes");
    assert!(full < LARGEST_BYTES + empty_window, "{full} bytes, {empty_window} of an empty window");
    let difference = three_days.abs_diff(full);
    assert!(difference < LARGEST_BYTES / 100, "{full} bytes after a day, {three_days} after three");
}
