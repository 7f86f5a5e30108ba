//! One handle, of which nothing is picked among others: its record by itself.

use std::fmt;
use std::hint::black_box;

use crate::path::RequestPath;
use crate::recorder::Recorder;
use crate::workload::Workload;

/// Counts each request by the same handle, whatever its path.
pub struct OneHandle<H, R, C> {
    handle: H,
    record: R,
    recorded: C,
}

impl<H, R, C> OneHandle<H, R, C>
where
    H: Sync,
    R: Fn(&H) + Sync,
    C: Fn() -> Option<u64> + Sync,
{
    /// `record` counts one request by `handle`, and `recorded` tells how many were counted.
    pub const fn new(handle: H, record: R, recorded: C) -> Self {
        Self { handle, record, recorded }
    }
}

impl<H, R, C> fmt::Debug for OneHandle<H, R, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OneHandle").finish_non_exhaustive()
    }
}

impl<H, R, C> Recorder<RequestPath> for OneHandle<H, R, C>
where
    H: Sync,
    R: Fn(&H) + Sync,
    C: Fn() -> Option<u64> + Sync,
{
    #[inline(always)]
    fn record(&self, _path: &RequestPath) {
        (self.record)(&self.handle);
    }

    fn recorded(&self) -> Option<u64> {
        (self.recorded)()
    }

    fn lap(&self, _workload: &Workload<RequestPath>, _start: usize, records: u64) {
        let mut handle = &self.handle;
        for _ in 0..records {
            // Handed on from record to record, so that the loop without a record has to read it back from the black box, too.
            handle = black_box(handle);
            (self.record)(handle);
        }
    }
}
