//! How long to wait before trying again.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(4);
/// Whatever the service asks for: somebody looks at the screen.
const LONGEST_ASKED: Duration = Duration::from_secs(60);

/// Doubles from try to try, until something worked.
#[derive(Debug)]
pub(crate) struct BackOff {
    next: Duration,
}

impl BackOff {
    pub(crate) fn new() -> Self {
        Self { next: FIRST }
    }

    pub(crate) fn reset(&mut self) {
        self.next = FIRST;
    }

    /// `asked` is what the service asks to wait at least. `random` is from 0 to 1: not all views of a service come back at the same time.
    pub(crate) fn wait(&mut self, asked: Duration, random: f64) -> Duration {
        let wait = self.next.max(asked.min(LONGEST_ASKED));
        self.next = (self.next * 2).min(LONGEST);
        wait.mul_f64(1.0 + random.clamp(0.0, 1.0) / 4.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_limit_until_something_worked() {
        let mut back_off = BackOff::new();
        let waits: Vec<_> = (0..6).map(|_| back_off.wait(Duration::ZERO, 0.0).as_millis()).collect();
        assert_eq!(waits, [250, 500, 1_000, 2_000, 4_000, 4_000]);
        back_off.reset();
        assert_eq!(back_off.wait(Duration::ZERO, 1.0).as_micros(), 312_500);
    }

    #[test]
    fn what_the_service_asks_for_is_kept_to_within_reason() {
        let mut back_off = BackOff::new();
        assert_eq!(back_off.wait(Duration::from_secs(5), 0.0), Duration::from_secs(5));
        assert_eq!(back_off.wait(Duration::from_secs(86_400), 0.0), Duration::from_secs(60));
    }
}
