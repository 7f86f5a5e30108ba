//! A record in progress: the calling thread's announced presence on a seat of the current generation. The long way,
//! for every case; the short one is [`lane`](crate::lane).

#![allow(unsafe_code)] // dereferences the seat that the record itself keeps alive

use std::sync::Arc;

use runtime_identity::clock::Monotonic;

use crate::fence::FenceMode;
use crate::lane::Aside;
use crate::phase::PhaseWord;
use crate::registry::Registry;
use crate::seat::{Desk, Seat};
use crate::tables::Tables;
use crate::thread;

/// A record in progress. While it lives, the generation's tables and the seat's stripe stay; dropping it leaves
/// the seat.
pub(crate) struct Entry<'a> {
    phase: &'a PhaseWord,
    /// Announced by this entry, and of the current generation when it was.
    seat: &'a Seat,
    /// The fences that it was announced with, and is to be counted with.
    mode: FenceMode,
    /// The same seat, if it was claimed for this record alone.
    claimed: Option<Arc<Seat>>,
}

impl<'a> Entry<'a> {
    /// Announces a record of the calling thread in the current generation.
    #[inline]
    pub(crate) fn new(registry: &'a Registry) -> Self {
        let phase = registry.phase();
        // SAFETY: used until the record is announced, and then until it is left.
        let last = unsafe { thread::shortcut() };
        if last.is_in(phase.load().number())
            && let Some(mode) = announce(phase, last)
        {
            return Self { phase, seat: last, mode, claimed: None };
        }
        Self::find_seat(registry)
    }

    /// Finds a seat in the current generation and announces the record on it. Lock-free: each further turn means
    /// that a reset has come in between.
    #[cold]
    #[inline(never)]
    fn find_seat(registry: &'a Registry) -> Self {
        let phase = registry.phase();
        // A thread that records in several registries by turns has a seat in each.
        // SAFETY: used until the record is announced, and then until it is left.
        let own = unsafe { thread::seat_numbered(phase.load().number()) };
        if let Some(entry) = own.and_then(|seat| Self::on(phase, seat, None)) {
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
            if let Some(entry) = Self::on(phase, seat, claimed) {
                return entry;
            }
        }
    }

    /// The entry on a seat on which no record is in progress, unless its generation is not current any more or the
    /// fences have changed.
    pub(crate) fn on(phase: &'a PhaseWord, seat: &'a Seat, claimed: Option<Arc<Seat>>) -> Option<Self> {
        match announce(phase, seat) {
            Some(mode) => Some(Self { phase, seat, mode, claimed }),
            None => {
                if let Some(claimed) = claimed {
                    claimed.give_up();
                }
                None
            }
        }
    }

    /// The base of the generation.
    #[inline]
    pub(crate) fn base(&self) -> u64 {
        self.seat.base()
    }

    /// The generation's tables.
    pub(crate) fn tables(&self) -> &Tables {
        &self.desk().tables
    }

    /// Puts the thread's shortcut aside while this record runs code of its caller. `None` if there is none to this
    /// seat.
    pub(crate) fn aside(&self) -> Option<Aside<'_>> {
        // SAFETY: this record is in progress on the seat, which the thread's list holds.
        self.claimed.is_none().then(|| unsafe { Aside::of(self.seat) })
    }

    /// Counts one request.
    ///
    /// # Safety
    ///
    /// The cell is one of [`tables`](Self::tables).
    #[inline]
    pub(crate) unsafe fn count_request(&self, cell: u32) {
        let stripe = &self.desk().stripe;
        let cell = cell as usize;
        // SAFETY: the stripe was made for these tables.
        unsafe { stripe.add(self.mode, cell) };
        let phase = self.phase.load();
        if phase.is_scanning() {
            // SAFETY: as above.
            unsafe { stripe.forward(self.mode, cell, phase) };
        }
    }

    /// Counts one delivery, and notes its time.
    ///
    /// # Safety
    ///
    /// As for [`count_request`](Self::count_request).
    pub(crate) unsafe fn count_delivery(&self, cell: u32) {
        self.stamp_delivery();
        // SAFETY: the caller's.
        unsafe { self.count_request(cell) };
    }

    /// Counts one delivery of `names` names that kept no label, and notes its time.
    pub(crate) fn count_unlabelled_delivery(&self, names: usize) {
        let names = names as u64;
        if let Some(cell) = self.tables().unlabelled(names) {
            // SAFETY: the cell was given by the tables.
            return unsafe { self.count_delivery(cell) };
        }
        self.stamp_delivery();
        self.tables().count_unlabelled(self.phase, names);
    }

    fn stamp_delivery(&self) {
        self.desk().stripe.stamp_delivery(Monotonic::now_coarse().as_nanoseconds());
    }

    fn desk(&self) -> &Desk {
        // SAFETY: the constructor announced the record and then found the phase to name the seat's generation; the
        // reference does not outlive the entry, whose drop leaves the seat.
        unsafe { self.seat.desk() }
    }
}

/// Announces a record on a seat on which none is in progress, and opens the seat for handles if it may be. `None` if the
/// seat's generation is not current any more or the fences have changed.
#[inline]
fn announce(phase: &PhaseWord, seat: &Seat) -> Option<FenceMode> {
    let mode = phase.load().mode();
    seat.announce(mode);
    let phase = phase.load();
    if !seat.is_in(phase.number()) || phase.mode() != mode {
        seat.leave();
        return None;
    }
    if mode == FenceMode::Asymmetric {
        // SAFETY: the record is announced, and the phase names the seat's generation.
        seat.open(unsafe { seat.desk() }.stripe.capacity());
    }
    Some(mode)
}

impl Drop for Entry<'_> {
    #[inline]
    fn drop(&mut self) {
        if self.mode == FenceMode::Asymmetric {
            self.seat.close_if_outdated(self.phase.load());
        }
        self.seat.leave();
        if let Some(claimed) = &self.claimed {
            claimed.give_up();
        }
    }
}
