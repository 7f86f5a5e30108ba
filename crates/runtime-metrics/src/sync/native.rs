//! The real things.

use std::cell;
use std::thread;
use std::time::Duration;

use bytemuck::{Zeroable, zeroed_slice_box};
use crossbeam_utils::Backoff;

pub(crate) use arc_swap::ArcSwap;
pub(crate) use dashmap::{DashMap, Entry};
pub(crate) use std::sync::Mutex;
pub(crate) use std::sync::atomic::{
    AtomicBool, AtomicU8, AtomicU32, AtomicU64, AtomicUsize, Ordering, compiler_fence, fence,
};

/// How long a thread sleeps that has tried for a lock in vain for some time: its holder is not running.
const PATIENCE: Duration = Duration::from_micros(50);

/// Waits a little for what another thread is doing.
pub(crate) fn wait_a_little(backoff: &Backoff) {
    if backoff.is_completed() {
        thread::sleep(PATIENCE);
    } else {
        backoff.snooze();
    }
}

/// So many zeros. As long as the allocator takes them fresh from the operating system, they take room only where they
/// have been written.
pub(crate) fn zeroed<T: Zeroable>(count: usize) -> Box<[T]> {
    zeroed_slice_box(count)
}

/// A cell whose accesses are ordered by what its users argue.
pub(crate) struct UnsafeCell<T>(cell::UnsafeCell<T>);

impl<T> UnsafeCell<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(cell::UnsafeCell::new(value))
    }

    /// # Safety
    ///
    /// The value is not taken as long as the reference is used.
    #[inline]
    pub(crate) unsafe fn get(&self) -> &T {
        // SAFETY: the caller's.
        unsafe { &*self.0.get() }
    }
}

impl<T> UnsafeCell<T> {
    /// # Safety
    ///
    /// No reference to the value is in use, and no other thread accesses it.
    pub(crate) unsafe fn set(&self, value: T) {
        // SAFETY: the caller's.
        unsafe { *self.0.get() = value };
    }
}

impl<T: Default> UnsafeCell<T> {
    /// # Safety
    ///
    /// No reference to the value is in use.
    pub(crate) unsafe fn take(&self) -> T {
        // SAFETY: the caller's.
        std::mem::take(unsafe { &mut *self.0.get() })
    }
}
