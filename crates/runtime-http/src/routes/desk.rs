//! What all routes share: who answers, and of what.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use runtime_exposition::{ContentEncoding, Interval};
use runtime_metrics::Snapshot;
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinHandle, spawn_blocking};

use super::answer::Answer;
use super::documents::{Document, difference};
use super::events::Events;
use super::guard::Guard;
use super::query::Since;
use super::recent::Recent;
use super::refusal::Refusal;
use super::shared::Shared;
use super::source::Source;
use crate::history::History;

type Answers = HashMap<(Document, ContentEncoding), Shared<Result<Answer, Refusal>>>;

/// The state of all routes.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) source: Source,
    pub(super) guard: Guard,
    pub(super) recent: Recent,
    pub(super) events: Events,
    /// True once no more events are to be sent; gone once the desk is.
    pub(super) closed: watch::Sender<bool>,
    maximum_age: Duration,
    history: Mutex<History>,
    /// One for each form of each document that was asked for.
    answers: Mutex<Answers>,
    /// For differences: each is asked for since another snapshot, but all may be up to the same.
    cuts: Shared<Snapshot>,
    /// They are written one at a time.
    differences: Arc<Semaphore>,
    /// The task that samples, once there is one.
    pub(super) sampler: Mutex<Option<JoinHandle<()>>>,
}

impl Desk {
    pub(super) fn new(
        source: Source,
        guard: Guard,
        recent: Recent,
        events: Events,
        maximum_age: Duration,
    ) -> Self {
        let history = Mutex::new(History::new(source.exposition.caller_labels()));
        Self {
            source,
            guard,
            recent,
            events,
            closed: watch::Sender::new(false),
            // An answer of the largest age may be of a snapshot of the largest age: each gets half.
            maximum_age: maximum_age / 2,
            history,
            answers: Mutex::default(),
            cuts: Shared::default(),
            differences: Arc::new(Semaphore::new(1)),
            sampler: Mutex::default(),
        }
    }

    /// Nothing that is done under this lock leaves it half done but a panic of an allocation, so what a poisoned one guards is of use.
    pub(super) fn history(&self) -> MutexGuard<'_, History> {
        self.history.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A document, shared with those who ask at the same time.
    pub(super) async fn answer(
        self: Arc<Self>,
        document: Document,
        encoding: ContentEncoding,
    ) -> Result<Answer, Refusal> {
        let shared = {
            let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
            answers.entry((document, encoding)).or_default().clone()
        };
        let age = document.maximum_age(self.maximum_age);
        shared.get(age, move || document.write(&self, age)?.compressed(encoding)).await?
    }

    /// What was counted since a snapshot that was handed out.
    pub(super) async fn difference(
        self: Arc<Self>,
        since: Since,
        encoding: ContentEncoding,
    ) -> Result<Answer, Refusal> {
        let (desk, age) = (Arc::clone(&self), self.maximum_age);
        let until = self.cuts.get(age, move || desk.source.cut(age)).await?;
        let interval = self.interval(since, until)?;
        // Only then: it may take the place of the other one.
        self.recent.keep(interval.until());
        // One at a time, like all else that is made; the permit goes along with what is made for somebody who has gone away.
        let permit = Arc::clone(&self.differences).acquire_owned().await.map_err(|_| Refusal::Defect)?;
        let write = move || {
            let answer = difference(&self, &interval).compressed(encoding);
            drop(permit);
            answer
        };
        spawn_blocking(write).await.map_err(|_| Refusal::Defect)?
    }

    /// From the snapshot that was asked for, or if its window is over from the beginning of the present one.
    fn interval(&self, since: Since, until: Snapshot) -> Result<Interval, Refusal> {
        let Since { sequence, instance } = since;
        let instance_id = until.process().instance_id();
        if instance.is_some_and(|instance| instance != instance_id) {
            return Err(Refusal::OtherLife { since: sequence });
        }
        if sequence == until.window_opened_by() {
            return Ok(Interval::of_window(until));
        }
        let Some(since) = self.recent.find(sequence) else {
            let last = until.sequence();
            let is_future = sequence > last;
            return Err(if is_future {
                Refusal::NotTaken { since: sequence, last }
            } else {
                Refusal::Gone { since: sequence }
            });
        };
        if since.process().instance_id() != instance_id {
            return Err(Refusal::OtherLife { since: sequence });
        }
        // The present snapshot may be one of a certain age, and the other one younger.
        let until = if since.sequence() > until.sequence() { since.clone() } else { until };
        Ok(Interval::between(since, until.clone()).unwrap_or_else(|| Interval::of_window(until)))
    }
}
