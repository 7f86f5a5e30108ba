//! Pausing a thread wherever it happens to be, as a debugger or the scheduler may: a signal handler that waits.

#![allow(unsafe_code)] // signals

use std::mem;
use std::ptr;
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::allocator;

/// What has become of the last pause that was asked for.
static STATE: AtomicU8 = AtomicU8::new(RELEASED);

/// No thread is paused, or to be paused.
const RELEASED: u8 = 0;
/// A signal is on its way.
const ASKED: u8 = 1;
/// The thread waits in the handler.
const PAUSED: u8 = 2;
/// The thread was in the system's allocator, perhaps with a lock that everybody needs who takes or gives memory
/// back: it goes on at once, as that lock is not the library's.
const REFUSED: u8 = 3;
/// The thread was not released in time, and goes on by itself.
const GIVEN_UP: u8 = 4;

/// How long the thread waits to be released, in milliseconds.
static PATIENCE: AtomicU32 = AtomicU32::new(0);

/// When a signal that has not arrived counts as lost.
const DELIVERY: Duration = Duration::from_secs(60);

extern "C" fn wait(_signal: libc::c_int) {
    if allocator::is_inside() {
        return STATE.store(REFUSED, Ordering::SeqCst);
    }
    STATE.store(PAUSED, Ordering::SeqCst);
    for _ in 0..PATIENCE.load(Ordering::SeqCst) {
        if STATE.load(Ordering::SeqCst) != PAUSED {
            return;
        }
        // SAFETY: no descriptors, so the pointer is not followed; async-signal-safe (signal-safety(7)).
        unsafe { libc::poll(ptr::null_mut(), 0, 1) };
    }
    let _ = STATE.compare_exchange(PAUSED, GIVEN_UP, Ordering::SeqCst, Ordering::SeqCst);
}

/// Pauses one thread, as often as asked.
pub(crate) struct Pauser(libc::pthread_t);

impl Pauser {
    /// A pauser of the calling thread, for another one to use. A paused thread that is not released goes on after
    /// `patience`.
    pub(crate) fn of_this_thread(patience: Duration) -> Self {
        PATIENCE.store(patience.as_millis().try_into().unwrap(), Ordering::SeqCst);
        // SAFETY: all zero is a valid value.
        let mut action: libc::sigaction = unsafe { mem::zeroed() };
        action.sa_sigaction = wait as extern "C" fn(libc::c_int) as usize;
        action.sa_flags = libc::SA_RESTART;
        // SAFETY: `action` is a valid action with an empty mask, whose handler calls nothing but what is
        // async-signal-safe.
        let status = unsafe { libc::sigaction(libc::SIGUSR1, &raw const action, ptr::null_mut()) };
        assert_eq!(status, 0, "sigaction failed");
        // SAFETY: no conditions.
        Self(unsafe { libc::pthread_self() })
    }

    /// Pauses the thread until the value is dropped. One pause at a time.
    ///
    /// # Safety
    ///
    /// The thread has not ended.
    pub(crate) unsafe fn pause(&self) -> Pause {
        loop {
            STATE.store(ASKED, Ordering::SeqCst);
            // SAFETY: the caller's.
            assert_eq!(unsafe { libc::pthread_kill(self.0, libc::SIGUSR1) }, 0, "pthread_kill failed");
            let asked = Instant::now();
            while STATE.load(Ordering::SeqCst) == ASKED {
                assert!(asked.elapsed() < DELIVERY, "the signal does not arrive: has the thread ended?");
                std::thread::yield_now();
            }
            if STATE.load(Ordering::SeqCst) != REFUSED {
                return Pause(());
            }
        }
    }
}

/// A thread is paused as long as this lives.
pub(crate) struct Pause(());

impl Pause {
    /// Whether the thread still waits. It does not if its patience has run out.
    pub(crate) fn holds(&self) -> bool {
        STATE.load(Ordering::SeqCst) == PAUSED
    }
}

impl Drop for Pause {
    fn drop(&mut self) {
        STATE.store(RELEASED, Ordering::SeqCst);
    }
}
