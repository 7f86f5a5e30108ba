//! How long a receiver that counts by deltas is offered what it does not acknowledge.
//!
//! OTLP tells answers apart that say "later" (retryable), after which the same may be sent again, and those that say "no", after which it must be dropped and counted ("Failures").
//! The rule here keeps more than that, and ends all the same:
//!
//! - Who says "later", or cannot be reached, is asked later, for ever: nothing is lost by an outage.
//! - Who says "no", or says nothing, is asked again for a limited time: an error of a receiver that is mended within it costs nothing, and one request that
//!   it will never take does not hold up those behind it for ever.
//! - Who says "no" to the contents of a request that it may have taken already is believed at once, for there is nothing to be gained: either the contents will never be
//!   taken, or they were, and it is the second sending that is refused.

use std::time::Duration;

use tokio::time::Instant;

use super::outcome::{Failure, FailureReason, Taken};

/// What is known of an interval that is not told again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Abandonment {
    /// The receiver may have it, more than once if it does not know an interval by its bounds; or not.
    InDoubt,
    /// The receiver refused what is in it each time, and does not have it.
    Refused,
}

impl Abandonment {
    /// Every one, in the order of their names.
    pub(crate) const ALL: [Self; 2] = [Self::InDoubt, Self::Refused];

    /// Its name on the wire: a value of the label `outcome`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::InDoubt => "in_doubt",
            Self::Refused => "refused",
        }
    }
}

/// What becomes of a parcel whose push was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is sent as it is until it is answered.
    Keep,
    /// What it held is in the next one.
    Repack,
    /// It is not told again.
    Abandon(Abandonment),
}

/// Judges pushes of deltas that were given up, one interval after the other.
#[derive(Debug)]
pub(crate) struct Doubt {
    limit: Duration,
    /// How long earlier pushes of the present interval took, each from the end of the one before, in which the receiver said "no", or nothing.
    refused_for: Duration,
    /// When the last push of the present interval ended, or the receiver said so for the first time.
    since: Option<Instant>,
    /// Whether it did in the present push: a receiver that breaks by a request cannot be reached afterwards.
    is_refused: bool,
}

impl Doubt {
    pub(crate) fn new(limit: Duration) -> Self {
        Self { limit, refused_for: Duration::ZERO, since: None, is_refused: false }
    }

    /// The interval was acknowledged, or abandoned: the next one begins anew.
    pub(crate) fn is_over(&mut self) {
        *self = Self::new(self.limit);
    }

    /// An attempt of the present push ended now by this failure.
    pub(crate) fn attempt_failed(&mut self, failure: &Failure, now: Instant) {
        let says_later = matches!(failure.reason, FailureReason::Throttled | FailureReason::Unavailable);
        if failure.taken == Taken::Never || failure.taken == Taken::Unknown && !says_later {
            self.since.get_or_insert(now);
            self.is_refused = true;
        }
    }

    /// Whether the receiver has said "no", or nothing, in the present push, and has had its time for another answer.
    pub(crate) fn is_expired(&self, now: Instant) -> bool {
        self.is_refused && self.refused_until(now) >= self.limit
    }

    fn refused_until(&self, now: Instant) -> Duration {
        let present = self.since.map_or(Duration::ZERO, |since| now.saturating_duration_since(since));
        self.refused_for.saturating_add(present)
    }

    /// The push ended now by the failure of its last attempt; `was` is what was known of the parcel before that.
    pub(crate) fn given_up(&mut self, failure: &Failure, was: Was, now: Instant) -> Verdict {
        let is_expired = self.is_expired(now);
        if std::mem::take(&mut self.is_refused) {
            self.refused_for = self.refused_until(now);
        }
        self.since = self.since.map(|_| now);
        match (failure.taken, was) {
            (Taken::Never, Was::InDoubt) => Verdict::Abandon(Abandonment::InDoubt),
            (Taken::Never, Was::NotTaken) if is_expired => Verdict::Abandon(Abandonment::Refused),
            (Taken::Never | Taken::NotThisTime, Was::NotTaken) => Verdict::Repack,
            (Taken::Unknown, _) | (Taken::NotThisTime, Was::InDoubt) if is_expired => {
                Verdict::Abandon(Abandonment::InDoubt)
            }
            (Taken::Unknown, _) | (Taken::NotThisTime, Was::InDoubt) => Verdict::Keep,
        }
    }
}

