//! One test of this binary at a time: some look at the memory of the process, some install a signal handler, some
//! keep all processors busy.

use std::sync::{Mutex, MutexGuard, PoisonError};

static TURN: Mutex<()> = Mutex::new(());

/// Waits for the calling test's turn, which lasts as long as the guard.
pub(crate) fn take() -> MutexGuard<'static, ()> {
    // A test that failed has left nothing behind that others could stumble over.
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}
