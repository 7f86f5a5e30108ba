//! A value that is written once, under a key, and read without a lock by whoever asks for that key. Checked by the model
//! `writing`.

use super::{AtomicU64, Ordering, UnsafeCell};

/// Nothing is written: the key of zeroed memory.
const EMPTY: u64 = 0;

/// The value is being written.
const WRITING: u64 = 2;

/// What a value is written under: odd, so that it is neither of the two above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key(u64);

impl Key {
    /// The key of a number below 2^63; larger ones share those of smaller ones.
    #[inline(always)]
    pub(crate) fn of(number: u64) -> Self {
        Self(number << 1 | 1)
    }
}

/// A place for one value. Reading it is a comparison of keys, and plain loads, of any width, after that.
#[repr(C)]
pub(crate) struct Keyed<T> {
    value: UnsafeCell<T>,
    /// `EMPTY`, then `WRITING`, then the value's key for ever.
    key: AtomicU64,
}

// SAFETY: the value is written by the one thread that has changed the key from `EMPTY` to `WRITING`, and read, through
// shared references, after the key was changed once more.
unsafe impl<T: Send + Sync> Sync for Keyed<T> {}

// SAFETY: a place of zeros is an empty one with a value that is valid as such.
#[cfg(not(runtime_metrics_loom))]
unsafe impl<T: bytemuck::Zeroable> bytemuck::Zeroable for Keyed<T> {}

impl<T> Keyed<T> {
    /// Writes the value, unless there is one.
    pub(crate) fn write(&self, Key(key): Key, value: T) {
        // Relaxed: whoever reads waits for the key.
        if self.key.compare_exchange(EMPTY, WRITING, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            // SAFETY: no other thread gets here, and none reads before the key is stored.
            unsafe { self.value.set(value) };
            // Release: pairs with the Acquire in `get`.
            self.key.store(key, Ordering::Release);
        }
    }

    /// The value, if it was written under `key`.
    #[inline(always)]
    pub(crate) fn get(&self, Key(key): Key) -> Option<&T> {
        // Acquire: pairs with the Release in `write`.
        // SAFETY: the value was written before the key was, and never is again.
        (self.key.load(Ordering::Acquire) == key).then(|| unsafe { self.value.get() })
    }
}

#[cfg(runtime_metrics_loom)]
impl<T: Default> Default for Keyed<T> {
    fn default() -> Self {
        Self { value: UnsafeCell::new(T::default()), key: AtomicU64::new(EMPTY) }
    }
}

#[cfg(all(test, not(runtime_metrics_loom)))]
mod tests {
    use std::thread;

    use super::*;
    use crate::sync::zeroed;

    #[test]
    fn a_value_is_read_under_its_own_key_only_and_the_first_one_stays() {
        let places = zeroed::<Keyed<[u64; 4]>>(2);
        assert_eq!(places[0].get(Key::of(7)), None);
        places[0].write(Key::of(7), [1, 2, 3, 4]);
        places[0].write(Key::of(8), [0; 4]);
        assert_eq!(places[0].get(Key::of(7)), Some(&[1, 2, 3, 4]));
        assert_eq!((places[0].get(Key::of(8)), places[1].get(Key::of(7))), (None, None));
    }

    #[test]
    fn of_two_threads_that_write_one_wins_whole() {
        for _ in 0..1_000 {
            let place = &zeroed::<Keyed<[u64; 4]>>(1)[0];
            thread::scope(|scope| {
                for key in [1, 2] {
                    scope.spawn(move || place.write(Key::of(key), [key; 4]));
                }
                let seen = |key| place.get(Key::of(key)).is_none_or(|value| *value == [key; 4]);
                assert!(seen(1) && seen(2));
            });
            assert!(place.get(Key::of(1)).is_some() != place.get(Key::of(2)).is_some());
        }
    }
}
