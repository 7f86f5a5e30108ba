//! The scan: reading all cells of all threads as of one instant, while they record.
//!
//! # Actors
//!
//! Any number of *writers*, each with a stripe of its own: arrays A and B of cells that only grow. One
//! *collector* at a time, under the collector's lock. One word, the [phase](crate::phase): which generation is current, and
//! whether a scan is open, and which.
//!
//! # The writer's path
//!
//! ```text
//! ++A[series]
//! full fence
//! phase: is a scan open ?      yes: mark = its number ; B[series] = A[series]      ("forward")
//! ```
//!
//! # The collector's path
//!
//! ```text
//! phase = scan n is open ; full fence                                   H1
//! a = every A
//! phase = at rest (at a reset: in the next generation) ; full fence     H2
//! b = every B of the stripes whose mark is n
//! count of a series = Σ over stripes of max(a, b)
//! ```
//!
//! # Why the counts are a cut
//!
//! With portable fences all accesses named above are sequentially consistent, so they stand in one total order S.
//! (With asymmetric ones the same steps hold by the two barriers: docs/correctness.md.) Call a record *counted* if its value
//! of A was read in the first pass or later forwarded in time for the second.
//!
//! - *Completed before the scan was asked for*: its add precedes H1, so the first pass reads it.
//! - *Began after the scan returned*: the first pass read its cell before the add, and this scan is closed: what a
//!   later scan makes it forward, this one does not read.
//! - *Causality.* Let record P happen before record Q and Q be counted; P is counted too. (Q forwarded in time:)
//!   Q found the scan open. If P found it not yet open, its add precedes H1 and is in `a`. It cannot have found
//!   it closed again, for then Q, later in S, could not have found it open. So P found it open and forwarded; its stores to
//!   mark and B precede Q, which precedes Q's store to B, which precedes the collector's read of that cell in the second
//!   pass. All reads of the second pass come after H2; P's stores precede the closing of the scan because Q's look at the phase
//!   does. So P is in `b`. (Q read in the first pass:) If the first pass missed P, P's add follows the
//!   collector's read of its cell, hence H1, and P found the scan open, or closed again. The latter would place the closing
//!   before P, before Q, before the collector's read of Q's cell in the first pass, which comes before the closing:
//!   a cycle. So P found it open and forwarded, before Q's add, before the first pass ended. In `b`.
//! - *A stale B*, from a writer that stalled between its look and its store, is at most the A that the first
//!   pass read: `max` discards it. So a stripe that is not marked with this scan has nothing in B that counts.
//! - *Seats and cells that appear during the scan*: the list of seats and the number of cells are read again in
//!   the second pass. Both are published (SeqCst) before the first add that uses them, so what is still
//!   missing then are records that are not counted.
//!
//! # The cut of a reset
//!
//! The store that closes the scan names the next generation. A record that went into the next generation had found
//! the phase to name it; it is not in the cut, and belongs to the next window. Could it happen before a record Q that is
//! counted? Q's value was read in the first pass, before the closing; or Q found the scan open, after P had found it
//! closed: a cycle either way. A record that went into the old generation and is not in the cut is *late*: it belongs to
//! the next window, and the next scans, which go on reading the old generation until every thread has left it,
//! carry it over. Each seat sees at most one late record a reset: its owner finds the phase to have moved on.

#![allow(unsafe_code)] // reads desks under the collector's lock

use std::sync::Arc;

use runtime_identity::clock::Monotonic;

use crate::barrier::Barrier;
use crate::generation::Generation;
use crate::phase::{Phase, PhaseWord};
use crate::seat::Seat;
use crate::unlabelled::Unlabelled;

/// A scan to be made.
pub(crate) struct Scan<'a> {
    /// The number of the cut, counted from the registry's first.
    pub(crate) sequence: u64,
    pub(crate) current: &'a Generation,
    /// Earlier generations in which a thread may still be recording.
    pub(crate) draining: &'a [&'a Generation],
    /// The number of the generation that is current after the cut.
    pub(crate) next: u64,
}

/// What a scan found.
pub(crate) struct Readings {
    /// The current generation's, then those of the draining ones, in order.
    pub(crate) all: Vec<Reading>,
    /// The instant of the cut.
    pub(crate) taken: Monotonic,
}

