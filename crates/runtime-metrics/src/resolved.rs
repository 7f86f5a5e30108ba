//! What a handle remembers: a cell, and the generation in which it is the handle's.
//!
//! Both share one word, so that threads that use one handle while the generation changes never pair the cell of
//! one generation with the number of another.

use crate::phase::NUMBER_SHIFT;
use crate::sync::{AtomicU64, Ordering};

/// The largest cell that can be remembered.
pub(crate) const LARGEST_CELL: u32 = (1 << NUMBER_SHIFT) - 1;

/// The cell of a handle's labels in one generation; at first in none. A copy remembers for itself.
#[derive(Debug, Default)]
pub(crate) struct Resolved(AtomicU64);

impl Resolved {
    /// The generation's base plus the cell; 0 for none. For [`Seat::open_cell`](crate::seat::Seat::open_cell).
    #[inline]
    pub(crate) fn remembered(&self) -> u64 {
        // Acquire: pairs with the Release in `remember`, so that the labels of the cell are visible and the cell
        // counts as published to whoever adds to it (see `tables`).
        self.0.load(Ordering::Acquire)
    }

    /// The cell that is remembered for the generation of this base.
    pub(crate) fn get(&self, base: u64) -> Option<u32> {
        let cell = self.remembered().wrapping_sub(base);
        (cell <= u64::from(LARGEST_CELL)).then_some(cell as u32)
    }

    /// Remembers `cell` for the generation of this base.
    pub(crate) fn remember(&self, base: u64, cell: u32) {
        self.0.store(base | u64::from(cell), Ordering::Release);
    }
}

impl Clone for Resolved {
    fn clone(&self) -> Self {
        Self(AtomicU64::new(self.remembered()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generation::LARGEST_NUMBER;
    use crate::phase::base;

    #[test]
    fn a_cell_is_remembered_for_one_generation() {
        let resolved = Resolved::default();
        assert_eq!(resolved.get(base(1)), None);
        resolved.remember(base(1), LARGEST_CELL);
        assert_eq!((resolved.get(base(1)), resolved.get(base(2))), (Some(LARGEST_CELL), None));
        assert_eq!(resolved.clone().get(base(1)), Some(LARGEST_CELL));
        resolved.remember(base(LARGEST_NUMBER), 0);
        assert_eq!((resolved.get(base(1)), resolved.get(base(LARGEST_NUMBER))), (None, Some(0)));
    }
}
