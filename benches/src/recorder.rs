//! Something that counts items.

use std::fmt::Debug;
use std::hint::black_box;

use hdrhistogram::Histogram;
use quanta::Clock;

use crate::workload::Workload;

/// A way to count items of type `T`.
pub trait Recorder<T>: Debug + Sync {
    /// Counts `item` once.
    fn record(&self, item: &T);

    /// What was counted so far, in records: the sum over what each series is read to be. `None` if no count is
    /// kept that others can read.
    fn recorded(&self) -> Option<u64>;

    /// Takes all counts at once, in the library's own way. False if it has none but a page.
    fn gather(&self) -> bool {
        false
    }

    /// Replaces `page` by the counts as Prometheus text, by the library's own encoder, from the very beginning: the counts
    /// are taken too. False if it has none.
    fn encode(&self, page: &mut Vec<u8>) -> bool {
        page.clear();
        false
    }

    /// Records `records` items of `workload`, beginning at step `start`.
    ///
    /// The loop is compiled anew for each recorder, with the record in it: a call through `dyn Recorder` costs
    /// once a lap, not once a record. That takes `#[inline(always)]` on every recorder's [`record`](Self::record): this loop and
    /// that of [`timed_lap`](Self::timed_lap) would share one copy of a long one, and call it.
    fn lap(&self, workload: &Workload<T>, start: usize, records: u64) {
        let mut step = start;
        for _ in 0..records {
            self.record(black_box(workload.at(step)));
            step = step.wrapping_add(1);
        }
    }

    /// The same with each record timed by itself, in ticks of `clock`, the reading of the clock included.
    fn timed_lap(&self, workload: &Workload<T>, records: u64, clock: &Clock, ticks: &mut Histogram<u64>) {
        for step in 0..records {
            let item = black_box(workload.at(step as usize));
            let begin = clock.raw();
            self.record(item);
            let end = clock.raw();
            ticks.saturating_record(end.saturating_sub(begin));
        }
    }
}
