//! A forked child starts at zero with an identity of its own and never deadlocks, whatever the parent's other
//! threads were doing; the parent is untouched.

#![allow(clippy::unwrap_used)] // a test fails by panicking

#[path = "../../runtime-identity/tests/forked_child/mod.rs"]
mod forked_child;

mod fork_child;

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use fork_child::{First, assert_fresh, live};
use forked_child::{in_forked_child, in_threads};
use runtime_metrics::{DeliveryPlan, Metrics, ProcessRuntimeSnapshot, RequestCounter, Snapshot};

/// Raises a flag when it is dropped, so that a failing test ends its threads' loops.
struct RaiseOnDrop<'a>(&'a AtomicBool);

impl Drop for RaiseOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

/// Adds the requests and responses of a window.
fn add_totals(sums: &mut [u64; 2], window: &Snapshot) {
    sums[0] += window.requests().total_requests();
    sums[1] += window.served_config().responses_total();
}

#[test]
fn three_hundred_children_forked_from_a_busy_parent_start_at_zero_and_leave_its_counts_exact() {
    const CHILDREN: usize = 300;
    let metrics = Metrics::new();
    let counter = metrics.request_counter("/handle");
    let plan = metrics.delivery_plan("e", "t", &["a", "b"]);
    counter.record();
    plan.record("parent");
    metrics.record_request("/parent");
    let old = metrics.snapshot();
    let parent = old.process().clone();

    let done = AtomicBool::new(false);
    let mut slowest = Duration::ZERO;
    let recorded = std::thread::scope(|scope| {
        let _done = RaiseOnDrop(&done);
        let steady = scope.spawn(|| {
            let mut recorded = 0;
            while !done.load(Ordering::Acquire) {
                counter.record();
                plan.record("Parent");
                recorded += 1;
            }
            recorded
        });
        let meeting = scope.spawn(|| {
            let mut recorded = 0;
            while !done.load(Ordering::Acquire) {
                metrics.record_request(&format!("/met/{recorded}"));
                recorded += 1;
            }
            recorded
        });
        scope.spawn(|| {
            while !done.load(Ordering::Acquire) {
                let requests = metrics.snapshot().requests().clone();
                assert_eq!(requests.total_requests(), requests.requests_by_path().total());
            }
        });
        let resetting = scope.spawn(|| {
            let mut ended = [0; 2];
            while !done.load(Ordering::Acquire) {
                add_totals(&mut ended, &metrics.reset());
                std::thread::sleep(Duration::from_millis(1));
            }
            ended
        });
        for number in 0..CHILDREN {
            let forked = Instant::now();
            let answer = in_forked_child(|| live(First::ALL[number % 3], &metrics, &counter, &plan, &old));
            slowest = slowest.max(forked.elapsed());
            assert_fresh(&answer, &parent, &format!("child {number}"));
        }
        done.store(true, Ordering::Release);
        let (steady, met) = (steady.join().unwrap(), meeting.join().unwrap());
        let mut counted = resetting.join().unwrap();
        add_totals(&mut counted, &metrics.reset());
        // One request and one delivery each before the threads began, and one more request.
        assert_eq!(counted, [steady + met + 2, steady + 1], "the parent's counts are exact");
        steady + met
    });
    assert!(recorded > 0);
    println!("the slowest of {CHILDREN} children took {slowest:?}");
}

#[test]
fn children_whose_threads_meet_new_series_at_once_do_not_hang_in_what_the_parents_threads_were_doing() {
    const THREADS: usize = 12;
    let metrics = Metrics::new();
    let names: Vec<String> = (0..64).map(|number| format!("name{number}")).collect();
    // Many threads in few shards: most of them wait for a lock.
    let meet = |thread: usize, records: usize| {
        for number in 0..records {
            metrics.record_config_delivery(&format!("e{number}"), "t", &names, "c");
            if thread == 0 && number % 200 == 199 {
                metrics.reset();
            }
        }
    };
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let _done = RaiseOnDrop(&done);
        for thread in 0..THREADS {
            let (meet, done) = (&meet, &done);
            scope.spawn(move || {
                while !done.load(Ordering::Acquire) {
                    meet(thread, 400);
                }
            });
        }
        for _ in 0..40 {
            std::thread::sleep(Duration::from_millis(3));
            let answer = in_forked_child(|| {
                let (resetting, meeting) = (|| meet(0, 400), || meet(1, 400));
                let mut work: [&(dyn Fn() + Sync); THREADS] = [&meeting; THREADS];
                work[0] = &resetting;
                in_threads(&work);
                (metrics.snapshot().served_config().responses_total() <= 12 * 400).to_string()
            });
            assert_eq!(answer, "true");
        }
    });
}