/// What was known of a parcel before its last attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Was {
    /// No attempt may have been taken.
    NotTaken,
    /// An earlier one may have been.
    InDoubt,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::push::outcome::Again;

    fn failure(reason: FailureReason, taken: Taken) -> Failure {
        Failure { reason, taken, again: Again::No, text: String::new() }
    }

    /// The verdicts of one failure at two instants, the limit between them.
    fn verdicts(reason: FailureReason, taken: Taken, was: Was) -> [Verdict; 2] {
        let mut doubt = Doubt::new(Duration::from_secs(60));
        let now = Instant::now();
        [now, now + Duration::from_secs(60)].map(|now| push(&mut doubt, &failure(reason, taken), was, now))
    }

    /// A push of one attempt.
    fn push(doubt: &mut Doubt, failure: &Failure, was: Was, now: Instant) -> Verdict {
        doubt.attempt_failed(failure, now);
        doubt.given_up(failure, was, now)
    }

    #[test]
    fn a_receiver_that_breaks_by_a_request_and_is_away_then_is_no_outage() {
        let mut doubt = Doubt::new(Duration::from_secs(60));
        let begin = Instant::now();
        let breaks = failure(FailureReason::Connection, Taken::Unknown);
        let away = failure(FailureReason::Connect, Taken::NotThisTime);
        let mut after = |seconds, breaks_first| {
            let now = begin + Duration::from_secs(seconds);
            if breaks_first {
                doubt.attempt_failed(&breaks, now);
            }
            push(&mut doubt, &away, Was::InDoubt, now)
        };
        assert_eq!(after(0, true), Verdict::Keep);
        assert_eq!(after(59, true), Verdict::Keep);
        assert_eq!(after(60, true), Verdict::Abandon(Abandonment::InDoubt));
    }

    #[test]
    fn the_time_of_an_outage_is_not_held_against_the_interval_that_it_began_with() {
        let mut doubt = Doubt::new(Duration::from_secs(60));
        let begin = Instant::now();
        let breaks = failure(FailureReason::Connection, Taken::Unknown);
        let away = failure(FailureReason::Connect, Taken::NotThisTime);
        let mut after =
            |seconds, failure| push(&mut doubt, failure, Was::InDoubt, begin + Duration::from_secs(seconds));
        assert_eq!(after(0, &breaks), Verdict::Keep);
        assert_eq!([after(60, &away), after(7_200, &away)], [Verdict::Keep; 2]);
        assert_eq!([after(7_201, &breaks), after(7_259, &breaks)], [Verdict::Keep; 2]);
        assert_eq!(after(7_260, &breaks), Verdict::Abandon(Abandonment::InDoubt));
    }

    #[test]
    fn who_says_no_or_nothing_is_asked_for_a_limited_time_and_who_says_later_for_ever() {
        use FailureReason::{Connect, Connection, Refused, Throttled, Timeout, Unavailable};
        use Verdict::{Abandon, Keep, Repack};
        let (in_doubt, refused) = (Abandon(Abandonment::InDoubt), Abandon(Abandonment::Refused));
        for (reason, taken, was, expected) in [
            (Refused, Taken::Unknown, Was::NotTaken, [Keep, in_doubt]),
            (Timeout, Taken::Unknown, Was::NotTaken, [Keep, in_doubt]),
            (Connection, Taken::Unknown, Was::InDoubt, [Keep, in_doubt]),
            (Unavailable, Taken::Unknown, Was::InDoubt, [Keep, Keep]),
            (Throttled, Taken::NotThisTime, Was::InDoubt, [Keep, Keep]),
            (Connect, Taken::NotThisTime, Was::InDoubt, [Keep, Keep]),
            (Connect, Taken::NotThisTime, Was::NotTaken, [Repack, Repack]),
            // Not for what is in it: 401, 404 and their like.
            (Refused, Taken::NotThisTime, Was::InDoubt, [Keep, Keep]),
            (Refused, Taken::NotThisTime, Was::NotTaken, [Repack, Repack]),
            (Refused, Taken::Never, Was::NotTaken, [Repack, refused]),
            (Refused, Taken::Never, Was::InDoubt, [in_doubt, in_doubt]),
        ] {
            assert_eq!(verdicts(reason, taken, was), expected, "{reason:?}, {taken:?}, {was:?}");
        }
    }

    #[test]
    fn each_interval_has_its_own_time() {
        let mut doubt = Doubt::new(Duration::from_secs(60));
        let silence = failure(FailureReason::Timeout, Taken::Unknown);
        let begin = Instant::now();
        let mut after =
            |seconds| push(&mut doubt, &silence, Was::NotTaken, begin + Duration::from_secs(seconds));
        assert_eq!([after(0), after(59)], [Verdict::Keep; 2]);
        doubt.is_over();
        let mut after =
            |seconds| push(&mut doubt, &silence, Was::NotTaken, begin + Duration::from_secs(seconds));
        assert_eq!([after(61), after(120)], [Verdict::Keep; 2]);
        assert_eq!(after(121), Verdict::Abandon(Abandonment::InDoubt));
    }
}
