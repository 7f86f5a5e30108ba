//! The C library's allocator, made to give memory back.

#![allow(unsafe_code)] // one call into the C library

/// Lets all threads allocate from one arena, where the allocator has several.
///
/// What short-lived threads and snapshots leave behind in one of many arenas is of no use to the others: resident
/// memory then creeps up for an hour, though nothing is kept. To be called before threads start.
pub fn use_one_arena() {
    #[cfg(target_env = "gnu")]
    // SAFETY: `mallopt` takes its own lock and has no precondition. That it refuses the value does no harm.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, 1);
    }
}
