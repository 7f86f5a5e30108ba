//! Something that counts items.

use std::fmt::Debug;
use std::hint::black_box;

use crate::workload::Workload;

/// A way to count items of type `T`.
pub trait Recorder<T>: Debug + Sync {
    /// Counts `item` once.
    fn record(&self, item: &T);

    /// What was counted so far, in records; `None` if no count is kept.
    fn recorded(&self) -> Option<u64>;

    /// Records `records` items of `workload`, beginning at step `start`.
    ///
    /// The loop is compiled anew for each recorder, with the record in it: a call through `dyn Recorder` costs
    /// once a lap, not once a record.
    fn lap(&self, workload: &Workload<T>, start: usize, records: u64) {
        let mut step = start;
        for _ in 0..records {
            self.record(black_box(workload.at(step)));
            step = step.wrapping_add(1);
        }
    }
}
