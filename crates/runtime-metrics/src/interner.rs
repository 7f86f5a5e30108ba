//! From a key to its number, decided once: a sharded map that writers meet a key in, and the lock-free index
//! that they find it by ever after.
//!
//! The map holds no keys, only their hashes: what a number stands for is kept elsewhere, and a hash alone is never
//! trusted. Of two keys of one hash, the later one stands under the next hash that is free.
//!
//! The map's locks are only ever tried, never waited for the way DashMap does: a thread that waits there parks in queues
//! that belong to the whole process (`parking_lot_core`), which a forked child would inherit in the middle of
//! whatever other threads were doing with them.

use crossbeam_utils::Backoff;

use crate::hashing::LabelHash;
use crate::index::Index;
use crate::sync::{AtomicU32, DashMap, Entry, Ordering, wait_a_little};

/// Shards of the map. Interning is rare, and a generation must be cheap to build.
const SHARDS: usize = 8;

pub(crate) struct Interner {
    index: Index,
    /// By hash: the number of the key; a shard's lock decides between threads that meet one key at once.
    numbers: DashMap<u64, u32, LabelHash>,
    /// Places taken, in `[0, limit]`; at least as many as keys are interned.
    taken: AtomicU32,
    /// Of these, the places whose key the index shows, or that is kept elsewhere.
    settled: AtomicU32,
    limit: u32,
}

impl Interner {
    pub(crate) fn new(limit: u32, hasher: &LabelHash) -> Self {
        Self {
            index: Index::new(limit),
            numbers: DashMap::with_capacity_and_hasher_and_shard_amount(0, hasher.clone(), SHARDS),
            taken: AtomicU32::new(0),
            settled: AtomicU32::new(0),
            limit,
        }
    }

    /// A number that is mostly that of the key that was met under `hash`, and may be 0. Takes no lock.
    #[inline(always)]
    pub(crate) fn first(&self, hash: u64) -> Option<u32> {
        self.index.first(hash)
    }

    /// The number of a key that was met under `hash`. Takes no lock.
    pub(crate) fn find(&self, hash: u64, matches: impl Fn(u32) -> bool) -> Option<u32> {
        self.index.find(hash, matches)
    }

    /// The number of a key that was perhaps not met yet: that of the key that `matches`, else the one that
    /// `number` makes, which is not 0. `None` if there is no place left, or if `number` makes none.
    ///
    /// Takes a shard's lock as long as the table is not full, and calls both under it. Once it is full, a flood of
    /// other keys does not queue.
    pub(crate) fn meet(
        &self,
        hash: u64,
        matches: impl Fn(u32) -> bool,
        number: impl FnOnce() -> Option<u32>,
    ) -> Option<u32> {
        if self.is_full() {
            return self.find(hash, matches);
        }
        let mut place = hash;
        loop {
            match self.entry(place) {
                Entry::Occupied(known) if matches(*known.get()) => return Some(*known.get()),
                Entry::Occupied(_) => place = place.wrapping_add(1),
                Entry::Vacant(vacant) => {
                    let number = self.take_for(number)?;
                    self.index.publish(hash, number);
                    vacant.insert(number);
                    self.settle();
                    return Some(number);
                }
            }
        }
    }

    /// Whether every place is taken, by a key that the index shows or that is kept elsewhere.
    pub(crate) fn is_full(&self) -> bool {
        // Acquire: pairs with the Release in `settle`.
        self.settled.load(Ordering::Acquire) >= self.limit
    }

