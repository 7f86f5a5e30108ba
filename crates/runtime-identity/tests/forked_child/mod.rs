//! Running something in a forked child. The tests of `runtime-metrics` use it too.

#![allow(unsafe_code)] // forks

use std::ffi::c_void;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::ptr;
use std::time::Duration;

/// How long a child may take before it counts as deadlocked.
const DEADLOCK: Duration = Duration::from_secs(20);

/// Forks, and returns what `in_child` told, or fails if the child deadlocks.
pub(crate) fn in_forked_child(in_child: impl FnOnce() -> String) -> String {
    let (mut reader, mut writer) = UnixStream::pair().unwrap();
    // SAFETY: the child writes one answer and leaves by `_exit`, so no destructor, no `atexit` handler and no
    // code of the test harness runs in it.
    let child = unsafe { libc::fork() };
    assert!(child >= 0, "fork failed");
    if child == 0 {
        let answer = in_child();
        let status = i32::from(writer.write_all(answer.as_bytes()).is_err());
        // SAFETY: `_exit` ends the child at once; nothing of it is used afterwards.
        unsafe { libc::_exit(status) };
    }
    drop(writer);
    reader.set_read_timeout(Some(DEADLOCK)).unwrap();
    let mut answer = String::new();
    let read = reader.read_to_string(&mut answer);
    if read.is_err() {
        // SAFETY: `child` is a child of this process that was not waited for.
        unsafe { libc::kill(child, libc::SIGKILL) };
    }
    let mut status = 0;
    // SAFETY: as above; `status` outlives the call.
    assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
    assert!(read.is_ok(), "the child deadlocked");
    assert_eq!(status, 0, "the child failed");
    answer
}

/// Runs each piece of work in a thread of its own, for use in a forked child.
///
/// Not by `std::thread`: that takes a lock of the process when a thread starts and when it ends, which a fork may
/// have left locked if a thread of the parent, one of the test harness say, was starting at that moment.
pub(crate) fn in_threads(work: &[&(dyn Fn() + Sync)]) {
    extern "C" fn start(work: *mut c_void) -> *mut c_void {
        // SAFETY: the address of an element of `work`, which outlives the thread: it is joined below.
        let work = unsafe { &*work.cast_const().cast::<&(dyn Fn() + Sync)>() };
        work();
        ptr::null_mut()
    }
    let threads: Vec<libc::pthread_t> = work
        .iter()
        .map(|work| {
            let mut thread = 0;
            let argument = ptr::from_ref(work).cast_mut().cast();
            // SAFETY: `start` fits the signature, and reads what `argument` points to through shared references.
            let status = unsafe { libc::pthread_create(&raw mut thread, ptr::null(), start, argument) };
            assert_eq!(status, 0, "pthread_create failed");
            thread
        })
        .collect();
    for thread in threads {
        // SAFETY: a thread that was made above and is joined once.
        assert_eq!(unsafe { libc::pthread_join(thread, ptr::null_mut()) }, 0);
    }
}
