//! The scan: reading all cells of all threads as of one instant, while they record.
//!
//! # Actors
//!
//! Any number of *writers*, each with a stripe of its own: arrays A and B of cells that only grow. One
//! *collector* at a time, under the collector's lock. One *scan word*, 0 unless a scan is open.
//!
//! # The writer's path
//!
//! ```text
//! v = ++A[series]
//! full fence
//! scan word != 0 ?          yes: B[series] = v      ("forward")
//! ```
//!
//! # The collector's path
//!
//! ```text
//! scan word = 1 ; full fence           H1
//! a = every A
//! (at a reset: generation number = the next one's)
//! scan word = 0 ; full fence           H2
//! b = every B
//! count of a series = Σ over stripes of max(a, b)
//! ```
//!
//! # Why the counts are a cut
//!
//! All accesses named above are sequentially consistent, so they stand in one total order S. Call a record
//! *counted* if its value of A was read in the first pass or later forwarded in time for the second.
//!
//! - *Completed before the scan was asked for*: its add precedes H1, so the first pass reads it.
//! - *Began after the scan returned*: the first pass read its cell before the add, and it reads 0 from the scan
//!   word, as this scan is closed; what a later scan makes it forward, this one does not read.
//! - *Causality.* Let record P happen before record Q and Q be counted; P is counted too. (Q forwarded in time:)
//!   Q read 1. If P read the 0 from before the scan, its add precedes H1 and is in `a`. It cannot have read the
//!   0 from after, for then Q, later in S, could not have read 1. So P read 1 and forwarded; its store to B
//!   precedes Q, which precedes Q's store to B, which precedes the collector's read of that cell in the second
//!   pass. All reads of the second pass come after H2; P's store precedes "scan word = 0" because Q's load of
//!   1 does. So P is in `b`. (Q read in the first pass:) If the first pass missed P, P's add follows the
//!   collector's read of its cell, hence H1, and P read 1 or the 0 from after. The latter would place "scan word =
//!   0" before P, before Q, before the collector's read of Q's cell in the first pass, which comes before "scan
//!   word = 0": a cycle. So P read 1 and forwarded, before Q's add, before the first pass ended. In `b`.
//! - *A stale B*, from a writer that stalled between its load and its store, is at most the A that the first
//!   pass read: `max` discards it.
//! - *Seats and cells that appear during the scan*: the list of seats and the number of cells are read again in
//!   the second pass. Both are published (SeqCst) before the first add that uses them, so what is still
//!   missing then are records that are not counted.
//!
//! # The cut of a reset
//!
//! The generation number moves between the two passes. A record that went into the next generation read the new
//! number; it is not in the cut, and belongs to the next window. Could it happen before a record Q that is
//! counted? Q began after P returned and yet read the old number, so in S its load precedes the store of the new one;
//! P's load of the new number follows that store and precedes Q's load: a contradiction. A record that read the
//! old number and is not in the cut is *late*: it belongs to the next window, and the next scans, which go on
//! reading the old generation until every thread has left it, carry it over. Each thread makes at most one late
//! record a reset: its next one reads the new number.

#![allow(unsafe_code)] // reads desks under the collector's lock

use std::sync::Arc;

use crate::fence::Fence;
use crate::generation::Generation;
use crate::seat::Seat;
use crate::sync::AtomicU64;
use crate::unlabelled::Unlabelled;

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
    /// No thread was in the middle of a record when the scan began. In a generation whose number is not
    /// current any more, none will ever record again, and all there was is in `counts`.
    pub(crate) is_quiet: bool,
}

/// The first pass over one generation.
struct FirstPass {
    is_quiet: bool,
    /// For each seat, in the order of the list: its A cells.
    counted: Vec<Vec<u64>>,
    unlabelled: Unlabelled,
}

/// Reads all `generations` as of one instant. `at_the_cut` runs between the two passes.
///
/// Waits for no writer. The cost grows with the number of cells that were ever used, times the number of seats.
///
/// # Safety
///
/// The caller holds the lock of the collector that the generations belong to.
pub(crate) unsafe fn scan(
    fence: Fence,
    word: &AtomicU64,
    generations: &[&Arc<Generation>],
    at_the_cut: impl FnOnce(),
) -> Vec<Reading> {
    fence.raise(word, 1); // H1
    // SAFETY: the caller holds the lock.
    let passes: Vec<FirstPass> =
        generations.iter().map(|generation| unsafe { first_pass(generation) }).collect();
    at_the_cut();
    fence.raise(word, 0); // H2
    // SAFETY: the caller holds the lock.
    generations
        .iter()
        .zip(passes)
        .map(|(generation, pass)| unsafe { second_pass(generation, pass) })
        .collect()
}

unsafe fn first_pass(generation: &Generation) -> FirstPass {
    let seats = generation.seats();
    let cells = generation.tables.published();
    // Before the cells: what a thread that is not in a record has done is then read below.
    let is_quiet = !seats.iter().any(|seat| seat.is_busy());
    let read = |seat: &Arc<Seat>| {
        let mut counted = Vec::with_capacity(cells);
        // SAFETY: the caller holds the collector's lock.
        if let Some(desk) = unsafe { seat.desk_for_collector() } {
            desk.stripe.read_counted(cells, &mut counted);
        }
        counted
    };
    let unlabelled = generation.tables.unlabelled_cell().read_counted();
    FirstPass { is_quiet, counted: seats.iter().map(read).collect(), unlabelled }
}

unsafe fn second_pass(generation: &Generation, first: FirstPass) -> Reading {
    let seats = generation.seats();
    let mut counts = vec![0; generation.tables.published()];
    let mut last_delivery = 0;
    for (position, seat) in seats.iter().enumerate() {
        // SAFETY: the caller holds the collector's lock.
        if let Some(desk) = unsafe { seat.desk_for_collector() } {
            let counted = first.counted.get(position).map_or(&[][..], Vec::as_slice);
            desk.stripe.add_to(&mut counts, counted);
            last_delivery = last_delivery.max(desk.stripe.last_delivery());
        }
    }
    let unlabelled = generation.tables.unlabelled_cell().read_forwarded(first.unlabelled);
    Reading { counts, unlabelled, last_delivery, is_quiet: first.is_quiet }
}
