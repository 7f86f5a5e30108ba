//! Threads that take cuts of a registry, and read what was cut, as long as others record in it.

use std::thread::{self, JoinHandle};

use runtime_metrics::Metrics;

use crate::count::Count;
use crate::shared::Shared;

/// Starts a thread that takes snapshots and, every so many cuts, resets. It returns what the windows counted that it has ended.
pub(crate) fn start(shared: &'static Shared, cuts_to_reset: u32) -> JoinHandle<Count> {
    thread::spawn(move || {
        let mut ended = Count::default();
        for cut in 1.. {
            if !shared.is_at_work() {
                break;
            }
            if cut % cuts_to_reset == 0 {
                ended += Count::of(&shared.cut(Metrics::reset));
            } else {
                Count::of(&shared.cut(Metrics::snapshot));
            }
        }
        ended
    })
}

/// Starts a thread that reads what was published last, by whichever thread.
pub(crate) fn start_reader(shared: &'static Shared) -> JoinHandle<()> {
    thread::spawn(move || {
        let mut sequence = 0;
        while shared.is_at_work() {
            let latest = shared.metrics.latest();
            assert!(latest.sequence() >= sequence, "cuts are published in order");
            sequence = latest.sequence();
            Count::of(&latest);
            thread::yield_now();
        }
    })
}
