//! Going on, pausing and ending, for all threads of a soak.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How late a thread may notice that it should go on.
const NAP: Duration = Duration::from_millis(1);

/// Tells the threads of a soak whether to go on.
#[derive(Debug, Default)]
pub struct Control {
    paused: AtomicBool,
    stopped: AtomicBool,
}

impl Control {
    /// Whether to go on; waits while there is a pause. To be asked between records.
    #[inline]
    #[must_use]
    pub fn go_on(&self) -> bool {
        // Relaxed, here and below: the flags order nothing. What was recorded before a pause is told by the accounts.
        while self.paused.load(Ordering::Relaxed) && !self.is_stopped() {
            thread::sleep(NAP);
        }
        !self.is_stopped()
    }

    /// Sleeps, and then as [`go_on`](Self::go_on).
    #[must_use]
    pub fn go_on_after(&self, time: Duration) -> bool {
        let begin = Instant::now();
        // In naps that are short enough for an end to be noticed.
        while begin.elapsed() < time && !self.is_stopped() {
            thread::sleep((time - begin.elapsed().min(time)).min(20 * NAP));
        }
        self.go_on()
    }

    /// Asks all threads to wait.
    pub fn pause(&self) {
        self.paused.store(true, Ordering::Relaxed);
    }

    /// Ends the pause.
    pub fn resume(&self) {
        self.paused.store(false, Ordering::Relaxed);
    }

    /// Asks all threads to end.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Whether all threads were asked to end.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_holds_threads_up_until_it_ends_or_all_ends() {
        let control = Control::default();
        assert!(control.go_on());
        control.pause();
        thread::scope(|scope| {
            let held = scope.spawn(|| control.go_on());
            thread::sleep(30 * NAP);
            assert!(!held.is_finished());
            control.resume();
            assert!(held.join().unwrap());

            control.pause();
            let held = scope.spawn(|| control.go_on_after(Duration::from_secs(3_600)));
            control.stop();
            assert!(!held.join().unwrap());
        });
    }
}
