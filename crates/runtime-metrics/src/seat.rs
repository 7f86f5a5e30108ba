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
//!         phase names this generation ?  or, in a handle's record: is the seat open ?
//!                                        no: busy = false, find a seat in the current generation
//! record: … the stripe may be used …
//! leave:  busy = false
//! ```
//!
//! A seat is *open* for handles when its owner has found the phase to name its generation once, in a record
//! with asymmetric fences. A handle that remembers a cell of this very generation then needs no look at the
//! phase before its record.
//!
//! # The collector's path
//!
//! ```text
//! reset:  phase = the next generation
//! later:  open = false                   close
//!         full fence
//!         busy ?                         yes: close and look again at the next cut
//!         no: take the stripe
//! ```
//!
//! # Why no stripe is taken from under a record
//!
//! By the fences, either the collector's look at `busy` sees the announcement of a record, or the record's
//! look at the phase and at `open` sees what the collector stored before: another generation, a closed seat.
//! In the first case the stripe stays; in the second the record stays out. If the collector sees the store by
//! which a record left (Release, read by an Acquire), it sees all that the record did. A thread that sleeps between
//! records thus holds nothing back; one that was frozen in the middle of a record keeps its own generation's memory
//! until it goes on, and delays nobody.
//!
//! An owner that found the phase to name its generation and was frozen then may open its seat after the collector
//! has closed it, and even after the collector's last look: the store may wait in the owner's processor until the very
//! barrier behind which the collector finds it idle. So an owner that opens a seat looks at the phase again before it leaves, and
//! closes the seat if the phase has moved on. If it looked too early to see that, its store was visible behind the barrier
//! of the reset at the latest, and the collector closes the seat after that one.
//!
//! # Hand-over
//!
//! A thread that ends gives its seats up (`owned = false`, Release); the next owner claims one by a
//! compare-and-swap (Acquire) and continues the same cells.

#![allow(unsafe_code)] // the one cell whose ownership this module argues for

use std::sync::Arc;

use crate::fence::{BUSY_ASYMMETRIC, FenceMode, IDLE};
use crate::phase::{Phase, base};
use crate::stripe::Stripe;
use crate::sync::{
    AtomicBool, AtomicU8, AtomicU64, Ordering, UnsafeCell, compiler_fence, const_unless_modelled,
};
use crate::tables::Tables;

/// What a record works with: the series of the generation, and the thread's cells for them.
pub(crate) struct Desk {
    pub(crate) stripe: Stripe,
    pub(crate) tables: Arc<Tables>,
}

/// Aligned so that what the owner writes with every record shares no cache line, nor the line that is prefetched
/// with it, with anything that others use.
#[repr(C, align(128))]
pub(crate) struct Seat {
    /// Whether the owner records, and with which fences.
    busy: AtomicU8,
    /// The base of the generation's number; 0 in [`Seat::nowhere`] only.
    base: u64,
    /// The number of cells, or 0 if the seat is closed for handles.
    open: AtomicU64,
    desk: UnsafeCell<Option<Desk>>,
    /// Set while a thread may record here.
    owned: AtomicBool,
    /// The generation's: set when its stripes have been taken back.
    retired: Option<Arc<AtomicBool>>,
}

// SAFETY: `Desk` is `Send + Sync`. The cell is read through shared references by the owner while it is busy and
// by the collector under its lock, and written only in `retire`, whose contract excludes both.
unsafe impl Sync for Seat {}

impl Seat {
    /// A seat that the calling thread owns; it is closed.
    pub(crate) fn claimed(number: u64, tables: Arc<Tables>, retired: Arc<AtomicBool>) -> Self {
        let stripe = Stripe::new(tables.cell_capacity());
        Self {
            busy: AtomicU8::new(IDLE),
            base: base(number),
            open: AtomicU64::new(0),
            desk: UnsafeCell::new(Some(Desk { stripe, tables })),
            owned: AtomicBool::new(true),
            retired: Some(retired),
        }
    }

    const_unless_modelled! {
        /// A seat in no generation: nothing can be recorded on it. Threads that have no seat share it.
        pub(crate) fn nowhere() -> Self {
            Self {
                busy: AtomicU8::new(IDLE),
                base: 0,
                open: AtomicU64::new(0),
                desk: UnsafeCell::new(None),
                owned: AtomicBool::new(true),
                retired: None,
            }
        }
    }

    /// The base of the generation that the seat belongs to.
    #[inline]
    pub(crate) fn base(&self) -> u64 {
        self.base
    }

