//! The loop without a record, whose time is to be subtracted.

use std::hint::black_box;

use crate::recorder::Recorder;

/// Records nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Empty;

impl<T> Recorder<T> for Empty {
    #[inline(always)]
    fn record(&self, item: &T) {
        black_box(item);
    }

    fn recorded(&self) -> Option<u64> {
        None
    }
}
