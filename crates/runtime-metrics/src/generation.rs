//! One window's tables and the seats of the threads that record in it.

use std::sync::Arc;

use crate::seat::Seat;
use crate::sync::{ArcSwap, AtomicBool, Ordering};
use crate::tables::Tables;

/// The largest generation number: a number and a cell share 64 bits in a handle. At ten thousand resets a
/// second the numbers last three and a half years; at one a second, 34,000.
pub(crate) const LARGEST_NUMBER: u64 = (1 << 40) - 1;

/// Not part of any argument, so not an atomic of `sync`.
static NEXT_NUMBER: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);

pub(crate) struct Generation {
    /// In `[1, LARGEST_NUMBER]`; never reused in a process, by whichever registry.
    pub(crate) number: u64,
    pub(crate) tables: Arc<Tables>,
    /// Every seat that was ever taken here. Only ever appended to, so that a position is an identity.
    seats: ArcSwap<Vec<Arc<Seat>>>,
    /// Set when the stripes have been taken back. Shared with the seats, so that one that a thread adds even
    /// later, on its way into a generation that it will find closed, is known to be of no use.
    retired: Arc<AtomicBool>,
}

impl Generation {
    pub(crate) fn new(tables: Tables) -> Arc<Self> {
        // Relaxed: only uniqueness matters.
        let number = NEXT_NUMBER.fetch_add(1, Ordering::Relaxed);
        Arc::new(Self {
            number,
            tables: Arc::new(tables),
            seats: ArcSwap::default(),
            retired: Arc::default(),
        })
    }

    /// A seat for the calling thread: a free one, else a new one. Lock-free; not more seats are made than
    /// threads hold one at a time.
    pub(crate) fn claim_seat(&self) -> Arc<Seat> {
        if let Some(free) = self.seats.load().iter().find(|seat| seat.claim()) {
            return Arc::clone(free);
        }
        let seat = Arc::new(Seat::claimed(self.number, Arc::clone(&self.tables), Arc::clone(&self.retired)));
        // ArcSwap swaps and loads its pointer SeqCst, and this comes before the owner's first record: a collector
        // that has to count the record sees the seat (see `scan`).
        self.seats.rcu(|seats| {
            let mut seats = Vec::clone(seats);
            seats.push(Arc::clone(&seat));
            seats
        });
        seat
    }

    /// The seats there are at this moment.
    pub(crate) fn seats(&self) -> Arc<Vec<Arc<Seat>>> {
        self.seats.load_full()
    }

    /// Closes all seats for handles.
    pub(crate) fn close(&self) {
        self.seats().iter().for_each(|seat| seat.close());
    }

    /// Takes the stripes of all seats back.
    ///
    /// # Safety
    ///
    /// As for [`Seat::retire`], for every seat.
    #[allow(unsafe_code)] // hands its contract on
    pub(crate) unsafe fn retire(&self) {
        // SeqCst, as the swap of the list in `claim_seat` and the load in `Seat::is_retired`: a seat that is not in the
        // list that is read below was added after this store, and its thread sees it.
        self.retired.store(true, Ordering::SeqCst);
        for seat in self.seats().iter() {
            // SAFETY: the caller vouches for every seat.
            unsafe { seat.retire() };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hashing::label_hash;
    use crate::limits::Limits;

    #[test]
    #[allow(unsafe_code)]
    fn a_seat_that_is_added_after_the_stripes_were_taken_back_is_retired_from_the_start() {
        let limits = Limits { request_series: 1, delivery_series: 1, label_bytes: 1 };
        let generation = Generation::new(Tables::new(limits, label_hash()));
        let early = generation.claim_seat();
        assert!(!early.is_retired());
        // SAFETY: nobody records here.
        unsafe { generation.retire() };
        let late = generation.claim_seat();
        assert!(early.is_retired() && late.is_retired());
    }
}
