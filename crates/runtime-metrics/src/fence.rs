//! The orderings between a record and a cut, behind one type.
//!
//! A record stores and then loads, twice: it announces itself and then reads the registry's generation number;
//! it adds to its cell and then reads the scan word. The collector does the same from the other side: it stores
//! the number and later reads announcements; it stores the scan word and then reads cells. In both pairs one side
//! must see the other, which needs a full fence between the store and the load on both sides.
//!
//! *Portable* is the reference and lies wholly inside the Rust memory model: every access of the protocol to
//! the number, the scan word, the announcements and the cells is sequentially consistent, so all of them stand
//! in one total order S that agrees with each thread's program order, and the arguments in
//! [`scan`](crate::scan) and [`seat`](crate::seat) are arguments about S. The store to a B cell must be
//! sequentially consistent too: a Release store is not ordered before the collector's second pass (C++20
//! [atomics.order] paragraph 4 relates only sequentially consistent operations and fences).

use crate::sync::{AtomicBool, AtomicU64, Ordering};

/// How this registry orders a record's stores before its loads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fence {
    /// Sequentially consistent read-modify-writes by the writer. Runs everywhere.
    Portable,
}

impl Fence {
    /// Announces a record on a seat, ordered before every later load. Returns whether one was announced already.
    #[inline]
    pub(crate) fn announce(self, busy: &AtomicBool) -> bool {
        match self {
            // Pairs with the collector's load of `busy` after its store of the generation number.
            Self::Portable => busy.swap(true, Ordering::SeqCst),
        }
    }

    /// Adds one event to a cell of the calling thread's stripe, ordered before every later load. Returns the
    /// cell's new value.
    #[inline]
    pub(crate) fn add(self, cell: &AtomicU64) -> u64 {
        match self {
            // Pairs with the collector's first pass over the cells after its store of the scan word.
            Self::Portable => cell.fetch_add(1, Ordering::SeqCst).wrapping_add(1),
        }
    }

    /// Stores a cell's new value for a collector whose scan is open.
    #[inline]
    pub(crate) fn forward(self, cell: &AtomicU64, value: u64) {
        match self {
            // Pairs with the collector's second pass over the cells.
            Self::Portable => cell.store(value, Ordering::SeqCst),
        }
    }

    /// Stores a word that writers read: the scan word. Ordered before every later load of the collector.
    pub(crate) fn raise(self, word: &AtomicU64, value: u64) {
        match self {
            // Pairs with the writers' loads of the scan word.
            Self::Portable => word.store(value, Ordering::SeqCst),
        }
    }
}
