//! OTLP requests.

use std::collections::BTreeMap;

use opentelemetry_proto::tonic::metrics::v1::AggregationTemporality;
use runtime_exposition::Exposition;
use runtime_exposition::otlp::{Encoding, Interval};
use runtime_metrics::Snapshot;

use crate::day::Options;
use crate::expected::{expected_deliveries, expected_requests, expected_values};
use crate::otlp_reader::Request;
use crate::reader::Labels;

const COUNTERS: [&str; 3] = ["http.requests", "config.deliveries", "config.values_served"];

type Series = BTreeMap<Labels, u64>;

/// The series of each counter, from what a snapshot holds.
fn expected(options: &Options, snapshot: &Snapshot) -> [Series; 3] {
    let callers = options.caller_labels;
    [
        expected_requests(options.request_label, snapshot),
        expected_deliveries(callers, snapshot),
        expected_values(callers, snapshot),
    ]
}

/// Fails unless a cumulative request tells what the snapshot holds.
pub(crate) fn check_cumulative(options: &Options, exposition: &Exposition, snapshot: &Snapshot) {
    let temporality = AggregationTemporality::Cumulative;
    check(options, temporality, &expected(options, snapshot), |encoding, out| {
        exposition.otlp(encoding, snapshot, out);
    });
}

/// Fails unless a delta tells what the one snapshot holds beyond the other.
pub(crate) fn check_delta(options: &Options, exposition: &Exposition, since: Snapshot, until: Snapshot) {
    let before = expected(options, &since);
    let mut grown = expected(options, &until);
    for (series, before) in grown.iter_mut().zip(&before) {
        for (labels, count) in before {
            *series.get_mut(labels).expect("no series goes away") -= count;
        }
        series.retain(|_, count| *count > 0);
    }
    let interval = Interval::between(since, until).expect("of one window, in their order");
    check(options, AggregationTemporality::Delta, &grown, |encoding, out| {
        exposition.otlp_delta(encoding, &interval, out);
    });
}

fn check(
    options: &Options,
    temporality: AggregationTemporality,
    expected: &[Series; 3],
    write: impl Fn(Encoding, &mut Vec<u8>),
) {
    let [protobuf, json] = [Encoding::Protobuf, Encoding::Json].map(|encoding| {
        let mut bytes = Vec::new();
        write(encoding, &mut bytes);
        Request::read(encoding, &bytes)
    });
    assert_eq!(protobuf, json);
    for (counter, expected) in COUNTERS.iter().zip(expected) {
        assert_eq!(&protobuf.series(&format!("{}.{counter}", options.namespace)), expected);
    }
    assert!(protobuf.metrics.values().all(|metric| metric.temporality.is_none_or(|is| is == temporality)));
}
