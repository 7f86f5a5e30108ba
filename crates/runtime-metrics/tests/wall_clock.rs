//! A wall clock that is stepped, forward or back, reorders nothing within a window, and stops nothing.
//!
//! This binary has a clock of its own: it defines the `clock_gettime` that the standard library calls, and moves the
//! real-time clock by an offset.

#![cfg(all(target_os = "linux", target_pointer_width = "64"))] // where the system call fills in the C type
#![allow(unsafe_code)] // a C function
#![allow(clippy::unwrap_used)] // a test fails by panicking

#[path = "../../runtime-identity/tests/forked_child/mod.rs"]
mod forked_child;

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use forked_child::{in_forked_child, in_threads};
use runtime_metrics::{Metrics, Snapshot};

/// What the real-time clock is moved by, in seconds.
static OFFSET: AtomicI64 = AtomicI64::new(0);

const DAY: i64 = 24 * 60 * 60;
const YEAR: i64 = 365 * DAY;

/// Steps to offsets from the true time: forward and back by a day and more, before 1970, and past the year 9999.
const STEPS: [i64; 8] = [DAY, 0, -DAY, DAY, -2 * DAY, -80 * YEAR, 9_000 * YEAR, 0];

/// What a clock that is not stepped may differ by from another one within a test.
const TOLERANCE: Duration = Duration::from_secs(30);

#[unsafe(no_mangle)]
unsafe extern "C" fn clock_gettime(clock: libc::clockid_t, time: *mut libc::timespec) -> libc::c_int {
    // SAFETY: the arguments are the caller's.
    let status = unsafe { libc::syscall(libc::SYS_clock_gettime, clock, time) } as libc::c_int;
    if status == 0 && clock == libc::CLOCK_REALTIME {
        // SAFETY: the system call has filled it in.
        unsafe { (*time).tv_sec += OFFSET.load(Ordering::SeqCst) };
    }
    status
}

