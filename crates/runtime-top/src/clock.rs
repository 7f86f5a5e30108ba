//! Two clocks read at once.

use std::time::Instant;

use jiff::Timestamp;

/// A moment, by both clocks: the monotonic one may stand still while the machine sleeps, the other one may be set back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) monotonic: Instant,
    pub(crate) wall: Timestamp,
}

impl Moment {
    pub(crate) fn now() -> Self {
        Self { monotonic: Instant::now(), wall: Timestamp::now() }
    }

    /// In seconds; never less than nothing.
    pub(crate) fn since(self, earlier: Self) -> f64 {
        let monotonic = self.monotonic.saturating_duration_since(earlier.monotonic).as_secs_f64();
        monotonic.max(self.wall.duration_since(earlier.wall).as_secs_f64())
    }
}
