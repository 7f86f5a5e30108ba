//! The allocator of this binary: the system's, which counts the calls of each thread, and dawdles in threads that
//! ask for it.

#![allow(unsafe_code)] // a global allocator is

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::time::Duration;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

thread_local! {
    static CALLS: Cell<u64> = const { Cell::new(0) };
    static IS_INSIDE: Cell<bool> = const { Cell::new(false) };
    /// The state of the generator that the delays are drawn from; 0 for a thread without.
    static DELAYS: Cell<u64> = const { Cell::new(0) };
}

/// How often the calling thread calls the allocator in `work`, to take memory or to give it back.
pub(crate) fn calls_during(work: impl FnOnce()) -> u64 {
    let before = CALLS.get();
    work();
    CALLS.get() - before
}

/// Does `work` with an allocator that lets others go first at random, and now and then sleeps. `seed` is not 0.
pub(crate) fn dawdling<R>(seed: u64, work: impl FnOnce() -> R) -> R {
    DELAYS.set(seed);
    let result = work();
    DELAYS.set(0);
    result
}

/// Whether the calling thread is in the system's allocator, perhaps with a lock of it. For signal handlers, too.
#[cfg(target_os = "linux")]
pub(crate) fn is_inside() -> bool {
    IS_INSIDE.get()
}

struct Allocator;

impl Allocator {
    fn enter<R>(call: impl FnOnce() -> R) -> R {
        CALLS.set(CALLS.get() + 1);
        Self::dawdle();
        IS_INSIDE.set(true);
        let result = call();
        IS_INSIDE.set(false);
        Self::dawdle();
        result
    }

    fn dawdle() {
        let mut state = DELAYS.get();
        if state == 0 {
            return;
        }
        // Marsaglia, "Xorshift RNGs", 2003; never 0.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        DELAYS.set(state);
        match state % 256 {
            0 => std::thread::sleep(Duration::from_micros(50)),
            1..=63 => std::thread::yield_now(),
            _ => {}
        }
    }
}

// SAFETY: every call is handed to the system's allocator as it came. What happens around it does not allocate: the
// thread-local values need neither a constructor nor a destructor.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's.
        Self::enter(|| unsafe { System.alloc(layout) })
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's.
        Self::enter(|| unsafe { System.alloc_zeroed(layout) })
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller's.
        Self::enter(|| unsafe { System.realloc(block, layout, size) })
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller's.
        Self::enter(|| unsafe { System.dealloc(block, layout) })
    }
}
