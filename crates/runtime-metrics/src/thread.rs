//! The calling thread's seats: one in each registry that it records in, and a shortcut to the last one used.
//!
//! The shortcut is a plain pointer, so that the common case is one thread-local load without a destructor to
//! look after. It points to a seat that the thread's list keeps alive, or to [`nowhere`]: the list is only changed
//! with the shortcut cleared, and never loses a seat that is in the middle of a record.
//!
//! A record that runs code of its caller in its middle puts the shortcut aside meanwhile: a record that this code
//! makes then finds another seat.
//!
//! When the thread ends, the list gives its seats up for later threads. A record that is made after that, from
//! the destructor of another thread-local value, finds no list; it claims a seat for itself alone
//! ([`entry`](crate::entry)).

#![allow(unsafe_code)] // the shortcut is a pointer into the list

use std::cell::{Cell, RefCell};
use std::mem;
use std::sync::Arc;

use once_cell::race::OnceBool;
use runtime_identity::fork::on_fork_in_child;

use crate::generation::Generation;
use crate::seat::Seat;

/// Where a thread sits that has no seat.
#[cfg(not(runtime_metrics_loom))]
static NOWHERE: Seat = Seat::nowhere();

const fn nowhere() -> *const Seat {
    #[cfg(not(runtime_metrics_loom))]
    return &raw const NOWHERE;
    #[cfg(runtime_metrics_loom)]
    return std::ptr::null(); // models take their seats themselves
}

thread_local! {
    static SHORTCUT: Cell<*const Seat> = const { Cell::new(nowhere()) };
    /// Whether the list was ever used in this process life.
    static IS_SEATED: Cell<bool> = const { Cell::new(false) };
    /// Forks that this thread has come out of as a child's only thread.
    static FORKS: Cell<u64> = const { Cell::new(0) };
    static SEATS: RefCell<Seats> = const { RefCell::new(Seats(Vec::new())) };
}

struct Seats(Vec<Arc<Seat>>);

impl Drop for Seats {
    fn drop(&mut self) {
        SHORTCUT.set(nowhere());
        for seat in &self.0 {
            seat.give_up();
        }
    }
}

/// The seat that the calling thread used last, or one in no generation.
///
/// # Safety
///
/// The reference may be used until the thread calls [`seat_in`] or ends. A caller that announces a record on the
/// seat may use it until the record is left: [`seat_in`] keeps busy seats.
#[inline]
pub(crate) unsafe fn shortcut<'a>() -> &'a Seat {
    // SAFETY: a seat that this thread's list keeps alive, or a static one (module documentation).
    unsafe { &*SHORTCUT.get() }
}

/// Puts the shortcut aside, for as long as a record may run code of its caller. Returns what [`put_back`] asks for.
#[inline]
pub(crate) fn put_aside() -> u64 {
    SHORTCUT.set(nowhere());
    FORKS.get()
}

/// Ends what [`put_aside`] began, and gave `forks` for: `seat` is the shortcut again.
///
/// # Safety
///
/// A record of the calling thread is in progress on `seat`, which [`shortcut`] or [`seat_in`] gave.
#[inline]
pub(crate) unsafe fn put_back(seat: &Seat, forks: u64) {
    // Not if the caller's code has forked and this is the child: it has forgotten its parent's seats.
    if FORKS.get() == forks {
        SHORTCUT.set(seat);
    }
}

/// The calling thread's seat in the generation of this number, if it has one that it is not recording on, and the
/// shortcut to it. Writes nothing that other threads read.
///
/// # Safety
///
/// As for [`shortcut`].
pub(crate) unsafe fn seat_numbered<'a>(number: u64) -> Option<&'a Seat> {
    // SAFETY: the caller's contract is `take`'s.
    unsafe { take(|seats| seats.find(number)) }
}

/// The calling thread's seat in `generation`, claimed if it has none, and the shortcut to it. `None` if the
/// thread has no list any more, or is in the middle of changing it or of recording on that very seat.
///
/// # Safety
///
/// As for [`shortcut`].
pub(crate) unsafe fn seat_in<'a>(generation: &Generation) -> Option<&'a Seat> {
    // SAFETY: the caller's contract is `take`'s.
    unsafe {
        take(|seats| seats.find(generation.number).or_else(|| Some(seats.add(generation.claim_seat()))))
    }
}

/// The seat that `pick` takes from the list, if the thread is not recording on it, and the shortcut to it.
///
/// # Safety
///
/// As for [`shortcut`].
unsafe fn take<'a>(pick: impl FnOnce(&mut Seats) -> Option<*const Seat>) -> Option<&'a Seat> {
    let picked = SEATS.try_with(|seats| pick(&mut *seats.try_borrow_mut().ok()?));
    let seat = picked.ok().flatten()?;
    // SAFETY: the list keeps the seat alive.
    let seat = unsafe { &*seat };
    if seat.is_busy() {
        return None;
    }
    SHORTCUT.set(seat);
    Some(seat)
}

impl Seats {
    fn find(&self, number: u64) -> Option<*const Seat> {
        self.0.iter().find(|seat| seat.is_in(number)).map(Arc::as_ptr)
    }

    /// Adds `seat`, and drops those whose generation is gone.
    fn add(&mut self, seat: Arc<Seat>) -> *const Seat {
        IS_SEATED.set(true);
        SHORTCUT.set(nowhere());
        self.0.retain(|seat| seat.is_busy() || !seat.is_retired());
        let pointer = Arc::as_ptr(&seat);
        self.0.push(seat);
        pointer
    }
}

/// Sees to it that the only thread of a forked child finds no way into its parent's state.
pub(crate) fn forget_seats_on_fork() {
    extern "C" fn forget_seats() {
        FORKS.set(FORKS.get() + 1);
        // A thread that never recorded is left alone.
        if !IS_SEATED.replace(false) {
            return;
        }
        SHORTCUT.set(nowhere());
        // An error would mean a fork in the middle of changing the list, by a global allocator that forks.
        let _ = SEATS.try_with(|seats| {
            if let Ok(mut seats) = seats.try_borrow_mut() {
                // What was inherited is never dropped.
                mem::forget(mem::take(&mut seats.0));
            }
        });
    }
    // Two threads that race may register twice, which does no harm.
    static REGISTERED: OnceBool = OnceBool::new();
    REGISTERED.get_or_init(|| {
        on_fork_in_child(forget_seats);
        true
    });
}
