//! The consistency contract with real threads at full speed, on private registries.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::SystemTime;

use runtime_metrics::{Metrics, ServedConfigMetricsSnapshot, Snapshot};

/// Fails if rule 1 or rule 2 does not hold in `snapshot`.
fn assert_sums_agree(snapshot: &Snapshot) {
    let requests = snapshot.requests();
    assert_eq!(requests.total_requests(), requests.requests_by_path().total(), "rule 1");
    let served = snapshot.served_config();
    for by_label in
        [served.responses_by_endpoint(), served.responses_by_target(), served.responses_by_caller()]
    {
        assert_eq!(served.responses_total(), by_label.total(), "rule 2");
    }
    for by_label in [served.values_by_target(), served.values_by_caller(), served.values_by_name()] {
        assert_eq!(served.values_total(), by_label.total(), "rule 2");
    }
    assert_eq!(served.last_served_at().is_some(), served.responses_total() > 0);
    if let Some(last_served) = served.last_served_instant() {
        assert!(snapshot.window_started_at() <= last_served && last_served <= snapshot.taken_at());
    }
}

/// Fails if, within one window, a count of `earlier` is larger than in `later` (rule 5).
fn assert_no_count_goes_down(earlier: &Snapshot, later: &Snapshot) {
    assert!(earlier.sequence() < later.sequence());
    if earlier.window_started_at() != later.window_started_at() {
        return;
    }
    assert!(earlier.taken_at() <= later.taken_at());
    let (before, after) = (earlier.served_config(), later.served_config());
    let maps = [
        (earlier.requests().requests_by_path(), later.requests().requests_by_path()),
        (before.responses_by_endpoint(), after.responses_by_endpoint()),
        (before.responses_by_caller(), after.responses_by_caller()),
        (before.values_by_target(), after.values_by_target()),
        (before.values_by_name(), after.values_by_name()),
    ];
    for (before, after) in maps {
        for (label, count) in before.iter() {
            assert!(after.get(label) >= Some(count), "rule 5: {label} went down from {count}");
        }
    }
}

/// Raises a flag when it is dropped, so that a failing thread ends the others' loops.
struct RaiseOnDrop<'a>(&'a AtomicBool);

impl Drop for RaiseOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

/// What one window counted: requests, responses, values.
fn totals(snapshot: &Snapshot) -> [u64; 3] {
    let served = snapshot.served_config();
    [snapshot.requests().total_requests(), served.responses_total(), served.values_total()]
}

#[test]
fn rules_1_2_5_and_6_hold_over_fifty_million_records_beside_snapshots_and_resets() {
    const WRITERS: u64 = 4;
    const ROUNDS: u64 = 1_000_000;
    // A round: eleven requests and two deliveries.
    const RECORDS: u64 = WRITERS * ROUNDS * 13;
    const { assert!(RECORDS >= 50_000_000) };

    let metrics = Metrics::new();
    let done = AtomicBool::new(false);
    let (mut windows, mut snapshots) = ([0; 3], 0_u64);
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let metrics = &metrics;
                scope.spawn(move || {
                    let own = metrics.request_counter(&format!("/own/{writer}"));
                    let plan = metrics.delivery_plan("run-time", "api", &["a", "b", "b"]);
                    let paths: Vec<String> = (0..64).map(|number| format!("/shared/{number}")).collect();
                    for round in 0..ROUNDS {
                        for _ in 0..8 {
                            own.record();
                        }
                        for step in 0..3 {
                            metrics.record_request(&paths[(round * 3 + step) as usize % paths.len()]);
                        }
                        plan.record("local:api");
                        metrics.record_config_delivery("config", "Web", &["c"], " me ");
                    }
                })
            })
            .collect();
        let taker = scope.spawn(|| {
            let _done = RaiseOnDrop(&done);
            let (mut last, mut taken) = (metrics.snapshot(), 1_u64);
            while !done.load(Ordering::Acquire) {
                let snapshot = metrics.snapshot();
                assert_sums_agree(&snapshot);
                assert_no_count_goes_down(&last, &snapshot);
                last = snapshot;
                taken += 1;
            }
            taken
        });
        let resetter = scope.spawn(|| {
            let _done = RaiseOnDrop(&done);
            let mut windows = [0; 3];
            while !done.load(Ordering::Acquire) {
                let ended = metrics.reset();
                assert_sums_agree(&ended);
                for (sum, total) in windows.iter_mut().zip(totals(&ended)) {
                    *sum += total;
                }
                std::thread::yield_now();
            }
            windows
        });
        for writer in writers {
            writer.join().unwrap();
        }
        done.store(true, Ordering::Release);
        snapshots = taker.join().unwrap();
        windows = resetter.join().unwrap();
    });
    let last = metrics.snapshot();
    assert_sums_agree(&last);
    let recorded: Vec<u64> =
        windows.iter().zip(totals(&last)).map(|(windows, last)| windows + last).collect();
    assert_eq!(recorded, [RECORDS / 13 * 11, RECORDS / 13 * 2, RECORDS / 13 * 4], "rule 6");
    println!("{RECORDS} records, {snapshots} snapshots, {} cuts", last.sequence());
}

