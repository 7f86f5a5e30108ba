//! The allocator of the crate's own tests: the system's, before which threads that ask for it stand still. They hold none of the
//! system's locks then, so that others may take memory, and fork.

#![allow(unsafe_code)] // a global allocator is

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use super::gate::{Gate, Stop};

#[global_allocator]
static ALLOCATOR: Stopping = Stopping;

thread_local! {
    static GATE: Cell<Option<&'static Gate>> = const { Cell::new(None) };
}

/// Does `work`; the calling thread stops at the gate each time that it takes memory or gives it back.
pub(super) fn stopping_at<R>(gate: &'static Gate, work: impl FnOnce() -> R) -> R {
    GATE.set(Some(gate));
    let result = work();
    GATE.set(None);
    result
}

struct Stopping;

impl Stopping {
    fn pass(stop: Stop) {
        if let Some(gate) = GATE.take() {
            gate.stop(stop);
            GATE.set(Some(gate));
        }
    }
}

// SAFETY: every call is handed to the system's allocator as it came. What comes before does not allocate: the
// thread-local value needs neither a constructor nor a destructor, and the gate takes no memory.
unsafe impl GlobalAlloc for Stopping {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        Self::pass(Stop::taking(layout));
        // SAFETY: the caller's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        Self::pass(Stop::taking(layout));
        // SAFETY: the caller's.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        Self::pass(Stop::taking(layout));
        // SAFETY: the caller's.
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        Self::pass(Stop::GIVING);
        // SAFETY: the caller's.
        unsafe { System.dealloc(block, layout) }
    }
}
