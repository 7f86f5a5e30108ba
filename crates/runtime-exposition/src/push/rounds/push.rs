//! One push: a parcel is sent, sent again, and given up, kept or abandoned.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use runtime_metrics::Snapshot;
use tokio::time::{Instant, sleep};

use super::{Part, Rounds};
use crate::push::backoff::{Backoff, imposed};
use crate::push::doubt::{Verdict, Was};
use crate::push::event::PushEvent;
use crate::push::handle::Stage;
use crate::push::outcome::{Again, Failure, FailureReason, Outcome, Taken};
use crate::push::receiver::{Fate, Parcel};

/// How a push ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Acknowledged,
    GivenUp,
    /// What it held is not told again: the next interval can be.
    Abandoned,
}

impl<S: Fn() -> Snapshot + Send + Sync + 'static> Rounds<S> {
    /// Sends a parcel, again and again while that is allowed and there is time.
    pub(super) async fn push(&mut self, parcel: Parcel, mut was: Was) -> End {
        let end = Instant::now().checked_add(self.line.schedule.push_timeout);
        let left = || end.map_or(Duration::MAX, |end| end.saturating_duration_since(Instant::now()));
        let mut backoff = Backoff::new(self.line.schedule.first_retry);
        let is_delta = self.with_receiver(|receiver| receiver.counts_by_deltas());
        let mut is_retry = false;
        loop {
            self.line.monitor.begun(is_retry);
            let request = self.with_receiver(|receiver| receiver.request(&parcel));
            let outcome = self.attempt(request, left()).await;
            if outcome.as_ref().err().is_none_or(|failure| failure.reason != FailureReason::Connect) {
                self.line.monitor.sent(parcel.body.len());
            }
            let failure = match outcome {
                Ok(acknowledgement) => {
                    self.with_receiver(|receiver| receiver.settle(Fate::Acknowledged));
                    self.doubt.is_over();
                    self.line.monitor.acknowledged(&acknowledgement);
                    let over = self.outage.acknowledged();
                    let remarked =
                        self.outage.remarked(acknowledgement.rejected_points, acknowledgement.remark);
                    self.line.tell(over);
                    self.line.tell(remarked);
                    return End::Acknowledged;
                }
                Err(failure) => failure,
            };
            self.line.monitor.attempt_failed(&failure);
            self.doubt.attempt_failed(&failure, Instant::now());
            let is_expired = is_delta && self.doubt.is_expired(Instant::now());
            let wait = match failure.again {
                Again::No => None,
                Again::Later => Some(backoff.wait()),
                // Who asks for no wait at all is not pressed harder than others.
                Again::After(wait) => Some(imposed(wait).max(backoff.wait())),
            };
            let goes_on = match wait {
                _ if is_expired => false,
                Some(wait) if wait < left() => {
                    self.retried(&failure.text);
                    self.waits(wait).await
                }
                Some(wait) => {
                    let is_imposed = matches!(failure.again, Again::After(_));
                    self.not_before = is_imposed.then(|| Instant::now() + wait);
                    false
                }
                None => false,
            };
            if !goes_on {
                return self.keep_or_not(parcel, &failure, was);
            }
            // That this attempt was not taken says nothing of an earlier one.
            if failure.taken == Taken::Unknown {
                was = Was::InDoubt;
            }
            is_retry = true;
        }
    }

    /// What becomes of a parcel whose push ended by this failure.
    fn keep_or_not(&mut self, parcel: Parcel, failure: &Failure, was: Was) -> End {
        let is_delta = self.with_receiver(|receiver| receiver.counts_by_deltas());
        let verdict =
            if is_delta { self.doubt.given_up(failure, was, Instant::now()) } else { Verdict::Repack };
        match verdict {
            Verdict::Keep => self.doubtful = Some(parcel),
            Verdict::Repack => _ = self.with_receiver(|receiver| receiver.settle(Fate::GivenUp)),
            Verdict::Abandon(how) => {
                let records = self.with_receiver(|receiver| receiver.settle(Fate::Abandoned));
                self.doubt.is_over();
                self.line.monitor.given_up();
                self.line.monitor.abandoned(how, records);
                let (address, error) = (self.outage.address(), failure.text.clone());
                self.line.tell(Some(PushEvent::Abandoned { address, records, how, error }));
                return End::Abandoned;
            }
        }
        self.given_up(failure);
        End::GivenUp
    }

    /// Waits before sending again. When the stop comes meanwhile, or has come, the last round does what is left to do; in the last
    /// round waits are waits.
    async fn waits(&mut self, wait: Duration) -> bool {
        if self.part == Part::Pushes {
            return self.goes_on_after(sleep(wait)).await;
        }
        sleep(wait).await;
        true
    }

    pub(super) async fn attempt(&self, request: Request<Full<Bytes>>, limit: Duration) -> Outcome {
        let answer = self.line.send(request, limit).await?;
        self.with_receiver(|receiver| receiver.judge(&answer))
    }

    /// An attempt is about to be made again.
    fn retried(&mut self, error: &str) {
        let event = match (self.part, *self.stage.borrow()) {
            (Part::LastPush, Stage::Stopping(end)) => {
                let left = end.map_or(Duration::MAX, |end| end.saturating_duration_since(Instant::now()));
                self.outage.delayed(error, left)
            }
            (Part::Pushes, Stage::Running) => self.outage.retried(error),
            _ => None,
        };
        self.line.tell(event);
    }

    pub(super) fn given_up(&mut self, failure: &Failure) {
        self.line.monitor.given_up();
        let event = match self.part {
            Part::LastPush | Part::Farewell => {
                let (address, error) = (self.outage.address(), failure.text.clone());
                Some(PushEvent::LastPushFailed { address, error })
            }
            // The last push follows at once, and is what is told of.
            Part::Pushes if self.is_stopping() => None,
            Part::Pushes => self.outage.given_up(&failure.text),
        };
        self.line.tell(event);
    }
}
