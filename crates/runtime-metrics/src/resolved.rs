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
    /// The cell in generation `number`, found by `find` if it is not the one remembered.
    #[inline]
    pub(crate) fn cell(&self, number: u64, find: impl FnOnce() -> Option<u32>) -> Option<u32> {
        // Relaxed: the tables of the generation are visible to whoever records in it, and nothing else is read
        // through the cell's number.
        let resolved = self.0.load(Ordering::Relaxed);
        if resolved >> CELL_BITS == number {
            return Some(resolved as u32 & LARGEST_CELL);
        }
        let cell = find()?;
        self.0.store(number << CELL_BITS | u64::from(cell), Ordering::Relaxed);
        Some(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_found_once_in_each_generation() {
        let resolved = Resolved::default();
        assert_eq!(resolved.cell(1, || None), None);
        assert_eq!(resolved.cell(1, || Some(LARGEST_CELL)), Some(LARGEST_CELL));
        assert_eq!(resolved.cell(1, || unreachable!("it is remembered")), Some(LARGEST_CELL));
        assert_eq!(resolved.cell(LARGEST_NUMBER, || Some(0)), Some(0));
        assert_eq!(resolved.cell(LARGEST_NUMBER, || unreachable!("it is remembered")), Some(0));
    }
}
