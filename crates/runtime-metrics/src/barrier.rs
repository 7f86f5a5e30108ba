//! The collector's side of the fences.
//!
//! With portable fences there is nothing to do beyond the collector's own accesses, which are sequentially
//! consistent. With asymmetric ones the collector calls `membarrier` (membarrier(2),
//! `MEMBARRIER_CMD_PRIVATE_EXPEDITED`): when it returns, every other thread of the process has passed a point at
//! which all its memory accesses are ordered as by a full fence; a thread that does not run passed one when it was
//! switched out, or will when it is switched in.
//!
//! # If the kernel begins to refuse
//!
//! A process may forbid itself `membarrier` after the registry was built (a seccomp filter that is installed
//! late). Then the registry turns to portable fences, for good: the phase says so, and all seats are *closed*, so
//! that no record takes the short way any more. A record that was frozen on that way may still have a store that
//! the collector cannot order. As long as one is announced, each barrier therefore waits for [`SETTLE`], which is
//! thousands of times what a processor keeps a store to itself. That is the only step that rests on an
//! assumption about hardware that no manual bounds.

use std::thread;
use std::time::Duration;

use once_cell::race::OnceBool;

use crate::fence::FenceMode;
use crate::sync::{Ordering, fence};

/// How long a barrier waits while a record with asymmetric fences may be in progress that no `membarrier` can
/// order any more.
const SETTLE: Duration = Duration::from_millis(10);

/// How the collector orders its accesses against those of the writers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Barrier {
    /// Writers order theirs by themselves.
    Portable,
    /// The collector does it for all.
    Asymmetric,
    /// The collector cannot do it any more; a writer may still rely on it.
    Closing,
}

impl Barrier {
    pub(crate) fn of(mode: FenceMode) -> Self {
        match mode {
            FenceMode::Portable => Self::Portable,
            FenceMode::Asymmetric => Self::Asymmetric,
        }
    }

    /// The fences that new records are to use.
    pub(crate) fn mode(self) -> FenceMode {
        match self {
            Self::Portable | Self::Closing => FenceMode::Portable,
            Self::Asymmetric => FenceMode::Asymmetric,
        }
    }

    /// Orders all that the collector did before against all that it does after, towards every writer. False if
    /// that cannot be done any more: then the caller has to close all seats and try again.
    #[must_use]
    pub(crate) fn pass(&mut self) -> bool {
        fence(Ordering::SeqCst);
        match self {
            Self::Portable => {}
            Self::Asymmetric if membarrier::call().is_ok() => {}
            Self::Asymmetric => {
                *self = Self::Closing;
                return false;
            }
            Self::Closing => {
                thread::sleep(SETTLE);
                fence(Ordering::SeqCst);
            }
        }
        true
    }

    /// To be told when all seats have been closed and, after a [`pass`](Self::pass), none was found in the middle of
    /// a record with asymmetric fences.
    pub(crate) fn no_asymmetric_record_left(&mut self) {
        if *self == Self::Closing {
            *self = Self::Portable;
        }
    }
}

/// Whether this process may use asymmetric fences: the kernel offers `membarrier`, has registered the process for it,
/// and one call has succeeded.
///
/// *Cost:* the first call makes three system calls, of which the second takes some 15 ms if the process has more than
/// one thread; further ones are a load.
pub(crate) fn is_asymmetric_available() -> bool {
    static AVAILABLE: OnceBool = OnceBool::new();
    AVAILABLE.get_or_init(|| membarrier::register().and_then(|()| membarrier::call()).is_ok())
}

#[cfg(any(target_os = "linux", target_os = "android"))]
mod membarrier {
    use std::thread;
    use std::time::Duration;

    use rustix::io::Errno;
    use rustix::thread::{MembarrierCommand, membarrier, membarrier_query};

    /// Tries at a call for which the kernel finds no memory, and the time between them.
    const TRIES: u32 = 100;
    const PAUSE: Duration = Duration::from_millis(1);

    pub(super) fn register() -> Result<(), Errno> {
        if !membarrier_query().contains_command(MembarrierCommand::PrivateExpedited) {
            return Err(Errno::NOSYS);
        }
        membarrier(MembarrierCommand::RegisterPrivateExpedited)
    }

    pub(super) fn call() -> Result<(), Errno> {
        let mut result = membarrier(MembarrierCommand::PrivateExpedited);
        for _ in 1..TRIES {
            match result {
                Err(Errno::NOMEM) => thread::sleep(PAUSE),
                // Not registered: a process image that did not inherit it.
                Err(Errno::PERM) => {
                    return register().and_then(|()| membarrier(MembarrierCommand::PrivateExpedited));
                }
                _ => break,
            }
            result = membarrier(MembarrierCommand::PrivateExpedited);
        }
        result
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod membarrier {
    use rustix::io::Errno;

    pub(super) fn register() -> Result<(), Errno> {
        Err(Errno::NOSYS)
    }

    pub(super) fn call() -> Result<(), Errno> {
        Err(Errno::NOSYS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_barrier_that_is_refused_closes_first_and_is_portable_once_no_record_is_left() {
        let mut barrier = Barrier::Closing;
        assert!(barrier.pass(), "it waits instead");
        assert_eq!(barrier.mode(), FenceMode::Portable);
        barrier.no_asymmetric_record_left();
        assert_eq!(barrier, Barrier::Portable);
    }

    #[test]
    fn a_barrier_that_works_stays_as_it_is() {
        let mut portable = Barrier::of(FenceMode::Portable);
        assert!(portable.pass());
        portable.no_asymmetric_record_left();
        assert_eq!(portable, Barrier::Portable);
        if is_asymmetric_available() {
            let mut asymmetric = Barrier::of(FenceMode::Asymmetric);
            assert!(asymmetric.pass());
            asymmetric.no_asymmetric_record_left();
            assert_eq!(asymmetric, Barrier::Asymmetric);
        }
    }
}
