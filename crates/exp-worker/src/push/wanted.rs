//! A receiver that is to be pushed to.

use runtime_exposition::push::{OtlpConfig, PushConfig, PushSchedule, PushgatewayConfig};

use super::receiver::{manner_of_otlp, manner_of_pushgateway};

/// What was asked for, with all that a pusher needs to know.
#[derive(Debug)]
pub(super) struct Wanted {
    /// The receiver's name.
    pub(super) name: &'static str,
    /// How it is pushed to, in words.
    pub(super) manner: String,
    pub(super) schedule: PushSchedule,
    pub(super) config: PushConfig,
}

impl Wanted {
    pub(super) fn otlp(config: OtlpConfig) -> Self {
        Self {
            name: "otlp",
            manner: manner_of_otlp(&config),
            schedule: config.schedule(),
            config: config.into(),
        }
    }

    pub(super) fn pushgateway(config: PushgatewayConfig, job: &str) -> Self {
        Self {
            name: "pushgateway",
            manner: manner_of_pushgateway(&config, job),
            schedule: config.schedule(),
            config: config.into(),
        }
    }
}
