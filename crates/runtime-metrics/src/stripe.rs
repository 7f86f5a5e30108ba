//! One thread's private cells.

#![allow(unsafe_code)] // a record does not check a cell that its tables gave it

use crate::fence::FenceMode;
use crate::phase::Phase;
use crate::sync::{AtomicU64, Ordering, zeroed};

/// Cells that stand unused at either end of an array, so that no cell shares a cache line, or the line that is
/// prefetched with it, with another allocation: 16 cells are 128 bytes.
/// A model has no lines.
const GUARD: usize = if cfg!(runtime_metrics_loom) { 0 } else { 16 };

/// An array of monotone counters.
struct Cells(Box<[AtomicU64]>);

impl Cells {
    fn new(count: usize) -> Self {
        Self(zeroed(count + 2 * GUARD))
    }

    /// # Safety
    ///
    /// `cell` is less than the `count` that the array was made with.
    #[inline]
    unsafe fn get(&self, cell: usize) -> &AtomicU64 {
        let place = cell + GUARD;
        debug_assert!(place + GUARD < self.0.len());
        // SAFETY: the caller's; there are 2 * GUARD more.
        unsafe { self.0.get_unchecked(place) }
    }

    /// The first `count` cells, in order.
    fn first(&self, count: usize) -> &[AtomicU64] {
        &self.0[GUARD..GUARD + count]
    }
}

/// The cells of one thread: for each series what it counted (A), and what it forwarded to an open scan (B).
///
/// Invariants: one writer at a time; `b[cell] <= a[cell]` in the modification order of the two; neither ever
/// goes down.
#[repr(C)] // what every record touches comes first
pub(crate) struct Stripe {
    a: Cells,
    /// When the owner last recorded a delivery, in nanoseconds of the monotonic clock; 0 for never.
    last_delivery: AtomicU64,
    b: Cells,
    /// The number of the last scan that the owner forwarded to. Stored before B.
    forwarded_to: AtomicU64,
}

impl Stripe {
    /// A stripe for cells 0 to `count - 1`.
    pub(crate) fn new(count: usize) -> Self {
        Self {
            a: Cells::new(count),
            last_delivery: AtomicU64::new(0),
            b: Cells::new(count),
            forwarded_to: AtomicU64::new(0),
        }
    }

    /// Counts one event, ordered before every later load. Owner only.
    ///
    /// # Safety
    ///
    /// The stripe has such a cell.
    #[inline]
    pub(crate) unsafe fn add(&self, mode: FenceMode, cell: usize) {
        // SAFETY: the caller's.
        mode.add(unsafe { self.a.get(cell) });
    }

    /// Forwards a cell to the open scan of `phase`. Owner only.
    ///
    /// # Safety
    ///
    /// The stripe has such a cell.
    #[cold]
    #[inline(never)]
    pub(crate) unsafe fn forward(&self, mode: FenceMode, cell: usize, phase: Phase) {
        // SAFETY: the caller's.
        let (a, b) = unsafe { (self.a.get(cell), self.b.get(cell)) };
        // The mark first: a collector that has to see B sees it, too.
        mode.forward(&self.forwarded_to, phase.scan());
        // Relaxed: the calling thread is the only writer.
        mode.forward(b, a.load(Ordering::Relaxed));
    }

    /// Notes the time of a delivery that is about to be counted. Owner only.
    #[inline]
    pub(crate) fn stamp_delivery(&self, nanoseconds: u64) {
        // Relaxed: the add to A that follows publishes it to a collector that counts the delivery.
        self.last_delivery.store(nanoseconds, Ordering::Relaxed);
    }

    /// When the owner last recorded a delivery; 0 for never.
    pub(crate) fn last_delivery(&self) -> u64 {
        // Relaxed: read after the cells, whose loads acquire.
        self.last_delivery.load(Ordering::Relaxed)
    }

    /// The collector's first pass: appends the first `count` A cells to `into`.
    pub(crate) fn read_counted(&self, count: usize, into: &mut Vec<u64>) {
        // SeqCst: after the store of the phase, in the order S of `scan`.
        into.extend(self.a.first(count).iter().map(|cell| cell.load(Ordering::SeqCst)));
    }

    /// The collector's second pass: adds to each total the larger of what the first pass read and what was
    /// forwarded. Cells past the end of `counted` were not there in the first pass.
    pub(crate) fn add_to(&self, totals: &mut [u64], counted: &[u64], phase: Phase) {
        // SeqCst: pairs with the mark in `forward`. Without it nothing was forwarded to this scan, and a B that was
        // stored for an earlier one is at most the A that was read.
        if self.forwarded_to.load(Ordering::SeqCst) != phase.scan() {
            for (total, a) in totals.iter_mut().zip(counted) {
                *total = total.wrapping_add(*a);
            }
            return;
        }
        let counted = counted.iter().copied().chain(std::iter::repeat(0));
        let forwarded = self.b.first(totals.len());
        for ((total, b), a) in totals.iter_mut().zip(forwarded).zip(counted) {
            // A stale B, stored by a writer that stalled after reading the phase, is at most the A that was read.
            *total = total.wrapping_add(a.max(b.load(Ordering::SeqCst)));
        }
    }

    /// The number of its cells.
    pub(crate) fn capacity(&self) -> usize {
        self.a.0.len() - 2 * GUARD
    }
}

/// In a model, freeing a stripe is an access to all its cells: the checker verifies that every other one happened before.
#[cfg(runtime_metrics_loom)]
impl Drop for Stripe {
    fn drop(&mut self) {
        let cells = self.a.0.iter_mut().chain(&mut self.b.0);
        cells.chain([&mut self.forwarded_to, &mut self.last_delivery]).for_each(|cell| cell.with_mut(|_| ()));
    }
}
