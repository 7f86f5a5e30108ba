//! The standard variables of OpenTelemetry.

use std::collections::HashMap;
use std::time::Duration;

use runtime_exposition::push::{
    OtlpConfig, OtlpProtocol, PushConfigError, Pusher, PushgatewayConfig, Temporality,
};

use crate::run::exposition;

fn from(variables: &[(&str, &str)]) -> Result<Option<OtlpConfig>, PushConfigError> {
    let variables: HashMap<_, _> = variables.iter().copied().collect();
    OtlpConfig::from_variables(&|name| variables.get(name).map(|text| (*text).to_owned()))
}

fn config(variables: &[(&str, &str)]) -> OtlpConfig {
    from(variables).unwrap().unwrap()
}

const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
const METRICS_ENDPOINT: &str = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
const PROTOCOL: &str = "OTEL_EXPORTER_OTLP_PROTOCOL";
const GRPC: &str = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";

#[test]
fn without_variables_the_defaults_are_opentelemetrys() {
    let config = config(&[(ENDPOINT, ""), ("OTEL_SDK_DISABLED", "")]);
    assert_eq!(config.endpoint(), "http://localhost:4318/v1/metrics");
    assert_eq!(config.protocol(), OtlpProtocol::HttpProtobuf);
    assert_eq!(config.temporality(), Temporality::Cumulative);
    let schedule = config.schedule();
    assert_eq!(schedule.interval, Duration::from_secs(60));
    assert_eq!(schedule.attempt_timeout, Duration::from_secs(10));
    assert_eq!(schedule.push_timeout, Duration::from_secs(30));
}

#[test]
fn an_address_for_all_signals_gets_a_path_and_one_for_metrics_is_used_as_it_is() {
    for (variables, endpoint) in [
        (vec![(ENDPOINT, "http://h:1")], "http://h:1/v1/metrics".to_owned()),
        (vec![(ENDPOINT, "https://h/a/")], "https://h/a/v1/metrics".to_owned()),
        (vec![(METRICS_ENDPOINT, "http://h:1")], "http://h:1/".to_owned()),
        (vec![(METRICS_ENDPOINT, "http://h:1/x"), (ENDPOINT, "http://i")], "http://h:1/x".to_owned()),
        (vec![(PROTOCOL, "grpc")], format!("http://localhost:4317{GRPC}")),
        (vec![(PROTOCOL, "grpc"), (ENDPOINT, "https://h:1")], format!("https://h:1{GRPC}")),
        (vec![(PROTOCOL, "grpc"), (METRICS_ENDPOINT, "h:1")], format!("https://h:1{GRPC}")),
        (
            vec![(PROTOCOL, "GRPC"), (ENDPOINT, "h:1"), ("OTEL_EXPORTER_OTLP_INSECURE", "True")],
            format!("http://h:1{GRPC}"),
        ),
    ] {
        assert_eq!(config(&variables).endpoint(), endpoint, "{variables:?}");
    }
}

