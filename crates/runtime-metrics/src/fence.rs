//! The orderings between a record and a cut, behind one type.
//!
//! A record stores and then loads, twice: it announces itself and then reads whether it may use its seat; it adds
//! to its cell and then reads the [phase](crate::phase). The collector does the same from the other side: it
//! closes a seat and then reads announcements; it stores the phase and then reads cells. In both pairs one side
//! must see the other, which needs a full fence between the store and the load on both sides.
//!
//! *Portable* lies wholly inside the Rust memory model: every access of the protocol to the phase, the
//! announcements and the cells, but the end of an announcement (Release) and what an owner reads of its own cells, is sequentially
//! consistent, so all of them stand in one total order S that agrees
//! with each thread's program order, and the arguments in [`scan`](crate::scan) and [`seat`](crate::seat) are
//! arguments about S. The store to a B cell must be sequentially consistent too: a Release store is not ordered
//! before the collector's second pass (C++20 [atomics.order] paragraph 4 relates only sequentially consistent
//! operations and fences).
//!
//! *Asymmetric* leaves the writer's fence out: the store and the load are kept in order by the compiler only, and
//! the collector makes every thread of the process execute a full fence, by `membarrier` (see
//! [`barrier`](crate::barrier)). Whatever a thread does lies before that fence of its own, and its stores are
//! visible to the collector afterwards; or it lies behind it, and its loads see what the collector stored before.

use crate::sync::{AtomicU8, AtomicU64, Ordering, compiler_fence};

/// How records are ordered against cuts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FenceMode {
    /// Each record executes two full fences of its own. Runs everywhere.
    Portable,
    /// Records execute none; each cut makes all threads of the process execute two, by the Linux system call
    /// `membarrier`.
    Asymmetric,
}

/// No record is in progress on a seat.
pub(crate) const IDLE: u8 = 0;
/// A record with asymmetric fences is in progress.
pub(crate) const BUSY_ASYMMETRIC: u8 = 1;
/// A record with portable fences is in progress.
pub(crate) const BUSY_PORTABLE: u8 = 2;

impl FenceMode {
    /// Announces a record on a seat, ordered before every later load.
    #[inline]
    pub(crate) fn announce(self, busy: &AtomicU8) {
        match self {
            // Pairs with the collector's load of `busy` after it has closed the seat.
            Self::Portable => {
                #[cfg(not(runtime_metrics_loom))]
                busy.swap(BUSY_PORTABLE, Ordering::SeqCst);
                #[cfg(runtime_metrics_loom)]
                {
                    busy.store(BUSY_PORTABLE, Ordering::Relaxed);
                    crate::sync::fence(Ordering::SeqCst);
                }
            }
            // Relaxed: the collector's barrier makes it visible.
            Self::Asymmetric => {
                busy.store(BUSY_ASYMMETRIC, Ordering::Relaxed);
                compiler_fence(Ordering::SeqCst);
            }
        }
    }

    /// Adds one event to a cell of the calling thread's stripe, ordered before every later load.
    #[inline]
    pub(crate) fn add(self, cell: &AtomicU64) {
        match self {
            // Pairs with the collector's first pass over the cells after its store of the phase.
            Self::Portable => {
                #[cfg(not(runtime_metrics_loom))]
                cell.fetch_add(1, Ordering::SeqCst);
                #[cfg(runtime_metrics_loom)]
                {
                    cell.store(cell.load(Ordering::Relaxed).wrapping_add(1), Ordering::Release);
                    crate::sync::fence(Ordering::SeqCst);
                }
            }
            // Relaxed load: the calling thread is the only writer. Release: whoever reads the new count sees what
            // happened before it.
            Self::Asymmetric => {
                cell.store(cell.load(Ordering::Relaxed).wrapping_add(1), Ordering::Release);
                compiler_fence(Ordering::SeqCst);
            }
        }
    }

    /// Stores a word for a collector whose scan is open.
    #[inline]
    pub(crate) fn forward(self, word: &AtomicU64, value: u64) {
        match self {
            // Pairs with the collector's second pass.
            Self::Portable => word.store(value, Ordering::SeqCst),
            // Release is enough: that the collector's second pass sees it is the work of its second barrier (see
            // docs/correctness.md).
            Self::Asymmetric => word.store(value, Ordering::Release),
        }
    }
}
