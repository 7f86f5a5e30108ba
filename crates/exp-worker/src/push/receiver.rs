//! Who is pushed to, in words.

use std::fmt;

use runtime_exposition::push::{OtlpConfig, OtlpProtocol, PushgatewayConfig, Temporality};

use crate::seconds::Seconds;

/// A receiver of pushes, as the page and the start message know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Receiver {
    /// The page's label `push_receiver`.
    pub(super) name: &'static str,
    /// Its URL, without what is nobody's business.
    pub(super) address: String,
    /// How it is pushed to.
    pub(super) manner: String,
}

/// Where to, how, how often.
impl fmt::Display for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "to {}: {}", self.address, self.manner)
    }
}

/// How pushes by OTLP go.
pub(super) fn manner_of_otlp(config: &OtlpConfig) -> String {
    let protocol = match config.protocol() {
        OtlpProtocol::HttpProtobuf => "http/protobuf",
        OtlpProtocol::HttpJson => "http/json",
        OtlpProtocol::Grpc => "grpc",
        _ => "another protocol",
    };
    let temporality = match config.temporality() {
        Temporality::Cumulative => "cumulative",
        Temporality::Delta => "delta",
    };
    format!("OTLP ({protocol}, {temporality}), every {}", Seconds(config.schedule().interval))
}

/// How pushes to a Pushgateway go.
pub(super) fn manner_of_pushgateway(config: &PushgatewayConfig, job: &str) -> String {
    format!("Pushgateway (job {job}), every {}", Seconds(config.schedule().interval))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn otlp(variables: &[(&str, &str)]) -> String {
        let lookup = |name: &str| {
            let found = variables.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        manner_of_otlp(&OtlpConfig::from_variables(&lookup).unwrap().unwrap())
    }

    #[test]
    fn protocol_temporality_and_interval_are_told() {
        assert_eq!(otlp(&[]), "OTLP (http/protobuf, cumulative), every 60 s");
        let json = [
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"),
            ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "delta"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "2500"),
        ];
        assert_eq!(otlp(&json), "OTLP (http/json, delta), every 2.5 s");
        let gateway = PushgatewayConfig::builder("http://192.0.2.1:9091", "shop").build().unwrap();
        assert_eq!(manner_of_pushgateway(&gateway, "shop"), "Pushgateway (job shop), every 15 s");
    }
}
