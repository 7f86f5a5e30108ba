//! Threads that come and go, and records made while a thread is being torn down.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use std::cell::RefCell;
use std::sync::OnceLock;

use runtime_metrics::{Metrics, RequestCounter};

#[test]
fn ten_thousand_short_lived_threads_are_all_counted() {
    let metrics = Metrics::new();
    let counter = metrics.request_counter("/handle");
    for round in 0..1_250_u32 {
        std::thread::scope(|scope| {
            for thread in 0..8 {
                let (metrics, counter) = (&metrics, &counter);
                scope.spawn(move || {
                    metrics.record_request("/string");
                    counter.record();
                    metrics.record_config_delivery("e", "t", &["a"], &format!("c{}", (round + thread) % 50));
                });
            }
        });
    }
    let snapshot = metrics.snapshot();
    assert_eq!(snapshot.requests().requests_by_path().get("/string"), Some(10_000));
    assert_eq!(snapshot.requests().requests_by_path().get("/handle"), Some(10_000));
    assert_eq!(snapshot.served_config().responses_total(), 10_000);
    assert_eq!(snapshot.served_config().responses_by_caller().len(), 50);
}

/// Records when it is dropped.
struct RecordOnDrop {
    metrics: Metrics,
    counter: RequestCounter,
}

impl Drop for RecordOnDrop {
    fn drop(&mut self) {
        self.metrics.record_request("/string");
        self.counter.record();
        self.metrics.record_config_delivery("e", "t", &["a"], "c");
    }
}

thread_local! {
    static EARLY: RefCell<Option<RecordOnDrop>> = const { RefCell::new(None) };
    static LATE: RefCell<Option<RecordOnDrop>> = const { RefCell::new(None) };
}

#[test]
fn records_made_from_thread_local_destructors_are_all_counted() {
    const THREADS: u64 = 200;
    let metrics = Metrics::new();
    let value =
        || Some(RecordOnDrop { metrics: metrics.clone(), counter: metrics.request_counter("/handle") });
    for thread in 0..THREADS {
        let (early, late) = (value(), value());
        let recording = metrics.clone();
        std::thread::spawn(move || {
            // One is registered for destruction before the thread's first record, the other after it; every
            // second thread records from destructors only.
            EARLY.set(early);
            if thread % 2 == 0 {
                recording.record_request("/alive");
            }
            LATE.set(late);
        })
        .join()
        .unwrap();
        if thread % 16 == 0 {
            assert!(metrics.snapshot().requests().total_requests() >= 4 * thread);
        }
    }
    let snapshot = metrics.snapshot();
    assert_eq!(snapshot.requests().requests_by_path().get("/alive"), Some(THREADS / 2));
    assert_eq!(snapshot.requests().requests_by_path().get("/string"), Some(2 * THREADS));
    assert_eq!(snapshot.requests().requests_by_path().get("/handle"), Some(2 * THREADS));
    assert_eq!(snapshot.served_config().values_total(), 2 * THREADS);
}

/// A label whose text is read by recording something else.
struct RecordOnRead<'a>(&'a Metrics, &'a Metrics);

impl AsRef<str> for RecordOnRead<'_> {
    fn as_ref(&self) -> &str {
        self.0.record_request("/same");
        self.1.record_request("/other");
        self.0.reset();
        "name"
    }
}

#[test]
fn a_record_in_the_middle_of_a_record_is_counted_even_across_a_reset() {
    let (metrics, other) = (Metrics::new(), Metrics::new());
    metrics.record_config_delivery("e", "t", &[RecordOnRead(&metrics, &other)], "c");
    let snapshot = metrics.snapshot();
    assert_eq!(snapshot.served_config().responses_total(), 1, "late, and carried over");
    assert!(other.snapshot().requests().total_requests() > 0);
    metrics.record_request("/after");
    assert_eq!(metrics.snapshot().requests().requests_by_path().get("/after"), Some(1));
}

#[test]
fn a_record_in_the_middle_of_lower_casing_is_counted_by_labels_and_by_plan() {
    static METRICS: OnceLock<Metrics> = OnceLock::new();
    fn record_and_lower(label: &str) -> String {
        let metrics = METRICS.get().unwrap();
        metrics.record_request("/same");
        for _ in 0..3 {
            metrics.reset(); // as often as it takes to drop the window, were nobody recording in it
        }
        label.to_lowercase()
    }
    let metrics = METRICS.get_or_init(|| Metrics::builder().lower_case(record_and_lower).build().unwrap());
    let plan = metrics.delivery_plan("e", "t", &["n"]);
    for _ in 0..2 {
        metrics.record_config_delivery("e", "t", &["n"], "\u{c9}");
        assert_eq!(metrics.reset().served_config().responses_total(), 1, "late, and carried over");
        plan.record("a");
        plan.record("\u{c9}");
        let ended = metrics.reset();
        assert_eq!(ended.served_config().responses_by_caller().get("\u{e9}"), Some(1));
    }
    metrics.record_request("/after");
    assert_eq!(metrics.snapshot().requests().requests_by_path().get("/after"), Some(1));
}

#[test]
fn threads_that_meet_the_same_labels_at_once_overflow_nothing_that_has_room() {
    const THREADS: u64 = 8;
    // Four documents fill nine tenths of the room for labels; four paths take the four places there are.
    let metrics = Metrics::builder().delivery_series_limit(1_000).request_series_limit(4).build().unwrap();
    let names: Vec<String> = (0..2_280).map(|number| format!("Section:Sub:Key{number:06}")).collect();
    for _ in 0..20 {
        let barrier = std::sync::Barrier::new(THREADS as usize);
        std::thread::scope(|scope| {
            for thread in 0..THREADS {
                let (metrics, names, barrier) = (&metrics, &names, &barrier);
                scope.spawn(move || {
                    barrier.wait();
                    for document in 0..4 {
                        metrics.record_request(&format!("/{}", (thread + document) % 4));
                        metrics.record_config_delivery("run-time", &format!("t{document}"), names, "c");
                    }
                });
            }
        });
        let window = metrics.reset();
        assert_eq!(window.served_config().overflow().records(), 0);
        assert_eq!(window.requests().overflow().records(), 0);
        let by_target: Vec<_> = window.served_config().responses_by_target().iter().collect();
        assert_eq!(by_target, ["t0", "t1", "t2", "t3"].map(|target| (target, THREADS)));
    }
}

#[test]
fn a_thread_that_records_in_many_registries_in_turn_is_counted_in_each() {
    let registries: Vec<Metrics> = (0..20).map(|_| Metrics::new()).collect();
    for round in 0..1_000 {
        for registry in &registries {
            registry.record_request("/");
            if round % 100 == 99 {
                assert_eq!(registry.reset().requests().total_requests(), 100);
            }
        }
    }
}

#[test]
fn a_registry_may_be_dropped_before_the_threads_that_recorded_in_it_end() {
    let (sender, receiver) = std::sync::mpsc::channel::<Metrics>();
    let thread = std::thread::spawn(move || {
        let mut recorded = 0;
        for metrics in receiver {
            metrics.record_request("/");
            recorded += metrics.snapshot().requests().total_requests();
        }
        recorded
    });
    for _ in 0..100 {
        sender.send(Metrics::new()).unwrap();
    }
    drop(sender);
    assert_eq!(thread.join().unwrap(), 100);
}
