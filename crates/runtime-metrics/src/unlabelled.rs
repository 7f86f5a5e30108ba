//! Deliveries that fit no cell: they kept no label, and their number of names has no cell either.
//!
//! Their two counts, responses and values, must move as one, which a cell cannot do. So they are one immutable
//! pair behind a pointer, and the pair takes part in the scan as a cell does: A and B, forwarding, `max` (see
//! [`scan`](crate::scan)). Its one writer at a time is whoever holds the lock; a snapshot never takes it.

use std::sync::{Arc, PoisonError};

use crate::phase::PhaseWord;
use crate::sync::{ArcSwap, Mutex};

/// Responses, and values in them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Unlabelled {
    pub(crate) responses: u64,
    pub(crate) values: u64,
}

impl Unlabelled {
    /// Adds `responses` responses of `names` values each.
    pub(crate) fn add(&mut self, responses: u64, names: u64) {
        self.add_all(Self { responses, values: responses.wrapping_mul(names) });
    }

    pub(crate) fn add_all(&mut self, other: Self) {
        self.responses = self.responses.wrapping_add(other.responses);
        self.values = self.values.wrapping_add(other.values);
    }

    /// What was counted since `earlier`.
    pub(crate) fn since(self, earlier: Self) -> Self {
        Self {
            responses: self.responses.wrapping_sub(earlier.responses),
            values: self.values.wrapping_sub(earlier.values),
        }
    }
}

/// The pair of counts that threads add to and scans read.
#[derive(Default)]
pub(crate) struct UnlabelledCell {
    writer: Mutex<()>,
    a: ArcSwap<Unlabelled>,
    b: ArcSwap<Unlabelled>,
}

impl UnlabelledCell {
    /// Counts one delivery of `names` names. Waits for other threads that do the same, never for a snapshot.
    pub(crate) fn record(&self, phase: &PhaseWord, names: u64) {
        // The lock guards no data of its own, so there is nothing that a panic could leave broken.
        let _writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut counted = **self.a.load();
        counted.add(1, names);
        let counted = Arc::new(counted);
        // Each operation of ArcSwap holds a SeqCst access of its pointer (its documentation, "Atomic orderings"), so
        // these stand in the order S as those of a cell do.
        self.a.store(Arc::clone(&counted));
        if phase.load().is_scanning() {
            self.b.store(counted);
        }
    }

    /// The collector's first pass.
    pub(crate) fn read_counted(&self) -> Unlabelled {
        **self.a.load()
    }

    /// The collector's second pass, given what the first one read.
    pub(crate) fn read_forwarded(&self, counted: Unlabelled) -> Unlabelled {
        // Responses grow with every store, so the order of the pairs is that of their responses.
        counted.max(**self.b.load())
    }
}
