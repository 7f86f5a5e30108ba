//! What all routes share: who answers, and of what.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use runtime_exposition::ContentEncoding;
use tokio::sync::watch;

use super::answer::Answer;
use super::documents::Document;
use super::events::Events;
use super::guard::Guard;
use super::refusal::Refusal;
use super::sampler::Sampler;
use super::shared::Shared;
use super::snapshots::Snapshots;
use super::source::Source;
use crate::history::History;

type Answers = HashMap<(Document, ContentEncoding), Shared<Answer>>;

/// The state of all routes.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) source: Arc<Source>,
    pub(super) guard: Guard,
    pub(super) snapshots: Snapshots,
    pub(super) events: Events,
    /// True once no more events are to be sent; gone once the desk is.
    pub(super) closed: watch::Sender<bool>,
    maximum_age: Duration,
    history: Mutex<History>,
    /// One for each form of each document that was asked for.
    answers: Mutex<Answers>,
    /// The task that samples, once there is one.
    pub(super) sampler: Mutex<Option<Sampler>>,
}

impl Desk {
    pub(super) fn new(
        source: Source,
        guard: Guard,
        events: Events,
        recent_snapshots: usize,
        maximum_age: Duration,
    ) -> Self {
        // An answer of the largest age may be of a snapshot of the largest age: each gets half.
        let maximum_age = maximum_age / 2;
        let history = Mutex::new(History::new(source.exposition.caller_labels()));
        Self {
            source: Arc::new(source),
            guard,
            snapshots: Snapshots::new(recent_snapshots, maximum_age),
            events,
            closed: watch::Sender::new(false),
            maximum_age,
            history,
            answers: Mutex::default(),
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
        shared.get(age, move || document.write(&self, age)?.compressed(encoding)).await
    }
}
