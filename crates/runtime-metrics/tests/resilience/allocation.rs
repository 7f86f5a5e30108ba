//! Recording known series calls no allocator, and meeting new ones stays exact however slow the allocator is.

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use runtime_metrics::Metrics;

use crate::allocator::{calls_during, dawdling};
use crate::ledger::Ledger;
use crate::{registry, turn};

const LONG_PATH: &str = "/api/v1/tenants/0190b5a4/configuration/run-time/of/a/service";
const LONG_CALLER: &str = "  0190B5A4-7C1E-7D6A-9C2B-3F6E5D4C3B2A of the Web front door ";
const NAMES: [&str; 3] = ["Auth:JWT:Issuer", "Website:AssetBaseUrl:ForTheOtherRegion", "Auth:JWT:Issuer"];

/// Fails if one of the ways to record known series calls the allocator, once it was gone a few times. In the
/// middle of each way `until` is asked whether to go on.
fn assert_known_series_allocate_nothing(metrics: &Metrics, until: impl Fn() -> bool) {
    assert!(LONG_PATH.len() > 32 && LONG_CALLER.trim().len() > 32, "long labels are found another way");
    let (short, long) = (metrics.request_counter("/handle"), metrics.request_counter(LONG_PATH));
    let plan = metrics.delivery_plan("run-time", "Api", &NAMES);
    let owned = NAMES.map(String::from);
    let ways: [(&str, &dyn Fn()); 10] = [
        ("short path", &|| metrics.record_request("/")),
        ("long path", &|| metrics.record_request(LONG_PATH)),
        ("handle", &|| short.record()),
        ("handle of a long path", &|| long.record()),
        ("plan", &|| plan.record("web")),
        ("plan, caller not in normal form", &|| plan.record(" Web ")),
        ("plan, long caller not in normal form", &|| plan.record(LONG_CALLER)),
        ("delivery", &|| metrics.record_config_delivery("config", "api", &["a"], "web")),
        ("delivery of nothing", &|| metrics.record_config_delivery::<&str>("config", "api", &[], "web")),
        ("delivery, nothing in normal form", &|| {
            metrics.record_config_delivery("Config ", "\tAPI", &owned, LONG_CALLER);
        }),
    ];
    for (name, record) in ways {
        (0..3).for_each(|_| record());
        let mut records = 3;
        let calls = calls_during(|| {
            while records < 10_000 || !until() {
                record();
                records += 1;
            }
        });
        assert_eq!(calls, 0, "{name}, {records} records, {:?}", metrics.fence_mode());
    }
}

#[test]
fn the_allocator_of_this_binary_counts_the_calls_of_the_calling_thread_alone() {
    let _turn = turn::take();
    assert_eq!(calls_during(|| drop(black_box(Box::new(7)))), 2, "one to take, one to give back");
    let in_the_other =
        std::thread::spawn(|| calls_during(|| drop(black_box(vec![1_u8; 100])))).join().unwrap();
    assert_eq!(in_the_other, 2);
    assert_eq!(calls_during(|| {}), 0);
}

#[test]
fn recording_known_series_allocates_nothing() {
    let _turn = turn::take();
    for metrics in registry::of_either_mode() {
        assert_known_series_allocate_nothing(&metrics, || true);
        assert_eq!(metrics.snapshot().requests().total_requests(), 40_000);
    }
}

#[test]
fn recording_known_series_allocates_nothing_while_another_thread_takes_snapshots() {
    const SNAPSHOTS: u64 = 8;
    let _turn = turn::take();
    for metrics in registry::of_either_mode() {
        let (taken, done) = (AtomicU64::new(0), AtomicBool::new(false));
        std::thread::scope(|scope| {
            let taker = scope.spawn(|| {
                while !done.load(Ordering::Acquire) {
                    drop(metrics.snapshot());
                    taken.fetch_add(1, Ordering::Release);
                }
            });
            let recorder = scope.spawn(|| {
                let last = AtomicU64::new(0);
                assert_known_series_allocate_nothing(&metrics, || {
                    // Each way is gone beside so many snapshots.
                    let now = taken.load(Ordering::Acquire);
                    let enough = now >= last.load(Ordering::Relaxed) + SNAPSHOTS;
                    if enough {
                        last.store(now, Ordering::Relaxed);
                    }
                    enough
                });
            });
            let recorded = recorder.join();
            done.store(true, Ordering::Release);
            taker.join().unwrap();
            recorded.unwrap();
        });
    }
}

#[test]
fn threads_that_meet_new_series_with_a_slow_allocator_stay_exact_beside_snapshots_and_resets() {
    const THREADS: u64 = 8;
    const LABELS: u64 = 200;
    let _turn = turn::take();
    for metrics in registry::of_either_mode() {
        let mut counted = Ledger::default();
        let record_all = &|thread: u64| {
            for number in 0..LABELS {
                // Threads come across one label at about the same time, each from a place of its own.
                let number = (number + thread) % LABELS;
                metrics.record_request(&format!("/shared/{number}"));
                metrics.record_request(&format!("/own/{thread}/{number}"));
                let target = format!("Target {}", number % 50);
                metrics.record_config_delivery("Config", &target, &NAMES, &format!(" Caller {number}"));
            }
        };
        std::thread::scope(|scope| {
            let threads: Vec<_> = (1..=THREADS)
                .map(|thread| scope.spawn(move || dawdling(thread, || record_all(thread))))
                .collect();
            while !threads.iter().all(|thread| thread.is_finished()) {
                drop(metrics.snapshot());
                counted.enter(&metrics.reset());
            }
        });
        counted.enter(&metrics.snapshot());
        let mut recorded = Ledger::default();
        for number in 0..LABELS {
            recorded.add_requests(&format!("/shared/{number}"), THREADS);
            (1..=THREADS).for_each(|thread| recorded.add_requests(&format!("/own/{thread}/{number}"), 1));
            recorded.add_deliveries(&NAMES, &format!("caller {number}"), THREADS);
        }
        assert_eq!(counted, recorded);
    }
}
