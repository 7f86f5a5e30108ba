//! The rounds of a pusher: take a cut, push it, and what is in doubt before it.

mod push;

use std::sync::{Arc, Mutex, PoisonError};

use runtime_metrics::Snapshot;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until};

use super::doubt::{Doubt, Was};
use super::event::{Outage, PushEvent};
use super::handle::{Cut, Stage};
use super::line::Line;
use super::outcome::{Again, Failure, FailureReason, Taken};
use super::receiver::{Parcel, Receiver};
use push::End;

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

    fn with_receiver<T>(&self, ask: impl FnOnce(&mut dyn Receiver) -> T) -> T {
        ask(&mut **self.receiver.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