#[test]
fn a_childs_window_begins_at_the_fork_even_if_its_registry_is_first_used_later() {
    let metrics = Metrics::new();
    metrics.record_request("/");
    let answer = in_forked_child(|| {
        std::thread::sleep(Duration::from_millis(50));
        (metrics.process().uptime_seconds() >= 0.05).to_string()
    });
    assert_eq!(answer, "true");
}

#[test]
fn the_global_registry_starts_at_zero_in_a_child_and_in_a_grandchild() {
    runtime_metrics::record_request("/global");
    let answer = in_forked_child(|| {
        let child = runtime_metrics::get_request_metrics_snapshot().total_requests();
        runtime_metrics::record_request("/child");
        let grandchild = in_forked_child(|| {
            runtime_metrics::record_request("/grandchild");
            format!("{:?}", runtime_metrics::get_request_metrics_snapshot().requests_by_path())
        });
        format!(
            "{child} {grandchild} {:?}",
            runtime_metrics::get_request_metrics_snapshot().requests_by_path()
        )
    });
    assert_eq!(answer, r#"0 {"/grandchild": 1} {"/child": 1}"#);
    assert_eq!(runtime_metrics::get_request_metrics_snapshot().requests_by_path().get("/global"), Some(1));
}

#[test]
fn a_registry_may_be_dropped_unused_in_a_child() {
    let metrics = Metrics::new();
    metrics.record_request("/");
    let kept = metrics.clone();
    let answer = in_forked_child(move || {
        drop(metrics);
        Metrics::new().record_request("/");
        "dropped".to_owned()
    });
    assert_eq!(answer, "dropped");
    assert_eq!(kept.snapshot().requests().total_requests(), 1);
}

/// A config name that forks when it is first read, and notes what `fork` returned.
struct Forks<'a> {
    forked: &'a Cell<Option<libc::pid_t>>,
    other: &'a Metrics,
}

impl AsRef<str> for Forks<'_> {
    fn as_ref(&self) -> &str {
        if self.forked.get().is_none() {
            // SAFETY: the child goes on with what needs no other thread, and ends with `_exit`.
            #[allow(unsafe_code)]
            self.forked.set(Some(unsafe { libc::fork() }));
            // A seat in this process life, in whichever process.
            self.other.record_request("/other");
        }
        "name"
    }
}

#[test]
fn a_child_that_was_forked_in_the_middle_of_a_record_counts_what_begins_in_it() {
    for metrics in [Metrics::new(), Metrics::builder().portable_fences().build().unwrap()] {
        let other = Metrics::new();
        let counter = metrics.request_counter("/handle");
        counter.record();
        metrics.record_request("/");
        metrics.record_config_delivery("e", "t", &["name"], "c");
        let forked = Cell::new(None);
        metrics.record_config_delivery("e", "t", &[Forks { forked: &forked, other: &other }], "c");
        let child = forked.get().unwrap();
        if child == 0 {
            metrics.record_request("/");
            metrics.record_request("/");
            counter.record();
            let counted = metrics.snapshot().requests().total_requests();
            // SAFETY: ends the child at once.
            #[allow(unsafe_code)]
            unsafe {
                libc::_exit(i32::from(counted != 3))
            };
        }
        let mut status = 0;
        // SAFETY: `child` is a child of this process that was not waited for; `status` outlives the call.
        #[allow(unsafe_code)]
        let waited = unsafe { libc::waitpid(child, &raw mut status, 0) };
        assert_eq!((waited, status), (child, 0), "three requests began in the child");
        let snapshot = metrics.snapshot();
        assert_eq!(snapshot.requests().total_requests(), 2, "the parent goes on");
        assert_eq!(snapshot.served_config().responses_total(), 2);
    }
}
