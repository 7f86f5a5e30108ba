//! Those of the model checker.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher, Hash};
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::{Arc, PoisonError};

use crossbeam_utils::Backoff;
use loom::cell;

use loom::sync::MutexGuard;

pub(crate) use loom::sync::Mutex;
pub(crate) use loom::sync::atomic::{
    AtomicBool, AtomicU8, AtomicU32, AtomicU64, AtomicUsize, Ordering, fence,
};

/// Compilers do not reorder what is modelled.
pub(crate) fn compiler_fence(_: Ordering) {}

/// Lets another thread go on.
pub(crate) fn wait_a_little(_: &Backoff) {
    loom::thread::yield_now();
}

/// So many zeros.
pub(crate) fn zeroed<T: Default>(count: usize) -> Box<[T]> {
    (0..count).map(|_| T::default()).collect()
}

/// A cell whose accesses the checker verifies to be ordered.
pub(crate) struct UnsafeCell<T>(cell::UnsafeCell<T>);

impl<T> UnsafeCell<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(cell::UnsafeCell::new(value))
    }

    /// # Safety
    ///
    /// The value is not taken as long as the reference is used.
    pub(crate) unsafe fn get(&self) -> &T {
        // SAFETY: the caller's. The checker notes the access.
        self.0.with(|value| unsafe { &*value })
    }
}

impl<T> UnsafeCell<T> {
    /// # Safety
    ///
    /// No reference to the value is in use, and no other thread accesses it.
    pub(crate) unsafe fn set(&self, value: T) {
        // SAFETY: the caller's. The checker notes the access.
        self.0.with_mut(|place| unsafe { *place = value });
    }
}

impl<T: Default> UnsafeCell<T> {
    /// # Safety
    ///
    /// No reference to the value is in use.
    pub(crate) unsafe fn take(&self) -> T {
        // SAFETY: the caller's. The checker notes the access, and that all others come before or after it.
        self.0.with_mut(|value| std::mem::take(unsafe { &mut *value }))
    }
}

/// A pointer that is swapped: the interface of `arc_swap::ArcSwap`, by a lock. The crate itself is not modelled.
pub(crate) struct ArcSwap<T>(Mutex<Arc<T>>);

pub(crate) struct Guard<T>(Arc<T>);

impl<T> Deref for Guard<T> {
    type Target = Arc<T>;

    fn deref(&self) -> &Arc<T> {
        &self.0
    }
}

impl<T> ArcSwap<T> {
    pub(crate) fn from_pointee(value: T) -> Self {
        Self(Mutex::new(Arc::new(value)))
    }

    pub(crate) fn load(&self) -> Guard<T> {
        Guard(self.load_full())
    }

    pub(crate) fn load_full(&self) -> Arc<T> {
        Arc::clone(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn store(&self, value: Arc<T>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = value;
    }

    pub(crate) fn rcu(&self, next: impl Fn(&Arc<T>) -> T) {
        let mut place = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *place = Arc::new(next(&place));
    }

    pub(crate) fn compare_and_swap(&self, present: &Arc<T>, next: Arc<T>) {
        let mut place = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if Arc::ptr_eq(&place, present) {
            *place = next;
        }
    }
}

impl<T: Default> Default for ArcSwap<T> {
    fn default() -> Self {
        Self::from_pointee(T::default())
    }
}

/// A sharded map: the interface of `dashmap::DashMap`, with one shard, one lock, and a hash function of its own. The
/// crate itself is not modelled.
pub(crate) struct DashMap<K, V, S> {
    map: Mutex<Map<K, V>>,
    hasher: PhantomData<S>,
}

type Map<K, V> = HashMap<K, V, BuildHasherDefault<DefaultHasher>>;

pub(crate) enum Entry<'a, K, V> {
    Occupied(Occupied<V>),
    Vacant(Vacant<'a, K, V>),
}

pub(crate) struct Occupied<V>(V);

pub(crate) struct Vacant<'a, K, V> {
    map: MutexGuard<'a, Map<K, V>>,
    key: K,
}

impl<K: Eq + Hash, V: Copy, S> DashMap<K, V, S> {
    pub(crate) fn with_capacity_and_hasher_and_shard_amount(_: usize, _: S, _: usize) -> Self {
        Self { map: Mutex::default(), hasher: PhantomData }
    }

    pub(crate) fn try_entry(&self, key: K) -> Option<Entry<'_, K, V>> {
        let map = self.map.lock().unwrap_or_else(PoisonError::into_inner);
        let known = map.get(&key).copied();
        Some(
            known
                .map_or_else(|| Entry::Vacant(Vacant { map, key }), |value| Entry::Occupied(Occupied(value))),
        )
    }
}

impl<V> Occupied<V> {
    pub(crate) fn get(&self) -> &V {
        &self.0
    }
}

impl<K: Eq + Hash, V> Vacant<'_, K, V> {
    pub(crate) fn insert(mut self, value: V) {
        self.map.insert(self.key, value);
    }
}
