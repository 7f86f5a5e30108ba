//! Whole requests, byte for byte in JSON, field for field in protobuf.

use std::time::Duration;

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use prost::Message as _;
use runtime_exposition::CallerLabels;
use runtime_exposition::otlp::{Encoding, Interval};
use runtime_metrics::{Metrics, Snapshot, iso_8601};

use super::nanoseconds;
use crate::golden::{day, exposition, filled};

/// The text without the white space between its tokens.
fn compact(json: &str) -> String {
    let (mut in_text, mut is_escaped) = (false, false);
    let is_part = |character: &char| {
        let is_part = in_text || !character.is_ascii_whitespace();
        in_text ^= *character == '"' && !is_escaped;
        is_escaped = *character == '\\' && !is_escaped;
        is_part
    };
    json.chars().filter(is_part).collect()
}

fn assert_golden(golden: &str, snapshot: &Snapshot, start: u64, write: impl Fn(Encoding, &mut Vec<u8>)) {
    let process = snapshot.process();
    let float = |seconds: f64| serde_json::to_string(&seconds).unwrap();
    let seconds = |duration: Duration| float(duration.as_nanos() as f64 / 1e9);
    let last_delivery = snapshot.served_config().last_served_instant().unwrap();
    let last_delivery = Duration::from_nanos(nanoseconds(last_delivery)).as_micros() as f64 / 1e6;
    let others = [
        ("@creation@", iso_8601(process.process_started_at())),
        ("@process_start@", nanoseconds(process.process_started_at()).to_string()),
        ("@start@", start.to_string()),
        ("@time@", nanoseconds(snapshot.taken_at()).to_string()),
        ("@process_uptime@", seconds(process.process_uptime())),
        ("@duration@", seconds(snapshot.duration())),
        ("@last_delivery@", float(last_delivery)),
    ];
    let golden = filled(golden, snapshot, &others);
    let bytes = |encoding| {
        let mut bytes = Vec::new();
        write(encoding, &mut bytes);
        bytes
    };
    assert_eq!(String::from_utf8(bytes(Encoding::Json)).unwrap(), compact(&golden));
    let decoded = ExportMetricsServiceRequest::decode(&*bytes(Encoding::Protobuf)).unwrap();
    assert_eq!(serde_json::to_string_pretty(&decoded).unwrap() + "\n", golden);
}

#[test]
fn a_cumulative_request_is_the_golden_request() {
    let snapshot = day();
    let exposition = exposition(CallerLabels::Shown);
    let start = nanoseconds(snapshot.window_started_at());
    assert_golden(include_str!("../../golden/otlp_cumulative.json"), &snapshot, start, |encoding, out| {
        exposition.otlp(encoding, &snapshot, out);
    });
}

#[test]
fn a_delta_request_is_the_golden_request() {
    let metrics = Metrics::builder().max_label_bytes(16).build().unwrap();
    let long = "x".repeat(17);
    for path in ["/before", "/", &long] {
        metrics.record_request(path);
    }
    metrics.record_config_delivery("config", "api", &["A"], "local:api");
    let since = metrics.snapshot();
    for path in ["/after", "/", "/"] {
        metrics.record_request(path);
    }
    metrics.record_config_delivery("config", "api", &["A", "B"], "local:api");
    metrics.record_config_delivery("config", "api", &["A"], &long);
    let snapshot = metrics.snapshot();
    let start = nanoseconds(since.taken_at());
    let interval = Interval::between(since, snapshot.clone()).unwrap();
    let exposition = exposition(CallerLabels::Hashed);
    assert_golden(include_str!("../../golden/otlp_delta.json"), &snapshot, start, |encoding, out| {
        exposition.otlp_delta(encoding, &interval, out);
    });
}
