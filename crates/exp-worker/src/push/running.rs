//! Pushers that run, and how they end.

use std::future::pending;
use std::time::Duration;

use runtime_exposition::push::{Pusher, PusherHandle};
use tokio::task::JoinSet;

use crate::app::App;

/// Pushers that run.
#[derive(Debug)]
pub(crate) struct Running {
    pushers: JoinSet<()>,
    handles: Vec<PusherHandle>,
    patience: Duration,
}

impl Running {
    pub(super) fn start(pushers: impl IntoIterator<Item = Pusher>, patience: Duration, app: &App) -> Self {
        let mut running = Self { pushers: JoinSet::new(), handles: Vec::new(), patience };
        for pusher in pushers {
            running.handles.push(pusher.handle());
            let app = app.clone();
            running.pushers.spawn(async move {
                pusher.run(move || app.cut(), pending()).await;
            });
        }
        running
    }

    /// Whether nothing is pushed at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.handles.is_empty()
    }

    /// How long the last pushes take at most, if nobody is in a hurry.
    pub(crate) fn patience(&self) -> Duration {
        self.patience
    }

    /// Has everybody push a last time within `limit`, and waits for the end of it; from `hurry` on for nothing.
    pub(crate) async fn finish(mut self, limit: Duration, hurry: impl Future<Output = ()>) {
        self.handles.iter().for_each(|handle| handle.stop_within(limit));
        let all = async { while self.pushers.join_next().await.is_some() {} };
        tokio::select! {
            biased;
            () = all => return,
            () = hurry => self.handles.iter().for_each(PusherHandle::abandon),
        }
        // They say what was dropped.
        while self.pushers.join_next().await.is_some() {}
    }
}
