//! A lock-free view of an interning table: from a hash to the numbers that were published for it.
//!
//! Open addressing with linear probing over a fixed array that is never more than half full. A slot is empty
//! (0) or holds the upper half of a hash and a number plus one; it is written once and never changes. A look-up
//! therefore takes a bounded number of loads, writes nothing, and waits for nobody. A hash alone is never
//! trusted: the caller compares the labels.

use bytemuck::zeroed_slice_box;

use crate::sync::{AtomicU64, Ordering};

pub(crate) struct Index {
    /// A power of two of them, at least twice as many as numbers will be published.
    slots: Box<[AtomicU64]>,
}

impl Index {
    /// An index with room for `limit` numbers.
    pub(crate) fn new(limit: u32) -> Self {
        let slots = (limit as usize).saturating_mul(2).next_power_of_two().max(2);
        Self { slots: zeroed_slice_box(slots) }
    }

    /// The number published under `hash` that `matches`.
    #[inline]
    pub(crate) fn find(&self, hash: u64, matches: impl Fn(u32) -> bool) -> Option<u32> {
        let mask = self.slots.len() - 1;
        let mut place = hash as usize & mask;
        loop {
            // Acquire: pairs with the Release in `publish`, so that what the number stands for is visible.
            let slot = self.slots[place & mask].load(Ordering::Acquire);
            if slot == 0 {
                return None;
            }
            if slot >> 32 == hash >> 32 && matches(slot as u32 - 1) {
                return Some(slot as u32 - 1);
            }
            place += 1;
        }
    }

    /// Publishes `number` under `hash`. Not more than `limit` times, and once for each number.
    pub(crate) fn publish(&self, hash: u64, number: u32) {
        let mask = self.slots.len() - 1;
        let slot = (hash >> 32) << 32 | u64::from(number + 1);
        let mut place = hash as usize & mask;
        // Relaxed on failure: the slot that stood in the way is not looked into.
        while self.slots[place & mask]
            .compare_exchange(0, slot, Ordering::Release, Ordering::Relaxed)
            .is_err()
        {
            place += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_published_number_is_found_by_its_own_hash_and_no_other() {
        let index = Index::new(100);
        for number in 0..100_u32 {
            index.publish(u64::from(number) << 32 | u64::from(number % 3), number);
        }
        for number in 0..100_u32 {
            let hash = u64::from(number) << 32 | u64::from(number % 3);
            assert_eq!(index.find(hash, |found| found == number), Some(number));
        }
        assert_eq!(index.find(200 << 32, |_| true), None);
    }

    #[test]
    fn numbers_with_one_hash_are_told_apart_by_their_labels() {
        let index = Index::new(8);
        for number in 0..8 {
            index.publish(7, number);
        }
        for number in 0..8 {
            assert_eq!(index.find(7, |found| found == number), Some(number));
        }
        assert_eq!(index.find(7, |_| false), None);
    }
}
