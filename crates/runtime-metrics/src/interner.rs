//! From a key to its number, decided once: a sharded map that writers meet a key in, and the lock-free index
//! that they find it by ever after.
//!
//! The map's locks are only ever tried, never waited for the way DashMap does: a thread that waits there parks in queues
//! that belong to the whole process (`parking_lot_core`), which a forked child would inherit in the middle of
//! whatever other threads were doing with them.

use std::hash::Hash;

use crossbeam_utils::Backoff;

use crate::hashing::LabelHash;
use crate::index::Index;
use crate::sync::{AtomicU32, DashMap, Entry, Ordering, wait_a_little};

/// Shards of the map. Interning is rare, and a generation must be cheap to build.
const SHARDS: usize = 8;

pub(crate) struct Interner<K> {
    index: Index,
    /// Which key has which number; a shard's lock decides between threads that meet one key at once.
    numbers: DashMap<K, u32, LabelHash>,
    /// Places taken, in `[0, limit]`; at least as many as keys are interned.
    taken: AtomicU32,
    /// Of these, the places whose key the index shows, or that is kept elsewhere.
    settled: AtomicU32,
    limit: u32,
}

impl<K: Clone + Eq + Hash> Interner<K> {
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
    /// `number` makes for `key`, which is not 0. `None` if there is no place left, or if `number` makes none.
    ///
    /// Takes a shard's lock as long as the table is not full. Once it is, every key that has a place is in the
    /// index, and a flood of others does not queue.
    pub(crate) fn meet(
        &self,
        hash: u64,
        matches: impl Fn(u32) -> bool,
        key: impl FnOnce() -> K,
        number: impl FnOnce() -> Option<u32>,
    ) -> Option<u32> {
        // Acquire: pairs with the Release in `settle`.
        if self.settled.load(Ordering::Acquire) >= self.limit {
            return self.find(hash, matches);
        }
        match self.entry(key()) {
            Entry::Occupied(known) => Some(*known.get()),
            Entry::Vacant(vacant) => {
                if !self.take() {
                    return None;
                }
                let Some(number) = number() else {
                    // Relaxed: as in `take`.
                    self.taken.fetch_sub(1, Ordering::Relaxed);
                    return None;
                };
                self.index.publish(hash, number);
                vacant.insert(number);
                self.settle();
                Some(number)
            }
        }
    }

    /// The entry of `key`, once its shard's lock is free.
    fn entry(&self, key: K) -> Entry<'_, K, u32> {
        let backoff = Backoff::new();
        loop {
            if let Some(entry) = self.numbers.try_entry(key.clone()) {
                return entry;
            }
            wait_a_little(&backoff);
        }
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
    fn interner(limit: u32) -> Interner<u32> {
        Interner::new(limit, &label_hash())
    }

    fn meet(interner: &Interner<u32>, key: u32) -> Option<u32> {
        interner.meet(u64::from(key) << 32, |number| number == key, || key, || Some(key))
    }

    #[test]
    fn a_key_keeps_its_number_and_a_full_table_takes_no_more() {
        let interner = interner(2);
        assert_eq!(meet(&interner, 7), Some(7));
        assert_eq!(interner.meet(7 << 32, |_| false, || 7, || unreachable!("7 is known")), Some(7));
        assert_eq!(meet(&interner, 8), Some(8));
        assert_eq!(meet(&interner, 9), None);
        assert_eq!(meet(&interner, 8), Some(8), "a full table goes on knowing its keys");
        assert_eq!((interner.taken(), interner.limit()), (2, 2));
    }

    #[test]
    fn a_key_that_gets_no_number_takes_no_place() {
        let interner = interner(1);
        assert_eq!(interner.meet(0, |_| false, || 7, || None), None);
        assert_eq!(interner.taken(), 0);
        assert_eq!(meet(&interner, 8), Some(8));
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
