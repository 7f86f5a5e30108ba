//! From a key to its number, decided once: a sharded map that writers meet a key in, and the lock-free index
//! that they find it by ever after.
//!
//! The map's locks are only ever tried, never waited for in its own way: a thread that waits there parks in queues
//! that belong to the whole process (`parking_lot_core`), which a forked child would inherit in the middle of
//! whatever other threads were doing with them.

use std::hash::Hash;
use std::thread;
use std::time::Duration;

use crossbeam_utils::Backoff;
use dashmap::{DashMap, Entry};

use crate::hashing::LabelHash;
use crate::index::Index;
use crate::sync::{AtomicU32, Ordering};

/// Shards of the map. Interning is rare, and a generation must be cheap to build.
const SHARDS: usize = 8;

/// How long a thread sleeps that has tried a shard's lock in vain for some time: its holder is not running.
const PATIENCE: Duration = Duration::from_micros(50);

pub(crate) struct Interner<K> {
    index: Index,
    /// Which key has which number; a shard's lock decides between threads that meet one key at once.
    numbers: DashMap<K, u32, LabelHash>,
    /// Places taken, in `[0, limit]`; at least as many as keys are interned.
    taken: AtomicU32,
    limit: u32,
}

impl<K: Clone + Eq + Hash> Interner<K> {
    pub(crate) fn new(limit: u32, hasher: &LabelHash) -> Self {
        Self {
            index: Index::new(limit),
            numbers: DashMap::with_capacity_and_hasher_and_shard_amount(0, hasher.clone(), SHARDS),
            taken: AtomicU32::new(0),
            limit,
        }
    }

    /// The number of a key that was interned under `hash`. Takes no lock.
    #[inline]
    pub(crate) fn find(&self, hash: u64, matches: impl Fn(u32) -> bool) -> Option<u32> {
        self.index.find(hash, matches)
    }

    /// The number of `key`, which `number` makes if the key is new and there is a place left; `None` if there is
    /// none. Takes a shard's lock.
    pub(crate) fn intern(&self, hash: u64, key: K, number: impl FnOnce() -> u32) -> Option<u32> {
        if self.is_full() {
            // Without the lock: a flood of keys that do not fit must not queue.
            return None;
        }
        match self.entry(key) {
            Entry::Occupied(known) => Some(*known.get()),
            Entry::Vacant(vacant) => {
                if !self.take_place() {
                    return None;
                }
                let number = number();
                self.index.publish(hash, number);
                vacant.insert(number);
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
            if backoff.is_completed() {
                thread::sleep(PATIENCE);
            } else {
                backoff.snooze();
            }
        }
    }

    /// Takes a place for a key that is kept elsewhere. False if there is none left. Takes no lock.
    pub(crate) fn take_place(&self) -> bool {
        // Relaxed: the count guards nothing but itself.
        let next = |taken| (taken < self.limit).then_some(taken + 1);
        self.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).is_ok()
    }

    pub(crate) fn is_full(&self) -> bool {
        self.taken() >= self.limit
    }

    pub(crate) fn taken(&self) -> u32 {
        // Relaxed: as in `take_place`.
        self.taken.load(Ordering::Relaxed)
    }

    pub(crate) fn limit(&self) -> u32 {
        self.limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hashing::label_hash;

    #[test]
    fn a_key_keeps_its_number_and_a_full_table_takes_no_more() {
        let hasher = label_hash();
        let interner = Interner::new(2, &hasher);
        assert_eq!(interner.intern(1, "a", || 10), Some(10));
        assert_eq!(interner.intern(1, "a", || unreachable!("a is interned")), Some(10));
        assert_eq!(interner.intern(2, "b", || 11), Some(11));
        assert_eq!(interner.intern(3, "c", || unreachable!("the table is full")), None);
        assert_eq!(interner.find(2, |number| number == 11), Some(11));
        assert_eq!((interner.taken(), interner.limit()), (2, 2));
    }

    #[test]
    fn threads_that_meet_one_key_at_once_agree_and_the_limit_holds() {
        let hasher = label_hash();
        let interner = Interner::new(50, &hasher);
        let next = AtomicU32::new(0);
        let meet = || -> Vec<Option<u32>> {
            (0..100_u64)
                .map(|key| interner.intern(key << 32, key, || next.fetch_add(1, Ordering::Relaxed)))
                .collect()
        };
        let (one, two) = std::thread::scope(|scope| {
            let one = scope.spawn(meet);
            let two = scope.spawn(meet);
            (one.join().unwrap(), two.join().unwrap())
        });
        assert_eq!(next.into_inner(), 50);
        for (one, two) in one.iter().zip(&two) {
            assert!(one == two || one.is_none() || two.is_none());
        }
    }
}
