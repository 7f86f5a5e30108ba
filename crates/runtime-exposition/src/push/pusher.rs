//! The pusher: what it is told, and its life.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex};

use runtime_metrics::Snapshot;
use tokio::sync::watch;

use super::client::Client;
use super::error::PushConfigError;
use super::event::PushEvent;
use super::handle::{PusherHandle, Stage, cut};
use super::line::Line;
use super::receiver::Receiver;
use super::rounds::Rounds;
use super::schedule::PushSchedule;
use super::statistics::{PushMonitor, PushStatistics};
use crate::Exposition;

/// Where to push, and how: what [`Pusher::new`] is told.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum PushConfig {
    /// To an OpenTelemetry receiver.
    #[cfg(feature = "push-otlp")]
    Otlp(super::OtlpConfig),
    /// To a Prometheus Pushgateway.
    #[cfg(feature = "pushgateway")]
    Pushgateway(super::PushgatewayConfig),
}

#[cfg(feature = "push-otlp")]
impl From<super::OtlpConfig> for PushConfig {
    fn from(config: super::OtlpConfig) -> Self {
        Self::Otlp(config)
    }
}

#[cfg(feature = "pushgateway")]
impl From<super::PushgatewayConfig> for PushConfig {
    fn from(config: super::PushgatewayConfig) -> Self {
        Self::Pushgateway(config)
    }
}

/// Sends snapshots to one receiver, at intervals and a last time at the end. See the [module](super) for what it guarantees.
pub struct Pusher {
    receiver: Box<dyn Receiver>,
    line: Line,
    handle: PusherHandle,
}

impl fmt::Debug for Pusher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pusher").field("receiver", &self.receiver).finish_non_exhaustive()
    }
}

impl Pusher {
    /// Prepares to push what `exposition` makes of snapshots. Nothing is sent and nobody is connected to yet.
    ///
    /// *Cost:* reads the certificates that the configuration names, or those that the machine trusts if the receiver is spoken to by TLS.
    ///
    /// # Errors
    ///
    /// [`PushConfigError`] when these cannot be used.
    pub fn new(exposition: &Exposition, config: impl Into<PushConfig>) -> Result<Self, PushConfigError> {
        match config.into() {
            #[cfg(feature = "push-otlp")]
            PushConfig::Otlp(config) => {
                let client = config.client()?;
                let schedule = config.schedule();
                Ok(Self::with(config.receiver(exposition.clone()), client, schedule))
            }
            #[cfg(feature = "pushgateway")]
            PushConfig::Pushgateway(config) => {
                let client = config.client()?;
                let schedule = config.schedule();
                Ok(Self::with(config.receiver(exposition.clone()), client, schedule))
            }
        }
    }

    fn with(mut receiver: Box<dyn Receiver>, client: Client, schedule: PushSchedule) -> Self {
        let monitor = PushMonitor::default();
        receiver.show_pushes(vec![(OWN_NAME.to_owned(), monitor.clone())]);
        let (stage, _) = watch::channel(Stage::Running);
        let handle = PusherHandle { windows: receiver.ended_windows(), stage: Arc::new(stage) };
        Self { receiver, line: Line { client, schedule, monitor, observer: None }, handle }
    }

    /// The receiver's address, for the log: without credentials and query.
    #[must_use]
    pub fn address(&self) -> String {
        self.receiver.address().to_string()
    }

    /// A handle to speak to the pusher while it runs.
    #[must_use]
    pub fn handle(&self) -> PusherHandle {
        self.handle.clone()
    }

    /// Has the page that a Pushgateway gets show how these pushes fare, by the names that they have as the label `push_receiver`; without this it shows the pusher's own as
    /// `pushgateway`. OTLP has no room for them.
    #[must_use]
    pub fn showing_pushes<N: Into<String>>(
        mut self,
        pushes: impl IntoIterator<Item = (N, PushMonitor)>,
    ) -> Self {
        self.receiver.show_pushes(pushes.into_iter().map(|(name, monitor)| (name.into(), monitor)).collect());
        self
    }

    /// Calls `observer` when an outage begins or ends, when a receiver rejects something, and when something is lost: for the log. It is called between attempts
    /// and must not block.
    #[must_use]
    pub fn observed_by(mut self, observer: impl Fn(&PushEvent) + Send + Sync + 'static) -> Self {
        self.line.observer = Some(Box::new(observer));
        self
    }

    /// A handle to read from, at any time, how the pushes fare.
    #[must_use]
    pub fn monitor(&self) -> PushMonitor {
        self.line.monitor.clone()
    }

    /// Pushes at every interval, the first one after one interval, until `shutdown` is ready or the [handle](Self::handle) says so; then pushes a last time. Returns how the
    /// pushes fared.
    ///
    /// `source` takes the snapshots: `move || metrics.snapshot()`. It is called, and what it returns is encoded, on a thread of the runtime
    /// where that may take its time. A source that panics is a failed push like any other.
    ///
    /// The future ends within [`shutdown_timeout`](PushSchedule::shutdown_timeout) of `shutdown`, whatever the receiver does, or within the time that
    /// [`stop_within`](PusherHandle::stop_within) allows; with a receiver that is dead the last push takes all of it. [`abandon`](PusherHandle::abandon) ends it at once. Spawn it; dropping
    /// it ends it at once, without a last push and without a word. Needs a Tokio runtime with time and I/O.
    pub async fn run<S, F>(self, source: S, shutdown: F) -> PushStatistics
    where
        S: Fn() -> Snapshot + Send + Sync + 'static,
        F: Future<Output = ()> + Send,
    {
        let Self { receiver, line, handle } = self;
        let (monitor, limit) = (line.monitor.clone(), line.schedule.shutdown_timeout);
        let stage = || handle.stage.subscribe();
        let mut rounds = Rounds::new(Arc::new(Mutex::new(receiver)), Arc::new(source), line, stage());
        let stop = async {
            shutdown.await;
            handle.stop_within(limit);
            std::future::pending::<Infallible>().await
        };
        let cut = tokio::select! {
            biased;
            () = rounds.run() => None,
            cut = cut(stage()) => Some(cut),
            never = stop => match never {},
        };
        if let Some(cut) = cut {
            rounds.cut(cut);
        }
        monitor.statistics()
    }
}

/// What a page calls the pusher that sends it.
const OWN_NAME: &str = "pushgateway";
