//! Pushes: which are asked for, and to whom they go.
//!
//! Nothing is sent unless somebody asks for it: by an option, or by a variable that says where to.

mod event_log;
mod receiver;
mod running;

use std::time::Duration;

use runtime_exposition::Exposition;
use runtime_exposition::push::{
    OtlpConfig, PushConfig, PushConfigError, PushMonitor, PushSchedule, Pusher, PushgatewayConfig,
};

use crate::app::{App, SERVICE};
use crate::variable::variable;
use event_log::log;
use receiver::Receiver;
pub(crate) use running::Running;

/// Either one says where to push to.
const OTLP_ENDPOINTS: [&str; 2] = ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];

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
                Some(config) => {
                    pushes.add(Receiver::otlp(&config), config.schedule(), config.into(), exposition)?;
                }
                None => {
                    tracing::info!("no pushes by OTLP: OTEL_SDK_DISABLED or OTEL_METRICS_EXPORTER says so")
                }
            }
        }
        if let Some(url) = pushgateway {
            let config = PushgatewayConfig::builder(url, SERVICE).build()?;
            pushes.add(Receiver::pushgateway(&config), config.schedule(), config.into(), exposition)?;
        }
        Ok(pushes)
    }

    fn add(
        &mut self,
        receiver: Receiver,
        schedule: PushSchedule,
        config: PushConfig,
        exposition: &Exposition,
    ) -> Result<(), PushConfigError> {
        let told = receiver.clone();
        let pusher = Pusher::new(exposition, config)?.observed_by(move |event| log(&told, event));
        self.patience = self.patience.max(schedule.shutdown_timeout);
        self.pushers.push((receiver, pusher));
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
        Running::start(self.pushers, self.patience, app)
    }
}
