//! Fork awareness: which process life this is, and a hook that runs in a forked child.
//!
//! A process life begins when the process starts and, for a forked child, at the fork. Lives are numbered from
//! 0 within one line of descent, so state that is stamped with its life's number can tell that it was inherited.
//!
//! # How it works
//!
//! `pthread_atfork` installs two handlers, once per process image:
//!
//! - *prepare* runs in the forking thread before the fork, in no special context: it stamps the parent's
//!   identity if nobody has asked for it yet, so that the child can name its parent.
//! - *child* runs in the child's only thread before `fork()` returns there: it reads two clocks and stores three
//!   atomics. It takes no lock and allocates nothing.
//!
//! The parent runs nothing after the fork and is untouched.

#![allow(unsafe_code)] // the one call into the C library that has no safe wrapper

use std::alloc::{Layout, handle_alloc_error};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use once_cell::race::OnceBool;

use crate::ProcessIdentity;
use crate::birth::Birth;
use crate::clock::Monotonic;

// All four are written by the child handler only, while the child has one thread; thread creation orders the
// stores before every later reader. Relaxed therefore suffices on both sides.
static LIFE: AtomicU64 = AtomicU64::new(0);
static FORKED_AT_WALL_SECONDS: AtomicU64 = AtomicU64::new(0);
static FORKED_AT_WALL_NANOSECONDS: AtomicU64 = AtomicU64::new(0);
static FORKED_AT_MONOTONIC: AtomicU64 = AtomicU64::new(0);

/// The number of this process life: 0 in a process that was not forked (since this crate was first used), larger
/// in each generation of descendants.
///
/// Cost: two loads after the first call, which installs the fork handlers.
#[must_use]
pub fn process_life() -> u64 {
    watch();
    LIFE.load(Ordering::Relaxed)
}

/// Runs `handler` in every forked child, on its only thread, before `fork()` returns there.
///
/// The handler runs where POSIX allows async-signal-safe calls only: it must take no lock and should do no more
/// than reset atomics and thread-local cells. Registering one handler twice runs it twice.
///
/// Running out of memory for the registration, its only failure, is treated as any failed allocation is.
pub fn on_fork_in_child(handler: extern "C" fn()) {
    register(None, handler);
}

/// Installs this crate's own handlers. Two threads that race may install them twice: numbering then skips a
/// life, and lives stay distinct.
fn watch() {
    static WATCHED: OnceBool = OnceBool::new();
    WATCHED.get_or_init(|| {
        register(Some(stamp_parent), begin_life);
        true
    });
}

/// When the present life began, if it began at a fork.
pub(crate) fn birth_of_life(life: u64) -> Option<Birth> {
    if life == 0 {
        return None;
    }
    let seconds = Duration::from_secs(FORKED_AT_WALL_SECONDS.load(Ordering::Relaxed));
    let rest = Duration::from_nanos(FORKED_AT_WALL_NANOSECONDS.load(Ordering::Relaxed));
    Some(Birth {
        wall: SystemTime::UNIX_EPOCH + seconds + rest,
        monotonic: Monotonic::from_nanoseconds(FORKED_AT_MONOTONIC.load(Ordering::Relaxed)),
    })
}

extern "C" fn stamp_parent() {
    // Not `current()`: that may install handlers, and the C library may hold the lock of their list right now.
    let _stamped = ProcessIdentity::of_life(LIFE.load(Ordering::Relaxed));
}

extern "C" fn begin_life() {
    let wall = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    FORKED_AT_WALL_SECONDS.store(wall.as_secs(), Ordering::Relaxed);
    FORKED_AT_WALL_NANOSECONDS.store(u64::from(wall.subsec_nanos()), Ordering::Relaxed);
    FORKED_AT_MONOTONIC.store(Monotonic::now().as_nanoseconds(), Ordering::Relaxed);
    LIFE.fetch_add(1, Ordering::Relaxed);
}

fn register(prepare: Option<extern "C" fn()>, child: extern "C" fn()) {
    // The C declaration takes nullable `unsafe extern "C" fn()`; a safe function pointer coerces to it.
    let prepare = prepare.map(|handler| handler as unsafe extern "C" fn());
    // SAFETY: the handlers are functions of this program, valid for its whole life, and take no argument.
    // `pthread_atfork` has no other precondition.
    let status = unsafe { libc::pthread_atfork(prepare, None, Some(child)) };
    if status != 0 {
        // ENOMEM, the only error that POSIX lists.
        handle_alloc_error(Layout::new::<[usize; 4]>());
    }
}
