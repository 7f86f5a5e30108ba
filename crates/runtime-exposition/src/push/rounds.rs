//! The rounds of a pusher: take a cut, send it, send it again, give it up or keep it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use runtime_metrics::Snapshot;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep, sleep_until};

use super::backoff::{Backoff, imposed};
use super::doubt::{Doubt, Verdict, Was};
use super::event::{Outage, PushEvent};
use super::handle::{Cut, Stage};
use super::line::Line;
use super::outcome::{Again, Failure, FailureReason, Outcome, Taken};
use super::receiver::{Fate, Parcel, Receiver};

/// A pusher that runs.
pub(crate) struct Rounds<S> {
    // Shared with the thread that encodes, one at a time: the lock is always free.
    receiver: Arc<Mutex<Box<dyn Receiver>>>,
    source: Arc<S>,
    line: Line,
    stage: watch::Receiver<Stage>,
    part: Part,
    /// Sent, perhaps taken, not acknowledged: nothing else is sent before it is answered.
    doubtful: Option<Parcel>,
    doubt: Doubt,
    outage: Outage,
    /// The receiver asked not to be sent anything before.
    not_before: Option<Instant>,
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Pushes,
    LastPush,
    Farewell,
}

/// How a push ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Acknowledged,
    GivenUp,
    /// What it held is not told again: the next interval can be.
    Abandoned,
}

impl<S: Fn() -> Snapshot + Send + Sync + 'static> Rounds<S> {
    pub(crate) fn new(
        receiver: Arc<Mutex<Box<dyn Receiver>>>,
        source: Arc<S>,
        line: Line,
        stage: watch::Receiver<Stage>,
    ) -> Self {
        let address = receiver.lock().unwrap_or_else(PoisonError::into_inner).address();
        Self {
            receiver,
            source,
            stage,
            part: Part::Pushes,
            doubtful: None,
            doubt: Doubt::new(line.schedule.doubt_timeout),
            line,
            outage: Outage::new(address),
            not_before: None,
        }
    }

    /// Rounds until it is told to stop, and the last one after that.
    pub(crate) async fn run(&mut self) {
        let interval = self.line.schedule.interval;
        let first = Instant::now().checked_add(interval);
        match first {
            Some(first) => {
                let mut ticks = interval_at(first, interval);
                ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
                while self.goes_on_after(async { _ = ticks.tick().await }).await {
                    if let Some(instant) = self.not_before.take()
                        && !self.goes_on_after(sleep_until(instant)).await
                    {
                        break;
                    }
                    self.round().await;
                }
            }
            None => _ = self.goes_on_after(std::future::pending()).await,
        }
        self.part = Part::LastPush;
        self.round().await;
        self.part = Part::Farewell;
        let farewell = self.with_receiver(|receiver| receiver.farewell());
        if let Some(request) = farewell {
            let sent = self.attempt(request, self.line.schedule.attempt_timeout).await;
            if let Err(failure) = sent {
                self.line.monitor.attempt_failed(&failure);
                self.line.tell(Some(PushEvent::FarewellFailed {
                    address: self.outage.address(),
                    error: failure.text,
                }));
            }
        }
    }

    /// It was ended before it was done.
    pub(crate) fn cut(&mut self, cut: Cut) {
        self.count_lost_windows();
        let why = match cut {
            Cut::TimeOver => "the time of the shutdown was over",
            Cut::Abandoned => "the pusher was told to end at once",
        };
        let address = self.outage.address();
        let event = if self.part == Part::Farewell {
            PushEvent::FarewellFailed { address, error: format!("{why} before there was an answer") }
        } else {
            let error = self.line.monitor.cut(&format!("{why} before the last push was"));
            PushEvent::LastPushFailed { address, error }
        };
        self.line.tell(Some(event));
    }

    /// Waits; false when it was told to stop instead.
    async fn goes_on_after(&mut self, wait: impl Future<Output = ()>) -> bool {
        tokio::select! {
            biased;
            // An error means that nobody can tell any more, and that this future is about to be dropped.
            _ = self.stage.wait_for(|stage| *stage != Stage::Running) => false,
            () = wait => true,
        }
    }

    fn is_stopping(&self) -> bool {
        *self.stage.borrow() != Stage::Running
    }

    /// One push, or several if windows have ended; before them, what is in doubt.
    async fn round(&mut self) {
        self.count_lost_windows();
        if let Some(parcel) = self.doubtful.take()
            && self.push(parcel, Was::InDoubt).await == End::GivenUp
        {
            return;
        }
        let mut snapshot = None;
        loop {
            let packed = self.pack(snapshot.take()).await;
            self.count_lost_windows();
            match packed {
                Ok((taken, Some(parcel))) => {
                    let has_more = parcel.has_more;
                    if self.push(parcel, Was::NotTaken).await == End::GivenUp || !has_more {
                        return;
                    }
                    snapshot = Some(taken);
                }
                Ok((_, None)) => return,
                Err(text) => {
                    let failure = Failure {
                        reason: FailureReason::Source,
                        taken: Taken::Never,
                        again: Again::No,
                        text,
                    };
                    self.line.monitor.attempt_failed(&failure);
                    self.given_up(&failure);
                    return;
                }
            }
        }
    }

    fn count_lost_windows(&self) {
        self.line.monitor.lost_windows(self.with_receiver(|receiver| receiver.lost_windows()));
    }

    /// Takes a cut unless there is one, and encodes what is next of it, where that may take its time.
    async fn pack(&self, snapshot: Option<Snapshot>) -> Result<(Snapshot, Option<Parcel>), String> {
        let (source, receiver) = (Arc::clone(&self.source), Arc::clone(&self.receiver));
        let packed = tokio::task::spawn_blocking(move || {
            let snapshot = snapshot.unwrap_or_else(|| source());
            let parcel = receiver.lock().unwrap_or_else(PoisonError::into_inner).pack(&snapshot)?;
            Ok((snapshot, parcel))
        });
        packed.await.unwrap_or_else(|_| Err("the source of snapshots panicked".to_owned()))
    }

    /// Sends a parcel, again and again while that is allowed and there is time.
    async fn push(&mut self, parcel: Parcel, mut was: Was) -> End {
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

    async fn attempt(&self, request: Request<Full<Bytes>>, limit: Duration) -> Outcome {
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

    fn given_up(&mut self, failure: &Failure) {
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

    fn with_receiver<T>(&self, ask: impl FnOnce(&mut dyn Receiver) -> T) -> T {
        ask(&mut **self.receiver.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