    /// Whether the seat belongs to the generation of this number.
    #[inline]
    pub(crate) fn is_in(&self, number: u64) -> bool {
        self.base == base(number)
    }

    /// Makes the calling thread the owner, if the seat has none.
    pub(crate) fn claim(&self) -> bool {
        // The load spares another thread's line from being claimed in vain. Acquire: pairs with the Release of
        // `give_up`, so that the new owner sees the cells it continues.
        !self.owned.load(Ordering::Relaxed)
            && self.owned.compare_exchange(false, true, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }

    /// Ends the calling thread's ownership.
    pub(crate) fn give_up(&self) {
        self.owned.store(false, Ordering::Release);
    }

    /// Announces a record. Owner only, and not in the middle of another one.
    #[inline]
    pub(crate) fn announce(&self, mode: FenceMode) {
        mode.announce(&self.busy);
    }

    /// Ends an announced record. Owner only.
    #[inline]
    pub(crate) fn leave(&self) {
        // Release: pairs with the collector's load in `is_busy`.
        self.busy.store(IDLE, Ordering::Release);
    }

    /// Whether the owner is recording. Anyone may ask; the collector relies on the answer as the module
    /// documentation says.
    pub(crate) fn is_busy(&self) -> bool {
        self.busy.load(Ordering::SeqCst) != IDLE
    }

    /// Whether the owner is recording with asymmetric fences.
    pub(crate) fn is_busy_asymmetrically(&self) -> bool {
        self.busy.load(Ordering::SeqCst) == BUSY_ASYMMETRIC
    }

    /// Opens the seat for handles. Owner only, in a record with asymmetric fences that has found the phase to name
    /// the seat's generation, and that ends with [`close_if_outdated`](Self::close_if_outdated).
    pub(crate) fn open(&self, cells: usize) {
        // Relaxed: read by the owner alone. The fence keeps the compiler from moving it behind the owner's last look at
        // the phase.
        self.open.store(cells as u64, Ordering::Relaxed);
        compiler_fence(Ordering::SeqCst);
    }

    /// Closes the seat for handles if its generation is not current any more, or the fences have changed. For the owner,
    /// who passes what it has found after it opened the seat.
    pub(crate) fn close_if_outdated(&self, phase: Phase) {
        if !self.is_in(phase.number()) || phase.mode() == FenceMode::Portable {
            self.close();
        }
    }

    /// Closes the seat for handles.
    pub(crate) fn close(&self) {
        // SeqCst: before the collector's look at `busy`.
        self.open.store(0, Ordering::SeqCst);
    }

    /// The cell that a handle remembers, if it is one of this generation and the seat is open. The owner's look
    /// after it has announced a record with asymmetric fences.
    #[inline]
    pub(crate) fn open_cell(&self, remembered: u64) -> Option<usize> {
        let cell = remembered.wrapping_sub(self.base);
        // Relaxed: ordered after the announcement by the collector's barrier; it publishes nothing.
        (cell < self.open.load(Ordering::Relaxed)).then_some(cell as usize)
    }

    /// Whether the generation's stripes have been taken back: the seat is of no use any more.
    pub(crate) fn is_retired(&self) -> bool {
        // SeqCst: pairs with the store in `Generation::retire`.
        self.retired.as_ref().is_some_and(|retired| retired.load(Ordering::SeqCst))
    }

    /// The desk, for the owner.
    ///
    /// # Safety
    ///
    /// The calling thread is the owner, has announced a record, has found after that the phase to name the seat's
    /// generation or the seat to be open, and does not use the reference after [`Seat::leave`].
    #[inline]
    pub(crate) unsafe fn desk(&self) -> &Desk {
        // SAFETY: the caller's record excludes `retire` (module documentation), the only writer.
        let desk = unsafe { self.desk.get() };
        // SAFETY: only `retire` makes it `None`, and never before the phase has moved on and the seat was closed;
        // `nowhere` is named by no phase and never open.
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
        unsafe { self.desk.get() }.as_ref()
    }

    /// Takes the desk away.
    ///
    /// # Safety
    ///
    /// The caller holds the lock of the collector that this seat's generation belongs to. The phase has moved past
    /// this seat's generation, the seat was closed after that, and [`Seat::is_busy`] was false after a fence after
    /// that; or no thread can record in the registry any more.
    pub(crate) unsafe fn retire(&self) {
        self.close();
        // SAFETY: no record uses the desk now or later (module documentation), and the collector is the caller.
        let desk = unsafe { self.desk.take() };
        drop(desk);
    }
}
