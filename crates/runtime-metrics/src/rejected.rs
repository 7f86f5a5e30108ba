//! The first few label values of a window that were over a limit, kept for the operator to see.

use std::sync::Arc;

use crate::label::beginning;
use crate::sync::{AtomicU32, Ordering};

/// How many are kept.
const KEPT: u32 = 8;

/// How much of each is kept, in bytes.
const KEPT_BYTES: usize = 256;

pub(crate) struct Rejected {
    labels: boxcar::Vec<Arc<str>>,
    /// In `[0, KEPT]`.
    taken: AtomicU32,
}

impl Rejected {
    pub(crate) fn new() -> Self {
        Self { labels: boxcar::Vec::new(), taken: AtomicU32::new(0) }
    }

    /// Keeps the beginning of `label` if there is room and it is not kept yet. Past the first few this is one
    /// load. Threads that reject one label at once may keep it twice.
    pub(crate) fn offer(&self, label: &str) {
        // Relaxed: the count guards nothing but itself.
        if self.taken.load(Ordering::Relaxed) >= KEPT {
            return;
        }
        let label = beginning(label, KEPT_BYTES);
        if self.labels.iter().any(|(_, kept)| **kept == *label) {
            return;
        }
        let next = |taken| (taken < KEPT).then_some(taken + 1);
        if self.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).is_ok() {
            self.labels.push(label.into());
        }
    }

    /// Those kept so far, in the order in which they came.
    pub(crate) fn labels(&self) -> Box<[Arc<str>]> {
        self.labels.iter().map(|(_, label)| Arc::clone(label)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_few_distinct_labels_are_kept_and_long_ones_are_cut() {
        let rejected = Rejected::new();
        rejected.offer(&"é".repeat(1_000));
        for number in 0..100 {
            rejected.offer(&format!("/{}", number / 2));
        }
        let labels = rejected.labels();
        assert_eq!(*labels[0], *"é".repeat(KEPT_BYTES / 2));
        let rest: Vec<&str> = labels[1..].iter().map(|label| &**label).collect();
        assert_eq!(rest, ["/0", "/1", "/2", "/3", "/4", "/5", "/6"]);
    }
}
