//! The room that the labels of a window's delivery plans have.

use crate::sync::{AtomicUsize, Ordering};

/// What a label takes beside its text, in bytes: a pointer and a length, two reference counts, and the allocator's own
/// share.
const LABEL_OVERHEAD: usize = 48;

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
    pub(crate) fn needed<'a>(labels: impl Iterator<Item = &'a str>) -> usize {
        labels.map(|label| label.len() + LABEL_OVERHEAD).sum()
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
        let room = PlanRoom::new(2 * LABEL_OVERHEAD + 3);
        let bytes = PlanRoom::needed(["abc", ""].into_iter());
        assert!(room.has(bytes) && room.take(bytes));
        assert!(room.take(0) && !room.has(1) && !room.take(1) && !room.take(usize::MAX));
    }
}
