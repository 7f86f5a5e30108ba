//! One thread's private cells.

use bytemuck::zeroed_slice_box;

use crate::fence::Fence;
use crate::sync::{AtomicU64, Ordering};

/// Cells that stand unused at either end of an array, so that no cell shares a cache line, or the line that is
/// prefetched with it, with another allocation: 16 cells are 128 bytes.
const GUARD: usize = 16;

/// An array of monotone counters. It is allocated zeroed: as long as the allocator takes it fresh from the
/// operating system, it takes room only where it has been written.
struct Cells(Box<[AtomicU64]>);

impl Cells {
    fn new(count: usize) -> Self {
        Self(zeroed_slice_box(count + 2 * GUARD))
    }

    #[inline]
    fn get(&self, cell: u32) -> &AtomicU64 {
        &self.0[cell as usize + GUARD]
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
pub(crate) struct Stripe {
    a: Cells,
    b: Cells,
    /// When the owner last recorded a delivery, in nanoseconds of the monotonic clock; 0 for never.
    last_delivery: AtomicU64,
}

impl Stripe {
    /// A stripe for cells 0 to `count - 1`.
    pub(crate) fn new(count: usize) -> Self {
        Self { a: Cells::new(count), b: Cells::new(count), last_delivery: AtomicU64::new(0) }
    }

    /// Counts one event and, if a scan is open, forwards the new value to it. Owner only.
    #[inline]
    pub(crate) fn record(&self, fence: Fence, scan: &AtomicU64, cell: u32) {
        let value = fence.add(self.a.get(cell));
        // SeqCst: in the order S this load comes after the add; see `scan`.
        if scan.load(Ordering::SeqCst) != 0 {
            self.forward(fence, cell, value);
        }
    }

    #[cold]
    #[inline(never)]
    fn forward(&self, fence: Fence, cell: u32, value: u64) {
        fence.forward(self.b.get(cell), value);
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
        into.extend(self.a.first(count).iter().map(|cell| cell.load(Ordering::SeqCst)));
    }

    /// The collector's second pass: adds to each total the larger of what the first pass read and what was
    /// forwarded. Cells past the end of `counted` were not there in the first pass.
    pub(crate) fn add_to(&self, totals: &mut [u64], counted: &[u64]) {
        let counted = counted.iter().copied().chain(std::iter::repeat(0));
        let forwarded = self.b.first(totals.len());
        for ((total, b), a) in totals.iter_mut().zip(forwarded).zip(counted) {
            // A stale B, stored by a writer that stalled after reading the scan word, is at most the A that was read.
            *total = total.wrapping_add(a.max(b.load(Ordering::SeqCst)));
        }
    }
}
