//! Writes what the encoders make of hostile snapshots, and what should be read out of it, for readers in other languages: see
//! `checks/readers.py`.
//!
//! ```sh
//! cargo run -p runtime-exposition --features otlp --example hostile -- DIRECTORY SNAPSHOTS
//! ```
//!
//! The snapshots are those of the property tests, from a fixed seed. Of snapshot 7 there are the files `7.prometheus`, `7.openmetrics`,
//! `7.otlp` and `7.otlp.json`, the delta of its second half as `7.delta`, and `7.expected.json`: for each counter a list of labels and counts.

#![allow(clippy::unwrap_used, clippy::expect_used)] // an example says what went wrong by panicking

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use runtime_exposition::Exposition;
use runtime_exposition::otlp::{Encoding, Interval};
use runtime_metrics::Snapshot;
use serde_json::{Value, json};

use crate::expected::{expected_deliveries, expected_requests, expected_values};
use crate::history::{Operation, caller_labels, exposition, history, request_label};
use crate::reader::Labels;

#[allow(dead_code)] // the tests need more
#[path = "../tests/page/expected.rs"]
mod expected;
#[allow(dead_code)] // the tests need more
#[path = "../tests/page/history.rs"]
mod history;
#[allow(dead_code)] // the tests read pages with it
#[path = "../tests/page/reader.rs"]
mod reader;

const SEED: [u8; 32] = *b"hostile labels, the same always.";

type Series = BTreeMap<Labels, u64>;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (directory, snapshots) =
        (arguments.next().expect("a directory"), arguments.next().expect("a number"));
    let directory = Path::new(&directory);
    fs::create_dir_all(directory).unwrap();
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &SEED);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    for number in 0..snapshots.parse::<u32>().unwrap() {
        let all = (history(), request_label(), caller_labels());
        let (history, label, callers) = all.new_tree(&mut runner).unwrap().current();
        let metrics = history.metrics();
        let (morning, afternoon) = history.operations.split_at(history.operations.len() / 2);
        morning.iter().for_each(|operation| operation.record(&metrics));
        let noon = metrics.snapshot();
        afternoon
            .iter()
            .filter(|operation| !matches!(operation, Operation::Reset))
            .for_each(|operation| operation.record(&metrics));
        let snapshot = metrics.snapshot();

        let series = |snapshot: &Snapshot| {
            [
                expected_requests(label, snapshot),
                expected_deliveries(callers, snapshot),
                expected_values(callers, snapshot),
            ]
        };
        let (before, now) = (series(&noon), series(&snapshot));
        let grown = [0, 1, 2].map(|family| less(&now[family], &before[family]));
        let expected = json!({ "cumulative": listed(&now), "delta": listed(&grown) });
        let write =
            |name: &str, bytes: &[u8]| fs::write(directory.join(format!("{number}.{name}")), bytes).unwrap();
        write("expected.json", expected.to_string().as_bytes());
        write_all(&exposition(label, callers), noon, &snapshot, write);
    }
}

fn write_all(exposition: &Exposition, since: Snapshot, snapshot: &Snapshot, write: impl Fn(&str, &[u8])) {
    let text = |encode: fn(&Exposition, &Snapshot, &mut String)| {
        let mut out = String::new();
        encode(exposition, snapshot, &mut out);
        out
    };
    write("prometheus", text(Exposition::prometheus_text).as_bytes());
    write("openmetrics", text(Exposition::openmetrics_text).as_bytes());
    for (name, encoding) in [("otlp", Encoding::Protobuf), ("otlp.json", Encoding::Json)] {
        let mut out = Vec::new();
        exposition.otlp(encoding, snapshot, &mut out);
        write(name, &out);
    }
    let interval = Interval::between(since, snapshot.clone()).unwrap();
    let mut out = Vec::new();
    exposition.otlp_delta(Encoding::Protobuf, &interval, &mut out);
    write("delta", &out);
}

/// What the series have beyond what they had before.
fn less(now: &Series, before: &Series) -> Series {
    let grown =
        now.iter().map(|(labels, count)| (labels.clone(), count - before.get(labels).copied().unwrap_or(0)));
    grown.filter(|(_, count)| *count > 0).collect()
}

/// By the names that a page has.
fn listed(families: &[Series; 3]) -> Value {
    let list =
        |series: &Series| series.iter().map(|(labels, count)| json!([labels, count])).collect::<Value>();
    json!({
        "exp_http_requests_total": list(&families[0]),
        "exp_config_deliveries_total": list(&families[1]),
        "exp_config_values_served_total": list(&families[2]),
    })
}
