//! A thread's place in a generation: who may touch a stripe, and when the stripe may be taken away.
//!
//! # Actors
//!
//! One *owner*, the thread that has claimed the seat, records through it. The *collector* (one at a time, under
//! the collector's lock) reads the stripe, and at the end of the generation takes it away.
//!
//! # The writer's path
//!
//! ```text
//! enter:  busy = true                    announce
//!         full fence
//!         registry.number == number ?    no: busy = false, find a seat in the newer generation
//! record: … the stripe may be used …
//! leave:  busy = false
//! ```
//!
//! # The collector's path
//!
//! ```text
//! reset:  registry.number = the next generation's
//! later:  full fence
//!         busy ?                         yes: look again at the next cut
//!         no: take the stripe
//! ```
//!
//! # Why no stripe is taken from under a record
//!
//! Announcing and reading the number, and storing the number and reading the announcement, are sequentially
//! consistent. If the collector reads `busy = false` before a record announces itself (in the order S), its
//! store of the number came earlier still, so the record reads the new number and stays out. If it reads
//! `busy = false` after, it reads the store by which that record left (Release, read by an Acquire), and all
//! that the record did is visible. A thread that sleeps between records thus holds nothing back; one that was
//! frozen in the middle of a record keeps its own generation's memory until it goes on, and delays nobody.
//!
//! # Hand-over
//!
//! A thread that ends gives its seats up (`owned = false`, Release); the next owner claims one by a
//! compare-and-swap (Acquire) and continues the same cells.

#![allow(unsafe_code)] // the one cell whose ownership this module argues for

use std::cell::UnsafeCell;
use std::sync::Arc;

use crossbeam_utils::CachePadded;

use crate::fence::Fence;
use crate::stripe::Stripe;
use crate::sync::{AtomicBool, Ordering};
use crate::tables::Tables;

/// What a record works with: the series of the generation, and the thread's cells for them.
pub(crate) struct Desk {
    pub(crate) tables: Arc<Tables>,
    pub(crate) stripe: Stripe,
}

pub(crate) struct Seat {
    /// The generation's number; never 0, never reused.
    number: u64,
    /// Set while the owner records. Alone on its cache line: the owner writes it with every record.
    busy: CachePadded<AtomicBool>,
    /// Set while a thread may record here.
    owned: AtomicBool,
    /// The generation's: set when its stripes have been taken back.
    retired: Arc<AtomicBool>,
    desk: UnsafeCell<Option<Desk>>,
}

// SAFETY: `Desk` is `Send + Sync`. The cell is read through shared references by the owner while it is busy and
// by the collector under its lock, and written only in `retire`, whose contract excludes both.
unsafe impl Sync for Seat {}

impl Seat {
    /// A seat that the calling thread owns.
    pub(crate) fn claimed(number: u64, tables: Arc<Tables>, retired: Arc<AtomicBool>) -> Self {
        let stripe = Stripe::new(tables.cell_capacity());
        Self {
            number,
            busy: CachePadded::new(AtomicBool::new(false)),
            owned: AtomicBool::new(true),
            retired,
            desk: UnsafeCell::new(Some(Desk { tables, stripe })),
        }
    }

    /// The number of the generation that the seat belongs to.
    #[inline]
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Makes the calling thread the owner, if the seat has none.
    pub(crate) fn claim(&self) -> bool {
        // Acquire: pairs with the Release of `give_up`, so that the new owner sees the cells it continues.
        self.owned.compare_exchange(false, true, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }

    /// Ends the calling thread's ownership.
    pub(crate) fn give_up(&self) {
        self.owned.store(false, Ordering::Release);
    }

    /// Announces a record. False if the owner is in the middle of one already. Owner only.
    #[inline]
    pub(crate) fn announce(&self, fence: Fence) -> bool {
        !fence.announce(&self.busy)
    }

    /// Ends an announced record. Owner only.
    #[inline]
    pub(crate) fn leave(&self) {
        // Release: pairs with the collector's load in `is_busy`.
        self.busy.store(false, Ordering::Release);
    }

    /// Whether the owner is recording. Anyone may ask; the collector relies on the answer as the module
    /// documentation says.
    pub(crate) fn is_busy(&self) -> bool {
        self.busy.load(Ordering::SeqCst)
    }

    /// Whether the generation's stripes have been taken back: the seat is of no use any more.
    pub(crate) fn is_retired(&self) -> bool {
        // SeqCst: pairs with the store in `Generation::retire`.
        self.retired.load(Ordering::SeqCst)
    }

    /// The desk, for the owner.
    ///
    /// # Safety
    ///
    /// The calling thread is the owner, has announced a record, has read the registry's number after that and
    /// found it equal to this seat's, and does not use the reference after [`Seat::leave`].
    #[inline]
    pub(crate) unsafe fn desk(&self) -> &Desk {
        // SAFETY: the caller's record excludes `retire` (module documentation), the only writer.
        let desk = unsafe { &*self.desk.get() };
        // SAFETY: only `retire` makes it `None`, and never while the seat's number is current.
        unsafe { desk.as_ref().unwrap_unchecked() }
    }

    /// The desk, for the collector; `None` once retired.
    ///
    /// # Safety
    ///
    /// The caller holds the lock of the collector that this seat's generation belongs to, and does not use the
    /// reference after releasing it or after calling [`Seat::retire`].
    pub(crate) unsafe fn desk_for_collector(&self) -> Option<&Desk> {
        // SAFETY: `retire` is called under the same lock.
        unsafe { &*self.desk.get() }.as_ref()
    }

    /// Takes the desk away.
    ///
    /// # Safety
    ///
    /// The caller holds the lock of the collector that this seat's generation belongs to. The registry's number
    /// has moved past this seat's, and [`Seat::is_busy`] was false after that; or no thread can record in the
    /// registry any more.
    pub(crate) unsafe fn retire(&self) {
        // SAFETY: no record uses the desk now or later (module documentation), and the collector is the caller.
        let desk = unsafe { &mut *self.desk.get() };
        drop(desk.take());
    }
}