/// The wall clock, in the hands of one test at a time.
struct WallClock(#[expect(dead_code, reason = "held, not read")] MutexGuard<'static, ()>);

impl WallClock {
    fn take() -> Self {
        static TURN: Mutex<()> = Mutex::new(());
        Self(TURN.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn step_to(&self, offset: i64) {
        OFFSET.store(offset, Ordering::SeqCst);
    }
}

impl Drop for WallClock {
    fn drop(&mut self) {
        self.step_to(0);
    }
}

fn distance(one: SystemTime, other: SystemTime) -> Duration {
    one.duration_since(other).unwrap_or_else(|error| error.duration())
}

/// Fails unless the times of a snapshot are in order, and its uptime tells their distance.
fn assert_in_order(snapshot: &Snapshot) {
    let (started, taken) = (snapshot.window_started_at(), snapshot.taken_at());
    let uptime = Duration::from_secs_f64(snapshot.process().uptime_seconds());
    let elapsed = taken.duration_since(started).unwrap();
    assert!(uptime.abs_diff(elapsed) <= Duration::from_millis(1), "{uptime:?} is {elapsed:?}, rounded");
    if let Some(served) = snapshot.served_config().last_served_instant() {
        assert!(started <= served && served <= taken);
    }
}

#[test]
fn the_wall_clock_follows_the_offset_and_the_monotonic_clock_does_not() {
    let clock = WallClock::take();
    let (wall, monotonic) = (SystemTime::now(), Instant::now());
    for offset in STEPS {
        clock.step_to(offset);
        let by = Duration::from_secs(offset.unsigned_abs());
        let expected = if offset < 0 { wall - by } else { wall + by };
        assert!(distance(SystemTime::now(), expected) < TOLERANCE);
        assert!(monotonic.elapsed() < TOLERANCE);
    }
}

#[test]
fn within_a_window_nothing_is_reordered_by_steps() {
    let clock = WallClock::take();
    let metrics = Metrics::new();
    let mut last = metrics.snapshot();
    let mut last_served = last.window_started_at();
    for (number, offset) in (1..).zip(STEPS) {
        clock.step_to(offset);
        metrics.record_request("/");
        metrics.record_config_delivery("config", "api", &["a"], "web");
        let snapshot = metrics.snapshot();
        assert_in_order(&snapshot);
        assert_eq!(snapshot.window_started_at(), last.window_started_at());
        assert_eq!(snapshot.process().started_at(), last.process().started_at());
        assert!(snapshot.taken_at() >= last.taken_at());
        assert!(snapshot.process().uptime_seconds() >= last.process().uptime_seconds());
        assert!(metrics.process().uptime_seconds() >= snapshot.process().uptime_seconds());
        let served = snapshot.served_config().last_served_instant().unwrap();
        assert!(served >= last_served);
        assert_eq!(snapshot.requests().total_requests(), number);
        assert_eq!(snapshot.served_config().responses_total(), number);
        (last, last_served) = (snapshot, served);
    }
}

#[test]
fn a_snapshot_stays_as_young_as_it_is_over_steps() {
    let clock = WallClock::take();
    let metrics = Metrics::new();
    let taken = metrics.snapshot();
    for offset in STEPS {
        clock.step_to(offset);
        assert_eq!(metrics.snapshot_within(Duration::from_secs(60 * 60)), taken);
    }
}

#[test]
fn a_window_begins_at_the_wall_time_of_its_reset_and_its_uptime_at_zero() {
    let clock = WallClock::take();
    let metrics = Metrics::new();
    for offset in STEPS {
        metrics.record_config_delivery("config", "api", &["a"], "web");
        clock.step_to(offset);
        let (began, before) = (Instant::now(), SystemTime::now());
        let ended = metrics.reset();
        let after = SystemTime::now();
        assert_in_order(&ended);
        assert_eq!(ended.served_config().responses_total(), 1);

        let opened = metrics.latest();
        assert_eq!(opened.process().uptime_seconds(), 0.0);
        assert_eq!(opened.served_config().last_served_at(), None);
        let started = opened.window_started_at();
        // Both clocks are read one after the other, and the true one may be adjusted a little.
        assert!(distance(started, before) < TOLERANCE && distance(started, after) < TOLERANCE);

        metrics.record_config_delivery("config", "api", &["a"], "web");
        let snapshot = metrics.snapshot();
        assert_in_order(&snapshot);
        assert_eq!(snapshot.window_started_at(), started);
        assert!(snapshot.process().uptime_seconds() <= began.elapsed().as_secs_f64() + 0.001);
        assert_eq!(metrics.reset().served_config().responses_total(), 1);
    }
}

#[test]
fn the_texts_of_a_window_that_began_before_1970_or_past_9999_are_times_all_the_same() {
    let clock = WallClock::take();
    let metrics = Metrics::new();
    for (offset, years) in [(-80 * YEAR, "19"), (9_000 * YEAR, "9999-")] {
        clock.step_to(offset);
        metrics.reset();
        metrics.record_config_delivery("config", "api", &["a"], "web");
        let snapshot = metrics.snapshot();
        let started = snapshot.process().started_at();
        assert!(started.starts_with(years) && started.ends_with("+00:00"), "{started}");
        let served = snapshot.served_config().last_served_at().unwrap();
        assert!(served.starts_with(years) && served.ends_with("+00:00"), "{served}");
    }
}

#[test]
fn a_child_that_is_forked_after_a_step_begins_at_its_own_wall_time() {
    let clock = WallClock::take();
    let metrics = Metrics::new();
    metrics.record_request("/parent");
    let parent = metrics.snapshot();
    for offset in STEPS {
        clock.step_to(offset);
        let answer = in_forked_child(|| {
            let now = SystemTime::now();
            in_threads(&[&|| metrics.record_config_delivery("config", "api", &["a"], "web")]);
            let snapshot = metrics.snapshot();
            assert_in_order(&snapshot);
            let process = snapshot.process();
            let is_near = |at, time| distance(at, time) < TOLERANCE;
            format!(
                "{} {} {} {} {}",
                is_near(snapshot.window_started_at(), now),
                // The fork handler counts from 1970.
                is_near(process.process_started_at(), now.max(SystemTime::UNIX_EPOCH)),
                process.instance_id() != parent.process().instance_id(),
                snapshot.requests().total_requests(),
                snapshot.served_config().responses_total(),
            )
        });
        assert_eq!(answer, "true true true 0 1", "{offset}");
    }
    assert_in_order(&metrics.snapshot());
}
