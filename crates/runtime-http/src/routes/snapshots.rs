//! Snapshots that are handed out, and what was counted since.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use runtime_exposition::{ContentEncoding, Interval};
use runtime_metrics::Snapshot;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::answer::{Answer, Written};
use super::pace::Pace;
use super::query::Since;
use super::recent::Recent;
use super::refusal::Refusal;
use super::shared::Shared;
use super::source::Source;
use super::whole::Whole;

/// Past a burst, a snapshot is taken for those who ask no more often than that.
const EVERY: Duration = Duration::from_millis(500);

/// The burst is this share of the snapshots that are kept. With it, two a second after it, and one a second for viewers, as many as are kept
/// are not handed out in less than a quarter as many seconds.
const BURST_SHARE: usize = 5;

/// What `/snapshot` answers.
#[derive(Debug)]
pub(super) struct Snapshots {
    pub(super) recent: Recent,
    maximum_age: Duration,
    /// The one to hand out: all share it, whatever they want to know of it.
    cuts: Shared<Snapshot>,
    wholes: Mutex<HashMap<ContentEncoding, Whole>>,
    /// Each is of its own interval. They are written one at a time.
    differences: Arc<Semaphore>,
}

impl Snapshots {
    /// Keeps the last `most` that were handed out.
    pub(super) fn new(most: usize, maximum_age: Duration) -> Self {
        let burst = u16::try_from(most / BURST_SHARE).unwrap_or(u16::MAX);
        Self {
            recent: Recent::new(most),
            maximum_age,
            cuts: Shared::paced(Pace::new(burst.into(), EVERY)),
            wholes: Mutex::default(),
            differences: Arc::new(Semaphore::new(1)),
        }
    }

    /// All that was counted in the window.
    pub(super) async fn whole(
        &self,
        source: &Arc<Source>,
        encoding: ContentEncoding,
    ) -> Result<Answer, Refusal> {
        let snapshot = self.hand_out(source).await?;
        // Each time, so that it is kept as long as one that was taken for this answer.
        self.recent.keep(&snapshot);
        let whole = {
            let mut wholes = self.wholes.lock().unwrap_or_else(PoisonError::into_inner);
            wholes.entry(encoding).or_default().clone()
        };
        let source = Arc::clone(source);
        let write = move |snapshot: &Snapshot| {
            Written::json_of(|body| source.exposition.snapshot_json(snapshot, body)).compressed(encoding)
        };
        whole.of(snapshot, write).await
    }

    /// What was counted since a snapshot that was handed out.
    pub(super) async fn difference(
        &self,
        since: Since,
        source: &Arc<Source>,
        encoding: ContentEncoding,
    ) -> Result<Answer, Refusal> {
        // At once: others may be handed out before there is one for this answer.
        let base = self.recent.find(since.sequence);
        let interval = interval(since, base, self.hand_out(source).await?)?;
        self.recent.keep(interval.until());
        // The permit goes along with what is made for somebody who has gone away.
        let permit = Arc::clone(&self.differences).acquire_owned().await.map_err(|_| Refusal::Defect)?;
        let source = Arc::clone(source);
        let write = move || {
            let written = Written::json_of(|body| source.exposition.difference_json(&interval, body));
            let answer = written.compressed(encoding);
            drop(permit);
            answer
        };
        spawn_blocking(write).await.map_err(|_| Refusal::Defect)?
    }

    async fn hand_out(&self, source: &Arc<Source>) -> Result<Snapshot, Refusal> {
        let snapshot = self.cut(source, self.maximum_age).await?;
        // What is counted after one of a window that is over could not be told: none is handed out, however young it is.
        let is_over = snapshot.window_id() != source.metrics.latest().window_id();
        if is_over { self.cut(source, Duration::ZERO).await } else { Ok(snapshot) }
    }

    async fn cut(&self, source: &Arc<Source>, age: Duration) -> Result<Snapshot, Refusal> {
        let source = Arc::clone(source);
        self.cuts.get(age, move || Ok(source.cut(age))).await
    }
}

/// From the snapshot that was asked for, which is `base` if it is kept; or if its window is over from the beginning of the present one.
fn interval(since: Since, base: Option<Snapshot>, until: Snapshot) -> Result<Interval, Refusal> {
    let Since { sequence, instance } = since;
    let instance_id = until.process().instance_id();
    let is_other = |id| id != instance_id;
    if instance.is_some_and(is_other)
        || base.as_ref().is_some_and(|base| is_other(base.process().instance_id()))
    {
        return Err(Refusal::OtherLife { since: sequence });
    }
    // Whatever was counted before the reset is in none of its counts.
    if sequence <= until.window_opened_by() {
        return Ok(Interval::of_window(until));
    }
    let Some(base) = base else {
        let last = until.sequence();
        let is_future = sequence > last;
        return Err(if is_future {
            Refusal::NotTaken { since: sequence, last }
        } else {
            Refusal::Gone { since: sequence }
        });
    };
    // The present snapshot may be one of a certain age, and the other one younger.
    let until = if base.sequence() > until.sequence() { base.clone() } else { until };
    Ok(Interval::between(base, until.clone()).unwrap_or_else(|| Interval::of_window(until)))
}
