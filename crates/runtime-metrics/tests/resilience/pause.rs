//! A thread that stops in the middle of whatever it does holds nobody up, and nothing is lost.

#![allow(unsafe_code)] // pauses a thread

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant};

use runtime_metrics::{FenceMode, Metrics};

use crate::ledger::Ledger;
use crate::pauser::Pauser;
use crate::turn;

const PAUSES: u32 = 36;
const SHORT: Duration = Duration::from_millis(20);
const LONG: Duration = Duration::from_secs(2);

/// When a paused thread gives up. A call that waits for it comes back only then.
const PATIENCE: Duration = Duration::from_secs(20);

/// Rounds between two records of a path that is to be met anew after each reset, and how many such paths there are.
const MEET_EVERY: u64 = 64;
const MET_PATHS: u64 = 5_000;

/// Raises a flag when it is dropped, so that a failing test ends its threads' loops.
struct RaiseOnDrop<'a>(&'a AtomicBool);

impl Drop for RaiseOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

/// What a recording thread meets.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meets {
    /// A few series, soon after each reset: then its records take no lock.
    Few,
    /// New ones all the time.
    Many,
}

/// Records in every way until `done`, and tells `rounds` how far it is. Returns what it has recorded.
fn record_until(metrics: &Metrics, meets: Meets, done: &AtomicBool, rounds: &AtomicU64) -> Ledger {
    let own = if meets == Meets::Few { "few" } else { "many" };
    let counter = metrics.request_counter("/handle");
    let plan = metrics.delivery_plan("run-time", "api", &["a", "b"]);
    let mut round = 0;
    while !done.load(Ordering::Acquire) {
        counter.record();
        metrics.record_request("/string");
        plan.record("Caller");
        metrics.record_config_delivery("config", "api", &["c"], own);
        if meets == Meets::Many && round % MEET_EVERY == 0 {
            metrics.record_request(&format!("/met/{}", round / MEET_EVERY % MET_PATHS));
        }
        round += 1;
        rounds.store(round, Ordering::Release);
    }
    let mut recorded = Ledger::default();
    recorded.add_requests("/handle", round);
    recorded.add_requests("/string", round);
    recorded.add_deliveries(&["a", "b"], "caller", round);
    recorded.add_deliveries(&["c"], own, round);
    let met = if meets == Meets::Many { round.div_ceil(MEET_EVERY) } else { 0 };
    for path in 0..MET_PATHS.min(met) {
        recorded.add_requests(&format!("/met/{path}"), (met - path).div_ceil(MET_PATHS));
    }
    recorded
}

/// Takes snapshots and resets.
struct Taker<'a> {
    metrics: &'a Metrics,
    counted: Ledger,
}

impl Taker<'_> {
    /// Takes them for so long, at least one of each, and asks after each of them whether all is `well`. Returns
    /// what the snapshots took.
    fn take_for(&mut self, time: Duration, well: impl Fn(&str)) -> Vec<Duration> {
        let (mut snapshots, began) = (Vec::new(), Instant::now());
        while snapshots.is_empty() || began.elapsed() < time {
            for _ in 0..4 {
                let asked = Instant::now();
                drop(self.metrics.snapshot());
                snapshots.push(asked.elapsed());
                well("a snapshot");
            }
            let ended = self.metrics.reset();
            well("a reset");
            self.counted.enter(&ended);
            std::thread::sleep(Duration::from_millis(1));
        }
        snapshots
    }
}

/// Waits until `rounds` has moved on by some rounds.
fn wait_for_progress(rounds: &AtomicU64, well: impl Fn(&str)) {
    let before = rounds.load(Ordering::Acquire);
    while rounds.load(Ordering::Acquire) < before + 100 {
        well("another thread's record");
        std::thread::yield_now();
    }
}

