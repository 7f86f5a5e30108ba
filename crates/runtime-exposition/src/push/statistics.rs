//! How the pushes fare.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use super::doubt::Abandonment;
use super::outcome::{Acknowledgement, Failure, FailureReason};

/// How the pushes of one pusher fared, from its begin to one instant. All figures are of the same instant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PushStatistics {
    acknowledged: u64,
    failed: u64,
    attempts: u64,
    retries: u64,
    failed_attempts: [u64; FailureReason::ALL.len()],
    rejected_points: u64,
    sent_bytes: u64,
    last_success: Option<SystemTime>,
    last_error: Option<String>,
    /// Since the last success.
    present_error: Option<String>,
    abandoned_records: [u64; Abandonment::ALL.len()],
    lost_windows: u64,
    is_failing: bool,
}

impl PushStatistics {
    fn give_up(&mut self) {
        self.failed += 1;
        self.is_failing = true;
    }

    /// Pushes that the receiver acknowledged.
    #[must_use]
    pub fn acknowledged(&self) -> u64 {
        self.acknowledged
    }

    /// Pushes that were given up until the next one, for want of time or because they were refused.
    #[must_use]
    pub fn failed(&self) -> u64 {
        self.failed
    }

    /// Attempts that were begun: one or more for each push.
    #[must_use]
    pub fn attempts(&self) -> u64 {
        self.attempts
    }

    /// Attempts that sent again what an earlier one of the same push had sent.
    #[must_use]
    pub fn retries(&self) -> u64 {
        self.retries
    }

    /// Attempts that failed for this reason.
    #[must_use]
    pub fn failed_attempts(&self, reason: FailureReason) -> u64 {
        let place = FailureReason::ALL.iter().position(|each| *each == reason);
        place.map_or(0, |place| self.failed_attempts[place])
    }

    /// Data points of acknowledged pushes that the receiver rejected all the same (OTLP's partial success).
    #[must_use]
    pub fn rejected_points(&self) -> u64 {
        self.rejected_points
    }

    /// Bytes of the bodies of all attempts that had a connection, as they were sent: after compression.
    #[must_use]
    pub fn sent_bytes(&self) -> u64 {
        self.sent_bytes
    }

    /// When a push was acknowledged last, by the wall clock.
    #[must_use]
    pub fn last_success(&self) -> Option<SystemTime> {
        self.last_success
    }

    /// The last failure, or the last remark of a receiver that rejected data points: one line. It stays after the next success.
    #[must_use]
    pub fn last_error(&self) -> Option<&str> {
        self.last_error.as_deref()
    }

    /// Requests and deliveries of intervals that are not told again though nobody acknowledged them, by what is known of them. 0 for cumulative pushes, which
    /// tell everything each time.
    #[must_use]
    pub fn abandoned_records(&self, how: Abandonment) -> u64 {
        let place = Abandonment::ALL.iter().position(|each| *each == how);
        place.map_or(0, |place| self.abandoned_records[place])
    }

    /// Windows that a reset ended and of which something may not have been told, because their end was
    /// [handed over](super::PusherHandle::window_ended) too late, not at all, or in too great a number.
    #[must_use]
    pub fn lost_windows(&self) -> u64 {
        self.lost_windows
    }

    /// Whether the last push that ended was given up.
    #[must_use]
    pub fn is_failing(&self) -> bool {
        self.is_failing
    }
}

/// Reads the statistics of a pusher at any time, while it runs and after. Clones share it.
///
/// *Cost:* reading takes a lock that is shared with the pusher alone, which never holds it while it waits; recording has
/// nothing to do with it.
#[derive(Debug, Clone, Default)]
pub struct PushMonitor(Arc<Mutex<PushStatistics>>);

impl PushMonitor {
    /// The statistics as of now.
    #[must_use]
    pub fn statistics(&self) -> PushStatistics {
        self.lock().clone()
    }

    /// Another attempt begins.
    pub(crate) fn begun(&self, is_retry: bool) {
        let mut statistics = self.lock();
        statistics.attempts += 1;
        statistics.retries += u64::from(is_retry);
    }

    /// The body of an attempt was sent, or at least begun to be.
    pub(crate) fn sent(&self, bytes: usize) {
        self.lock().sent_bytes += bytes as u64;
    }

    /// A push is acknowledged.
    pub(crate) fn acknowledged(&self, acknowledgement: &Acknowledgement) {
        let mut statistics = self.lock();
        statistics.acknowledged += 1;
        statistics.rejected_points =
            statistics.rejected_points.saturating_add(acknowledgement.rejected_points);
        statistics.last_success = Some(SystemTime::now());
        statistics.is_failing = false;
        statistics.present_error = None;
        if let Some(remark) = &acknowledgement.remark {
            statistics.last_error = Some(remark.clone());
        }
    }

    /// An attempt failed.
    pub(crate) fn attempt_failed(&self, failure: &Failure) {
        let mut statistics = self.lock();
        if let Some(place) = FailureReason::ALL.iter().position(|reason| *reason == failure.reason) {
            statistics.failed_attempts[place] += 1;
        }
        statistics.last_error = Some(failure.text.clone());
        statistics.present_error = Some(failure.text.clone());
    }

    /// A push is given up.
    pub(crate) fn given_up(&self) {
        self.lock().give_up();
    }

    /// The last push was ended before it was done. Returns what is told of it.
    pub(crate) fn cut(&self, why: &str) -> String {
        let mut statistics = self.lock();
        statistics.give_up();
        let error = match &statistics.present_error {
            Some(failure) => format!("{why}; the last failure before: {failure}"),
            None => why.to_owned(),
        };
        statistics.last_error = Some(error.clone());
        error
    }

    /// An interval is not told again.
    pub(crate) fn abandoned(&self, how: Abandonment, records: u64) {
        let mut statistics = self.lock();
        if let Some(place) = Abandonment::ALL.iter().position(|each| *each == how) {
            statistics.abandoned_records[place] += records;
        }
    }

    /// As many windows as that were lost so far.
    pub(crate) fn lost_windows(&self, lost: u64) {
        self.lock().lost_windows = lost;
    }

    fn lock(&self) -> MutexGuard<'_, PushStatistics> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
