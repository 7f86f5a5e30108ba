//! Deltas through resets: whoever resets hands the ended window to the pusher.

use std::time::Duration;

use runtime_exposition::push::{OtlpConfig, PushSchedule, Pusher, Temporality};

use runtime_metrics::Snapshot;

use crate::ledger::{Ledger, counts_of};
use crate::receiver::{Behaviour, Receiver, acknowledge, refuse};
use crate::run::{Run, exposition, hasty};

#[tokio::test]
async fn everything_is_told_once_through_any_number_of_resets_and_failures() {
    let script = [
        acknowledge(),
        refuse("400 Bad Request"),
        Behaviour::CloseAfterReading { takes: true },
        acknowledge(),
        refuse("503 Service Unavailable"),
    ];
    let receiver = Receiver::start(script, acknowledge()).await;
    let config =
        OtlpConfig::builder().endpoint(receiver.url("/")).temporality(Temporality::Delta).schedule(hasty());
    let pusher = Pusher::new(&exposition(), config.build().unwrap()).unwrap();
    let handle = pusher.handle();
    let run = Run::start_pusher(pusher);
    let mut recorded = std::collections::BTreeMap::new();
    let mut add = |snapshot: &Snapshot| {
        for (series, count) in counts_of(snapshot) {
            *recorded.entry(series).or_insert(0) += count;
        }
    };
    for round in 1..=20 {
        run.until(|statistics| statistics.acknowledged() >= round).await;
        let ended = run.metrics.reset();
        add(&ended);
        handle.window_ended(ended);
    }
    let (metrics, statistics) = run.stop().await;
    add(&metrics.snapshot());
    assert_eq!(Ledger::of_windows(&receiver.arrived()).counts(), recorded);
    assert_eq!(statistics.lost_windows(), 0);
}

#[tokio::test]
async fn windows_that_end_between_two_pushes_are_told_by_the_next_one_and_those_past_the_limit_counted() {
    let receiver = Receiver::start([], acknowledge()).await;
    let config = OtlpConfig::builder()
        .endpoint(receiver.url("/"))
        .temporality(Temporality::Delta)
        .schedule(PushSchedule { interval: Duration::MAX, ..hasty() });
    let pusher = Pusher::new(&exposition(), config.build().unwrap()).unwrap();
    let handle = pusher.handle();
    let run = Run::start_pusher(pusher);
    for _ in 0..20 {
        run.metrics.record_request("/reset");
        handle.window_ended(run.metrics.reset());
    }
    let (_, statistics) = run.stop().await;
    // Of the present window there may be nothing to tell.
    assert!(statistics.acknowledged() >= 16, "{statistics:?}");
    assert_eq!(statistics.lost_windows(), 4);
}

#[tokio::test]
async fn cumulative_pushes_need_no_ended_windows() {
    let receiver = Receiver::start([], acknowledge()).await;
    let config = OtlpConfig::builder().endpoint(receiver.url("/")).schedule(hasty());
    let pusher = Pusher::new(&exposition(), config.build().unwrap()).unwrap();
    let handle = pusher.handle();
    let run = Run::start_pusher(pusher);
    for _ in 0..40 {
        handle.window_ended(run.metrics.reset());
    }
    run.until(|statistics| statistics.acknowledged() >= 2).await;
    let (_, statistics) = run.stop().await;
    assert_eq!(statistics.lost_windows(), 0);
}
