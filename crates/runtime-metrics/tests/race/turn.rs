//! Turns at something that one thread at a time may do.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// A lock whose every access ThreadSanitizer sees.
#[derive(Default)]
pub(crate) struct Turns {
    is_taken: AtomicBool,
}

impl Turns {
    /// Does `work` while no other thread has a turn.
    pub(crate) fn take<T>(&self, work: impl FnOnce() -> T) -> T {
        // Acquire and Release: a turn sees what those before it did.
        while self.is_taken.swap(true, Ordering::Acquire) {
            thread::yield_now();
        }
        let _turn = Turn(&self.is_taken);
        work()
    }
}

struct Turn<'a>(&'a AtomicBool);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}