#[test]
fn rule_6_holds_when_many_threads_meet_the_same_labels_anew_after_every_reset() {
    const RECORDS: u64 = 3_000_000;
    let metrics = Metrics::builder().delivery_series_limit(40).build().unwrap();
    let names = vec!["n"; 600];
    let done = AtomicBool::new(false);
    let counted = std::thread::scope(|scope| {
        let resetter = scope.spawn(|| {
            let mut counted = [0; 3];
            while !done.load(Ordering::Acquire) {
                let ended = metrics.reset();
                assert_sums_agree(&ended);
                for (sum, total) in counted.iter_mut().zip(totals(&ended)) {
                    *sum += total;
                }
            }
            counted
        });
        let _done = RaiseOnDrop(&done);
        let writers: Vec<_> = (0..6)
            .map(|_| {
                scope.spawn(|| {
                    let paths: Vec<String> = (0..64).map(|number| format!("/{number}")).collect();
                    for record in 0..RECORDS {
                        metrics.record_request(&paths[record as usize % paths.len()]);
                        if record % 100 == 0 {
                            // More documents than there are places, and ever other numbers of names.
                            let number = (record / 100) as usize;
                            let target = (number % 50).to_string();
                            metrics.record_config_delivery("e", &target, &names[..number % 600], "c");
                        }
                    }
                })
            })
            .collect();
        for writer in writers {
            writer.join().unwrap();
        }
        done.store(true, Ordering::Release);
        resetter.join().unwrap()
    });
    let last = totals(&metrics.snapshot());
    let recorded: Vec<u64> = counted.iter().zip(last).map(|(windows, last)| windows + last).collect();
    let values: u64 = (0..RECORDS / 100).map(|number| number % 600).sum();
    assert_eq!(recorded, [6 * RECORDS, 6 * RECORDS / 100, 6 * values]);
}

/// Two threads that record one after the other, for ever: the first a request for `/a`, then the second one for
/// `/b`. Between the two cells lie those of 4,000 other series, so that a scan takes long from one to the other.
///
/// Runs `observe` until it is satisfied, then lets the chain end.
fn beside_a_causal_chain(metrics: &Metrics, observe: impl FnOnce()) -> u64 {
    let turns = AtomicU64::new(0);
    let (stop, stopped) = (AtomicBool::new(false), AtomicBool::new(false));
    metrics.record_request("/a");
    for number in 0..4_000 {
        metrics.record_config_delivery("filler", "t", &["a"], &number.to_string());
    }
    metrics.record_request("/b");
    // Takes each turn of `parity` until `stop` is raised at its turn.
    let take_turns = |path: &str, parity: u64, stop: &AtomicBool| {
        let counter = metrics.request_counter(path);
        loop {
            // In this order: the turn that is read after the other thread has stopped is the last one.
            let stop = stop.load(Ordering::Acquire);
            let turn = turns.load(Ordering::Acquire);
            if turn % 2 == parity && !(stop && parity == 0) {
                counter.record();
                turns.store(turn + 1, Ordering::Release);
            } else if stop {
                return;
            } else {
                std::thread::yield_now();
            }
        }
    };
    std::thread::scope(|scope| {
        let _stop = RaiseOnDrop(&stop);
        scope.spawn(|| {
            let _stopped = RaiseOnDrop(&stopped);
            take_turns("/a", 0, &stop);
        });
        // Stops after the first: every /a gets its /b.
        scope.spawn(|| take_turns("/b", 1, &stopped));
        observe();
    });
    turns.load(Ordering::Acquire)
}

/// How often `/a` and `/b` were counted.
fn chain(snapshot: &Snapshot) -> [u64; 2] {
    ["/a", "/b"].map(|path| snapshot.requests().requests_by_path().get(path).unwrap_or(0))
}

#[test]
fn rule_4_holds_over_a_hundred_thousand_snapshots_of_a_causal_chain() {
    let metrics = Metrics::new();
    let mut last = [1, 1];
    let turns = beside_a_causal_chain(&metrics, || {
        for _ in 0..100_000 {
            let [a, b] = chain(&metrics.snapshot());
            assert!(a == b || a == b + 1, "rule 4: {a} of /a, {b} of /b");
            assert!(last[0] <= a && last[1] <= b, "rule 5");
            last = [a, b];
        }
    });
    let [a, b] = chain(&metrics.snapshot());
    assert_eq!([a, b], [turns / 2 + 1; 2], "rule 6");
}

#[test]
fn rule_4_holds_across_resets_of_a_causal_chain() {
    let metrics = Metrics::new();
    let mut ended = [0, 0];
    let turns = beside_a_causal_chain(&metrics, || {
        for turn in 0..20_000_u32 {
            let snapshot = if turn % 4 == 0 { metrics.reset() } else { metrics.snapshot() };
            let window = chain(&snapshot);
            let [a, b] = [ended[0] + window[0], ended[1] + window[1]];
            assert!(a == b || a == b + 1, "rule 4: {a} of /a, {b} of /b, cut {}", snapshot.sequence());
            if turn % 4 == 0 {
                ended = [a, b];
            }
        }
    });
    let last = chain(&metrics.snapshot());
    assert_eq!([ended[0] + last[0], ended[1] + last[1]], [turns / 2 + 1; 2], "rule 6");
}

#[test]
fn rule_3_holds_for_records_that_return_while_others_record() {
    let metrics = Metrics::new();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let _done = RaiseOnDrop(&done);
        scope.spawn(|| {
            while !done.load(Ordering::Acquire) {
                metrics.record_request("/beside");
            }
        });
        for round in 1..=20_000 {
            metrics.record_config_delivery("e", "t", &["a", "b"], "c");
            let served: ServedConfigMetricsSnapshot = metrics.snapshot().served_config().clone();
            assert_eq!((served.responses_total(), served.values_total()), (round, 2 * round));
        }
    });
}

#[test]
fn callers_of_snapshot_within_share_cuts_that_are_young_enough() {
    let metrics = Metrics::new();
    let started = SystemTime::now();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..1_000 {
                    let snapshot = metrics.snapshot_within(std::time::Duration::from_secs(3_600));
                    assert!(snapshot.taken_at() >= started - std::time::Duration::from_secs(3_600));
                }
            });
        }
    });
    assert_eq!(
        metrics.latest().sequence(),
        0,
        "the snapshot published at the start was young enough for all"
    );
}
