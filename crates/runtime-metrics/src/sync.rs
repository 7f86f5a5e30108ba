//! The atomics of this crate, in one place: nothing else imports them.

#![allow(unsafe_code)] // hands the contracts of a cell on

use std::cell;

pub(crate) use std::sync::atomic::{
    AtomicBool, AtomicU8, AtomicU32, AtomicU64, AtomicUsize, Ordering, compiler_fence, fence,
};

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

impl<T: Default> UnsafeCell<T> {
    /// # Safety
    ///
    /// No reference to the value is in use.
    pub(crate) unsafe fn take(&self) -> T {
        // SAFETY: the caller's.
        std::mem::take(unsafe { &mut *self.0.get() })
    }
}
