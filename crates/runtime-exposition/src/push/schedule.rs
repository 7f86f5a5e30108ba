//! When pushes happen, and how long they may take.

use std::time::Duration;

/// When pushes happen, and how long they may take.
///
/// [`Duration::MAX`] is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PushSchedule {
    /// From the begin of one push to the begin of the next. A push that takes longer delays the next one; there is never more than one.
    pub interval: Duration,
    /// How long one attempt may take, from the connection to the last byte of the answer.
    pub attempt_timeout: Duration,
    /// How long one push may take: its attempts, and the waits between them.
    pub push_timeout: Duration,
    /// The longest wait before the first time that the same is sent again; it doubles with each further time, up to 30 s. Waits are random, see [`push`](super).
    pub first_retry: Duration,
    /// How long a receiver of deltas may refuse one interval, or leave it without an answer, before it is told no more: see [deltas](super#deltas).
    pub doubt_timeout: Duration,
    /// How long everything may take that is still done after the shutdown began, the last push included.
    pub shutdown_timeout: Duration,
}

/// A push each minute, of 30 s at most, in attempts of 10 s: the defaults of OpenTelemetry. 1 s for the first wait, an hour for a receiver in doubt,
/// 5 s for the shutdown.
impl Default for PushSchedule {
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(60),
            attempt_timeout: Duration::from_secs(10),
            push_timeout: Duration::from_secs(30),
            first_retry: Duration::from_secs(1),
            doubt_timeout: Duration::from_secs(60 * 60),
            shutdown_timeout: Duration::from_secs(5),
        }
    }
}

impl PushSchedule {
    /// The same with an interval that a timer can have, and waits that are some.
    pub(crate) fn usable(self) -> Self {
        let least = Duration::from_millis(1);
        Self { interval: self.interval.max(least), first_retry: self.first_retry.max(least), ..self }
    }
}
