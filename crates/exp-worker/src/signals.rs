//! What the signals of the operating system do.

use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::app::App;
use crate::configuration::Source;
use crate::reload::reload;
use crate::seconds::Seconds;
use crate::stop::{Phase, Stop};

/// The signals that the worker listens to, from the moment this is made: none of them kills it any more.
#[derive(Debug)]
pub(crate) struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl Signals {
    /// Must be called inside the runtime.
    pub(crate) fn install() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    /// Returns at the next SIGTERM or SIGINT.
    pub(crate) async fn asked_to_stop(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    /// Obeys signals for the rest of the process: SIGTERM and SIGINT stop, a second one at once; SIGHUP
    /// reloads, one reload at a time (several signals during one reload make one more). `drain_timeout` is what answers in flight are told to
    /// have.
    pub(crate) async fn obey(self, app: App, source: Source, stop: Stop, drain_timeout: Duration) {
        let Self { mut terminate, mut interrupt, mut hang_up } = self;
        let reloads = async {
            while hang_up.recv().await.is_some() {
                reload(&app, &source).await;
            }
        };
        let stops = async {
            loop {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = interrupt.recv() => {}
                }
                if stop.drain() == Phase::Serving {
                    tracing::info!(
                        "stopping: no new connection; answers in flight have up to {}; a second signal stops at once",
                        Seconds(drain_timeout)
                    );
                } else if stop.cut() == Phase::Draining {
                    tracing::info!("a second signal: stopping at once");
                }
            }
        };
        tokio::join!(reloads, stops);
    }
}