/// What a scan found in one generation.
#[derive(Default)]
pub(crate) struct Reading {
    /// By cell: events counted since the generation began.
    pub(crate) counts: Vec<u64>,
    /// Deliveries that fit no cell, counted since the generation began.
    pub(crate) unlabelled: Unlabelled,
    /// When a delivery was last recorded, in nanoseconds of the monotonic clock; 0 for never. May name a
    /// delivery that was in progress at the cut and is not counted.
    pub(crate) last_delivery: u64,
    /// No thread was in the middle of a record when the scan began. In a draining generation none will ever
    /// record again, and all there was is in `counts`.
    pub(crate) is_quiet: bool,
}

/// The first pass over one generation.
struct FirstPass {
    is_quiet: bool,
    /// No thread was in the middle of a record with asymmetric fences.
    is_portable: bool,
    /// For each seat, in the order of the list: its A cells.
    counted: Vec<Vec<u64>>,
    unlabelled: Unlabelled,
}

impl<'a> Scan<'a> {
    /// Reads all generations as of one instant.
    ///
    /// Waits for no writer. The cost grows with the number of cells that were ever used, times the number of seats.
    ///
    /// # Safety
    ///
    /// The caller holds the lock of the collector that the generations belong to.
    pub(crate) unsafe fn run(&self, word: &PhaseWord, barrier: &mut Barrier) -> Readings {
        self.draining.iter().for_each(|generation| generation.close());
        let open = self.pass(word, barrier, |barrier| {
            Phase::scanning(self.current.number, barrier.mode(), self.sequence)
        }); // H1
        // SAFETY: the caller holds the lock.
        let passes: Vec<FirstPass> =
            self.generations().map(|generation| unsafe { first_pass(generation) }).collect();
        if passes.iter().all(|pass| pass.is_portable) {
            barrier.no_asymmetric_record_left();
        }
        let taken = Monotonic::now();
        self.pass(word, barrier, |barrier| Phase::at_rest(self.next, barrier.mode())); // H2
        let all = self
            .generations()
            .zip(passes)
            // SAFETY: the caller holds the lock.
            .map(|(generation, pass)| unsafe { second_pass(generation, pass, open) })
            .collect();
        Readings { all, taken }
    }

    fn generations(&self) -> impl Iterator<Item = &'a Generation> {
        [self.current].into_iter().chain(self.draining.iter().copied())
    }

    /// Stores a phase, and passes the barrier behind it. Returns the phase.
    fn pass(&self, word: &PhaseWord, barrier: &mut Barrier, phase: impl Fn(&Barrier) -> Phase) -> Phase {
        loop {
            if *barrier == Barrier::Closing {
                self.generations().for_each(Generation::close);
            }
            let stored = phase(barrier);
            word.store(stored);
            if barrier.pass() {
                return stored;
            }
        }
    }
}

unsafe fn first_pass(generation: &Generation) -> FirstPass {
    let seats = generation.seats();
    let cells = generation.tables.published();
    // Before the cells: what a thread that is not in a record has done is then read below.
    let is_quiet = !seats.iter().any(|seat| seat.is_busy());
    let is_portable = !seats.iter().any(|seat| seat.is_busy_asymmetrically());
    let read = |seat: &Arc<Seat>| {
        let mut counted = Vec::with_capacity(cells);
        // SAFETY: the caller holds the collector's lock.
        if let Some(desk) = unsafe { seat.desk_for_collector() } {
            desk.stripe.read_counted(cells, &mut counted);
        }
        counted
    };
    let unlabelled = generation.tables.unlabelled_cell().read_counted();
    FirstPass { is_quiet, is_portable, counted: seats.iter().map(read).collect(), unlabelled }
}

unsafe fn second_pass(generation: &Generation, first: FirstPass, open: Phase) -> Reading {
    let seats = generation.seats();
    let mut counts = vec![0; generation.tables.published()];
    let mut last_delivery = 0;
    for (position, seat) in seats.iter().enumerate() {
        // SAFETY: the caller holds the collector's lock.
        if let Some(desk) = unsafe { seat.desk_for_collector() } {
            let counted = first.counted.get(position).map_or(&[][..], Vec::as_slice);
            desk.stripe.add_to(&mut counts, counted, open);
            last_delivery = last_delivery.max(desk.stripe.last_delivery());
        }
    }
    let unlabelled = generation.tables.unlabelled_cell().read_forwarded(first.unlabelled);
    Reading { counts, unlabelled, last_delivery, is_quiet: first.is_quiet }
}
