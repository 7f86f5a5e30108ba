//! A record in progress: the calling thread's announced presence on a seat of the current generation.

#![allow(unsafe_code)] // dereferences the seat that the record itself keeps alive

use std::sync::Arc;

use runtime_identity::clock::Monotonic;

use crate::registry::Registry;
use crate::seat::{Desk, Seat};
use crate::tables::Tables;
use crate::thread;

/// A record in progress. While it lives, the generation's tables and the seat's stripe stay; dropping it leaves
/// the seat.
pub(crate) struct Entry<'a> {
    registry: &'a Registry,
    /// Announced by this entry, and of the registry's generation when it was.
    seat: &'a Seat,
    /// The same seat, if it was claimed for this record alone.
    claimed: Option<Arc<Seat>>,
}

impl<'a> Entry<'a> {
    /// Announces a record of the calling thread in the current generation.
    #[inline]
    pub(crate) fn new(registry: &'a Registry) -> Self {
        // SAFETY: used until the record is announced, and then until it is left.
        if let Some(seat) = unsafe { thread::shortcut() }
            && seat.announce(registry.fence)
        {
            if registry.number() == seat.number() {
                return Self { registry, seat, claimed: None };
            }
            seat.leave();
        }
        Self::find_seat(registry)
    }

    /// Finds a seat in the current generation and announces the record on it. Lock-free: each further turn means
    /// that a reset has come in between.
    #[cold]
    #[inline(never)]
    fn find_seat(registry: &'a Registry) -> Self {
        // A thread that records in several registries by turns has a seat in each.
        // SAFETY: used until the record is announced, and then until it is left.
        let own = unsafe { thread::seat_numbered(registry.number()) };
        if let Some(entry) = own.and_then(|seat| Self::announced(registry, seat, None)) {
            return entry;
        }
        loop {
            let generation = registry.open_generation();
            // SAFETY: as above.
            let (seat, claimed) = match unsafe { thread::seat_in(&generation) } {
                Some(seat) => (seat, None),
                None => {
                    let claimed = generation.claim_seat();
                    // SAFETY: the entry keeps the `Arc` as long as it uses the reference.
                    (unsafe { &*Arc::as_ptr(&claimed) }, Some(claimed))
                }
            };
            if let Some(entry) = Self::announced(registry, seat, claimed) {
                return entry;
            }
        }
    }

    /// The entry on a seat on which no record is in progress, unless its generation is not current any more.
    fn announced(registry: &'a Registry, seat: &'a Seat, claimed: Option<Arc<Seat>>) -> Option<Self> {
        seat.announce(registry.fence);
        let entry = Self { registry, seat, claimed };
        (registry.number() == seat.number()).then_some(entry)
    }

    /// The generation's number.
    #[inline]
    pub(crate) fn number(&self) -> u64 {
        self.seat.number()
    }

    /// The generation's tables.
    #[inline]
    pub(crate) fn tables(&self) -> &Tables {
        &self.desk().tables
    }

    /// Counts one request.
    #[inline]
    pub(crate) fn count_request(&self, cell: u32) {
        self.desk().stripe.record(self.registry.fence, self.registry.scan_word(), cell);
    }

    /// Counts one delivery, and notes its time.
    #[inline]
    pub(crate) fn count_delivery(&self, cell: u32) {
        let stripe = &self.desk().stripe;
        stripe.stamp_delivery(Monotonic::now_coarse().as_nanoseconds());
        stripe.record(self.registry.fence, self.registry.scan_word(), cell);
    }

    /// Counts one delivery of `names` names that kept no label, and notes its time.
    #[cold]
    #[inline(never)]
    pub(crate) fn count_unlabelled_delivery(&self, names: usize) {
        let Desk { tables, stripe } = self.desk();
        let names = names as u64;
        if let Some(cell) = tables.unlabelled(names) {
            return self.count_delivery(cell);
        }
        stripe.stamp_delivery(Monotonic::now_coarse().as_nanoseconds());
        tables.count_unlabelled(self.registry.scan_word(), names);
    }

    #[inline]
    fn desk(&self) -> &Desk {
        // SAFETY: the constructors announced the record and then found the registry's number equal to the
        // seat's; the reference does not outlive the entry, whose drop leaves the seat.
        unsafe { self.seat.desk() }
    }
}

impl Drop for Entry<'_> {
    #[inline]
    fn drop(&mut self) {
        self.seat.leave();
        if let Some(claimed) = &self.claimed {
            claimed.give_up();
        }
    }
}
