//! A prepared series of requests.

#![allow(unsafe_code)] // counts under a cell that it remembers

use std::fmt;
use std::sync::Arc;

use crate::entry::Entry;
use crate::lane::Lane;
use crate::registry::Registry;
use crate::resolved::Resolved;
use crate::tables::REQUEST_OVERFLOW;

/// Counts requests for one path without looking it up: a handle, made by
/// [`Metrics::request_counter`](crate::Metrics::request_counter).
///
/// It stays good across resets and forks. Making it counts nothing and takes no series: a path shows in a
/// snapshot once it was recorded.
#[derive(Clone)]
pub struct RequestCounter {
    registry: Arc<Registry>,
    path: Arc<str>,
    resolved: Resolved,
}

impl RequestCounter {
    pub(crate) fn new(registry: Arc<Registry>, path: &str) -> Self {
        Self { registry, path: path.into(), resolved: Resolved::default() }
    }

    /// Counts one request for the path.
    ///
    /// *Cost:* wait-free: no lock, no allocation, no system call, no cache line that another thread writes. The
    /// first record of a thread or of each copy of the handle in a window may take a short lock. While the path is over a
    /// limit it is looked up at each record.
    #[inline]
    pub fn record(&self) {
        match Lane::by_handle(&self.registry, self.resolved.remembered()) {
            // SAFETY: the cell was given by the tables of the generation that it is remembered for, the lane's.
            Some((lane, cell)) => unsafe { lane.count(cell) },
            None => self.record_the_long_way(),
        }
    }

    #[cold]
    #[inline(never)]
    fn record_the_long_way(&self) {
        let entry = Entry::new(&self.registry);
        let cell = self.resolved.get(entry.base()).unwrap_or_else(|| self.resolve(&entry));
        // SAFETY: as above, or given by the entry's tables.
        unsafe { entry.count_request(cell) };
    }

    fn resolve(&self, entry: &Entry<'_>) -> u32 {
        let cell = entry.tables().request(&self.path);
        // Another thread may be about to give the path the last place: overflow is not for ever.
        if cell != REQUEST_OVERFLOW {
            self.resolved.remember(entry.base(), cell);
        }
        cell
    }

    /// The path.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl fmt::Debug for RequestCounter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestCounter").field("path", &self.path).finish_non_exhaustive()
    }
}
