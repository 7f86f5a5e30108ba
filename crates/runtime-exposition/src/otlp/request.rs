//! Requests: what is sent to a collector.

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::metrics::v1::{ResourceMetrics, ScopeMetrics};
use prost::Message as _;
use runtime_metrics::Snapshot;

use crate::exposition::Exposition;
use crate::otlp::metrics::metrics;
use crate::otlp::reading::Reading;
use crate::otlp::resource::{resource, scope};
use crate::otlp::{Encoding, Interval};

/// The request that tells what was counted in the window of a snapshot.
pub(crate) fn cumulative(exposition: &Exposition, snapshot: &Snapshot) -> ExportMetricsServiceRequest {
    request(exposition, &Reading::cumulative(snapshot))
}

/// The request that tells what was counted in an interval.
pub(crate) fn delta(exposition: &Exposition, interval: &Interval) -> ExportMetricsServiceRequest {
    request(exposition, &Reading::delta(interval))
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

fn request(exposition: &Exposition, reading: &Reading<'_>) -> ExportMetricsServiceRequest {
    let scope_metrics = ScopeMetrics {
        scope: Some(scope(&exposition.service)),
        metrics: metrics(exposition, reading),
        ..ScopeMetrics::default()
    };
    let resource_metrics = ResourceMetrics {
        resource: Some(resource(exposition, reading.snapshot.process())),
        scope_metrics: vec![scope_metrics],
        ..ResourceMetrics::default()
    };
    ExportMetricsServiceRequest { resource_metrics: vec![resource_metrics] }
}
