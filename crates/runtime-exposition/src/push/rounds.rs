//! The rounds of a pusher: take a cut, send it, send it again, give it up or keep it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use runtime_metrics::Snapshot;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until, timeout};

use super::backoff::{Backoff, imposed};
use super::client::Client;
use super::event::{Outage, PushEvent};
use super::outcome::{Again, Failure, FailureReason, Outcome, Taken};
use super::receiver::{Fate, Parcel, Receiver};
use super::schedule::PushSchedule;
use super::statistics::PushMonitor;

/// Told of events.
pub(crate) type Observer = Box<dyn Fn(&PushEvent) + Send + Sync>;

/// What a pusher sends by, and whom it tells.
pub(crate) struct Line {
    pub(crate) client: Client,
    pub(crate) schedule: PushSchedule,
    pub(crate) monitor: PushMonitor,
    pub(crate) observer: Option<Observer>,
}

/// A pusher that runs.
pub(crate) struct Rounds<S> {
    // Shared with the thread that encodes, one at a time: the lock is always free.
    receiver: Arc<Mutex<Box<dyn Receiver>>>,
    source: Arc<S>,
    line: Line,
    stopping: watch::Receiver<bool>,
    /// Sent, perhaps taken, not acknowledged: nothing else is sent before it is answered.
    doubtful: Option<Parcel>,
    outage: Outage,
    /// The receiver asked not to be sent anything before.
    not_before: Option<Instant>,
}

impl<S: Fn() -> Snapshot + Send + Sync + 'static> Rounds<S> {
    pub(crate) fn new(
        receiver: Arc<Mutex<Box<dyn Receiver>>>,
        source: Arc<S>,
        line: Line,
        stopping: watch::Receiver<bool>,
    ) -> Self {
        Self { receiver, source, line, stopping, doubtful: None, outage: Outage::default(), not_before: None }
    }

    /// Rounds until it is told to stop, and the last one after that.
    pub(crate) async fn run(mut self) {
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
        self.round().await;
        let farewell = self.with_receiver(|receiver| receiver.farewell());
        if let Some(request) = farewell {
            let sent = self.attempt(request, self.line.schedule.attempt_timeout).await;
            if let Err(failure) = sent {
                self.line.monitor.attempt_failed(&failure);
            }
        }
    }

    /// Waits; false when it was told to stop instead.
    async fn goes_on_after(&mut self, wait: impl Future<Output = ()>) -> bool {
        tokio::select! {
            biased;
            // An error means that nobody can tell any more, and that this future is about to be dropped.
            _ = self.stopping.wait_for(|stop| *stop) => false,
            () = wait => true,
        }
    }

    fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// One push; before it, what is in doubt.
    async fn round(&mut self) {
        if let Some(parcel) = self.doubtful.take()
            && !self.push(parcel, true).await
        {
            return;
        }
        match self.pack().await {
            Ok(Some(parcel)) => _ = self.push(parcel, false).await,
            Ok(None) => {}
            Err(text) => {
                let failure =
                    Failure { reason: FailureReason::Source, taken: Taken::Never, again: Again::No, text };
                self.line.monitor.attempt_failed(&failure);
                self.given_up(failure);
            }
        }
    }

    /// Takes a cut and encodes it, where that may take its time.
    async fn pack(&self) -> Result<Option<Parcel>, String> {
        let (source, receiver) = (Arc::clone(&self.source), Arc::clone(&self.receiver));
        let packed = tokio::task::spawn_blocking(move || {
            let snapshot = source();
            receiver.lock().unwrap_or_else(PoisonError::into_inner).pack(snapshot)
        });
        packed.await.unwrap_or_else(|_| Err("the source of snapshots panicked".to_owned()))
    }

    /// Sends a parcel, again and again while that is allowed and there is time; whether it was acknowledged.
    async fn push(&mut self, parcel: Parcel, mut is_doubtful: bool) -> bool {
        let end = Instant::now().checked_add(self.line.schedule.push_timeout);
        let left = || end.map_or(Duration::MAX, |end| end.saturating_duration_since(Instant::now()));
        let mut backoff = Backoff::new(self.line.schedule.first_retry);
        let mut is_retry = false;
        loop {
            self.line.monitor.begun(is_retry);
            let request = self.with_receiver(|receiver| receiver.request(&parcel));
            let outcome = self.attempt(request, left()).await;
            if outcome.as_ref().err().is_none_or(|failure| failure.reason != FailureReason::Connect) {
                self.line.monitor.sent(parcel.0.len());
            }
            let failure = match outcome {
                Ok(acknowledgement) => {
                    self.with_receiver(|receiver| receiver.settle(Fate::Acknowledged));
                    self.line.monitor.acknowledged(&acknowledgement);
                    let over = self.outage.acknowledged();
                    let remarked =
                        self.outage.remarked(acknowledgement.rejected_points, acknowledgement.remark);
                    self.tell(over);
                    self.tell(remarked);
                    return true;
                }
                Err(failure) => failure,
            };
            self.line.monitor.attempt_failed(&failure);
            match failure.taken {
                Taken::NotThisTime => {}
                Taken::Never => is_doubtful = false,
                Taken::Unknown => is_doubtful = true,
            }
            let wait = match failure.again {
                Again::No => None,
                Again::Later => Some(backoff.wait()),
                // Who asks for no wait at all is not pressed harder than others.
                Again::After(wait) => Some(imposed(wait).max(backoff.wait())),
            };
            let goes_on = match wait {
                Some(wait) if wait < left() => self.waits(wait).await,
                Some(wait) => {
                    let is_imposed = matches!(failure.again, Again::After(_));
                    self.not_before = is_imposed.then(|| Instant::now() + wait);
                    false
                }
                None => false,
            };
            if !goes_on {
                if is_doubtful && self.with_receiver(|receiver| receiver.keeps_doubtful()) {
                    self.doubtful = Some(parcel);
                } else {
                    self.with_receiver(|receiver| receiver.settle(Fate::GivenUp));
                }
                self.given_up(failure);
                return false;
            }
            is_retry = true;
        }
    }

    /// Waits before sending again. When the stop comes meanwhile, the last round does what is left to do; in the last
    /// round waits are waits.
    async fn waits(&mut self, wait: Duration) -> bool {
        if self.is_stopping() {
            tokio::time::sleep(wait).await;
            return true;
        }
        self.goes_on_after(tokio::time::sleep(wait)).await
    }

    async fn attempt(
        &self,
        request: http::Request<http_body_util::Full<bytes::Bytes>>,
        limit: Duration,
    ) -> Outcome {
        let limit = limit.min(self.line.schedule.attempt_timeout);
        match timeout(limit, self.line.client.send(request)).await {
            Ok(Ok(answer)) => self.with_receiver(|receiver| receiver.judge(&answer)),
            Ok(Err(failure)) => Err(failure),
            Err(_) => Err(Failure {
                reason: FailureReason::Timeout,
                taken: Taken::Unknown,
                again: Again::Later,
                text: format!("no answer within {} ms", limit.as_millis()),
            }),
        }
    }

    fn given_up(&mut self, failure: Failure) {
        self.line.monitor.given_up();
        let begun = self.outage.given_up(|| failure.text);
        self.tell(begun);
    }

    fn tell(&self, event: Option<PushEvent>) {
        if let (Some(event), Some(observer)) = (event, &self.line.observer) {
            observer(&event);
        }
    }

    fn with_receiver<T>(&self, ask: impl FnOnce(&mut dyn Receiver) -> T) -> T {
        ask(&mut **self.receiver.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
