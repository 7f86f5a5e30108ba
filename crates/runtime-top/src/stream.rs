//! The stream of snapshots, taken up again for as long as somebody watches.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use tokio::sync::{Notify, mpsc};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::back_off::BackOff;
use crate::client::{Client, cause};
use crate::clock::Moment;
use crate::event_text::EventText;
use crate::news::News;
use crate::snapshot::Snapshot;
use crate::trouble::{Trouble, TroubleKind};

/// Bytes of one snapshot document.
pub(crate) const LONGEST_DOCUMENT: usize = 64 * 1024 * 1024;
/// A service that has nothing to say says so as often.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How much later than expected the next snapshot may come before the service is called silent, and the next bytes before the connection is given up.
const SILENT_AFTER: Duration = Duration::from_secs(3);
const GIVE_UP_AFTER: Duration = Duration::from_secs(11);
/// After a snapshot that cannot be taken: the next one is seldom another matter.
const UNTAKEN_WAIT: Duration = Duration::from_secs(10);

/// Follows the snapshots of one service.
#[derive(Debug)]
pub(crate) struct Stream {
    pub(crate) client: Arc<Client>,
    /// Between snapshots.
    pub(crate) interval: Duration,
    pub(crate) news: mpsc::Sender<News>,
    /// Told to try again at once, whatever is waited for.
    pub(crate) hurry: Arc<Notify>,
}

/// Nobody watches any more.
#[derive(Debug)]
struct Unwatched;

impl Stream {
    /// Until nobody watches.
    pub(crate) async fn run(self) {
        let mut back_off = BackOff::new();
        loop {
            let mut has_taken = false;
            let trouble = tokio::select! {
                () = self.hurry.notified() => {
                    back_off.reset();
                    continue;
                }
                ended = self.follow(&mut has_taken) => match ended {
                    Ok(trouble) => trouble,
                    Err(Unwatched) => return,
                },
            };
            if has_taken {
                back_off.reset();
            }
            let wait = back_off.wait(trouble.wait, fastrand::f64());
            if self.tell(News::Trouble(trouble)).await.is_err() {
                return;
            }
            tokio::select! {
                () = self.hurry.notified() => back_off.reset(),
                () = sleep(wait) => {}
                () = self.news.closed() => return,
            }
        }
    }

    /// Follows one connection to its end.
    async fn follow(&self, has_taken: &mut bool) -> Result<Trouble, Unwatched> {
        let route = format!("/events?interval={}", self.interval.as_secs());
        let answer = timeout(self.patience(GIVE_UP_AFTER), self.client.ask(&route, "text/event-stream"));
        let response = tokio::select! {
            () = self.news.closed() => return Err(Unwatched),
            answer = answer => match answer {
                Ok(Ok(response)) => response,
                Ok(Err(trouble)) => return Ok(trouble),
                Err(_) => return Ok(Trouble::new(TroubleKind::Silent, "nothing answers, and nothing refuses the connection")),
            },
        };
        self.read(response.into_body(), has_taken).await
    }

    async fn read(&self, mut body: Incoming, has_taken: &mut bool) -> Result<Trouble, Unwatched> {
        let mut events = EventText::new(LONGEST_DOCUMENT);
        // When bytes came, and when a snapshot did.
        let (mut seen, mut taken) = (Instant::now(), Instant::now());
        let mut is_silent = false;
        loop {
            let overdue = match *has_taken {
                true => (seen + self.patience(SILENT_AFTER)).min(taken + self.interval + SILENT_AFTER),
                false => taken + self.patience(GIVE_UP_AFTER),
            };
            let frame = tokio::select! {
                frame = body.frame() => frame,
                () = sleep_until(seen + self.patience(GIVE_UP_AFTER)) => {
                    return Ok(Trouble::new(TroubleKind::Silent, "it is connected, and nothing comes"));
                }
                () = sleep_until(overdue), if !is_silent => {
                    is_silent = true;
                    let reason = "it is connected, and no whole snapshot comes";
                    self.tell(News::Trouble(Trouble::new(TroubleKind::Silent, reason))).await?;
                    continue;
                }
                () = self.news.closed() => return Err(Unwatched),
            };
            let data = match frame {
                None => return Ok(Trouble::new(TroubleKind::Gone, "it ended the stream")),
                Some(Err(error)) => {
                    return Ok(Trouble::new(
                        TroubleKind::Gone,
                        format!("the stream broke off ({})", cause(&error)),
                    ));
                }
                Some(Ok(frame)) => frame.into_data().unwrap_or_default(),
            };
            seen = Instant::now();
            let arrived = match events.push(&data) {
                Ok(arrived) => arrived,
                Err(error) => {
                    return Ok(Trouble::new(TroubleKind::Refused, error.to_string()).after(UNTAKEN_WAIT));
                }
            };
            // Of those that arrived together, the newest.
            let Some(newest) = arrived.iter().rfind(|event| event.name == b"snapshot") else { continue };
            match Snapshot::parse(&newest.data, Moment::now()) {
                Ok(snapshot) => self.tell(News::Snapshot(Arc::new(snapshot))).await?,
                Err(error) => {
                    return Ok(Trouble::new(TroubleKind::Refused, error.to_string()).after(UNTAKEN_WAIT));
                }
            }
            (*has_taken, taken, is_silent) = (true, Instant::now(), false);
        }
    }

    async fn tell(&self, news: News) -> Result<(), Unwatched> {
        self.news.send(news).await.map_err(|_| Unwatched)
    }

    fn patience(&self, slack: Duration) -> Duration {
        self.interval.min(HEARTBEAT) + slack
    }
}

#[cfg(test)]
mod tests;
