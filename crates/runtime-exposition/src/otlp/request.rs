//! Requests: what is sent to a collector.

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::metrics::v1::{ResourceMetrics, ScopeMetrics};
use prost::Message as _;
use runtime_metrics::Snapshot;

use crate::exposition::Exposition;
use crate::otlp::metrics::metrics;
use crate::otlp::reading::Reading;
use crate::otlp::resource::{resource, scope};
use crate::otlp::usage::Usage;
use crate::otlp::{Encoding, Interval};

/// The request that tells what was counted in the window of a snapshot.
pub(crate) fn cumulative(exposition: &Exposition, snapshot: &Snapshot) -> ExportMetricsServiceRequest {
    request(exposition, &Reading::cumulative(snapshot), &Usage::default())
}

/// The request that tells what was counted in an interval.
pub(crate) fn delta(exposition: &Exposition, interval: &Interval) -> ExportMetricsServiceRequest {
    request(exposition, &Reading::delta(interval), &Usage::default())
}

/// The request that tells the same, and what the process takes.
#[cfg(feature = "push-otlp")]
pub(crate) fn cumulative_with(
    exposition: &Exposition,
    snapshot: &Snapshot,
    usage: &Usage,
) -> ExportMetricsServiceRequest {
    request(exposition, &Reading::cumulative(snapshot), usage)
}

/// The request that tells the same of an interval, and what the process takes.
#[cfg(feature = "push-otlp")]
pub(crate) fn delta_with(
    exposition: &Exposition,
    interval: &Interval,
    usage: &Usage,
) -> ExportMetricsServiceRequest {
    request(exposition, &Reading::delta(interval), usage)
}

/// Appends the bytes of a request.
pub(crate) fn encode(encoding: Encoding, request: &ExportMetricsServiceRequest, out: &mut Vec<u8>) {
    // A vector takes any number of bytes, and every key and value of a request has a form in JSON: neither can fail.
    let written = match encoding {
        Encoding::Protobuf => request.encode(out).is_ok(),
        Encoding::Json => serde_json::to_writer(out, request).is_ok(),
    };
    debug_assert!(written, "a request has a form in every encoding");
}

fn request(exposition: &Exposition, reading: &Reading<'_>, usage: &Usage) -> ExportMetricsServiceRequest {
    let scope_metrics = ScopeMetrics {
        scope: Some(scope(&exposition.service)),
        metrics: metrics(exposition, reading, usage),
        ..ScopeMetrics::default()
    };
    let resource_metrics = ResourceMetrics {
        resource: Some(resource(exposition, reading.snapshot.process())),
        scope_metrics: vec![scope_metrics],
        ..ResourceMetrics::default()
    };
    ExportMetricsServiceRequest { resource_metrics: vec![resource_metrics] }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use opentelemetry_proto::tonic::metrics::v1::metric::Data;
    use opentelemetry_proto::tonic::metrics::v1::{AggregationTemporality, Metric, Sum};

    use super::*;
    use crate::otlp::metric::Times;

    #[test]
    fn integers_above_two_to_the_53_are_exact_in_both_encodings() {
        let times = Times::new(UNIX_EPOCH, UNIX_EPOCH);
        let data_points =
            [(1 << 53) + 1, i64::MAX as u64].map(|count| times.count(Vec::new(), count)).to_vec();
        let aggregation_temporality = AggregationTemporality::Cumulative.into();
        let sum = Sum { data_points, aggregation_temporality, is_monotonic: true };
        let metric = Metric { data: Some(Data::Sum(sum)), ..Metric::default() };
        let scope_metrics = vec![ScopeMetrics { metrics: vec![metric], ..ScopeMetrics::default() }];
        let resource_metrics = vec![ResourceMetrics { scope_metrics, ..ResourceMetrics::default() }];
        let request = ExportMetricsServiceRequest { resource_metrics };
        let bytes = |encoding| {
            let mut bytes = Vec::new();
            encode(encoding, &request, &mut bytes);
            bytes
        };
        assert_eq!(ExportMetricsServiceRequest::decode(&*bytes(Encoding::Protobuf)).unwrap(), request);
        let json = bytes(Encoding::Json);
        assert_eq!(serde_json::from_slice::<ExportMetricsServiceRequest>(&json).unwrap(), request);
        assert!(String::from_utf8(json).unwrap().contains(r#""asInt":"9007199254740993""#));
    }
}
