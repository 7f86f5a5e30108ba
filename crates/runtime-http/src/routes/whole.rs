//! The document of a whole snapshot.

use std::sync::Arc;

use runtime_metrics::Snapshot;
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;
use uuid::Uuid;

use super::answer::Answer;
use super::refusal::Refusal;
use super::shared::unless_it_panics;

/// The last one that was written in one encoding: once for all who were handed out its snapshot. Clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Whole(Arc<Mutex<Option<Last>>>);

#[derive(Debug)]
struct Last {
    cut: Cut,
    outcome: Result<Answer, Refusal>,
}

/// What tells snapshots apart.
#[derive(Debug, PartialEq, Eq)]
struct Cut {
    instance_id: Uuid,
    sequence: u64,
}

impl Whole {
    /// The document of this snapshot. `write` may block, take its time, and panic.
    pub(super) async fn of(
        &self,
        snapshot: Snapshot,
        write: impl FnOnce(&Snapshot) -> Result<Answer, Refusal> + Send + 'static,
    ) -> Result<Answer, Refusal> {
        let cut = Cut { instance_id: snapshot.process().instance_id(), sequence: snapshot.sequence() };
        let mut last = Arc::clone(&self.0).lock_owned().await;
        if let Some(last) = last.as_ref().filter(|last| last.cut == cut) {
            return last.outcome.clone();
        }
        // The lock goes along: writing goes on if whoever asked has gone away.
        let writing = spawn_blocking(move || {
            let outcome = unless_it_panics(|| write(&snapshot));
            *last = Some(Last { cut, outcome: outcome.clone() });
            outcome
        });
        writing.await.map_err(|_| Refusal::Defect)?
    }
}
