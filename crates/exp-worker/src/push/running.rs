//! Pushers that run, and how they end.

use std::time::Duration;

use runtime_exposition::push::{PushStatistics, Pusher};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::receiver::Receiver;
use crate::app::App;

/// Pushers that run.
#[derive(Debug)]
pub(crate) struct Running {
    stop: watch::Sender<bool>,
    pushers: JoinSet<(Receiver, PushStatistics)>,
    /// Whose last push is not made yet.
    pending: Vec<Receiver>,
    patience: Duration,
}

impl Running {
    pub(super) fn start(pushers: Vec<(Receiver, Pusher)>, patience: Duration, app: &App) -> Self {
        let (stop, stopping) = watch::channel(false);
        let mut running = Self { stop, pushers: JoinSet::new(), pending: Vec::new(), patience };
        for (receiver, pusher) in pushers {
            let (app, mut stopping) = (app.clone(), stopping.clone());
            running.pending.push(receiver.clone());
            running.pushers.spawn(async move {
                let source = move || app.cut();
                let stop = async move { _ = stopping.wait_for(|stop| *stop).await };
                (receiver, pusher.run(source, stop).await)
            });
        }
        running
    }

    /// Whether nothing is pushed at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.pushers.is_empty()
    }

    /// How long the last pushes take at most.
    pub(crate) fn patience(&self) -> Duration {
        self.patience
    }

    /// Has everybody push a last time, and waits for the end of it; at most until `over`, which says why no longer. Says which last push did not
    /// arrive.
    pub(crate) async fn finish(mut self, over: impl Future<Output = &'static str>) {
        self.stop.send_replace(true);
        let mut over = std::pin::pin!(over);
        loop {
            tokio::select! {
                biased;
                ended = self.pushers.join_next() => match ended {
                    Some(Ok((receiver, statistics))) => {
                        self.pending.retain(|pending| *pending != receiver);
                        report(&receiver, &statistics);
                    }
                    Some(Err(_ended_with_the_runtime)) => {}
                    None => return,
                },
                why = &mut over => {
                    for Receiver { name, address, .. } in &self.pending {
                        tracing::warn!(receiver = name, address, "the last push was dropped, because {why}");
                    }
                    return;
                }
            }
        }
    }
}

fn report(Receiver { name, address, .. }: &Receiver, statistics: &PushStatistics) {
    if statistics.is_failing() {
        let error = statistics.last_error().unwrap_or_default();
        tracing::warn!(receiver = name, address, error, "the last push did not arrive");
    }
}
