//! All that a registry holds for one process life.
//!
//! A forked child inherits its parent's memory, but of the parent's threads only the one that forked: any lock
//! may be held for ever. So everything that has a lock, and every count, lives in a state that is stamped with
//! its process life; the first use in the child puts a new state in its place, and nothing of the inherited one
//! is scanned, locked or dropped. No lock with state outside of it may be used in here: not one that parks its
//! threads in a table of the process.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwap;

use crate::collector::Collector;
use crate::fence::Fence;
use crate::generation::Generation;
use crate::snapshot::Snapshot;
use crate::sync::{AtomicU64, Ordering};
use crate::window::Window;

pub(crate) struct State {
    /// The process life that the state belongs to.
    pub(crate) life: u64,
    /// The registry's number when the state was made: 0, or in a forked child the parent's.
    inherited_number: u64,
    /// The number of the first generation.
    first_number: u64,
    /// The generations that a thread may enter: the current one, and during a reset the next.
    pub(crate) open: ArcSwap<Vec<Arc<Generation>>>,
    /// The last snapshot that was published.
    pub(crate) latest: ArcSwap<Snapshot>,
    collector: Mutex<Collector>,
}

impl State {
    pub(crate) fn new(
        life: u64,
        inherited_number: u64,
        fence: Fence,
        generation: Arc<Generation>,
        window: Window,
    ) -> Self {
        let collector = Collector::new(fence, Arc::clone(&generation), window);
        Self {
            life,
            inherited_number,
            first_number: generation.number,
            latest: ArcSwap::from_pointee(collector.opening()),
            open: ArcSwap::from_pointee(vec![generation]),
            collector: Mutex::new(collector),
        }
    }

    /// Makes the first generation current if no thread has done so yet.
    pub(crate) fn settle(&self, number: &AtomicU64) {
        // The load spares the line that every record reads from being claimed by every look.
        if number.load(Ordering::SeqCst) != self.inherited_number {
            return;
        }
        // SeqCst: as every store of the number (see `seat`). A failure means that another thread has settled it.
        let _ = number.compare_exchange(
            self.inherited_number,
            self.first_number,
            Ordering::SeqCst,
            Ordering::Relaxed,
        );
    }

    /// The collector. Waits for another snapshot or reset that is in progress, never for a writer.
    pub(crate) fn collector(&self) -> MutexGuard<'_, Collector> {
        // No code under the lock panics; if it did, the counts would be as they were.
        self.collector.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
