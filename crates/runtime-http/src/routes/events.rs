//! Snapshots for viewers: one a second, written once for all of them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use runtime_exposition::Exposition;
use runtime_metrics::Snapshot;
use tokio::sync::{Notify, watch};

use super::places::Places;
use super::refusal::Refusal;
use super::viewer::Viewer;

/// A frame of this age is still sent to a viewer that comes: the next one is about to be there.
const FRESH: Duration = Duration::from_secs(1);

/// The last frame, and places for those who watch.
#[derive(Debug)]
pub(super) struct Events {
    /// Who is slow finds the last one only: none is ever queued.
    frames: watch::Sender<Option<Frame>>,
    /// Told when a viewer comes that has nothing to see.
    wanted: Arc<Notify>,
    places: Places,
}

/// One snapshot as an event. A clone shares its bytes.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub(super) bytes: Bytes,
    pub(super) id: Arc<str>,
    pub(super) made: Instant,
}

impl Events {
    /// For `most` viewers at once.
    pub(super) fn new(most: usize) -> Self {
        Self { frames: watch::Sender::new(None), wanted: Arc::default(), places: Places::new(most) }
    }

    pub(super) fn wanted(&self) -> Arc<Notify> {
        Arc::clone(&self.wanted)
    }

    pub(super) fn are_watched(&self) -> bool {
        self.places.are_watched(Instant::now())
    }

    pub(super) fn send(&self, exposition: &Exposition, snapshot: &Snapshot) {
        self.frames.send_replace(Some(Frame::of(exposition, snapshot)));
    }

    /// A place among the viewers. One that has seen the frame `seen` gets the next one first.
    pub(super) fn watch(
        &self,
        interval: Duration,
        seen: Option<String>,
        closed: watch::Receiver<bool>,
    ) -> Result<Viewer, Refusal> {
        let place = self.places.take(Instant::now());
        let place = place.ok_or_else(|| Refusal::TooManyViewers { most: self.places.most() })?;
        let mut frames = self.frames.subscribe();
        let is_fresh = |frame: &Frame| frame.made.elapsed() < FRESH;
        if frames.borrow_and_update().as_ref().is_some_and(is_fresh) {
            frames.mark_changed();
        } else {
            self.wanted.notify_one();
        }
        Ok(Viewer::new(frames, closed, interval, seen, place))
    }
}

impl Frame {
    /// Source of the format: HTML Living Standard, section 9.2, "Server-sent events".
    fn of(exposition: &Exposition, snapshot: &Snapshot) -> Self {
        let id = format!("{}.{}", snapshot.process().instance_id(), snapshot.sequence());
        let mut bytes = format!("id: {id}\nevent: snapshot\ndata: ").into_bytes();
        exposition.snapshot_json(snapshot, &mut bytes); // one line
        bytes.extend_from_slice(b"\n\n");
        Self { bytes: bytes.into(), id: id.into(), made: Instant::now() }
    }
}
