//! The shortest way through a record: with asymmetric fences, on the seat that the thread used last, while nothing
//! special goes on. Whatever does not fit takes the long way ([`entry`](crate::entry)), which records the same.
//!
//! A record *by labels* looks at the phase first: it is the base of the seat's generation, or the record takes
//! the long way. That says at once that the seat is of this registry and of the current generation, and that it
//! may be used. A record *by handle* has a cell of a certain generation in hand; that the seat is of the same generation
//! and open says the same (see [`seat`](crate::seat)).
//!
//! After the add both look at the phase. Only if it is not the base there is anything to do.

#![allow(unsafe_code)] // uses the desk of a seat that it has announced itself on

use runtime_identity::clock::Monotonic;

use crate::fence::FenceMode;
use crate::phase::Phase;
use crate::registry::Registry;
use crate::seat::{Desk, Seat};
use crate::tables::Tables;
use crate::thread;

/// A record in progress with asymmetric fences. Dropping it leaves the seat.
pub(crate) struct Lane<'a> {
    registry: &'a Registry,
    /// Announced by this record, and after that found to be of the current generation, or open.
    seat: &'a Seat,
}

impl<'a> Lane<'a> {
    /// The lane, for a record by labels.
    #[inline]
    pub(crate) fn by_labels(registry: &'a Registry) -> Option<Self> {
        let lane = Self::announced(registry);
        registry.phase().load().is_base(lane.seat.base()).then_some(lane)
    }

    /// The lane and the cell, for a record by a handle that remembers a cell.
    #[inline]
    pub(crate) fn by_handle(registry: &'a Registry, remembered: u64) -> Option<(Self, usize)> {
        let lane = Self::announced(registry);
        let cell = lane.seat.open_cell(remembered)?;
        Some((lane, cell))
    }

    #[inline]
    fn announced(registry: &'a Registry) -> Self {
        // SAFETY: used until the record is left, and announced at once.
        let seat = unsafe { thread::shortcut() };
        seat.announce(FenceMode::Asymmetric);
        Self { registry, seat }
    }

    /// The generation's tables.
    #[inline]
    pub(crate) fn tables(&self) -> &Tables {
        &self.desk().tables
    }

    /// Puts the thread's shortcut aside while this record runs code of its caller.
    #[inline]
    pub(crate) fn aside(&self) -> Aside<'_> {
        // SAFETY: this record is in progress on the seat.
        unsafe { Aside::of(self.seat) }
    }

    /// Counts one delivery, notes its time, and ends the record.
    ///
    /// # Safety
    ///
    /// The cell is one of [`tables`](Self::tables).
    #[inline]
    pub(crate) unsafe fn count_delivery(self, cell: usize) {
        let now = Monotonic::now_coarse();
        self.desk().stripe.stamp_delivery(now.as_nanoseconds());
        // SAFETY: the caller's.
        unsafe { self.count(cell) };
    }

    /// Counts one event, and ends the record.
    ///
    /// # Safety
    ///
    /// The cell is one of [`tables`](Self::tables).
    #[inline]
    pub(crate) unsafe fn count(self, cell: usize) {
        // SAFETY: the stripe was made for these tables.
        unsafe { self.desk().stripe.add(FenceMode::Asymmetric, cell) };
        let phase = self.registry.phase().load();
        if !phase.is_base(self.seat.base()) {
            // SAFETY: the caller's.
            unsafe { self.catch_up(cell, phase) };
        }
    }

    /// Forwards a cell to which the record has added, if a scan is open, closes a seat that is not to be used like this
    /// again, and ends the record: whoever calls this keeps nothing for later, and so no register.
    ///
    /// # Safety
    ///
    /// The cell is one of [`tables`](Self::tables).
    #[cold]
    #[inline(never)]
    unsafe fn catch_up(self, cell: usize, phase: Phase) {
        if phase.is_scanning() {
            // SAFETY: the stripe was made for these tables.
            unsafe { self.desk().stripe.forward(FenceMode::Asymmetric, cell, phase) };
        }
        self.seat.close_if_outdated(phase);
    }

    #[inline]
    fn desk(&self) -> &Desk {
        // SAFETY: the constructors announced the record, and then found the phase to name the seat's generation or
        // the seat to be open; the reference does not outlive the lane, whose drop leaves the seat.
        unsafe { self.seat.desk() }
    }
}

impl Drop for Lane<'_> {
    #[inline]
    fn drop(&mut self) {
        self.seat.leave();
    }
}

/// The thread's shortcut is put aside as long as this lives.
pub(crate) struct Aside<'a> {
    seat: &'a Seat,
    forks: u64,
}

impl<'a> Aside<'a> {
    /// # Safety
    ///
    /// A record of the calling thread is in progress on `seat`, which [`thread`] gave.
    #[inline]
    pub(crate) unsafe fn of(seat: &'a Seat) -> Self {
        Self { seat, forks: thread::put_aside() }
    }
}

impl Drop for Aside<'_> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: by the contract of `of`, whose record this borrows.
        unsafe { thread::put_back(self.seat, self.forks) };
    }
}
