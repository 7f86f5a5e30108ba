//! What each encoder costs with 10,000 series of requests and 10,000 of deliveries: the best of many laps, each of a new cut.
//!
//! ```sh
//! cargo run --release -p runtime-exposition --features otlp --example cost
//! ```

#![allow(clippy::unwrap_used)] // an example says what went wrong by panicking

use std::time::{Duration, Instant};

use runtime_exposition::otlp::{Encoding, Interval};
use runtime_exposition::{CallerLabels, Exposition};
use runtime_metrics::{Metrics, Snapshot};

const SERIES: u32 = 10_000;
const LAPS: u32 = 100;

fn record(metrics: &Metrics) {
    for number in 0..SERIES {
        metrics.record_request(&format!("/api/v1/things/{number}"));
        metrics.record_config_delivery(
            "run-time",
            "api",
            &["Auth:JWT:Issuer"],
            &format!("principal-{number}"),
        );
    }
}

fn measure(name: &str, metrics: &Metrics, mut encode: impl FnMut(&Snapshot, &mut Vec<u8>)) {
    let (mut best, mut out) = (Duration::MAX, Vec::new());
    for _ in 0..LAPS {
        metrics.record_request("/api/v1/things/0");
        let snapshot = metrics.snapshot();
        // The counts are derived once for all encoders.
        assert!(!snapshot.requests().request_counts().is_empty());
        assert!(
            snapshot.served_config().response_counts().len() == snapshot.served_config().value_counts().len()
        );
        out.clear();
        let begun = Instant::now();
        encode(&snapshot, &mut out);
        best = best.min(begun.elapsed());
    }
    println!("{name:30} {:7.2} ms {:8} bytes", best.as_secs_f64() * 1e3, out.len());
}

fn main() {
    let metrics =
        Metrics::builder().request_series_limit(SERIES).delivery_series_limit(SERIES).build().unwrap();
    let exposition = Exposition::builder().caller_labels(CallerLabels::Shown).build().unwrap();
    record(&metrics);
    let since = metrics.snapshot();
    measure("text 0.0.4", &metrics, |snapshot, out| {
        let mut text = String::from_utf8(std::mem::take(out)).unwrap();
        exposition.prometheus_text(snapshot, &mut text);
        *out = text.into_bytes();
    });
    measure("snapshot document", &metrics, |snapshot, out| exposition.snapshot_json(snapshot, out));
    for encoding in [Encoding::Protobuf, Encoding::Json] {
        measure(&format!("OTLP cumulative, {encoding:?}"), &metrics, |snapshot, out| {
            exposition.otlp(encoding, snapshot, out);
        });
    }
    measure("OTLP delta of one series", &metrics, |snapshot, out| {
        let interval = Interval::between(since.clone(), snapshot.clone()).unwrap();
        exposition.otlp_delta(Encoding::Protobuf, &interval, out);
    });
    record(&metrics);
    measure("OTLP delta of all series", &metrics, |snapshot, out| {
        let interval = Interval::between(since.clone(), snapshot.clone()).unwrap();
        exposition.otlp_delta(Encoding::Protobuf, &interval, out);
    });
}
