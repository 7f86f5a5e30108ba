//! Who is pushed to, in words.

use std::fmt;

use runtime_exposition::push::{OtlpConfig, OtlpProtocol, PushgatewayConfig, Temporality};

use crate::app::SERVICE;
use crate::seconds::Seconds;

/// A receiver of pushes, as the log, the page and the start message know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Receiver {
    /// The page's label `push_receiver`.
    pub(super) name: &'static str,
    /// Its URL without a query, which may hold a key.
    pub(super) address: String,
    /// How it is pushed to.
    manner: String,
}

impl Receiver {
    pub(super) fn otlp(config: &OtlpConfig) -> Self {
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
        let interval = Seconds(config.schedule().interval);
        let manner = format!("OTLP ({protocol}, {temporality}), every {interval}");
        Self { name: "otlp", address: without_query(&config.endpoint()), manner }
    }

    pub(super) fn pushgateway(config: &PushgatewayConfig) -> Self {
        let manner = format!("Pushgateway (job {SERVICE}), every {}", Seconds(config.schedule().interval));
        Self { name: "pushgateway", address: without_query(&config.endpoint()), manner }
    }
}

/// Where to, how, how often.
impl fmt::Display for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "to {}: {}", self.address, self.manner)
    }
}

fn without_query(url: &str) -> String {
    match url.split_once('?') {
        Some((address, _)) => format!("{address}?..."),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(variables: &[(&str, &str)]) -> String {
        let lookup = |name: &str| {
            let found = variables.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Receiver::otlp(&OtlpConfig::from_variables(&lookup).unwrap().unwrap()).to_string()
    }

    #[test]
    fn a_receiver_is_shown_with_address_protocol_temporality_and_interval() {
        assert_eq!(
            shown(&[]),
            "to http://localhost:4318/v1/metrics: OTLP (http/protobuf, cumulative), every 60 s"
        );
        let json = [
            ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "https://collector.example.com/in"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"),
            ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "delta"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "2500"),
        ];
        assert_eq!(shown(&json), "to https://collector.example.com/in: OTLP (http/json, delta), every 2.5 s");
        let gateway = PushgatewayConfig::builder("http://192.0.2.1:9091", "exp-worker").build().unwrap();
        assert_eq!(
            Receiver::pushgateway(&gateway).to_string(),
            "to http://192.0.2.1:9091/: Pushgateway (job exp-worker), every 15 s"
        );
    }

    #[test]
    fn what_a_query_holds_is_not_shown() {
        assert_eq!(without_query("https://h/v1/metrics?key=s3cret"), "https://h/v1/metrics?...");
    }
}
