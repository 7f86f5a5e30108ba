//! One viewer's stream of events.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use futures_util::stream;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::sleep;

use super::events::Frame;
use super::sampler::over;

/// A viewer is told that it is not forgotten if it hears nothing for this long; a connection that is gone is found out by it.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Frames do not come by the clock: one that comes this much too early is in time.
const MOST_EARLY: Duration = Duration::from_millis(500);
/// The first thing that is sent: how long to wait, in milliseconds, before coming back.
const GREETING: Bytes = Bytes::from_static(b"retry: 2000\n\n");
/// A comment.
const SIGN_OF_LIFE: Bytes = Bytes::from_static(b":\n\n");

/// Whoever reads it. Gives its place back when it is dropped.
#[derive(Debug)]
pub(super) struct Viewer {
    frames: watch::Receiver<Option<Frame>>,
    closed: watch::Receiver<bool>,
    interval: Duration,
    /// The last frame that it has seen, here or before it came back.
    seen: Option<Arc<str>>,
    /// When the last frame that was sent was made.
    sent: Option<Instant>,
    /// When anything was sent; none: not yet.
    spoke: Option<Instant>,
    _place: OwnedSemaphorePermit,
}

impl Viewer {
    pub(super) fn new(
        frames: watch::Receiver<Option<Frame>>,
        closed: watch::Receiver<bool>,
        interval: Duration,
        seen: Option<String>,
        place: OwnedSemaphorePermit,
    ) -> Self {
        let seen = seen.map(Arc::from);
        Self { frames, closed, interval, seen, sent: None, spoke: None, _place: place }
    }

    /// The events, as the body of an answer. It is asked for the next one only when there is room to send it.
    pub(super) fn into_body(self) -> Body {
        Body::from_stream(stream::unfold(self, |mut viewer| async {
            let bytes = viewer.next().await?;
            Some((Ok::<_, Infallible>(bytes), viewer))
        }))
    }

    /// What to send next; none: nothing any more.
    async fn next(&mut self) -> Option<Bytes> {
        let Some(spoke) = self.spoke else { return Some(self.say(GREETING)) };
        let quiet = sleep(HEARTBEAT.saturating_sub(spoke.elapsed()));
        tokio::pin!(quiet);
        loop {
            tokio::select! {
                biased;
                () = over(&mut self.closed) => return None,
                changed = self.frames.changed() => changed.ok()?,
                () = &mut quiet => return Some(self.say(SIGN_OF_LIFE)),
            }
            let frame = self.frames.borrow_and_update().clone();
            if let Some(frame) = frame.filter(|frame| self.is_due(frame)) {
                (self.seen, self.sent) = (Some(frame.id), Some(frame.made));
                return Some(self.say(frame.bytes));
            }
        }
    }

    fn is_due(&self, frame: &Frame) -> bool {
        let is_early = |sent| frame.made + MOST_EARLY < sent + self.interval;
        self.seen.as_ref() != Some(&frame.id) && !self.sent.is_some_and(is_early)
    }

    fn say(&mut self, bytes: Bytes) -> Bytes {
        self.spoke = Some(Instant::now());
        bytes
    }
}
