//! The two monotonic clocks, as nanoseconds on one scale.
//!
//! Both clocks count from the same arbitrary origin and never step. They do not advance while the system is
//! suspended (Linux: `CLOCK_MONOTONIC`).

use std::time::Duration;

use rustix::time::{ClockId, Timespec, clock_gettime};

/// An instant of the monotonic clock, in nanoseconds since its origin (on Linux, roughly the system's boot).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Monotonic(u64);

impl Monotonic {
    /// The present instant, precise to the hardware's resolution.
    ///
    /// Cost: some 25 ns; no lock, no allocation, and on Linux no system call.
    #[must_use]
    pub fn now() -> Self {
        Self::read(ClockId::Monotonic)
    }

    /// The present instant as of the last timer tick: at most a few milliseconds early, never late.
    ///
    /// Cost: some 5 ns on Linux; elsewhere that of [`Monotonic::now`].
    #[must_use]
    pub fn now_coarse() -> Self {
        #[cfg(any(target_os = "linux", target_os = "android"))]
        let clock = ClockId::MonotonicCoarse;
        #[cfg(not(any(target_os = "linux", target_os = "android")))]
        let clock = ClockId::Monotonic;
        Self::read(clock)
    }

    /// The instant that lies `nanoseconds` after the clock's origin.
    #[must_use]
    pub const fn from_nanoseconds(nanoseconds: u64) -> Self {
        Self(nanoseconds)
    }

    /// Nanoseconds since the clock's origin.
    #[must_use]
    pub const fn as_nanoseconds(self) -> u64 {
        self.0
    }

    /// The time from `earlier` to `self`; zero if `earlier` is later.
    #[must_use]
    pub const fn saturating_since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }

    fn read(clock: ClockId) -> Self {
        Self(nanoseconds(clock_gettime(clock)))
    }
}

/// A reading, in nanoseconds, of a clock that counts from the system's boot; 64 bits hold 584 years.
pub(crate) fn nanoseconds(reading: Timespec) -> u64 {
    // Neither part is ever negative.
    (reading.tv_sec as u64).wrapping_mul(1_000_000_000).wrapping_add(reading.tv_nsec as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_coarse_clock_is_never_ahead_of_the_precise_one() {
        for _ in 0..1_000 {
            let coarse = Monotonic::now_coarse();
            assert!(coarse <= Monotonic::now());
        }
    }

    #[test]
    fn the_time_since_a_later_instant_is_zero() {
        let early = Monotonic::from_nanoseconds(5);
        let late = Monotonic::from_nanoseconds(7);
        assert_eq!(late.saturating_since(early), Duration::from_nanos(2));
        assert_eq!(early.saturating_since(late), Duration::ZERO);
    }
}
