//! A forked child process, and how it ended.

#![allow(unsafe_code)] // forks

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitOptions, WaitStatus, kill_process, waitpid};

/// How a child ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// With this exit status.
    Exited(u8),
    /// It panicked.
    Panicked,
    /// By a signal that nobody here sent.
    Killed,
    /// It did not end in time, and was killed.
    Hung,
    /// It could not be forked or not be waited for.
    Lost,
}

/// The exit status of a child that panicked.
const PANICKED: u8 = 101;

/// Between two looks at whether the child has ended.
const NAP: Duration = Duration::from_millis(1);

/// Forks, and says how the child ended that did `work`, whose result is its exit status, within `limit`.
///
/// The child has one thread and begins while other threads of its parent may hold any lock: it must use none but the
/// allocator's, which the C library sees to, start no thread by `std` and write nothing.
pub fn fork(limit: Duration, work: impl FnOnce() -> u8) -> End {
    // SAFETY: the child does `work` and leaves by `_exit`, also if it panics: no destructor, no `atexit` handler and
    // no code of the caller runs in it.
    let child = unsafe { libc::fork() };
    if child == 0 {
        let status = catch_unwind(AssertUnwindSafe(work)).unwrap_or(PANICKED);
        // SAFETY: `_exit` ends the child at once; nothing of it is used afterwards.
        unsafe { libc::_exit(status.into()) };
    }
    // Negative: there is no child.
    let Some(child) = Pid::from_raw(child).filter(|_| child > 0) else { return End::Lost };
    let begin = Instant::now();
    loop {
        match waitpid(Some(child), WaitOptions::NOHANG) {
            Ok(Some((_, status))) => return end(status),
            Ok(None) if begin.elapsed() < limit => thread::sleep(NAP),
            Ok(None) => {
                let ended = kill_process(child, Signal::KILL).and_then(|()| wait(child));
                return if ended.is_ok() { End::Hung } else { End::Lost };
            }
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return End::Lost,
        }
    }
}

fn wait(child: Pid) -> rustix::io::Result<()> {
    rustix::io::retry_on_intr(|| waitpid(Some(child), WaitOptions::empty())).map(drop)
}

fn end(status: WaitStatus) -> End {
    match status.exit_status().map(u8::try_from) {
        Some(Ok(PANICKED)) => End::Panicked,
        Some(Ok(status)) => End::Exited(status),
        _ => End::Killed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(20);

    #[test]
    fn each_end_of_a_child_is_told_apart() {
        assert_eq!(fork(LONG, || 0), End::Exited(0));
        assert_eq!(fork(LONG, || 7), End::Exited(7));
        assert_eq!(fork(LONG, || panic!("a child that panics")), End::Panicked);
        assert_eq!(fork(LONG, || std::process::abort()), End::Killed);
        let hung = fork(Duration::from_millis(50), || {
            loop {
                thread::sleep(LONG);
            }
        });
        assert_eq!(hung, End::Hung);
    }
}
