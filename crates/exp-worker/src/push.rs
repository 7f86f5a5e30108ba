//! Pushes: which are asked for, how they run, and what the log says of them.
//!
//! Nothing is sent unless somebody asks for it: by an option, or by a variable that says where to.

use runtime_exposition::Exposition;
use runtime_exposition::push::{
    OtlpConfig, PushConfig, PushConfigError, PushEvent, PushMonitor, PushStatistics, Pusher,
    PushgatewayConfig,
};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::app::App;

/// The job that pushes to a gateway are grouped by: the service's name.
const JOB: &str = "exp-worker";

/// A pusher and the name that log and page have for it.
type NamedPusher = (&'static str, Pusher);

/// Pushers that are set up and do not run yet.
#[derive(Debug)]
pub(crate) struct Pushes(Vec<NamedPusher>);

/// Pushers that run.
#[derive(Debug)]
pub(crate) struct Running {
    stop: watch::Sender<bool>,
    pushers: JoinSet<(&'static str, PushStatistics)>,
}

impl Pushes {
    /// Sets up what the command line and the variables of OpenTelemetry ask for.
    pub(crate) fn set_up(
        otlp: bool,
        pushgateway: Option<String>,
        exposition: &Exposition,
    ) -> Result<Self, PushConfigError> {
        let mut pushers = Vec::new();
        let mut add = |name, config: PushConfig| {
            let pusher = Pusher::new(exposition, config)?.observed_by(move |event| log(name, event));
            pushers.push((name, pusher));
            Ok::<(), PushConfigError>(())
        };
        if otlp
            || OTLP_ENDPOINTS.iter().any(|name| std::env::var_os(name).is_some_and(|text| !text.is_empty()))
        {
            match OtlpConfig::from_env()? {
                Some(config) => add("otlp", config.into())?,
                None => {
                    tracing::info!("no pushes by OTLP: OTEL_SDK_DISABLED or OTEL_METRICS_EXPORTER says so")
                }
            }
        }
        if let Some(url) = pushgateway {
            let job = exposition.service_name().unwrap_or(JOB);
            add("pushgateway", PushgatewayConfig::builder(url, job).build()?.into())?;
        }
        Ok(Self(pushers))
    }

    /// Handles to read from how they fare.
    pub(crate) fn monitors(&self) -> Vec<(&'static str, PushMonitor)> {
        self.0.iter().map(|(name, pusher)| (*name, pusher.monitor())).collect()
    }

    /// Begins to push what the app counts.
    pub(crate) fn start(self, app: &App) -> Running {
        let (stop, stopping) = watch::channel(false);
        let mut running = JoinSet::new();
        for (name, pusher) in self.0 {
            let (app, mut stopping) = (app.clone(), stopping.clone());
            running.spawn(async move {
                let source = move || app.cut();
                let stop = async move { _ = stopping.wait_for(|stop| *stop).await };
                (name, pusher.run(source, stop).await)
            });
        }
        Running { stop, pushers: running }
    }
}

/// Either one says where to push to.
const OTLP_ENDPOINTS: [&str; 2] = ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];

impl Running {
    /// Has everybody push a last time, and waits for the end of it.
    pub(crate) async fn finish(mut self) {
        self.stop.send_replace(true);
        while let Some(ended) = self.pushers.join_next().await {
            if let Ok((receiver, statistics)) = ended
                && statistics.is_failing()
            {
                let error = statistics.last_error().unwrap_or_default();
                tracing::warn!(receiver, error, "the last push did not arrive");
            }
        }
    }
}

/// An outage takes two lines of the log, however long it lasts.
fn log(receiver: &str, event: &PushEvent) {
    match event {
        PushEvent::Failing { error, .. } => tracing::warn!(receiver, error, "pushes fail; they go on"),
        PushEvent::Recovered { failed, .. } => tracing::info!(receiver, failed, "pushes arrive again"),
        PushEvent::Remarked { rejected_points, remark, .. } => {
            tracing::warn!(receiver, rejected_points, remark, "a push arrived, with a remark");
        }
        _ => {}
    }
}
