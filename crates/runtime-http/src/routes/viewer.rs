//! One viewer's stream of events.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use futures_util::stream;
use tokio::sync::watch;
use tokio::time::sleep;

use super::events::Frame;
use super::places::Place;
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
    place: Arc<Place>,
}

impl Viewer {
    pub(super) fn new(
        frames: watch::Receiver<Option<Frame>>,
        closed: watch::Receiver<bool>,
        interval: Duration,
        seen: Option<String>,
        place: Arc<Place>,
    ) -> Self {
        let seen = seen.map(Arc::from);
        Self { frames, closed, interval, seen, sent: None, spoke: None, place }
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
        if !self.place.listen() {
            return None;
        }
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
        let now = Instant::now();
        self.spoke = Some(now);
        self.place.send(now);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes::places::Places;

    /// A viewer that has been greeted, who sends it frames, and who can close the routes.
    struct Watched {
        viewer: Viewer,
        frames: watch::Sender<Option<Frame>>,
        closed: watch::Sender<bool>,
        places: Places,
    }

    impl Watched {
        async fn every(seconds: u64) -> Self {
            let (frames, closed, places) =
                (watch::Sender::new(None), watch::Sender::new(false), Places::new(1));
            let place = places.take(Instant::now()).unwrap();
            let interval = Duration::from_secs(seconds);
            let mut viewer = Viewer::new(frames.subscribe(), closed.subscribe(), interval, None, place);
            assert_eq!(viewer.next().await, Some(GREETING));
            Self { viewer, frames, closed, places }
        }

        fn send(&self, id: &'static str, made: Instant) {
            self.frames.send_replace(Some(Frame { bytes: id.into(), id: id.into(), made }));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_viewer_that_hears_nothing_for_a_while_gets_a_comment_again_and_again() {
        let mut watched = Watched::every(1).await;
        for beat in 1..=3 {
            let begun = tokio::time::Instant::now();
            assert_eq!(watched.viewer.next().await, Some(SIGN_OF_LIFE), "{beat}");
            let quiet = begun.elapsed();
            assert!(quiet > HEARTBEAT / 2 && quiet <= HEARTBEAT + Duration::from_millis(1), "{quiet:?}");
        }
        watched.send("1", Instant::now());
        assert_eq!(watched.viewer.next().await, Some("1".into()));
        watched.closed.send_replace(true);
        assert_eq!(watched.viewer.next().await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_viewer_gets_frames_as_far_apart_as_it_asked_for_and_none_twice() {
        let mut watched = Watched::every(2).await;
        let begin = Instant::now();
        let mut got = Vec::new();
        for (id, milliseconds) in
            [("0", 0), ("1", 1_000), ("2", 1_600), ("2", 3_800), ("3", 3_900), ("4", 5_000), ("5", 5_500)]
        {
            watched.send(id, begin + Duration::from_millis(milliseconds));
            got.push(watched.viewer.next().await.unwrap());
        }
        assert_eq!(got, ["0", ":\n\n", "2", ":\n\n", "3", ":\n\n", "5"]);
    }

    #[tokio::test]
    async fn a_viewer_whose_place_was_given_to_somebody_else_is_sent_nothing_more() {
        let mut watched = Watched::every(1).await;
        watched.send("1", Instant::now());
        assert_eq!(watched.viewer.next().await, Some("1".into()));
        watched.send("2", Instant::now());
        let later = Instant::now() + Duration::from_secs(3_600);
        let _next = watched.places.take(later).unwrap();
        assert_eq!(watched.viewer.next().await, None);
    }
}
