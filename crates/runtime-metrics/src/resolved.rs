//! What a handle remembers: a cell, and the generation in which it is the handle's.
//!
//! Both share one word, so that threads that use one handle while the generation changes never pair the cell of
//! one generation with the number of another.

use crate::generation::LARGEST_NUMBER;
use crate::sync::{AtomicU64, Ordering};

const CELL_BITS: u32 = 24;

/// The largest cell that can be remembered.
pub(crate) const LARGEST_CELL: u32 = (1 << CELL_BITS) - 1;

const _: () = assert!(LARGEST_NUMBER <= u64::MAX >> CELL_BITS);

/// The cell of a handle's labels in one generation; at first in none.
#[derive(Debug, Default)]
pub(crate) struct Resolved(AtomicU64);

impl Resolved {
    /// The cell that is remembered for generation `number`.
    #[inline]
    pub(crate) fn get(&self, number: u64) -> Option<u32> {
        // Acquire: pairs with the Release in `remember`, so that the labels of the cell are visible and the cell
        // counts as published to whoever adds to it (see `tables`).
        let resolved = self.0.load(Ordering::Acquire);
        (resolved >> CELL_BITS == number).then_some(resolved as u32 & LARGEST_CELL)
    }

    /// Remembers `cell` for generation `number`.
    pub(crate) fn remember(&self, number: u64, cell: u32) {
        self.0.store(number << CELL_BITS | u64::from(cell), Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_remembered_for_one_generation() {
        let resolved = Resolved::default();
        assert_eq!(resolved.get(1), None);
        resolved.remember(1, LARGEST_CELL);
        assert_eq!((resolved.get(1), resolved.get(2)), (Some(LARGEST_CELL), None));
        resolved.remember(LARGEST_NUMBER, 0);
        assert_eq!((resolved.get(1), resolved.get(LARGEST_NUMBER)), (None, Some(0)));
    }
}
