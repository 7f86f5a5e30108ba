//! What a pusher sends by, and whom it tells.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use hyper_util::client::legacy::connect::capture_connection;
use tokio::time::timeout;

use super::client::{Answer, Client};
use super::event::PushEvent;
use super::outcome::{Again, Failure, FailureReason, Taken};
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

impl Line {
    /// Sends a request once, and waits for the answer as long as an attempt may take, and not longer than `limit`.
    pub(crate) async fn send(
        &self,
        mut request: Request<Full<Bytes>>,
        limit: Duration,
    ) -> Result<Answer, Failure> {
        let limit = limit.min(self.schedule.attempt_timeout);
        // Told when the name was found, and TCP and TLS are through: before that nothing was sent.
        let connection = capture_connection(&mut request);
        timeout(limit, self.client.send(request)).await.unwrap_or_else(|_| {
            let is_connected = connection.connection_metadata().is_some();
            let (reason, taken, missing) = if is_connected {
                (FailureReason::Timeout, Taken::Unknown, "answer")
            } else {
                (FailureReason::Connect, Taken::NotThisTime, "connection")
            };
            let text = format!("no {missing} within {} ms", limit.as_millis());
            Err(Failure { reason, taken, again: Again::Later, text })
        })
    }

    pub(crate) fn tell(&self, event: Option<PushEvent>) {
        if let (Some(event), Some(observer)) = (event, &self.observer) {
            observer(&event);
        }
    }
}
