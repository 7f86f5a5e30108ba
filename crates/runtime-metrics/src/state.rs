//! All that a registry holds for one process life.
//!
//! A forked child inherits its parent's memory, but of the parent's threads only the one that forked: any lock
//! may be held for ever. So everything that has a lock, and every count, lives in a state that is stamped with
//! its process life; the first use in the child puts a new state in its place, and nothing of the inherited one
//! is scanned, locked or dropped. No lock with state outside of it may be used in here: not one that parks its
//! threads in a table of the process.

use std::ops::DerefMut;
use std::sync::{Arc, PoisonError};

use crate::collector::Collector;
use crate::fence::FenceMode;
use crate::generation::Generation;
use crate::phase::{Phase, PhaseWord};
use crate::snapshot::Snapshot;
use crate::sync::{ArcSwap, Mutex};
use crate::window::Window;

pub(crate) struct State {
    /// The process life that the state belongs to.
    pub(crate) life: u64,
    /// The registry's phase when the state was made: none, or in a forked child the parent's.
    inherited: Phase,
    /// The phase of the first generation.
    first: Phase,
    /// The generations that a thread may enter: the current one, and during a reset the next.
    pub(crate) open: ArcSwap<Vec<Arc<Generation>>>,
    /// The last snapshot that was published.
    pub(crate) latest: ArcSwap<Snapshot>,
    collector: Mutex<Collector>,
}

impl State {
    pub(crate) fn new(
        life: u64,
        inherited: Phase,
        mode: FenceMode,
        generation: Arc<Generation>,
        window: Window,
    ) -> Self {
        let collector = Collector::new(mode, Arc::clone(&generation), window);
        Self {
            life,
            inherited,
            first: Phase::at_rest(generation.number, mode),
            latest: ArcSwap::from_pointee(collector.opening()),
            open: ArcSwap::from_pointee(vec![generation]),
            collector: Mutex::new(collector),
        }
    }

    /// Makes the first generation current if no thread has done so yet.
    pub(crate) fn settle(&self, phase: &PhaseWord) {
        // The look spares the line that every record reads from being claimed each time.
        if phase.load() == self.inherited {
            phase.replace(self.inherited, self.first);
        }
    }

    /// The collector. Waits for another snapshot or reset that is in progress, never for a writer.
    pub(crate) fn collector(&self) -> impl DerefMut<Target = Collector> {
        // No code under the lock panics; if it did, the counts would be as they were.
        self.collector.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a snapshot or reset is in progress.
    #[cfg(all(test, not(runtime_metrics_loom)))]
    pub(crate) fn is_collecting(&self) -> bool {
        self.collector.try_lock().is_err()
    }
}
