//! Processors, and the time that a thread has had one.

use std::thread;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// Processors that this process may use, 1 if that cannot be found out.
#[must_use]
pub fn processors() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Processor time of the calling thread, in the kernel and out of it.
#[must_use]
pub fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    // Neither part is negative: the clock begins at 0 with the thread.
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    #[test]
    fn processor_time_grows_while_the_thread_works_and_not_while_it_sleeps() {
        let begin = (thread_time(), Instant::now());
        while thread_time() < begin.0 + Duration::from_millis(5) {
            assert!(begin.1.elapsed() < Duration::from_secs(60));
        }
        let before = thread_time();
        thread::sleep(Duration::from_millis(50));
        assert!(thread_time() - before < Duration::from_millis(40));
        assert!(processors() >= 1);
    }
}