fn hold_up_nobody(metrics: &Metrics) {
    let done = AtomicBool::new(false);
    let (paused_rounds, free_rounds) = (AtomicU64::new(0), AtomicU64::new(0));
    let mut taker = Taker { metrics, counted: Ledger::default() };
    let (mut beside_paused, mut beside_running) = (Vec::new(), Vec::new());
    let recorded = std::thread::scope(|scope| {
        let raise = RaiseOnDrop(&done);
        let (give, pauser) = mpsc::channel();
        let paused = scope.spawn(|| {
            // Moved in, so that a thread that fails closes the channel.
            let give = give;
            give.send(Pauser::of_this_thread(PATIENCE)).unwrap();
            record_until(metrics, Meets::Many, &done, &paused_rounds)
        });
        let free = scope.spawn(|| record_until(metrics, Meets::Few, &done, &free_rounds));
        let pauser = pauser.recv().unwrap();
        for number in 0..=PAUSES {
            wait_for_progress(&paused_rounds, |_| {});
            // It has then met its series: a thread that is paused while it meets one may hold up others that do.
            wait_for_progress(&free_rounds, |_| {});
            let time = if number == PAUSES { LONG } else { SHORT };
            // SAFETY: the thread goes on until `done` is raised.
            let pause = unsafe { pauser.pause() };
            let held = |what: &str| assert!(pause.holds(), "{what} has waited for a paused thread");
            beside_paused.append(&mut taker.take_for(time, held));
            wait_for_progress(&free_rounds, held);
            drop(pause);
            beside_running.append(&mut taker.take_for(SHORT, |_| {}));
        }
        drop(raise);
        [paused.join().unwrap(), free.join().unwrap()]
    });
    taker.counted.enter(&metrics.snapshot());
    let mut sum = Ledger::default();
    recorded.iter().for_each(|recorded| sum.add_all(recorded));
    assert_eq!(taker.counted, sum, "rule 6");

    let [(running, longest_running), (paused, longest_paused)] =
        [&mut beside_running, &mut beside_paused].map(|times| median_and_longest(times));
    println!(
        "{:?}, {PAUSES} pauses of {SHORT:?} and one of {LONG:?}, {} requests in all; snapshots, median and longest: \
         {running:?} and {longest_running:?} beside running threads, {paused:?} and {longest_paused:?} beside a \
         paused one: {:.2} and {:.2} times as long",
        metrics.fence_mode(),
        sum.requests(),
        paused.as_secs_f64() / running.as_secs_f64(),
        longest_paused.as_secs_f64() / longest_running.as_secs_f64(),
    );
}

fn median_and_longest(times: &mut [Duration]) -> (Duration, Duration) {
    times.sort_unstable();
    (times[times.len() / 2], times[times.len() - 1])
}

#[test]
fn a_paused_thread_holds_no_snapshot_no_reset_and_no_other_record_up() {
    let _turn = turn::take();
    hold_up_nobody(&Metrics::new());
}

#[test]
fn a_paused_thread_holds_nobody_up_with_portable_fences_either() {
    let _turn = turn::take();
    let metrics = Metrics::builder().portable_fences().build().unwrap();
    assert_eq!(metrics.fence_mode(), FenceMode::Portable);
    hold_up_nobody(&metrics);
}

#[test]
fn a_counter_behind_a_lock_is_held_up_by_a_paused_thread_which_shows_that_these_tests_can_fail() {
    let _turn = turn::take();
    let (done, rounds, count) = (AtomicBool::new(false), AtomicU64::new(0), Mutex::new(0_u64));
    std::thread::scope(|scope| {
        let _raise = RaiseOnDrop(&done);
        let (give, pauser) = mpsc::channel();
        scope.spawn(|| {
            let give = give;
            give.send(Pauser::of_this_thread(Duration::from_millis(50))).unwrap();
            while !done.load(Ordering::Acquire) {
                let mut count = count.lock().unwrap();
                (0..1_000).for_each(|_| *black_box(&mut *count) += 1);
                rounds.fetch_add(1, Ordering::Release);
            }
        });
        let pauser = pauser.recv().unwrap();
        let is_held_up = |_| {
            wait_for_progress(&rounds, |_| {});
            // SAFETY: the thread goes on until `done` is raised.
            let pause = unsafe { pauser.pause() };
            drop(count.lock().unwrap());
            !pause.holds()
        };
        assert!((0..100).any(is_held_up));
    });
}
