//! Pushes: which are asked for, and to whom they go.
//!
//! Nothing is sent unless somebody asks for it: by an option, or by a variable that says where to.

mod event_log;
mod receiver;
mod running;
mod wanted;

use std::time::Duration;

use runtime_exposition::Exposition;
use runtime_exposition::push::{OtlpConfig, PushConfigError, PushMonitor, Pusher, PushgatewayConfig};

use crate::app::{App, service_name};
use crate::variable::variable;
use event_log::log;
use receiver::Receiver;
pub(crate) use running::Running;
use wanted::Wanted;

/// Either one says where to push to.
const OTLP_ENDPOINTS: [&str; 2] = ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];

/// What errors call the Pushgateway's URL.
const PUSHGATEWAY: &str = "--pushgateway (or EXP_PUSHGATEWAY)";

/// Pushers that are set up and do not run yet.
#[derive(Debug, Default)]
pub(crate) struct Pushes {
    pushers: Vec<(Receiver, Pusher)>,
    /// How long the last pushes may take.
    patience: Duration,
}

impl Pushes {
    /// Sets up what the command line and the variables of OpenTelemetry ask for.
    pub(crate) fn set_up(
        otlp: bool,
        pushgateway: Option<String>,
        exposition: &Exposition,
    ) -> Result<Self, PushConfigError> {
        let mut pushes = Self::default();
        if otlp || OTLP_ENDPOINTS.iter().any(|name| variable(name).is_some()) {
            match OtlpConfig::from_env()? {
                Some(config) => pushes.add(Wanted::otlp(config), exposition)?,
                None => {
                    tracing::info!("no pushes by OTLP: OTEL_SDK_DISABLED or OTEL_METRICS_EXPORTER says so")
                }
            }
        }
        if let Some(url) = pushgateway {
            let job = service_name(exposition);
            let config = PushgatewayConfig::builder(url, job).url_from(PUSHGATEWAY).build()?;
            pushes.add(Wanted::pushgateway(config, job), exposition)?;
        }
        let monitors = pushes.monitors();
        let showing = |(receiver, pusher): (_, Pusher)| (receiver, pusher.showing_pushes(monitors.clone()));
        pushes.pushers = pushes.pushers.into_iter().map(showing).collect();
        Ok(pushes)
    }

    fn add(&mut self, wanted: Wanted, exposition: &Exposition) -> Result<(), PushConfigError> {
        let Wanted { name, manner, schedule, config } = wanted;
        let pusher = Pusher::new(exposition, config)?.observed_by(move |event| log(name, event));
        self.patience = self.patience.max(schedule.shutdown_timeout);
        self.pushers.push((Receiver { name, address: pusher.address(), manner }, pusher));
        Ok(())
    }

    /// Handles to read from how they fare, by the receivers' names.
    pub(crate) fn monitors(&self) -> Vec<(&'static str, PushMonitor)> {
        self.pushers.iter().map(|(receiver, pusher)| (receiver.name, pusher.monitor())).collect()
    }

    /// Who is pushed to, for the start message.
    pub(crate) fn receivers(&self) -> impl Iterator<Item = &Receiver> {
        self.pushers.iter().map(|(receiver, _)| receiver)
    }

    /// Begins to push what the app counts.
    pub(crate) fn start(self, app: &App) -> Running {
        Running::start(self.pushers.into_iter().map(|(_, pusher)| pusher), self.patience, app)
    }
}
