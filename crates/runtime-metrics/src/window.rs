//! The time from one reset to the next.

use std::time::{Duration, SystemTime};

use runtime_identity::clock::Monotonic;

/// When a window began, on both clocks.
///
/// Times within a window are its wall-clock start plus the monotonic time since: a wall clock that is stepped in
/// the middle of a window reorders nothing in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    started_at: SystemTime,
    started: Monotonic,
}

impl Window {
    /// A window that began at `started`, which does not lie in the future.
    pub(crate) fn beginning(started: Monotonic) -> Self {
        let ago = Monotonic::now().saturating_since(started);
        let now = SystemTime::now();
        Self { started_at: now.checked_sub(ago).unwrap_or(now), started }
    }

    pub(crate) fn started_at(&self) -> SystemTime {
        self.started_at
    }

    pub(crate) fn started(&self) -> Monotonic {
        self.started
    }

    /// The time from the window's start to `instant`; zero for an instant before the start.
    pub(crate) fn elapsed(&self, instant: Monotonic) -> Duration {
        instant.saturating_since(self.started)
    }

    /// The wall-clock time of `instant`; an instant before the window's start counts as the start.
    pub(crate) fn wall(&self, instant: Monotonic) -> SystemTime {
        let elapsed = self.elapsed(instant);
        self.started_at.checked_add(elapsed).unwrap_or(self.started_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_before_the_start_counts_as_the_start() {
        let now = Monotonic::now();
        let window = Window::beginning(now);
        assert_eq!(window.wall(Monotonic::from_nanoseconds(0)), window.started_at());
        let later = Monotonic::from_nanoseconds(now.as_nanoseconds() + 5_000_000);
        assert_eq!(window.wall(later), window.started_at() + Duration::from_millis(5));
    }
}