#[test]
fn a_variable_for_metrics_goes_before_that_for_all_signals() {
    let config = config(&[
        (PROTOCOL, "grpc"),
        ("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "http/json"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "7"),
        ("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "0"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "5000"),
        ("OTEL_METRIC_EXPORT_TIMEOUT", "900"),
    ]);
    assert_eq!(config.protocol(), OtlpProtocol::HttpJson);
    // 0 is no limit.
    assert_eq!(config.schedule().attempt_timeout, Duration::MAX);
    assert_eq!(config.schedule().interval, Duration::from_secs(5));
    assert_eq!(config.schedule().push_timeout, Duration::from_millis(900));
}

#[test]
fn deltas_are_a_preference() {
    for (word, temporality) in [
        ("cumulative", Temporality::Cumulative),
        ("Delta", Temporality::Delta),
        ("lowmemory", Temporality::Delta),
    ] {
        let config = config(&[("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", word)]);
        assert_eq!(config.temporality(), temporality);
    }
}

#[test]
fn nothing_is_sent_if_the_variables_say_so() {
    for variables in [
        ("OTEL_SDK_DISABLED", "TRUE"),
        ("OTEL_METRICS_EXPORTER", "none"),
        ("OTEL_METRICS_EXPORTER", "prometheus, console"),
        ("OTEL_METRICS_EXPORTER", "None"),
    ] {
        assert!(from(&[variables, (ENDPOINT, "http://h")]).unwrap().is_none(), "{variables:?}");
    }
    for variables in [
        ("OTEL_SDK_DISABLED", "false"),
        // To the specification everything but "true" is false.
        ("OTEL_SDK_DISABLED", "1"),
        ("OTEL_METRICS_EXPORTER", "prometheus,otlp"),
        ("OTEL_METRICS_EXPORTER", "OTLP"),
        ("OTEL_METRICS_EXPORTER", "otlp,of-another-program"),
    ] {
        assert!(from(&[variables]).unwrap().is_some(), "{variables:?}");
    }
}

#[test]
fn a_value_that_makes_no_sense_is_an_error_that_names_the_variable_and_the_remedy_and_no_secret() {
    for (name, value) in [
        (ENDPOINT, "collector"),
        (ENDPOINT, "grpc://h"),
        (METRICS_ENDPOINT, "http://me:s3cret@h"),
        (PROTOCOL, "http"),
        ("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "thrift"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "zstd"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "s3cret"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "a b=s3cret"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "Authorization: Bearer s3cret=="),
        ("OTEL_EXPORTER_OTLP_METRICS_HEADERS", "host=s3cret"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "key=s3cret%0A"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "10s"),
        ("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "-1"),
        ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "gauge"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "0"),
        ("OTEL_METRIC_EXPORT_TIMEOUT", "1.5"),
        ("OTEL_EXPORTER_OTLP_CLIENT_KEY", "-----BEGIN PRIVATE KEY-----\ns3cret"),
        ("OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE", " -----BEGIN CERTIFICATE-----s3cret"),
        ("OTEL_METRICS_EXPORTER", "otpl"),
    ] {
        let message = from(&[(name, value)]).unwrap_err().to_string();
        assert!(message.contains(name) && message.contains("remedy: "), "{name}={value}: {message}");
        assert!(!message.contains("s3cret"), "{message}");
    }
}

#[test]
fn by_grpc_an_address_has_no_path_and_no_query() {
    for (address, problem) in [
        ("http://h:4317/v1/metrics", "it has a path, and gRPC has one of its own"),
        ("h:4317/v1/metrics", "it has a path"),
        ("http://h:4317?key=s3cret", "it has a query"),
    ] {
        let message = from(&[(PROTOCOL, "grpc"), (ENDPOINT, address)]).unwrap_err().to_string();
        assert!(message.starts_with(ENDPOINT) && message.contains(problem), "{message}");
        assert!(message.ends_with("remedy: give it a URL such as http://localhost:4317"), "{message}");
        assert!(!message.contains("s3cret"), "{message}");
    }
    assert_eq!(
        config(&[(PROTOCOL, "grpc"), (ENDPOINT, "http://h:1/")]).endpoint(),
        format!("http://h:1{GRPC}")
    );
}

#[test]
fn what_is_collected_for_a_pusher_is_printed_without_secrets() {
    let builder = OtlpConfig::builder().header("authorization", "s3cret").endpoint("http://me:s3cret@h");
    let text = format!("{builder:?}");
    assert!(text.contains("HttpProtobuf") && !text.contains("s3cret"), "{text}");
    let builder = PushgatewayConfig::builder("http://me:s3cret@h", "job").header("authorization", "s3cret");
    let text = format!("{builder:?}");
    assert!(text.contains("job") && !text.contains("s3cret"), "{text}");
}

#[test]
fn the_query_of_an_address_which_may_hold_a_key_is_in_no_debug_text() {
    let config = OtlpConfig::builder().endpoint("http://h/v1/metrics?key=s3cret").build().unwrap();
    let pusher = Pusher::new(&exposition(), config.clone()).unwrap();
    let text = format!("{config:?} {pusher:?}");
    assert!(text.contains("http://h/v1/metrics") && !text.contains("s3cret"), "{text}");
}
