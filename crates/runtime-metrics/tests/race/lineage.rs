//! Threads that record beside cuts: few that live long, and many that live short.

use std::cell::RefCell;
use std::thread::{self, JoinHandle};

use crate::count::Count;
use crate::cutter;
use crate::shared::Shared;
use crate::way::{self, Way};

/// Rounds of each thread, and generations of threads.
const LONG: (u32, u32) = (30_000, 1);
const SHORT: (u32, u32) = (20, 300);

thread_local! {
    static FAREWELL: RefCell<Option<Farewell>> = const { RefCell::new(None) };
}

/// Records once more when its thread has given its seats up.
struct Farewell(&'static Shared);

impl Drop for Farewell {
    fn drop(&mut self) {
        self.0.metrics.record_request("/farewell");
    }
}

/// Starts a line of threads, each of which begins when the one before it has ended.
fn start(shared: &'static Shared, way: Way, (rounds, generations): (u32, u32)) -> JoinHandle<Count> {
    let work = shared.begin_work();
    thread::spawn(move || {
        let _work = work;
        (0..generations)
            .map(|_| {
                let thread = thread::spawn(move || {
                    // Before the thread's first record: of thread-local values the first is dropped last.
                    FAREWELL.set(Some(Farewell(shared)));
                    let mut count = way(shared, rounds);
                    count += Count::of_requests(1);
                    count
                });
                thread.join().unwrap()
            })
            .collect()
    })
}

/// Fails unless all that threads of `extent` record, in each way at once, is counted once.
fn assert_all_is_counted_once(shared: &'static Shared, extent: (u32, u32)) {
    let lines = way::ALL.map(|way| start(shared, way, extent));
    let cutters = [2, 3].map(|cuts_to_reset| cutter::start(shared, cuts_to_reset));
    let reader = cutter::start_reader(shared);
    let recorded: Count = lines.into_iter().map(|line| line.join().unwrap()).collect();
    reader.join().unwrap();
    let mut counted: Count = cutters.into_iter().map(|cutter| cutter.join().unwrap()).collect();
    let last = shared.metrics.snapshot();
    counted += Count::of(&last);
    assert_eq!(counted, recorded, "rule 6");
    println!("{recorded:?} in {} cuts", last.sequence());
}

#[test]
fn all_ways_to_record_count_once_beside_snapshots_and_resets() {
    Shared::of_each_mode().into_iter().for_each(|shared| assert_all_is_counted_once(shared, LONG));
}

#[test]
fn threads_that_come_and_go_count_once_beside_snapshots_and_resets() {
    Shared::of_each_mode().into_iter().for_each(|shared| assert_all_is_counted_once(shared, SHORT));
}
