//! The room that the labels of a window's delivery plans have.

use crate::series::{Names, PlanLabels};
use crate::sync::{AtomicUsize, Ordering};

/// What a label takes beside its text, in bytes: four words, a pointer and a length, two reference counts, and the
/// allocator's own share.
const LABEL_OVERHEAD: usize = 80;

pub(crate) struct PlanRoom {
    /// Bytes taken, in `[0, room]`.
    taken: AtomicUsize,
    room: usize,
}

impl PlanRoom {
    /// Room for so many bytes.
    pub(crate) fn new(room: usize) -> Self {
        Self { taken: AtomicUsize::new(0), room }
    }

    /// The bytes that a plan of these labels takes.
    pub(crate) fn needed<'a>(labels: &PlanLabels<'_, impl Names<'a>>) -> usize {
        let bytes = |label: &str| label.len() + LABEL_OVERHEAD;
        bytes(labels.endpoint) + bytes(labels.target) + labels.names.clone().map(bytes).sum::<usize>()
    }

    /// Whether there is room for `bytes` more, as far as one can tell without taking it.
    pub(crate) fn has(&self, bytes: usize) -> bool {
        // Relaxed: a hint; `take` decides.
        self.with(self.taken.load(Ordering::Relaxed), bytes).is_some()
    }

    /// Takes room for `bytes` more. False if there is not enough.
    pub(crate) fn take(&self, bytes: usize) -> bool {
        // Relaxed: the count guards nothing but itself.
        let (set, fetch) = (Ordering::Relaxed, Ordering::Relaxed);
        self.taken.fetch_update(set, fetch, |taken| self.with(taken, bytes)).is_ok()
    }

    fn with(&self, taken: usize, bytes: usize) -> Option<usize> {
        taken.checked_add(bytes).filter(|taken| *taken <= self.room)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_taken_until_there_is_none_left() {
        let room = PlanRoom::new(4 * LABEL_OVERHEAD + 6);
        let labels = PlanLabels { endpoint: "e", target: "t", names: ["abcd", ""].into_iter() };
        let bytes = PlanRoom::needed(&labels);
        assert!(room.has(bytes) && room.take(bytes));
        assert!(room.take(0) && !room.has(1) && !room.take(1) && !room.take(usize::MAX));
    }
}
