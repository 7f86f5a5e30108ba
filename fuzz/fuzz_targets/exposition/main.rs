//! Whatever was recorded comes back the same out of every encoder: text and OpenMetrics, the snapshot document, OTLP in both encodings and
//! both temporalities.
//!
//! Each is read by a reader that shares nothing with the encoder: those of the exposition's own tests, over a JSON parser and over the
//! protocol's own messages. What the registry counts is the concern of the target `labels`.

#![no_main]
#![allow(clippy::unwrap_used, clippy::expect_used)] // a panic is how a fuzz target speaks

#[allow(dead_code)] // the environment, which is in no form that this target reads
#[path = "../labels/day.rs"]
mod day;
#[allow(dead_code)] // the tests of the exposition read more of a document
#[path = "../../../crates/runtime-exposition/tests/page/document_reader.rs"]
mod document_reader;
#[path = "../../../crates/runtime-exposition/tests/page/expected.rs"]
mod expected;
#[allow(dead_code)] // of the model this target needs the limits alone
#[path = "../../../crates/runtime-metrics/tests/model/mod.rs"]
mod model;
mod otlp;
#[allow(dead_code)] // the tests of the exposition read more of a request
#[path = "../../../crates/runtime-exposition/tests/page/otlp_reader.rs"]
mod otlp_reader;
#[path = "../labels/page.rs"]
mod page;
#[allow(dead_code)] // the tests of the exposition read more of a page
#[path = "../../../crates/runtime-exposition/tests/page/reader.rs"]
mod reader;
mod snapshot;
#[path = "../labels/text.rs"]
mod text;
mod text_formats;

use day::{Day, Operation};
use libfuzzer_sys::fuzz_target;
use runtime_metrics::Metrics;

fuzz_target!(|day: Day| {
    let Some(exposition) = day.options.exposition() else { return };
    let metrics = Metrics::builder()
        .request_series_limit(day.limits.request_series as u32)
        .delivery_series_limit(day.limits.delivery_series as u32)
        .max_label_bytes(day.limits.label_bytes)
        .build()
        .unwrap();
    let (morning, afternoon) = day.operations.split_at(day.operations.len() / 2);
    record(&metrics, morning);
    let noon = metrics.snapshot();
    record(&metrics, afternoon);
    let snapshot = metrics.snapshot();

    page::check(&day.options, &exposition, &snapshot);
    text_formats::check(&exposition, &snapshot);
    snapshot::check(&day.options, &exposition, &snapshot);
    otlp::check_cumulative(&day.options, &exposition, &snapshot);
    otlp::check_delta(&day.options, &exposition, noon, snapshot);
});

fn record(metrics: &Metrics, operations: &[Operation]) {
    for operation in operations {
        match operation {
            Operation::Request(path) => metrics.record_request(path),
            Operation::Delivery { endpoint, target, names, caller } => {
                metrics.record_config_delivery(endpoint, target, names, caller);
            }
        }
    }
}
