//! What a record cannot be cheaper than, by string and by handle: counts that no other thread can read.
//!
//! The counts are those of the thread, whichever recorder they were made with.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::one_handle::OneHandle;
use crate::path::RequestPath;
use crate::recorder::Recorder;

thread_local! {
    static MAP: RefCell<HashMap<String, u64, RandomState>> = RefCell::default();
    static INTEGER: Cell<u64> = const { Cell::new(0) };
}

/// Requests in a thread's own HashMap (the standard library's, which is hashbrown) with a fast hash.
#[derive(Debug, Clone, Copy, Default)]
pub struct ThreadLocalMap;

impl Recorder<RequestPath> for ThreadLocalMap {
    #[inline(always)]
    fn record(&self, path: &RequestPath) {
        MAP.with_borrow_mut(|counts| match counts.get_mut(path.text) {
            Some(count) => *count += 1,
            None => _ = counts.insert(path.text.to_owned(), 1),
        });
    }

    fn recorded(&self) -> Option<u64> {
        None
    }
}

/// Requests in one integer of the thread.
#[derive(Debug, Clone, Copy, Default)]
pub struct ThreadLocalInteger;

impl Recorder<RequestPath> for ThreadLocalInteger {
    #[inline(always)]
    fn record(&self, _path: &RequestPath) {
        INTEGER.set(INTEGER.get() + 1);
    }

    fn recorded(&self) -> Option<u64> {
        None
    }
}

/// The same by [`OneHandle`].
#[must_use]
pub fn one_handle() -> impl Recorder<RequestPath> {
    OneHandle::new((), |()| INTEGER.set(INTEGER.get() + 1), || None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::requests;
    use crate::workload::Popularity;

    #[test]
    fn the_floors_count_on_the_thread_that_records() {
        let requests = requests(10, Popularity::Uniform).unwrap();
        ThreadLocalMap.lap(&requests, 0, 1_000);
        ThreadLocalInteger.lap(&requests, 0, 1_000);
        assert_eq!(MAP.with_borrow(|counts| counts.values().sum::<u64>()), 1_000);
        assert_eq!(INTEGER.get(), 1_000);
    }
}
