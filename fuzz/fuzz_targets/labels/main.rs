//! Any labels that are recorded come back the same: from the registry, from the page that a scraper reads, and from the health
//! document.
//!
//! The page is read by the strict reader of the exposition's own tests, which shares nothing with the encoder, the document by a
//! JSON parser that keeps names that come twice.

#![no_main]
#![allow(clippy::unwrap_used, clippy::expect_used)] // a panic is how a fuzz target speaks

mod day;
mod document;
#[path = "../entries.rs"]
mod entries;
#[path = "../../../crates/runtime-exposition/tests/page/expected.rs"]
mod expected;
#[allow(dead_code)] // operations, which this target does not need
#[path = "../../../crates/runtime-metrics/tests/model/mod.rs"]
mod model;
mod page;
#[allow(dead_code)] // the tests of the exposition read more of a page
#[path = "../../../crates/runtime-exposition/tests/page/reader.rs"]
mod reader;
mod text;

use day::{Day, Operation};
use libfuzzer_sys::fuzz_target;
use model::Model;
use runtime_metrics::Metrics;

fuzz_target!(|day: Day| {
    let metrics = Metrics::builder()
        .request_series_limit(day.limits.request_series as u32)
        .delivery_series_limit(day.limits.delivery_series as u32)
        .max_label_bytes(day.limits.label_bytes)
        .build()
        .unwrap();
    let mut model = Model::new(day.limits);
    for operation in &day.operations {
        match operation {
            Operation::Request(path) => {
                metrics.record_request(path);
                model.record_request(path);
            }
            Operation::Delivery { endpoint, target, names, caller } => {
                metrics.record_config_delivery(endpoint, target, names, caller);
                model.record_config_delivery(endpoint, target, names, caller);
            }
        }
    }
    let snapshot = metrics.snapshot();
    model.assert_shown_by(&snapshot);
    let Some(exposition) = day.options.exposition() else { return };
    page::check(&day.options, &exposition, &snapshot);
    document::check(&day.options, &exposition, &snapshot);
});