    /// The map's entry, once its shard's lock is free.
    fn entry(&self, hash: u64) -> Entry<'_, u64, u32> {
        let backoff = Backoff::new();
        loop {
            if let Some(entry) = self.numbers.try_entry(hash) {
                return entry;
            }
            wait_a_little(&backoff);
        }
    }

    /// Takes a place for the number that `number` makes.
    fn take_for(&self, number: impl FnOnce() -> Option<u32>) -> Option<u32> {
        if !self.take() {
            return None;
        }
        let number = number();
        if number.is_none() {
            // Relaxed: as in `take`.
            self.taken.fetch_sub(1, Ordering::Relaxed);
        }
        number
    }

    /// Takes a place for a key that is kept elsewhere. False if there is none left. Takes no lock.
    pub(crate) fn take_place(&self) -> bool {
        let taken = self.take();
        if taken {
            self.settle();
        }
        taken
    }

    /// Places in use.
    pub(crate) fn taken(&self) -> u32 {
        // Relaxed: as in `take`.
        self.taken.load(Ordering::Relaxed)
    }

    pub(crate) fn limit(&self) -> u32 {
        self.limit
    }

    fn take(&self) -> bool {
        // Relaxed: the count guards nothing but itself.
        let next = |taken| (taken < self.limit).then_some(taken + 1);
        self.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).is_ok()
    }

    fn settle(&self) {
        // Release: pairs with the Acquire in `meet`, so that who finds the table full finds every key of it.
        self.settled.fetch_add(1, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hashing::label_hash;

    /// An interner whose keys are their own numbers.
    fn interner(limit: u32) -> Interner {
        Interner::new(limit, &label_hash())
    }

    fn meet(interner: &Interner, key: u32) -> Option<u32> {
        interner.meet(u64::from(key) << 32, |number| number == key, || Some(key))
    }

    #[test]
    fn a_key_keeps_its_number_and_a_full_table_takes_no_more() {
        let interner = interner(2);
        assert_eq!(meet(&interner, 7), Some(7));
        assert_eq!(interner.meet(7 << 32, |number| number == 7, || unreachable!("7 is known")), Some(7));
        assert_eq!(meet(&interner, 8), Some(8));
        assert_eq!(meet(&interner, 9), None);
        assert_eq!(meet(&interner, 8), Some(8), "a full table goes on knowing its keys");
        assert_eq!((interner.taken(), interner.limit()), (2, 2));
    }

    #[test]
    fn a_key_that_gets_no_number_takes_no_place() {
        let interner = interner(1);
        assert_eq!(interner.meet(0, |_| false, || None), None);
        assert_eq!(interner.taken(), 0);
        assert_eq!(meet(&interner, 8), Some(8));
    }

    #[test]
    fn keys_of_one_hash_are_told_apart() {
        let interner = interner(3);
        let meet = |hash, key| interner.meet(hash, |number| number == key, || Some(key));
        for (hash, key) in [(7, 1), (7, 2), (8, 3)] {
            assert_eq!(meet(hash, key), Some(key), "also where another key has gone on to its hash");
        }
        for (hash, key) in [(7, 1), (7, 2), (8, 3)] {
            assert_eq!(
                (meet(hash, key), interner.find(hash, |number| number == key)),
                (Some(key), Some(key))
            );
        }
        assert_eq!(interner.taken(), 3);
    }

    #[test]
    fn threads_that_meet_as_many_keys_as_there_are_places_all_get_their_numbers() {
        for _ in 0..200 {
            let interner = interner(4);
            std::thread::scope(|scope| {
                for first in 0..4 {
                    let interner = &interner;
                    scope.spawn(move || {
                        for key in 0..4 {
                            let key = 1 + (first + key) % 4;
                            assert_eq!(meet(interner, key), Some(key));
                        }
                    });
                }
            });
            assert_eq!(interner.taken(), 4);
        }
    }

    #[test]
    fn threads_that_meet_more_keys_than_there_are_places_take_no_more_than_the_limit() {
        let interner = interner(50);
        let meet_all = || (1..=100).filter(|key| meet(&interner, *key).is_some()).count();
        std::thread::scope(|scope| {
            let (one, two) = (scope.spawn(meet_all), scope.spawn(meet_all));
            assert!(one.join().unwrap() <= 50 && two.join().unwrap() <= 50);
        });
        assert_eq!(
            (1..=100).filter(|key| interner.find(u64::from(*key) << 32, |n| n == *key).is_some()).count(),
            50
        );
    }
}
