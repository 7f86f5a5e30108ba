//! A lock-free view of an interning table: from a hash to the numbers that were published for it.
//!
//! Open addressing with linear probing over a fixed array that is never more than half full. A slot is empty
//! (0) or holds the upper half of a hash and a number; it is written once and never changes. A look-up
//! therefore takes a bounded number of loads, writes nothing, and waits for nobody. A hash alone is never
//! trusted: the caller compares the labels.

#![allow(unsafe_code)] // a place that is masked needs no check

use crate::sync::{AtomicU64, Ordering, zeroed};

pub(crate) struct Index {
    /// A power of two of them, at least twice as many as numbers will be published.
    slots: Box<[AtomicU64]>,
    /// One less than there are slots.
    mask: usize,
}

impl Index {
    /// An index with room for `limit` numbers.
    pub(crate) fn new(limit: u32) -> Self {
        let slots = (limit as usize).saturating_mul(2).next_power_of_two().max(2);
        Self { slots: zeroed(slots), mask: slots - 1 }
    }

    /// The number that stands in the first place for `hash`, if it was published under that hash or is 0. Mostly it is the
    /// one that [`find`](Self::find) finds.
    #[inline(always)]
    pub(crate) fn first(&self, hash: u64) -> Option<u32> {
        // Acquire: as below.
        let slot = self.slot(hash as usize).load(Ordering::Acquire);
        (slot >> 32 == hash >> 32).then_some(slot as u32)
    }

    /// The number published under `hash` that `matches`.
    pub(crate) fn find(&self, hash: u64, matches: impl Fn(u32) -> bool) -> Option<u32> {
        let mut place = hash as usize;
        loop {
            // Acquire: pairs with the Release in `publish`, so that what the number stands for is visible.
            let slot = self.slot(place).load(Ordering::Acquire);
            if slot == 0 {
                return None;
            }
            if slot >> 32 == hash >> 32 && matches(slot as u32) {
                return Some(slot as u32);
            }
            place = place.wrapping_add(1);
        }
    }

    /// Publishes `number`, which is not 0, under `hash`. Not more than `limit` times, and once for each number.
    pub(crate) fn publish(&self, hash: u64, number: u32) {
        let slot = (hash >> 32) << 32 | u64::from(number);
        let mut place = hash as usize;
        // Relaxed on failure: the slot that stood in the way is not looked into.
        while self.slot(place).compare_exchange(0, slot, Ordering::Release, Ordering::Relaxed).is_err() {
            place = place.wrapping_add(1);
        }
    }

    /// Publishes `number`, which is not 0, for [`first`](Self::first) alone, if its place is free.
    pub(crate) fn publish_first(&self, hash: u64, number: u32) {
        let slot = (hash >> 32) << 32 | u64::from(number);
        // Release and Relaxed: as in `publish`.
        let _ = self.slot(hash as usize).compare_exchange(0, slot, Ordering::Release, Ordering::Relaxed);
    }

    #[inline(always)]
    fn slot(&self, place: usize) -> &AtomicU64 {
        // SAFETY: no number is larger than the mask after masking, and there is one slot more than that.
        unsafe { self.slots.get_unchecked(place & self.mask) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_published_number_is_found_by_its_own_hash_and_no_other() {
        let index = Index::new(100);
        for number in 1..=100_u32 {
            index.publish(u64::from(number) << 32 | u64::from(number % 3), number);
        }
        for number in 1..=100_u32 {
            let hash = u64::from(number) << 32 | u64::from(number % 3);
            assert_eq!(index.find(hash, |found| found == number), Some(number));
        }
        assert_eq!(index.find(200 << 32, |_| true), None);
    }

    #[test]
    fn a_place_keeps_the_first_number_that_was_published_for_it() {
        let index = Index::new(4);
        index.publish_first(7 << 32 | 3, 1);
        index.publish_first(7 << 32 | 3, 2);
        index.publish_first(9 << 32 | 3, 3);
        assert_eq!((index.first(7 << 32 | 3), index.first(9 << 32 | 3)), (Some(1), None));
        assert_eq!(index.first(7 << 32 | 4), None);
    }

    #[test]
    fn numbers_with_one_hash_are_told_apart_by_their_labels() {
        let index = Index::new(8);
        for number in 1..=8 {
            index.publish(7, number);
        }
        for number in 1..=8 {
            assert_eq!(index.find(7, |found| found == number), Some(number));
        }
        assert_eq!(index.find(7, |_| false), None);
    }
}
